// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"

int cli_usage(const char *command, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s: ", command);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\nTry: %s --help\n", command);
	return CLI_ERROR;
}

int cli_fail(const char *format, ...)
{
	va_list args;

	fputs("hypiommu: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return CLI_ERROR;
}

void *cli_grow(void *p, size_t count, size_t size)
{
	void *new = reallocarray(p, count ? count : 1, size);

	if (!new) {
		cli_fail("out of memory");
		exit(CLI_ERROR);
	}
	return new;
}

unsigned int cli_stage(const char *text)
{
	if ((text[0] == '1' || text[0] == '2') && !text[1])
		return (unsigned int)(text[0] - '0');
	return 0;
}

uint64_t cli_random(uint64_t *state)
{
	uint64_t x = *state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	*state = x;
	return x * 0x2545f4914f6cdd1dull;
}
