// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * States no input can produce end in hypiommu_env_bug(). A module is called
 * here as only a mistake in the library could call it, and must say so before
 * it does harm.
 */
#include <stdlib.h>
#include <string.h>

#include "rig.h"

#include "core.h"

#define PAGE 4096ull
#define BASE 0x40000000ull
#define SIZE (2 * MiB)

static jmp_buf caught;
static const char *said;

static void on_bug(const char *what)
{
	said = what;
	longjmp(caught, 1);
}

/* What the call says; fails if it returns. */
#define assert_bug(text, call)                               \
	do {                                                 \
		said = NULL;                                 \
		harness_on_bug = on_bug;                     \
		if (!setjmp(caught)) {                       \
			call;                                \
			fail_msg("%s: no objection", #call); \
		}                                            \
		harness_on_bug = NULL;                       \
		assert_string_equal(said, text);             \
	} while (0)

struct ground {
	struct owner o;
	struct region regions[2];
	struct owner_user user;
	uint64_t state[HYPIOMMU_PAGE_STATE_SIZE(SIZE) / 8 + 1];
};

static struct ground *ground(void)
{
	static struct ground g;

	memset(&g, 0, sizeof(g));
	g.o.regions = g.regions;
	g.o.max = 2;
	assert_int_equal(owner_add_region(&g.o, BASE, SIZE, g.state, false), 0);
	owner_user_init(&g.user, &g.o, HYPIOMMU_HOST);
	return &g;
}

/* Wherever in a run the page without a pin lies, and however long the run is:
 * words are looked at one and several at a time. */
static void test_unpin_of_an_unpinned_page(void **state)
{
	(void)state;
	for (uint64_t first = 0; first < 2; first++) {
		for (uint64_t count = 1; count < 20; count++) {
			for (uint64_t hole = 0; hole < count; hole++) {
				struct owner_user *u = &ground()->user;
				uint64_t pa = BASE + first * PAGE;

				assert_int_equal(owner_pin(u, pa, count * PAGE),
						 0);
				owner_unpin(u, pa + hole * PAGE, PAGE);
				assert_bug("unpin of an unpinned page",
					   owner_unpin(u, pa, count * PAGE));
			}
		}
	}
}

/* A page, a run, and a whole MiB that counts for its pages. */
static void test_unpin_of_nothing(void **state)
{
	(void)state;
	assert_bug("unpin of an unpinned page",
		   owner_unpin(&ground()->user, BASE, PAGE));
	assert_bug("unpin of an unpinned page",
		   owner_unpin(&ground()->user, BASE, 3 * PAGE));
	assert_bug("unpin of an unpinned page",
		   owner_unpin(&ground()->user, BASE, MiB));
}

static void test_unpin_outside(void **state)
{
	struct owner_user *u = &ground()->user;

	(void)state;
	assert_bug("unpin outside every region",
		   owner_unpin(u, BASE + SIZE, PAGE));
	u = &ground()->user;
	assert_int_equal(owner_pin(u, BASE, SIZE), 0);
	assert_bug("unpin outside every region",
		   owner_unpin(u, BASE, SIZE + PAGE));
}

static void test_tags(void **state)
{
	struct ground *g = ground();

	(void)state;
	assert_bug("tag on a page that is not EL2's",
		   owner_set_tag(&g->o, BASE, 1));
	assert_bug("tag on a page that is not EL2's",
		   owner_set_tag(&g->o, BASE - PAGE, 1));
	assert_int_equal(owner_tag(&g->o, BASE), 0);
	assert_int_equal(owner_tag(&g->o, BASE - PAGE), 0);
}

static void test_identifiers(void **state)
{
	struct ids ids;
	uint64_t words[2] = { 0 };
	uint32_t id;

	(void)state;
	ids_init(&ids, words, 70);
	assert_int_equal(ids_alloc(&ids, &id), 0);
	assert_bug("free of an identifier not taken", ids_free(&ids, id + 1));
	assert_bug("free of an identifier not taken", ids_free(&ids, 70));
	ids_free(&ids, id);
	assert_bug("free of an identifier not taken", ids_free(&ids, id));
	assert_int_equal(words[0] | words[1], 0);
}

static void test_table_pages(void **state)
{
	struct pool *pool;
	struct rig rig;
	uint64_t pa;

	(void)state;
	rig_make(&rig);
	pool = &rig.m->h->pool;
	assert_int_equal(pool_alloc(pool, 0, ~0ull, &pa), 0);
	pool_free(pool, pa, 0);
	assert_bug("free of a block not in use", pool_free(pool, pa, 0));
	hypiommu_env_lock_init(&pool->lock);
	assert_int_equal(pool_alloc(pool, 1, ~0ull, &pa), 0);
	assert_bug("free of a block not in use", pool_free(pool, pa, 0));
	hypiommu_env_lock_init(&pool->lock);
	assert_bug("free of a block not in use", pool_free(pool, RAM, 0));
	machine_destroy(rig.m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unpin_of_an_unpinned_page),
		cmocka_unit_test(test_unpin_of_nothing),
		cmocka_unit_test(test_unpin_outside),
		cmocka_unit_test(test_tags),
		cmocka_unit_test(test_identifiers),
		cmocka_unit_test(test_table_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
