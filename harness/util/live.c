// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <stdlib.h>

#include "live.h"
#include "util.h"

static uint64_t last_of(const struct live_map *map)
{
	return map->iova + map->size - 1;
}

void live_init(struct live *live)
{
	*live = (struct live){ .used = 1, .random = 88172645463325252ull };
}

void live_fini(struct live *live)
{
	free(live->nodes);
	live->nodes = NULL;
}

/* --------------------------------------------------------------- treap */

static uint32_t node_new(struct live *live, const struct live_map *map)
{
	uint32_t n = live->free;

	if (n) {
		live->free = live->nodes[n].left;
	} else {
		if (live->used >= live->room) {
			live->room = live->room * 2 + 64;
			live->nodes = util_grow(live->nodes, live->room,
						sizeof(*live->nodes));
		}
		n = live->used++;
	}
	live->nodes[n] = (struct live_node){
		.map = *map,
		.priority = (uint32_t)util_random(&live->random) | 1,
	};
	live->count++;
	return n;
}

static void node_free(struct live *live, uint32_t n)
{
	live->nodes[n].priority = 0;
	live->nodes[n].left = live->free;
	live->free = n;
	live->count--;
}

/* All that begins before `at` goes to *low, the rest to *high. */
static void split(struct live *live, uint32_t n, uint64_t at, uint32_t *low,
		  uint32_t *high)
{
	uint32_t *lows = low, *highs = high;

	while (n) {
		struct live_node *node = &live->nodes[n];

		if (node->map.iova < at) {
			*lows = n;
			lows = &node->right;
			n = node->right;
		} else {
			*highs = n;
			highs = &node->left;
			n = node->left;
		}
	}
	*lows = *highs = 0;
}

/* All of low begins before all of high. */
static uint32_t merge(struct live *live, uint32_t low, uint32_t high)
{
	uint32_t root = 0, *at = &root;

	while (low && high) {
		struct live_node *l = &live->nodes[low];
		struct live_node *h = &live->nodes[high];

		if (l->priority > h->priority) {
			*at = low;
			at = &l->right;
			low = l->right;
		} else {
			*at = high;
			at = &h->left;
			high = h->left;
		}
	}
	*at = low ? low : high;
	return root;
}

static void remove_at(struct live *live, uint64_t iova)
{
	uint32_t low, rest, one, high;

	split(live, live->root, iova, &low, &rest);
	if (iova == UINT64_MAX) {
		one = rest;
		high = 0;
	} else {
		split(live, rest, iova + 1, &one, &high);
	}
	if (one)
		node_free(live, one);
	live->root = merge(live, low, high);
}

/* ----------------------------------------------------------- operations */

void live_add(struct live *live, const struct live_map *map)
{
	uint32_t n = node_new(live, map), low, high;

	split(live, live->root, map->iova, &low, &high);
	live->root = merge(live, merge(live, low, n), high);
}

const struct live_map *live_from(const struct live *live, uint64_t at)
{
	const struct live_map *best = NULL;
	uint32_t n = live->root;

	while (n) {
		const struct live_node *node = &live->nodes[n];

		if (last_of(&node->map) >= at) {
			best = &node->map;
			n = node->left;
		} else {
			n = node->right;
		}
	}
	return best;
}

const struct live_map *live_overlap(const struct live *live, uint64_t iova,
				    uint64_t size)
{
	const struct live_map *map = live_from(live, iova);

	return map && map->iova <= iova + (size - 1) ? map : NULL;
}

/* What is left of `map` from `begin` to `last`, both inside it. */
static void add_part(struct live *live, const struct live_map *map,
		     uint64_t begin, uint64_t last)
{
	const struct live_map part = {
		.iova = begin,
		.pa = map->pa + (begin - map->iova),
		.size = last - begin + 1,
		.prot = map->prot,
	};

	live_add(live, &part);
}

uint64_t live_cut(struct live *live, uint64_t iova, uint64_t size)
{
	uint64_t last = iova + (size - 1), cut = 0;
	const struct live_map *found;

	while (size && (found = live_overlap(live, iova, size))) {
		const struct live_map map = *found;
		uint64_t begin = map.iova, end = last_of(&map);

		remove_at(live, map.iova);
		if (begin < iova)
			add_part(live, &map, begin, iova - 1);
		if (end > last)
			add_part(live, &map, last + 1, end);
		begin = begin < iova ? iova : begin;
		end = end > last ? last : end;
		cut += end - begin + 1;
	}
	return cut;
}

uint64_t live_bytes(const struct live *live, uint64_t iova, uint64_t size)
{
	uint64_t last = iova + (size - 1), bytes = 0;
	const struct live_map *map;

	while (size && (map = live_from(live, iova)) && map->iova <= last) {
		uint64_t begin = map->iova > iova ? map->iova : iova;
		uint64_t end = last_of(map) < last ? last_of(map) : last;

		bytes += end - begin + 1;
		if (end == last)
			break;
		iova = end + 1;
	}
	return bytes;
}

const struct live_map *live_pick(const struct live *live, uint64_t random)
{
	if (!live->count)
		return NULL;
	for (uint32_t tries = 0; tries < 16; tries++) {
		uint64_t n = 1 + (random + tries) % (live->used - 1);

		if (live->nodes[n].priority)
			return &live->nodes[n].map;
	}
	return &live->nodes[live->root].map;
}
