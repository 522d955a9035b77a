/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Short descriptors, DDI 0406C B3.5.1; domains do not exist in an SMMU. */
#include <string.h>

#include "v7s.h"

#define SECTION_SHIFT 20u
#define SUPER_SHIFT   24u
#define LARGE_SHIFT   16u
#define SMALL_SHIFT   12u
#define L1_SUPER      (1u << 18)

/* The fields of any leaf, wherever its format keeps them. */
struct fields {
	unsigned int ap; /* AP[2:0] */
	unsigned int tex, c, b, s, ng, xn;
	unsigned int shift;
	uint64_t pa;
};

struct vmsa_table v7s_root(const struct v7s_regime *regime)
{
	return (struct vmsa_table){
		.pa = regime->ttb & 0xffffc000u,
		.level = 1,
		.shift = 32,
	};
}

uint64_t v7s_nr_entries(const struct vmsa_table *table)
{
	return table->level == 1 ? 4096 : 256;
}

uint64_t v7s_index(const struct vmsa_table *table, uint64_t ia)
{
	if (table->level == 1)
		return ia >> SECTION_SHIFT & 0xfff;
	return ia >> SMALL_SHIFT & 0xff;
}

/* AP[2:0], or AP[2:1] where AP[0] is the Access flag (B3.7.1). */
static uint8_t permissions(bool afe, unsigned int ap)
{
	static const uint8_t full[8] = {
		0,
		VMSA_PR | VMSA_PW,
		VMSA_PR | VMSA_PW | VMSA_UR,
		VMSA_PR | VMSA_PW | VMSA_UR | VMSA_UW,
		0, /* reserved */
		VMSA_PR,
		VMSA_PR | VMSA_UR, /* deprecated */
		VMSA_PR | VMSA_UR,
	};

	return full[afe ? ap | 1 : ap];
}

/* What cannot be read is not executed either (B3.7.2); PXN need not exist. */
static uint8_t execute(unsigned int perms)
{
	return (uint8_t)((perms & VMSA_UR ? VMSA_UX : 0) |
			 (perms & VMSA_PR ? VMSA_PX : 0));
}

/* Memory type and shareability as one number (B3.8.2, B3.8.3). */
static uint16_t attributes(const struct v7s_regime *regime,
			   const struct fields *f)
{
	unsigned int n = (f->tex & 1) << 2 | f->c << 1 | f->b;
	unsigned int tr, ir, or, share, inner;

	if (!regime->tre)
		return (uint16_t)(V7S_ATTR_RAW | (f->s ? V7S_ATTR_RAW_S : 0) |
				  f->tex << 2 | f->c << 1 | f->b);
	tr = regime->prrr >> (2 * n) & 3;
	ir = regime->nmrr >> (2 * n) & 3;
	or = regime->nmrr >> (2 * n + 16) & 3;
	share = regime->prrr >> ((tr == 2 ? 18 : 16) + f->s) & 1;
	inner = share & regime->prrr >> (24 + n);
	if (tr != 2)
		ir = or = 0;
	return (uint16_t)((share ? V7S_ATTR_SHARED : 0) |
				  (inner ? V7S_ATTR_INNER : 0) |
			  or << 4 | ir << 2 | tr);
}

static void leaf(const struct v7s_regime *regime, uint64_t ia,
		 unsigned int level, const struct fields *f,
		 struct vmsa_entry *entry)
{
	uint64_t mask = (UINT64_C(1) << f->shift) - 1;
	uint8_t perms = permissions(regime->afe, f->ap);

	if (!f->xn)
		perms |= execute(perms);
	entry->leaf = (struct vmsa_leaf){
		.ia = ia & ~mask,
		.pa = f->pa,
		.level = (uint8_t)level,
		.shift = (uint8_t)f->shift,
		.perms = perms,
		.attr = attributes(regime, f),
		.contiguous = f->shift == SUPER_SHIFT ||
			      f->shift == LARGE_SHIFT,
		.global = !f->ng,
	};
	if (regime->afe && !(f->ap & 1) && !regime->affd) {
		entry->fault = VMSA_ACCESS;
		return;
	}
	entry->kind = VMSA_IS_LEAF;
	entry->fault = VMSA_OK;
}

/* Supersections reach 40 bits: PA[35:32] in 23:20, PA[39:36] in 8:5. */
static uint64_t section_pa(uint32_t desc)
{
	if (!(desc & L1_SUPER))
		return desc & 0xfff00000u;
	return (desc & 0xff000000u) | (uint64_t)(desc >> 20 & 0xf) << 32 |
	       (uint64_t)(desc >> 5 & 0xf) << 36;
}

static void decode_l1(const struct v7s_regime *regime, uint64_t ia,
		      uint32_t desc, struct vmsa_entry *entry)
{
	struct fields f;

	if ((desc & 3) == 1) {
		entry->table = (struct vmsa_table){
			.pa = desc & 0xfffffc00u,
			.ia = ia,
			.level = 2,
			.shift = SECTION_SHIFT,
		};
		entry->kind = VMSA_IS_TABLE;
		entry->fault = VMSA_OK;
		return;
	}
	f = (struct fields){
		.ap = (desc >> 10 & 3) | (desc >> 15 & 1) << 2,
		.tex = desc >> 12 & 7,
		.c = desc >> 3 & 1,
		.b = desc >> 2 & 1,
		.s = desc >> 16 & 1,
		.ng = desc >> 17 & 1,
		.xn = desc >> 4 & 1,
		.shift = desc & L1_SUPER ? SUPER_SHIFT : SECTION_SHIFT,
		.pa = section_pa(desc),
	};
	leaf(regime, ia, 1, &f, entry);
}

static void decode_l2(const struct v7s_regime *regime, uint64_t ia,
		      uint32_t desc, struct vmsa_entry *entry)
{
	bool small = desc & 2;
	struct fields f = {
		.ap = (desc >> 4 & 3) | (desc >> 9 & 1) << 2,
		.tex = desc >> (small ? 6 : 12) & 7,
		.c = desc >> 3 & 1,
		.b = desc >> 2 & 1,
		.s = desc >> 10 & 1,
		.ng = desc >> 11 & 1,
		.xn = desc >> (small ? 0 : 15) & 1,
		.shift = small ? SMALL_SHIFT : LARGE_SHIFT,
		.pa = desc & (small ? 0xfffff000u : 0xffff0000u),
	};

	leaf(regime, ia, 2, &f, entry);
}

void v7s_decode(const struct v7s_regime *regime, const struct vmsa_table *table,
		uint64_t index, uint32_t desc, struct vmsa_entry *entry)
{
	unsigned int shift = table->level == 1 ? SECTION_SHIFT : SMALL_SHIFT;
	uint64_t ia = table->ia + (index << shift);

	memset(entry, 0, sizeof(*entry));
	entry->kind = VMSA_IS_FAULT;
	entry->fault = VMSA_TRANSLATION;
	if (!(desc & 3) || regime->disabled)
		return;
	if (table->level == 1)
		decode_l1(regime, ia, desc, entry);
	else
		decode_l2(regime, ia, desc, entry);
}
