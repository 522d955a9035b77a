/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What enters the TLB and the walk cache. An entry that contradicts one still
 * held was made without break-before-make (DDI 0487 D8.16.1, DDI 0406C
 * B3.10.1).
 */
#include "smmuv2_internal.h"

struct tlb_entry v2_leaf_entry(const struct v2_xlate *x,
			       const struct vmsa_leaf *leaf)
{
	struct tlb_entry e = {
		.tag = x->tag,
		.ia = leaf->ia,
		.pa = leaf->pa,
		.attr = leaf->attr,
		.shift = leaf->shift,
		.level = leaf->level,
		.granule = v2_granule(&x->regime),
		.perms = leaf->perms,
		.contiguous = leaf->contiguous,
	};

	e.tag.global = leaf->global;
	return e;
}

struct tlb_entry v2_table_entry(const struct v2_xlate *x,
				const struct vmsa_table *table)
{
	return (struct tlb_entry){
		.tag = x->tag,
		.ia = table->ia,
		.pa = table->pa,
		.shift = table->shift,
		.level = table->level,
		.granule = v2_granule(&x->regime),
		.perms = table->ap,
	};
}

struct bbm {
	const struct v2_inst *in;
	const struct tlb_entry *new;
	bool new_is_table;
};

static bool report_bbm(const struct bbm *b, const struct tlb_entry *old,
		       const char *what)
{
	v2_report(b->in,
		  "break-before-make violation: %s at input %#llx (was %#llx "
		  "size 2^%u, is %#llx size 2^%u)",
		  what, (unsigned long long)b->new->ia,
		  (unsigned long long)old->pa, old->shift,
		  (unsigned long long)b->new->pa, b->new->shift);
	return false; /* one is enough */
}

/* A new entry against a leaf that is held. */
static bool check_leaf(void *ctx, struct tlb *tlb, uint32_t idx)
{
	const struct bbm *b = ctx;
	const struct tlb_entry *new = b->new, *old = &tlb->entries[idx];

	if (!tlb_tag_hits(&new->tag, &old->tag))
		return true;
	if (b->new_is_table)
		return old->shift < new->shift ||
		       report_bbm(b, old, "block replaced by table");
	if (old->shift != new->shift || old->level != new->level ||
	    old->granule != new->granule)
		return report_bbm(b, old, "size changed");
	if (old->pa != new->pa)
		return report_bbm(b, old, "output address changed");
	if (old->attr != new->attr || old->contiguous != new->contiguous ||
	    old->tag.global != new->tag.global)
		return report_bbm(b, old, "attributes changed");
	return true; /* permissions may change in place */
}

/* A new entry against a table pointer that is held. */
static bool check_table(void *ctx, struct tlb *tlb, uint32_t idx)
{
	const struct bbm *b = ctx;
	const struct tlb_entry *new = b->new, *old = &tlb->entries[idx];

	if (!tlb_tag_hits(&new->tag, &old->tag) || old->granule != new->granule)
		return true;
	if (!b->new_is_table)
		return old->shift > new->shift ||
		       report_bbm(b, old, "table replaced by block");
	if (old->shift == new->shift && old->pa != new->pa)
		return report_bbm(b, old, "table pointer changed");
	return true;
}

static uint32_t fill(struct v2_inst *in, struct tlb *tlb, struct tlb_entry *e,
		     bool table, uint64_t seq)
{
	struct bbm b = { in, e, table };
	uint64_t last = e->ia + (BIT64(e->shift) - 1);
	uint32_t idx = tlb_find(tlb, e);

	if (idx) {
		if (tlb->entries[idx].seq < seq)
			tlb->entries[idx].seq = seq;
		return idx;
	}
	tlb_overlapping(&in->leaves, e->tag.world, e->ia, last, check_leaf, &b);
	tlb_overlapping(&in->walks, e->tag.world, e->ia, last, check_table, &b);
	e->seq = seq;
	return tlb_insert(tlb, e);
}

uint32_t v2_fill_leaf(struct v2_inst *in, const struct v2_xlate *x,
		      const struct vmsa_leaf *leaf, uint64_t seq)
{
	struct tlb_entry e = v2_leaf_entry(x, leaf);

	return fill(in, &in->leaves, &e, false, seq);
}

uint32_t v2_fill_table(struct v2_inst *in, const struct v2_xlate *x,
		       const struct vmsa_table *table, uint64_t seq)
{
	struct tlb_entry e = v2_table_entry(x, table);

	return fill(in, &in->walks, &e, true, seq);
}

/* Do all valid members of the run that starts at ia agree with this leaf? */
static bool run_sound(const struct v2_inst *in, const struct v2_xlate *x,
		      const struct vmsa_table *table,
		      const struct vmsa_leaf *leaf, uint64_t ia)
{
	uint64_t first = v2_index(&x->regime, table, ia), nr, desc;
	struct vmsa_entry e;

	nr = x->regime.v7s
		     ? 16
		     : BIT64(v2_run_shift(&x->regime, leaf) - leaf->shift);
	for (uint64_t i = 0; i < nr; i++) {
		if (v2_fetch(in, &x->regime, table, first + i, SIM_VIEW_NEW,
			     &desc))
			return false;
		v2_decode(&x->regime, table, first + i, desc, &e);
		if (e.kind == VMSA_IS_FAULT)
			continue;
		if (e.kind == VMSA_IS_TABLE || !e.leaf.contiguous ||
		    e.leaf.pa - e.leaf.ia != leaf->pa - leaf->ia ||
		    e.leaf.attr != leaf->attr || e.leaf.perms != leaf->perms ||
		    e.leaf.global != leaf->global)
			return false;
	}
	return true;
}

/*
 * One descriptor of a run lets the whole run be cached: members that are
 * invalid by now are reachable through the others. Long descriptors: the
 * Contiguous bit (DDI 0487 D8.7.1). Short ones: supersections and large pages,
 * repeated 16 times (DDI 0406C B3.5.1), always that large.
 */
void v2_fill_widen(struct v2_inst *in, const struct v2_xlate *x,
		   const struct vmsa_table *table, struct vmsa_leaf *leaf)
{
	unsigned int run = v2_run_shift(&x->regime, leaf);
	uint64_t mask = BIT64(run) - 1;

	if (!run || run > table->shift)
		return;
	if (run_sound(in, x, table, leaf, leaf->ia & ~mask)) {
		if (x->regime.v7s || (leaf->pa & mask) == (leaf->ia & mask)) {
			leaf->ia &= ~mask;
			leaf->pa &= ~mask;
			leaf->shift = (uint8_t)run;
			return;
		}
	}
	if (!in->peek)
		v2_report(in,
			  "the run of descriptors at input %#llx is not "
			  "consistent",
			  (unsigned long long)leaf->ia);
}

void v2_check_freed(const struct v2_inst *in, const struct v2_xlate *x,
		    const struct vmsa_table *table)
{
	uint64_t size =
		v2_nr_entries(&x->regime, table) * v2_entry_size(&x->regime);

	if (sim2_pages_overlap(&in->smmu->freed, table->pa, size))
		v2_report(in, "bank %u walks a freed table at %#llx", x->bank,
			  (unsigned long long)table->pa);
}
