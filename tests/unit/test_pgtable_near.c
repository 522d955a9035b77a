// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Neighbours of what was mapped last, in every format and geometry: they take
 * no walk, and end where their table, or the address space, does.
 */
#include <string.h>

#include "pgtable_bed.h"

/* One to five pages beside each other, over what is there already. */
static void neighbours(struct bed *b)
{
	for (uint32_t n = 1; n <= 5; n++) {
		for (uint32_t there = 0; there <= n; there++) {
			uint32_t at = 16 * n;

			bed_map(b, 0, bed_odd(b, 8), 1,
				3); /* makes the table */
			if (there < n)
				bed_map(b, at + there, bed_odd(b, 3), 1, 3);
			bed_map(b, at, bed_odd(b, 9), n, 3);
			bed_check_page(b, at + n);
			for (uint32_t i = 0; i < n; i++)
				bed_check_page(b, at + i);
			/* Those in front of it, then all there are. */
			if (there && there < n)
				bed_unmap(b, at, there);
			for (uint32_t i = 0; i < n; i++) {
				if (b->mapped[at + i])
					bed_unmap(b, at + i, n - i);
			}
		}
	}
}

/* More than a buffer has, up to a page that is there; alone in the table, or
 * not. */
static void many_neighbours(struct bed *b)
{
	const uint32_t counts[] = { 17, 18, 20, 23 }, first = 24;

	for (unsigned int i = 0; i < 4; i++) {
		const uint32_t n = counts[i], free[] = { 2, 5, 16, n };

		if (i & 1) /* not as large pages either */
			pgtable_use_sizes(&b->pt, b->granule);
		for (unsigned int k = 0; k < 4; k++) {
			bed_map(b, 0, bed_odd(b, 8), 1, 3);
			if (free[k] < n)
				bed_map(b, first + free[k], bed_odd(b, 3), 1,
					3);
			bed_map(b, first, bed_odd(b, 9), n, 3);
			bed_check_page(b, first + n);
			for (uint32_t at = 0; at < n; at++)
				bed_check_page(b, first + at);
			if (k & 1)
				bed_unmap(b, 0, 1);
			bed_unmap(b, first, n);
			if (b->mapped[first + free[k]])
				bed_unmap(b, first + free[k], 1);
			if (b->mapped[0])
				bed_unmap(b, 0, 1);
		}
	}
}

/* n pages from the first on, of which a call may clear one less. */
static void all_but_one(struct bed *b, uint32_t n)
{
	struct pgtable_cleared c;

	assert_int_equal(b->pt.ops->clear(&b->pt, 0, n * b->granule, n - 1, &c),
			 0);
	assert_int_equal(c.size, (n - 1) * b->granule);
	if (c.one_run)
		pgtable_erase(&b->pt, 0, &c);
	else
		b->pt.ops->reap(&b->pt, 0, c.size, bed_reap_fn, b);
	memset(b->mapped, 0, (n - 1) * sizeof(b->mapped[0]));
}

/* Pages that follow each other, but not in memory; more are asked for than a
 * call may. */
static void runs_of_two(struct bed *b)
{
	for (uint32_t n = 3; n <= 20; n++) {
		for (uint32_t at = 0; at < n; at += 2)
			bed_map(b, at, bed_odd(b, 3 + 4 * at),
				n - at < 2 ? 1 : 2, 3);
		bed_unmap(b, 0, n);
		bed_map(b, 0, bed_odd(b, 9), n, 3);
		all_but_one(b, n);
		bed_unmap(b, n - 1, 1);
	}
}

/* The last of a table and the first of the next, in one request. */
static void table_ends(struct bed *b)
{
	uint32_t end = bed_entries(b);

	for (uint32_t before = 1; before <= 3; before++) {
		for (uint32_t n = before + 2; n <= before + 22; n += 20) {
			bed_map(b, end - 8, bed_odd(b, 1), 1, 3);
			bed_map(b, end - before, bed_odd(b, 7), n, 3);
			bed_check_page(b, end - before);
			bed_check_page(b, end + 1);
			bed_unmap(b, end - before, n);
			bed_unmap(b, end - 8, 1);
		}
	}
}

/* A list with another right than what was mapped last has it from scratch. */
static void lists_of_other_rights(struct bed *b)
{
	const struct hypiommu_segment s = { bed_odd(b, 3), b->granule };

	bed_map(b, 0, bed_odd(b, 1), 1, 3);
	for (uint32_t bit = 1; bit <= HYPIOMMU_PROT_ALL; bit <<= 1)
		assert_int_equal(b->pt.ops->map_pages(&b->pt, b->granule,
						      3 ^ bit, &s, 1),
				 0);
	bed_check_page(b, 1);
	bed_unmap(b, 0, 1);
}

/* Beyond the last output address, from a table that is remembered. */
static void output_ends(struct bed *b)
{
	uint64_t end = 1ull << b->shape->oas, g = b->granule;

	bed_map(b, 0, bed_odd(b, 1), 1, 3);
	bed_map(b, 1, end - g, 1, 3);
	bed_keep(b);
	for (uint64_t n = 2; n < 25; n++) {
		assert_int_equal(
			b->pt.ops->map(&b->pt, 2 * g, end - g, n * g, 3, &b->m),
			HYPIOMMU_E_RANGE);
		assert_int_equal(b->m.size, 0);
		bed_same(b);
	}
	bed_map(b, 2, end - 3 * g, 3, 3);
	bed_check_page(b, 4);
}

static void test_neighbours(void **state)
{
	(void)state;
	bed_every_shape(neighbours);
	bed_every_shape(many_neighbours);
	bed_every_shape(runs_of_two);
	bed_every_shape(table_ends);
	bed_every_shape(output_ends);
}

/* Segments for the pages from `page` on, `large` of two granules; `good` of
 * them are mapped. */
static void map_pages(struct bed *b, uint32_t page, uint32_t prot,
		      uint32_t large, uint32_t count, uint32_t good)
{
	struct hypiommu_segment list[16];

	for (uint32_t i = 0; i < count; i++)
		list[i] = (struct hypiommu_segment){ bed_odd(b, 5 + i),
						     b->granule };
	if (large < count)
		list[large].size *= 2;
	bed_keep(b);
	assert_int_equal(b->pt.ops->map_pages(&b->pt, page * b->granule, prot,
					      list, count),
			 good);
	if (!good)
		bed_same(b);
	for (uint32_t i = 0; i < good; i++) {
		b->mapped[page + i] = true;
		b->pa[page + i] = list[i].pa;
		b->prot[page + i] = prot;
		b->shift[page + i] = b->shape->granule;
	}
	for (uint32_t i = 0; i <= count; i++)
		bed_check_page(b, page + i);
}

/* Lists of single pages, beside what was mapped last. */
static void lists(struct bed *b)
{
	uint32_t end = bed_entries(b);

	map_pages(b, 0, 3, 9, 4, 0); /* nothing was mapped yet */
	bed_map(b, end - 12, bed_odd(b, 1), 1, 3);
	bed_map(b, end - 2, bed_odd(b, 2), 1, 3);
	map_pages(b, end - 11, 3, 9, 0, 0);
	map_pages(b, end - 11, 1, 9, 4, 0); /* as something else */
	map_pages(b, end + 8, 3, 9, 4, 0);  /* in a table there is not */
	map_pages(b, end - 12, 3, 9, 4, 0); /* over another page */
	map_pages(b, end - 11, 3, 0, 4, 0); /* of two granules */
	map_pages(b, end - 11, 3, 9, 3, 3);
	map_pages(b, end - 8, 3, 2, 4, 2);
	map_pages(b, end - 5, 3, 9, 4, 3); /* up to a page */
	map_pages(b, end - 1, 3, 9, 4, 1); /* up to the table's end */
	bed_check_tables(b);
}

/* Into a table that is not the last one, but one step away: no walk either. */
static void lists_next_door(struct bed *b)
{
	uint32_t end = bed_entries(b);

	bed_map(b, 0, bed_odd(b, 1), 1, 3);
	bed_map(b, end, bed_odd(b, 2), 1, 3);
	map_pages(b, 3, 3, 9, 4, 4);
	map_pages(b, end + 3, 3, 9, 4, 4);
}

static void test_lists(void **state)
{
	(void)state;
	bed_every_shape(lists);
	bed_every_shape(lists_next_door);
	bed_every_shape(lists_of_other_rights);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_neighbours),
		cmocka_unit_test(test_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
