/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * VMSAv7 short-descriptor tables (DDI 0406C B3.5) with TTBCR.N = 0: 4096
 * entries of 4 bytes for 1 MiB each, then 256 for 4 KiB each. Results have the
 * shape vmsa.h gives them, so that walks and caches are shared.
 */
#ifndef SIM_V7S_H
#define SIM_V7S_H

#include "vmsa.h"

#define V7S_GRANULE 10u /* a second-level table is 1 KiB */

/* The attr of a leaf: type, inner and outer cacheability from bit 0 on, two
 * bits each, and shareable; or, with SCTLR.TRE = 0, B, C and TEX. */
#define V7S_ATTR_SHARED 0x40u
#define V7S_ATTR_INNER	0x80u /* shared, and no further than inner */
#define V7S_ATTR_RAW	0x8000u
#define V7S_ATTR_RAW_S	0x20u

struct v7s_regime {
	uint64_t ttb;	     /* bits 31:14 */
	bool disabled;	     /* TTBCR.PD0: a walk faults */
	bool tre, afe, affd; /* SCTLR */
	uint32_t prrr, nmrr;
};

struct vmsa_table v7s_root(const struct v7s_regime *regime);
uint64_t v7s_nr_entries(const struct vmsa_table *table);
uint64_t v7s_index(const struct vmsa_table *table, uint64_t ia);
/*
 * A supersection or large page is one leaf of 16 MiB or 64 KiB whichever of
 * its 16 descriptors is read; leaf.contiguous is set for it.
 */
void v7s_decode(const struct v7s_regime *regime, const struct vmsa_table *table,
		uint64_t index, uint32_t desc, struct vmsa_entry *entry);

#endif /* SIM_V7S_H */
