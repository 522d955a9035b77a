/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#include "span.h"

#include <string.h>

bool span_begins(struct span span, const char *text)
{
	size_t len = strlen(text);

	return span.len >= len && memcmp(span.at, text, len) == 0;
}

bool span_is(struct span span, const char *text)
{
	return span.len == strlen(text) && span_begins(span, text);
}

bool span_ends(struct span span, const char *text)
{
	size_t len = strlen(text);

	return span.len >= len &&
	       memcmp(span.at + span.len - len, text, len) == 0;
}

struct span span_skip(struct span span, size_t n)
{
	if (n > span.len)
		n = span.len;
	return (struct span){ span.at + n, span.len - n };
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct span span_trim(struct span span)
{
	while (span.len && is_blank(*span.at))
		span = span_skip(span, 1);
	return span;
}

struct span span_word(struct span *rest)
{
	struct span word = span_trim(*rest);

	*rest = word;
	while (rest->len && !is_blank(*rest->at))
		*rest = span_skip(*rest, 1);
	word.len -= rest->len;
	return word;
}

size_t span_digits(struct span span)
{
	size_t n = 0;

	while (n < span.len && span.at[n] >= '0' && span.at[n] <= '9')
		n++;
	return n;
}

/* The digit's value, or base and more if it is none. */
static unsigned int digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned int)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned int)(c - 'A') + 10;
	return 255;
}

static enum number parse(struct span span, unsigned int base, uint64_t *value)
{
	enum number status = span.len ? NUMBER_OK : NUMBER_BAD;
	uint64_t sum = 0;

	for (size_t i = 0; i < span.len; i++) {
		unsigned int d = digit(span.at[i]);

		if (d >= base)
			return NUMBER_BAD;
		if (sum > (UINT64_MAX - d) / base)
			status = NUMBER_OVERFLOW;
		else
			sum = sum * base + d;
	}
	*value = sum;
	return status;
}

enum number span_number(struct span span, uint64_t *value)
{
	if (span_begins(span, "0x"))
		return parse(span_skip(span, 2), 16, value);
	return parse(span, 10, value);
}

enum number span_hex(struct span span, uint64_t *value)
{
	return parse(span_skip(span, span_begins(span, "0x") ? 2 : 0), 16,
		     value);
}

size_t span_field(struct span words, const char *key, struct span *value)
{
	size_t found = 0, key_len = strlen(key);
	struct span word;

	while ((word = span_word(&words)).len) {
		if (!span_begins(word, key) || word.len == key_len ||
		    word.at[key_len] != '=')
			continue;
		if (!found++)
			*value = span_skip(word, key_len + 1);
	}
	return found;
}
