// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* An NVMe disk whose queues and data are reached only through mappings made by
 * hypercall: sectors there and back, and none where nothing is mapped. */
#include "gic.h"
#include "host.h"
#include "iommu.h"
#include "nvme.h"

#define OUT_IOVA  0x10000000ull
#define IN_IOVA	  0x20000000ull
#define HOLE_IOVA 0x30000000ull
#define PAGES	  64u

static struct nvme disk;

static void fill(uint64_t *page, uint64_t seed)
{
	for (unsigned int i = 0; i < 512; i++)
		page[i] = seed * 0x9e3779b97f4a7c15 + i;
}

static bool same(const uint64_t *a, const uint64_t *b, unsigned int words)
{
	for (unsigned int i = 0; i < words; i++) {
		if (a[i] != b[i])
			return false;
	}
	return true;
}

/* The record of what was just refused. QEMU's disk itself says "success",
 * whatever memory answered. */
static void told(uint64_t iova, uint32_t reason)
{
	struct iommu_fault fault = { 0 };

	is(iommu_fault(&fault), 0, "is refused, and told");
	ok(fault.sid == disk.pci.sid && fault.reason == reason &&
		   fault.iova >> 12 == iova >> 12,
	   "with stream, reason and page");
	iommu_drain_faults();
}

static void there_and_back(void)
{
	uint64_t *out = host_alloc(PAGES * 4096),
		 *in = host_alloc(PAGES * 4096);
	bool good = true;

	for (uint64_t i = 0; i < PAGES; i++)
		fill(&out[i * 512], i);
	/* Scattered: backwards in the disk's view of memory. */
	for (uint64_t i = 0; i < PAGES; i++)
		good &= !iommu_map(disk.domain,
				   OUT_IOVA + (PAGES - 1 - i) * 4096,
				   pa_of(&out[i * 512]), 4096, RO);
	good &= !iommu_map(disk.domain, IN_IOVA, pa_of(in), PAGES * 4096, RW);
	ok(good, "buffers are mapped");
	for (uint64_t i = 0; i < PAGES; i++)
		good &= !nvme_io(&disk, NVME_WRITE, i,
				 OUT_IOVA + (PAGES - 1 - i) * 4096);
	ok(good, "sectors are written");
	for (uint64_t i = 0; i < PAGES; i++)
		good &= !nvme_io(&disk, NVME_READ, i, IN_IOVA + i * 4096);
	ok(good, "sectors are read");
	ok(same(out, in, PAGES * 512), "and are what was written");
	good = !iommu_unmap(disk.domain, IN_IOVA, PAGES * 4096);
	memset(in, 0, 4096);
	nvme_io(&disk, NVME_READ, 1, IN_IOVA);
	ok(good && !in[0] && !in[511], "a read to revoked memory");
	told(IN_IOVA, HYPIOMMU_FAULT_TRANSLATION);
}

/* What the disk has in this page now. */
static const uint64_t *on_disk(uint64_t page)
{
	static uint64_t *copy;

	if (!copy)
		copy = host_alloc(4096);
	iommu_map(disk.domain, IN_IOVA, pa_of(copy), 4096, RW);
	fill(copy, 0x7777);
	nvme_io(&disk, NVME_READ, page, IN_IOVA);
	iommu_unmap(disk.domain, IN_IOVA, 4096);
	return copy;
}

static void refused(void)
{
	uint64_t *page = host_alloc(4096);

	nvme_io(&disk, NVME_READ, 1, HOLE_IOVA);
	told(HOLE_IOVA, HYPIOMMU_FAULT_TRANSLATION);
	iommu_map(disk.domain, HOLE_IOVA, pa_of(page), 4096, RO);
	nvme_io(&disk, NVME_READ, 1, HOLE_IOVA);
	ok(!page[0] && !page[511], "a read to memory mapped read-only");
	told(HOLE_IOVA, HYPIOMMU_FAULT_PERMISSION);
	fill(page, 99);
	is(nvme_io(&disk, NVME_WRITE, 3, HOLE_IOVA), 0,
	   "a write from it succeeds");
	ok(same(page, on_disk(3), 512), "and arrives");
	iommu_unmap(disk.domain, HOLE_IOVA, 4096);
	fill(page, 100);
	nvme_io(&disk, NVME_WRITE, 3, HOLE_IOVA);
	told(HOLE_IOVA, HYPIOMMU_FAULT_TRANSLATION);
	ok(!same(page, on_disk(3), 512),
	   "a write from revoked memory does not arrive");
}

static void stage(unsigned int number)
{
	print("# stage %lu\n", (uint64_t)number);
	if (!ok(nvme_open(&disk, iommu_domain(number)), "the disk starts"))
		return;
	there_and_back();
	refused();
	is(iommu_detach(disk.pci.sid, disk.domain), 0, "detached");
	is(iommu_free(disk.domain), 0, "freed");
}

void test_main(void)
{
	gic_init();
	stage(1);
	stage(2);
}
