/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The host's side of the hypercalls (hypiommu/hcall.h); SMMU 0 everywhere. */
#ifndef IOMMU_H
#define IOMMU_H

#include "hypiommu/hcall.h"

#define RW (HYPIOMMU_PROT_READ | HYPIOMMU_PROT_WRITE | HYPIOMMU_PROT_CACHE)
#define RO (HYPIOMMU_PROT_READ | HYPIOMMU_PROT_CACHE)

#define NO_DOMAIN (~0ull)

/* One hypercall as it is: x[0] of the result is returned too. */
int iommu_call(struct hypiommu_regs *regs, enum hypiommu_hcall_fn fn);

/* A domain of this stage, or NO_DOMAIN. */
uint64_t iommu_domain(unsigned int stage);
int iommu_free(uint64_t domain);
int iommu_attach(uint32_t sid, uint64_t domain);
int iommu_detach(uint32_t sid, uint64_t domain);

/* The whole range, in as many calls as it takes, with table pages as asked. */
int iommu_map(uint64_t domain, uint64_t iova, uint64_t pa, uint64_t size,
	      uint64_t prot);
int iommu_unmap(uint64_t domain, uint64_t iova, uint64_t size);

/* The pages behind E_NOMEM: 1 << order of them, count times. */
int iommu_topup(uint64_t order, uint64_t count);

int iommu_donate(uint64_t pa, uint64_t size, uint32_t guest);
int iommu_return(uint64_t pa, uint64_t size, uint32_t guest);
int iommu_guest_load(uint64_t pa, uint32_t guest, uint64_t *value);

int iommu_suspend(void);
int iommu_resume(void);

/* Oldest fault record; E_NOENT if none. */
struct iommu_fault {
	uint32_t sid, reason, flags;
	uint64_t iova, code;
};
int iommu_fault(struct iommu_fault *fault);
/* Read away what is there; how many. */
unsigned int iommu_drain_faults(void);

#endif /* IOMMU_H */
