// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The cheapest invalidation that covers what was cleared, completed. */
#include "core.h"

void tlb_choose(const struct hypiommu_smmu *smmu, struct tlb_request *request)
{
	uint64_t pages = request->size >> request->page_shift;

	if (smmu->whole_on_tables && !request->leaf_only)
		request->kind = TLB_ALL;
	else if (pages <= 1)
		request->kind = TLB_PAGES;
	else if (smmu->range_inval)
		request->kind = TLB_RANGE;
	else if (pages <= smmu->max_page_commands)
		request->kind = TLB_PAGES;
	else
		request->kind = TLB_ALL;
}

/* Domain lock held; on return with 0 no TLB holds anything of the range. */
int tlb_invalidate(struct hypiommu_smmu *smmu, struct hypiommu_domain *domain,
		   struct tlb_request *request)
{
	int err;

	/*
	 * Nothing attached: the last detach emptied the TLB of this domain. But
	 * whoever attaches, or resets the SMMU, may be another CPU, which
	 * cannot complete what this one cleaned.
	 */
	if (!domain->streams) {
		hypiommu_env_publish();
		return HYPIOMMU_OK;
	}
	hypiommu_env_lock(&smmu->lock);
	err = smmu_usable(smmu);
	if (err)
		hypiommu_env_publish();
	else
		err = smmu_result(smmu,
				  smmu->ops->invalidate(smmu, domain, request));
	hypiommu_env_unlock(&smmu->lock);
	return err;
}

/* Domain lock held: make hardware see what was mapped. */
int tlb_mapped(struct hypiommu_smmu *smmu, struct hypiommu_domain *domain,
	       uint64_t iova, uint64_t size)
{
	int err;

	if (!smmu->ops->mapped || !domain->streams || !size)
		return HYPIOMMU_OK;
	hypiommu_env_lock(&smmu->lock);
	err = smmu_usable(smmu);
	if (!err)
		err = smmu_result(smmu,
				  smmu->ops->mapped(smmu, domain, iova, size));
	hypiommu_env_unlock(&smmu->lock);
	return err;
}

int tlb_invalidate_all(struct hypiommu_smmu *smmu,
		       struct hypiommu_domain *domain)
{
	struct tlb_request all = { .kind = TLB_ALL };

	return tlb_invalidate(smmu, domain, &all);
}
