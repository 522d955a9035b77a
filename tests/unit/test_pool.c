// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The table pool, on the memory of a machine that is still in its trusted
 * phase. */
#include <stdlib.h>
#include <string.h>

#include "rig.h"

#include "core.h"

#define PAGE 4096ull

static struct pool *start(struct rig *rig)
{
	rig_defaults(rig);
	rig->config.table_pages = 0;
	rig->config.stay_trusted = true;
	rig->config.check = MACHINE_CHECK_OFF;
	rig->config.no_judge = true; /* no hypercall, nothing to judge */
	rig_start(rig);
	return &rig->m->h->pool;
}

static void assert_zero(struct rig *rig, uint64_t pa, uint64_t size)
{
	const uint8_t *p = sim_mem_ptr(rig->m->mem, pa);

	for (uint64_t i = 0; i < size; i++)
		assert_int_equal(p[i], 0);
}

static void test_topup(void **state)
{
	struct owner_user user;
	struct rig rig;
	struct pool *pool = start(&rig);
	uint64_t taken;

	(void)state;
	memset(sim_mem_ptr(rig.m->mem, RAM), 0xff, 4 * PAGE);
	assert_int_equal(pool_topup(pool, RAM, 4, &taken), 0);
	assert_int_equal(taken, 4);
	/* Scrubbed, but for the links of the free blocks' heads. */
	for (uint64_t i = 0; i < 4; i++)
		assert_zero(&rig, RAM + i * PAGE + 16, PAGE - 16);
	/* No page twice, none that is pinned, none of another. */
	assert_int_equal(pool_topup(pool, RAM + 3 * PAGE, 2, &taken),
			 HYPIOMMU_E_PERM);
	owner_user_init(&user, &rig.m->h->owner, HYPIOMMU_HOST);
	assert_int_equal(owner_pin(&user, RAM + 8 * PAGE, PAGE), 0);
	assert_int_equal(pool_topup(pool, RAM + 8 * PAGE, 1, &taken),
			 HYPIOMMU_E_BUSY);
	assert_int_equal(taken, 0);
	assert_int_equal(pool_topup(pool, MACHINE_DOORBELL, 1, &taken),
			 HYPIOMMU_E_PERM);
	assert_int_equal(pool_topup(pool, MACHINE_EL2_BASE, 1, &taken),
			 HYPIOMMU_E_PERM);
	assert_int_equal(pool_topup(pool, RAM + 1, 1, &taken),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(pool_topup(pool, RAM + MiB, 0, &taken),
			 HYPIOMMU_E_INVAL);
	/* Bounded: the caller comes back. */
	assert_int_equal(pool_topup(pool, RAM + MiB, ~0ull, &taken), 0);
	assert_int_equal(taken, POOL_TOPUP_PAGES);
	rig_end(&rig);
}

static void test_limits_and_orders(void **state)
{
	struct rig rig;
	struct pool *pool = start(&rig);
	uint64_t pa, taken;

	(void)state;
	assert_int_equal(pool_alloc(pool, 0, ~0ull, &pa), HYPIOMMU_E_NOMEM);
	assert_int_equal(pool_alloc(pool, POOL_MAX_ORDER + 1, ~0ull, &pa),
			 HYPIOMMU_E_NOMEM);
	assert_int_equal(pool_topup(pool, RAM + 16 * PAGE, 16, &taken), 0);
	assert_int_equal(pool_alloc(pool, 5, ~0ull, &pa), HYPIOMMU_E_NOMEM);
	assert_int_equal(pool_alloc(pool, 0, RAM + 16 * PAGE, &pa),
			 HYPIOMMU_E_NOMEM);
	/* The last byte counts: a block ending at the limit is below it. */
	assert_int_equal(pool_alloc(pool, 4, RAM + 32 * PAGE - 1, &pa),
			 HYPIOMMU_E_NOMEM);
	assert_int_equal(pool_alloc(pool, 4, RAM + 32 * PAGE, &pa), 0);
	assert_int_equal(pa, RAM + 16 * PAGE);
	assert_zero(&rig, pa, 16 * PAGE);
	pool_free(pool, pa, 4);
	rig_end(&rig);
}

static void test_giveback(void **state)
{
	struct rig rig;
	struct pool *pool = start(&rig);
	uint64_t block, pa, taken;

	(void)state;
	pa = HYPIOMMU_ANY_PAGE;
	assert_int_equal(pool_giveback(pool, &pa), HYPIOMMU_E_NOENT);
	assert_int_equal(pool_topup(pool, RAM, 8, &taken), 0);
	assert_int_equal(pool_alloc(pool, 2, ~0ull, &block), 0);
	pa = block + PAGE; /* a tail of a block in use */
	assert_int_equal(pool_giveback(pool, &pa), HYPIOMMU_E_BUSY);
	pa = block;
	assert_int_equal(pool_giveback(pool, &pa), HYPIOMMU_E_BUSY);
	pa = RAM + 9 * PAGE; /* the host's */
	assert_int_equal(pool_giveback(pool, &pa), HYPIOMMU_E_PERM);
	pa = MACHINE_EL2_BASE; /* EL2's, not the pool's */
	assert_int_equal(pool_giveback(pool, &pa), HYPIOMMU_E_PERM);
	pa = 0x123456789000; /* nobody's */
	assert_int_equal(pool_giveback(pool, &pa), HYPIOMMU_E_PERM);
	pa = RAM + 1;
	assert_int_equal(pool_giveback(pool, &pa), HYPIOMMU_E_INVAL);
	pool_free(pool, block, 2);
	assert_int_equal(pool_alloc(pool, 0, ~0ull, &block), 0);
	pa = block; /* all of a block of one page */
	assert_int_equal(pool_giveback(pool, &pa), HYPIOMMU_E_BUSY);
	pool_free(pool, block, 0);
	/* From the middle of a merged block; zeroed; the host's again. */
	pa = RAM + 5 * PAGE;
	assert_int_equal(pool_giveback(pool, &pa), 0);
	assert_zero(&rig, RAM + 5 * PAGE, PAGE);
	assert_int_equal(pool_giveback(pool, &pa), HYPIOMMU_E_PERM);
	for (int i = 0; i < 7; i++) {
		pa = HYPIOMMU_ANY_PAGE;
		assert_int_equal(pool_giveback(pool, &pa), 0);
		assert_zero(&rig, pa, PAGE);
	}
	pa = HYPIOMMU_ANY_PAGE;
	assert_int_equal(pool_giveback(pool, &pa), HYPIOMMU_E_NOENT);
	assert_int_equal(pool->pages, 0);
	assert_int_equal(owner_donate(&rig.m->h->owner, 0, 2, RAM, 8 * PAGE),
			 0);
	rig_end(&rig);
}

/* A page of the largest block there can be, if there is nothing smaller. */
static void test_giveback_of_the_largest(void **state)
{
	struct rig rig;
	struct pool *pool = start(&rig);
	uint64_t pa = RAM + 4 * MiB, taken, done = 0;

	(void)state;
	while (done < 256) {
		assert_int_equal(
			pool_topup(pool, pa + done * PAGE, 256 - done, &taken),
			0);
		done += taken;
	}
	assert_int_equal(pool->free[POOL_MAX_ORDER], pa);
	pa = HYPIOMMU_ANY_PAGE;
	assert_int_equal(pool_giveback(pool, &pa), 0);
	assert_int_equal(pool->pages, 255);
	rig_end(&rig);
}

/* Random blocks in and out: aligned, disjoint, zero, and all merged again. */
static void test_random(void **state)
{
	enum {
		LIVE = 64,
		PAGES = 1024
	};
	struct {
		uint64_t pa;
		uint32_t order;
	} live[LIVE] = { 0 };
	static uint8_t used[PAGES];
	struct rig rig;
	struct pool *pool = start(&rig);
	uint64_t taken, block;

	(void)state;
	srand(1);
	for (uint64_t i = 0; i < PAGES; i += POOL_TOPUP_PAGES)
		assert_int_equal(
			pool_topup(pool, RAM + i * PAGE, PAGES, &taken), 0);
	for (int step = 0; step < 20000; step++) {
		int i = rand() % LIVE;
		uint64_t first;

		if (live[i].pa) {
			first = (live[i].pa - RAM) / PAGE;
			pool_free(pool, live[i].pa, live[i].order);
			memset(&used[first], 0, 1u << live[i].order);
			live[i].pa = 0;
			continue;
		}
		live[i].order = (uint32_t)rand() % (POOL_MAX_ORDER + 1);
		if (pool_alloc(pool, live[i].order, ~0ull, &live[i].pa)) {
			live[i].pa = 0;
			continue;
		}
		assert_int_equal(live[i].pa & ((PAGE << live[i].order) - 1), 0);
		assert_int_equal(
			*(uint64_t *)sim_mem_ptr(rig.m->mem, live[i].pa), 0);
		first = (live[i].pa - RAM) / PAGE;
		for (uint64_t p = 0; p < 1u << live[i].order; p++)
			assert_int_equal(used[first + p]++, 0);
	}
	for (int i = 0; i < LIVE; i++) {
		if (live[i].pa)
			pool_free(pool, live[i].pa, live[i].order);
	}
	assert_int_equal(pool->used, 0);
	for (int i = 0; i < PAGES >> POOL_MAX_ORDER; i++)
		assert_int_equal(
			pool_alloc(pool, POOL_MAX_ORDER, ~0ull, &block), 0);
	rig_end(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_topup),
		cmocka_unit_test(test_limits_and_orders),
		cmocka_unit_test(test_giveback),
		cmocka_unit_test(test_giveback_of_the_largest),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
