/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Walking the tables for one address, from the deepest pointer held. */
#include <string.h>

#include "smmuv3_internal.h"

struct deepest {
	const struct xlate *x;
	uint32_t idx;
};

static bool pick(void *ctx, struct tlb *tlb, uint32_t idx)
{
	struct deepest *d = ctx;
	const struct tlb_entry *e = &tlb->entries[idx];
	const struct tlb_entry *best = &tlb->entries[d->idx];

	if (e->granule != d->x->regime.granule ||
	    !tlb_tag_hits(&d->x->tag, &e->tag))
		return true;
	if (!d->idx || e->level > best->level ||
	    (e->level == best->level && e->order < best->order))
		d->idx = idx;
	return true;
}

static uint64_t start_table(struct sim_smmuv3 *smmu, const struct xlate *x,
			    uint64_t ia, struct vmsa_table *table)
{
	struct deepest d = { x, 0 };
	const struct tlb_entry *e;

	tlb_overlapping(&smmu->walks, x->tag.world, ia, ia, pick, &d);
	if (!d.idx) {
		*table = vmsa_root(&x->regime);
		return smmu->now;
	}
	e = &smmu->walks.entries[d.idx];
	*table = (struct vmsa_table){ .pa = e->pa,
				      .ia = e->ia,
				      .level = e->level,
				      .shift = e->shift,
				      .ap = e->perms };
	return e->seq; /* what hangs off it is no newer */
}

void walk_address(struct sim_smmuv3 *smmu, const struct xlate *x, uint64_t ia,
		  struct walk *walk)
{
	struct vmsa_table table;
	struct vmsa_entry e;
	uint64_t seq, index, desc;

	memset(walk, 0, sizeof(*walk));
	walk->fault = VMSA_TRANSLATION;
	if (x->regime.ia_bits == 0 || ia >> x->regime.ia_bits)
		return;
	seq = start_table(smmu, x, ia, &table);
	do {
		index = vmsa_index(&x->regime, &table, ia);
		walk->addr = table.pa + index * 8;
		if (sim_mem_dev_read64(smmu->mem, walk->addr, SIM_VIEW_NEW,
				       &desc)) {
			walk->fault = VMSA_EABT;
			return;
		}
		vmsa_decode(&x->regime, &table, index, desc, &e);
		if (e.kind == VMSA_IS_TABLE) {
			table = e.table;
			fill_table(smmu, x, &table, seq);
		}
	} while (e.kind == VMSA_IS_TABLE);
	walk->fault = e.fault;
	if (e.kind != VMSA_IS_LEAF)
		return;
	walk->leaf = e.leaf;
	fill_widen(smmu, x, &table, &walk->leaf);
	fill_leaf(smmu, x, &walk->leaf, seq);
}
