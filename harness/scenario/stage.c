// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The machine a scenario asks for. */
#include <string.h>

#include "play.h"

#define MiB (1ull << 20)

static bool has(const struct play *p, enum scn_option_id option)
{
	return p->s->machine.has >> option & 1;
}

static uint64_t value(const struct play *p, enum scn_option_id option,
		      uint64_t otherwise)
{
	if (option == SCN_O_TABLES && p->fault.kind == SCN_FAULT_POOL)
		return p->fault.at - 1;
	return has(p, option) ? p->s->machine.value[option] : otherwise;
}

/* -------------------------------------------------------------- by kind */

static void stage_smmuv3(struct play *p)
{
	struct sim_smmuv3_config *c = &p->config.smmu;
	uint64_t stage = value(p, SCN_O_ONE_STAGE, 0);

	c->coherent = !has(p, SCN_O_NONCOHERENT);
	c->range_inval = !has(p, SCN_O_PAGES_ONLY);
	c->two_level = !has(p, SCN_O_LINEAR);
	c->sid_bits = (unsigned int)value(p, SCN_O_SIDS,
					  has(p, SCN_O_LINEAR) ? 6 : 10);
	c->cmdq_log2 = (unsigned int)value(p, SCN_O_CMDQ, 8);
	c->evtq_log2 = (unsigned int)value(p, SCN_O_EVTQ, 7);
	c->asid16 = c->vmid16 = !has(p, SCN_O_ASID8);
	c->stage1 = stage != 2;
	c->stage2 = stage != 1;
	c->oas = 40;
	c->enabled_bypass = value(p, SCN_O_BOOT, SIM_SMMUV2_BOOT_BYPASS) ==
			    SIM_SMMUV2_BOOT_BYPASS;
}

static void stage_smmuv2(struct play *p, unsigned int i, bool tegra)
{
	uint64_t stage = value(p, SCN_O_ONE_STAGE, 0);

	p->config.smmu.coherent = !has(p, SCN_O_NONCOHERENT); /* memory's */
	p->config.smmuv2[i] = (struct sim_smmuv2_config){
		.instances = has(p, SCN_O_MIRRORED) || (tegra && i != 1) ? 2
									 : 1,
		.nr_smrg = (unsigned int)value(p, SCN_O_MATCHES, 16),
		.nr_cb = (unsigned int)value(p, SCN_O_BANKS, 8),
		.nr_s2cb = tegra ? 0 : 1,
		.page_64k = true,
		.numpagendxb = 3,
		.ias = 48,
		.oas = tegra ? 48 : 44,
		.ubs = 48,
		.sid_bits = (unsigned int)value(
			p, SCN_O_SIDS, has(p, SCN_O_INDEXING) ? 4 : 15),
		.indexing = has(p, SCN_O_INDEXING),
		.stage1 = stage != 2,
		.stage2 = stage != 1,
		.coherent = !has(p, SCN_O_NONCOHERENT),
		.aa64_4k = true,
		.aa32_long = true,
		.aa32_short = !tegra,
		.mmu500 = tegra,
		.tegra_walk_cache = tegra,
		.boot = (enum sim_smmuv2_boot)value(p, SCN_O_BOOT,
						    SIM_SMMUV2_BOOT_RANDOM),
		.boot_ttb = MACHINE_RAM_BASE + SCN_RAM_SIZE - PLAY_PAGE,
	};
}

static void stage_tegra234(struct play *p)
{
	p->config.doorbell = 0x03000000; /* the usual page is a register */
	p->config.limits.smmus = MACHINE_V2_MAX;
	p->config.limits.clients = SCN_DEVICES;
	for (unsigned int i = 0; i < MACHINE_V2_MAX; i++)
		stage_smmuv2(p, i, true);
}

static void stage_classic(struct play *p)
{
	uint64_t soc = value(p, SCN_O_SOC, 124);

	p->config.limits.clients = SCN_DEVICES;
	p->config.tegra = (struct sim_tegra_smmu_config){
		.nr_asids = soc <= 114 ? 4 : 128,
		.ptc_line = soc == 30	 ? 16
			    : soc == 210 ? 64
					 : 32,
		.address_bits = soc <= 114 ? 32 : 34,
		.clients = p->tegra_clients,
		.clients_enabled =
			value(p, SCN_O_BOOT, SIM_SMMUV2_BOOT_RESET) ==
			SIM_SMMUV2_BOOT_LIVE,
	};
}

/* Formats whose tables must lie where 32 bits reach. */
static bool low_tables(const struct play *p)
{
	return p->config.kind == MACHINE_TEGRA_SMMU ||
	       p->config.format == HYPIOMMU_SMMUV2_V7S;
}

/* --------------------------------------------------------------- devices */

static bool same_stream(const struct play *p, const struct scn_device *d)
{
	for (size_t i = 0; i < p->config.sid_count; i++) {
		if (p->sids[i] == d->sid && p->sid_smmus[i] == d->smmu)
			return true;
	}
	return false;
}

static void add_stream(struct play *p, const struct scn_device *d)
{
	struct machine_config *c = &p->config;

	if (d->has_client)
		p->clients[c->client_count++] =
			(struct machine_client){ d->client, d->smmu, d->sid };
	if (same_stream(p, d))
		return;
	p->sids[c->sid_count] = d->sid;
	p->sid_smmus[c->sid_count++] = d->smmu;
}

/* What an MC's client is before the take-over: around the SMMU, or denied and
 * locked by the firmware it belongs to. */
static void add_mc_client(struct play *p, const struct scn_device *d)
{
	bool firmware = d->standing == SCN_FIRMWARE;

	p->mc_clients[p->config.mc_client_count++] =
		(struct sim_tegra_mc_client){
			.id = d->client,
			.block = (uint8_t)d->smmu,
			.native_sid = firmware ? 0 : SIM_TEGRA_MC_PASS,
			.fw_override = firmware,
			.fw_locked = firmware,
			.fw_sid = firmware ? 0 : SIM_TEGRA_MC_PASS,
		};
}

/* Every SWGROUP the chip has, streams of it or not. */
static void add_classic_client(struct play *p, const struct scn_device *d)
{
	struct machine_config *c = &p->config;
	uint32_t reg = 0x228 + d->client / 32 * 4, bit = d->client % 32;
	size_t group = 0;

	while (group < c->swgroup_count && p->swgroups[group].id != d->sid)
		group++;
	if (group == c->swgroup_count)
		p->swgroups[c->swgroup_count++] =
			(struct hypiommu_tegra_swgroup){
				d->sid, 0x240 + 4 * (uint32_t)group
			};
	p->enables[c->enable_count++] =
		(struct hypiommu_tegra_enable){ reg, bit };
	p->tegra_clients[c->tegra.nr_clients++] =
		(struct sim_tegra_smmu_client){ d->client,
						p->swgroups[group].reg, reg,
						(uint8_t)bit };
}

static void stage_devices(struct play *p)
{
	struct machine_config *c = &p->config;

	for (uint32_t i = 0; i < p->s->device_count; i++) {
		const struct scn_device *d = &p->s->devices[i];

		if (d->standing == SCN_DECLARED)
			add_stream(p, d);
		if (d->standing == SCN_FIRMWARE)
			p->firmware[c->firmware_count++] = d->client;
		if (c->kind == MACHINE_TEGRA234)
			add_mc_client(p, d);
		if (c->kind == MACHINE_TEGRA_SMMU)
			add_classic_client(p, d);
	}
	c->sids = p->sids;
	c->sid_smmus = p->sid_smmus;
	c->clients = p->clients;
	c->firmware = p->firmware;
	c->mc_clients = p->mc_clients;
	c->swgroups = p->swgroups;
	c->enables = p->enables;
}

/* ----------------------------------------------------------------- set-up */

static const enum machine_fault_kind fault_kinds[SCN_FAULTS] = {
	[SCN_FAULT_ALLOC] = MACHINE_FAULT_ALLOC,
	[SCN_FAULT_SYNC] = MACHINE_FAULT_SYNC,
	[SCN_FAULT_COMMAND] = MACHINE_FAULT_COMMAND,
	[SCN_FAULT_FETCH] = MACHINE_FAULT_FETCH,
	[SCN_FAULT_ONES] = MACHINE_FAULT_ONES,
	[SCN_FAULT_DEAD] = MACHINE_FAULT_DEAD,
	[SCN_FAULT_HANG] = MACHINE_FAULT_HANG,
	[SCN_FAULT_GERROR] = MACHINE_FAULT_GERROR,
};

/* Allocations fail where the port has an allocator of its own. */
static void stage_port(struct play *p, bool low)
{
	struct machine_config *c = &p->config;

	c->fault.kind = fault_kinds[p->fault.kind];
	c->fault.at = p->fault.at;
	c->own_pages = has(p, SCN_O_DELEGATED);
	if (p->fault.kind != SCN_FAULT_ALLOC && !c->own_pages)
		return;
	c->own_tables = low ? SCN_LOW_PAGES : MACHINE_EL2_SIZE / PLAY_PAGE;
	if (c->own_pages)
		c->own_tables = value(p, SCN_O_TABLES, c->own_tables);
	c->own_tables_base = low ? MACHINE_RAM_BASE + SCN_LOW_POOL
				 : MACHINE_EL2_BASE;
	c->table_pages = 0;
	c->stay_trusted = has(p, SCN_O_TRUSTED);
}

static void describe(struct play *p)
{
	struct machine_config *c = &p->config;

	machine_defaults(c);
	c->kind = p->s->machine.kind;
	c->ram_size = SCN_RAM_SIZE;
	c->table_pages = value(p, SCN_O_TABLES, 64);
	c->timeout_us = (uint32_t)value(p, SCN_O_TIMEOUT, 200);
	c->limits.domains = (uint32_t)value(p, SCN_O_DOMAINS, 8);
	c->check = (enum machine_check)value(p, SCN_O_OBSERVE,
					     MACHINE_CHECK_STEPS);
	c->stay_trusted = has(p, SCN_O_TRUSTED);
	c->quiesce_refused = has(p, SCN_O_RESTLESS);
	if (c->kind == MACHINE_SMMUV3)
		stage_smmuv3(p);
	if (c->kind == MACHINE_SMMUV2)
		stage_smmuv2(p, 0, false);
	if (c->kind == MACHINE_TEGRA234)
		stage_tegra234(p);
	if (c->kind == MACHINE_TEGRA_SMMU)
		stage_classic(p);
	c->format = (enum hypiommu_smmuv2_format)value(p, SCN_O_FORMAT,
						       HYPIOMMU_SMMUV2_AUTO);
	if (low_tables(p)) { /* given before finalise */
		c->table_pages = 0;
		c->stay_trusted = true;
	}
	stage_devices(p);
	stage_port(p, low_tables(p));
}

static int add_low_tables(struct play *p)
{
	uint64_t pages = value(p, SCN_O_TABLES, SCN_LOW_PAGES);

	if (!pages)
		return HYPIOMMU_OK;
	return machine_add_tables(p->m, MACHINE_RAM_BASE + SCN_LOW_POOL,
				  pages * PLAY_PAGE);
}

int play_finalise(struct play *p)
{
	return machine_finalise(p->m);
}

static bool refused(struct play *p, const char *what, int err)
{
	play_fail(p, "the library refuses this machine: %s: %s", what,
		  hypiommu_error_name(err));
	return play_hint(p, "include/hypiommu/ says what is supported");
}

bool play_set_up(struct play *p)
{
	int err = HYPIOMMU_OK;
	bool low;

	describe(p);
	low = low_tables(p) && !p->config.own_tables;
	p->m = machine_create(&p->config);
	if (!p->m)
		return play_fail(p, "out of memory");
	if (!p->m->h) {
		play_fail(p, "the library refuses this machine: %s",
			  p->m->error);
		return play_hint(p, "include/hypiommu/ says what is supported");
	}
	if (low)
		err = add_low_tables(p);
	if (err)
		return refused(p, "tables", err);
	if (low && !has(p, SCN_O_TRUSTED))
		err = play_finalise(p);
	return !err || refused(p, "finalise", err);
}
