// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * What a user remembers of where its pages were found: RAM alone, and whole MiB
 * of it alone.
 */
#include <stdlib.h>

#include "rig.h"

#include "owner_pins.h"

#define PAGE	4096ull
#define RAM_AT	0x80000000ull
/* Two MiB, and a few pages of a third. */
#define RAM_END (RAM_AT + 2 * MiB + 8 * PAGE)
/* Up to where RAM begins, three MiB. */
#define WINDOW	(RAM_AT - 3 * MiB)

struct fixture {
	struct owner o;
	struct region regions[3];
	struct owner_user host;
	void *states[3];
};

/* Behind the states of a region is nothing that looks like another's page. */
static void add(struct fixture *f, unsigned int i, uint64_t base, uint64_t size,
		bool mmio)
{
	f->states[i] = calloc(2, hypiommu_page_state_size(size));
	assert_int_equal(
		owner_add_region(&f->o, base, size, f->states[i], mmio), 0);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->o.regions = f->regions;
	f->o.max = 3;
	add(f, 0, WINDOW, 3 * MiB, true);
	add(f, 1, RAM_AT, RAM_END - RAM_AT, false);
	owner_user_init(&f->host, &f->o, HYPIOMMU_HOST);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	for (unsigned int i = 0; i < 3; i++)
		free(f->states[i]);
	free(f);
	return 0;
}

/* A page, a part of a MiB, parts of two, all of one, two and a page. */
static const uint64_t offsets[] = { 0, 3 * PAGE, MiB - PAGE, MiB, 0 };
static const uint64_t sizes[] = { PAGE, 5 * PAGE, 2 * PAGE, MiB,
				  2 * MiB + PAGE };
#define RANGES (sizeof(sizes) / sizeof(sizes[0]))

static void pin_all(struct fixture *f, uint64_t base, int what)
{
	for (unsigned int i = 0; i < RANGES; i++)
		assert_int_equal(
			owner_pin(&f->host, base + offsets[i], sizes[i]), what);
	for (unsigned int i = 0; i < RANGES; i++)
		owner_unpin(&f->host, base + offsets[i], sizes[i]);
}

/* A window is one every time, whatever was pinned before. */
static void test_windows(void **state)
{
	struct fixture *f = *state;

	for (unsigned int i = 0; i < 3; i++) {
		pin_all(f, WINDOW, 1);
		pin_all(f, WINDOW, 1);
		pin_all(f, RAM_AT, 0);
	}
}

/* Pages behind the end of a region are nobody's. */
static void test_ends(void **state)
{
	struct fixture *f = *state;

	for (unsigned int i = 0; i < 2; i++) {
		assert_int_equal(owner_pin(&f->host, RAM_END, PAGE),
				 HYPIOMMU_E_PERM);
		assert_int_equal(owner_pin(&f->host, RAM_END - PAGE, 2 * PAGE),
				 HYPIOMMU_E_PERM);
		assert_int_equal(
			owner_pin(&f->host, RAM_END - 9 * PAGE, 10 * PAGE),
			HYPIOMMU_E_PERM);
		/* Known from here on. */
		assert_int_equal(owner_pin(&f->host, RAM_AT, PAGE), 0);
		owner_unpin(&f->host, RAM_AT, PAGE);
	}
}

/* A range that is both is refused, whichever comes first, and nothing of it
 * stays pinned. */
static void test_both(void **state)
{
	const uint64_t borders[] = { RAM_AT, RAM_END };
	struct fixture *f = *state;

	add(f, 2, RAM_END, MiB, true);
	for (unsigned int i = 0; i < 4; i++) {
		const uint64_t at = borders[i % 2];

		for (uint64_t n = PAGE; n <= MiB; n *= 16) {
			struct hypiommu_page_info info;

			assert_int_equal(owner_pin(&f->host, at - n, 2 * n),
					 HYPIOMMU_E_PERM);
			assert_int_equal(owner_page_info(&f->o, at - n, &info),
					 0);
			assert_int_equal(info.pins, 0);
			assert_int_equal(owner_page_info(&f->o, at, &info), 0);
			assert_int_equal(info.pins, 0);
		}
		pin_all(f, RAM_AT, 0);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_windows),
		TEST(test_ends),
		TEST(test_both),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
