/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The front-end's calls, as ports/pkvm/include/hypiommu/pkvm_call.h has them,
 * for a kernel of Android: each becomes what the core of its IOMMU support
 * offers, or the module's own hypercall (call.c). So that the front-end is the
 * same file for both kernels.
 */
#ifndef HYPIOMMU_PKVM_CALL_H
#define HYPIOMMU_PKVM_CALL_H

#include <hypiommu/pkvm.h>

s64 hypiommu_call(u64 x[6]);
s64 hypiommu_call_list(u64 x[17]);

#endif /* HYPIOMMU_PKVM_CALL_H */
