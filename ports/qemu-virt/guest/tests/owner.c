// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Memory that changes hands: a page given to a guest is out of reach of the
 * host's devices and of its CPUs; a page a device may reach is not given away;
 * table pages and EL2's own memory are nobody's.
 */
#include "dma.h"

#define IOVA  0x200000000ull
#define GUEST 3

static struct stand s;

static bool cpu_reaches(const void *at)
{
	return !probe_load(pa_of(at)).esr;
}

static void donated(void)
{
	uint64_t *page = host_alloc(4096), seen = 0;

	*page = 0x600d;
	is(iommu_donate(pa_of(page), 4096, GUEST), 0, "a page goes to a guest");
	ok(!cpu_reaches(page), "the host's CPU cannot read it");
	ok(probe_store(pa_of(page), 0xbad).esr,
	   "the host's CPU cannot write it");
	is(iommu_map(s.domain, IOVA, pa_of(page), 4096, RO), HYPIOMMU_E_PERM,
	   "the host cannot map it for a device");
	is(iommu_donate(pa_of(page), 4096, GUEST + 1), HYPIOMMU_E_PERM,
	   "nor give it to another guest");
	is(iommu_return(pa_of(page), 4096, GUEST + 1), HYPIOMMU_E_PERM,
	   "nor take it back for a guest that has it not");
	edu_write(&s.edu, IOVA, 8);
	is(iommu_guest_load(pa_of(page), GUEST, &seen), 0, "the guest has it");
	is((int64_t)seen, 0x600d, "with what was in it");
	is(iommu_return(pa_of(page), 4096, GUEST), 0, "the guest ends");
	ok(cpu_reaches(page) && !*page, "the page is back, and wiped");
	is(iommu_map(s.domain, IOVA, pa_of(page), 4096, RW), 0,
	   "and may be mapped");
	writes(&s, IOVA, page, "and written by the device");
	is(iommu_unmap(s.domain, IOVA, 4096), 0, "unmap");
}

static void pinned(void)
{
	uint64_t *pages = host_alloc(2 * 4096), *page = pages + 512, seen;

	is(iommu_map(s.domain, IOVA, pa_of(page), 4096, RW), 0,
	   "a page is mapped for a device");
	writes(&s, IOVA, page, "which reaches it");
	is(iommu_donate(pa_of(page), 4096, GUEST), HYPIOMMU_E_BUSY,
	   "a pinned page is not given away");
	is(iommu_donate(pa_of(pages), 2 * 4096, GUEST), HYPIOMMU_E_BUSY,
	   "nor among others");
	ok(cpu_reaches(page) && cpu_reaches(pages),
	   "the host's CPU keeps what it could not give");
	writes(&s, IOVA, page, "the device keeps it too");
	is(iommu_unmap(s.domain, IOVA, 4096), 0, "unmapped");
	*page = 0x600d;
	is(iommu_donate(pa_of(page), 4096, GUEST), 0, "it is given away");
	edu_write(&s.edu, IOVA, 8);
	edu_write(&s.edu, pa_of(page), 8);
	iommu_guest_load(pa_of(page), GUEST, &seen);
	is((int64_t)seen, 0x600d, "and the device reaches it no more");
	is(iommu_return(pa_of(page), 4096, GUEST), 0, "the guest ends");
}

/* A page that two devices' domains map is pinned until both let it go. */
static void pinned_twice(void)
{
	uint64_t *page = host_alloc(4096);
	uint64_t other = iommu_domain(2);

	iommu_map(s.domain, IOVA, pa_of(page), 4096, RW);
	iommu_map(other, IOVA, pa_of(page), 4096, RO);
	iommu_unmap(s.domain, IOVA, 4096);
	is(iommu_donate(pa_of(page), 4096, GUEST), HYPIOMMU_E_BUSY,
	   "one mapping of two is enough to pin");
	iommu_free(other);
	is(iommu_donate(pa_of(page), 4096, GUEST), 0, "none is not");
	is(iommu_return(pa_of(page), 4096, GUEST), 0, "the guest ends");
}

static void table_pages(void)
{
	uint64_t *page = host_alloc(4096);
	struct hypiommu_regs r = { .x = { 0, pa_of(page), 1 } };

	*page = 0x5ec2e7;
	is(iommu_call(&r, HYPIOMMU_HC_MEM_TOPUP), 0, "a page for tables");
	ok(!cpu_reaches(page), "the host's CPU cannot read it");
	is(iommu_map(s.domain, IOVA, pa_of(page), 4096, RO), HYPIOMMU_E_PERM,
	   "nor have it read by a device");
	is(iommu_donate(pa_of(page), 4096, GUEST), HYPIOMMU_E_PERM,
	   "nor give it to a guest");
	r = (struct hypiommu_regs){ .x = { 0, pa_of(page) } };
	is(iommu_call(&r, HYPIOMMU_HC_MEM_GIVEBACK), 0, "it is given back");
	ok(cpu_reaches(page) && !*page, "readable again, and empty");
}

/* More pages asked for than RAM has behind that address: what is taken of them
 * is gone all the same. */
static void table_pages_at_the_end(void)
{
	uint64_t pages = 64, pa = RAM_BASE + RAM_SIZE - pages * 4096;
	struct hypiommu_regs r = { .x = { 0, pa, 1u << 20 } };
	int err = iommu_call(&r, HYPIOMMU_HC_MEM_TOPUP);
	bool hidden = true;

	for (uint64_t i = 0; i < pages; i++) {
		bool taken = !err && i < r.x[1];

		hidden &= taken == (probe_load(pa + i * 4096).esr != 0);
	}
	ok(hidden, "no CPU reaches what was taken at the end of RAM");
}

/* What a host must not reach, by CPU or by DMA. */
static void out_of_reach(const char *what, uint64_t at)
{
	struct probed load = probe_load(at), store = probe_store(at, ~0ull);

	print("# %s\n", what);
	/* Data abort from EL1 itself, synchronous external (DDI 0487 D17.2.37)
	 */
	ok(load.esr >> 26 == 0x25 && (load.esr & 0x3f) == 0x10,
	   "the host's CPU cannot read it");
	ok(store.esr >> 26 == 0x25 && (store.esr & 0x3f) == 0x10,
	   "the host's CPU cannot write it");
	ok(iommu_map(s.domain, IOVA, at & ~4095ull, 4096, RW) < 0,
	   "the host cannot map it for a device");
	is(iommu_unmap(s.domain, IOVA, 4096), HYPIOMMU_E_NOENT,
	   "and has not mapped it");
}

void test_main(void)
{
	gic_init();
	s.scratch = host_alloc(4096);
	if (!ok(edu_find(0, &s.edu) && stand_open(&s, 2), "a device, attached"))
		return;
	donated();
	pinned();
	pinned_twice();
	table_pages();
	table_pages_at_the_end();
	out_of_reach("SMMU registers, page 0", SMMU_BASE);
	out_of_reach("SMMU GBPA", SMMU_BASE + 0x40);
	out_of_reach("SMMU registers, page 1", SMMU_BASE + 0x10000);
	out_of_reach("interrupt translation", GITS_BASE);
	out_of_reach("a redistributor's RD frame", GICR_BASE);
	out_of_reach("the second CPU's", GICR_BASE + GICR_EACH);
	out_of_reach("fw_cfg, whose DMA no SMMU sees", FWCFG_BASE);
	out_of_reach("EL2's code", MONITOR_BASE);
	out_of_reach("EL2's data", MONITOR_BASE + 0x400000);
	out_of_reach("the first table pages", TABLES_BASE);
	ok(stand_close(&s), "detached, freed");
}
