// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* hypiommu, the program: the table of its commands. */
#include <stdio.h>
#include <string.h>

#include "cli.h"

struct command {
	const char *name;
	char *full; /* what getopt calls it in its messages */
	const char *what;
	int (*run)(int argc, char **argv);
};

static char replay_name[] = "hypiommu replay";
static char attack_name[] = "hypiommu attack";
static char draw_name[] = "hypiommu draw";
static char run_name[] = "hypiommu run";
static char explore_name[] = "hypiommu explore";
static char board_name[] = "hypiommu board";
static char race_name[] = "hypiommu race";

static const struct command commands[] = {
	{ "replay", replay_name,
	  "let the library decide the IOMMU traffic of a recorded Linux",
	  cmd_replay },
	{ "attack", attack_name, "let a hostile host try what it must not get",
	  cmd_attack },
	{ "draw", draw_name, "draw the address path of a live machine",
	  cmd_draw },
	{ "run", run_name,
	  "play scenarios, text files that say what must happen", cmd_run },
	{ "explore", explore_name,
	  "make every sequence of calls on a small machine, shortest first",
	  cmd_explore },
	{ "board", board_name, "list what a device tree says of DMA",
	  cmd_board },
	{ "race", race_name,
	  "let two CPUs make two calls at once, in every way", cmd_race },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static int help(void)
{
	printf("hypiommu: libhypiommu, exactly as it runs at EL2, on a "
	       "simulated machine\n\n");
	for (size_t i = 0; i < COMMANDS; i++)
		printf("  hypiommu %-8s %s\n", commands[i].name,
		       commands[i].what);
	printf("  hypiommu help     this; \"hypiommu COMMAND --help\" says "
	       "more\n"
	       "  hypiommu --version\n\n"
	       "Exit codes: 0 good; 1 a violation, or an attack got through;\n"
	       "2 bad usage or bad input.\n");
	return CLI_OK;
}

static int help_on(const char *name)
{
	char option[] = "--help";

	for (size_t i = 0; i < COMMANDS; i++) {
		char *argv[] = { commands[i].full, option, NULL };

		if (!strcmp(name, commands[i].name))
			return commands[i].run(2, argv);
	}
	return cli_usage("hypiommu", "no such command: %s", name);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "help";

	if (!strcmp(name, "help") && argc > 2)
		return help_on(argv[2]);
	if (!strcmp(name, "help") || !strcmp(name, "--help") ||
	    !strcmp(name, "-h"))
		return help();
	if (!strcmp(name, "--version")) {
		printf("hypiommu %s\n", HYPIOMMU_VERSION);
		return CLI_OK;
	}
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(name, commands[i].name) != 0)
			continue;
		argv[1] = commands[i].full;
		return commands[i].run(argc - 1, argv + 1);
	}
	return cli_usage("hypiommu", "no such %s: %s",
			 name[0] == '-' ? "option" : "command", name);
}
