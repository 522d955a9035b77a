// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Geometry of LPAE tables (DDI 0487 D8.2): start level, root, leaf sizes. */
#include "pgtable.h"

#define LAST 3u

static unsigned int level_shift(unsigned int granule, unsigned int level)
{
	return granule + (granule - 3) * (LAST - level);
}

static bool config_ok(const struct pgtable_config *c)
{
	unsigned int top = c->granule_shift == 16 ? 52 : 48;

	return (c->granule_shift == 12 || c->granule_shift == 14 ||
		c->granule_shift == 16) &&
	       c->ias >= 32 && c->ias <= top && c->oas >= 32 && c->oas <= top;
}

/* Pages, blocks at level 2, and at level 1 with the 4 KiB granule. */
static uint64_t single_sizes(const struct pgtable_config *c, unsigned int start)
{
	static const uint64_t blocks[] = { 1ull << 12 | 1ull << 21,
					   1ull << 14 | 1ull << 25,
					   1ull << 16 | 1ull << 29 };
	uint64_t sizes = blocks[(c->granule_shift - 12u) / 2];

	if (c->granule_shift == 12 && start <= 1)
		sizes |= 1ull << 30;
	return sizes;
}

/* Runs of pages or blocks with the hint, if asked for. */
static uint64_t run_sizes(const struct pgtable_config *c)
{
	static const uint64_t runs[] = { 1ull << 16 | 1ull << 25,
					 1ull << 21 | 1ull << 30, 1ull << 21 };

	return c->contiguous ? runs[(c->granule_shift - 12u) / 2] : 0;
}

int lpae_init(struct pgtable *pt)
{
	const struct pgtable_config *c = &pt->config;
	unsigned int level = 0, extra = 0, root_bits;

	if (!config_ok(c))
		return HYPIOMMU_E_UNSUPPORTED;
	/* Stage 2 may concatenate up to 16 tables at its first level, to save
	 * one (D8.2.8). The walk needs two levels. */
	if (c->format == PGTABLE_LPAE_S2)
		extra = 4;
	while (level < LAST - 1 &&
	       c->ias <= level_shift(c->granule_shift, level) + extra)
		level++;
	pt->root_shift = (uint8_t)level_shift(c->granule_shift, level);
	/* log2 of the root's bytes; at least a page is allocated. */
	root_bits = c->ias - pt->root_shift + 3u;
	pt->start_level = (uint8_t)level;
	pt->root_order = (uint8_t)(root_bits > 12 ? root_bits - 12 : 0);
	/* A table descriptor names 48 bits of it. */
	if (pt->config.table_limit > 1ull << 48)
		pt->config.table_limit = 1ull << 48;
	pt->run_sizes = run_sizes(c);
	pt->leaf_sizes = single_sizes(c, level) | pt->run_sizes;
	if (c->granule_shift == 12)
		pt->ops = &lpae_4k_ops;
	else
		pt->ops = c->granule_shift == 14 ? &lpae_16k_ops
						 : &lpae_64k_ops;
	return HYPIOMMU_OK;
}
