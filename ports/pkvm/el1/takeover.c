// SPDX-License-Identifier: GPL-2.0-only
/*
 * The take-over: just before pKVM takes this kernel's privileges, every SMMU of
 * the device tree is handed to EL2, with the streams that may exist behind it
 * and the doorbells devices may ring. Not a driver's business: an SMMU nobody
 * drives is taken all the same, and blocks.
 */
#define pr_fmt(fmt) "hypiommu: " fmt

#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/sizes.h>

#include <hypiommu/pkvm_call.h>
#include <hypiommu/takeover.h>

#include "hypiommu-machine.h"

/* Domains of all SMMUs together: one a device, and as many to spare. */
#define DOMAINS 256u

/* Tables at the start: an SMMU's queues and contexts, and a stream table of 16
 * KiB for each 256 streams. More comes on demand. */
#define TABLE_PAGES_PER_SMMU	16u
#define TABLE_PAGES_PER_STREAMS 4u

static bool taken; /* EL2 owns them */

static s64 setup(u64 op, u64 a, u64 b, u64 c, u64 d, u64 *result)
{
	u64 x[6] = { op, a, b, c, d };

	hypiommu_hvc(KVM_HOST_SMCCC_FUNC(__hypiommu_setup), x);
	if (result)
		*result = x[1];
	return x[0];
}

static int failed(const char *what, s64 status)
{
	pr_err("%s: error %lld of EL2\n", what, status);
	return -EIO;
}

/* ------------------------------------------------------------ what there is */

struct counts {
	u64 streams, clients;
};

static int count_stream(struct machine_smmu *smmu, u32 sid, u32 client,
			void *ctx)
{
	struct counts *counts = ctx;

	if (client == NO_CLIENT)
		counts->streams++;
	else
		counts->clients++;
	return 0;
}

static int count_firmware(u32 client, void *ctx)
{
	((struct counts *)ctx)->clients++;
	return 0;
}

/* Two devices on one stream; two streams of one client: the first has it. */
static int declared(const char *what, s64 err)
{
	return err && err != HYPIOMMU_E_EXIST ? failed(what, err) : 0;
}

static int declare_stream(struct machine_smmu *smmu, u32 sid, u32 client,
			  void *ctx)
{
	if (client == NO_CLIENT)
		return declared("stream", setup(HYPIOMMU_SETUP_STREAM,
						smmu->number, sid, 0, 0, NULL));
	return declared("memory client", setup(HYPIOMMU_SETUP_CLIENT, client,
					       smmu->number, sid, 0, NULL));
}

static int declare_firmware(u32 client, void *ctx)
{
	return declared("firmware's client",
			setup(HYPIOMMU_SETUP_FIRMWARE, client, 0, 0, 0, NULL));
}

static int declare_doorbell(u64 base, u64 size, void *ctx)
{
	s64 err = setup(HYPIOMMU_SETUP_DOORBELL, base, size, 0, 0, NULL);

	return err ? failed("doorbell", err) : 0;
}

static int declare_smmus(void)
{
	for (unsigned int i = 0; i < machine_smmu_count; i++) {
		struct machine_smmu *smmu = &machine_smmus[i];
		u64 op = smmu->tegra234 ? HYPIOMMU_SETUP_SMMUV2
					: HYPIOMMU_SETUP_SMMUV3;
		u64 mirror = smmu->frames > 1 ? smmu->reg[1].start : 0;
		s64 err = setup(op, smmu->reg[0].start,
				resource_size(&smmu->reg[0]), mirror, 0,
				&smmu->number);

		if (err) {
			pr_err("%pOF\n", smmu->node);
			return failed("SMMU", err);
		}
	}
	return 0;
}

static int declare_mc(void)
{
	struct resource blocks[MAX_MC];
	int count = machine_mc_blocks(blocks);

	for (int i = 0; i < count; i++) {
		s64 err = setup(i ? HYPIOMMU_SETUP_MC_BLOCK : HYPIOMMU_SETUP_MC,
				blocks[i].start, resource_size(&blocks[i]), 0,
				0, NULL);

		if (err)
			return failed("memory controller", err);
	}
	return min(count, 0);
}

/* ----------------------------------------------------------- the take-over */

static int create(const struct counts *counts)
{
	u64 bytes, pages, table_pages, streams = max(counts->streams, 1ull);
	void *instance, *tables;
	s64 err = setup(HYPIOMMU_SETUP_SIZE, machine_smmu_count, DOMAINS,
			streams, counts->clients, &bytes);

	if (err)
		return failed("instance", err);
	pages = PAGE_ALIGN(bytes) >> PAGE_SHIFT;
	table_pages = TABLE_PAGES_PER_SMMU * machine_smmu_count +
		      TABLE_PAGES_PER_STREAMS * DIV_ROUND_UP(streams, 256);
	table_pages = roundup_pow_of_two(table_pages);
	/* Donated for good: never freed, also on an error. */
	instance = alloc_pages_exact(pages << PAGE_SHIFT, GFP_KERNEL);
	tables = (void *)__get_free_pages(GFP_KERNEL, ilog2(table_pages));
	if (!instance || !tables)
		return -ENOMEM;
	err = setup(HYPIOMMU_SETUP_CREATE, __pa(instance) >> PAGE_SHIFT, pages,
		    __pa(tables) >> PAGE_SHIFT, table_pages, NULL);
	if (err)
		return failed("instance", err);
	pr_info("donated %llu KiB for the instance, %llu KiB for tables\n",
		pages * PAGE_SIZE / SZ_1K, table_pages * PAGE_SIZE / SZ_1K);
	return 0;
}

/* The number EL2 knows the SMMU at this address by; -ENOENT: it has none. */
int hypiommu_smmu_number(phys_addr_t base)
{
	for (unsigned int i = 0; i < machine_smmu_count; i++) {
		if (taken && machine_smmus[i].reg[0].start == base) {
			machine_smmus[i].driven = true;
			return machine_smmus[i].number;
		}
	}
	return -ENOENT;
}

/* Nothing gets past an SMMU without a front-end; say why. */
static int __init report_undriven(void)
{
	for (unsigned int i = 0; taken && i < machine_smmu_count; i++) {
		if (!machine_smmus[i].driven)
			pr_err("%pOF: no front-end: all its DMA is blocked\n",
			       machine_smmus[i].node);
	}
	return 0;
}
late_initcall(report_undriven);

int __init hypiommu_takeover(void)
{
	struct counts counts = {};
	int err = machine_find_smmus();
	s64 status;

	if (!err && !machine_smmu_count) {
		pr_info("no SMMU of EL2's in the device tree\n");
		return 0;
	}
	if (!err)
		err = machine_for_each_stream(count_stream, &counts);
	if (!err)
		err = machine_for_each_firmware(count_firmware, &counts);
	if (!err)
		err = create(&counts);
	if (!err)
		err = declare_smmus();
	if (!err)
		err = declare_mc();
	if (!err)
		err = machine_for_each_stream(declare_stream, NULL);
	if (!err)
		err = machine_for_each_firmware(declare_firmware, NULL);
	if (!err)
		err = machine_for_each_doorbell(declare_doorbell, NULL);
	if (err)
		return err;
	status = setup(HYPIOMMU_SETUP_FINALISE, 0, 0, 0, 0, NULL);
	if (status)
		return failed("finalise", status);
	taken = true;
	pr_info("EL2 owns %u SMMU%s with %llu streams, all blocked\n",
		machine_smmu_count, machine_smmus[0].tegra234 ? "v2" : "v3",
		counts.streams);
	return 0;
}
