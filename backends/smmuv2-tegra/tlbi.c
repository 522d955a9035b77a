// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* TLB invalidation (IHI 0062 2.5, 16.5): by address in the domain's bank, by
 * ASID or VMID; complete when every frame says so. */
#include "smmuv2.h"

static void by_iova(struct hypiommu_smmu *smmu, const struct hypiommu_domain *d,
		    uint64_t iova, bool leaf_only)
{
	const struct smmuv2 *s = smmuv2_of(smmu);
	uint32_t at = smmuv2_bank(s, d->hw_id), asid = smmuv2_tag(d);

	if (d->stage == 2) {
		smmuv2_write64(smmu,
			       at + (leaf_only ? CB_TLBIIPAS2L : CB_TLBIIPAS2),
			       iova >> 12);
	} else if (s->format == HYPIOMMU_SMMUV2_AARCH64) {
		smmuv2_write64(smmu, at + (leaf_only ? CB_TLBIVAL : CB_TLBIVA),
			       iova >> 12 | (uint64_t)asid << TTBR_ASID);
	} else {
		smmuv2_write(smmu, at + (leaf_only ? CB_TLBIVAL : CB_TLBIVA),
			     (uint32_t)(iova & ~0xfffull) | asid);
	}
}

static int by_tag(struct hypiommu_smmu *smmu, const struct hypiommu_domain *d)
{
	uint32_t at = smmuv2_bank(smmuv2_of(smmu), d->hw_id);

	if (d->stage == 2) {
		smmuv2_write(smmu, TLBIVMID, smmuv2_tag(d));
		return smmuv2_sync(smmu, STLBGSYNC, STLBGSTATUS);
	}
	smmuv2_write(smmu, at + CB_TLBIASID, smmuv2_tag(d));
	return smmuv2_sync(smmu, at + CB_TLBSYNC, at + CB_TLBSTATUS);
}

int smmuv2_invalidate(struct hypiommu_smmu *smmu,
		      struct hypiommu_domain *domain,
		      const struct tlb_request *request)
{
	uint32_t at = smmuv2_bank(smmuv2_of(smmu), domain->hw_id);

	/* The descriptor stores come first. */
	hypiommu_env_before_doorbell();
	if (request->kind != TLB_PAGES)
		return by_tag(smmu, domain);
	for (uint64_t i = 0; i < request->size;
	     i += 1ull << request->page_shift)
		by_iova(smmu, domain, request->iova + i, request->leaf_only);
	return smmuv2_sync(smmu, at + CB_TLBSYNC, at + CB_TLBSTATUS);
}

int smmuv2_invalidate_everything(struct hypiommu_smmu *smmu)
{
	hypiommu_env_before_doorbell();
	smmuv2_write(smmu, TLBIALLH, 0);
	smmuv2_write(smmu, TLBIALLNSNH, 0);
	return smmuv2_sync(smmu, STLBGSYNC, STLBGSTATUS);
}
