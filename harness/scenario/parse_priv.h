/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* What the files of the parser share. */
#ifndef SCENARIO_PARSE_PRIV_H
#define SCENARIO_PARSE_PRIV_H

#include "forms.h"
#include "lex.h"

struct parse {
	struct scn *s;
	struct lex lex;
	uint32_t line;
	struct scn_error *error;
	bool machine_seen;
};

/* Each says what is wrong, once, and returns false. */
bool parse_expected(struct parse *p, const char *what);
bool parse_wrong(struct parse *p, const struct lex_token *at,
		 const char *format, ...) __attribute__((format(printf, 3, 4)));
/* For after one of those, with what is to be done. */
bool parse_hint(struct parse *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

bool parse_end(struct parse *p); /* nothing more on the line */
bool parse_number(struct parse *p, const char *what, uint64_t max,
		  uint64_t *value);
bool parse_address(struct parse *p, uint64_t *pa);
/* A name nobody has yet. */
bool parse_new_name(struct parse *p, const char *what, char name[SCN_NAME]);

/* Declarations; the word itself has been read. */
bool parse_machine(struct parse *p);
bool parse_device(struct parse *p);
bool parse_pages(struct parse *p);
/* A statement; who stands before it or ~0. */
bool parse_statement(struct parse *p);

#endif /* SCENARIO_PARSE_PRIV_H */
