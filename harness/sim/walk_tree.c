/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * All leaves of a translation. A descriptor whose last store is unpublished is
 * followed both ways, as hardware may read it before or after the store.
 */
#include "walker.h"

#define BUDGET (UINT64_C(1) << 22) /* of descriptors: tables that loop */
#define FRAME  4096u

struct tree {
	struct walker *w;
	const struct walk_context *c;
	const struct walk_visitor *visitor;
	uint64_t budget;
	bool cached;
};

static void do_table(struct tree *t, const struct vmsa_table *table,
		     uint64_t seq);

/* Note the pointer in the walk cache, or find it there. True: go on in. */
static bool enter(struct tree *t, const struct vmsa_table *table, uint64_t seq)
{
	struct tlb *walks = &t->w->walks;
	struct tlb_entry e;
	uint32_t idx;

	if (t->w->peek) {
		e = walk_table_entry(t->c, table);
		idx = tlb_find(walks, &e);
		if (idx)
			walks->entries[idx].stamp = t->w->gen;
		return true;
	}
	idx = walk_fill_table(t->w, t->c, table, seq);
	if (walks->entries[idx].stamp == t->w->gen)
		return false;
	walks->entries[idx].stamp = t->w->gen;
	return true;
}

/* The TLB entry that is the same need not be told again. */
static void do_leaf(struct tree *t, const struct vmsa_leaf *leaf, uint64_t seq)
{
	const struct walk_visitor *v = t->visitor;
	struct tlb_entry e;
	uint32_t idx;

	if (!t->w->peek)
		walk_fill_leaf(t->w, t->c, leaf, seq);
	if (!v || !v->leaf)
		return;
	e = walk_leaf_entry(t->c, leaf);
	idx = tlb_find(&t->w->leaves, &e);
	if (idx)
		t->w->leaves.entries[idx].stamp = t->w->gen;
	v->leaf(v->ctx, leaf, t->cached);
}

static void do_entry(struct tree *t, const struct vmsa_table *table,
		     uint64_t index, uint64_t desc, uint64_t seq)
{
	struct vmsa_entry e;

	walk_decode(&t->c->regime, table, index, desc, &e);
	walk_object(t->w, &e,
		    table->pa + index * walk_entry_size(&t->c->regime));
	if (e.kind == VMSA_IS_TABLE && enter(t, &e.table, seq))
		do_table(t, &e.table, seq);
	if (e.kind != VMSA_IS_LEAF)
		return;
	walk_widen(t->w, t->c, table, &e.leaf);
	do_leaf(t, &e.leaf, seq);
}

static void do_word(struct tree *t, const struct vmsa_table *table,
		    uint64_t index, bool dirty, uint64_t seq)
{
	const struct sim_mem *mem = t->w->mem;
	const struct walk_regime *r = &t->c->regime;
	uint64_t desc, old;

	if (walk_fetch(mem, r, table, index, SIM_VIEW_NEW, &desc))
		return;
	if (desc)
		do_entry(t, table, index, desc, seq);
	if (!dirty || walk_fetch(mem, r, table, index, SIM_VIEW_OLD, &old) ||
	    old == desc || !old)
		return;
	do_entry(t, table, index, old, seq);
}

static void do_table(struct tree *t, const struct vmsa_table *table,
		     uint64_t seq)
{
	const struct walk_visitor *v = t->visitor;
	const struct sim_mem *mem = t->w->mem;
	uint64_t nr = walk_entries(&t->c->regime, table);
	uint64_t size = walk_entry_size(&t->c->regime);
	const char *host = sim_mem_ptr(mem, table->pa);
	bool dirty = false;

	if (t->w->reads)
		t->w->reads(t->w->owner, table, nr * size);
	if (v && v->table)
		v->table(v->ctx, table, t->cached);
	if (!sim_mem_has(mem, table->pa, nr * size) || t->budget < nr)
		return;
	t->budget -= nr;
	for (uint64_t i = 0; i < nr; i++) {
		uint64_t pa = table->pa + i * size;

		if (i == 0 || pa % FRAME == 0)
			dirty = sim_mem_frame_unpublished(mem, pa);
		/* Most are empty; only those of a dirty frame may not be. */
		if (dirty || host[i * size] & 3)
			do_word(t, table, i, dirty, seq);
	}
}

/* Pointers held that the walk from the root did not come across. */
static void do_stale(struct tree *t)
{
	struct tlb *walks = &t->w->walks;

	t->cached = true;
	for (uint32_t i = 1; i < walks->nr; i++) {
		const struct tlb_entry *e = &walks->entries[i];
		struct vmsa_table table;
		uint64_t seq;

		if (!e->used || e->stamp == t->w->gen ||
		    e->granule != walk_granule(&t->c->regime) ||
		    !tlb_tag_hits(&t->c->tag, &e->tag))
			continue;
		table = walk_entry_table(e);
		seq = e->seq; /* what hangs off it is no newer */
		walks->entries[i].stamp = t->w->gen;
		do_table(t, &table, seq);
	}
}

static void do_entries(const struct tree *t)
{
	const struct tlb *leaves = &t->w->leaves;

	for (uint32_t i = 1; i < leaves->nr; i++) {
		const struct tlb_entry *e = &leaves->entries[i];

		if (e->used && e->stamp != t->w->gen &&
		    tlb_tag_hits(&t->c->tag, &e->tag))
			t->visitor->entry(t->visitor->ctx, e);
	}
}

void walk_tree(struct walker *w, const struct walk_context *c,
	       const struct walk_visitor *visitor)
{
	struct tree t = {
		.w = w,
		.c = c,
		.visitor = visitor,
		.budget = BUDGET,
		.cached = c->cached,
	};
	struct vmsa_table root;

	w->gen++;
	if (c->regime.v8.ia_bits) {
		root = walk_root(&c->regime);
		do_table(&t, &root, w->now);
		do_stale(&t);
	}
	/* Where no walk is possible the TLB still answers. */
	if (visitor && visitor->entry)
		do_entries(&t);
}
