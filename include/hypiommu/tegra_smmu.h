/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The classic Tegra MC-SMMU (Tegra30, 114, 124, 210), as a port declares it. */
#ifndef HYPIOMMU_TEGRA_SMMU_H
#define HYPIOMMU_TEGRA_SMMU_H

#include "hypiommu.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A group of clients that share an address space; its number is the stream ID
 * of hypiommu_add_stream(). */
struct hypiommu_tegra_swgroup {
	uint32_t id;
	uint32_t reg; /* offset of its ASID register */
};

/* A memory client's own switch; while it is off the client bypasses. */
struct hypiommu_tegra_enable {
	uint32_t reg; /* offset */
	uint32_t bit; /* 0 to 31 */
};

struct hypiommu_tegra_smmu_config {
	uint32_t window;
	uint64_t base; /* physical, page-aligned, of the memory controller */
	uint64_t size; /* bytes, whole pages, at least 4 KiB */

	uint32_t asids;	       /* 4 (Tegra30, 114) or 128 */
	uint32_t ptc_line;     /* bytes: 16 (30), 32 (114, 124), 64 (210) */
	uint32_t address_bits; /* 32, or 34 from Tegra124 on */

	/* All SWGROUPs and client switches the chip has, declared streams or
	 * not: what no stream names is blocked. SWGROUPs count as clients of
	 * struct hypiommu_limits; enables are not copied and must stay as they
	 * are. */
	const struct hypiommu_tegra_swgroup *swgroups;
	uint32_t swgroup_count; /* at most 64 */
	const struct hypiommu_tegra_enable *enables;
	uint32_t enable_count; /* at most 256 */
};

/*
 * Declare the SMMU. It has no way to abort before its tables exist: DMA is
 * blocked from hypiommu_finalise() on, by an empty page directory; the disabled
 * SMMU, which is identity, is never gone back to. Its domains are stage 1, 4
 * KiB pages, 32-bit IOVAs. Fault records are not supported.
 *
 * E_INVAL, E_PHASE, E_NOSPC, E_EXIST (frame overlaps a region, or two SWGROUPs
 * have one register).
 */
int hypiommu_tegra_smmu_add(struct hypiommu *h,
			    const struct hypiommu_tegra_smmu_config *config,
			    uint32_t *smmu);

#ifdef __cplusplus
}
#endif

#endif /* HYPIOMMU_TEGRA_SMMU_H */
