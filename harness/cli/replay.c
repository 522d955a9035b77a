// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* hypiommu replay: the command line. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "replay.h"

#define COMMAND "hypiommu replay"
#define RAM_END 0xc0000000ull
#define CHECK	64u

static const char help_text[] =
	"usage: hypiommu replay [OPTION]... TRACE[.xz]\n"
	"\n"
	"Replays Linux ftrace text: every map, unmap and attach becomes "
	"hypercalls to\n"
	"the library, which programs a simulated SMMUv3; devices then probe by "
	"DMA\n"
	"what they reach and what they must not. An observer checks all that "
	"any\n"
	"device can reach against who owns it.\n"
	"\n"
	"  --stage 1|2        the translation stage of the domains (default "
	"1)\n"
	"  --guest START-END  donate [START, END) of RAM to a guest first; "
	"maps that\n"
	"                     touch it must be refused. May be given several "
	"times.\n"
	"                     Page-aligned, 0x for hexadecimal.\n"
	"  --board FILE.dtb   replay on the board of a device tree: Tegra234 "
	"(three SMMUv2\n"
	"                     behind its memory controller; DMA begins at "
	"memory clients)\n"
	"                     or one with an SMMUv3. The devices of the "
	"trace become its\n"
	"                     masters in turn; RAM stays the trace's.\n"
	"  --assign DEV=NODE  this device is that master (path or node "
	"name). May be\n"
	"                     given several times.\n"
	"  --check N          the observer looks after every N-th hypercall\n"
	"                     (default 64; 0: only at the end)\n"
	"  --json             one JSON object instead of a table\n"
	"  -h, --help         this\n"
	"\n"
	"The machine: RAM 0x40000000-0xc0000000, one MSI doorbell page at "
	"0x8090000\n"
	"that belongs to the host; on a board whose registers are there "
	"another page\n"
	"takes its place. Operations come from smmu_map, smmu_unmap "
	"and\n"
	"smmu_attach lines if there are any, else from the kernel's map: and "
	"unmap:;\n"
	"those name no domain: it is then a domain for the device of the dma:* "
	"line\n"
	"that fits, else another one, opened whenever a live IOVA is mapped "
	"again.\n"
	"\n"
	"Exit codes: 0 no violation; 1 violations; 2 bad usage, or a file that "
	"is\n"
	"missing, empty, truncated or malformed (said as FILE:LINE: what).\n";

enum {
	OPT_STAGE = 256,
	OPT_GUEST,
	OPT_BOARD,
	OPT_ASSIGN,
	OPT_CHECK,
	OPT_JSON
};

static const struct option long_options[] = {
	{ "stage", required_argument, NULL, OPT_STAGE },
	{ "guest", required_argument, NULL, OPT_GUEST },
	{ "board", required_argument, NULL, OPT_BOARD },
	{ "assign", required_argument, NULL, OPT_ASSIGN },
	{ "check", required_argument, NULL, OPT_CHECK },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

/* A number and the character after it; false if there is none. */
static bool number(const char *text, uint64_t max, char end, uint64_t *value,
		   const char **rest)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = text + (hex ? 2 : 0);
	char *after;

	if (!strchr(hex ? "0123456789abcdefABCDEF" : "0123456789", digits[0]) ||
	    !digits[0])
		return false;
	errno = 0;
	*value = strtoull(digits, &after, hex ? 16 : 10);
	*rest = after + 1;
	return !errno && *after == end && *value <= max;
}

static int add_guest(struct replay_options *o, const char *text)
{
	struct guest_range g;
	const char *rest;

	if (o->guest_count == HYPIOMMU_GUESTS)
		return cli_usage(COMMAND, "more than %u guests",
				 HYPIOMMU_GUESTS);
	if (!number(text, UINT64_MAX, '-', &g.start, &rest) ||
	    !number(rest, UINT64_MAX, '\0', &g.end, &rest))
		return cli_usage(COMMAND, "not a range START-END: %s", text);
	if ((g.start | g.end) & (CLI_PAGE - 1))
		return cli_usage(COMMAND, "not page-aligned: %s", text);
	if (g.start >= g.end)
		return cli_usage(COMMAND, "the range is empty: %s", text);
	if (g.start < MACHINE_RAM_BASE || g.end > RAM_END)
		return cli_usage(COMMAND, "outside RAM: %s", text);
	for (size_t i = 0; i < o->guest_count; i++) {
		if (g.start < o->guests[i].end && o->guests[i].start < g.end)
			return cli_usage(COMMAND,
					 "overlaps another guest's: %s", text);
	}
	o->guests[o->guest_count++] = g;
	return 0;
}

static int add_assign(struct replay_options *o, const char *text)
{
	const char *equals = strchr(text, '=');

	if (!equals || equals == text || !equals[1])
		return cli_usage(COMMAND, "not DEV=NODE: %s", text);
	if (o->assign_count == REPLAY_ASSIGNS)
		return cli_usage(COMMAND, "more than %u times --assign",
				 REPLAY_ASSIGNS);
	o->assigns[o->assign_count++] = (struct replay_assign){
		.device = text,
		.device_length = (size_t)(equals - text),
		.node = equals + 1,
	};
	return 0;
}

static int take_option(struct replay_options *o, int opt, const char *arg)
{
	const char *rest;
	uint64_t n;

	switch (opt) {
	case OPT_STAGE:
		o->stage = cli_stage(arg);
		return o->stage ? 0
				: cli_usage(COMMAND, "not a stage: %s", arg);
	case OPT_GUEST:
		return add_guest(o, arg);
	case OPT_BOARD:
		o->board = arg;
		return 0;
	case OPT_ASSIGN:
		return add_assign(o, arg);
	case OPT_CHECK:
		if (!number(arg, UINT_MAX, '\0', &n, &rest))
			return cli_usage(COMMAND, "not a number: %s", arg);
		o->check = (unsigned int)n;
		return 0;
	case OPT_JSON:
		o->json = true;
		return 0;
	default: /* getopt has said what */
		fprintf(stderr, "Try: " COMMAND " --help\n");
		return CLI_ERROR;
	}
}

int cmd_replay(int argc, char **argv)
{
	struct replay_options options = { .stage = 1, .check = CHECK };
	struct replay r = { .options = &options };
	int opt, code;

	while ((opt = getopt_long(argc, argv, "h", long_options, NULL)) >= 0) {
		if (opt == 'h') {
			fputs(help_text, stdout);
			return CLI_OK;
		}
		code = take_option(&options, opt, optarg);
		if (code)
			return code;
	}
	if (optind == argc)
		return cli_usage(COMMAND, "which trace?");
	if (optind + 1 < argc)
		return cli_usage(COMMAND, "one trace only, and not %s",
				 argv[optind + 1]);
	if (options.assign_count && !options.board)
		return cli_usage(COMMAND, "--assign needs --board");
	options.path = argv[optind];
	return replay_run(&r);
}
