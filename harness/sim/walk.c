/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* One address: the TLB, or else the tables from the deepest pointer held. */
#include <string.h>

#include "walker.h"

void walker_init(struct walker *w)
{
	w->now = 1;
	tlb_init(&w->leaves);
	tlb_init(&w->walks);
}

void walker_destroy(struct walker *w)
{
	tlb_destroy(&w->leaves);
	tlb_destroy(&w->walks);
}

void walker_clear(struct walker *w)
{
	tlb_clear(&w->leaves);
	tlb_clear(&w->walks);
}

struct pick {
	const struct walk_context *c;
	uint32_t idx;
};

/* The oldest leaf that covers the address. */
static bool pick_leaf(void *ctx, struct tlb *tlb, uint32_t idx)
{
	struct pick *p = ctx;
	const struct tlb_entry *e = &tlb->entries[idx];

	if (tlb_tag_hits(&p->c->tag, &e->tag) &&
	    (!p->idx || e->order < tlb->entries[p->idx].order))
		p->idx = idx;
	return true;
}

static bool held(struct walker *w, const struct walk_context *c, uint64_t ia,
		 struct vmsa_leaf *leaf)
{
	struct pick p = { c, 0 };
	const struct tlb_entry *e;

	tlb_overlapping(&w->leaves, c->tag.world, ia, ia, pick_leaf, &p);
	if (!p.idx)
		return false;
	e = &w->leaves.entries[p.idx];
	*leaf = (struct vmsa_leaf){ .ia = e->ia,
				    .pa = e->pa,
				    .shift = e->shift,
				    .level = e->level,
				    .perms = e->perms };
	return true;
}

/* The deepest pointer, of those the oldest. */
static bool pick_table(void *ctx, struct tlb *tlb, uint32_t idx)
{
	struct pick *p = ctx;
	const struct tlb_entry *e = &tlb->entries[idx];
	const struct tlb_entry *best = &tlb->entries[p->idx];

	if (e->granule != walk_granule(&p->c->regime) ||
	    !tlb_tag_hits(&p->c->tag, &e->tag))
		return true;
	if (!p->idx || e->level > best->level ||
	    (e->level == best->level && e->order < best->order))
		p->idx = idx;
	return true;
}

/* Where to start; what hangs off a cached pointer is no newer than it. */
static uint64_t start_table(struct walker *w, const struct walk_context *c,
			    uint64_t ia, struct vmsa_table *table)
{
	struct pick p = { c, 0 };

	tlb_overlapping(&w->walks, c->tag.world, ia, ia, pick_table, &p);
	if (!p.idx) {
		*table = walk_root(&c->regime);
		return w->now;
	}
	*table = walk_entry_table(&w->walks.entries[p.idx]);
	return w->walks.entries[p.idx].seq;
}

static void descend(struct walker *w, const struct walk_context *c, uint64_t ia,
		    struct walk *walk)
{
	const struct walk_regime *r = &c->regime;
	struct vmsa_table table;
	struct vmsa_entry e;
	uint64_t seq = start_table(w, c, ia, &table), index, desc;

	do {
		if (w->reads)
			w->reads(w->owner, &table, walk_table_size(r, &table));
		index = walk_index(r, &table, ia);
		walk->addr = table.pa + index * walk_entry_size(r);
		walk->level = table.level;
		if (walk_fetch(w->mem, r, &table, index, SIM_VIEW_NEW, &desc)) {
			walk->fault = VMSA_EABT;
			return;
		}
		walk_decode(r, &table, index, desc, &e);
		walk_object(w, &e, walk->addr);
		if (e.kind == VMSA_IS_TABLE) {
			table = e.table;
			walk_fill_table(w, c, &table, seq);
		}
	} while (e.kind == VMSA_IS_TABLE);
	walk->fault = e.fault;
	if (e.kind != VMSA_IS_LEAF)
		return;
	walk->leaf = e.leaf;
	walk_widen(w, c, &table, &walk->leaf);
	walk_fill_leaf(w, c, &walk->leaf, seq);
}

void walk_address(struct walker *w, const struct walk_context *c, uint64_t ia,
		  struct walk *walk)
{
	unsigned int bits = c->regime.v8.ia_bits;

	memset(walk, 0, sizeof(*walk));
	if (held(w, c, ia, &walk->leaf)) {
		walk->level = walk->leaf.level;
		return;
	}
	walk->fault = VMSA_TRANSLATION;
	if (bits && !(ia >> bits))
		descend(w, c, ia, walk);
}
