/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * An SMMUv3 that costs nothing: it identifies itself, acknowledges at once and
 * consumes every command at once, without looking at it. What is measured over
 * it is software alone.
 */
#ifndef BENCH_NULL_SMMU_H
#define BENCH_NULL_SMMU_H

#include <stdbool.h>
#include <stdint.h>

#include "hypiommu/hypiommu.h"

#define NULL_SMMU_SID_BITS 16u

struct null_smmu_counts {
	uint64_t reads, writes;
	uint64_t tlbi, cfgi, sync; /* commands; needs `look` */
};

struct null_smmu {
	uint32_t cr0, irq_ctrl, gbpa, gerrorn, cmdq_prod;
	uint64_t cmdq_base;
	bool range_invalidation; /* IDR3.RIL: SMMUv3.2 */
	bool look;		 /* at commands, to tell them apart */
	struct null_smmu_counts counts;
} __attribute__((aligned(128))); /* no line shared with another's */

/* ctx is an array of struct null_smmu, the window its index. */
extern const struct hypiommu_mmio_ops null_smmu_ops;

#endif /* BENCH_NULL_SMMU_H */
