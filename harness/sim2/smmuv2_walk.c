/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Walking the tables for one address, from the deepest pointer held. */
#include <string.h>

#include "smmuv2_internal.h"

struct deepest {
	const struct v2_xlate *x;
	uint32_t idx;
};

static bool pick(void *ctx, struct tlb *tlb, uint32_t idx)
{
	struct deepest *d = ctx;
	const struct tlb_entry *e = &tlb->entries[idx];
	const struct tlb_entry *best = &tlb->entries[d->idx];

	if (e->granule != v2_granule(&d->x->regime) ||
	    !tlb_tag_hits(&d->x->tag, &e->tag))
		return true;
	if (!d->idx || e->level > best->level ||
	    (e->level == best->level && e->order < best->order))
		d->idx = idx;
	return true;
}

/* Where to start; what hangs off a cached pointer is no newer than it. */
static uint64_t start_table(struct v2_inst *in, const struct v2_xlate *x,
			    uint64_t ia, struct vmsa_table *table)
{
	struct deepest d = { x, 0 };
	const struct tlb_entry *e;

	tlb_overlapping(&in->walks, x->tag.world, ia, ia, pick, &d);
	if (!d.idx) {
		*table = v2_root(&x->regime);
		return in->now;
	}
	e = &in->walks.entries[d.idx];
	*table = (struct vmsa_table){ .pa = e->pa,
				      .ia = e->ia,
				      .level = e->level,
				      .shift = e->shift,
				      .ap = e->perms };
	return e->seq;
}

void v2_walk_address(struct v2_inst *in, const struct v2_xlate *x, uint64_t ia,
		     struct v2_walk *walk)
{
	struct vmsa_table table;
	struct vmsa_entry e;
	uint64_t seq, index, desc;

	memset(walk, 0, sizeof(*walk));
	walk->fault = VMSA_TRANSLATION;
	if (x->regime.v8.ia_bits == 0 || ia >> x->regime.v8.ia_bits)
		return;
	seq = start_table(in, x, ia, &table);
	do {
		v2_check_freed(in, x, &table);
		index = v2_index(&x->regime, &table, ia);
		walk->level = table.level;
		if (v2_fetch(in, &x->regime, &table, index, SIM_VIEW_NEW,
			     &desc)) {
			walk->fault = VMSA_EABT;
			return;
		}
		v2_decode(&x->regime, &table, index, desc, &e);
		if (e.kind == VMSA_IS_TABLE) {
			table = e.table;
			v2_fill_table(in, x, &table, seq);
		}
	} while (e.kind == VMSA_IS_TABLE);
	walk->fault = e.fault;
	if (e.kind != VMSA_IS_LEAF)
		return;
	walk->leaf = e.leaf;
	v2_fill_widen(in, x, &table, &walk->leaf);
	v2_fill_leaf(in, x, &walk->leaf, seq);
}
