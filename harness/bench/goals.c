// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* What the library set out to reach, beside what was measured. */
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "grid.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct goal {
	const char *subject, *name, *phase;
	double must, aim; /* aim 0: none beyond what must hold */
};

/* Instructions a page, at most. */
static const struct goal instructions[] = {
	{ "s1-4k", "a:seq-1", "map", 130, 100 },
	{ "s1-4k", "a:seq-1", "unmap", 120, 90 },
	{ "s1-4k", "b:seq-512", "map", 16, 10 },
	{ "s1-4k", "b:seq-512", "unmap", 20, 12 },
	{ "v7s", "a:seq-1", "map", 120, 95 },
	{ "v7s", "a:seq-1", "unmap", 110, 85 },
	{ "v7s", "b:seq-512", "map", 16, 10 },
	{ "v7s", "b:seq-512", "unmap", 20, 12 },
	{ "s1-4k", "e:random", "map", 200, 150 },
	{ "s1-4k", "e:random", "unmap", 180, 140 },
	{ "s1-4k", "f:lookup", "", 70, 50 },
	{ "s1-4k", "g:ring", "", 65, 45 },
};

/* Time over another engine's, which checks no owner, at most. */
static const struct goal ratios[] = {
	{ "s1-4k", "a:seq-1", "map", 0.5, 0 },
	{ "s1-4k", "a:seq-1", "unmap", 0.5, 0 },
	{ "s1-4k", "b:seq-512", "map", 0.8, 0 },
	{ "s1-4k", "b:seq-512", "unmap", 0.5, 0 },
	{ "s1-4k", "e:random", "map", 0.8, 0 },
	{ "s1-4k", "e:random", "unmap", 0.8, 0 },
	{ "s1-4k", "g:ring", "", 0.5, 0 },
};

/* Two threads on two domains do so many times what one does, at least. */
#define THREADS_MUST 1.8

static const struct bench_row *find(const struct bench *b, const char *section,
				    const struct goal *g, const char *lib)
{
	for (unsigned int i = 0; i < b->row_count; i++) {
		const struct bench_row *row = &b->rows[i];

		if (!strcmp(row->id.section, section) &&
		    !strcmp(row->id.subject, g->subject) &&
		    !strcmp(row->id.name, g->name) &&
		    !strcmp(row->id.phase, g->phase) &&
		    !strcmp(row->id.lib, lib))
			return row;
	}
	return NULL;
}

static void begin(struct grid *g, const char *const *names)
{
	grid_begin(g);
	grid_row(g);
	for (; *names; names++)
		grid_cell(g, "%s", *names);
}

static const char *verdict(const struct goal *goal, double measured)
{
	if (measured > goal->must)
		return "MISSED";
	return measured <= goal->aim ? "aim" : "held";
}

static void instruction_goals(const struct bench *b, struct grid *g,
			      int markdown, const char *ours)
{
	static const char *const head[] = { "format",  "workload", "phase",
					    "at most", "aim",	   "measured",
					    "verdict", NULL };

	begin(g, head);
	for (unsigned int i = 0; i < COUNT(instructions); i++) {
		const struct goal *goal = &instructions[i];
		const struct bench_row *row = find(b, "engine", goal, ours);

		if (!row || row->ir < 0)
			continue;
		grid_row(g);
		grid_cell(g, "%s", goal->subject);
		grid_cell(g, "%s", goal->name);
		grid_cell(g, "%s", goal->phase);
		grid_cell(g, "%.0f", goal->must);
		grid_cell(g, "%.0f", goal->aim);
		grid_cell(g, "%.1f", row->ir);
		/* As printed: what a run does once is no instruction a page. */
		grid_cell(g, "%s", verdict(goal, row->ir - 0.05));
	}
	if (g->rows > 1)
		grid_print(g, "Goals: instructions a page", markdown);
}

static void ratio_goals(const struct bench *b, struct grid *g, int markdown,
			const char *ours, const char *other)
{
	static const char *const head[] = { "format",  "workload", "phase",
					    "at most", "measured", "medians",
					    "verdict", NULL };
	char title[96];

	begin(g, head);
	for (unsigned int i = 0; i < COUNT(ratios); i++) {
		const struct goal *goal = &ratios[i];
		const struct bench_row *row = find(b, "engine", goal, ours);
		const struct bench_row *peer = find(b, "engine", goal, other);
		double ratio;

		if (!row || !peer || !row->samples || !peer->samples)
			continue;
		ratio = bench_min(row) / bench_min(peer);
		grid_row(g);
		grid_cell(g, "%s", goal->subject);
		grid_cell(g, "%s", goal->name);
		grid_cell(g, "%s", goal->phase);
		grid_cell(g, "%.1f", goal->must);
		grid_cell(g, "%.2f", ratio);
		grid_cell(g, "%.2f", bench_median(row) / bench_median(peer));
		grid_cell(g, "%s", verdict(goal, ratio));
	}
	snprintf(title, sizeof(title), "Goals: time over that of %.40s", other);
	if (g->rows > 1)
		grid_print(g, title, markdown);
}

static void thread_goals(const struct bench *b, struct grid *g, int markdown)
{
	static const char *const head[] = { "setup",	"operation", "at least",
					    "measured", "verdict",   NULL };

	begin(g, head);
	for (unsigned int i = 0; i + 1 < b->row_count; i++) {
		const struct bench_row *one = &b->rows[i], *two = one + 1;
		double times;

		if (strcmp(one->id.section, "threads") || one->id.x > 1 ||
		    !strcmp(one->id.subject, THREADS_FLOOR))
			continue;
		times = 2 * bench_min(one) / bench_min(two);
		grid_row(g);
		grid_cell(g, "%s", one->id.subject);
		grid_cell(g, "%s", one->id.name);
		grid_cell(g, "%.1f", THREADS_MUST);
		grid_cell(g, "%.2f", times);
		grid_cell(g, "%s", times < THREADS_MUST ? "MISSED" : "held");
	}
	if (g->rows > 1)
		grid_print(g, "Goals: two threads over one", markdown);
}

static void table_goals(const struct bench *b, struct grid *g, int markdown,
			const char *ours, const char *other)
{
	static const char *const head[] = { "goal", "workloads", "missed by",
					    "verdict", NULL };
	unsigned int rows = 0, above = 0, kept = 0;

	for (unsigned int i = 0; i < b->row_count; i++) {
		const struct bench_row *row = &b->rows[i], *peer;
		struct goal like = { row->id.subject, row->id.name,
				     row->id.phase, 0, 0 };

		if (row->bytes < 0 || strcmp(row->id.lib, ours))
			continue;
		peer = other ? find(b, "engine", &like, other) : NULL;
		if (other && (!peer || peer->bytes < 0))
			continue;
		rows++;
		above += peer && row->bytes > peer->bytes;
		kept += row->bytes_kept > 0;
	}
	if (!rows)
		return;
	begin(g, head);
	grid_row(g);
	grid_cell(g, other ? "table bytes never above the other's"
			   : "no tables kept after the last unmap");
	grid_cell(g, "%u", rows);
	grid_cell(g, "%u", other ? above : kept);
	grid_cell(g, "%s", (other ? above : kept) ? "MISSED" : "held");
	grid_print(g,
		   other ? "Goals: table memory, beside the other engine"
			 : "Goals: table memory",
		   markdown);
}

void report_goals(const struct bench *b, enum report_style style)
{
	static struct grid g;
	const char *libs[BENCH_LIBS];
	unsigned int n = engine_libs(libs);
	int markdown = style == REPORT_MARKDOWN;

	instruction_goals(b, &g, markdown, libs[0]);
	table_goals(b, &g, markdown, libs[0], NULL);
	/* The second is ours, too: Tegra's. */
	for (unsigned int l = 2; l < n; l++) {
		table_goals(b, &g, markdown, libs[0], libs[l]);
		ratio_goals(b, &g, markdown, libs[0], libs[l]);
	}
	thread_goals(b, &g, markdown);
}
