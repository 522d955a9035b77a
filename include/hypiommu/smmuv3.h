/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The SMMUv3 backend (Arm IHI 0070), as a port declares one. */
#ifndef HYPIOMMU_SMMUV3_H
#define HYPIOMMU_SMMUV3_H

#include "hypiommu.h"

#ifdef __cplusplus
extern "C" {
#endif

struct hypiommu_smmuv3_config {
	uint32_t window; /* for hypiommu_mmio_ops */
	uint64_t base;	 /* physical, 64 KiB aligned: page 0 and page 1 */

	/* Bytes of the register frame; at least 128 KiB. */
	uint64_t size;

	/* Command queue entries as a power of two, 3 (8 entries) to 12; the
	 * hardware's own limit (IDR1.CMDQS) applies. Event queue likewise,
	 * 2 to 11, and IDR1.EVENTQS. 0 picks 8 and 7. */
	uint32_t cmdq_log2, evtq_log2;

	/* Longest wait for one answer of the hardware, in microseconds,
	 * 1 to 10,000,000; 0 picks 1,000,000. A million looks at a register
	 * end it as well, should the clock stand still. */
	uint32_t timeout_us;
};

/*
 * Declare an SMMUv3 and stop its DMA: from a successful return on, and through
 * every failure after identification, incoming transactions abort
 * (GBPA.ABORT = 1, CR0.SMMUEN = 0). *smmu is its number, counted from 0 in the
 * order of declaration. Allocates its queues and, for stage 1, context
 * descriptors for every domain the instance may have.
 *
 * E_INVAL, E_PHASE, E_NOSPC, E_EXIST (frame overlaps a region), E_NOMEM,
 * E_UNSUPPORTED (preset tables or queues, no AArch64 tables, no granule at all,
 * big-endian only), E_HW (an ID field with a reserved value; GBPA.ABORT that
 * does not stick, so that default-deny cannot be had), E_TIMEOUT.
 */
int hypiommu_smmuv3_add(struct hypiommu *h,
			const struct hypiommu_smmuv3_config *config,
			uint32_t *smmu);

#ifdef __cplusplus
}
#endif

#endif /* HYPIOMMU_SMMUV3_H */
