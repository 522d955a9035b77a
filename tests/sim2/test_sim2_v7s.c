/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Short-descriptor context banks: descriptors worked out by hand. */
#include "fixture2.h"

#define V7_PLAIN 0x61u /* M CFRE CFIE */
#define V7_AFE	 0x65u
#define V7_TRE	 0x63u

static struct machine *v7s_with(uint32_t sctlr)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_up(&c);

	bank_v7s(m);
	wr_all(m, CB(BANK, 0x38), 0x000a81a8u); /* PRRR */
	wr_all(m, CB(BANK, 0x3c), 0x40e040e0u); /* NMRR */
	wr(m, 0, CB(BANK, 0), sctlr);
	stream_on(m);
	return m;
}

static void test_v7s_sizes(void **state)
{
	struct machine *m = v7s_with(V7_PLAIN);

	(void)state;
	/* Section, index 1. */
	put32(m, ROOT7 + 4, 0x80500000 | 0xc02);
	/* Supersection, indices 16 to 31: 0x8_81000000, 16 times. */
	for (uint32_t i = 16; i < 32; i++)
		put32(m, ROOT7 + i * 4, 0x81000000 | 0x40c02 | 8u << 20);
	/* A table for index 2: small page 1, large page 16 to 31. */
	put32(m, ROOT7 + 8, TAB7 | 1);
	put32(m, TAB7 + 4, PAGE | 0x32);
	for (uint32_t i = 16; i < 32; i++)
		put32(m, TAB7 + i * 4, 0x80310000 | 0x31);
	check_size(m, 0x80500000, 0x00100000, 0x100000);
	check_size(m, 0x881000000ull, 0x01000000, 0x1000000);
	check_size(m, PAGE, 0x00201000, 0x1000);
	check_size(m, 0x80310000, 0x00210000, 0x10000);
	assert_int_equal(target(m, 0x00112345, true), 0x80512345);
	assert_int_equal(target(m, 0x01f12345, true), 0x881f12345ull);
	assert_int_equal(target(m, 0x00201abc, true), 0x80200abc);
	assert_int_equal(target(m, 0x0021fabc, true), 0x8031fabc);
	assert_int_equal(target(m, 0x00300000, true), 0);
	clear_fault(m);
	assert_int_equal(target(m, 0x100112345ull, true), 0);
	done(m);
}

static void test_v7s_permissions(void **state)
{
	/* AP[2:0] at bits 9, 5:4 -> reads, writes of anyone. */
	static const struct {
		uint32_t ap;
		bool read, write;
	} cases[] = { { 0x000, false, false }, { 0x010, true, true },
		      { 0x020, true, true },   { 0x030, true, true },
		      { 0x210, true, false },  { 0x230, true, false } };
	const struct sim2_reach *r;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct machine *m = v7s_with(V7_PLAIN);

		put32(m, ROOT7 + 8, TAB7 | 1);
		put32(m, TAB7 + 4, PAGE | 2 | cases[i].ap);
		r = reaches(m, 0, PAGE);
		assert_int_equal(r && r->read, cases[i].read);
		assert_int_equal(r && r->write, cases[i].write);
		/* S2CR.PRIVCFG = unprivileged: AP 001 is nobody's now. */
		wr(m, 0, 0xc08, BANK | 2u << 24);
		gsync(m, 0);
		r = reaches(m, 0, PAGE);
		if (cases[i].ap == 0x010 || cases[i].ap == 0x210)
			assert_null(r);
		if (cases[i].ap == 0x020)
			assert_true(r && r->read && !r->write);
		done(m);
	}
}

static void test_v7s_access_flag(void **state)
{
	struct machine *m = v7s_with(V7_AFE);

	(void)state;
	put32(m, ROOT7 + 8, TAB7 | 1);
	put32(m, TAB7 + 4, PAGE | 0x22); /* AF = 0 */
	assert_int_equal(target(m, 0x201000, false), 0);
	assert_int_equal(rd(m, 0, CB(BANK, 0x58)), 4); /* AFF */
	clear_fault(m);
	put32(m, TAB7 + 4, PAGE | 0x232); /* AF, read-only */
	assert_int_equal(target(m, 0x201000, false), PAGE);
	assert_int_equal(target(m, 0x201000, true), 0);
	done(m);
	/* AFFD, AF = 0: AP[2:1] = 01 is read-write for all. */
	m = v7s_with(V7_AFE | 8);
	put32(m, ROOT7 + 8, TAB7 | 1);
	put32(m, TAB7 + 4, PAGE | 0x22);
	wr(m, 0, 0xc08, BANK | 2u << 24);
	assert_int_equal(target(m, 0x201000, true), PAGE);
	done(m);
}

static void test_v7s_section_fields(void **state)
{
	struct machine *m = v7s_with(V7_PLAIN);

	(void)state;
	put32(m, ROOT7 + 4, 0x80500000 | 0x8c02); /* AP 111 */
	assert_true(reaches(m, 0, 0x80500000)->read);
	assert_false(reaches(m, 0, 0x80500000)->write);
	for (uint32_t i = 16; i < 32; i++) /* PA[36] in bit 5 */
		put32(m, ROOT7 + i * 4, 0x81000000 | 0x40c22);
	assert_int_equal(target(m, 0x01012345, true), 0x1081012345ull);
	done(m);
}

static void test_v7s_asid(void **state)
{
	struct machine *m = v7s_with(V7_PLAIN);

	(void)state;
	put32(m, ROOT7 + 4, 0x80500000 | 0x20c02); /* nG */
	put32(m, ROOT7 + 8, 0x80600000 | 0xc02);
	sim_smmuv2_speculate(m->smmu);
	put32(m, ROOT7 + 4, 0);
	put32(m, ROOT7 + 8, 0);
	wr(m, 0, CB(BANK, 0x610), 8);
	cbsync(m, 0, BANK);
	assert_non_null(reaches(m, 0, 0x80500000));
	wr(m, 0, CB(BANK, 0x610), 9);
	cbsync(m, 0, BANK);
	assert_null(reaches(m, 0, 0x80500000));
	assert_non_null(reaches(m, 0, 0x80600000));
	wr(m, 0, CB(BANK, 0x600), 0x200008); /* global: any ASID */
	cbsync(m, 0, BANK);
	assert_null(reaches(m, 0, 0x80600000));
	done(m);
}

static void test_v7s_bbm(void **state)
{
	struct machine *m = v7s_with(V7_TRE);

	(void)state;
	put32(m, ROOT7 + 8, TAB7 | 1);
	put32(m, TAB7 + 4, PAGE | 0x32);
	sim_smmuv2_speculate(m->smmu);
	put32(m, TAB7 + 4, PAGE | 0x3a); /* C: another memory type */
	sim_smmuv2_speculate(m->smmu);
	assert_reported(m, "attributes changed");
	put32(m, ROOT7 + 8, 0x80500c02);
	sim_smmuv2_speculate(m->smmu);
	assert_reported(m, "break-before-make violation");
	wr(m, 0, CB(BANK, 0x610), 9); /* global entries stay */
	wr(m, 0, CB(BANK, 0x618), 0);
	cbsync(m, 0, BANK);
	sim_smmuv2_speculate(m->smmu);
	assert_quiet(m);
	/* One of the sixteen differs. */
	for (uint32_t i = 16; i < 32; i++)
		put32(m, ROOT7 + i * 4,
		      (i == 20 ? 0x82000000 : 0x81000000) | 0x40c02);
	sim_smmuv2_speculate(m->smmu);
	assert_true(m->heard.reports > 0);
	machine_free(m);
	m = v7s_with(V7_PLAIN);
	for (uint32_t i = 16; i < 32; i++)
		put32(m, ROOT7 + i * 4,
		      (i == 20 ? 0x82000000 : 0x81000000) | 0x40c02);
	assert_int_equal(target(m, 0x01012345, true), 0x81012345);
	assert_reported(m, "is not consistent");
	machine_free(m);
}

static void test_v7s_pieces(void **state)
{
	struct machine *m = v7s_with(V7_PLAIN);

	(void)state;
	wr(m, 0, 0xc08, 0x20000);
	gsync(m, 0);
	wr(m, 0, CB(BANK, 0x30), 0x10); /* PD0 */
	wr(m, 0, 0xc08, BANK);
	put32(m, ROOT7 + 4, 0x80500c02);
	assert_null(reaches(m, 0, 0x80500000));
	assert_int_equal(target(m, 0x100000, true), 0);
	clear_fault(m);
	wr(m, 0, 0xc08, 0x20000);
	wr(m, 0, CB(BANK, 0x30), 1); /* N */
	assert_quiet(m);
	wr(m, 0, 0xc08, BANK);
	assert_reported(m, "TTBCR.N");
	done(m);
}

static void test_formats_missing(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m;

	(void)state;
	c.aa32_short = false;
	m = machine_up(&c);
	assert_int_equal(rd(m, 0, 0x20) >> 24 & 3, 1);
	bank_v7s(m);
	bank_on(m);
	stream_on(m);
	assert_reported(m, "short descriptors not implemented");
	done(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_v7s_sizes),
		cmocka_unit_test(test_v7s_permissions),
		cmocka_unit_test(test_v7s_access_flag),
		cmocka_unit_test(test_v7s_section_fields),
		cmocka_unit_test(test_v7s_asid),
		cmocka_unit_test(test_v7s_bbm),
		cmocka_unit_test(test_v7s_pieces),
		cmocka_unit_test(test_formats_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
