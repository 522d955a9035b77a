/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The picture under way; what the files that draw share. */
#ifndef DRAW_CANVAS_H
#define DRAW_CANVAS_H

#include "draw.h"
#include "look.h"

#define DRAW_NODES_MAX 128u
#define DRAW_GREY      "#6e6e6e"
/* Of a node that stands for what does not happen. */
#define DRAW_DEAD                                            \
	"style=\"rounded,dashed,filled\", fillcolor=white, " \
	"color=\"" DRAW_GREY "\", fontcolor=\"" DRAW_GREY "\""
#define DRAW_DEAD_EDGE                                 \
	"style=dotted, penwidth=2, color=\"" DRAW_GREY \
	"\", fontcolor=\"" DRAW_GREY "\""

struct draw_node {
	uint64_t pa;
	bool page; /* else a structure of EL2 */
};

struct canvas {
	FILE *out;
	struct scene *scene;
	const char *tables;    /* the cluster translation tables are put in */
	struct look_entry run; /* leaves seen, not drawn yet; size 0: none */
	uint64_t leaf;	       /* bytes of each of them */
	struct draw_node nodes[DRAW_NODES_MAX];
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

extern const struct owner_style draw_owners[OWNERS];

/* A label's text: newlines and quotes as Graphviz writes them. */
void draw_text(FILE *out, const char *text);
/* An empty, rounded frame with a title. */
void draw_cluster(FILE *out, const char *name, const char *title,
		  const char *color);
/* Memory from pa on in leaves of one size, once; what is known of the first
 * page stands for all. */
void draw_pages(struct canvas *c, uint64_t pa, uint64_t size, uint64_t leaf);
/* The tables from look->root on, and the pages they lead to; an edge from the
 * node `from` to the root. */
void draw_tables(struct canvas *c, const struct look_table *look,
		 const char *from);

/* draw_v3.c, draw_tegra.c: the clusters of the hardware, then device i: its
 * node d<i>, what decides on it up to s<i>, tables and pages. */
void draw_v3_frame(struct canvas *c);
void draw_v3_device(struct canvas *c, size_t i);
void draw_tegra_frame(struct canvas *c);
void draw_tegra_device(struct canvas *c, size_t i);
void draw_tegra_stray(struct canvas *c);

#endif /* DRAW_CANVAS_H */
