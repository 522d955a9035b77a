/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#include "lines.h"

#include <string.h>

void lines_start(struct lines *lines, struct source *source)
{
	lines->source = source;
	lines->ended = false;
	lines->begin = 0;
	lines->end = 0;
}

/* Keeps what is left and reads on behind it. What fails here has no line. */
static int fill(struct lines *l, const struct where *where)
{
	struct where file = *where;
	size_t got;

	file.line = 0;

	memmove(l->buffer, l->buffer + l->begin, l->end - l->begin);
	l->end -= l->begin;
	l->begin = 0;
	if (source_read(l->source, l->buffer + l->end,
			sizeof(l->buffer) - l->end, &got, &file))
		return -1;
	l->end += got;
	l->ended = got == 0;
	return 0;
}

static int take(struct lines *l, size_t len, size_t and_newline,
		struct span *line, struct where *where)
{
	*line = (struct span){ l->buffer + l->begin, len };
	l->begin += len + and_newline;
	where->line++;
	if (span_ends(*line, "\r"))
		line->len--;
	if (line->len > TRACE_LINE_MAX)
		return where_fail(where, "line longer than %u bytes",
				  TRACE_LINE_MAX);
	return 1;
}

int lines_next(struct lines *l, struct span *line, struct where *where)
{
	for (;;) {
		const char *from = l->buffer + l->begin;
		const char *newline = memchr(from, '\n', l->end - l->begin);

		if (newline)
			return take(l, (size_t)(newline - from), 1, line,
				    where);
		if (l->end - l->begin == sizeof(l->buffer))
			return take(l, sizeof(l->buffer), 0, line, where);
		if (l->ended)
			break;
		if (fill(l, where))
			return -1;
	}
	if (l->begin == l->end)
		return 0;
	return take(l, l->end - l->begin, 0, line, where);
}
