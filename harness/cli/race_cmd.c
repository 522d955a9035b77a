// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * hypiommu race, a program of its own (hypiommu-race): the library in it is
 * compiled so that every access to memory is seen, which costs too much for the
 * other commands.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli.h"
#include "json.h"
#include "race_work.h"

#define COMMAND "hypiommu race"

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

/* --------------------------------------------------------------- telling */

static void tell_failure(const struct race_found *f, uint64_t event)
{
	printf("%s: %s and %s at once: %s\n", f->kind->name, f->a->name,
	       f->b->name, f->what);
	if (f->schedule[0] != '-')
		printf("  again: hypiommu race --machine %s --pair %s,%s "
		       "--event %" PRIu64 " --schedule %s\n",
		       f->kind->name, f->a->name, f->b->name, event,
		       f->schedule);
}

static void tell_lines(const struct race_request *o,
		       const struct race_worker *workers,
		       const struct race_stats *s, unsigned int failures,
		       bool all_ended)
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
	else if (!all_ended)
		printf("a process ended before its time: not all was tried\n");
	else
		printf("nothing to object\n");
}

static void json_found(struct json *json, const struct race_found *f)
{
	json_open(json, NULL, '{');
	json_string(json, "machine", f->kind->name);
	json_string(json, "a", f->a->name);
	json_string(json, "b", f->b->name);
	json_string(json, "schedule", f->schedule);
	json_string(json, "what", f->what);
	json_close(json, '}');
}

static void tell_json(const struct race_worker *workers, unsigned int count,
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

static int explore(const struct race_request *o)
{
	size_t size = o->jobs * sizeof(struct race_worker);
	struct race_stats sum = { 0 };
	struct race_worker *workers = mmap(NULL, size, PROT_READ | PROT_WRITE,
					   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned int failures = 0;
	bool good;

	if (workers == MAP_FAILED)
		return cli_fail("out of memory");
	good = race_work(o, workers);
	for (unsigned int i = 0; i < o->jobs; i++) {
		race_add_stats(&sum, &workers[i].stats);
		failures += workers[i].failures;
	}
	if (o->json)
		tell_json(workers, o->jobs, &sum);
	else
		tell_lines(o, workers, &sum, failures, good);
	munmap(workers, size);
	return good && !failures ? CLI_OK : CLI_VIOLATION;
}

static int replay(const struct race_request *o)
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
	race_catch_crashes();
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

static int parse_pair(struct race_request *o, const char *text)
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

static int parse_machine(struct race_request *o, const char *text)
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

static int parse(struct race_request *o, int opt, const char *arg)
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
		err = parse_number("--jobs", arg, RACE_JOBS, &n);
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
	struct race_request o = {
		.race = { .preemptions = 1, .seed = 1, .event = 1 },
		.jobs = cpus > 0 && cpus < RACE_JOBS ? (unsigned int)cpus : 1,
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
