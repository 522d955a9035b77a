// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "sched.h"

#define STACK_SIZE (256u << 10)

struct cpu {
	ucontext_t context;
	char *stack;
	struct lock_stack locks;
	const uint32_t *waits_for;
	bool done;
	bool moved;	  /* passed a point since it was switched to */
	uintptr_t filled; /* page of the stores just passed */
	unsigned int fill;
};

struct sched {
	struct machine_cpus ops; /* first: what the machine calls */
	struct sched_run run;
	struct cpu cpus[SCHED_CPUS];
	ucontext_t home;
	unsigned int now;
	bool forced;	   /* the CPU was switched to by the schedule */
	unsigned int next; /* switch of the schedule */
	uint32_t passed;
	struct sched_point points[SCHED_POINTS];
	enum sched_end end;
	char said[256];
};

/* Coroutines take no pointers: the one that runs. */
static struct sched *running;

unsigned int sched_cpu(void)
{
	return running && !running->run.m->checking ? running->now : SCHED_CPUS;
}

/* ------------------------------------------------------------ schedules */

void schedule_text(const struct schedule *s, char *text)
{
	int n = sprintf(text, "%c:", 'A' + (int)s->first);

	for (unsigned int i = 0; i < s->count; i++)
		n += sprintf(text + n, "%s%" PRIu32, i ? "," : "", s->at[i]);
}

bool schedule_parse(const char *text, struct schedule *s)
{
	*s = (struct schedule){ .first = text[0] == 'B' };
	if ((text[0] != 'A' && text[0] != 'B') || text[1] != ':')
		return false;
	for (text += 2; *text; text += *text == ',') {
		unsigned long at;
		char *end;

		at = strtoul(text, &end, 10);
		if (end == text || (*end && *end != ',') || !at ||
		    at > SCHED_POINTS || s->count == SCHED_SWITCHES ||
		    (s->count && at <= s->at[s->count - 1]))
			return false;
		s->at[s->count++] = (uint32_t)at;
		text = end;
	}
	return true;
}

/* ------------------------------------------------------------- switching */

static struct cpu *current(struct sched *s)
{
	return &s->cpus[s->now];
}

static struct cpu *other(struct sched *s)
{
	return &s->cpus[1 - s->now];
}

static _Noreturn void stop(struct sched *s, enum sched_end end)
{
	s->end = end;
	setcontext(&s->home);
	abort(); /* setcontext() came back */
}

static void hand_over(struct sched *s, bool forced)
{
	struct cpu *from = current(s);

	s->now = 1 - s->now;
	s->forced = forced;
	current(s)->moved = false;
	s->run.m->locks = &current(s)->locks;
	swapcontext(&from->context, &current(s)->context);
}

static bool can_run(const struct cpu *c)
{
	return !c->done && !(c->waits_for && lock_taken(c->waits_for));
}

static void note(struct sched *s, enum machine_point what)
{
	if (s->passed == SCHED_POINTS) {
		snprintf(s->said, sizeof(s->said), "no end after %u points",
			 SCHED_POINTS);
		stop(s, SCHED_ENDLESS);
	}
	s->points[s->passed++] = (struct sched_point){
		.cpu = (uint8_t)s->now,
		.what = (uint8_t)what,
		.switchable = can_run(other(s)),
	};
}

/* Does the turn end at the point just noted? */
static bool turn_ends(struct sched *s)
{
	struct schedule *plan = s->run.schedule;

	if (s->run.random) {
		uint64_t x = *s->run.random;

		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		*s->run.random = x;
		if (x % s->run.one_in || !can_run(other(s)) ||
		    plan->count == SCHED_SWITCHES)
			return false;
		plan->at[plan->count++] = s->passed;
		return true;
	}
	if (s->next == plan->count || plan->at[s->next] != s->passed)
		return false;
	s->next++;
	if (!can_run(other(s))) {
		snprintf(s->said, sizeof(s->said),
			 "no switch is possible at point %" PRIu32, s->passed);
		stop(s, SCHED_MISFIT);
	}
	return true;
}

/* What a CPU waits for and holds, appended to s->said. */
static void describe(struct sched *s, unsigned int cpu)
{
	const struct lock_stack *l = &s->cpus[cpu].locks;
	size_t n = strlen(s->said);

	snprintf(s->said + n, sizeof(s->said) - n, "%s CPU %c %s",
		 n ? ";" : "deadlock:", 'A' + (int)cpu,
		 s->cpus[cpu].done ? "is done" : "waits");
	for (unsigned int i = 0; i < l->count; i++) {
		n = strlen(s->said);
		snprintf(s->said + n, sizeof(s->said) - n,
			 " holding the %s lock of %s",
			 lock_name(l->held[i].class), l->held[i].place);
	}
}

static _Noreturn void deadlock(struct sched *s)
{
	describe(s, 0);
	describe(s, 1);
	stop(s, SCHED_DEADLOCK);
}

/* Until the lock is free. A CPU that was given the turn only to wait here has
 * taken nothing from the other. */
static void wait_for(struct sched *s, const uint32_t *lock)
{
	struct cpu *c = current(s);

	while (lock_taken(lock)) {
		c->waits_for = lock;
		if (!can_run(other(s)))
			deadlock(s);
		if (s->forced && !c->moved && !s->run.random)
			stop(s, SCHED_REDUNDANT);
		hand_over(s, false);
	}
	c->waits_for = NULL;
}

/* One of many stores to the same page, and nothing else in between? */
static bool fills(struct cpu *c, enum machine_point what, const void *p)
{
	uintptr_t page = (uintptr_t)p / 4096;

	if (what != MACHINE_POINT_STORE || page != c->filled)
		c->fill = 0;
	c->filled = page;
	return c->fill++ >= SCHED_FILL;
}

static void on_point(struct machine_cpus *ops, enum machine_point what,
		     const void *p, size_t size, const void *pc)
{
	struct sched *s = (struct sched *)ops;
	const struct sched_watch *watch = s->run.watch;

	/* Letting go is noticed by nobody before something else happens. */
	if (what != MACHINE_POINT_UNLOCK && what != MACHINE_POINT_NOTHING &&
	    !fills(current(s), what, p)) {
		note(s, what);
		if (turn_ends(s))
			hand_over(s, true);
		if (what == MACHINE_POINT_LOCK)
			wait_for(s, p);
		current(s)->moved = true;
	}
	if (!watch)
		return;
	if (what == MACHINE_POINT_LOCK)
		watch->acquire(s->now, p);
	else if (what == MACHINE_POINT_UNLOCK)
		watch->release(s->now, p);
	else if (what == MACHINE_POINT_STORE || what == MACHINE_POINT_NOTHING)
		watch->store(p, size, pc);
}

static void on_bug(struct machine_cpus *ops, const char *what)
{
	struct sched *s = (struct sched *)ops;

	snprintf(s->said, sizeof(s->said), "hypiommu_env_bug: %s", what);
	stop(s, SCHED_BUG);
}

/* ---------------------------------------------------------------- a run */

static void entry(void)
{
	struct sched *s = running;
	unsigned int me = s->now;

	s->run.job(s->run.ctx, me);
	current(s)->done = true;
	if (other(s)->done) {
		if (!s->run.random && s->next < s->run.schedule->count) {
			snprintf(s->said, sizeof(s->said),
				 "no switch is possible at point %" PRIu32
				 ": there are %" PRIu32,
				 s->run.schedule->at[s->next], s->passed);
			stop(s, SCHED_MISFIT);
		}
		stop(s, SCHED_DONE);
	}
	if (!can_run(other(s)))
		deadlock(s);
	hand_over(s, false);
	abort(); /* nobody hands over to a CPU that is done */
}

static void prepare(struct sched *s, struct cpu *c)
{
	char *stack = c->stack;

	memset(c, 0, sizeof(*c));
	c->stack = stack;
	getcontext(&c->context);
	c->context.uc_stack.ss_sp = stack;
	c->context.uc_stack.ss_size = STACK_SIZE;
	c->context.uc_link = &s->home;
	makecontext(&c->context, entry, 0);
}

enum sched_end sched_run(struct sched *s, const struct sched_run *run)
{
	struct machine *m = run->m;
	struct lock_stack *locks = m->locks;

	s->run = *run;
	s->passed = s->next = 0;
	s->forced = false;
	s->said[0] = '\0';
	s->now = run->schedule->first;
	for (unsigned int i = 0; i < SCHED_CPUS; i++)
		prepare(s, &s->cpus[i]);
	running = s;
	m->cpus = &s->ops;
	m->locks = &current(s)->locks;
	if (run->watch)
		run->watch->begin();
	swapcontext(&s->home, &current(s)->context);
	if (run->watch)
		run->watch->end();
	m->cpus = NULL;
	m->locks = locks;
	running = NULL;
	return s->end;
}

struct sched *sched_create(void)
{
	struct sched *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->ops.point = on_point;
	s->ops.bug = on_bug;
	for (unsigned int i = 0; i < SCHED_CPUS; i++) {
		s->cpus[i].stack = malloc(STACK_SIZE);
		if (!s->cpus[i].stack) {
			sched_destroy(s);
			return NULL;
		}
	}
	return s;
}

void sched_destroy(struct sched *s)
{
	if (!s)
		return;
	for (unsigned int i = 0; i < SCHED_CPUS; i++)
		free(s->cpus[i].stack);
	free(s);
}

uint32_t sched_points(const struct sched *s, const struct sched_point **points)
{
	*points = s->points;
	return s->passed;
}

const char *sched_said(const struct sched *s)
{
	return s->said;
}
