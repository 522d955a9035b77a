// SPDX-License-Identifier: GPL-2.0-only
/* What the port is for, from probe to removal. */
#include <stdio.h>

#include "test.h"

static const char *const names[] = { "sound", "ethernet", "mmc" };
struct device *devices[3];
struct iommu_domain *domains[3];

static const char *smmu_of(const struct device *dev)
{
	const struct hypiommu_master *master = dev->iommu_priv;

	return master->smmu->dev->name;
}

void attach_all(void)
{
	start();
	for (unsigned int i = 0; i < 3; i++) {
		devices[i] = stand_device(names[i]);
		domains[i] = domain_for(devices[i]);
		check(domains[i]->ops->attach_dev(domains[i], devices[i]) == 0);
	}
	all_blocked();
}

/* The line of `domains` that has this stream; NULL. */
static bool listed(const struct device *dev, char line[256])
{
	const char *text = stand_file(smmu_of(dev), "domains"), *at, *end;
	char stream[64];

	snprintf(stream, sizeof(stream), " %s=%#x", dev->name,
		 dev->fwspec->ids[0]);
	at = strstr(text, stream);
	if (!at)
		return false;
	while (at > text && at[-1] != '\n')
		at--;
	end = strchr(at, '\n');
	check(end && end - at < 256);
	memcpy(line, at, (size_t)(end - at));
	line[end - at] = 0;
	return true;
}

static u64 column(const struct device *dev, unsigned int i)
{
	char line[256], *at = line;

	check(listed(dev, line));
	while (i--)
		at = strchr(at, ' ') + 1;
	return strtoull(at, NULL, 0);
}
#define MAPS   4
#define UNMAPS 5
#define BYTES  6

/* Each device reaches what is mapped for it, by its own SMMU, and the others
 * do not. */
void test_life(void)
{
	const u64 pages[4] = { BUF, BUF + 0x5000, BUF + 0x1000, BUF };

	attach_all();
	for (unsigned int i = 0; i < 3; i++) {
		check(column(devices[i], BYTES) == 0);
		check(map_pieces(domains[i], IOVA, pages, 4) == 0);
		check(column(devices[i], BYTES) == 4 * PAGE_SIZE);
		check(column(devices[i], MAPS) == 4);
		check(pins(BUF) == 2 && pins(BUF + 0x5000) == 1);
		for (unsigned int k = 0; k < 3; k++)
			check(reaches(k, IOVA) == (k == i));
		check(reaches(i, IOVA + 3 * PAGE_SIZE) &&
		      !reaches(i, IOVA + 4 * PAGE_SIZE));
		check(domains[i]->ops->iova_to_phys(
			      domains[i], IOVA + 0x1234) == BUF + 0x5234);
		check(unmap(domains[i], IOVA, 4 * PAGE_SIZE) == 4 * PAGE_SIZE);
		check(!domains[i]->ops->iova_to_phys(domains[i], IOVA));
		check(!pins(BUF) && !reaches(i, IOVA));
		check(column(devices[i], BYTES) == 0);
		check(column(devices[i], UNMAPS) == 1);
	}
	/* Two of them are behind one SMMU, or all. */
	check(strstr(stand_file(smmu_of(devices[0]), "counters"),
		     stand_smmu_count == 1 ? "maps 12\nunmaps 3\n"
					   : "maps 8\nunmaps 2\n"));
}

/* All the sizes of lists: narrow, wide, longer than a call holds. */
void test_lists(void)
{
	u64 pages[70];

	attach_all();
	for (u32 i = 0; i < 70; i++)
		pages[i] = BUF + (i * 37 % 70) * PAGE_SIZE;
	for (u32 count = 1; count <= 70; count += count < 30 ? 1 : 13) {
		check(map_pieces(domains[0], IOVA, pages, count) == 0);
		for (u32 i = 0; i < count; i++) {
			check(pins(pages[i]) == 1);
			check(reaches(0, IOVA + i * PAGE_SIZE));
		}
		check(unmap(domains[0], IOVA, count * PAGE_SIZE) ==
		      count * PAGE_SIZE);
	}
	for (u32 i = 0; i < 70; i++)
		check(!pins(pages[i]));
}

/* Pieces of many pages, which need a register each, among others that do not.
 */
void test_pieces(void)
{
	static const u32 pages[] = { 1, 16, 17, 3, 40, 1, 2, 33 };
	const struct iommu_domain_ops *ops;
	u64 iova = IOVA, end;
	size_t mapped;

	attach_all();
	ops = domains[0]->ops;
	for (u32 i = 0; i < ARRAY_SIZE(pages); i++) {
		check(ops->map_pages(domains[0], iova, BUF + i * SZ_64K * 4,
				     PAGE_SIZE, pages[i], 3, GFP_ATOMIC,
				     &mapped) == 0);
		iova += mapped;
	}
	end = iova;
	check(ops->iotlb_sync_map(domains[0], IOVA, end - IOVA) == 0);
	mock_look();
	iova = IOVA;
	for (u32 i = 0; i < ARRAY_SIZE(pages); i++) {
		for (u32 k = 0; k < pages[i]; k++, iova += PAGE_SIZE) {
			u64 pa = BUF + i * SZ_64K * 4 + k * PAGE_SIZE;
			char byte = (char)(i + k), *at;

			check(pins(pa) == 1);
			check(bed_dma(0, iova, true, &byte, 1) == SIM_DMA_OK);
			at = sim_mem_ptr(mock_machine->mem, pa);
			check(*at == byte);
		}
	}
	check(unmap(domains[0], IOVA, end - IOVA) == end - IOVA);
	check(!pins(BUF) && !reaches(0, end - PAGE_SIZE));
}

/* A whole range in one piece, of more pages than a call maps. */
void test_large(void)
{
	const u64 size = 6 << 20;
	size_t mapped;

	attach_all();
	watch_from_now(false);
	check(domains[1]->ops->map_pages(domains[1], IOVA + PAGE_SIZE, BUF,
					 PAGE_SIZE, size / PAGE_SIZE, 3,
					 GFP_KERNEL, &mapped) == 0);
	check(mapped == size);
	check(domains[1]->ops->iotlb_sync_map(domains[1], IOVA + PAGE_SIZE,
					      size) == 0);
	mock_look();
	check(reaches(1, IOVA + size) && pins(BUF + size - PAGE_SIZE) == 1);
	check(column(devices[1], BYTES) == size);
	check(domains[1]->ops->iova_to_phys(domains[1], IOVA + size) ==
	      BUF + size - PAGE_SIZE);
	check(unmap(domains[1], IOVA + PAGE_SIZE, size) == size);
	check(!reaches(1, IOVA + size) && !pins(BUF + size - PAGE_SIZE));
}

/* From one domain to another, to none, and out of the machine. */
void test_moves(void)
{
	struct iommu_domain *other;
	char line[256];
	const u64 page = BUF;

	attach_all();
	other = domain_for(devices[0]);
	check(map_pieces(domains[0], IOVA, &page, 1) == 0);
	check(other->ops->attach_dev(other, devices[0]) == 0);
	check(!reaches(0, IOVA));
	check(map_pieces(other, IOVA + PAGE_SIZE, &page, 1) == 0);
	check(reaches(0, IOVA + PAGE_SIZE) && pins(BUF) == 2);
	domains[0]->ops->free(domains[0]);
	check(pins(BUF) == 1);
	check(hypiommu_iommu_ops.blocked_domain->ops->attach_dev(
		      hypiommu_iommu_ops.blocked_domain, devices[0]) == 0);
	check(!reaches(0, IOVA + PAGE_SIZE) && !listed(devices[0], line));
	check(other->ops->attach_dev(other, devices[0]) == 0);
	check(reaches(0, IOVA + PAGE_SIZE) && listed(devices[0], line));
	hypiommu_iommu_ops.release_device(devices[0]);
	check(!reaches(0, IOVA + PAGE_SIZE));
	other->ops->free(other);
	check(!pins(BUF));
	check(strstr(stand_file(smmu_of(devices[1]), "counters"), "maps 2\n"));
}

/* A domain is of one SMMU: devices of others stay where they are. */
void test_other_smmu(void)
{
	const u64 page = BUF;

	attach_all();
	if (stand_smmu_count == 1)
		return;
	check(smmu_of(devices[0]) == smmu_of(devices[1]));
	check(smmu_of(devices[0]) != smmu_of(devices[2]));
	check(map_pieces(domains[0], IOVA, &page, 1) == 0);
	check(map_pieces(domains[2], IOVA, &page, 1) == 0);
	check(domains[0]->ops->attach_dev(domains[0], devices[2]) == -EINVAL);
	check(reaches(2, IOVA));
	/* Two of one SMMU in one domain. */
	check(domains[0]->ops->attach_dev(domains[0], devices[1]) == 0);
	check(reaches(1, IOVA) && reaches(0, IOVA));
}

/* A stream that the device tree names twice is attached once. */
void test_named_twice(void)
{
	struct device *dev;
	struct iommu_domain *d;
	char line[256];

	start();
	if (!tree_find("display"))
		return;
	dev = stand_device("display");
	d = domain_for(dev);
	check(dev->fwspec->num_ids == 2);
	check(d->ops->attach_dev(d, dev) == 0 && listed(dev, line));
	hypiommu_iommu_ops.release_device(dev);
	d->ops->free(d);
}

/* Faults come with the stream, the address and why. */
void test_faults(void)
{
	struct hypiommu_master *master;
	char text[128];

	attach_all();
	master = devices[2]->iommu_priv;
	stand_irq(master->smmu->dev); /* what was tried before */
	kernel_forget();
	check(!reaches(2, IOVA + 0x5000));
	stand_irq(master->smmu->dev);
	snprintf(text, sizeof(text), "stream %#x: write at %#llx: not mapped",
		 devices[2]->fwspec->ids[0], IOVA + 0x5000);
	check(kernel_said(text));
	check(atomic64_read(&master->smmu->faults) > 0);
	kernel_forget();
	stand_irq(master->smmu->dev);
	check(!kernel_said("stream"));
}

/* -------------------------------------------------------------------- sleep */

static int each_smmu(pm_fn fn)
{
	for (unsigned int i = 0; i < stand_smmu_count; i++) {
		int err = fn(&stand_smmus[i].dev);

		if (err)
			return err;
	}
	return 0;
}

/* The host suspends: nothing passes, whatever hardware forgets meanwhile. */
void test_suspend(void)
{
	const struct dev_pm_ops *pm = kernel_driver->driver.pm;
	const u64 page = BUF;

	attach_all();
	check(map_pieces(domains[0], IOVA, &page, 1) == 0);
	for (int round = 0; round < 2; round++) {
		check(each_smmu(pm->suspend_noirq) == 0);
		all_blocked();
		check(unmap(domains[0], IOVA, PAGE_SIZE) == 0 && pins(BUF));
		watch_from_now(false); /* out of reset hardware is as it is */
		if (round)
			bed_power_lost();
		stand_cpu_entry();
		watch_from_now(bed_always_on);
		check(each_smmu(pm->resume_noirq) == 0);
		watch_from_now(true);
		check(reaches(0, IOVA) && !reaches(1, IOVA));
	}
	check(strstr(stand_file(smmu_of(devices[0]), "counters"),
		     "suspends 2\nresumes 2\n"));
	check(unmap(domains[0], IOVA, PAGE_SIZE) == PAGE_SIZE && !pins(BUF));
}

/* Firmware puts the machine to sleep, or a part of it, and the host knows
 * nothing of it. */
void test_psci(void)
{
	const u64 page = BUF;

	attach_all();
	check(map_pieces(domains[0], IOVA, &page, 1) == 0);
	for (unsigned int part = 0; part <= bed_parts; part++) {
		if (!bed_always_on)
			break;
		watch_from_now(false);
		if (part < bed_parts)
			bed_part_lost(part);
		else
			bed_power_lost();
		stand_cpu_entry();
		watch_from_now(true);
		check(reaches(0, IOVA) && !reaches(1, IOVA));
	}
	/* Nothing slept: what is switched off stays so. */
	check(each_smmu(kernel_driver->driver.pm->suspend_noirq) == 0);
	stand_cpu_entry();
	check(!reaches(0, IOVA));
}

/* EL2 cannot wake one: its DMA stays blocked, and the log says so. */
void test_not_woken(void)
{
	const u64 page = BUF;

	attach_all();
	check(map_pieces(domains[0], IOVA, &page, 1) == 0);
	check(each_smmu(kernel_driver->driver.pm->suspend_noirq) == 0);
	bed_stall(true);
	check(each_smmu(kernel_driver->driver.pm->resume_noirq) != 0);
	bed_stall(false);
	check(kernel_said("resume: DMA is blocked"));
	check(!reaches(0, IOVA));
	check(each_smmu(kernel_driver->driver.pm->resume_noirq) == 0);
	check(reaches(0, IOVA));
}

/* ------------------------------------------------------- without protection */

/* No protected KVM, no take-over: this kernel stops its SMMUs itself, and again
 * when it wakes. */
void test_unprotected(void)
{
	struct device_node *mc;
	struct resource sids;

	boot();
	mc = of_find_compatible_node(NULL, NULL, "nvidia,tegra234-mc");
	stand_protected = false;
	check(reaches(0, BUF));
	check(hypiommu_offer_all() == 0);
	check(kernel_said("no protected KVM: all DMA is blocked"));
	all_blocked();
	check(each_smmu(kernel_driver->driver.pm->suspend_noirq) == 0);
	bed_power_lost();
	check(reaches(0, BUF));
	check(each_smmu(kernel_driver->driver.pm->resume_noirq) == 0);
	all_blocked();
	/* Firmware's own client is as it was: the CPU cluster's. */
	if (mc) {
		check(of_address_to_resource(mc, 1, &sids) == 0);
		check(bed_read(sids.start + 0x39 * 8 + 4, 4) == 0);
	}
	check(!stand_file(stand_smmus[0].dev.name, "domains")[0]);
}
