// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Words, names and principals, and which of them somebody meant. */
#include <stdio.h>
#include <string.h>

#include "forms.h"

#define E(name)                                             \
	{                                                   \
#name, (uint64_t)(int64_t)HYPIOMMU_E_##name \
	}
const struct scn_word scn_statuses[] = {
	{ "OK", 0 }, E(INVAL),	E(RANGE),    E(NOENT),	     E(EXIST),
	E(PERM),     E(BUSY),	E(NOMEM),    E(NOSPC),	     E(OVERFLOW),
	E(TIMEOUT),  E(BROKEN), E(PHASE),    E(UNSUPPORTED), E(AGAIN),
	E(HW),	     E(NOSYS),	{ NULL, 0 },
};

const struct scn_word scn_places[] = {
	{ "ram", MACHINE_RAM_BASE },
	{ "el2", MACHINE_EL2_BASE },
	{ "donor", MACHINE_DONOR_BASE },
	{ NULL, 0 },
};

const struct scn_word *scn_find_word(const struct scn_word *words,
				     const char *text, size_t length)
{
	for (; words && words->text; words++) {
		if (strlen(words->text) == length &&
		    !memcmp(words->text, text, length))
			return words;
	}
	return NULL;
}

const char *scn_word_of(const struct scn_word *words, uint64_t value)
{
	for (; words && words->text; words++) {
		if (words->value == value)
			return words->text;
	}
	return NULL;
}

/* ------------------------------------------------------------ principals */

bool scn_principal(const char *text, size_t length, uint32_t *principal)
{
	uint32_t n = 0;

	if (length == 4 && !memcmp(text, "host", 4)) {
		*principal = HYPIOMMU_HOST;
		return true;
	}
	if (length == 3 && !memcmp(text, "hyp", 3)) {
		*principal = HYPIOMMU_HYP;
		return true;
	}
	if (length < 6 || length > 8 || memcmp(text, "guest", 5) != 0)
		return false;
	for (size_t i = 5; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		n = 10 * n + (uint32_t)(text[i] - '0');
	}
	*principal = HYPIOMMU_GUEST(n);
	return n < HYPIOMMU_GUESTS && (text[5] != '0' || length == 6);
}

void scn_principal_name(uint32_t principal, char name[SCN_NAME])
{
	if (principal == HYPIOMMU_HOST)
		snprintf(name, SCN_NAME, "host");
	else if (principal == HYPIOMMU_HYP)
		snprintf(name, SCN_NAME, "hyp");
	else
		snprintf(name, SCN_NAME, "guest%u",
			 principal - HYPIOMMU_GUEST(0));
}

/* ---------------------------------------------------------------- symbols */

static bool is(const char *name, const char *text, size_t length)
{
	return strlen(name) == length && !memcmp(name, text, length);
}

int scn_device_named(const struct scn *s, const char *text, size_t length)
{
	for (uint32_t i = 0; i < s->device_count; i++) {
		if (is(s->devices[i].name, text, length))
			return (int)i;
	}
	return -1;
}

int scn_domain_named(const struct scn *s, const char *text, size_t length)
{
	for (uint32_t i = 0; i < s->domain_count; i++) {
		if (is(s->domains[i], text, length))
			return (int)i;
	}
	return -1;
}

const struct scn_run *scn_run_named(const struct scn *s, const char *text,
				    size_t length)
{
	for (uint32_t i = 0; i < s->run_count; i++) {
		if (is(s->runs[i].name, text, length))
			return &s->runs[i];
	}
	return NULL;
}

/* -------------------------------------------------------------- nearness */

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int least = a < b ? a : b;

	return least < c ? least : c;
}

/* Levenshtein's distance, of short words. */
static unsigned int distance(const char *a, size_t an, const char *b, size_t bn)
{
	unsigned int row[SCN_NAME + 1];

	if (an > SCN_NAME || bn > SCN_NAME)
		return SCN_NAME;
	for (size_t j = 0; j <= bn; j++)
		row[j] = (unsigned int)j;
	for (size_t i = 1; i <= an; i++) {
		unsigned int diagonal = row[0];

		row[0] = (unsigned int)i;
		for (size_t j = 1; j <= bn; j++) {
			unsigned int up = row[j];

			row[j] = min3(up + 1, row[j - 1] + 1,
				      diagonal + (a[i - 1] != b[j - 1]));
			diagonal = up;
		}
	}
	return row[bn];
}

void scn_near_begin(struct scn_near *n, const char *text, size_t length)
{
	*n = (struct scn_near){ text, length, NULL, 3 };
}

void scn_near_try(struct scn_near *n, const char *name)
{
	unsigned int d = distance(n->text, n->length, name, strlen(name));

	if (d >= n->distance || d >= n->length)
		return;
	n->distance = d;
	n->best = name;
}

const char *scn_near_end(const struct scn_near *n)
{
	return n->best;
}
