// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <stdlib.h>

#include "tables.h"
#include "owner_pins.h"
#include "pins.h"

#define PAGE HYPIOMMU_PAGE_SIZE
#define BASE 0x80000000ull

struct pins {
	struct owner owner;
	struct region region;
	struct owner_user user;
};

static void *start(void)
{
	uint64_t size = PIN_PAGES * PAGE;
	struct pins *p = tables_object(sizeof(*p));
	void *states = calloc(1, hypiommu_page_state_size(size));

	if (!p || !states)
		abort();
	p->owner.regions = &p->region;
	p->owner.max = 1;
	if (owner_add_region(&p->owner, BASE, size, states, false))
		abort();
	owner_user_init(&p->user, &p->owner, HYPIOMMU_HOST);
	return p;
}

static void pin(void *ctx)
{
	struct pins *p = ctx;

	for (uint64_t i = 0; i < PIN_PAGES; i++) {
		if (owner_pin(&p->user, BASE + i * PAGE, PAGE))
			abort();
	}
}

static void unpin(void *ctx)
{
	struct pins *p = ctx;

	for (uint64_t i = 0; i < PIN_PAGES; i++)
		owner_unpin(&p->user, BASE + i * PAGE, PAGE);
}

static void pin_runs(void *ctx)
{
	struct pins *p = ctx;

	for (uint64_t i = 0; i < PIN_PAGES; i += PIN_RUN) {
		if (owner_pin(&p->user, BASE + i * PAGE, PIN_RUN * PAGE))
			abort();
	}
}

static void unpin_runs(void *ctx)
{
	struct pins *p = ctx;

	for (uint64_t i = 0; i < PIN_PAGES; i += PIN_RUN)
		owner_unpin(&p->user, BASE + i * PAGE, PIN_RUN * PAGE);
}

const struct pin_ops pin_ops = { start, pin, unpin, pin_runs, unpin_runs };
