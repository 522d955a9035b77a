// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Pairs of calls shared out among processes, and what they found. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "progress.h"
#include "race_work.h"

/* ------------------------------------------------------------- the work */

static bool wanted(const struct race_request *o, const struct race_call *a,
		   const struct race_call *b)
{
	if (o->calls[1])
		return (a == o->calls[0] && b == o->calls[1]) ||
		       (b == o->calls[0] && a == o->calls[1]);
	return !o->calls[0] || a == o->calls[0] || b == o->calls[0];
}

typedef void (*pair_fn)(void *ctx, const struct scene_kind *kind,
			const struct race_call *a, const struct race_call *b);

static void for_each_pair(const struct race_request *o, pair_fn fn, void *ctx)
{
	for (size_t k = 0; k < scene_kind_count; k++) {
		if (o->kind && o->kind != &scene_kinds[k])
			continue;
		for (size_t i = 0; i < race_call_count; i++) {
			for (size_t j = i; j < race_call_count; j++) {
				const struct race_call *a = &race_calls[i];
				const struct race_call *b = &race_calls[j];

				if (wanted(o, a, b))
					fn(ctx, &scene_kinds[k], a, b);
			}
		}
	}
}

static void count_pair(void *ctx, const struct scene_kind *kind,
		       const struct race_call *a, const struct race_call *b)
{
	(void)kind, (void)a, (void)b;
	++*(uint64_t *)ctx;
}

struct work {
	const struct race_request *options;
	struct race_worker *worker;
	unsigned int me;
	uint64_t count;
	struct race *race;
	const struct scene_kind *kind;
	struct race_failure failure;
};

void race_add_stats(struct race_stats *sum, const struct race_stats *s)
{
	sum->pairs += s->pairs;
	sum->schedules += s->schedules;
	sum->redundant += s->redundant;
	sum->points += s->points;
	sum->steps += s->steps;
	sum->looks += s->looks;
	sum->transient += s->transient;
	sum->finished += s->finished;
	sum->spoiled += s->spoiled;
	sum->cut += s->cut;
	if (sum->longest < s->longest)
		sum->longest = s->longest;
}

static void end_kind(struct work *w)
{
	if (w->race)
		race_add_stats(&w->worker->stats, race_stats(w->race));
	race_destroy(w->race);
	w->race = NULL;
}

static void note(struct work *w, const struct race_call *a,
		 const struct race_call *b)
{
	struct race_found *f = &w->worker->found[w->worker->failures];

	if (w->worker->failures == RACE_FAILURES)
		return;
	f->kind = w->kind;
	f->a = a;
	f->b = b;
	memcpy(f->schedule, w->failure.schedule, sizeof(f->schedule));
	/* What does not fit is the rest of a long list. */
	memcpy(f->what, w->failure.what, sizeof(f->what) - 1);
	w->worker->failures++;
}

static void do_pair(void *ctx, const struct scene_kind *kind,
		    const struct race_call *a, const struct race_call *b)
{
	struct work *w = ctx;

	if (w->count++ % w->options->jobs != w->me ||
	    w->worker->failures == RACE_FAILURES)
		return;
	if (kind != w->kind) {
		end_kind(w);
		w->kind = kind;
		w->race = race_create(kind, &w->options->race);
		if (!w->race)
			exit(cli_fail("out of memory"));
	}
	if (!race_pair(w->race, a, b, &w->failure))
		note(w, a, b);
	w->worker->done++;
}

/* A crash is a finding too: say in which schedule. */
static void on_crash(int signal)
{
	char text[SCHED_TEXT + 200] = "hypiommu race: crash in ";
	size_t n = strlen(text);

	race_doing(text + n, sizeof(text) - n - 1);
	n = strlen(text);
	text[n++] = '\n';
	if (write(STDOUT_FILENO, text, n) < 0)
		_exit(CLI_ERROR);
	_exit(CLI_VIOLATION);
	(void)signal;
}

void race_catch_crashes(void)
{
	static char stack[1 << 16];
	const stack_t alternate = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction act = { .sa_handler = on_crash,
				 .sa_flags = SA_ONSTACK };

	sigaltstack(&alternate, NULL);
	sigaction(SIGSEGV, &act, NULL);
	sigaction(SIGBUS, &act, NULL);
	sigaction(SIGFPE, &act, NULL);
	sigaction(SIGABRT, &act, NULL);
	sigaction(SIGILL, &act, NULL);
	sigaction(SIGTRAP, &act, NULL);
}

static void work(const struct race_request *o, struct race_worker *worker,
		 unsigned int me)
{
	static struct work w;

	w = (struct work){ .options = o, .worker = worker, .me = me };
	race_catch_crashes();
	for_each_pair(o, do_pair, &w);
	end_kind(&w);
}

/* ------------------------------------------------------------- processes */

static bool start(const struct race_request *o, struct race_worker *workers,
		  pid_t *children)
{
	fflush(stdout);
	for (unsigned int i = 0; i < o->jobs; i++) {
		children[i] = fork();
		if (children[i] < 0)
			return false;
		if (!children[i]) {
			work(o, &workers[i], i);
			_exit(CLI_OK);
		}
	}
	return true;
}

/* Until all have ended; false: one crashed, and has said where. */
static bool watch(const struct race_request *o,
		  const struct race_worker *workers, uint64_t total)
{
	const struct timespec pause = { .tv_nsec = 50000000 };
	unsigned int running = o->jobs;
	struct progress bar;
	bool good = true;

	progress_begin(&bar);
	while (running) {
		uint64_t done = 0;
		int status;

		while (running && waitpid(-1, &status, WNOHANG) > 0) {
			running--;
			good &= WIFEXITED(status) && !WEXITSTATUS(status);
		}
		for (unsigned int i = 0; i < o->jobs; i++)
			done += ((
				const volatile struct race_worker *)workers)[i]
					.done;
		progress_update(&bar, (double)done / (double)total);
		if (running)
			nanosleep(&pause, NULL);
	}
	progress_end(&bar);
	return good;
}

bool race_work(const struct race_request *request, struct race_worker *workers)
{
	pid_t children[RACE_JOBS];
	uint64_t total = 0;

	for_each_pair(request, count_pair, &total);
	if (start(request, workers, children))
		return watch(request, workers, total);
	cli_fail("no process can be started");
	return false;
}
