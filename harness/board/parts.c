// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* SMMUs, interrupt controllers and memory. */
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "board_priv.h"

#define ITS_TRANSLATER 0x10000ull /* GITS_TRANSLATER's 64 KiB frame */

struct known {
	const char *compatible;
	enum board_smmu_kind kind;
};

static const struct known smmus[] = {
	{ "nvidia,tegra234-smmu", BOARD_SMMUV2 },
	{ "nvidia,tegra194-smmu", BOARD_SMMUV2 },
	{ "nvidia,tegra186-smmu", BOARD_SMMUV2 },
	{ "nvidia,smmu-500", BOARD_SMMUV2 },
	{ "arm,mmu-500", BOARD_SMMUV2 },
	{ "arm,smmu-v2", BOARD_SMMUV2 },
	{ "arm,smmu-v3", BOARD_SMMUV3 },
	{ "nvidia,tegra30-mc", BOARD_TEGRA_SMMU },
	{ "nvidia,tegra114-mc", BOARD_TEGRA_SMMU },
	{ "nvidia,tegra124-mc", BOARD_TEGRA_SMMU },
	{ "nvidia,tegra132-mc", BOARD_TEGRA_SMMU },
	{ "nvidia,tegra210-mc", BOARD_TEGRA_SMMU },
};

static const char *const mcs[] = {
	"nvidia,tegra234-mc",
	"nvidia,tegra194-mc",
	"nvidia,tegra186-mc",
};

static const char *const gics[] = {
	"arm,gic-v3",	     "arm,gic-400",	  "arm,cortex-a15-gic",
	"arm,cortex-a7-gic", "arm,cortex-a9-gic",
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* As dtc allows them, so that they can be printed. */
static bool label_is_plain(const char *name)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");

	return length && length < BOARD_NAME_MAX && !name[length];
}

/* What the tree calls a node: `label = "/path"` in __symbols__. */
static char *label_of(const struct load *l, uint32_t node, const char *path)
{
	size_t size = strlen(path) + 1;
	const char *name;
	int offset;

	if (l->symbols == NODE_NONE)
		return strdup(tree_name(l, node));
	fdt_for_each_property_offset(offset, l->fdt,
				     l->nodes[l->symbols].offset)
	{
		int length;
		const void *data =
			fdt_getprop_by_offset(l->fdt, offset, &name, &length);

		if (!data || length < 0 || (size_t)length != size)
			continue;
		if (!memcmp(data, path, size) && label_is_plain(name))
			return strdup(name);
	}
	return strdup(tree_name(l, node));
}

static bool check_iommu_cells(struct load *l, uint32_t node,
			      struct board_smmu *smmu)
{
	uint32_t max = smmu->kind == BOARD_SMMUV2 ? 2 : 1;

	smmu->iommu_cells = UINT32_MAX;
	if (!tree_u32(l, node, "#iommu-cells", &smmu->iommu_cells))
		return false;
	if (smmu->iommu_cells == UINT32_MAX)
		return load_fail(l, node, "#iommu-cells", "missing");
	if (smmu->iommu_cells == 0 || smmu->iommu_cells > max)
		return load_fail(l, node, "#iommu-cells", "%u, not 1%s",
				 smmu->iommu_cells, max == 2 ? " or 2" : "");
	return true;
}

static bool fill_smmu(struct load *l, uint32_t node, struct board_smmu *smmu)
{
	struct prop prop;

	smmu->disabled = l->nodes[node].disabled;
	smmu->phandle = l->nodes[node].phandle;
	smmu->dma_coherent = tree_prop(l, node, "dma-coherent", &prop);
	smmu->path = tree_path(l, node);
	if (smmu->path)
		smmu->name = label_of(l, node, smmu->path);
	if (!smmu->name)
		return load_no_memory(l);
	return check_iommu_cells(l, node, smmu) &&
	       tree_u32(l, node, "stream-match-mask",
			&smmu->stream_match_mask) &&
	       reg_frames(l, node, &smmu->frames, false);
}

static bool load_smmu(struct load *l, uint32_t node, const struct known *known)
{
	struct board_smmu smmu = { .compatible = known->compatible,
				   .kind = known->kind };
	struct board *b = l->board;
	void *room;
	bool good;

	if (b->smmu_count == BOARD_SMMUS_MAX)
		return load_fail(l, node, NULL, "more than %u SMMUs",
				 BOARD_SMMUS_MAX);
	room = load_room(l, b->smmus, b->smmu_count, sizeof(smmu));
	if (!room)
		return false;
	b->smmus = room;
	good = fill_smmu(l, node, &smmu);
	l->smmu_of[node] = b->smmu_count;
	b->smmus[b->smmu_count++] = smmu; /* freed with the board */
	return good;
}

static bool load_doorbell(struct load *l, uint32_t node, bool its)
{
	struct board_frames frames = { 0 };
	struct board *b = l->board;
	bool good = reg_frames(l, node, &frames, false);

	if (good && its && frames.list[0].size <= ITS_TRANSLATER)
		good = load_fail(l, node, "reg",
				 "too small for an ITS: no translation frame");
	if (good && !b->doorbell && !l->nodes[node].disabled) {
		b->doorbell_frame = frames.list[0];
		if (its) {
			b->doorbell_frame.base += ITS_TRANSLATER;
			b->doorbell_frame.size = ITS_TRANSLATER;
		}
		b->doorbell = &b->doorbell_frame;
	}
	free(frames.list);
	return good;
}

static bool load_memory(struct load *l, uint32_t node)
{
	if (l->nodes[node].disabled)
		return true;
	return reg_frames(l, node, &l->board->memory, true);
}

static bool is_memory(const struct load *l, uint32_t node)
{
	struct prop prop;
	const char *type;

	if (!tree_prop(l, node, "device_type", &prop))
		return false;
	type = prop_string(&prop, 0);
	return type && !strcmp(type, "memory");
}

bool load_part(struct load *l, uint32_t node)
{
	struct prop prop;

	if (l->nodes[node].meta)
		return true;
	if (is_memory(l, node))
		return load_memory(l, node);
	if (!tree_prop(l, node, "compatible", &prop))
		return true;
	for (size_t i = 0; i < COUNT(smmus); i++) {
		if (tree_compatible(l, node, smmus[i].compatible))
			return load_smmu(l, node, &smmus[i]);
	}
	for (size_t i = 0; i < COUNT(mcs); i++) {
		if (tree_compatible(l, node, mcs[i]))
			return load_mc(l, node, mcs[i]);
	}
	for (size_t i = 0; i < COUNT(gics); i++) {
		if (tree_compatible(l, node, gics[i]))
			return reg_frames(l, node, &l->board->irqchip, false);
	}
	if (tree_compatible(l, node, "arm,gic-v3-its"))
		return load_doorbell(l, node, true);
	if (tree_compatible(l, node, "arm,gic-v2m-frame"))
		return load_doorbell(l, node, false);
	return true;
}

static bool overlaps_any(const struct board_frames *frames, size_t count,
			 const struct board_frame *f)
{
	for (size_t i = 0; i < count; i++) {
		if (board_frame_overlaps(&frames->list[i], f->base, f->size))
			return true;
	}
	return false;
}

/* Its frames against each other, and against everything before it. */
static bool check_smmu(struct load *l, uint32_t node, size_t index)
{
	const struct board *b = l->board;
	const struct board_frames *own = &b->smmus[index].frames;
	bool bad = false;

	for (size_t i = 0; i < own->count; i++) {
		const struct board_frame *f = &own->list[i];

		bad |= overlaps_any(own, i, f) ||
		       overlaps_any(&b->mc.frames, b->mc.frames.count, f) ||
		       overlaps_any(&b->irqchip, b->irqchip.count, f);
		for (size_t j = 0; j < index; j++)
			bad |= overlaps_any(&b->smmus[j].frames,
					    b->smmus[j].frames.count, f);
	}
	return !bad || load_fail(l, node, "reg",
				 "registers that overlap other registers");
}

bool load_check(struct load *l)
{
	for (uint32_t i = 0; i < l->node_count; i++) {
		if (l->smmu_of[i] != BOARD_NO_SMMU &&
		    !check_smmu(l, i, l->smmu_of[i]))
			return false;
	}
	return true;
}
