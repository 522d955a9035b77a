// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Masters: iommus and iommu-map (bindings/iommu, bindings/pci/pci-iommu). */
#include <stdlib.h>
#include <string.h>

#include "board_priv.h"

#define MAP_CELLS   4u	    /* rid-base, phandle, sid-base, length */
#define RID_MAX	    0xffffu /* bus, device, function */
#define SMMUV2_BITS 16	    /* an iommus cell is the SID, and a mask above */

static bool add_stream(struct load *l, struct board_master *m,
		       struct board_stream stream)
{
	void *room = load_room(l, m->streams, m->stream_count, sizeof(stream));

	if (!room)
		return false;
	m->streams = room;
	if (!m->stream_count)
		m->smmu = stream.smmu;
	m->streams[m->stream_count++] = stream;
	return true;
}

/* The node a phandle names: NODE_NONE and an error. */
static uint32_t named(struct load *l, uint32_t node, const char *property,
		      uint32_t phandle)
{
	uint32_t target = tree_find_phandle(l, phandle);

	if (target == NODE_NONE)
		load_fail(l, node, property, "no node has the phandle 0x%x",
			  phandle);
	return target;
}

static bool add_iommus(struct load *l, uint32_t node, struct board_master *m,
		       size_t smmu, const struct prop *p, uint32_t at)
{
	const struct board_smmu *s = &l->board->smmus[smmu];
	struct board_stream stream = { .kind = BOARD_IOMMUS,
				       .smmu = smmu,
				       .count = 1 };

	stream.sid = prop_cell(p, at);
	if (s->iommu_cells == 2) {
		stream.mask = prop_cell(p, at + 1);
	} else if (s->kind == BOARD_SMMUV2) {
		stream.mask = stream.sid >> SMMUV2_BITS;
		stream.sid &= (1u << SMMUV2_BITS) - 1;
	}
	if (s->kind == BOARD_SMMUV2 &&
	    (stream.sid | stream.mask) >> SMMUV2_BITS)
		return load_fail(l, node, "iommus",
				 "stream 0x%x mask 0x%x: more than %d bits",
				 stream.sid, stream.mask, SMMUV2_BITS);
	return add_stream(l, m, stream);
}

static bool load_iommus(struct load *l, uint32_t node, struct board_master *m,
			const struct prop *p)
{
	uint32_t i = 0, count = p->length / 4;

	if (!p->length || p->length % 4)
		return load_fail(l, node, "iommus",
				 "%u bytes, not a list of cells", p->length);
	while (i < count) {
		uint32_t target = named(l, node, "iommus", prop_cell(p, i++));
		uint32_t cells = UINT32_MAX;

		if (target == NODE_NONE ||
		    !tree_u32(l, target, "#iommu-cells", &cells))
			return false;
		if (cells == UINT32_MAX)
			return load_fail(l, target, "#iommu-cells",
					 "missing, but iommus names the node");
		if (cells > count - i)
			return load_fail(l, node, "iommus",
					 "ends within an entry of %u cells",
					 cells + 1);
		if (l->smmu_of[target] != BOARD_NO_SMMU &&
		    !add_iommus(l, node, m, l->smmu_of[target], p, i))
			return false;
		i += cells;
	}
	return true;
}

/* As Linux' of_map_id: the requester ID is masked, then looked up. */
static bool add_map(struct load *l, uint32_t node, struct board_master *m,
		    const struct prop *p, uint32_t at, uint32_t mask)
{
	struct board_stream stream = { .kind = BOARD_IOMMU_MAP };
	uint32_t length = prop_cell(p, at + 3), target, reach;

	stream.rid_base = prop_cell(p, at);
	stream.sid = prop_cell(p, at + 2);
	target = named(l, node, "iommu-map", prop_cell(p, at + 1));
	if (target == NODE_NONE)
		return false;
	if (l->smmu_of[target] == BOARD_NO_SMMU)
		return true;
	if (stream.rid_base & ~mask)
		return load_fail(l, node, "iommu-map",
				 "the mask 0x%x ignores requester 0x%x", mask,
				 stream.rid_base);
	if (!length || stream.rid_base > RID_MAX ||
	    length - 1 > UINT32_MAX - stream.sid)
		return load_fail(l, node, "iommu-map",
				 "requesters 0x%x+0x%x to streams 0x%x",
				 stream.rid_base, length, stream.sid);
	reach = (mask < RID_MAX ? mask : RID_MAX) - stream.rid_base;
	stream.count = length - 1 < reach ? length : reach + 1;
	stream.smmu = l->smmu_of[target];
	return add_stream(l, m, stream);
}

static bool load_iommu_map(struct load *l, uint32_t node,
			   struct board_master *m, const struct prop *p)
{
	uint32_t mask = UINT32_MAX;

	if (!p->length || p->length % (MAP_CELLS * 4))
		return load_fail(l, node, "iommu-map",
				 "%u bytes, not a multiple of %u", p->length,
				 MAP_CELLS * 4);
	if (!tree_u32(l, node, "iommu-map-mask", &mask))
		return false;
	for (uint32_t i = 0; i < p->length / 4; i += MAP_CELLS) {
		if (!add_map(l, node, m, p, i, mask))
			return false;
	}
	return true;
}

static bool fill_master(struct load *l, uint32_t node, struct board_master *m)
{
	struct prop prop;

	m->smmu = BOARD_NO_SMMU;
	m->disabled = l->nodes[node].disabled;
	m->dma_coherent = tree_prop(l, node, "dma-coherent", &prop);
	m->path = tree_path(l, node);
	if (!m->path)
		return load_no_memory(l);
	m->name = strrchr(m->path, '/') + 1;
	m->has_iommus = tree_prop(l, node, "iommus", &prop);
	if (m->has_iommus && !load_iommus(l, node, m, &prop))
		return false;
	m->has_iommu_map = tree_prop(l, node, "iommu-map", &prop);
	if (m->has_iommu_map && !load_iommu_map(l, node, m, &prop))
		return false;
	return !m->stream_count || load_clients(l, node, m);
}

bool load_master(struct load *l, uint32_t node)
{
	struct board_master m = { 0 };
	struct board *b = l->board;
	struct prop prop;
	void *room;

	if (l->nodes[node].meta || (!tree_prop(l, node, "iommus", &prop) &&
				    !tree_prop(l, node, "iommu-map", &prop)))
		return true;
	if (b->master_count == BOARD_MASTERS_MAX)
		return load_fail(l, node, NULL, "more than %u masters",
				 BOARD_MASTERS_MAX);
	room = load_room(l, b->masters, b->master_count, sizeof(m));
	if (!room)
		return false;
	b->masters = room;
	if (!fill_master(l, node, &m)) {
		load_free_master(&m);
		return false;
	}
	if (m.stream_count) /* else behind nothing known */
		b->masters[b->master_count++] = m;
	else
		load_free_master(&m);
	return true;
}
