// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "race_priv.h"

static struct race *doing;
static struct schedule *doing_schedule;

void race_doing(char *text, size_t size)
{
	char schedule[SCHED_TEXT] = "alone";

	if (doing_schedule)
		schedule_text(doing_schedule, schedule);
	if (doing && doing->calls[1])
		snprintf(text, size, "%s,%s %s", doing->calls[0]->name,
			 doing->calls[1]->name, schedule);
	else
		snprintf(text, size, "nothing yet");
}

/* ---------------------------------------------------------------- one run */

static void job(void *ctx, unsigned int cpu)
{
	struct race *r = ctx;

	race_call_make(&r->scene, r->calls[cpu], &r->now.results[cpu]);
}

static bool begin(struct race *r, bool judged)
{
	const struct scene_options options = {
		.block = race_call_of_block(r->calls[0]) ||
			 race_call_of_block(r->calls[1]),
		.judged = judged,
	};
	char said[200];

	memset(&r->now, 0, sizeof(r->now));
	if (!scene_begin(&r->scene, r->kind, &options, said, sizeof(said))) {
		race_add(r, "the scene of %s cannot be set up: %s",
			 r->kind->name, said);
		return false;
	}
	r->scene.m->config.check = MACHINE_CHECK_STEPS;
	if (r->kind->fault)
		scene_fail(&r->scene, r->options.event);
	return true;
}

static bool powered_down(const struct race *r)
{
	if (r->kind->fault)
		return true;
	for (unsigned int i = 0; i < SCHED_CPUS; i++) {
		if (r->calls[i]->op == OP_SUSPEND ||
		    r->calls[i]->op == OP_RESET)
			return true;
	}
	return false;
}

/* The promise so far, then the state; false: broken. */
static bool finish(struct race *r)
{
	struct machine *m = r->scene.m;
	bool good = !m->stats.violations;

	r->stats.steps += m->stats.steps;
	r->stats.looks += m->stats.checks;
	r->fired = m->fault.fired;
	if (good) {
		scene_tell(&r->scene, powered_down(r), r->now.state);
		good = !m->stats.violations;
	}
	if (!good)
		race_add(r, "%s", m->violation);
	else if (!r->scene.clean)
		race_add(r,
			 "in the end a pin or a page of tables is left over");
	return good && r->scene.clean;
}

const struct outcome *race_alone(struct race *r, unsigned int cpu)
{
	struct outcome now = r->now;
	bool good = r->alone_known[cpu];

	if (!good) {
		good = begin(r, true);
		if (good)
			race_call_make(&r->scene, r->calls[cpu],
				       &r->now.results[cpu]);
		good = good && finish(r);
		scene_end(&r->scene);
		r->alone[cpu] = r->now;
		r->alone_known[cpu] = good;
		r->now = now;
	}
	return good ? &r->alone[cpu] : NULL;
}

/* ---------------------------------------------------------- one schedule */

enum verdict {
	GOOD,
	REDUNDANT,
	BAD,
};

static enum verdict judge(struct race *r, enum sched_end end)
{
	const char *race = access_race();

	if (end == SCHED_REDUNDANT)
		return REDUNDANT;
	if (end != SCHED_DONE) {
		race_add(r, "%s", sched_said(r->sched));
		return BAD;
	}
	if (!finish(r))
		return BAD;
	if (race) {
		race_add(r, "%s", race);
		return BAD;
	}
	return GOOD;
}

/* Under a schedule, or a random one that is written to *schedule. */
static enum verdict run(struct race *r, struct schedule *schedule,
			uint64_t *random)
{
	const struct sched_point *points;
	struct sched_run how = {
		.m = NULL,
		.job = job,
		.ctx = r,
		.schedule = schedule,
		.random = random,
		.one_in = 4,
		.watch = &access_watch,
	};
	enum verdict verdict = BAD;

	doing_schedule = schedule;
	/* One call after the other is what the specification knows. */
	if (begin(r, !schedule->count && !random)) {
		how.m = r->scene.m;
		verdict = judge(r, sched_run(r->sched, &how));
	}
	scene_end(&r->scene);
	doing_schedule = NULL;
	schedule_text(schedule, r->failure->schedule);
	if (verdict == REDUNDANT) {
		r->stats.redundant++;
	} else {
		uint32_t n = sched_points(r->sched, &points);

		r->stats.schedules++;
		r->stats.points += n;
		if (n > r->stats.longest)
			r->stats.longest = n;
	}
	r->schedules++;
	return verdict;
}

/* ------------------------------------------------------------- exploration */

static bool begin_pair(struct race *r, const struct race_call *a,
		       const struct race_call *b, struct race_failure *failure)
{
	doing = r;
	r->calls[0] = a;
	r->calls[1] = b;
	r->failure = failure;
	r->schedules = 0;
	failure->what[0] = '\0';
	strcpy(failure->schedule, "-");
	r->alone_known[0] = r->alone_known[1] = false;
	for (unsigned int i = 0; i < SCHED_CPUS; i++) {
		struct schedule whole = { .first = i };

		if (run(r, &whole, NULL) != GOOD)
			return false;
		r->order[i] = r->now;
	}
	return true;
}

static bool limited(const struct race *r)
{
	return r->options.limit && r->schedules >= r->options.limit;
}

/* This schedule, and all that add preemptions behind its last one. */
static bool explore(struct race *r, struct schedule *s)
{
	unsigned int depth = s->count;
	uint8_t *switchable = r->switchable[depth];
	/* A switch at the first point is the other one going first. */
	uint32_t from = depth ? s->at[depth - 1] + 1 : 2, n;
	const struct sched_point *points;
	enum verdict verdict = run(r, s, NULL);

	if (verdict == REDUNDANT)
		return true;
	if (verdict == BAD || !race_explained(r))
		return false;
	if (depth == r->options.preemptions)
		return true;
	n = sched_points(r->sched, &points);
	for (uint32_t i = 0; i < n; i++)
		switchable[i] = points[i].switchable;
	for (uint32_t at = from; at <= n && !limited(r); at++) {
		if (!switchable[at - 1])
			continue;
		s->at[depth] = at;
		s->count = depth + 1;
		if (!explore(r, s))
			return false;
	}
	s->count = depth;
	return true;
}

static bool explore_random(struct race *r)
{
	/* Other schedules for every pair. */
	uint64_t pair = (uint64_t)(r->calls[0] - race_calls) << 16 |
			(uint64_t)(r->calls[1] - race_calls);
	uint64_t random =
		(r->options.seed << 32 ^ pair) * 0x9e3779b97f4a7c15ull | 1;

	for (unsigned int i = 0; i < r->options.random; i++) {
		struct schedule s = { .first = i % 2 };

		if (run(r, &s, &random) != GOOD || !race_explained(r))
			return false;
	}
	return true;
}

bool race_pair(struct race *r, const struct race_call *a,
	       const struct race_call *b, struct race_failure *failure)
{
	r->stats.pairs++;
	if (!begin_pair(r, a, b, failure))
		return false;
	for (unsigned int i = 0; i < SCHED_CPUS && r->options.preemptions;
	     i++) {
		struct schedule s = { .first = i };

		if (!explore(r, &s))
			return false;
	}
	r->stats.cut += limited(r);
	return explore_random(r);
}

bool race_replay(struct race *r, const struct race_call *a,
		 const struct race_call *b, const struct schedule *schedule,
		 struct race_failure *failure)
{
	struct schedule s = *schedule;
	enum verdict verdict;

	r->stats.pairs++;
	if (!begin_pair(r, a, b, failure))
		return false;
	verdict = run(r, &s, NULL);
	if (verdict == REDUNDANT) {
		race_add(r, "a switch to a CPU that only waits: the schedule "
			    "without it is the same");
		return true;
	}
	if (verdict == BAD || !race_explained(r))
		return false;
	race_add_results(r, "", &r->now);
	race_add(r, "%s", r->now.state);
	return true;
}

/* ------------------------------------------------------------------- life */

const struct race_stats *race_stats(const struct race *r)
{
	return &r->stats;
}

void race_destroy(struct race *r)
{
	if (!r)
		return;
	for (unsigned int i = 0; i <= MAX_PREEMPTIONS; i++)
		free(r->switchable[i]);
	sched_destroy(r->sched);
	free(r);
}

struct race *race_create(const struct scene_kind *kind,
			 const struct race_options *options)
{
	struct race *r = calloc(1, sizeof(*r));
	bool good = r;

	if (!r)
		return NULL;
	r->kind = kind;
	r->options = *options;
	if (r->options.preemptions > MAX_PREEMPTIONS)
		r->options.preemptions = MAX_PREEMPTIONS;
	r->sched = sched_create();
	good = r->sched;
	for (unsigned int i = 0; i <= r->options.preemptions; i++) {
		r->switchable[i] = malloc(SCHED_POINTS);
		good &= r->switchable[i] != NULL;
	}
	if (good)
		return r;
	race_destroy(r);
	return NULL;
}
