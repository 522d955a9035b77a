/* SPDX-License-Identifier: GPL-2.0-only */
/* Interface only (see asm/kvm_pkvm_module.h): include/kvm/iommu.h of
 * android16-6.12. */
#ifndef HYPIOMMU_ANDROID_KVM_IOMMU_H
#define HYPIOMMU_ANDROID_KVM_IOMMU_H

#include <linux/types.h>

#ifdef __KERNEL__
#include <linux/kvm_host.h>
#else
typedef unsigned int pkvm_handle_t; /* arch/arm64/include/asm/kvm_host.h */
#endif

#define KVM_IOMMU_DOMAIN_IDMAP_TYPE 0
#define KVM_IOMMU_DOMAIN_ANY_TYPE   1

/* The host's ids are the lower half; guests' the upper. */
#define KVM_IOMMU_MAX_DOMAINS (1 << 16)

struct kvm_hyp_iommu {
	bool power_is_off;
};

struct kvm_hyp_iommu_domain {
	atomic_t refs;
	pkvm_handle_t domain_id;
	void *priv; /* the driver's; zeroed by the core after free_domain */
};

#endif /* HYPIOMMU_ANDROID_KVM_IOMMU_H */
