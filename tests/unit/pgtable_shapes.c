// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include "pgtable_bed.h"

#define S1 PGTABLE_LPAE_S1
#define S2 PGTABLE_LPAE_S2

const struct shape bed_shapes[] = {
	{ S1, 12, 48, 48, false },
	{ S1, 12, 39, 40, true },
	{ S1, 12, 32, 40, false },
	{ S1, 12, 32, 36, true },
	{ S2, 12, 48, 48, true },
	{ S2, 12, 44, 44, false },
	{ S2, 12, 43, 44, false },
	{ S2, 12, 40, 40, true },
	{ S2, 12, 36, 36, false },
	{ S2, 12, 32, 32, true },
	{ S1, 14, 48, 48, true },
	{ S1, 14, 47, 44, false },
	{ S1, 14, 36, 40, false },
	{ S1, 14, 32, 36, true },
	{ S2, 14, 48, 48, false },
	{ S2, 14, 40, 44, true },
	{ S2, 14, 32, 40, false },
	{ S1, 16, 48, 48, false },
	{ S1, 16, 52, 52, true },
	{ S1, 16, 42, 52, false },
	{ S1, 16, 32, 36, true },
	{ S2, 16, 52, 52, false },
	{ S2, 16, 46, 48, true },
	{ S2, 16, 33, 40, false },
	{ PGTABLE_V7S, 12, 32, 32, false },
	{ PGTABLE_TEGRA_MC, 12, 32, 34, false },
};
const size_t bed_shape_count = sizeof(bed_shapes) / sizeof(bed_shapes[0]);

uint64_t bed_pa(const struct bed *b, uint32_t page, unsigned int unit,
		unsigned int times, bool high)
{
	const uint64_t units[] = { b->granule, 64 * KiB,  2 * MiB,
				   16 * MiB,   512 * MiB, GiB };
	uint64_t iova = b->base + page * b->granule, pa;
	uint64_t size = units[unit % 6], span = WINDOW * b->granule;

	if (size < b->granule)
		size = b->granule;
	pa = (iova & (size - 1)) + times * size;
	if (high && b->shape->oas > 33)
		pa += (1ull << (b->shape->oas - 1)) & ~(size - 1);
	return pa + span < 1ull << b->shape->oas ? pa : iova & (size - 1);
}

uint32_t bed_entries(const struct bed *b)
{
	switch (b->shape->format) {
	case PGTABLE_V7S:
		return 256;
	case PGTABLE_TEGRA_MC:
		return 1024;
	default:
		return 1u << (b->shape->granule - 3);
	}
}

void bed_every_shape(void (*test)(struct bed *b))
{
	for (size_t s = 0; s < bed_shape_count; s++) {
		struct bed *b = bed_start(&bed_shapes[s]);

		b->base = 0;
		test(b);
		for (uint32_t page = 0; page < WINDOW; page++) {
			if (b->mapped[page])
				bed_unmap(b, page, WINDOW - page);
		}
		bed_check_all(b);
		bed_check_tables(b);
		bed_stop(b);
	}
}

uint64_t bed_odd(const struct bed *b, uint64_t page)
{
	return (2 * page + 1) * b->granule;
}
