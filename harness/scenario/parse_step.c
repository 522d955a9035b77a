// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Statements, by the patterns of forms.c. */
#include <stdio.h>
#include <string.h>

#include "parse_priv.h"

#define PAGE 4096ull

/* One try at one form. */
struct attempt {
	struct parse *p;
	struct scn_step step;
	char skipped[120]; /* what might have stood here instead */
	uint32_t skipped_at;
};

static bool keep(struct attempt *a, enum scn_arg arg, uint64_t value)
{
	scn_set(&a->step, arg, value);
	return true;
}

/* ------------------------------------------------------------- arguments */

static bool expected(struct attempt *a, const char *what)
{
	char text[sizeof(a->skipped) + 80];

	if (a->skipped_at != a->p->lex.token.column)
		a->skipped[0] = '\0';
	snprintf(text, sizeof(text), "%s%s", a->skipped, what);
	return parse_expected(a->p, text);
}

static void skip(struct attempt *a, const char *what, size_t length)
{
	uint32_t column = a->p->lex.token.column;
	size_t n;

	if (a->skipped_at != column)
		a->skipped[0] = '\0';
	a->skipped_at = column;
	n = strlen(a->skipped);
	snprintf(a->skipped + n, sizeof(a->skipped) - n, "%.*s or ",
		 (int)length, what);
}

static bool no_such(struct attempt *a, const char *what, const char *near,
		    const char *remedy)
{
	const struct lex_token *t = &a->p->lex.token;

	parse_wrong(a->p, t, "no such %s: %.*s", what, (int)(t->length % 64),
		    t->text);
	if (near)
		return parse_hint(a->p, "is %s meant?", near);
	return parse_hint(a->p, "%s %.*s", remedy, (int)(t->length % 64),
			  t->text);
}

static bool read_device(struct attempt *a)
{
	const struct scn *s = a->p->s;
	const struct lex_token *t = &a->p->lex.token;
	int i = scn_device_named(s, t->text, t->length);
	struct scn_near near;

	if (t->kind != LEX_WORD)
		return expected(a, "a device");
	if (i >= 0) {
		lex_next(&a->p->lex);
		return keep(a, SCN_A_DEV, (uint64_t)i);
	}
	scn_near_begin(&near, t->text, t->length);
	for (uint32_t d = 0; d < s->device_count; d++)
		scn_near_try(&near, s->devices[d].name);
	return no_such(a, "device", scn_near_end(&near),
		       "declare it before: device");
}

static bool read_domain(struct attempt *a)
{
	const struct scn *s = a->p->s;
	const struct lex_token *t = &a->p->lex.token;
	struct scn_near near;
	uint64_t n;
	int i;

	if (lex_is(&a->p->lex, "#", 1)) {
		lex_next(&a->p->lex);
		return parse_number(a->p, "a domain's number", ~SCN_LITERAL,
				    &n) &&
		       keep(a, SCN_A_DOM, SCN_LITERAL | n);
	}
	if (t->kind != LEX_WORD)
		return expected(a, "a domain");
	i = scn_domain_named(s, t->text, t->length);
	if (i >= 0) {
		lex_next(&a->p->lex);
		return keep(a, SCN_A_DOM, (uint64_t)i);
	}
	scn_near_begin(&near, t->text, t->length);
	for (uint32_t d = 0; d < s->domain_count; d++)
		scn_near_try(&near, s->domains[d]);
	return no_such(a, "domain", scn_near_end(&near),
		       "make it before, or write its number as #N: alloc");
}

/* A name may be used again: it means the younger domain then. */
static bool read_new_domain(struct attempt *a)
{
	struct scn *s = a->p->s;
	const struct lex_token at = a->p->lex.token;
	char name[SCN_NAME];
	int i;

	if (!parse_new_name(a->p, "a name for the domain", name))
		return false;
	i = scn_domain_named(s, name, strlen(name));
	if (i < 0 && s->domain_count == SCN_DOMAINS)
		return parse_wrong(a->p, &at, "more than %u names of domains",
				   SCN_DOMAINS);
	if (i < 0) {
		i = (int)s->domain_count++;
		memcpy(s->domains[i], name, SCN_NAME);
	}
	return keep(a, SCN_A_DOM, (uint64_t)i);
}

static bool read_who(struct attempt *a, const struct scn_kind *kind)
{
	const struct lex_token *t = &a->p->lex.token;
	uint32_t principal;

	if (!scn_principal(t->text, t->length, &principal))
		return expected(a, kind->what);
	lex_next(&a->p->lex);
	return keep(a, kind->arg, principal);
}

static bool read_word(struct attempt *a, const struct scn_kind *kind)
{
	const struct lex_token *t = &a->p->lex.token;
	const struct scn_word *w =
		scn_find_word(kind->words, t->text, t->length);
	char all[120] = "";

	if (w) {
		lex_next(&a->p->lex);
		return keep(a, kind->arg, w->value);
	}
	expected(a, kind->what);
	for (w = kind->words; w->text; w++) {
		size_t n = strlen(all);

		snprintf(all + n, sizeof(all) - n, " %s", w->text);
	}
	return parse_hint(a->p, "one of:%s", all);
}

static bool read_numbers(struct attempt *a)
{
	uint64_t n = 0;

	while (a->p->lex.token.kind == LEX_NUMBER && n < SCN_XS) {
		a->step.xs[n++] = a->p->lex.token.number;
		lex_next(&a->p->lex);
	}
	return keep(a, SCN_A_XS, n);
}

static bool read_number(struct attempt *a, const struct scn_kind *kind)
{
	uint64_t n, max = ~0ull;

	if (a->p->lex.token.kind != LEX_NUMBER)
		return expected(a, kind->what);
	if (kind->arg == SCN_A_TIMES)
		max = 1u << 20;
	if (kind->arg == SCN_A_FRAME)
		max = SIM_SMMUV2_MAX_INSTANCES - 1;
	return parse_number(a->p, kind->what, max, &n) && keep(a, kind->arg, n);
}

static bool read_address(struct attempt *a, const struct scn_kind *kind)
{
	enum lex_kind at = a->p->lex.token.kind;
	uint64_t pa;

	if (at != LEX_NUMBER && at != LEX_WORD)
		return expected(a, "the name of pages or an address");
	return parse_address(a->p, &pa) && keep(a, kind->arg, pa);
}

static bool read_argument(struct attempt *a, const struct scn_kind *kind)
{
	switch (kind->class) {
	case SCN_K_NUMBER:
		return read_number(a, kind);
	case SCN_K_ADDRESS:
		return read_address(a, kind);
	case SCN_K_WORD:
		return read_word(a, kind);
	case SCN_K_WHO:
		return read_who(a, kind);
	case SCN_K_DOMAIN:
		return read_domain(a);
	case SCN_K_NEWDOM:
		return read_new_domain(a);
	case SCN_K_DEVICE:
		return read_device(a);
	case SCN_K_NUMBERS:
		return read_numbers(a);
	}
	return false;
}

/* ---------------------------------------------------------------- patterns */

static bool capitals(const char *element)
{
	return element[0] >= 'A' && element[0] <= 'Z';
}

/* Could the current token begin this element? Only asked of what may be left
 * out: numbers, words of a list, literals. */
static bool begins(const struct attempt *a, const char *element, size_t length)
{
	const struct scn_kind *kind = scn_kind(element, length);
	const struct lex_token *t = &a->p->lex.token;

	if (!capitals(element))
		return lex_is(&a->p->lex, element, length);
	if (kind->class == SCN_K_WORD)
		return scn_find_word(kind->words, t->text, t->length);
	return t->kind == LEX_NUMBER;
}

static bool read_element(struct attempt *a, const char *element, size_t length)
{
	const struct scn_kind *kind = scn_kind(element, length);
	char literal[SCN_NAME];

	if (capitals(element))
		return read_argument(a, kind);
	if (!lex_is(&a->p->lex, element, length)) {
		snprintf(literal, sizeof(literal), "%.*s", (int)length,
			 element);
		return expected(a, literal);
	}
	lex_next(&a->p->lex);
	if (kind)
		keep(a, kind->arg,
		     scn_find_word(kind->words, element, length)->value);
	return true;
}

static bool read_pattern(struct attempt *a, const char *pattern)
{
	size_t n;

	for (; (n = scn_element(&pattern)); pattern += n) {
		if (*pattern == ']')
			continue;
		if (*pattern == '[') {
			const struct scn_kind *kind;
			const char *inner = pattern + 1;
			size_t length = scn_element(&inner);

			if (begins(a, inner, length))
				continue;
			kind = scn_kind(inner, length);
			if (capitals(inner))
				skip(a, kind->what, strlen(kind->what));
			else
				skip(a, inner, length);
			n = strcspn(pattern, "]");
			continue;
		}
		if (!read_element(a, pattern, n))
			return false;
	}
	return true;
}

/* "= STATUS [BYTES]" */
static bool read_want(struct attempt *a, const struct scn_form *form)
{
	static const struct scn_kind status = { "STATUS", SCN_A_WANT,
						SCN_K_WORD, scn_statuses,
						"a status" };
	static const struct scn_kind done = { "BYTES", SCN_A_DONE, SCN_K_NUMBER,
					      NULL, "bytes" };

	if (!(form->flags & SCN_F_WANT))
		return true;
	if (!lex_is(&a->p->lex, "=", 1)) {
		skip(a, "= and a status", 14);
		return true;
	}
	lex_next(&a->p->lex);
	if (!read_word(a, &status))
		return false;
	if (!(form->flags & SCN_F_DONE) || a->p->lex.token.kind != LEX_NUMBER)
		return true;
	return read_number(a, &done);
}

/* ----------------------------------------------------------------- defaults */

static uint64_t rest_of_run(const struct scn *s, uint64_t pa)
{
	for (uint32_t i = 0; i < s->run_count; i++) {
		const struct scn_run *r = &s->runs[i];

		if (pa >= r->pa && pa - r->pa < r->pages * PAGE)
			return r->pages * PAGE - (pa - r->pa);
	}
	return PAGE;
}

static void add_defaults(const struct scn *s, struct scn_step *step)
{
	bool pages = step->has & 1ull << SCN_A_PA;

	if (!(step->has & 1ull << SCN_A_SIZE))
		step->arg[SCN_A_SIZE] =
			pages ? rest_of_run(s, step->arg[SCN_A_PA]) : PAGE;
	if (!(step->has & 1ull << SCN_A_TIMES))
		step->arg[SCN_A_TIMES] = 1;
	if (!(step->has & 1ull << SCN_A_SMMU) && step->has & 1ull << SCN_A_DEV)
		step->arg[SCN_A_SMMU] = s->devices[step->arg[SCN_A_DEV]].smmu;
}

/* --------------------------------------------------------------- statements */

static bool unknown_verb(struct parse *p)
{
	const struct lex_token *t = &p->lex.token;
	struct scn_near near;

	if (t->kind != LEX_WORD)
		return parse_expected(p, "a statement");
	scn_near_begin(&near, t->text, t->length);
	for (uint32_t i = 0; i < scn_form_count; i++)
		scn_near_try(&near, scn_forms[i].verb);
	scn_near_try(&near, "machine");
	scn_near_try(&near, "device");
	scn_near_try(&near, "pages");
	parse_wrong(p, t, "no such statement: %.*s", (int)(t->length % 64),
		    t->text);
	if (scn_near_end(&near))
		return parse_hint(p, "is %s meant?", scn_near_end(&near));
	return parse_hint(p, "hypiommu run --syntax lists them");
}

static bool try_form(struct parse *p, const struct scn_form *form, bool named,
		     struct scn_step *step)
{
	struct attempt a = { .p = p, .step = *step };
	const struct lex_token at = p->lex.token;

	a.step.verb = form->id;
	a.step.form = (uint32_t)(form - scn_forms);
	if (named && !(form->flags & SCN_F_WHO))
		return parse_wrong(p, &at, "nobody in particular does this: %s",
				   form->verb);
	lex_next(&p->lex);
	if (!read_pattern(&a, form->pattern) || !read_want(&a, form))
		return false;
	if (p->lex.token.kind != LEX_END)
		return expected(&a, "the end of the line");
	add_defaults(p->s, &a.step);
	*step = a.step;
	return true;
}

/* The forms of a verb in turn; of all errors the one furthest to the right. */
static bool try_forms(struct parse *p, bool named, struct scn_step *step)
{
	const struct lex here = p->lex;
	struct scn_error furthest = { 0 }, *const error = p->error;
	bool known = false;

	for (uint32_t i = 0; i < scn_form_count; i++) {
		const struct scn_form *form = &scn_forms[i];
		struct scn_error this = { 0 };

		if (!lex_is(&here, form->verb, strlen(form->verb)))
			continue;
		known = true;
		p->lex = here;
		p->error = &this;
		if (try_form(p, form, named, step)) {
			p->error = error;
			return true;
		}
		if (this.column > furthest.column)
			furthest = this;
	}
	p->error = error;
	if (!known)
		return unknown_verb(p);
	*p->error = furthest;
	return false;
}

bool parse_statement(struct parse *p)
{
	struct scn *s = p->s;
	struct scn_step step = { .line = p->line };
	const struct lex_token at = p->lex.token;
	uint32_t principal;
	bool named = scn_principal(at.text, at.length, &principal);

	if (s->step_count == SCN_STEPS)
		return parse_wrong(p, &at, "more than %u statements",
				   SCN_STEPS);
	step.column = at.column;
	if (named) {
		scn_set(&step, SCN_A_WHO, principal);
		lex_next(&p->lex);
	}
	if (!try_forms(p, named, &step))
		return false;
	s->steps[s->step_count++] = step;
	return true;
}
