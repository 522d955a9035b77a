/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tegra234 sleeps, and wakes as firmware left it: its memory controller lets
 * DMA pass then, so EL2 must write registers before the host runs. Which of the
 * host's calls ends in such a sleep is firmware's to say (a system suspend, the
 * deepest state of the last CPU), and one may fail; so it is the registers that
 * tell, whenever a CPU comes back.
 */
#ifndef HYPIOMMU_SLEEP_TEGRA234_H
#define HYPIOMMU_SLEEP_TEGRA234_H

#include "stop_tegra234.h"

#define HYPIOMMU_SLEEP_SMMUS 16u

/* What is looked at: filled in at the take-over, by EL2 alone. */
struct hypiommu_sleeper {
	u32 (*read)(void *frame, u32 offset);
	u32 count;
	struct {
		u32 number;	/* the library's */
		void *frame[2]; /* for read; NULL: there is no such */
	} smmu[HYPIOMMU_SLEEP_SMMUS];
	void *mc; /* the block of stream IDs */
	bool has_client;
	u32 client; /* one of the host's: the controller forgets as a whole */
};

/* Is there something that resets to other than what the library keeps in it? */
static inline bool hypiommu_sleep_forgot(const struct hypiommu_sleeper *s)
{
	struct hypiommu_stop stop = { .read = s->read };

	for (u32 i = 0; i < s->count; i++) {
		for (u32 k = 0; k < 2 && s->smmu[i].frame[k]; k++) {
			stop.ctx = s->smmu[i].frame[k];
			if (!hypiommu_smmuv2_denies(&stop))
				return true;
		}
	}
	stop.ctx = s->mc;
	return s->has_client && !hypiommu_client_overridden(&stop, s->client);
}

/* A CPU is on its way back to the host. An SMMU without its controller stays
 * off; one that fails is broken for the library, and aborts. */
static inline void hypiommu_sleep_entry(const struct hypiommu_sleeper *s,
					struct hypiommu *h)
{
	int err;

	if (!hypiommu_sleep_forgot(s))
		return;
	err = hypiommu_tegra234_mc_resume(h);
	for (u32 i = 0; i < s->count; i++) {
		if (err)
			(void)hypiommu_smmu_suspend(h, s->smmu[i].number);
		else
			(void)hypiommu_smmu_reset(h, s->smmu[i].number);
	}
}

#endif /* HYPIOMMU_SLEEP_TEGRA234_H */
