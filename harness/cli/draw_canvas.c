// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Tables as they are found in simulated memory, pages with the owners the
 * library knows. */
#include <inttypes.h>

#include "cli.h"
#include "draw_canvas.h"

const struct owner_style draw_owners[OWNERS] = {
	[HOST] = { "the host's", "#d7ecd9", "#3f8f4a" },
	[GUEST] = { "the guest's", "#fde3c8", "#c8741a" },
	[EL2] = { "EL2's", "#dcd9f2", "#5b4fb0" },
	[MMIO] = { "the host's MMIO", "#d8e9f7", "#2f75a8" },
};

/* What the library knows of a page; registers are in no region of its. */
static unsigned int owner_of(const struct hypiommu_page_info *info, bool known)
{
	if (!known)
		return EL2;
	if (info->mmio)
		return MMIO;
	if (info->owner == HYPIOMMU_HOST)
		return HOST;
	return info->owner == HYPIOMMU_HYP ? EL2 : GUEST;
}

/* true the first time. */
static bool once(struct canvas *c, uint64_t pa, bool page)
{
	for (size_t i = 0; i < c->node_count; i++) {
		if (c->nodes[i].pa == pa && c->nodes[i].page == page)
			return false;
	}
	if (c->node_count == DRAW_NODES_MAX)
		return false;
	c->nodes[c->node_count++] = (struct draw_node){ pa, page };
	return true;
}

void draw_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			fputs("\\n", out);
		else if (*text == '"' || *text == '\\')
			fprintf(out, "\\%c", *text);
		else
			fputc(*text, out);
	}
}

void draw_cluster(FILE *out, const char *name, const char *title,
		  const char *color)
{
	fprintf(out, "  subgraph cluster_%s { label=\"", name);
	draw_text(out, title);
	fprintf(out,
		"\"; labeljust=l; style=rounded; color=\"%s\"; "
		"fontcolor=\"%s\"; margin=14; }\n",
		color, color);
}

static const char *registers_of(const struct scene *s, uint64_t pa)
{
	const struct machine_config *c = &s->m->config;

	if (!s->tegra)
		return "SMMU registers";
	if (pa == c->mc_base)
		return "MC registers";
	for (size_t i = 0; i < MACHINE_V2_MAX; i++) {
		if (pa == c->v2_base[i][1])
			return "SMMU registers,\nmirrored frame";
	}
	return "SMMU registers";
}

static void put_size(FILE *out, uint64_t size, uint64_t leaf)
{
	const char *what = leaf > CLI_PAGE ? "2 MiB block" : "page";

	if (size == leaf)
		fputs(what, out);
	else
		fprintf(out, "%" PRIu64 " %ss from", size / leaf, what);
}

void draw_pages(struct canvas *c, uint64_t pa, uint64_t size, uint64_t leaf)
{
	struct hypiommu_page_info info = { 0 };
	bool known = !hypiommu_page_info(c->scene->m->h, pa, &info);
	unsigned int who = owner_of(&info, known);

	if (!once(c, pa, true))
		return;
	fprintf(c->out,
		"  subgraph cluster_memory { subgraph cluster_owner%u {\n"
		"    p%" PRIx64 " [label=\"",
		who, pa);
	if (!known)
		draw_text(c->out, registers_of(c->scene, pa));
	else if (info.mmio)
		draw_text(c->out, "MSI doorbell");
	else
		put_size(c->out, size, leaf);
	fprintf(c->out,
		"\\n0x%" PRIx64 "\\n%u DMA pin%s\", "
		"fillcolor=\"%s\", color=\"%s\"];\n  } }\n",
		pa, info.pins, info.pins == 1 ? "" : "s", draw_owners[who].fill,
		draw_owners[who].line);
}

/* ---------------------------------------------------------------- tables */

static void put_table(struct canvas *c, uint64_t pa, unsigned int level)
{
	if (once(c, pa, false))
		fprintf(c->out,
			"  subgraph cluster_%s { t%" PRIx64
			" [label=\"level %u table\\n0x%" PRIx64 "\", "
			"fillcolor=\"%s\", color=\"%s\"]; }\n",
			c->tables, pa, level, pa, draw_owners[EL2].fill,
			draw_owners[EL2].line);
}

/* The leaves seen last, as one. */
static void put_run(struct canvas *c)
{
	const struct look_entry *e = &c->run;

	if (!e->size)
		return;
	draw_pages(c, e->pa, e->size, c->leaf);
	fprintf(c->out,
		"  t%" PRIx64 " -> p%" PRIx64 " [label=\"iova 0x%" PRIx64
		"\\n%s%s\"];\n",
		e->table, e->pa, e->iova, e->read ? "read" : "",
		e->write ? e->read ? ", write" : "write" : "");
	c->run.size = 0;
}

static bool continues(const struct look_entry *run, const struct look_entry *e)
{
	return run->size && e->leaf && e->table == run->table &&
	       e->iova == run->iova + run->size &&
	       e->pa == run->pa + run->size && e->read == run->read &&
	       e->write == run->write;
}

static void put_entry(void *ctx, const struct look_entry *e)
{
	struct canvas *c = ctx;

	if (continues(&c->run, e)) {
		c->run.size += e->size;
		return;
	}
	put_run(c);
	if (e->leaf) {
		c->run = *e;
		c->leaf = e->size;
		return;
	}
	put_table(c, e->pa, e->level + 1);
	fprintf(c->out, "  t%" PRIx64 " -> t%" PRIx64 ";\n", e->table, e->pa);
}

void draw_tables(struct canvas *c, const struct look_table *look,
		 const char *from)
{
	put_table(c, look->root, look->level);
	fprintf(c->out, "  %s -> t%" PRIx64 ";\n", from, look->root);
	look_tables(c->scene->m, look, put_entry, c);
	put_run(c);
}
