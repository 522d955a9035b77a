/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Attributes of a leaf as a caller would name them. */
#include "walker.h"

/* vmsa.c's number: type, and shareability above it. */
static enum sim_memory memory_v8(bool stage2, uint16_t attr)
{
	unsigned int type = attr & 0xff;
	bool inner = attr >> 8 == 3;

	/* MemAttr of stage 2, without FWB (DDI 0487 D8.6.5). */
	if (stage2) {
		if (type == 0x1)
			return SIM_MEMORY_DEVICE;
		if (type == 0x5)
			return SIM_MEMORY_UNCACHED;
		return type == 0xf && inner ? SIM_MEMORY_CACHED
					    : SIM_MEMORY_OTHER;
	}
	/* A byte of MAIR (D19.2.101); write-back: 0b11RW, not transient. */
	if (type == 0x04)
		return SIM_MEMORY_DEVICE;
	if (type == 0x44)
		return SIM_MEMORY_UNCACHED;
	return (type & 0xcc) == 0xcc && inner ? SIM_MEMORY_CACHED
					      : SIM_MEMORY_OTHER;
}

/* v7s.c's number, with TEX remap and without (DDI 0406C B3.8.2, B3.8.3). */
static enum sim_memory memory_v7(uint16_t attr)
{
	unsigned int inner = attr >> 2 & 3, outer = attr >> 4 & 3;
	unsigned int tex_c_b = attr & 0x1f;

	if (attr & V7S_ATTR_RAW) {
		if (tex_c_b == 1)
			return SIM_MEMORY_DEVICE;
		if (tex_c_b == 4)
			return SIM_MEMORY_UNCACHED;
		return tex_c_b == 7 && attr & V7S_ATTR_RAW_S ? SIM_MEMORY_CACHED
							     : SIM_MEMORY_OTHER;
	}
	if ((attr & 3) == 1)
		return SIM_MEMORY_DEVICE;
	if ((attr & 3) != 2)
		return SIM_MEMORY_OTHER;
	if (!inner && !outer)
		return SIM_MEMORY_UNCACHED;
	return inner & outer & 1 && attr & V7S_ATTR_INNER ? SIM_MEMORY_CACHED
							  : SIM_MEMORY_OTHER;
}

struct sim_attrs walk_attrs(const struct walk_regime *r, unsigned int perms,
			    uint16_t attr, bool priv, bool unpriv)
{
	const unsigned int any = VMSA_UR | VMSA_UW | VMSA_UX;

	return (struct sim_attrs){
		.said = true,
		.unpriv = unpriv && perms & any,
		.execute = (unpriv && perms & VMSA_UX) ||
			   (priv && perms & VMSA_PX),
		.memory = r->v7s ? memory_v7(attr)
				 : memory_v8(r->v8.stage2, attr),
	};
}
