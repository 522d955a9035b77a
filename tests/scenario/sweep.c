// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * sweep SAMPLE KIND FILE...: the scenarios with each fault of a kind in turn.
 * For libraries with something broken in them: the first finding on stdout, and
 * exit 1.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

#define MAX_TEXT 65536u

static enum scn_fault_kind kind_of(const char *name)
{
	for (int kind = 1; kind < SCN_FAULTS; kind++) {
		if (!strcmp(scn_fault_name((enum scn_fault_kind)kind), name))
			return (enum scn_fault_kind)kind;
	}
	return SCN_FAULT_NONE;
}

static struct scn *load(const char *name)
{
	static char text[MAX_TEXT];
	struct scn *s = scn_new();
	struct scn_error error;
	FILE *in = fopen(name, "r");
	size_t n = in ? fread(text, 1, sizeof(text), in) : 0;

	if (!in || !s || scn_parse(s, text, n, &error)) {
		fprintf(stderr, "cannot read %s\n", name);
		exit(2);
	}
	fclose(in);
	return s;
}

static int sweep_file(const char *name, const struct scn_sweep *sweep)
{
	struct scn *s = load(name);
	struct scn_swept swept;
	int err = scn_sweep(s, sweep, &swept);

	if (err)
		fprintf(stderr, "%s: fails without a fault\n", name);
	else if (swept.failed_at)
		printf("%s:%" PRIu64 " %s\n", scn_fault_name(sweep->kind),
		       swept.failed_at, swept.worst.text);
	scn_free(s);
	return err ? 2 : swept.failed_at != 0;
}

int main(int argc, char **argv)
{
	struct scn_sweep sweep = { 0 };
	int status = 0;

	if (argc < 4)
		return 2;
	sweep.sample = strtoull(argv[1], NULL, 0);
	sweep.kind = kind_of(argv[2]);
	if (!sweep.kind)
		return 2;
	for (int i = 3; i < argc && !status; i++)
		status = sweep_file(argv[i], &sweep);
	return status;
}
