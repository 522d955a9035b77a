/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What is mapped in a domain, as the host remembers it: disjoint ranges in
 * order of IOVA (a treap), every operation O(log n).
 */
#ifndef LIVE_H
#define LIVE_H

#include <stddef.h>
#include <stdint.h>

struct live_map {
	uint64_t iova, pa, size; /* iova + size may be 2^64 */
	uint32_t prot;
};

struct live_node {
	struct live_map map;
	uint32_t left, right; /* 0: none; left is also the free list */
	uint32_t priority;    /* 0: free */
};

struct live {
	struct live_node *nodes; /* [0] is not used */
	uint32_t used, room, free, root;
	uint64_t count, random;
};

void live_init(struct live *live);
void live_fini(struct live *live);

/* The range must not overlap what is there. */
void live_add(struct live *live, const struct live_map *map);

/* Forget [iova, iova + size), cutting ranges at its ends; bytes forgotten. */
uint64_t live_cut(struct live *live, uint64_t iova, uint64_t size);

/* The first range that ends after `at`; NULL. Valid until the next change. */
const struct live_map *live_from(const struct live *live, uint64_t at);

/* The first range that overlaps; NULL. */
const struct live_map *live_overlap(const struct live *live, uint64_t iova,
				    uint64_t size);

/* Bytes of [iova, iova + size) that are mapped. */
uint64_t live_bytes(const struct live *live, uint64_t iova, uint64_t size);

/* Any one of them; NULL if there is none (or none was hit on). */
const struct live_map *live_pick(const struct live *live, uint64_t random);

#endif /* LIVE_H */
