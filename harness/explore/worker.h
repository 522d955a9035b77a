/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* What the processes of one exploration share. */
#ifndef WORKER_H
#define WORKER_H

#include "explore.h"
#include "states.h"

struct shared {
	struct states states;
	/* The level being explored: states [cursor, end) are left. Atomic. */
	uint32_t cursor, end, depth;
	uint32_t arrived, generation; /* of the barrier between levels */
	uint32_t stop;
	uint64_t moves;
	uint64_t answers[SCN_STEPS][EXPLORE_CODES]; /* atomic */
	/* The first failure: claimed by whoever comes first. */
	uint32_t failed;
	uint32_t failed_state, failed_move;
	char what[256];
	char error[400];
	/* What each worker is at, for the case that it dies of it. */
	struct {
		uint32_t state, move, busy;
	} at[EXPLORE_JOBS];
};

/* Explores until there is nothing left; in a process of its own. */
void worker_run(struct shared *shared, const struct explore_options *options,
		uint32_t number);

#endif /* WORKER_H */
