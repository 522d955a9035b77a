/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Table formats of context banks: descriptors worked out by hand. */
#include "fixture2.h"

#define BIG_L1 0x80110000u /* 64 KiB, aligned so */
#define BIG_L2 0x80120000u
#define BIG_L3 0x80130000u

/* A stage-2 AArch64 bank with this TCR, its root at BIG_L1. */
static struct machine *s2_with(uint32_t cba2r, uint32_t tcr)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_up(&c);

	bank_s2(m);
	wr(m, 0, 0x10800 + BANK * 4, cba2r);
	wr64_all(m, CB(BANK, 0x20), BIG_L1);
	wr(m, 0, CB(BANK, 0x30), tcr);
	bank_on(m);
	stream_on(m);
	return m;
}

static struct machine *s1_with(uint32_t cba2r, uint32_t tcr)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_up(&c);

	bank_s1(m);
	wr(m, 0, 0x10800 + BANK * 4, cba2r);
	wr64_all(m, CB(BANK, 0x20), BIG_L1);
	wr(m, 0, CB(BANK, 0x30), tcr);
	bank_on(m);
	stream_on(m);
	return m;
}

static void test_s2_blocks(void **state)
{
	struct machine *m = s2_with(1, TCR_S2);

	(void)state;
	put(m, BIG_L1 + 8, BIG_L2 | 3);
	put(m, BIG_L1 + 16, 0x40000000 | 0x7fd);
	put(m, BIG_L2 + 8, 0x80400000 | 0x7fd);
	check_size(m, 0x40000000, 0x80000000, 0x40000000);
	check_size(m, 0x80400000, 0x40200000, 0x200000);
	assert_int_equal(target(m, 0x80123456, true), 0x40123456);
	assert_int_equal(target(m, 0x40212345, true), 0x80412345);
	assert_int_equal(target(m, 0x8000000000ull, true), 0); /* 40 bits */
	done(m);
}

static void test_s2_concatenated(void **state)
{
	/* T0SZ 24: 40 bits from level 1 are two tables, 8 KiB. */
	struct machine *m = s2_with(1, (TCR_S2 & ~0x3fu) | 24);

	(void)state;
	put(m, BIG_L1 + 512 * 8, 0x40000000 | 0x7fd);
	assert_int_equal(target(m, 0x8000000123ull, true), 0x40000123);
	check_size(m, 0x40000000, 0x8000000000ull, 0x40000000);
	done(m);
}

static void test_s2_bad_sl0(void **state)
{
	/* SL0 0 starts at level 2: 39 bits would be 512 tables. */
	struct machine *m = s2_with(1, TCR_S2 & ~0xc0u);

	(void)state;
	assert_reported(m, "SL0 and T0SZ do not agree");
	put(m, BIG_L1 + 8, 0x80400000 | 0x7fd);
	assert_int_equal(target(m, 0x200000, true), 0);
	assert_null(reaches(m, 0, 0x80400000));
	done(m);
}

static void test_s2_64k(void **state)
{
	/* T0SZ 22 (42 bits), SL0 1 = level 2, 64K. */
	struct machine *m = s2_with(1, 0x80027556);

	(void)state;
	put(m, BIG_L1 + 8, BIG_L2 | 3);
	put(m, BIG_L1 + 16, 0x60000000 | 0x7fd); /* 512 MiB */
	put(m, BIG_L2 + 24, 0x80440000 | 0x7ff); /* 64 KiB */
	check_size(m, 0x80440000, 0x20030000, 0x10000);
	check_size(m, 0x60000000, 0x40000000, 0x20000000);
	assert_int_equal(target(m, 0x2003abcd, false), 0x8044abcd);
	done(m);
}

static void test_s2_16k(void **state)
{
	/* T0SZ 28 (36 bits), SL0 1 = level 2, 16K. */
	struct machine *m = s2_with(1, 0x8002b55c);

	(void)state;
	put(m, BIG_L1 + 8, BIG_L2 | 3);
	put(m, BIG_L1 + 16, 0x82000000 | 0x7fd); /* 32 MiB */
	put(m, BIG_L2 + 24, 0x80444000 | 0x7ff); /* 16 KiB */
	check_size(m, 0x80444000, 0x200c000, 0x4000);
	check_size(m, 0x82000000, 0x4000000, 0x2000000);
	done(m);
}

static void test_granule_missing(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m;

	(void)state;
	c.aa64_64k = false;
	m = machine_up(&c);
	bank_s2(m);
	wr(m, 0, CB(BANK, 0x30), 0x80027556);
	bank_on(m);
	stream_on(m);
	assert_reported(m, "granule not implemented");
	done(m);
}

static void test_s1_four_levels(void **state)
{
	/* T0SZ 16: 48 bits, level 0. */
	struct machine *m = s1_with(1, 0x00803510);

	(void)state;
	put(m, BIG_L1 + 511 * 8, L1TAB | 3);
	map_page(m, PAGE | S1_RW);
	assert_int_equal(target(m, 0xff8000000000ull + IOVA, true), PAGE);
	assert_int_equal(target(m, IOVA, true), 0);
	clear_fault(m);
	/* APTable[1]: no write below. */
	put(m, BIG_L1 + 511 * 8, 0);
	wr(m, 0, 0x68, 0);
	gsync(m, 0);
	put(m, BIG_L1 + 511 * 8, L1TAB | 3 | 1ull << 62);
	assert_int_equal(target(m, 0xff8000000000ull + IOVA, false), PAGE);
	assert_int_equal(target(m, 0xff8000000000ull + IOVA, true), 0);
	assert_false(reaches(m, 0, PAGE)->write);
	done(m);
}

static void test_s1_ttbr1_on(void **state)
{
	struct machine *m = s1_with(1, TCR_S1 & ~0x00800000u);

	(void)state;
	assert_reported(m, "TTBR1 walks are on");
	done(m);
}

static void test_contiguous(void **state)
{
	struct machine *m =
		machine_s2(&(struct sim_smmuv2_config){ .instances = 1,
							.nr_smrg = 8,
							.nr_cb = 8,
							.page_64k = true,
							.numpagendxb = 6,
							.ias = 48,
							.oas = 48,
							.ubs = 48,
							.sid_bits = 15,
							.stage2 = true,
							.aa64_4k = true });

	(void)state;
	map_page(m, 0);
	for (uint64_t i = 0; i < 16; i++)
		put(m, L3TAB + i * 8, (PAGE + i * 0x1000) | S2_RW | 1ull << 52);
	check_size(m, PAGE, 0x40200000, 0x10000);
	sim_smmuv2_speculate(m->smmu);
	put(m, L3TAB + 8, 0); /* still covered by the run */
	assert_int_equal(target(m, IOVA, true), PAGE + 0x1000);
	put(m, L3TAB + 8, PAGE2 | S2_RW);
	sim_smmuv2_speculate(m->smmu);
	assert_true(m->heard.reports > 0);
	machine_free(m);
}

static void test_contiguous_unsound(void **state)
{
	struct machine *m = s2_with(1, TCR_S2);

	(void)state;
	put(m, BIG_L1 + 8, L2TAB | 3);
	put(m, L2TAB + 8, L3TAB | 3);
	for (uint64_t i = 0; i < 16; i++)
		put(m, L3TAB + i * 8,
		    (PAGE + (i ^ 1) * 0x1000) | S2_RW | 1ull << 52);
	assert_int_equal(target(m, IOVA, true), PAGE);
	assert_reported(m, "is not consistent");
	machine_free(m);
}

static void test_lpae_s1(void **state)
{
	/* EAE, EPD1, T0SZ 0: 32 bits, four entries at level 1. */
	struct machine *m = s1_with(0, 0x80803500);

	(void)state;
	put(m, BIG_L1 + 8, L2TAB | 3);
	put(m, BIG_L1 + 24, 0x40000000 | 0xf41); /* 1 GiB */
	put(m, L2TAB + 8, L3TAB | 3);
	put(m, L3TAB + 8, PAGE | S1_RW);
	assert_int_equal(target(m, IOVA, true), PAGE);
	assert_int_equal(target(m, 0xc0001234, true), 0x40001234);
	assert_int_equal(target(m, 0x100000000ull + IOVA, true), 0);
	clear_fault(m);
	/* TLBIVA of 32 bits: VA and ASID; TTBR0's ASID is 0. */
	put(m, L3TAB + 8, 0);
	wr(m, 0, CB(BANK, 0x600), IOVA | 1);
	cbsync(m, 0, BANK);
	assert_int_equal(target(m, IOVA, true), PAGE);
	wr(m, 0, CB(BANK, 0x600), IOVA);
	cbsync(m, 0, BANK);
	assert_int_equal(target(m, IOVA, true), 0);
	done(m);
}

static void test_lpae_s1_short_input(void **state)
{
	/* T0SZ 2: 30 bits, level 2 first. */
	struct machine *m = s1_with(0, 0x80803502);

	(void)state;
	put(m, BIG_L1 + 8, 0x80400000 | 0xf41);
	assert_int_equal(target(m, 0x212345, true), 0x80412345);
	assert_int_equal(target(m, 0x40212345, true), 0);
	done(m);
}

static void test_lpae_s2(void **state)
{
	/* T0SZ -8, S: 40 bits, SL0 1, two tables at level 1. */
	struct machine *m = s2_with(0, 0x80003558);

	(void)state;
	put(m, BIG_L1 + 512 * 8, 0x40000000 | 0x7fd);
	assert_int_equal(target(m, 0x8000000123ull, true), 0x40000123);
	done(m);
	/* S is not the sign of T0SZ. */
	m = s2_with(0, 0x80003548);
	assert_reported(m, "sign of T0SZ");
	done(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_s2_blocks),
		cmocka_unit_test(test_s2_concatenated),
		cmocka_unit_test(test_s2_bad_sl0),
		cmocka_unit_test(test_s2_64k),
		cmocka_unit_test(test_s2_16k),
		cmocka_unit_test(test_granule_missing),
		cmocka_unit_test(test_s1_four_levels),
		cmocka_unit_test(test_s1_ttbr1_on),
		cmocka_unit_test(test_contiguous),
		cmocka_unit_test(test_contiguous_unsound),
		cmocka_unit_test(test_lpae_s1),
		cmocka_unit_test(test_lpae_s1_short_input),
		cmocka_unit_test(test_lpae_s2),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
