// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <stdio.h>

#include "print.h"

struct buffer {
	char *to;
	size_t size, length;
};

static void into_buffer(void *ctx, char c)
{
	struct buffer *b = ctx;

	if (b->length + 1 < b->size)
		b->to[b->length] = c;
	b->length++;
}

int vsnprintf(char *to, size_t size, const char *format, va_list args)
{
	struct buffer b = { to, size, 0 };

	print_to(into_buffer, &b, format, args);
	if (size)
		to[b.length < size ? b.length : size - 1] = '\0';
	return (int)b.length;
}

int snprintf(char *to, size_t size, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(to, size, format, args);
	va_end(args);
	return n;
}

int fprintf(FILE *f, const char *format, ...)
{
	char text[128];
	va_list args;
	int n;

	(void)f;
	va_start(args, format);
	n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	print("# %s", text);
	return n;
}
