// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* DMA pins out of the common case: chunk by chunk, and what goes wrong. */
#include "owner_pins.h"

/* ------------------------------------------------------- words of pages */

static void change(uint32_t *w, uint64_t count, int pins)
{
	pins_add(w, count, pins, 0);
}

void pins_take_back(uint32_t *w, uint64_t count)
{
	change(w, count, -1);
}

/* At most WORD_PINS_MAX - 1 are left of pins there were: all ones are none. */
void pins_check_underflow(const uint32_t *w, const uint32_t *end)
{
	while (w != end) {
		if ((*w++ & WORD_PINS_MAX) == WORD_PINS_MAX)
			hypiommu_env_bug("unpin of an unpinned page");
	}
}

static bool can_pin(uint32_t w, uint32_t class)
{
	return !((w ^ class) & WORD_CLASS) &&
	       (w & WORD_PINS_MAX) != WORD_PINS_MAX;
}

/* Why the first of them that cannot be pinned cannot; one of them it is. */
static int why_not(const uint32_t *w, uint64_t count, uint32_t class)
{
	for (; count > 1 && can_pin(*w, class); count--)
		w++;
	return (*w ^ class) & WORD_CLASS ? HYPIOMMU_E_PERM
					 : HYPIOMMU_E_OVERFLOW;
}

/* --------------------------------------------------------------- chunks */

/* Is every word exactly class, of pages without pins? */
static bool uniform(const uint32_t *w, uint32_t class)
{
	const word_pair *p = (const word_pair *)(const void *)w;

	for (uint64_t i = 0; i < CHUNK_PAGES / 2; i += 4) {
		if ((p[i] ^ WORD_PAIR(class)) | (p[i + 1] ^ WORD_PAIR(class)) |
		    (p[i + 2] ^ WORD_PAIR(class)) |
		    (p[i + 3] ^ WORD_PAIR(class)))
			return false;
	}
	return true;
}

void chunk_by_page(const struct piece *p)
{
	uint32_t pins = p->chunk->word & WORD_PINS_MAX, *first;

	if (p->chunk->word == BY_PAGE)
		return;
	first = p->words - p->first; /* a region has all of such a chunk */
	if (pins)
		change(first, CHUNK_PAGES, (int)pins);
	p->chunk->word = BY_PAGE;
}

/*
 * The words of all pages of a piece: the chunk's own if it counts for them.
 * It begins to when its pages are found alike, and ends when a part of it is
 * pinned or unpinned, or changes hands.
 */
static uint32_t *words_for(const struct piece *p, uint32_t class,
			   uint64_t *count)
{
	*count = p->count;
	if (p->count < CHUNK_PAGES)
		chunk_by_page(p);
	else if (p->chunk->word == BY_PAGE && uniform(p->words, class))
		p->chunk->word = class;
	if (p->chunk->word == BY_PAGE)
		return p->words;
	*count = 1;
	return &p->chunk->word;
}

static int pin_piece(const struct piece *p, uint32_t class)
{
	uint64_t count;
	uint32_t *words;
	int err = HYPIOMMU_OK;

	hypiommu_env_lock(&p->chunk->lock);
	words = words_for(p, class, &count);
	if (!pins_try(words, count, WORD_PAIR(class)))
		err = why_not(words, count, class);
	hypiommu_env_unlock(&p->chunk->lock);
	return err;
}

static void unpin_piece(const struct piece *p, uint32_t class)
{
	uint64_t count;
	uint32_t *words;

	hypiommu_env_lock(&p->chunk->lock);
	words = words_for(p, class, &count);
	pins_drop(words, count);
	hypiommu_env_unlock(&p->chunk->lock);
}

/* ---------------------------------------------------------------- ranges */

void owner_user_init(struct owner_user *u, const struct owner *owner,
		     uint32_t principal)
{
	uint32_t class = word_owned(principal);

	*u = (struct owner_user){ .owner = owner,
				  .principal = principal,
				  .class = class,
				  .pair = WORD_PAIR(class) };
}

static void remember(struct owner_user *u, const struct region *r)
{
	uint64_t end = (r->base + r->size) & ~(CHUNK_SIZE - 1);
	uint64_t skip = r->lead ? CHUNK_SIZE - r->lead : 0;
	struct chunk_run *near = &u->near;

	if (r->base + skip >= end)
		return;
	near->base = r->base + skip;
	near->size = end - near->base;
	near->chunks = r->chunks + (skip != 0);
	near->pages = r->pages + (skip >> HYPIOMMU_PAGE_SHIFT);
}

/* The first piece of [pa, pa + size), and what it is; false if nothing. */
static bool user_piece(struct owner_user *u, uint64_t pa, uint64_t size,
		       struct piece *p, bool *mmio)
{
	uint64_t in_chunk = left_in_chunk(pa);
	const struct region *r;

	*mmio = false;
	if (piece_near(u, pa, size < in_chunk ? size : in_chunk, p))
		return true;
	r = owner_region(u->owner, pa);
	if (!r)
		return false;
	if (!r->mmio)
		remember(u, r);
	region_piece(r, pa, size, p);
	*mmio = r->mmio;
	return true;
}

static void unpin_builtin(struct owner_user *u, uint64_t pa, uint64_t size)
{
	while (size) {
		struct piece p;
		bool mmio;

		if (!user_piece(u, pa, size, &p, &mmio)) {
			hypiommu_env_bug("unpin outside every region");
			return;
		}
		unpin_piece(&p, u->class);
		pa += p.count << HYPIOMMU_PAGE_SHIFT;
		size -= p.count << HYPIOMMU_PAGE_SHIFT;
	}
}

static int pin_builtin(struct owner_user *u, uint64_t pa, uint64_t size,
		       bool *mmio)
{
	uint64_t done = 0;

	while (done < size) {
		int err = HYPIOMMU_E_PERM;
		struct piece p;
		bool is_mmio;

		if (user_piece(u, pa + done, size - done, &p, &is_mmio) &&
		    (!done || is_mmio == *mmio)) {
			*mmio = is_mmio;
			err = pin_piece(&p, u->class);
		}
		if (err) {
			unpin_builtin(u, pa, done);
			return err;
		}
		done += p.count << HYPIOMMU_PAGE_SHIFT;
	}
	return HYPIOMMU_OK;
}

/* Of one chunk and the next, neither whole: as the common case, twice. */
static bool in_two_chunks(uint64_t pa, uint64_t size, uint64_t *first)
{
	*first = left_in_chunk(pa);
	return *first < size && *first < CHUNK_SIZE &&
	       size - *first < CHUNK_SIZE;
}

static bool pin_across(struct owner_user *u, uint64_t pa, uint64_t size)
{
	uint64_t first;

	if (!in_two_chunks(pa, size, &first) || !owner_pin_part(u, pa, first))
		return false;
	if (owner_pin_part(u, pa + first, size - first))
		return true;
	unpin_builtin(u, pa, first);
	return false;
}

static bool unpin_across(struct owner_user *u, uint64_t pa, uint64_t size)
{
	uint64_t first;

	if (!in_two_chunks(pa, size, &first) || !owner_unpin_part(u, pa, first))
		return false;
	if (!owner_unpin_part(u, pa + first, size - first))
		unpin_builtin(u, pa + first, size - first);
	return true;
}

int owner_pin_slowly(struct owner_user *u, uint64_t pa, uint64_t size)
{
	const struct owner *o = u->owner;
	bool mmio = false;
	int err;

	if (pin_across(u, pa, size))
		return HYPIOMMU_OK;
	/* EL2 does no DMA of its own through a domain: its pages never map. */
	if (u->principal == HYPIOMMU_HYP)
		return HYPIOMMU_E_PERM;
	if (o->ops)
		err = o->ops->pin_range(o->ctx, u->principal, pa, size, &mmio);
	else
		err = pin_builtin(u, pa, size, &mmio);
	return err ? err : mmio;
}

void owner_unpin_slowly(struct owner_user *u, uint64_t pa, uint64_t size)
{
	if (unpin_across(u, pa, size))
		return;
	if (u->owner->ops)
		u->owner->ops->unpin_range(u->owner->ctx, pa, size);
	else
		unpin_builtin(u, pa, size);
}
