/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What enters the TLB and the walk cache, and the check that comes with it: a
 * new entry that contradicts one still held was made without
 * break-before-make (DDI 0487 D8.16.1, IHI 0070 3.21.1).
 */
#include "smmuv3_internal.h"

struct tlb_entry fill_entry(const struct xlate *x, const struct vmsa_leaf *leaf)
{
	struct tlb_entry e = {
		.tag = x->tag,
		.ia = leaf->ia,
		.pa = leaf->pa,
		.attr = leaf->attr,
		.shift = leaf->shift,
		.level = leaf->level,
		.granule = x->regime.granule,
		.perms = leaf->perms,
		.contiguous = leaf->contiguous,
	};

	e.tag.global = leaf->global;
	return e;
}

struct tlb_entry fill_walk_entry(const struct xlate *x,
				 const struct vmsa_table *table)
{
	return (struct tlb_entry){
		.tag = x->tag,
		.ia = table->ia,
		.pa = table->pa,
		.shift = table->shift,
		.level = table->level,
		.granule = x->regime.granule,
		.perms = table->ap,
	};
}

/* Would the same access hit both? */
static bool tags_meet(const struct tlb_tag *a, const struct tlb_tag *b)
{
	return tlb_tag_hits(a, b);
}

struct bbm {
	const struct sim_smmuv3 *smmu;
	const struct tlb_entry *new;
	bool new_is_table;
};

static bool report_bbm(const struct bbm *b, const struct tlb_entry *old,
		       const char *what)
{
	smmu_report(b->smmu,
		    "break-before-make violation: %s at input %#llx "
		    "(was %#llx size 2^%u, is %#llx size 2^%u)",
		    what, (unsigned long long)b->new->ia,
		    (unsigned long long)old->pa, old->shift,
		    (unsigned long long)b->new->pa, b->new->shift);
	return false; /* one is enough */
}

static bool check_leaf(void *ctx, struct tlb *tlb, uint32_t idx)
{
	const struct bbm *b = ctx;
	const struct tlb_entry *old = &tlb->entries[idx];

	if (!tags_meet(&b->new->tag, &old->tag))
		return true;
	if (b->new_is_table)
		return old->shift < b->new->shift ||
		       report_bbm(b, old, "block replaced by table");
	if (old->shift != b->new->shift || old->level != b->new->level ||
	    old->granule != b->new->granule)
		return report_bbm(b, old, "size changed");
	if (old->pa != b->new->pa)
		return report_bbm(b, old, "output address changed");
	if (old->attr != b->new->attr ||
	    old->contiguous != b->new->contiguous ||
	    old->tag.global != b->new->tag.global)
		return report_bbm(b, old, "attributes changed");
	return true; /* permissions may change in place */
}

static bool check_walk(void *ctx, struct tlb *tlb, uint32_t idx)
{
	const struct bbm *b = ctx;
	const struct tlb_entry *old = &tlb->entries[idx];

	if (!tags_meet(&b->new->tag, &old->tag) ||
	    old->granule != b->new->granule)
		return true;
	if (!b->new_is_table)
		return old->shift > b->new->shift ||
		       report_bbm(b, old, "table replaced by block");
	if (old->shift == b->new->shift && old->pa != b->new->pa)
		return report_bbm(b, old, "table pointer changed");
	return true;
}

static uint32_t fill(struct sim_smmuv3 *smmu, struct tlb *tlb,
		     struct tlb_entry *e, bool table, uint64_t seq)
{
	struct bbm b = { smmu, e, table };
	uint64_t last = e->ia + (BIT64(e->shift) - 1);
	uint32_t idx = tlb_find(tlb, e);

	if (idx) {
		if (tlb->entries[idx].seq < seq)
			tlb->entries[idx].seq = seq;
		return idx;
	}
	tlb_overlapping(&smmu->leaves, e->tag.world, e->ia, last, check_leaf,
			&b);
	tlb_overlapping(&smmu->walks, e->tag.world, e->ia, last, check_walk,
			&b);
	e->seq = seq;
	return tlb_insert(tlb, e);
}

uint32_t fill_leaf(struct sim_smmuv3 *smmu, const struct xlate *x,
		   const struct vmsa_leaf *leaf, uint64_t seq)
{
	struct tlb_entry e = fill_entry(x, leaf);

	return fill(smmu, &smmu->leaves, &e, false, seq);
}

uint32_t fill_table(struct sim_smmuv3 *smmu, const struct xlate *x,
		    const struct vmsa_table *table, uint64_t seq)
{
	struct tlb_entry e = fill_walk_entry(x, table);

	return fill(smmu, &smmu->walks, &e, true, seq);
}

/* Do all valid members of the run agree with this one? */
static bool run_sound(const struct sim_smmuv3 *smmu, const struct xlate *x,
		      const struct vmsa_table *table,
		      const struct vmsa_leaf *leaf, unsigned int run)
{
	uint64_t ia = leaf->ia & ~(BIT64(run) - 1);
	uint64_t first = vmsa_index(&x->regime, table, ia);
	uint64_t nr = BIT64(run - leaf->shift), desc;
	struct vmsa_entry e;

	for (uint64_t i = 0; i < nr; i++) {
		if (sim_mem_dev_read64(smmu->mem, table->pa + (first + i) * 8,
				       SIM_VIEW_NEW, &desc))
			return false;
		vmsa_decode(&x->regime, table, first + i, desc, &e);
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
 * The Contiguous bit lets one entry be cached for the whole run: members that
 * are invalid by now are reachable through the others (DDI 0487 D8.7.1).
 */
void fill_widen(struct sim_smmuv3 *smmu, const struct xlate *x,
		const struct vmsa_table *table, struct vmsa_leaf *leaf)
{
	unsigned int run = vmsa_run_shift(x->regime.granule, leaf->level);
	uint64_t mask = BIT64(run) - 1;

	if (!leaf->contiguous || run > table->shift)
		return;
	if ((leaf->pa & mask) != (leaf->ia & mask) ||
	    !run_sound(smmu, x, table, leaf, run)) {
		if (!smmu->peek)
			smmu_report(smmu,
				    "contiguous run at input %#llx is not "
				    "consistent",
				    (unsigned long long)leaf->ia);
		return;
	}
	leaf->ia &= ~mask;
	leaf->pa &= ~mask;
	leaf->shift = (uint8_t)run;
}
