// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* What is not a call: devices, another CPU, hardware. */
#include <inttypes.h>
#include <string.h>

#include "play.h"

/* ---------------------------------------------------------------- devices */

static enum sim_dma_result translate(struct play *p, const struct scn_device *d,
				     bool write, uint64_t *pa)
{
	uint64_t iova = play_arg(p, SCN_A_IOVA);

	if (d->has_client)
		return machine_client_translate(p->m, d->client, iova, write,
						pa);
	return machine_translate(p->m, d->sid, iova, write, pa);
}

static enum sim_dma_result dma(struct play *p, const struct scn_device *d,
			       bool write, uint64_t *word)
{
	uint64_t iova = play_arg(p, SCN_A_IOVA);

	if (d->has_client)
		return machine_client_dma(p->m, d->client, iova, write, word,
					  sizeof(*word));
	return machine_dma(p->m, d->sid, iova, write, word, sizeof(*word));
}

/* The word arrives where it should: at pa, and comes from there. */
static bool word_moves(struct play *p, const struct scn_device *d, bool write)
{
	uint64_t pa = play_arg(p, SCN_A_PA), *there, was, word;
	bool moved;

	if (!sim_mem_has(p->m->mem, pa, sizeof(word)) || pa % sizeof(word))
		return true;
	there = sim_mem_ptr(p->m->mem, pa);
	was = *there;
	word = write ? ~was : 0;
	if (dma(p, d, write, &word) != SIM_DMA_OK)
		return play_fail(p, "translated, and then the access failed");
	moved = *there == (write ? ~was : was) && *there == word;
	*there = was;
	return moved ||
	       play_fail(p, "the device's word is not at 0x%" PRIx64, pa);
}

bool play_dma(struct play *p)
{
	const struct scn_device *d = &p->s->devices[play_arg(p, SCN_A_DEV)];
	bool write = p->step->verb == SCN_WRITE;
	uint64_t want = play_has(p, SCN_A_OUTCOME) ? play_arg(p, SCN_A_OUTCOME)
						   : (uint64_t)SIM_DMA_OK;
	char there[64], wanted[64];
	uint64_t pa = 0;
	enum sim_dma_result got = translate(p, d, write, &pa);

	play_address(p, pa, there);
	play_address(p, play_arg(p, SCN_A_PA), wanted);
	if (want == SIM_DMA_OK && got != SIM_DMA_OK)
		return play_fail(p,
				 "expected %s to reach %s, and it is "
				 "blocked",
				 d->name, wanted);
	if (want != SIM_DMA_OK && got == SIM_DMA_OK)
		return play_fail(p,
				 "expected %s to be blocked, and it "
				 "reaches %s",
				 d->name, there);
	if (got != want)
		return play_fail(p, "expected another outcome than %d",
				 (int)got);
	if (want != SIM_DMA_OK)
		return true;
	if (pa != play_arg(p, SCN_A_PA))
		return play_fail(p,
				 "expected %s to reach %s, and it reaches "
				 "%s",
				 d->name, wanted, there);
	return word_moves(p, d, write);
}

/* -------------------------------------------------------- forged descriptors
 */

/* A word of memory that each format takes for a leaf, or a table. */
static uint64_t forged(const struct play *p, uint64_t pa)
{
	bool tegra = p->config.kind == MACHINE_TEGRA_SMMU;
	uint64_t word = tegra ? 0xf0000000u | (uint32_t)(pa >> 12)
			      : (uint32_t)pa | 0x37;

	if (!tegra && p->config.format != HYPIOMMU_SMMUV2_V7S)
		return pa | 0x7ff;
	return word | word << 32;
}

static bool forge(struct play *p)
{
	uint64_t pa = play_arg(p, SCN_A_PA), to = play_arg(p, SCN_A_TO);

	for (uint64_t at = 0; at < play_arg(p, SCN_A_SIZE); at += 8) {
		uint8_t owner = machine_truth(p->m, pa + at);
		char text[64];

		if (owner == HYPIOMMU_HYP || owner == TRUTH_NOBODY ||
		    !sim_mem_has(p->m->mem, pa + at, 8))
			return play_fail(p, "nobody but EL2 can write %s",
					 play_address(p, pa + at, text));
		*(uint64_t *)sim_mem_ptr(p->m->mem, pa + at) =
			forged(p, (to & ~0xfffull) + at / 8 % 512 * PLAY_PAGE);
	}
	return true;
}

/* ----------------------------------------------------------------- a rival */

/* Another CPU: takes the pages one by one if it can, and gives them back. */
static void rival(struct machine *m, enum machine_step step, void *ctx)
{
	struct play *p = ctx;
	const uint32_t thief = HYPIOMMU_GUEST(HYPIOMMU_GUESTS - 1);

	(void)step;
	for (uint64_t at = 0; at < p->rival_size; at += PLAY_PAGE) {
		uint64_t pa = p->rival_pa + at;
		uint32_t owner = machine_truth(m, pa);

		if (owner == TRUTH_NOBODY || owner == HYPIOMMU_HYP)
			continue;
		if (!machine_donate(m, owner, thief, pa, PLAY_PAGE) &&
		    machine_donate(m, thief, owner, pa, PLAY_PAGE))
			machine_violation(m, "a page did not come back");
	}
}

static bool set_rival(struct play *p)
{
	if (play_has(p, SCN_A_NONE)) {
		machine_on_step(p->m, NULL, NULL);
		return true;
	}
	p->rival_pa = play_arg(p, SCN_A_PA);
	p->rival_size = play_arg(p, SCN_A_SIZE);
	machine_on_step(p->m, rival, p);
	return true;
}

/* --------------------------------------------------------------- hardware */

static bool cannot(struct play *p)
{
	play_fail(p, "this machine cannot fail so");
	return play_hint(p, "docs/scenarios.md: what breaks where");
}

static bool break_smmuv3(struct play *p)
{
	struct sim_smmuv3_faults f = { 0 };

	switch ((enum scn_ill)play_arg(p, SCN_A_ILL)) {
	case SCN_ILL_SYNC:
		f.sync_never = true;
		break;
	case SCN_ILL_QUEUE:
		f.cmdq_stalled = true;
		break;
	case SCN_ILL_DEAD:
		f.dead = true;
		break;
	case SCN_ILL_COMMAND:
		f.cmd_error_at = play_has(p, SCN_A_N) ? play_arg(p, SCN_A_N)
						      : 1;
		f.cmd_error_code =
			play_has(p, SCN_A_CODE)
				? (unsigned int)play_arg(p, SCN_A_CODE)
				: 1;
		break;
	case SCN_ILL_ABORT:
		f.gbpa_no_stick = true;
		break;
	case SCN_ILL_ENABLE:
		f.cr0_no_ack = true;
		break;
	default:
		return cannot(p);
	}
	sim_smmuv3_set_faults(p->m->smmu, &f);
	return true;
}

static bool break_smmuv2(struct play *p)
{
	struct sim_smmuv2 *smmu =
		p->m->v2[play_arg(p, SCN_A_SMMU) % MACHINE_V2_MAX];
	struct sim_smmuv2_faults f = { 0 };
	enum scn_ill ill = (enum scn_ill)play_arg(p, SCN_A_ILL);

	f.sync_never = f.gsync_never = ill == SCN_ILL_SYNC;
	f.mmio.dead = ill == SCN_ILL_DEAD;
	f.mmio.ignore_writes = ill == SCN_ILL_WRITES;
	if (!smmu || (ill != SCN_ILL_SYNC && ill != SCN_ILL_DEAD &&
		      ill != SCN_ILL_WRITES))
		return cannot(p);
	for (unsigned int i = 0; i < SIM_SMMUV2_MAX_INSTANCES; i++) {
		if (!play_has(p, SCN_A_FRAME) || play_arg(p, SCN_A_FRAME) == i)
			sim_smmuv2_set_faults(smmu, i, &f);
	}
	return true;
}

static bool break_classic(struct play *p)
{
	enum scn_ill ill = (enum scn_ill)play_arg(p, SCN_A_ILL);
	struct sim2_mmio_faults f = { .dead = ill == SCN_ILL_DEAD,
				      .ignore_writes = ill == SCN_ILL_WRITES };

	if (!f.dead && !f.ignore_writes)
		return cannot(p);
	sim_tegra_smmu_set_faults(p->m->tegra, &f);
	return true;
}

static void power_loss(struct play *p)
{
	if (p->m->smmu)
		sim_smmuv3_power_cycle(p->m->smmu);
	for (unsigned int i = 0; i < MACHINE_V2_MAX; i++) {
		if (p->m->v2[i])
			sim_smmuv2_power_cycle(p->m->v2[i]);
	}
	if (p->m->tegra)
		sim_tegra_smmu_power_cycle(p->m->tegra);
	if (p->m->mc)
		sim_tegra_mc_power_cycle(p->m->mc);
	memset(p->down, true, sizeof(p->down));
	/* Nothing is promised from here until the port has reset all of it. */
	p->m->armed = false;
	p->unpowered[0] = true;
	for (unsigned int i = 0; i < MACHINE_V2_MAX; i++)
		p->unpowered[i] |= p->m->v2[i] != NULL;
	p->unpowered[PLAY_MC] = p->m->mc != NULL;
}

bool play_hardware(struct play *p)
{
	switch (p->step->verb) {
	case SCN_FORGE:
		return forge(p);
	case SCN_RIVAL:
		return set_rival(p);
	case SCN_BREAK:
		p->ailing = true;
		if (p->m->smmu)
			return break_smmuv3(p);
		return p->m->tegra ? break_classic(p) : break_smmuv2(p);
	case SCN_POWER_LOSS:
		power_loss(p);
		return true;
	default:
		machine_hw_mend(p->m);
		p->ailing = false;
		return true;
	}
}
