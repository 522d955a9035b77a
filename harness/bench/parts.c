// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * What peer.h has no word for: the classic Tegra MC-SMMU's tables, as the
 * format PEER_NUM_FMTS. Otherwise as peer_adapter.c: every map pins, every
 * unmap clears and unpins.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "owner_pins.h"
#include "peer.h"
#include "pgtable.h"
#include "tables.h"

#define OWNED_BITS 34

struct peer {
	struct pgtable pt;
	struct pool pool;
	struct owner owner;
	struct region region;
	struct owner_user user;
	uint64_t reported;
};

struct peer *peer_create(const struct peer_cfg *cfg)
{
	static const struct pgtable_config c = {
		.format = PGTABLE_TEGRA_MC,
		.granule_shift = 12,
		.ias = 32,
		.oas = OWNED_BITS,
		.coherent = true,
		.table_limit = 1ull << OWNED_BITS,
	};
	size_t states = hypiommu_page_state_size(1ull << OWNED_BITS);
	struct pool_request want;
	struct peer *p;
	void *state;

	if (cfg->fmt != PEER_NUM_FMTS)
		return NULL;
	p = tables_object(sizeof(*p));
	if (!p)
		return NULL;
	p->pool.ops = &tables_ops;
	state = mmap(NULL, states, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (state == MAP_FAILED || pgtable_init(&p->pt, &c, &p->pool, &want)) {
		free(p);
		return NULL;
	}
	region_lay_out(&p->region, 0, 1ull << OWNED_BITS, state);
	p->owner.regions = &p->region;
	p->owner.count = p->owner.max = 1;
	owner_user_init(&p->user, &p->owner, HYPIOMMU_HOST);
	return p;
}

int peer_map_pages(struct peer *p, uint64_t iova, uint64_t pa, size_t pgsize,
		   size_t pgcount, int prot, size_t *mapped)
{
	struct pgtable_mapped m;
	uint64_t size = pgsize * pgcount;
	int err = owner_pin(&p->user, pa, size);

	if (err)
		return -EPERM;
	err = p->pt.ops->map(&p->pt, iova, pa, size, (uint32_t)prot, &m);
	hypiommu_env_publish();
	*mapped += m.size;
	if (!err)
		return 0;
	owner_unpin(&p->user, pa + m.size, size - m.size);
	return -EINVAL;
}

static void on_reap(void *ctx, uint64_t pa, uint64_t size)
{
	owner_unpin(ctx, pa, size);
}

size_t peer_unmap_pages(struct peer *p, uint64_t iova, size_t pgsize,
			size_t pgcount, int queued)
{
	struct pgtable_cleared c;

	if (p->pt.ops->clear(&p->pt, iova, pgsize * pgcount, ~0u, &c))
		return 0;
	if (!queued)
		p->reported += c.size >> c.shift;
	if (c.one_run) {
		pgtable_erase(&p->pt, iova, &c);
		owner_unpin(&p->user, c.pa, c.size);
	} else {
		p->pt.ops->reap(&p->pt, iova, c.size, on_reap, &p->user);
	}
	return c.size;
}

uint64_t peer_iova_to_phys(struct peer *p, uint64_t iova)
{
	uint64_t pa;

	return p->pt.ops->lookup(&p->pt, iova, &pa) ? 0 : pa;
}

void peer_destroy(struct peer *p)
{
	uint64_t iova = 0;

	while (!p->pt.ops->next(&p->pt, &iova, ~0u)) {
		if (!peer_unmap_pages(p, iova, (1ull << 32) - iova, 1, 1))
			break;
	}
	pgtable_fini(&p->pt);
	munmap(p->region.chunks, hypiommu_page_state_size(p->region.size));
	free(p);
}
