// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* hypiommu explore: every sequence of calls on a small machine. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "explore.h"
#include "json.h"
#include "progress.h"

#define COMMAND	       "hypiommu explore"
#define DEFAULT_STATES 1000000u
#define MAX_STATES     100000000u

static const char help_text[] =
	"usage: hypiommu explore [--config NAME|FILE] [--states N] [--depth "
	"N]\n"
	"                        [--jobs N] [--steps] [--json] [-o FILE]\n"
	"       hypiommu explore --moves [--config NAME|FILE]\n"
	"\n"
	"Makes every sequence of moves (hypercalls, calls of the port, failing "
	"hardware)\n"
	"on a small machine, shortest first, with the library that runs at "
	"EL2. After each\n"
	"move the specification judges its answer, and tables, page states "
	"and table memory\n"
	"must be as specified; sequences that lead to the same state are "
	"continued once.\n"
	"A failure is printed as the shortest sequence that leads to it, a "
	"scenario which\n"
	"\"hypiommu run\" plays again.\n"
	"\n"
	"  -c, --config NAME|FILE  port, small, tegra or v3 (default); or "
	"a\n"
	"                          scenario file: its machine, its statements\n"
	"                          as moves\n"
	"  -n, --states N          stop at that many states (1000000)\n"
	"  -d, --depth N           stop after sequences of N moves (64)\n"
	"  -J, --jobs N            processes; as many as there are CPUs\n"
	"  -s, --steps             the observer looks at every store and "
	"register access,\n"
	"                          not only after each move; slow\n"
	"  -o, --output FILE       where a failing sequence is written; "
	"explore-failed.hyp\n"
	"  -a, --answers           say how often each move got which answer\n"
	"  -m, --moves             do not explore: print the moves\n"
	"  -j, --json              the result as JSON\n"
	"  -h, --help              this\n"
	"\n"
	"Exit code: 0 nothing to object to; 1 a failure was found; 2 bad usage "
	"or input.\n";

struct command {
	const char *config, *output;
	bool as_json, moves, answers;
	struct explore_options options;
	struct progress progress;
};

/* The number, or 0 and it says what is wrong. */
static uint32_t number(const char *option, const char *text, uint32_t max)
{
	char *end;
	unsigned long long n = strtoull(text, &end, 0);

	if (*text && !*end && n >= 1 && n <= max)
		return (uint32_t)n;
	cli_usage(COMMAND, "%s: a number from 1 to %" PRIu32 ", not %s", option,
		  max, text);
	return 0;
}

static uint32_t cpus(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	if (n < 1)
		return 1;
	return n > (long)EXPLORE_JOBS ? EXPLORE_JOBS : (uint32_t)n;
}

static int read_options(struct command *c, int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "states", required_argument, NULL, 'n' },
		{ "depth", required_argument, NULL, 'd' },
		{ "jobs", required_argument, NULL, 'J' },
		{ "steps", no_argument, NULL, 's' },
		{ "output", required_argument, NULL, 'o' },
		{ "answers", no_argument, NULL, 'a' },
		{ "moves", no_argument, NULL, 'm' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct explore_options *o = &c->options;
	int opt;

	while ((opt = getopt_long(argc, argv, "c:n:d:J:so:amjh", options,
				  NULL)) != -1) {
		switch (opt) {
		case 'c':
			c->config = optarg;
			break;
		case 'n':
			o->states = number("--states", optarg, MAX_STATES);
			break;
		case 'd':
			o->depth = number("--depth", optarg, EXPLORE_DEPTH);
			break;
		case 'J':
			o->jobs = number("--jobs", optarg, EXPLORE_JOBS);
			break;
		case 's':
			o->steps = true;
			break;
		case 'o':
			c->output = optarg;
			break;
		case 'a':
			c->answers = true;
			break;
		case 'm':
			c->moves = true;
			break;
		case 'j':
			c->as_json = true;
			break;
		case 'h':
			fputs(help_text, stdout);
			exit(CLI_OK);
		default:
			return cli_usage(COMMAND, "see above");
		}
		if (!o->states || !o->depth || !o->jobs)
			return CLI_ERROR;
	}
	return optind < argc ? cli_usage(COMMAND, "what is %s?", argv[optind])
			     : CLI_OK;
}

/* -------------------------------------------------------------- the world */

static int parse(struct scn *s, const char *name, const char *text,
		 size_t length)
{
	struct scn_error e;

	if (!scn_parse(s, text, length, &e))
		return s->step_count ? CLI_OK
				     : cli_fail("%s: there are no statements, "
						"and so no moves",
						name);
	if (e.hint[0])
		return cli_fail("%s:%" PRIu32 ":%" PRIu32 ": %s (%s)", name,
				e.line, e.column, e.text, e.hint);
	return cli_fail("%s:%" PRIu32 ":%" PRIu32 ": %s", name, e.line,
			e.column, e.text);
}

static int read_world(struct scn *s, const char *name)
{
	const char *text = explore_world(name);
	size_t length;
	char *file;
	int result;

	if (text)
		return parse(s, name, text, strlen(text));
	file = cli_read_file(name, &length);
	if (!file)
		return CLI_ERROR;
	result = parse(s, name, file, length);
	free(file);
	return result;
}

/* ----------------------------------------------------------------- results */

static int write_failure(const struct command *c,
			 const struct explore_result *r)
{
	struct scn *s = explore_scenario(c->options.world, r);
	FILE *out = s ? fopen(c->output, "w") : NULL;

	if (!out) {
		scn_free(s);
		return cli_fail("%s cannot be written", c->output);
	}
	scn_print(s, out);
	if (!c->as_json)
		scn_print(s, stdout);
	scn_free(s);
	return fclose(out) ? cli_fail("%s cannot be written", c->output)
			   : CLI_OK;
}

static void print_json(const struct command *c, const struct explore_result *r)
{
	struct json json;

	json_begin(&json, stdout);
	json_open(&json, NULL, '{');
	json_string(&json, "config", c->config);
	json_number(&json, "states", r->states);
	json_number(&json, "moves", r->moves);
	json_number(&json, "complete_depth", r->complete);
	json_bool(&json, "exhausted", r->exhausted);
	json_number(&json, "milliseconds", (uint64_t)(r->seconds * 1000));
	json_bool(&json, "failed", r->failed);
	if (r->failed) {
		json_string(&json, "what", r->what);
		json_number(&json, "length", r->path_length);
		json_string(&json, "scenario", c->output);
	}
	json_close(&json, '}');
	json_end(&json);
}

static void print_text(const struct command *c, const struct explore_result *r)
{
	printf("%s: %" PRIu32 " states, %" PRIu64
	       " moves judged in %.1f s (%.0f states/s, %.0f moves/s)\n",
	       c->config, r->states, r->moves, r->seconds,
	       r->states / r->seconds, (double)r->moves / r->seconds);
	if (r->failed)
		printf("failed after %" PRIu32 " moves: %s\nwritten to %s; "
		       "play it with: hypiommu run %s\n",
		       r->path_length, r->what, c->output, c->output);
	else
		printf("nothing to object to in any sequence of %" PRIu32
		       " moves%s\n",
		       r->complete,
		       r->exhausted
			       ? ", and longer ones lead nowhere new"
			       : ", nor in the longer ones that were made");
}

/* A line a move: its answers, most of them refusals. */
static void print_answers(const struct scn *world,
			  const struct explore_result *r)
{
	for (uint32_t i = 0; i < world->step_count; i++) {
		for (uint32_t k = 0; k < EXPLORE_CODES; k++) {
			if (r->answers[i][k])
				printf("%s %" PRIu64 "  ",
				       hypiommu_error_name(-(int)k),
				       r->answers[i][k]);
		}
		printf("\t");
		scn_print_step(world, &world->steps[i], stdout);
	}
}

static void show(void *ctx, uint32_t states, uint32_t depth)
{
	struct command *c = ctx;

	(void)depth;
	progress_update(&c->progress, (double)states / c->options.states);
}

static int run(struct command *c)
{
	static struct explore_result r; /* large */
	int err = CLI_OK;

	c->options.progress = show;
	c->options.ctx = c;
	progress_begin(&c->progress);
	explore(&c->options, &r);
	progress_end(&c->progress);
	if (r.error[0])
		return cli_fail("%s: %s", c->config, r.error);
	if (c->answers && !c->as_json)
		print_answers(c->options.world, &r);
	if (r.failed)
		err = write_failure(c, &r);
	if (c->as_json)
		print_json(c, &r);
	else
		print_text(c, &r);
	return err ? err : (r.failed ? CLI_VIOLATION : CLI_OK);
}

int cmd_explore(int argc, char **argv)
{
	struct command c = {
		.config = "v3",
		.output = "explore-failed.hyp",
		.options = { .states = DEFAULT_STATES,
			     .depth = EXPLORE_DEPTH,
			     .jobs = cpus() },
	};
	int err = read_options(&c, argc, argv);
	struct scn *world;

	if (err)
		return err;
	world = scn_new();
	if (!world)
		return cli_fail("out of memory");
	c.options.world = world;
	err = read_world(world, c.config);
	if (!err && c.moves)
		scn_print(world, stdout);
	else if (!err)
		err = run(&c);
	scn_free(world);
	return err;
}
