// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The picture, from left to right: who asks, what decides, what is reached;
 * requests with the answers they got. */
#include <inttypes.h>

#include "cli.h"
#include "draw_canvas.h"

static void put_device(struct canvas *c, size_t i)
{
	const struct scene_device *d = &c->scene->devices[i];
	const struct owner_style *who = &draw_owners[d->guests ? GUEST : HOST];

	fprintf(c->out, "  subgraph cluster_devices { d%zu [label=\"", i);
	draw_text(c->out, d->name);
	fprintf(c->out,
		"\", shape=box3d, style=filled, fillcolor=\"%s\", "
		"color=\"%s\"]; }\n",
		who->fill, who->line);
	if (c->scene->tegra)
		draw_tegra_device(c, i);
	else
		draw_v3_device(c, i);
}

static void put_refused(struct canvas *c, size_t i)
{
	const struct scene_request *r = &c->scene->requests[i];
	const char *where = r->by_guest ? "guest" : "host";

	fprintf(c->out, "  subgraph cluster_el1%s { r%zu [label=\"", where, i);
	draw_text(c->out, r->text);
	fputs("\", " DRAW_DEAD ", shape=note, style=\"dashed,filled\"]; }\n",
	      c->out);
	/* Keeps requests on the left, beside the devices. */
	fprintf(c->out, "  r%zu -> s%u [style=invis, weight=0];\n", i,
		SCENE_DEVICES - 1);
	if (r->device >= 0)
		fprintf(c->out, "  r%zu -> s%d", i, r->device);
	else {
		draw_pages(c, r->target, CLI_PAGE, CLI_PAGE);
		fprintf(c->out, "  r%zu -> p%" PRIx64, i, r->target);
	}
	fprintf(c->out,
		" [arrowhead=tee, " DRAW_DEAD_EDGE
		", label=\"refused: %s\"];\n",
		hypiommu_error_name(r->error));
}

static void put_owners(FILE *out)
{
	fputs("  subgraph cluster_memory { label=\"memory, by owner\"; "
	      "labeljust=l; style=rounded; color=\"#777777\"; margin=14;\n",
	      out);
	for (unsigned int i = 0; i < OWNERS; i++)
		fprintf(out,
			"    subgraph cluster_owner%u { label=\"%s\"; "
			"style=\"rounded\"; color=\"%s\"; fontcolor=\"%s\"; "
			"margin=10; }\n",
			i, draw_owners[i].name, draw_owners[i].line,
			draw_owners[i].line);
	fputs("  }\n", out);
}

static void put_frame(struct canvas *c)
{
	FILE *out = c->out;

	fputs("digraph hypiommu {\n"
	      "  graph [rankdir=LR, fontname=\"Helvetica\", fontsize=15, "
	      "nodesep=0.22, ranksep=0.55, pad=0.3, labelloc=t,\n    label=\"",
	      out);
	if (c->scene->board && c->scene->board->model[0]) {
		draw_text(out, c->scene->board->model);
		fputs("\\n", out);
	}
	fputs("What each device reaches: every entry written by EL2, every "
	      "page checked and pinned first\\n \"];\n"
	      "  node [fontname=\"Helvetica\", fontsize=11, shape=box, "
	      "style=\"rounded,filled\", fillcolor=white, penwidth=1.4];\n"
	      "  edge [fontname=\"Helvetica\", fontsize=10, "
	      "color=\"#444444\", arrowsize=0.7, weight=4];\n",
	      out);
	draw_cluster(out, "el1host", "EL1 host: hypercalls refused",
		     draw_owners[HOST].line);
	draw_cluster(out, "el1guest", "EL1 guest: hypercalls refused",
		     draw_owners[GUEST].line);
	draw_cluster(out, "devices", "devices", "#777777");
	if (c->scene->tegra)
		draw_tegra_frame(c);
	else
		draw_v3_frame(c);
	put_owners(out);
}

static void put_legend(FILE *out)
{
	fputs("  legend [shape=plain, style=\"\", label=<<table border=\"0\" "
	      "cellspacing=\"4\" cellpadding=\"4\"><tr>",
	      out);
	for (unsigned int i = 0; i < OWNERS; i++)
		fprintf(out,
			"<td border=\"1\" bgcolor=\"%s\" color=\"%s\">%s</td>",
			draw_owners[i].fill, draw_owners[i].line,
			draw_owners[i].name);
	fputs("</tr><tr><td colspan=\"4\" align=\"left\"><font "
	      "color=\"" DRAW_GREY "\">grey, dotted: refused, by the error "
	      "named</font></td></tr></table>>];\n",
	      out);
}

bool draw_dot(struct scene *scene, FILE *out)
{
	struct canvas c = { .out = out, .scene = scene };

	put_frame(&c);
	for (size_t i = 0; i < SCENE_DEVICES; i++)
		put_device(&c, i);
	if (scene->tegra)
		draw_tegra_stray(&c);
	for (size_t i = 0; i < scene->request_count; i++) {
		if (scene->requests[i].error)
			put_refused(&c, i);
	}
	put_legend(out);
	fputs("}\n", out);
	return !ferror(out);
}
