// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * A walker that does not snoop reads memory, not caches. Memory is played here:
 * it learns what was stored only by a clean. After every operation it says what
 * the caches say; nothing is cleaned that memory knew already, new tables
 * aside; and no table is linked in it before its own descriptors are there.
 */
#include "pgtable_bed.h"

static struct bed *bed;
static uint8_t *memory; /* of the arena, as the walker reads it */
/* Since the last look: descriptors, pages. */
static uint64_t redundant;
static bool touched[ARENA];

static size_t width(void)
{
	return bed->shape->format == PGTABLE_V7S ||
			       bed->shape->format == PGTABLE_TEGRA_MC
		       ? 4
		       : 8;
}

/* All of a table at once: it is new, and its page may be known to be zero. */
static bool new_table(size_t at, size_t len)
{
	size_t table = bed->granule;

	if (bed->shape->format == PGTABLE_V7S)
		table = 1024;
	for (size_t i = 0; i < len; i++) {
		if (bed->arena.mem[at + i])
			return false;
	}
	return len == table && at % table == 0;
}

static void on_clean(const void *p, size_t len)
{
	size_t at = (size_t)((const uint8_t *)p - bed->arena.mem);
	bool expected = new_table(at, len);

	assert_true(at < ARENA * PAGE && len <= ARENA * PAGE - at);
	assert_int_equal((at | len) % width(), 0);
	for (size_t i = at; i < at + len; i += width()) {
		redundant += !expected &&
			     !memcmp(&memory[i], &bed->arena.mem[i], width());
	}
	memcpy(&memory[at], p, len);
	memset(&touched[at / PAGE], true, (len + PAGE - 1) / PAGE);
}

/* What is in a page that is given back is known to memory; after that it is
 * anything, so that a new table's must be cleaned. Short descriptors: four
 * tables share one, of which some are none.
 */
static void forget(void)
{
	int stale = bed->shape->format == PGTABLE_V7S ? 0 : 0xa5;

	for (uint32_t i = 0; i < ARENA; i++) {
		if (!bed->arena.used[i])
			memset(&memory[i * PAGE], stale, PAGE);
		touched[i] = false;
	}
}

/* A new root is zero, and memory is told of all of it. */
static struct {
	const uint8_t *from;
	size_t len;
} root;

static void on_root(const void *p, size_t len)
{
	assert_int_equal(root.len, 0);
	root.from = p;
	root.len = len;
}

static void start_bed(const struct shape *shape)
{
	root.len = 0;
	harness_on_clean = on_root;
	bed = bed_start_incoherent(shape);
	assert_ptr_equal(root.from, bed->pt.root);
	assert_int_equal(root.len, PAGE << bed->pt.root_order);
}

static void start(const struct shape *shape)
{
	start_bed(shape);
	bed->base = 0;
	memory = malloc(ARENA * PAGE);
	memcpy(memory, bed->arena.mem, ARENA * PAGE);
	forget();
	redundant = 0;
	harness_on_clean = on_clean;
}

static void stop(void)
{
	for (uint32_t page = 0; page < WINDOW; page++) {
		if (bed->mapped[page])
			bed_unmap(bed, page, WINDOW - page);
	}
	harness_on_clean = NULL;
	free(memory);
	bed_stop(bed);
}

/* What happened since the last look: memory knows all of it, and was told no
 * descriptor twice. */
static void look(void)
{
	for (uint32_t i = 0; i < ARENA; i++) {
		if (bed->arena.used[i] || touched[i])
			assert_memory_equal(&memory[i * PAGE],
					    &bed->arena.mem[i * PAGE], PAGE);
	}
	assert_int_equal(redundant, 0);
	forget();
}

static void every_shape(void (*test)(void))
{
	for (size_t s = 0; s < bed_shape_count; s++) {
		start(&bed_shapes[s]);
		test();
		stop();
	}
}

static void map(uint32_t page, uint64_t pa, uint32_t pages)
{
	bed_map(bed, page, pa, pages, 3);
	look();
}

static void unmap(uint32_t page, uint32_t pages)
{
	bed_unmap(bed, page, pages);
	look();
}

/* ------------------------------------------------------------------ pages */

/* One page and several, in a table that is there and in a new one, over a page
 * that is mapped, as one run in memory and as two. */
static void pages(void)
{
	for (uint32_t n = 1; n <= 9; n += 4) {
		map(0, bed_odd(bed, 1), n);
		map(n, bed_odd(bed, 9), 1);
		map(n + 3, bed_odd(bed, 20), n);
		map(n + 2, bed_odd(bed, 40), 2);
		unmap(0, n + 1);
		unmap(n + 4, n);
		unmap(n + 2, 2);
	}
	map(0, bed_odd(bed, 1), 1);
	map(3000, bed_odd(bed, 2), 5);
	unmap(3000, 1);
	map(5, bed_odd(bed, 7), 2);
	unmap(3001, 4);
	unmap(5, 2);
	unmap(0, 1);
}

static void lists(void)
{
	const struct hypiommu_segment list[] = {
		{ bed_odd(bed, 3), bed->granule },
		{ bed_odd(bed, 9), bed->granule },
		{ bed_odd(bed, 5), bed->granule },
	};

	map(0, bed_odd(bed, 1), 1);
	assert_int_equal(
		bed->pt.ops->map_pages(&bed->pt, bed->granule, 3, list, 3), 3);
	for (uint32_t i = 0; i < 3; i++) {
		bed->mapped[1 + i] = true;
		bed->pa[1 + i] = list[i].pa;
		bed->prot[1 + i] = 3;
		bed->shift[1 + i] = bed->shape->granule;
	}
	look();
	unmap(0, 4);
}

static void test_pages(void **state)
{
	(void)state;
	every_shape(pages);
	every_shape(lists);
}

/* ------------------------------------------------------------ larger leaves */

/* Each kind of leaf of a format that the window has room for, alone and three
 * in a row; then split, aborted and not, and what is left of it unmapped. */
static void leaves(void)
{
	uint64_t sizes = bed_sizes(bed);

	for (sizes &= sizes - 1; sizes; sizes &= sizes - 1) {
		uint64_t size = sizes & -sizes;
		uint32_t n = (uint32_t)(size / bed->granule);

		if (4 * n > WINDOW)
			break;
		map(0, 8 * size, n);
		unmap(0, n);
		map(n, 8 * size, 3 * n);
		bed_split(bed, 2 * n + 1, true);
		look();
		bed_split(bed, 2 * n + 1, false);
		look();
		unmap(2 * n + 1, 1);
		unmap(n, n);
		unmap(2 * n, 1);
		unmap(2 * n + 2, 2 * n - 2);
	}
}

static void test_leaves(void **state)
{
	(void)state;
	every_shape(leaves);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_leaves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
