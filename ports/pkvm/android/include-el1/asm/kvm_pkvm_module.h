/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interface only, for the EL1 half: what Linux 6.12 has not and android16-6.12
 * has. Beside real kernel headers, so that the half compiles; nothing that is
 * compiled against it runs.
 */
#ifndef HYPIOMMU_ANDROID_EL1_PKVM_MODULE_H
#define HYPIOMMU_ANDROID_EL1_PKVM_MODULE_H

#include <linux/arm-smccc.h>
#include <asm/kvm_host.h>
#include <asm/kvm_asm.h>
#include <asm/ptrace.h>

struct pkvm_module_ops;

/* arch/arm64/include/asm/kvm_pkvm_module.h */
typedef void (*dyn_hcall_t)(struct user_pt_regs *);
int __pkvm_load_el2_module(struct module *this, unsigned long *token);
int pkvm_register_el2_mod_call(dyn_hcall_t hfn, unsigned long token);
/* init_fn becomes THIS_MODULE->arch.hyp.init there. */
#define pkvm_load_el2_module(init_fn, token) \
	((void)(init_fn), __pkvm_load_el2_module(THIS_MODULE, token))

/* arch/arm64/include/asm/kvm_asm.h: of a number that is not the kernel's own */
#ifndef KVM_HOST_SMCCC_ID
#define KVM_HOST_SMCCC_ID(id)                                     \
	ARM_SMCCC_CALL_VAL(ARM_SMCCC_FAST_CALL, ARM_SMCCC_SMC_64, \
			   ARM_SMCCC_OWNER_VENDOR_HYP, (id))
#endif

/* arch/arm64/include/asm/kvm_mmu.h: the EL2 address of a module's symbol */
#define ksym_ref_addr_nvhe(x) ((typeof(kvm_nvhe_sym(x)) *)&kvm_nvhe_sym(x))

/* arch/arm64/include/asm/kvm_pkvm.h */
void init_hyp_memcache(struct kvm_hyp_memcache *mc);

#endif /* HYPIOMMU_ANDROID_EL1_PKVM_MODULE_H */
