/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Every sequence of moves on a small machine, shortest first. A world is a
 * scenario (harness/scenario): its machine, and statements, each of which is a
 * move that can be made at any time. After each move the machine must be as
 * specified; machines that nothing told apart are one state.
 */
#ifndef EXPLORE_H
#define EXPLORE_H

#include <stdbool.h>
#include <stdint.h>

#include "scenario.h"

#define EXPLORE_DEPTH 64u
#define EXPLORE_JOBS  16u
#define EXPLORE_CODES 17u /* OK, and every enum hypiommu_error */

/* The text of a world that comes with the program; NULL: no such name. */
const char *explore_world(const char *name);
/* Names of them, in order; NULL at the end. */
extern const char *const explore_names[];

struct explore_options {
	const struct scn *world;
	uint32_t states; /* stop when that many are found */
	uint32_t depth;	 /* moves, at most EXPLORE_DEPTH */
	uint32_t jobs;	 /* processes, at most EXPLORE_JOBS */
	bool steps;	 /* the observer looks at every store and register
			  * access of every move, not only after it */
	/* Called now and then, from the calling process. */
	void (*progress)(void *ctx, uint32_t states, uint32_t depth);
	void *ctx;
};

struct explore_result {
	bool failed;
	char error[400]; /* why it could not be explored at all, or empty */
	uint32_t states;
	uint32_t complete; /* every sequence of so many moves was made */
	bool exhausted;	   /* and there are no others */
	uint64_t moves;	   /* made, each judged and looked at */
	/* How often each move was answered with -code. */
	uint64_t answers[SCN_STEPS][EXPLORE_CODES];
	double seconds;
	/* When failed: the moves, and what was seen after the last. */
	uint32_t path[EXPLORE_DEPTH + 1];
	uint32_t path_length;
	char what[256];
	bool crashed; /* the last move did not return */
};

void explore(const struct explore_options *options,
	     struct explore_result *result);

/*
 * The failing moves as a scenario, each with the status it returns as what is
 * expected. The caller frees it; NULL: out of memory.
 */
struct scn *explore_scenario(const struct scn *world,
			     const struct explore_result *result);

#endif /* EXPLORE_H */
