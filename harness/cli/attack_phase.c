// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* What belongs to the trusted phase, afterwards; and hypercalls before it ends.
 */
#include "attack.h"

static struct hypiommu *library(struct stand *s)
{
	machine_current = s->m;
	return s->m->h;
}

static uint32_t late_state[16];

static int add_ram(struct stand *s)
{
	return hypiommu_add_ram(library(s), PA_HOLE, 4 * PAGE, late_state);
}

static int add_mmio(struct stand *s)
{
	return hypiommu_add_mmio(library(s), s->registers, 4 * PAGE,
				 late_state);
}

static int add_frame(struct stand *s)
{
	return hypiommu_add_frame(library(s), PA_HOLE, PAGE);
}

static int carve_out(struct stand *s)
{
	return hypiommu_carve_out(library(s), PA_FREE, PAGE);
}

static int add_tables(struct stand *s)
{
	return hypiommu_add_tables(library(s), PA_HOST, PAGE);
}

static int add_stream(struct stand *s)
{
	return hypiommu_add_stream(library(s), 0, SID_NONE, HYPIOMMU_HOST);
}

static int add_smmu(struct stand *s)
{
	const struct hypiommu_smmuv3_config config = {
		.window = 1,
		.base = 0x0a000000,
		.size = MACHINE_SMMU_SIZE,
	};
	uint32_t smmu;

	return hypiommu_smmuv3_add(library(s), &config, &smmu);
}

static int finalise(struct stand *s)
{
	return hypiommu_finalise(library(s));
}

/* A machine that has not finished its trusted phase. */
static struct machine *trusted_machine(const struct stand *s)
{
	struct machine_config config = s->m->config;

	config.stay_trusted = true;
	if (s->tegra) /* firmware's routes around the SMMUs last until then */
		config.check = MACHINE_CHECK_OFF;
	return machine_create(&config);
}

/* Every hypercall; the first that is not refused like the first is returned. */
static int call_early(struct stand *s)
{
	struct machine *m = trusted_machine(s);
	int err = HYPIOMMU_E_PHASE;

	for (uint64_t fn = 0; m && m->h && fn < HYPIOMMU_HC_COUNT; fn++) {
		struct hypiommu_regs regs = { .x = { fn, 0, 1, 0 } };

		machine_hcall(m, HYPIOMMU_HOST, &regs);
		if ((int)(int64_t)regs.x[0] != HYPIOMMU_E_PHASE)
			err = (int)(int64_t)regs.x[0];
	}
	if (!m || !m->h || m->stats.violations)
		err = GOT_THROUGH;
	machine_destroy(m);
	machine_current = s->m;
	return err;
}

static int dma_early(struct stand *s)
{
	struct machine *m;
	int result = GOT_THROUGH;
	uint64_t word = 0;

	if (s->tegra)
		return NOT_HERE;
	m = trusted_machine(s);
	if (m && m->h &&
	    machine_dma(m, SID_A, PA_FREE, true, &word, 8) == SIM_DMA_ABORT &&
	    machine_dma(m, SID_A, PA_FREE, false, &word, 8) == SIM_DMA_ABORT)
		result = ABORTED;
	machine_destroy(m);
	machine_current = s->m;
	return result;
}

const struct attack phase_attacks[] = {
	{ "declare a hole as RAM after finalise", add_ram, BY(PHASE) },
	{ "declare the SMMU as a doorbell after finalise", add_mmio,
	  BY(PHASE) },
	{ "declare registers after finalise", add_frame, BY(PHASE) },
	{ "carve out EL2 memory after finalise", carve_out, BY(PHASE) },
	{ "add a pinned page as table memory after finalise", add_tables,
	  BY(PHASE) },
	{ "declare a stream after finalise", add_stream, BY(PHASE) },
	{ "declare an SMMU after finalise", add_smmu, BY(PHASE) },
	{ "finalise twice", finalise, BY(PHASE) },
	{ "any hypercall before finalise", call_early, BY(PHASE) },
	{ "DMA before finalise", dma_early, BY_ABORT },
};

const size_t phase_attack_count =
	sizeof(phase_attacks) / sizeof(phase_attacks[0]);
