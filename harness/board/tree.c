// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * One pass over the whole tree, so that nothing later searches it: parents,
 * phandles, cell counts and status of every node.
 */
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "board_priv.h"

#define CELLS_MAX   4u
#define VERSION_MIN 17u /* of 2007: every block has its size */

struct open_nodes {
	uint32_t at[BOARD_DEPTH_MAX + 1];
};

/* The version first: fdt_check_full follows a null name in an old format. */
static bool check_blob(struct load *l)
{
	int err;

	if (fdt_version(l->fdt) < VERSION_MIN)
		return load_fail(l, NODE_NONE, NULL,
				 "version %u of the format, not %u or above",
				 fdt_version(l->fdt), VERSION_MIN);
	err = fdt_off_dt_struct(l->fdt) % FDT_TAGSIZE
		      ? -FDT_ERR_ALIGNMENT
		      : fdt_check_header(l->fdt);
	if (!err) {
		if (!tokens_check(l))
			return false;
		err = fdt_check_full(l->fdt, fdt_totalsize(l->fdt));
	}
	if (err)
		return load_fail(l, NODE_NONE, NULL,
				 "not a flattened device tree: %s",
				 fdt_strerror(err));
	return true;
}

static bool good_name(struct load *l, uint32_t node)
{
	const char *name = tree_name(l, node);
	size_t length = 0;

	for (; name[length]; length++) {
		if (name[length] <= ' ' || name[length] > '~' ||
		    name[length] == '/')
			return load_fail(l, node, NULL,
					 "a node name with a strange byte");
		if (length >= BOARD_NAME_MAX)
			return load_fail(l, l->nodes[node].parent, NULL,
					 "a node name longer than %u bytes",
					 BOARD_NAME_MAX);
	}
	if (!length && node)
		return load_fail(l, l->nodes[node].parent, NULL,
				 "a node without a name");
	return true;
}

static bool read_cells(struct load *l, uint32_t node, const char *name,
		       uint32_t value, uint8_t *cells)
{
	if (!tree_u32(l, node, name, &value))
		return false;
	if (value > CELLS_MAX)
		return load_fail(l, node, name, "%u cells, not at most %u",
				 value, CELLS_MAX);
	*cells = (uint8_t)value;
	return true;
}

/* Absent, "okay" and "ok" are enabled (Devicetree specification 2.3.4). */
static bool says_disabled(const struct load *l, uint32_t node)
{
	struct prop status;
	const char *text;

	if (!tree_prop(l, node, "status", &status))
		return false;
	text = prop_string(&status, 0);
	return !text || (strcmp(text, "okay") != 0 && strcmp(text, "ok") != 0);
}

static void inherit(struct load *l, uint32_t index, uint32_t depth)
{
	struct node *node = &l->nodes[index];
	const char *name = tree_name(l, index);

	node->disabled = says_disabled(l, index);
	node->meta = depth == 1 && !strncmp(name, "__", 2);
	if (node->parent != NODE_NONE) {
		node->disabled |= l->nodes[node->parent].disabled;
		node->meta |= l->nodes[node->parent].meta;
	}
	if (depth == 1 && !strcmp(name, "__symbols__"))
		l->symbols = index;
}

static bool add_node(struct load *l, int offset, uint32_t parent,
		     uint32_t depth)
{
	uint32_t index = l->node_count;
	struct node *node;
	void *room;

	if (index == BOARD_NODES_MAX)
		return load_fail(l, NODE_NONE, NULL, "more than %u nodes",
				 BOARD_NODES_MAX);
	room = load_room(l, l->nodes, index, sizeof(*l->nodes));
	if (!room)
		return false;
	l->nodes = room;
	l->node_count++;
	node = &l->nodes[index];
	*node = (struct node){ .offset = offset, .parent = parent };
	node->phandle = fdt_get_phandle(l->fdt, offset);
	if (node->phandle == UINT32_MAX)
		node->phandle = 0;
	if (!good_name(l, index) ||
	    !read_cells(l, index, "#address-cells", 2, &node->address_cells) ||
	    !read_cells(l, index, "#size-cells", 1, &node->size_cells))
		return false;
	inherit(l, index, depth);
	return true;
}

static bool add_nodes(struct load *l)
{
	struct open_nodes open;
	int depth = 0, offset = 0;

	while (offset >= 0 && depth >= 0) {
		uint32_t level = (uint32_t)depth;

		if (level > BOARD_DEPTH_MAX)
			return load_fail(l, open.at[BOARD_DEPTH_MAX], NULL,
					 "nodes nested deeper than %u",
					 BOARD_DEPTH_MAX);
		open.at[level] = l->node_count;
		if (!add_node(l, offset, level ? open.at[level - 1] : NODE_NONE,
			      level))
			return false;
		offset = fdt_next_node(l->fdt, offset, &depth);
	}
	return true;
}

static int by_phandle(const void *a, const void *b)
{
	const struct handle *x = a, *y = b;

	if (x->phandle != y->phandle)
		return x->phandle < y->phandle ? -1 : 1;
	return x->node < y->node ? -1 : x->node > y->node;
}

static bool add_handles(struct load *l)
{
	l->handles = calloc(l->node_count, sizeof(*l->handles));
	if (!l->handles)
		return load_no_memory(l);
	for (uint32_t i = 0; i < l->node_count; i++) {
		if (l->nodes[i].phandle)
			l->handles[l->handle_count++] =
				(struct handle){ l->nodes[i].phandle, i };
	}
	qsort(l->handles, l->handle_count, sizeof(*l->handles), by_phandle);
	for (uint32_t i = 1; i < l->handle_count; i++) {
		if (l->handles[i].phandle == l->handles[i - 1].phandle)
			return load_fail(l, l->handles[i].node, "phandle",
					 "0x%x is another node's, too",
					 l->handles[i].phandle);
	}
	return true;
}

bool tree_index(struct load *l)
{
	l->symbols = NODE_NONE;
	return check_blob(l) && add_nodes(l) && add_handles(l);
}

uint32_t tree_find_phandle(const struct load *l, uint32_t phandle)
{
	uint32_t low = 0, high = l->handle_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (l->handles[middle].phandle < phandle)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < l->handle_count && l->handles[low].phandle == phandle)
		return l->handles[low].node;
	return NODE_NONE;
}
