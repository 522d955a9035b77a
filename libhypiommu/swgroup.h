/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * SWGROUPs: which memory clients stand behind a stream. A port is what routes
 * one of them, in the terms of the backend: the client's id in Tegra234's
 * memory controller, the group's ASID register in the classic MC-SMMU. Filled
 * in the trusted phase, then read only; not locked.
 */
#ifndef HYPIOMMU_SWGROUP_H
#define HYPIOMMU_SWGROUP_H

#include "env.h"

struct swgroup_port {
	uint32_t port;
	uint32_t group; /* the stream ID */
	uint32_t smmu;	/* whose: stream IDs are per SMMU and overlap */
};

struct swgroups {
	struct swgroup_port *ports; /* sorted by port, each once */
	uint32_t count, max;
};

/* E_EXIST (somebody has the port), E_NOSPC. O(count). */
int swgroups_add(struct swgroups *t, uint32_t smmu, uint32_t group,
		 uint32_t port);

/* Forget all ports of an SMMU whose declaration failed. O(count). */
void swgroups_drop(struct swgroups *t, uint32_t smmu);

/* Who has the port; NULL. O(log count). */
const struct swgroup_port *swgroups_find(const struct swgroups *t,
					 uint32_t port);

/* The next port of a group from *at on, which is 0 at first; NULL. */
const struct swgroup_port *swgroups_next(const struct swgroups *t,
					 uint32_t smmu, uint32_t group,
					 uint32_t *at);

#endif /* HYPIOMMU_SWGROUP_H */
