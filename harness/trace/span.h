/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * A stretch of text that is not NUL-terminated, and the few things a parser
 * does to it. Nothing here reads outside the stretch.
 */
#ifndef TRACE_SPAN_H
#define TRACE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span {
	const char *at;
	size_t len;
};

enum number {
	NUMBER_OK,
	NUMBER_BAD,	 /* not a number, or junk in or after it */
	NUMBER_OVERFLOW, /* more than 64 bits */
};

bool span_is(struct span span, const char *text);
bool span_begins(struct span span, const char *text);
bool span_ends(struct span span, const char *text);

/* What is left after the first n bytes. */
struct span span_skip(struct span span, size_t n);

/* What is left after leading blanks. */
struct span span_trim(struct span span);

/* Takes the next word, empty at the end; words are parted by blanks. */
struct span span_word(struct span *rest);

/* How many leading bytes are decimal digits. */
size_t span_digits(struct span span);

/* All of the span, as hexadecimal after 0x and as decimal otherwise. */
enum number span_number(struct span span, uint64_t *value);

/* All of the span as hexadecimal, with or without 0x. */
enum number span_hex(struct span span, uint64_t *value);

/* How many words are "key=..."; *value is what follows the first '='. */
size_t span_field(struct span words, const char *key, struct span *value);

#endif /* TRACE_SPAN_H */
