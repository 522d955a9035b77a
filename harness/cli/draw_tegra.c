// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The picture's middle on a Tegra234: memory clients, the MC's overrides, and
 * in every register frame of an SMMU a stream match entry and a context bank.
 */
#include <inttypes.h>
#include <string.h>

#include "draw_canvas.h"
#include "tegra.h"

#define WRONG "bgcolor=\"#f7b5b5\""

static const struct board_smmu *smmu_of(const struct canvas *c, uint32_t i)
{
	return &c->scene->board->smmus[i];
}

static unsigned int frames_of(const struct canvas *c, uint32_t smmu)
{
	return c->scene->m->config.smmuv2[smmu].instances;
}

void draw_tegra_frame(struct canvas *c)
{
	const struct board *b = c->scene->board;

	c->tables = "tables";
	draw_cluster(c->out, "mc", "memory controller: SID overrides",
		     draw_owners[EL2].line);
	for (uint32_t i = 0; i < b->smmu_count; i++) {
		char name[16], title[160];

		snprintf(name, sizeof(name), "smmu%u", i);
		snprintf(title, sizeof(title), "%s: registers%s",
			 smmu_of(c, i)->name,
			 frames_of(c, i) > 1 ? " of both mirrored frames" : "");
		draw_cluster(c->out, name, title, draw_owners[EL2].line);
	}
	draw_cluster(c->out, "tables", "translation tables, in EL2's memory",
		     draw_owners[EL2].line);
}

/* ---------------------------------------------- registers, frame by frame */

/* A node that is a table: a column for each register frame. */
static void open_node(struct canvas *c, uint32_t smmu, const char *kind,
		      size_t device, const char *title)
{
	const struct board_frames *f = &smmu_of(c, smmu)->frames;

	fprintf(c->out,
		"  subgraph cluster_smmu%u { %s%zu [shape=plain, style=\"\", "
		"label=<<table border=\"1\" cellborder=\"0\" cellspacing=\"0\" "
		"cellpadding=\"3\" bgcolor=\"%s\" color=\"%s\">"
		"<tr><td align=\"left\"><b>%s</b></td>",
		smmu, kind, device, draw_owners[EL2].fill,
		draw_owners[EL2].line, title);
	for (unsigned int i = 0; i < frames_of(c, smmu); i++)
		fprintf(c->out,
			"<td><font color=\"%s\">%s%" PRIx64 "</font></td>",
			draw_owners[EL2].line, i ? "mirror 0x" : "0x",
			f->list[i].base);
	fputs("</tr>", c->out);
}

/* A row of it: frames that differ are wrong. */
static void put_row(struct canvas *c, uint32_t smmu, const char *name,
		    char cells[][40])
{
	fprintf(c->out, "<tr><td align=\"left\">%s</td>", name);
	for (unsigned int i = 0; i < frames_of(c, smmu); i++)
		fprintf(c->out, "<td %s>%s</td>",
			strcmp(cells[i], cells[0]) ? WRONG : "", cells[i]);
	fputs("</tr>", c->out);
}

static void close_node(struct canvas *c)
{
	fputs("</table>>]; }\n", c->out);
}

static void put_match(struct canvas *c, size_t device,
		      const struct look_match *match)
{
	const struct scene_device *d = &c->scene->devices[device];
	char smr[SIM_SMMUV2_MAX_INSTANCES][40];
	char s2cr[SIM_SMMUV2_MAX_INSTANCES][40];
	char title[40];

	for (unsigned int i = 0; i < frames_of(c, d->smmu); i++) {
		snprintf(smr[i], sizeof(smr[i]), "0x%x / 0x%x", match[i].id,
			 match[i].mask);
		if (match[i].translates)
			snprintf(s2cr[i], sizeof(s2cr[i]), "bank %u",
				 match[i].bank);
		else
			snprintf(s2cr[i], sizeof(s2cr[i]), "%s",
				 match[i].bypass ? "BYPASS" : "fault");
	}
	snprintf(title, sizeof(title), "stream match %u", match[0].entry);
	open_node(c, d->smmu, "s", device, title);
	put_row(c, d->smmu, "SMR", smr);
	put_row(c, d->smmu, "S2CR", s2cr);
	close_node(c);
}

static void put_bank(struct canvas *c, size_t device, uint32_t bank,
		     const struct look_bank *look)
{
	const struct scene_device *d = &c->scene->devices[device];
	char kind[SIM_SMMUV2_MAX_INSTANCES][40];
	char ttbr[SIM_SMMUV2_MAX_INSTANCES][40];
	char title[40];

	for (unsigned int i = 0; i < frames_of(c, d->smmu); i++) {
		bool stage1 = look[i].table.stage1;

		snprintf(kind[i], sizeof(kind[i]), "stage %u, %s %u",
			 stage1 ? 1 : 2, stage1 ? "ASID" : "VMID", look[i].tag);
		snprintf(ttbr[i], sizeof(ttbr[i]),
			 look[i].on ? "0x%" PRIx64 : "off", look[i].table.root);
	}
	snprintf(title, sizeof(title), "context bank %u", bank);
	open_node(c, d->smmu, "b", device, title);
	put_row(c, d->smmu, "CBAR", kind);
	put_row(c, d->smmu, "TTBR0", ttbr);
	close_node(c);
	fprintf(c->out, "  s%zu -> b%zu;\n", device, device);
}

/* From the SMMU's side: what a stream ID meets there. */
static void put_stream(struct canvas *c, size_t device)
{
	const struct scene_device *d = &c->scene->devices[device];
	struct look_match match[SIM_SMMUV2_MAX_INSTANCES] = { 0 };
	struct look_bank bank[SIM_SMMUV2_MAX_INSTANCES] = { 0 };
	char from[32];

	for (unsigned int i = 0; i < frames_of(c, d->smmu); i++)
		look_match(c->scene->m, d->smmu, i, d->sid, &match[i]);
	if (match[0].entry == LOOK_NO_ENTRY) {
		fprintf(c->out,
			"  subgraph cluster_smmu%u { s%zu [label=\"matches no "
			"SMR:\\nfault\", " DRAW_DEAD "]; }\n",
			d->smmu, device);
		return;
	}
	put_match(c, device, match);
	if (!match[0].translates)
		return;
	for (unsigned int i = 0; i < frames_of(c, d->smmu); i++)
		look_bank(c->scene->m, d->smmu, i, match[i].bank, &bank[i]);
	put_bank(c, device, match[0].bank, bank);
	snprintf(from, sizeof(from), "b%zu", device);
	if (bank[0].table.root)
		draw_tables(c, &bank[0].table, from);
}

/* ------------------------------------------------------- memory clients */

static void put_client(struct canvas *c, uint32_t id, const char *from,
		       const char *to)
{
	const struct tegra234_client *client = tegra234_client_by_id(id);
	struct sim_tegra_mc_route r = { 0 };
	bool lives = sim_tegra_mc_route(c->scene->m->mc, id, &r);
	bool denied = lives && r.overridden && r.sid == SIM_TEGRA_MC_DENY;

	fprintf(c->out,
		"  subgraph cluster_mc { m%x [label=\"client 0x%x %s\\n%s"
		"0x%x%s%s\", ",
		id, id, client ? client->name : "",
		r.overridden ? "overridden: SID " : "NOT OVERRIDDEN: SID ",
		r.sid, denied ? ", deny" : "", r.locked ? ", locked" : "");
	if (denied)
		fprintf(c->out, DRAW_DEAD "]; }\n");
	else
		fprintf(c->out, "fillcolor=\"%s\", color=\"%s\"]; }\n",
			draw_owners[EL2].fill, draw_owners[EL2].line);
	fprintf(c->out, "  %s -> m%x%s;\n", from, id,
		denied ? " [" DRAW_DEAD_EDGE "]" : "");
	fprintf(c->out, "  m%x -> %s [label=\"%s0x%x\"%s];\n", id, to,
		r.bypass ? "AROUND THE SMMU, " : "stream ", r.sid,
		denied ? ", " DRAW_DEAD_EDGE : "");
}

void draw_tegra_device(struct canvas *c, size_t i)
{
	const struct scene_device *d = &c->scene->devices[i];
	char from[32], to[32];

	put_stream(c, i);
	snprintf(from, sizeof(from), "d%zu", i);
	snprintf(to, sizeof(to), "s%zu", i);
	for (size_t k = 0; k < d->client_count; k++)
		put_client(c, c->scene->clients[d->first + k].id, from, to);
}

/* A client no master names: denied with the others, and locked. */
void draw_tegra_stray(struct canvas *c)
{
	fprintf(c->out,
		"  subgraph cluster_devices { stray [label=\"nobody's\", "
		"shape=box3d, " DRAW_DEAD "]; }\n"
		"  subgraph cluster_smmu%u { nobody [label=\"matches no "
		"SMR:\\nfault\", " DRAW_DEAD "]; }\n",
		c->scene->stray_smmu);
	put_client(c, c->scene->stray_client, "stray", "nobody");
}
