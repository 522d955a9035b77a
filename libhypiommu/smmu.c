// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* One SMMU's health: poison on failure, suspend, reset. */
#include "core.h"

void smmu_notice(struct hypiommu_smmu *smmu, enum hypiommu_notice what,
		 uint64_t value)
{
	const struct hypiommu_config *c = &smmu->h->config;

	if (c->sink && c->sink->notice)
		c->sink->notice(c->sink_ctx, what, smmu->index, value);
}

/* 0 or E_BROKEN. smmu->lock held, or a first look that is repeated under it */
int smmu_usable(struct hypiommu_smmu *smmu)
{
	return hypiommu_env_load32(&smmu->broken) ? HYPIOMMU_E_BROKEN
						  : HYPIOMMU_OK;
}

/*
 * Pass a backend's result through: hardware that failed to answer, or answered
 * out of its specification, can no longer be trusted to have dropped anything.
 * All its streams abort and its pages stay pinned. smmu->lock held.
 */
int smmu_result(struct hypiommu_smmu *smmu, int err)
{
	if (err != HYPIOMMU_E_TIMEOUT && err != HYPIOMMU_E_HW)
		return err;
	if (!smmu->broken) {
		hypiommu_env_store32(&smmu->broken, (uint32_t)-err);
		smmu->ops->abort_all(smmu);
		smmu_notice(smmu, HYPIOMMU_NOTICE_BROKEN, (uint32_t)-err);
	}
	return err;
}

/*
 * Both under the attach lock as well: a reset programs what domains and streams
 * say, and neither may come, go or move meanwhile.
 */
int hypiommu_smmu_suspend(struct hypiommu *h, uint32_t index)
{
	struct hypiommu_smmu *smmu = smmu_get(h, index);
	int err;

	if (!smmu || !smmu->ready)
		return HYPIOMMU_E_NOENT;
	hypiommu_env_lock(&h->attach_lock);
	hypiommu_env_lock(&smmu->lock);
	if (!smmu->broken)
		hypiommu_env_store32(&smmu->broken,
				     (uint32_t)-HYPIOMMU_E_BROKEN);
	smmu->ops->abort_all(smmu);
	err = smmu->ops->quiet(smmu);
	hypiommu_env_unlock(&smmu->lock);
	hypiommu_env_unlock(&h->attach_lock);
	return err;
}

int hypiommu_smmu_reset(struct hypiommu *h, uint32_t index)
{
	struct hypiommu_smmu *smmu = smmu_get(h, index);
	int err;

	if (!smmu || !smmu->ready)
		return HYPIOMMU_E_NOENT;
	hypiommu_env_lock(&h->attach_lock);
	hypiommu_env_lock(&smmu->lock);
	/* Broken until the hardware is known to hold nothing stale. */
	hypiommu_env_store32(&smmu->broken, (uint32_t)-HYPIOMMU_E_BROKEN);
	err = smmu->ops->reset(smmu);
	if (err)
		smmu->ops->abort_all(smmu);
	else
		hypiommu_env_store32(&smmu->broken, 0);
	hypiommu_env_unlock(&smmu->lock);
	hypiommu_env_unlock(&h->attach_lock);
	smmu_notice(smmu, HYPIOMMU_NOTICE_RESET, (uint64_t)(uint32_t)-err);
	return err;
}
