// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Who owns what, and what holds it: regions, pins, ownership transitions. */
#include "spec_priv.h"

#define PINS_MAX       65535u
#define TRANSITION_MAX (1ull << 30)

struct spec_page spec_owned(uint32_t owner)
{
	return (struct spec_page){ .owner = (uint8_t)owner,
				   .peer = (uint8_t)owner };
}

static struct spec_page with(uint32_t owner, uint32_t peer,
			     enum spec_sharing how)
{
	return (struct spec_page){ .owner = (uint8_t)owner,
				   .peer = (uint8_t)peer,
				   .sharing = (uint8_t)how };
}

static const struct spec_region *region(const struct spec *s, uint64_t pa)
{
	for (uint32_t i = 0; i < s->region_count; i++) {
		const struct spec_region *r = &s->regions[i];

		if (pa >= r->base && pa - r->base < r->size)
			return r;
	}
	return NULL;
}

struct spec_page *spec_page(const struct spec *s, uint64_t pa, bool *mmio)
{
	const struct spec_region *r = region(s, pa);

	if (!r)
		return NULL;
	*mmio = r->mmio;
	return &r->pages[(pa - r->base) / SPEC_PAGE];
}

void spec_touched_none(struct spec *s)
{
	s->touched_count = 0;
}

void spec_touch(struct spec *s, uint64_t pa, uint64_t size)
{
	uint32_t room = sizeof(s->touched) / sizeof(s->touched[0]);

	if (s->touched_count < room) {
		s->touched[s->touched_count].pa = pa;
		s->touched[s->touched_count].size = size;
	}
	s->touched_count++;
}

void spec_pin(struct spec *s, uint64_t pa, uint64_t size, int by)
{
	bool mmio;

	for (uint64_t at = 0; at < size; at += SPEC_PAGE)
		spec_page(s, pa + at, &mmio)->pins += (uint32_t)by;
	spec_touch(s, pa, size);
}

/* The same owner, shared or lent in the same way. */
static bool alike(const struct spec_page *a, const struct spec_page *b)
{
	return a->owner == b->owner && a->peer == b->peer &&
	       a->sharing == b->sharing;
}

uint64_t spec_pinnable(const struct spec *s, uint32_t principal, uint64_t pa,
		       uint64_t size, int *error)
{
	struct spec_page mine = spec_owned(principal);
	bool mmio = false, first = false;
	uint64_t at;

	*error = HYPIOMMU_OK;
	for (at = 0; at < size && !*error; at += SPEC_PAGE) {
		const struct spec_page *p = spec_page(s, pa + at, &mmio);

		if (at == 0)
			first = mmio;
		/* EL2 does no DMA; one range is RAM or a window, not both. */
		if (!p || !alike(p, &mine) || principal == HYPIOMMU_HYP ||
		    mmio != first)
			*error = HYPIOMMU_E_PERM;
		else if (p->pins == PINS_MAX)
			*error = HYPIOMMU_E_OVERFLOW;
	}
	return *error ? at - SPEC_PAGE : size;
}

int spec_move(struct spec *s, uint64_t pa, uint64_t size, struct spec_page from,
	      struct spec_page to, bool pins_matter)
{
	const struct spec_region *r = region(s, pa);
	struct spec_page *pages;

	if (!r || r->size - (pa - r->base) < size)
		return HYPIOMMU_E_PERM;
	pages = &r->pages[(pa - r->base) / SPEC_PAGE];
	for (uint64_t i = 0; i < size / SPEC_PAGE; i++) {
		if (!alike(&pages[i], &from))
			return HYPIOMMU_E_PERM;
		if ((pages[i].pins && pins_matter) ||
		    pages[i].pool != from.pool)
			return HYPIOMMU_E_BUSY;
	}
	for (uint64_t i = 0; i < size / SPEC_PAGE; i++) {
		to.pins = pages[i].pins;
		pages[i] = to;
	}
	spec_touch(s, pa, size);
	return HYPIOMMU_OK;
}

static int transition(struct spec *s, enum spec_transition how, uint32_t a,
		      uint32_t b, uint64_t pa, uint64_t size, bool pins_matter)
{
	struct spec_page mine = spec_owned(a), from = mine, to = mine;

	if (a >= HYPIOMMU_PRINCIPALS || b >= HYPIOMMU_PRINCIPALS || a == b)
		return HYPIOMMU_E_INVAL;
	if (!size || size > TRANSITION_MAX || pa + size < pa ||
	    pa % SPEC_PAGE || size % SPEC_PAGE)
		return HYPIOMMU_E_INVAL;
	switch (how) {
	case SPEC_DONATE:
		to = spec_owned(b);
		break;
	case SPEC_SHARE:
		to = with(a, b, SPEC_SHARED);
		break;
	case SPEC_UNSHARE:
		from = with(a, b, SPEC_SHARED);
		break;
	case SPEC_LEND:
		to = with(a, b, SPEC_LENT);
		break;
	case SPEC_RECLAIM:
		from = with(a, b, SPEC_LENT);
		break;
	}
	return spec_move(s, pa, size, from, to, pins_matter);
}

static const char *const transition_names[] = {
	[SPEC_DONATE] = "donate",   [SPEC_SHARE] = "share",
	[SPEC_UNSHARE] = "unshare", [SPEC_LEND] = "lend",
	[SPEC_RECLAIM] = "reclaim",
};

const char *spec_transition(struct spec *s, enum spec_transition how,
			    uint32_t a, uint32_t b, uint64_t pa, uint64_t size,
			    int result)
{
	/* A refused one changes nothing; an accepted one is undone if it
	 * should not have been: the caller hears of it and stops. */
	int right = transition(s, how, a, b, pa, size, true);

	return result == right
		       ? NULL
		       : spec_wrong(s, transition_names[how], result, right);
}

const char *spec_transition_meanwhile(struct spec *s, enum spec_transition how,
				      uint32_t a, uint32_t b, uint64_t pa,
				      uint64_t size, int result)
{
	int right;

	if (result == HYPIOMMU_E_BUSY || result == HYPIOMMU_E_PERM)
		return NULL;
	right = transition(s, how, a, b, pa, size, false);
	return result == right
		       ? NULL
		       : spec_wrong(s, transition_names[how], result, right);
}
