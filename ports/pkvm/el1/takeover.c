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
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/pci.h>
#include <linux/sizes.h>

#include <hypiommu/pkvm_call.h>
#include <hypiommu/takeover.h>

/* Domains of all SMMUs together: one a device, and as many to spare. */
#define DOMAINS 256u

/* Tables at the start: an SMMU's queues and contexts, and a stream table of 16
 * KiB for each 256 streams. More comes on demand. */
#define TABLE_PAGES_PER_SMMU	16u
#define TABLE_PAGES_PER_STREAMS 4u

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

/* ------------------------------------------------------------ the machine */

#define MAX_SMMUS 64

struct smmu {
	struct device_node *node;
	struct resource reg;
	u64 number;
	bool driven; /* a front-end asked for it */
};

static struct smmu smmus[MAX_SMMUS];
static unsigned int smmu_count;
static bool taken; /* EL2 owns them */

/* A stream of an SMMU; the walk over the tree counts, then declares them. */
typedef int (*stream_fn)(struct smmu *smmu, u32 sid, u64 *count);

static int count_stream(struct smmu *smmu, u32 sid, u64 *count)
{
	++*count;
	return 0;
}

static int declare_stream(struct smmu *smmu, u32 sid, u64 *count)
{
	s64 err = setup(HYPIOMMU_SETUP_STREAM, smmu->number, sid, 0, 0, NULL);

	if (err == HYPIOMMU_E_EXIST) /* two devices on one stream */
		return 0;
	if (err)
		return failed("stream", err);
	++*count;
	return 0;
}

static struct smmu *smmu_of(const struct device_node *node)
{
	for (unsigned int i = 0; i < smmu_count; i++) {
		if (smmus[i].node == node)
			return &smmus[i];
	}
	return NULL;
}

static int find_smmus(void)
{
	struct device_node *node;

	for_each_compatible_node(node, NULL, "arm,smmu-v3")
	{
		struct smmu *smmu = &smmus[smmu_count];

		if (!of_device_is_available(node))
			continue;
		if (smmu_count == MAX_SMMUS) {
			of_node_put(node);
			return -ENOSPC;
		}
		if (of_address_to_resource(node, 0, &smmu->reg)) {
			pr_err("%pOF: no registers\n", node);
			of_node_put(node);
			return -EINVAL;
		}
		smmu->node = of_node_get(node);
		smmu_count++;
	}
	return 0;
}

static int platform_streams(struct device_node *master, stream_fn fn,
			    u64 *count)
{
	struct of_phandle_args spec;
	int err = 0;

	for (int i = 0;
	     !err && !of_parse_phandle_with_args(master, "iommus",
						 "#iommu-cells", i, &spec);
	     i++) {
		struct smmu *smmu = smmu_of(spec.np);

		if (smmu && spec.args_count == 1)
			err = fn(smmu, spec.args[0], count);
		of_node_put(spec.np);
	}
	return err;
}

/* Every function that can appear on a bus the machine has. */
static int bus_streams(struct pci_bus *bus, struct device_node *bridge,
		       stream_fn fn, u64 *count)
{
	struct pci_bus *child;
	int err = 0;

	for (u32 devfn = 0; !err && devfn < 256; devfn++) {
		struct device_node *target = NULL;
		u32 sid;

		if (of_map_id(bridge, bus->number << 8 | devfn, "iommu-map",
			      "iommu-map-mask", &target, &sid))
			continue;
		if (smmu_of(target))
			err = fn(smmu_of(target), sid, count);
		of_node_put(target);
	}
	/* As deep as bridges are nested. */
	list_for_each_entry(child, &bus->children, node)
	{
		if (!err)
			err = bus_streams(child, bridge, fn, count);
	}
	return err;
}

static int for_each_stream(stream_fn fn, u64 *count)
{
	struct device_node *node;
	struct pci_bus *bus = NULL;
	int err = 0;

	for_each_node_with_property(node, "iommus")
	{
		if (!err)
			err = platform_streams(node, fn, count);
	}
	while (!err && (bus = pci_find_next_bus(bus))) {
		struct device_node *bridge = pci_bus_to_OF_node(bus);

		if (bridge && pci_is_root_bus(bus))
			err = bus_streams(bus, bridge, fn, count);
	}
	return err;
}

/*
 * GICv3's ITS: GITS_TRANSLATER is in the second 64 KiB of the frame (IHI 0069
 * 12.10). GICv2m: the page of the frame itself.
 */
static int declare_doorbells(void)
{
	static const struct {
		const char *compatible;
		u32 offset;
	} kinds[] = {
		{ "arm,gic-v3-its", SZ_64K },
		{ "arm,gic-v2m-frame", 0 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct device_node *node;

		for_each_compatible_node(node, NULL, kinds[i].compatible)
		{
			struct resource reg;
			s64 err;

			if (of_address_to_resource(node, 0, &reg))
				continue;
			err = setup(HYPIOMMU_SETUP_DOORBELL,
				    reg.start + kinds[i].offset, PAGE_SIZE, 0,
				    0, NULL);
			if (err) {
				of_node_put(node);
				return failed("doorbell", err);
			}
		}
	}
	return 0;
}

/* ----------------------------------------------------------- the take-over */

static int create(u64 streams)
{
	u64 bytes, pages, table_pages;
	void *instance, *tables;
	s64 err = setup(HYPIOMMU_SETUP_SIZE, smmu_count, DOMAINS, streams, 0,
			&bytes);

	if (err)
		return failed("instance", err);
	pages = PAGE_ALIGN(bytes) >> PAGE_SHIFT;
	table_pages = TABLE_PAGES_PER_SMMU * smmu_count +
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

static int declare_smmus(void)
{
	for (unsigned int i = 0; i < smmu_count; i++) {
		struct smmu *smmu = &smmus[i];
		s64 err = setup(HYPIOMMU_SETUP_SMMUV3, smmu->reg.start,
				resource_size(&smmu->reg), 0, 0, &smmu->number);

		if (err) {
			pr_err("%pOF\n", smmu->node);
			return failed("SMMUv3", err);
		}
	}
	return 0;
}

/* The number EL2 knows the SMMU at this address by; -ENOENT: it has none. */
int hypiommu_smmu_number(phys_addr_t base)
{
	for (unsigned int i = 0; i < smmu_count; i++) {
		if (taken && smmus[i].reg.start == base) {
			smmus[i].driven = true;
			return smmus[i].number;
		}
	}
	return -ENOENT;
}

/* Nothing gets past an SMMU without a front-end; say why. */
static int __init report_undriven(void)
{
	for (unsigned int i = 0; taken && i < smmu_count; i++) {
		if (!smmus[i].driven)
			pr_err("%pOF: no front-end: all its DMA is blocked\n",
			       smmus[i].node);
	}
	return 0;
}
late_initcall(report_undriven);

int __init hypiommu_takeover(void)
{
	u64 streams = 0, declared = 0;
	int err = find_smmus();
	s64 status;

	if (!err && !smmu_count) {
		pr_info("no SMMUv3 in the device tree\n");
		return 0;
	}
	if (!err)
		err = for_each_stream(count_stream, &streams);
	if (!err)
		err = create(max(streams, 1ull));
	if (!err)
		err = declare_smmus();
	if (!err)
		err = for_each_stream(declare_stream, &declared);
	if (!err)
		err = declare_doorbells();
	if (err)
		return err;
	status = setup(HYPIOMMU_SETUP_FINALISE, 0, 0, 0, 0, NULL);
	if (status)
		return failed("finalise", status);
	taken = true;
	pr_info("EL2 owns %u SMMUv3 with %llu streams, all blocked\n",
		smmu_count, declared);
	return 0;
}
