/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mappings that wait for the end of their request. The IOMMU core maps a
 * scatter list piece by piece and then says that it is done: until then pieces
 * that follow each other are gathered, to be mapped by one hypercall. A context
 * (a task, or an interrupt above it) works on one request at a time, so the
 * slot it takes is its own, without a lock.
 */
#ifndef HYPIOMMU_BATCH_H
#define HYPIOMMU_BATCH_H

#include <linux/atomic.h>
#include <linux/hash.h>
#include <linux/preempt.h>
#include <linux/sched.h>

#include <hypiommu/pkvm.h>

#define BATCHES_LOG2 3

struct batch {
	unsigned long context; /* whose it is; 0: nobody's */
	u64 iova, bytes;
	u32 prot, count;
	gfp_t gfp;
	bool wide; /* a segment needs a register of its own */
	u64 segments[HYPIOMMU_PKVM_NARROWS]; /* physical address | pages - 1 */
};

static inline bool segment_is_wide(u64 segment)
{
	return segment >> (PAGE_SHIFT + HYPIOMMU_PKVM_NARROW_BITS) ||
	       offset_in_page(segment) >= HYPIOMMU_PKVM_NARROW_MAX;
}

/* Is there no room for one more, wide or not? */
static inline bool batch_full(const struct batch *b, bool wide)
{
	return b->count >= (b->wide || wide ? HYPIOMMU_PKVM_SEGMENTS
					    : HYPIOMMU_PKVM_NARROWS);
}

/* The segments as registers of HYPIOMMU_PKVM_MAP_LIST, and what x4 says. */
static inline u64 batch_encode(const struct batch *b, u64 *x)
{
	u64 x4 = b->prot | (u64)b->count << 32;
	u32 count = b->count;

	if (b->wide) {
		memcpy(x, b->segments, count * sizeof(*x));
		return x4;
	}
	for (u32 i = 0; i < count; i += 2) {
		u64 low = b->segments[i], high = b->segments[i + 1];

		/* The last one's other half is not looked at. */
		low = low >> (PAGE_SHIFT - 4) | offset_in_page(low);
		high = high >> (PAGE_SHIFT - 4) | offset_in_page(high);
		x[i / 2] = high << 32 | (u32)low;
	}
	return x4 | HYPIOMMU_PKVM_NARROW;
}

/* Tasks are aligned, so their low bits can tell interrupts from them. */
static inline unsigned long batch_context(void)
{
	return (unsigned long)current | (in_hardirq() ? 2 : 0) |
	       (in_serving_softirq() ? 1 : 0);
}

static inline struct batch *batch_slot(struct batch *batches,
				       unsigned long context)
{
	return &batches[hash_long(context, BATCHES_LOG2)];
}

/* The batch this context has begun, or NULL. */
static inline struct batch *batch_mine(struct batch *batches)
{
	unsigned long context = batch_context();
	struct batch *b = batch_slot(batches, context);

	return READ_ONCE(b->context) == context ? b : NULL;
}

/* Begin one; NULL: another context uses the slot. */
static inline struct batch *batch_begin(struct batch *batches, u64 iova,
					u32 prot)
{
	unsigned long context = batch_context();
	struct batch *b = batch_slot(batches, context);

	if (READ_ONCE(b->context) || cmpxchg_acquire(&b->context, 0, context))
		return NULL;
	b->iova = iova;
	b->prot = prot;
	b->bytes = 0;
	b->count = 0;
	b->wide = false;
	return b;
}

static inline void batch_end(struct batch *b)
{
	smp_store_release(&b->context, 0);
}

#endif /* HYPIOMMU_BATCH_H */
