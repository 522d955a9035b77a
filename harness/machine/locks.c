// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The only file of the harness that looks at the library's private structures:
 * for the address of a lock, which says its class, and for the pool's tags.
 */
#include <stdio.h>
#include <string.h>

#include "core.h"
#include "machine.h"

const char *lock_name(enum lock_class class)
{
	static const char *const names[] = { "attach", "domain", "pool",
					     "owner", "SMMU" };

	return names[class];
}

static bool within(const void *p, const void *base, size_t size)
{
	return (uintptr_t)p - (uintptr_t)base < size;
}

static enum lock_class class_of(const struct hypiommu *h, const uint32_t *lock)
{
	const struct hypiommu_limits *l = &h->config.limits;

	if (within(lock, &h->attach_lock, sizeof(h->attach_lock)))
		return LOCK_ATTACH;
	if (within(lock, &h->pool, sizeof(h->pool)))
		return LOCK_POOL;
	if (within(lock, h->domains, l->domains * sizeof(*h->domains)))
		return LOCK_DOMAIN;
	if (within(lock, h->smmus, l->smmus * sizeof(*h->smmus)))
		return LOCK_SMMU;
	return LOCK_OWNER;
}

bool pool_page_in_use(struct machine *m, uint64_t pa)
{
	bool checking = m->checking, used = false;

	m->checking = true; /* takes no locks */
	for (uint32_t order = 0; order <= POOL_MAX_ORDER && !used; order++) {
		uint64_t block = pa & ~((HYPIOMMU_PAGE_SIZE << order) - 1);
		uint32_t tag = owner_tag(&m->h->owner, block);

		used = tag & POOL_TAG_USED && (tag & POOL_TAG_ORDER) >= order;
	}
	m->checking = checking;
	return used;
}

/* "../libhypiommu/map.c:12" without the way there. */
static const char *short_place(const char *place)
{
	while (!strncmp(place, "../", 3))
		place += 3;
	return place;
}

static void check_order(struct machine *m, const struct lock_held *now)
{
	char text[200];

	for (unsigned int i = 0; i < m->locks->count; i++) {
		const struct lock_held *held = &m->locks->held[i];

		if (held->class < now->class)
			continue;
		snprintf(text, sizeof(text),
			 "lock order: %s lock taken at %s while the %s lock "
			 "taken at %s is held",
			 lock_name(now->class), short_place(now->place),
			 lock_name(held->class), short_place(held->place));
		machine_violation(m, text);
		return;
	}
}

void locks_take(struct machine *m, const uint32_t *lock, const char *place)
{
	struct lock_held now = { lock, LOCK_OWNER, place };

	if (m->h) {
		now.class = class_of(m->h, lock);
		check_order(m, &now);
	}
	if (m->locks->count == LOCKS_MAX) {
		machine_violation(m, "too many locks are held at once");
		return;
	}
	m->locks->held[m->locks->count++] = now;
}

void locks_release(struct machine *m, const uint32_t *lock)
{
	struct lock_stack *s = m->locks;
	unsigned int i = s->count;

	while (i && s->held[i - 1].lock != lock)
		i--;
	if (!i) {
		machine_violation(m, "a lock is released by a CPU that does "
				     "not hold it");
		return;
	}
	for (s->count--; i - 1 < s->count; i++)
		s->held[i - 1] = s->held[i];
}
