// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The hardware of each kind of machine: simulated register files behind
 * windows, and how they are declared to the library. */
#include "judge.h"
#include "machine.h"

/* Windows: the SMMUv3, the MC, then the frames of SMMUv2 i from V2(i, 0). */
#define WINDOW_V3	    0u
#define WINDOW_MC	    1u
#define WINDOW_TEGRA	    2u
#define WINDOW_V2(i, frame) (16u + 2 * (i) + (frame))

/* Where Tegra234 has its register files: NISO1, ISO, NISO0, the MC. */
static const uint64_t v2_base[MACHINE_V2_MAX][2] = {
	{ 0x08000000, 0x07000000 },
	{ 0x10000000, 0 },
	{ 0x12000000, 0x11000000 },
};
#define MC_BASE		0x02c00000ull
#define TEGRA_SMMU_BASE 0x70019000ull

/* A lone SMMUv2 stays clear of the doorbell. */
#define LONE_V2_BASE 0x0a000000ull

static void on_report(void *ctx, const char *what)
{
	machine_violation(ctx, what);
}

static unsigned int v2_count(const struct machine *m)
{
	if (m->config.kind == MACHINE_SMMUV2)
		return 1;
	return m->config.kind == MACHINE_TEGRA234 ? MACHINE_V2_MAX : 0;
}

static unsigned int v3_fails(void *ctx, enum sim_may_fail what)
{
	if (what == SIM_FAIL_SYNC)
		return machine_fault_event(ctx, MACHINE_FAULT_SYNC);
	/* CERROR_ILL and CERROR_ABT (IHI 0070 7.1) */
	if (machine_fault_event(ctx, MACHINE_FAULT_COMMAND))
		return 1;
	return machine_fault_event(ctx, MACHINE_FAULT_FETCH) ? 2 : 0;
}

static bool v2_sync_fails(void *ctx)
{
	return machine_fault_event(ctx, MACHINE_FAULT_SYNC);
}

static bool create_mc(struct machine *m)
{
	struct sim_tegra_mc_config config = {
		.mem = m->mem,
		.smmu = { m->v2[0], m->v2[1], m->v2[2] },
		.clients = m->config.mc_clients,
		.nr_clients = m->config.mc_client_count,
	};

	m->mc = sim_tegra_mc_create(&config);
	if (m->mc)
		sim_tegra_mc_on_report(m->mc, on_report, m);
	return m->mc;
}

bool machine_hw_create(struct machine *m)
{
	if (m->config.kind == MACHINE_SMMUV3) {
		sim_mem_set_coherent(m->mem, m->config.smmu.coherent);
		m->smmu = sim_smmuv3_create(m->mem, &m->config.smmu);
		if (m->smmu)
			sim_smmuv3_on_report(m->smmu, on_report, m);
		if (m->smmu)
			sim_smmuv3_on_table(m->smmu, machine_table, m);
		if (m->smmu)
			sim_smmuv3_on_fail(m->smmu, v3_fails, m);
		return m->smmu;
	}
	if (m->config.kind == MACHINE_TEGRA_SMMU) {
		struct sim_tegra_smmu_config config = m->config.tegra;

		config.mem = m->mem;
		sim_mem_set_coherent(m->mem, false);
		m->tegra = sim_tegra_smmu_create(&config);
		if (m->tegra)
			sim_tegra_smmu_on_report(m->tegra, on_report, m);
		if (m->tegra)
			sim_tegra_smmu_on_table(m->tegra, machine_table, m);
		return m->tegra;
	}
	sim_mem_set_coherent(m->mem, m->config.smmuv2[0].coherent);
	for (unsigned int i = 0; i < v2_count(m); i++) {
		m->v2[i] = sim_smmuv2_create(m->mem, &m->config.smmuv2[i]);
		if (!m->v2[i])
			return false;
		sim_smmuv2_on_report(m->v2[i], on_report, m);
		sim_smmuv2_on_table(m->v2[i], machine_table, m);
		sim_smmuv2_on_sync(m->v2[i], v2_sync_fails, m);
	}
	return m->config.kind != MACHINE_TEGRA234 || create_mc(m);
}

void machine_hw_destroy(struct machine *m)
{
	if (m->smmu)
		sim_smmuv3_destroy(m->smmu);
	if (m->tegra)
		sim_tegra_smmu_destroy(m->tegra);
	if (m->mc)
		sim_tegra_mc_destroy(m->mc);
	for (unsigned int i = 0; i < MACHINE_V2_MAX; i++) {
		if (m->v2[i])
			sim_smmuv2_destroy(m->v2[i]);
	}
}

uint64_t machine_hw_read(struct machine *m, uint32_t window, uint32_t offset,
			 unsigned int width)
{
	if (window == WINDOW_V3)
		return sim_smmuv3_read(m->smmu, offset, width);
	if (window == WINDOW_MC)
		return sim_tegra_mc_read(m->mc, offset, width);
	if (window == WINDOW_TEGRA)
		return sim_tegra_smmu_read(m->tegra, offset, width);
	return sim_smmuv2_read(m->v2[(window - 16) / 2], window % 2, offset,
			       width);
}

void machine_hw_write(struct machine *m, uint32_t window, uint32_t offset,
		      unsigned int width, uint64_t val)
{
	if (window == WINDOW_V3)
		sim_smmuv3_write(m->smmu, offset, width, val);
	else if (window == WINDOW_MC)
		sim_tegra_mc_write(m->mc, offset, width, (uint32_t)val);
	else if (window == WINDOW_TEGRA)
		sim_tegra_smmu_write(m->tegra, offset, width, (uint32_t)val);
	else
		sim_smmuv2_write(m->v2[(window - 16) / 2], window % 2, offset,
				 width, val);
}

/* ---------------------------------------------------------------- failing */

/* What fails already goes on failing. */
static void break_v3(struct machine *m, enum machine_fault_kind kind)
{
	struct sim_smmuv3_faults f;

	sim_smmuv3_get_faults(m->smmu, &f);
	f.cmdq_stalled |= kind == MACHINE_FAULT_HANG;
	f.cr0_no_ack |= kind == MACHINE_FAULT_HANG;
	f.sfm |= kind == MACHINE_FAULT_GERROR;
	sim_smmuv3_set_faults(m->smmu, &f);
}

void machine_hw_break(struct machine *m, uint32_t window,
		      enum machine_fault_kind kind)
{
	struct sim_smmuv2_faults f;
	struct sim_smmuv2 *smmu;

	if (window == WINDOW_V3)
		break_v3(m, kind);
	if (window < WINDOW_V2(0, 0) || kind != MACHINE_FAULT_HANG)
		return;
	smmu = m->v2[(window - 16) / 2];
	sim_smmuv2_get_faults(smmu, window % 2, &f);
	f.gsync_never = f.sync_never = true;
	sim_smmuv2_set_faults(smmu, window % 2, &f);
}

void machine_hw_mend(struct machine *m)
{
	const struct sim_smmuv3_faults v3 = { 0 };
	const struct sim_smmuv2_faults v2 = { 0 };
	const struct sim2_mmio_faults mmio = { 0 };

	if (m->smmu)
		sim_smmuv3_set_faults(m->smmu, &v3);
	for (unsigned int i = 0; i < v2_count(m); i++) {
		for (unsigned int k = 0; k < m->config.smmuv2[i].instances; k++)
			sim_smmuv2_set_faults(m->v2[i], k, &v2);
	}
	if (m->tegra)
		sim_tegra_smmu_set_faults(m->tegra, &mmio);
	if (m->mc)
		sim_tegra_mc_set_faults(m->mc, &mmio);
}

/* ----------------------------------------------------------- declaration */

static int declare_v3(struct machine *m)
{
	const struct hypiommu_smmuv3_config config = {
		.window = WINDOW_V3,
		.base = MACHINE_SMMU_BASE,
		.size = MACHINE_SMMU_SIZE,
		.timeout_us = m->config.timeout_us,
	};
	uint32_t smmu;

	return hypiommu_smmuv3_add(m->h, &config, &smmu);
}

static int declare_v2(struct machine *m, unsigned int i)
{
	bool tegra = m->config.kind == MACHINE_TEGRA234;
	struct hypiommu_smmuv2_config config = {
		.frames = m->config.smmuv2[i].instances,
		.window = { WINDOW_V2(i, 0), WINDOW_V2(i, 1) },
		.base = { v2_base[i][0], v2_base[i][1] },
		.size = sim_smmuv2_frame_size(m->v2[i]),
		.stream_mask = tegra && !m->config.whole_sids ? 0x7f80 : 0,
		.format = m->config.format,
		.mmu500 = m->config.smmuv2[i].mmu500,
		.tegra234 = m->config.smmuv2[i].tegra_walk_cache,
		.timeout_us = m->config.timeout_us,
	};
	uint32_t smmu;

	if (tegra && m->config.v2_base[i][0]) {
		config.base[0] = m->config.v2_base[i][0];
		config.base[1] = m->config.v2_base[i][1];
	}
	if (!tegra) {
		config.base[0] = LONE_V2_BASE;
		config.base[1] = LONE_V2_BASE + (1u << 24);
	}
	return hypiommu_smmuv2_add(m->h, &config, &smmu);
}

static int declare_tegra(struct machine *m)
{
	const struct machine_config *c = &m->config;
	const struct hypiommu_tegra_smmu_config config = {
		.window = WINDOW_TEGRA,
		.base = TEGRA_SMMU_BASE,
		.size = SIM_TEGRA_SMMU_SIZE,
		.asids = c->tegra.nr_asids,
		.ptc_line = c->tegra.ptc_line,
		.address_bits = c->tegra.address_bits,
		.swgroups = c->swgroups,
		.swgroup_count = (uint32_t)c->swgroup_count,
		.enables = c->enables,
		.enable_count = (uint32_t)c->enable_count,
	};
	uint32_t smmu;

	return hypiommu_tegra_smmu_add(m->h, &config, &smmu);
}

static int declare_streams(struct machine *m)
{
	const struct machine_config *c = &m->config;
	int err = HYPIOMMU_OK;

	for (size_t i = 0; !err && i < c->sid_count; i++)
		err = hypiommu_add_stream(m->h,
					  c->sid_smmus ? c->sid_smmus[i] : 0,
					  c->sids[i], HYPIOMMU_HOST);
	return err;
}

static int declare_clients(struct machine *m)
{
	const struct machine_config *c = &m->config;
	int err = HYPIOMMU_OK;

	for (size_t i = 0; !err && i < c->client_count; i++)
		err = hypiommu_tegra234_add_client(m->h, c->clients[i].id,
						   c->clients[i].smmu,
						   c->clients[i].sid);
	for (size_t i = 0; !err && i < c->firmware_count; i++)
		err = hypiommu_tegra234_firmware_client(m->h, c->firmware[i]);
	return err;
}

int machine_hw_declare(struct machine *m, const char **where)
{
	const struct hypiommu_tegra234_mc_config mc = {
		.window = WINDOW_MC,
		.base = m->config.mc_base ? m->config.mc_base : MC_BASE,
		.size = SIM_TEGRA_MC_SIZE,
	};
	int err = HYPIOMMU_OK;

	*where = "SMMU";
	if (m->config.kind == MACHINE_SMMUV3)
		err = declare_v3(m);
	if (m->config.kind == MACHINE_TEGRA_SMMU)
		err = declare_tegra(m);
	for (unsigned int i = 0; !err && i < v2_count(m); i++)
		err = declare_v2(m, i);
	if (err)
		return err;
	/* Behind an MC firmware's routes around the SMMU last until finalise.
	 */
	m->armed = m->config.watch_finalise || (!m->mc && !m->tegra);
	if (m->mc || m->tegra)
		machine_dark(m);
	*where = "stream";
	err = declare_streams(m);
	if (err || !m->mc)
		return err;
	*where = "memory controller";
	err = hypiommu_tegra234_mc_add(m->h, &mc);
	return err ? err : declare_clients(m);
}

/* ------------------------------------------------------------ observation */

/* The stream a client belongs to, where there is no MC to say. */
static uint32_t client_sid(const struct machine *m, uint32_t client)
{
	for (size_t i = 0; i < m->config.client_count; i++) {
		if (m->config.clients[i].id == client)
			return m->config.clients[i].sid;
	}
	return SIM2_NONE;
}

static void tegra_reach(void *ctx, const struct sim2_reach *r)
{
	struct machine *m = ctx;
	struct sim_reach reach = {
		.sid = client_sid(m, r->client),
		.iova = r->iova,
		.pa = r->pa,
		.size = r->size,
		.read = r->read,
		.write = r->write,
		.attrs = r->attrs,
		.cached = r->cached,
		.bypass = r->bypass,
	};

	if (m->dark && r->bypass) {
		dark_bypass(m, r->client);
		return;
	}
	machine_reach(m, 0, &reach);
	judge_reach(m->judge, 0, r->client, &reach);
}

struct v2_look {
	struct machine *m;
	uint32_t smmu;
};

static void v2_reach(void *ctx, const struct sim2_reach *r)
{
	const struct v2_look *look = ctx;
	struct sim_reach reach = {
		.sid = r->sid,
		.iova = r->iova,
		.pa = r->pa,
		.size = r->size,
		.read = r->read,
		.write = r->write,
		.attrs = r->attrs,
		.cached = r->cached,
		.bypass = r->bypass,
	};

	/* Behind an MC it is the client who bypasses, not a stream ID. */
	if (look->m->dark && r->bypass) {
		if (r->client != SIM2_NONE || !look->m->mc)
			dark_bypass(look->m, r->client);
		return;
	}
	if (r->client == SIM2_NONE) {
		machine_reach(look->m, look->smmu, &reach);
		judge_reach(look->m->judge, look->smmu, r->instance, &reach);
	} else { /* what its stream reaches, once more */
		machine_reach(look->m, r->block, &reach);
	}
}

static void v3_reach(void *ctx, const struct sim_reach *r)
{
	struct machine *m = ctx;

	if (m->dark && r->bypass) {
		dark_bypass(m, r->sid);
		return;
	}
	machine_reach(m, 0, r);
	judge_reach(m->judge, 0, 0, r);
}

void machine_hw_check(struct machine *m)
{
	struct v2_look look = { .m = m };

	if (m->smmu) {
		sim_smmuv3_speculate(m->smmu);
		sim_smmuv3_for_each_reach(m->smmu, v3_reach, m);
	}
	for (look.smmu = 0; look.smmu < v2_count(m); look.smmu++) {
		sim_smmuv2_speculate(m->v2[look.smmu]);
		sim_smmuv2_for_each_reach(m->v2[look.smmu], v2_reach, &look);
	}
	if (m->mc)
		sim_tegra_mc_for_each_reach(m->mc, v2_reach, &look);
	if (m->tegra) {
		sim_tegra_smmu_speculate(m->tegra);
		sim_tegra_smmu_for_each_reach(m->tegra, tegra_reach, m);
	}
}

uint32_t machine_hw_smmus(const struct machine *m)
{
	return m->smmu || m->tegra ? 1 : v2_count(m);
}

uint32_t machine_hw_copies(const struct machine *m, uint32_t smmu, uint32_t sid,
			   uint32_t copies[MACHINE_COPIES])
{
	const struct machine_config *c = &m->config;
	uint32_t n = 0;

	if (m->smmu)
		copies[n++] = 0;
	for (uint32_t i = 0; m->v2[smmu] && i < c->smmuv2[smmu].instances; i++)
		copies[n++] = i;
	for (size_t i = 0; m->tegra && i < c->client_count; i++) {
		if (c->clients[i].sid == sid && n < MACHINE_COPIES)
			copies[n++] = c->clients[i].id;
	}
	return n;
}

bool machine_hw_doubt(const struct machine *m)
{
	bool doubt = (m->smmu && sim_smmuv3_faulty(m->smmu)) ||
		     (m->tegra && sim_tegra_smmu_faulty(m->tegra)) ||
		     (m->mc && sim_tegra_mc_faulty(m->mc)) ||
		     (m->fault.fired && !m->fault.over &&
		      m->fault.kind != MACHINE_FAULT_ALLOC);

	for (unsigned int i = 0; i < v2_count(m); i++)
		doubt |= sim_smmuv2_faulty(m->v2[i]);
	return doubt;
}

void machine_hw_stats(struct machine *m, struct machine_stats *stats)
{
	if (m->smmu) {
		sim_smmuv3_stats(m->smmu, &stats->smmu);
		stats->mmio_reads = stats->smmu.mmio_reads;
		stats->mmio_writes = stats->smmu.mmio_writes;
		stats->tlbi = stats->smmu.tlbi;
		stats->syncs = stats->smmu.syncs;
	}
	for (unsigned int i = 0; i < v2_count(m); i++) {
		for (unsigned int k = 0; k < m->config.smmuv2[i].instances;
		     k++) {
			struct sim_smmuv2_stats s;

			sim_smmuv2_stats(m->v2[i], k, &s);
			stats->mmio_reads += s.mmio_reads;
			stats->mmio_writes += s.mmio_writes;
			stats->tlbi += s.tlbi;
			stats->syncs += s.syncs + s.gsyncs;
		}
	}
	if (m->tegra) {
		struct sim_tegra_smmu_stats s;

		sim_tegra_smmu_stats(m->tegra, &s);
		stats->mmio_reads += s.mmio_reads;
		stats->mmio_writes += s.mmio_writes;
		stats->tlbi += s.tlb_flushes;
	}
	if (m->mc) {
		struct sim_tegra_mc_stats s;

		sim_tegra_mc_stats(m->mc, &s);
		stats->mmio_reads += s.mmio_reads;
		stats->mmio_writes += s.mmio_writes;
	}
}
