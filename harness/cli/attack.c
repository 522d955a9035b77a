// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* hypiommu attack: a hostile host tries everything, at both stages. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "attack.h"
#include "board_machine.h"
#include "cli.h"
#include "json.h"

#define COMMAND "hypiommu attack"
#define RANDOM	4000u

static const char help_text[] =
	"usage: hypiommu attack [--board FILE.dtb] [--json]\n"
	"\n"
	"A hostile host, its devices and a guest that is no better try to "
	"reach what\n"
	"is not theirs, on a machine with stage-1 and on one with stage-2 "
	"domains.\n"
	"After each attack everything must be as before: who owns what, how "
	"often it\n"
	"is pinned, what every device reaches; and a legitimate map must still "
	"work.\n"
	"\n"
	"Says one line for each attack and what refused it.\n"
	"\n"
	"  --board FILE.dtb  on the machine of a device tree: Tegra234, whose "
	"devices are\n"
	"                    memory clients, or one with an SMMUv3\n"
	"  --json            one JSON object instead of lines\n"
	"\n"
	"Exit codes: 0 all were refused; 1 one got through; 2 bad usage.\n";

struct run {
	struct stand stands[2];
	struct board *board; /* or NULL */
	struct json json;
	bool as_json;
	unsigned int count, through;
	bool over; /* no stand is left to attack */
};

/* What refused it, in words. */
static const char *refusal(int result)
{
	return result == ABORTED ? "ABORT" : hypiommu_error_name(result);
}

static bool is_refusal(int result, uint32_t by)
{
	if (result == ABORTED)
		return by & BY_ABORT;
	return result < 0 && result > -30 && by >> -result & 1;
}

static void say(struct run *run, const char *name, const char *result,
		bool refused)
{
	run->count++;
	run->through += !refused;
	if (!run->as_json) {
		printf("  %-52s %s%s\n", name,
		       refused ? "refused: " : "GOT THROUGH: ", result);
		return;
	}
	json_open(&run->json, NULL, '{');
	json_string(&run->json, "name", name);
	json_string(&run->json, "result", result);
	json_bool(&run->json, "refused", refused);
	json_close(&run->json, '}');
}

/* What got through must not be blamed on the attacks that follow. */
static void renew(struct run *run)
{
	for (unsigned int i = 0; i < 2; i++) {
		stand_tear_down(&run->stands[i]);
		run->over |= !stand_set_up(&run->stands[i], i + 1, run->board);
	}
}

/* One attack's results at both stages, as one line. */
static void judge(struct run *run, const char *name, const int *results,
		  uint32_t by)
{
	char text[300] = "";
	bool good = true;

	if (results[0] == NOT_HERE && results[1] == NOT_HERE)
		return;
	for (unsigned int i = 0; i < 2; i++) {
		struct stand *s = &run->stands[i];
		bool right = results[i] == NOT_HERE ||
			     is_refusal(results[i], by);
		size_t n = strlen(text);

		s->wrong[0] = '\0';
		if (right && stand_is_intact(s))
			continue;
		good = false;
		snprintf(text + n, sizeof(text) - n, "%sstage %u: %s",
			 n ? "; " : "", i + 1,
			 right ? s->wrong : refusal(results[i]));
	}
	if (good && results[0] != results[1] && results[0] != NOT_HERE)
		snprintf(text, sizeof(text), "%s, %s at stage 2",
			 refusal(results[0]), refusal(results[1]));
	else if (good)
		snprintf(text, sizeof(text), "%s", refusal(results[1]));
	say(run, name, text, good);
	if (!good)
		renew(run);
}

static void run_hcalls(struct run *run, const struct hcall_attack *attacks,
		       size_t count)
{
	for (size_t i = 0; i < count && !run->over; i++) {
		const struct hcall_attack *a = &attacks[i];
		int results[2];

		for (unsigned int j = 0; j < 2; j++)
			results[j] = attack_by_hcall(&run->stands[j], a);
		judge(run, a->name, results, a->by);
	}
}

static void run_table(struct run *run, const struct attack *attacks,
		      size_t count)
{
	for (size_t i = 0; i < count && !run->over; i++) {
		int results[2];

		for (unsigned int j = 0; j < 2; j++)
			results[j] = attacks[i].run(&run->stands[j]);
		judge(run, attacks[i].name, results, attacks[i].by);
	}
}

/* Last: it leaves the stands in any state. */
static void run_random(struct run *run)
{
	unsigned int refused = 0;
	char name[80], text[800];
	bool good = true;

	for (unsigned int i = 0; i < 2; i++)
		good &= attack_at_random(&run->stands[i], RANDOM, &refused);
	snprintf(name, sizeof(name), "%u hypercalls with random registers",
		 2 * RANDOM);
	snprintf(text, sizeof(text), "%u of them, the others did what they may",
		 refused);
	for (unsigned int i = 0; i < 2 && !good; i++) {
		if (run->stands[i].m->stats.violations)
			snprintf(text, sizeof(text), "stage %u: %s", i + 1,
				 run->stands[i].m->violation);
	}
	say(run, name, text, good);
}

static void run_all(struct run *run)
{
	run_hcalls(run, hcall_attacks, hcall_attack_count);
	if (run->stands[0].tegra)
		run_hcalls(run, tegra_attacks, tegra_attack_count);
	run_table(run, owner_attacks, owner_attack_count);
	run_table(run, dma_attacks, dma_attack_count);
	run_table(run, phase_attacks, phase_attack_count);
	if (!run->over)
		run_random(run);
}

static int attack(struct run *run)
{
	for (unsigned int i = 0; i < 2; i++) {
		if (!stand_set_up(&run->stands[i], i + 1, run->board)) {
			cli_fail("stage %u: no machine to attack: %s", i + 1,
				 run->stands[i].wrong);
			return CLI_VIOLATION;
		}
	}
	if (run->as_json) {
		json_begin(&run->json, stdout);
		json_open(&run->json, NULL, '{');
		json_open(&run->json, "attacks", '[');
	}
	run_all(run);
	if (run->as_json) {
		json_close(&run->json, ']');
		json_number(&run->json, "count", run->count);
		json_number(&run->json, "through", run->through);
		json_close(&run->json, '}');
		json_end(&run->json);
	} else if (run->through) {
		printf("%u attacks, %u GOT THROUGH\n", run->count,
		       run->through);
	} else {
		printf("%u attacks, all refused\n", run->count);
	}
	return run->through ? CLI_VIOLATION : CLI_OK;
}

static int load_board(struct run *run, const char *path)
{
	struct machine_config config;

	run->board = board_open(path, "attack");
	if (!run->board)
		return CLI_ERROR;
	machine_defaults(&config);
	return board_machine(run->board, &config);
}

int cmd_attack(int argc, char **argv)
{
	static const struct option options[] = {
		{ "board", required_argument, NULL, 'b' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	static struct run run;
	const char *path = NULL;
	int opt, code;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) >= 0) {
		switch (opt) {
		case 'b':
			path = optarg;
			break;
		case 'j':
			run.as_json = true;
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
	if (path && load_board(&run, path)) {
		board_free(run.board);
		return CLI_ERROR;
	}
	code = attack(&run);
	for (unsigned int i = 0; i < 2; i++)
		stand_tear_down(&run.stands[i]);
	board_free(run.board);
	return code;
}
