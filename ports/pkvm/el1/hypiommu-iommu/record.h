/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HYPIOMMU_RECORD_H
#define HYPIOMMU_RECORD_H

#include <linux/xarray.h>

struct record {
	struct xarray tables;
};

void record_init(struct record *r);
void record_free(struct record *r);
/* Where the last mapping was remembered: neighbours need no search. */
struct record_at {
	unsigned long index;
	struct table *table;
};

/* Best effort: without memory, or from 2 MiB on, it is not remembered. at is
 * all zero at first. */
void record_map(struct record *r, struct record_at *at, u64 iova, u64 pa,
		size_t size, gfp_t gfp);
void record_unmap(struct record *r, u64 iova, size_t size);
u64 record_find(struct record *r, u64 iova); /* 0: ask EL2 */

#endif /* HYPIOMMU_RECORD_H */
