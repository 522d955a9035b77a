// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Addresses: reg, and ranges of every bus above (DT specification 2.3.8). */
#include <inttypes.h>
#include <stdlib.h>

#include "board_priv.h"

/* A number of 1 or 2 cells; *index moves on. */
static uint64_t take(const struct prop *prop, uint32_t *index, uint32_t cells)
{
	uint64_t value = 0;

	for (uint32_t i = 0; i < cells; i++)
		value = value << 32 | prop_cell(prop, (*index)++);
	return value;
}

bool board_frame_overlaps(const struct board_frame *a, uint64_t base,
			  uint64_t size)
{
	return size && base <= a->base + (a->size - 1) &&
	       a->base <= base + (size - 1);
}

/* Finds the entry of ranges that holds all of the frame. */
static bool translate_by(struct load *l, uint32_t bus, const struct prop *p,
			 uint32_t up, struct board_frame *frame)
{
	const struct node *node = &l->nodes[bus];
	uint32_t cells = node->address_cells + up + node->size_cells;

	if (p->length % (cells * 4))
		return load_fail(l, bus, "ranges",
				 "%u bytes, not a multiple of %u", p->length,
				 cells * 4);
	for (uint32_t i = 0; i < p->length / 4;) {
		uint64_t child = take(p, &i, node->address_cells);
		uint64_t parent = take(p, &i, up);
		uint64_t size = take(p, &i, node->size_cells);

		if (frame->base < child || frame->base - child >= size ||
		    size - (frame->base - child) < frame->size)
			continue;
		frame->base = frame->base - child + parent;
		if (frame->base < parent ||
		    frame->base > UINT64_MAX - frame->size)
			return load_fail(l, bus, "ranges", "wraps");
		return true;
	}
	return load_fail(l, bus, "ranges",
			 "no entry for 0x%" PRIx64 "+0x%" PRIx64, frame->base,
			 frame->size);
}

/* Of the addresses bus gives its children: 1 or 2 cells, no more. */
static bool plain_cells(struct load *l, uint32_t bus)
{
	const struct node *node = &l->nodes[bus];

	if (!node->address_cells || node->address_cells > 2)
		return load_fail(l, bus, "#address-cells",
				 "%u: no address of a register frame",
				 node->address_cells);
	if (!node->size_cells || node->size_cells > 2)
		return load_fail(l, bus, "#size-cells",
				 "%u: no size of a register frame",
				 node->size_cells);
	return true;
}

static bool translate(struct load *l, uint32_t bus, struct board_frame *frame)
{
	/* The root's addresses are the CPU's. */
	for (; bus; bus = l->nodes[bus].parent) {
		uint32_t parent = l->nodes[bus].parent;
		struct prop ranges;

		if (!tree_prop(l, bus, "ranges", &ranges))
			return load_fail(l, bus, "ranges",
					 "missing: nothing below it has an "
					 "address the CPU sees");
		if (!ranges.length)
			continue;
		if (!plain_cells(l, bus) || !plain_cells(l, parent) ||
		    !translate_by(l, bus, &ranges,
				  l->nodes[parent].address_cells, frame))
			return false;
	}
	return true;
}

static bool add_frame(struct load *l, uint32_t node,
		      struct board_frames *frames, struct board_frame frame)
{
	void *room;

	if (frames->count == BOARD_FRAMES_MAX)
		return load_fail(l, node, "reg", "more than %u entries",
				 BOARD_FRAMES_MAX);
	if (frame.base > UINT64_MAX - frame.size)
		return load_fail(l, node, "reg", "an entry that wraps");
	if (!translate(l, l->nodes[node].parent, &frame))
		return false;
	room = load_room(l, frames->list, frames->count, sizeof(frame));
	if (!room)
		return false;
	frames->list = room;
	frames->list[frames->count++] = frame;
	return true;
}

bool reg_frames(struct load *l, uint32_t node, struct board_frames *frames,
		bool skip_empty)
{
	uint32_t bus = l->nodes[node].parent, cells, i = 0;
	struct prop reg;

	if (bus == NODE_NONE || !tree_prop(l, node, "reg", &reg))
		return load_fail(l, node, "reg", "missing");
	if (!plain_cells(l, bus))
		return false;
	cells = l->nodes[bus].address_cells + l->nodes[bus].size_cells;
	if (!reg.length || reg.length % (cells * 4))
		return load_fail(l, node, "reg",
				 "%u bytes, not a multiple of %u", reg.length,
				 cells * 4);
	while (i < reg.length / 4) {
		struct board_frame frame;

		frame.base = take(&reg, &i, l->nodes[bus].address_cells);
		frame.size = take(&reg, &i, l->nodes[bus].size_cells);
		if (!frame.size && skip_empty)
			continue;
		if (!frame.size)
			return load_fail(l, node, "reg", "an entry of size 0");
		if (!add_frame(l, node, frames, frame))
			return false;
	}
	return true;
}
