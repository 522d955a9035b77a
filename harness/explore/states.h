/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The states found so far, shared by the processes that explore: for each the
 * one it was found from, and the move that led to it. What a state is made of
 * is not kept; it is made again by its moves. States are told apart by a hash
 * of 64 bits.
 */
#ifndef STATES_H
#define STATES_H

#include <stdbool.h>
#include <stdint.h>

struct states_node {
	uint32_t parent;
	uint32_t move;
};

struct states {
	uint64_t *hashes; /* open addressing, 0 is free */
	struct states_node *nodes;
	uint64_t hash_mask;
	uint32_t max;
	uint32_t count; /* atomic */
};

/* Room for this many. Anonymous memory shared with children. */
bool states_create(struct states *s, uint32_t max);
void states_destroy(struct states *s);

/* True if it is new and there was room. */
bool states_add(struct states *s, uint64_t hash, uint32_t parent,
		uint32_t move);
uint32_t states_count(const struct states *s);

/* The moves to a state, first first; how many, at most room. */
uint32_t states_path(const struct states *s, uint32_t state, uint32_t *moves,
		     uint32_t room);

#endif /* STATES_H */
