/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tegra_mc.h"

#define NR_IDS		  SIM_TEGRA_MC_IDS
#define NR_KEYS		  (SIM_TEGRA_MC_BLOCKS * 128u)
#define END		  UINT16_MAX
#define SECURITY_OVERRIDE (1u << 8)
#define SECURITY_LOCK	  (1u << 16)
#define DEFAULT_VARY	  0x7f80u

struct client {
	struct sim_tegra_mc_client boot;
	bool live;
	uint8_t override;
	uint32_t security;
};

struct sim_tegra_mc {
	struct sim_tegra_mc_config config;
	struct client client[NR_IDS];
	sim2_report_fn report;
	void *report_ctx;
	struct sim2_mmio_faults faults;
	struct sim_tegra_mc_stats stats;
	uint32_t transactions; /* varies the upper stream ID bits */
};

__attribute__((format(printf, 2, 3))) static void
mc_report(const struct sim_tegra_mc *mc, const char *fmt, ...)
{
	char text[160];
	va_list ap;

	if (!mc->report)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	mc->report(mc->report_ctx, text);
}

static bool list_clients(struct sim_tegra_mc *mc)
{
	const struct sim_tegra_mc_config *c = &mc->config;

	for (size_t i = 0; i < c->nr_clients; i++) {
		const struct sim_tegra_mc_client *boot = &c->clients[i];

		if (boot->id >= NR_IDS || mc->client[boot->id].live ||
		    boot->block >= SIM_TEGRA_MC_BLOCKS)
			return false;
		mc->client[boot->id].boot = *boot;
		mc->client[boot->id].live = true;
	}
	for (uint32_t i = 0; i < NR_IDS; i++) {
		if (mc->client[i].live)
			continue;
		mc->client[i].boot = c->unlisted;
		mc->client[i].boot.id = i;
		mc->client[i].live = c->unlisted_live;
	}
	return c->unlisted.block < SIM_TEGRA_MC_BLOCKS;
}

struct sim_tegra_mc *
sim_tegra_mc_create(const struct sim_tegra_mc_config *config)
{
	struct sim_tegra_mc *mc = calloc(1, sizeof(*mc));

	if (!mc)
		return NULL;
	mc->config = *config;
	if (!mc->config.vary)
		mc->config.vary = DEFAULT_VARY;
	if (!list_clients(mc)) {
		free(mc);
		return NULL;
	}
	mc->config.clients = NULL;
	sim_tegra_mc_power_cycle(mc);
	return mc;
}

void sim_tegra_mc_destroy(struct sim_tegra_mc *mc)
{
	free(mc);
}

void sim_tegra_mc_on_report(struct sim_tegra_mc *mc, sim2_report_fn fn,
			    void *ctx)
{
	mc->report = fn;
	mc->report_ctx = ctx;
}

void sim_tegra_mc_set_faults(struct sim_tegra_mc *mc,
			     const struct sim2_mmio_faults *faults)
{
	mc->faults = *faults;
}

bool sim_tegra_mc_faulty(const struct sim_tegra_mc *mc)
{
	return sim2_mmio_faulty(&mc->faults);
}

void sim_tegra_mc_stats(const struct sim_tegra_mc *mc,
			struct sim_tegra_mc_stats *stats)
{
	*stats = mc->stats;
}

void sim_tegra_mc_power_cycle(struct sim_tegra_mc *mc)
{
	for (uint32_t i = 0; i < NR_IDS; i++) {
		struct client *c = &mc->client[i];

		c->override = c->boot.fw_sid;
		c->security = (c->boot.fw_override ? SECURITY_OVERRIDE : 0) |
			      (c->boot.fw_locked ? SECURITY_LOCK : 0);
	}
}

static bool access_ok(const struct sim_tegra_mc *mc, uint32_t offset,
		      unsigned int width)
{
	if (width == 4 && offset % 4 == 0 && offset < SIM_TEGRA_MC_SIZE)
		return true;
	mc_report(mc, "MC access of %u bytes at %#x", width, offset);
	return false;
}

uint32_t sim_tegra_mc_read(struct sim_tegra_mc *mc, uint32_t offset,
			   unsigned int width)
{
	const struct client *c;

	mc->stats.mmio_reads++;
	if (mc->faults.dead)
		return UINT32_MAX;
	if (!access_ok(mc, offset, width))
		return 0;
	c = &mc->client[offset / 8];
	return offset & 4 ? c->security : c->override;
}

/* Look at a client whose route has just changed. */
static void check_override(struct sim_tegra_mc *mc, uint32_t id)
{
	struct sim_tegra_mc_route r;
	struct sim_smmuv2 *smmu;

	if (!sim_tegra_mc_route(mc, id, &r) || !r.overridden)
		return;
	if (r.bypass) {
		mc_report(mc, "client %#x is routed around the SMMU", id);
		return;
	}
	smmu = mc->config.smmu[r.block];
	if (r.sid != SIM_TEGRA_MC_DENY &&
	    !sim_smmuv2_serves(smmu, r.sid, mc->config.vary))
		mc_report(mc,
			  "client %#x is overridden to SID %#x before a "
			  "context bank is ready for it",
			  id, r.sid);
}

void sim_tegra_mc_write(struct sim_tegra_mc *mc, uint32_t offset,
			unsigned int width, uint32_t value)
{
	const struct sim2_mmio_faults *f = &mc->faults;
	struct client *c;

	mc->stats.mmio_writes++;
	if (f->dead || f->ignore_writes ||
	    (f->ignore_one && f->ignore_offset == offset))
		return;
	if (!access_ok(mc, offset, width))
		return;
	c = &mc->client[offset / 8];
	if (c->security & SECURITY_LOCK) {
		mc->stats.locked_writes++;
		return;
	}
	if (offset & 4)
		c->security = value & (SECURITY_OVERRIDE | SECURITY_LOCK);
	else
		c->override = (uint8_t)value;
	check_override(mc, offset / 8);
}

bool sim_tegra_mc_route(const struct sim_tegra_mc *mc, uint32_t client,
			struct sim_tegra_mc_route *route)
{
	const struct client *c;

	if (client >= NR_IDS || !mc->client[client].live)
		return false;
	c = &mc->client[client];
	*route = (struct sim_tegra_mc_route){
		.client = client,
		.block = c->boot.block,
		.overridden = c->security & SECURITY_OVERRIDE,
		.locked = c->security & SECURITY_LOCK,
	};
	route->sid = (route->overridden ? c->override : c->boot.native_sid) &
		     0x7f;
	route->bypass = route->sid == SIM_TEGRA_MC_PASS ||
			!mc->config.smmu[route->block];
	return true;
}

void sim_tegra_mc_for_each_route(const struct sim_tegra_mc *mc,
				 sim_tegra_mc_route_fn fn, void *ctx)
{
	struct sim_tegra_mc_route r;

	for (uint32_t i = 0; i < NR_IDS; i++)
		if (sim_tegra_mc_route(mc, i, &r))
			fn(ctx, &r);
}

unsigned int sim_tegra_mc_check(struct sim_tegra_mc *mc)
{
	struct sim_tegra_mc_route r;
	unsigned int nr = 0;

	for (uint32_t i = 0; i < NR_IDS; i++) {
		const char *why = NULL;

		if (!sim_tegra_mc_route(mc, i, &r))
			continue;
		if (!r.overridden)
			why = "is not overridden";
		else if (r.bypass)
			why = "is routed around the SMMU";
		else if (r.sid != SIM_TEGRA_MC_DENY &&
			 !sim_smmuv2_serves(mc->config.smmu[r.block], r.sid,
					    mc->config.vary))
			why = "is overridden to a SID that does not translate";
		if (!why)
			continue;
		mc_report(mc, "client %#x %s", i, why);
		nr++;
	}
	return nr;
}

/* The stream ID of the next transaction: its upper bits are anything. */
static uint32_t stream_id(struct sim_tegra_mc *mc, uint8_t sid)
{
	uint32_t noise = ++mc->transactions * 0x9e3779b1u;

	return sid | (noise >> 8 & mc->config.vary);
}

static enum sim2_dma_result around(const struct sim_tegra_mc *mc,
				   const struct sim2_access *a, uint64_t *done)
{
	int bad = a->write ? sim_mem_dev_write(mc->config.mem, a->iova, a->buf,
					       a->len)
			   : sim_mem_dev_read(mc->config.mem, a->iova, a->buf,
					      a->len);

	if (done)
		*done = bad ? 0 : a->len;
	return bad ? SIM2_DMA_BUS : SIM2_DMA_OK;
}

enum sim2_dma_result sim_tegra_mc_dma(struct sim_tegra_mc *mc,
				      const struct sim2_access *a,
				      uint64_t *done)
{
	struct sim2_access stream = *a;
	struct sim_tegra_mc_route r;

	if (done)
		*done = 0;
	if (!sim_tegra_mc_route(mc, a->id, &r))
		return SIM2_DMA_ABORT;
	if (r.bypass)
		return around(mc, a, done);
	stream.id = stream_id(mc, r.sid);
	return sim_smmuv2_dma(mc->config.smmu[r.block], &stream, done);
}

enum sim2_dma_result sim_tegra_mc_translate(struct sim_tegra_mc *mc,
					    const struct sim2_access *a,
					    uint64_t *pa)
{
	struct sim2_access stream = *a;
	struct sim_tegra_mc_route r;

	if (!sim_tegra_mc_route(mc, a->id, &r))
		return SIM2_DMA_ABORT;
	if (r.bypass) {
		*pa = a->iova;
		return SIM2_DMA_OK;
	}
	stream.id = stream_id(mc, r.sid);
	return sim_smmuv2_translate(mc->config.smmu[r.block], &stream, pa);
}

/* ---- reach: each (block, SID) is enumerated once for all its clients --- */

struct reach_ctx {
	sim2_reach_fn fn;
	void *ctx;
	uint8_t block;
	uint16_t first; /* client, chained through next */
	uint16_t head[NR_KEYS], next[NR_IDS];
};

static void reach_around(const struct reach_ctx *rc,
			 const struct sim_tegra_mc_route *r)
{
	struct sim2_reach reach = {
		.client = r->client,
		.sid = r->sid,
		.context = SIM2_NONE,
		.block = r->block,
		.size = UINT64_MAX,
		.read = true,
		.write = true,
		.bypass = true,
	};

	rc->fn(rc->ctx, &reach);
}

static void sort_route(void *ctx, const struct sim_tegra_mc_route *r)
{
	struct reach_ctx *rc = ctx;
	uint32_t key = r->block * 128u + r->sid;

	if (r->bypass) {
		reach_around(rc, r);
		return;
	}
	rc->next[r->client] = rc->head[key];
	rc->head[key] = (uint16_t)r->client;
}

static void reach_stream(void *ctx, const struct sim2_reach *reach)
{
	const struct reach_ctx *rc = ctx;
	struct sim2_reach r = *reach;

	r.block = rc->block;
	for (uint16_t c = rc->first; c != END; c = rc->next[c]) {
		r.client = c;
		rc->fn(rc->ctx, &r);
	}
}

void sim_tegra_mc_for_each_reach(struct sim_tegra_mc *mc, sim2_reach_fn fn,
				 void *ctx)
{
	struct reach_ctx rc;

	rc.fn = fn;
	rc.ctx = ctx;
	memset(rc.head, 0xff, sizeof(rc.head));
	sim_tegra_mc_for_each_route(mc, sort_route, &rc);
	for (uint32_t key = 0; key < NR_KEYS; key++) {
		rc.first = rc.head[key];
		rc.block = (uint8_t)(key / 128);
		if (rc.first != END)
			sim_smmuv2_for_each_reach_of(mc->config.smmu[rc.block],
						     key % 128, mc->config.vary,
						     reach_stream, &rc);
	}
}
