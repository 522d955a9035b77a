/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#include "fixture.h"

static struct sim_mem *mem_new(void)
{
	struct sim_mem *mem = sim_mem_create(0x180000000ull); /* 6 GiB */

	assert_non_null(mem);
	assert_int_equal(sim_mem_add(mem, 0x1000, 0x3000), 0);
	return mem;
}

static uint64_t view(struct sim_mem *mem, uint64_t pa, enum sim_view v)
{
	uint64_t val = 0;

	assert_int_equal(sim_mem_dev_read64(mem, pa, v, &val), 0);
	return val;
}

static void st(struct sim_mem *mem, uint64_t pa, uint64_t val)
{
	sim_mem_store64(mem, sim_mem_ptr(mem, pa), val);
}

static void holes_and_seams(void **state)
{
	struct sim_mem *mem = mem_new();
	uint64_t val;

	(void)state;
	assert_true(sim_mem_has(mem, 0x1000, 0x3000));
	assert_false(sim_mem_has(mem, 0x1000, 0x3001));
	assert_false(sim_mem_has(mem, 0xff8, 16));
	assert_false(sim_mem_has(mem, UINT64_MAX - 7, 16));
	assert_int_equal(sim_mem_add(mem, 0x4000, 0x1000), 0);
	assert_true(sim_mem_has(mem, 0x1000, 0x4000)); /* the seam is gone */
	assert_int_equal(sim_mem_add(mem, 0x1000, 0x1000), 0); /* again */
	assert_true(sim_mem_has(mem, 0x1000, 0x4000));
	assert_int_equal(sim_mem_add(mem, 0x17ffff000ull, 0x1000), 0);
	assert_int_equal(sim_mem_add(mem, 0x180000000ull, 0x1000), -1);
	assert_int_equal(sim_mem_dev_read64(mem, 0x5000, SIM_VIEW_NEW, &val),
			 -1);
	assert_int_equal(sim_mem_dev_write(mem, 0x4ffc, &val, 8), -1);
	sim_mem_destroy(mem);
}

static void views_until_publish(void **state)
{
	struct sim_mem *mem = mem_new();
	uint32_t half;

	(void)state;
	st(mem, 0x1000, 1);
	sim_mem_publish(mem);
	st(mem, 0x1000, 2);
	st(mem, 0x1000, 3);
	sim_mem_store32(mem, sim_mem_ptr(mem, 0x1014), 9);
	assert_int_equal(sim_mem_unpublished(mem), 2);
	assert_int_equal(view(mem, 0x1000, SIM_VIEW_OLD), 1);
	assert_int_equal(view(mem, 0x1000, SIM_VIEW_NEW), 3);
	assert_int_equal(view(mem, 0x1010, SIM_VIEW_NEW), 0x900000000ull);
	assert_int_equal(view(mem, 0x1010, SIM_VIEW_OLD), 0);
	assert_int_equal(sim_mem_dev_read32(mem, 0x1014, SIM_VIEW_OLD, &half),
			 0);
	assert_int_equal(half, 0);
	sim_mem_publish(mem);
	assert_int_equal(sim_mem_unpublished(mem), 0);
	assert_int_equal(view(mem, 0x1000, SIM_VIEW_OLD), 3);
	assert_int_equal(sim_mem_dev_read32(mem, 0x1014, SIM_VIEW_OLD, &half),
			 0);
	assert_int_equal(half, 9);
	sim_mem_destroy(mem);
}

/* Not snooped: clean, then barrier; either alone leaves the old value. */
static void clean_before_publish(void **state)
{
	struct sim_mem *mem = mem_new();

	(void)state;
	sim_mem_set_coherent(mem, false);
	st(mem, 0x1000, 1);
	sim_mem_publish(mem);
	assert_int_equal(view(mem, 0x1000, SIM_VIEW_OLD), 0);
	sim_mem_clean(mem, sim_mem_ptr(mem, 0x1000), 8);
	assert_int_equal(view(mem, 0x1000, SIM_VIEW_OLD), 0);
	st(mem, 0x1000, 2); /* dirty again: the clean does not count */
	sim_mem_publish(mem);
	assert_int_equal(view(mem, 0x1000, SIM_VIEW_OLD), 0);
	st(mem, 0x1008, 5);
	sim_mem_clean(mem, sim_mem_ptr(mem, 0x1004), 8);
	sim_mem_publish(mem);
	assert_int_equal(view(mem, 0x1000, SIM_VIEW_OLD), 2);
	assert_int_equal(view(mem, 0x1008, SIM_VIEW_OLD), 5);
	st(mem, 0x1010, 7);
	sim_mem_clean(mem, sim_mem_ptr(mem, 0x1000), 16);
	sim_mem_publish(mem);
	assert_int_equal(view(mem, 0x1010, SIM_VIEW_OLD), 0);
	sim_mem_destroy(mem);
}

static void device_write_settles(void **state)
{
	struct sim_mem *mem = mem_new();
	uint64_t val = 4;

	(void)state;
	st(mem, 0x1000, 1);
	assert_int_equal(sim_mem_dev_write(mem, 0x1000, &val, 8), 0);
	assert_int_equal(view(mem, 0x1000, SIM_VIEW_OLD), 4);
	sim_mem_destroy(mem);
}

static void many_unpublished(void **state)
{
	struct sim_mem *mem = mem_new();
	const uint64_t base = 0x1000000, nr = 100000;

	(void)state;
	assert_int_equal(sim_mem_add(mem, base, nr * 8), 0);
	for (int round = 1; round < 4; round++) {
		for (uint64_t i = 0; i < nr; i++)
			st(mem, base + i * 8, i + (uint64_t)round);
		assert_int_equal(sim_mem_unpublished(mem), nr);
		for (uint64_t i = 0; i < nr; i++)
			assert_int_equal(view(mem, base + i * 8, SIM_VIEW_OLD),
					 round == 1 ? 0
						    : i + (uint64_t)round - 1);
		sim_mem_publish(mem);
		assert_int_equal(sim_mem_unpublished(mem), 0);
	}
	sim_mem_destroy(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holes_and_seams),
		cmocka_unit_test(views_until_publish),
		cmocka_unit_test(clean_before_publish),
		cmocka_unit_test(device_write_settles),
		cmocka_unit_test(many_unpublished),
	};

	return cmocka_run_group_tests_name("sim_mem", tests, NULL, NULL);
}
