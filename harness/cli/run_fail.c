// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* hypiommu run --fail-all: a scenario with one thing after the other failing */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "progress.h"
#include "run_cmd.h"

#define COMMAND "hypiommu run"

bool run_number(const char *text, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	return text[0] >= '0' && text[0] <= '9' && !*end && !errno;
}

int run_fault(const char *text, bool numbered, struct scn_fault *fault)
{
	size_t length = strcspn(text, ":");

	for (int kind = SCN_FAULT_NONE + 1; kind < SCN_FAULTS; kind++) {
		const char *name = scn_fault_name((enum scn_fault_kind)kind);

		if (strlen(name) == length && !strncmp(name, text, length))
			fault->kind = (enum scn_fault_kind)kind;
	}
	if (!fault->kind) {
		for (int kind = SCN_FAULT_NONE + 1; kind < SCN_FAULTS; kind++)
			fprintf(stderr, "  %-8s %s\n",
				scn_fault_name((enum scn_fault_kind)kind),
				scn_fault_what((enum scn_fault_kind)kind));
		return cli_usage(COMMAND, "no such kind of fault: %s", text);
	}
	if (!numbered && !text[length])
		return CLI_OK;
	if (!numbered || text[length] != ':' ||
	    !run_number(text + length + 1, &fault->at) || !fault->at)
		return cli_usage(COMMAND, "expected %s:K, K from 1 on, got %s",
				 scn_fault_name(fault->kind), text);
	return CLI_OK;
}

/* ------------------------------------------------------------------- sweep */

struct bar {
	struct progress progress;
	uint32_t kind;
};

static void on_progress(void *ctx, uint64_t done, uint64_t total)
{
	struct bar *bar = ctx;
	double kinds = SCN_FAULTS - 1;

	progress_update(&bar->progress,
			((bar->kind - 1) + (double)done / (double)total) /
				kinds);
}

static void say_kind(struct run *r, const struct scn_sweep *sweep,
		     const struct scn_swept *swept)
{
	if (!r->as_json)
		return;
	json_open(&r->json, scn_fault_name(sweep->kind), '{');
	json_number(&r->json, "events", swept->events);
	json_number(&r->json, "at_boot", swept->boot);
	json_number(&r->json, "played", swept->played);
	json_number(&r->json, "refused", swept->refused);
	json_number(&r->json, "failed_at", swept->failed_at);
	if (swept->failed_at)
		json_string(&r->json, "message", swept->worst.text);
	json_close(&r->json, '}');
}

static void complain_kind(const char *name, const struct scn_sweep *sweep,
			  const struct scn_swept *swept)
{
	const char *kind = scn_fault_name(sweep->kind);
	char what[64], hint[96];

	snprintf(what, sizeof(what), "%s:%" PRIu64, kind, swept->failed_at);
	snprintf(hint, sizeof(hint), "hypiommu run --fail %s replays it", what);
	run_complain(name, 0, 0, what, swept->worst.text, hint);
}

/* True: all of this kind were good. */
static bool sweep_kind(struct run *r, const char *name, const struct scn *s,
		       const struct scn_sweep *sweep, uint64_t *faults)
{
	struct scn_swept swept;

	if (scn_sweep(s, sweep, &swept)) {
		run_complain(name, 0, 0, scn_fault_name(sweep->kind),
			     "cannot be played without a fault", "");
		return false;
	}
	*faults += swept.played;
	say_kind(r, sweep, &swept);
	if (swept.failed_at)
		complain_kind(name, sweep, &swept);
	return !swept.failed_at;
}

void run_sweep(struct run *r, const char *name, const struct scn *s)
{
	struct scn_sweep sweep = r->sweep;
	struct bar bar = { .kind = 1 };
	uint64_t faults = 0;
	bool good = true;

	progress_begin(&bar.progress);
	sweep.progress = on_progress;
	sweep.progress_ctx = &bar;
	if (r->as_json) {
		json_open(&r->json, NULL, '{');
		json_string(&r->json, "file", name);
	}
	for (bar.kind = 1; bar.kind < SCN_FAULTS; bar.kind++) {
		sweep.kind = (enum scn_fault_kind)bar.kind;
		if (!r->only.kind || r->only.kind == sweep.kind)
			good &= sweep_kind(r, name, s, &sweep, &faults);
	}
	progress_end(&bar.progress);
	if (r->as_json) {
		json_bool(&r->json, "good", good);
		json_close(&r->json, '}');
	}
	r->played++;
	r->good += good;
	r->faults += faults;
	if (good && !r->quiet && !r->as_json)
		printf("good  %-48s %6" PRIu64 " faults\n", name, faults);
}
