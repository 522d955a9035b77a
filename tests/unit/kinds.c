// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include "kinds.h"

static const uint32_t streams[] = { KINDS_SID };
static const struct hypiommu_tegra_swgroup swgroups[] = {
	{ KINDS_SID, KINDS_GROUP },
};
static const struct machine_client clients[] = { { 1, 0, KINDS_SID } };
static const struct hypiommu_tegra_enable enables[] = { { 0x228, 1 } };
static const struct sim_tegra_smmu_client hw[] = {
	{ 1, KINDS_GROUP, 0x228, 1 },
};

void kinds_defaults(struct rig *rig, enum machine_kind kind)
{
	struct machine_config *c = &rig->config;

	rig_defaults(rig);
	c->kind = kind;
	c->sids = streams;
	c->sid_count = 1;
	if (kind != MACHINE_TEGRA_SMMU)
		return;
	c->clients = clients;
	c->client_count = 1;
	c->swgroups = swgroups;
	c->swgroup_count = c->limits.clients = 1;
	c->enables = enables;
	c->enable_count = 1;
	c->tegra = (struct sim_tegra_smmu_config){ .nr_asids = 4,
						   .ptc_line = 32,
						   .address_bits = 34,
						   .clients = hw,
						   .nr_clients = 1 };
}

void kinds_start(struct rig *rig)
{
	if (rig->config.kind == MACHINE_TEGRA_SMMU)
		rig_start_low(rig);
	else
		rig_start(rig);
}
