// SPDX-License-Identifier: GPL-2.0-only
/* Domains and who is attached to them, each a hypercall. */
#include <linux/dma-map-ops.h>
#include <linux/iommu.h>
#include <linux/of_iommu.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include <hypiommu/pkvm_call.h>

#include "dma-iommu.h"
#include "domain.h"

#define MSI_IOVA_BASE	0x8000000
#define MSI_IOVA_LENGTH 0x100000

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
	mutex_lock(&d->smmu->lock);
	list_del(&d->node);
	d->smmu->past_maps += atomic64_read(&d->maps);
	d->smmu->past_unmaps += atomic64_read(&d->unmaps);
	mutex_unlock(&d->smmu->lock);
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
		err = status == HYPIOMMU_E_NOMEM
			      ? hypiommu_top_up(smmu, x, GFP_KERNEL)
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
	d->iova_bits = x[2];
	INIT_LIST_HEAD(&d->masters);
	d->domain.pgsize_bitmap = x[4];
	d->domain.geometry.aperture_end = (1ull << x[2]) - 1;
	d->domain.geometry.force_aperture = true;
	mutex_lock(&smmu->lock);
	list_add_tail(&d->node, &smmu->domains);
	mutex_unlock(&smmu->lock);
	return &d->domain;
}

/* --------------------------------------------------------------- attaching */

static s64 stream_call(u64 fn, struct hypiommu_master *master, u32 sid,
		       struct hypiommu_domain *d)
{
	u64 x[6] = { fn, master->smmu->number, sid, d->number };

	return hypiommu_call(x);
}

/* Keep account of where its streams are. */
static void enter(struct hypiommu_master *master, struct hypiommu_domain *d)
{
	mutex_lock(&master->smmu->lock);
	if (master->domain)
		list_del(&master->node);
	if (d)
		list_add_tail(&master->node, &d->masters);
	master->domain = d;
	mutex_unlock(&master->smmu->lock);
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
		enter(master, NULL);
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
		enter(master, d);
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
			.map_pages = hypiommu_map_pages,
			.unmap_pages = hypiommu_unmap_pages,
			.flush_iotlb_all = hypiommu_flush_iotlb_all,
			.iotlb_sync_map = hypiommu_iotlb_sync_map,
			.iotlb_sync = hypiommu_iotlb_sync,
			.iova_to_phys = hypiommu_iova_to_phys,
			.free = domain_free,
		},
};
