// SPDX-License-Identifier: GPL-2.0-only
/* The front-end of SMMUv3. */
#include <linux/io.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/pm.h>

#include "frontend.h"
#include "stop_smmuv3.h"

static u32 stop_read(void *regs, u32 offset)
{
	return readl(regs + offset);
}

static void stop_write(void *regs, u32 offset, u32 val)
{
	writel(val, regs + offset);
}

static void block(struct hypiommu_smmu *smmu)
{
	void __iomem *regs =
		ioremap(smmu->reg.start, resource_size(&smmu->reg));
	const struct hypiommu_stop stop = {
		.read = stop_read,
		.write = stop_write,
		.ctx = (void __force *)regs,
	};

	if (!regs || !hypiommu_stop_smmuv3(&stop))
		panic("hypiommu: %s does not stop DMA\n", dev_name(smmu->dev));
	iounmap(regs);
}

static int request_irqs(struct hypiommu_smmu *smmu)
{
	struct platform_device *pdev = to_platform_device(smmu->dev);
	int irq = platform_get_irq_byname_optional(pdev, "combined");

	if (irq < 0)
		irq = platform_get_irq_byname_optional(pdev, "eventq");
	if (irq < 0) {
		dev_warn(smmu->dev, "no event interrupt: faults go unseen\n");
		return 0;
	}
	return hypiommu_fault_irq(smmu, irq);
}

static const struct hypiommu_smmu_kind kind = {
	.block = block,
	.request_irqs = request_irqs,
};

static int probe(struct platform_device *pdev)
{
	return hypiommu_probe(pdev, &kind);
}

static const struct of_device_id matches[] = { { .compatible = "arm,smmu-v3" },
					       {} };

static struct platform_driver hypiommu_smmuv3_driver = {
	.driver = {
		.name = "arm-smmu-v3-hypiommu",
		.of_match_table = matches,
		.pm = pm_sleep_ptr(&hypiommu_pm_ops),
		.suppress_bind_attrs = true,
	},
	.probe = probe,
};
#ifdef MODULE
struct platform_driver *const hypiommu_module_driver = &hypiommu_smmuv3_driver;
const struct hypiommu_smmu_kind *const hypiommu_module_kind = &kind;
#else
builtin_platform_driver(hypiommu_smmuv3_driver);
#endif
