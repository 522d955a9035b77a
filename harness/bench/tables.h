/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Table memory for measurements: physical is virtual, below 4 GiB, zeroed, from
 * free lists. Not thread-safe.
 */
#ifndef BENCH_TABLES_H
#define BENCH_TABLES_H

#include <stdlib.h>
#include <string.h>

#include "hypiommu/hypiommu.h"

extern const struct hypiommu_table_ops tables_ops;

/* Bytes handed out now and at most so far; number of calls. */
void tables_get_stats(uint64_t *bytes, uint64_t *peak, uint64_t *allocs,
		      uint64_t *frees);

/* Zeroed, on a cache line of its own as the library's objects want; free(). */
static inline void *tables_object(size_t size)
{
	void *p = aligned_alloc(64, (size + 63) & ~(size_t)63);

	return p ? memset(p, 0, size) : NULL;
}

#endif /* BENCH_TABLES_H */
