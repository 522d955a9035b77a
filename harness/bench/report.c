// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "grid.h"
#include "ops.h"

static bool in(const struct bench_row *row, const char *section)
{
	return !strcmp(row->id.section, section);
}

static void cell_ns(struct grid *g, const struct bench_row *row)
{
	double ns = bench_min(row);

	if (!row->samples)
		grid_cell(g, "-");
	else
		grid_cell(g, ns < 100 ? "%.2f" : "%.0f", ns);
}

static void cell_ir(struct grid *g, const struct bench_row *row)
{
	if (row->ir < 0)
		grid_cell(g, "-");
	else
		grid_cell(g, row->ir < 100 ? "%.1f" : "%.0f", row->ir);
}

static void cells(struct grid *g, const struct bench_row *row)
{
	cell_ns(g, row);
	if (row->samples)
		grid_cell(g, "%.2f", bench_median(row));
	else
		grid_cell(g, "-");
	cell_ir(g, row);
}

static void header(struct grid *g, const char *const *names)
{
	grid_begin(g);
	grid_row(g);
	for (; *names; names++)
		grid_cell(g, "%s", *names);
}

static const struct bench_row *
of_lib(const struct bench *b, const struct bench_row *like, const char *lib)
{
	for (unsigned int i = 0; i < b->row_count; i++) {
		const struct bench_row *row = &b->rows[i];

		if (!strcmp(row->id.section, like->id.section) &&
		    !strcmp(row->id.subject, like->id.subject) &&
		    !strcmp(row->id.name, like->id.name) &&
		    !strcmp(row->id.phase, like->id.phase) &&
		    !strcmp(row->id.lib, lib))
			return row;
	}
	return NULL;
}

/* Another engine beside ours: its time and instructions, ours over its. */
static void cells_peer(struct grid *g, const struct bench_row *row,
		       const struct bench_row *peer)
{
	if (!peer) {
		for (unsigned int i = 0; i < 3; i++)
			grid_cell(g, "-");
		return;
	}
	cell_ns(g, peer);
	cell_ir(g, peer);
	if (peer->samples)
		grid_cell(g, "%.2f", bench_min(row) / bench_min(peer));
	else
		grid_cell(g, "-");
}

static void engine_table(const struct bench *b, struct grid *g, int markdown)
{
	static const char *const head[] = { "format",  "workload", "phase",
					    "ns/page", "median",   "Ir/page",
					    NULL };
	const char *libs[BENCH_LIBS];
	unsigned int n = engine_libs(libs);

	header(g, head);
	/* The first two are ours: peer.h's formats, and Tegra's. */
	for (unsigned int l = 2; l < n; l++) {
		grid_cell(g, "%.24s ns", libs[l]);
		grid_cell(g, "Ir");
		grid_cell(g, "ratio");
	}
	for (unsigned int i = 0; i < b->row_count; i++) {
		const struct bench_row *row = &b->rows[i];

		if (!in(row, "engine") || (strcmp(row->id.lib, libs[0]) &&
					   strcmp(row->id.lib, libs[1])))
			continue;
		grid_row(g);
		grid_cell(g, "%s", row->id.subject);
		grid_cell(g, "%s", row->id.name);
		grid_cell(g, "%s", row->id.phase);
		cells(g, row);
		for (unsigned int l = 2; l < n; l++)
			cells_peer(g, row, of_lib(b, row, libs[l]));
	}
	if (g->rows > 1)
		grid_print(g, "Engine with owner checks, a page", markdown);
}

static void cell_bytes(struct grid *g, double bytes)
{
	if (bytes < 0)
		grid_cell(g, "-");
	else
		grid_cell(g, "%.0f", bytes);
}

static void bytes_table(const struct bench *b, struct grid *g, int markdown)
{
	static const char *const head[] = { "format", "workload", "mapped",
					    "after", NULL };
	const char *libs[BENCH_LIBS];
	unsigned int n = engine_libs(libs);

	header(g, head);
	for (unsigned int l = 2; l < n; l++) {
		grid_cell(g, "%.24s mapped", libs[l]);
		grid_cell(g, "after");
	}
	for (unsigned int i = 0; i < b->row_count; i++) {
		const struct bench_row *row = &b->rows[i];

		if (row->bytes < 0 || strcmp(row->id.lib, libs[0]))
			continue;
		grid_row(g);
		grid_cell(g, "%s", row->id.subject);
		grid_cell(g, "%s", row->id.name);
		cell_bytes(g, row->bytes);
		cell_bytes(g, row->bytes_kept);
		for (unsigned int l = 2; l < n; l++) {
			const struct bench_row *peer = of_lib(b, row, libs[l]);

			cell_bytes(g, peer ? peer->bytes : -1);
			cell_bytes(g, peer ? peer->bytes_kept : -1);
		}
	}
	if (g->rows > 1)
		grid_print(g,
			   "Bytes of tables below the root, with all mapped "
			   "and after the last unmap",
			   markdown);
}

static void plain_table(const struct bench *b, struct grid *g, int markdown,
			const char *section, const char *title,
			const char *const *head)
{
	header(g, head);
	for (unsigned int i = 0; i < b->row_count; i++) {
		const struct bench_row *row = &b->rows[i];

		if (!in(row, section))
			continue;
		grid_row(g);
		grid_cell(g, "%s", row->id.subject);
		if (*row->id.name)
			grid_cell(g, "%s", row->id.name);
		if (*row->id.phase)
			grid_cell(g, "%s", row->id.phase);
		if (row->id.x > 0)
			grid_cell(g, "%.0f", row->id.x);
		cells(g, row);
	}
	if (g->rows > 1)
		grid_print(g, title, markdown);
}

static void thread_table(const struct bench *b, struct grid *g, int markdown)
{
	static const char *const head[] = { "setup",   "operation", "one: ns",
					    "two: ns", "speed-up",  NULL };

	header(g, head);
	for (unsigned int i = 0; i + 1 < b->row_count; i++) {
		const struct bench_row *one = &b->rows[i], *two = one + 1;

		if (!in(one, "threads") || one->id.x > 1)
			continue;
		grid_row(g);
		grid_cell(g, "%s", one->id.subject);
		grid_cell(g, "%s", one->id.name);
		cell_ns(g, one);
		cell_ns(g, two);
		grid_cell(g, "%.2f", 2 * bench_min(one) / bench_min(two));
	}
	if (g->rows > 1)
		grid_print(g, "Two threads, a domain each, against one",
			   markdown);
}

typedef void count_fn(bool range_invalidation, struct op_counts *counts);

static count_fn *counter(const char *module)
{
	void *so = dlopen(module, RTLD_NOW | RTLD_LOCAL);
	count_fn *fn = NULL;

	if (so)
		*(void **)&fn = dlsym(so, "ops_count");
	if (!fn)
		bench_die("no counts in their module", 0);
	return fn;
}

static void cell_count(struct grid *g, double v)
{
	bool whole = v - (double)(long long)v < 0.005;

	grid_cell(g, whole ? "%.0f" : "%.2f", v);
}

static void count_table(struct grid *g, int markdown, count_fn *count,
			bool range, const char *title)
{
	static const char *const head[] = {
		"hypercall", "MMIO reads", "writes",  "TLBI",  "CFGI", "SYNC",
		"publish",   "doorbell",   "acquire", "locks", NULL
	};
	struct op_counts c[GRID_ROWS];

	count(range, c);
	header(g, head);
	for (unsigned int i = 0; i < op_count; i++) {
		const double v[] = { c[i].reads,
				     c[i].writes,
				     c[i].tlbi,
				     c[i].cfgi,
				     c[i].sync,
				     c[i].publish,
				     c[i].before_doorbell,
				     c[i].after_sync,
				     c[i].locks };

		grid_row(g);
		grid_cell(g, "%s", ops[i].name);
		for (unsigned int k = 0; k < sizeof(v) / sizeof(v[0]); k++)
			cell_count(g, v[k]);
	}
	grid_print(g, title, markdown);
}

static bool any(const struct bench *b, const char *section)
{
	for (unsigned int i = 0; i < b->row_count; i++) {
		if (in(&b->rows[i], section))
			return true;
	}
	return false;
}

void report_tables(const struct bench *b, enum report_style style,
		   const char *counted_module)
{
	static const char *const floor_head[] = { "floor", "ns/page", "median",
						  "Ir/page", NULL };
	static const char *const pin_head[] = { "lock",	  "workload",
						"phase",  "ns/page",
						"median", "Ir/page",
						NULL };
	static const char *const call_head[] = { "SMMU",   "hypercall", "ns",
						 "median", "Ir",	NULL };
	static const char *const scale_head[] = { "live", "where",  "count",
						  "ns",	  "median", "Ir",
						  NULL };
	static struct grid g;
	int md = style == REPORT_MARKDOWN;

	engine_table(b, &g, md);
	bytes_table(b, &g, md);
	plain_table(b, &g, md, "floor", "Floor: the least a page can cost",
		    floor_head);
	plain_table(b, &g, md, "pin", "Owner check and DMA pin alone, a page",
		    pin_head);
	plain_table(b, &g, md, "hcall",
		    "Whole hypercalls, over an SMMU that answers at once",
		    call_head);
	if (any(b, "hcall")) {
		count_fn *count = counter(counted_module);

		count_table(&g, md, count, true,
			    "Accesses, commands, barriers of one hypercall, "
			    "SMMUv3.2 (range invalidation)");
		count_table(&g, md, count, false,
			    "The same, SMMUv3.1 (no range invalidation)");
	}
	plain_table(b, &g, md, "scale",
		    "Map and unmap of one page, with so many live", scale_head);
	thread_table(b, &g, md);
}

/* ---------------------------------------------------------------- JSON */

static void json_row(const struct bench_row *row, bool first)
{
	printf("%s\n    {\"section\": \"%s\", \"subject\": \"%s\", "
	       "\"name\": \"%s\", \"phase\": \"%s\", \"library\": \"%s\", "
	       "\"live\": %.0f, \"units\": %.0f, \"ns_min\": %.3f, "
	       "\"ns_median\": %.3f, \"samples\": %u, \"instructions\": ",
	       first ? "" : ",", row->id.section, row->id.subject, row->id.name,
	       row->id.phase, row->id.lib, row->id.x, row->units,
	       bench_min(row), bench_median(row), row->samples);
	if (row->ir < 0)
		fputs("null}", stdout);
	else
		printf("%.3f}", row->ir);
}

static void json_counts(count_fn *count, bool range, bool first)
{
	struct op_counts c[GRID_ROWS];

	count(range, c);
	for (unsigned int i = 0; i < op_count; i++) {
		printf("%s\n    {\"hypercall\": \"%s\", "
		       "\"range_invalidation\": %s, \"mmio_reads\": %.3f, "
		       "\"mmio_writes\": %.3f, \"tlbi\": %.3f, "
		       "\"cfgi\": %.3f, \"sync\": %.3f, \"publish\": %.3f, "
		       "\"before_doorbell\": %.3f, \"after_sync\": %.3f, "
		       "\"locks\": %.3f}",
		       first && !i ? "" : ",", ops[i].name,
		       range ? "true" : "false", c[i].reads, c[i].writes,
		       c[i].tlbi, c[i].cfgi, c[i].sync, c[i].publish,
		       c[i].before_doorbell, c[i].after_sync, c[i].locks);
	}
}

void report_json(const struct bench *b, const char *counted_module)
{
	printf("{\n  \"compiler\": \"%s\",\n  \"rows\": [", __VERSION__);
	for (unsigned int i = 0; i < b->row_count; i++)
		json_row(&b->rows[i], !i);
	fputs("\n  ],\n  \"counts\": [", stdout);
	if (any(b, "hcall")) {
		count_fn *count = counter(counted_module);

		json_counts(count, true, true);
		json_counts(count, false, false);
	}
	puts("\n  ]\n}");
}

void report_budget(const struct bench *b)
{
	puts("# Instructions a page: ./run bench --budget");
	for (unsigned int i = 0; i < b->row_count; i++) {
		const struct bench_row *row = &b->rows[i];
		const char *phase = *row->id.phase ? row->id.phase : "all";

		printf("%s %s %s %.1f\n", row->id.subject, row->id.name, phase,
		       row->ir);
	}
}
