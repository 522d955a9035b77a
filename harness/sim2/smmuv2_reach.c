/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Speculation, and the lists of all that is reachable without it. */
#include "smmuv2_internal.h"

#define ALL_SIDS 0xffffu

typedef void (*inst_fn)(struct v2_inst *in, const struct v2_xlate *x,
			void *ctx);

static void for_each(struct sim_smmuv2 *smmu, uint32_t sid, uint32_t dont_care,
		     bool peek, inst_fn fn, void *ctx)
{
	for (unsigned int i = 0; i < smmu->config.instances; i++) {
		struct v2_inst *in = &smmu->inst[i];

		in->walker.peek = peek;
		v2_for_each_xlate(in, sid, dont_care, fn, ctx);
		in->walker.peek = false;
	}
}

/* The same of lookups under way. */
static void for_each_late(struct sim_smmuv2 *smmu, uint32_t sid,
			  uint32_t dont_care, bool peek, inst_fn fn, void *ctx)
{
	for (unsigned int i = 0; i < smmu->config.instances; i++) {
		struct v2_inst *in = &smmu->inst[i];

		in->walker.peek = peek;
		v2_late_for_each(in, sid, dont_care, fn, ctx);
		in->walker.peek = false;
	}
}

static void speculate(struct v2_inst *in, const struct v2_xlate *x, void *ctx)
{
	(void)ctx;
	if (x->kind == V2_WALK)
		walk_tree(&in->walker, &x->walk, NULL);
}

void sim_smmuv2_speculate(struct sim_smmuv2 *smmu)
{
	for_each(smmu, 0, ALL_SIDS, false, speculate, NULL);
	for_each_late(smmu, 0, ALL_SIDS, false, speculate, NULL);
}

struct reach_ctx {
	sim2_reach_fn fn;
	void *ctx;
	const struct v2_inst *in;
	const struct v2_xlate *x;
};

static struct sim2_reach blank(const struct v2_inst *in,
			       const struct v2_xlate *x)
{
	return (struct sim2_reach){
		.client = SIM2_NONE,
		.sid = x->sid,
		.sid_mask = x->sid_mask,
		.context = x->bank,
		.instance = (uint8_t)in->nr,
	};
}

static void tell(const struct reach_ctx *rc, const struct tlb_entry *e,
		 bool cached)
{
	const struct v2_xlate *x = rc->x;
	unsigned int r = (x->unpriv ? VMSA_UR : 0) | (x->priv ? VMSA_PR : 0);
	unsigned int w = (x->unpriv ? VMSA_UW : 0) | (x->priv ? VMSA_PW : 0);
	struct sim2_reach reach = blank(rc->in, x);

	reach.iova = e->ia;
	reach.pa = e->pa;
	reach.size = BIT64(e->shift);
	reach.read = e->perms & r;
	reach.write = e->perms & w;
	reach.attrs = walk_attrs(&x->walk.regime, e->perms, e->attr, x->priv,
				 x->unpriv);
	reach.cached = cached;
	if (reach.read || reach.write || reach.attrs.execute)
		rc->fn(rc->ctx, &reach);
}

static void reach_leaf(void *ctx, const struct vmsa_leaf *leaf, bool cached)
{
	const struct reach_ctx *rc = ctx;
	struct tlb_entry e = walk_leaf_entry(&rc->x->walk, leaf);

	tell(rc, &e, cached);
}

static void reach_entry(void *ctx, const struct tlb_entry *e)
{
	tell(ctx, e, true);
}

static void reach_xlate(struct v2_inst *in, const struct v2_xlate *x, void *ctx)
{
	struct reach_ctx *rc = ctx;
	const struct walk_visitor v = {
		.leaf = reach_leaf,
		.entry = reach_entry,
		.ctx = rc,
	};

	rc->in = in;
	rc->x = x;
	if (x->kind == V2_BYPASS) {
		struct sim2_reach reach = blank(in, x);

		reach.size = UINT64_MAX;
		reach.read = reach.write = reach.bypass = true;
		rc->fn(rc->ctx, &reach);
	}
	if (x->kind == V2_WALK)
		walk_tree(&in->walker, &x->walk, &v);
}

void sim_smmuv2_for_each_reach_of(struct sim_smmuv2 *smmu, uint32_t sid,
				  uint32_t dont_care, sim2_reach_fn fn,
				  void *ctx)
{
	struct reach_ctx rc = { fn, ctx, NULL, NULL };

	for_each(smmu, sid, dont_care, true, reach_xlate, &rc);
	for_each_late(smmu, sid, dont_care, true, reach_xlate, &rc);
}

void sim_smmuv2_for_each_reach(struct sim_smmuv2 *smmu, sim2_reach_fn fn,
			       void *ctx)
{
	sim_smmuv2_for_each_reach_of(smmu, 0, ALL_SIDS, fn, ctx);
}

struct table_ctx {
	sim2_table_fn fn;
	void *ctx;
	const struct v2_inst *in;
	const struct v2_xlate *x;
};

static void tell_table(void *ctx, const struct vmsa_table *table, bool cached)
{
	const struct table_ctx *tc = ctx;
	struct sim2_table t = {
		.pa = table->pa,
		.size = walk_table_size(&tc->x->walk.regime, table),
		.context = tc->x->bank,
		.instance = (uint8_t)tc->in->nr,
		.cached = cached,
	};

	tc->fn(tc->ctx, &t);
}

static void tables_of(struct v2_inst *in, const struct v2_xlate *x, void *ctx)
{
	struct table_ctx *tc = ctx;
	const struct walk_visitor v = { .table = tell_table, .ctx = ctx };

	tc->in = in;
	tc->x = x;
	if (x->kind == V2_WALK)
		walk_tree(&in->walker, &x->walk, &v);
}

void sim_smmuv2_for_each_table(struct sim_smmuv2 *smmu, sim2_table_fn fn,
			       void *ctx)
{
	struct table_ctx tc = { fn, ctx, NULL, NULL };

	for_each(smmu, 0, ALL_SIDS, true, tables_of, &tc);
}

static void count_walks(struct v2_inst *in, const struct v2_xlate *x, void *ctx)
{
	unsigned int *walks = ctx;

	if (x->kind == V2_WALK)
		*walks |= 1u << in->nr;
}

bool sim_smmuv2_serves(struct sim_smmuv2 *smmu, uint32_t sid,
		       uint32_t dont_care)
{
	unsigned int walks = 0;

	for_each(smmu, sid, dont_care, true, count_walks, &walks);
	return walks == (1u << smmu->config.instances) - 1;
}
