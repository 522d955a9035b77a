/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The whole library over null SMMUs, seen through its public interface. */
#ifndef BENCH_RIG_H
#define BENCH_RIG_H

#include "null_smmu.h"

#define RIG_PAGE    4096ull
#define RIG_RAM	    (64ull << 30) /* where the host's RAM for DMA begins */
#define RIG_RAM_MAX (16ull << 30) /* and how much there is at most */
#define RIG_PROT                                                          \
	(HYPIOMMU_PROT_READ | HYPIOMMU_PROT_WRITE | HYPIOMMU_PROT_CACHE | \
	 HYPIOMMU_PROT_NOEXEC)

struct rig_config {
	uint32_t smmus, domains; /* domain i on SMMU i % smmus, stream i */
	uint32_t spare_domains, spare_streams;
	uint32_t regions;     /* RAM is that many regions of equal size */
	uint64_t ram, tables; /* bytes */
	bool range_invalidation, look;
};

struct rig {
	struct rig_config config;
	struct hypiommu *h;
	struct null_smmu *smmus;
};

/* Every domain allocated at stage 1 and attached. Never fails, never freed. */
struct rig *rig_new(const struct rig_config *config);

/* One hypercall of the host; its status. */
int rig_call(struct rig *r, struct hypiommu_regs *regs, uint64_t fn, uint64_t a,
	     uint64_t b, uint64_t c, uint64_t d, uint64_t e);

/* Whole requests that have to succeed in one call. */
void rig_map(struct rig *r, uint64_t domain, uint64_t iova, uint64_t pa,
	     uint64_t size);
void rig_unmap(struct rig *r, uint64_t domain, uint64_t iova, uint64_t size);

#endif /* BENCH_RIG_H */
