/* SPDX-License-Identifier: GPL-2.0-only */
/* The front-end of SMMUs that EL2 owns: core.c, domain.c and view.c for all
 * kinds, and a file for each with what it is called and how it is stopped. */
#ifndef HYPIOMMU_FRONTEND_H
#define HYPIOMMU_FRONTEND_H

#include <linux/iommu.h>
#include <linux/list.h>
#include <linux/mutex.h>

#include <hypiommu/pkvm_call.h>

#include "status.h"

struct hypiommu_smmu;

struct hypiommu_smmu_kind {
	/* Without EL2 the registers are this kernel's: all DMA aborts, or it
	 * does not return. */
	void (*block)(struct hypiommu_smmu *smmu);
	int (*request_irqs)(struct hypiommu_smmu *smmu);
};

struct hypiommu_smmu {
	const struct hypiommu_smmu_kind *kind;
	struct iommu_device iommu;
	struct device *dev;
	struct resource reg;
	struct list_head node; /* of those that wait for the take-over */
	u64 number;	       /* EL2's */
	u32 stage;
	bool coherent;
	bool offered;	   /* EL2 has it, as `number` */
	bool blocked;	   /* there is no EL2: it aborts, by our own hands */
	struct mutex lock; /* guards the list, and who is in which domain */
	struct list_head domains;
	u64 past_maps, past_unmaps; /* of domains that are gone; by lock */
	atomic64_t topups, faults, suspends, resumes;
};

/* A device and the domain EL2 has its streams attached to. */
struct hypiommu_master {
	struct device *dev;
	struct hypiommu_smmu *smmu;
	struct mutex lock; /* guards domain and the streams' attachment */
	struct hypiommu_domain *domain;
	struct list_head node; /* of the domain's masters */
};

extern const struct iommu_ops hypiommu_iommu_ops;
extern const struct dev_pm_ops hypiommu_pm_ops;

struct platform_device;
/* It is offered to devices later, when EL2 has it. */
int hypiommu_probe(struct platform_device *pdev,
		   const struct hypiommu_smmu_kind *kind);
/* Once: EL2 is in charge, or never will be. */
int hypiommu_offer_all(void);
#ifdef MODULE /* that has one kind of them, and starts it itself */
extern struct platform_driver *const hypiommu_module_driver;
extern const struct hypiommu_smmu_kind *const hypiommu_module_kind;
#endif
/* view.c: its folder in debugfs */
void hypiommu_view_add(struct hypiommu_smmu *smmu);
/* For a line of event interrupts; several SMMUs may share it. */
int hypiommu_fault_irq(struct hypiommu_smmu *smmu, int irq);

#endif /* HYPIOMMU_FRONTEND_H */
