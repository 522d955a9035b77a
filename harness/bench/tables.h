/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Table memory for measurements: physical is virtual, below 4 GiB, zeroed, from
 * free lists. Not thread-safe.
 */
#ifndef BENCH_TABLES_H
#define BENCH_TABLES_H

#include "hypiommu/hypiommu.h"

extern const struct hypiommu_table_ops tables_ops;

/* Bytes handed out now and at most so far; number of calls. */
void tables_get_stats(uint64_t *bytes, uint64_t *peak, uint64_t *allocs,
		      uint64_t *frees);

#endif /* BENCH_TABLES_H */
