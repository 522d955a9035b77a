/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Page ownership with DMA pins: the built-in checker, or the hypervisor's own
 * behind hypiommu_owner_ops. One word a page; those of 1 MiB are a chunk,
 * guarded by the chunk's lock, taken once per run of pages in it.
 */
#ifndef HYPIOMMU_OWNER_H
#define HYPIOMMU_OWNER_H

#include "env.h"
#include "hypiommu/hypiommu.h"

#define CHUNK_SHIFT 20u
#define CHUNK_SIZE  (1ull << CHUNK_SHIFT)
#define CHUNK_PAGES (CHUNK_SIZE >> HYPIOMMU_PAGE_SHIFT)

/* Bytes from pa to the end of its chunk; CHUNK_SIZE where one begins. */
static inline uint64_t left_in_chunk(uint64_t pa)
{
	return CHUNK_SIZE - pa % CHUNK_SIZE;
}

/*
 * The smallest block of any table format. Pins are counted in the words of its
 * pages if `word` is BY_PAGE. Otherwise all of these words have its upper half
 * and no pins, and it counts pins for all of them: a block is pinned and
 * unpinned by one addition.
 */
struct chunk {
	hypiommu_env_lock_t lock;
	uint32_t word;
};

struct region {
	uint64_t base, size;
	struct chunk *chunks; /* from base rounded down; NULL if delegated */
	uint32_t *pages;      /* NULL if delegated */
	uint64_t lead;	      /* bytes of the first chunk before base */
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
/* Where in state, of hypiommu_page_state_size(size) bytes, what lies. */
void region_lay_out(struct region *r, uint64_t base, uint64_t size,
		    void *state);

/*
 * The word of a page:
 *
 *   31       25 24      18 17   16 15            0
 *   |  peer    |  owner   | state |  DMA pins     |
 *
 * so that "owned exclusively by p" is one comparison of the upper half, and a
 * pin is one addition. For pages of HYPIOMMU_HYP the lower half is a tag. State
 * 3 does not exist: a pin that overflows carries into the state and shows as a
 * changed upper half.
 */

#define WORD_PINS_MAX 0xffffu
#define WORD_CLASS    0xffff0000u
#define BY_PAGE	      (3u << 16) /* of a chunk: no word of a page */

static inline uint32_t word(uint32_t owner, uint32_t peer,
			    enum hypiommu_page_state state)
{
	return peer << 25 | owner << 18 | (uint32_t)state << 16;
}

static inline uint32_t word_owned(uint32_t owner)
{
	return word(owner, owner, HYPIOMMU_PAGE_OWNED);
}

/* Between two owners a page is EL2's, with a tag that nothing else has. */
static inline uint32_t word_moving(void)
{
	return word_owned(HYPIOMMU_HYP) | WORD_PINS_MAX;
}

/* The part of a range that lies in one chunk, of one region. */
struct piece {
	struct chunk *chunk;
	uint32_t *words;
	uint64_t count; /* pages; CHUNK_PAGES: all of the chunk */
	uint64_t first; /* number of the first of them in the chunk */
};

/* The region pa is in, or NULL. */
const struct region *owner_region(const struct owner *o, uint64_t pa);
/* The first piece of [pa, pa + size); pa is in the region. */
void region_piece(const struct region *r, uint64_t pa, uint64_t size,
		  struct piece *piece);
/* Chunk lock held: from now on pins are counted page by page. */
void chunk_by_page(const struct piece *piece);

/* -------------------------------------------------------------- pins */

/* The whole chunks of a region; of size 0 if there are none. */
struct chunk_run {
	uint64_t base, size; /* aligned to CHUNK_SIZE */
	struct chunk *chunks;
	uint32_t *pages;
};

/*
 * One who pins: whose pages, and where in RAM they were found last. Guarded by
 * what guards the user's tables.
 */
struct owner_user {
	struct chunk_run near;
	const struct owner *owner;
	uint32_t principal, class; /* class: word_owned(principal) */
	uint64_t pair;		   /* class, twice */
};

void owner_user_init(struct owner_user *u, const struct owner *owner,
		     uint32_t principal);

/*
 * Pin every page of [pa, pa + size), whole pages, for DMA by the user's
 * principal, or none. 0 for RAM, 1 for an MMIO window (a range that is both is
 * refused with E_PERM), or an error. What is quick is in owner_pins.h.
 */
int owner_pin_slowly(struct owner_user *u, uint64_t pa, uint64_t size);
/* Pin segments of RAM from the first on, together: how many. The next one is
 * owner_pin()'s, which says why. Without the operation of a port, none. */
static inline uint32_t owner_pin_list(const struct owner_user *u,
				      const struct hypiommu_segment *list,
				      uint32_t count)
{
	const struct owner *o = u->owner;

	if (!o->ops || !o->ops->pin_list)
		return 0;
	return o->ops->pin_list(o->ctx, u->principal, list, count);
}
/* Undo it for pages whose invalidation has completed. */
void owner_unpin_slowly(struct owner_user *u, uint64_t pa, uint64_t size);

/* ------------------------------------------------------- pool pages */

/*
 * Pool pages are HYPIOMMU_HYP's and carry a tag where others count pins, so
 * that no transition of hypiommu.h can take them (its pages must have tag 0).
 * owner_take(): host RAM becomes EL2's with this tag; owner_give(): EL2's pages
 * with this tag become the host's. The tag of a page not EL2's reads as 0.
 */
int owner_take(struct owner *o, uint64_t pa, uint64_t size, uint32_t tag);
int owner_give(struct owner *o, uint64_t pa, uint64_t size, uint32_t tag);
uint32_t owner_tag(const struct owner *o, uint64_t pa);
void owner_set_tag(const struct owner *o, uint64_t pa, uint32_t tag);

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
