// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Built-in page states; the word of a page is laid out in owner.h. */
#include "owner.h"

/* ------------------------------------------------------------- regions */

size_t hypiommu_page_state_size(uint64_t size)
{
	return (size_t)(size >> HYPIOMMU_PAGE_SHIFT) * sizeof(uint32_t);
}

bool owner_overlaps(const struct owner *o, uint64_t base, uint64_t size)
{
	for (uint32_t i = 0; i < o->count; i++) {
		const struct region *r = &o->regions[i];

		if (base < r->base + r->size && r->base < base + size)
			return true;
	}
	return false;
}

/* The hint where the owner is delegated: nothing is found nearby. */
static const struct region no_words;

int owner_add_region(struct owner *o, uint64_t base, uint64_t size, void *state,
		     bool mmio)
{
	uint32_t at = o->count;
	struct region *r;

	if (!o->ops && (!state || (uintptr_t)state & 7))
		return HYPIOMMU_E_INVAL;
	if (owner_overlaps(o, base, size))
		return HYPIOMMU_E_EXIST;
	if (o->count == o->max)
		return HYPIOMMU_E_NOSPC;
	for (; at > 0 && o->regions[at - 1].base > base; at--)
		o->regions[at] = o->regions[at - 1];
	r = &o->regions[at];
	r->base = base;
	r->size = size;
	r->mmio = mmio;
	r->pages = o->ops ? NULL : state;
	hypiommu_env_lock_init(&r->lock);
	for (uint64_t i = 0; r->pages && i < size >> HYPIOMMU_PAGE_SHIFT; i++)
		r->pages[i] = word_owned(HYPIOMMU_HOST);
	o->count++;
	o->hint = (uintptr_t)(o->ops ? &no_words : o->regions);
	return HYPIOMMU_OK;
}

static struct region *region_search(struct owner *o, uint64_t pa)
{
	uint32_t lo = 0, hi = o->count;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		struct region *r = &o->regions[mid];

		if (pa < r->base) {
			hi = mid;
		} else if (pa - r->base >= r->size) {
			lo = mid + 1;
		} else {
			if (r->pages)
				hypiommu_env_store64(&o->hint, (uintptr_t)r);
			return r;
		}
	}
	return NULL;
}

static struct region *region_find(struct owner *o, uint64_t pa)
{
	struct region *r = owner_hint(o);

	return pa - r->base < r->size ? r : region_search(o, pa);
}

/* The part of [pa, pa + size) inside pa's region: its words and their count. */
static struct region *run_find(struct owner *o, uint64_t pa, uint64_t size,
			       uint32_t **words, uint64_t *count)
{
	struct region *r = region_find(o, pa);
	uint64_t offset, len;

	if (!r)
		return NULL;
	offset = pa - r->base;
	len = r->size - offset < size ? r->size - offset : size;
	/* The region was found by pa; the bound also holds under speculation */
	offset = hypiommu_env_nospec(offset, r->size);
	*words = r->pages + (offset >> HYPIOMMU_PAGE_SHIFT);
	*count = len >> HYPIOMMU_PAGE_SHIFT;
	return r;
}

/* ---------------------------------------------------------------- pins */

/* Two neighbours at a time: the words as 64 bits. */
typedef uint64_t __attribute__((may_alias)) word_pair;

#define PAIR(x) ((uint64_t)(x) << 32 | (x))

/* One pin fewer; what of the upper half that changes: nothing, if it had one.
 */
static inline uint32_t unpin_word(uint32_t *w)
{
	uint32_t pinned = *w;

	*w = pinned - 1;
	return (pinned ^ (pinned - 1)) & WORD_CLASS;
}

static inline uint64_t unpin_pair(word_pair *p)
{
	uint64_t pinned = *p;

	*p = pinned - PAIR(1u);
	return (pinned ^ (pinned - PAIR(1u))) & PAIR(WORD_CLASS);
}

void owner_unpin_words(uint32_t *w, uint64_t count)
{
	const uint32_t *end = w + count;
	uint64_t bad = 0;

	if (count && (uintptr_t)w & 7)
		bad |= unpin_word(w++);
	for (; end - w >= 8; w += 8) {
#pragma GCC unroll 4
		for (int i = 0; i < 8; i += 2)
			bad |= unpin_pair((word_pair *)(void *)(w + i));
	}
	for (; end - w >= 2; w += 2)
		bad |= unpin_pair((word_pair *)(void *)w);
	if (w < end)
		bad |= unpin_word(w);
	if (bad)
		hypiommu_env_bug("unpin of an unpinned page");
}

/* Does one more pin make, or leave, an upper half that is not class? */
static inline uint64_t refused(uint64_t pair, uint32_t class)
{
	return ((pair + PAIR(1u)) ^ PAIR(class)) & PAIR(WORD_CLASS);
}

/* Pin from the first word on while all goes well; how many. */
static inline uint64_t pin_run(uint32_t *w, uint64_t count, uint32_t class)
{
	const uint32_t *end = w + count;
	uint32_t *p = w;

	if (count && (uintptr_t)w & 7) {
		if (((*p + 1) ^ class) & WORD_CLASS)
			return 0;
		++*p++;
	}
	for (; end - p >= 4; p += 4) {
		word_pair *pair = (word_pair *)(void *)p;

		if (refused(pair[0], class) | refused(pair[1], class))
			break;
		pair[0] += PAIR(1u);
		pair[1] += PAIR(1u);
	}
	for (; p < end; ++*p++) {
		if (((*p + 1) ^ class) & WORD_CLASS)
			break;
	}
	return (uint64_t)(p - w);
}

int owner_pin_words(uint32_t *w, uint64_t count, uint32_t class)
{
	uint64_t done = pin_run(w, count, class);

	if (done == count)
		return HYPIOMMU_OK;
	owner_unpin_words(w, done);
	return (w[done] & WORD_CLASS) != class ? HYPIOMMU_E_PERM
					       : HYPIOMMU_E_OVERFLOW;
}

static __attribute__((noinline)) void unpin_builtin(struct owner *o,
						    uint64_t pa, uint64_t size)
{
	while (size) {
		uint64_t count;
		uint32_t *words;
		struct region *r = run_find(o, pa, size, &words, &count);

		if (!r) {
			hypiommu_env_bug("unpin outside every region");
			return;
		}
		hypiommu_env_lock(&r->lock);
		owner_unpin_words(words, count);
		hypiommu_env_unlock(&r->lock);
		pa += count << HYPIOMMU_PAGE_SHIFT;
		size -= count << HYPIOMMU_PAGE_SHIFT;
	}
}

static __attribute__((noinline)) int pin_builtin(struct owner *o,
						 uint32_t principal,
						 uint64_t pa, uint64_t size,
						 bool *mmio)
{
	uint64_t done = 0;

	while (done < size) {
		uint64_t count;
		uint32_t *words;
		struct region *r =
			run_find(o, pa + done, size - done, &words, &count);
		int err = HYPIOMMU_E_PERM;

		if (r && (!done || r->mmio == *mmio)) {
			*mmio = r->mmio;
			hypiommu_env_lock(&r->lock);
			err = owner_pin_words(words, count,
					      word_owned(principal));
			hypiommu_env_unlock(&r->lock);
		}
		if (err) {
			unpin_builtin(o, pa, done);
			return err;
		}
		done += count << HYPIOMMU_PAGE_SHIFT;
	}
	return HYPIOMMU_OK;
}

int owner_pin_slowly(struct owner *o, uint32_t principal, uint64_t pa,
		     uint64_t size)
{
	bool mmio = false;
	int err;

	/* EL2 does no DMA of its own through a domain: its pages never map. */
	if (principal == HYPIOMMU_HYP)
		return HYPIOMMU_E_PERM;
	if (o->ops)
		err = o->ops->pin_range(o->ctx, principal, pa, size, &mmio);
	else
		err = pin_builtin(o, principal, pa, size, &mmio);
	return err ? err : mmio;
}

void owner_unpin_slowly(struct owner *o, uint64_t pa, uint64_t size)
{
	if (o->ops)
		o->ops->unpin_range(o->ctx, pa, size);
	else
		unpin_builtin(o, pa, size);
}

/* --------------------------------------------------------- transitions */

/*
 * Every page of the range from exactly the word `from` (pins and tag zero) to
 * `to`. All or nothing: a range lies in one region, under one lock.
 */
static int transition(struct owner *o, uint64_t pa, uint64_t size,
		      uint32_t from, uint32_t to)
{
	uint64_t count, i;
	uint32_t *words, w = from;
	struct region *r = run_find(o, pa, size, &words, &count);

	if (!r || count << HYPIOMMU_PAGE_SHIFT != size)
		return HYPIOMMU_E_PERM;
	hypiommu_env_lock(&r->lock);
	for (i = 0; i < count && w == from; i++)
		w = words[i];
	for (i = 0; i < count && w == from; i++)
		words[i] = to;
	hypiommu_env_unlock(&r->lock);
	if (w == from)
		return HYPIOMMU_OK;
	return ((w ^ from) & WORD_CLASS) ? HYPIOMMU_E_PERM : HYPIOMMU_E_BUSY;
}

static int transition_args(const struct owner *o, uint32_t a, uint32_t b,
			   uint64_t pa, uint64_t size)
{
	if (o->ops)
		return HYPIOMMU_E_UNSUPPORTED;
	if (a >= HYPIOMMU_PRINCIPALS || b >= HYPIOMMU_PRINCIPALS || a == b)
		return HYPIOMMU_E_INVAL;
	if (!size || size > 1ull << 30 || pa + size < pa ||
	    (pa | size) & (HYPIOMMU_PAGE_SIZE - 1))
		return HYPIOMMU_E_INVAL;
	return HYPIOMMU_OK;
}

/* Check arguments, then move between two states named by their words. */
static int transition_checked(struct owner *o, uint32_t a, uint32_t b,
			      uint64_t pa, uint64_t size, uint32_t from,
			      uint32_t to)
{
	int err = transition_args(o, a, b, pa, size);

	return err ? err : transition(o, pa, size, from, to);
}

int owner_donate(struct owner *o, uint32_t from, uint32_t to, uint64_t pa,
		 uint64_t size)
{
	return transition_checked(o, from, to, pa, size, word_owned(from),
				  word_owned(to));
}

int owner_share(struct owner *o, uint32_t owner, uint32_t with, uint64_t pa,
		uint64_t size)
{
	return transition_checked(o, owner, with, pa, size, word_owned(owner),
				  word(owner, with, HYPIOMMU_PAGE_SHARED));
}

int owner_unshare(struct owner *o, uint32_t owner, uint32_t with, uint64_t pa,
		  uint64_t size)
{
	return transition_checked(o, owner, with, pa, size,
				  word(owner, with, HYPIOMMU_PAGE_SHARED),
				  word_owned(owner));
}

int owner_lend(struct owner *o, uint32_t owner, uint32_t to, uint64_t pa,
	       uint64_t size)
{
	return transition_checked(o, owner, to, pa, size, word_owned(owner),
				  word(owner, to, HYPIOMMU_PAGE_LENT));
}

int owner_reclaim(struct owner *o, uint32_t owner, uint32_t borrower,
		  uint64_t pa, uint64_t size)
{
	return transition_checked(o, owner, borrower, pa, size,
				  word(owner, borrower, HYPIOMMU_PAGE_LENT),
				  word_owned(owner));
}

/* ---------------------------------------------------------- pool pages */

static bool is_mmio(struct owner *o, uint64_t pa)
{
	const struct region *r = region_find(o, pa);

	return r && r->mmio;
}

int owner_take(struct owner *o, uint64_t pa, uint64_t size, uint32_t tag)
{
	/* A table in a device's registers would be a device writing tables. */
	if (is_mmio(o, pa))
		return HYPIOMMU_E_PERM;
	return transition_checked(o, HYPIOMMU_HOST, HYPIOMMU_HYP, pa, size,
				  word_owned(HYPIOMMU_HOST),
				  word_owned(HYPIOMMU_HYP) | tag);
}

int owner_give(struct owner *o, uint64_t pa, uint64_t size, uint32_t tag)
{
	return transition_checked(o, HYPIOMMU_HYP, HYPIOMMU_HOST, pa, size,
				  word_owned(HYPIOMMU_HYP) | tag,
				  word_owned(HYPIOMMU_HOST));
}

static uint32_t *page_word(struct owner *o, uint64_t pa)
{
	uint64_t count;
	uint32_t *words;
	struct region *r = run_find(o, pa & ~(HYPIOMMU_PAGE_SIZE - 1),
				    HYPIOMMU_PAGE_SIZE, &words, &count);

	return r ? words : NULL;
}

uint32_t owner_tag(struct owner *o, uint64_t pa)
{
	const uint32_t *p = page_word(o, pa);
	uint32_t w = p ? hypiommu_env_load32(p) : 0;

	if (!p || (w & WORD_CLASS) != word_owned(HYPIOMMU_HYP))
		return 0;
	return w & WORD_PINS_MAX;
}

void owner_set_tag(struct owner *o, uint64_t pa, uint32_t tag)
{
	uint32_t *p = page_word(o, pa);

	if (!p ||
	    (hypiommu_env_load32(p) & WORD_CLASS) != word_owned(HYPIOMMU_HYP)) {
		hypiommu_env_bug("tag on a page that is not EL2's");
		return;
	}
	hypiommu_env_store32(p, word_owned(HYPIOMMU_HYP) | tag);
}

int owner_page_info(struct owner *o, uint64_t pa,
		    struct hypiommu_page_info *info)
{
	uint64_t count;
	uint32_t *words, w;
	struct region *r;

	if (o->ops)
		return HYPIOMMU_E_UNSUPPORTED;
	r = run_find(o, pa & ~(HYPIOMMU_PAGE_SIZE - 1), HYPIOMMU_PAGE_SIZE,
		     &words, &count);
	if (!r)
		return HYPIOMMU_E_NOENT;
	hypiommu_env_lock(&r->lock);
	w = *words;
	hypiommu_env_unlock(&r->lock);
	info->owner = w >> 18 & 0x7f;
	info->peer = w >> 25;
	info->state = (enum hypiommu_page_state)(w >> 16 & 3);
	info->pins = info->owner == HYPIOMMU_HYP ? 0 : w & WORD_PINS_MAX;
	info->mmio = r->mmio;
	return HYPIOMMU_OK;
}
