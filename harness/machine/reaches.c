// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Whether anything behind an SMMU gets to memory at all, whoever's it is. */
#include "machine.h"

static void v3_reach(void *ctx, const struct sim_reach *r)
{
	(void)r;
	*(bool *)ctx = true;
}

static void v2_reach(void *ctx, const struct sim2_reach *r)
{
	(void)r;
	*(bool *)ctx = true;
}

bool machine_hw_reaches(struct machine *m, uint32_t smmu)
{
	bool reaches = false;

	if (smmu >= machine_hw_smmus(m))
		return false;
	if (m->smmu)
		sim_smmuv3_for_each_reach(m->smmu, v3_reach, &reaches);
	if (m->tegra)
		sim_tegra_smmu_for_each_reach(m->tegra, v2_reach, &reaches);
	if (m->v2[smmu])
		sim_smmuv2_for_each_reach(m->v2[smmu], v2_reach, &reaches);
	return reaches;
}
