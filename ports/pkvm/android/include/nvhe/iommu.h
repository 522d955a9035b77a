/* SPDX-License-Identifier: GPL-2.0-only */
/* Interface only (see asm/kvm_pkvm_module.h):
 * arch/arm64/kvm/hyp/include/nvhe/iommu.h of android16-6.12; the core that
 * calls these is arch/arm64/kvm/hyp/nvhe/iommu/iommu.c. */
#ifndef HYPIOMMU_ANDROID_NVHE_IOMMU_H
#define HYPIOMMU_ANDROID_NVHE_IOMMU_H

#include <kvm/iommu.h>

struct iommu_iotlb_gather;
struct user_pt_regs;

struct kvm_iommu_ops {
	int (*init)(void);
	/* The core holds its domain lock. Returning -ENOMEM makes it send the
	 * request iommu_donate_pages() left to the host, which calls again. */
	int (*alloc_domain)(struct kvm_hyp_iommu_domain *domain, int type);
	void (*free_domain)(struct kvm_hyp_iommu_domain *domain);
	struct kvm_hyp_iommu *(*get_iommu_by_id)(pkvm_handle_t iommu_id);
	/* A device that a VM owns does not get here for the host. */
	int (*attach_dev)(struct kvm_hyp_iommu *iommu,
			  struct kvm_hyp_iommu_domain *domain, u32 endpoint_id,
			  u32 pasid, u32 pasid_bits, unsigned long flags);
	int (*detach_dev)(struct kvm_hyp_iommu *iommu,
			  struct kvm_hyp_iommu_domain *domain, u32 endpoint_id,
			  u32 pasid);
	/* The core has raised the DMA count of every page before, and after,
	 * whatever is returned, lowers that of the (pgcount - *total_mapped /
	 * pgsize) * pgsize bytes from paddr + *total_mapped on: more than is
	 * left if *total_mapped is no multiple of pgsize, which it has not
	 * looked at. */
	int (*map_pages)(struct kvm_hyp_iommu_domain *domain,
			 unsigned long iova, phys_addr_t paddr, size_t pgsize,
			 size_t pgcount, int prot, size_t *total_mapped);
	/* Bytes unmapped. Counts are the driver's to lower. */
	size_t (*unmap_pages)(struct kvm_hyp_iommu_domain *domain,
			      unsigned long iova, size_t pgsize, size_t pgcount,
			      struct iommu_iotlb_gather *gather);
	phys_addr_t (*iova_to_phys)(struct kvm_hyp_iommu_domain *domain,
				    unsigned long iova);
	/* After each unmap_pages, and when a gather is full. */
	void (*iotlb_sync)(struct kvm_hyp_iommu_domain *domain,
			   struct iommu_iotlb_gather *gather);
	/* A stage-2 fault of the host at physical address addr; true: dealt
	 * with, the core skips the instruction. Else it injects an abort. */
	bool (*dabt_handler)(struct user_pt_regs *regs, u64 esr, u64 addr);
	/* Called with the device's own lock held. */
	int (*suspend)(struct kvm_hyp_iommu *iommu);
	int (*resume)(struct kvm_hyp_iommu *iommu);
};

#endif /* HYPIOMMU_ANDROID_NVHE_IOMMU_H */
