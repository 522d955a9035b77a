/* SPDX-License-Identifier: GPL-2.0-only */
/* EL1's hypercalls, hosted: EL2's handlers, called. */
#ifndef HYPIOMMU_PKVM_CALL_H
#define HYPIOMMU_PKVM_CALL_H

#include <hypiommu/pkvm.h>

enum {
	KVM_HOST_SMCCC_FUNC___hypiommu_setup,
	KVM_HOST_SMCCC_FUNC___hypiommu_call,
};
#define KVM_HOST_SMCCC_FUNC(name) KVM_HOST_SMCCC_FUNC_##name

void hypiommu_hvc(u32 id, u64 x[6]);
s64 hypiommu_call(u64 x[6]);
s64 hypiommu_call_list(u64 x[17]);

#endif /* HYPIOMMU_PKVM_CALL_H */
