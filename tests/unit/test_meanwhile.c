// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * A call that has looked at the state of things, and then another CPU changes
 * it before the call takes the lock. Real interleavings are the business of
 * harness/race; here the other CPU is played at chosen steps, so that each
 * second look is known to be taken.
 */
#include "kinds.h"
#include "tap.h"

#define PAGE	 4096ull
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ------------------------------------------------- the SMMU breaks just then
 */

/* Another CPU's call times out: what smmu_result() does then. */
static void breaks(struct hypiommu_smmu *smmu)
{
	smmu->ops->abort_all(smmu);
	smmu->broken = -HYPIOMMU_E_TIMEOUT;
}

/* At the first store of the call. */
static void break_at_store(struct machine *m, enum machine_step step, void *ctx)
{
	bool *done = ctx;

	if (step != MACHINE_STEP_STORE || *done)
		return;
	*done = true;
	breaks(&m->h->smmus[0]);
}

static void mend(struct rig *rig, uint32_t domain)
{
	assert_int_equal(machine_reset(rig->m, 0), 0);
	assert_int_equal(front_call(&rig->host, HYPIOMMU_HC_IOTLB_SYNC, domain,
				    0, 0, 0, 0),
			 0);
}

/* Between the store that clears and the invalidation: not unpinned. */
static void test_unmap(void **state)
{
	struct rig rig;
	bool done = false;
	uint32_t d;

	(void)state;
	rig_defaults(&rig);
	rig.config.no_judge = true;
	rig_start(&rig);
	d = rig_domain(&rig, 1, SID_A);
	rig_map(&rig, d, 0, RAM, 4 * PAGE);
	machine_on_step(rig.m, break_at_store, &done);
	assert_int_equal(front_call(&rig.host, HYPIOMMU_HC_UNMAP_PAGES, d, 0,
				    PAGE, 0, 0),
			 HYPIOMMU_E_BROKEN);
	machine_on_step(rig.m, NULL, NULL);
	assert_true(done);
	assert_int_equal(rig.host.last.x[1], PAGE);
	assert_pins(&rig, RAM, 1);
	assert_aborts(&rig, SID_A, 3 * PAGE);
	mend(&rig, d);
	assert_pins(&rig, RAM, 0);
	assert_aborts(&rig, SID_A, 0);
	assert_reaches(&rig, SID_A, 3 * PAGE, RAM + 3 * PAGE);
	rig_end(&rig);
}

/* --------------------------------------------------- a port's table memory */

/* A domain's root is being allocated: no lock of the SMMU is held. */
static struct {
	struct machine *m;
	const struct hypiommu_table_ops *real;
	void *ctx;
	bool breaks;
	uint64_t freed;
} tables;

static int table_alloc(void *ctx, uint32_t order, uint64_t limit, uint64_t *pa)
{
	(void)ctx;
	if (tables.breaks)
		breaks(&tables.m->h->smmus[0]);
	tables.breaks = false;
	return tables.real->alloc(tables.ctx, order, limit, pa);
}

static void table_free(void *ctx, uint64_t pa, uint32_t order)
{
	(void)ctx;
	tables.freed += 1u << order;
	tables.real->free(tables.ctx, pa, order);
}

static const struct hypiommu_table_ops watched = { table_alloc, table_free };

/* No write sticks, of whatever is programmed. */
static bool deaf;

static bool lost(uint32_t window, uint32_t offset, unsigned int width,
		 uint64_t value)
{
	(void)window, (void)offset, (void)width, (void)value;
	return deaf;
}

/* The bank of the new domain cannot be programmed either: said once, and the
 * SMMU stays as broken as it was. */
static void test_domain_alloc(void **state)
{
	static const uint32_t sids[] = { 5, 9 };
	struct rig rig;
	struct machine_stats before, after;
	uint32_t d;

	(void)state;
	rig_defaults(&rig);
	rig.config.kind = MACHINE_SMMUV2;
	rig.config.sids = sids;
	rig.config.sid_count = COUNT(sids);
	rig.config.no_judge = true;
	rig.config.table_pages = 0;
	rig.config.own_tables = 64;
	rig.config.own_tables_base = MACHINE_EL2_BASE;
	rig_start(&rig);
	tables.m = rig.m;
	tables.real = rig.m->h->pool.ops;
	tables.ctx = rig.m->h->pool.ctx;
	tables.freed = 0;
	rig.m->h->pool.ops = &watched;
	tap_install(rig.m);
	tap.write = lost;
	machine_get_stats(rig.m, &before);
	tables.breaks = deaf = true;
	assert_int_equal(
		front_call(&rig.host, HYPIOMMU_HC_DOMAIN_ALLOC, 0, 1, 0, 0, 0),
		HYPIOMMU_E_HW);
	machine_get_stats(rig.m, &after);
	assert_int_equal(after.notices[HYPIOMMU_NOTICE_BROKEN],
			 before.notices[HYPIOMMU_NOTICE_BROKEN]);
	assert_int_equal(rig.m->h->smmus[0].broken, -HYPIOMMU_E_TIMEOUT);
	assert_int_equal(tables.freed, 1); /* the root */
	assert_int_equal(front_domain_alloc(&rig.host, 0, 1, &d),
			 HYPIOMMU_E_BROKEN);
	deaf = false;
	assert_int_equal(machine_reset(rig.m, 0), 0);
	d = rig_domain(&rig, 1, 5);
	rig_map(&rig, d, 0, RAM, PAGE);
	assert_reaches(&rig, 5, 0, RAM);
	rig_end(&rig);
}

/* ------------------------------------------------------ classic MC-SMMU */

static void classic_start(struct rig *rig)
{
	kinds_defaults(rig, MACHINE_TEGRA_SMMU);
	rig->config.no_judge = true;
	kinds_start(rig);
}

/* This hardware remembers that there was nothing: a map ends with a flush,
 * which must not be done, nor be missed, on a broken SMMU. */
static void test_map(void **state)
{
	struct rig rig;
	bool done = false;
	uint32_t d;

	(void)state;
	classic_start(&rig);
	d = rig_domain(&rig, 1, 7);
	rig_map(&rig, d, 0, RAM + MiB, PAGE);
	machine_on_step(rig.m, break_at_store, &done);
	assert_int_equal(front_call(&rig.host, HYPIOMMU_HC_MAP_PAGES, d, PAGE,
				    RAM, PAGE, RW),
			 HYPIOMMU_E_BROKEN);
	machine_on_step(rig.m, NULL, NULL);
	assert_true(done);
	client_aborts(&rig, 1, 0);
	client_aborts(&rig, 1, PAGE);
	assert_pins(&rig, RAM, 1);
	mend(&rig, d);
	client_reaches(&rig, 1, 0, RAM + MiB);
	client_reaches(&rig, 1, PAGE, RAM);
	rig_unmap(&rig, d, PAGE, PAGE);
	assert_pins(&rig, RAM, 0);
	rig_end(&rig);
}

/* The flush after a map gets no answer; nor does that of the list. */
static uint64_t ones(uint32_t window, uint32_t offset, unsigned int width,
		     uint64_t value)
{
	(void)window, (void)width;
	return offset == 0x10 ? ~0ull : value;
}

static void test_map_unheard(void **state)
{
	const struct hypiommu_segment segment = { RAM, PAGE };

	(void)state;
	for (int list = 0; list < 2; list++) {
		struct hypiommu_progress p;
		struct rig rig;
		uint32_t d;
		int err;

		classic_start(&rig);
		rig.m->config.check = MACHINE_CHECK_OFF;
		d = rig_domain(&rig, 1, 7);
		tap_install(rig.m);
		tap.read = ones;
		if (list)
			err = hypiommu_map_list(rig.m->h, HYPIOMMU_HOST, d, 0,
						RW, &segment, 1, &p);
		else
			err = front_call(&rig.host, HYPIOMMU_HC_MAP_PAGES, d, 0,
					 RAM, PAGE, RW);
		assert_int_equal(err, HYPIOMMU_E_HW);
		assert_int_equal(list ? p.bytes : rig.host.last.x[1], PAGE);
		assert_pins(&rig, RAM, 1);
		assert_int_equal(front_call(&rig.host, HYPIOMMU_HC_UNMAP_PAGES,
					    d, 0, PAGE, 0, 0),
				 HYPIOMMU_E_BROKEN);
		tap.read = NULL;
		mend(&rig, d);
		client_reaches(&rig, 1, 0, RAM);
		rig_unmap(&rig, d, 0, PAGE);
		assert_pins(&rig, RAM, 0);
		client_aborts(&rig, 1, 0);
		machine_destroy(rig.m);
	}
}

/* Nothing was mapped: nothing is flushed. */
static unsigned int written;

static bool counted(uint32_t window, uint32_t offset, unsigned int width,
		    uint64_t value)
{
	(void)window, (void)offset, (void)width, (void)value;
	written++;
	return false;
}

static void test_nothing_mapped(void **state)
{
	struct rig rig;
	uint32_t d;

	(void)state;
	classic_start(&rig);
	d = rig_domain(&rig, 1, 7);
	while (!front_call(&rig.host, HYPIOMMU_HC_MEM_GIVEBACK,
			   HYPIOMMU_ANY_PAGE, 0, 0, 0, 0))
		;
	tap_install(rig.m);
	tap.write = counted;
	written = 0;
	assert_int_equal(front_call(&rig.host, HYPIOMMU_HC_MAP_PAGES, d, 0, RAM,
				    PAGE, RW),
			 HYPIOMMU_E_NOMEM);
	assert_int_equal(rig.host.last.x[1], 0);
	assert_int_equal(written, 0);
	assert_pins(&rig, RAM, 0);
	client_aborts(&rig, 1, 0);
	rig_end(&rig);
}

/* ------------------------------------------------------------------ pages */

/* A page on its way between owners, as owner.c writes it, is nobody's block. */
static void test_a_page_on_its_way(void **state)
{
	uint64_t words[HYPIOMMU_PAGE_STATE_SIZE(4096) / 8 + 1];
	struct region region;
	struct owner o = { .regions = &region, .max = 1 };

	(void)state;
	assert_int_equal(owner_add_region(&o, RAM, PAGE, words, false), 0);
	assert_int_equal(owner_take(&o, RAM, PAGE, 0x123), 0);
	assert_int_equal(owner_tag(&o, RAM), 0x123);
	region.pages[0] = word_moving();
	assert_int_equal(owner_tag(&o, RAM), 0);
}

/* ------------------------------------------------------------------- waits */

/* A clock that stands still, or goes so slowly that it does not count: the
 * number of polls ends a wait. */
static void test_the_clock_stands_still(void **state)
{
	const struct sim_smmuv3_faults stuck = { .sync_never = true };
	const struct sim_smmuv3_faults none = { 0 };
	struct rig rig;
	uint64_t begin;
	uint32_t d;

	(void)state;
	rig_defaults(&rig);
	rig.config.timeout_us = 10000000;
	rig.config.check = MACHINE_CHECK_OFF;
	rig_start(&rig);
	d = rig_domain(&rig, 1, SID_A);
	rig_map(&rig, d, 0, RAM, PAGE);
	sim_smmuv3_set_faults(rig.m->smmu, &stuck);
	begin = rig.m->now_us;
	assert_int_equal(front_call(&rig.host, HYPIOMMU_HC_UNMAP_PAGES, d, 0,
				    PAGE, 0, 0),
			 HYPIOMMU_E_TIMEOUT);
	/* A microsecond a look at the clock: far less than the timeout. */
	assert_in_range(rig.m->now_us - begin, 1000000, 1100000);
	assert_pins(&rig, RAM, 1);
	sim_smmuv3_set_faults(rig.m->smmu, &none);
	mend(&rig, d);
	assert_pins(&rig, RAM, 0);
	rig_end(&rig);
}

/* ---------------------------------------------------- a stream changes hands
 */

static bool quiet_and_broken(void *ctx, uint32_t smmu, uint32_t sid)
{
	struct machine *m = ctx;

	(void)smmu, (void)sid;
	breaks(&m->h->smmus[0]);
	return true;
}

static void test_assign(void **state)
{
	const struct hypiommu_sink_ops sink = { .quiesce = quiet_and_broken };
	struct rig rig;

	(void)state;
	rig_defaults(&rig);
	rig.config.no_judge = true;
	rig_start(&rig);
	rig.m->h->config.sink = &sink;
	rig.m->h->config.sink_ctx = rig.m;
	assert_int_equal(machine_assign_stream(rig.m, SID_A, HYPIOMMU_HOST,
					       HYPIOMMU_GUEST(0)),
			 HYPIOMMU_E_BROKEN);
	/* And so it is the host's still. */
	assert_int_equal(machine_reset(rig.m, 0), 0);
	assert_int_equal(machine_assign_stream(rig.m, SID_A, HYPIOMMU_GUEST(0),
					       HYPIOMMU_HOST),
			 HYPIOMMU_E_PERM);
	rig_end(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unmap),
		cmocka_unit_test(test_domain_alloc),
		cmocka_unit_test(test_map),
		cmocka_unit_test(test_map_unheard),
		cmocka_unit_test(test_nothing_mapped),
		cmocka_unit_test(test_a_page_on_its_way),
		cmocka_unit_test(test_the_clock_stands_still),
		cmocka_unit_test(test_assign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
