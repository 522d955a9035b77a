// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The trace reader on any bytes, plain or xz: it refuses or it tells. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Noreturn void wrong(const char *what)
{
	fprintf(stderr, "fuzz_trace: %s\n", what);
	abort();
}

static void check_op(const struct trace_op *op, uint64_t last_line)
{
	if (op->line == 0 || op->line < last_line)
		wrong("lines run backwards");
	if (op->kind > TRACE_DMA)
		wrong("an operation that does not exist");
	if (!memchr(op->dev, 0, sizeof(op->dev)))
		wrong("a name without an end");
	if (op->kind != TRACE_MAP && op->kind != TRACE_UNMAP)
		return;
	if (!op->size || op->iova + op->size - 1 < op->iova ||
	    op->pa + op->size - 1 < op->pa)
		wrong("a size that does not fit");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trace_error err = { "" };
	struct trace *trace;
	struct trace_op op;
	uint64_t line = 0;
	int more = 1;

	trace = trace_open_mem(data, size, "input", &err);
	if (!trace) {
		if (!err.text[0])
			wrong("refused, and no word why");
		return 0;
	}
	for (int i = 0; i < 100000; i++) {
		memset(&op, 0xff, sizeof(op));
		more = trace_next(trace, &op, &err);
		if (more <= 0)
			break;
		check_op(&op, line);
		line = op.line;
	}
	if (more < 0 && !err.text[0])
		wrong("an error, and no word why");
	if (more <= 0 && trace_next(trace, &op, &err) != more)
		wrong("the end is not the end");
	if (line > trace_get_info(trace)->lines)
		wrong("more lines than there are");
	if (trace_progress(trace) < 0 || trace_progress(trace) > 1)
		wrong("progress beyond all");
	trace_close(trace);
	return 0;
}
