/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* hypiommu run: what its files share. */
#ifndef RUN_CMD_H
#define RUN_CMD_H

#include "json.h"
#include "scenario.h"

struct run {
	bool quiet, print, as_json, fail_all;
	struct json json;
	struct scn_fault fault; /* --fail */
	struct scn_fault only;	/* --kind, or kind 0 */
	struct scn_sweep sweep;
	unsigned int played, good, unreadable;
	uint64_t steps, checks, faults;
};

/* FILE:LINE:COLUMN: WHAT: TEXT, and the hint; line 0: of the whole file. */
void run_complain(const char *name, uint32_t line, uint32_t column,
		  const char *what, const char *text, const char *hint);

/* run_fail.c: "KIND:K", or "KIND"; an exit code. */
int run_fault(const char *text, bool numbered, struct scn_fault *fault);
bool run_number(const char *text, uint64_t *value);
/* Every fault of a scenario. */
void run_sweep(struct run *r, const char *name, const struct scn *s);

#endif /* RUN_CMD_H */
