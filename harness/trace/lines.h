/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The lines of a source, numbered. */
#ifndef TRACE_LINES_H
#define TRACE_LINES_H

#include "source.h"
#include "span.h"
#include "trace.h"

struct lines {
	struct source *source;
	bool ended;
	size_t begin, end; /* what of buffer is still to be split */
	char buffer[TRACE_LINE_MAX + 2];
};

void lines_start(struct lines *lines, struct source *source);

/*
 * 1 and the next line without its LF or CR LF, 0 at the end, -1 on error. Sets
 * where->line. The line is good until the next call.
 */
int lines_next(struct lines *lines, struct span *line, struct where *where);

#endif /* TRACE_LINES_H */
