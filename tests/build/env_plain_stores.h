/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The hosted environment with its atomic stores taken away: what live_stores.sh
 * must object to. */
#ifndef ENV_PLAIN_STORES_H
#define ENV_PLAIN_STORES_H

#define hypiommu_env_store64 env_atomic_store64
#define hypiommu_env_store32 env_atomic_store32
#include "hypiommu_env_hosted.h"
#undef hypiommu_env_store64
#undef hypiommu_env_store32

static inline void hypiommu_env_store64(uint64_t *p, uint64_t v)
{
	*p = v;
}

static inline void hypiommu_env_store32(uint32_t *p, uint32_t v)
{
	*p = v;
}

#endif /* ENV_PLAIN_STORES_H */
