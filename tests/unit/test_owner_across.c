// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Pins of pages on either side of a border of two MiB. */
#include <stdlib.h>

#include "rig.h"

#include "owner_pins.h"

#define PAGE   4096ull
#define BLOCK  0x100000ull
#define BASE   0x80000000ull
#define BORDER (BASE + BLOCK)

struct fixture {
	struct owner o;
	struct region regions[1];
	struct owner_user host;
	void *state;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->o.regions = f->regions;
	f->o.max = 1;
	f->state = malloc(hypiommu_page_state_size(2 * BLOCK));
	assert_int_equal(
		owner_add_region(&f->o, BASE, 2 * BLOCK, f->state, false), 0);
	owner_user_init(&f->host, &f->o, HYPIOMMU_HOST);
	/* It is known from then on where they are. */
	assert_int_equal(owner_pin(&f->host, BASE, PAGE), 0);
	owner_unpin(&f->host, BASE, PAGE);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	free(f->state);
	free(f);
	return 0;
}

static uint32_t pins_of(struct fixture *f, uint64_t pa)
{
	struct hypiommu_page_info info;

	assert_int_equal(owner_page_info(&f->o, pa, &info), 0);
	return info.pins;
}

static void unpin_all(struct fixture *f)
{
	for (uint64_t at = BASE; at < BASE + 2 * BLOCK; at += PAGE) {
		while (pins_of(f, at))
			owner_unpin(&f->host, at, PAGE);
	}
}

/* One of the blocks counts in one word, or none does. */
static void test_pins(void **state)
{
	const uint64_t blocks[] = { BASE, BORDER, 0 };
	struct fixture *f = *state;

	for (unsigned int i = 0; i < 3; i++) {
		if (blocks[i])
			assert_int_equal(owner_pin(&f->host, blocks[i], BLOCK),
					 0);
		assert_int_equal(owner_pin(&f->host, BORDER - PAGE, 2 * PAGE),
				 0);
		assert_int_equal(pins_of(f, BORDER - PAGE), i == 0 ? 2 : 1);
		assert_int_equal(pins_of(f, BORDER), i == 1 ? 2 : 1);
		owner_unpin(&f->host, BORDER - PAGE, 2 * PAGE);
		assert_int_equal(pins_of(f, BORDER - PAGE), i == 0);
		assert_int_equal(pins_of(f, BORDER), i == 1);
		unpin_all(f);
	}
}

/* Both blocks were pinned whole; a page of none, of the first or of the second
 * was unpinned since. */
static void test_unpins(void **state)
{
	const uint64_t since[] = { 0, BASE, BORDER + 8 * PAGE };
	struct fixture *f = *state;

	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(owner_pin(&f->host, BASE, 2 * BLOCK), 0);
		if (since[i])
			owner_unpin(&f->host, since[i], PAGE);
		owner_unpin(&f->host, BORDER - 3 * PAGE, 5 * PAGE);
		assert_int_equal(pins_of(f, BORDER - 4 * PAGE), 1);
		assert_int_equal(pins_of(f, BORDER - 3 * PAGE), 0);
		assert_int_equal(pins_of(f, BORDER + PAGE), 0);
		assert_int_equal(pins_of(f, BORDER + 2 * PAGE), 1);
		unpin_all(f);
	}
}

/* Not to be had on one side: not pinned on the other either. */
static void test_refused(void **state)
{
	const uint32_t guest = HYPIOMMU_GUEST(0);
	struct fixture *f = *state;

	for (uint64_t pa = BORDER - PAGE; pa <= BORDER; pa += PAGE) {
		assert_int_equal(
			owner_donate(&f->o, HYPIOMMU_HOST, guest, pa, PAGE), 0);
		assert_int_equal(
			owner_pin(&f->host, BORDER - 2 * PAGE, 4 * PAGE),
			HYPIOMMU_E_PERM);
		for (uint64_t at = BORDER - 2 * PAGE; at < BORDER + 2 * PAGE;
		     at += PAGE)
			assert_int_equal(pins_of(f, at), 0);
		assert_int_equal(
			owner_donate(&f->o, guest, HYPIOMMU_HOST, pa, PAGE), 0);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_pins),
		TEST(test_unpins),
		TEST(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
