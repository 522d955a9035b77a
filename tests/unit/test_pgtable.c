// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Every format and geometry against a flat model (pgtable_bed.h), and what is
 * worked out by hand (pgtable_golden.c has the descriptors).
 */
#include "pgtable_bed.h"

#define S1 PGTABLE_LPAE_S1
#define S2 PGTABLE_LPAE_S2

static void random_map(struct bed *b, uint32_t page, uint32_t pages)
{
	const uint32_t prots[] = { 1, 2, 3, 7, 11, 15, 19, 35 };
	unsigned int unit = (unsigned int)rand() % 6;
	unsigned int times = (unsigned int)rand() % 3;
	uint64_t pa = bed_pa(b, page, unit, times, rand() % 2);

	if (rand() % 8 == 0)
		b->arena.fail_after = (uint32_t)rand() % 3;
	bed_map(b, page, pa, pages, prots[rand() % 8]);
	b->arena.fail_after = ~0u;
}

static void random_op(struct bed *b)
{
	uint32_t page = (uint32_t)rand() % WINDOW;
	uint32_t most = rand() % 3 ? 40 : WINDOW, pages;

	if (rand() % 2)
		page &= ~(WINDOW / (1u << rand() % 6) - 1);
	pages = 1 + (uint32_t)rand() % most;
	if (rand() % 4 == 0)
		pages = WINDOW / 4;
	if (pages > WINDOW - page)
		pages = WINDOW - page;
	if (rand() % 6 == 0) {
		if (rand() % 4 == 0)
			b->arena.fail_after = 0;
		bed_split(b, page, rand() % 2);
		b->arena.fail_after = ~0u;
	} else if (rand() % 2) {
		random_map(b, page, pages);
	} else {
		bed_unmap(b, page, pages);
	}
	for (int i = 0; i < 64; i++)
		bed_check_page(b, (uint32_t)rand() % WINDOW);
}

static void unmap_all(struct bed *b)
{
	for (uint32_t page = 0; page < WINDOW; page++) {
		if (b->mapped[page])
			bed_unmap(b, page, WINDOW - page);
	}
	bed_check_all(b);
	/* Nothing is kept after the last unmap. */
	bed_check_tables(b);
	assert_int_equal(b->arena.live, 1u << b->pt.root_order);
}

static void random_ops(struct bed *b, uint64_t base)
{
	b->base = base;
	for (int i = 0; i < 120; i++) {
		random_op(b);
		if (i % 8 == 0) {
			bed_check_all(b);
			bed_check_tables(b);
		}
	}
	unmap_all(b);
}

static void test_random(void **state)
{
	(void)state;
	srand(7);
	for (size_t s = 0; s < bed_shape_count; s++) {
		struct bed *b = bed_start(&bed_shapes[s]);
		uint64_t top = 1ull << bed_shapes[s].ias;
		uint64_t span = WINDOW * b->granule;

		/* The bottom and the very top; a border between two tables of
		 * every level but the root in between. */
		random_ops(b, 0);
		if (top > 2 * span)
			random_ops(b, top / 2 - span / 2);
		random_ops(b, top - span);
		bed_stop(b);
	}
}

static void test_gigabyte_blocks(void **state)
{
	(void)state;
	for (size_t s = 0; s < bed_shape_count; s++) {
		struct bed *b;
		struct pgtable_cleared c;
		struct vmsa_leaf leaf;
		uint64_t desc, at = GiB - 2 * MiB - PAGE;
		uint64_t size = GiB + 4 * MiB + 2 * PAGE;

		if (bed_shapes[s].granule != 12 || bed_shapes[s].contiguous ||
		    bed_shapes[s].format > PGTABLE_LPAE_S2)
			continue;
		b = bed_start(&bed_shapes[s]);
		assert_int_equal(
			b->pt.ops->map(&b->pt, at, at + GiB, size, 3, &b->m),
			0);
		assert_true(bed_walk(b, GiB, &leaf, &desc));
		assert_int_equal(leaf.shift, b->pt.start_level > 1 ? 21 : 30);
		assert_int_equal(leaf.pa, 2 * GiB);
		assert_true(bed_walk(b, GiB - PAGE, &leaf, &desc));
		assert_int_equal(leaf.shift, 21);
		assert_true(bed_walk(b, at, &leaf, &desc));
		assert_int_equal(leaf.shift, 12);
		assert_int_equal(b->pt.ops->clear(&b->pt, at, size, ~0u, &c),
				 0);
		assert_int_equal(c.size, size);
		assert_true(c.tables);
		b->reaped_pages = 0;
		b->pt.ops->reap(&b->pt, at, size, bed_reap_fn, b);
		assert_int_equal(b->reaped_pages, size / PAGE);
		bed_stop(b);
	}
}

/* What is wrong with [iova, + size) -> pa changes nothing, whoever is asked. */
static void refuse(struct bed *b, uint64_t iova, uint64_t pa, uint64_t size,
		   int error)
{
	struct pgtable_cleared c;

	assert_int_equal(b->pt.ops->map(&b->pt, iova, pa, size, 3, &b->m),
			 error);
	assert_int_equal(b->m.size, 0);
	bed_same(b);
	if (error == HYPIOMMU_E_EXIST || pa)
		return;
	assert_int_equal(b->pt.ops->clear(&b->pt, iova, size, ~0u, &c), error);
	assert_int_equal(c.size, 0);
	bed_same(b);
}

static void refusals(struct bed *b)
{
	uint64_t top = 1ull << b->shape->ias, out = 1ull << b->shape->oas;
	uint64_t g = b->granule, all = -g;

	bed_map(b, 1, g, 3, 3);
	bed_map(b, 8192, 0, 4096, 3);
	bed_keep(b);
	refuse(b, 1, 0, g, HYPIOMMU_E_INVAL);
	refuse(b, g / 2, 0, g, HYPIOMMU_E_INVAL);
	refuse(b, 0, 8, g, HYPIOMMU_E_INVAL);
	refuse(b, 0, 0, 0, HYPIOMMU_E_INVAL);
	refuse(b, g, 0, 0, HYPIOMMU_E_INVAL);
	refuse(b, 0, 0, g + 1, HYPIOMMU_E_INVAL);
	refuse(b, 0, 0, g / 2, HYPIOMMU_E_INVAL);
	refuse(b, top, 0, g, HYPIOMMU_E_RANGE);
	refuse(b, top + g, 0, g, HYPIOMMU_E_RANGE);
	refuse(b, top - g, 0, 2 * g, HYPIOMMU_E_RANGE);
	refuse(b, all, 0, g, HYPIOMMU_E_RANGE);
	refuse(b, all, 0, 2 * g, HYPIOMMU_E_INVAL);
	refuse(b, 0, out, g, HYPIOMMU_E_RANGE);
	refuse(b, 0, out - g, 2 * g, HYPIOMMU_E_RANGE);
	refuse(b, 4 * g, out - g, 2 * g, HYPIOMMU_E_RANGE);
	refuse(b, 0, all, 2 * g, HYPIOMMU_E_INVAL);
	/* Something is there: pages, perhaps a block, perhaps a table. */
	refuse(b, g, 0, g, HYPIOMMU_E_EXIST);
	refuse(b, 3 * g, 0, 8 * g, HYPIOMMU_E_EXIST);
	refuse(b, 8192 * g, 0, 4096 * g, HYPIOMMU_E_EXIST);
	refuse(b, 8200 * g, 5 * g, g, HYPIOMMU_E_EXIST);
	refuse(b, 0, 0, 0, HYPIOMMU_E_INVAL);
}

/* Every missing table page: said how many, and nothing is linked. */
static void missing_pages(struct bed *b)
{
	uint64_t iova = 1ull << (b->shape->ias - 1);
	uint32_t need =
		b->shape->format > PGTABLE_LPAE_S2 ? 1 : 3u - b->pt.start_level;

	for (uint32_t k = 0; k < need; k++) {
		b->arena.fail_after = k;
		assert_int_equal(
			b->pt.ops->map(&b->pt, iova, 0, b->granule, 3, &b->m),
			HYPIOMMU_E_NOMEM);
		assert_int_equal(b->m.size, 0);
		assert_int_equal(b->m.want.order, b->shape->granule - 12);
		/* A level may be there, for what is mapped near it. */
		assert_in_range(b->m.want.count, 1, need - k);
		assert_true(b->m.want.limit <= 1ull << 32);
		bed_same(b);
	}
	b->arena.fail_after = ~0u;
}

static void test_refusals_change_nothing(void **state)
{
	(void)state;
	for (size_t s = 0; s < bed_shape_count; s++) {
		struct bed *b = bed_start(&bed_shapes[s]);

		refusals(b);
		bed_unmap(b, 1, 3);
		bed_unmap(b, 8192, 4096);
		bed_check_all(b);
		bed_keep(b);
		missing_pages(b);
		bed_stop(b);
	}
}

static void test_leaf_budget(void **state)
{
	const struct shape shape = { S2, 12, 40, 40, false };
	struct bed *b = bed_start(&shape);

	(void)state;
	assert_int_equal(
		b->pt.ops->map(&b->pt, 510 * PAGE, 0x5000, 7 * PAGE, 3, &b->m),
		0);
	assert_int_equal(bed_clear(b, 510 * PAGE, 100 * PAGE, 3), 3 * PAGE);
	assert_int_equal(bed_clear(b, 513 * PAGE, 3 * PAGE, 2), 2 * PAGE);
	assert_int_equal(bed_clear(b, 515 * PAGE, 100 * PAGE, ~0u), 2 * PAGE);
	/* The same next to what was cleared last. */
	assert_int_equal(b->pt.ops->map(&b->pt, 0, 0x5000, 9 * PAGE, 3, &b->m),
			 0);
	assert_int_equal(bed_clear(b, 0, PAGE, ~0u), PAGE);
	assert_int_equal(bed_clear(b, PAGE, 4 * PAGE, 3), 3 * PAGE);
	assert_int_equal(bed_clear(b, 4 * PAGE, 4 * PAGE, 4), 4 * PAGE);
	assert_int_equal(bed_clear(b, 8 * PAGE, 2 * PAGE, 1), PAGE);
	bed_stop(b);
}

/* The last page of a table goes, its neighbour having gone before, and another
 * part of the address space was looked at in between: of that nothing goes. */
static void test_far_apart(void **state)
{
	const struct shape shape = { S1, 12, 48, 48, false };
	const uint64_t far[] = { 1ull << 46, GiB, 2 * MiB };

	(void)state;
	for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
		struct bed *b = bed_start(&shape);
		uint64_t pa;

		assert_int_equal(
			b->pt.ops->map(&b->pt, 0, 0x5000, 2 * PAGE, 3, &b->m),
			0);
		assert_int_equal(
			b->pt.ops->map(&b->pt, far[i], 0x9000, PAGE, 3, &b->m),
			0);
		assert_int_equal(bed_clear(b, 0, PAGE, 1), PAGE);
		assert_int_equal(b->pt.ops->lookup(&b->pt, far[i], &pa), 0);
		assert_int_equal(bed_clear(b, PAGE, PAGE, 1), PAGE);
		assert_int_equal(b->pt.ops->lookup(&b->pt, far[i], &pa), 0);
		assert_int_equal(pa, 0x9000);
		/* The root, and three tables for the one page left. */
		assert_int_equal(b->arena.live, 4);
		assert_int_equal(bed_clear(b, far[i], PAGE, 1), PAGE);
		assert_int_equal(b->arena.live, 1);
		bed_stop(b);
	}
}

/* A table descriptor names 48 bits: no table is asked for above, however high
 * the port would go. */
static void test_tables_within_48_bits(void **state)
{
	const uint64_t limits[] = { 1ull << 47, 1ull << 48, 1ull << 49, ~0ull };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		const struct pgtable_config config = { S1,	  16,	52,
						       52,	  true, false,
						       limits[i], false };
		struct bed b = { .pool.ops = &bed_table_ops,
				 .pool.ctx = &b.arena };

		assert_int_equal(pgtable_init(&b.pt, &config, &b.pool, &b.want),
				 HYPIOMMU_E_NOMEM);
		assert_int_equal(b.want.limit, i ? 1ull << 48 : 1ull << 47);
	}
}

/* Several pages at once, the output address across a multiple of 2^48. */
static void test_output_border(void **state)
{
	const struct shape shape = { S1, 16, 48, 52, false };
	struct bed *b = bed_start(&shape);
	uint64_t border = 5ull << 48;

	(void)state;
	/* The first map makes the table, the next finds it. */
	bed_map(b, 0, b->granule, 1, 3);
	bed_map(b, 1, border - 3 * b->granule, 6, 3);
	bed_map(b, 16, border - b->granule, 2, 3);
	bed_check_all(b);
	for (uint32_t page = 0; page < 18; page++) {
		if (b->mapped[page])
			bed_unmap(b, page, 18 - page);
	}
	bed_check_all(b);
	bed_stop(b);
}

static void test_next(void **state)
{
	const struct shape shape = { S1, 12, 48, 48, false };
	struct bed *b = bed_start(&shape);
	uint64_t iova = 0, at = (1ull << 47) + 5 * GiB + 7 * PAGE;
	int err;

	(void)state;
	assert_int_equal(b->pt.ops->next(&b->pt, &iova, 1000),
			 HYPIOMMU_E_NOENT);
	assert_int_equal(b->pt.ops->map(&b->pt, at, 0x5000, PAGE, 3, &b->m), 0);
	iova = 0;
	while ((err = b->pt.ops->next(&b->pt, &iova, 3)) == HYPIOMMU_E_AGAIN)
		assert_true(iova <= at);
	assert_int_equal(err, 0);
	assert_int_equal(iova, at);
	bed_clear(b, at, PAGE, 1);
	bed_stop(b);
}

static void test_geometry_refused(void **state)
{
	const struct pgtable_config bad[] = {
		{ PGTABLE_LPAE_S1, 13, 48, 48, true, false, ~0ull, false },
		{ PGTABLE_LPAE_S1, 14, 49, 48, true, false, ~0ull, false },
		{ PGTABLE_LPAE_S1, 16, 53, 52, true, false, ~0ull, false },
		{ PGTABLE_LPAE_S1, 12, 52, 48, true, false, ~0ull, false },
		{ PGTABLE_LPAE_S1, 12, 48, 52, true, false, ~0ull, false },
		{ PGTABLE_LPAE_S1, 12, 31, 48, true, false, ~0ull, false },
		{ PGTABLE_LPAE_S2, 12, 48, 31, true, false, ~0ull, false },
	};
	struct bed b = { .pool.ops = &bed_table_ops, .pool.ctx = &b.arena };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(pgtable_init(&b.pt, &bad[i], &b.pool, &b.want),
				 HYPIOMMU_E_UNSUPPORTED);
}

/* A table with one page in it stays, whichever page that is and whichever went
 * last; without it goes. */
static void one_left(const struct shape *shape)
{
	struct bed *b = bed_start(shape);
	uint64_t g = b->granule;

	b->base = 0;
	for (uint32_t left = 0; left < 20; left++) {
		for (uint32_t gone = 0; gone < 20; gone++) {
			if (gone == left)
				continue;
			bed_map(b, left, left * g, 1, 3);
			bed_map(b, gone, gone * g, 1, 3);
			bed_unmap(b, gone, 1);
			bed_check_page(b, left);
			bed_check_tables(b);
			bed_unmap(b, left, 1);
			assert_int_equal(b->arena.live, 1u << b->pt.root_order);
		}
	}
	bed_stop(b);
}

static void test_one_left(void **state)
{
	(void)state;
	one_left(&(const struct shape){ S1, 12, 39, 40, 0 });
	one_left(&(const struct shape){ PGTABLE_V7S, 12, 32, 32, 0 });
	one_left(&(const struct shape){ PGTABLE_TEGRA_MC, 12, 32, 34, 0 });
}

/* A 32-bit descriptor of the last page steps to one of address 0: they are not
 * one run. */
static void test_top_of_memory(void **state)
{
	const struct shape shape = { PGTABLE_V7S, 12, 32, 32, 0 };
	struct bed *b = bed_start(&shape);

	(void)state;
	b->base = 0;
	for (int i = 0; i < 16; i++) {
		bed_map(b, 0, 0xfffff000, 1, 3);
		bed_map(b, 1, 0, 1, 3);
		bed_unmap(b, 0, 2);
	}
	bed_stop(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_top_of_memory),
		cmocka_unit_test(test_one_left),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_gigabyte_blocks),
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_refusals_change_nothing),
		cmocka_unit_test(test_leaf_budget),
		cmocka_unit_test(test_far_apart),
		cmocka_unit_test(test_tables_within_48_bits),
		cmocka_unit_test(test_output_border),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_geometry_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
