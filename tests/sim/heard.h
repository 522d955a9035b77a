/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* What a simulator reported: a member `heard` of the machine of each fixture.
 */
#ifndef TEST_SIM_HEARD_H
#define TEST_SIM_HEARD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct heard {
	unsigned int reports;
	char last[256];
};

static inline void on_report(void *ctx, const char *what)
{
	struct heard *h = ctx;

	h->reports++;
	snprintf(h->last, sizeof(h->last), "%s", what);
}

#define assert_reported(m, text)                                \
	do {                                                    \
		assert_true((m)->heard.reports > 0);            \
		if (!strstr((m)->heard.last, text))             \
			fail_msg("reported \"%s\", not \"%s\"", \
				 (m)->heard.last, text);        \
		(m)->heard.reports = 0;                         \
	} while (0)

#define assert_quiet(m)                                               \
	do {                                                          \
		if ((m)->heard.reports)                               \
			fail_msg("reported \"%s\"", (m)->heard.last); \
	} while (0)

#endif /* TEST_SIM_HEARD_H */
