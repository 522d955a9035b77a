// SPDX-License-Identifier: GPL-2.0-only
/* Mappings: gathered, remembered, and made by hypercall. */
#include <linux/gfp.h>
#include <linux/iommu.h>
#include <linux/mm.h>

#include <hypiommu/pkvm_call.h>

#include "domain.h"

/* ---------------------------------------------------------- table memory */

int hypiommu_top_up(struct hypiommu_smmu *smmu, const u64 *want, gfp_t gfp)
{
	u64 count = clamp(want[3], 1ull, (u64)HYPIOMMU_PKVM_TOPUP_MAX);

	if (want[2])
		return -ENOMEM;
	for (u64 i = 0; i < count; i++) {
		struct page *page = alloc_page(gfp);
		u64 x[6] = { HYPIOMMU_HC_MEM_TOPUP };

		if (!page)
			return -ENOMEM;
		x[1] = page_to_phys(page);
		x[2] = 1;
		if (x[1] >= want[4] || hypiommu_call(x)) {
			__free_page(page);
			return -ENOMEM;
		}
		atomic64_inc(&smmu->topups);
	}
	return 0;
}

/* --------------------------------------------------------------- mappings */

/* What EL2 answered to a mapping: go on (0), or why not. */
static int after_map(struct hypiommu_domain *d, const u64 *x, gfp_t gfp)
{
	return x[0] == (u64)HYPIOMMU_E_NOMEM ? hypiommu_top_up(d->smmu, x, gfp)
					     : hypiommu_errno(x[0]);
}

static int map_now(struct hypiommu_domain *d, u64 iova, u64 pa, size_t size,
		   u32 prot, gfp_t gfp, size_t *mapped)
{
	int err = 0;

	for (*mapped = 0; !err && *mapped < size;) {
		u64 x[6] = { HYPIOMMU_HC_MAP_PAGES };

		x[1] = d->number;
		x[2] = iova + *mapped;
		x[3] = pa + *mapped;
		x[4] = size - *mapped;
		x[5] = prot;
		hypiommu_call(x);
		*mapped += x[1];
		err = after_map(d, x, gfp);
	}
	atomic64_add(*mapped, &d->bytes);
	return err;
}

/* Drop the `bytes` that are mapped from the front of a batch. */
static void batch_advance(struct batch *b, u64 bytes)
{
	u32 done = 0;

	b->iova += bytes;
	b->bytes -= bytes;
	while (bytes) {
		u64 *segment = &b->segments[done];
		u64 size = (offset_in_page(*segment) + 1) << PAGE_SHIFT;

		if (size > bytes) {
			*segment += bytes - (bytes >> PAGE_SHIFT);
			break;
		}
		bytes -= size;
		done++;
	}
	b->count -= done;
	memmove(b->segments, b->segments + done,
		b->count * sizeof(b->segments[0]));
}

static void batch_record(struct hypiommu_domain *d, const struct batch *b)
{
	struct record_at at = {};
	u64 iova = b->iova;

	for (u32 i = 0; i < b->count; i++) {
		u64 pages = offset_in_page(b->segments[i]) + 1;

		record_map(&d->record, &at, iova, b->segments[i] & PAGE_MASK,
			   pages << PAGE_SHIFT, b->gfp);
		iova += pages << PAGE_SHIFT;
	}
}

/*
 * Map what was gathered; the batch ends, whatever comes of it. It is remembered
 * before: who hears of an error undoes all of the request.
 */
static int batch_flush(struct hypiommu_domain *d, struct batch *b)
{
	int err = 0;

	batch_record(d, b);
	if (b->count == 1) {
		u64 pages = offset_in_page(b->segments[0]) + 1;
		size_t mapped;

		err = map_now(d, b->iova, b->segments[0] & PAGE_MASK,
			      pages << PAGE_SHIFT, b->prot, b->gfp, &mapped);
		b->count = 0;
	}
	while (!err && b->count) {
		u64 x[17] = { HYPIOMMU_PKVM_MAP_LIST, d->number, b->iova };

		x[3] = batch_encode(b, &x[4]);
		hypiommu_call_list(x);
		atomic64_add(x[1], &d->bytes);
		batch_advance(b, x[1]);
		err = after_map(d, x, b->gfp);
	}
	batch_end(b);
	return err;
}

/* Gather a piece of a request: 1 if it was, 0 if it has to be mapped now. */
static int batch_add(struct hypiommu_domain *d, u64 iova, u64 pa, size_t size,
		     u32 prot, gfp_t gfp)
{
	u64 segment = pa | ((size >> PAGE_SHIFT) - 1);
	struct batch *b = batch_mine(d->batches);
	bool wide = segment_is_wide(segment);
	int err;

	if (b && (batch_full(b, wide) || b->prot != prot ||
		  b->iova + b->bytes != iova)) {
		err = batch_flush(d, b);
		if (err)
			return err;
		b = NULL;
	}
	if (!b)
		b = batch_begin(d->batches, iova, prot);
	if (!b)
		return 0;
	b->gfp = gfp;
	b->wide |= wide;
	b->segments[b->count++] = segment;
	b->bytes += size;
	return 1;
}

int hypiommu_map_pages(struct iommu_domain *domain, unsigned long iova,
		       phys_addr_t paddr, size_t pgsize, size_t pgcount,
		       int prot, gfp_t gfp, size_t *mapped)
{
	struct hypiommu_domain *d = to_hypiommu(domain);
	size_t size = pgsize * pgcount;
	int err = 0;

	prot &= HYPIOMMU_PROT_ALL;
	*mapped = 0;
	if (size >> PAGE_SHIFT <= HYPIOMMU_PKVM_SEGMENT_MAX)
		err = batch_add(d, iova, paddr, size, prot, gfp);
	if (err < 0)
		return err;
	atomic64_inc(&d->maps);
	if (err) {
		*mapped = size;
		return 0;
	}
	err = map_now(d, iova, paddr, size, prot, gfp, mapped);
	record_map(&d->record, &(struct record_at){}, iova, paddr, *mapped,
		   gfp);
	return err;
}

/* The request is complete. */
int hypiommu_iotlb_sync_map(struct iommu_domain *domain, unsigned long iova,
			    size_t size)
{
	struct hypiommu_domain *d = to_hypiommu(domain);
	struct batch *b = batch_mine(d->batches);

	return b ? batch_flush(d, b) : 0;
}

/* When EL2 returns, no device can reach the pages: nothing is left to sync. */
size_t hypiommu_unmap_pages(struct iommu_domain *domain, unsigned long iova,
			    size_t pgsize, size_t pgcount,
			    struct iommu_iotlb_gather *gather)
{
	struct hypiommu_domain *d = to_hypiommu(domain);
	size_t size = pgsize * pgcount, done = 0;
	int err = 0;

	/* A request that failed midway is undone: then there is one. */
	if (batch_mine(d->batches))
		batch_flush(d, batch_mine(d->batches));
	record_unmap(&d->record, iova, size);
	while (!err && done < size) {
		u64 x[6] = { HYPIOMMU_HC_UNMAP_PAGES, d->number, iova + done,
			     size - done };
		s64 status = hypiommu_call(x);

		/* On E_TIMEOUT those bytes are not free: they stay pinned. */
		if (!status)
			done += x[1];
		if (status == HYPIOMMU_E_NOMEM)
			err = hypiommu_top_up(d->smmu, x, GFP_ATOMIC);
		else
			err = hypiommu_errno(status);
	}
	atomic64_sub(done, &d->bytes);
	atomic64_inc(&d->unmaps);
	if (err && err != -ENOENT)
		dev_err_ratelimited(d->smmu->dev, "unmap of %#lx: %d\n",
				    iova + done, err);
	return done;
}

phys_addr_t hypiommu_iova_to_phys(struct iommu_domain *domain, dma_addr_t iova)
{
	struct hypiommu_domain *d = to_hypiommu(domain);
	u64 x[6] = { HYPIOMMU_HC_IOVA_TO_PHYS, d->number, iova };
	u64 pa = record_find(&d->record, iova);

	if (pa)
		return pa;
	return hypiommu_call(x) ? 0 : x[1];
}

void hypiommu_iotlb_sync(struct iommu_domain *domain,
			 struct iommu_iotlb_gather *gather)
{
}

/* Only an error leaves anything to finish. */
void hypiommu_flush_iotlb_all(struct iommu_domain *domain)
{
	s64 status;

	do {
		u64 x[6] = { HYPIOMMU_HC_IOTLB_SYNC,
			     to_hypiommu(domain)->number };

		status = hypiommu_call(x);
	} while (status == HYPIOMMU_E_AGAIN);
}
