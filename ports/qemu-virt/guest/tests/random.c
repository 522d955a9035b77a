// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * 10,000 random calls, right and wrong ones, each judged by the specification
 * at EL2 and again at EL1, with what came through the registers. Between them
 * a disk writes to random addresses: what changes in memory must be what the
 * specification's mappings say, and nothing else.
 */
#include "gic.h"
#include "host.h"
#include "hypiommu/hypiommu.h"
#include "iommu.h"
#include "judge.h"
#include "nvme.h"

#define CALLS	   10000u
#define PAGES	   1024u /* of test memory: two blocks of 2 MiB */
#define BUSY_PAGES 64u	 /* that calls fight for */
#define IOVA	   0x40000000ull
#define IOVA_PAGES 96u
#define BLOCK	   0x200000ull
#define GUESTS	   3u
#define STATUSES   20u

static const struct spec *spec;
static struct nvme disk;
static uint64_t *memory;
static uint64_t word[PAGES]; /* the first of each page, as it should be */
static uint64_t seed = 0x6c696268797069;
static uint64_t seen[STATUSES], transfers, reached, astray;

static uint64_t draw(uint64_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed >> 11) % below;
}

/* One of these; the more often it is named, the more likely. */
#define ONE_OF(...)                              \
	((const uint64_t[]){ __VA_ARGS__ }[draw( \
		sizeof((const uint64_t[]){ __VA_ARGS__ }) / 8)])

static uint64_t page_pa(uint64_t n)
{
	return pa_of(memory) + n * 4096;
}

static uint64_t a_domain(void)
{
	uint64_t some = draw(4);

	return ONE_OF(disk.domain, disk.domain, disk.domain, disk.domain,
		      disk.domain, disk.domain, some, some, some,
		      draw(MONITOR_DOMAINS), ~0ull << draw(64));
}

static uint64_t an_iova(void)
{
	uint64_t page = IOVA + draw(IOVA_PAGES) * 4096;

	return ONE_OF(page, page, page, page, page, page, page, page, page,
		      IOVA + draw(2) * BLOCK, IOVA + draw(4096),
		      1ull << (32 + draw(32)));
}

static uint64_t a_pa(void)
{
	uint64_t page = page_pa(draw(BUSY_PAGES));

	return ONE_OF(page, page, page, page, page, page, page, page, page,
		      page, page_pa(draw(2) * 512), SMMU_BASE,
		      MONITOR_BASE + draw(MONITOR_SIZE / 4096) * 4096,
		      RAM_BASE + RAM_SIZE - 4096, draw(1ull << 40));
}

static uint32_t owner_of(uint64_t n)
{
	bool mmio;

	return spec_page(spec, page_pa(n), &mmio)->owner;
}

/* One of the busy pages that is not the host's, if there is one. */
static uint64_t a_lost_page(void)
{
	uint64_t first = draw(BUSY_PAGES);

	for (uint64_t i = 0; i < BUSY_PAGES; i++) {
		uint64_t n = (first + i) % BUSY_PAGES;

		if (owner_of(n) != HYPIOMMU_HOST)
			return page_pa(n);
	}
	return page_pa(first);
}

static uint64_t a_size(void)
{
	uint64_t few = 4096 * (1 + draw(16));

	return ONE_OF(4096, 4096, 4096, 4096, 4096, few, few, few, few, BLOCK,
		      BLOCK, 0, draw(1ull << 32), ~0ull << draw(64));
}

static uint64_t a_prot(void)
{
	/* PRIV is left out: QEMU's SMMU does not look at it. */
	return ONE_OF(RW, RW, RW, RW, RW, RW, RO, RO, RW | HYPIOMMU_PROT_NOEXEC,
		      HYPIOMMU_PROT_WRITE, HYPIOMMU_PROT_CACHE,
		      1ull << draw(64) & ~(uint64_t)HYPIOMMU_PROT_PRIV);
}

static uint64_t a_sid(void)
{
	return ONE_OF(0x50, 0x58, 0x60, draw(256), disk.pci.sid + (1ull << 32));
}

static int call(uint64_t fn, uint64_t a, uint64_t b, uint64_t c, uint64_t d,
		uint64_t e, struct hypiommu_regs *r)
{
	int status;

	*r = (struct hypiommu_regs){ .x = { 0, a, b, c, d, e } };
	status = iommu_call(r, (enum hypiommu_hcall_fn)fn);
	if (-status >= 0 && (uint64_t)-status < STATUSES)
		seen[-status]++;
	return status;
}

static void map(struct hypiommu_regs *r)
{
	call(HYPIOMMU_HC_MAP_PAGES, a_domain(), an_iova(), a_pa(), a_size(),
	     a_prot(), r);
}

static void unmap(struct hypiommu_regs *r)
{
	call(HYPIOMMU_HC_UNMAP_PAGES, a_domain(), an_iova(), a_size(), 0, 0, r);
}

static void look_up(struct hypiommu_regs *r)
{
	call(HYPIOMMU_HC_IOVA_TO_PHYS, a_domain(), an_iova() + draw(4096), 0, 0,
	     0, r);
}

static void domains(struct hypiommu_regs *r)
{
	if (draw(2))
		call(HYPIOMMU_HC_DOMAIN_ALLOC, ONE_OF(0, 0, 0, 1),
		     ONE_OF(1, 2, 2, 3), 0, 0, 0, r);
	else
		call(HYPIOMMU_HC_DOMAIN_FREE, a_domain(), 0, 0, 0, 0, r);
}

static void streams(struct hypiommu_regs *r)
{
	uint64_t sid = a_sid();

	if (sid == disk.pci.sid)
		return; /* the disk stays where its queues are */
	call(draw(2) ? HYPIOMMU_HC_ATTACH_DEV : HYPIOMMU_HC_DETACH_DEV,
	     ONE_OF(0, 0, 0, 7), sid, a_domain(), 0, 0, r);
}

/* Memory that became, or came back, as zeroes. */
static void wiped(uint64_t pa, uint64_t size)
{
	for (uint64_t at = pa; at < pa + size; at += 4096) {
		if (at - page_pa(0) < PAGES * 4096ull)
			word[(at - page_pa(0)) / 4096] = 0;
	}
}

static void tables(struct hypiommu_regs *r)
{
	if (draw(2)) {
		call(HYPIOMMU_HC_MEM_TOPUP, a_pa(), ONE_OF(1, 1, draw(9)), 0, 0,
		     0, r);
		return;
	}
	if (!call(HYPIOMMU_HC_MEM_GIVEBACK,
		  ONE_OF(a_pa(), a_lost_page(), a_lost_page(),
			 HYPIOMMU_ANY_PAGE),
		  0, 0, 0, 0, r))
		wiped(r->x[1], 4096);
}

static void give(struct hypiommu_regs *r)
{
	(void)r;
	iommu_donate(a_pa(), 4096 * ONE_OF(1, 1, 1 + draw(4)),
		     (uint32_t)draw(GUESTS));
}

static void take_back(struct hypiommu_regs *r)
{
	uint64_t pa = ONE_OF(a_pa(), a_lost_page(), a_lost_page());
	uint64_t n = (pa - page_pa(0)) / 4096, guest = draw(GUESTS);

	(void)r;
	if (n < PAGES && draw(8))
		guest = owner_of(n) - HYPIOMMU_GUEST(0);
	if (!iommu_return(pa, 4096, (uint32_t)guest))
		wiped(pa, 4096);
}

static void others(struct hypiommu_regs *r)
{
	call(ONE_OF(HYPIOMMU_HC_INFO, HYPIOMMU_HC_IOTLB_SYNC,
		    HYPIOMMU_HC_FAULT_READ, HYPIOMMU_HC_FAULT_READ,
		    HYPIOMMU_HC_COUNT, draw(250)),
	     ONE_OF(0, a_domain(), draw(~0ull)), draw(~0ull), draw(~0ull), 0, 0,
	     r);
}

/* -------------------------------------------------------------------- DMA */

/* Is the word of page n what it should be, to whoever has the page? And do the
 * host's CPUs reach it if, and only if, that is the host? */
static bool intact(uint64_t n)
{
	uint32_t owner = owner_of(n);
	struct probed by_cpu = probe_load(page_pa(n));
	uint64_t value = word[n];

	if (!by_cpu.esr != (owner == HYPIOMMU_HOST))
		return false;
	if (owner == HYPIOMMU_HOST)
		value = by_cpu.value;
	else if (owner != HYPIOMMU_HYP)
		iommu_guest_load(page_pa(n), owner - HYPIOMMU_GUEST(0), &value);
	return value == word[n];
}

/* The disk writes zeroes to iova: where must they arrive, if anywhere? */
static void dma(struct hypiommu_regs *r)
{
	uint64_t iova = IOVA + draw(IOVA_PAGES + 8) * 4096, n = PAGES;
	const struct spec_extent *e =
		spec_map_at(&spec->domains[disk.domain].map, iova);

	(void)r;
	if (e)
		n = (e->pa + (iova - e->iova) - page_pa(0)) / 4096;
	for (uint64_t i = 0; i < PAGES; i++) {
		if (owner_of(i) == HYPIOMMU_HOST)
			memory[i * 512] = word[i] = draw(~0ull) | 1;
	}
	if (n < PAGES && e->prot & HYPIOMMU_PROT_WRITE) {
		word[n] = 0;
		reached++;
	}
	nvme_io(&disk, NVME_READ, 0, iova);
	transfers++;
	for (uint64_t i = 0; i < PAGES; i++)
		astray += !intact(i);
}

static void step(void)
{
	static void (*const kinds[])(struct hypiommu_regs * r) = {
		map,	   map,	    map,     map,     map,  map,
		unmap,	   unmap,   unmap,   look_up, dma,  dma,
		take_back, domains, streams, tables,  give, others,
	};
	struct hypiommu_regs r = { 0 };

	kinds[draw(sizeof(kinds) / sizeof(kinds[0]))](&r);
}

static void both_agree(void)
{
	struct hypiommu_regs r = { .x = { JUDGE_HASH } };
	const char *objection = judge_objection();

	print("# %lu calls\n", judge_calls());
	if (!ok(!objection, "the specification agrees at EL1"))
		print("# %s\n", objection);
	hvc(&r);
	is((int64_t)r.x[1], (int64_t)judge_calls(),
	   "as many calls were judged at EL2");
	ok(r.x[2] == judge_hash(spec), "where the state is the same");
}

static void variety(void)
{
	static const int wanted[] = {
		HYPIOMMU_OK,	  HYPIOMMU_E_INVAL, HYPIOMMU_E_RANGE,
		HYPIOMMU_E_NOENT, HYPIOMMU_E_EXIST, HYPIOMMU_E_PERM,
		HYPIOMMU_E_BUSY,  HYPIOMMU_E_NOSPC, HYPIOMMU_E_NOSYS,
	};
	bool all = true;

	for (unsigned int i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		all &= seen[-wanted[i]] > 0;
	for (unsigned int i = 0; i < STATUSES; i++) {
		if (seen[i])
			print("# %s: %lu\n", hypiommu_error_name(-(int)i),
			      seen[i]);
	}
	ok(all, "calls ended in every way they should");
}

void test_main(void)
{
	uint64_t number = io_read64(SEED_ADDRESS);

	seed ^= number * 0x9e3779b97f4a7c15;
	gic_init();
	memory = host_alloc(PAGES * 4096ull);
	spec = judge_begin();
	print("# seed %lu, stage %lu\n", number, 1 + number % 2);
	if (!ok(nvme_open(&disk, iommu_domain(1 + number % 2)),
		"the disk starts"))
		return;
	while (judge_calls() < CALLS && !judge_objection() && !astray)
		step();
	both_agree();
	print("# %lu transfers, %lu arrived\n", transfers, reached);
	ok(reached > transfers / 50, "DMA arrived");
	is((int64_t)astray, 0,
	   "where the specification says, and nowhere else");
	variety();
}
