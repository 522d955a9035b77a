/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Lists of all that is reachable; each ASID is walked once for its clients. */
#include "tegra_smmu_internal.h"

struct reach_ctx {
	sim2_reach_fn fn;
	void *ctx;
	uint16_t asid;
};

static void tell(struct sim_tegra_smmu *smmu, const struct reach_ctx *rc,
		 struct sim2_reach *reach)
{
	for (size_t i = 0; i < smmu->config.nr_clients; i++) {
		const struct sim_tegra_smmu_client *c = &smmu->clients[i];
		uint16_t asid;

		if (ts_route(smmu, c, &asid) != TS_WALK || asid != rc->asid)
			continue;
		reach->client = c->id;
		rc->fn(rc->ctx, reach);
	}
}

static void reach_leaf(struct sim_tegra_smmu *smmu, const struct tlb_entry *e,
		       bool cached, void *ctx)
{
	const struct reach_ctx *rc = ctx;
	struct sim2_reach reach = {
		.sid = SIM2_NONE,
		.context = rc->asid,
		.iova = e->ia,
		.pa = e->pa,
		.size = UINT64_C(1) << e->shift,
		.read = e->perms & VMSA_UR,
		.write = e->perms & VMSA_UW,
		.cached = cached,
	};
	uint32_t idx = tlb_find(&smmu->tlb, e);

	if (idx) /* told now, no need to tell the TLB entry again */
		smmu->tlb.entries[idx].stamp = smmu->gen;
	tell(smmu, rc, &reach);
}

static void reach_asid(struct sim_tegra_smmu *smmu, uint16_t asid, void *ctx)
{
	struct reach_ctx *rc = ctx;
	const struct ts_visitor v = { .leaf = reach_leaf, .ctx = ctx };

	rc->asid = asid;
	smmu->gen++;
	ts_tree(smmu, asid, TS_PEEK, &v);
	for (uint32_t i = 1; i < smmu->tlb.nr; i++) {
		const struct tlb_entry *e = &smmu->tlb.entries[i];

		if (e->used && e->tag.asid == asid && e->stamp != smmu->gen)
			reach_leaf(smmu, e, true, ctx);
	}
}

static void reach_around(struct sim_tegra_smmu *smmu,
			 const struct reach_ctx *rc)
{
	for (size_t i = 0; i < smmu->config.nr_clients; i++) {
		struct sim2_reach reach = {
			.client = smmu->clients[i].id,
			.sid = SIM2_NONE,
			.context = SIM2_NONE,
			.size = UINT64_MAX,
			.read = true,
			.write = true,
			.bypass = true,
		};
		uint16_t asid;

		if (ts_route(smmu, &smmu->clients[i], &asid) == TS_BYPASS)
			rc->fn(rc->ctx, &reach);
	}
}

void sim_tegra_smmu_for_each_reach(struct sim_tegra_smmu *smmu,
				   sim2_reach_fn fn, void *ctx)
{
	struct reach_ctx rc = { .fn = fn, .ctx = ctx };

	reach_around(smmu, &rc);
	ts_for_each_asid(smmu, reach_asid, &rc);
}

struct table_ctx {
	sim2_table_fn fn;
	void *ctx;
	uint16_t asid;
};

static void tell_table(struct sim_tegra_smmu *smmu, uint64_t pa, bool cached,
		       void *ctx)
{
	const struct table_ctx *tc = ctx;
	struct sim2_table t = {
		.pa = pa,
		.size = TS_ENTRIES * 4,
		.context = tc->asid,
		.cached = cached,
	};

	(void)smmu;
	tc->fn(tc->ctx, &t);
}

static void tables_of(struct sim_tegra_smmu *smmu, uint16_t asid, void *ctx)
{
	struct table_ctx *tc = ctx;
	const struct ts_visitor v = { .table = tell_table, .ctx = ctx };

	tc->asid = asid;
	ts_tree(smmu, asid, TS_PEEK, &v);
}

void sim_tegra_smmu_for_each_table(struct sim_tegra_smmu *smmu,
				   sim2_table_fn fn, void *ctx)
{
	struct table_ctx tc = { .fn = fn, .ctx = ctx };

	ts_for_each_asid(smmu, tables_of, &tc);
}
