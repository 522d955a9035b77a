// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* From a plan to a machine, through the trace, to the result. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "progress.h"
#include "replay.h"
#include "util.h"

#define DONATE_MAX (1ull << 30) /* one ownership call */
#define PROBE_ANY  16u		/* operations between probes of old mappings */

void replay_violation(struct replay *r, const char *format, ...)
{
	char text[200];
	va_list args;
	int n = snprintf(text, sizeof(text), "line %" PRIu64 ": ", r->line);

	va_start(args, format);
	vsnprintf(text + n, sizeof(text) - (size_t)n, format, args);
	va_end(args);
	machine_violation(r->m, text);
}

/* ------------------------------------------------------------- machine */

static int make_machine(struct replay *r)
{
	size_t domains = r->plan.domain_count + PLAN_IMPLICIT;
	struct machine_config config;

	machine_defaults(&config);
	config.sids = r->plan.sids;
	config.sid_count = r->plan.sid_count;
	config.limits.streams = (uint32_t)r->plan.sid_count;
	config.limits.domains = (uint32_t)domains;
	/* Stream table, context descriptors, and some to begin with. */
	config.table_pages = 256 + domains / 32 + r->plan.sid_count / 8;
	if (replay_board_machine(r, &config))
		return CLI_ERROR;
	config.check = r->options->check ? MACHINE_CHECK_CALLS
					 : MACHINE_CHECK_OFF;
	config.check_every = r->options->check ? r->options->check : 1;
	r->m = machine_create(&config);
	if (!r->m)
		return cli_fail("out of memory");
	if (!r->m->h)
		return cli_fail("the machine could not be made: %s",
				r->m->error);
	front_init(&r->front, r->m, HYPIOMMU_HOST);
	return 0;
}

static int give_to_guests(struct replay *r)
{
	const struct replay_options *o = r->options;

	for (uint32_t i = 0; i < o->guest_count; i++) {
		uint64_t at = o->guests[i].start, end = o->guests[i].end;

		while (at < end) {
			uint64_t n = end - at < DONATE_MAX ? end - at
							   : DONATE_MAX;
			int err = machine_donate(r->m, HYPIOMMU_HOST,
						 HYPIOMMU_GUEST(i), at, n);

			if (err)
				return cli_fail("--guest: %s",
						hypiommu_error_name(err));
			at += n;
		}
	}
	return 0;
}

/* --------------------------------------------------------------- replay */

static void one_op(struct replay *r, const struct trace_op *op)
{
	r->line = op->line;
	switch (op->kind) {
	case TRACE_ATTACH:
		replay_attach(r, op);
		break;
	case TRACE_MAP:
		replay_map(r, op);
		break;
	case TRACE_UNMAP:
		replay_unmap(r, op);
		break;
	case TRACE_DMA:
		return; /* the plan's */
	}
	if (++r->ops % PROBE_ANY == 0)
		replay_probe_any(r);
}

static int play(struct replay *r, struct trace *trace)
{
	struct trace_error err;
	struct progress bar;
	struct trace_op op;
	int more;

	progress_begin(&bar);
	while ((more = trace_next(trace, &op, &err)) > 0) {
		one_op(r, &op);
		if (r->ops % 256 == 0)
			progress_update(&bar, trace_progress(trace));
	}
	progress_end(&bar);
	return more < 0 ? cli_fail("%s", err.text) : 0;
}

static void take_counts(struct replay *r)
{
	machine_check_now(r->m);
	machine_get_stats(r->m, &r->counts.stats);
	r->counts.table_pages_end = r->counts.stats.table_pages;
	r->counts.hypercalls = r->counts.stats.hypercalls;
	r->counts.topups = r->front.topups;
}

static int replay_with(struct replay *r, struct trace *trace)
{
	int code = make_machine(r);

	if (!code)
		code = give_to_guests(r);
	if (!code) {
		r->holder = util_grow(NULL, r->plan.sid_count,
				      sizeof(struct replay_domain *));
		for (size_t i = 0; i < r->plan.sid_count; i++)
			r->holder[i] = NULL;
		r->random = 0x9e3779b97f4a7c15ull;
		code = play(r, trace);
	}
	if (code)
		return code;
	replay_drain_faults(r);
	take_counts(r);
	replay_teardown(r);
	replay_report(r);
	return r->m->stats.violations ? CLI_VIOLATION : CLI_OK;
}

static void clean_up(struct replay *r)
{
	for (size_t i = 0; i < r->domain_count; i++) {
		live_fini(&r->domains[i]->live);
		free(r->domains[i]->streams);
		free(r->domains[i]);
	}
	free(r->domains);
	free(r->holder);
	replay_board_free(r);
	front_fini(&r->front);
	machine_destroy(r->m);
	plan_free(&r->plan);
}

int replay_run(struct replay *r)
{
	struct trace_error err;
	struct trace *trace;
	int code;

	if (plan_read(&r->plan, r->options->path, &err)) {
		plan_free(&r->plan);
		return cli_fail("%s", err.text);
	}
	code = replay_board_load(r);
	if (!code) {
		trace = trace_open(r->options->path, &err);
		code = trace ? replay_with(r, trace) : cli_fail("%s", err.text);
		trace_close(trace);
	}
	clean_up(r);
	return code;
}
