// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) "hypiommu: " fmt

#include <linux/of_address.h>
#include <linux/pci.h>
#include <linux/sizes.h>

#include <hypiommu/takeover.h>

#include "hypiommu-machine.h"

struct machine_smmu machine_smmus[MAX_SMMUS];
unsigned int machine_smmu_count;

/* ------------------------------------------------------------------- SMMUs */

static int add_smmu(struct device_node *node, bool tegra234)
{
	struct machine_smmu *smmu = &machine_smmus[machine_smmu_count];

	if (machine_smmu_count == MAX_SMMUS)
		return -ENOSPC;
	if (of_address_to_resource(node, 0, &smmu->reg[0])) {
		pr_err("%pOF: no registers\n", node);
		return -EINVAL;
	}
	smmu->frames = 1;
	if (tegra234 && !of_address_to_resource(node, 1, &smmu->reg[1]))
		smmu->frames = 2;
	smmu->tegra234 = tegra234;
	smmu->node = of_node_get(node);
	machine_smmu_count++;
	return 0;
}

static int find(const char *compatible, bool tegra234)
{
	struct device_node *node;

	for_each_compatible_node(node, NULL, compatible)
	{
		int err = of_device_is_available(node)
				  ? add_smmu(node, tegra234)
				  : 0;

		if (err) {
			of_node_put(node);
			return err;
		}
	}
	return 0;
}

int machine_find_smmus(void)
{
	int err = find("arm,smmu-v3", false);

	return err ? err : find("nvidia,tegra234-smmu", true);
}

static struct machine_smmu *smmu_of(const struct device_node *node)
{
	for (unsigned int i = 0; i < machine_smmu_count; i++) {
		if (machine_smmus[i].node == node)
			return &machine_smmus[i];
	}
	return NULL;
}

/* ---------------------------------------------------------- memory controller
 */

static struct device_node *mc_node(void)
{
	return of_find_compatible_node(NULL, NULL, "nvidia,tegra234-mc");
}

int machine_mc_blocks(struct resource blocks[MAX_MC])
{
	struct device_node *mc = mc_node();
	int sid, count = 0;

	if (!mc)
		return 0;
	sid = of_property_match_string(mc, "reg-names", "sid");
	if (sid < 0 || of_address_to_resource(mc, sid, &blocks[count++])) {
		pr_err("%pOF: no stream ID registers\n", mc);
		of_node_put(mc);
		return -EINVAL;
	}
	for (int i = 0; count < MAX_MC; i++) {
		if (i != sid && of_address_to_resource(mc, i, &blocks[count]))
			break;
		count += i != sid;
	}
	of_node_put(mc);
	return count;
}

/* The memory clients of a device, by its interconnects. */
static int for_each_client(struct device_node *master,
			   int (*fn)(u32 client, void *ctx), void *ctx)
{
	struct device_node *mc = mc_node();
	struct of_phandle_args spec;
	int err = 0;

	for (int i = 0; !err && !of_parse_phandle_with_args(
					master, "interconnects",
					"#interconnect-cells", i, &spec);
	     i++) {
		if (mc && spec.np == mc && spec.args_count)
			err = fn(spec.args[0], ctx);
		of_node_put(spec.np);
	}
	of_node_put(mc);
	return err;
}

#define BPMP	"nvidia,tegra234-bpmp"
#define MPCOREW 0x39u /* the CPU cluster's */

int machine_for_each_firmware(int (*fn)(u32 client, void *ctx), void *ctx)
{
	struct device_node *mc = mc_node(), *bpmp;
	int err;

	if (!mc)
		return 0;
	of_node_put(mc);
	bpmp = of_find_compatible_node(NULL, NULL, BPMP);
	err = fn(MPCOREW, ctx);
	if (!err && bpmp)
		err = for_each_client(bpmp, fn, ctx);
	of_node_put(bpmp);
	return err;
}

struct question {
	u32 client;
	bool answer;
};

static int is_it(u32 client, void *ctx)
{
	struct question *q = ctx;

	q->answer |= client == q->client;
	return 0;
}

bool hypiommu_client_is_firmware(u32 client)
{
	struct question q = { .client = client };

	machine_for_each_firmware(is_it, &q);
	return q.answer;
}

/* ------------------------------------------------------------------ streams */

struct walk {
	machine_stream_fn fn;
	void *ctx;
	struct device_node *master;
	/* told last: a bus often is one stream */
	struct machine_smmu *smmu;
	u32 sid;
};

static int tell_client(u32 client, void *ctx)
{
	struct walk *w = ctx;

	return w->fn(w->smmu, w->sid, client, w->ctx);
}

static int tell(struct walk *w, struct machine_smmu *smmu, u32 sid)
{
	int err;

	if (w->smmu == smmu && w->sid == sid)
		return 0;
	w->smmu = smmu;
	w->sid = sid;
	err = w->fn(smmu, sid, NO_CLIENT, w->ctx);
	if (!err && smmu->tegra234)
		err = for_each_client(w->master, tell_client, w);
	return err;
}

static int platform_streams(struct walk *w)
{
	struct of_phandle_args spec;
	int err = 0;

	for (int i = 0;
	     !err && !of_parse_phandle_with_args(w->master, "iommus",
						 "#iommu-cells", i, &spec);
	     i++) {
		struct machine_smmu *smmu = smmu_of(spec.np);

		if (smmu && spec.args_count == 1)
			err = tell(w, smmu, spec.args[0]);
		of_node_put(spec.np);
	}
	return err;
}

/* Every function that can appear on a bus the machine has. */
static int bus_streams(struct walk *w, struct pci_bus *bus)
{
	struct pci_bus *child;
	int err = 0;

	for (u32 devfn = 0; !err && devfn < 256; devfn++) {
		struct device_node *target = NULL;
		u32 sid;

		if (of_map_id(w->master, bus->number << 8 | devfn, "iommu-map",
			      "iommu-map-mask", &target, &sid))
			continue;
		if (smmu_of(target))
			err = tell(w, smmu_of(target), sid);
		of_node_put(target);
	}
	/* As deep as bridges are nested. */
	list_for_each_entry(child, &bus->children, node)
	{
		if (!err)
			err = bus_streams(w, child);
	}
	return err;
}

int machine_for_each_stream(machine_stream_fn fn, void *ctx)
{
	struct pci_bus *bus = NULL;
	struct device_node *node;
	int err = 0;

	for_each_node_with_property(node, "iommus")
	{
		struct walk w = { .fn = fn, .ctx = ctx, .master = node };

		/* Firmware's own: its clients are left as they are. */
		if (!err && !of_device_is_compatible(node, BPMP))
			err = platform_streams(&w);
	}
	while (!err && (bus = pci_find_next_bus(bus))) {
		struct walk w = { .fn = fn, .ctx = ctx };

		w.master = pci_bus_to_OF_node(bus);
		if (w.master && pci_is_root_bus(bus))
			err = bus_streams(&w, bus);
	}
	return err;
}

/* ---------------------------------------------------------------- doorbells */

/*
 * GICv3's ITS: GITS_TRANSLATER is in the second 64 KiB of the frame (IHI 0069
 * 12.10). GICv2m: the page of the frame itself.
 */
int machine_for_each_doorbell(int (*fn)(u64 base, u64 size, void *ctx),
			      void *ctx)
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
			int err;

			if (of_address_to_resource(node, 0, &reg))
				continue;
			err = fn(reg.start + kinds[i].offset, PAGE_SIZE, ctx);
			if (err) {
				of_node_put(node);
				return err;
			}
		}
	}
	return 0;
}
