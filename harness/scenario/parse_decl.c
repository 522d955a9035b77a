// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Declarations: the machine, its devices, runs of pages. */
#include <string.h>

#include "parse_priv.h"

#define PAGE 4096ull

/* ---------------------------------------------------------------- machine */

static bool unknown(struct parse *p, const char *what, const char *near)
{
	const struct lex_token *t = &p->lex.token;

	parse_wrong(p, t, "no such %s: %.*s", what, (int)(t->length % 64),
		    t->text);
	return near ? parse_hint(p, "is %s meant?", near) : false;
}

static bool word_value(struct parse *p, const struct scn_word *words,
		       const char *what, uint64_t *value)
{
	const struct lex_token *t = &p->lex.token;
	const struct scn_word *w = scn_find_word(words, t->text, t->length);
	struct scn_near near;

	if (w) {
		*value = w->value;
		lex_next(&p->lex);
		return true;
	}
	if (t->kind != LEX_WORD)
		return parse_expected(p, what);
	scn_near_begin(&near, t->text, t->length);
	for (; words->text; words++)
		scn_near_try(&near, words->text);
	return unknown(p, what, scn_near_end(&near));
}

static int option_here(const struct parse *p)
{
	for (int i = 0; i < SCN_O_COUNT; i++) {
		const char *name = scn_options[i].name;

		if (lex_is(&p->lex, name, strlen(name)))
			return i;
	}
	return -1;
}

static bool unknown_option(struct parse *p)
{
	const struct lex_token *t = &p->lex.token;
	struct scn_near near;

	if (t->kind != LEX_WORD)
		return parse_expected(p, "an option");
	scn_near_begin(&near, t->text, t->length);
	for (int i = 0; i < SCN_O_COUNT; i++)
		scn_near_try(&near, scn_options[i].name);
	return unknown(p, "option", scn_near_end(&near));
}

static bool option_value(struct parse *p, int i)
{
	const struct scn_option *o = &scn_options[i];
	const struct scn_word *words = scn_option_words((enum scn_option_id)i);
	const struct lex_token at = p->lex.token;
	uint64_t *value = &p->s->machine.value[i];

	if (!o->value)
		return true;
	if (words)
		return word_value(p, words, o->value, value);
	if (!parse_number(p, o->value, o->max, value))
		return false;
	if (*value < o->min)
		return parse_wrong(p, &at, "%s is at least %llu", o->name,
				   (unsigned long long)o->min);
	return true;
}

static bool soc_known(struct parse *p, const struct lex_token *at)
{
	const struct scn_machine *m = &p->s->machine;
	uint64_t soc = m->value[SCN_O_SOC];

	if (!(m->has & 1u << SCN_O_SOC) || soc == 30 || soc == 114 ||
	    soc == 124 || soc == 210)
		return true;
	return parse_wrong(p, at, "there is no classic SMMU in a Tegra%llu",
			   (unsigned long long)soc);
}

bool parse_machine(struct parse *p)
{
	struct scn_machine *m = &p->s->machine;
	uint64_t kind;

	if (p->machine_seen || p->s->device_count || p->s->run_count)
		return parse_wrong(p, &p->lex.token,
				   "the machine is the first thing to declare, "
				   "and once");
	p->machine_seen = true;
	if (!word_value(p, scn_machines, "kind of machine", &kind))
		return parse_hint(p, "smmuv3, smmuv2, tegra234 or classic");
	m->kind = (enum machine_kind)kind;
	while (p->lex.token.kind != LEX_END) {
		const struct lex_token at = p->lex.token;
		int i = option_here(p);

		if (i < 0)
			return unknown_option(p);
		if (!(scn_options[i].kinds & 1u << m->kind))
			return parse_wrong(p, &at, "%s has no option %s",
					   scn_word_of(scn_machines, kind),
					   scn_options[i].name);
		lex_next(&p->lex);
		m->has |= 1u << i;
		if (!option_value(p, i) || !soc_known(p, &at))
			return false;
	}
	return true;
}

/* ---------------------------------------------------------------- devices */

static bool device_detail(struct parse *p, struct scn_device *d)
{
	uint64_t n = 0;
	bool ok;

	if (lex_is(&p->lex, "undeclared", 10)) {
		d->standing = SCN_UNDECLARED;
		lex_next(&p->lex);
		return true;
	}
	if (lex_is(&p->lex, "firmware", 8)) {
		d->standing = SCN_FIRMWARE;
		lex_next(&p->lex);
		return true;
	}
	if (lex_is(&p->lex, "stream", 6)) {
		lex_next(&p->lex);
		ok = parse_number(p, "a stream ID", 0xffff, &n);
		d->sid = (uint32_t)n;
		return ok;
	}
	if (lex_is(&p->lex, "smmu", 4)) {
		lex_next(&p->lex);
		ok = parse_number(p, "the number of an SMMU", 2, &n);
		d->smmu = (uint32_t)n;
		return ok;
	}
	if (lex_is(&p->lex, "client", 6)) {
		lex_next(&p->lex);
		ok = parse_number(p, "a memory client", 0x1fff, &n);
		d->client = (uint32_t)n;
		d->has_client = true;
		return ok;
	}
	return parse_expected(p, "stream, smmu, client, firmware, undeclared "
				 "or the end of the line");
}

static bool needs_client(const struct parse *p)
{
	return p->s->machine.kind == MACHINE_TEGRA234 ||
	       p->s->machine.kind == MACHINE_TEGRA_SMMU;
}

bool parse_device(struct parse *p)
{
	struct scn *s = p->s;
	struct scn_device *d = &s->devices[s->device_count];
	const struct lex_token at = p->lex.token;

	if (s->device_count == SCN_DEVICES)
		return parse_wrong(p, &at, "more than %u devices", SCN_DEVICES);
	*d = (struct scn_device){ .sid = s->device_count + 1 };
	if (!parse_new_name(p, "a name for the device", d->name))
		return false;
	if (scn_device_named(s, at.text, at.length) >= 0)
		return parse_wrong(p, &at, "%s is declared already", d->name);
	while (p->lex.token.kind != LEX_END) {
		if (!device_detail(p, d))
			return false;
	}
	if (needs_client(p) && !d->has_client) {
		parse_wrong(p, &at,
			    "on this machine a device has a memory "
			    "client");
		return parse_hint(p, "device %s client 0x15", d->name);
	}
	if (!needs_client(p) && d->has_client)
		return parse_wrong(p, &at,
				   "this machine has no memory "
				   "clients");
	s->device_count++;
	return true;
}

/* ------------------------------------------------------------------ pages */

static bool place_run(struct parse *p, const struct lex_token *at,
		      struct scn_run *run)
{
	const uint64_t end = MACHINE_RAM_BASE + SCN_LOW_POOL;
	struct scn *s = p->s;

	if (lex_is(&p->lex, "at", 2)) {
		const struct lex_token where = p->lex.token;

		lex_next(&p->lex);
		if (!parse_address(p, &run->pa))
			return false;
		if (run->pa % PAGE || run->pa + run->pages * PAGE < run->pa)
			return parse_wrong(p, &where,
					   "pages lie at a multiple of 4K, "
					   "and end before 2^64");
		return true;
	}
	run->pa = s->next_page;
	if (run->pages * PAGE > end - s->next_page)
		return parse_wrong(
			p, at, "RAM has %llu pages left",
			(unsigned long long)((end - s->next_page) / PAGE));
	s->next_page += run->pages * PAGE;
	return true;
}

bool parse_pages(struct parse *p)
{
	struct scn *s = p->s;
	struct scn_run *run = &s->runs[s->run_count];
	const struct lex_token at = p->lex.token;

	if (s->run_count == SCN_RUNS)
		return parse_wrong(p, &at, "more than %u runs of pages",
				   SCN_RUNS);
	*run = (struct scn_run){ .pages = 1 };
	if (!parse_new_name(p, "a name for the pages", run->name))
		return false;
	if (scn_run_named(s, at.text, at.length))
		return parse_wrong(p, &at, "%s is declared already", run->name);
	if (p->lex.token.kind == LEX_NUMBER &&
	    !parse_number(p, "a number of pages", SCN_RAM_SIZE / PAGE,
			  &run->pages))
		return false;
	if (!run->pages)
		return parse_wrong(p, &at, "no page at all");
	if (!place_run(p, &at, run))
		return false;
	s->run_count++;
	return true;
}
