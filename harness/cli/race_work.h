/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* hypiommu race: what was asked for, and the processes that do it. */
#ifndef RACE_WORK_H
#define RACE_WORK_H

#include "race.h"

#define RACE_JOBS     64u
#define RACE_FAILURES 8u /* of one process; then it stops */

struct race_request {
	struct race_options race;
	const struct scene_kind *kind; /* NULL: each */
	const struct race_call *calls[2];
	const char *schedule;
	unsigned int jobs;
	bool json;
};

struct race_found {
	const struct scene_kind *kind;
	const struct race_call *a, *b;
	char schedule[SCHED_TEXT];
	char what[2048];
};

/* Of one process, read by its parent. */
struct race_worker {
	uint64_t done; /* pairs */
	struct race_stats stats;
	unsigned int failures;
	struct race_found found[RACE_FAILURES];
};

/*
 * All pairs, each by one of request->jobs processes. workers: one for each, in
 * memory they share, all zero. False: a process crashed, or none could be
 * started; it has been said.
 */
bool race_work(const struct race_request *request, struct race_worker *workers);
void race_add_stats(struct race_stats *sum, const struct race_stats *s);
void race_catch_crashes(void);

#endif /* RACE_WORK_H */
