/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Loading a board: the indexed tree, and the errors. */
#ifndef BOARD_PRIV_H
#define BOARD_PRIV_H

#include "board.h"

#define NODE_NONE UINT32_MAX

struct node {
	int offset;
	uint32_t parent; /* index, NODE_NONE of the root */
	uint32_t phandle;
	uint8_t address_cells, size_cells; /* for its children */
	bool disabled;			   /* it or one above */
	bool meta; /* __symbols__, __fixups__: about the tree */
};

struct handle {
	uint32_t phandle, node;
};

struct load {
	void *fdt; /* aligned copy */
	const char *name;
	struct board *board;
	struct board_error *err;
	struct node *nodes;
	uint32_t node_count;
	struct handle *handles; /* by phandle */
	uint32_t handle_count;
	uint32_t symbols; /* node, or NODE_NONE */
	size_t *smmu_of;  /* by node: index or BOARD_NO_SMMU */
};

struct prop {
	const uint8_t *data;
	uint32_t length;
};

/* All bool functions: false and an error, unless they say otherwise. */

/* Always false. node may be NODE_NONE, property NULL. */
bool load_fail(struct load *l, uint32_t node, const char *property,
	       const char *format, ...) __attribute__((format(printf, 4, 5)));
bool load_no_memory(struct load *l);

/* Room for one more; grows at powers of two. NULL and an error. */
void *load_room(struct load *l, void *list, size_t count, size_t size);

/* tokens.c: before libfdt walks the structure block */
bool tokens_check(struct load *l);

/* tree.c: checked and indexed, once. */
bool tree_index(struct load *l);

/* props.c */
const char *tree_name(const struct load *l, uint32_t node);
char *tree_path(const struct load *l, uint32_t node); /* allocated or NULL */
bool tree_prop(const struct load *l, uint32_t node, const char *name,
	       struct prop *prop); /* is it there? */
uint32_t prop_cell(const struct prop *prop, uint32_t index);
/* The string at index of a list; NULL if there is none. */
const char *prop_string(const struct prop *prop, uint32_t index);
/* Left alone if the property is not there. */
bool tree_u32(struct load *l, uint32_t node, const char *name, uint32_t *value);
/* Is it a list of strings, printable, with an end? Absent is good. */
bool tree_strings(struct load *l, uint32_t node, const char *name);
bool tree_compatible(const struct load *l, uint32_t node, const char *name);
uint32_t tree_find_phandle(const struct load *l, uint32_t phandle);

/* reg.c: every entry of reg, translated to CPU addresses. One of size 0 is
 * an error, or skipped. */
bool reg_frames(struct load *l, uint32_t node, struct board_frames *frames,
		bool skip_empty);
bool board_frame_overlaps(const struct board_frame *a, uint64_t base,
			  uint64_t size);

/* parts.c: what the node is, if anything: an SMMU, the MC, a GIC, memory. */
bool load_part(struct load *l, uint32_t node);
/* No register frame may be two things. */
bool load_check(struct load *l);
/* mc.c */
bool load_mc(struct load *l, uint32_t node, const char *compatible);
/* masters.c, clients.c: once every part is loaded. */
bool load_master(struct load *l, uint32_t node);
void load_free_master(struct board_master *master); /* what it points at */
bool load_clients(struct load *l, uint32_t node, struct board_master *master);

#endif /* BOARD_PRIV_H */
