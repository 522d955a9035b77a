// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Ownership transitions and pins, exhaustively over states and operations. */
#include <stdlib.h>
#include <string.h>

#include "rig.h"

#include "owner.h"

#define PAGE   4096ull
#define PAGES  16u
#define BASE   0x40000000ull
#define GUEST0 HYPIOMMU_GUEST(0)
#define GUEST1 HYPIOMMU_GUEST(1)

struct fixture {
	struct owner o;
	struct region regions[4];
	uint32_t ram[PAGES], more[PAGES], mmio[1] __attribute__((aligned(8)));
};

static int setup(void **state)
{
	struct fixture *f = aligned_alloc(64, 1024);

	memset(f, 0, sizeof(*f));
	f->o.regions = f->regions;
	f->o.max = 4;
	f->o.hint = (uintptr_t)f->regions;
	/* Declared out of order, adjacent: [BASE, 32 pages), then a hole. */
	assert_int_equal(owner_add_region(&f->o, BASE + PAGES * PAGE,
					  PAGES * PAGE, f->more, false),
			 0);
	assert_int_equal(owner_add_region(&f->o, 0x1000, PAGE, f->mmio, true),
			 0);
	assert_int_equal(
		owner_add_region(&f->o, BASE, PAGES * PAGE, f->ram, false), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

static void test_regions(void **state)
{
	struct fixture *f = *state;
	struct hypiommu_page_info info;

	assert_int_equal(
		owner_add_region(&f->o, BASE + PAGE, PAGE, f->mmio, false),
		HYPIOMMU_E_EXIST);
	assert_int_equal(owner_add_region(&f->o, 0x9000, PAGE, NULL, false),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(owner_page_info(&f->o, BASE - 1, &info),
			 HYPIOMMU_E_NOENT);
	assert_int_equal(owner_page_info(&f->o, BASE + 2 * PAGES * PAGE, &info),
			 HYPIOMMU_E_NOENT);
	assert_int_equal(owner_page_info(&f->o, ~0ull, &info),
			 HYPIOMMU_E_NOENT);
	assert_int_equal(owner_page_info(&f->o, BASE + 5, &info), 0);
	assert_int_equal(info.owner, HYPIOMMU_HOST);
	assert_int_equal(info.pins, 0);
	assert_false(info.mmio);
}

/* The states a page can be in, made from "host owned". */
enum made {
	HOST,
	HYP,
	G0,
	SHARED_G0,
	LENT_G0,
	PINNED,
	MADE_COUNT
};

static void make(struct fixture *f, enum made made, uint64_t pa)
{
	int err = 0;

	switch (made) {
	case HOST:
		break;
	case HYP:
		err = owner_donate(&f->o, HYPIOMMU_HOST, HYPIOMMU_HYP, pa,
				   PAGE);
		break;
	case G0:
		err = owner_donate(&f->o, HYPIOMMU_HOST, GUEST0, pa, PAGE);
		break;
	case SHARED_G0:
		err = owner_share(&f->o, HYPIOMMU_HOST, GUEST0, pa, PAGE);
		break;
	case LENT_G0:
		err = owner_lend(&f->o, HYPIOMMU_HOST, GUEST0, pa, PAGE);
		break;
	case PINNED:
		err = owner_pin(&f->o, HYPIOMMU_HOST, pa, PAGE);
		break;
	default:
		fail();
	}
	assert_int_equal(err, 0);
}

struct op {
	int (*fn)(struct owner *o, uint32_t a, uint32_t b, uint64_t pa,
		  uint64_t size);
	uint32_t a, b;
	enum made from; /* the only state it accepts */
};

static const struct op ops[] = {
	{ owner_donate, HYPIOMMU_HOST, HYPIOMMU_HYP, HOST },
	{ owner_donate, HYPIOMMU_HOST, GUEST0, HOST },
	{ owner_donate, HYPIOMMU_HYP, HYPIOMMU_HOST, HYP },
	{ owner_donate, GUEST0, HYPIOMMU_HOST, G0 },
	{ owner_donate, GUEST0, GUEST1, G0 },
	{ owner_donate, GUEST1, HYPIOMMU_HOST, MADE_COUNT },
	{ owner_share, HYPIOMMU_HOST, GUEST0, HOST },
	{ owner_share, GUEST0, HYPIOMMU_HOST, G0 },
	{ owner_unshare, HYPIOMMU_HOST, GUEST0, SHARED_G0 },
	{ owner_unshare, HYPIOMMU_HOST, GUEST1, MADE_COUNT },
	{ owner_lend, HYPIOMMU_HOST, GUEST0, HOST },
	{ owner_reclaim, HYPIOMMU_HOST, GUEST0, LENT_G0 },
	{ owner_reclaim, HYPIOMMU_HOST, GUEST1, MADE_COUNT },
};

/* Is the state `made` one of a's own exclusive pages, but pinned? */
static bool merely_pinned(const struct op *op, enum made made)
{
	return made == PINNED && op->a == HYPIOMMU_HOST && op->from == HOST;
}

static void test_transitions(void **state)
{
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		for (enum made made = HOST; made < MADE_COUNT; made++) {
			struct fixture *f;
			uint32_t before[PAGES];
			const struct op *op = &ops[i];
			int err;

			teardown(state);
			setup(state);
			f = *state;
			make(f, made, BASE + 3 * PAGE);
			memcpy(before, f->ram, sizeof(before));
			err = op->fn(&f->o, op->a, op->b, BASE + 3 * PAGE,
				     PAGE);
			if (made == op->from) {
				assert_int_equal(err, 0);
				before[3] = f->ram[3];
			} else {
				assert_int_equal(err,
						 merely_pinned(op, made)
							 ? HYPIOMMU_E_BUSY
							 : HYPIOMMU_E_PERM);
			}
			assert_memory_equal(before, f->ram, sizeof(before));
		}
	}
}

static void test_round_trips(void **state)
{
	struct fixture *f = *state;
	uint32_t fresh[PAGES];

	memcpy(fresh, f->ram, sizeof(fresh));
	for (size_t i = 0; i < 3; i++) {
		const struct op there[] = { ops[1], ops[6], ops[10] };
		const struct op back[] = { ops[3], ops[8], ops[11] };

		assert_int_equal(there[i].fn(&f->o, there[i].a, there[i].b,
					     BASE, PAGES * PAGE),
				 0);
		assert_int_not_equal(memcmp(fresh, f->ram, sizeof(fresh)), 0);
		assert_int_equal(back[i].fn(&f->o, back[i].a, back[i].b, BASE,
					    PAGES * PAGE),
				 0);
		assert_memory_equal(fresh, f->ram, sizeof(fresh));
	}
}

static void test_all_or_nothing(void **state)
{
	struct fixture *f = *state;
	uint32_t before[PAGES];

	make(f, G0, BASE + 9 * PAGE);
	memcpy(before, f->ram, sizeof(before));
	assert_int_equal(owner_donate(&f->o, HYPIOMMU_HOST, HYPIOMMU_HYP, BASE,
				      PAGES * PAGE),
			 HYPIOMMU_E_PERM);
	assert_int_equal(owner_pin(&f->o, HYPIOMMU_HOST, BASE, PAGES * PAGE),
			 HYPIOMMU_E_PERM);
	/* Over two regions, the second one short. */
	assert_int_equal(owner_pin(&f->o, HYPIOMMU_HOST, BASE + 10 * PAGE,
				   3 * PAGES * PAGE),
			 HYPIOMMU_E_PERM);
	assert_memory_equal(before, f->ram, sizeof(before));
	assert_int_equal(f->more[0], before[0]);
}

static void test_malformed(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(owner_donate(&f->o, 0, 0, BASE, PAGE),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(owner_donate(&f->o, 0, 128, BASE, PAGE),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(owner_donate(&f->o, 0, ~0u, BASE, PAGE),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(owner_donate(&f->o, 0, 1, BASE + 1, PAGE),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(owner_donate(&f->o, 0, 1, BASE, PAGE + 8),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(owner_donate(&f->o, 0, 1, BASE, 0), HYPIOMMU_E_INVAL);
	assert_int_equal(owner_donate(&f->o, 0, 1, BASE, 1ull << 31),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(owner_donate(&f->o, 0, 1, ~0ull << 12, PAGE),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(owner_donate(&f->o, 0, 1, 0x2000, PAGE),
			 HYPIOMMU_E_PERM);
}

static void test_pins_count(void **state)
{
	struct fixture *f = *state;
	struct hypiommu_page_info info;

	for (uint32_t i = 0; i < 65535; i++)
		assert_int_equal(owner_pin(&f->o, 0, BASE, 2 * PAGE), 0);
	/* The count saturates to an error, for the neighbour too. */
	assert_int_equal(owner_pin(&f->o, 0, BASE + PAGE, 2 * PAGE),
			 HYPIOMMU_E_OVERFLOW);
	assert_int_equal(owner_page_info(&f->o, BASE + 2 * PAGE, &info), 0);
	assert_int_equal(info.pins, 0);
	for (uint32_t i = 0; i < 65535; i++) {
		assert_int_equal(owner_donate(&f->o, 0, 1, BASE, PAGE),
				 HYPIOMMU_E_BUSY);
		owner_unpin(&f->o, BASE, 2 * PAGE);
	}
	assert_int_equal(owner_donate(&f->o, 0, 1, BASE, PAGE), 0);
}

static void test_pin_principals(void **state)
{
	struct fixture *f = *state;

	make(f, G0, BASE);
	assert_int_equal(owner_pin(&f->o, GUEST0, BASE, PAGE), 0);
	assert_int_equal(owner_donate(&f->o, GUEST0, 0, BASE, PAGE),
			 HYPIOMMU_E_BUSY);
	assert_int_equal(owner_pin(&f->o, GUEST1, BASE, PAGE), HYPIOMMU_E_PERM);
	make(f, HYP, BASE + PAGE);
	assert_int_equal(owner_pin(&f->o, HYPIOMMU_HYP, BASE + PAGE, PAGE),
			 HYPIOMMU_E_PERM);
	assert_int_equal(owner_pin(&f->o, 0, 0x1000, PAGE), 1); /* MMIO */
}

/* Pool pages: no transition takes them, whatever their tag. */
static void test_tags(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(owner_take(&f->o, BASE, 2 * PAGE, 0x400), 0);
	assert_int_equal(owner_tag(&f->o, BASE), 0x400);
	assert_int_equal(owner_tag(&f->o, BASE + 2 * PAGE), 0);
	assert_int_equal(owner_donate(&f->o, 1, 0, BASE, PAGE),
			 HYPIOMMU_E_BUSY);
	owner_set_tag(&f->o, BASE, 0x208);
	assert_int_equal(owner_give(&f->o, BASE, PAGE, 0x400), HYPIOMMU_E_BUSY);
	owner_set_tag(&f->o, BASE, 0x400);
	assert_int_equal(owner_give(&f->o, BASE, PAGE, 0x400), 0);
	assert_int_equal(owner_take(&f->o, 0x1000, PAGE, 1), HYPIOMMU_E_PERM);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_regions),	   TEST(test_transitions),
		TEST(test_round_trips),	   TEST(test_all_or_nothing),
		TEST(test_malformed),	   TEST(test_pins_count),
		TEST(test_pin_principals), TEST(test_tags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
