// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The machines on which calls race. */
#include "scene.h"

static const uint32_t v3_sids[] = { 1, 2, 3 };

static void v3_coherent(struct machine_config *c)
{
	c->smmu.sid_bits = 2;
	c->smmu.oas = 40;
	c->smmu.cmdq_log2 = 6;
	c->smmu.evtq_log2 = 3;
}

/* A short queue wraps and fills within a call. */
static void v3_noncoherent(struct machine_config *c)
{
	v3_coherent(c);
	c->smmu.coherent = false;
	c->smmu.range_inval = false;
	c->smmu.cmdq_log2 = 2;
}

static const struct sim_smmuv2_config v2 = {
	.instances = 2,
	.nr_smrg = 8,
	.nr_cb = 8,
	.page_64k = true,
	.numpagendxb = 3,
	.ias = 40,
	.oas = 40,
	.ubs = 40,
	.sid_bits = 15,
	.stage1 = true,
	.stage2 = true,
	.coherent = true,
	.aa64_4k = true,
	.aa32_long = true,
	.aa32_short = true,
	.boot = SIM_SMMUV2_BOOT_RANDOM,
};

static void v2_mirrored(struct machine_config *c)
{
	c->kind = MACHINE_SMMUV2;
	c->smmuv2[0] = v2;
}

const struct scene_kind scene_kinds[] = {
	{ "v3-s1", "SMMUv3, stage 1, walks that snoop, range invalidation", 1,
	  2, v3_coherent, 0, v3_sids, NULL },
	{ "v3-s2",
	  "SMMUv3, stage 2, walks that do not snoop, a queue of 4 commands", 2,
	  1, v3_noncoherent, 0, v3_sids, NULL },
	{ "v2-s1", "SMMUv2 of two mirrored frames, stage 1", 1, 2, v2_mirrored,
	  0, v3_sids, NULL },
	{ "v2-s2", "SMMUv2 of two mirrored frames, stage 2", 2, 1, v2_mirrored,
	  0, v3_sids, NULL },
};
const size_t scene_kind_count = sizeof(scene_kinds) / sizeof(scene_kinds[0]);
