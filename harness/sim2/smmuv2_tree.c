/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * All leaves of a translation. A descriptor whose last store is unpublished is
 * followed both ways, as hardware may read it before or after the store.
 */
#include "smmuv2_internal.h"

#define BUDGET (UINT64_C(1) << 22) /* of descriptors: tables that loop */

struct tree {
	struct v2_inst *in;
	const struct v2_xlate *x;
	const struct v2_visitor *visitor;
	uint64_t gen;
	uint64_t budget;
	bool cached;
};

static void do_table(struct tree *t, const struct vmsa_table *table,
		     uint64_t seq);

/* Note the pointer in the walk cache, or find it there. True: go on in. */
static bool enter(struct tree *t, const struct vmsa_table *table, uint64_t seq)
{
	struct tlb *walks = &t->in->walks;
	struct tlb_entry e;
	uint32_t idx;

	if (t->in->peek) {
		e = v2_table_entry(t->x, table);
		idx = tlb_find(walks, &e);
		if (idx)
			walks->entries[idx].stamp = t->gen;
		return true;
	}
	idx = v2_fill_table(t->in, t->x, table, seq);
	if (walks->entries[idx].stamp == t->gen)
		return false;
	walks->entries[idx].stamp = t->gen;
	return true;
}

static void do_entry(struct tree *t, const struct vmsa_table *table,
		     uint64_t index, uint64_t desc, uint64_t seq)
{
	const struct v2_visitor *v = t->visitor;
	struct vmsa_entry e;

	v2_decode(&t->x->regime, table, index, desc, &e);
	if (e.kind == VMSA_IS_TABLE) {
		if (enter(t, &e.table, seq))
			do_table(t, &e.table, seq);
		return;
	}
	if (e.kind != VMSA_IS_LEAF)
		return;
	v2_fill_widen(t->in, t->x, table, &e.leaf);
	if (!t->in->peek)
		v2_fill_leaf(t->in, t->x, &e.leaf, seq);
	if (v && v->leaf)
		v->leaf(t->in, t->x, &e.leaf, t->cached, v->ctx);
}

static void do_word(struct tree *t, const struct vmsa_table *table,
		    uint64_t index, bool dirty, uint64_t seq)
{
	const struct v2_regime *r = &t->x->regime;
	uint64_t desc, old;

	if (v2_fetch(t->in, r, table, index, SIM_VIEW_NEW, &desc))
		return;
	if (desc)
		do_entry(t, table, index, desc, seq);
	if (!dirty || v2_fetch(t->in, r, table, index, SIM_VIEW_OLD, &old) ||
	    old == desc || !old)
		return;
	do_entry(t, table, index, old, seq);
}

static void do_table(struct tree *t, const struct vmsa_table *table,
		     uint64_t seq)
{
	const struct v2_visitor *v = t->visitor;
	const struct sim_mem *mem = t->in->smmu->mem;
	uint64_t nr = v2_nr_entries(&t->x->regime, table);
	uint64_t size = v2_entry_size(&t->x->regime);
	const char *host = sim_mem_ptr(mem, table->pa);
	bool dirty = false;

	v2_check_freed(t->in, t->x, table);
	if (v && v->table)
		v->table(t->in, t->x, table, t->cached, v->ctx);
	if (!sim_mem_has(mem, table->pa, nr * size) || t->budget < nr)
		return;
	t->budget -= nr;
	for (uint64_t i = 0; i < nr; i++) {
		uint64_t pa = table->pa + i * size;

		if (i == 0 || pa % 4096 == 0)
			dirty = sim_mem_frame_unpublished(mem, pa);
		/* Most are empty; only those of a dirty frame may not be. */
		if (!dirty && !(host[i * size] & 3))
			continue;
		do_word(t, table, i, dirty, seq);
	}
}

/* Pointers held that the walk from the root did not come across. */
static void do_stale(struct tree *t)
{
	struct tlb *walks = &t->in->walks;

	t->cached = true;
	for (uint32_t i = 1; i < walks->nr; i++) {
		const struct tlb_entry *e = &walks->entries[i];
		struct vmsa_table table;
		uint64_t seq;

		if (!e->used || e->stamp == t->gen ||
		    e->granule != v2_granule(&t->x->regime) ||
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

void v2_tree_for_each(struct v2_inst *in, const struct v2_xlate *x,
		      const struct v2_visitor *visitor)
{
	struct tree t = {
		.in = in,
		.x = x,
		.visitor = visitor,
		.gen = ++in->gen,
		.budget = BUDGET,
	};
	struct vmsa_table root;

	if (x->kind != V2_WALK || x->regime.v8.ia_bits == 0)
		return;
	root = v2_root(&x->regime);
	do_table(&t, &root, in->now);
	do_stale(&t);
}
