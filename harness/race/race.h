/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * All schedules of two calls with at most so many preemptions, and random ones
 * with more. In each, at every step: the promise; afterwards: no lock held, no
 * data race, and results and state that one of the two orders also gives.
 */
#ifndef RACE_H
#define RACE_H

#include "calls.h"
#include "sched.h"

struct race_options {
	unsigned int preemptions;
	unsigned int random; /* random schedules after those, per pair */
	uint64_t seed;
	uint64_t limit; /* schedules per pair at most; 0: no limit */
	uint64_t event; /* at which hardware fails, on machines where it does */
};

struct race_stats {
	uint64_t pairs, schedules, redundant, points, steps, looks;
	uint64_t transient;	  /* explained only by a refusal in passing */
	uint64_t finished;	  /* ... by work that a reset finished */
	uint64_t spoiled;	  /* ... by hardware that failed in between */
	uint64_t cut;		  /* pairs that met the limit */
	uint32_t longest;	  /* points of one schedule */
	unsigned int preemptions; /* reached */
};

struct race_failure {
	char schedule[SCHED_TEXT];
	char what[3 * SCENE_TEXT];
};

struct race;
struct race *race_create(const struct scene_kind *kind,
			 const struct race_options *options);
void race_destroy(struct race *r);
const struct race_stats *race_stats(const struct race *r);

/* false: *failure says what was wrong in which schedule. */
bool race_pair(struct race *r, const struct race_call *a,
	       const struct race_call *b, struct race_failure *failure);

/* What is running: "unmap,attach A:12"; for a handler of signals. */
void race_doing(char *text, size_t size);

/* One schedule of a pair; into `what` also what happened when it was good. */
bool race_replay(struct race *r, const struct race_call *a,
		 const struct race_call *b, const struct schedule *schedule,
		 struct race_failure *failure);

#endif /* RACE_H */
