/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* PTC and TLB flushes of the classic Tegra SMMU: forms, order, completion. */
#include "fixture_tegra_smmu.h"

static void test_right_order(void **state)
{
	struct board *b = board_up(tegra210());

	(void)state;
	map(b, PAGE >> 12 | RW);
	sim_tegra_smmu_speculate(b->smmu);
	put(b, PTE, 0);
	assert_int_equal(find(b, DC0A, PAGE).hits, 1);
	assert_true(find(b, DC0A, PAGE).cached);
	wr(b, 0x9b8, 0);
	wr(b, PTC_FLUSH, (PTE & ~63u) | 1);
	wr(b, TLB_FLUSH, FLUSH_GROUP);
	sim_tegra_smmu_speculate(b->smmu); /* between write and read-back */
	assert_int_equal(find(b, DC0A, PAGE).hits, 1);
	assert_int_equal(target(b, DC0A, IOVA, true), PAGE);
	rd(b, 0x10);
	assert_int_equal(find(b, DC0A, PAGE).hits, 0);
	assert_int_equal(target(b, DC0A, IOVA, true), 0);
	assert_quiet(b);
	board_free(b);
}

static void test_wrong_order(void **state)
{
	struct board *b = board_up(tegra210());

	(void)state;
	map(b, PAGE >> 12 | RW);
	sim_tegra_smmu_speculate(b->smmu);
	put(b, PTE, 0);
	wr(b, TLB_FLUSH, FLUSH_GROUP);
	wr(b, PTC_FLUSH, (PTE & ~63u) | 1);
	rd(b, 0x10);
	assert_int_equal(find(b, DC0A, PAGE).hits, 1);
	assert_int_equal(target(b, DC0A, IOVA, true), PAGE);
	wr(b, TLB_FLUSH, FLUSH_GROUP); /* makes up for it */
	rd(b, 0x10);
	assert_int_equal(find(b, DC0A, PAGE).hits, 0);
	board_free(b);
}

/* What is read from the tables after the flush was written stays. */
static void test_flush_before_clear(void **state)
{
	struct board *b = board_up(tegra210());

	(void)state;
	map(b, PAGE >> 12 | RW);
	wr(b, PTC_FLUSH, (PTE & ~63u) | 1);
	wr(b, TLB_FLUSH, FLUSH_GROUP);
	sim_tegra_smmu_speculate(b->smmu);
	put(b, PTE, 0);
	rd(b, 0x10);
	assert_int_equal(find(b, DC0A, PAGE).hits, 1);
	board_free(b);
}

/*
 * The PTC has the line, the TLB has nothing: what it takes from there between
 * the writes and the read-back is as old as the line, and goes with it.
 */
static void stale_ptc_case(uint64_t cleared, uint32_t flush)
{
	struct board *b = board_up(tegra210());

	map(b, PAGE >> 12 | RW);
	sim_tegra_smmu_speculate(b->smmu);
	wr(b, DC_REG, ON | 9); /* nobody uses ASID 3: no refill */
	wr(b, TLB_FLUSH, 0);
	rd(b, 0x10);
	put(b, cleared, 0);
	wr(b, DC_REG, ON | ASID);
	assert_int_equal(find(b, DC0A, PAGE).hits, 1);
	wr(b, PTC_FLUSH, ((uint32_t)cleared & ~63u) | 1);
	wr(b, TLB_FLUSH, flush);
	sim_tegra_smmu_speculate(b->smmu);
	rd(b, 0x10);
	assert_int_equal(find(b, DC0A, PAGE).hits, 0);
	board_free(b);
}

static void test_stale_ptc(void **state)
{
	(void)state;
	stale_ptc_case(PTE, FLUSH_GROUP);
	stale_ptc_case(PDE, FLUSH_SECT);
}

static void flush_case(uint32_t ptc, uint32_t tlb, bool gone)
{
	struct board *b = board_up(tegra210());

	map(b, PAGE >> 12 | RW);
	sim_tegra_smmu_speculate(b->smmu);
	put(b, PTE, 0);
	wr(b, PTC_FLUSH, ptc);
	wr(b, TLB_FLUSH, tlb);
	rd(b, 0x10);
	assert_int_equal(find(b, DC0A, PAGE).hits, !gone);
	assert_quiet(b);
	board_free(b);
}

static void test_flush_forms(void **state)
{
	const uint32_t line = (PTE & ~63u) | 1;

	(void)state;
	flush_case(line, 0, true);			  /* all */
	flush_case(0, 0, true);				  /* PTC all */
	flush_case(line, ON | ASID << 24, true);	  /* all of the ASID */
	flush_case(line, ON | 4u << 24, false);		  /* of another */
	flush_case(line, FLUSH_SECT, true);		  /* 4 MiB */
	flush_case(line, FLUSH_SECT + 0x400, false);	  /* the next */
	flush_case(line, FLUSH_GROUP + 4, false);	  /* the next 16 KiB */
	flush_case(line, 0x40000 | 3, true);		  /* any ASID */
	flush_case((PDE & ~63u) | 1, FLUSH_GROUP, false); /* wrong line */
}

static void test_line_sizes(void **state)
{
	static const unsigned int lines[] = { 16, 32, 64 };

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		struct sim_tegra_smmu_config c = tegra210();
		uint32_t last = PT + lines[i] - 4; /* of the line of PTE */
		struct board *b;

		c.ptc_line = lines[i];
		b = board_up(c);
		map(b, PAGE >> 12 | RW);
		put(b, last, PAGE2 >> 12 | RW);
		put(b, PT + lines[i], 0x80400 | RW); /* next line */
		sim_tegra_smmu_speculate(b->smmu);
		put(b, PTE, 0);
		put(b, last, 0);
		put(b, PT + lines[i], 0);
		wr(b, PTC_FLUSH, PT | 1);
		wr(b, TLB_FLUSH, FLUSH_SECT);
		rd(b, 0x10);
		assert_int_equal(find(b, DC0A, PAGE).hits, 0);
		assert_int_equal(find(b, DC0A, PAGE2).hits, 0);
		assert_int_equal(find(b, DC0A, 0x80400000).hits, 1);
		if (lines[i] > 16) {
			wr(b, PTC_FLUSH, (PT + 16) | 1);
			assert_reported(b, "not aligned");
		}
		board_free(b);
	}
}

static void test_ptc_flush_hi(void **state)
{
	struct sim_tegra_smmu_config c = tegra210();
	struct board *b = board_up(c);

	(void)state;
	map(b, PAGE >> 12 | RW);
	sim_tegra_smmu_speculate(b->smmu);
	put(b, PTE, 0);
	wr(b, 0x9b8, 1); /* left over: 4 GiB higher */
	wr(b, PTC_FLUSH, (PTE & ~63u) | 1);
	wr(b, TLB_FLUSH, FLUSH_GROUP);
	rd(b, 0x10);
	assert_int_equal(find(b, DC0A, PAGE).hits, 1);
	board_free(b);
}

static void test_tegra30_asids(void **state)
{
	struct sim_tegra_smmu_config c = tegra210();
	struct board *b;

	(void)state;
	c.nr_asids = 4;
	c.ptc_line = 16;
	c.address_bits = 32;
	b = board_up(c);
	map(b, PAGE >> 12 | RW);
	sim_tegra_smmu_speculate(b->smmu);
	put(b, PTE, 0);
	wr(b, PTC_FLUSH, 0);
	wr(b, TLB_FLUSH, FLUSH_GROUP); /* ASID at 30:24: reads as ASID 0 */
	rd(b, 0x10);
	assert_int_equal(find(b, DC0A, PAGE).hits, 1);
	wr(b, TLB_FLUSH, ON | ASID << 29 | 0x40000 | 3);
	rd(b, 0x10);
	assert_int_equal(find(b, DC0A, PAGE).hits, 0);
	wr(b, 0x1c, 4);
	assert_reported(b, "does not exist");
	wr(b, DC_REG, ON | 4);
	assert_int_equal(target(b, DC0A, IOVA, true), 0);
	board_free(b);
}

/* A new mapping needs the PTC flushed too: empty words are held as well. */
static void test_map_needs_ptc_flush(void **state)
{
	struct board *b = board_up(tegra210());

	(void)state;
	map(b, PAGE >> 12 | RW);
	assert_int_equal(target(b, DC0A, IOVA, true), PAGE);
	put(b, PTE + 4, PAGE2 >> 12 | RW); /* same line */
	assert_int_equal(target(b, DC0A, IOVA + 0x1000, true), 0);
	wr(b, PTC_FLUSH, (PTE & ~63u) | 1);
	wr(b, TLB_FLUSH, FLUSH_GROUP);
	rd(b, 0x10);
	assert_int_equal(target(b, DC0A, IOVA + 0x1000, true), PAGE2);
	board_free(b);
}

static void test_unclean_store(void **state)
{
	struct board *b = board_up(tegra210());

	(void)state;
	sim_mem_set_coherent(b->mem, false);
	map(b, PAGE >> 12 | RW);
	sim_mem_clean(b->mem, sim_mem_ptr(b->mem, PDE), 4);
	sim_mem_clean(b->mem, sim_mem_ptr(b->mem, PTE), 4);
	sim_mem_publish(b->mem);
	sim_tegra_smmu_speculate(b->smmu);
	put(b, PTE, 0); /* barrier, no clean */
	wr(b, PTC_FLUSH, (PTE & ~63u) | 1);
	wr(b, TLB_FLUSH, FLUSH_GROUP);
	rd(b, 0x10);
	assert_int_equal(find(b, DC0A, PAGE).hits, 1);
	sim_tegra_smmu_speculate(b->smmu);
	sim_mem_clean(b->mem, sim_mem_ptr(b->mem, PTE), 4);
	sim_mem_publish(b->mem);
	assert_int_equal(find(b, DC0A, PAGE).hits, 1); /* too late */
	wr(b, TLB_FLUSH, FLUSH_GROUP);
	rd(b, 0x10);
	assert_int_equal(find(b, DC0A, PAGE).hits, 1); /* the PTC has it */
	board_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right_order),
		cmocka_unit_test(test_wrong_order),
		cmocka_unit_test(test_flush_before_clear),
		cmocka_unit_test(test_stale_ptc),
		cmocka_unit_test(test_flush_forms),
		cmocka_unit_test(test_line_sizes),
		cmocka_unit_test(test_ptc_flush_hi),
		cmocka_unit_test(test_tegra30_asids),
		cmocka_unit_test(test_map_needs_ptc_flush),
		cmocka_unit_test(test_unclean_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
