/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HYPIOMMU_ANDROID_HOST_H
#define HYPIOMMU_ANDROID_HOST_H

#include <linux/types.h>

#include "../machine.h"

/* host.c */
extern unsigned long hypiommu_module_hvc; /* number of the module's hypercall */
u32 hypiommu_smmus(void);
int hypiommu_power(u64 smmu, bool on);

/* call.c: bytes of an instance; 0: EL2 refuses these numbers */
u64 hypiommu_module_size(u32 smmus, u32 domains, u32 streams, u32 clients);

#endif /* HYPIOMMU_ANDROID_HOST_H */
