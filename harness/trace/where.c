/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#include "where.h"

#include "trace.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void where_set_name(struct where *where, const char *name)
{
	size_t len = strlen(name);

	if (len > WHERE_NAME_MAX)
		snprintf(where->name, sizeof(where->name), "...%s",
			 name + len - WHERE_NAME_MAX + 3);
	else
		memcpy(where->name, name, len + 1);
}

int where_fail(const struct where *where, const char *format, ...)
{
	char what[sizeof(where->err->text)];
	va_list args;

	if (!where->err)
		return -1;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);

	struct trace_error *err = where->err;
	int n = where->line
			? snprintf(err->text, sizeof(err->text),
				   "%s:%" PRIu64 ": ", where->name, where->line)
			: snprintf(err->text, sizeof(err->text),
				   "%s: ", where->name);
	size_t used = n > 0 ? (size_t)n : 0;

	snprintf(err->text + used, sizeof(err->text) - used, "%.100s", what);
	return -1;
}
