/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Everything an ASID translates: each table word with the values it has in
 * memory, in both views, and in the PTC.
 */
#include <stdlib.h>

#include "tegra_smmu_internal.h"

struct tree {
	struct sim_tegra_smmu *smmu;
	const struct ts_visitor *visitor;
	enum ts_mode mode;
	uint16_t asid;
};

/* One table on the way. */
struct table {
	uint64_t pa, ia;
	uint32_t attr; /* of all that led here */
	uint64_t seq;  /* of the oldest word that led here */
	bool directory;
	bool cached; /* only the PTC leads here */
};

static void do_table(struct tree *t, const struct table *table);

static uint64_t min64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static void do_leaf(struct tree *t, const struct table *table, uint64_t ia,
		    uint32_t desc, uint64_t seq, bool cached)
{
	unsigned int shift = table->directory ? TS_SECTION_SHIFT
					      : TS_PAGE_SHIFT;
	struct tlb_entry e = ts_entry(t->asid, ia, ts_frame(t->smmu, desc),
				      shift, desc & table->attr);

	if (!e.perms)
		return;
	if (t->mode != TS_PEEK)
		ts_tlb_fill(t->smmu, e, seq);
	if (t->visitor && t->visitor->leaf)
		t->visitor->leaf(t->smmu, &e, cached, t->visitor->ctx);
}

static void do_word(struct tree *t, const struct table *table, uint32_t index,
		    uint32_t desc, uint64_t seq, bool cached)
{
	uint64_t ia = table->directory
			      ? (uint64_t)index << TS_SECTION_SHIFT
			      : table->ia + ((uint64_t)index << TS_PAGE_SHIFT);
	struct table next;

	seq = min64(seq, table->seq);
	if (!(desc & table->attr & (TS_READABLE | TS_WRITABLE)))
		return;
	if (!table->directory || !(desc & TS_PDE_NEXT)) {
		do_leaf(t, table, ia, desc, seq, cached);
		return;
	}
	next = (struct table){
		.pa = ts_frame(t->smmu, desc),
		.ia = ia,
		.attr = desc & table->attr,
		.seq = seq,
		.cached = cached,
	};
	do_table(t, &next);
}

/* Words of a table found in the PTC. Walking on may add to it: copy first. */
struct words {
	struct tlb_entry *entry;
	size_t nr, cap;
};

static bool collect(void *ctx, struct tlb *tlb, uint32_t idx)
{
	struct words *w = ctx;

	if (!tlb->entries[idx].pa)
		return true;
	if (w->nr == w->cap) {
		w->cap = w->cap ? w->cap * 2 : 64;
		w->entry = sim2_grow(w->entry, w->cap, sizeof(*w->entry));
	}
	w->entry[w->nr++] = tlb->entries[idx];
	return true;
}

static bool told_by_memory(const struct tree *t, const struct tlb_entry *e)
{
	const struct sim_mem *mem = t->smmu->config.mem;
	uint32_t new, old;

	return t->mode != TS_REFILL &&
	       !sim_mem_dev_read32(mem, e->ia, SIM_VIEW_NEW, &new) &&
	       !sim_mem_dev_read32(mem, e->ia, SIM_VIEW_OLD, &old) &&
	       (new == e->pa || old == e->pa);
}

static void do_cached(struct tree *t, const struct table *table)
{
	struct words w = { 0 };

	tlb_overlapping(&t->smmu->ptc, TLB_EL1, table->pa,
			table->pa + TS_ENTRIES * 4 - 1, collect, &w);
	for (size_t i = 0; i < w.nr; i++) {
		const struct tlb_entry *e = &w.entry[i];
		uint32_t index = (uint32_t)(e->ia - table->pa) / 4;

		if (!told_by_memory(t, e))
			do_word(t, table, index, (uint32_t)e->pa, e->seq, true);
	}
	free(w.entry);
}

/* Lines with anything in them go into the PTC, empty neighbours too. */
static void memory_line(struct tree *t, const struct table *table,
			uint32_t index)
{
	const struct sim_mem *mem = t->smmu->config.mem;
	uint32_t words = t->smmu->config.ptc_line / 4, new, old;
	uint64_t now = t->smmu->now;
	bool filled = t->mode == TS_PEEK;

	for (uint32_t i = index; i < index + words; i++) {
		uint64_t pa = table->pa + i * 4;

		if (sim_mem_dev_read32(mem, pa, SIM_VIEW_NEW, &new) ||
		    sim_mem_dev_read32(mem, pa, SIM_VIEW_OLD, &old) ||
		    !(new | old))
			continue;
		if (!filled)
			ts_ptc_fill_line(t->smmu, pa);
		filled = true;
		if (new)
			do_word(t, table, i, new, now, table->cached);
		if (old && old != new)
			do_word(t, table, i, old, now, table->cached);
	}
}

static bool line_empty(const struct tree *t, uint64_t pa)
{
	const uint64_t *host = sim_mem_ptr(t->smmu->config.mem, pa);
	uint64_t any = 0;

	for (uint32_t i = 0; i < t->smmu->config.ptc_line / 8; i++)
		any |= host[i];
	return !any;
}

static void do_memory(struct tree *t, const struct table *table)
{
	const struct sim_mem *mem = t->smmu->config.mem;
	uint32_t words = t->smmu->config.ptc_line / 4;
	bool dirty;

	if (!sim_mem_has(mem, table->pa, TS_ENTRIES * 4))
		return;
	dirty = sim_mem_frame_unpublished(mem, table->pa);
	for (uint32_t i = 0; i < TS_ENTRIES; i += words)
		if (dirty || !line_empty(t, table->pa + i * 4))
			memory_line(t, table, i);
}

static void do_table(struct tree *t, const struct table *table)
{
	ts_check_freed(t->smmu, table->pa);
	if (t->visitor && t->visitor->table)
		t->visitor->table(t->smmu, table->pa, table->cached,
				  t->visitor->ctx);
	if (t->mode != TS_REFILL)
		do_memory(t, table);
	do_cached(t, table);
}

void ts_tree(struct sim_tegra_smmu *smmu, uint16_t asid, enum ts_mode mode,
	     const struct ts_visitor *visitor)
{
	struct tree t = { smmu, visitor, mode, asid };
	struct table root = {
		.pa = ts_frame(smmu, smmu->ptb[asid]),
		.attr = smmu->ptb[asid],
		.seq = UINT64_MAX,
		.directory = true,
	};

	if (root.attr & (TS_READABLE | TS_WRITABLE))
		do_table(&t, &root);
}
