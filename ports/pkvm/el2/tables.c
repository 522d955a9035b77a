// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory for tables: pKVM's own page allocator over what the host donated. The
 * first donation is one contiguous range and serves every order; pages added
 * later serve single pages, as in a guest's pool.
 */
#include <asm/kvm_mmu.h>
#include <nvhe/gfp.h>
#include <nvhe/mem_protect.h>
#include <nvhe/memory.h>

#include <hypiommu/pkvm.h>
#include <hypiommu/hypiommu.h>

#include "hypiommu_el2.h"

static struct hyp_pool pool;
static u64 pool_pages, pool_used; /* counted; exact when nobody is at work */

int hypiommu_tables_init(u64 pfn, u64 pages)
{
	pool_pages = pages;
	return hyp_pool_init(&pool, pfn, pages, 0);
}

void hypiommu_tables_stats(u64 *pages, u64 *used)
{
	*pages = READ_ONCE(pool_pages);
	*used = READ_ONCE(pool_used);
}

static void count(u64 *counter, s64 by)
{
	WRITE_ONCE(*counter, READ_ONCE(*counter) + by);
}

static int alloc(void *ctx, u32 order, uint64_t limit, uint64_t *phys)
{
	void *va = hyp_alloc_pages(&pool, order);

	if (!va)
		return HYPIOMMU_E_NOMEM;
	*phys = hyp_virt_to_phys(va);
	if (*phys + (PAGE_SIZE << order) - 1 >= limit) {
		hyp_put_page(&pool, va);
		return HYPIOMMU_E_NOMEM;
	}
	/* Zeroed by the CPU; a walker may read behind its caches. */
	kvm_flush_dcache_to_poc(va, PAGE_SIZE << order);
	count(&pool_used, 1ll << order);
	return HYPIOMMU_OK;
}

static void release(void *ctx, uint64_t phys, u32 order)
{
	hyp_put_page(&pool, hyp_phys_to_virt(phys));
	count(&pool_used, -(1ll << order));
}

const struct hypiommu_table_ops hypiommu_el2_tables = {
	.alloc = alloc,
	.free = release,
};

static int donate_error(int err)
{
	switch (err) {
	case 0:
		return HYPIOMMU_OK;
	case -EBUSY:
		return HYPIOMMU_E_BUSY;
	default:
		return HYPIOMMU_E_PERM;
	}
}

int hypiommu_tables_topup(u64 phys, u64 pages, u64 *taken)
{
	int err;

	*taken = 0;
	pages = min(pages, (u64)HYPIOMMU_PKVM_TOPUP_MAX);
	if (!pages || !PAGE_ALIGNED(phys))
		return HYPIOMMU_E_INVAL;
	if (!hypiommu_is_memory(phys, pages << PAGE_SHIFT))
		return HYPIOMMU_E_PERM;
	err = donate_error(
		__pkvm_host_donate_hyp(hyp_phys_to_pfn(phys), pages));
	if (err)
		return err;
	for (u64 i = 0; i < pages; i++) {
		struct hyp_page *p = hyp_phys_to_page(phys) + i;

		p->order = 0;
		hyp_set_page_refcounted(p);
		hyp_put_page(&pool, hyp_page_to_virt(p)); /* zeroes it */
	}
	count(&pool_pages, pages);
	*taken = pages;
	return HYPIOMMU_OK;
}

/* Pages of the first donation stay: their neighbours rely on them. */
int hypiommu_tables_giveback(u64 *phys)
{
	struct hyp_page *p;
	void *va;

	if (*phys != HYPIOMMU_ANY_PAGE)
		return HYPIOMMU_E_UNSUPPORTED;
	va = hyp_alloc_pages(&pool, 0);
	if (!va)
		return HYPIOMMU_E_NOENT;
	*phys = hyp_virt_to_phys(va);
	if (*phys >= pool.range_start && *phys < pool.range_end) {
		hyp_put_page(&pool, va);
		return HYPIOMMU_E_NOENT;
	}
	p = hyp_virt_to_page(va);
	p->refcount = 0;
	p->order = 0;
	count(&pool_pages, -1);
	BUG_ON(__pkvm_hyp_donate_host(hyp_page_to_pfn(p), 1));
	return HYPIOMMU_OK;
}
