/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Make an SMMUv3 abort all there is, from any state (IHI 0070 6.3.15): abort
 * first, then switch translation off. For whoever finds that nothing better
 * will take it over.
 */
#ifndef HYPIOMMU_STOP_SMMUV3_H
#define HYPIOMMU_STOP_SMMUV3_H

#define SMMU_CR0    0x20u
#define SMMU_CR0ACK 0x24u
#define SMMU_GBPA   0x44u
#define GBPA_ABORT  (1u << 20)
#define GBPA_UPDATE (1u << 31)

/* Polls of one register before it is given up; each is a read of a device. */
#define STOP_POLLS 1000000u

struct hypiommu_stop {
	u32 (*read)(void *ctx, u32 offset);
	void (*write)(void *ctx, u32 offset, u32 val);
	void *ctx;
};

static inline bool stop_wait(const struct hypiommu_stop *s, u32 offset,
			     u32 mask)
{
	for (u32 i = 0; i < STOP_POLLS; i++) {
		if (!(s->read(s->ctx, offset) & mask))
			return true;
	}
	return false;
}

/* True: GBPA aborts, and translation is off. */
static inline bool hypiommu_stop_smmuv3(const struct hypiommu_stop *s)
{
	if (!stop_wait(s, SMMU_GBPA, GBPA_UPDATE))
		return false;
	s->write(s->ctx, SMMU_GBPA, GBPA_UPDATE | GBPA_ABORT);
	if (!stop_wait(s, SMMU_GBPA, GBPA_UPDATE) ||
	    !(s->read(s->ctx, SMMU_GBPA) & GBPA_ABORT))
		return false;
	s->write(s->ctx, SMMU_CR0, 0);
	return stop_wait(s, SMMU_CR0ACK, 1);
}

#endif /* HYPIOMMU_STOP_SMMUV3_H */
