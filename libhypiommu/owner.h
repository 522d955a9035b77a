/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Page ownership with DMA pins: the built-in checker, or the hypervisor's own
 * behind hypiommu_owner_ops. One word a page; each region's words are guarded
 * by that region's lock, taken once per run of pages.
 */
#ifndef HYPIOMMU_OWNER_H
#define HYPIOMMU_OWNER_H

#include "env.h"
#include "hypiommu/hypiommu.h"

struct region {
	uint64_t base, size;
	uint32_t *pages; /* owner.c lays the word out; NULL if delegated */
	hypiommu_env_lock_t lock;
	bool mmio;
};

struct owner {
	const struct hypiommu_owner_ops *ops; /* NULL: built-in */
	void *ctx;
	struct region *regions; /* sorted by base, disjoint, frozen */
	uint32_t count, max;
};

int owner_add_region(struct owner *o, uint64_t base, uint64_t size, void *state,
		     bool mmio);
bool owner_overlaps(const struct owner *o, uint64_t base, uint64_t size);

/*
 * Pin every page of [pa, pa + size) for DMA by principal, or none. *mmio: the
 * range is an MMIO window (a range that is both is refused with E_PERM).
 */
int owner_pin(struct owner *o, uint32_t principal, uint64_t pa, uint64_t size,
	      bool *mmio);
/* Undo owner_pin() for pages whose invalidation has completed. */
void owner_unpin(struct owner *o, uint64_t pa, uint64_t size);

/*
 * Pool pages are HYPIOMMU_HYP's and carry a tag where others count pins, so
 * that no transition of hypiommu.h can take them (its pages must have tag 0).
 * owner_take(): host RAM becomes EL2's with this tag; owner_give(): EL2's pages
 * with this tag become the host's. The tag of a page not EL2's reads as 0.
 */
int owner_take(struct owner *o, uint64_t pa, uint64_t size, uint32_t tag);
int owner_give(struct owner *o, uint64_t pa, uint64_t size, uint32_t tag);
uint32_t owner_tag(struct owner *o, uint64_t pa);
void owner_set_tag(struct owner *o, uint64_t pa, uint32_t tag);

/* The transitions of hypiommu.h, with its errors. */
int owner_donate(struct owner *o, uint32_t from, uint32_t to, uint64_t pa,
		 uint64_t size);
int owner_share(struct owner *o, uint32_t owner, uint32_t with, uint64_t pa,
		uint64_t size);
int owner_unshare(struct owner *o, uint32_t owner, uint32_t with, uint64_t pa,
		  uint64_t size);
int owner_lend(struct owner *o, uint32_t owner, uint32_t to, uint64_t pa,
	       uint64_t size);
int owner_reclaim(struct owner *o, uint32_t owner, uint32_t borrower,
		  uint64_t pa, uint64_t size);
int owner_page_info(struct owner *o, uint64_t pa,
		    struct hypiommu_page_info *info);

#endif /* HYPIOMMU_OWNER_H */
