// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

#define PEER	BENCH_MODULES "/libhypiommu-peer.so"
#define PARTS	BENCH_MODULES "/harness/bench/libbench-parts.so"
#define COUNTED BENCH_MODULES "/harness/bench/libbench-counted.so"

static const char usage[] =
	"usage: hypiommu-bench [OPTION]...\n"
	"Measures the library: nanoseconds and, under valgrind, instructions.\n"
	"\n"
	"  --quick       fewer repetitions, smaller sizes\n"
	"  --only TEXT   sections, formats, workloads whose name has TEXT in "
	"it\n"
	"  --peer FILE   another engine with peer.h's functions, measured in\n"
	"                turn with this one; up to two\n"
	"  --no-count    no instruction counts\n"
	"  --json        print JSON\n"
	"  --markdown    print Markdown\n"
	"  --svg FILE    draw the main figures\n"
	"  --budget      instruction counts as tests/bench/budget.txt has "
	"them\n";

enum {
	OPT_QUICK = 256,
	OPT_ONLY,
	OPT_PEER,
	OPT_NO_COUNT,
	OPT_JSON,
	OPT_MARKDOWN,
	OPT_SVG,
	OPT_BUDGET,
	OPT_COUNT_RUN,
	OPT_HELP
};

static const struct option options[] = {
	{ "quick", no_argument, NULL, OPT_QUICK },
	{ "only", required_argument, NULL, OPT_ONLY },
	{ "peer", required_argument, NULL, OPT_PEER },
	{ "no-count", no_argument, NULL, OPT_NO_COUNT },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "markdown", no_argument, NULL, OPT_MARKDOWN },
	{ "svg", required_argument, NULL, OPT_SVG },
	{ "budget", no_argument, NULL, OPT_BUDGET },
	{ "count-run", no_argument, NULL, OPT_COUNT_RUN }, /* to itself */
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

struct settings {
	bool count, json, markdown;
	const char *svg;
	char *peers[BENCH_LIBS];
	unsigned int peer_count;
};

static void progress(const char *what, unsigned int done, unsigned int all)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K%s %u/%u", what, done, all);
}

static void progress_end(void)
{
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}

static void sections(struct bench *b)
{
	engine_run(b);
	if (b->budget)
		return;
	floor_run(b);
	pins_run(b, PARTS);
	hcalls_run(b);
	scale_run(b);
	/* Of threads callgrind knows no time. */
	if (!b->count)
		threads_run(b);
}

static bool parse(struct bench *b, struct settings *s, int argc, char **argv)
{
	int o;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (o) {
		case OPT_QUICK:
			b->quick = true;
			break;
		case OPT_ONLY:
			b->only = optarg;
			break;
		case OPT_PEER:
			if (s->peer_count == BENCH_LIBS - 2)
				return false;
			s->peers[s->peer_count++] = optarg;
			break;
		case OPT_NO_COUNT:
			s->count = false;
			break;
		case OPT_JSON:
			s->json = true;
			break;
		case OPT_MARKDOWN:
			s->markdown = true;
			break;
		case OPT_SVG:
			s->svg = optarg;
			break;
		case OPT_BUDGET:
			b->budget = true;
			break;
		case OPT_COUNT_RUN:
			b->count = true;
			break;
		case OPT_HELP:
			fputs(usage, stdout);
			exit(0);
		default:
			return false;
		}
	}
	return optind == argc;
}

/* The same selection for the run under callgrind. */
static bool count(struct bench *b, const struct settings *s)
{
	const char *args[2 * BENCH_LIBS + 4];
	unsigned int n = 0;

	for (unsigned int i = 0; i < s->peer_count; i++) {
		args[n++] = "--peer";
		args[n++] = s->peers[i];
	}
	if (b->quick)
		args[n++] = "--quick";
	if (b->budget)
		args[n++] = "--budget";
	if (b->only) {
		args[n++] = "--only";
		args[n++] = b->only;
	}
	args[n] = NULL;
	progress("counting instructions, pass", 1, 1);
	return bench_count(b, args);
}

static void report(const struct bench *b, enum report_style style)
{
	if (style == REPORT_MARKDOWN)
		report_goals(b, style);
	report_tables(b, style, COUNTED);
	/* On a terminal the end is what is seen. */
	if (style == REPORT_TEXT)
		report_goals(b, style);
}

int main(int argc, char **argv)
{
	static struct bench b;
	struct settings s = { .count = true };
	unsigned int passes;

	if (!parse(&b, &s, argc, argv)) {
		fputs(usage, stderr);
		return 2;
	}
	engine_open(PEER);
	engine_open(PARTS);
	for (unsigned int i = 0; i < s.peer_count; i++)
		engine_open(s.peers[i]);
	if (b.count) {
		sections(&b);
		return 0;
	}
	/* Spread over time: a slow spell of the machine spoils one pass. */
	passes = b.budget ? 0 : b.quick ? 5 : 40;
	for (unsigned int i = 0; i < passes; i++) {
		progress("timing, pass", i + 1, passes);
		sections(&b);
	}
	if (s.count && !count(&b, &s)) {
		fputs("instructions not measured\n", stderr);
		if (b.budget)
			return 1;
	}
	progress_end();
	if (b.budget)
		report_budget(&b);
	else if (s.json)
		report_json(&b, COUNTED);
	else
		report(&b, s.markdown ? REPORT_MARKDOWN : REPORT_TEXT);
	if (s.svg && !b.budget)
		plot_svg(&b, s.svg);
	return 0;
}
