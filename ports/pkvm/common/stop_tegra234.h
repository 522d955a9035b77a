/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Make Tegra234's SMMUs (IHI 0062) and the memory controller before them abort
 * all there is, from any state; see stop_smmuv3.h.
 */
#ifndef HYPIOMMU_STOP_TEGRA234_H
#define HYPIOMMU_STOP_TEGRA234_H

#include "stop_smmuv3.h"

#define SMMUV2_SCR0	0x000u
#define SMMUV2_IDR0	0x020u
#define SMMUV2_SMR(n)	(0x800u + 4 * (n))
#define SMMUV2_S2CR(n)	(0xc00u + 4 * (n))
#define SCR0_CLIENTPD	(1u << 0)
#define SCR0_STALLD	(1u << 8)
#define SCR0_USFCFG	(1u << 10)
#define SCR0_SMCFCFG	(1u << 21)
#define S2CR_TYPE_FAULT (2u << 16)

/* It is on, and lets nobody pass who does not match: as it is stopped, and as
 * the library keeps it. */
static inline bool hypiommu_smmuv2_denies(const struct hypiommu_stop *s)
{
	return (s->read(s->ctx, SMMUV2_SCR0) & (SCR0_CLIENTPD | SCR0_USFCFG)) ==
	       SCR0_USFCFG;
}

/*
 * One frame of an SMMUv2: whoever matches faults, then nobody matches, and who
 * does not match faults. Where the frame is on, the last is done first, or what
 * firmware had matched would pass from when its entry is taken until then. Not
 * where it is off: out of reset anything may be in the entries, and this would
 * switch them on. True: it reads back.
 */
static inline bool hypiommu_stop_smmuv2(const struct hypiommu_stop *s)
{
	const u32 deny = SCR0_STALLD | SCR0_USFCFG | SCR0_SMCFCFG;
	u32 entries = s->read(s->ctx, SMMUV2_IDR0) & 0xff;

	if (!(s->read(s->ctx, SMMUV2_SCR0) & SCR0_CLIENTPD))
		s->write(s->ctx, SMMUV2_SCR0, deny);
	for (u32 n = 0; n < entries; n++)
		s->write(s->ctx, SMMUV2_S2CR(n), S2CR_TYPE_FAULT);
	for (u32 n = 0; n < entries; n++)
		s->write(s->ctx, SMMUV2_SMR(n), 0);
	s->write(s->ctx, SMMUV2_SCR0, deny);
	return hypiommu_smmuv2_denies(s);
}

#define MC_OVERRIDE(id)	 ((id)*8u)
#define MC_SECURITY(id)	 ((id)*8u + 4)
#define MC_SECURITY_ON	 (1u << 8)  /* the override counts */
#define MC_SECURITY_LOCK (1u << 16) /* for everyone, until reset */

/* Its stream ID is the one in the override. */
static inline bool hypiommu_client_overridden(const struct hypiommu_stop *s,
					      u32 id)
{
	return s->read(s->ctx, MC_SECURITY(id)) & MC_SECURITY_ON;
}

/*
 * A memory client: SID 0, which no stream has. One that is locked already
 * cannot be changed; whether that will do is found at the take-over.
 */
static inline void hypiommu_stop_client(const struct hypiommu_stop *s, u32 id)
{
	u32 security = s->read(s->ctx, MC_SECURITY(id));

	if (security & MC_SECURITY_LOCK)
		return;
	s->write(s->ctx, MC_OVERRIDE(id), 0);
	s->write(s->ctx, MC_SECURITY(id), security | MC_SECURITY_ON);
}

#endif /* HYPIOMMU_STOP_TEGRA234_H */
