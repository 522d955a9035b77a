// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>

#include "ops.h"

#define IOVA	(4ull << 30)
#define BLOCK	(2ull << 20)
#define PAGES	4096u
#define RUNS	64u
#define STREAMS 256u
#define DOMAINS 64u

struct rig *ops_rig(bool range_invalidation, bool look)
{
	const struct rig_config c = {
		.smmus = 1,
		.domains = 1,
		.spare_domains = DOMAINS,
		.spare_streams = STREAMS,
		.regions = 1,
		.ram = 1ull << 30,
		.tables = 32ull << 20,
		.range_invalidation = range_invalidation,
		.look = look,
	};

	return rig_new(&c);
}

static void must(struct rig *r, uint64_t fn, uint64_t a, uint64_t b, uint64_t c)
{
	struct hypiommu_regs regs;
	int err;

	do { /* freeing a domain may take more than one call */
		err = rig_call(r, &regs, fn, a, b, c, 0, 0);
	} while (err == HYPIOMMU_E_AGAIN);
	if (err) {
		fprintf(stderr, "hypiommu-bench: hypercall %d: %d\n", (int)fn,
			err);
		exit(1);
	}
}

static void map_1(void *r)
{
	for (uint64_t i = 0; i < PAGES; i++)
		rig_map(r, 0, IOVA + i * RIG_PAGE, RIG_RAM + i * RIG_PAGE,
			RIG_PAGE);
}

static void lookup(void *r)
{
	for (uint64_t i = 0; i < PAGES; i++)
		must(r, HYPIOMMU_HC_IOVA_TO_PHYS, 0,
		     IOVA + i * 1031 % PAGES * RIG_PAGE, 0);
}

static void unmap_1(void *r)
{
	for (uint64_t i = 0; i < PAGES; i++)
		rig_unmap(r, 0, IOVA + i * RIG_PAGE, RIG_PAGE);
}

/* 512 pages that no block can hold: IOVA and address differ in their 2 MiB. */
static void map_512(void *r)
{
	for (uint64_t i = 0; i < RUNS; i++)
		rig_map(r, 0, IOVA + i * BLOCK, RIG_RAM + RIG_PAGE + i * BLOCK,
			BLOCK);
}

static void map_2m(void *r)
{
	for (uint64_t i = 0; i < RUNS; i++)
		rig_map(r, 0, IOVA + i * BLOCK, RIG_RAM + i * BLOCK, BLOCK);
}

static void unmap_2m(void *r)
{
	for (uint64_t i = 0; i < RUNS; i++)
		rig_unmap(r, 0, IOVA + i * BLOCK, BLOCK);
}

static void attach(void *r)
{
	for (uint64_t i = 1; i <= STREAMS; i++)
		must(r, HYPIOMMU_HC_ATTACH_DEV, 0, i, 0);
}

static void detach(void *r)
{
	for (uint64_t i = 1; i <= STREAMS; i++)
		must(r, HYPIOMMU_HC_DETACH_DEV, 0, i, 0);
}

static void alloc(void *r)
{
	for (uint64_t i = 0; i < DOMAINS; i++)
		must(r, HYPIOMMU_HC_DOMAIN_ALLOC, 0, 1, 0);
}

static void free_all(void *r)
{
	for (uint64_t i = 1; i <= DOMAINS; i++)
		must(r, HYPIOMMU_HC_DOMAIN_FREE, i, 0, 0);
}

const struct op ops[] = {
	{ "map 4K", map_1, PAGES },
	{ "iova_to_phys", lookup, PAGES },
	{ "unmap 4K", unmap_1, PAGES },
	{ "map 512 x 4K", map_512, RUNS },
	{ "unmap 512 x 4K", unmap_2m, RUNS },
	{ "map 2M block", map_2m, RUNS },
	{ "unmap 2M block", unmap_2m, RUNS },
	{ "attach", attach, STREAMS },
	{ "detach", detach, STREAMS },
	{ "domain_alloc", alloc, DOMAINS },
	{ "domain_free", free_all, DOMAINS },
};
const unsigned int op_count = sizeof(ops) / sizeof(ops[0]);
