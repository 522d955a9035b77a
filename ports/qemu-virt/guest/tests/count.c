// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Instructions of whole hypercalls, both levels together, from before the HVC
 * to after it. Runs with -icount shift=0, where QEMU's clock advances by one
 * nanosecond an instruction. Every call has a budget, which the cheapest of
 * mistakes, a walk too many, exceeds.
 */
#include "gic.h"
#include "host.h"
#include "iommu.h"
#include "pci.h"

#define CALLS	  31u /* of 64 KiB: one table has room for them and a page */
#define IOVA	  0x80000000ull
#define NEAR_IOVA 0xc0000000ull
#define NEIGHBOUR (NEAR_IOVA + BLOCK - 4096) /* keeps the table there */
#define BLOCK	  0x200000ull
#define GUEST	  0

static uint64_t domain, pages, sid;

static uint64_t call(uint64_t fn, uint64_t a, uint64_t b, uint64_t c,
		     uint64_t d, uint64_t e)
{
	struct hypiommu_regs r = { .x = { fn, a, b, c, d, e } };

	hvc(&r);
	return r.x[0] == HYPIOMMU_OK ? r.x[1] : ~0ull;
}

static uint64_t iommu(enum hypiommu_hcall_fn fn, uint64_t a, uint64_t b,
		      uint64_t c, uint64_t d, uint64_t e)
{
	return call(MONITOR_IOMMU + (uint64_t)fn, a, b, c, d, e);
}

/* The address of the nth call, each in a page of its own. */
static uint64_t at(uint32_t n)
{
	return n * 0x1000ull;
}

/* Eight pages from 64 KiB to 64 KiB; blocks from block to block. */
static uint64_t at_64k(uint32_t n)
{
	return n * 0x10000ull;
}

static uint64_t nothing(uint32_t n)
{
	(void)n;
	return 0;
}

static uint64_t do_psci(uint32_t n)
{
	(void)n;
	return call(PSCI_VERSION, 0, 0, 0, 0, 0) ? 0 : ~0ull;
}

static uint64_t do_info(uint32_t n)
{
	(void)n;
	return iommu(HYPIOMMU_HC_INFO, 0, 0, 0, 0, 0);
}

static uint64_t do_map(uint32_t n)
{
	return iommu(HYPIOMMU_HC_MAP_PAGES, domain, NEAR_IOVA + at(n),
		     pages + at(n), 4096, RW);
}

static uint64_t do_lookup(uint32_t n)
{
	(void)n;
	return iommu(HYPIOMMU_HC_IOVA_TO_PHYS, domain, NEIGHBOUR, 0, 0, 0);
}

static uint64_t do_unmap(uint32_t n)
{
	return iommu(HYPIOMMU_HC_UNMAP_PAGES, domain, NEAR_IOVA + at(n), 4096,
		     0, 0);
}

static uint64_t do_map_16(uint32_t n)
{
	return iommu(HYPIOMMU_HC_MAP_PAGES, domain, NEAR_IOVA + at_64k(n),
		     pages + at_64k(n), 0x10000, RW);
}

static uint64_t do_unmap_16(uint32_t n)
{
	return iommu(HYPIOMMU_HC_UNMAP_PAGES, domain, NEAR_IOVA + at_64k(n),
		     0x10000, 0, 0);
}

static uint64_t do_map_block(uint32_t n)
{
	return iommu(HYPIOMMU_HC_MAP_PAGES, domain, IOVA + n * BLOCK, pages,
		     BLOCK, RW);
}

/* The same memory, not aligned to it: 512 pages. */
static uint64_t do_map_512(uint32_t n)
{
	return iommu(HYPIOMMU_HC_MAP_PAGES, domain, IOVA + n * BLOCK,
		     pages + 4096, BLOCK, RW);
}

static uint64_t do_unmap_block(uint32_t n)
{
	return iommu(HYPIOMMU_HC_UNMAP_PAGES, domain, IOVA + n * BLOCK, BLOCK,
		     0, 0);
}

static uint64_t do_attach(uint32_t n)
{
	(void)n;
	return iommu(HYPIOMMU_HC_ATTACH_DEV, 0, sid, domain, 0, 0);
}

static uint64_t do_detach(uint32_t n)
{
	(void)n;
	return iommu(HYPIOMMU_HC_DETACH_DEV, 0, sid, domain, 0, 0);
}

static uint64_t spare;

static uint64_t do_alloc(uint32_t n)
{
	(void)n;
	return spare = iommu(HYPIOMMU_HC_DOMAIN_ALLOC, 0, 2, 0, 0, 0);
}

static uint64_t do_free(uint32_t n)
{
	(void)n;
	return iommu(HYPIOMMU_HC_DOMAIN_FREE, spare, 0, 0, 0, 0);
}

static uint64_t do_topup(uint32_t n)
{
	return iommu(HYPIOMMU_HC_MEM_TOPUP, pages + at(n), 1, 0, 0, 0);
}

static uint64_t do_giveback(uint32_t n)
{
	return iommu(HYPIOMMU_HC_MEM_GIVEBACK, pages + at(n), 0, 0, 0, 0);
}

static uint64_t do_donate(uint32_t n)
{
	return call(MONITOR_DONATE, pages + at(n), 4096, GUEST, 0, 0);
}

static uint64_t do_return(uint32_t n)
{
	return call(MONITOR_RETURN, pages + at(n), 4096, GUEST, 0, 0);
}

/* A call and the one that takes it back, in turn. */
struct pair {
	const char *what, *back;
	uint64_t (*call)(uint32_t n);
	uint64_t (*undo)(uint32_t n);
	uint32_t budget, undo_budget; /* instructions */
};

static const struct pair pairs[] = {
	{ "trap and return", NULL, do_psci, NULL, 150, 0 },
	{ "info", NULL, do_info, NULL, 400, 0 },
	{ "iova_to_phys", NULL, do_lookup, NULL, 500, 0 },
	{ "map_pages 4K", "unmap_pages 4K", do_map, do_unmap, 800, 1300 },
	{ "map_pages 16 x 4K", "unmap_pages 16 x 4K", do_map_16, do_unmap_16,
	  1200, 1800 },
	{ "map_pages 2M", "unmap_pages 2M", do_map_block, do_unmap_block, 2000,
	  2700 },
	{ "map_pages 512 x 4K", "unmap_pages 512 x 4K", do_map_512,
	  do_unmap_block, 6500, 12500 },
	{ "domain_alloc", "domain_free", do_alloc, do_free, 1400, 2300 },
	{ "detach_dev", "attach_dev", do_detach, do_attach, 1700, 1900 },
	{ "mem_topup 1 page", "mem_giveback", do_topup, do_giveback, 4800,
	  1300 },
	{ "donate 1 page", "return 1 page", do_donate, do_return, 800, 3300 },
};

static uint64_t ns_a_tick;

static uint64_t ticks(void)
{
	isb();
	return sysreg_read(cntpct_el0);
}

/* Instructions of one call, to the clock's resolution; ~0: it was refused. */
static uint64_t timed(uint64_t (*f)(uint32_t n), uint32_t n)
{
	uint64_t begin = ticks(), result = f(n);

	return result == ~0ull ? ~0ull : (ticks() - begin) * ns_a_tick;
}

static void report(const char *name, uint64_t sum, uint64_t empty,
		   uint32_t budget)
{
	uint64_t each = sum > empty ? (sum - empty) / CALLS : 0;

	ok(sum != ~0ull && each && each <= budget, name);
	print("# | %s | %lu |\n", name, each);
}

static void measure(const struct pair *p, uint64_t empty)
{
	uint64_t sum = 0, undo_sum = 0;

	for (uint32_t n = 0; n < CALLS; n++) {
		uint64_t one = timed(p->call, n);
		uint64_t two = p->undo ? timed(p->undo, n) : 0;

		if (one == ~0ull || two == ~0ull) {
			ok(false, p->what);
			return;
		}
		sum += one;
		undo_sum += two;
	}
	report(p->what, sum, empty, p->budget);
	if (p->undo)
		report(p->back, undo_sum, empty, p->undo_budget);
}

void test_main(void)
{
	struct pci_device edu;
	uint64_t empty = 0;

	gic_init();
	ns_a_tick = 1000000000 / sysreg_read(cntfrq_el0);
	domain = iommu_domain(2);
	pages = pa_of(host_alloc(2 * BLOCK));
	if (!ok(pci_find(0x1234, 0x11e8, 0, &edu) &&
			!iommu_attach(edu.sid, domain) && !iommu_topup(8, 1),
		"a device, attached; table pages"))
		return;
	sid = edu.sid;
	iommu_map(domain, NEIGHBOUR, pa_of(host_alloc(4096)), 4096, RO);
	for (uint32_t n = 0; n < CALLS; n++)
		empty += timed(nothing, n);
	for (unsigned int i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		measure(&pairs[i], empty);
}
