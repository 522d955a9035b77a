// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The SMMUv2 backend and Tegra234's memory controller at EL2, on simulated
 * registers. The simulators cache whatever they may, whenever they may, and
 * object to what the architecture forbids.
 */
#include "host.h"
#include "iommu.h"
#include "tegra.h"

#define IOVA  0x100000000ull
#define BLOCK 0x200000ull
#define GUEST 2

static uint64_t domain;

static bool device_writes(uint32_t client, uint64_t iova, uint64_t value)
{
	struct hypiommu_regs r = { .x = { TEGRA_DMA, client, iova, 1, value } };

	hvc(&r);
	return r.x[1];
}

static bool device_reads(uint32_t client, uint64_t iova, uint64_t *value)
{
	struct hypiommu_regs r = { .x = { TEGRA_DMA, client, iova, 0, 0 } };

	hvc(&r);
	*value = r.x[2];
	return r.x[1];
}

/* Both mirrored frames: neighbouring pages go through different ones. */
static bool reaches(uint32_t client, uint64_t iova, uint64_t *mem,
		    uint64_t pages)
{
	static uint64_t n;
	bool all = true;

	for (uint64_t i = 0; i < pages; i++)
		all &= device_writes(client, iova + i * 4096, ++n) &&
		       mem[i * 512] == n;
	return all;
}

static bool reaches_any(uint32_t client, uint64_t iova, uint64_t *mem,
			uint64_t pages)
{
	bool any = false;

	for (uint64_t i = 0; i < pages; i++) {
		uint64_t before = mem[i * 512];

		any |= device_writes(client, iova + i * 4096, ~before);
		any |= ((volatile uint64_t *)mem)[i * 512] != before;
	}
	return any;
}

static void pages(void)
{
	uint64_t *mem = host_alloc(4 * 4096), got;

	ok(!reaches_any(TEGRA_CLIENT_A, IOVA, mem, 4),
	   "unmapped: nothing is reachable");
	is(iommu_map(domain, IOVA, pa_of(mem), 4 * 4096, RW), 0, "map 4 x 4K");
	ok(reaches(TEGRA_CLIENT_A, IOVA, mem, 4), "mapped: reachable");
	ok(reaches(TEGRA_CLIENT_A2, IOVA, mem, 4),
	   "the stream's other client reaches it too");
	ok(!reaches_any(TEGRA_CLIENT_B, IOVA, mem, 4),
	   "a client of another stream does not");
	ok(!reaches_any(TEGRA_CLIENT_STRAY, IOVA, mem, 4) &&
		   !reaches_any(TEGRA_CLIENT_STRAY, pa_of(mem), mem, 4),
	   "nor one that nobody declared");
	is(iommu_donate(pa_of(mem), 4096, GUEST), HYPIOMMU_E_BUSY,
	   "a pinned page is not given away");
	is(iommu_unmap(domain, IOVA, 4 * 4096), 0, "unmap");
	ok(!reaches_any(TEGRA_CLIENT_A, IOVA, mem, 4),
	   "revoked: nothing is reachable, through either frame");
	is(iommu_donate(pa_of(mem), 4096, GUEST), 0, "now it is given away");
	is(iommu_return(pa_of(mem), 4096, GUEST), 0, "and comes back");
	iommu_map(domain, IOVA, pa_of(mem), 4096, RO);
	*mem = 0x5eed;
	ok(device_reads(TEGRA_CLIENT_A, IOVA, &got) && got == 0x5eed,
	   "read-only: it reads");
	ok(!reaches_any(TEGRA_CLIENT_A, IOVA, mem, 1),
	   "read-only: it cannot write");
	is(iommu_unmap(domain, IOVA, 4096), 0, "unmap");
}

static void block(void)
{
	uint64_t *mem = host_alloc(BLOCK);

	is(iommu_map(domain, IOVA, pa_of(mem), BLOCK, RW), 0, "map 2M");
	ok(reaches(TEGRA_CLIENT_A, IOVA + BLOCK / 2, mem + BLOCK / 16, 2),
	   "its middle is reachable");
	is(iommu_unmap(domain, IOVA + BLOCK / 2, 4096), 0, "unmap 4K of it");
	ok(!reaches_any(TEGRA_CLIENT_A, IOVA + BLOCK / 2, mem + BLOCK / 16, 1),
	   "the hole is not reachable");
	ok(reaches(TEGRA_CLIENT_A, IOVA, mem, 2), "the rest is");
	is(iommu_unmap(domain, IOVA, BLOCK / 2), 0, "unmap the rest");
	is(iommu_unmap(domain, IOVA + BLOCK / 2 + 4096, BLOCK / 2 - 4096), 0,
	   "on both sides");
}

static void fault(void)
{
	struct iommu_fault fault = { 0 };

	iommu_drain_faults();
	device_writes(TEGRA_CLIENT_A, IOVA + 0x5000, 0);
	is(iommu_fault(&fault), 0, "a fault is told");
	is(fault.reason, HYPIOMMU_FAULT_TRANSLATION, "with its reason");
	is((int64_t)fault.iova, (int64_t)IOVA + 0x5000, "and its address");
	iommu_drain_faults();
}

static void stage(unsigned int number)
{
	uint64_t *mem = host_alloc(4096);

	print("# stage %u\n", number);
	domain = iommu_domain(number);
	is(iommu_attach(TEGRA_SID_A, domain), 0, "attach");
	pages();
	block();
	fault();
	iommu_map(domain, IOVA, pa_of(mem), 4096, RW);
	ok(reaches(TEGRA_CLIENT_A, IOVA, mem, 1), "reachable");
	is(iommu_detach(TEGRA_SID_A, domain), 0, "detach");
	ok(!reaches_any(TEGRA_CLIENT_A, IOVA, mem, 1),
	   "detached: nothing is reachable");
	is(iommu_free(domain), 0, "free");
}

void test_main(void)
{
	struct hypiommu_regs r = { .x = { TEGRA_VERDICT } };
	uint64_t *page = host_alloc(4096);

	ok(!reaches_any(TEGRA_CLIENT_A, pa_of(page), page, 1) &&
		   !reaches_any(TEGRA_CLIENT_STRAY, pa_of(page), page, 1),
	   "from the start: no client passes");
	stage(1);
	stage(2);
	hvc(&r);
	is((int64_t)r.x[1], 0, "the simulators object to nothing");
	is((int64_t)r.x[2], 0, "nothing was reachable that should not be");
	print("# %lu page looks\n", r.x[3]);
	ok(r.x[3] > 100, "and something was that should");
}
