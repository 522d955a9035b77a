// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* DMA pins, by page and by chunk; the words are laid out in owner.h. */
#include "owner.h"

/* ------------------------------------------------------- words of pages */

/* Two neighbours at a time: the words as 64 bits. */
typedef uint64_t __attribute__((may_alias)) word_pair;

#define PAIR(x) ((uint64_t)(x) << 32 | (x))
#define INLINE	static inline __attribute__((always_inline))

INLINE uint64_t add_word(uint32_t *w, uint32_t pins, uint32_t like)
{
	return (*w += pins) ^ like;
}

INLINE uint64_t add_pair(uint32_t *w, uint64_t pins, uint32_t like)
{
	word_pair *p = (word_pair *)(void *)w;

	return (*p += pins) ^ PAIR(like);
}

/*
 * Add to the pins of every page up to `end`; what the results have unlike
 * `like`, ORed into either half. To add the same with its sign changed undoes
 * it, whatever it was that carried from one word into the next.
 */
INLINE uint64_t add_pins(uint32_t *w, const uint32_t *end, int pins,
			 uint32_t like)
{
	uint64_t unlike = 0, pair = PAIR(1u) * (uint64_t)(int64_t)pins;

	if ((uintptr_t)w & 7 && w < end)
		unlike |= add_word(w++, (uint32_t)pins, like);
	for (; end - w >= 4; w += 4) {
		unlike |= add_pair(w, pair, like);
		unlike |= add_pair(w + 2, pair, like);
	}
	if (end - w >= 2) {
		unlike |= add_pair(w, pair, like);
		w += 2;
	}
	if (w < end)
		unlike |= add_word(w, (uint32_t)pins, like);
	return unlike;
}

/* Why the first of them that cannot be pinned cannot. */
static int why_not(const uint32_t *w, uint64_t count, uint32_t class)
{
	for (; count; count--, w++) {
		if ((*w ^ class) & WORD_CLASS)
			return HYPIOMMU_E_PERM;
		if ((*w & WORD_PINS_MAX) == WORD_PINS_MAX)
			return HYPIOMMU_E_OVERFLOW;
	}
	return HYPIOMMU_E_PERM;
}

static __attribute__((noinline)) int refuse(uint32_t *w, uint64_t count,
					    uint32_t class)
{
	add_pins(w, w + count, -1, 0);
	return why_not(w, count, class);
}

/* All of them or none; E_PERM, E_OVERFLOW. */
INLINE int pin_words(uint32_t *w, uint64_t count, uint32_t class)
{
	/* An overflow has changed the upper half, too. */
	if (!(add_pins(w, w + count, 1, class) & PAIR(WORD_CLASS)))
		return HYPIOMMU_OK;
	return refuse(w, count, class);
}

/* At most WORD_PINS_MAX - 1 are left of pins there were: all ones are none. */
static __attribute__((noinline)) void check_underflow(const uint32_t *w,
						      uint64_t count)
{
	while (count--) {
		if ((*w++ & WORD_PINS_MAX) == WORD_PINS_MAX)
			hypiommu_env_bug("unpin of an unpinned page");
	}
}

INLINE void unpin_words(uint32_t *w, uint64_t count)
{
	const uint32_t top = (WORD_PINS_MAX + 1) / 2;

	if (add_pins(w, w + count, -1, 0) & PAIR(top))
		check_underflow(w, count);
}

/* --------------------------------------------------------------- chunks */

/* Is every word exactly class, of pages without pins? */
static bool uniform(const uint32_t *w, uint32_t class)
{
	const word_pair *p = (const word_pair *)(const void *)w;

	for (uint64_t i = 0; i < CHUNK_PAGES / 2; i += 4) {
		if ((p[i] ^ PAIR(class)) | (p[i + 1] ^ PAIR(class)) |
		    (p[i + 2] ^ PAIR(class)) | (p[i + 3] ^ PAIR(class)))
			return false;
	}
	return true;
}

void chunk_by_page(const struct piece *p)
{
	uint32_t pins = p->chunk->word & WORD_PINS_MAX;
	uint64_t at = (uint64_t)(p->words - p->region->pages) +
		      (p->region->lead >> HYPIOMMU_PAGE_SHIFT);
	uint32_t *first = p->words - at % CHUNK_PAGES;

	if (p->chunk->word == BY_PAGE)
		return;
	if (pins)
		add_pins(first, first + CHUNK_PAGES, (int)pins, 0);
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
	int err;

	hypiommu_env_lock(&p->chunk->lock);
	words = words_for(p, class, &count);
	err = pin_words(words, count, class);
	hypiommu_env_unlock(&p->chunk->lock);
	return err;
}

static void unpin_piece(const struct piece *p, uint32_t class)
{
	uint64_t count;
	uint32_t *words;

	hypiommu_env_lock(&p->chunk->lock);
	words = words_for(p, class, &count);
	unpin_words(words, count);
	hypiommu_env_unlock(&p->chunk->lock);
}

/* ---------------------------------------------------------------- ranges */

void owner_user_init(struct owner_user *u, const struct owner *owner,
		     uint32_t principal)
{
	*u = (struct owner_user){ .owner = owner,
				  .principal = principal,
				  .class = word_owned(principal) };
}

static bool user_piece(struct owner_user *u, uint64_t pa, uint64_t size,
		       struct piece *p)
{
	const struct region *r = &u->near;

	if (pa - r->base >= r->size) {
		r = owner_region(u->owner, pa);
		if (!r)
			return false;
		if (!r->mmio && r->pages)
			u->near = *r;
	}
	region_piece(r, pa, size, p);
	return true;
}

static void unpin_builtin(struct owner_user *u, uint64_t pa, uint64_t size)
{
	while (size) {
		struct piece p;

		if (!user_piece(u, pa, size, &p)) {
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
		struct piece p;
		int err = HYPIOMMU_E_PERM;

		if (user_piece(u, pa + done, size - done, &p) &&
		    (!done || p.region->mmio == *mmio)) {
			*mmio = p.region->mmio;
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

static __attribute__((noinline)) int pin_slowly(struct owner_user *u,
						uint64_t pa, uint64_t size)
{
	const struct owner *o = u->owner;
	bool mmio = false;
	int err;

	/* EL2 does no DMA of its own through a domain: its pages never map. */
	if (u->principal == HYPIOMMU_HYP)
		return HYPIOMMU_E_PERM;
	if (o->ops)
		err = o->ops->pin_range(o->ctx, u->principal, pa, size, &mmio);
	else
		err = pin_builtin(u, pa, size, &mmio);
	return err ? err : mmio;
}

static __attribute__((noinline)) void unpin_slowly(struct owner_user *u,
						   uint64_t pa, uint64_t size)
{
	if (u->owner->ops)
		u->owner->ops->unpin_range(u->owner->ctx, pa, size);
	else
		unpin_builtin(u, pa, size);
}

/* The common case: part of one chunk, in the region found last. */
INLINE bool piece_nearby(const struct owner_user *u, uint64_t pa, uint64_t size,
			 struct piece *p)
{
	uint64_t offset = pa - u->near.base;

	if (offset >= u->near.size || size > u->near.size - offset ||
	    (pa & (CHUNK_SIZE - 1)) + size > CHUNK_SIZE)
		return false;
	piece_at(&u->near, offset, size, p);
	return p->count != CHUNK_PAGES;
}

int owner_pin_run(struct owner_user *u, uint64_t pa, uint64_t size)
{
	struct piece p;

	if (piece_nearby(u, pa, size, &p)) {
		int err = HYPIOMMU_E_AGAIN;

		hypiommu_env_lock(&p.chunk->lock);
		if (p.chunk->word == BY_PAGE)
			err = pin_words(p.words, p.count, u->class);
		hypiommu_env_unlock(&p.chunk->lock);
		if (err != HYPIOMMU_E_AGAIN)
			return err;
	}
	return pin_slowly(u, pa, size);
}

void owner_unpin_run(struct owner_user *u, uint64_t pa, uint64_t size)
{
	struct piece p;
	bool done;

	if (piece_nearby(u, pa, size, &p)) {
		hypiommu_env_lock(&p.chunk->lock);
		done = p.chunk->word == BY_PAGE;
		if (done)
			unpin_words(p.words, p.count);
		hypiommu_env_unlock(&p.chunk->lock);
		if (done)
			return;
	}
	unpin_slowly(u, pa, size);
}
