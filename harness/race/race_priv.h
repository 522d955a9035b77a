/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* What race.c, which makes the runs, and verdict.c, which judges them, share.
 */
#ifndef RACE_PRIV_H
#define RACE_PRIV_H

#include "race.h"

#define MAX_PREEMPTIONS 8u

struct outcome {
	struct race_result results[SCHED_CPUS];
	char state[SCENE_TEXT];
};

struct race {
	const struct scene_kind *kind;
	struct race_options options;
	struct race_stats stats;
	struct sched *sched;
	uint8_t *switchable[MAX_PREEMPTIONS + 1];
	/* The pair at hand. */
	const struct race_call *calls[SCHED_CPUS];
	struct outcome alone[SCHED_CPUS]; /* only that one ran; if known */
	bool alone_known[SCHED_CPUS];
	struct outcome order[SCHED_CPUS]; /* that one first, then the other */
	struct outcome now;
	struct scene scene;
	struct race_failure *failure;
	uint64_t schedules; /* of this pair */
	bool fired;	    /* hardware failed in the run at hand */
};

/* race.c: what comes of one call without the other; NULL: nothing good. */
const struct outcome *race_alone(struct race *r, unsigned int cpu);

/* verdict.c: added to what is said of the failure */
__attribute__((format(printf, 2, 3))) void race_add(struct race *r,
						    const char *fmt, ...);
void race_add_results(struct race *r, const char *when,
		      const struct outcome *o);
/* Is what comes of the run at hand what one of the orders gives, or allowed
 * beside? If not, it has been said what differs. */
bool race_explained(struct race *r);

#endif /* RACE_PRIV_H */
