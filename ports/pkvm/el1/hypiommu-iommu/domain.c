// SPDX-License-Identifier: GPL-2.0-only
/* Domains and mappings, each a hypercall. */
#include <linux/dma-map-ops.h>
#include <linux/gfp.h>
#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/of_iommu.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include <hypiommu/pkvm_call.h>

#include "dma-iommu.h"
#include "batch.h"
#include "frontend.h"
#include "record.h"

#define MSI_IOVA_BASE	0x8000000
#define MSI_IOVA_LENGTH 0x100000

struct hypiommu_domain {
	struct iommu_domain domain;
	struct hypiommu_smmu *smmu;
	u64 number; /* EL2's */
	struct record record;
	struct batch batches[1 << BATCHES_LOG2];
};

static struct hypiommu_domain *to_hypiommu(struct iommu_domain *domain)
{
	return container_of(domain, struct hypiommu_domain, domain);
}

int hypiommu_errno(s64 status)
{
	switch (status) {
	case HYPIOMMU_OK:
		return 0;
	case HYPIOMMU_E_INVAL:
	case HYPIOMMU_E_RANGE:
		return -EINVAL;
	case HYPIOMMU_E_NOENT:
		return -ENOENT;
	case HYPIOMMU_E_EXIST:
		return -EEXIST;
	case HYPIOMMU_E_PERM:
		return -EPERM;
	case HYPIOMMU_E_BUSY:
		return -EBUSY;
	case HYPIOMMU_E_NOMEM:
		return -ENOMEM;
	case HYPIOMMU_E_NOSPC:
	case HYPIOMMU_E_OVERFLOW:
		return -ENOSPC;
	case HYPIOMMU_E_AGAIN:
		return -EAGAIN;
	case HYPIOMMU_E_TIMEOUT:
		return -ETIMEDOUT;
	case HYPIOMMU_E_UNSUPPORTED:
		return -EOPNOTSUPP;
	default:
		return -EIO;
	}
}

/* ---------------------------------------------------------- table memory */

/*
 * EL2 said E_NOMEM and what it wants in x[2..4]. Pages are given one by one,
 * which is all its pool takes after the take-over.
 */
static int top_up(struct hypiommu_smmu *smmu, const u64 *want, gfp_t gfp)
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
	return x[0] == (u64)HYPIOMMU_E_NOMEM ? top_up(d->smmu, x, gfp)
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
		u64 x[17] = { HYPIOMMU_PKVM_MAP_LIST, d->number, b->iova,
			      b->prot | (u64)b->count << 32 };

		memcpy(&x[4], b->segments, b->count * sizeof(b->segments[0]));
		hypiommu_call_list(x);
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
	struct batch *b = batch_mine(d->batches);
	int err;

	if (b && (b->count == HYPIOMMU_PKVM_SEGMENTS || b->prot != prot ||
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
	b->segments[b->count++] = pa | ((size >> PAGE_SHIFT) - 1);
	b->bytes += size;
	return 1;
}

static int map_pages(struct iommu_domain *domain, unsigned long iova,
		     phys_addr_t paddr, size_t pgsize, size_t pgcount, int prot,
		     gfp_t gfp, size_t *mapped)
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
	atomic64_inc(&d->smmu->maps);
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
static int iotlb_sync_map(struct iommu_domain *domain, unsigned long iova,
			  size_t size)
{
	struct hypiommu_domain *d = to_hypiommu(domain);
	struct batch *b = batch_mine(d->batches);

	return b ? batch_flush(d, b) : 0;
}

/* When EL2 returns, no device can reach the pages: nothing is left to sync. */
static size_t unmap_pages(struct iommu_domain *domain, unsigned long iova,
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
			err = top_up(d->smmu, x, GFP_ATOMIC);
		else
			err = hypiommu_errno(status);
	}
	atomic64_inc(&d->smmu->unmaps);
	if (err && err != -ENOENT)
		dev_err_ratelimited(d->smmu->dev, "unmap of %#lx: %d\n",
				    iova + done, err);
	return done;
}

static phys_addr_t iova_to_phys(struct iommu_domain *domain, dma_addr_t iova)
{
	struct hypiommu_domain *d = to_hypiommu(domain);
	u64 x[6] = { HYPIOMMU_HC_IOVA_TO_PHYS, d->number, iova };
	u64 pa = record_find(&d->record, iova);

	if (pa)
		return pa;
	return hypiommu_call(x) ? 0 : x[1];
}

static void iotlb_sync(struct iommu_domain *domain,
		       struct iommu_iotlb_gather *gather)
{
}

/* Only an error leaves anything to finish. */
static void flush_iotlb_all(struct iommu_domain *domain)
{
	s64 status;

	do {
		u64 x[6] = { HYPIOMMU_HC_IOTLB_SYNC,
			     to_hypiommu(domain)->number };

		status = hypiommu_call(x);
	} while (status == HYPIOMMU_E_AGAIN);
}

/* ----------------------------------------------------------------- domains */

static void domain_free(struct iommu_domain *domain)
{
	struct hypiommu_domain *d = to_hypiommu(domain);
	s64 status;

	do {
		u64 x[6] = { HYPIOMMU_HC_DOMAIN_FREE, d->number };

		status = hypiommu_call(x);
	} while (status == HYPIOMMU_E_AGAIN);
	if (status)
		dev_err(d->smmu->dev, "domain %llu stays: error %lld of EL2\n",
			d->number, status);
	record_free(&d->record);
	kfree(d);
}

static struct iommu_domain *domain_alloc_paging(struct device *dev)
{
	struct hypiommu_master *master = dev_iommu_priv_get(dev);
	struct hypiommu_smmu *smmu = master->smmu;
	struct hypiommu_domain *d = kzalloc(sizeof(*d), GFP_KERNEL);
	u64 x[6];
	s64 status;
	int err;

	if (!d)
		return ERR_PTR(-ENOMEM);
	do {
		x[0] = HYPIOMMU_HC_DOMAIN_ALLOC;
		x[1] = smmu->number;
		x[2] = smmu->stage;
		status = hypiommu_call(x);
		err = status == HYPIOMMU_E_NOMEM ? top_up(smmu, x, GFP_KERNEL)
						 : hypiommu_errno(status);
	} while (!err && status);
	if (err) {
		dev_err(dev, "no domain: error %lld of EL2\n", status);
		kfree(d);
		return ERR_PTR(err);
	}
	record_init(&d->record);
	d->smmu = smmu;
	d->number = x[1];
	d->domain.pgsize_bitmap = x[4];
	d->domain.geometry.aperture_end = (1ull << x[2]) - 1;
	d->domain.geometry.force_aperture = true;
	return &d->domain;
}

/* --------------------------------------------------------------- attaching */

static s64 stream_call(u64 fn, struct hypiommu_master *master, u32 sid,
		       struct hypiommu_domain *d)
{
	u64 x[6] = { fn, master->smmu->number, sid, d->number };

	return hypiommu_call(x);
}

/* From here on the device's DMA aborts. */
static int detach(struct hypiommu_master *master)
{
	struct iommu_fwspec *fwspec = dev_iommu_fwspec_get(master->dev);
	int err = 0;

	if (!master->domain)
		return 0;
	for (unsigned int i = 0; i < fwspec->num_ids; i++) {
		s64 status = stream_call(HYPIOMMU_HC_DETACH_DEV, master,
					 fwspec->ids[i], master->domain);

		/* Two of its ids may be one stream. */
		if (status && status != HYPIOMMU_E_NOENT)
			err = hypiommu_errno(status);
	}
	if (!err)
		master->domain = NULL;
	return err;
}

static int attach(struct hypiommu_master *master, struct hypiommu_domain *d)
{
	struct iommu_fwspec *fwspec = dev_iommu_fwspec_get(master->dev);

	for (unsigned int i = 0; i < fwspec->num_ids; i++) {
		s64 status = stream_call(HYPIOMMU_HC_ATTACH_DEV, master,
					 fwspec->ids[i], d);

		/* An id given twice is attached already, by us. */
		if (status == HYPIOMMU_E_BUSY && i)
			continue;
		if (status) {
			dev_err(master->dev,
				"stream %#x not attached: error %lld of EL2\n",
				fwspec->ids[i], status);
			return hypiommu_errno(status);
		}
		master->domain = d;
	}
	return 0;
}

static int attach_dev(struct iommu_domain *domain, struct device *dev)
{
	struct hypiommu_master *master = dev_iommu_priv_get(dev);
	struct hypiommu_domain *d = to_hypiommu(domain);
	int err;

	if (d->smmu != master->smmu)
		return -EINVAL;
	mutex_lock(&master->lock);
	err = detach(master);
	if (!err)
		err = attach(master, d);
	if (err)
		detach(master); /* all of its streams, or none */
	mutex_unlock(&master->lock);
	return err;
}

static int attach_blocked(struct iommu_domain *domain, struct device *dev)
{
	struct hypiommu_master *master = dev_iommu_priv_get(dev);
	int err;

	mutex_lock(&master->lock);
	err = detach(master);
	mutex_unlock(&master->lock);
	return err;
}

static struct iommu_domain blocked_domain = {
	.type = IOMMU_DOMAIN_BLOCKED,
	.ops =
		&(const struct iommu_domain_ops){
			.attach_dev = attach_blocked,
		},
};

/* ----------------------------------------------------------------- devices */

static int match_fwnode(struct device *dev, const void *fwnode)
{
	return dev_fwnode(dev) == fwnode && dev_get_drvdata(dev);
}

static struct iommu_device *probe_device(struct device *dev)
{
	struct iommu_fwspec *fwspec = dev_iommu_fwspec_get(dev);
	struct hypiommu_master *master;
	struct device *smmu = bus_find_device(
		&platform_bus_type, NULL, fwspec->iommu_fwnode, match_fwnode);

	if (!smmu)
		return ERR_PTR(-ENODEV);
	put_device(smmu);
	master = kzalloc(sizeof(*master), GFP_KERNEL);
	if (!master)
		return ERR_PTR(-ENOMEM);
	master->dev = dev;
	master->smmu = dev_get_drvdata(smmu);
	mutex_init(&master->lock);
	dev_iommu_priv_set(dev, master);
	return &master->smmu->iommu;
}

static void release_device(struct device *dev)
{
	struct hypiommu_master *master = dev_iommu_priv_get(dev);

	mutex_lock(&master->lock);
	detach(master);
	mutex_unlock(&master->lock);
	kfree(master);
}

static struct iommu_group *device_group(struct device *dev)
{
	return dev_is_pci(dev) ? pci_device_group(dev)
			       : generic_device_group(dev);
}

static int of_xlate(struct device *dev, const struct of_phandle_args *args)
{
	return iommu_fwspec_add_ids(dev, args->args, 1);
}

static void get_resv_regions(struct device *dev, struct list_head *head)
{
	int prot = IOMMU_WRITE | IOMMU_NOEXEC | IOMMU_MMIO;
	struct iommu_resv_region *msi =
		iommu_alloc_resv_region(MSI_IOVA_BASE, MSI_IOVA_LENGTH, prot,
					IOMMU_RESV_SW_MSI, GFP_KERNEL);

	if (!msi)
		return;
	list_add_tail(&msi->list, head);
	iommu_dma_get_resv_regions(dev, head);
}

static bool smmu_capable(struct device *dev, enum iommu_cap cap)
{
	struct hypiommu_master *master = dev_iommu_priv_get(dev);

	switch (cap) {
	case IOMMU_CAP_CACHE_COHERENCY:
		return master->smmu->coherent;
	case IOMMU_CAP_NOEXEC:
		return true;
	default:
		return false;
	}
}

/* Whatever the command line asks for: there is no bypass to be had. */
static int def_domain_type(struct device *dev)
{
	return IOMMU_DOMAIN_DMA;
}

const struct iommu_ops hypiommu_iommu_ops = {
	.capable = smmu_capable,
	.domain_alloc_paging = domain_alloc_paging,
	.probe_device = probe_device,
	.release_device = release_device,
	.device_group = device_group,
	.of_xlate = of_xlate,
	.get_resv_regions = get_resv_regions,
	.def_domain_type = def_domain_type,
	.blocked_domain = &blocked_domain,
	.release_domain = &blocked_domain,
	.pgsize_bitmap = SZ_4K, /* each domain says its own */
	.owner = THIS_MODULE,
	.default_domain_ops =
		&(const struct iommu_domain_ops){
			.attach_dev = attach_dev,
			.map_pages = map_pages,
			.unmap_pages = unmap_pages,
			.flush_iotlb_all = flush_iotlb_all,
			.iotlb_sync_map = iotlb_sync_map,
			.iotlb_sync = iotlb_sync,
			.iova_to_phys = iova_to_phys,
			.free = domain_free,
		},
};
