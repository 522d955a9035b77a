// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * What a lock is for, with one CPU: registers are touched only under their
 * SMMU's, and what is looked at under a lock is looked at once it is held. The
 * other CPU is played while a call waits for a lock. Real interleavings are the
 * business of harness/race.
 */
#include "kinds.h"

#include "core.h"

#define PAGE	 4096ull
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void start(struct rig *rig, enum machine_kind kind)
{
	kinds_defaults(rig, kind);
	rig->config.no_judge = true; /* to it no SMMU breaks by itself */
	kinds_start(rig);
}

/* The CPU of the call; step callbacks are another. */
static bool holds(const struct machine *m, enum lock_class class)
{
	for (unsigned int i = 0; i < m->boot_locks.count; i++) {
		if (m->boot_locks.held[i].class == class)
			return true;
	}
	return false;
}

/* ------------------------------------------------------------- registers */

static void under_the_lock(struct machine *m, enum machine_step step, void *ctx)
{
	unsigned int *looks = ctx;

	if (step != MACHINE_STEP_MMIO_WRITE && step != MACHINE_STEP_MMIO_READ)
		return;
	assert_true(holds(m, LOCK_SMMU));
	++*looks;
}

static void test_registers(void **state)
{
	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		unsigned int looks = 0;
		struct rig rig;
		uint32_t d;

		start(&rig, kinds[i]);
		machine_on_step(rig.m, under_the_lock, &looks);
		d = rig_domain(&rig, 1, 7);
		rig_map(&rig, d, 0, RAM, 4 * PAGE);
		rig_unmap(&rig, d, 0, 2 * PAGE);
		front_call(&rig.host, HYPIOMMU_HC_FAULT_READ, 0, 0, 0, 0, 0);
		assert_int_equal(machine_suspend(rig.m, 0), 0);
		assert_int_equal(machine_reset(rig.m, 0), 0);
		assert_int_equal(front_detach(&rig.host, 0, 7, d), 0);
		assert_int_equal(front_domain_free(&rig.host, d), 0);
		machine_on_step(rig.m, NULL, NULL);
		assert_true(looks > 20);
		rig_end(&rig);
	}
}

/* A CPU that looks without the lock sees, until nothing stale is left, that the
 * SMMU is broken. */
static void is_broken(struct machine *m, enum machine_step step, void *ctx)
{
	unsigned int *looks = ctx;

	(void)step;
	assert_int_equal(smmu_usable(&m->h->smmus[0]), HYPIOMMU_E_BROKEN);
	++*looks;
}

static void test_reset(void **state)
{
	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		unsigned int looks = 0;
		struct rig rig;

		start(&rig, kinds[i]);
		machine_on_step(rig.m, is_broken, &looks);
		assert_int_equal(machine_reset(rig.m, 0), 0);
		machine_on_step(rig.m, NULL, NULL);
		assert_true(looks > 10);
		assert_int_equal(smmu_usable(&rig.m->h->smmus[0]), 0);
		rig_end(&rig);
	}
}

/* -------------------------------------------------- while a call waits */

/* What another CPU did first when a lock of this class is to be taken, or
 * before it is free again; once. */
static struct rival {
	struct machine_cpus cpus; /* first: what the machine calls */
	struct machine *m;
	enum machine_point when;
	enum lock_class class;
	void (*acts)(struct machine *m);
	bool acted;
} rival;

static bool is_of(const struct hypiommu *h, const void *lock,
		  enum lock_class class)
{
	switch (class) {
	case LOCK_SMMU:
		return lock == &h->smmus[0].lock;
	case LOCK_POOL:
		return lock == &h->pool.lock;
	default: /* of the first pages of RAM */
		return lock == &owner_region(&h->owner, RAM)->chunks[0].lock;
	}
}

static void at_point(struct machine_cpus *cpus, enum machine_point what,
		     const void *p, size_t size, const void *pc)
{
	struct machine *m = rival.m;
	struct lock_stack *locks = m->locks, own = { 0 };

	(void)cpus, (void)size, (void)pc;
	if (what != rival.when || rival.acted || !is_of(m->h, p, rival.class))
		return;
	rival.acted = true;
	m->locks = &own;
	rival.acts(m);
	m->locks = locks;
}

static void meanwhile(struct rig *rig, enum lock_class class,
		      void (*acts)(struct machine *m))
{
	rival = (struct rival){ .cpus = { at_point, NULL },
				.m = rig->m,
				.when = MACHINE_POINT_LOCK,
				.class = class,
				.acts = acts };
	rig->m->cpus = &rival.cpus;
}

static void before_release(struct rig *rig, enum lock_class class,
			   void (*acts)(struct machine *m))
{
	meanwhile(rig, class, acts);
	rival.when = MACHINE_POINT_UNLOCK;
}

static void over(struct rig *rig)
{
	rig->m->cpus = NULL;
	assert_true(rival.acted);
}

/* ---- the SMMU breaks, and aborts everything: nothing is programmed any more
 */

static uint64_t writes;

static void breaks(struct machine *m)
{
	struct machine_stats st;

	smmu_result(&m->h->smmus[0], HYPIOMMU_E_TIMEOUT);
	machine_get_stats(m, &st);
	writes = st.mmio_writes;
}

/* A call of the host at address 0 of the domain fails, and has left the
 * hardware alone. */
static void refused(struct rig *rig, enum hypiommu_hcall_fn fn, uint64_t a,
		    uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
	struct machine_stats st;

	meanwhile(rig, LOCK_SMMU, breaks);
	assert_int_equal(front_call(&rig->host, fn, a, b, c, d, e),
			 HYPIOMMU_E_BROKEN);
	over(rig);
	machine_get_stats(rig->m, &st);
	assert_int_equal(st.mmio_writes, writes);
	assert_int_equal(machine_reset(rig->m, 0), 0);
}

static void test_the_smmu_breaks(void **state)
{
	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		struct rig rig;
		uint32_t d, other;

		start(&rig, kinds[i]);
		/* The observer would take it for an SMMU that works. */
		rig.m->config.check = MACHINE_CHECK_OFF;
		assert_int_equal(front_domain_alloc(&rig.host, 0, 1, &other),
				 0);
		refused(&rig, HYPIOMMU_HC_DOMAIN_ALLOC, 0, 1, 0, 0, 0);
		refused(&rig, HYPIOMMU_HC_ATTACH_DEV, 0, 7, other, 0, 0);
		refused(&rig, HYPIOMMU_HC_FAULT_READ, 0, 0, 0, 0, 0);
		d = rig_domain(&rig, 1, 7);
		refused(&rig, HYPIOMMU_HC_DETACH_DEV, 0, 7, d, 0, 0);
		if (kinds[i] == MACHINE_TEGRA_SMMU) {
			refused(&rig, HYPIOMMU_HC_MAP_PAGES, d, 0, RAM, PAGE,
				RW);
			assert_pins(&rig, RAM, 1);
		} else {
			rig_map(&rig, d, 0, RAM, PAGE);
		}
		refused(&rig, HYPIOMMU_HC_UNMAP_PAGES, d, 0, PAGE, 0, 0);
		assert_pins(&rig, RAM, 1);
		assert_int_equal(front_call(&rig.host, HYPIOMMU_HC_IOTLB_SYNC,
					    d, 0, 0, 0, 0),
				 0);
		assert_pins(&rig, RAM, 0);
		rig_end(&rig);
	}
}

/* ---- the pool: the block that was free is another's */

static uint64_t taken;

static void takes_a_page(struct machine *m)
{
	assert_int_equal(pool_alloc(&m->h->pool, 0, ~0ull, &taken), 0);
}

static void puts_it_back(struct machine *m)
{
	pool_free(&m->h->pool, taken, 0);
}

static void test_the_block_is_taken(void **state)
{
	struct rig rig;
	uint64_t pa;

	(void)state;
	start(&rig, MACHINE_SMMUV3);
	meanwhile(&rig, LOCK_POOL, takes_a_page);
	assert_int_equal(pool_alloc(&rig.m->h->pool, 0, ~0ull, &pa), 0);
	over(&rig);
	assert_int_not_equal(pa, taken);
	assert_true(pool_page_in_use(rig.m, pa));
	assert_true(pool_page_in_use(rig.m, taken));
	/* Its buddy, or a neighbour of its buddy, goes at the same time. */
	meanwhile(&rig, LOCK_POOL, puts_it_back);
	pool_free(&rig.m->h->pool, pa, 0);
	over(&rig);
	assert_false(pool_page_in_use(rig.m, pa));
	assert_false(pool_page_in_use(rig.m, taken));
	rig_end(&rig);
}

/* What a page is changes under the pool's lock. */
static void pool_is_locked(struct machine *m)
{
	assert_true(lock_taken(&m->h->pool.lock.state));
}

static void test_tags(void **state)
{
	struct rig rig;
	struct pool *pool;
	uint64_t pa, count;

	(void)state;
	rig_defaults(&rig);
	rig.config.table_pages = 0;
	rig.config.stay_trusted = rig.config.no_judge = true;
	rig_start(&rig);
	pool = &rig.m->h->pool;
	assert_int_equal(pool_topup(pool, RAM, 4, &count), 0);
	meanwhile(&rig, LOCK_OWNER, pool_is_locked);
	assert_int_equal(pool_alloc(pool, 0, ~0ull, &pa), 0);
	over(&rig);
	meanwhile(&rig, LOCK_OWNER, pool_is_locked);
	pool_free(pool, pa, 0);
	over(&rig);
	meanwhile(&rig, LOCK_OWNER, pool_is_locked);
	assert_int_equal(pool_giveback(pool, &pa), 0);
	over(&rig);
	rig_end(&rig);
}

/* ---- pages change hands */

static void donates(struct machine *m)
{
	assert_int_equal(owner_donate(&m->h->owner, HYPIOMMU_HOST,
				      HYPIOMMU_GUEST(0), RAM + PAGE, PAGE),
			 0);
	machine_set_truth(m, RAM + PAGE, PAGE, HYPIOMMU_GUEST(0));
}

/* One page, several, a whole chunk: what is pinned is whose it is once the lock
 * is held. */
static void test_the_page_is_donated(void **state)
{
	static const struct {
		uint64_t pa, size;
	} asked[] = {
		{ RAM + PAGE, PAGE },
		{ RAM, 4 * PAGE },
		{ RAM, 2 * MiB },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(asked); i++) {
		struct rig rig;
		uint32_t d;

		start(&rig, MACHINE_SMMUV3);
		d = rig_domain(&rig, 1, 7);
		/* The region is known by now. */
		rig_map(&rig, d, 64 * MiB, RAM + 16 * PAGE, PAGE);
		rig_unmap(&rig, d, 64 * MiB, PAGE);
		meanwhile(&rig, LOCK_OWNER, donates);
		assert_int_equal(front_call(&rig.host, HYPIOMMU_HC_MAP_PAGES, d,
					    0, asked[i].pa, asked[i].size, RW),
				 HYPIOMMU_E_PERM);
		over(&rig);
		assert_pins(&rig, RAM, 0);
		assert_pins(&rig, RAM + PAGE, 0);
		assert_aborts(&rig, 7, 0);
		rig_end(&rig);
	}
}

/* Who looks next finds the pin, and finds that it is gone. */
static uint32_t pins_expected;

static void counts_pins(struct machine *m)
{
	struct hypiommu_page_info info;

	assert_int_equal(machine_page_info(m, RAM, &info), 0);
	assert_int_equal(info.pins, pins_expected);
}

static void test_pins(void **state)
{
	static const uint64_t sizes[] = { PAGE, 4 * PAGE, 2 * MiB };

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct rig rig;
		uint32_t d;

		start(&rig, MACHINE_SMMUV3);
		d = rig_domain(&rig, 1, 7);
		rig_map(&rig, d, 0, RAM + 8 * MiB, PAGE);
		pins_expected = 1;
		before_release(&rig, LOCK_OWNER, counts_pins);
		rig_map(&rig, d, 4 * MiB, RAM, sizes[i]);
		over(&rig);
		pins_expected = 0;
		before_release(&rig, LOCK_OWNER, counts_pins);
		rig_unmap(&rig, d, 4 * MiB, sizes[i]);
		over(&rig);
		rig_end(&rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_registers),
		cmocka_unit_test(test_reset),
		cmocka_unit_test(test_the_smmu_breaks),
		cmocka_unit_test(test_the_block_is_taken),
		cmocka_unit_test(test_tags),
		cmocka_unit_test(test_the_page_is_donated),
		cmocka_unit_test(test_pins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
