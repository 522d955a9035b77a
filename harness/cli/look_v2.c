// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* An SMMUv2's registers, IHI 0062 chapters 9 and 16, frame by frame. */
#include <string.h>

#include "look.h"
#include "smmuv2_regs.h"

/* One register frame. */
struct frame {
	struct sim_smmuv2 *smmu;
	unsigned int instance;
	uint32_t page;	/* bytes of a register page */
	uint32_t pages; /* of global space, and of context banks */
	uint32_t entries;
};

static uint32_t read32(const struct frame *f, uint32_t offset)
{
	return (uint32_t)sim_smmuv2_read(f->smmu, f->instance, offset, 4);
}

static struct frame open_frame(struct machine *m, uint32_t smmu,
			       unsigned int instance)
{
	struct frame f = { .smmu = m->v2[smmu], .instance = instance };
	uint32_t id1 = read32(&f, GR0_ID1);

	f.page = id1 & BIT(31) ? 0x10000 : 0x1000;
	f.pages = 2u << (id1 >> 28 & 7);
	f.entries = read32(&f, GR0_ID0) & 0xff;
	return f;
}

void look_match(struct machine *m, uint32_t smmu, unsigned int frame,
		uint32_t sid, struct look_match *match)
{
	struct frame f = open_frame(m, smmu, frame);

	memset(match, 0, sizeof(*match));
	match->entry = LOOK_NO_ENTRY;
	for (uint32_t i = 0; i < f.entries; i++) {
		uint32_t smr = read32(&f, GR0_SMR + 4 * i), s2cr;
		uint32_t id = smr & 0x7fff, mask = smr >> 16 & 0x7fff;

		if (!(smr & SMR_VALID) || (sid ^ id) & ~mask)
			continue;
		s2cr = read32(&f, GR0_S2CR + 4 * i);
		match->entry = i;
		match->id = id;
		match->mask = mask;
		match->translates = (s2cr >> S2CR_TYPE_SHIFT & 3) ==
				    S2CR_TRANSLATE;
		match->bypass = (s2cr >> S2CR_TYPE_SHIFT & 3) == S2CR_BYPASS;
		match->bank = s2cr & S2CR_CBNDX;
		return;
	}
}

/* Where a walk of so many bits begins, 4 KiB granule. */
static unsigned int first_level(unsigned int ia_bits)
{
	unsigned int level = 0;

	while (ia_bits <= 12 + 9 * (3 - level))
		level++;
	return level;
}

void look_bank(struct machine *m, uint32_t smmu, unsigned int frame,
	       uint32_t bank, struct look_bank *look)
{
	struct frame f = open_frame(m, smmu, frame);
	uint32_t at = (f.pages + bank) * f.page;
	uint32_t cbar = read32(&f, f.page + GR1_CBAR + 4 * bank);
	uint32_t tcr = read32(&f, at + CB_TCR);
	uint64_t ttbr = sim_smmuv2_read(f.smmu, frame, at + CB_TTBR0, 8);
	struct look_table *t = &look->table;

	look->on = read32(&f, at + CB_SCTLR) & SCTLR_M;
	t->stage1 = (cbar >> CBAR_TYPE_SHIFT & 3) != CBAR_S2;
	t->ia_bits = 64 - (tcr & 63);
	t->root = look->on ? ttbr & 0xfffffffffff0ull : 0;
	if (t->stage1) {
		look->tag = (unsigned int)(ttbr >> 48);
		t->level = first_level(t->ia_bits);
	} else {
		look->tag = cbar & 0xff;
		t->level = 2 - (tcr >> 6 & 3);
	}
}
