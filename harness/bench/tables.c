// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#define _GNU_SOURCE
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#include "tables.h"

/* Several such libraries share the gigabyte that MAP_32BIT has. */
#define ARENA_BYTES (192ull << 20)
#define ORDERS	    9

static struct {
	uint8_t *base;
	uint64_t used, end; /* never handed out beyond used */
	void *free[ORDERS];
	uint64_t bytes, peak, allocs, frees;
} arena;

static int tables_alloc(void *ctx, uint32_t order, uint64_t limit, uint64_t *pa)
{
	uint64_t size = 4096ull << order;
	void **block = arena.free[order];
	uint64_t lost;

	(void)ctx;
	(void)limit;
	if (!arena.base) {
		void *map = mmap(NULL, ARENA_BYTES, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE |
					 MAP_32BIT,
				 -1, 0);

		if (map == MAP_FAILED)
			return HYPIOMMU_E_NOMEM;
		/* Blocks are aligned to their size, up to 1 MiB. */
		lost = -(uintptr_t)map & ((1u << 20) - 1);
		arena.base = (uint8_t *)map + lost;
		arena.end = ARENA_BYTES - lost;
	}
	if (block) {
		arena.free[order] = *block;
		*block = NULL; /* the rest of it is zero already */
	} else {
		arena.used = (arena.used + size - 1) & ~(size - 1);
		if (arena.used + size > arena.end)
			return HYPIOMMU_E_NOMEM;
		block = (void **)(arena.base + arena.used);
		arena.used += size;
	}
	*pa = (uintptr_t)block;
	arena.allocs++;
	arena.bytes += size;
	if (arena.bytes > arena.peak)
		arena.peak = arena.bytes;
	return HYPIOMMU_OK;
}

static void tables_free(void *ctx, uint64_t pa, uint32_t order)
{
	void **block = (void **)(uintptr_t)pa;

	(void)ctx;
	*block = arena.free[order];
	arena.free[order] = block;
	arena.frees++;
	arena.bytes -= 4096ull << order;
}

const struct hypiommu_table_ops tables_ops = { tables_alloc, tables_free };

void tables_get_stats(uint64_t *bytes, uint64_t *peak, uint64_t *allocs,
		      uint64_t *frees)
{
	*bytes = arena.bytes;
	*peak = arena.peak;
	*allocs = arena.allocs;
	*frees = arena.frees;
}
