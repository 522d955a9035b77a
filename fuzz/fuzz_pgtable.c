// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The page-table engine, every format and geometry: maps, unmaps, splits, and
 * table pages that are not to be had. A flat model says what must come of it,
 * the walkers of the simulated hardware what did (tests/unit/pgtable_bed.h).
 *
 * Input: shape, where in the address space, then five bytes an operation.
 */
#include <stdio.h>

#include "pgtable_bed.h"

#define MAX_OPS 24

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bed's assertions, without a test of CMocka's around them. */
static void check(bool good, const char *file, int line, const char *what,
		  LargestIntegralType a, LargestIntegralType b)
{
	if (good)
		return;
	printf("fuzz_pgtable: %s:%d: %s: 0x%llx, 0x%llx\n", file, line, what,
	       (unsigned long long)a, (unsigned long long)b);
	fflush(stdout);
	abort();
}

void _assert_true(const LargestIntegralType result, const char *expression,
		  const char *file, const int line)
{
	check(result, file, line, expression, result, 1);
}

void _assert_int_equal(const LargestIntegralType a, const LargestIntegralType b,
		       const char *file, const int line)
{
	check(a == b, file, line, "differ", a, b);
}

void _assert_int_not_equal(const LargestIntegralType a,
			   const LargestIntegralType b, const char *file,
			   const int line)
{
	check(a != b, file, line, "are alike", a, b);
}

/* A page, preferably where something begins, and how many from there on. */
static uint32_t pick(const uint8_t *op, uint32_t *pages)
{
	uint32_t page = (uint32_t)(op[1] | op[2] << 8) % WINDOW;
	uint32_t most = op[0] & 0x40 ? WINDOW : 40;

	if (op[0] & 0x80)
		page &= ~(WINDOW / (1u << (op[2] >> 6)) / 16 - 1);
	*pages = 1 + (uint32_t)(op[3] * (op[0] & 0x40 ? 64 : 1)) % most;
	if (*pages > WINDOW - page)
		*pages = WINDOW - page;
	return page;
}

static void operate(struct bed *b, const uint8_t *op)
{
	const uint32_t prots[] = { 1, 2, 3, 7, 11, 15, 19, 35 };
	uint32_t pages, page = pick(op, &pages);
	uint64_t pa;

	if (op[0] & 0x20)
		b->arena.fail_after = op[4] % 3;
	switch (op[0] & 3) {
	case 0:
	case 1:
		pa = bed_pa(b, page, op[4] & 7, op[4] >> 3 & 3, op[4] & 0x20);
		bed_map(b, page, pa, pages, prots[op[0] >> 2 & 7]);
		break;
	case 2:
		bed_unmap(b, page, pages);
		break;
	default:
		bed_split(b, page, op[0] & 4);
		break;
	}
	b->arena.fail_after = ~0u;
	for (uint32_t i = 0; i < 16; i++)
		bed_check_page(b, (page + i * pages / 8) % WINDOW);
}

/* Everything goes, and nothing is kept. */
static void end(struct bed *b)
{
	for (uint32_t page = 0; page < WINDOW; page++) {
		if (b->mapped[page])
			bed_unmap(b, page, WINDOW - page);
	}
	bed_check_tables(b);
	assert_int_equal(b->arena.live, 1u << b->pt.root_order);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bed *b;
	uint64_t top, span;

	if (size < 7)
		return 0;
	b = bed_start(&bed_shapes[data[0] % bed_shape_count]);
	top = 1ull << b->shape->ias;
	span = WINDOW * b->granule;
	/* The bottom, the very top, a border between tables of every level. */
	if (data[1] % 3 == 1)
		b->base = top - span;
	if (data[1] % 3 == 2 && top > 2 * span)
		b->base = top / 2 - span / 2;
	for (size_t i = 0; i < MAX_OPS && 7 + 5 * i <= size; i++)
		operate(b, data + 2 + 5 * i);
	bed_check_tables(b);
	end(b);
	bed_stop(b);
	return 0;
}
