/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* An instance in its trusted phase, over registers that read 0. */
#ifndef STILL_H
#define STILL_H

#include <stdlib.h>

#include "rig.h"

#define PAGE	 4096ull
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct hypiommu_limits small = {
	.smmus = 1,
	.domains = 4,
	.streams = 2,
	.regions = 2,
	.frames = 2,
	.clients = 64,
};

/* States of a page, for one region each. */
static uint64_t words[4][HYPIOMMU_PAGE_STATE_SIZE(PAGE) / 8 + 1];

static uint32_t read32(void *ctx, uint32_t window, uint32_t offset)
{
	(void)ctx, (void)window, (void)offset;
	return 0;
}

static void write32(void *ctx, uint32_t window, uint32_t offset, uint32_t val)
{
	(void)ctx, (void)window, (void)offset, (void)val;
}

static uint64_t read64(void *ctx, uint32_t window, uint32_t offset)
{
	return read32(ctx, window, offset);
}

static void write64(void *ctx, uint32_t window, uint32_t offset, uint64_t val)
{
	write32(ctx, window, offset, (uint32_t)val);
}

static const struct hypiommu_mmio_ops mmio = { read32, write32, read64,
					       write64 };

static struct hypiommu *instance(void **mem)
{
	const struct hypiommu_config c = { .limits = small, .mmio = &mmio };
	struct hypiommu *h = NULL;

	*mem = aligned_alloc(64, hypiommu_size(&small));
	assert_int_equal(hypiommu_create(*mem, hypiommu_size(&small), &c, &h),
			 0);
	return h;
}

#endif /* STILL_H */
