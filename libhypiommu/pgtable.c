// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include "pgtable.h"

int pgtable_init(struct pgtable *pt, const struct pgtable_config *config,
		 struct pool *pool, struct pool_request *want)
{
	int err;

	pt->config = *config;
	pt->pool = pool;
	pt->phys_to_virt = pool->phys_to_virt;
	pt->pages = 0;
	err = lpae_init(pt);
	if (err)
		return err;
	err = pool_alloc(pool, pt->root_order, config->table_limit,
			 &pt->root_pa);
	if (err) {
		want->order = pt->root_order;
		want->count = 1;
		want->limit = config->table_limit;
		return err;
	}
	pt->pages = 1ull << pt->root_order;
	pt->root = (uint64_t *)(uintptr_t)(pt->root_pa + pt->phys_to_virt);
	if (!config->coherent) {
		hypiommu_env_clean(pt->root, HYPIOMMU_PAGE_SIZE
						     << pt->root_order);
	}
	hypiommu_env_publish();
	return HYPIOMMU_OK;
}

void pgtable_fini(struct pgtable *pt)
{
	pool_free(pt->pool, pt->root_pa, pt->root_order);
	pt->root = NULL;
	pt->pages = 0;
}
