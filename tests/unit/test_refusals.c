// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* What is refused, with which error, and that nothing came of it. */
#include "rig.h"

#include "core.h"

#define PAGE	 4096ull
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static int alloc(struct rig *rig, uint64_t smmu, uint64_t kind)
{
	return front_call(&rig->host, HYPIOMMU_HC_DOMAIN_ALLOC, smmu, kind, 0,
			  0, 0);
}

/* Stages, granules and bits there are not. */
static void test_kinds_of_domains(void **state)
{
	const uint64_t bad[] = {
		0,
		3,
		HYPIOMMU_GRANULE(12),
		1 | HYPIOMMU_GRANULE(1),
		1 | HYPIOMMU_GRANULE(11),
		1 | HYPIOMMU_GRANULE(13),
		2 | HYPIOMMU_GRANULE(15),
		2 | HYPIOMMU_GRANULE(17),
		1 | 1ull << 32,
		2 | 1ull << 63,
	};
	struct rig rig;

	(void)state;
	rig_make(&rig);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(alloc(&rig, 0, bad[i]), HYPIOMMU_E_INVAL);
	assert_int_equal(alloc(&rig, 1, 1), HYPIOMMU_E_NOENT);
	assert_int_equal(alloc(&rig, ~0ull, 1), HYPIOMMU_E_NOENT);
	assert_int_equal(alloc(&rig, 1ull << 32, 1), HYPIOMMU_E_NOENT);
	/* None was taken: the first is number 0 still. */
	assert_int_equal(alloc(&rig, 0, 1 | HYPIOMMU_GRANULE(12)), 0);
	assert_int_equal(rig.host.last.x[1], 0);
	rig_end(&rig);
}

/* An SMMUv3 may lack a stage, or a granule. */
static void test_kinds_an_smmuv3_lacks(void **state)
{
	(void)state;
	for (unsigned int lacks = 1; lacks <= 2; lacks++) {
		struct rig rig;

		rig_defaults(&rig);
		rig.config.smmu.stage1 = lacks != 1;
		rig.config.smmu.stage2 = lacks != 2;
		rig.config.smmu.gran16k = lacks == 1;
		rig.config.smmu.gran64k = lacks == 2;
		rig_start(&rig);
		assert_int_equal(alloc(&rig, 0, lacks), HYPIOMMU_E_UNSUPPORTED);
		lacks = 3 - lacks;
		assert_int_equal(alloc(&rig, 0, lacks), 0);
		assert_int_equal(alloc(&rig, 0, lacks | HYPIOMMU_GRANULE(14)),
				 lacks == 2 ? 0 : HYPIOMMU_E_UNSUPPORTED);
		assert_int_equal(alloc(&rig, 0, lacks | HYPIOMMU_GRANULE(16)),
				 lacks == 1 ? 0 : HYPIOMMU_E_UNSUPPORTED);
		lacks = 3 - lacks;
		rig_end(&rig);
	}
}

static void test_streams_that_do_not_move(void **state)
{
	const uint32_t guest = HYPIOMMU_GUEST(0);
	const struct hypiommu_sink_ops mute = { 0 };
	const struct hypiommu_sink_ops *sink;
	struct rig rig;
	struct hypiommu *h;

	(void)state;
	rig_make(&rig);
	h = rig.m->h;
	assert_int_equal(hypiommu_assign_stream(h, 0, SID_A, HYPIOMMU_HOST,
						HYPIOMMU_PRINCIPALS),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(
		hypiommu_assign_stream(h, 1, SID_A, HYPIOMMU_HOST, guest),
		HYPIOMMU_E_NOENT);
	assert_int_equal(
		hypiommu_assign_stream(h, 0, SID_A + 1, HYPIOMMU_HOST, guest),
		HYPIOMMU_E_NOENT);
	assert_int_equal(hypiommu_assign_stream(h, 0, SID_A, guest, guest),
			 HYPIOMMU_E_PERM);
	/* Nobody can say that the device is quiet. */
	sink = h->config.sink;
	h->config.sink = NULL;
	assert_int_equal(
		hypiommu_assign_stream(h, 0, SID_A, HYPIOMMU_HOST, guest),
		HYPIOMMU_E_UNSUPPORTED);
	h->config.sink = &mute;
	assert_int_equal(
		hypiommu_assign_stream(h, 0, SID_A, HYPIOMMU_HOST, guest),
		HYPIOMMU_E_UNSUPPORTED);
	h->config.sink = sink;
	/* Nor that the SMMU is. */
	assert_int_equal(machine_suspend(rig.m, 0), 0);
	assert_int_equal(
		machine_assign_stream(rig.m, SID_A, HYPIOMMU_HOST, guest),
		HYPIOMMU_E_BROKEN);
	assert_int_equal(machine_reset(rig.m, 0), 0);
	assert_int_equal(
		machine_assign_stream(rig.m, SID_A, HYPIOMMU_HOST, guest), 0);
	rig_end(&rig);
}

/* A port may be deaf: what there is to say is not needed. */
static void test_nobody_listens(void **state)
{
	const struct hypiommu_sink_ops mute = { 0 };
	const struct hypiommu_sink_ops *sinks[] = { NULL, &mute };
	struct rig rig;

	(void)state;
	for (size_t i = 0; i < COUNT(sinks); i++) {
		rig_make(&rig);
		rig.m->h->config.sink = sinks[i];
		assert_int_equal(machine_suspend(rig.m, 0), 0);
		assert_int_equal(machine_suspend(rig.m, 0), 0);
		assert_int_equal(alloc(&rig, 0, 1), HYPIOMMU_E_BROKEN);
		assert_int_equal(machine_reset(rig.m, 0), 0);
		assert_int_equal(alloc(&rig, 0, 1), 0);
		rig_end(&rig);
	}
}

/* Also where there is nothing left to do: every call says so. */
static void test_sync_of_what_is_suspended(void **state)
{
	struct rig rig;
	uint32_t d;

	(void)state;
	rig_make(&rig);
	d = rig_domain(&rig, 1, SID_A);
	assert_int_equal(machine_suspend(rig.m, 0), 0);
	assert_int_equal(
		front_call(&rig.host, HYPIOMMU_HC_IOTLB_SYNC, d, 0, 0, 0, 0),
		HYPIOMMU_E_BROKEN);
	/* But for what is wrong whatever the SMMU does. */
	assert_int_equal(front_call(&rig.host, HYPIOMMU_HC_UNMAP_PAGES, d, 8,
				    PAGE, 0, 0),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(machine_reset(rig.m, 0), 0);
	rig_end(&rig);
}

/* A domain that is half gone is no exception. */
static void test_the_rest_of_what_is_suspended(void **state)
{
	struct rig rig;
	uint32_t d;

	(void)state;
	rig_make(&rig);
	assert_int_equal(front_domain_alloc(&rig.host, 0, 1, &d), 0);
	for (uint64_t i = 0; i < 600; i++)
		rig_map(&rig, d, i * PAGE, RAM, PAGE);
	assert_int_equal(
		front_call(&rig.host, HYPIOMMU_HC_DOMAIN_FREE, d, 0, 0, 0, 0),
		HYPIOMMU_E_AGAIN);
	assert_int_equal(machine_suspend(rig.m, 0), 0);
	assert_int_equal(
		front_call(&rig.host, HYPIOMMU_HC_DOMAIN_FREE, d, 0, 0, 0, 0),
		HYPIOMMU_E_BROKEN);
	assert_int_equal(machine_reset(rig.m, 0), 0);
	assert_int_equal(front_domain_free(&rig.host, d), 0);
	assert_pins(&rig, RAM, 0);
	rig_end(&rig);
}

/* AttrIndx of the page mapped last (DDI 0487 D8.5): MAIR has write-back at 1,
 * non-cacheable at 0, a device at 2. */
static unsigned int attributes_of(struct rig *rig, uint32_t d, uint64_t iova)
{
	const uint64_t *table = rig->m->h->domains[d].pt.mapped.table;

	return table[iova / PAGE & 511] >> 2 & 7;
}

/* What is no memory is mapped as a device, whatever it is called, and memory
 * as it is asked for. */
static void test_devices_are_not_cached(void **state)
{
	const uint64_t rwc = RW | HYPIOMMU_PROT_CACHE;
	const struct {
		uint64_t pa, prot;
		unsigned int attributes;
	} pages[] = {
		{ RAM, RW, 0 },
		{ RAM, rwc, 1 },
		{ MACHINE_DOORBELL, RW, 2 },
		{ MACHINE_DOORBELL, rwc, 2 },
	};
	struct rig rig;
	uint32_t d;

	(void)state;
	rig_make(&rig);
	d = rig_domain(&rig, 1, SID_A);
	for (uint64_t i = 0; i < COUNT(pages); i++) {
		uint64_t n;

		assert_int_equal(front_map(&rig.host, d, i * PAGE, pages[i].pa,
					   PAGE, (uint32_t)pages[i].prot, &n),
				 0);
		assert_int_equal(attributes_of(&rig, d, i * PAGE),
				 pages[i].attributes);
	}
	rig_end(&rig);
}

/* Every SMMU has identifiers of its own, inside the instance. */
static void test_identifiers_side_by_side(void **state)
{
	const uint8_t *begin, *end;
	struct ids *last = NULL;
	struct rig rig;
	struct hypiommu *h;

	(void)state;
	rig_defaults(&rig);
	rig.config.limits.smmus = 5;
	rig_start(&rig);
	h = rig.m->h;
	begin = (const uint8_t *)h;
	end = begin + hypiommu_size(&rig.config.limits);
	for (uint32_t i = 1; i < 5; i++) {
		struct hypiommu_smmu *s = &h->smmus[i];

		s->h = h;
		s->index = i;
		smmu_ids(s, 8, 8);
		for (unsigned int k = 0; k < 2; k++) {
			struct ids *ids = k ? &s->vmids : &s->asids;
			const uint8_t *at = (const uint8_t *)ids->bits;

			assert_true(at >= begin && at < end);
			assert_true(at + (ids->count + 7) / 8 <= end);
			assert_true(!last ||
				    ids->bits >= last->bits + (last->count +
							       63) / 64);
			last = ids;
		}
	}
	rig_end(&rig);
}

static void test_power_of_what_is_not_there(void **state)
{
	struct rig rig;

	(void)state;
	rig_defaults(&rig);
	rig.config.stay_trusted = true;
	rig_start(&rig);
	/* Declared, and not switched on yet. */
	assert_int_equal(hypiommu_smmu_suspend(rig.m->h, 0), HYPIOMMU_E_NOENT);
	assert_int_equal(hypiommu_smmu_reset(rig.m->h, 0), HYPIOMMU_E_NOENT);
	assert_int_equal(hypiommu_finalise(rig.m->h), 0);
	assert_int_equal(hypiommu_smmu_suspend(rig.m->h, 1), HYPIOMMU_E_NOENT);
	assert_int_equal(hypiommu_smmu_reset(rig.m->h, 1), HYPIOMMU_E_NOENT);
	rig_end(&rig);
}

/* Memory and a device's registers side by side are not one range. */
static void test_memory_beside_registers(void **state)
{
	const uint64_t border = RAM + 32 * MiB;
	struct rig rig;
	uint64_t n;
	uint32_t d;

	(void)state;
	rig_defaults(&rig);
	rig.config.doorbell = border;
	rig_start(&rig);
	d = rig_domain(&rig, 1, SID_A);
	assert_int_equal(
		front_map(&rig.host, d, 0, border - PAGE, 2 * PAGE, RW, &n),
		HYPIOMMU_E_PERM);
	assert_pins(&rig, border - PAGE, 0);
	assert_pins(&rig, border, 0);
	assert_aborts(&rig, SID_A, 0);
	rig_map(&rig, d, 0, border - PAGE, PAGE);
	rig_map(&rig, d, PAGE, border, PAGE);
	assert_reaches(&rig, SID_A, PAGE, border);
	rig_end(&rig);
}

/* More than 64 blocks that are too high: table memory below them is not looked
 * for, and the answer is a top-up. */
static void test_a_bounded_look_for_low_memory(void **state)
{
	struct rig rig;
	struct pool *pool;
	uint64_t pa, taken, low = RAM + 8 * MiB;

	(void)state;
	rig_defaults(&rig);
	rig.config.table_pages = 0;
	rig.config.stay_trusted = true;
	rig.config.check = MACHINE_CHECK_OFF;
	rig_start(&rig);
	pool = &rig.m->h->pool;
	assert_int_equal(pool_topup(pool, low, 1, &taken), 0);
	/* No two are neighbours: they stay single pages, the last one first. */
	for (uint64_t i = 1; i <= 64; i++) {
		assert_int_equal(pool_topup(pool,
					    MACHINE_DONOR_BASE + 2 * i * PAGE,
					    1, &taken),
				 0);
		if (i != 63)
			continue;
		assert_int_equal(pool_alloc(pool, 0, 1ull << 32, &pa), 0);
		assert_int_equal(pa, low);
		pool_free(pool, pa, 0);
	}
	for (uint64_t i = 65; i < 65 + 63; i++)
		assert_int_equal(pool_topup(pool,
					    MACHINE_DONOR_BASE + 2 * i * PAGE,
					    1, &taken),
				 0);
	assert_int_equal(pool_alloc(pool, 0, 1ull << 32, &pa),
			 HYPIOMMU_E_NOMEM);
	machine_destroy(rig.m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds_of_domains),
		cmocka_unit_test(test_kinds_an_smmuv3_lacks),
		cmocka_unit_test(test_streams_that_do_not_move),
		cmocka_unit_test(test_nobody_listens),
		cmocka_unit_test(test_sync_of_what_is_suspended),
		cmocka_unit_test(test_the_rest_of_what_is_suspended),
		cmocka_unit_test(test_devices_are_not_cached),
		cmocka_unit_test(test_identifiers_side_by_side),
		cmocka_unit_test(test_power_of_what_is_not_there),
		cmocka_unit_test(test_memory_beside_registers),
		cmocka_unit_test(test_a_bounded_look_for_low_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
