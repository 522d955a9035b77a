// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "util.h"

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

unsigned int cli_stage(const char *text)
{
	if ((text[0] == '1' || text[0] == '2') && !text[1])
		return (unsigned int)(text[0] - '0');
	return 0;
}

char *cli_read_file(const char *name, size_t *length)
{
	FILE *in = fopen(name, "rb");
	char *text = NULL;

	if (in) {
		text = util_grow(NULL, CLI_MAX_FILE + 1, 1);
		*length = fread(text, 1, CLI_MAX_FILE + 1, in);
		if (ferror(in) || *length > CLI_MAX_FILE) {
			errno = *length > CLI_MAX_FILE ? EFBIG : EIO;
			free(text);
			text = NULL;
		}
		fclose(in);
	}
	if (!text)
		cli_fail("%s: %s", name, strerror(errno));
	return text;
}
