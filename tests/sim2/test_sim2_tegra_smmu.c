/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The classic Tegra SMMU: who translates, formats, tables, power. */
#include "fixture_tegra_smmu.h"

static void test_bypass(void **state)
{
	struct board *b = board_new(tegra210());

	(void)state;
	map(b, PAGE >> 12 | RW);
	assert_int_equal(find(b, DC0A, 0).bypasses, 1);
	assert_int_equal(target(b, DC0A, PAGE2, true), PAGE2);
	wr(b, 0x10, 1);
	wr(b, 0x1c, ASID);
	wr(b, 0x20, PD >> 12 | RW);
	assert_int_equal(find(b, DC0A, 0).bypasses, 1); /* SWGROUP disabled */
	wr(b, DC_REG, ON | ASID);
	assert_int_equal(find(b, DC0A, 0).bypasses, 1); /* client disabled */
	wr(b, 0x228, 1u << 1);
	assert_int_equal(find(b, DC0A, 0).bypasses, 0);
	assert_int_equal(find(b, DC0A, PAGE).hits, 1);
	assert_int_equal(find(b, DC0B, 0).bypasses, 1); /* its own bit */
	assert_int_equal(target(b, DC0A, IOVA, true), PAGE);
	assert_int_equal(target(b, DC0B, PAGE2, true), PAGE2);
	wr(b, 0xaac, ON | ASID); /* no enable bit of its own */
	assert_int_equal(find(b, 0x88, 0).bypasses, 0);
	wr(b, 0x10, 0);
	assert_int_equal(find(b, DC0A, 0).bypasses, 1);
	assert_quiet(b);
	board_free(b);
}

static void test_formats(void **state)
{
	struct board *b = board_up(tegra210());

	(void)state;
	map(b, PAGE >> 12 | 0x80000000u); /* read-only */
	put(b, PDE + 4, 0x80400 | RW);	  /* 4 MiB, no NEXT */
	assert_int_equal(target(b, DC0A, IOVA + 0x123, false), PAGE + 0x123);
	assert_int_equal(target(b, DC0A, IOVA, true), 0);
	assert_int_equal(rd(b, 0) & 0x400, 0x400);
	assert_int_equal(rd(b, 8), 0x60010000u | DC0A);
	assert_int_equal(rd(b, 0xc), IOVA);
	wr(b, 4, 0x400);
	assert_true(sim_tegra_smmu_irq(b->smmu));
	wr(b, 0, 0x400);
	assert_false(sim_tegra_smmu_irq(b->smmu));
	assert_false(find(b, DC0A, PAGE).write);
	assert_int_equal(target(b, DC0A, 0x40712345, true), 0x80712345);
	assert_int_equal(find(b, DC0A, 0x80712345).size, 0x400000);
	assert_int_equal(target(b, DC0A, 0x100000000ull + IOVA, false), 0);
	assert_int_equal(target(b, DC0A, IOVA + 0x1000, false), 0);
	/* An empty directory blocks. */
	wr(b, 0x1c, 4);
	wr(b, 0x20, EMPTY >> 12 | RW);
	wr(b, DC_REG, ON | 4);
	assert_int_equal(find(b, DC0A, PAGE).hits, 0);
	assert_int_equal(find(b, DC0A, 0).bypasses, 0);
	assert_int_equal(target(b, DC0A, IOVA, false), 0);
	assert_quiet(b);
	board_free(b);
}

/* Permissions are those of all levels together. */
static void test_attributes(void **state)
{
	struct board *b = board_up(tegra210());

	(void)state;
	put(b, PDE, PT >> 12 | 0x80000000u | NEXT);
	put(b, PTE, PAGE >> 12 | RW);
	assert_int_equal(find(b, DC0A, PAGE).hits, 1);
	assert_false(find(b, DC0A, PAGE).write);
	assert_int_equal(target(b, DC0A, IOVA, true), 0);
	assert_int_equal(target(b, DC0A, IOVA, false), PAGE);
	board_free(b);

	b = board_up(tegra210());
	wr(b, 0x20, PD >> 12 | 0x80000000u);
	map(b, PAGE >> 12 | RW);
	put(b, PDE + 4, 0x80400 | RW);
	assert_false(find(b, DC0A, PAGE).write);
	assert_int_equal(find(b, DC0A, 0x80400000).hits, 1);
	assert_false(find(b, DC0A, 0x80400000).write);
	board_free(b);
}

static void count_table(void *ctx, const struct sim2_table *t)
{
	unsigned int *seen = ctx;

	*seen += t->size == 4096 && t->context == ASID;
}

static void test_freed_table(void **state)
{
	struct board *b = board_up(tegra210());
	unsigned int tables = 0;

	(void)state;
	map(b, PAGE >> 12 | RW);
	sim_tegra_smmu_for_each_table(b->smmu, count_table, &tables);
	assert_int_equal(tables, 2);
	sim_tegra_smmu_speculate(b->smmu);
	put(b, PDE, 0);
	sim_tegra_smmu_table_freed(b->smmu, PT, 4096);
	find(b, DC0A, PAGE);
	assert_reported(b, "walks a freed table");
	wr(b, PTC_FLUSH, (PDE & ~63u) | 1);
	wr(b, TLB_FLUSH, FLUSH_SECT);
	rd(b, 0x10);
	b->heard.reports = 0;
	assert_int_equal(find(b, DC0A, PAGE).hits, 0);
	assert_quiet(b);
	/* The page is a table again: what the PTC held of it is back. */
	put(b, PTE, 0);
	sim_tegra_smmu_table_taken(b->smmu, PT, 4096);
	put(b, PDE, PT >> 12 | RW | NEXT);
	assert_int_equal(find(b, DC0A, PAGE).hits, 1);
	board_free(b);
}

static void test_power_cycle(void **state)
{
	struct sim_tegra_smmu_config c = tegra210();
	struct board *b;

	(void)state;
	c.clients_enabled = true;
	b = board_up(c);
	map(b, PAGE >> 12 | RW);
	sim_tegra_smmu_speculate(b->smmu);
	sim_tegra_smmu_power_cycle(b->smmu);
	assert_int_equal(rd(b, 0x228), 1u << 21 | 1u << 1 | 1u << 3);
	assert_int_equal(rd(b, DC_REG), 0);
	assert_int_equal(find(b, DC0A, 0).bypasses, 1);
	board_free(b);
}

static void test_dma(void **state)
{
	struct board *b = board_up(tegra210());
	struct sim2_mmio_faults f = { .ignore_writes = true };
	uint64_t val = 0x1122334455667788ull, seen = 0, moved = 0;
	struct sim2_access a = { DC0A, IOVA + 0xffc, true, &val, 8 };

	(void)state;
	map(b, PAGE >> 12 | RW);
	assert_int_equal(sim_tegra_smmu_dma(b->smmu, &a, &moved),
			 SIM2_DMA_ABORT);
	assert_int_equal(moved, 4);
	assert_int_equal(sim_mem_dev_read(b->mem, PAGE + 0xffc, &seen, 4), 0);
	assert_int_equal(seen, 0x55667788);
	sim_tegra_smmu_set_faults(b->smmu, &f);
	wr(b, DC_REG, 0);
	assert_int_equal(rd(b, DC_REG), ON | ASID);
	board_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bypass),
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_freed_table),
		cmocka_unit_test(test_power_cycle),
		cmocka_unit_test(test_dma),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
