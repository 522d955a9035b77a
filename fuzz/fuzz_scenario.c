// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The parser of scenarios on any bytes: it refuses, and says where, or what it
 * understood is printed so that it is understood the same again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Noreturn void wrong(const char *what)
{
	fprintf(stderr, "fuzz_scenario: %s\n", what);
	abort();
}

static struct scn *make(void)
{
	struct scn *s = scn_new();

	if (!s)
		wrong("out of memory");
	return s;
}

/* The column is on the line, or just behind it. */
static void check_error(const uint8_t *data, size_t size,
			const struct scn_error *e)
{
	const uint8_t *line = data, *end = data + size, *stop;

	if (!e->line || !e->column || !e->text[0])
		wrong("an error that does not say where or what");
	if (!memchr(e->text, 0, sizeof(e->text)) ||
	    !memchr(e->hint, 0, sizeof(e->hint)))
		wrong("a message without an end");
	for (uint32_t i = 1; i < e->line; i++) {
		line = memchr(line, '\n', (size_t)(end - line));
		if (!line++)
			wrong("a line that is not there");
	}
	stop = memchr(line, '\n', (size_t)(end - line));
	if (e->column > (size_t)((stop ? stop : end) - line) + 1)
		wrong("a column that is not there");
}

static char *print(const struct scn *s, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	if (!out)
		wrong("out of memory");
	scn_print(s, out);
	fclose(out);
	return text;
}

static void check_print(const struct scn *s)
{
	struct scn *again = make();
	struct scn_error error;
	size_t size, size_again;
	char *text = print(s, &size), *text_again;

	if (scn_parse(again, text, size, &error)) {
		fprintf(stderr, "%s\n%u:%u: %s\n", text, error.line,
			error.column, error.text);
		wrong("what it prints is not understood");
	}
	if (again->step_count != s->step_count)
		wrong("a statement is lost");
	for (uint32_t i = 0; i < s->step_count; i++) {
		if (memcmp(again->steps[i].arg, s->steps[i].arg,
			   sizeof(s->steps[i].arg)) != 0)
			wrong("a statement has changed");
	}
	text_again = print(again, &size_again);
	if (size != size_again || memcmp(text, text_again, size) != 0)
		wrong("printed twice it is not the same");
	free(text);
	free(text_again);
	scn_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct scn *s = make();
	struct scn_error error;

	if (scn_parse(s, (const char *)data, size, &error))
		check_error(data, size, &error);
	else
		check_print(s);
	scn_free(s);
	return 0;
}
