/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* What enters the TLB and the walk cache, and the check that comes with it. */
#include <stdarg.h>
#include <stdio.h>

#include "walker.h"

#define BIT64(n) (UINT64_C(1) << (n))

static void say(const struct walker *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void say(const struct walker *w, const char *fmt, ...)
{
	char text[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	w->report(w->owner, text);
}

struct tlb_entry walk_leaf_entry(const struct walk_context *c,
				 const struct vmsa_leaf *leaf)
{
	struct tlb_entry e = {
		.tag = c->tag,
		.ia = leaf->ia,
		.pa = leaf->pa,
		.attr = leaf->attr,
		.shift = leaf->shift,
		.level = leaf->level,
		.granule = walk_granule(&c->regime),
		.perms = leaf->perms,
		.contiguous = leaf->contiguous,
	};

	e.tag.global = leaf->global;
	return e;
}

struct tlb_entry walk_table_entry(const struct walk_context *c,
				  const struct vmsa_table *table)
{
	return (struct tlb_entry){
		.tag = c->tag,
		.ia = table->ia,
		.pa = table->pa,
		.shift = table->shift,
		.level = table->level,
		.granule = walk_granule(&c->regime),
		.perms = table->ap,
	};
}

struct vmsa_table walk_entry_table(const struct tlb_entry *e)
{
	return (struct vmsa_table){
		.pa = e->pa,
		.ia = e->ia,
		.level = e->level,
		.shift = e->shift,
		.ap = e->perms,
	};
}

struct bbm {
	const struct walker *w;
	const struct tlb_entry *new;
	bool new_is_table;
};

static bool report_bbm(const struct bbm *b, const struct tlb_entry *old,
		       const char *what)
{
	say(b->w,
	    "break-before-make violation: %s at input %#llx (was %#llx size "
	    "2^%u, is %#llx size 2^%u)",
	    what, (unsigned long long)b->new->ia, (unsigned long long)old->pa,
	    old->shift, (unsigned long long)b->new->pa, b->new->shift);
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

static uint32_t fill(struct walker *w, struct tlb *tlb, struct tlb_entry *e,
		     bool table, uint64_t seq)
{
	struct bbm b = { w, e, table };
	uint64_t last = e->ia + (BIT64(e->shift) - 1);
	uint32_t idx = tlb_find(tlb, e);

	if (idx) {
		if (tlb->entries[idx].seq < seq)
			tlb->entries[idx].seq = seq;
		return idx;
	}
	tlb_overlapping(&w->leaves, e->tag.world, e->ia, last, check_leaf, &b);
	tlb_overlapping(&w->walks, e->tag.world, e->ia, last, check_table, &b);
	e->seq = seq;
	return tlb_insert(tlb, e);
}

void walk_fill_leaf(struct walker *w, const struct walk_context *c,
		    const struct vmsa_leaf *leaf, uint64_t seq)
{
	struct tlb_entry e = walk_leaf_entry(c, leaf);

	fill(w, &w->leaves, &e, false, seq);
}

uint32_t walk_fill_table(struct walker *w, const struct walk_context *c,
			 const struct vmsa_table *table, uint64_t seq)
{
	struct tlb_entry e = walk_table_entry(c, table);

	return fill(w, &w->walks, &e, true, seq);
}

void walk_object(const struct walker *w, const struct vmsa_entry *e,
		 uint64_t addr)
{
	if (e->res0 && !w->peek)
		say(w, "descriptor at %#llx has bits %#llx, which are RES0",
		    (unsigned long long)addr, (unsigned long long)e->res0);
}

/* Do all valid members of the run that starts at ia agree with this leaf? */
static bool run_sound(const struct walker *w, const struct walk_context *c,
		      const struct vmsa_table *table,
		      const struct vmsa_leaf *leaf, uint64_t ia,
		      uint64_t members)
{
	uint64_t first = walk_index(&c->regime, table, ia), desc;
	struct vmsa_entry e;

	for (uint64_t i = 0; i < members; i++) {
		if (walk_fetch(w->mem, &c->regime, table, first + i,
			       SIM_VIEW_NEW, &desc))
			return false;
		walk_decode(&c->regime, table, first + i, desc, &e);
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
void walk_widen(struct walker *w, const struct walk_context *c,
		const struct vmsa_table *table, struct vmsa_leaf *leaf)
{
	uint64_t members, mask;
	unsigned int run = walk_run(&c->regime, leaf, &members);

	if (!run || run > table->shift)
		return;
	mask = BIT64(run) - 1;
	if ((c->regime.v7s || (leaf->pa & mask) == (leaf->ia & mask)) &&
	    run_sound(w, c, table, leaf, leaf->ia & ~mask, members)) {
		leaf->ia &= ~mask;
		leaf->pa &= ~mask;
		leaf->shift = (uint8_t)run;
	} else if (!w->peek) {
		say(w, "contiguous run at input %#llx is not consistent",
		    (unsigned long long)leaf->ia);
	}
}
