// SPDX-License-Identifier: GPL-2.0-only
/*
 * The front-end of Tegra234's SMMUs. A device's stream IDs are those of its
 * `iommus` or of its bridge's `iommu-map`; the memory clients it has behind
 * each EL2 knows from the take-over, and routes as streams are attached.
 */
#include <linux/io.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/platform_device.h>
#include <linux/pm.h>

#include <hypiommu/takeover.h>

#include "frontend.h"
#include "stop_tegra234.h"

static u32 stop_read(void *regs, u32 offset)
{
	return readl(regs + offset);
}

static void stop_write(void *regs, u32 offset, u32 val)
{
	writel(val, regs + offset);
}

static bool stop_frame(const struct resource *reg)
{
	void __iomem *regs = ioremap(reg->start, resource_size(reg));
	const struct hypiommu_stop stop = {
		.read = stop_read,
		.write = stop_write,
		.ctx = (void __force *)regs,
	};
	bool stopped = regs && hypiommu_stop_smmuv2(&stop);

	if (regs)
		iounmap(regs);
	return stopped;
}

/* Whom the memory controller leads around the SMMUs, except firmware's own:
 * those it has locked. */
static bool stop_clients(void)
{
	struct device_node *mc =
		of_find_compatible_node(NULL, NULL, "nvidia,tegra234-mc");
	int sid = mc ? of_property_match_string(mc, "reg-names", "sid") : -1;
	void __iomem *regs = sid >= 0 ? of_iomap(mc, sid) : NULL;
	const struct hypiommu_stop stop = {
		.read = stop_read,
		.write = stop_write,
		.ctx = (void __force *)regs,
	};

	of_node_put(mc);
	for (u32 id = 0; regs && id < SZ_64K / 8; id++) {
		if (!hypiommu_client_is_firmware(id))
			hypiommu_stop_client(&stop, id);
	}
	if (regs)
		iounmap(regs);
	return regs;
}

static void block(struct hypiommu_smmu *smmu)
{
	struct platform_device *pdev = to_platform_device(smmu->dev);
	struct resource *reg;
	bool stopped = stop_clients();

	for (unsigned int i = 0;
	     (reg = platform_get_resource(pdev, IORESOURCE_MEM, i)); i++)
		stopped &= stop_frame(reg);
	if (!stopped)
		panic("hypiommu: %s does not stop DMA\n", dev_name(smmu->dev));
}

/* The same few lines serve all context banks, and are listed for each. */
static int request_irqs(struct hypiommu_smmu *smmu)
{
	struct platform_device *pdev = to_platform_device(smmu->dev);
	int known[4], count = 0, lines = platform_irq_count(pdev), err = 0;

	for (int i = 0; !err && i < lines; i++) {
		int irq = platform_get_irq(pdev, i), k = 0;

		while (k < count && known[k] != irq)
			k++;
		if (irq < 0 || k < count)
			continue;
		if (count == ARRAY_SIZE(known))
			break;
		known[count++] = irq;
		err = hypiommu_fault_irq(smmu, irq);
	}
	if (!count)
		dev_warn(smmu->dev, "no interrupt: faults go unseen\n");
	return err;
}

static const struct hypiommu_smmu_kind kind = {
	.block = block,
	.request_irqs = request_irqs,
};

static int probe(struct platform_device *pdev)
{
	return hypiommu_probe(pdev, &kind);
}

static const struct of_device_id matches[] = {
	{ .compatible = "nvidia,tegra234-smmu" }, {}
};

static struct platform_driver hypiommu_tegra_driver = {
	.driver = {
		.name = "tegra-smmu-hypiommu",
		.of_match_table = matches,
		.pm = pm_sleep_ptr(&hypiommu_pm_ops),
		.suppress_bind_attrs = true,
	},
	.probe = probe,
};
#ifdef MODULE
struct platform_driver *const hypiommu_module_driver = &hypiommu_tegra_driver;
const struct hypiommu_smmu_kind *const hypiommu_module_kind = &kind;
#else
builtin_platform_driver(hypiommu_tegra_driver);
#endif
