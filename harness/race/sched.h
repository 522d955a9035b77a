/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Two CPUs taking turns on one machine. Each runs one job on a stack of its
 * own; at every lock, unlock, store, barrier and register access of the library
 * (a *point*) the schedule says whether the other one goes on instead. All else
 * is deterministic, so that a schedule is a replay.
 *
 * No points are a store of what is there already, and in a row of stores to one
 * page, which fills a table out of sight, those after the first SCHED_FILL.
 *
 * A schedule is who begins and the points, counted from 1 over both CPUs, at
 * which the turn is taken away: "A:12,30". A CPU that waits for a lock, or is
 * done, hands over without being told.
 */
#ifndef SCHED_H
#define SCHED_H

#include "machine.h"

#define SCHED_CPUS     2u
#define SCHED_FILL     12u
#define SCHED_SWITCHES 64u
#define SCHED_POINTS   65536u /* more are a call that does not end */

struct schedule {
	unsigned int first; /* CPU that begins */
	unsigned int count;
	uint32_t at[SCHED_SWITCHES]; /* ascending */
};

/* "A:12,30" of at most 7 + 7 * SCHED_SWITCHES bytes; false: not a schedule. */
#define SCHED_TEXT (8u + 7u * SCHED_SWITCHES)
void schedule_text(const struct schedule *s, char *text);
bool schedule_parse(const char *text, struct schedule *s);

/* One point passed: what was about to happen, and was a switch possible? */
struct sched_point {
	uint8_t cpu;
	uint8_t what; /* enum machine_point */
	bool switchable;
};

typedef void (*sched_job)(void *ctx, unsigned int cpu);

struct sched;
struct sched *sched_create(void);
void sched_destroy(struct sched *s);

/* Where points are reported to besides: harness/race/access.c. */
struct sched_watch {
	void (*begin)(void);
	void (*acquire)(unsigned int cpu, const void *lock);
	void (*release)(unsigned int cpu, const void *lock);
	void (*store)(const void *p, size_t size, const void *pc);
	void (*end)(void);
};

enum sched_end {
	SCHED_DONE,
	SCHED_DEADLOCK,
	SCHED_BUG,	 /* the library said hypiommu_env_bug() */
	SCHED_ENDLESS,	 /* SCHED_POINTS are used up */
	SCHED_REDUNDANT, /* a switch to a CPU that could only wait: the same as
			  * the schedule without it; not run to its end */
	SCHED_MISFIT,	 /* a switch where none was possible */
};

/*
 * Run job on both CPUs of m under the schedule. With random, switches are drawn
 * from *random instead, one in `one_in` points, and written to the schedule.
 */
struct sched_run {
	struct machine *m;
	sched_job job;
	void *ctx;
	struct schedule *schedule;
	uint64_t *random; /* or NULL */
	unsigned int one_in;
	const struct sched_watch *watch; /* or NULL */
};

enum sched_end sched_run(struct sched *s, const struct sched_run *run);

/* Of the last run. */
uint32_t sched_points(const struct sched *s, const struct sched_point **points);
const char *sched_said(const struct sched *s); /* of a deadlock or a bug */
/* The CPU that runs now, for watchers; SCHED_CPUS: none, or the observer. */
unsigned int sched_cpu(void);

#endif /* SCHED_H */
