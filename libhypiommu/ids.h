/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Allocator of small numbers (ASIDs, VMIDs, context banks): a bitmap in memory
 * the owner brings. Not locked: callers hold their SMMU's lock.
 */
#ifndef HYPIOMMU_IDS_H
#define HYPIOMMU_IDS_H

#include "env.h"

struct ids {
	uint64_t *bits; /* 1: taken */
	uint32_t count;
	uint32_t hint; /* where the next search starts */
};

/* 64-bit words a bitmap of count numbers takes. */
static inline uint32_t ids_words(uint32_t count)
{
	return (count + 63) / 64;
}

/* words holds ids_words(count) zeroed words; numbers are [0, count). */
void ids_init(struct ids *ids, uint64_t *words, uint32_t count);

/* *id gets a free number, the least recently searched past first, so that a
 * number is reused as late as possible. E_NOSPC. O(count / 64). */
int ids_alloc(struct ids *ids, uint32_t *id);

/* Take this one; E_BUSY if taken, E_RANGE. */
int ids_take(struct ids *ids, uint32_t id);

/* Give it back: only after nothing can reach what it tagged. */
void ids_free(struct ids *ids, uint32_t id);

#endif /* HYPIOMMU_IDS_H */
