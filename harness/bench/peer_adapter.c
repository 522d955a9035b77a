// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The library's engine and owner behind peer.h, to be measured beside another
 * engine: every map pins its pages, every unmap clears, reports what there is
 * to invalidate, and unpins. HYPIOMMU_PEER_OWNER=0 leaves the owner out.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "owner_pins.h"
#include "peer.h"
#include "pgtable.h"
#include "tables.h"

/* All physical addresses a peer may be given are the host's; sparse. */
#define OWNED_BITS 44

struct peer {
	struct pgtable pt;
	struct pool pool;
	struct owner owner;
	struct region region;
	struct owner_user user;
	struct peer_cfg cfg;
	bool with_owner;
	uint64_t page; /* a page pinned as the owner counts, or 0 */
	struct peer_stats stats;
};

static int to_errno(int err)
{
	switch (err) {
	case HYPIOMMU_OK:
		return 0;
	case HYPIOMMU_E_EXIST:
		return -EEXIST;
	case HYPIOMMU_E_NOMEM:
		return -ENOMEM;
	case HYPIOMMU_E_PERM:
		return -EPERM;
	case HYPIOMMU_E_RANGE:
		return -ERANGE;
	default:
		return -EINVAL;
	}
}

static bool format_of(const struct peer_cfg *cfg, struct pgtable_config *c)
{
	switch (cfg->fmt) {
	case PEER_ARM_32_LPAE_S1:
		c->format = PGTABLE_LPAE_S1;
		return c->granule_shift == 12 && cfg->ias <= 32 &&
		       cfg->oas <= 40;
	case PEER_ARM_32_LPAE_S2:
		c->format = PGTABLE_LPAE_S2;
		return c->granule_shift == 12 && cfg->ias <= 40 &&
		       cfg->oas <= 40;
	case PEER_ARM_64_LPAE_S1:
		c->format = PGTABLE_LPAE_S1;
		return true;
	case PEER_ARM_64_LPAE_S2:
		c->format = PGTABLE_LPAE_S2;
		return true;
	case PEER_ARM_V7S:
		c->format = PGTABLE_V7S;
		return true;
	default:
		return false;
	}
}

static bool owner_start(struct peer *p)
{
	const char *wanted = getenv("HYPIOMMU_PEER_OWNER");
	uint64_t size = 1ull << OWNED_BITS;
	void *state;

	p->with_owner = !wanted || strcmp(wanted, "0");
	if (!p->with_owner)
		return true;
	/* A zero word is a page of HYPIOMMU_HOST without pins. */
	state = mmap(NULL, hypiommu_page_state_size(size),
		     PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (state == MAP_FAILED)
		return false;
	region_lay_out(&p->region, 0, size, state);
	p->owner.regions = &p->region;
	p->owner.count = p->owner.max = 1;
	owner_user_init(&p->user, &p->owner, HYPIOMMU_HOST);
	return true;
}

struct peer *peer_create(const struct peer_cfg *cfg)
{
	struct pgtable_config c = {
		.granule_shift = (uint8_t)__builtin_ctzll(
			cfg->pgsize_bitmap ? cfg->pgsize_bitmap : 1),
		.ias = (uint8_t)cfg->ias,
		.oas = (uint8_t)cfg->oas,
		.coherent = cfg->coherent,
		.aarch32 = true, /* the other engine's execute-never bits, for
				  * either architecture */
		.table_limit = 1ull << 32,
	};
	struct pool_request want;
	struct peer *p = tables_object(sizeof(*p));

	if (!p)
		return NULL;
	p->cfg = *cfg;
	p->pool.ops = &tables_ops;
	if (cfg->quirks || !format_of(cfg, &c) ||
	    pgtable_init(&p->pt, &c, &p->pool, &want)) {
		free(p);
		return NULL;
	}
	if (!owner_start(p)) {
		pgtable_fini(&p->pt);
		free(p);
		return NULL;
	}
	p->cfg.pgsize_bitmap &= p->pt.leaf_sizes;
	if (p->with_owner && c.granule_shift == HYPIOMMU_PAGE_SHIFT)
		p->page = HYPIOMMU_PAGE_SIZE;
	return p;
}

void peer_destroy(struct peer *p)
{
	uint64_t iova = 0, size;

	if (!p)
		return;
	while (!p->pt.ops->next(&p->pt, &iova, ~0u)) {
		size = (1ull << p->pt.config.ias) - iova;
		if (!peer_unmap_pages(p, iova, size, 1, 1))
			break;
	}
	pgtable_fini(&p->pt);
	if (p->with_owner)
		munmap(p->region.chunks,
		       hypiommu_page_state_size(p->region.size));
	free(p);
}

static __attribute__((noinline)) int map_many(struct peer *p, uint64_t iova,
					      uint64_t pa, size_t pgsize,
					      size_t pgcount, int prot,
					      size_t *mapped)
{
	struct pgtable_mapped m;
	uint64_t size;
	int err;

	if (__builtin_mul_overflow(pgsize, pgcount, &size) || !size ||
	    !(pgsize & p->cfg.pgsize_bitmap) ||
	    (iova | pa | pgsize) & (pgsize - 1) ||
	    !(prot & (PEER_READ | PEER_WRITE)))
		return -EINVAL;
	if (p->with_owner) {
		err = owner_pin(&p->user, pa, size);
		if (err < 0) /* 1 for MMIO: there is none here */
			return to_errno(err);
	}
	/* The granule is always one of them. */
	pgtable_use_sizes(&p->pt, pgsize | 1ull << p->pt.config.granule_shift);
	err = p->pt.ops->map(&p->pt, iova, pa, size, (uint32_t)prot, &m);
	hypiommu_env_publish();
	*mapped += m.size;
	if (!err)
		return 0;
	if (p->with_owner)
		owner_unpin(&p->user, pa + m.size, size - m.size);
	return to_errno(err);
}

static __attribute__((noinline)) int map_failed(struct peer *p, uint64_t pa,
						uint64_t size, int err)
{
	owner_unpin(&p->user, pa, size);
	return to_errno(err);
}

static __attribute__((noinline)) int pin_slowly(struct peer *p, uint64_t pa,
						uint64_t size)
{
	int err = HYPIOMMU_E_INVAL;

	if (!p->with_owner)
		return 0;
	if (!(pa & (HYPIOMMU_PAGE_SIZE - 1)))
		err = owner_pin_slowly(&p->user, pa, size);
	return err < 0 ? to_errno(err) : 0; /* 1 for MMIO: there is none here */
}

/* Several pages as the owner counts them. */
static __attribute__((noinline)) int map_pages(struct peer *p, uint64_t iova,
					       uint64_t pa, size_t *mapped,
					       size_t pgcount, int prot)
{
	uint64_t size = pgcount << HYPIOMMU_PAGE_SHIFT;
	struct pgtable_mapped m;
	int err;

	if ((pgcount - 1) >> 32)
		return map_many(p, iova, pa, HYPIOMMU_PAGE_SIZE, pgcount, prot,
				mapped);
	if (!owner_pin_nearby(&p->user, pa, size)) {
		err = pin_slowly(p, pa, size);
		if (err)
			return err;
	}
	pgtable_use_sizes(&p->pt, HYPIOMMU_PAGE_SIZE);
	err = p->pt.ops->map(&p->pt, iova, pa, size, (uint32_t)prot, &m);
	hypiommu_env_publish();
	*mapped += m.size;
	if (err)
		return map_failed(p, pa + m.size, size - m.size, err);
	return 0;
}

/* One: as the hypervisor's map of one page, nothing to divide. */
static __attribute__((noinline)) int
map_page(struct peer *p, uint64_t iova, uint64_t pa, size_t *mapped, int prot)
{
	struct pgtable_mapped m;
	int err;

	if (!owner_pin_page(&p->user, pa))
		return map_many(p, iova, pa, HYPIOMMU_PAGE_SIZE, 1, prot,
				mapped);
	err = p->pt.ops->map(&p->pt, iova, pa, HYPIOMMU_PAGE_SIZE,
			     (uint32_t)prot, &m);
	hypiommu_env_publish();
	if (err)
		return map_failed(p, pa, HYPIOMMU_PAGE_SIZE, err);
	*mapped += HYPIOMMU_PAGE_SIZE;
	return 0;
}

int peer_map_pages(struct peer *p, uint64_t iova, uint64_t pa, size_t pgsize,
		   size_t pgcount, int prot, size_t *mapped)
{
	if (pgsize != p->page || !(prot & 3))
		return map_many(p, iova, pa, pgsize, pgcount, prot, mapped);
	if (pgcount == 1)
		return map_page(p, iova, pa, mapped, prot);
	return map_pages(p, iova, pa, mapped, pgcount, prot);
}

static void on_reap(void *ctx, uint64_t pa, uint64_t size)
{
	struct peer *p = ctx;

	if (p->with_owner)
		owner_unpin(&p->user, pa, size);
}

static int split(struct peer *p, uint64_t iova)
{
	struct pgtable_split s;
	struct pool_request want;
	int err = p->pt.ops->split_begin(&p->pt, iova, &s, &want);

	if (err)
		return err;
	p->stats.flush_walk++;
	p->pt.ops->split_end(&p->pt, &s);
	return HYPIOMMU_OK;
}

static __attribute__((noinline)) int split_and_clear(struct peer *p,
						     uint64_t iova,
						     uint64_t size,
						     struct pgtable_cleared *c)
{
	int err = HYPIOMMU_E_UNSUPPORTED;

	while (err == HYPIOMMU_E_UNSUPPORTED && !split(p, iova))
		err = p->pt.ops->clear(&p->pt, iova, size, ~0u, c);
	return err;
}

/* In memory: what goes well does not look at most of it again. */
struct unmapping {
	uint64_t iova, size;
	int queued;
	struct pgtable_cleared c;
};

/* What a driver invalidates, before anything is unpinned. */
static inline void invalidate(struct peer *p, const struct unmapping *u)
{
	if (!u->queued)
		p->stats.add_page += u->c.size >> u->c.shift;
	p->stats.flush_walk += u->c.tables;
}

/* After clear() said err, or did it. */
static __attribute__((noinline)) size_t finish(struct peer *p,
					       struct unmapping *u, int err)
{
	struct pgtable_cleared *c = &u->c;

	if (err == HYPIOMMU_E_UNSUPPORTED)
		err = split_and_clear(p, u->iova, u->size, c);
	if (err)
		return 0;
	invalidate(p, u);
	if (!c->one_run) {
		p->pt.ops->reap(&p->pt, u->iova, c->size, on_reap, p);
		return c->size;
	}
	pgtable_erase(&p->pt, u->iova, c);
	if (p->with_owner)
		owner_unpin(&p->user, c->pa, c->size);
	return c->size;
}

static __attribute__((noinline)) size_t unmap_many(struct peer *p,
						   uint64_t iova, size_t pgsize,
						   size_t pgcount, int queued)
{
	struct unmapping u = { .iova = iova, .queued = queued };
	int err;

	if (__builtin_mul_overflow(pgsize, pgcount, &u.size))
		return 0;
	err = p->pt.ops->clear(&p->pt, iova, u.size, ~0u, &u.c);
	return finish(p, &u, err);
}

/* Several pages as the owner counts them. */
static __attribute__((noinline)) size_t
unmap_pages(struct peer *p, uint64_t iova, size_t pgcount, int queued)
{
	struct unmapping u;
	int err;

	if (pgcount >> 32)
		return unmap_many(p, iova, HYPIOMMU_PAGE_SIZE, pgcount, queued);
	u.iova = iova;
	u.size = pgcount << HYPIOMMU_PAGE_SHIFT;
	u.queued = queued;
	err = p->pt.ops->clear(&p->pt, iova, u.size, ~0u, &u.c);
	if (err || !u.c.one_run || u.c.left)
		return finish(p, &u, err);
	invalidate(p, &u);
	if (!owner_unpin_nearby(&p->user, u.c.pa, u.c.size))
		owner_unpin_slowly(&p->user, u.c.pa, u.c.size);
	return u.c.size;
}

/* One, mapped as one: nothing to split, one run. */
static __attribute__((noinline)) size_t unmap_page(struct peer *p,
						   uint64_t iova, int queued)
{
	struct pgtable_cleared c;

	if (p->pt.ops->clear(&p->pt, iova, HYPIOMMU_PAGE_SIZE, 1, &c))
		return unmap_many(p, iova, HYPIOMMU_PAGE_SIZE, 1, queued);
	p->stats.add_page += !queued;
	p->stats.flush_walk += c.tables;
	pgtable_erase(&p->pt, iova, &c);
	owner_unpin(&p->user, c.pa, HYPIOMMU_PAGE_SIZE);
	return HYPIOMMU_PAGE_SIZE;
}

size_t peer_unmap_pages(struct peer *p, uint64_t iova, size_t pgsize,
			size_t pgcount, int queued)
{
	if (pgsize != p->page)
		return unmap_many(p, iova, pgsize, pgcount, queued);
	if (pgcount == 1)
		return unmap_page(p, iova, queued);
	return unmap_pages(p, iova, pgcount, queued);
}

uint64_t peer_iova_to_phys(struct peer *p, uint64_t iova)
{
	uint64_t pa;

	return p->pt.ops->lookup(&p->pt, iova, &pa) ? 0 : pa;
}

void peer_get_stats(const struct peer *p, struct peer_stats *st)
{
	*st = p ? p->stats : (struct peer_stats){ 0 };
	tables_get_stats(&st->table_bytes, &st->table_bytes_peak,
			 &st->table_allocs, &st->table_frees);
}

/* What the SMMU's registers would say of these tables. */
void peer_get_regs(const struct peer *p, struct peer_regs *r)
{
	const struct pgtable_config *c = &p->pt.config;
	bool v7s = c->format == PGTABLE_V7S;

	*r = (struct peer_regs){
		.ttbr = p->pt.root_pa,
		.mair = PGTABLE_MAIR,
		.tcr = 64u - c->ias,
		.start_level = p->pt.start_level,
		.page_shift = c->granule_shift,
		.level_bits = v7s ? 8 : c->granule_shift - 3u,
	};
	r->root_bits = v7s ? 12
			   : c->ias - (r->page_shift +
				       r->level_bits * (3 - r->start_level));
}

/* ------------------------------------------- the tables as hardware reads them
 */

static uint64_t read_desc(uint64_t table, uint64_t index, unsigned int width)
{
	uint64_t d = 0;

	memcpy(&d, (const uint8_t *)(uintptr_t)table + index * width, width);
	return d;
}

/* Short descriptors: DDI 0406C B3.5.1, TTBCR.N = 0, 32-bit output. */
static int walk_short(uint64_t ttbr, uint64_t iova, uint64_t pte[4],
		      uint64_t *pa)
{
	uint64_t d = read_desc(ttbr, iova >> 20 & 0xfff, 4), mask = 0xfffff;

	pte[0] = d;
	if (!(d & 3))
		return 1;
	if ((d & 3) != 1) {
		if (d >> 18 & 1)
			mask = 0xffffff;
		*pa = (d & ~mask) | (iova & mask);
		return 1;
	}
	d = read_desc(d & 0xfffffc00, iova >> 12 & 0xff, 4);
	pte[1] = d;
	if (!(d & 3))
		return 2;
	mask = d & 2 ? 0xfff : 0xffff;
	*pa = (d & ~mask) | (iova & mask);
	return 2;
}

/* VMSAv8-64: DDI 0487 D8.3; with 64 KiB PA[51:48] is in bits [15:12]. */
int peer_walk(const struct peer *p, uint64_t iova, uint64_t pte[4],
	      uint64_t *pa)
{
	struct peer_regs r;
	uint64_t table, index_mask;
	int n = 0;

	peer_get_regs(p, &r);
	*pa = ~0ull;
	if (p->cfg.fmt == PEER_ARM_V7S)
		return walk_short(r.ttbr, iova, pte, pa);
	table = r.ttbr;
	index_mask = (1ull << r.root_bits) - 1;
	for (unsigned int level = r.start_level; level < 4; level++) {
		unsigned int shift = r.page_shift + r.level_bits * (3 - level);
		uint64_t d = read_desc(table, iova >> shift & index_mask, 8);
		uint64_t out = d & 0xfffffffff000;
		bool bit1 = d >> 1 & 1;

		pte[n++] = d;
		if (!(d & 1) || (level == 3 && !bit1))
			break;
		if (r.page_shift == 16)
			out = (out & ~0xffffull) | (d >> 12 & 15) << 48;
		if (level == 3 || !bit1) {
			uint64_t mask = (1ull << shift) - 1;

			*pa = (out & ~mask) | (iova & mask);
			break;
		}
		/* The rest of a table descriptor's address is ignored. */
		table = out & ~((1ull << r.page_shift) - 1);
		index_mask = (1ull << r.level_bits) - 1;
	}
	return n;
}
