// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Hypercalls with random registers and DMA at random, from a fixed seed. */
#include "attack.h"
#include "cli.h"
#include "mem.h"
#include "util.h"

/* Numbers that have a meaning somewhere, or just beyond it. */
static const uint64_t interesting[] = {
	0,
	1,
	2,
	3,
	4,
	63,
	64,
	SID_A,
	SID_B,
	SID_FREE,
	SID_GUEST,
	PAGE,
	2 * PAGE,
	16 * PAGE,
	BLOCK,
	1ull << 30,
	1ull << 32,
	1ull << 48,
	1ull << 63,
	~0ull,
	~0ull << 12,
	PA_HOST,
	PA_BLOCK,
	PA_B,
	PA_FREE,
	PA_GUEST,
	PA_SHARED,
	PA_LENT,
	PA_EL2,
	PA_HOLE,
	MACHINE_SMMU_BASE,
	MACHINE_DOORBELL,
	MACHINE_DONOR_BASE,
	IOVA_HOST,
	IOVA_BLOCK,
	IOVA_FREE,
	RW,
	HYPIOMMU_PROT_READ | HYPIOMMU_PROT_CACHE,
};

#define INTERESTING (sizeof(interesting) / sizeof(interesting[0]))

static uint64_t any_number(uint64_t *random)
{
	uint64_t how = util_random(random);
	uint64_t x = interesting[util_random(random) % INTERESTING];

	switch (how & 7) {
	case 0:
		return util_random(random);
	case 1:
		return util_random(random) & 0xff;
	case 2:
		return x + (util_random(random) & 15) * PAGE;
	case 3:
		return x - 1;
	default:
		return x;
	}
}

/* A map or unmap that is nearly right, so that some succeed. */
static void nearly_right(const struct stand *s, uint64_t *random,
			 struct hypiommu_regs *regs)
{
	uint64_t r = util_random(random);

	regs->x[1] = r & 1 ? s->a : s->b;
	regs->x[2] = (r & 2 ? IOVA_FREE : IOVA_HOST) + (r >> 8 & 15) * PAGE;
	if (regs->x[0] == HYPIOMMU_HC_MAP_PAGES) {
		regs->x[3] =
			interesting[21 + (r >> 16) % 11] + (r >> 24 & 7) * PAGE;
		regs->x[4] = ((r >> 32 & 7) + 1) * PAGE;
		regs->x[5] = r >> 40 & HYPIOMMU_PROT_ALL;
	} else {
		regs->x[3] = ((r >> 32 & 7) + 1) * PAGE;
	}
}

static void random_call(struct stand *s, uint64_t *random,
			unsigned int *refused)
{
	struct hypiommu_regs regs = { 0 };
	uint64_t r = util_random(random);
	uint32_t caller = r & 7 ? HYPIOMMU_HOST : HYPIOMMU_GUEST(0);

	regs.x[0] = (r >> 8) % (HYPIOMMU_HC_COUNT + 1);
	for (unsigned int i = 1; i < 8; i++)
		regs.x[i] = any_number(random);
	if (r >> 32 & 1 && (regs.x[0] == HYPIOMMU_HC_MAP_PAGES ||
			    regs.x[0] == HYPIOMMU_HC_UNMAP_PAGES))
		nearly_right(s, random, &regs);
	machine_hcall(s->m, caller, &regs);
	*refused += regs.x[0] != HYPIOMMU_OK;
}

/* The host's devices write wherever they are let. */
static void random_dma(struct stand *s, uint64_t *random)
{
	static const uint32_t sids[] = { SID_A, SID_B, SID_FREE, SID_NONE };
	uint64_t word = util_random(random);

	stand_dma(s, sids[word & 3], any_number(random) & ~7ull, true, &word,
		  8);
}

bool attack_at_random(struct stand *s, unsigned int count,
		      unsigned int *refused)
{
	static const uint64_t kept[] = { PA_SHARED, PA_LENT, PA_EL2,
					 PA_GUEST + 15 * PAGE };
	uint64_t random = 0x1234567ull, was[4];

	for (unsigned int i = 0; i < 4; i++)
		was[i] = *(uint64_t *)sim_mem_ptr(s->m->mem, kept[i]);
	for (unsigned int i = 0; i < count; i++) {
		random_call(s, &random, refused);
		random_dma(s, &random);
	}
	machine_check_now(s->m);
	for (unsigned int i = 0; i < 4; i++) {
		if (*(uint64_t *)sim_mem_ptr(s->m->mem, kept[i]) != was[i])
			return false;
	}
	return !s->m->stats.violations;
}
