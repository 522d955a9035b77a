/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* One line of a scenario as tokens. */
#ifndef SCENARIO_LEX_H
#define SCENARIO_LEX_H

#include "scenario.h"

enum lex_kind {
	LEX_END, /* of the line, or a comment */
	LEX_WORD,
	LEX_NUMBER,
	LEX_SIGN, /* -> = <= >= + # */
	LEX_BAD,
};

struct lex_token {
	enum lex_kind kind;
	const char *text;
	size_t length;
	uint32_t column; /* 1-based */
	uint64_t number;
	const char *wrong; /* of LEX_BAD */
};

struct lex {
	const char *line;
	size_t length, at;
	struct lex_token token; /* the current one */
};

void lex_begin(struct lex *lex, const char *line, size_t length);
void lex_next(struct lex *lex);
bool lex_is(const struct lex *lex, const char *text, size_t length);

#endif /* SCENARIO_LEX_H */
