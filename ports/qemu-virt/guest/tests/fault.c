// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* A refused access becomes an interrupt and a record at EL1: who, where, why.
 */
#include "dma.h"

#define IOVA 0x300000000ull

static struct stand s;

/* The interrupt is the SMMU's own, on its way to EL1 while the record is. */
static bool interrupted_since(unsigned int before)
{
	for (uint64_t start = now_us(); now_us() - start < 1000000; nap()) {
		if (gic_smmu_events() != before)
			return true;
	}
	return false;
}

/* The device did something it may not: what is said of it? */
static void told(uint64_t iova, uint32_t reason, uint32_t flags,
		 unsigned int before)
{
	struct iommu_fault fault = { 0 };

	ok(interrupted_since(before), "an interrupt comes");
	is(iommu_fault(&fault), 0, "a record waits");
	is(fault.sid, s.edu.sid, "of the device's stream");
	is(fault.reason, reason, "with the reason");
	ok(fault.iova >= iova && fault.iova < iova + 8, "with the address");
	is(fault.flags, flags, "and the direction");
	iommu_drain_faults();
	is(iommu_fault(&fault), HYPIOMMU_E_NOENT, "and then none");
}

static void stage(unsigned int number)
{
	uint64_t *page = host_alloc(4096);
	unsigned int before;

	print("# stage %lu\n", (uint64_t)number);
	ok(stand_open(&s, number), "a device, attached");
	iommu_drain_faults();

	before = gic_smmu_events();
	edu_write(&s.edu, IOVA + 8, 8);
	told(IOVA + 8, HYPIOMMU_FAULT_TRANSLATION,
	     HYPIOMMU_FAULT_IOVA | HYPIOMMU_FAULT_WRITE, before);

	before = gic_smmu_events();
	edu_read(&s.edu, IOVA + 16, 8);
	told(IOVA + 16, HYPIOMMU_FAULT_TRANSLATION, HYPIOMMU_FAULT_IOVA,
	     before);

	iommu_map(s.domain, IOVA, pa_of(page), 4096, RO);
	before = gic_smmu_events();
	edu_write(&s.edu, IOVA + 24, 8);
	told(IOVA + 24, HYPIOMMU_FAULT_PERMISSION,
	     HYPIOMMU_FAULT_IOVA | HYPIOMMU_FAULT_WRITE, before);

	ok(stand_close(&s), "detached, freed");
}

/* More records than the queue holds: the rest is lost, not what comes after.
 * QEMU has no overflow flag, so that is all there is to see. */
static void overflow(void)
{
	struct iommu_fault fault;
	unsigned int n;

	ok(stand_open(&s, 2), "a device, attached");
	iommu_drain_faults();
	edu_write(&s.edu, IOVA, 4000);
	n = iommu_drain_faults();
	ok(n >= 64 && n < 1000, "a queue full of records");
	edu_write(&s.edu, IOVA, 8);
	is(iommu_fault(&fault), 0, "records come again after it");
	iommu_drain_faults();
	ok(stand_close(&s), "detached, freed");
}

void test_main(void)
{
	gic_init();
	s.scratch = host_alloc(4096);
	if (!ok(edu_find(0, &s.edu), "there is a device"))
		return;
	stage(1);
	stage(2);
	overflow();
}
