/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Between the library and the machine's registers: a test may change what is
 * read, take an access for itself, and look on. */
#ifndef TAP_H
#define TAP_H

#include "rig.h"

#include "core.h"

static struct tap {
	const struct hypiommu_mmio_ops *real;
	void *ctx;
	/* A window of the test's own: the machine hears nothing of it. 0: none
	 */
	uint32_t own;
	/* What was read, to be changed; NULL: as it is. Width in bytes. */
	uint64_t (*read)(uint32_t window, uint32_t offset, unsigned int width,
			 uint64_t value);
	/* True: the write goes no further; NULL: all of them do. */
	bool (*write)(uint32_t window, uint32_t offset, unsigned int width,
		      uint64_t value);
} tap;

static uint64_t tap_read(uint32_t window, uint32_t offset, unsigned int width)
{
	uint64_t value = 0;

	if (window != tap.own)
		value = width == 4 ? tap.real->read32(tap.ctx, window, offset)
				   : tap.real->read64(tap.ctx, window, offset);
	return tap.read ? tap.read(window, offset, width, value) : value;
}

static bool tap_taken(uint32_t window, uint32_t offset, unsigned int width,
		      uint64_t value)
{
	return tap.write && tap.write(window, offset, width, value);
}

static uint32_t tap_read32(void *ctx, uint32_t window, uint32_t offset)
{
	(void)ctx;
	return (uint32_t)tap_read(window, offset, 4);
}

static uint64_t tap_read64(void *ctx, uint32_t window, uint32_t offset)
{
	(void)ctx;
	return tap_read(window, offset, 8);
}

static void tap_write32(void *ctx, uint32_t window, uint32_t offset,
			uint32_t val)
{
	(void)ctx;
	if (!tap_taken(window, offset, 4, val))
		tap.real->write32(tap.ctx, window, offset, val);
}

static void tap_write64(void *ctx, uint32_t window, uint32_t offset,
			uint64_t val)
{
	(void)ctx;
	if (!tap_taken(window, offset, 8, val))
		tap.real->write64(tap.ctx, window, offset, val);
}

static const struct hypiommu_mmio_ops tapped = { tap_read32, tap_write32,
						 tap_read64, tap_write64 };

/* Nothing is changed until the test says what. */
static void tap_install(struct machine *m)
{
	tap = (struct tap){ .real = m->h->config.mmio,
			    .ctx = m->h->config.mmio_ctx,
			    .own = ~0u };
	m->h->config.mmio = &tapped;
}

#endif /* TAP_H */
