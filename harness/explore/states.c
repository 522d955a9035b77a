// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <string.h>
#include <sys/mman.h>

#include "states.h"

static void *shared(uint64_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

bool states_create(struct states *s, uint32_t max)
{
	uint64_t slots = 1;

	while (slots < 2ull * max)
		slots *= 2;
	memset(s, 0, sizeof(*s));
	s->hash_mask = slots - 1;
	s->max = max;
	s->hashes = shared(slots * sizeof(*s->hashes));
	s->nodes = shared((uint64_t)max * sizeof(*s->nodes));
	return s->hashes && s->nodes;
}

void states_destroy(struct states *s)
{
	if (s->hashes)
		munmap(s->hashes, (s->hash_mask + 1) * sizeof(*s->hashes));
	if (s->nodes)
		munmap(s->nodes, (uint64_t)s->max * sizeof(*s->nodes));
	memset(s, 0, sizeof(*s));
}

uint32_t states_count(const struct states *s)
{
	uint32_t n = __atomic_load_n(&s->count, __ATOMIC_ACQUIRE);

	return n < s->max ? n : s->max;
}

/* Claim the slot of this hash. */
static bool claim(struct states *s, uint64_t hash)
{
	for (uint64_t i = hash;; i++) {
		uint64_t *slot = &s->hashes[i & s->hash_mask], seen = 0;

		if (__atomic_compare_exchange_n(slot, &seen, hash, false,
						__ATOMIC_ACQ_REL,
						__ATOMIC_ACQUIRE))
			return true;
		if (seen == hash)
			return false;
	}
}

bool states_add(struct states *s, uint64_t hash, uint32_t parent, uint32_t move)
{
	uint32_t n;

	/* Full is full: half of the slots stay free. */
	if (states_count(s) >= s->max || !claim(s, hash ? hash : 1))
		return false;
	n = __atomic_fetch_add(&s->count, 1, __ATOMIC_ACQ_REL);
	if (n >= s->max)
		return false;
	s->nodes[n] = (struct states_node){ parent, move };
	return true;
}

uint32_t states_path(const struct states *s, uint32_t state, uint32_t *moves,
		     uint32_t room)
{
	uint32_t n = 0;

	/* State 0 is the machine as it was set up. */
	for (uint32_t at = state; at; at = s->nodes[at].parent)
		n++;
	for (uint32_t at = state, i = n; at; at = s->nodes[at].parent) {
		if (--i < room)
			moves[i] = s->nodes[at].move;
	}
	return n < room ? n : room;
}
