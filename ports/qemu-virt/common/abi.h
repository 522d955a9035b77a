/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What the host may ask of the monitor, by HVC #0 with the function in x0, as
 * SMCCC (DEN 0028) lays out vendor-specific hypervisor calls: x0 = status, a
 * negative enum hypiommu_error. PSCI calls come by HVC or SMC.
 */
#ifndef ABI_H
#define ABI_H

/* + enum hypiommu_hcall_fn; arguments and results as in hypiommu/hcall.h */
#define MONITOR_IOMMU 0xc6000000u

/* x1 = address, x2 = bytes, x3 = guest: the host gives memory to a guest. */
#define MONITOR_DONATE	   0xc6000100u
/* The same: the guest has ended, its memory comes back wiped. */
#define MONITOR_RETURN	   0xc6000101u
/* x1 = address, x3 = guest -> x1 = the eight bytes that the guest sees there;
 * in the place of a guest's own code, which this monitor does not run. */
#define MONITOR_GUEST_LOAD 0xc6000102u

/* What a suspend of the system does to the SMMU: DMA aborts, calls for it are
 * refused; and what the resume does. */
#define MONITOR_SUSPEND 0xc6000103u
#define MONITOR_RESUME	0xc6000104u

/* Domains there may be at once. */
#define MONITOR_DOMAINS 16u

#define PSCI_VERSION	0x84000000u
#define PSCI_SYSTEM_OFF 0x84000008u
#define PSCI_CPU_ON	0xc4000003u

#define PSCI_NOT_SUPPORTED -1
#define PSCI_INVALID	   -2
#define PSCI_ALREADY_ON	   -4

#endif /* ABI_H */
