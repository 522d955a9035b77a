// SPDX-License-Identifier: GPL-2.0-only
/*
 * An SMMU as a device of this kernel. It is bound early, so that no other
 * driver is, and offered to devices only once EL2 says it is in charge. Where
 * EL2 never takes it (no protected mode), its kind makes it abort everything:
 * the one time registers are touched here, because they are its own then.
 */

#include <linux/interrupt.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/platform_device.h>
#include <linux/pm.h>

#include <asm/kvm_host.h>
#include <asm/virt.h>

#include <hypiommu/pkvm_call.h>
#include <hypiommu/takeover.h>

#include "frontend.h"

static LIST_HEAD(waiting);

/* ------------------------------------------------------------------ faults */

static const char *reason_name(u16 reason)
{
	static const char *const names[] = {
		[HYPIOMMU_FAULT_OTHER] = "other",
		[HYPIOMMU_FAULT_CONFIG] = "stream not attached",
		[HYPIOMMU_FAULT_TRANSLATION] = "not mapped",
		[HYPIOMMU_FAULT_PERMISSION] = "not permitted",
		[HYPIOMMU_FAULT_ADDRESS_SIZE] = "address too large",
		[HYPIOMMU_FAULT_ACCESS_FLAG] = "access flag",
		[HYPIOMMU_FAULT_EXTERNAL] = "external abort",
	};

	return reason < ARRAY_SIZE(names) ? names[reason] : "unknown";
}

static void report(struct hypiommu_smmu *smmu, const u64 *x)
{
	u32 sid = x[1];
	u16 reason = x[1] >> 32, flags = x[1] >> 48;

	atomic64_inc(&smmu->faults);
	dev_warn_ratelimited(
		smmu->dev, "stream %#x: %s at %#llx: %s (event %#llx)%s\n", sid,
		flags & HYPIOMMU_FAULT_WRITE ? "write" : "read",
		flags & HYPIOMMU_FAULT_IOVA ? x[2] : 0, reason_name(reason),
		x[3], flags & HYPIOMMU_FAULT_LOST ? ", others lost" : "");
}

/* At most as many records at once as a queue of the usual size holds. */
static irqreturn_t fault_irq(int irq, void *data)
{
	struct hypiommu_smmu *smmu = data;

	for (int i = 0; i < 128; i++) {
		u64 x[6] = { HYPIOMMU_HC_FAULT_READ, smmu->number };
		s64 status = hypiommu_call(x);

		if (status == HYPIOMMU_E_AGAIN)
			continue;
		if (status)
			break;
		report(smmu, x);
	}
	return IRQ_HANDLED;
}

int hypiommu_fault_irq(struct hypiommu_smmu *smmu, int irq)
{
	return devm_request_threaded_irq(smmu->dev, irq, NULL, fault_irq,
					 IRQF_ONESHOT | IRQF_SHARED,
					 dev_name(smmu->dev), smmu);
}

/* ------------------------------------------------------------- registering */

/* Stage 1 if the hardware has it: asked for by a domain that is given back. */
static int choose_stage(struct hypiommu_smmu *smmu)
{
	s64 status = HYPIOMMU_E_UNSUPPORTED;

	for (smmu->stage = 1; smmu->stage <= 2; smmu->stage++) {
		u64 x[6] = { HYPIOMMU_HC_DOMAIN_ALLOC, smmu->number,
			     smmu->stage };

		status = hypiommu_call(x);
		if (!status) {
			u64 y[6] = { HYPIOMMU_HC_DOMAIN_FREE, x[1] };

			while (hypiommu_call(y) == HYPIOMMU_E_AGAIN)
				y[0] = HYPIOMMU_HC_DOMAIN_FREE, y[1] = x[1];
			return 0;
		}
		if (status != HYPIOMMU_E_UNSUPPORTED)
			break;
	}
	return hypiommu_errno(status);
}

static int offer(struct hypiommu_smmu *smmu)
{
	int number = hypiommu_smmu_number(smmu->reg.start);
	u64 x[6] = { HYPIOMMU_HC_INFO };
	int err;

	/* Without protected mode there is nobody to call. */
	if (!is_protected_kvm_enabled() || !is_kvm_arm_initialised()) {
		dev_err(smmu->dev, "no protected KVM: all DMA is blocked\n");
		smmu->kind->block(smmu);
		smmu->blocked = true;
		return -EPERM;
	}
	if (number < 0 || hypiommu_call(x) || x[1] != HYPIOMMU_ABI_VERSION) {
		dev_err(smmu->dev, "EL2 did not take it over\n");
		return -EPERM;
	}
	smmu->number = number;
	smmu->offered = true;
	err = choose_stage(smmu);
	if (!err)
		err = smmu->kind->request_irqs(smmu);
	if (!err)
		err = iommu_device_sysfs_add(&smmu->iommu, smmu->dev, NULL,
					     "%s", dev_name(smmu->dev));
	if (!err)
		err = iommu_device_register(&smmu->iommu, &hypiommu_iommu_ops,
					    smmu->dev);
	if (err)
		return err;
	hypiommu_view_add(smmu);
	dev_info(smmu->dev, "SMMU %llu of EL2, stage %u, through hypercalls\n",
		 smmu->number, smmu->stage);
	return 0;
}

int hypiommu_probe(struct platform_device *pdev,
		   const struct hypiommu_smmu_kind *kind)
{
	struct hypiommu_smmu *smmu =
		devm_kzalloc(&pdev->dev, sizeof(*smmu), GFP_KERNEL);
	struct resource *reg = platform_get_resource(pdev, IORESOURCE_MEM, 0);

	if (!smmu || !reg)
		return smmu ? -EINVAL : -ENOMEM;
	smmu->dev = &pdev->dev;
	smmu->kind = kind;
	smmu->reg = *reg;
	smmu->coherent = of_dma_is_coherent(pdev->dev.of_node);
	mutex_init(&smmu->lock);
	INIT_LIST_HEAD(&smmu->domains);
	platform_set_drvdata(pdev, smmu);
	list_add_tail(&smmu->node, &waiting);
	return 0;
}

/* -------------------------------------------------------------------- sleep */

/*
 * Last of all and first of all: the devices behind it depend on it, by the
 * device tree. Asleep it lets nothing pass, and so it stays where EL2 cannot
 * wake it.
 */
static int power(struct device *dev, u64 fn, atomic64_t *count)
{
	struct hypiommu_smmu *smmu = dev_get_drvdata(dev);
	u64 x[6] = { fn, smmu->number };
	s64 status;

	if (!smmu->offered)
		return 0;
	status = hypiommu_call(x);
	if (status)
		dev_err(dev, "%s: error %lld of EL2\n",
			fn == HYPIOMMU_PKVM_SUSPEND ? "suspend"
						    : "resume: DMA is blocked",
			status);
	else
		atomic64_inc(count);
	return hypiommu_errno(status);
}

static int smmu_suspend(struct device *dev)
{
	struct hypiommu_smmu *smmu = dev_get_drvdata(dev);

	return power(dev, HYPIOMMU_PKVM_SUSPEND, &smmu->suspends);
}

static int smmu_resume(struct device *dev)
{
	struct hypiommu_smmu *smmu = dev_get_drvdata(dev);

	if (smmu->blocked) /* it may have forgotten */
		smmu->kind->block(smmu);
	return power(dev, HYPIOMMU_PKVM_RESUME, &smmu->resumes);
}

const struct dev_pm_ops hypiommu_pm_ops = { NOIRQ_SYSTEM_SLEEP_PM_OPS(
	smmu_suspend, smmu_resume) };

int hypiommu_offer_all(void)
{
	struct hypiommu_smmu *smmu;

	list_for_each_entry(smmu, &waiting, node)
	{
		int err = offer(smmu);

		if (err)
			dev_err(smmu->dev, "not usable: %d\n", err);
	}
	return 0;
}

/* After finalize_pkvm(), which is linked before it. */
#ifndef MODULE
device_initcall_sync(hypiommu_offer_all);
#endif
