/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The hosted environment with its barriers and locks counted, one thread. */
#ifndef HYPIOMMU_ENV_COUNTING_H
#define HYPIOMMU_ENV_COUNTING_H

#define hypiommu_env_publish	     hosted_publish
#define hypiommu_env_before_doorbell hosted_before_doorbell
#define hypiommu_env_after_sync	     hosted_after_sync
#define hypiommu_env_lock	     hosted_lock
#include "hypiommu_env_hosted.h"
#undef hypiommu_env_publish
#undef hypiommu_env_before_doorbell
#undef hypiommu_env_after_sync
#undef hypiommu_env_lock

struct env_counts {
	uint64_t publish, before_doorbell, after_sync, locks;
};

extern struct env_counts env_counts;

static inline void hypiommu_env_publish(void)
{
	env_counts.publish++;
	hosted_publish();
}

static inline void hypiommu_env_before_doorbell(void)
{
	env_counts.before_doorbell++;
	hosted_before_doorbell();
}

static inline void hypiommu_env_after_sync(void)
{
	env_counts.after_sync++;
	hosted_after_sync();
}

static inline void hypiommu_env_lock(hypiommu_env_lock_t *lock)
{
	env_counts.locks++;
	hosted_lock(lock);
}

#endif /* HYPIOMMU_ENV_COUNTING_H */
