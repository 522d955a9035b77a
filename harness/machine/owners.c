// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * A port that keeps page states itself: the library asks it for pins and knows
 * no owners. What it refuses, and with which error, is what the library's own
 * would be.
 */
#include <stdlib.h>

#include "owners.h"

#define PAGE	 4096ull
#define PINS_MAX 65535u

static void own(struct hypiommu_page_info *page, uint32_t who)
{
	page->owner = page->peer = who;
	page->state = HYPIOMMU_PAGE_OWNED;
}

bool machine_owners_init(struct machine *m)
{
	size_t count = machine_pages(m);

	m->owners = calloc(count, sizeof(*m->owners));
	for (size_t i = 0; m->owners && i < count; i++)
		own(&m->owners[i], HYPIOMMU_HOST);
	if (m->owners)
		m->owners[count - 1].mmio = true; /* the doorbell */
	return m->owners;
}

static struct hypiommu_page_info *page_of(const struct machine *m, uint64_t pa)
{
	size_t at;

	return machine_page(m, pa, &at) ? &m->owners[at] : NULL;
}

void machine_owners_carve(struct machine *m, uint64_t pa, uint64_t size)
{
	for (uint64_t at = 0; at < size; at += PAGE)
		own(page_of(m, pa + at), HYPIOMMU_HYP);
}

int machine_owners_info(const struct machine *m, uint64_t pa,
			struct hypiommu_page_info *info)
{
	const struct hypiommu_page_info *page = page_of(m, pa);

	if (!page)
		return HYPIOMMU_E_NOENT;
	*info = *page;
	return HYPIOMMU_OK;
}

/* -------------------------------------------------------- transitions */

struct holding {
	uint32_t owner, peer;
	enum hypiommu_page_state state;
};

static bool holds(const struct hypiommu_page_info *page,
		  const struct holding *h)
{
	return page && page->owner == h->owner && page->peer == h->peer &&
	       page->state == h->state;
}

static int move(struct machine *m, uint64_t pa, uint64_t size,
		const struct holding *from, const struct holding *to)
{
	for (uint64_t at = 0; at < size; at += PAGE) {
		const struct hypiommu_page_info *page = page_of(m, pa + at);

		if (!holds(page, from))
			return HYPIOMMU_E_PERM;
		if (page->pins)
			return HYPIOMMU_E_BUSY;
	}
	for (uint64_t at = 0; at < size; at += PAGE) {
		struct hypiommu_page_info *page = page_of(m, pa + at);

		page->owner = to->owner;
		page->peer = to->peer;
		page->state = to->state;
	}
	return HYPIOMMU_OK;
}

int machine_owners_move(struct machine *m, enum spec_transition how, uint32_t a,
			uint32_t b, uint64_t pa, uint64_t size)
{
	const struct holding mine = { a, a, HYPIOMMU_PAGE_OWNED },
			     his = { b, b, HYPIOMMU_PAGE_OWNED },
			     shared = { a, b, HYPIOMMU_PAGE_SHARED },
			     lent = { a, b, HYPIOMMU_PAGE_LENT };

	if (a >= HYPIOMMU_PRINCIPALS || b >= HYPIOMMU_PRINCIPALS || a == b ||
	    !size || size > 1ull << 30 || pa + size < pa ||
	    (pa | size) & (PAGE - 1))
		return HYPIOMMU_E_INVAL;
	switch (how) {
	case SPEC_DONATE:
		return move(m, pa, size, &mine, &his);
	case SPEC_SHARE:
		return move(m, pa, size, &mine, &shared);
	case SPEC_UNSHARE:
		return move(m, pa, size, &shared, &mine);
	case SPEC_LEND:
		return move(m, pa, size, &mine, &lent);
	default:
		return move(m, pa, size, &lent, &mine);
	}
}

/* --------------------------------------------------- what the library asks */

static void unpin_range(void *ctx, uint64_t pa, uint64_t size)
{
	struct machine *m = ctx;

	for (uint64_t at = 0; at < size; at += PAGE) {
		struct hypiommu_page_info *page = page_of(m, pa + at);

		if (page && page->pins)
			page->pins--;
		else
			machine_violation(m, "a page is unpinned that is not "
					     "pinned");
	}
}

static int pin_range(void *ctx, uint32_t principal, uint64_t pa, uint64_t size,
		     bool *mmio)
{
	const struct holding mine = { principal, principal,
				      HYPIOMMU_PAGE_OWNED };
	struct machine *m = ctx;

	for (uint64_t at = 0; at < size; at += PAGE) {
		struct hypiommu_page_info *page = page_of(m, pa + at);
		int err = HYPIOMMU_OK;

		if (!holds(page, &mine))
			err = HYPIOMMU_E_PERM;
		else if (page->pins == PINS_MAX)
			err = HYPIOMMU_E_OVERFLOW;
		if (err) {
			unpin_range(m, pa, at);
			return err;
		}
		page->pins++;
		*mmio = page->mmio;
	}
	return HYPIOMMU_OK;
}

static uint32_t pin_list(void *ctx, uint32_t principal,
			 const struct hypiommu_segment *list, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		bool mmio = false;

		if (pin_range(ctx, principal, list[i].pa, list[i].size, &mmio))
			return i;
		if (mmio) {
			unpin_range(ctx, list[i].pa, list[i].size);
			return i;
		}
	}
	return count;
}

const struct hypiommu_owner_ops machine_owner_ops = {
	.pin_range = pin_range,
	.unpin_range = unpin_range,
	.pin_list = pin_list,
};
