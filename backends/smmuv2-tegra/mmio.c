// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Register access over mirrored frames: every write goes to all, every status
 * is asked of all, configuration that is read back must agree.
 */
#include "smmuv2.h"
#include "wait.h"

uint32_t smmuv2_read(struct hypiommu_smmu *smmu, uint32_t frame, uint32_t off)
{
	const struct hypiommu_config *c = &smmu->h->config;

	return c->mmio->read32(c->mmio_ctx, smmuv2_of(smmu)->window[frame],
			       off);
}

uint64_t smmuv2_read64(struct hypiommu_smmu *smmu, uint32_t frame, uint32_t off)
{
	const struct hypiommu_config *c = &smmu->h->config;

	return c->mmio->read64(c->mmio_ctx, smmuv2_of(smmu)->window[frame],
			       off);
}

void smmuv2_write(struct hypiommu_smmu *smmu, uint32_t off, uint32_t val)
{
	const struct hypiommu_config *c = &smmu->h->config;
	const struct smmuv2 *s = smmuv2_of(smmu);

	for (uint32_t i = 0; i < s->frames; i++)
		c->mmio->write32(c->mmio_ctx, s->window[i], off, val);
}

void smmuv2_write64(struct hypiommu_smmu *smmu, uint32_t off, uint64_t val)
{
	const struct hypiommu_config *c = &smmu->h->config;
	const struct smmuv2 *s = smmuv2_of(smmu);

	for (uint32_t i = 0; i < s->frames; i++)
		c->mmio->write64(c->mmio_ctx, s->window[i], off, val);
}

void smmuv2_write_one(struct hypiommu_smmu *smmu, uint32_t frame, uint32_t off,
		      uint32_t val)
{
	const struct hypiommu_config *c = &smmu->h->config;

	c->mmio->write32(c->mmio_ctx, smmuv2_of(smmu)->window[frame], off, val);
}

int smmuv2_set(struct hypiommu_smmu *smmu, uint32_t off, uint32_t val)
{
	smmuv2_write(smmu, off, val);
	for (uint32_t i = 0; i < smmuv2_of(smmu)->frames; i++) {
		if (smmuv2_read(smmu, i, off) != val)
			return HYPIOMMU_E_HW;
	}
	return HYPIOMMU_OK;
}

int smmuv2_set64(struct hypiommu_smmu *smmu, uint32_t off, uint64_t val)
{
	smmuv2_write64(smmu, off, val);
	for (uint32_t i = 0; i < smmuv2_of(smmu)->frames; i++) {
		if (smmuv2_read64(smmu, i, off) != val)
			return HYPIOMMU_E_HW;
	}
	return HYPIOMMU_OK;
}

/* The status of all frames, ORed. */
static uint32_t any(struct hypiommu_smmu *smmu, uint32_t off)
{
	uint32_t v = 0;

	for (uint32_t i = 0; i < smmuv2_of(smmu)->frames; i++)
		v |= smmuv2_read(smmu, i, off);
	return v;
}

int smmuv2_sync(struct hypiommu_smmu *smmu, uint32_t sync, uint32_t status)
{
	struct wait w = wait_begin(smmuv2_of(smmu)->timeout_us);

	smmuv2_write(smmu, sync, 0);
	do {
		if (!(any(smmu, status) & 1)) {
			hypiommu_env_after_sync();
			return HYPIOMMU_OK;
		}
	} while (wait_goes_on(&w));
	return HYPIOMMU_E_TIMEOUT;
}
