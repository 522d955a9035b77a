/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * All leaves of a regime. Every descriptor whose last store is unpublished is
 * followed both ways, as hardware may read each word before or after the
 * store on its own.
 */
#include "smmuv3_internal.h"

#define LEAF_BUDGET (UINT64_C(1) << 22) /* of descriptors: tables that loop */
#define FRAME_WORDS 512u

struct tree {
	struct sim_smmuv3 *smmu;
	const struct xlate *x;
	leaf_fn fn;
	void *ctx;
	uint64_t gen;
	uint64_t budget;
	bool cached;
};

static void do_table(struct tree *t, const struct vmsa_table *table,
		     uint64_t seq);

/* Note the pointer in the walk cache, or find it there. True: go on in. */
static bool enter(struct tree *t, const struct vmsa_table *table, uint64_t seq)
{
	struct tlb *walks = &t->smmu->walks;
	struct tlb_entry e;
	uint32_t idx;

	if (t->smmu->peek) {
		e = fill_walk_entry(t->x, table);
		idx = tlb_find(walks, &e);
		if (idx)
			walks->entries[idx].stamp = t->gen;
		return true;
	}
	idx = fill_table(t->smmu, t->x, table, seq);
	if (walks->entries[idx].stamp == t->gen)
		return false;
	walks->entries[idx].stamp = t->gen;
	return true;
}

static void do_entry(struct tree *t, const struct vmsa_table *table,
		     uint64_t index, uint64_t desc, uint64_t seq)
{
	struct vmsa_entry e;

	vmsa_decode(&t->x->regime, table, index, desc, &e);
	if (e.kind == VMSA_IS_TABLE) {
		if (enter(t, &e.table, seq))
			do_table(t, &e.table, seq);
		return;
	}
	if (e.kind != VMSA_IS_LEAF)
		return;
	fill_widen(t->smmu, t->x, table, &e.leaf);
	if (!t->smmu->peek)
		fill_leaf(t->smmu, t->x, &e.leaf, seq);
	if (t->fn)
		t->fn(t->smmu, t->x, &e.leaf, t->cached, t->ctx);
}

static void do_table(struct tree *t, const struct vmsa_table *table,
		     uint64_t seq)
{
	const struct sim_mem *mem = t->smmu->mem;
	uint64_t nr = vmsa_nr_entries(&t->x->regime, table);
	const uint64_t *words;
	bool dirty = false;

	if (!sim_mem_has(mem, table->pa, nr * 8) || t->budget < nr)
		return;
	t->budget -= nr;
	words = sim_mem_ptr(mem, table->pa);
	for (uint64_t i = 0; i < nr; i++) {
		uint64_t pa = table->pa + i * 8, old;

		if (i == 0 || pa % (FRAME_WORDS * 8) == 0)
			dirty = sim_mem_frame_unpublished(mem, pa);
		if (words[i] & 1)
			do_entry(t, table, i, words[i], seq);
		if (!dirty || sim_mem_dev_read64(mem, pa, SIM_VIEW_OLD, &old) ||
		    old == words[i] || !(old & 1))
			continue;
		do_entry(t, table, i, old, seq);
	}
}

/* Pointers held that the walk from the root did not come across. */
static void do_stale(struct tree *t)
{
	struct tlb *walks = &t->smmu->walks;

	t->cached = true;
	for (uint32_t i = 1; i < walks->nr; i++) {
		const struct tlb_entry *e = &walks->entries[i];
		struct vmsa_table table;
		uint64_t seq;

		if (!e->used || e->stamp == t->gen ||
		    e->granule != t->x->regime.granule ||
		    !tlb_tag_hits(&t->x->tag, &e->tag))
			continue;
		table = (struct vmsa_table){ .pa = e->pa,
					     .ia = e->ia,
					     .level = e->level,
					     .shift = e->shift,
					     .ap = e->perms };
		seq = e->seq; /* what hangs off it is no newer */
		walks->entries[i].stamp = t->gen;
		do_table(t, &table, seq);
	}
}

void tree_for_each(struct sim_smmuv3 *smmu, const struct xlate *x, leaf_fn fn,
		   void *ctx)
{
	struct tree t = {
		.smmu = smmu,
		.x = x,
		.fn = fn,
		.ctx = ctx,
		.gen = ++smmu->gen,
		.budget = LEAF_BUDGET,
		.cached = x->cached,
	};
	struct vmsa_table root;

	if (x->kind != XLATE_WALK || x->regime.ia_bits == 0)
		return;
	root = vmsa_root(&x->regime);
	do_table(&t, &root, smmu->now);
	do_stale(&t);
}
