// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include "swgroup.h"
#include "hypiommu/error.h"

/* Index of the first not below it. */
static uint32_t lower(const struct swgroups *t, uint32_t port)
{
	uint32_t lo = 0, hi = t->count;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (t->ports[mid].port < port)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

int swgroups_add(struct swgroups *t, uint32_t smmu, uint32_t group,
		 uint32_t port)
{
	uint32_t at = lower(t, port);

	if (at < t->count && t->ports[at].port == port)
		return HYPIOMMU_E_EXIST;
	if (t->count == t->max)
		return HYPIOMMU_E_NOSPC;
	for (uint32_t i = t->count; i > at; i--)
		t->ports[i] = t->ports[i - 1];
	t->ports[at] = (struct swgroup_port){ port, group, smmu };
	t->count++;
	return HYPIOMMU_OK;
}

void swgroups_drop(struct swgroups *t, uint32_t smmu)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < t->count; i++) {
		if (t->ports[i].smmu != smmu)
			t->ports[kept++] = t->ports[i];
	}
	t->count = kept;
}

const struct swgroup_port *swgroups_find(const struct swgroups *t,
					 uint32_t port)
{
	uint32_t at = lower(t, port);

	return at < t->count && t->ports[at].port == port ? &t->ports[at]
							  : NULL;
}

const struct swgroup_port *swgroups_next(const struct swgroups *t,
					 uint32_t smmu, uint32_t group,
					 uint32_t *at)
{
	while (*at < t->count) {
		const struct swgroup_port *p = &t->ports[(*at)++];

		if (p->smmu == smmu && p->group == group)
			return p;
	}
	return NULL;
}
