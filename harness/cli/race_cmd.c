// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * hypiommu race, a program of its own (hypiommu-race): the library in it is
 * compiled so that every access to memory is seen, which costs too much for the
 * other commands.
 */
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "json.h"
#include "progress.h"
#include "race.h"

#define COMMAND	     "hypiommu race"
#define MAX_JOBS     64u
#define MAX_FAILURES 8u

static const char help_text[] =
	"usage: hypiommu race [--machine NAME] [--pair A[,B]] "
	"[--preemptions N]\n"
	"                     [--random N] [--seed S] [--limit N] [--event K]\n"
	"                     [--jobs N] [--json]\n"
	"       hypiommu race --machine NAME --pair A,B --schedule STR "
	"[--event K]\n"
	"       hypiommu race --list\n"
	"\n"
	"Two CPUs make two calls at once. Every schedule with at most N "
	"preemptions is\n"
	"tried, a switch being possible at every lock, store, barrier and "
	"register access\n"
	"of the library, and random ones with more. In each: the promise holds "
	"at every\n"
	"step, locks are taken in order and let go, nothing deadlocks, every "
	"two accesses\n"
	"to the same memory are ordered by a lock, and results and state are "
	"what one of\n"
	"the two orders would have given.\n"
	"\n"
	"  --machine NAME     on this machine only; else on each\n"
	"  --pair A[,B]       these calls only; one name: with every other\n"
	"  --preemptions N    at most N, up to 8 (1)\n"
	"  --random N         random schedules for each pair besides (0)\n"
	"  --seed S           for those (1)\n"
	"  --limit N          at most N schedules for a pair; 0: all (0)\n"
	"  --event K          where hardware fails: at the K-th event, as "
	"--list says (1)\n"
	"  --schedule STR     replay this one and tell the state after it: who "
	"begins,\n"
	"                     and at which points the other goes on: A:12,30\n"
	"  --jobs N           processes (one for each CPU)\n"
	"  --list             the machines and the calls\n"
	"  --json             one JSON object instead of lines\n"
	"\n"
	"A failure prints the pair and the schedule that replays it.\n"
	"\n"
	"Exit codes: 0 nothing to object; 1 a race; 2 bad usage.\n";

struct options {
	struct race_options race;
	const struct scene_kind *kind; /* NULL: each */
	const struct race_call *calls[2];
	const char *schedule;
	unsigned int jobs;
	bool json;
};

struct found {
	const struct scene_kind *kind;
	const struct race_call *a, *b;
	char schedule[SCHED_TEXT];
	char what[2048];
};

/* Of one process, read by its parent. */
struct worker {
	uint64_t done; /* pairs */
	struct race_stats stats;
	unsigned int failures;
	struct found found[MAX_FAILURES];
};

/* ------------------------------------------------------------- the work */

static bool wanted(const struct options *o, const struct race_call *a,
		   const struct race_call *b)
{
	if (o->calls[1])
		return (a == o->calls[0] && b == o->calls[1]) ||
		       (b == o->calls[0] && a == o->calls[1]);
	return !o->calls[0] || a == o->calls[0] || b == o->calls[0];
}

typedef void (*pair_fn)(void *ctx, const struct scene_kind *kind,
			const struct race_call *a, const struct race_call *b);

static void for_each_pair(const struct options *o, pair_fn fn, void *ctx)
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
	const struct options *options;
	struct worker *worker;
	unsigned int me;
	uint64_t count;
	struct race *race;
	const struct scene_kind *kind;
	struct race_failure failure;
};

static void add_stats(struct race_stats *sum, const struct race_stats *s)
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
		add_stats(&w->worker->stats, race_stats(w->race));
	race_destroy(w->race);
	w->race = NULL;
}

static void note(struct work *w, const struct race_call *a,
		 const struct race_call *b)
{
	struct found *f = &w->worker->found[w->worker->failures];

	if (w->worker->failures == MAX_FAILURES)
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
	    w->worker->failures == MAX_FAILURES)
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

static void catch_crashes(void)
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
}

static void work(const struct options *o, struct worker *worker,
		 unsigned int me)
{
	static struct work w;

	w = (struct work){ .options = o, .worker = worker, .me = me };
	catch_crashes();
	for_each_pair(o, do_pair, &w);
	end_kind(&w);
}

/* ------------------------------------------------------------- processes */

static bool start(const struct options *o, struct worker *workers,
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
static bool watch(const struct options *o, const struct worker *workers,
		  uint64_t total)
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
			done += ((const volatile struct worker *)workers)[i]
					.done;
		progress_update(&bar, (double)done / (double)total);
		if (running)
			nanosleep(&pause, NULL);
	}
	progress_end(&bar);
	return good;
}

/* --------------------------------------------------------------- telling */

static void tell_failure(const struct found *f, uint64_t event)
{
	printf("%s: %s and %s at once: %s\n", f->kind->name, f->a->name,
	       f->b->name, f->what);
	if (f->schedule[0] != '-')
		printf("  again: hypiommu race --machine %s --pair %s,%s "
		       "--event %" PRIu64 " --schedule %s\n",
		       f->kind->name, f->a->name, f->b->name, event,
		       f->schedule);
}

static void tell_lines(const struct options *o, const struct worker *workers,
		       const struct race_stats *s, unsigned int failures)
{
	for (unsigned int i = 0; i < o->jobs; i++) {
		for (unsigned int j = 0; j < workers[i].failures; j++)
			tell_failure(&workers[i].found[j], o->race.event);
	}
	printf("%" PRIu64 " pairs, %" PRIu64 " schedules of up to %" PRIu32
	       " points, %" PRIu64 " looks of the observer",
	       s->pairs, s->schedules, s->longest, s->looks);
	if (s->cut)
		printf("; %" PRIu64 " pairs not to the end (--limit)", s->cut);
	printf("\n%" PRIu64 " ended in a refusal in passing, %" PRIu64
	       " in work a reset finished, %" PRIu64
	       " where hardware failed in between\n",
	       s->transient, s->finished, s->spoiled);
	if (failures)
		printf("%u pairs RACE\n", failures);
	else
		printf("nothing to object\n");
}

static void json_found(struct json *json, const struct found *f)
{
	json_open(json, NULL, '{');
	json_string(json, "machine", f->kind->name);
	json_string(json, "a", f->a->name);
	json_string(json, "b", f->b->name);
	json_string(json, "schedule", f->schedule);
	json_string(json, "what", f->what);
	json_close(json, '}');
}

static void tell_json(const struct worker *workers, unsigned int count,
		      const struct race_stats *s)
{
	struct json json;

	json_begin(&json, stdout);
	json_open(&json, NULL, '{');
	json_number(&json, "pairs", s->pairs);
	json_number(&json, "schedules", s->schedules);
	json_number(&json, "redundant", s->redundant);
	json_number(&json, "points", s->points);
	json_number(&json, "longest", s->longest);
	json_number(&json, "looks", s->looks);
	json_number(&json, "refused_in_passing", s->transient);
	json_number(&json, "finished_by_reset", s->finished);
	json_number(&json, "spoiled_by_hardware", s->spoiled);
	json_number(&json, "pairs_cut", s->cut);
	json_open(&json, "races", '[');
	for (unsigned int i = 0; i < count; i++) {
		for (unsigned int j = 0; j < workers[i].failures; j++)
			json_found(&json, &workers[i].found[j]);
	}
	json_close(&json, ']');
	json_close(&json, '}');
	json_end(&json);
}

static int explore(const struct options *o)
{
	size_t size = o->jobs * sizeof(struct worker);
	struct race_stats sum = { 0 };
	struct worker *workers = mmap(NULL, size, PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t children[MAX_JOBS];
	unsigned int failures = 0;
	uint64_t total = 0;
	bool good;

	if (workers == MAP_FAILED)
		return cli_fail("out of memory");
	for_each_pair(o, count_pair, &total);
	if (!start(o, workers, children))
		return cli_fail("no process can be started");
	good = watch(o, workers, total);
	for (unsigned int i = 0; i < o->jobs; i++) {
		add_stats(&sum, &workers[i].stats);
		failures += workers[i].failures;
	}
	if (o->json)
		tell_json(workers, o->jobs, &sum);
	else
		tell_lines(o, workers, &sum, failures);
	munmap(workers, size);
	return good && !failures ? CLI_OK : CLI_VIOLATION;
}

static int replay(const struct options *o)
{
	static struct race_failure failure;
	struct schedule schedule;
	struct race *r;
	bool good;

	if (!o->kind || !o->calls[1])
		return cli_usage(COMMAND, "--schedule needs --machine and "
					  "--pair A,B");
	if (!schedule_parse(o->schedule, &schedule))
		return cli_usage(COMMAND,
				 "not a schedule: %s (A or B, a colon, points "
				 "in ascending order: A:12,30)",
				 o->schedule);
	r = race_create(o->kind, &o->race);
	if (!r)
		return cli_fail("out of memory");
	catch_crashes();
	good = race_replay(r, o->calls[0], o->calls[1], &schedule, &failure);
	printf("%s\n%s\n", failure.what, good ? "nothing to object" : "RACE");
	race_destroy(r);
	return good ? CLI_OK : CLI_VIOLATION;
}

static int list(void)
{
	printf("machines:\n");
	for (size_t i = 0; i < scene_kind_count; i++)
		printf("  %-16s %s\n", scene_kinds[i].name,
		       scene_kinds[i].what);
	printf("calls (harness/race/calls.c says what each does):\n");
	for (size_t i = 0; i < race_call_count; i++)
		printf("  %s\n", race_calls[i].name);
	return CLI_OK;
}

/* --------------------------------------------------------------- options */

static int parse_pair(struct options *o, const char *text)
{
	size_t n = strcspn(text, ",");

	o->calls[0] = race_call_find(text, n);
	if (o->calls[0] && text[n])
		o->calls[1] =
			race_call_find(text + n + 1, strlen(text + n + 1));
	if (!o->calls[0] || (text[n] && !o->calls[1]))
		return cli_usage(COMMAND,
				 "no such calls: %s (--list lists them)", text);
	return CLI_OK;
}

static int parse_machine(struct options *o, const char *text)
{
	for (size_t i = 0; i < scene_kind_count; i++) {
		if (!strcmp(scene_kinds[i].name, text))
			o->kind = &scene_kinds[i];
	}
	return o->kind ? CLI_OK
		       : cli_usage(COMMAND,
				   "no such machine: %s (--list lists them)",
				   text);
}

static int parse_number(const char *option, const char *text, uint64_t max,
			uint64_t *value)
{
	char *end;

	*value = strtoull(text, &end, 0);
	if (!*text || *end || *text == '-' || *value > max)
		return cli_usage(COMMAND,
				 "%s takes a number up to %" PRIu64 ", not %s",
				 option, max, text);
	return CLI_OK;
}

static int parse(struct options *o, int opt, const char *arg)
{
	uint64_t n = 0;
	int err;

	switch (opt) {
	case 'm':
		return parse_machine(o, arg);
	case 'p':
		return parse_pair(o, arg);
	case 'n':
		err = parse_number("--preemptions", arg, 8, &n);
		o->race.preemptions = (unsigned int)n;
		return err;
	case 'r':
		err = parse_number("--random", arg, 1u << 30, &n);
		o->race.random = (unsigned int)n;
		return err;
	case 's':
		return parse_number("--seed", arg, UINT64_MAX, &o->race.seed);
	case 'l':
		return parse_number("--limit", arg, UINT64_MAX, &o->race.limit);
	case 'e':
		err = parse_number("--event", arg, UINT64_MAX, &n);
		o->race.event = n ? n : 1;
		return err;
	case 'J':
		err = parse_number("--jobs", arg, MAX_JOBS, &n);
		o->jobs = n ? (unsigned int)n : 1;
		return err;
	case 'S':
		o->schedule = arg;
		return CLI_OK;
	default:
		o->json = true;
		return CLI_OK;
	}
}

static const struct option long_options[] = {
	{ "machine", required_argument, NULL, 'm' },
	{ "pair", required_argument, NULL, 'p' },
	{ "preemptions", required_argument, NULL, 'n' },
	{ "random", required_argument, NULL, 'r' },
	{ "seed", required_argument, NULL, 's' },
	{ "limit", required_argument, NULL, 'l' },
	{ "event", required_argument, NULL, 'e' },
	{ "schedule", required_argument, NULL, 'S' },
	{ "jobs", required_argument, NULL, 'J' },
	{ "list", no_argument, NULL, 'L' },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

int main(int argc, char **argv)
{
	static char name[] = COMMAND;
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct options o = {
		.race = { .preemptions = 1, .seed = 1, .event = 1 },
		.jobs = cpus > 0 && cpus < MAX_JOBS ? (unsigned int)cpus : 1,
	};
	int opt;

	argv[0] = name;
	while ((opt = getopt_long(argc, argv, "h", long_options, NULL)) >= 0) {
		if (opt == 'h') {
			fputs(help_text, stdout);
			return CLI_OK;
		}
		if (opt == 'L')
			return list();
		if (opt == '?') { /* getopt has said what */
			fprintf(stderr, "Try: " COMMAND " --help\n");
			return CLI_ERROR;
		}
		if (parse(&o, opt, optarg))
			return CLI_ERROR;
	}
	if (optind < argc)
		return cli_usage(COMMAND, "no arguments, and not %s",
				 argv[optind]);
	return o.schedule ? replay(&o) : explore(&o);
}
