// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Explores a world, its name or file given, and objects (status 1) if that
 * finds a failure which played again as a scenario fails too. Without an
 * objection: 0.
 *
 *	explorer WORLD STATES [LENGTH]: and the failing sequence has LENGTH
 *moves
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore.h"

static int fail(const char *what)
{
	printf("explorer: %s\n", what);
	return 2;
}

static bool read_world(struct scn *s, const char *name)
{
	static char file[1u << 16];
	const char *text = explore_world(name);
	size_t length = text ? strlen(text) : 0;
	struct scn_error error;
	FILE *in = text ? NULL : fopen(name, "rb");

	if (in) {
		length = fread(file, 1, sizeof(file), in);
		fclose(in);
		text = file;
	}
	return text && !scn_parse(s, text, length, &error);
}

/* Printed, read and played again: does it fail there? */
static bool fails_again(const struct scn *found)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	struct scn *again = scn_new();
	struct scn_result result;
	struct scn_error error;

	if (!out || !again)
		return false;
	scn_print(found, out);
	fclose(out);
	if (scn_parse(again, text, length, &error)) {
		printf("explorer: %s\n%s", error.text, text);
		return false;
	}
	scn_play(again, NULL, &result, NULL);
	free(text);
	scn_free(again);
	return result.failed;
}

static void tell(const struct scn *found, const struct explore_result *r)
{
	printf("%u states, %u moves: %s:", r->states, r->path_length, r->what);
	for (uint32_t i = 0; i < found->step_count; i++) {
		char line[120] = { 0 };
		FILE *out = fmemopen(line, sizeof(line) - 1, "w");

		if (!out)
			return;
		scn_print_step(found, &found->steps[i], out);
		fclose(out);
		line[strcspn(line, "\n")] = '\0';
		printf(" %s;", line);
	}
	printf("\n");
}

int main(int argc, char **argv)
{
	static struct explore_result result;
	struct scn *world = scn_new(), *found;
	struct explore_options options = {
		.world = world,
		.states = argc > 2 ? (uint32_t)atoi(argv[2]) : 1000,
		.depth = EXPLORE_DEPTH,
		.jobs = 1,
	};

	if (argc < 3 || !world || !read_world(world, argv[1]))
		return fail("which world?");
	explore(&options, &result);
	if (result.error[0])
		return fail(result.error);
	if (!result.failed) {
		printf("%u states, nothing to object to\n", result.states);
		return 0;
	}
	found = explore_scenario(world, &result);
	if (!found)
		return fail("out of memory");
	tell(found, &result);
	if (argc > 3 && (uint32_t)atoi(argv[3]) != result.path_length)
		return fail("that is not the shortest sequence");
	if (!result.crashed && !fails_again(found))
		return fail("played again it does not fail");
	scn_free(found);
	scn_free(world);
	return 1;
}
