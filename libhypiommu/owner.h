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

/* Aligned, so that the locks of two do not share a cache line. */
struct __attribute__((aligned(64))) region {
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
	uint64_t hint; /* region found last, by any CPU: only a guess */
};

int owner_add_region(struct owner *o, uint64_t base, uint64_t size, void *state,
		     bool mmio);
bool owner_overlaps(const struct owner *o, uint64_t base, uint64_t size);

/*
 * Built-in page states. The word of a page:
 *
 *   31       25 24      18 17   16 15            0
 *   |  peer    |  owner   | state |  DMA pins     |
 *
 * so that "owned exclusively by p" is one comparison of the upper half, and a
 * pin is one addition. For pages of HYPIOMMU_HYP the lower half is a tag. State
 * 3 does not exist: a pin that overflows, or an unpin that underflows, carries
 * into the state and shows as a changed upper half.
 */

#define WORD_PINS_MAX 0xffffu
#define WORD_CLASS    0xffff0000u

static inline uint32_t word(uint32_t owner, uint32_t peer,
			    enum hypiommu_page_state state)
{
	return peer << 25 | owner << 18 | (uint32_t)state << 16;
}

static inline uint32_t word_owned(uint32_t owner)
{
	return word(owner, owner, HYPIOMMU_PAGE_OWNED);
}

/* A region that has words; one of size 0 if none has yet. */
static inline struct region *owner_hint(struct owner *o)
{
	return (struct region *)(uintptr_t)hypiommu_env_load64(&o->hint);
}

/* The word of a page in the region found last; NULL if it may be elsewhere. */
static inline uint32_t *owner_word_nearby(struct owner *o, uint64_t pa,
					  struct region **region)
{
	struct region *r = owner_hint(o);
	uint64_t offset = pa - r->base;

	*region = r;
	if (offset >= r->size)
		return NULL;
	return &r->pages[hypiommu_env_nospec(offset, r->size) >>
			 HYPIOMMU_PAGE_SHIFT];
}

/* All words of [pa, pa + size) in the region found last, or NULL. */
static inline uint32_t *owner_words_nearby(struct owner *o, uint64_t pa,
					   uint64_t size, struct region **r)
{
	uint32_t *words = owner_word_nearby(o, pa, r);

	return words && size <= (*r)->size - (pa - (*r)->base) ? words : NULL;
}

int owner_pin_slowly(struct owner *o, uint32_t principal, uint64_t pa,
		     uint64_t size);
void owner_unpin_slowly(struct owner *o, uint64_t pa, uint64_t size);
int owner_pin_words(uint32_t *w, uint64_t count, uint32_t class);
void owner_unpin_words(uint32_t *w, uint64_t count);

/*
 * Pin one page in the RAM region found last. False: it is not there, or not to
 * be pinned, and nothing has changed.
 */
static inline bool owner_pin_nearby(struct owner *o, uint32_t principal,
				    uint64_t pa)
{
	struct region *r;
	uint32_t *word = owner_word_nearby(o, pa, &r), pinned;
	bool ok;

	if (!word || r->mmio || principal == HYPIOMMU_HYP)
		return false;
	hypiommu_env_lock(&r->lock);
	pinned = *word + 1;
	ok = !((pinned ^ word_owned(principal)) & WORD_CLASS);
	if (ok)
		*word = pinned;
	hypiommu_env_unlock(&r->lock);
	return ok;
}

/*
 * Pin every page of [pa, pa + size), whole pages, for DMA by principal, or
 * none. 0 for RAM, 1 for an MMIO window (a range that is both is refused with
 * E_PERM), or an error.
 */
static inline int owner_pin(struct owner *o, uint32_t principal, uint64_t pa,
			    uint64_t size)
{
	struct region *r;
	uint32_t *words;
	int err;

	if (size == HYPIOMMU_PAGE_SIZE && owner_pin_nearby(o, principal, pa))
		return 0;
	words = owner_words_nearby(o, pa, size, &r);
	if (!words || r->mmio || principal == HYPIOMMU_HYP)
		return owner_pin_slowly(o, principal, pa, size);
	hypiommu_env_lock(&r->lock);
	err = owner_pin_words(words, size >> HYPIOMMU_PAGE_SHIFT,
			      word_owned(principal));
	hypiommu_env_unlock(&r->lock);
	return err;
}

/* Undo owner_pin() for pages whose invalidation has completed. */
static inline void owner_unpin(struct owner *o, uint64_t pa, uint64_t size)
{
	struct region *r;
	uint32_t *words = owner_words_nearby(o, pa, size, &r);

	if (!words) {
		owner_unpin_slowly(o, pa, size);
		return;
	}
	hypiommu_env_lock(&r->lock);
	owner_unpin_words(words, size >> HYPIOMMU_PAGE_SHIFT);
	hypiommu_env_unlock(&r->lock);
}

/* The same for one page. */
static inline void owner_unpin_page(struct owner *o, uint64_t pa)
{
	struct region *r;
	uint32_t *word = owner_word_nearby(o, pa, &r);

	if (!word) {
		owner_unpin_slowly(o, pa, HYPIOMMU_PAGE_SIZE);
		return;
	}
	hypiommu_env_lock(&r->lock);
	if (!(*word & WORD_PINS_MAX))
		hypiommu_env_bug("unpin of an unpinned page");
	--*word;
	hypiommu_env_unlock(&r->lock);
}

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
