// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory for tables: until the core's pool is filled, which the host does on
 * demand, from a range the host gave with the machine's description. What of
 * that range is freed stays unused: queues and stream tables never are.
 */
#include "module.h"

static struct hypiommu_machine_range boot;
static u64 boot_used;

u64 hypiommu_tables_used; /* pages */

void hypiommu_tables_init(const struct hypiommu_machine_range *r)
{
	boot = *r;
	boot_used = 0;
	hypiommu_pkvm->memset(hypiommu_pkvm->hyp_va(r->base), 0,
			      (size_t)r->size);
}

static void *boot_alloc(u64 size)
{
	/* The range is aligned to its size, a power of two. */
	u64 at = (boot_used + size - 1) & ~(size - 1);

	if (at + size > boot.size)
		return NULL;
	boot_used = at + size;
	return hypiommu_pkvm->hyp_va(boot.base + at);
}

/* At run time the core's pool is asked first: what it lacks, it asks the host
 * for. The trusted phase has one CPU, and no host to ask. */
static void *take(u32 order)
{
	if (!hypiommu_instance)
		return boot_alloc(HYPIOMMU_PAGE_SIZE << order);
	return hypiommu_pkvm->iommu_donate_pages((u8)order, 0);
}

static void put(void *va, u32 order)
{
	if (!hypiommu_in_range(&boot, hypiommu_pkvm->hyp_pa(va), 1))
		hypiommu_pkvm->iommu_reclaim_pages(va, (u8)order);
}

static int alloc(void *ctx, uint32_t order, uint64_t limit, uint64_t *pa)
{
	u64 size = HYPIOMMU_PAGE_SIZE << order;
	void *va = take(order);

	(void)ctx;
	if (!va)
		return HYPIOMMU_E_NOMEM;
	*pa = hypiommu_pkvm->hyp_pa(va);
	if (*pa & (size - 1) || *pa >= limit || size > limit - *pa) {
		put(va, order);
		return HYPIOMMU_E_NOMEM;
	}
	/* Zeroed by the CPU; a walker may read behind its caches. */
	hypiommu_pkvm->flush_dcache_to_poc(va, (size_t)size);
	hypiommu_count(&hypiommu_tables_used, 1ull << order);
	return HYPIOMMU_OK;
}

static void release(void *ctx, uint64_t pa, uint32_t order)
{
	(void)ctx;
	put(hypiommu_pkvm->hyp_va(pa), order);
	hypiommu_count(&hypiommu_tables_used, 0 - (1ull << order));
}

const struct hypiommu_table_ops hypiommu_module_tables = {
	.alloc = alloc,
	.free = release,
};
