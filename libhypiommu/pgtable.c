// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include "pgtable.h"

static int format_init(struct pgtable *pt)
{
	switch (pt->config.format) {
	case PGTABLE_LPAE_S1:
	case PGTABLE_LPAE_S2:
		return lpae_init(pt);
	case PGTABLE_V7S:
		return v7s_init(pt);
	case PGTABLE_TEGRA_MC:
		return tegra_mc_init(pt);
	}
	return HYPIOMMU_E_UNSUPPORTED;
}

int pgtable_init(struct pgtable *pt, const struct pgtable_config *config,
		 struct pool *pool, struct pool_request *want)
{
	int err;

	pt->config = *config;
	pt->pool = pool;
	pt->phys_to_virt = pool->phys_to_virt;
	pt->pa_end = 1ull << config->oas;
	pt->above_base = pt->above_size = 0;
	pt->mapped.size = pt->cleared.size = 0;
	pt->last_prot = 0; /* prot is never 0 in a map */
	err = format_init(pt);
	if (err)
		return err;
	pgtable_use_sizes(pt, pt->leaf_sizes);
	err = pool_alloc(pool, pt->root_order, pt->config.table_limit,
			 &pt->root_pa);
	if (err) {
		want->order = pt->root_order;
		want->count = 1;
		want->limit = pt->config.table_limit;
		return err;
	}
	pt->root = (void *)(uintptr_t)(pt->root_pa + pt->phys_to_virt);
	if (!config->coherent) {
		hypiommu_env_clean(pt->root,
				   HYPIOMMU_PAGE_SIZE << pt->root_order);
	}
	hypiommu_env_publish();
	return HYPIOMMU_OK;
}

void pgtable_fini(struct pgtable *pt)
{
	pool_free(pt->pool, pt->root_pa, pt->root_order);
	pt->root = NULL;
}
