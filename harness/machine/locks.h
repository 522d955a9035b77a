/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The lock order of docs/design.md, checked at every lock the library takes.
 * Each CPU has a stack of the locks it holds; several CPUs (harness/race, a
 * rival in a step callback) are several stacks.
 */
#ifndef LOCKS_H
#define LOCKS_H

#include <stdbool.h>
#include <stdint.h>

struct machine;

/* In order: a lock is taken only while locks of smaller classes are held. */
enum lock_class {
	LOCK_ATTACH,
	LOCK_DOMAIN,
	LOCK_POOL,
	LOCK_OWNER,
	LOCK_SMMU,
};

#define LOCKS_MAX 16u

struct lock_stack {
	unsigned int count;
	struct lock_held {
		const uint32_t *lock;
		enum lock_class class;
		const char *place; /* where it was taken */
	} held[LOCKS_MAX];
};

const char *lock_name(enum lock_class class);

/* The machine's current CPU takes or releases a lock; a violation if it may
 * not. */
void locks_take(struct machine *m, const uint32_t *lock, const char *place);
void locks_release(struct machine *m, const uint32_t *lock);
/* env.c: is it held, by whomever? */
bool lock_taken(const uint32_t *lock);

/* Of the library's own pool: is the page part of a block in use? */
bool pool_page_in_use(struct machine *m, uint64_t pa);

#endif /* LOCKS_H */
