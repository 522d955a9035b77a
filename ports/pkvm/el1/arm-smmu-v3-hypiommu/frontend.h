/* SPDX-License-Identifier: GPL-2.0-only */
/* The front-end of an SMMUv3 that EL2 owns. */
#ifndef ARM_SMMU_V3_HYPIOMMU_H
#define ARM_SMMU_V3_HYPIOMMU_H

#include <linux/iommu.h>
#include <linux/list.h>
#include <linux/mutex.h>

struct hypiommu_smmu {
	struct iommu_device iommu;
	struct device *dev;
	struct resource reg;
	struct list_head node; /* of those that wait for the take-over */
	u64 number;	       /* EL2's */
	u32 stage;
	bool coherent;
	atomic64_t maps, unmaps, topups, faults;
};

/* A device and the domain EL2 has its streams attached to. */
struct hypiommu_master {
	struct device *dev;
	struct hypiommu_smmu *smmu;
	struct mutex lock; /* guards domain and the streams' attachment */
	struct hypiommu_domain *domain;
};

extern const struct iommu_ops hypiommu_iommu_ops;

/* EL2's status as an errno; says so in the log unless it is harmless. */
int hypiommu_errno(s64 status);

#endif /* ARM_SMMU_V3_HYPIOMMU_H */
