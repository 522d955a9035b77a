// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* hypiommu run: plays scenarios. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "forms.h"
#include "run_cmd.h"
#include "util.h"

#define COMMAND "hypiommu run"

static const char help_text[] =
	"usage: hypiommu run [--json] [--quiet] FILE...\n"
	"       hypiommu run --fail KIND:K FILE\n"
	"       hypiommu run --fail-all [--kind KIND] [--from-boot] "
	"[--sample N] FILE...\n"
	"       hypiommu run --syntax\n"
	"       hypiommu run --print FILE\n"
	"\n"
	"Plays scenarios: a machine, then calls, device accesses and failing "
	"hardware,\n"
	"one statement a line, each with what is expected of it. The library "
	"is the one\n"
	"that runs at EL2; the observer looks after every store, register "
	"access and\n"
	"barrier. docs/scenarios.md explains the language, scenarios/ has "
	"many.\n"
	"\n"
	"  -f, --fail KIND:K  one thing goes wrong: the K-th of its kind, "
	"counted from the\n"
	"                     machine's birth; prints every statement's "
	"result\n"
	"  -a, --fail-all     every K of every kind in turn; after each what "
	"must hold holds:\n"
	"                     the promise, nothing lost, accounts exact, the "
	"machine of use\n"
	"                     again\n"
	"      --kind KIND    only this kind\n"
	"      --from-boot    also before the first statement\n"
	"      --sample N     at most N of each kind, evenly spread\n"
	"  -j, --json    the results as JSON\n"
	"  -q, --quiet   only failures and the summary\n"
	"  -p, --print   do not play: print the scenario as it was "
	"understood\n"
	"  -s, --syntax  list the statements and the options of a machine\n"
	"  -h, --help    this\n"
	"\n"
	"Exit code: 0 all as expected; 1 an expectation failed, or the "
	"promise was broken;\n"
	"2 bad usage, or a file that cannot be read or understood.\n";

/* The line, and below it a mark under the column. */
static void show_line(const char *text, size_t length, uint32_t line,
		      uint32_t column)
{
	const char *end = text + length, *stop;

	while (--line && text < end) {
		stop = memchr(text, '\n', (size_t)(end - text));
		text = stop ? stop + 1 : end;
	}
	stop = memchr(text, '\n', (size_t)(end - text));
	stop = stop ? stop : end;
	if (stop - text > 160)
		return;
	fprintf(stderr, "    %.*s\n    ", (int)(stop - text), text);
	for (uint32_t i = 1; i < column; i++)
		fputc(text[i - 1] == '\t' ? '\t' : ' ', stderr);
	fputs("^\n", stderr);
}

/* --------------------------------------------------------------- one file */

static void say(struct run *r, const char *name, const struct scn *s,
		const struct scn_result *result, uint32_t line, uint32_t column,
		const char *text, const char *hint)
{
	bool ok = !text;

	if (!r->as_json)
		return;
	json_open(&r->json, NULL, '{');
	json_string(&r->json, "file", name);
	json_string(&r->json, "title", s->title);
	json_bool(&r->json, "good", ok);
	json_number(&r->json, "statements", result ? result->steps : 0);
	json_number(&r->json, "looks", result ? result->stats.checks : 0);
	json_number(&r->json, "violations",
		    result ? result->stats.violations : 0);
	if (!ok) {
		json_number(&r->json, "line", line);
		json_number(&r->json, "column", column);
		json_string(&r->json, "message", text);
		json_string(&r->json, "hint", hint);
	}
	json_close(&r->json, '}');
}

void run_complain(const char *name, uint32_t line, uint32_t column,
		  const char *what, const char *text, const char *hint)
{
	if (line)
		fprintf(stderr, "%s:%u:%u: %s: %s\n", name, line, column, what,
			text);
	else
		fprintf(stderr, "%s: %s: %s\n", name, what, text);
	if (hint[0])
		fprintf(stderr, "    hint: %s\n", hint);
}

static void played(struct run *r, const char *name, const struct scn *s,
		   const char *text, size_t length,
		   const struct scn_result *result)
{
	const struct scn_step *step = result->step;
	uint32_t line = step ? step->line : 0, column = step ? step->column : 0;

	r->played++;
	r->steps += result->steps;
	r->checks += result->stats.checks;
	say(r, name, s, result, line, column,
	    result->failed ? result->text : NULL, result->hint);
	if (r->fault.kind && !r->as_json)
		printf("%s:%llu: %s\n", scn_fault_name(r->fault.kind),
		       (unsigned long long)r->fault.at,
		       !result->fired && r->fault.kind != SCN_FAULT_POOL
			       ? "was never reached"
		       : result->refused ? "the machine was refused, and is "
					   "closed"
					 : scn_fault_what(r->fault.kind));
	if (result->failed) {
		run_complain(name, line, column, "failed", result->text,
			     result->hint);
		if (line)
			show_line(text, length, line, column);
		return;
	}
	r->good++;
	if (!r->quiet && !r->as_json)
		printf("good  %-32s %s\n", name, s->title);
}

static void unreadable(struct run *r, const char *name, const struct scn *s,
		       const char *text, size_t length,
		       const struct scn_error *e)
{
	r->unreadable++;
	say(r, name, s, NULL, e->line, e->column, e->text, e->hint);
	run_complain(name, e->line, e->column, "error", e->text, e->hint);
	show_line(text, length, e->line, e->column);
}

static void run_file(struct run *r, const char *name)
{
	struct scn *s = scn_new();
	struct scn_result result;
	struct scn_error error;
	size_t length = 0;
	char *text = s ? cli_read_file(name, &length) : NULL;

	if (!text)
		r->unreadable++;
	else if (scn_parse(s, text, length, &error))
		unreadable(r, name, s, text, length, &error);
	else if (r->print)
		scn_print(s, stdout);
	else if (r->fail_all)
		run_sweep(r, name, s);
	else {
		scn_play(s, &r->fault, &result, r->fault.kind ? stdout : NULL);
		played(r, name, s, text, length, &result);
	}
	free(text);
	scn_free(s);
}

/* ----------------------------------------------------------------- syntax */

static void syntax(void)
{
	printf("machine KIND [OPTION...]\n");
	for (const struct scn_word *w = scn_machines; w->text; w++) {
		printf("  %s\n", w->text);
		for (int i = 0; i < SCN_O_COUNT; i++) {
			const struct scn_option *o = &scn_options[i];

			if (o->kinds >> w->value & 1)
				printf("    %-12s %-13s %s\n", o->name,
				       o->value ? o->value : "", o->what);
		}
	}
	printf("device NAME [stream N] [smmu N] [client N] "
	       "[undeclared | firmware]\n"
	       "pages NAME [COUNT] [at ADDRESS]\n\n"
	       "[WHO]: host or guest0 may stand before it. [STATUS]: = and a "
	       "status may follow.\n\n");
	for (uint32_t i = 0; i < scn_form_count; i++) {
		const struct scn_form *f = &scn_forms[i];

		printf("%s%s%s%s%s\n        %s\n",
		       f->flags & SCN_F_WHO ? "[WHO] " : "", f->verb,
		       f->pattern[0] ? " " : "", f->pattern,
		       f->flags & SCN_F_DONE   ? " [STATUS BYTES]"
		       : f->flags & SCN_F_WANT ? " [STATUS]"
					       : "",
		       f->what);
	}
}

/* -------------------------------------------------------------------- all */

static int finish(struct run *r)
{
	unsigned int bad = r->played - r->good;

	if (r->as_json) {
		json_close(&r->json, ']');
		json_number(&r->json, "good", r->good);
		json_number(&r->json, "failed", bad);
		json_number(&r->json, "unreadable", r->unreadable);
		if (r->fail_all)
			json_number(&r->json, "faults", r->faults);
		json_close(&r->json, '}');
		json_end(&r->json);
	} else if (r->fail_all) {
		printf("%u scenarios: %u good, %u failed, %u not understood; "
		       "%" PRIu64 " faults, one at a time\n",
		       r->played + r->unreadable, r->good, bad, r->unreadable,
		       r->faults);
	} else if (!r->print) {
		printf("%u scenarios: %u good, %u failed, %u not understood; "
		       "%" PRIu64 " statements, %" PRIu64 " looks\n",
		       r->played + r->unreadable, r->good, bad, r->unreadable,
		       r->steps, r->checks);
	}
	if (r->unreadable)
		return CLI_ERROR;
	return bad ? CLI_VIOLATION : CLI_OK;
}

/* ---------------------------------------------------------------- options */

enum {
	OPT_KIND = 0x100,
	OPT_FROM_BOOT,
	OPT_SAMPLE,
};

static const struct option options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "print", no_argument, NULL, 'p' },
	{ "syntax", no_argument, NULL, 's' },
	{ "fail", required_argument, NULL, 'f' },
	{ "fail-all", no_argument, NULL, 'a' },
	{ "kind", required_argument, NULL, OPT_KIND },
	{ "from-boot", no_argument, NULL, OPT_FROM_BOOT },
	{ "sample", required_argument, NULL, OPT_SAMPLE },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

/* CLI_OK to go on; -1: nothing is left to do, and that is good. */
static int option(struct run *r, int c)
{
	switch (c) {
	case 'j':
		r->as_json = true;
		return CLI_OK;
	case 'q':
		r->quiet = true;
		return CLI_OK;
	case 'p':
		r->print = true;
		return CLI_OK;
	case 'f':
		return run_fault(optarg, true, &r->fault);
	case 'a':
		r->fail_all = true;
		return CLI_OK;
	case OPT_KIND:
		return run_fault(optarg, false, &r->only);
	case OPT_FROM_BOOT:
		r->sweep.from_boot = true;
		return CLI_OK;
	case OPT_SAMPLE:
		return run_number(optarg, &r->sweep.sample)
			       ? CLI_OK
			       : cli_usage(COMMAND, "--sample %s: no number",
					   optarg);
	case 's':
		syntax();
		return -1;
	case 'h':
		fputs(help_text, stdout);
		return -1;
	default:
		return cli_usage(COMMAND, "bad option");
	}
}

int cmd_run(int argc, char **argv)
{
	struct run r = { 0 };
	int c, code;

	while ((c = getopt_long(argc, argv, "jqpsf:ah", options, NULL)) != -1) {
		code = option(&r, c);
		if (code)
			return code < 0 ? CLI_OK : code;
	}
	if (optind == argc)
		return cli_usage(COMMAND, "no scenario given");
	if (r.as_json) {
		json_begin(&r.json, stdout);
		json_open(&r.json, NULL, '{');
		json_open(&r.json, "scenarios", '[');
	}
	for (int i = optind; i < argc; i++)
		run_file(&r, argv[i]);
	return finish(&r);
}
