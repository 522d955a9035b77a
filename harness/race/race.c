// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access.h"
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

/* ----------------------------------------------------------- what is wrong */

static __attribute__((format(printf, 2, 3))) void add(struct race *r,
						      const char *fmt, ...)
{
	char *what = r->failure->what;
	size_t n = strlen(what);
	va_list args;

	va_start(args, fmt);
	vsnprintf(what + n, sizeof(r->failure->what) - n, fmt, args);
	va_end(args);
}

static void add_results(struct race *r, const char *when,
			const struct outcome *o)
{
	char text[RESULT_TEXT];

	add(r, "%s", when);
	for (unsigned int i = 0; i < SCHED_CPUS; i++) {
		race_result_text(r->calls[i], &o->results[i], text);
		add(r, "%s%c %s", i ? "; " : "", 'A' + (int)i, text);
	}
	add(r, "\n");
}

/* The lines of text that are not in other. */
static void add_lines(struct race *r, const char *mark, const char *text,
		      const char *other)
{
	for (const char *end; *text; text = end + 1) {
		const char *at = other;
		size_t n;

		end = strchr(text, '\n');
		n = (size_t)(end - text) + 1;
		while (*at && strncmp(at, text, n) != 0)
			at = strchr(at, '\n') + 1;
		if (!*at)
			add(r, "      %s %.*s", mark, (int)n, text);
	}
}

static void add_difference(struct race *r)
{
	add(r, "results and state are those of neither order\n");
	add_results(r, "    now:      ", &r->now);
	for (unsigned int i = 0; i < SCHED_CPUS; i++) {
		add_results(r, i ? "    B before A: " : "    A before B: ",
			    &r->order[i]);
		add_lines(r, "now", r->now.state, r->order[i].state);
		add_lines(r, "not", r->order[i].state, r->now.state);
	}
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
		add(r, "the scene of %s cannot be set up: %s", r->kind->name,
		    said);
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
		add(r, "%s", m->violation);
	else if (!r->scene.clean)
		add(r, "in the end a pin or a page of tables is left over");
	return good && r->scene.clean;
}

/* What comes of one call without the other; NULL: nothing good. */
static const struct outcome *run_alone(struct race *r, unsigned int cpu)
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

/* --------------------------------------------------------- what is allowed */

static bool same_results(const struct outcome *a, const struct outcome *b)
{
	return !memcmp(a->results, b->results, sizeof(a->results));
}

static bool same(const struct outcome *a, const struct outcome *b)
{
	return same_results(a, b) && !strcmp(a->state, b->state);
}

/*
 * What one call holds in passing another may meet: pages pinned by a map that
 * is refused in the end, table pages of a call that gives them back, an SMMU on
 * its way through a reset. Refused so, a call has done nothing: the other one
 * must have run as if alone.
 */
static bool refused_in_passing(struct race *r, unsigned int i)
{
	int status = (int)(int64_t)r->now.results[i].x[0];
	const struct outcome *alone;

	if (status != HYPIOMMU_E_BUSY && status != HYPIOMMU_E_NOMEM &&
	    (status != HYPIOMMU_E_BROKEN || r->calls[1 - i]->op != OP_RESET))
		return false;
	alone = run_alone(r, 1 - i);
	return alone &&
	       !memcmp(&r->now.results[1 - i], &alone->results[1 - i],
		       sizeof(alone->results[0])) &&
	       !strcmp(r->now.state, alone->state);
}

/*
 * An unmap whose invalidation found the SMMU suspended says BROKEN and how far
 * it got, and so does a map of a list; after a reset and a sync that is what as
 * much of it before the suspension did.
 */
static bool finished_by_reset(const struct race *r, const struct outcome *order)
{
	struct outcome full = r->now;

	for (unsigned int i = 0; i < SCHED_CPUS; i++) {
		struct race_result *res = &full.results[i];

		if ((int)(int64_t)res->x[0] == HYPIOMMU_E_BROKEN && res->x[1] &&
		    res->x[1] == order->results[i].x[1])
			*res = order->results[i];
	}
	return !same_results(&full, &r->now) && same(&full, order);
}

static bool in_an_order(const struct race *r, unsigned int cpu)
{
	for (unsigned int i = 0; i < SCHED_CPUS; i++) {
		if (!memcmp(&r->now.results[cpu], &r->order[i].results[cpu],
			    sizeof(r->now.results[cpu])))
			return true;
	}
	return false;
}

/*
 * Hardware failed under one call, and the other met that half way, or went on
 * where it would have been refused: how far each got is open. One of them must
 * say so; the other says so, was refused what the first still held, or gives
 * the answer of an order. finish() has seen that nothing is left over once the
 * hardware is mended and reset.
 */
static bool spoiled_by_hardware(const struct race *r)
{
	bool said = false;

	for (unsigned int i = 0; i < SCHED_CPUS; i++) {
		switch ((int)(int64_t)r->now.results[i].x[0]) {
		case HYPIOMMU_E_TIMEOUT:
		case HYPIOMMU_E_HW:
		case HYPIOMMU_E_BROKEN:
			said = true;
			break;
		case HYPIOMMU_E_AGAIN:
		case HYPIOMMU_E_BUSY:
		case HYPIOMMU_E_NOMEM:
			break;
		default:
			if (!in_an_order(r, i))
				return false;
		}
	}
	return said && r->fired;
}

static bool explained(struct race *r)
{
	if (same(&r->now, &r->order[0]) || same(&r->now, &r->order[1]))
		return true;
	if (refused_in_passing(r, 0) || refused_in_passing(r, 1)) {
		r->stats.transient++;
		return true;
	}
	if (finished_by_reset(r, &r->order[0]) ||
	    finished_by_reset(r, &r->order[1])) {
		r->stats.finished++;
		return true;
	}
	if (spoiled_by_hardware(r)) {
		r->stats.spoiled++;
		return true;
	}
	add_difference(r);
	return false;
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
		add(r, "%s", sched_said(r->sched));
		return BAD;
	}
	if (!finish(r))
		return BAD;
	if (race) {
		add(r, "%s", race);
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
	if (verdict == BAD || !explained(r))
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

		if (run(r, &s, &random) != GOOD || !explained(r))
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
		add(r, "a switch to a CPU that only waits: the schedule "
		       "without it is the same");
		return true;
	}
	if (verdict == BAD || !explained(r))
		return false;
	add_results(r, "", &r->now);
	add(r, "%s", r->now.state);
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
