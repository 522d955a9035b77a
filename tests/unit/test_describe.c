// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The trusted phase: what a port may say of its machine, each value at its
 * border and one beyond. What is refused leaves nothing behind.
 */
#include <string.h>

#include "still.h"

static int pin(void *ctx, uint32_t principal, uint64_t pa, uint64_t size,
	       bool *is_mmio)
{
	(void)ctx, (void)principal, (void)pa, (void)size, (void)is_mmio;
	return 0;
}

static void unpin(void *ctx, uint64_t pa, uint64_t size)
{
	(void)ctx, (void)pa, (void)size;
}

static int alloc(void *ctx, uint32_t order, uint64_t limit, uint64_t *pa)
{
	(void)ctx, (void)order, (void)limit, (void)pa;
	return HYPIOMMU_E_NOMEM;
}

static void give(void *ctx, uint64_t pa, uint32_t order)
{
	(void)ctx, (void)pa, (void)order;
}

static const struct hypiommu_owner_ops owner_ops = { .pin_range = pin,
						     .unpin_range = unpin };
static const struct hypiommu_table_ops table_ops = { alloc, give };

/* ----------------------------------------------------------------- limits */

static void test_limits(void **state)
{
	const struct {
		size_t offset;
		uint32_t min, max;
	} fields[] = {
		{ offsetof(struct hypiommu_limits, smmus), 1, 64 },
		{ offsetof(struct hypiommu_limits, domains), 1, 65535 },
		{ offsetof(struct hypiommu_limits, streams), 1, 1u << 20 },
		{ offsetof(struct hypiommu_limits, regions), 1, 1024 },
		{ offsetof(struct hypiommu_limits, frames), 1, 1024 },
		{ offsetof(struct hypiommu_limits, clients), 0, 16384 },
	};

	(void)state;
	assert_int_equal(hypiommu_size(NULL), 0);
	for (size_t i = 0; i < COUNT(fields); i++) {
		struct hypiommu_limits l = small;
		uint32_t *field =
			(uint32_t *)(void *)((char *)&l + fields[i].offset);
		size_t least, most;

		*field = fields[i].min;
		least = hypiommu_size(&l);
		assert_int_not_equal(least, 0);
		*field = fields[i].min - 1;
		assert_int_equal(hypiommu_size(&l), 0);
		*field = fields[i].max;
		most = hypiommu_size(&l);
		assert_true(most > least);
		*field = fields[i].max + 1;
		assert_int_equal(hypiommu_size(&l), 0);
	}
}

/* ----------------------------------------------------------------- create */

static int create(const struct hypiommu_config *c)
{
	size_t size = hypiommu_size(&c->limits);
	void *mem = aligned_alloc(64, (size + 63) & ~(size_t)63);
	struct hypiommu *h = NULL;
	int err = hypiommu_create(mem, size, c, &h);

	assert_true(err ? !h : h == mem);
	free(mem);
	return err;
}

static void test_create(void **state)
{
	const struct hypiommu_config good = { .limits = small, .mmio = &mmio };
	size_t size = hypiommu_size(&small);
	uint8_t *mem = aligned_alloc(64, size + 64);
	struct hypiommu_config no_limits = good;
	struct hypiommu *h = NULL;

	(void)state;
	no_limits.limits.domains = 0;
	assert_int_equal(hypiommu_create(NULL, size, &good, &h),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(hypiommu_create(mem, size, &good, NULL),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(hypiommu_create(mem, size, NULL, &h),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(hypiommu_create(mem, size, &no_limits, &h),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(hypiommu_create(mem, size - 1, &good, &h),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(hypiommu_create(mem + 32, size, &good, &h),
			 HYPIOMMU_E_INVAL);
	assert_null(h);
	/* What lay there before does not matter, what lies behind stays. */
	memset(mem, 0xa5, size + 64);
	assert_int_equal(hypiommu_create(mem, size, &good, &h), 0);
	assert_int_equal(hypiommu_finalise(h), 0);
	for (size_t i = size; i < size + 64; i++)
		assert_int_equal(mem[i], 0xa5);
	free(mem);
}

/* Every table of functions is whole, or not given. */
static void test_functions_missing(void **state)
{
	struct hypiommu_config c = { .limits = small };

	(void)state;
	assert_int_equal(create(&c), HYPIOMMU_E_INVAL);
	for (size_t i = 0; i < sizeof(mmio) / sizeof(void *); i++) {
		struct hypiommu_mmio_ops ops = mmio;

		memset((char *)&ops + i * sizeof(void *), 0, sizeof(void *));
		c.mmio = &ops;
		assert_int_equal(create(&c), HYPIOMMU_E_INVAL);
	}
	c.mmio = &mmio;
	assert_int_equal(create(&c), 0);
	for (size_t i = 0; i < 2; i++) {
		struct hypiommu_table_ops ops = table_ops;

		memset((char *)&ops + i * sizeof(void *), 0, sizeof(void *));
		c.tables = &ops;
		assert_int_equal(create(&c), HYPIOMMU_E_INVAL);
	}
	c.tables = &table_ops;
	assert_int_equal(create(&c), 0);
	for (size_t i = 0; i < 2; i++) {
		struct hypiommu_owner_ops ops = owner_ops;

		memset((char *)&ops + i * sizeof(void *), 0, sizeof(void *));
		c.owner = &ops;
		assert_int_equal(create(&c), HYPIOMMU_E_INVAL);
	}
	c.owner = &owner_ops;
	assert_int_equal(create(&c), 0);
	/* The built-in pool takes its pages from the built-in owner. */
	c.tables = NULL;
	assert_int_equal(create(&c), HYPIOMMU_E_INVAL);
}

/* ------------------------------------------------------------- memory map */

static void test_ranges(void **state)
{
	const struct {
		uint64_t base, size;
	} bad[] = {
		{ RAM, 0 },
		{ RAM + 8, PAGE },
		{ RAM, PAGE + 8 },
		{ ~0ull - PAGE + 1, PAGE },
		{ ~0ull - 2 * PAGE + 1, 4 * PAGE },
	};
	struct hypiommu *h;
	struct rig rig;

	(void)state;
	rig_defaults(&rig);
	rig.config.stay_trusted = true;
	rig_start(&rig);
	h = rig.m->h;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(
			hypiommu_add_ram(h, bad[i].base, bad[i].size, words[0]),
			HYPIOMMU_E_INVAL);
		assert_int_equal(hypiommu_add_mmio(h, bad[i].base, bad[i].size,
						   words[0]),
				 HYPIOMMU_E_INVAL);
		assert_int_equal(
			hypiommu_add_frame(h, bad[i].base, bad[i].size),
			HYPIOMMU_E_INVAL);
		assert_int_equal(
			hypiommu_add_tables(h, bad[i].base, bad[i].size),
			HYPIOMMU_E_INVAL);
		assert_int_equal(
			hypiommu_carve_out(h, bad[i].base, bad[i].size),
			HYPIOMMU_E_INVAL);
	}
	/* Page states: there, and aligned to 8. */
	assert_int_equal(hypiommu_add_ram(h, 0x1000, PAGE, NULL),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(
		hypiommu_add_ram(h, 0x1000, PAGE, (uint32_t *)words[0] + 1),
		HYPIOMMU_E_INVAL);
	/* Nobody's memory is not the pool's, nor is a part of it. */
	assert_int_equal(hypiommu_add_tables(h, 0x1000, PAGE), HYPIOMMU_E_PERM);
	assert_int_equal(hypiommu_add_tables(h, MACHINE_DOORBELL, PAGE),
			 HYPIOMMU_E_PERM);
	assert_int_equal(hypiommu_carve_out(h, 0x1000, PAGE), HYPIOMMU_E_PERM);
	rig_end(&rig);
}

static void test_neighbours_and_overlaps(void **state)
{
	struct hypiommu_page_info info;
	struct hypiommu *h;
	void *mem;

	(void)state;
	h = instance(&mem);
	assert_int_equal(hypiommu_add_frame(h, 0x20000, 0x10000), 0);
	/* Inside it: the same frame. Across its borders: not a region. */
	assert_int_equal(hypiommu_add_frame(h, 0x20000, 0x10000), 0);
	assert_int_equal(hypiommu_add_frame(h, 0x2f000, 0x1000), 0);
	assert_int_equal(hypiommu_add_ram(h, 0x1f000, 2 * PAGE, words[0]),
			 HYPIOMMU_E_EXIST);
	assert_int_equal(hypiommu_add_mmio(h, 0x2f000, 2 * PAGE, words[0]),
			 HYPIOMMU_E_EXIST);
	/* Neighbours on both sides, in any order. */
	assert_int_equal(hypiommu_add_mmio(h, 0x30000, PAGE, words[0]), 0);
	assert_int_equal(hypiommu_add_ram(h, 0x1f000, PAGE, words[1]), 0);
	assert_int_equal(hypiommu_add_ram(h, 0x1f000, PAGE, words[2]),
			 HYPIOMMU_E_EXIST);
	assert_int_equal(hypiommu_add_ram(h, 0x50000, PAGE, words[2]),
			 HYPIOMMU_E_NOSPC);
	assert_int_equal(hypiommu_add_frame(h, 0x30000, PAGE),
			 HYPIOMMU_E_EXIST);
	/* Larger than one that is declared: another one. */
	assert_int_equal(hypiommu_add_frame(h, 0x60000, 0x10000), 0);
	assert_int_equal(hypiommu_add_frame(h, 0x60000, 0x20000),
			 HYPIOMMU_E_NOSPC);
	assert_int_equal(hypiommu_add_frame(h, 0x5f000, 0x2000),
			 HYPIOMMU_E_NOSPC);
	/* The nearest pages of each are what was said of them. */
	assert_int_equal(hypiommu_page_info(h, 0x1fffful, &info), 0);
	assert_false(info.mmio);
	assert_int_equal(info.pins, 0);
	assert_int_equal(hypiommu_page_info(h, 0x30000, &info), 0);
	assert_true(info.mmio);
	assert_int_equal(info.owner, HYPIOMMU_HOST);
	assert_int_equal(hypiommu_page_info(h, 0x20000, &info),
			 HYPIOMMU_E_NOENT);
	assert_int_equal(hypiommu_page_info(h, 0x31000, &info),
			 HYPIOMMU_E_NOENT);
	assert_int_equal(hypiommu_page_info(h, 0x1efff, &info),
			 HYPIOMMU_E_NOENT);
	assert_int_equal(hypiommu_finalise(h), 0);
	free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_create),
		cmocka_unit_test(test_functions_missing),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_neighbours_and_overlaps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
