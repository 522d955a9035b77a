// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* hypiommu draw: the command line, and Graphviz. */
#include <errno.h>
#include <getopt.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "board_machine.h"
#include "cli.h"
#include "draw.h"

#define COMMAND "hypiommu draw"

extern char **environ;

static const char help_text[] =
	"usage: hypiommu draw -o FILE.svg|FILE.dot [--stage 1|2] [--board "
	"FILE.dtb]\n"
	"\n"
	"Brings up a small machine by hypercalls and draws what its devices "
	"reach:\n"
	"device, stream, stream table entry, context descriptor, tables, and "
	"pages by\n"
	"owner, as they stand in memory and registers; what was refused is "
	"grey and\n"
	"dotted. On a Tegra234: memory client, stream-ID override, stream "
	"match and\n"
	"context bank of every register frame.\n"
	"\n"
	"  -o FILE           the picture; .svg needs Graphviz' dot, .dot is "
	"its input\n"
	"  --stage 1|2       all domains of this stage (default: some of "
	"each)\n"
	"  --board FILE.dtb  the machine of this device tree: four masters of "
	"a Tegra234\n"
	"                    or of the first SMMUv3\n"
	"  -h, --help        this\n"
	"\n"
	"Exit codes: 0 drawn; 1 a violation while drawing; 2 bad usage, no "
	"device tree\n"
	"that can be used, no Graphviz, or the file cannot be written.\n";

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n > m && !strcmp(text + n - m, end);
}

static int write_dot(struct scene *scene, const char *path)
{
	FILE *out = fopen(path, "w");
	bool good;

	if (!out)
		return cli_fail("%s: %s", path, strerror(errno));
	good = draw_dot(scene, out);
	if (fclose(out) || !good)
		return cli_fail("%s: %s", path, strerror(errno));
	return 0;
}

/* dot -Tsvg -o path, with `in` as its standard input. */
static int run_dot(FILE *in, const char *path)
{
	char *argv[] = { (char *)"dot", (char *)"-Tsvg", (char *)"-o",
			 (char *)path, NULL };
	posix_spawn_file_actions_t actions;
	int err, status = 0;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fileno(in), STDIN_FILENO);
	err = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (err == ENOENT)
		return cli_fail("there is no dot to draw with: install "
				"Graphviz (the package graphviz), or ask for "
				"a .dot file");
	if (err)
		return cli_fail("dot: %s", strerror(err));
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (status)
		return cli_fail("%s: dot failed to draw it", path);
	return 0;
}

static int write_svg(struct scene *scene, const char *path)
{
	FILE *dot = tmpfile();
	int code;

	if (!dot)
		return cli_fail("no temporary file: %s", strerror(errno));
	if (!draw_dot(scene, dot) || fflush(dot) || fseek(dot, 0, SEEK_SET))
		code = cli_fail("temporary file: %s", strerror(errno));
	else
		code = run_dot(dot, path);
	fclose(dot);
	return code;
}

static int draw(const char *path, unsigned int stage, const struct board *board)
{
	static struct scene scene;
	int code;

	if (!scene_devices(&scene, board))
		return cli_fail("the board has fewer than %u masters to draw, "
				"each with a stream (and memory clients) of "
				"its own",
				SCENE_DEVICES);
	if (!scene_set_up(&scene, stage)) {
		cli_fail("no machine to draw: %s", scene.failed);
		code = CLI_VIOLATION;
	} else if (ends_with(path, ".dot")) {
		code = write_dot(&scene, path);
	} else {
		code = write_svg(&scene, path);
	}
	scene_tear_down(&scene);
	return code;
}

static int draw_board(const char *path, unsigned int stage, const char *tree)
{
	struct board *board = board_open(tree, "draw");
	int code;

	if (!board)
		return CLI_ERROR;
	code = draw(path, stage, board);
	board_free(board);
	return code;
}

int cmd_draw(int argc, char **argv)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "stage", required_argument, NULL, 's' },
		{ "board", required_argument, NULL, 'b' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *path = NULL, *tree = NULL;
	unsigned int stage = 0;
	int opt;

	while ((opt = getopt_long(argc, argv, "ho:", options, NULL)) >= 0) {
		switch (opt) {
		case 'o':
			path = optarg;
			break;
		case 's':
			stage = cli_stage(optarg);
			if (!stage)
				return cli_usage(COMMAND, "not a stage: %s",
						 optarg);
			break;
		case 'b':
			tree = optarg;
			break;
		case 'h':
			fputs(help_text, stdout);
			return CLI_OK;
		default: /* getopt has said what */
			fprintf(stderr, "Try: " COMMAND " --help\n");
			return CLI_ERROR;
		}
	}
	if (optind < argc)
		return cli_usage(COMMAND, "no arguments, and not %s",
				 argv[optind]);
	if (!path)
		return cli_usage(COMMAND, "where to? -o FILE.svg or FILE.dot");
	if (!ends_with(path, ".svg") && !ends_with(path, ".dot"))
		return cli_usage(COMMAND, "neither .svg nor .dot: %s", path);
	return tree ? draw_board(path, stage, tree) : draw(path, stage, NULL);
}
