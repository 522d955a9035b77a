// SPDX-License-Identifier: GPL-2.0-only
/* Domains, mappings, ownership, power: through the module, seen by devices. */
#include "test.h"

void test_life(void)
{
	char text[] = "through the module", back[sizeof(text)] = { 0 };

	start_attached();
	check(mock_map(DOMAIN, IOVA, BUF, 8 * PAGE) == 8 * PAGE);
	check(mock_count(BUF) == 1 && mock_count(BUF + 7 * PAGE) == 1);
	check(mock_iova_to_phys(DOMAIN, IOVA + 5) == BUF + 5);
	check(bed_dma(0, IOVA + PAGE - 4, true, text, sizeof(text)) ==
	      SIM_DMA_OK);
	check(!memcmp(sim_mem_ptr(mock_machine->mem, BUF + PAGE - 4), text,
		      sizeof(text)));
	check(bed_dma(0, IOVA + PAGE - 4, false, back, sizeof(back)) ==
	      SIM_DMA_OK);
	check(!strcmp(back, text));
	check(!reaches(1, IOVA)); /* not attached */
	check(mock_unmap(DOMAIN, IOVA, 8 * PAGE) == 8 * PAGE);
	check(!reaches(0, IOVA));
	check(mock_count(BUF) == 0 && mock_count(BUF + 7 * PAGE) == 0);
	check(mock_detach(0, DOMAIN) == 0);
	check(mock_free_domain(DOMAIN) == 0);
	assert_all_blocked();
}

/* Pages that are not the host's, registers, and what nobody declared. */
void test_refused_pages(void)
{
	start_attached();
	check(mock_give(BUF, MOCK_GUEST) == 0);
	check(mock_map(DOMAIN, IOVA, BUF, PAGE) == 0);
	check(mock_map(DOMAIN, IOVA, BUF - PAGE, 2 * PAGE) == 0);
	check(mock_count(BUF - PAGE) == 0);
	check(mock_return(BUF) == 0);
	check(mock_map(DOMAIN, IOVA, hypiommu_machine.tables.base, PAGE) == 0);
	check(mock_map(DOMAIN, IOVA, hypiommu_machine.instance.base, PAGE) ==
	      0);
	check(mock_map(DOMAIN, IOVA, hypiommu_machine.smmu[0].frame[0].base,
		       PAGE) == 0);
	check(mock_map(DOMAIN, IOVA, 0x0c000000, PAGE) == 0); /* some MMIO */
	check(mock_map(DOMAIN, IOVA, hypiommu_machine.doorbell[0].base, PAGE) ==
	      PAGE);
	check(mock_unmap(DOMAIN, IOVA, PAGE) == PAGE);
	/* RAM the core knows and the machine's description does not. */
	hypiommu_machine.ram[1].size -= 4 * MiB;
	check(mock_map(DOMAIN, IOVA, RAM + 30 * MiB, PAGE) == 0);
	check(mock_count(RAM + 30 * MiB) == 0);
	check(mock_map(DOMAIN, IOVA, BUF, PAGE) == PAGE);
	check(reaches(0, IOVA));
}

/* Of a range across two memblocks the core counts nothing, and lowers nothing.
 */
void test_two_blocks(void)
{
	uint64_t pa = RAM + MOCK_BLOCK - 2 * PAGE;

	start_attached();
	check(mock_map(DOMAIN, IOVA, pa, 4 * PAGE) == 0);
	check(mock_map(DOMAIN, IOVA, pa, 2 * PAGE) == 2 * PAGE);
	check(mock_map(DOMAIN, IOVA + 2 * PAGE, pa + 2 * PAGE, 2 * PAGE) ==
	      2 * PAGE);
	check(mock_unmap(DOMAIN, IOVA, 4 * PAGE) == 4 * PAGE);
	for (unsigned int i = 0; i < 4; i++)
		check(mock_give(pa + i * PAGE, MOCK_GUEST) == 0);
}

void test_pinned_pages_stay(void)
{
	start_attached();
	check(mock_map(DOMAIN, IOVA, BUF, PAGE) == PAGE);
	check(mock_map(DOMAIN, IOVA + PAGE, BUF, PAGE) == PAGE);
	check(mock_give(BUF, MOCK_GUEST) == -EBUSY);
	check(mock_unmap(DOMAIN, IOVA, PAGE) == PAGE);
	check(mock_give(BUF, MOCK_HYP) == -EBUSY);
	check(mock_unmap(DOMAIN, IOVA + PAGE, PAGE) == PAGE);
	check(mock_give(BUF, MOCK_GUEST) == 0);
	check(mock_map(DOMAIN, IOVA, BUF, PAGE) == 0);
}

/* Where a request ends early, the core lowers the rest, and only that. */
void test_partly_mapped(void)
{
	start_attached();
	check(mock_map(DOMAIN, IOVA + 4 * PAGE, BUF, PAGE) == PAGE);
	check(mock_map(DOMAIN, IOVA, BUF + PAGE, 8 * PAGE) == 0);
	for (unsigned int i = 1; i < 9; i++)
		check(mock_count(BUF + i * PAGE) == 0);
	check(mock_count(BUF) == 1 && reaches(0, IOVA + 4 * PAGE));
	check(!reaches(0, IOVA));
	/* More than a call does, and no pages for tables. */
	mock_topup = false;
	check(mock_map(DOMAIN, IOVA + (1ull << 33), BUF, 4 * MiB) == 0);
	mock_topup = true;
	check(mock_map(DOMAIN, IOVA + (1ull << 33), BUF, 4 * MiB) == 4 * MiB);
	check(mock_unmap(DOMAIN, IOVA + (1ull << 33), 4 * MiB) == 4 * MiB);
}

/*
 * A request whose unit the library cannot keep to: what is mapped of it ends
 * within one, for it ends at 512 descriptors. Around it, and behind, pages are
 * counted for others.
 */
static void map_in_units(uint64_t unit, uint64_t count)
{
	uint64_t end = unit * count, mapped;

	start_attached();
	check(mock_map(DOMAIN, IOVA + (1ull << 30), BUF - PAGE,
		       end + unit + 2 * PAGE) == end + unit + 2 * PAGE);
	do {
		mapped = mock_map_pages(DOMAIN, IOVA + PAGE, BUF, unit, count,
					3);
	} while (!mapped && mock_top_up());
	check(!(mapped % unit));
	for (uint64_t at = 0; at < end; at += PAGE)
		check(mock_count(BUF + at) == (at < mapped ? 2 : 1));
	for (uint64_t at = end; at <= end + unit; at += PAGE)
		check(mock_count(BUF + at) == 1);
	check(mock_count(BUF - PAGE) == 1);
	/* And given away is nothing of all that. */
	check(mock_give(BUF + end, MOCK_GUEST) == -EBUSY);
}

void test_units(void)
{
	start_attached();
	for (uint64_t unit = 0; unit < 2 * PAGE; unit += PAGE / 2) {
		if (unit == PAGE)
			continue;
		check(mock_map_pages(DOMAIN, IOVA, BUF, unit, 2, 3) == 0);
		check(mock_count(BUF) == 0 && !reaches(0, IOVA));
	}
}

void test_units_of_2m(void)
{
	map_in_units(2 * MiB, 2);
}

void test_units_of_4m(void)
{
	map_in_units(4 * MiB, 1);
}

void test_units_of_3_pages(void)
{
	map_in_units(3 * PAGE, 300);
}

/* While one CPU maps another unmaps: each lowers what is its own. */
static void other_unmaps(void)
{
	check(mock_unmap(DOMAIN + 1, IOVA, PAGE) == PAGE);
}

void test_two_cpus(void)
{
	start_attached();
	check(mock_alloc_domain(DOMAIN + 1, TYPE) == 0);
	for (unsigned int same = 0; same < 2; same++) {
		uint64_t pa = BUF + (same ? PAGE : 9 * PAGE);

		check(mock_map(DOMAIN + 1, IOVA, pa, PAGE) == PAGE);
		mock_rival = other_unmaps;
		check(mock_map(DOMAIN, IOVA, BUF, 4 * PAGE) == 4 * PAGE);
		check(!mock_rival);
		check(mock_count(pa) == same && mock_count(BUF) == 1);
		check(mock_unmap(DOMAIN, IOVA, 4 * PAGE) == 4 * PAGE);
		check(mock_count(BUF) == 0 && mock_count(BUF + PAGE) == 0);
	}
}

void test_refused_kinds(void)
{
	struct kvm_hyp_iommu_domain domain = { .domain_id = 2 };
	struct kvm_hyp_iommu *iommu;
	uint32_t smmu, sid;

	start_attached();
	bed_stream(1, &smmu, &sid);
	iommu = hypiommu_ops.get_iommu_by_id(smmu);
	check(mock_alloc_domain(2, KVM_IOMMU_DOMAIN_IDMAP_TYPE) == -EOPNOTSUPP);
	check(mock_alloc_domain(2, KVM_IOMMU_DOMAIN_ANY_TYPE) == -EOPNOTSUPP);
	check(mock_alloc_domain(2, -1) == -EOPNOTSUPP);
	check(mock_alloc_domain(
		      2, HYPIOMMU_MACHINE_TYPE(hypiommu_machine.smmu_count)) ==
	      -EOPNOTSUPP);
	check(mock_alloc_domain(KVM_IOMMU_MAX_DOMAINS / 2, TYPE) ==
	      -EOPNOTSUPP); /* a VM's */
	check(mock_alloc_domain(2, HYPIOMMU_MACHINE_TYPE(smmu)) == 0);
	domain = (struct kvm_hyp_iommu_domain){ .domain_id = 2, .priv = NULL };
	check(hypiommu_ops.attach_dev(iommu, &domain, sid, 0, 0, 0) ==
	      -ENOENT); /* never allocated */
	check(hypiommu_ops.attach_dev(iommu, &domain, sid, 1, 4, 0) ==
	      -EOPNOTSUPP);
	check(hypiommu_ops.attach_dev(iommu, &domain, sid, 0, 0, 1) ==
	      -EOPNOTSUPP);
	check(hypiommu_ops.detach_dev(iommu, &domain, sid, 1) == -EOPNOTSUPP);
	check(hypiommu_ops.attach_dev(iommu, &domain, 0x7ff, 0, 0, 0) ==
	      -ENOENT); /* nobody's stream */
	check(!hypiommu_ops.get_iommu_by_id(hypiommu_machine.smmu_count));
	check(!hypiommu_ops.get_iommu_by_id(~0u));
	check(!reaches(1, IOVA));
}

/* Hardware that stops answering: what it may still reach stays counted. */
void test_unmap_not_confirmed(void)
{
	start_attached();
	check(mock_map(DOMAIN, IOVA, BUF, 4 * PAGE) == 4 * PAGE);
	bed_stall(true);
	check(mock_unmap(DOMAIN, IOVA, 4 * PAGE) == 0);
	check(mock_count(BUF) == 1 && mock_give(BUF, MOCK_GUEST) == -EBUSY);
	bed_stall(false);
	check(mock_power(smmu_of(0), true) == 0);
	check(mock_unmap(DOMAIN, IOVA, PAGE) == 0); /* finishes the first */
	check(mock_count(BUF) == 0 && mock_give(BUF, MOCK_GUEST) == 0);
}

/* What was mapped before a request was refused midway is undone; if hardware
 * does not confirm that, the core must not lower the counts. */
void test_undo_not_confirmed(void)
{
	start_attached();
	check(mock_map(DOMAIN, IOVA + 4 * PAGE, BUF, PAGE) == PAGE);
	bed_stall(true);
	mock_map_once(DOMAIN, IOVA, BUF + PAGE, 8 * PAGE, 3);
	for (unsigned int i = 1; i < 5; i++)
		check(mock_count(BUF + i * PAGE) == 1);
	bed_stall(false);
	check(mock_power(smmu_of(0), true) == 0);
	mock_look();
}

void test_power(void)
{
	start_attached();
	check(mock_map(DOMAIN, IOVA, BUF, PAGE) == PAGE);
	check(mock_power(smmu_of(0), false) == 0);
	check(!reaches(0, IOVA));
	check(mock_map(DOMAIN, IOVA + PAGE, BUF + PAGE, PAGE) == 0);
	check(mock_count(BUF + PAGE) == 0);
	mock_watch = false; /* out of reset hardware is as hardware is */
	check(mock_power(smmu_of(0), true) == 0);
	mock_watch = true;
	mock_look();
	check(reaches(0, IOVA));
	/* That of another SMMU is no matter of this one. */
	for (unsigned int i = 0; i < hypiommu_machine.smmu_count; i++) {
		if (i == smmu_of(0))
			continue;
		check(mock_power(i, false) == 0 && reaches(0, IOVA));
		check(mock_power(i, true) == 0 && reaches(0, IOVA));
	}
	for (unsigned int i = 0; i < hypiommu_machine.smmu_count; i++)
		check(mock_power(i, false) == 0);
	check(!reaches(0, IOVA));
	mock_sleep(PKVM_PSCI_SYSTEM_SUSPEND);
	mock_watch = false;
	for (unsigned int i = 0; i < hypiommu_machine.smmu_count; i++)
		check(mock_power(i, true) == 0);
	mock_watch = true;
	mock_look();
	check(reaches(0, IOVA));
	check(mock_unmap(DOMAIN, IOVA, PAGE) == PAGE);
	check(mock_count(BUF) == 0);
}

/* A host that says nothing of it: hardware that comes up open is closed before
 * the host runs; other hardware comes up blocking. */
void test_sleep(void)
{
	static const enum pkvm_psci_notification how[] = {
		PKVM_PSCI_SYSTEM_SUSPEND,
		PKVM_PSCI_CPU_SUSPEND,
	};

	start_attached();
	check(mock_map(DOMAIN, IOVA, BUF, PAGE) == PAGE);
	if (!bed_always_on)
		return;
	for (unsigned int i = 0; i < sizeof(how) / sizeof(how[0]); i++) {
		mock_sleep(how[i]);
		mock_look();
		check(reaches(0, IOVA) && !reaches(1, IOVA));
	}
	check(mock_unmap(DOMAIN, IOVA, PAGE) == PAGE);
	check(!reaches(0, IOVA));
}

/* Of the memory controller alone, or of an SMMU alone. */
void test_sleep_in_part(void)
{
	start_attached();
	check(mock_map(DOMAIN, IOVA, BUF, PAGE) == PAGE);
	for (unsigned int part = 0; part < bed_parts; part++) {
		mock_watch = false;
		bed_part_lost(part);
		mock_psci(PKVM_PSCI_CPU_ENTRY);
		mock_watch = true;
		mock_look();
		check(reaches(0, IOVA) && !reaches(1, IOVA));
	}
}

/* A CPU comes back where nothing slept: what the host switched off stays so. */
void test_sleep_failed(void)
{
	start_attached();
	check(mock_map(DOMAIN, IOVA, BUF, PAGE) == PAGE);
	check(mock_power(smmu_of(0), false) == 0);
	mock_psci(PKVM_PSCI_SYSTEM_SUSPEND);
	mock_psci(PKVM_PSCI_CPU_ENTRY);
	check(!reaches(0, IOVA));
	check(mock_power(smmu_of(0), true) == 0);
	check(reaches(0, IOVA));
}

/* A domain that is freed with mappings in it, more than one call clears. */
void test_free_mapped(void)
{
	start_attached();
	check(mock_map(DOMAIN, IOVA, BUF, 6 * MiB) == 6 * MiB);
	check(mock_map(DOMAIN, IOVA + (1ull << 30), BUF + PAGE, MiB) == MiB);
	check(mock_free_domain(DOMAIN) == -EINVAL);
	check(mock_detach(0, DOMAIN) == 0);
	check(mock_count(BUF + PAGE) == 2);
	check(mock_free_domain(DOMAIN) == 0);
	for (uint64_t at = 0; at < 6 * MiB; at += PAGE)
		check(mock_count(BUF + at) == 0);
	assert_all_blocked();
}

static unsigned int counts(uint64_t size)
{
	unsigned int sum = 0;

	for (uint64_t at = 0; at < size; at += PAGE)
		sum += mock_count(BUF + at);
	return sum;
}

/* One that is more than a call may clear dies in steps, when other domains come
 * or go; what is left of it keeps its pages. */
void test_free_large(void)
{
	const uint64_t size = 6 * MiB, times = 12;
	unsigned int all, before;

	start_attached();
	mock_watch = false; /* at every step it would take minutes */
	for (uint64_t i = 0; i < times; i++)
		check(mock_map(DOMAIN, IOVA + (i << 30) + PAGE, BUF, size) ==
		      size);
	all = (unsigned int)(times * size / PAGE);
	check(counts(size) == all);
	check(mock_detach(0, DOMAIN) == 0);
	mock_watch = true;
	check(mock_free_domain(DOMAIN) == 0);
	before = counts(size);
	check(before < all && all - before <= 16 * 512);
	check(mock_alloc_domain(DOMAIN + 1, TYPE) == 0);
	check(counts(size) < before && before - counts(size) <= 16 * 512);
	check(mock_attach(0, DOMAIN + 1) == 0);
	check(mock_map(DOMAIN + 1, IOVA, BUF, PAGE) == PAGE);
	check(reaches(0, IOVA) && !reaches(0, IOVA + PAGE));
	check(mock_unmap(DOMAIN + 1, IOVA, PAGE) == PAGE);
	check(mock_detach(0, DOMAIN + 1) == 0);
	check(mock_free_domain(DOMAIN + 1) == 0);
	check(mock_alloc_domain(DOMAIN, TYPE) == 0);
	check(counts(size) == 0);
}
