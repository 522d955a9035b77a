// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* TLB invalidation commands (IHI 0070 4.4). */
#include "smmuv3.h"

/* By address, without address and size: what they share. */
static struct smmuv3_cmd by_address(const struct hypiommu_domain *domain,
				    bool leaf_only)
{
	struct smmuv3_cmd cmd = { { 0, leaf_only ? CMD1_LEAF : 0 } };

	if (domain->stage == 1)
		cmd.w[0] = CMD_TLBI_NH_VA | (uint64_t)domain->hw_id
						    << CMD0_ASID;
	else
		cmd.w[0] = CMD_TLBI_S2_IPA | (uint64_t)domain->hw_id
						     << CMD0_VMID;
	return cmd;
}

static struct smmuv3_cmd by_domain(const struct hypiommu_domain *domain)
{
	struct smmuv3_cmd cmd = { { 0, 0 } };

	if (domain->stage == 1)
		cmd.w[0] = CMD_TLBI_NH_ASID | (uint64_t)domain->hw_id
						      << CMD0_ASID;
	else
		cmd.w[0] = CMD_TLBI_S12_VMALL | (uint64_t)domain->hw_id
							<< CMD0_VMID;
	return cmd;
}

static void add_pages(struct hypiommu_smmu *smmu,
		      const struct hypiommu_domain *domain,
		      const struct tlb_request *r)
{
	for (uint64_t at = 0; at < r->size; at += 1ull << r->page_shift) {
		struct smmuv3_cmd cmd = by_address(domain, r->leaf_only);

		cmd.w[1] |= (r->iova + at) & CMD_ADDR;
		smmuv3_cmdq_add(smmu, cmd);
	}
}

/*
 * Ranges of (NUM + 1) << SCALE granules (4.4.1.1): five bits of the page count
 * at a time, from the lowest set one. A single page takes the plain command:
 * its range form (NUM = SCALE = TTL = 0) is reserved.
 */
static void add_ranges(struct hypiommu_smmu *smmu,
		       const struct hypiommu_domain *domain,
		       const struct tlb_request *r)
{
	uint32_t granule = domain->pt.config.granule_shift;
	uint64_t pages = r->size >> granule, iova = r->iova;

	while (pages) {
		uint32_t scale = (uint32_t)__builtin_ctzll(pages);
		uint64_t num = pages >> scale & 31, span = num << scale;
		struct smmuv3_cmd cmd = by_address(domain, r->leaf_only);

		cmd.w[1] |= iova & CMD_ADDR;
		if (span > 1) {
			cmd.w[0] |= (num - 1) << CMD0_NUM |
				    (uint64_t)scale << CMD0_SCALE;
			cmd.w[1] |= (granule - 10ull) / 2 << CMD1_TG;
		}
		smmuv3_cmdq_add(smmu, cmd);
		iova += span << granule;
		pages -= span;
	}
}

int smmuv3_invalidate(struct hypiommu_smmu *smmu,
		      struct hypiommu_domain *domain,
		      const struct tlb_request *request)
{
	if (request->kind == TLB_PAGES)
		add_pages(smmu, domain, request);
	else if (request->kind == TLB_RANGE)
		add_ranges(smmu, domain, request);
	else
		smmuv3_cmdq_add(smmu, by_domain(domain));
	return smmuv3_cmdq_sync(smmu);
}
