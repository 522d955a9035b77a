// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Memory the SMMU reads and writes besides page tables. */
#include "smmuv3.h"

/* A zeroed, naturally aligned block of at least `bytes`; kept if there is one
 * already, so that prepare can be repeated after E_NOMEM. */
int smmuv3_alloc(struct hypiommu_smmu *smmu, uint64_t bytes, uint64_t **p,
		 uint64_t *pa)
{
	uint32_t order = 0;
	int err;

	if (*p)
		return HYPIOMMU_OK;
	while (HYPIOMMU_PAGE_SIZE << order < bytes)
		order++;
	if (order > POOL_MAX_ORDER)
		return HYPIOMMU_E_UNSUPPORTED;
	err = pool_alloc(&smmu->h->pool, order, 1ull << smmuv3_of(smmu)->oas,
			 pa);
	if (err)
		return err;
	*p = phys_to_virt(smmu->h, *pa);
	if (!smmu->coherent)
		hypiommu_env_clean(*p, HYPIOMMU_PAGE_SIZE << order);
	return HYPIOMMU_OK;
}

int smmuv3_prepare(struct hypiommu_smmu *smmu)
{
	struct smmuv3 *s = smmuv3_of(smmu);
	int err = smmuv3_alloc(smmu, 16ull << s->cmdq.log2, &s->cmdq.entries,
			       &s->cmdq.pa);

	if (!err)
		err = smmuv3_alloc(smmu, (uint64_t)EVENT_BYTES << s->evtq.log2,
				   &s->evtq.entries, &s->evtq.pa);
	if (!err && s->stage1)
		err = smmuv3_alloc(smmu, (uint64_t)CD_BYTES * smmu->asids.count,
				   &s->cds, &s->cds_pa);
	return err ? err : smmuv3_strtab_prepare(smmu);
}
