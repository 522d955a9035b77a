/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* VMSAv8-64 descriptors, without LPA2 (DDI 0487 D8.2 and D8.3). */
#include <string.h>

#include "vmsa.h"

#define DESC_VALID   (UINT64_C(1) << 0)
#define DESC_TABLE   (UINT64_C(1) << 1) /* or page, at level 3 */
#define DESC_AP1     (UINT64_C(1) << 6) /* stage 2: S2AP[0], read */
#define DESC_AP2     (UINT64_C(1) << 7) /* stage 2: S2AP[1], write */
#define DESC_AF	     (UINT64_C(1) << 10)
#define DESC_NG	     (UINT64_C(1) << 11)
#define DESC_CONT    (UINT64_C(1) << 52)
#define DESC_XN0     (UINT64_C(1) << 53) /* stage 1: PXN; stage 2: XN[0] */
#define DESC_XN1     (UINT64_C(1) << 54) /* UXN, XN; stage 2: XN[1] */
#define TABLE_PXN    (UINT64_C(1) << 59)
#define TABLE_UXN    (UINT64_C(1) << 60)
#define TABLE_AP0    (UINT64_C(1) << 61) /* no unprivileged access below */
#define TABLE_AP1    (UINT64_C(1) << 62) /* no write below */
#define AP_NO_UNPRIV 1u
#define AP_NO_WRITE  2u
#define AP_NO_UX     4u
#define AP_NO_PX     8u
#define LAST_LEVEL   3u

static uint64_t low_mask(unsigned int bits)
{
	return bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

unsigned int vmsa_shift(unsigned int granule, unsigned int level)
{
	return granule + (LAST_LEVEL - level) * (granule - 3);
}

/* Contiguous runs: DDI 0487 D8.7.1, 16 entries except as given here. */
unsigned int vmsa_run_shift(unsigned int granule, unsigned int level)
{
	unsigned int log2 = 4;

	if (granule == 14)
		log2 = level == LAST_LEVEL ? 7 : 5;
	else if (granule == 16)
		log2 = 5;
	return vmsa_shift(granule, level) + log2;
}

unsigned int vmsa_s1_start(unsigned int granule, unsigned int ia_bits)
{
	unsigned int level = LAST_LEVEL;

	while (level > 0 && vmsa_shift(granule, level) + granule - 3 < ia_bits)
		level--;
	return level;
}

int vmsa_s2_start(unsigned int granule, unsigned int sl0, unsigned int ia_bits,
		  unsigned int pa_max)
{
	unsigned int level, low, top;

	if (sl0 > 2)
		return -1; /* needs FEAT_TTST or LPA2 */
	level = (granule == 12 ? 2 : 3) - sl0;
	/* The highest start level needs a physical size that asks for it. */
	if (sl0 == 2 && pa_max <= (granule == 14 ? 40u : 42u))
		return -1;
	low = vmsa_shift(granule, level);
	if (ia_bits <= low)
		return -1; /* the first lookup would resolve nothing */
	top = ia_bits - low;
	/* At most sixteen tables concatenated (D8.2.6.1). */
	if (top > granule - 3 + 4)
		return -1;
	/* A table above level 0 does not exist for 4K. */
	if (level == 0 && top > granule - 3)
		return -1;
	return (int)level;
}

struct vmsa_table vmsa_root(const struct vmsa_regime *regime)
{
	unsigned int low = vmsa_shift(regime->granule, regime->start_level);
	unsigned int bits = regime->ia_bits - low + 3;
	struct vmsa_table root = {
		.level = regime->start_level,
		.shift = regime->ia_bits,
	};

	/* A root is aligned to its size, 64 bytes at least. */
	root.pa = regime->ttb & ~low_mask(bits < 6 ? 6 : bits);
	return root;
}

uint64_t vmsa_nr_entries(const struct vmsa_regime *regime,
			 const struct vmsa_table *table)
{
	return UINT64_C(1) << (table->shift -
			       vmsa_shift(regime->granule, table->level));
}

uint64_t vmsa_index(const struct vmsa_regime *regime,
		    const struct vmsa_table *table, uint64_t ia)
{
	return (ia & low_mask(table->shift)) >>
	       vmsa_shift(regime->granule, table->level);
}

/* Output address field: 64K granules keep bits 51:48 in bits 15:12. */
static bool wide_addr(const struct vmsa_regime *regime)
{
	return regime->granule == 16 && regime->oa_bits > 48;
}

static uint64_t desc_addr(const struct vmsa_regime *regime, uint64_t desc,
			  unsigned int align)
{
	uint64_t pa = desc & low_mask(48) & ~low_mask(align);

	if (wide_addr(regime))
		pa |= (desc >> 12 & 0xf) << 48;
	return pa;
}

/*
 * RES0 beside an address that is a multiple of 2^align (D8.3.1): what lies
 * below it, and [49:48]. Bit 16 of a block is nT where FEAT_BBM is, which no
 * simulated SMMU has.
 */
static uint64_t res0_addr(const struct vmsa_regime *regime, unsigned int align)
{
	unsigned int low = wide_addr(regime) ? 16 : 12;

	return (low_mask(align) & ~low_mask(low)) | UINT64_C(3) << 48;
}

/* [50], and at stage 2 what are attributes of a table at stage 1. */
static uint64_t res0_table(const struct vmsa_regime *regime)
{
	return res0_addr(regime, regime->granule) | UINT64_C(1) << 50 |
	       (regime->stage2 ? ~low_mask(59) : 0);
}

/* At stage 2 all is global: nG is RES0. */
static uint64_t res0_leaf(const struct vmsa_regime *regime, unsigned int shift)
{
	return res0_addr(regime, shift) | (regime->stage2 ? DESC_NG : 0);
}

/* Unsupported for 64K when the output is 48 bits: those bits are RES0. */
static bool addr_too_big(const struct vmsa_regime *regime, uint64_t pa)
{
	return (pa & ~low_mask(regime->oa_bits)) != 0;
}

/* AArch32 (G5.6.3): XN is for everybody, and what is not readable is not
 * executed. */
static unsigned int s1_execute32(uint64_t desc, unsigned int perms)
{
	if (desc & DESC_XN1)
		return 0;
	return (perms & VMSA_UR ? VMSA_UX : 0) |
	       (perms & VMSA_PR && !(desc & DESC_XN0) ? VMSA_PX : 0);
}

/* What is not readable may still be executed; what is writable unprivileged
 * is not, privileged (D8.4.1.2). */
static unsigned int s1_execute(const struct vmsa_regime *regime, uint64_t desc,
			       unsigned int ap, unsigned int perms)
{
	bool ux = !(desc & DESC_XN1) && !(ap & AP_NO_UX);
	bool px = !(desc & DESC_XN0) && !(ap & AP_NO_PX) && !(perms & VMSA_UW);

	if (regime->one_el)
		px = ux;
	return (ux ? VMSA_UX : 0) | (px ? VMSA_PX : 0);
}

static uint8_t s1_perms(const struct vmsa_regime *regime, uint64_t desc,
			unsigned int ap)
{
	bool write = !(desc & DESC_AP2) && !(ap & AP_NO_WRITE);
	bool unpriv = (desc & DESC_AP1) && !(ap & AP_NO_UNPRIV);
	unsigned int perms = VMSA_PR | (write ? VMSA_PW : 0);

	if (regime->one_el)
		unpriv = true;
	if (unpriv)
		perms |= VMSA_UR | (write ? VMSA_UW : 0);
	if (regime->aarch32)
		return (uint8_t)(perms | s1_execute32(desc, perms));
	return (uint8_t)(perms | s1_execute(regime, desc, ap, perms));
}

/* XN[0] is looked at or not (FEAT_XNX): whichever permits more. */
static unsigned int s2_execute(uint64_t desc)
{
	if (!(desc & DESC_XN1))
		return VMSA_UX | VMSA_PX;
	return desc & DESC_XN0 ? VMSA_PX : 0;
}

static uint8_t s2_perms(const struct vmsa_regime *regime, uint64_t desc)
{
	unsigned int perms = 0;

	if (desc & DESC_AP1)
		perms |= VMSA_UR | VMSA_PR;
	if (desc & DESC_AP2)
		perms |= VMSA_UW | VMSA_PW;
	if (!regime->aarch32)
		return (uint8_t)(perms | s2_execute(desc));
	/* One bit of XN: SMMUs with these tables are older than FEAT_XNX. */
	if (perms & VMSA_PR && !(desc & DESC_XN1))
		perms |= VMSA_UX | VMSA_PX;
	return (uint8_t)perms;
}

static uint16_t leaf_attr(const struct vmsa_regime *regime, uint64_t desc)
{
	uint64_t sh = desc >> 8 & 3;
	uint64_t type;

	if (regime->stage2)
		type = desc >> 2 & 0xf;
	else
		type = regime->mair >> (8 * (desc >> 2 & 7)) & 0xff;
	return (uint16_t)(type | sh << 8);
}

/* May a block be at this level? D8.3.1.1; the last level has pages only. */
static bool block_level(const struct vmsa_regime *regime, unsigned int level)
{
	switch (regime->granule) {
	case 12:
		return level == 1 || level == 2;
	case 14:
		return level == 2;
	default:
		return level == 2 || (level == 1 && regime->oa_bits > 48);
	}
}

static void decode_leaf(const struct vmsa_regime *regime,
			const struct vmsa_table *table, uint64_t ia,
			uint64_t desc, struct vmsa_entry *entry)
{
	unsigned int shift = vmsa_shift(regime->granule, table->level);
	struct vmsa_leaf *leaf = &entry->leaf;

	entry->res0 = desc & res0_leaf(regime, shift);
	leaf->ia = ia;
	leaf->pa = desc_addr(regime, desc, shift);
	leaf->level = table->level;
	leaf->shift = (uint8_t)shift;
	leaf->contiguous = desc & DESC_CONT;
	leaf->global = regime->stage2 || regime->one_el || !(desc & DESC_NG);
	leaf->perms = regime->stage2 ? s2_perms(regime, desc)
				     : s1_perms(regime, desc, table->ap);
	leaf->attr = leaf_attr(regime, desc);
	if (addr_too_big(regime, leaf->pa))
		entry->fault = VMSA_ADDR_SIZE;
	else if (!(desc & DESC_AF) && !regime->affd)
		entry->fault = VMSA_ACCESS;
	else
		entry->kind = VMSA_IS_LEAF;
}

static void decode_table(const struct vmsa_regime *regime,
			 const struct vmsa_table *table, uint64_t ia,
			 uint64_t desc, struct vmsa_entry *entry)
{
	struct vmsa_table *next = &entry->table;

	entry->res0 = desc & res0_table(regime);
	next->pa = desc_addr(regime, desc, regime->granule);
	next->ia = ia;
	next->level = (uint8_t)(table->level + 1);
	next->shift = (uint8_t)vmsa_shift(regime->granule, table->level);
	next->ap = table->ap;
	if (!regime->stage2 && !regime->had) {
		if (desc & TABLE_AP0)
			next->ap |= AP_NO_UNPRIV;
		if (desc & TABLE_AP1)
			next->ap |= AP_NO_WRITE;
		if (desc & TABLE_UXN)
			next->ap |= AP_NO_UX;
		if (desc & TABLE_PXN)
			next->ap |= AP_NO_PX;
	}
	if (addr_too_big(regime, next->pa))
		entry->fault = VMSA_ADDR_SIZE;
	else
		entry->kind = VMSA_IS_TABLE;
}

void vmsa_decode(const struct vmsa_regime *regime,
		 const struct vmsa_table *table, uint64_t index, uint64_t desc,
		 struct vmsa_entry *entry)
{
	uint64_t ia = table->ia +
		      (index << vmsa_shift(regime->granule, table->level));

	memset(entry, 0, sizeof(*entry));
	entry->fault = VMSA_TRANSLATION;
	entry->kind = VMSA_IS_FAULT;
	if (!(desc & DESC_VALID))
		return;
	if (table->level == LAST_LEVEL) {
		if (!(desc & DESC_TABLE))
			return; /* 0b01 is reserved at level 3: invalid */
		decode_leaf(regime, table, ia, desc, entry);
	} else if (desc & DESC_TABLE) {
		decode_table(regime, table, ia, desc, entry);
	} else if (block_level(regime, table->level)) {
		decode_leaf(regime, table, ia, desc, entry);
	} else {
		return;
	}
	if (entry->kind != VMSA_IS_FAULT)
		entry->fault = VMSA_OK;
}
