// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <string.h>

#include "lex.h"

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static char peek(const struct lex *lex, size_t ahead)
{
	return lex->at + ahead < lex->length ? lex->line[lex->at + ahead]
					     : '\0';
}

/* A dash is part of a word where one more letter or digit follows. */
static size_t word_length(const struct lex *lex)
{
	size_t n = 0;

	for (;; n++) {
		char c = peek(lex, n), next = peek(lex, n + 1);

		if (!letter(c) && !digit(c) &&
		    (c != '-' || (!letter(next) && !digit(next))))
			return n;
	}
}

static int hex(char c)
{
	if (digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static unsigned int scale(char c)
{
	return c == 'K' ? 10 : c == 'M' ? 20 : c == 'G' ? 30 : 0;
}

static const char *read_number(struct lex_token *t)
{
	const char *p = t->text, *end = p + t->length;
	bool is_hex = t->length > 2 && p[0] == '0' && p[1] == 'x';
	unsigned int base = is_hex ? 16 : 10, shift = scale(end[-1]);

	p += is_hex ? 2 : 0;
	end -= shift ? 1 : 0;
	if (p == end)
		return "a number without digits";
	for (; p < end; p++) {
		int d = is_hex || digit(*p) ? hex(*p) : -1;

		if (d < 0)
			return "not a digit in a number";
		if (__builtin_mul_overflow(t->number, base, &t->number) ||
		    __builtin_add_overflow(t->number, (unsigned int)d,
					   &t->number))
			return "a number beyond 64 bits";
	}
	if (t->number >> (63 - shift) >> 1)
		return "a number beyond 64 bits";
	t->number <<= shift;
	return NULL;
}

static size_t sign_length(const struct lex *lex)
{
	static const char *const signs[] = { "->", "<=", ">=", "=", "+", "#" };

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		size_t n = strlen(signs[i]);

		if (lex->length - lex->at >= n &&
		    !memcmp(lex->line + lex->at, signs[i], n))
			return n;
	}
	return 0;
}

/* "#3" is a number of a domain, any other # begins a comment. */
static bool at_end(const struct lex *lex)
{
	return lex->at == lex->length ||
	       (peek(lex, 0) == '#' && !digit(peek(lex, 1)));
}

void lex_next(struct lex *lex)
{
	struct lex_token *t = &lex->token;

	while (lex->at < lex->length &&
	       (peek(lex, 0) == ' ' || peek(lex, 0) == '\t' ||
		peek(lex, 0) == '\r'))
		lex->at++;
	*t = (struct lex_token){ .text = lex->line + lex->at,
				 .column = (uint32_t)lex->at + 1 };
	if (at_end(lex))
		return;
	t->length = word_length(lex);
	if (t->length && digit(t->text[0])) {
		t->kind = LEX_NUMBER;
		t->wrong = read_number(t);
		t->kind = t->wrong ? LEX_BAD : LEX_NUMBER;
	} else if (t->length && letter(t->text[0])) {
		t->kind = LEX_WORD;
	} else {
		t->length = sign_length(lex);
		t->kind = t->length ? LEX_SIGN : LEX_BAD;
		t->wrong = "a sign that means nothing here";
		t->length += !t->length;
	}
	lex->at += t->length;
}

void lex_begin(struct lex *lex, const char *line, size_t length)
{
	*lex = (struct lex){ .line = line, .length = length };
	lex_next(lex);
}

bool lex_is(const struct lex *lex, const char *text, size_t length)
{
	return lex->token.length == length &&
	       !memcmp(lex->token.text, text, length);
}
