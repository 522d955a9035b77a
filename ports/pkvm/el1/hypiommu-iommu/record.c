// SPDX-License-Identifier: GPL-2.0-only
/*
 * What this kernel remembers of its own mappings, so that iova_to_phys() costs
 * no hypercall: the DMA API asks at every unmap. Only a memory: what is not in
 * it is asked of EL2, and EL2 believes nothing of it. Mappings of one range
 * are made and undone one after the other (the IOVA's owner sees to that).
 */
#include <linux/gfp.h>
#include <linux/sizes.h>

#include "record.h"

#define SPAN	SZ_2M /* of one table of addresses, a page */
#define ENTRIES (SPAN / SZ_4K)

struct table {
	u64 pa[ENTRIES]; /* physical address | 1; 0: not known */
};

static unsigned int entry_of(u64 iova)
{
	return iova % SPAN / SZ_4K;
}

static struct table *table_of(struct record *r, u64 iova, gfp_t gfp)
{
	unsigned long index = iova / SPAN;
	struct table *t = xa_load(&r->tables, index), *other;
	unsigned long flags;

	if (t || !gfp)
		return t;
	t = (struct table *)get_zeroed_page(gfp);
	if (!t)
		return NULL;
	/* The DMA API maps in interrupts, too. */
	xa_lock_irqsave(&r->tables, flags);
	other = __xa_cmpxchg(&r->tables, index, NULL, t,
			     GFP_ATOMIC | __GFP_NOWARN);
	xa_unlock_irqrestore(&r->tables, flags);
	if (!other)
		return t;
	free_page((unsigned long)t);
	return xa_is_err(other) ? NULL : other;
}

void record_init(struct record *r)
{
	xa_init_flags(&r->tables, XA_FLAGS_LOCK_IRQ);
}

void record_free(struct record *r)
{
	unsigned long index;
	struct table *t;

	xa_for_each(&r->tables, index, t) free_page((unsigned long)t);
	xa_destroy(&r->tables);
}

/* Entries from iova on, as many of `size` bytes as one table has. */
static size_t set(struct record *r, struct record_at *at, u64 iova, u64 pa,
		  size_t size, gfp_t gfp)
{
	size_t here = min_t(size_t, size, SPAN - iova % SPAN);
	unsigned int i = entry_of(iova);

	if (!at->table || at->index != iova / SPAN) {
		at->index = iova / SPAN;
		at->table = table_of(r, iova, gfp);
	}
	for (size_t done = 0; at->table && done < here; done += SZ_4K)
		WRITE_ONCE(at->table->pa[i++], pa ? (pa + done) | 1 : 0);
	return here;
}

void record_map(struct record *r, struct record_at *at, u64 iova, u64 pa,
		size_t size, gfp_t gfp)
{
	if (size >= SPAN)
		return;
	for (size_t done = 0; done < size;)
		done += set(r, at, iova + done, pa + done, size - done,
			    gfp & ~__GFP_ZERO);
}

void record_unmap(struct record *r, u64 iova, size_t size)
{
	struct record_at at = {};

	for (size_t done = 0; done < size;)
		done += set(r, &at, iova + done, 0, size - done, 0);
}

u64 record_find(struct record *r, u64 iova)
{
	struct table *t = table_of(r, iova, 0);
	u64 pa = t ? READ_ONCE(t->pa[entry_of(iova)]) : 0;

	return pa ? (pa & ~1ull) | (iova & (SZ_4K - 1)) : 0;
}
