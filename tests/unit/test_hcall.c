// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The hypercall ABI: registers in, registers out, phases, widths. */
#include <string.h>

#include "rig.h"

#define PAGE 4096ull

static int call(struct rig *rig, uint32_t caller, struct hypiommu_regs *r)
{
	machine_hcall(rig->m, caller, r);
	return (int)(int64_t)r->x[0];
}

static void test_every_register_is_written(void **state)
{
	struct rig rig;

	(void)state;
	rig_make(&rig);
	for (uint64_t fn = 0; fn < HYPIOMMU_HC_COUNT + 4; fn++) {
		struct hypiommu_regs r;

		memset(&r, 0xa5, sizeof(r));
		r.x[0] = fn;
		call(&rig, HYPIOMMU_HOST, &r);
		for (int i = 1; i < 8; i++)
			assert_int_not_equal(r.x[i], 0xa5a5a5a5a5a5a5a5);
		for (int i = 5; i < 8; i++)
			assert_int_equal(r.x[i], 0);
		/* Status: 0 or a known error, sign-extended. */
		assert_true((int64_t)r.x[0] <= 0 && (int64_t)r.x[0] >= -16);
		assert_string_not_equal(
			hypiommu_error_name((int)(int64_t)r.x[0]), "?");
	}
	rig_end(&rig);
}

static void test_info_and_unknown(void **state)
{
	const uint64_t unknown[] = { HYPIOMMU_HC_COUNT, ~0ull, 1ull << 32,
				     (1ull << 32) | HYPIOMMU_HC_INFO };
	struct rig rig;

	(void)state;
	rig_make(&rig);
	assert_int_equal(front_call(&rig.host, HYPIOMMU_HC_INFO, 0, 0, 0, 0, 0),
			 0);
	assert_int_equal(rig.host.last.x[1], HYPIOMMU_ABI_VERSION);
	assert_int_equal(rig.host.last.x[2], 1ull << 30);
	assert_int_equal(rig.host.last.x[3], 1);
	for (int i = 0; i < 4; i++) {
		struct hypiommu_regs r = { .x = { unknown[i] } };

		assert_int_equal(call(&rig, HYPIOMMU_HOST, &r),
				 HYPIOMMU_E_NOSYS);
	}
	rig_end(&rig);
}

static void test_phases(void **state)
{
	struct hypiommu_smmuv3_config smmu = { .base = 0x0a000000,
					       .size = 0x20000 };
	struct rig rig;
	uint32_t index;
	static uint64_t page_state[1];

	(void)state;
	rig_defaults(&rig);
	rig.config.stay_trusted = true;
	rig_start(&rig);
	for (uint64_t fn = 0; fn <= HYPIOMMU_HC_COUNT; fn++) {
		struct hypiommu_regs r = { .x = { fn } };

		assert_int_equal(call(&rig, HYPIOMMU_HOST, &r),
				 HYPIOMMU_E_PHASE);
	}
	assert_int_equal(machine_finalise(rig.m), 0);
	assert_int_equal(machine_finalise(rig.m), HYPIOMMU_E_PHASE);
	assert_int_equal(
		hypiommu_add_ram(rig.m->h, 1ull << 40, PAGE, page_state),
		HYPIOMMU_E_PHASE);
	assert_int_equal(
		hypiommu_add_mmio(rig.m->h, 1ull << 40, PAGE, page_state),
		HYPIOMMU_E_PHASE);
	assert_int_equal(hypiommu_add_frame(rig.m->h, 1ull << 40, PAGE),
			 HYPIOMMU_E_PHASE);
	assert_int_equal(hypiommu_carve_out(rig.m->h, RAM, PAGE),
			 HYPIOMMU_E_PHASE);
	assert_int_equal(machine_add_tables(rig.m, RAM, PAGE),
			 HYPIOMMU_E_PHASE);
	assert_int_equal(hypiommu_add_stream(rig.m->h, 0, 77, HYPIOMMU_HOST),
			 HYPIOMMU_E_PHASE);
	assert_int_equal(hypiommu_smmuv3_add(rig.m->h, &smmu, &index),
			 HYPIOMMU_E_PHASE);
	rig_end(&rig);
}

/* Stream tables may exist once finalise has begun: nothing is added then, but
 * memory for what is there. */
static void test_nothing_is_added_after_a_failed_finalise(void **state)
{
	struct rig rig;

	(void)state;
	rig_defaults(&rig);
	rig.config.table_pages = 3;
	rig.config.stay_trusted = true;
	rig_start(&rig);
	assert_int_equal(machine_finalise(rig.m), HYPIOMMU_E_NOMEM);
	assert_int_equal(hypiommu_add_stream(rig.m->h, 0, 77, HYPIOMMU_HOST),
			 HYPIOMMU_E_PHASE);
	assert_int_equal(machine_add_tables(rig.m, RAM, MiB), 0);
	memset(rig.m->truth, HYPIOMMU_HYP, MiB / PAGE);
	assert_int_equal(machine_finalise(rig.m), 0);
	rig_end(&rig);
}

static void test_callers(void **state)
{
	struct rig rig;
	const uint32_t bad[] = { HYPIOMMU_HYP, HYPIOMMU_PRINCIPALS, ~0u };

	(void)state;
	rig_make(&rig);
	for (int i = 0; i < 3; i++) {
		struct hypiommu_regs r = { .x = { HYPIOMMU_HC_INFO } };

		assert_int_equal(call(&rig, bad[i], &r), HYPIOMMU_E_PERM);
	}
	assert_int_equal(
		front_call(&rig.guest, HYPIOMMU_HC_MEM_TOPUP, RAM, 1, 0, 0, 0),
		HYPIOMMU_E_PERM);
	assert_int_equal(front_call(&rig.guest, HYPIOMMU_HC_MEM_GIVEBACK,
				    HYPIOMMU_ANY_PAGE, 0, 0, 0, 0),
			 HYPIOMMU_E_PERM);
	rig_end(&rig);
}

/* An argument is never cut to 32 bits on its way to a check. */
static void test_widths(void **state)
{
	const uint64_t high = 1ull << 32;
	struct rig rig;
	uint32_t d;
	struct front *f = &rig.host;

	(void)state;
	rig_make(&rig);
	d = rig_domain(&rig, 1, SID_A);
	assert_int_equal(
		front_call(f, HYPIOMMU_HC_DOMAIN_ALLOC, high, 1, 0, 0, 0),
		HYPIOMMU_E_NOENT);
	assert_int_equal(
		front_call(f, HYPIOMMU_HC_DOMAIN_ALLOC, 0, high | 1, 0, 0, 0),
		HYPIOMMU_E_INVAL);
	assert_int_equal(
		front_call(f, HYPIOMMU_HC_DOMAIN_FREE, high | d, 0, 0, 0, 0),
		HYPIOMMU_E_NOENT);
	assert_int_equal(
		front_call(f, HYPIOMMU_HC_ATTACH_DEV, 0, high | SID_B, d, 0, 0),
		HYPIOMMU_E_NOENT);
	assert_int_equal(
		front_call(f, HYPIOMMU_HC_ATTACH_DEV, high, SID_B, d, 0, 0),
		HYPIOMMU_E_NOENT);
	assert_int_equal(front_call(f, HYPIOMMU_HC_MAP_PAGES, high | d, 0, RAM,
				    PAGE, RW),
			 HYPIOMMU_E_NOENT);
	assert_int_equal(front_call(f, HYPIOMMU_HC_MAP_PAGES, d, 0, RAM, PAGE,
				    high | RW),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(
		front_call(f, HYPIOMMU_HC_FAULT_READ, high, 0, 0, 0, 0),
		HYPIOMMU_E_NOENT);
	assert_aborts(&rig, SID_A, 0);
	rig_end(&rig);
}

static void test_map_arguments(void **state)
{
	struct rig rig;
	uint32_t d;
	const struct {
		uint64_t iova, pa, size, prot;
		int err;
	} bad[] = {
		{ 1, RAM, PAGE, RW, HYPIOMMU_E_INVAL },
		{ 0, RAM + 1, PAGE, RW, HYPIOMMU_E_INVAL },
		{ 0, RAM, PAGE - 1, RW, HYPIOMMU_E_INVAL },
		{ 0, RAM, 0, RW, HYPIOMMU_E_INVAL },
		{ 0, RAM, PAGE, 0, HYPIOMMU_E_INVAL },
		{ 0, RAM, PAGE, HYPIOMMU_PROT_CACHE, HYPIOMMU_E_INVAL },
		{ 0, RAM, PAGE, 64 | RW, HYPIOMMU_E_INVAL },
		{ ~0ull << 12, RAM, 2 * PAGE, RW, HYPIOMMU_E_INVAL },
		{ 0, ~0ull << 12, 2 * PAGE, RW, HYPIOMMU_E_INVAL },
		{ 0, RAM, ~0ull << 12, RW, HYPIOMMU_E_RANGE },
		{ 1ull << 48, RAM, PAGE, RW, HYPIOMMU_E_RANGE },
		{ (1ull << 48) - PAGE, RAM, 2 * PAGE, RW, HYPIOMMU_E_RANGE },
		{ 0, 1ull << 44, PAGE, RW, HYPIOMMU_E_RANGE },
		{ 0, RAM, 1ull << 45, RW, HYPIOMMU_E_RANGE },
		{ 0, 0x20000000, PAGE, RW, HYPIOMMU_E_PERM },
		{ 0, MACHINE_SMMU_BASE, PAGE, RW, HYPIOMMU_E_PERM },
		{ 0, MACHINE_EL2_BASE, PAGE, RW, HYPIOMMU_E_PERM },
	};

	(void)state;
	rig_make(&rig);
	d = rig_domain(&rig, 1, SID_A);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(front_call(&rig.host, HYPIOMMU_HC_MAP_PAGES, d,
					    bad[i].iova, bad[i].pa, bad[i].size,
					    bad[i].prot),
				 bad[i].err);
		assert_int_equal(rig.host.last.x[1], 0);
	}
	assert_aborts(&rig, SID_A, 0);
	assert_pins(&rig, RAM, 0);
	rig_end(&rig);
}

/* The limits of one call, and that progress is exact across them. */
static void test_bounds(void **state)
{
	struct rig rig;
	uint32_t d;
	struct front *f = &rig.host;

	(void)state;
	rig_make(&rig);
	d = rig_domain(&rig, 2, SID_A);
	/* Misaligned against each other: 4 KiB leaves only, 512 of them. */
	assert_int_equal(front_call(f, HYPIOMMU_HC_MAP_PAGES, d, 0, RAM + PAGE,
				    8 * MiB, RW),
			 0);
	assert_int_equal(f->last.x[1], 512 * PAGE);
	assert_pins(&rig, RAM + 512 * PAGE, 1);
	assert_pins(&rig, RAM + 513 * PAGE, 0);
	assert_int_equal(
		front_call(f, HYPIOMMU_HC_UNMAP_PAGES, d, 0, 8 * MiB, 0, 0), 0);
	assert_int_equal(f->last.x[1], 512 * PAGE);
	/* Head, blocks and tail in one call: 1 + 3 + 2 leaves. */
	assert_int_equal(front_call(f, HYPIOMMU_HC_MAP_PAGES, d,
				    16 * MiB - PAGE, RAM + 2 * MiB - PAGE,
				    6 * MiB + 3 * PAGE, RW),
			 0);
	assert_int_equal(f->last.x[1], 6 * MiB + 3 * PAGE);
	rig_unmap(&rig, d, 16 * MiB - PAGE, 6 * MiB + 3 * PAGE);
	assert_pins(&rig, RAM + 4 * MiB, 0);
	rig_end(&rig);
}

static void test_error_names(void **state)
{
	(void)state;
	assert_string_equal(hypiommu_error_name(0), "OK");
	assert_string_equal(hypiommu_error_name(HYPIOMMU_E_PERM), "PERM");
	for (int e = -16; e <= 0; e++) {
		assert_string_not_equal(hypiommu_error_name(e), "?");
		for (int other = -16; other < e; other++)
			assert_string_not_equal(hypiommu_error_name(e),
						hypiommu_error_name(other));
	}
	assert_string_equal(hypiommu_error_name(1), "?");
	assert_string_equal(hypiommu_error_name(-17), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_register_is_written),
		cmocka_unit_test(test_info_and_unknown),
		cmocka_unit_test(test_phases),
		cmocka_unit_test(test_nothing_is_added_after_a_failed_finalise),
		cmocka_unit_test(test_callers),
		cmocka_unit_test(test_widths),
		cmocka_unit_test(test_map_arguments),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_error_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
