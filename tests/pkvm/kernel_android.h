/* SPDX-License-Identifier: GPL-2.0-only */
/* What Android's kernel has besides, for the list adapter of its module's EL1
 * half: names as in ports/pkvm/android/include-el1. */
#ifndef KERNEL_ANDROID_H
#define KERNEL_ANDROID_H

#include "calls_android.h"

#define KVM_IOMMU_MAX_DOMAINS (1 << 16)

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
