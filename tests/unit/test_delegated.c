// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * A hypervisor that keeps page states and table memory itself: the library asks
 * it for both, exactly as often as it must, and gives everything back.
 */
#include <stdlib.h>
#include <string.h>

#include "rig.h"

#include "core.h"

#define PAGE   4096ull
#define WINDOW (RAM + 64 * PAGE) /* MMIO from here on */
#define TABLES 0x80000000ull

/* The hypervisor: pins of 96 pages, sixteen pages of table memory. */
static struct {
	int pins[96];
	int refuse;	    /* what pin_range answers */
	uint64_t refuse_pa; /* refused with E_PERM, if not 0 */
	uint64_t calls, lists;
	uint8_t *tables;
	uint32_t used;
} hyp;

static int pin_range(void *ctx, uint32_t principal, uint64_t pa, uint64_t size,
		     bool *mmio)
{
	assert_ptr_equal(ctx, &hyp);
	assert_int_equal(principal, HYPIOMMU_HOST);
	/* What cannot be a mapping is never asked for. */
	assert_int_equal((pa | size) % PAGE, 0);
	assert_true(size && pa >> 34 == 0);
	hyp.calls++;
	if (hyp.refuse)
		return hyp.refuse;
	if (hyp.refuse_pa == pa)
		return HYPIOMMU_E_PERM;
	for (uint64_t at = pa; at < pa + size; at += PAGE)
		hyp.pins[(at - RAM) / PAGE]++;
	*mmio = pa >= WINDOW;
	return HYPIOMMU_OK;
}

/* The quick way, for RAM: what it stops at is pin_range's to refuse. */
static uint32_t pin_list(void *ctx, uint32_t principal,
			 const struct hypiommu_segment *list, uint32_t count)
{
	uint64_t calls = hyp.calls;
	uint32_t n = 0;
	bool mmio;

	hyp.lists++;
	while (n < count && list[n].pa + list[n].size <= WINDOW &&
	       !pin_range(ctx, principal, list[n].pa, list[n].size, &mmio))
		n++;
	hyp.calls = calls;
	return n;
}

static void unpin_range(void *ctx, uint64_t pa, uint64_t size)
{
	assert_ptr_equal(ctx, &hyp);
	for (uint64_t at = pa; at < pa + size; at += PAGE)
		assert_true(hyp.pins[(at - RAM) / PAGE]-- > 0);
}

static int alloc(void *ctx, uint32_t order, uint64_t limit, uint64_t *pa)
{
	uint32_t at = (hyp.used + (1u << order) - 1) >> order << order;

	assert_ptr_equal(ctx, &hyp);
	if (at + (1u << order) > 16)
		return HYPIOMMU_E_NOMEM;
	*pa = TABLES + at * PAGE;
	assert_true(*pa + (PAGE << order) <= limit);
	memset(hyp.tables + at * PAGE, 0, PAGE << order);
	hyp.used = at + (1u << order);
	return HYPIOMMU_OK;
}

static uint32_t freed;

static void give(void *ctx, uint64_t pa, uint32_t order)
{
	assert_ptr_equal(ctx, &hyp);
	for (uint64_t i = 0; i < PAGE << order; i++)
		assert_int_equal(hyp.tables[pa - TABLES + i], 0);
	freed += 1u << order;
}

/* Registers of a classic MC-SMMU: they hold what is written. */
static uint32_t regs[1024];

static uint32_t read32(void *ctx, uint32_t window, uint32_t offset)
{
	(void)ctx, (void)window;
	return regs[offset / 4];
}

static void write32(void *ctx, uint32_t window, uint32_t offset, uint32_t val)
{
	(void)ctx, (void)window;
	regs[offset / 4] = val;
}

static uint64_t read64(void *ctx, uint32_t window, uint32_t offset)
{
	return read32(ctx, window, offset);
}

static void write64(void *ctx, uint32_t window, uint32_t offset, uint64_t val)
{
	write32(ctx, window, offset, (uint32_t)val);
}

static const struct hypiommu_mmio_ops mmio = { read32, write32, read64,
					       write64 };
static const struct hypiommu_owner_ops owner_ops = {
	.pin_range = pin_range,
	.unpin_range = unpin_range,
};
static const struct hypiommu_owner_ops list_owner_ops = {
	.pin_range = pin_range,
	.unpin_range = unpin_range,
	.pin_list = pin_list,
};
static const struct hypiommu_owner_ops *owner = &owner_ops;
static const struct hypiommu_table_ops table_ops = { alloc, give };
static const struct hypiommu_tegra_swgroup group = { 1, 0x240 };

static struct hypiommu *start(void **mem)
{
	struct hypiommu_config c = {
		.limits = { 1, 4, 1, 2, 1, 1 },
		.mmio = &mmio,
		.owner = owner,
		.owner_ctx = &hyp,
		.tables = &table_ops,
		.tables_ctx = &hyp,
	};
	const struct hypiommu_tegra_smmu_config smmu = {
		.size = PAGE,
		.asids = 4,
		.ptc_line = 16,
		.address_bits = 34,
		.swgroups = &group,
		.swgroup_count = 1,
	};
	size_t size = hypiommu_size(&c.limits);
	struct hypiommu *h = NULL;
	uint32_t index;

	memset(&hyp, 0, sizeof(hyp));
	freed = 0;
	hyp.tables = aligned_alloc(PAGE, 16 * PAGE);
	memset(hyp.tables, 0, 16 * PAGE); /* empty entries, beyond any end */
	c.phys_to_virt = (uintptr_t)hyp.tables - TABLES;
	*mem = aligned_alloc(64, size);
	assert_int_equal(hypiommu_create(*mem, size, &c, &h), 0);
	/* The hypervisor has the states: the library wants no words. */
	assert_int_equal(hypiommu_add_ram(h, RAM, 64 * PAGE, NULL), 0);
	assert_int_equal(hypiommu_add_mmio(h, WINDOW, 32 * PAGE, NULL), 0);
	assert_int_equal(hypiommu_tegra_smmu_add(h, &smmu, &index), 0);
	assert_int_equal(hypiommu_add_stream(h, 0, 1, HYPIOMMU_HOST), 0);
	assert_int_equal(hypiommu_finalise(h), 0);
	return h;
}

static void stop(void *mem)
{
	free(hyp.tables);
	free(mem);
}

static int call(struct hypiommu *h, enum hypiommu_hcall_fn fn, uint64_t a,
		uint64_t b, uint64_t c, uint64_t d, uint64_t e,
		struct hypiommu_regs *r)
{
	*r = (struct hypiommu_regs){ .x = { fn, a, b, c, d, e } };
	hypiommu_hcall(h, HYPIOMMU_HOST, r);
	return (int)(int64_t)r->x[0];
}

static int map(struct hypiommu *h, uint64_t domain, uint64_t iova, uint64_t pa,
	       uint64_t size)
{
	struct hypiommu_regs r;

	return call(h, HYPIOMMU_HC_MAP_PAGES, domain, iova, pa, size, RW, &r);
}

static uint64_t pins(void)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < 96; i++)
		sum += (uint64_t)hyp.pins[i];
	return sum;
}

static void test_one_life(void **state)
{
	struct hypiommu_regs r;
	struct hypiommu *h;
	uint64_t domain;
	uint32_t used;
	void *mem;
	int err;

	(void)state;
	h = start(&mem);
	used = hyp.used;
	assert_int_equal(call(h, HYPIOMMU_HC_DOMAIN_ALLOC, 0, 1, 0, 0, 0, &r),
			 0);
	domain = r.x[1];
	assert_int_equal(
		call(h, HYPIOMMU_HC_ATTACH_DEV, 0, 1, domain, 0, 0, &r), 0);
	/* A page, a run, a window of MMIO: asked once each. */
	assert_int_equal(map(h, domain, 0, RAM, PAGE), 0);
	assert_int_equal(map(h, domain, PAGE, RAM + PAGE, 8 * PAGE), 0);
	assert_int_equal(map(h, domain, 16 * PAGE, WINDOW, PAGE), 0);
	assert_int_equal(hyp.calls, 3);
	assert_int_equal(pins(), 10);
	/* Whatever it refuses with is the answer, and nothing is mapped. */
	hyp.refuse = HYPIOMMU_E_OVERFLOW;
	assert_int_equal(map(h, domain, 32 * PAGE, RAM, PAGE),
			 HYPIOMMU_E_OVERFLOW);
	hyp.refuse = HYPIOMMU_E_PERM;
	assert_int_equal(map(h, domain, 32 * PAGE, RAM, 2 * PAGE),
			 HYPIOMMU_E_PERM);
	hyp.refuse = 0;
	assert_int_equal(call(h, HYPIOMMU_HC_IOVA_TO_PHYS, domain, 32 * PAGE, 0,
			      0, 0, &r),
			 HYPIOMMU_E_NOENT);
	/* Refused midway by the tables: what was pinned is not any more. */
	assert_int_equal(map(h, domain, 9 * PAGE, RAM + 20 * PAGE, 8 * PAGE),
			 HYPIOMMU_E_EXIST);
	assert_int_equal(pins(), 10);
	assert_int_equal(
		call(h, HYPIOMMU_HC_UNMAP_PAGES, domain, 0, 9 * PAGE, 0, 0, &r),
		0);
	assert_int_equal(r.x[1], 9 * PAGE);
	assert_int_equal(pins(), 1);
	assert_int_equal(
		call(h, HYPIOMMU_HC_DETACH_DEV, 0, 1, domain, 0, 0, &r), 0);
	do {
		err = call(h, HYPIOMMU_HC_DOMAIN_FREE, domain, 0, 0, 0, 0, &r);
	} while (err == HYPIOMMU_E_AGAIN);
	assert_int_equal(err, 0);
	assert_int_equal(pins(), 0);
	assert_int_equal(freed, hyp.used - used);
	stop(mem);
}

/* Table memory runs out: the caller hears what is missing, pins go. */
static void test_tables_run_out(void **state)
{
	struct hypiommu_regs r;
	struct hypiommu *h;
	uint64_t domain;
	void *mem;

	(void)state;
	h = start(&mem);
	assert_int_equal(call(h, HYPIOMMU_HC_DOMAIN_ALLOC, 0, 1, 0, 0, 0, &r),
			 0);
	domain = r.x[1];
	hyp.used = 16;
	assert_int_equal(map(h, domain, 0, RAM, PAGE), HYPIOMMU_E_NOMEM);
	assert_int_equal(call(h, HYPIOMMU_HC_DOMAIN_ALLOC, 0, 1, 0, 0, 0, &r),
			 HYPIOMMU_E_NOMEM);
	assert_int_equal(r.x[3], 1);
	assert_int_equal(pins(), 0);
	stop(mem);
}

/* What the hypervisor does itself the library does not offer. */
static void test_not_offered(void **state)
{
	struct hypiommu_page_info page;
	struct hypiommu_pool_info pool;
	struct owner_user el2;
	struct hypiommu_regs r;
	struct hypiommu *h;
	uint64_t pa = RAM;
	void *mem;

	(void)state;
	h = start(&mem);
	assert_int_equal(hypiommu_donate(h, 0, 2, RAM, PAGE),
			 HYPIOMMU_E_UNSUPPORTED);
	assert_int_equal(hypiommu_page_info(h, RAM, &page),
			 HYPIOMMU_E_UNSUPPORTED);
	assert_int_equal(hypiommu_pool_info(h, &pool), HYPIOMMU_E_UNSUPPORTED);
	assert_int_equal(call(h, HYPIOMMU_HC_MEM_TOPUP, RAM, 1, 0, 0, 0, &r),
			 HYPIOMMU_E_UNSUPPORTED);
	assert_int_equal(call(h, HYPIOMMU_HC_MEM_GIVEBACK, RAM, 0, 0, 0, 0, &r),
			 HYPIOMMU_E_UNSUPPORTED);
	assert_int_equal(pool_giveback(&h->pool, &pa), HYPIOMMU_E_UNSUPPORTED);
	/* States the hypervisor keeps have no tags. */
	assert_int_equal(owner_tag(&h->owner, RAM), 0);
	/* EL2's own pages are nobody's to map, whoever keeps the states. */
	owner_user_init(&el2, &h->owner, HYPIOMMU_HYP);
	assert_int_equal(owner_pin(&el2, RAM, PAGE), HYPIOMMU_E_PERM);
	assert_int_equal(hyp.calls, 0);
	stop(mem);
}

static int map_list(struct hypiommu *h, uint64_t domain, uint64_t iova,
		    const struct hypiommu_segment *list, uint32_t count,
		    uint64_t *bytes)
{
	struct hypiommu_progress p;
	int err = hypiommu_map_list(h, HYPIOMMU_HOST, domain, iova, RW, list,
				    count, &p);

	*bytes = p.bytes;
	return err;
}

static uint64_t lookup(struct hypiommu *h, uint64_t domain, uint64_t iova)
{
	struct hypiommu_regs r;

	if (call(h, HYPIOMMU_HC_IOVA_TO_PHYS, domain, iova, 0, 0, 0, &r))
		return 0;
	return r.x[1];
}

/* Segments one behind the other; the first that is refused ends it. `asked`:
 * how often a list that goes well makes the library ask for a range. */
static void check_lists(uint64_t asked)
{
	const struct hypiommu_segment list[] = {
		{ RAM + 7 * PAGE, PAGE },
		{ RAM + 3 * PAGE, 2 * PAGE },
		{ RAM + 5 * PAGE, PAGE },
	};
	struct hypiommu_regs r;
	struct hypiommu_progress p;
	struct hypiommu *h;
	uint64_t domain, n;
	void *mem;

	h = start(&mem);
	assert_int_equal(call(h, HYPIOMMU_HC_DOMAIN_ALLOC, 0, 1, 0, 0, 0, &r),
			 0);
	domain = r.x[1];
	assert_int_equal(map_list(h, domain, PAGE, list, 3, &n), 0);
	assert_int_equal(n, 4 * PAGE);
	assert_int_equal(hyp.calls, asked);
	assert_int_equal(hyp.lists, !asked);
	assert_int_equal(pins(), 4);
	assert_int_equal(lookup(h, domain, PAGE), RAM + 7 * PAGE);
	assert_int_equal(lookup(h, domain, 3 * PAGE), RAM + 4 * PAGE);
	assert_int_equal(lookup(h, domain, 4 * PAGE), RAM + 5 * PAGE);
	/* Not its owner's, in the middle; something is there already. */
	hyp.refuse_pa = RAM + 3 * PAGE;
	assert_int_equal(map_list(h, domain, 16 * PAGE, list, 3, &n),
			 HYPIOMMU_E_PERM);
	assert_int_equal(n, PAGE);
	assert_int_equal(pins(), 5);
	assert_int_equal(lookup(h, domain, 17 * PAGE), 0);
	hyp.refuse_pa = 0;
	assert_int_equal(map_list(h, domain, 15 * PAGE, list, 3, &n),
			 HYPIOMMU_E_EXIST);
	assert_int_equal(n, PAGE);
	assert_int_equal(pins(), 6);
	/* Nothing to do, nobody to do it for, nowhere to. */
	assert_int_equal(map_list(h, domain, 0, list, 0, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(map_list(h, domain + 1, 0, list, 3, &n),
			 HYPIOMMU_E_NOENT);
	assert_int_equal(map_list(h, domain, 8, list, 3, &n), HYPIOMMU_E_INVAL);
	assert_int_equal(
		hypiommu_map_list(h, HYPIOMMU_HYP, domain, 0, RW, list, 3, &p),
		HYPIOMMU_E_PERM);
	assert_int_equal(p.bytes, 0);
	assert_int_equal(
		hypiommu_map_list(h, HYPIOMMU_HOST, domain, 0, 0, list, 3, &p),
		HYPIOMMU_E_INVAL);
	assert_int_equal(pins(), 6);
	stop(mem);
}

static void test_lists(void **state)
{
	(void)state;
	check_lists(3);
	owner = &list_owner_ops;
	check_lists(0);
	owner = &owner_ops;
}

/* Pinned together, but one of them is MMIO, or is not mapped: every other is,
 * and exactly those are pinned. */
static void check_torn_lists(void)
{
	const struct hypiommu_segment list[] = {
		{ RAM + 1 * PAGE, PAGE },
		{ WINDOW, PAGE },
		{ RAM + 2 * PAGE, 4 * PAGE },
		{ RAM + 8 * PAGE, PAGE },
	};
	const struct hypiommu_segment singles[] = {
		{ RAM + 20 * PAGE, PAGE },
		{ RAM + 25 * PAGE, PAGE },
		{ RAM + 22 * PAGE, PAGE },
		{ RAM + 24 * PAGE, PAGE },
	};
	struct hypiommu_progress p;
	struct hypiommu_regs r;
	struct hypiommu *h;
	uint64_t domain, n;
	void *mem;

	h = start(&mem);
	assert_int_equal(call(h, HYPIOMMU_HC_DOMAIN_ALLOC, 0, 1, 0, 0, 0, &r),
			 0);
	domain = r.x[1];
	assert_int_equal(map_list(h, domain, 0, list, 4, &n), 0);
	assert_int_equal(n, 7 * PAGE);
	assert_int_equal(pins(), 7);
	assert_int_equal(lookup(h, domain, PAGE), WINDOW);
	/* The third page of a segment is taken: all of that segment goes. */
	assert_int_equal(map(h, domain, 19 * PAGE, RAM, PAGE), 0);
	assert_int_equal(map_list(h, domain, 16 * PAGE, list + 2, 2, &n),
			 HYPIOMMU_E_EXIST);
	assert_int_equal(n, 0);
	assert_int_equal(map_list(h, domain, 15 * PAGE, list, 4, &n),
			 HYPIOMMU_E_EXIST);
	assert_int_equal(n, 2 * PAGE);
	assert_int_equal(pins(), 10);
	assert_int_equal(lookup(h, domain, 17 * PAGE), 0);
	/* Page by page: one that is taken, and one in the next table. */
	assert_int_equal(map(h, domain, 42 * PAGE, RAM, PAGE), 0);
	assert_int_equal(map_list(h, domain, 40 * PAGE, singles, 4, &n),
			 HYPIOMMU_E_EXIST);
	assert_int_equal(n, 2 * PAGE);
	assert_int_equal(lookup(h, domain, 41 * PAGE), singles[1].pa);
	assert_int_equal(lookup(h, domain, 42 * PAGE), RAM);
	assert_int_equal(lookup(h, domain, 43 * PAGE), 0);
	assert_int_equal(pins(), 13);
	assert_int_equal(
		map_list(h, domain, (1 << 22) - 2 * PAGE, singles, 4, &n), 0);
	for (uint64_t i = 0; i < 4; i++)
		assert_int_equal(
			lookup(h, domain, (1 << 22) - 2 * PAGE + i * PAGE),
			singles[i].pa);
	assert_int_equal(pins(), 17);
	/* No table for the other half of a segment: the first stays. */
	hyp.used = 16;
	assert_int_equal(hypiommu_map_list(h, HYPIOMMU_HOST, domain,
					   (2 << 22) - 2 * PAGE, RW, list + 2,
					   2, &p),
			 HYPIOMMU_E_NOMEM);
	assert_int_equal(p.bytes, 2 * PAGE);
	assert_int_equal(p.count, 1);
	assert_int_equal(pins(), 19);
	stop(mem);
}

static void test_torn_lists(void **state)
{
	(void)state;
	check_torn_lists();
	owner = &list_owner_ops;
	check_torn_lists();
	owner = &owner_ops;
}

/* A bad segment behind a good one is named once that is mapped. */
static void check_bad_segments(void)
{
	const struct {
		struct hypiommu_segment segment;
		int err;
	} bad[] = {
		{ { RAM + 1, PAGE }, HYPIOMMU_E_INVAL },
		{ { RAM, PAGE + 8 }, HYPIOMMU_E_INVAL },
		{ { RAM, 0 }, HYPIOMMU_E_INVAL },
		{ { 1ull << 34, PAGE }, HYPIOMMU_E_RANGE },
		{ { (1ull << 34) - PAGE, 2 * PAGE }, HYPIOMMU_E_RANGE },
		{ { ~0ull - PAGE + 1, PAGE }, HYPIOMMU_E_RANGE },
		{ { ~0ull - PAGE + 1, 2 * PAGE }, HYPIOMMU_E_INVAL },
	};
	struct hypiommu_regs r;
	struct hypiommu *h;
	uint64_t domain, n;
	void *mem;

	h = start(&mem);
	assert_int_equal(call(h, HYPIOMMU_HC_DOMAIN_ALLOC, 0, 1, 0, 0, 0, &r),
			 0);
	domain = r.x[1];
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct hypiommu_segment list[] = {
			{ RAM + PAGE, PAGE },
			bad[i].segment,
		};

		assert_int_equal(map_list(h, domain, 4 * i * PAGE, list, 2, &n),
				 bad[i].err);
		assert_int_equal(n, PAGE);
		assert_int_equal(pins(), i + 1);
	}
	stop(mem);
}

static void test_bad_segments(void **state)
{
	(void)state;
	check_bad_segments();
	owner = &list_owner_ops;
	check_bad_segments();
	owner = &owner_ops;
}

/* However long the list: 512 descriptors, whatever the sizes claim. */
static void test_long_lists(void **state)
{
	struct hypiommu_segment list[10];
	struct hypiommu_regs r;
	struct hypiommu *h;
	uint64_t domain, n;
	void *mem;

	(void)state;
	h = start(&mem);
	assert_int_equal(call(h, HYPIOMMU_HC_DOMAIN_ALLOC, 0, 1, 0, 0, 0, &r),
			 0);
	domain = r.x[1];
	for (uint32_t i = 0; i < 10; i++)
		list[i] = (struct hypiommu_segment){ RAM, 60 * PAGE };
	assert_int_equal(map_list(h, domain, 0, list, 10, &n), 0);
	assert_int_equal(n, 480 * PAGE);
	assert_int_equal(pins(), 480);
	list[1].size = ~0ull - PAGE + 1;
	assert_int_equal(map_list(h, domain, 1 << 24, list, 10, &n), 0);
	assert_int_equal(n, 60 * PAGE);
	stop(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_life),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_torn_lists),
		cmocka_unit_test(test_bad_segments),
		cmocka_unit_test(test_long_lists),
		cmocka_unit_test(test_tables_run_out),
		cmocka_unit_test(test_not_offered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
