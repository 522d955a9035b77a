/* SPDX-License-Identifier: GPL-2.0-only */
/* A domain of EL2's and what this kernel keeps of it; mappings.c. */
#ifndef HYPIOMMU_DOMAIN_H
#define HYPIOMMU_DOMAIN_H

#include "batch.h"
#include "frontend.h"
#include "record.h"

struct hypiommu_domain {
	struct iommu_domain domain;
	struct hypiommu_smmu *smmu;
	u64 number; /* EL2's */
	u32 iova_bits;
	struct list_head node;	  /* of the SMMU's, by its lock */
	struct list_head masters; /* whose streams are here; by the same */
	/* Requests, and bytes EL2 has mapped. */
	atomic64_t maps, unmaps, bytes;
	struct record record;
	struct batch batches[1 << BATCHES_LOG2];
};

static inline struct hypiommu_domain *to_hypiommu(struct iommu_domain *domain)
{
	return container_of(domain, struct hypiommu_domain, domain);
}

/*
 * EL2 said E_NOMEM and what it wants in want[2..4]: give it, page by page,
 * which is all its pool takes after the take-over. -ENOMEM: there is none to be
 * had.
 */
int hypiommu_top_up(struct hypiommu_smmu *smmu, const u64 *want, gfp_t gfp);

/* Of iommu_domain_ops. */
int hypiommu_map_pages(struct iommu_domain *domain, unsigned long iova,
		       phys_addr_t paddr, size_t pgsize, size_t pgcount,
		       int prot, gfp_t gfp, size_t *mapped);
int hypiommu_iotlb_sync_map(struct iommu_domain *domain, unsigned long iova,
			    size_t size);
size_t hypiommu_unmap_pages(struct iommu_domain *domain, unsigned long iova,
			    size_t pgsize, size_t pgcount,
			    struct iommu_iotlb_gather *gather);
phys_addr_t hypiommu_iova_to_phys(struct iommu_domain *domain, dma_addr_t iova);
void hypiommu_iotlb_sync(struct iommu_domain *domain,
			 struct iommu_iotlb_gather *gather);
void hypiommu_flush_iotlb_all(struct iommu_domain *domain);

#endif /* HYPIOMMU_DOMAIN_H */
