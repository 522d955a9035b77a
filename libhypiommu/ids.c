// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include "ids.h"
#include "hypiommu/error.h"

void ids_init(struct ids *ids, uint64_t *words, uint32_t count)
{
	ids->bits = words;
	ids->count = count;
	ids->hint = 0;
}

/* First free number in [from, to), or to. */
static uint32_t search(const struct ids *ids, uint32_t from, uint32_t to)
{
	while (from < to) {
		uint64_t taken = ids->bits[from / 64] >> (from % 64);

		if (~taken & ((1ull << (64 - from % 64 - 1)) * 2 - 1)) {
			from += (uint32_t)__builtin_ctzll(~taken);
			return from < to ? from : to;
		}
		from += 64 - from % 64;
	}
	return to;
}

int ids_alloc(struct ids *ids, uint32_t *id)
{
	uint32_t n = search(ids, ids->hint, ids->count);

	if (n == ids->count) {
		n = search(ids, 0, ids->hint);
		if (n == ids->hint)
			return HYPIOMMU_E_NOSPC;
	}
	ids->bits[n / 64] |= 1ull << (n % 64);
	ids->hint = n + 1 < ids->count ? n + 1 : 0;
	*id = n;
	return HYPIOMMU_OK;
}

int ids_take(struct ids *ids, uint32_t id)
{
	if (id >= ids->count)
		return HYPIOMMU_E_RANGE;
	if (ids->bits[id / 64] >> (id % 64) & 1)
		return HYPIOMMU_E_BUSY;
	ids->bits[id / 64] |= 1ull << (id % 64);
	return HYPIOMMU_OK;
}

void ids_free(struct ids *ids, uint32_t id)
{
	if (id >= ids->count || !(ids->bits[id / 64] >> (id % 64) & 1))
		hypiommu_env_bug("free of an identifier not taken");
	else
		ids->bits[id / 64] &= ~(1ull << (id % 64));
}
