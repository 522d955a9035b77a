/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Table pages: donated by the host, zeroed, kept as naturally aligned blocks of
 * 4 KiB << order, given back page by page. Everything in the pool is all zero
 * but for the links of free blocks; users return blocks zeroed.
 */
#ifndef HYPIOMMU_POOL_H
#define HYPIOMMU_POOL_H

#include "env.h"
#include "hypiommu/hypiommu.h"

#define POOL_MAX_ORDER 8u /* 1 MiB: 16 concatenated 64 KiB tables */

/* One MEM_TOPUP zeroes and takes at most this many pages. */
#define POOL_TOPUP_PAGES 64u

/* Tags of its pages (pool.c). */
#define POOL_TAG_FREE  0x100u
#define POOL_TAG_USED  0x200u
#define POOL_TAG_TAIL  0x400u
#define POOL_TAG_ORDER 0x0ffu

struct owner;

struct pool {
	const struct hypiommu_table_ops *ops; /* NULL: built-in */
	void *ctx;
	struct owner *owner;
	uint64_t phys_to_virt;
	hypiommu_env_lock_t lock;
	uint64_t free[POOL_MAX_ORDER + 1]; /* first block, or POOL_END */
	uint64_t pages, used, used_peak;
};

/* What a call that met E_NOMEM would like to be given. */
struct pool_request {
	uint32_t order, count;
	uint64_t limit; /* exclusive; ~0: any */
};

void pool_init(struct pool *pool, const struct hypiommu_config *config,
	       struct owner *owner);

/* An all-zero block below limit. E_NOMEM. O(orders). */
int pool_alloc(struct pool *pool, uint32_t order, uint64_t limit, uint64_t *pa);

/* The block is all zero again and nothing can reach it. */
void pool_free(struct pool *pool, uint64_t pa, uint32_t order);

/* Take host pages; *taken pages of them, at most POOL_TOPUP_PAGES. */
int pool_topup(struct pool *pool, uint64_t pa, uint64_t pages, uint64_t *taken);

/* Return the page at *pa, or any (HYPIOMMU_ANY_PAGE), to the host. */
int pool_giveback(struct pool *pool, uint64_t *pa);

#endif /* HYPIOMMU_POOL_H */
