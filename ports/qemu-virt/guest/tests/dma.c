// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * A real device behind a real SMMU: what is mapped it reaches, with the access
 * it was given, and nothing else; of either stage. Whether an access went
 * through is told by memory alone, never by what the hypercalls say.
 */
#include "dma.h"

#define IOVA	    0x100000000ull
#define BLOCK	    0x200000ull
#define IDENTIFIERS (MONITOR_DOMAINS + 1)

static struct stand s;

static void unmapped_and_mapped(void)
{
	uint64_t *page = host_alloc(4096);

	page[0] = 0x1111;
	cannot_read(&s, IOVA, page, "unmapped: the device cannot read");
	cannot_write(&s, IOVA, page, "unmapped: the device cannot write");
	is(iommu_map(s.domain, IOVA, pa_of(page), 4096, RW), 0, "map 4K");
	reads(&s, IOVA, page, "mapped: the device reads");
	writes(&s, IOVA, page, "mapped: the device writes");
	cannot_write(&s, IOVA + 4096, page, "the page behind is not reachable");
	is(iommu_unmap(s.domain, IOVA, 4096), 0, "unmap 4K");
	cannot_read(&s, IOVA, page, "revoked: the device cannot read");
	cannot_write(&s, IOVA, page, "revoked: the device cannot write");
}

static void read_only(void)
{
	uint64_t *page = host_alloc(4096);

	is(iommu_map(s.domain, IOVA, pa_of(page), 4096, RO), 0,
	   "map read-only");
	reads(&s, IOVA, page, "read-only: the device reads");
	cannot_write(&s, IOVA, page, "read-only: the device cannot write");
	is(iommu_unmap(s.domain, IOVA, 4096), 0, "unmap read-only");
}

static void block(void)
{
	uint64_t *mem = host_alloc(BLOCK);
	uint64_t *low = mem, *hole = mem + BLOCK / 16,
		 *top = mem + BLOCK / 8 - 512;
	uint64_t hole_iova = IOVA + BLOCK / 2;

	is(iommu_map(s.domain, IOVA, pa_of(mem), BLOCK, RW), 0, "map 2M");
	writes(&s, IOVA, low, "2M: its first page");
	writes(&s, hole_iova, hole, "2M: its middle");
	reads(&s, IOVA + BLOCK - 4096, top, "2M: its last page");
	is(iommu_unmap(s.domain, hole_iova, 4096), 0, "unmap 4K out of 2M");
	cannot_write(&s, hole_iova, hole, "the hole is not reachable");
	writes(&s, IOVA, low, "what is before it still is");
	writes(&s, hole_iova + 4096, hole + 512, "what is behind it still is");
	reads(&s, IOVA + BLOCK - 4096, top, "so is its end");
	is(iommu_unmap(s.domain, IOVA, BLOCK / 2), 0, "unmap before the hole");
	is(iommu_unmap(s.domain, hole_iova + 4096, BLOCK / 2 - 4096), 0,
	   "unmap behind the hole");
	cannot_read(&s, IOVA + BLOCK - 4096, top, "nothing is left of it");
}

/* The same address in two domains: what one has cached the other must not
 * see. */
static void reattach(unsigned int stage)
{
	uint64_t *first = host_alloc(4096), *second = host_alloc(4096);
	uint64_t other = iommu_domain(stage), mine = s.domain;

	iommu_map(mine, IOVA, pa_of(first), 4096, RW);
	iommu_map(other, IOVA, pa_of(second), 4096, RW);
	iommu_map(other, STAND_IOVA, pa_of(s.scratch), 4096, RW);
	writes(&s, IOVA, first, "attached: the domain's page");
	is(iommu_detach(s.edu.sid, mine), 0, "detach");
	cannot_write(&s, IOVA, first, "detached: nothing is reachable");
	is(iommu_attach(s.edu.sid, other), 0, "attach to another domain");
	cannot_write(&s, IOVA, first, "not the old domain's page");
	writes(&s, IOVA, second, "but the new one's");
	is(iommu_detach(s.edu.sid, other), 0, "detach again");
	is(iommu_free(other), 0, "free it, with what it maps");
	is(iommu_attach(s.edu.sid, mine), 0, "attach to the first again");
	writes(&s, IOVA, first, "where everything is as it was");
	is(iommu_unmap(mine, IOVA, 4096), 0, "unmap");
}

static void suspended(void)
{
	uint64_t *page = host_alloc(4096);

	iommu_map(s.domain, IOVA, pa_of(page), 4096, RW);
	writes(&s, IOVA, page, "before the suspend: a page");
	is(iommu_suspend(), 0, "suspend");
	cannot_write(&s, IOVA, page, "suspended: nothing is reachable");
	is(iommu_unmap(s.domain, IOVA, 4096), HYPIOMMU_E_BROKEN,
	   "and nothing is changed");
	is(iommu_resume(), 0, "resume");
	writes(&s, IOVA, page, "resumed: everything is as it was");
	is(iommu_unmap(s.domain, IOVA, 4096), 0, "and can be changed");
	cannot_write(&s, IOVA, page, "unmapped after the resume");
}

/* Some domain will have the ASID or VMID of one that ended: identifiers come
 * round, and there are hardly more of them than domains. */
static void renumbered(unsigned int stage)
{
	volatile uint64_t *page = host_alloc(4096);
	bool clean = true;

	iommu_map(s.domain, IOVA, pa_of((void *)page), 4096, RW);
	writes(&s, IOVA, (uint64_t *)page, "a domain's page");
	ok(stand_close(&s), "the domain ends");
	*page = 0;
	for (unsigned int i = 0; i < IDENTIFIERS; i++) {
		ok(stand_open(&s, stage), "another begins");
		edu_write(&s.edu, IOVA, 8);
		clean &= !*page;
		if (i + 1 < IDENTIFIERS)
			ok(stand_close(&s), "and ends");
	}
	ok(clean, "a new domain has nothing of an old one");
}

static void stage(unsigned int number)
{
	print("# stage %lu\n", (uint64_t)number);
	if (!ok(stand_open(&s, number), "a domain, attached"))
		return;
	unmapped_and_mapped();
	read_only();
	block();
	reattach(number);
	suspended();
	renumbered(number);
	ok(stand_close(&s), "detached, freed");
}

void test_main(void)
{
	uint64_t *page = host_alloc(4096);

	gic_init();
	if (!ok(edu_find(0, &s.edu), "there is a device"))
		return;
	s.scratch = host_alloc(4096);
	edu_write(&s.edu, pa_of(page), 8);
	ok(!page[0], "never attached: nothing is reachable");
	stage(1);
	stage(2);
	edu_write(&s.edu, pa_of(page), 8);
	ok(!page[0], "not attached any more: nothing is reachable");
}
