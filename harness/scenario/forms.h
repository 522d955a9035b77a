/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The grammar: what parser, printer and help share. */
#ifndef SCENARIO_FORMS_H
#define SCENARIO_FORMS_H

#include "scenario.h"

/* A word that stands for a value. */
struct scn_word {
	const char *text;
	uint64_t value;
};

/*
 * One form of a statement. The pattern is a list of elements: a word of small
 * letters or a sign stands for itself, one of capitals for an argument
 * (scn_kinds), [ and ] enclose what may be left out.
 */
struct scn_form {
	const char *verb, *pattern, *what;
	enum scn_verb id;
	unsigned int flags;
};
#define SCN_F_WHO  1u /* a principal may stand before it; else the host does */
#define SCN_F_WANT 2u /* "= STATUS" may follow; else it must succeed */
#define SCN_F_DONE 4u /* and "= STATUS BYTES" */

extern const struct scn_form scn_forms[];
extern const uint32_t scn_form_count;

enum scn_class {
	SCN_K_NUMBER,  /* decimal or 0x, K M G */
	SCN_K_ADDRESS, /* a number, or NAME + number */
	SCN_K_WORD,    /* one of a list */
	SCN_K_WHO,     /* host, hyp, guestN */
	SCN_K_DOMAIN,  /* a name from "alloc", or #N */
	SCN_K_NEWDOM,  /* any name */
	SCN_K_DEVICE,
	SCN_K_NUMBERS, /* up to SCN_XS */
};
struct scn_kind {
	const char *name; /* in patterns */
	enum scn_arg arg;
	enum scn_class class;
	const struct scn_word *words;
	const char *what; /* in messages */
};
const struct scn_kind *scn_kind(const char *name, size_t length);

extern const struct scn_word scn_statuses[];
const char *scn_word_of(const struct scn_word *words, uint64_t value);
/* The word that text of this length is, or NULL. */
const struct scn_word *scn_find_word(const struct scn_word *words,
				     const char *text, size_t length);

/* Principals: "host", "hyp", "guest7". */
bool scn_principal(const char *text, size_t length, uint32_t *principal);
void scn_principal_name(uint32_t principal, char name[SCN_NAME]);

/* The next element of a pattern: its length, 0 at the end. */
size_t scn_element(const char **pattern);

/* Of the machine line. */
struct scn_option {
	const char *name;
	const char *value; /* what it is called, NULL: the option has none */
	uint64_t min, max;
	unsigned int kinds; /* bits by enum machine_kind */
	const char *what;
};
enum scn_option_id {
	SCN_O_NONCOHERENT,
	SCN_O_PAGES_ONLY,
	SCN_O_LINEAR,
	SCN_O_SIDS,
	SCN_O_CMDQ,
	SCN_O_EVTQ,
	SCN_O_ONE_STAGE,
	SCN_O_ASID8,
	SCN_O_MIRRORED,
	SCN_O_INDEXING,
	SCN_O_BANKS,
	SCN_O_MATCHES,
	SCN_O_FORMAT,
	SCN_O_BOOT,
	SCN_O_SOC,
	SCN_O_DOMAINS,
	SCN_O_TABLES,
	SCN_O_TIMEOUT,
	SCN_O_OBSERVE,
	SCN_O_TRUSTED,
	SCN_O_RESTLESS,
	SCN_O_DELEGATED,
	SCN_O_COUNT
};
extern const struct scn_option scn_options[SCN_O_COUNT];
extern const struct scn_word scn_machines[];
/* Names of an option's values, NULL where it takes a number. */
const struct scn_word *scn_option_words(enum scn_option_id option);

/* Places every machine has, by the start of a range of physical addresses. */
extern const struct scn_word scn_places[];

/* The name in a list that text is nearest to, or NULL if none is near. */
struct scn_near {
	const char *text;
	size_t length;
	const char *best;
	unsigned int distance;
};
void scn_near_begin(struct scn_near *n, const char *text, size_t length);
void scn_near_try(struct scn_near *n, const char *name);
const char *scn_near_end(const struct scn_near *n);

/* From the symbols of a scenario. */
int scn_device_named(const struct scn *s, const char *text, size_t length);
int scn_domain_named(const struct scn *s, const char *text, size_t length);
const struct scn_run *scn_run_named(const struct scn *s, const char *text,
				    size_t length);
/* The address as NAME, NAME+offset or a number. */
void scn_print_address(const struct scn *s, uint64_t pa, FILE *out);
void scn_print_size(uint64_t size, FILE *out);

#endif /* SCENARIO_FORMS_H */
