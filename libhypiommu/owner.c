// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Built-in page states; the word of a page is laid out in owner.h. */
#include "owner.h"

/* ------------------------------------------------------------- regions */

/* Chunks first, then words. One word is left over, so that those of a chunk
 * begin on 8 bytes wherever the region begins. */
_Static_assert(sizeof(struct chunk) <= 16 && sizeof(struct chunk) % 8 == 0,
	       "HYPIOMMU_PAGE_STATE_SIZE");

size_t hypiommu_page_state_size(uint64_t size)
{
	return (size_t)HYPIOMMU_PAGE_STATE_SIZE(size);
}

void region_lay_out(struct region *r, uint64_t base, uint64_t size, void *state)
{
	uint32_t *words;

	r->base = base;
	r->size = size;
	r->lead = base % CHUNK_SIZE;
	r->chunks = state;
	words = (uint32_t *)(void *)&r->chunks[(size >> CHUNK_SHIFT) + 2];
	r->pages = words + (r->lead >> HYPIOMMU_PAGE_SHIFT & 1);
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

/* All pages are the host's. */
static void region_start(struct region *r)
{
	for (uint64_t i = 0; i < (r->size >> CHUNK_SHIFT) + 2; i++) {
		hypiommu_env_lock_init(&r->chunks[i].lock);
		r->chunks[i].word = BY_PAGE;
	}
	for (uint64_t i = 0; i < r->size >> HYPIOMMU_PAGE_SHIFT; i++)
		r->pages[i] = word_owned(HYPIOMMU_HOST);
}

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
	*r = (struct region){ .base = base, .size = size, .mmio = mmio };
	if (!o->ops) {
		region_lay_out(r, base, size, state);
		region_start(r);
	}
	o->count++;
	return HYPIOMMU_OK;
}

const struct region *owner_region(const struct owner *o, uint64_t pa)
{
	uint32_t lo = 0, hi = o->count;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		const struct region *r = &o->regions[mid];

		if (pa < r->base)
			hi = mid;
		else if (pa - r->base >= r->size)
			lo = mid + 1;
		else
			return r;
	}
	return NULL;
}

void region_piece(const struct region *r, uint64_t pa, uint64_t size,
		  struct piece *piece)
{
	/* Found by its address; the bound also holds under speculation. */
	uint64_t offset = hypiommu_env_nospec(pa - r->base, r->size);
	uint64_t in_chunk = left_in_chunk(pa);

	size = size < r->size - offset ? size : r->size - offset;
	size = size < in_chunk ? size : in_chunk;
	piece->chunk = &r->chunks[(offset + r->lead) >> CHUNK_SHIFT];
	piece->words = &r->pages[offset >> HYPIOMMU_PAGE_SHIFT];
	piece->count = size >> HYPIOMMU_PAGE_SHIFT;
	piece->first = pa % CHUNK_SIZE >> HYPIOMMU_PAGE_SHIFT;
}

/* --------------------------------------------------------- transitions */

/* Every page of the piece from one word to another, or none; if none, *found is
 * the word of a page that was different. */
static bool change_piece(const struct piece *p, uint32_t from, uint32_t to,
			 uint32_t *found)
{
	bool same = true;

	hypiommu_env_lock(&p->chunk->lock);
	chunk_by_page(p);
	for (uint64_t i = 0; i < p->count && same; i++) {
		*found = p->words[i];
		same = *found == from;
	}
	for (uint64_t i = 0; i < p->count && same; i++)
		p->words[i] = to;
	hypiommu_env_unlock(&p->chunk->lock);
	return same;
}

/* As long as it goes well; how many bytes that were. */
static uint64_t change(const struct region *r, uint64_t pa, uint64_t size,
		       uint32_t from, uint32_t to, uint32_t *found)
{
	uint64_t done = 0;
	struct piece p;

	while (done < size) {
		region_piece(r, pa + done, size - done, &p);
		if (!change_piece(&p, from, to, found))
			break;
		done += p.count << HYPIOMMU_PAGE_SHIFT;
	}
	return done;
}

/*
 * Every page of the range, in one region, from exactly the word `from` (pins
 * and tag zero) to `to`, or none. A range of several chunks is moving until all
 * of it was found fit.
 */
static int transition(const struct owner *o, uint64_t pa, uint64_t size,
		      uint32_t from, uint32_t to)
{
	const struct region *r = owner_region(o, pa);
	bool one = size <= left_in_chunk(pa);
	uint32_t via = one ? to : word_moving(), found = 0;
	uint64_t done;

	if (!r || size > r->size - (pa - r->base))
		return HYPIOMMU_E_PERM;
	done = change(r, pa, size, from, via, &found);
	if (done < size) {
		change(r, pa, done, via, from, &(uint32_t){ 0 });
		return (found ^ from) & WORD_CLASS ? HYPIOMMU_E_PERM
						   : HYPIOMMU_E_BUSY;
	}
	if (!one)
		change(r, pa, size, via, to, &found);
	return HYPIOMMU_OK;
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

static bool is_mmio(const struct owner *o, uint64_t pa)
{
	const struct region *r = owner_region(o, pa);

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

/* The page pa lies in; its region, or NULL. */
static const struct region *page_piece(const struct owner *o, uint64_t pa,
				       struct piece *p)
{
	const struct region *r = owner_region(o, pa);

	if (!r || !r->pages)
		return NULL;
	region_piece(r, pa & ~(HYPIOMMU_PAGE_SIZE - 1), HYPIOMMU_PAGE_SIZE, p);
	return r;
}

/*
 * Tags change under the pool lock; the chunk's is taken as well, because a pin
 * or a transition of a range adds to the word of a page in it before it sees
 * that the page is not its own, and takes that back.
 */
uint32_t owner_tag(const struct owner *o, uint64_t pa)
{
	struct piece p;
	uint32_t w = 0;

	if (page_piece(o, pa, &p)) {
		hypiommu_env_lock(&p.chunk->lock);
		w = *p.words;
		hypiommu_env_unlock(&p.chunk->lock);
	}
	/* On its way from one owner to another it is not the pool's. */
	if (w == word_moving())
		return 0;
	return (w & WORD_CLASS) == word_owned(HYPIOMMU_HYP) ? w & WORD_PINS_MAX
							    : 0;
}

void owner_set_tag(const struct owner *o, uint64_t pa, uint32_t tag)
{
	struct piece p;
	bool ours = false;

	if (page_piece(o, pa, &p)) {
		hypiommu_env_lock(&p.chunk->lock);
		ours = (*p.words & WORD_CLASS) == word_owned(HYPIOMMU_HYP);
		if (ours)
			*p.words = word_owned(HYPIOMMU_HYP) | tag;
		hypiommu_env_unlock(&p.chunk->lock);
	}
	if (!ours)
		hypiommu_env_bug("tag on a page that is not EL2's");
}

int owner_page_info(struct owner *o, uint64_t pa,
		    struct hypiommu_page_info *info)
{
	const struct region *r;
	struct piece p;
	uint32_t w;

	if (o->ops)
		return HYPIOMMU_E_UNSUPPORTED;
	r = page_piece(o, pa, &p);
	if (!r)
		return HYPIOMMU_E_NOENT;
	hypiommu_env_lock(&p.chunk->lock);
	w = *p.words;
	if (p.chunk->word != BY_PAGE)
		w += p.chunk->word & WORD_PINS_MAX;
	hypiommu_env_unlock(&p.chunk->lock);
	info->owner = w >> 18 & 0x7f;
	info->peer = w >> 25;
	info->state = (enum hypiommu_page_state)(w >> 16 & 3);
	info->pins = info->owner == HYPIOMMU_HYP ? 0 : w & WORD_PINS_MAX;
	info->mmio = r->mmio;
	return HYPIOMMU_OK;
}
