// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Tegra186 and later: the memory controller with the SID registers. */
#include <stdlib.h>
#include <string.h>

#include "board_priv.h"

#define SID_FRAME 0x10000u /* 64 KiB each */

/* "sid" and "chN" of reg-names; without names the first frame is sid. */
static bool name_frames(struct load *l, uint32_t node, struct board_mc *mc)
{
	struct prop names;
	bool sid = false;

	if (!tree_prop(l, node, "reg-names", &names))
		return true;
	if (!tree_strings(l, node, "reg-names"))
		return false;
	for (uint32_t i = 0; i < mc->frames.count; i++) {
		const char *name = prop_string(&names, i);

		if (!name)
			break;
		mc->channels += !strncmp(name, "ch", 2);
		if (!strcmp(name, "sid") && !sid) {
			mc->sid = i;
			sid = true;
		}
	}
	return sid || load_fail(l, node, "reg-names", "no sid frame");
}

bool load_mc(struct load *l, uint32_t node, const char *compatible)
{
	struct board_mc *mc = &l->board->mc;

	if (mc->present)
		return load_fail(l, node, "compatible",
				 "a second memory controller");
	mc->present = true;
	mc->compatible = compatible;
	mc->phandle = l->nodes[node].phandle;
	mc->path = tree_path(l, node);
	if (!mc->path)
		return load_no_memory(l);
	if (!tree_u32(l, node, "#interconnect-cells",
		      &mc->interconnect_cells) ||
	    !reg_frames(l, node, &mc->frames, false) ||
	    !name_frames(l, node, mc))
		return false;
	if (mc->frames.list[mc->sid].size < SID_FRAME)
		return load_fail(l, node, "reg",
				 "the SID registers need 0x%x bytes",
				 SID_FRAME);
	mc->sid_base = mc->frames.list[mc->sid].base;
	return true;
}
