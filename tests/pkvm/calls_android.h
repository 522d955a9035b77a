/* SPDX-License-Identifier: GPL-2.0-only */
/* The hypercalls as Android's kernel offers them to its modules: core_android.c
 * has them, the front-end calls them. */
#ifndef CALLS_ANDROID_H
#define CALLS_ANDROID_H

typedef unsigned int pkvm_handle_t;
typedef unsigned int gfp_t;

int kvm_iommu_alloc_domain(pkvm_handle_t domain, int type);
int kvm_iommu_free_domain(pkvm_handle_t domain);
int kvm_iommu_attach_dev(pkvm_handle_t iommu, pkvm_handle_t domain,
			 unsigned int endpoint, unsigned int pasid,
			 unsigned int ssid_bits, unsigned long flags);
int kvm_iommu_detach_dev(pkvm_handle_t iommu, pkvm_handle_t domain,
			 unsigned int endpoint, unsigned int pasid);
int kvm_iommu_map_pages(pkvm_handle_t domain, unsigned long iova,
			phys_addr_t paddr, size_t pgsize, size_t pgcount,
			int prot, gfp_t gfp, size_t *total_mapped);
size_t kvm_iommu_unmap_pages(pkvm_handle_t domain, unsigned long iova,
			     size_t pgsize, size_t pgcount);
phys_addr_t kvm_iommu_iova_to_phys(pkvm_handle_t domain, unsigned long iova);

#endif /* CALLS_ANDROID_H */
