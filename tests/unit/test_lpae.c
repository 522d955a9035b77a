// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The LPAE engine alone, against a flat model, with the simulator's own walker
 * as the judge of what the descriptors mean.
 */
#include <stdlib.h>
#include <string.h>

#include "rig.h"

#include "pgtable.h"
#include "vmsa.h"

#define PAGE   4096ull
#define ARENA  512u  /* table pages */
#define WINDOW 2048u /* pages: four blocks of 2 MiB */

struct arena {
	uint8_t *mem;
	bool used[ARENA];
	uint32_t live, fail_after;
};

struct fixture {
	struct arena arena;
	struct pool pool;
	struct pgtable pt;
	struct pool_request want;
	struct pgtable_mapped m;
	uint64_t reaped_pages, reaped_sum; /* sum of page numbers */
	/* The model: what each page of the window translates to, 0: nothing. */
	uint64_t base;
	uint64_t pa[WINDOW];
	uint32_t prot[WINDOW];
	uint8_t shift[WINDOW];
};

/* ----------------------------------------------------- the table memory */

static int arena_alloc(void *ctx, uint32_t order, uint64_t limit, uint64_t *pa)
{
	struct arena *a = ctx;
	uint32_t n = 1u << order;

	(void)limit;
	if (!a->fail_after)
		return HYPIOMMU_E_NOMEM;
	for (uint32_t i = 0; i + n <= ARENA; i += n) {
		bool used = false;

		for (uint32_t j = 0; j < n; j++)
			used |= a->used[i + j];
		if (used)
			continue;
		memset(&a->used[i], true, n);
		a->live += n;
		a->fail_after--;
		*pa = i * PAGE;
		for (uint64_t j = 0; j < n * PAGE; j++)
			assert_int_equal(a->mem[i * PAGE + j], 0);
		return 0;
	}
	return HYPIOMMU_E_NOMEM;
}

static void arena_free(void *ctx, uint64_t pa, uint32_t order)
{
	struct arena *a = ctx;

	for (uint32_t j = 0; j < 1u << order; j++) {
		assert_true(a->used[pa / PAGE + j]);
		a->used[pa / PAGE + j] = false;
	}
	/* Users return blocks zeroed. */
	for (uint64_t j = 0; j < PAGE << order; j++)
		assert_int_equal(a->mem[pa + j], 0);
	a->live -= 1u << order;
}

static const struct hypiommu_table_ops arena_ops = { arena_alloc, arena_free };

struct shape {
	enum pgtable_format format;
	uint8_t ias, oas;
};

static struct fixture *start(const struct shape *shape)
{
	const struct pgtable_config config = {
		.format = shape->format,
		.granule_shift = 12,
		.ias = shape->ias,
		.oas = shape->oas,
		.coherent = true,
		.table_limit = 1ull << shape->oas,
	};
	struct fixture *f = calloc(1, sizeof(*f));

	f->arena.mem = aligned_alloc(1 << 20, ARENA * PAGE);
	memset(f->arena.mem, 0, ARENA * PAGE);
	f->arena.fail_after = ~0u;
	f->pool.ops = &arena_ops;
	f->pool.ctx = &f->arena;
	f->pool.phys_to_virt = (uint64_t)(uintptr_t)f->arena.mem;
	assert_int_equal(pgtable_init(&f->pt, &config, &f->pool, &f->want), 0);
	assert_int_equal(f->pt.root_pa & ((PAGE << f->pt.root_order) - 1), 0);
	return f;
}

static void stop(struct fixture *f)
{
	pgtable_fini(&f->pt);
	assert_int_equal(f->arena.live, 0);
	free(f->arena.mem);
	free(f);
}

/* ------------------------------------------------------ the other walker */

static bool walk(const struct fixture *f, uint64_t iova, struct vmsa_leaf *leaf)
{
	const struct vmsa_regime regime = {
		.stage2 = f->pt.config.format == PGTABLE_LPAE_S2,
		.granule = 12,
		.ia_bits = f->pt.config.ias,
		.oa_bits = f->pt.config.oas,
		.start_level = f->pt.start_level,
		.ttb = f->pt.root_pa,
		.mair = PGTABLE_MAIR,
	};
	struct vmsa_table table = vmsa_root(&regime);

	for (;;) {
		uint64_t index = vmsa_index(&regime, &table, iova), desc;
		struct vmsa_entry entry;

		assert_true(table.pa + index * 8 < ARENA * PAGE);
		memcpy(&desc, f->arena.mem + table.pa + index * 8, 8);
		vmsa_decode(&regime, &table, index, desc, &entry);
		if (entry.kind == VMSA_IS_TABLE) {
			assert_true(f->arena.used[entry.table.pa / PAGE]);
			table = entry.table;
			continue;
		}
		*leaf = entry.leaf;
		return entry.kind == VMSA_IS_LEAF;
	}
}

static void check_perms(const struct fixture *f, const struct vmsa_leaf *leaf,
			uint32_t prot)
{
	bool stage1 = f->pt.config.format == PGTABLE_LPAE_S1;
	bool read = stage1 || prot & HYPIOMMU_PROT_READ;
	bool write = prot & HYPIOMMU_PROT_WRITE;

	bool user = !(stage1 && prot & HYPIOMMU_PROT_PRIV);

	assert_int_equal(!!(leaf->perms & VMSA_UR), read && user);
	assert_int_equal(!!(leaf->perms & VMSA_UW), write && user);
	assert_int_equal(!!(leaf->perms & VMSA_PR), read);
	assert_int_equal(!!(leaf->perms & VMSA_PW), write);
}

static void check_page(const struct fixture *f, uint32_t page)
{
	uint64_t iova = f->base + page * PAGE, pa;
	struct vmsa_leaf leaf;
	bool mapped = walk(f, iova, &leaf);

	assert_int_equal(mapped, f->pa[page] != 0);
	assert_int_equal(f->pt.ops->lookup(&f->pt, iova + 0x123, &pa),
			 mapped ? 0 : HYPIOMMU_E_NOENT);
	if (!mapped)
		return;
	assert_int_equal(pa, f->pa[page] + 0x123);
	assert_int_equal(leaf.pa + (iova - leaf.ia), f->pa[page]);
	assert_int_equal(leaf.shift, f->shift[page]);
	check_perms(f, &leaf, f->prot[page]);
}

static void check_all(const struct fixture *f)
{
	for (uint32_t page = 0; page < WINDOW; page++)
		check_page(f, page);
}

/* ----------------------------------------------------- operations, modelled */

/* The leaf the engine must choose for this page: the largest that fits. */
static uint8_t model_shift(const struct fixture *f, uint64_t iova, uint64_t pa,
			   uint64_t left)
{
	const uint8_t shifts[] = { 30, 21 };

	/* A walk that starts at level 2 meets no blocks of level 1. */
	for (int i = f->pt.start_level > 1; i < 2; i++) {
		uint64_t leaf = 1ull << shifts[i];

		if (!((iova | pa) & (leaf - 1)) && left >= leaf)
			return shifts[i];
	}
	return 12;
}

static void do_map(struct fixture *f, uint32_t page, uint64_t pa,
		   uint32_t pages, uint32_t prot)
{
	uint64_t expect = 0;
	int err = 0;

	while (expect < pages && !f->pa[page + expect]) {
		uint64_t iova = f->base + (page + expect) * PAGE;
		uint8_t shift = model_shift(f, iova, pa + expect * PAGE,
					    (pages - expect) * PAGE);
		uint64_t n = (1ull << shift) / PAGE;
		bool room = true;

		for (uint64_t i = 0; i < n; i++)
			room &= !f->pa[page + expect + i];
		if (!room)
			break;
		for (uint64_t i = 0; i < n; i++) {
			f->pa[page + expect + i] = pa + (expect + i) * PAGE;
			f->prot[page + expect + i] = prot;
			f->shift[page + expect + i] = shift;
		}
		expect += n;
	}
	err = f->pt.ops->map(&f->pt, f->base + page * PAGE, pa, pages * PAGE,
			     prot, &f->m);
	assert_int_equal(f->m.size, expect * PAGE);
	assert_int_equal(err, expect == pages ? 0 : HYPIOMMU_E_EXIST);
}

static void on_reap(void *ctx, uint64_t pa, uint64_t size)
{
	struct fixture *f = ctx;

	assert_int_equal((pa | size) & (PAGE - 1), 0);
	for (uint64_t at = 0; at < size; at += PAGE)
		f->reaped_sum += (pa + at) / PAGE;
	f->reaped_pages += size / PAGE;
}

static void do_unmap(struct fixture *f, uint32_t page, uint32_t pages)
{
	struct pgtable_cleared c;
	uint64_t expect = 0, sum = 0, pa;
	uint8_t want_shift = 63;
	int err;

	while (expect < pages && f->pa[page + expect]) {
		uint64_t iova = f->base + (page + expect) * PAGE;
		uint64_t leaf = 1ull << f->shift[page + expect];

		if (iova & (leaf - 1) || leaf > (pages - expect) * PAGE)
			break;
		if (f->shift[page + expect] < want_shift)
			want_shift = f->shift[page + expect];
		expect += leaf / PAGE;
	}
	err = f->pt.ops->clear(&f->pt, f->base + page * PAGE, pages * PAGE, ~0u,
			       &c);
	assert_int_equal(c.size, expect * PAGE);
	if (!expect) {
		assert_int_equal(err, f->pa[page] ? HYPIOMMU_E_UNSUPPORTED
						  : HYPIOMMU_E_NOENT);
		return;
	}
	assert_int_equal(err, 0);
	assert_int_equal(c.shift, want_shift);
	/* Unreachable at once, though not yet forgotten. */
	for (uint64_t i = 0; i < expect; i++) {
		struct vmsa_leaf leaf;

		assert_false(walk(f, f->base + (page + i) * PAGE, &leaf));
		assert_int_equal(f->pt.ops->lookup(&f->pt,
						   f->base + (page + i) * PAGE,
						   &pa),
				 HYPIOMMU_E_NOENT);
		sum += f->pa[page + i] / PAGE;
		f->pa[page + i] = 0;
	}
	f->reaped_pages = f->reaped_sum = 0;
	/* What clear said may be lost; the descriptors know. */
	if (c.one_run && rand() % 2) {
		f->pt.ops->erase(&f->pt, f->base + page * PAGE, &c);
		on_reap(f, c.pa, c.size);
	} else {
		f->pt.ops->reap(&f->pt, f->base + page * PAGE, c.size, on_reap,
				f);
	}
	assert_int_equal(f->reaped_pages, expect);
	assert_int_equal(f->reaped_sum, sum);
}

/* Tables in use are exactly those the mapped pages need. */
static void check_tables(const struct fixture *f)
{
	uint64_t need = 1ull << f->pt.root_order;

	for (unsigned int level = f->pt.start_level + 1u; level <= 3; level++) {
		unsigned int span = vmsa_shift(12, level - 1);
		uint64_t last = ~0ull;

		for (uint32_t i = 0; i < WINDOW; i++) {
			uint64_t at = (f->base + i * PAGE) >> span;

			if (!f->pa[i] || at == last || f->shift[i] >= span)
				continue;
			last = at;
			need++;
		}
	}
	assert_int_equal(f->pt.pages, need);
	assert_int_equal(f->arena.live, need);
}

static const struct shape shapes[] = {
	{ PGTABLE_LPAE_S1, 48, 48 }, { PGTABLE_LPAE_S1, 39, 40 },
	{ PGTABLE_LPAE_S1, 32, 36 }, { PGTABLE_LPAE_S2, 48, 48 },
	{ PGTABLE_LPAE_S2, 44, 44 }, { PGTABLE_LPAE_S2, 43, 44 },
	{ PGTABLE_LPAE_S2, 42, 42 }, { PGTABLE_LPAE_S2, 40, 40 },
	{ PGTABLE_LPAE_S2, 36, 36 }, { PGTABLE_LPAE_S2, 32, 32 },
};
#define SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static void random_op(struct fixture *f)
{
	const uint32_t prots[] = { 1, 2, 3, 7, 11, 15, 19, 35 };
	uint32_t page = (uint32_t)rand() % WINDOW, pages;
	uint64_t pa = 0x10000000ull + ((uint64_t)rand() % 8192) * PAGE;

	if (rand() % 4 == 0)
		page &= ~511u;
	pages = 1 + (uint32_t)rand() % (rand() % 3 ? 8 : 1400);
	if (pages > WINDOW - page)
		pages = WINDOW - page;
	if (rand() % 2) /* congruent: blocks are possible */
		pa = 0x20000000ull + (f->base + page * PAGE) % (2 * MiB);
	if (rand() % 2)
		do_map(f, page, pa, pages, prots[rand() % 8]);
	else
		do_unmap(f, page, pages);
	for (int i = 0; i < 16; i++)
		check_page(f, (uint32_t)rand() % WINDOW);
}

static void test_random(void **state)
{
	(void)state;
	srand(7);
	for (size_t s = 0; s < SHAPES; s++) {
		struct fixture *f = start(&shapes[s]);
		uint64_t top = 1ull << shapes[s].ias;
		/* The bottom, across a 1 GiB border, and the very top. */
		const uint64_t bases[] = { 0, GiB - 4 * MiB, top - 8 * MiB };

		for (int b = 0; b < 3; b++) {
			f->base = bases[b];
			memset(f->pa, 0, sizeof(f->pa));
			for (int i = 0; i < 400; i++) {
				random_op(f);
				if (i % 64 == 0) {
					check_all(f);
					check_tables(f);
				}
			}
			for (uint32_t page = 0; page < WINDOW; page++) {
				if (f->pa[page])
					do_unmap(f, page, WINDOW - page);
			}
			check_all(f);
			/* Nothing is kept after the last unmap. */
			check_tables(f);
		}
		stop(f);
	}
}

static void test_gigabyte_blocks(void **state)
{
	(void)state;
	for (size_t s = 0; s < SHAPES; s++) {
		struct fixture *f = start(&shapes[s]);
		struct pgtable_cleared c;
		struct vmsa_leaf leaf;
		uint64_t n, pa;

		assert_int_equal(f->pt.ops->map(&f->pt, GiB - 2 * MiB - PAGE,
						2 * GiB - 2 * MiB - PAGE,
						GiB + 4 * MiB + 2 * PAGE, 3,
						&f->m),
				 0);
		assert_true(walk(f, GiB, &leaf));
		assert_int_equal(leaf.shift, f->pt.start_level > 1 ? 21 : 30);
		assert_int_equal(leaf.pa, 2 * GiB);
		assert_true(walk(f, GiB - PAGE, &leaf));
		assert_int_equal(leaf.shift, 21);
		assert_true(walk(f, GiB - 2 * MiB - 1, &leaf));
		assert_int_equal(leaf.shift, 12);
		assert_int_equal(f->pt.ops->lookup(&f->pt, GiB + 12345, &pa),
				 0);
		assert_int_equal(pa, 2 * GiB + 12345);
		assert_int_equal(f->pt.ops->clear(&f->pt, GiB - 2 * MiB - PAGE,
						  GiB + 4 * MiB + 2 * PAGE, ~0u,
						  &c),
				 0);
		n = c.size;
		assert_int_equal(n, GiB + 4 * MiB + 2 * PAGE);
		assert_true(c.tables);
		f->reaped_pages = 0;
		f->pt.ops->reap(&f->pt, GiB - 2 * MiB - PAGE, n, on_reap, f);
		assert_int_equal(f->reaped_pages, n / PAGE);
		stop(f);
	}
}

/* Descriptors worked out by hand from DDI 0487 D8.3. */
static void test_golden(void **state)
{
	static const struct {
		enum pgtable_format format;
		uint32_t prot;
		uint64_t lower;
	} golden[] = {
		{ PGTABLE_LPAE_S1, 0x1, 0x0000000000000ec3 },
		{ PGTABLE_LPAE_S1, 0x3, 0x0000000000000e43 },
		{ PGTABLE_LPAE_S1, 0x7, 0x0000000000000f47 },
		{ PGTABLE_LPAE_S1, 0x1a, 0x0060000000000e4b },
		{ PGTABLE_LPAE_S1, 0x27, 0x0000000000000f07 },
		{ PGTABLE_LPAE_S2, 0x1, 0x0000000000000657 },
		{ PGTABLE_LPAE_S2, 0x2, 0x0000000000000697 },
		{ PGTABLE_LPAE_S2, 0x7, 0x00000000000007ff },
		{ PGTABLE_LPAE_S2, 0x1a, 0x0060000000000687 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(golden) / sizeof(golden[0]); i++) {
		const struct shape shape = { golden[i].format, 39, 40 };
		struct fixture *f = start(&shape);
		uint64_t l1, l2, l3;

		assert_int_equal(f->pt.ops->map(&f->pt, 0, 0x8765432000, PAGE,
						golden[i].prot, &f->m),
				 0);
		memcpy(&l1, f->arena.mem + f->pt.root_pa, 8);
		memcpy(&l2, f->arena.mem + (l1 & 0xfffffffff000), 8);
		memcpy(&l3, f->arena.mem + (l2 & 0xfffffffff000), 8);
		assert_int_equal(l1 & 3, 3);
		assert_int_equal(l2 & 3, 3);
		assert_int_equal(l3, 0x8765432000 | golden[i].lower);
		do_unmap((f->pa[0] = 0x8765432000, f->shift[0] = 12, f), 0, 1);
		stop(f);
	}
}

static void test_refusals_change_nothing(void **state)
{
	const struct shape shape = { PGTABLE_LPAE_S1, 39, 36 };
	struct fixture *f = start(&shape);
	uint64_t top = 1ull << 39;
	uint8_t *before = malloc(ARENA * PAGE);
	const struct {
		uint64_t iova, pa, size;
		int err;
	} bad[] = {
		{ 1, 0, PAGE, HYPIOMMU_E_INVAL },
		{ 0, 8, PAGE, HYPIOMMU_E_INVAL },
		{ 0, 0, 0, HYPIOMMU_E_INVAL },
		{ 0, 0, PAGE + 1, HYPIOMMU_E_INVAL },
		{ top, 0, PAGE, HYPIOMMU_E_RANGE },
		{ top - PAGE, 0, 2 * PAGE, HYPIOMMU_E_RANGE },
		{ ~0ull << 12, 0, 2 * PAGE, HYPIOMMU_E_INVAL },
		{ 0, 1ull << 36, PAGE, HYPIOMMU_E_RANGE },
		{ 0, (1ull << 36) - PAGE, 2 * PAGE, HYPIOMMU_E_RANGE },
		{ 0, ~0ull << 12, 2 * PAGE, HYPIOMMU_E_INVAL },
		/* Something is there: a page, a block, a table. */
		{ 4 * MiB, 0, PAGE, HYPIOMMU_E_EXIST },
		{ 8 * MiB, 0, 2 * MiB, HYPIOMMU_E_EXIST },
		{ 8 * MiB + PAGE, 0, PAGE, HYPIOMMU_E_EXIST },
		{ 4 * MiB, 0, 2 * MiB, HYPIOMMU_E_EXIST },
	};

	(void)state;
	assert_int_equal(
		f->pt.ops->map(&f->pt, 4 * MiB, 0x1000, PAGE, 3, &f->m), 0);
	assert_int_equal(
		f->pt.ops->map(&f->pt, 8 * MiB, 2 * MiB, 2 * MiB, 3, &f->m), 0);
	memcpy(before, f->arena.mem, ARENA * PAGE);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(f->pt.ops->map(&f->pt, bad[i].iova, bad[i].pa,
						bad[i].size, 3, &f->m),
				 bad[i].err);
		assert_int_equal(f->m.size, 0);
		assert_memory_equal(before, f->arena.mem, ARENA * PAGE);
	}
	/* Every missing table page: reported, and nothing is linked. */
	for (uint32_t k = 0; k < 2; k++) {
		f->arena.fail_after = k;
		assert_int_equal(
			f->pt.ops->map(&f->pt, 64 * GiB, 0, PAGE, 3, &f->m),
			HYPIOMMU_E_NOMEM);
		assert_int_equal(f->m.size, 0);
		assert_int_equal(f->m.want.order, 0);
		assert_int_equal(f->m.want.count, 2 - k);
		assert_int_equal(f->m.want.limit, 1ull << 36);
		assert_memory_equal(before, f->arena.mem, ARENA * PAGE);
	}
	free(before);
	f->pa[1024] = 0x1000;
	f->shift[1024] = 12;
	f->arena.fail_after = ~0u;
	do_unmap(f, 1024, 1);
	for (uint64_t i = 0; i < 512; i++) {
		f->pa[i] = 2 * MiB + i * PAGE;
		f->shift[i] = 21;
	}
	f->base = 8 * MiB;
	do_unmap(f, 0, 512);
	stop(f);
}

static uint64_t do_clear(struct fixture *f, uint64_t iova, uint64_t size,
			 uint32_t max_leaves)
{
	struct pgtable_cleared c;

	assert_int_equal(f->pt.ops->clear(&f->pt, iova, size, max_leaves, &c),
			 0);
	f->pt.ops->reap(&f->pt, iova, c.size, on_reap, f);
	return c.size;
}

static void test_leaf_budget(void **state)
{
	const struct shape shape = { PGTABLE_LPAE_S2, 40, 40 };
	struct fixture *f = start(&shape);

	(void)state;
	assert_int_equal(
		f->pt.ops->map(&f->pt, 510 * PAGE, 0x5000, 7 * PAGE, 3, &f->m),
		0);
	assert_int_equal(do_clear(f, 510 * PAGE, 100 * PAGE, 3), 3 * PAGE);
	assert_int_equal(do_clear(f, 513 * PAGE, 3 * PAGE, 2), 2 * PAGE);
	assert_int_equal(do_clear(f, 515 * PAGE, 100 * PAGE, ~0u), 2 * PAGE);
	stop(f);
}

static void test_next(void **state)
{
	const struct shape shape = { PGTABLE_LPAE_S1, 48, 48 };
	struct fixture *f = start(&shape);
	uint64_t iova = 0, at = (1ull << 47) + 5 * GiB + 7 * PAGE;
	int err;

	(void)state;
	assert_int_equal(f->pt.ops->next(&f->pt, &iova, 1000),
			 HYPIOMMU_E_NOENT);
	assert_int_equal(f->pt.ops->map(&f->pt, at, 0x5000, PAGE, 3, &f->m), 0);
	iova = 0;
	while ((err = f->pt.ops->next(&f->pt, &iova, 3)) == HYPIOMMU_E_AGAIN)
		assert_true(iova <= at);
	assert_int_equal(err, 0);
	assert_int_equal(iova, at);
	do_clear(f, at, PAGE, 1);
	stop(f);
}

static void test_geometry_refused(void **state)
{
	const struct pgtable_config bad[] = {
		{ PGTABLE_LPAE_S1, 13, 48, 48, true, false, ~0ull },
		{ PGTABLE_LPAE_S1, 14, 49, 48, true, false, ~0ull },
		{ PGTABLE_LPAE_S1, 16, 53, 52, true, false, ~0ull },
		{ PGTABLE_LPAE_S1, 12, 52, 48, true, false, ~0ull },
		{ PGTABLE_LPAE_S1, 12, 48, 52, true, false, ~0ull },
		{ PGTABLE_LPAE_S1, 12, 31, 48, true, false, ~0ull },
		{ PGTABLE_LPAE_S2, 12, 48, 31, true, false, ~0ull },
	};
	struct fixture f = { .pool.ops = &arena_ops, .pool.ctx = &f.arena };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(pgtable_init(&f.pt, &bad[i], &f.pool, &f.want),
				 HYPIOMMU_E_UNSUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_gigabyte_blocks),
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_refusals_change_nothing),
		cmocka_unit_test(test_leaf_budget),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_geometry_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
