/* SPDX-License-Identifier: GPL-2.0-only */
/* What Android's kernel has besides, for the list adapter of its module's EL1
 * half: names as in ports/pkvm/android/include-el1. */
#ifndef KERNEL_ANDROID_H
#define KERNEL_ANDROID_H

typedef unsigned int pkvm_handle_t;

#define KVM_IOMMU_MAX_DOMAINS (1 << 16)
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

/* Numbers of one kind, each once. */
struct ida {
	bool used[64];
};
#define DEFINE_IDA(name) struct ida name
static inline int ida_alloc_range(struct ida *ida, int from, int to, gfp_t gfp)
{
	(void)gfp;
	for (; from <= to && from < 64; from++) {
		if (!ida->used[from]) {
			ida->used[from] = true;
			return from;
		}
	}
	return -ENOSPC;
}
#define ida_free(ida, id) ((void)((ida)->used[id] = false))

struct arm_smccc_1_2_regs {
	unsigned long a0, a1, a2, a3, a4, a5;
};
#define SMCCC_RET_SUCCESS     0
#define KVM_HOST_SMCCC_ID(id) (id)
void arm_smccc_1_2_hvc(const struct arm_smccc_1_2_regs *args,
		       struct arm_smccc_1_2_regs *results);

#endif /* KERNEL_ANDROID_H */
