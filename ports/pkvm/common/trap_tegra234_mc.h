/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a host may do with the registers of Tegra234's memory controller, beside
 * those of stream IDs, of which it may nothing: see to its error interrupt, ask
 * where firmware's carveouts are, count channels. Offsets are in a channel's
 * block or in the broadcast block (facts: Linux's drivers/memory/tegra).
 */
#ifndef HYPIOMMU_TRAP_TEGRA234_MC_H
#define HYPIOMMU_TRAP_TEGRA234_MC_H

#include "trap.h"

#define TEGRA234_MC_INTSTATUS	     0x000u
#define TEGRA234_MC_INTMASK	     0x004u
#define TEGRA234_MC_GLOBAL_INTSTATUS 0xf24u

/* Three words of 32: base, its upper half, size. 1 to 5, then the rest. */
static inline bool tegra234_mc_carveout(u64 offset)
{
	u64 low = offset - 0xc0c, high = offset - 0x2004;

	return (low < 5 * 0x50 && low % 0x50 < 12) ||
	       (high < 26 * 0x50 && high % 0x50 < 12);
}

/* What an error was, and where: pairs of status and address. */
static inline bool tegra234_mc_error(u64 offset)
{
	static const u32 pairs[] = {
		0x008, /* ERR_STATUS, ERR_ADR */
		0x654, /* ERR_VPR */
		0x67c, /* ERR_SEC */
		0x9b0, /* ERR_MTS */
		0x9c0, /* ERR_ROUTE_SANITY */
		0xc00, /* ERR_GENERALIZED_CARVEOUT */
	};

	for (u32 i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (offset - pairs[i] < 8)
			return true;
	}
	return offset == 0x11fc; /* ERR_ADR_HI */
}

/* sid: it is the block of stream IDs. */
static inline bool hypiommu_trap_tegra234_mc(bool sid, u64 offset,
					     const struct hypiommu_trap *t)
{
	if (sid || t->size != 4 || offset & 3)
		return false;
	if (offset == TEGRA234_MC_INTSTATUS || offset == TEGRA234_MC_INTMASK ||
	    offset == TEGRA234_MC_GLOBAL_INTSTATUS)
		return true;
	if (t->write)
		return false;
	return tegra234_mc_error(offset) || tegra234_mc_carveout(offset) ||
	       offset == 0xdf8; /* EMEM_ADR_CFG_CHANNEL_ENABLE */
}

#endif /* HYPIOMMU_TRAP_TEGRA234_MC_H */
