/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * DMA pins in the common case, inline: pages of one chunk, in the region found
 * last. False says that it is none, and that nothing has changed.
 */
#ifndef HYPIOMMU_OWNER_PINS_H
#define HYPIOMMU_OWNER_PINS_H

#include "owner.h"

/* What begins near, and lies in one chunk: the piece it is. */
static inline bool piece_near(const struct owner_user *u, uint64_t pa,
			      uint64_t size, struct piece *p)
{
	uint64_t offset = pa - u->near.base;

	if (offset >= u->near.size)
		return false;
	/* The bound also holds under speculation. */
	offset = hypiommu_env_nospec(offset, u->near.size);
	p->chunk = &u->near.chunks[offset >> CHUNK_SHIFT];
	p->words = &u->near.pages[offset >> HYPIOMMU_PAGE_SHIFT];
	p->count = size >> HYPIOMMU_PAGE_SHIFT;
	p->first = pa % CHUNK_SIZE >> HYPIOMMU_PAGE_SHIFT;
	return true;
}

/* -------------------------------------------------------------- one page */

static inline bool owner_pin_page(const struct owner_user *u, uint64_t pa)
{
	struct piece p;
	uint32_t pinned;
	bool ok = false;

	if (!piece_near(u, pa, HYPIOMMU_PAGE_SIZE, &p))
		return false;
	hypiommu_env_lock(&p.chunk->lock);
	pinned = *p.words + 1;
	if (p.chunk->word == BY_PAGE && !((pinned ^ u->class) & WORD_CLASS)) {
		*p.words = pinned;
		ok = true;
	}
	hypiommu_env_unlock(&p.chunk->lock);
	return ok;
}

static inline bool owner_unpin_page(const struct owner_user *u, uint64_t pa)
{
	struct piece p;
	bool ok = false;

	if (!piece_near(u, pa, HYPIOMMU_PAGE_SIZE, &p))
		return false;
	hypiommu_env_lock(&p.chunk->lock);
	if (p.chunk->word == BY_PAGE && *p.words & WORD_PINS_MAX) {
		--*p.words;
		ok = true;
	}
	hypiommu_env_unlock(&p.chunk->lock);
	return ok;
}

/* ------------------------------------------------------- words of pages */

/* Two neighbours at a time: the words as 64 bits, on any word. Page states are
 * ordinary memory; a port for which they are not compiles with -mstrict-align.
 */
typedef uint64_t __attribute__((may_alias, aligned(4))) word_pair;

#define WORD_PAIR(x) ((uint64_t)(x) << 32 | (x))

static inline uint64_t add_word(uint32_t *w, uint32_t pins, uint64_t like)
{
	return (*w += pins) ^ (uint32_t)like;
}

static inline uint64_t add_pair(word_pair *p, uint64_t pins, uint64_t like)
{
	return (*p += pins) ^ like;
}

/*
 * Add to the pins of `count` pages, one at least; what the results have unlike
 * the pair `like`, ORed into either half. To add the same with its sign changed
 * undoes it, whatever it was that carried from one word into the next. The last
 * one or two are done alike, as in engine.h.
 */
static inline __attribute__((always_inline)) uint64_t
pins_add(uint32_t *w, uint64_t count, int pins, uint64_t like)
{
	uint64_t unlike = 0, pair = WORD_PAIR(1u) * (uint64_t)(int64_t)pins;
	uint64_t others = count - 1;
	const uint32_t *stop = w + (others & ~1ull);
	uint32_t *last = w + others, odd = others & 1;

	for (; w != stop; w += 2)
		unlike |= add_pair((word_pair *)w, pair, like);
	unlike |= add_word(w, (uint32_t)pins, like);
	return unlike | add_word(last, odd * (uint32_t)pins, like);
}

void pins_take_back(uint32_t *w, uint64_t count);
void pins_check_underflow(const uint32_t *w, const uint32_t *end);

/* Pin all of them or none; pair is WORD_PAIR(class). */
static inline bool pins_try(uint32_t *w, uint64_t count, uint64_t pair)
{
	uint64_t unlike = pins_add(w, count, 1, pair);

	/* An overflow has changed the upper half, too. */
	if (unlike & WORD_PAIR(WORD_CLASS)) {
		pins_take_back(w, count);
		return false;
	}
	return true;
}

static inline void pins_drop(uint32_t *w, uint64_t count)
{
	const uint32_t top = (WORD_PINS_MAX + 1) / 2;

	if (pins_add(w, count, -1, 0) & WORD_PAIR(top))
		pins_check_underflow(w, w + count);
}

/* ------------------------------------------------------------ runs of pages */

/* Inside one, but for its last page: never all of it. */
static inline bool in_one_chunk(uint64_t pa, uint64_t size)
{
	return pa % CHUNK_SIZE + size < CHUNK_SIZE;
}

/* Pages of one chunk, not all of it. What cannot be pinned so is left as it
 * was, for the slow way to say why. */
static inline __attribute__((always_inline)) bool
owner_pin_part(const struct owner_user *u, uint64_t pa, uint64_t size)
{
	struct piece p;
	bool ok;

	if (!piece_near(u, pa, size, &p))
		return false;
	hypiommu_env_lock(&p.chunk->lock);
	ok = p.chunk->word == BY_PAGE && pins_try(p.words, p.count, u->pair);
	hypiommu_env_unlock(&p.chunk->lock);
	return ok;
}

static inline __attribute__((always_inline)) bool
owner_unpin_part(const struct owner_user *u, uint64_t pa, uint64_t size)
{
	struct piece p;
	bool ok;

	if (!piece_near(u, pa, size, &p))
		return false;
	hypiommu_env_lock(&p.chunk->lock);
	ok = p.chunk->word == BY_PAGE;
	if (ok)
		pins_drop(p.words, p.count);
	hypiommu_env_unlock(&p.chunk->lock);
	return ok;
}

static inline __attribute__((always_inline)) bool
owner_pin_nearby(const struct owner_user *u, uint64_t pa, uint64_t size)
{
	return in_one_chunk(pa, size) && owner_pin_part(u, pa, size);
}

static inline __attribute__((always_inline)) bool
owner_unpin_nearby(const struct owner_user *u, uint64_t pa, uint64_t size)
{
	return in_one_chunk(pa, size) && owner_unpin_part(u, pa, size);
}

/* As owner_pin_slowly(). */
static inline int owner_pin(struct owner_user *u, uint64_t pa, uint64_t size)
{
	if (size == HYPIOMMU_PAGE_SIZE ? owner_pin_page(u, pa)
				       : owner_pin_nearby(u, pa, size))
		return HYPIOMMU_OK;
	return owner_pin_slowly(u, pa, size);
}

/* As owner_unpin_slowly(). */
static inline void owner_unpin(struct owner_user *u, uint64_t pa, uint64_t size)
{
	if (size == HYPIOMMU_PAGE_SIZE ? !owner_unpin_page(u, pa)
				       : !owner_unpin_nearby(u, pa, size))
		owner_unpin_slowly(u, pa, size);
}

#endif /* HYPIOMMU_OWNER_PINS_H */
