/* SPDX-License-Identifier: GPL-2.0-only */
/* Interface only, for the EL1 half; see asm/kvm_pkvm_module.h beside it. */
#ifndef HYPIOMMU_ANDROID_EL1_KVM_IOMMU_H
#define HYPIOMMU_ANDROID_EL1_KVM_IOMMU_H

#include <linux/of.h>
#include <asm/kvm_host.h>

/* include/kvm/power_domain.h */
enum kvm_power_domain_type {
	KVM_POWER_DOMAIN_NONE,
	KVM_POWER_DOMAIN_HOST_HVC,
};
struct kvm_power_domain {
	enum kvm_power_domain_type type;
	u64 device_id;
};

/* include/kvm/iommu.h */
#define KVM_IOMMU_MAX_DOMAINS (1 << 16)
struct kvm_hyp_iommu {
	struct kvm_power_domain power_domain;
};

/* arch/arm64/include/asm/kvm_host.h */
struct kvm_iommu_ops;
struct kvm_iommu_driver {
	int (*init_driver)(void);
	void (*remove_driver)(void);
	/* Without it the core takes it that there is no driver, and goes on. */
	pkvm_handle_t (*get_iommu_id_by_of)(struct device_node *np);
};
int kvm_iommu_register_driver(struct kvm_iommu_driver *kern_ops);
int kvm_iommu_init_hyp(struct kvm_iommu_ops *hyp_ops,
		       struct kvm_hyp_memcache *atomic_mc);
int pkvm_iommu_suspend(struct device *dev);
int pkvm_iommu_resume(struct device *dev);
/* The hypercalls, with the pools topped up: arch/arm64/kvm/iommu.c */
int kvm_iommu_alloc_domain(pkvm_handle_t domain_id, int type);
int kvm_iommu_free_domain(pkvm_handle_t domain_id);
int kvm_iommu_attach_dev(pkvm_handle_t iommu_id, pkvm_handle_t domain_id,
			 unsigned int endpoint, unsigned int pasid,
			 unsigned int ssid_bits, unsigned long flags);
int kvm_iommu_detach_dev(pkvm_handle_t iommu_id, pkvm_handle_t domain_id,
			 unsigned int endpoint, unsigned int pasid);
int kvm_iommu_map_pages(pkvm_handle_t domain_id, unsigned long iova,
			phys_addr_t paddr, size_t pgsize, size_t pgcount,
			int prot, gfp_t gfp, size_t *total_mapped);
size_t kvm_iommu_unmap_pages(pkvm_handle_t domain_id, unsigned long iova,
			     size_t pgsize, size_t pgcount);
phys_addr_t kvm_iommu_iova_to_phys(pkvm_handle_t domain_id, unsigned long iova);

#endif /* HYPIOMMU_ANDROID_EL1_KVM_IOMMU_H */
