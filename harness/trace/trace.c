/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#include "trace.h"

#include "event.h"
#include "lines.h"
#include "parse.h"
#include "source.h"
#include "where.h"

#include <stdlib.h>

struct trace {
	struct trace_info info;
	struct where where;
	struct source source;
	struct lines lines;
	bool failed;
	struct trace_error error;
};

/* What the first reading finds. */
struct seen {
	bool smmu_ops, smmu_attach, kernel_ops;
};

static void see(struct seen *seen, struct span line)
{
	struct event event;

	if (!event_find(line, &event))
		return;
	switch (parse_kind(&event)) {
	case EVENT_SMMU_MAP:
	case EVENT_SMMU_UNMAP:
		seen->smmu_ops = true;
		break;
	case EVENT_SMMU_ATTACH:
		seen->smmu_attach = true;
		break;
	case EVENT_MAP:
	case EVENT_UNMAP:
		seen->kernel_ops = true;
		break;
	case EVENT_DMA_MAP:
	case EVENT_DMA_UNMAP:
	case EVENT_OTHER:
		break;
	}
}

static void count_line(struct trace_info *info, struct span line)
{
	uint64_t lost = event_lost(line);

	info->lines++;
	info->lost += lost < UINT64_MAX - info->lost ? lost : 0;
}

/*
 * Attach lines alone do not make a trace detailed: the maps of one recorded
 * without the other two probes are the kernel's own.
 */
static int conclude(struct trace *t, const struct seen *seen)
{
	t->where.line = 0;
	if (!t->info.lines)
		return where_fail(&t->where, "empty file");
	if (!seen->smmu_ops && !seen->smmu_attach && !seen->kernel_ops)
		return where_fail(&t->where, "no iommu events found");
	t->info.detailed = seen->smmu_ops || !seen->kernel_ops;
	return 0;
}

static int scan(struct trace *t)
{
	struct seen seen = { false, false, false };
	struct span line;
	int got;

	lines_start(&t->lines, &t->source);
	while ((got = lines_next(&t->lines, &line, &t->where)) > 0) {
		count_line(&t->info, line);
		see(&seen, line);
	}
	return got ? -1 : conclude(t, &seen);
}

static struct trace *allocate(const char *name, struct trace_error *err)
{
	struct trace *t = calloc(1, sizeof(*t));
	struct where where = { .err = err };

	if (!t) {
		where_set_name(&where, name);
		where_fail(&where, "out of memory");
		return NULL;
	}
	where_set_name(&t->where, name);
	t->where.err = &t->error;
	return t;
}

/* Scans the source if it could be opened, then makes it ready for use. */
static struct trace *finish_open(struct trace *t, int open_failed,
				 struct trace_error *err)
{
	if (open_failed || scan(t) || source_rewind(&t->source, &t->where)) {
		if (err)
			*err = t->error;
		trace_close(t);
		return NULL;
	}
	lines_start(&t->lines, &t->source);
	return t;
}

struct trace *trace_open(const char *path, struct trace_error *err)
{
	struct trace *t = allocate(path, err);

	if (!t)
		return NULL;
	return finish_open(t, source_open_file(&t->source, path, &t->where),
			   err);
}

struct trace *trace_open_mem(const void *bytes, size_t len, const char *name,
			     struct trace_error *err)
{
	struct trace *t = allocate(name, err);

	if (!t)
		return NULL;
	return finish_open(
		t, source_open_memory(&t->source, bytes, len, &t->where), err);
}

void trace_close(struct trace *t)
{
	if (!t)
		return;
	source_close(&t->source);
	free(t);
}

/* Of a map recorded twice, one of the two; attaches only where they matter. */
static bool is_used(const struct trace *t, const struct trace_op *op)
{
	return op->kind == TRACE_DMA || op->has_domain == t->info.detailed;
}

static int next_op(struct trace *t, struct trace_op *op)
{
	struct event event;
	struct span line;
	int got;

	while ((got = lines_next(&t->lines, &line, &t->where)) > 0) {
		if (!event_find(line, &event))
			continue;
		got = parse_op(&event, parse_kind(&event), op, &t->where);
		if (got < 0 || (got > 0 && is_used(t, op)))
			break;
	}
	return got;
}

int trace_next(struct trace *t, struct trace_op *op, struct trace_error *err)
{
	int got = t->failed ? -1 : next_op(t, op);

	if (got < 0) {
		t->failed = true;
		if (err)
			*err = t->error;
	}
	return got;
}

const struct trace_info *trace_get_info(const struct trace *t)
{
	return &t->info;
}

double trace_progress(const struct trace *t)
{
	return t->source.size ? (double)t->source.taken / (double)t->source.size
			      : 1.0;
}
