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

static void v3_port(struct machine_config *c)
{
	v3_coherent(c);
	c->own_pages = true;
	c->own_tables = 64;
	c->own_tables_base = MACHINE_EL2_BASE;
	c->table_pages = 0;
}

/* Waits that are over soon: each look at a register is a point. */
static void v3_failing(struct machine_config *c)
{
	v3_coherent(c);
	c->timeout_us = 6;
}

static const struct sim_smmuv2_config v2 = {
	.instances = 2,
	.nr_smrg = 4,
	.nr_cb = 6,
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

static void v2_failing(struct machine_config *c)
{
	v2_mirrored(c);
	c->timeout_us = 6;
}

/* Three masters behind one of the SMMUs, the second with two clients; one of
 * firmware's, and one nobody declares. */
static const uint32_t tegra_sids[] = { 3, 2, 4 };
static const uint32_t tegra_smmus[] = { NISO0, NISO0, NISO0 };
static const uint32_t tegra_ids[] = { 0x15, 0x7e, 0x16 };
static const uint32_t tegra_firmware[] = { 0x94 };
static const struct machine_client tegra_clients[] = {
	{ 0x15, NISO0, 3 },
	{ 0x16, NISO0, 4 },
	{ 0x7e, NISO0, 2 },
	{ 0x7f, NISO0, 2 },
};
#define MC_CLIENT(n, smmu)                                                 \
	{                                                                  \
		.id = n, .block = smmu, .native_sid = 0x7f, .fw_sid = 0x7f \
	}
static const struct sim_tegra_mc_client mc_clients[] = {
	MC_CLIENT(0x15, NISO0),
	MC_CLIENT(0x16, NISO0),
	MC_CLIENT(0x40, ISO),
	MC_CLIENT(0x7e, NISO0),
	MC_CLIENT(0x7f, NISO0),
	{ .id = 0x94, .block = NISO1, .fw_override = true, .fw_locked = true },
};

static void tegra234(struct machine_config *c)
{
	machine_tegra234(c);
	for (unsigned int i = 0; i < MACHINE_V2_MAX; i++) {
		c->smmuv2[i].nr_smrg = 4;
		c->smmuv2[i].nr_cb = 6;
	}
	c->sid_smmus = tegra_smmus;
	c->clients = tegra_clients;
	c->client_count = 4;
	c->firmware = tegra_firmware;
	c->firmware_count = 1;
	c->mc_clients = mc_clients;
	c->mc_client_count = sizeof(mc_clients) / sizeof(mc_clients[0]);
	c->limits.clients = 8;
}

/* Tegra124's: three SWGROUPs, the second of two clients. */
static const uint32_t classic_sids[] = { 21, 1, 4 };
static const uint32_t classic_ids[] = { 0x15, 0x01, 0x18 };
static const struct hypiommu_tegra_swgroup swgroups[] = {
	{ 1, 0x240 },
	{ 4, 0x23c },
	{ 21, 0x254 },
};
static const struct hypiommu_tegra_enable enables[] = {
	{ 0x228, 1 },
	{ 0x228, 2 },
	{ 0x228, 21 },
	{ 0x228, 24 },
};
static const struct sim_tegra_smmu_client classic_hw[] = {
	{ 0x01, 0x240, 0x228, 1 },
	{ 0x02, 0x240, 0x228, 2 },
	{ 0x15, 0x254, 0x228, 21 },
	{ 0x18, 0x23c, 0x228, 24 },
};
static const struct machine_client classic_clients[] = {
	{ 0x01, 0, 1 },
	{ 0x02, 0, 1 },
	{ 0x15, 0, 21 },
	{ 0x18, 0, 4 },
};

static void classic(struct machine_config *c)
{
	c->kind = MACHINE_TEGRA_SMMU;
	c->clients = classic_clients;
	c->client_count = 4;
	c->swgroups = swgroups;
	c->swgroup_count = c->limits.clients = 3;
	c->enables = enables;
	c->enable_count = 4;
	c->tegra = (struct sim_tegra_smmu_config){
		.nr_asids = 128,
		.ptc_line = 32,
		.address_bits = 34,
		.clients = classic_hw,
		.nr_clients = 4,
	};
}

#define OF_V3 .sids = v3_sids, .stage = 1, .other = 2

const struct scene_kind scene_kinds[] = {
	{ "v3-s1", "SMMUv3, stage 1, walks that snoop, range invalidation",
	  .configure = v3_coherent, OF_V3 },
	{ "v3-s2",
	  "SMMUv3, stage 2, walks that do not snoop, a queue of 4 commands",
	  .configure = v3_noncoherent, .sids = v3_sids, .stage = 2,
	  .other = 1 },
	{ "v3-port", "v3-s1, of a port that keeps page states and table memory",
	  .configure = v3_port, OF_V3 },
	{ "v2-s1", "SMMUv2 of two mirrored frames, stage 1",
	  .configure = v2_mirrored, OF_V3 },
	{ "v2-s2", "SMMUv2 of two mirrored frames, stage 2",
	  .configure = v2_mirrored, .sids = v3_sids, .stage = 2, .other = 1 },
	{ "tegra234",
	  "three SMMUv2 behind Tegra234's memory controller, stage 1",
	  .configure = tegra234, .smmu = NISO0, .sids = tegra_sids,
	  .clients = tegra_ids, .stage = 1, .other = 2 },
	{ "classic", "Tegra124's SMMU of the memory controller",
	  .configure = classic, .sids = classic_sids, .clients = classic_ids,
	  .stage = 1, .other = 1 },
	/* Hardware that fails under the two calls. */
	{ "v3-sync", "v3-s1, of which a wait for invalidations never ends",
	  .configure = v3_failing, OF_V3, .fault = MACHINE_FAULT_SYNC },
	{ "v3-command", "v3-s1, of which a command is called illegal",
	  .configure = v3_failing, OF_V3, .fault = MACHINE_FAULT_COMMAND },
	{ "v3-dead", "v3-s1, off the bus from a register access on",
	  .configure = v3_failing, OF_V3, .fault = MACHINE_FAULT_DEAD },
	{ "v2-sync", "v2-s1, of which a wait for invalidations never ends",
	  .configure = v2_failing, OF_V3, .fault = MACHINE_FAULT_SYNC },
	{ "v2-dead",
	  "v2-s1, of which one frame is off the bus from an access on",
	  .configure = v2_failing, OF_V3, .fault = MACHINE_FAULT_DEAD },
	{ "classic-dead", "classic, off the bus from a register access on",
	  .configure = classic, .sids = classic_sids, .clients = classic_ids,
	  .stage = 1, .other = 1, .fault = MACHINE_FAULT_DEAD },
};
const size_t scene_kind_count = sizeof(scene_kinds) / sizeof(scene_kinds[0]);
