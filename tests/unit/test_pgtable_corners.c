// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Corners of the engine that random operations (test_pgtable.c) meet rarely, in
 * every format and geometry: ends of address spaces, budgets, runs that end in
 * different ways.
 */
#include "pgtable_bed.h"

/* ------------------------------------------------- requests that are wrong */

static void wrong(struct bed *b)
{
	uint64_t top = 1ull << b->shape->ias, g = b->granule, pa = 77;
	struct pgtable_cleared c;
	struct pgtable_split s;

	for (int mapped = 0; mapped < 2; mapped++) {
		const uint64_t beyond[] = { top, top + g, ~0ull };
		uint64_t iova;

		bed_keep(b);
		for (size_t i = 0; i < 3; i++) {
			iova = beyond[i];
			assert_int_equal(b->pt.ops->lookup(&b->pt, iova, &pa),
					 HYPIOMMU_E_NOENT);
			assert_int_equal(b->pt.ops->split_begin(&b->pt, iova,
								&s, &b->want),
					 HYPIOMMU_E_NOENT);
			assert_int_equal(b->pt.ops->next(&b->pt, &iova, 9),
					 HYPIOMMU_E_NOENT);
			assert_int_equal(iova, beyond[i]);
		}
		assert_int_equal(pa, 77);
		/* Half a granule too much of what is remembered. */
		assert_int_equal(
			b->pt.ops->clear(&b->pt, g, g + g / 2, ~0u, &c),
			HYPIOMMU_E_INVAL);
		assert_int_equal(c.size, 0);
		bed_same(b);
		if (!mapped)
			bed_map(b, 0, bed_odd(b, 4), 3, 3);
	}
	bed_unmap(b, 0, 1);
}

static void test_wrong_requests(void **state)
{
	(void)state;
	bed_every_shape(wrong);
}

/* From wherever it starts, the first page that is mapped, or that there is
 * none; in steps of a bounded number of descriptors. */
static uint64_t first_from(struct bed *b, uint64_t iova, uint32_t steps)
{
	int err;

	do {
		uint64_t before = iova;

		err = b->pt.ops->next(&b->pt, &iova, steps);
		assert_true(err != HYPIOMMU_E_AGAIN || iova > before);
	} while (err == HYPIOMMU_E_AGAIN);
	return err ? ~0ull : iova;
}

static void next(struct bed *b)
{
	uint32_t far = 3 * bed_entries(b) / 2;
	uint64_t g = b->granule;

	assert_int_equal(first_from(b, 0, 100), ~0ull);
	bed_map(b, 5, bed_odd(b, 1), 2, 3);
	bed_map(b, far, bed_odd(b, 1), 1, 3);
	for (uint32_t steps = 1; steps < 1000; steps += 333) {
		assert_int_equal(first_from(b, 0, steps), 5 * g);
		assert_int_equal(first_from(b, 5 * g, steps), 5 * g);
		assert_int_equal(first_from(b, 6 * g, steps), 6 * g);
		assert_int_equal(first_from(b, 7 * g, steps), far * g);
		assert_int_equal(first_from(b, far * g + g, 1000), ~0ull);
	}
}

static void test_next_of_every_shape(void **state)
{
	(void)state;
	bed_every_shape(next);
}

/* ----------------------------------------------------------------- budgets */

/* Of `size` bytes, which may lead out of the window, `gone` granules go. */
static void clear_bytes(struct bed *b, uint32_t page, uint64_t size,
			uint32_t budget, uint32_t gone)
{
	uint64_t iova = b->base + page * b->granule;
	struct pgtable_cleared c;

	b->reaped_pages = b->reaped_sum = 0;
	assert_int_equal(b->pt.ops->clear(&b->pt, iova, size, budget, &c), 0);
	assert_int_equal(c.size, gone * b->granule);
	if (c.one_run) {
		pgtable_erase(&b->pt, iova, &c);
		bed_reap_fn(b, c.pa, c.size);
	} else {
		b->pt.ops->reap(&b->pt, iova, c.size, bed_reap_fn, b);
	}
	assert_int_equal(b->reaped_pages, gone);
	for (uint32_t i = 0; i < gone; i++) {
		b->reaped_sum -= b->pa[page + i] / b->granule;
		b->mapped[page + i] = false;
	}
	assert_int_equal(b->reaped_sum, 0);
	for (uint32_t i = 0; i < gone; i++)
		bed_check_page(b, page + i);
}

static void clear_some(struct bed *b, uint32_t page, uint32_t pages,
		       uint32_t budget, uint32_t gone)
{
	clear_bytes(b, page, pages * b->granule, budget, gone);
	for (uint32_t i = gone; i < pages; i++)
		bed_check_page(b, page + i);
}

/* In the middle of a run, of two runs, at the end of a table, with a walk and
 * without; exactly as many leaves as the budget has. */
static void budgets(struct bed *b)
{
	uint32_t end = bed_entries(b);

	bed_map(b, 0, bed_odd(b, 1), 1, 3);
	bed_map(b, 2, bed_odd(b, 1), 3, 3);
	bed_map(b, 5, bed_odd(b, 9), 3, 3);
	bed_map(b, end - 2, bed_odd(b, 2), 6, 3);
	clear_some(b, end - 2, 6, 3, 3);
	clear_some(b, end + 1, 3, 2, 2);
	clear_some(b, end + 3, 1, 1, 1);
	clear_some(b, 2, 6, 2, 2);
	clear_some(b, 4, 4, 3, 3);
	clear_some(b, 7, 1, 9, 1);
	bed_map(b, 2, bed_odd(b, 1), 3, 3);
	bed_unmap(b, 0, 1);
	bed_map(b, end - 2, bed_odd(b, 2), 6, 3);
	/* The table of the first was not the last that was looked at. */
	clear_some(b, 2, 3, 2, 2);
	clear_some(b, end - 2, 6, 6, 6);
	clear_some(b, 4, 1, 1, 1);
}

static void test_budgets(void **state)
{
	(void)state;
	bed_every_shape(budgets);
}

/* -------------------------------------------------------------------- runs */

/* Pages that follow each other, then one that does not: in memory, in
 * permissions, at all. Cleared as two runs, reaped as what they were. */
static void runs(struct bed *b)
{
	for (uint32_t n = 2; n <= 5; n++) {
		bed_map(b, 0, bed_odd(b, 1), n, 3);
		bed_map(b, n, bed_odd(b, 30), 2, 3);
		bed_unmap(b, 0, n + 2);
		bed_map(b, 0, bed_odd(b, 1), n, 3);
		bed_map(b, n, bed_odd(b, 1) + n * b->granule, 2, 2);
		bed_unmap(b, 0, n + 2);
		bed_map(b, 0, bed_odd(b, 1), n, 3);
		bed_unmap(b, 0, n + 2);
		/* The other way round: the second one is not complete. */
		bed_map(b, 9, bed_odd(b, 1), n, 3);
		bed_map(b, 8, bed_odd(b, 30), 1, 3);
		bed_unmap(b, 8, n);
		bed_unmap(b, 8 + n, 1);
		/* All but the last follow each other. */
		bed_map(b, 0, bed_odd(b, 1), n, 3);
		bed_map(b, n, bed_odd(b, 30), 1, 3);
		bed_unmap(b, 0, n + 1);
	}
}

/* Two runs of pages, then a larger leaf of the same table, or nothing. */
static void runs_and_more(struct bed *b)
{
	uint64_t larger = bed_sizes(b) & (bed_sizes(b) - 1);
	uint32_t n = (uint32_t)((larger & -larger) / b->granule);

	if (!n || n > bed_entries(b) / 2)
		n = 16; /* of pages only: nothing */
	else
		bed_map(b, n, 64 * n * b->granule, n, 3);
	bed_map(b, n - 4, bed_odd(b, 1), 2, 3);
	bed_map(b, n - 2, bed_odd(b, 20), 2, 3);
	bed_unmap(b, n - 4, n + 4);
}

/* In two tables: one run in memory, and two. */
static void runs_over_tables(struct bed *b)
{
	uint32_t end = bed_entries(b);

	for (uint32_t n = 1; n <= 3; n++) {
		for (uint64_t far = 0; far < 2; far++) {
			bed_map(b, end - n, bed_odd(b, 1), n, 3);
			bed_map(b, end,
				bed_odd(b, 1) + (n + 40 * far) * b->granule, 3,
				3);
			bed_unmap(b, end - n, n + 3);
		}
	}
}

static void test_runs(void **state)
{
	(void)state;
	bed_every_shape(runs);
	bed_every_shape(runs_and_more);
	bed_every_shape(runs_over_tables);
}

/* The largest leaf this window has room for, twice. */
static uint32_t block(const struct bed *b)
{
	uint64_t sizes = bed_sizes(b), fits = WINDOW * b->granule / 2;

	while (sizes & (sizes - 1) && (sizes & -sizes) <= fits) {
		if ((sizes & (sizes - 1) & -(sizes & (sizes - 1))) > fits)
			break;
		sizes &= sizes - 1;
	}
	return (uint32_t)((sizes & -sizes) / b->granule);
}

/* A block and the pages of as much again beside it, gone in one call: what was
 * beside the block in its table was a table. Then the other way round. */
static void mixed(struct bed *b)
{
	uint32_t n = block(b);
	uint64_t size = n * b->granule;

	if (n == 1)
		return;
	bed_map(b, 0, 4 * size, n, 3);
	bed_map(b, n, bed_odd(b, 0) + 8 * size, n, 3);
	bed_check_all(b);
	bed_unmap(b, 0, 2 * n);
	bed_map(b, 0, bed_odd(b, 0) + 8 * size, n, 3);
	bed_map(b, n, 4 * size, n, 3);
	bed_unmap(b, 0, 2 * n);
	bed_map(b, 0, 4 * size, 2 * n, 3);
	bed_unmap(b, 0, 2 * n);
	/* Blocks of two runs; a block that is not all asked for. */
	bed_map(b, 0, 4 * size, n, 3);
	bed_map(b, n, 2 * size, n, 3);
	bed_unmap(b, 1, n);
	bed_unmap(b, 0, n + n / 2);
	bed_check_all(b);
	bed_unmap(b, n, n);
	/* From an address of a large leaf on, but of smaller ones in memory. */
	bed_map(b, 0, 4 * size + b->granule, n - 1, 3);
	bed_map(b, n - 1, 8 * size - b->granule, n + 1, 3);
	bed_check_all(b);
}

/* Pages, a block and pages again, in three entries of a table above: when the
 * block's turn comes there is a table behind it, and room for it in the
 * request, which ends at a hole. */
static void block_between_tables(struct bed *b)
{
	uint32_t n = block(b);

	if (n == 1)
		return;
	b->base = n / 2 * b->granule;
	bed_map(b, n / 2 - 2, bed_odd(b, 1), 2, 3);
	bed_map(b, n / 2, 4 * n * b->granule, n, 3);
	bed_map(b, n / 2 + n, bed_odd(b, 9), 2, 3);
	bed_check_all(b);
	clear_bytes(b, n / 2 - 2, 3 * n * b->granule, ~0u, n + 4);
	bed_check_all(b);
}

static void test_blocks_and_tables(void **state)
{
	(void)state;
	bed_every_shape(mixed);
	bed_every_shape(block_between_tables);
}

/* --------------------------------------------------- where addresses end */

/* The last page of what descriptors can say, and the first: not one run. */
static void wraps(struct bed *b)
{
	uint64_t last = (1ull << b->shape->oas) - b->granule;

	for (int i = 0; i < 4; i++) {
		bed_map(b, 4, bed_odd(b, 4), 1, 3);
		bed_map(b, 0, last, 1, 3);
		bed_map(b, 1, 0, 1, 3);
		bed_unmap(b, 0, 2);
	}
}

static void test_addresses_end(void **state)
{
	(void)state;
	bed_every_shape(wraps);
}

/* ------------------------------------------------------------------ splits */

static void splits(struct bed *b)
{
	uint32_t n = block(b);

	if (n == 1) {
		bed_map(b, 0, bed_odd(b, 0), 2, 3);
		bed_split(b, 0, false);
		bed_split(b, 2, false);
		return;
	}
	bed_map(b, 0, 4 * n * b->granule, n, 3);
	b->arena.fail_after = 0;
	bed_split(b, n - 1, false);
	b->arena.fail_after = ~0u;
	bed_split(b, n / 2, true);
	bed_split(b, n - 1, false);
	/* Until there is nothing to split. */
	for (int i = 0; i < 4; i++)
		bed_split(b, n - 1, false);
	bed_split(b, n, false);
	bed_check_tables(b);
	bed_unmap(b, n - 1, 1);
}

static void test_splits(void **state)
{
	(void)state;
	bed_every_shape(splits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrong_requests),
		cmocka_unit_test(test_next_of_every_shape),
		cmocka_unit_test(test_budgets),
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_blocks_and_tables),
		cmocka_unit_test(test_addresses_end),
		cmocka_unit_test(test_splits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
