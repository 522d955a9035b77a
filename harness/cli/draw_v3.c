// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The picture's middle on an SMMUv3: stream table entries, CDs. */
#include <inttypes.h>

#include "draw_canvas.h"

static const char *config_name(enum look_config config)
{
	static const char *const names[] = {
		[LOOK_NOTHING] = "none",  [LOOK_ABORT] = "abort",
		[LOOK_BYPASS] = "BYPASS", [LOOK_S1] = "stage 1",
		[LOOK_S2] = "stage 2",	  [LOOK_NESTED] = "both stages",
	};

	return names[config];
}

void draw_v3_frame(struct canvas *c)
{
	c->tables = "smmu";
	draw_cluster(c->out, "smmu", "SMMUv3 structures, in EL2's memory",
		     draw_owners[EL2].line);
}

static void put_ste(struct canvas *c, size_t device,
		    const struct look_stream *l)
{
	bool dead = l->config == LOOK_ABORT || l->config == LOOK_NOTHING;
	char tag[32] = "";

	if (l->config == LOOK_S2)
		snprintf(tag, sizeof(tag), "\\nVMID %u", l->tag);
	fprintf(c->out,
		"  subgraph cluster_smmu { s%zu [label=\"STE: %s%s\\n0x%" PRIx64
		"\", ",
		device, config_name(l->config), tag, l->ste);
	if (dead)
		fputs(DRAW_DEAD "]; }\n", c->out);
	else
		fprintf(c->out, "fillcolor=\"%s\", color=\"%s\"]; }\n",
			draw_owners[EL2].fill, draw_owners[EL2].line);
}

static void put_path(struct canvas *c, size_t device,
		     const struct look_stream *l)
{
	char from[32];

	if (!l->table.root)
		return;
	snprintf(from, sizeof(from), "s%zu", device);
	if (l->cd) {
		fprintf(c->out,
			"  subgraph cluster_smmu { c%zu [label=\"CD\\nASID "
			"%u\\n0x%" PRIx64
			"\", fillcolor=\"%s\", color=\"%s\"]; }\n"
			"  %s -> c%zu;\n",
			device, l->tag, l->cd, draw_owners[EL2].fill,
			draw_owners[EL2].line, from, device);
		snprintf(from, sizeof(from), "c%zu", device);
	}
	draw_tables(c, &l->table, from);
}

void draw_v3_device(struct canvas *c, size_t i)
{
	const struct scene_device *d = &c->scene->devices[i];
	struct look_stream look;

	look_stream(c->scene->m, d->sid, &look);
	put_ste(c, i, &look);
	fprintf(c->out, "  d%zu -> s%zu [label=\"stream 0x%x", i, i, d->sid);
	if (look.table.root)
		fputs("\"];\n", c->out);
	else
		fprintf(c->out, "\\n%s\", " DRAW_DEAD_EDGE "];\n",
			c->scene->stray == SIM_DMA_ABORT ? "DMA aborts"
							 : "DMA PASSES");
	put_path(c, i, &look);
}
