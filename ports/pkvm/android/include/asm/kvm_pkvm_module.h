/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interface only, so that the module compiles without a kernel: what it uses of
 * android16-6.12. Members are named as there; their order is not the kernel's,
 * and no object compiled against this header runs in one.
 */
#ifndef HYPIOMMU_ANDROID_PKVM_MODULE_H
#define HYPIOMMU_ANDROID_PKVM_MODULE_H

#include <linux/types.h>

struct kvm_hyp_iommu;

#ifdef __KERNEL__ /* beside a kernel's headers: these are its own */
#include <linux/kvm_host.h>
#include <asm/kvm_pgtable.h>
#include <asm/ptrace.h>
#else
/* arch/arm64/include/uapi/asm/ptrace.h */
struct user_pt_regs {
	u64 regs[31];
	u64 sp;
	u64 pc;
	u64 pstate;
};

/* arch/arm64/include/asm/kvm_pgtable.h */
enum kvm_pgtable_prot {
	KVM_PGTABLE_PROT_W = 1 << 1,
	KVM_PGTABLE_PROT_R = 1 << 2,
	KVM_PGTABLE_PROT_DEVICE = 1 << 3,
	PAGE_HYP_DEVICE = KVM_PGTABLE_PROT_R | KVM_PGTABLE_PROT_W |
			  KVM_PGTABLE_PROT_DEVICE,
};
#endif

/* arch/arm64/include/asm/kvm_pkvm_module.h */
enum pkvm_psci_notification {
	PKVM_PSCI_CPU_SUSPEND,
	PKVM_PSCI_SYSTEM_SUSPEND,
	PKVM_PSCI_CPU_ENTRY,
};

/* arch/arm64/include/asm/kvm_pkvm_module.h, struct pkvm_module_ops; how each is
 * implemented: arch/arm64/kvm/hyp/nvhe/modules.c. */
struct pkvm_module_ops {
	/* __pkvm_create_private_mapping(): the host's own access stays. */
	int (*create_private_mapping)(phys_addr_t phys, size_t size,
				      enum kvm_pgtable_prot prot,
				      unsigned long *haddr);
	/* kvm_flush_dcache_to_poc(): clean and invalidate */
	void (*flush_dcache_to_poc)(void *addr, size_t size);
	/* Before a call of the host's goes to firmware, and on a CPU's way back
	 * from there to the host. One notifier a system. */
	int (*register_psci_notifier)(void (*cb)(enum pkvm_psci_notification,
						 struct user_pt_regs *));
	/* ___pkvm_host_donate_hyp(): out of the host's stage 2, for good; with
	 * accept_mmio also what is not memory. */
	int (*host_donate_hyp)(u64 pfn, u64 nr_pages, bool accept_mmio);
	void *(*memcpy)(void *to, const void *from, size_t count);
	void *(*memset)(void *dst, int c, size_t count);
	phys_addr_t (*hyp_pa)(void *x);
	void *(*hyp_va)(phys_addr_t phys);
	/* kvm_iommu_donate_pages(): zeroed, naturally aligned, or NULL with a
	 * request to the host left in the hypercall that is served. Host's pool
	 * or a VM's, by who called. */
	void *(*iommu_donate_pages)(u8 order, int flags);
	void (*iommu_reclaim_pages)(void *p, u8 order);
	/* kvm_iommu_init_device(): lock and power domain */
	int (*iommu_init_device)(struct kvm_hyp_iommu *iommu);
	/* iommu_pkvm_unuse_dma(): drops the count that kvm_iommu_map_pages()
	 * took with __pkvm_use_dma(); under the host's page-table lock, which
	 * it takes itself. Does nothing for a range that is not all RAM. */
	int (*pkvm_unuse_dma)(phys_addr_t phys_addr, size_t size);
	int (*hyp_smp_processor_id)(void);
};

#endif /* HYPIOMMU_ANDROID_PKVM_MODULE_H */
