// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* hypiommu board: what a device tree says of a machine's DMA. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "board.h"
#include "cli.h"
#include "json.h"
#include "tegra.h"

#define COMMAND "hypiommu board"

static const char help_text[] =
	"usage: hypiommu board FILE.dtb [--json]\n"
	"\n"
	"Lists what a flattened device tree says of DMA: the SMMUs and their "
	"register\n"
	"frames, Tegra's memory controller, and the masters with their SWGROUP "
	"or stream\n"
	"IDs (iommus, iommu-map) and memory clients (interconnects).\n"
	"\n"
	"  --json      as JSON: smmus[], mc, masters[]\n"
	"  -h, --help  this\n"
	"\n"
	"Exit codes: 0 listed; 2 bad usage, or no device tree that can be "
	"used.\n";

static enum tegra234_block block_of(const struct board *b, size_t smmu)
{
	const struct board_smmu *s = &b->smmus[smmu];

	if (strcmp(s->compatible, "nvidia,tegra234-smmu") != 0)
		return TEGRA234_NONE;
	return tegra234_block_at(s->frames.list[0].base);
}

/* SWGROUP or SID by Linux' name; NULL if it has none. */
static const char *stream_name(const struct board *b,
			       const struct board_stream *stream)
{
	const struct board_smmu *s = &b->smmus[stream->smmu];
	const struct tegra_classic_swgroup *group;
	enum tegra234_block block = block_of(b, stream->smmu);
	char soc[16] = "";

	if (block != TEGRA234_NONE)
		return tegra234_sid_name(block, stream->sid);
	if (s->kind != BOARD_TEGRA_SMMU)
		return NULL;
	/* "nvidia,tegra210-mc" is of the SoC "tegra210" */
	sscanf(s->compatible + strlen("nvidia,"), "%15[a-z0-9]", soc);
	if (!strcmp(soc, "tegra132")) /* Tegra124's MC */
		strcpy(soc, "tegra124");
	group = tegra_classic_swgroup_by_id(soc, stream->sid);
	return group ? group->name : NULL;
}

static const char *client_name(const struct board *b, uint32_t id)
{
	const struct tegra234_client *client;

	if (!b->mc.present || strcmp(b->mc.compatible, "nvidia,tegra234-mc"))
		return NULL;
	client = tegra234_client_by_id(id);
	return client ? client->name : NULL;
}

static void print_frames(const struct board_frames *frames)
{
	for (size_t i = 0; i < frames->count; i++)
		printf("  0x%08" PRIx64 "+0x%" PRIx64, frames->list[i].base,
		       frames->list[i].size);
	printf("%s\n", frames->count ? "" : "  none");
}

static void print_smmus(const struct board *b)
{
	printf("\nSMMUs: %zu\n", b->smmu_count);
	for (size_t i = 0; i < b->smmu_count; i++) {
		const struct board_smmu *s = &b->smmus[i];

		printf("  %s  %s  %s", s->name, s->path, s->compatible);
		if (s->stream_match_mask)
			printf("  stream-match-mask 0x%x",
			       s->stream_match_mask);
		printf("%s%s\n    frames", s->dma_coherent ? "  coherent" : "",
		       s->disabled ? "  disabled" : "");
		print_frames(&s->frames);
	}
}

static void print_mc(const struct board *b)
{
	const struct board_mc *mc = &b->mc;

	if (!mc->present) {
		printf("\nMemory controller: none\n");
		return;
	}
	printf("\nMemory controller: %s  %s\n", mc->path, mc->compatible);
	printf("  SID registers 0x%08" PRIx64 ", %zu register blocks, %zu "
	       "channels; masters name %zu clients\n",
	       mc->sid_base, mc->frames.count, mc->channels, mc->clients);
	printf("    blocks");
	print_frames(&mc->frames);
}

static void print_windows(const struct board *b)
{
	struct board_frames bell = { b->doorbell, b->doorbell ? 1 : 0 };

	printf("\nWindows\n  memory   ");
	print_frames(&b->memory);
	printf("  irqchip  ");
	print_frames(&b->irqchip);
	printf("  doorbell ");
	print_frames(&bell);
}

static void print_stream(const struct board *b, const struct board_master *m,
			 const struct board_stream *s)
{
	const char *name = stream_name(b, s);

	printf(" 0x%x", s->sid);
	if (s->count > 1)
		printf("-0x%x", s->sid + (s->count - 1));
	if (s->mask)
		printf("/0x%x", s->mask);
	if (name)
		printf("(%s)", name);
	if (s->smmu != m->smmu)
		printf("@%s", b->smmus[s->smmu].name);
	if (s->kind == BOARD_IOMMU_MAP)
		printf("[rid 0x%x]", s->rid_base);
}

static void print_master(const struct board *b, const struct board_master *m,
			 int width)
{
	printf("  %-*s  %-8s  %s ", width, m->path,
	       m->disabled ? "disabled" : "okay", b->smmus[m->smmu].name);
	for (size_t i = 0; i < m->stream_count; i++)
		print_stream(b, m, &m->streams[i]);
	fputs(m->client_count ? "  clients" : "", stdout);
	for (size_t i = 0; i < m->client_count; i++) {
		const char *name = client_name(b, m->clients[i].id);

		printf(" 0x%x", m->clients[i].id);
		if (name)
			printf("(%s)", name);
	}
	putchar('\n');
}

static void print_text(const struct board *b, const char *path)
{
	size_t width = 0, disabled = 0;

	for (size_t i = 0; i < b->master_count; i++) {
		size_t length = strlen(b->masters[i].path);

		width = length > width ? length : width;
		disabled += b->masters[i].disabled;
	}
	printf("%s: %s\n", path, b->model[0] ? b->model : "no model");
	print_smmus(b);
	print_mc(b);
	print_windows(b);
	printf("\nMasters: %zu, %zu disabled\n", b->master_count, disabled);
	for (size_t i = 0; i < b->master_count; i++)
		print_master(b, &b->masters[i], (int)width);
}

static void json_smmu(struct json *j, const struct board_smmu *s)
{
	json_open(j, NULL, '{');
	json_string(j, "name", s->path);
	json_string(j, "compatible", s->compatible);
	json_open(j, "frames", '[');
	for (size_t i = 0; i < s->frames.count; i++) {
		json_open(j, NULL, '{');
		json_number(j, "base", s->frames.list[i].base);
		json_number(j, "size", s->frames.list[i].size);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_number(j, "stream_match_mask", s->stream_match_mask);
	json_close(j, '}');
}

static void json_stream(struct json *j, const struct board *b,
			const struct board_stream *s)
{
	json_open(j, NULL, '{');
	json_string(j, "kind",
		    s->kind == BOARD_IOMMUS ? "iommus" : "iommu-map");
	json_string(j, "smmu", b->smmus[s->smmu].path);
	json_number(j, "sid", s->sid);
	json_number(j, "count", s->count);
	json_number(j, "mask", s->mask);
	json_number(j, "rid_base", s->rid_base);
	json_string(j, "name", stream_name(b, s));
	json_close(j, '}');
}

static void json_master(struct json *j, const struct board *b,
			const struct board_master *m)
{
	json_open(j, NULL, '{');
	json_string(j, "node", m->path);
	json_string(j, "smmu", b->smmus[m->smmu].path);
	json_open(j, "sids", '[');
	for (size_t i = 0; i < m->stream_count; i++) {
		if (m->streams[i].smmu == m->smmu)
			json_number(j, NULL, m->streams[i].sid);
	}
	json_close(j, ']');
	json_open(j, "clients", '[');
	for (size_t i = 0; i < m->client_count; i++)
		json_number(j, NULL, m->clients[i].id);
	json_close(j, ']');
	json_string(j, "status", m->disabled ? "disabled" : "okay");
	json_bool(j, "iommu_map", m->has_iommu_map);
	json_open(j, "streams", '[');
	for (size_t i = 0; i < m->stream_count; i++)
		json_stream(j, b, &m->streams[i]);
	json_close(j, ']');
	json_close(j, '}');
}

static void print_json(const struct board *b)
{
	struct json j;

	json_begin(&j, stdout);
	json_open(&j, NULL, '{');
	json_open(&j, "smmus", '[');
	for (size_t i = 0; i < b->smmu_count; i++)
		json_smmu(&j, &b->smmus[i]);
	json_close(&j, ']');
	if (b->mc.present) {
		json_open(&j, "mc", '{');
		json_number(&j, "sid_base", b->mc.sid_base);
		json_number(&j, "clients", b->mc.clients);
		json_close(&j, '}');
	} else {
		json_string(&j, "mc", NULL);
	}
	json_open(&j, "masters", '[');
	for (size_t i = 0; i < b->master_count; i++)
		json_master(&j, b, &b->masters[i]);
	json_close(&j, ']');
	json_close(&j, '}');
	json_end(&j);
}

static int list(const char *path, bool as_json)
{
	struct board_error err;
	struct board *board = board_load(path, &err);

	if (!board)
		return cli_fail("%s", err.text);
	if (as_json)
		print_json(board);
	else
		print_text(board, path);
	board_free(board);
	return CLI_OK;
}

int cmd_board(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	bool as_json = false;
	int opt;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) >= 0) {
		switch (opt) {
		case 'j':
			as_json = true;
			break;
		case 'h':
			fputs(help_text, stdout);
			return CLI_OK;
		default: /* getopt has said what */
			fprintf(stderr, "Try: " COMMAND " --help\n");
			return CLI_ERROR;
		}
	}
	if (optind == argc)
		return cli_usage(COMMAND, "which device tree? FILE.dtb");
	if (optind + 1 < argc)
		return cli_usage(COMMAND, "one file, and not also %s",
				 argv[optind + 1]);
	return list(argv[optind], as_json);
}
