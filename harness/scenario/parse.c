// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Text to scenario, line by line. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse_priv.h"

/* ----------------------------------------------------------------- errors */

bool parse_wrong(struct parse *p, const struct lex_token *at,
		 const char *format, ...)
{
	va_list args;

	if (p->error->line)
		return false;
	p->error->line = p->line;
	p->error->column = at->column;
	va_start(args, format);
	vsnprintf(p->error->text, sizeof(p->error->text), format, args);
	va_end(args);
	return false;
}

bool parse_hint(struct parse *p, const char *format, ...)
{
	va_list args;

	if (p->error->hint[0])
		return false;
	va_start(args, format);
	vsnprintf(p->error->hint, sizeof(p->error->hint), format, args);
	va_end(args);
	return false;
}

bool parse_expected(struct parse *p, const char *what)
{
	const struct lex_token *t = &p->lex.token;

	if (t->kind == LEX_BAD)
		return parse_wrong(p, t, "expected %s, got %s: %.*s", what,
				   t->wrong, (int)(t->length % 64), t->text);
	if (t->kind == LEX_END)
		return parse_wrong(p, t, "expected %s, got the end of the line",
				   what);
	return parse_wrong(p, t, "expected %s, got %.*s", what,
			   (int)(t->length % 64), t->text);
}

bool parse_end(struct parse *p)
{
	return p->lex.token.kind == LEX_END ||
	       parse_expected(p, "the end of the line");
}

/* ----------------------------------------------------------------- pieces */

/* A number, or a sum of them: 2M+4K. */
bool parse_number(struct parse *p, const char *what, uint64_t max,
		  uint64_t *value)
{
	const struct lex_token first = p->lex.token;
	uint64_t sum = 0;
	bool more;

	do {
		const struct lex_token *t = &p->lex.token;

		if (t->kind != LEX_NUMBER)
			return parse_expected(p, what);
		if (__builtin_add_overflow(sum, t->number, &sum) || sum > max)
			return parse_wrong(p, &first,
					   "too large: %s is at most %llu",
					   what, (unsigned long long)max);
		lex_next(&p->lex);
		more = lex_is(&p->lex, "+", 1);
		if (more)
			lex_next(&p->lex);
	} while (more);
	*value = sum;
	return true;
}

static bool known_place(struct parse *p, uint64_t *pa)
{
	const struct lex_token *t = &p->lex.token;
	const struct scn_run *run = scn_run_named(p->s, t->text, t->length);
	const struct scn_word *place =
		scn_find_word(scn_places, t->text, t->length);

	if (run || place)
		*pa = run ? run->pa : place->value;
	return run || place;
}

static bool unknown_place(struct parse *p)
{
	const struct lex_token *t = &p->lex.token;
	struct scn_near near;

	scn_near_begin(&near, t->text, t->length);
	for (uint32_t i = 0; i < p->s->run_count; i++)
		scn_near_try(&near, p->s->runs[i].name);
	for (const struct scn_word *w = scn_places; w->text; w++)
		scn_near_try(&near, w->text);
	parse_wrong(p, t, "no such pages: %.*s", (int)(t->length % 64),
		    t->text);
	if (scn_near_end(&near))
		return parse_hint(p, "is %s meant?", scn_near_end(&near));
	return parse_hint(p, "declare them before: pages %.*s 1",
			  (int)(t->length % 64), t->text);
}

bool parse_address(struct parse *p, uint64_t *pa)
{
	uint64_t offset = 0;

	if (p->lex.token.kind == LEX_NUMBER)
		return parse_number(p, "an address", ~0ull, pa);
	if (p->lex.token.kind != LEX_WORD)
		return parse_expected(p, "the name of pages or an address");
	if (!known_place(p, pa))
		return unknown_place(p);
	lex_next(&p->lex);
	if (!lex_is(&p->lex, "+", 1))
		return true;
	lex_next(&p->lex);
	if (!parse_number(p, "an offset", ~0ull, &offset))
		return false;
	*pa += offset;
	return true;
}

bool parse_new_name(struct parse *p, const char *what, char name[SCN_NAME])
{
	const struct lex_token *t = &p->lex.token;
	uint32_t principal;

	if (t->kind != LEX_WORD)
		return parse_expected(p, what);
	if (t->length >= SCN_NAME)
		return parse_wrong(p, t, "a name of more than %u letters",
				   SCN_NAME - 1);
	if (scn_principal(t->text, t->length, &principal) ||
	    scn_find_word(scn_places, t->text, t->length))
		return parse_wrong(p, t, "%.*s has a meaning of its own",
				   (int)t->length, t->text);
	memcpy(name, t->text, t->length);
	name[t->length] = '\0';
	lex_next(&p->lex);
	return true;
}

/* ------------------------------------------------------------------ lines */

static const struct {
	const char *word;
	bool (*parse)(struct parse *p);
} declarations[] = {
	{ "machine", parse_machine },
	{ "device", parse_device },
	{ "pages", parse_pages },
};

static bool parse_line(struct parse *p)
{
	for (size_t i = 0; i < sizeof(declarations) / sizeof(declarations[0]);
	     i++) {
		const char *word = declarations[i].word;
		struct lex_token at = p->lex.token;

		if (!lex_is(&p->lex, word, strlen(word)))
			continue;
		if (p->s->step_count) {
			parse_wrong(p, &at, "%s comes too late", word);
			return parse_hint(p, "declare machine, devices and "
					     "pages before anything happens");
		}
		lex_next(&p->lex);
		return declarations[i].parse(p) && parse_end(p);
	}
	return p->lex.token.kind == LEX_END || parse_statement(p);
}

/* The first comment is the title. */
static void keep_title(struct scn *s, const char *line, size_t length)
{
	size_t n = 0;

	if (s->title[0] || !length || line[0] != '#')
		return;
	for (size_t i = 1; i < length && n < SCN_TITLE - 1; i++) {
		if ((n || line[i] != ' ') && line[i] >= ' ' &&
		    line[i] != '\x7f')
			s->title[n++] = line[i];
	}
	while (n && s->title[n - 1] == ' ')
		n--;
	s->title[n] = '\0';
	if (!strncmp(s->title, "SPDX", 4))
		s->title[0] = '\0';
}

struct scn *scn_new(void)
{
	struct scn *s = calloc(1, sizeof(*s));

	if (s)
		s->next_page = MACHINE_RAM_BASE;
	return s;
}

void scn_free(struct scn *s)
{
	free(s);
}

int scn_parse(struct scn *s, const char *text, size_t length,
	      struct scn_error *error)
{
	struct parse p = { .s = s, .error = error };
	const char *end = text + length;

	memset(error, 0, sizeof(*error));
	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		size_t n = (size_t)((stop ? stop : end) - text);

		p.line++;
		keep_title(s, text, n);
		lex_begin(&p.lex, text, n);
		if (!parse_line(&p))
			return -1;
		text += n + 1;
	}
	return 0;
}
