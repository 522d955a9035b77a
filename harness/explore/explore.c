// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Starts the workers, waits for them, and says what they found. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "judge.h"
#include "play.h"
#include "worker.h"

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct shared *make_shared(uint32_t states)
{
	struct shared *sh = mmap(NULL, sizeof(*sh), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (sh == MAP_FAILED)
		return NULL;
	/* Room for those the other workers find before they see the end. */
	if (!states_create(&sh->states, states + 100000))
		return NULL;
	states_add(&sh->states, 1, 0, 0); /* as it was set up */
	sh->end = 1;
	return sh;
}

static pid_t start(struct shared *sh, const struct explore_options *options,
		   uint32_t number)
{
	pid_t parent = getpid(), child;

	fflush(NULL);
	child = fork();
	if (child)
		return child;
	/* A worker whose parent is gone has nobody to tell. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	worker_run(sh, options, number);
	_exit(0);
}

/* A worker died: of the move it was at. */
static void died(struct shared *sh, uint32_t number, int status,
		 struct explore_result *result)
{
	uint32_t none = 0;

	__atomic_store_n(&sh->stop, 1, __ATOMIC_RELEASE);
	if (!sh->at[number].busy) {
		snprintf(result->error, sizeof(result->error),
			 "a worker ended before it began (status 0x%x)",
			 (unsigned int)status);
		return;
	}
	if (!__atomic_compare_exchange_n(&sh->failed, &none, 1, false,
					 __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return;
	result->crashed = true;
	sh->failed_state = sh->at[number].state;
	sh->failed_move = sh->at[number].move;
	snprintf(sh->what, sizeof(sh->what), "the library ended by %s",
		 WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "exiting");
}

static void wait_for(struct shared *sh, const struct explore_options *options,
		     const pid_t *pids, struct explore_result *result)
{
	bool running[EXPLORE_JOBS];
	uint32_t left = options->jobs;

	memset(running, true, sizeof(running));
	while (left) {
		for (uint32_t i = 0; i < options->jobs; i++) {
			int status;

			if (!running[i] || !waitpid(pids[i], &status, WNOHANG))
				continue;
			running[i] = false;
			left--;
			if (status)
				died(sh, i, status, result);
		}
		if (options->progress)
			options->progress(options->ctx,
					  states_count(&sh->states), sh->depth);
		if (left)
			usleep(50000);
	}
}

static void sum_up(struct shared *sh, struct explore_result *result)
{
	result->states = states_count(&sh->states);
	result->moves = sh->moves;
	result->complete = sh->depth;
	result->exhausted = !sh->failed && sh->cursor == sh->end &&
			    sh->end == result->states;
	memcpy(result->answers, sh->answers, sizeof(result->answers));
	if (sh->error[0])
		memcpy(result->error, sh->error, sizeof(result->error));
	if (!sh->failed)
		return;
	result->failed = true;
	memcpy(result->what, sh->what, sizeof(result->what));
	result->path_length = states_path(&sh->states, sh->failed_state,
					  result->path, EXPLORE_DEPTH);
	result->path[result->path_length++] = sh->failed_move;
}

void explore(const struct explore_options *options,
	     struct explore_result *result)
{
	struct shared *sh = make_shared(options->states);
	pid_t pids[EXPLORE_JOBS];
	double begin = now();

	memset(result, 0, sizeof(*result));
	if (!sh) {
		snprintf(result->error, sizeof(result->error), "out of memory");
		return;
	}
	for (uint32_t i = 0; i < options->jobs; i++)
		pids[i] = start(sh, options, i);
	wait_for(sh, options, pids, result);
	sum_up(sh, result);
	result->seconds = now() - begin;
	states_destroy(&sh->states);
	munmap(sh, sizeof(*sh));
}

/* ---------------------------------------------------------- as a scenario */

/* What the statement expects is what it got. */
static void expect(struct scn_step *step, const struct play *p)
{
	bool sized = step->verb == SCN_MAP || step->verb == SCN_UNMAP;

	step->has &= ~(1ull << SCN_A_WANT | 1ull << SCN_A_DONE);
	step->arg[SCN_A_WANT] = step->arg[SCN_A_DONE] = 0;
	if (p->status)
		scn_set(step, SCN_A_WANT, (uint64_t)(int64_t)p->status);
	else if (sized && p->done != step->arg[SCN_A_SIZE])
		scn_set(step, SCN_A_WANT, 0);
	if (sized && p->done && p->done != step->arg[SCN_A_SIZE])
		scn_set(step, SCN_A_DONE, p->done);
}

/* Find out what each statement returns, in a process that may die of it. */
static void play_out(struct scn *s, bool crashes)
{
	struct scn_result result = { 0 };
	struct play p = { .s = s, .result = &result };

	for (uint32_t i = 0; i < SCN_DOMAINS; i++)
		p.domains[i] = ~0ull;
	if (!play_set_up(&p))
		return;
	result.failed = true;
	result.hint[0] = '-';
	for (uint32_t i = 0; i < s->step_count - crashes; i++) {
		p.step = &s->steps[i];
		s->steps[i].has |= 1ull << SCN_A_WANT;
		p.status = 0;
		play_step(&p);
		expect(&s->steps[i], &p);
	}
	machine_destroy(p.m);
}

struct scn *explore_scenario(const struct scn *world,
			     const struct explore_result *result)
{
	struct scn *s = scn_new();

	if (!s)
		return NULL;
	*s = *world;
	s->step_count = result->path_length;
	for (uint32_t i = 0; i < result->path_length; i++)
		s->steps[i] = world->steps[result->path[i]];
	snprintf(s->title, sizeof(s->title),
		 "Found by hypiommu explore: %.100s", result->what);
	play_out(s, result->crashed);
	return s;
}
