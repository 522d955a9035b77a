// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The picture: structures as they are found in simulated memory, pages with
 * the owners the library knows, requests with the answers they got.
 */
#include <inttypes.h>
#include <string.h>

#include "cli.h"
#include "draw.h"
#include "look.h"

#define NODES_MAX 128u

struct node {
	uint64_t pa;
	bool page; /* else a structure of EL2 */
};

struct canvas {
	FILE *out;
	struct scene *scene;
	const struct look_stream *look; /* the stream being drawn */
	struct node nodes[NODES_MAX];
	size_t node_count;
};

/* An owner's looks. */
struct owner_style {
	const char *name, *fill, *line;
};

enum {
	HOST,
	GUEST,
	EL2,
	MMIO,
	OWNERS
};

static const struct owner_style owners[OWNERS] = {
	[HOST] = { "the host's", "#d7ecd9", "#3f8f4a" },
	[GUEST] = { "the guest's", "#fde3c8", "#c8741a" },
	[EL2] = { "EL2's", "#dcd9f2", "#5b4fb0" },
	[MMIO] = { "the host's MMIO", "#d8e9f7", "#2f75a8" },
};

#define GREY "#6e6e6e"

/* What the library knows of a page; registers are in no region of its. */
static unsigned int owner_of(const struct scene *s, uint64_t pa)
{
	struct hypiommu_page_info info;

	if (hypiommu_page_info(s->m->h, pa, &info))
		return EL2;
	if (info.mmio)
		return MMIO;
	if (info.owner == HYPIOMMU_HOST)
		return HOST;
	return info.owner == HYPIOMMU_HYP ? EL2 : GUEST;
}

/* true the first time. */
static bool once(struct canvas *c, uint64_t pa, bool page)
{
	for (size_t i = 0; i < c->node_count; i++) {
		if (c->nodes[i].pa == pa && c->nodes[i].page == page)
			return false;
	}
	if (c->node_count == NODES_MAX)
		return false;
	c->nodes[c->node_count++] = (struct node){ pa, page };
	return true;
}

/* A label's text: newlines as Graphviz writes them. */
static void put_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			fputs("\\n", out);
		else
			fputc(*text, out);
	}
}

/* ----------------------------------------------------------------- pages */

static void put_page(struct canvas *c, uint64_t pa, uint64_t size)
{
	unsigned int who = owner_of(c->scene, pa);
	struct hypiommu_page_info info = { 0 };
	const char *what = size > CLI_PAGE ? "2 MiB block" : "page";

	if (!once(c, pa, true))
		return;
	if (hypiommu_page_info(c->scene->m->h, pa, &info))
		what = "SMMU registers";
	else if (info.mmio)
		what = "MSI doorbell";
	fprintf(c->out,
		"  subgraph cluster_memory { subgraph cluster_owner%u {\n"
		"    p%" PRIx64 " [label=\"%s\\n0x%" PRIx64
		"\\n%u DMA pin%s\", "
		"fillcolor=\"%s\", color=\"%s\"];\n  } }\n",
		who, pa, what, pa, info.pins, info.pins == 1 ? "" : "s",
		owners[who].fill, owners[who].line);
}

/* ------------------------------------------------------- SMMU structures */

static void put_table(struct canvas *c, uint64_t pa, unsigned int level)
{
	if (once(c, pa, false))
		fprintf(c->out,
			"  subgraph cluster_smmu { t%" PRIx64
			" [label=\"level %u table\\n0x%" PRIx64 "\", "
			"fillcolor=\"%s\", color=\"%s\"]; }\n",
			pa, level, pa, owners[EL2].fill, owners[EL2].line);
}

static void put_entry(void *ctx, const struct look_entry *e)
{
	struct canvas *c = ctx;

	if (!e->leaf) {
		put_table(c, e->pa, e->level + 1);
		fprintf(c->out, "  t%" PRIx64 " -> t%" PRIx64 ";\n", e->table,
			e->pa);
		return;
	}
	put_page(c, e->pa, e->size);
	fprintf(c->out,
		"  t%" PRIx64 " -> p%" PRIx64 " [label=\"iova 0x%" PRIx64
		"\\n%s%s\"];\n",
		e->table, e->pa, e->iova, e->read ? "read" : "",
		e->write ? e->read ? ", write" : "write" : "");
}

static const char *config_name(enum look_config config)
{
	static const char *const names[] = {
		[LOOK_NOTHING] = "none",  [LOOK_ABORT] = "abort",
		[LOOK_BYPASS] = "BYPASS", [LOOK_S1] = "stage 1",
		[LOOK_S2] = "stage 2",	  [LOOK_NESTED] = "both stages",
	};

	return names[config];
}

static void put_ste(struct canvas *c, size_t device)
{
	const struct look_stream *l = c->look;
	bool dead = l->config == LOOK_ABORT || l->config == LOOK_NOTHING;
	char tag[32] = "";

	if (l->config == LOOK_S2)
		snprintf(tag, sizeof(tag), "\\nVMID %u", l->tag);
	fprintf(c->out,
		"  subgraph cluster_smmu { s%zu [label=\"STE: %s%s\\n0x%" PRIx64
		"\", ",
		device, config_name(l->config), tag, l->ste);
	if (dead)
		fprintf(c->out,
			"style=\"rounded,dashed,filled\", fillcolor=white, "
			"color=\"" GREY "\", fontcolor=\"" GREY "\"]; }\n");
	else
		fprintf(c->out, "fillcolor=\"%s\", color=\"%s\"]; }\n",
			owners[EL2].fill, owners[EL2].line);
}

static void put_path(struct canvas *c, size_t device)
{
	const struct look_stream *l = c->look;
	char from[32];

	if (!l->root)
		return;
	snprintf(from, sizeof(from), "s%zu", device);
	if (l->cd) {
		fprintf(c->out,
			"  subgraph cluster_smmu { c%zu [label=\"CD\\nASID "
			"%u\\n0x%" PRIx64
			"\", fillcolor=\"%s\", color=\"%s\"]; }\n"
			"  %s -> c%zu;\n",
			device, l->tag, l->cd, owners[EL2].fill,
			owners[EL2].line, from, device);
		snprintf(from, sizeof(from), "c%zu", device);
	}
	put_table(c, l->root, l->level);
	fprintf(c->out, "  %s -> t%" PRIx64 ";\n", from, l->root);
	look_tables(c->scene->m, l, put_entry, c);
}

static void put_device(struct canvas *c, size_t i)
{
	const struct scene_device *d = &scene_devices[i];
	unsigned int who = d->guests ? GUEST : HOST;
	struct look_stream look;

	look_stream(c->scene->m, d->sid, &look);
	c->look = &look;
	fprintf(c->out, "  subgraph cluster_devices { d%zu [label=\"", i);
	put_text(c->out, d->name);
	fprintf(c->out,
		"\", shape=box3d, style=filled, fillcolor=\"%s\", "
		"color=\"%s\"]; }\n",
		owners[who].fill, owners[who].line);
	put_ste(c, i);
	if (look.root)
		fprintf(c->out, "  d%zu -> s%zu [label=\"stream 0x%x\"];\n", i,
			i, d->sid);
	else
		fprintf(c->out,
			"  d%zu -> s%zu [label=\"stream 0x%x\\n%s\", "
			"style=dotted, penwidth=2, color=\"" GREY
			"\", fontcolor=\"" GREY "\"];\n",
			i, i, d->sid,
			c->scene->stray == SIM_DMA_ABORT ? "DMA aborts"
							 : "DMA PASSES");
	put_path(c, i);
}

/* -------------------------------------------------------------- requests */

static void put_refused(struct canvas *c, size_t i)
{
	const struct scene_request *r = &c->scene->requests[i];
	const char *where = r->by_guest ? "guest" : "host";

	fprintf(c->out, "  subgraph cluster_el1%s { r%zu [label=\"", where, i);
	put_text(c->out, r->text);
	fputs("\", shape=note, style=\"dashed,filled\", fillcolor=white, "
	      "color=\"" GREY "\", fontcolor=\"" GREY "\"]; }\n",
	      c->out);
	/* Keeps requests on the left, beside the devices. */
	fprintf(c->out, "  r%zu -> s3 [style=invis, weight=0];\n", i);
	if (r->device >= 0)
		fprintf(c->out, "  r%zu -> s%d", i, r->device);
	else {
		put_page(c, r->target, CLI_PAGE);
		fprintf(c->out, "  r%zu -> p%" PRIx64, i, r->target);
	}
	fprintf(c->out,
		" [style=dotted, penwidth=2, arrowhead=tee, "
		"color=\"" GREY "\", fontcolor=\"" GREY
		"\", label=\"refused: %s\"];\n",
		hypiommu_error_name(r->error));
}

/* ------------------------------------------------------------- the frame */

static void put_cluster(FILE *out, const char *name, const char *label,
			const char *color)
{
	fprintf(out,
		"  subgraph cluster_%s { label=\"%s\"; labeljust=l; "
		"style=rounded; color=\"%s\"; fontcolor=\"%s\"; margin=14; }\n",
		name, label, color, color);
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
			i, owners[i].name, owners[i].line, owners[i].line);
	fputs("  }\n", out);
}

static void put_frame(FILE *out)
{
	fputs("digraph hypiommu {\n"
	      "  graph [rankdir=LR, fontname=\"Helvetica\", fontsize=15, "
	      "nodesep=0.22, ranksep=0.55, pad=0.3, labelloc=t,\n"
	      "    label=\"What each device reaches: every entry written by "
	      "EL2, every page checked and pinned first\\n \"];\n"
	      "  node [fontname=\"Helvetica\", fontsize=11, shape=box, "
	      "style=\"rounded,filled\", fillcolor=white, penwidth=1.4];\n"
	      "  edge [fontname=\"Helvetica\", fontsize=10, "
	      "color=\"#444444\", arrowsize=0.7, weight=4];\n",
	      out);
	put_cluster(out, "el1host", "EL1 host: hypercalls refused",
		    owners[HOST].line);
	put_cluster(out, "el1guest", "EL1 guest: hypercalls refused",
		    owners[GUEST].line);
	put_cluster(out, "devices", "devices", "#777777");
	put_cluster(out, "smmu", "SMMUv3 structures, in EL2's memory",
		    owners[EL2].line);
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
			owners[i].fill, owners[i].line, owners[i].name);
	fputs("</tr><tr><td colspan=\"4\" align=\"left\"><font "
	      "color=\"" GREY "\">grey, dotted: refused, by the error "
	      "named</font></td></tr></table>>];\n",
	      out);
}

bool draw_dot(struct scene *scene, FILE *out)
{
	struct canvas c = { .out = out, .scene = scene };

	put_frame(out);
	for (size_t i = 0; i < SCENE_DEVICES; i++)
		put_device(&c, i);
	for (size_t i = 0; i < scene->request_count; i++) {
		if (scene->requests[i].error)
			put_refused(&c, i);
	}
	put_legend(out);
	fputs("}\n", out);
	return !ferror(out);
}
