// SPDX-License-Identifier: GPL-2.0-only
/* QEMU's edu device: a DMA engine with a buffer of 4 KiB. */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/iopoll.h>
#include <linux/pci.h>
#include <linux/sizes.h>

#include "attack.h"

#define EDU_SRC	   0x80
#define EDU_DST	   0x88
#define EDU_COUNT  0x90
#define EDU_CMD	   0x98
#define EDU_BUFFER 0x40000
#define CMD_START  BIT(0)
#define CMD_TO_RAM BIT(1)

static struct pci_dev *edu;
static void __iomem *regs;

static void transfer(u64 src, u64 dst, u32 bytes, u64 cmd)
{
	u64 val;

	writeq(src, regs + EDU_SRC);
	writeq(dst, regs + EDU_DST);
	writeq(bytes, regs + EDU_COUNT);
	writeq(cmd | CMD_START, regs + EDU_CMD);
	/* It works on a timer of 100 ms, faulting or not. Nothing here sleeps:
	 * sleep.c comes with interrupts off. */
	if (readq_poll_timeout_atomic(regs + EDU_CMD, val, !(val & CMD_START),
				      100, 2000000))
		pr_err("hypiommu-attack: edu does not end\n");
}

void edu_from_ram(u64 iova, u32 bytes)
{
	transfer(iova, EDU_BUFFER, bytes, 0);
}

void edu_to_ram(u64 iova, u32 bytes)
{
	transfer(EDU_BUFFER, iova, bytes, CMD_TO_RAM);
}

bool edu_present(void)
{
	return edu;
}

u32 edu_stream(void)
{
	return pci_dev_id(edu);
}

const char *edu_copy(void)
{
	dma_addr_t iova;
	u64 *ram = dma_alloc_coherent(&edu->dev, SZ_4K, &iova, GFP_KERNEL);
	const char *wrong = NULL;

	if (!ram)
		return "no memory";
	for (unsigned int i = 0; i < 256; i++)
		ram[i] = i * 0x0123456789abcdefull;
	edu_from_ram(iova, SZ_2K);
	edu_to_ram(iova + SZ_2K, SZ_2K);
	if (memcmp(ram, ram + 256, SZ_2K))
		wrong = "the copy differs";
	dma_free_coherent(&edu->dev, SZ_4K, ram, iova);
	return wrong;
}

static int edu_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	int err = pcim_enable_device(pdev);

	if (!err)
		err = pcim_iomap_regions(pdev, BIT(0), "edu");
	if (!err)
		err = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(32));
	if (err)
		return err;
	pci_set_master(pdev);
	regs = pcim_iomap_table(pdev)[0];
	edu = pdev;
	return 0;
}

static void edu_remove(struct pci_dev *pdev)
{
	edu = NULL;
}

static const struct pci_device_id ids[] = { { PCI_DEVICE(0x1234, 0x11e8) },
					    {} };

/* Nothing to do; but without any the core takes its DMA from it asleep, and
 * then it is not the SMMU that holds it back. */
static int edu_sleep(struct device *dev)
{
	return 0;
}
static DEFINE_NOIRQ_DEV_PM_OPS(edu_pm, edu_sleep, edu_sleep);

static struct pci_driver edu_driver = {
	.name = "hypiommu-edu",
	.id_table = ids,
	.probe = edu_probe,
	.remove = edu_remove,
	.driver.pm = &edu_pm,
};

int edu_init(void)
{
	return pci_register_driver(&edu_driver);
}

void edu_exit(void)
{
	pci_unregister_driver(&edu_driver);
}
