// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Whether a run is explained by one call coming before the other. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "race_priv.h"

/* ----------------------------------------------------------- what is wrong */

void race_add(struct race *r, const char *fmt, ...)
{
	char *what = r->failure->what;
	size_t n = strlen(what);
	va_list args;

	va_start(args, fmt);
	vsnprintf(what + n, sizeof(r->failure->what) - n, fmt, args);
	va_end(args);
}

void race_add_results(struct race *r, const char *when, const struct outcome *o)
{
	char text[RESULT_TEXT];

	race_add(r, "%s", when);
	for (unsigned int i = 0; i < SCHED_CPUS; i++) {
		race_result_text(r->calls[i], &o->results[i], text);
		race_add(r, "%s%c %s", i ? "; " : "", 'A' + (int)i, text);
	}
	race_add(r, "\n");
}

/* The lines of text that are not in other. */
static void add_lines(struct race *r, const char *mark, const char *text,
		      const char *other)
{
	for (const char *end; *text; text = end + 1) {
		const char *at = other;
		size_t n;

		end = strchr(text, '\n');
		n = (size_t)(end - text) + 1;
		while (*at && strncmp(at, text, n) != 0)
			at = strchr(at, '\n') + 1;
		if (!*at)
			race_add(r, "      %s %.*s", mark, (int)n, text);
	}
}

static void add_difference(struct race *r)
{
	race_add(r, "results and state are those of neither order\n");
	race_add_results(r, "    now:      ", &r->now);
	for (unsigned int i = 0; i < SCHED_CPUS; i++) {
		race_add_results(r, i ? "    B before A: " : "    A before B: ",
				 &r->order[i]);
		add_lines(r, "now", r->now.state, r->order[i].state);
		add_lines(r, "not", r->order[i].state, r->now.state);
	}
}

/* --------------------------------------------------------- what is allowed */

static bool same_results(const struct outcome *a, const struct outcome *b)
{
	return !memcmp(a->results, b->results, sizeof(a->results));
}

static bool same(const struct outcome *a, const struct outcome *b)
{
	return same_results(a, b) && !strcmp(a->state, b->state);
}

/*
 * What one call holds in passing another may meet: pages pinned by a map that
 * is refused in the end, table pages of a call that gives them back, an SMMU on
 * its way through a reset. Refused so, a call has done nothing: the other one
 * must have run as if alone.
 */
static bool refused_in_passing(struct race *r, unsigned int i)
{
	int status = (int)(int64_t)r->now.results[i].x[0];
	const struct outcome *alone;

	if (status != HYPIOMMU_E_BUSY && status != HYPIOMMU_E_NOMEM &&
	    (status != HYPIOMMU_E_BROKEN || r->calls[1 - i]->op != OP_RESET))
		return false;
	alone = race_alone(r, 1 - i);
	return alone &&
	       !memcmp(&r->now.results[1 - i], &alone->results[1 - i],
		       sizeof(alone->results[0])) &&
	       !strcmp(r->now.state, alone->state);
}

/*
 * An unmap whose invalidation found the SMMU suspended says BROKEN and how far
 * it got, and so does a map of a list; after a reset and a sync that is what as
 * much of it before the suspension did.
 */
static bool finished_by_reset(const struct race *r, const struct outcome *order)
{
	struct outcome full = r->now;

	for (unsigned int i = 0; i < SCHED_CPUS; i++) {
		struct race_result *res = &full.results[i];

		if ((int)(int64_t)res->x[0] == HYPIOMMU_E_BROKEN && res->x[1] &&
		    res->x[1] == order->results[i].x[1])
			*res = order->results[i];
	}
	return !same_results(&full, &r->now) && same(&full, order);
}

static bool in_an_order(const struct race *r, unsigned int cpu)
{
	for (unsigned int i = 0; i < SCHED_CPUS; i++) {
		if (!memcmp(&r->now.results[cpu], &r->order[i].results[cpu],
			    sizeof(r->now.results[cpu])))
			return true;
	}
	return false;
}

/*
 * Hardware failed under one call, and the other met that half way, or went on
 * where it would have been refused: how far each got is open. One of them must
 * say so; the other says so, was refused what the first still held, or gives
 * the answer of an order. finish() has seen that nothing is left over once the
 * hardware is mended and reset.
 */
static bool spoiled_by_hardware(const struct race *r)
{
	bool said = false;

	for (unsigned int i = 0; i < SCHED_CPUS; i++) {
		switch ((int)(int64_t)r->now.results[i].x[0]) {
		case HYPIOMMU_E_TIMEOUT:
		case HYPIOMMU_E_HW:
		case HYPIOMMU_E_BROKEN:
			said = true;
			break;
		case HYPIOMMU_E_AGAIN:
		case HYPIOMMU_E_BUSY:
		case HYPIOMMU_E_NOMEM:
			break;
		default:
			if (!in_an_order(r, i))
				return false;
		}
	}
	return said && r->fired;
}

bool race_explained(struct race *r)
{
	if (same(&r->now, &r->order[0]) || same(&r->now, &r->order[1]))
		return true;
	if (refused_in_passing(r, 0) || refused_in_passing(r, 1)) {
		r->stats.transient++;
		return true;
	}
	if (finished_by_reset(r, &r->order[0]) ||
	    finished_by_reset(r, &r->order[1])) {
		r->stats.finished++;
		return true;
	}
	if (spoiled_by_hardware(r)) {
		r->stats.spoiled++;
		return true;
	}
	add_difference(r);
	return false;
}
