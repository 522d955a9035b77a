/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Speculation, and the list of all that is reachable without it. */
#include "smmuv3_internal.h"

static void speculate_xlate(struct sim_smmuv3 *smmu, const struct xlate *x,
			    void *ctx)
{
	(void)ctx;
	if (x->kind == XLATE_WALK)
		walk_tree(&smmu->walker, &x->walk, NULL);
}

static void speculate_sid(struct sim_smmuv3 *smmu, uint32_t sid, void *ctx)
{
	stream_for_each(smmu, sid, speculate_xlate, ctx);
}

void sim_smmuv3_speculate(struct sim_smmuv3 *smmu)
{
	if (!cr0_maybe(smmu, CR0_SMMUEN) || smmu->faults.dead)
		return;
	stream_for_each_sid(smmu, speculate_sid, NULL);
}

struct reach_ctx {
	sim_reach_fn fn;
	void *ctx;
	const struct xlate *x;
};

static void report_reach(const struct reach_ctx *rc, const struct tlb_entry *e,
			 bool cached)
{
	const struct xlate *x = rc->x;
	unsigned int r = (x->unpriv ? VMSA_UR : 0) | (x->priv ? VMSA_PR : 0);
	unsigned int w = (x->unpriv ? VMSA_UW : 0) | (x->priv ? VMSA_PW : 0);
	struct sim_reach reach = {
		.sid = x->sid,
		.iova = e->ia,
		.pa = e->pa,
		.size = BIT64(e->shift),
		.read = e->perms & r,
		.write = e->perms & w,
		.attrs = walk_attrs(&x->walk.regime, e->perms, e->attr, x->priv,
				    x->unpriv),
		.cached = cached,
	};

	if (reach.read || reach.write || reach.attrs.execute)
		rc->fn(rc->ctx, &reach);
}

static void report_bypass(const struct reach_ctx *rc, uint32_t sid, bool cached)
{
	struct sim_reach reach = {
		.sid = sid,
		.size = UINT64_MAX,
		.read = true,
		.write = true,
		.cached = cached,
		.bypass = true,
	};

	rc->fn(rc->ctx, &reach);
}

static void reach_leaf(void *ctx, const struct vmsa_leaf *leaf, bool cached)
{
	const struct reach_ctx *rc = ctx;
	struct tlb_entry e = walk_leaf_entry(&rc->x->walk, leaf);

	report_reach(rc, &e, cached);
}

static void reach_entry(void *ctx, const struct tlb_entry *e)
{
	report_reach(ctx, e, true);
}

static void reach_xlate(struct sim_smmuv3 *smmu, const struct xlate *x,
			void *ctx)
{
	struct reach_ctx *rc = ctx;
	const struct walk_visitor v = {
		.leaf = reach_leaf,
		.entry = reach_entry,
		.ctx = rc,
	};

	rc->x = x;
	if (x->kind == XLATE_BYPASS)
		report_bypass(rc, x->sid, x->walk.cached);
	if (x->kind == XLATE_WALK)
		walk_tree(&smmu->walker, &x->walk, &v);
}

static void reach_sid(struct sim_smmuv3 *smmu, uint32_t sid, void *ctx)
{
	stream_for_each(smmu, sid, reach_xlate, ctx);
}

void sim_smmuv3_for_each_reach(struct sim_smmuv3 *smmu, sim_reach_fn fn,
			       void *ctx)
{
	struct reach_ctx rc = { fn, ctx, NULL };
	bool off = !(reg_get(smmu, CR0) & CR0_SMMUEN) ||
		   !(smmu->cr0ack & CR0_SMMUEN);

	if (off && gbpa_may_bypass(smmu))
		report_bypass(&rc, UINT32_MAX, false);
	if (!cr0_maybe(smmu, CR0_SMMUEN))
		return;
	smmu->walker.peek = true;
	stream_for_each_sid(smmu, reach_sid, &rc);
	smmu->walker.peek = false;
	cfg_drop_temp(smmu);
}
