// SPDX-License-Identifier: GPL-2.0-only
/* The SMMU's registers, as a driver would use them. */
#include <linux/io.h>
#include <linux/sizes.h>

#include "attack.h"

#define SMMU_IDR0	 0x00
#define SMMU_CR0	 0x20
#define SMMU_GBPA	 0x44
#define SMMU_STRTAB_BASE 0x80
#define SMMU_CMDQ_PROD	 0x98
#define SMMU_EVENTQ_PROD 0x100a8

static void __iomem *regs;

static u64 register_faults(void)
{
	call(HYPIOMMU_PKVM_STATS, 0, 0, 0, 0, 0);
	return last_result(1);
}

/* Turn the SMMU off, let everything through, move its tables. */
static const char *take_over(void)
{
	u64 before = register_faults();

	writel(0, regs + SMMU_CR0); /* a store of XZR */
	writel(BIT(31), regs + SMMU_GBPA);
	writeq(0x40000000, regs + SMMU_STRTAB_BASE);
	writel(1, regs + SMMU_CMDQ_PROD);
	EXPECT((s64)register_faults(), (int)before + 4);
	/* Values are not told either, whatever the size. */
	EXPECT(readl(regs + SMMU_CR0), 0);
	EXPECT(readb(regs + SMMU_CR0), 0);
	EXPECT(readw(regs + SMMU_CR0), 0);
	EXPECT(readq(regs + SMMU_STRTAB_BASE), 0);
	EXPECT(readl(regs + SMMU_EVENTQ_PROD), 0);
	EXPECT(readl(regs + SMMU_IDR0) != 0, 1); /* constant: may be read */
	/* A load into XZR is thrown away, not put somewhere else. */
	asm volatile("ldr wzr, [%0]" : : "r"(regs + SMMU_IDR0));
	EXPECT((s64)register_faults(), (int)before + 11);
	return NULL;
}

static const char *registers(void)
{
	const char *wrong;

	regs = ioremap(0x09050000, SZ_128K);
	if (!regs)
		return "no mapping";
	wrong = take_over();
	iounmap(regs);
	return wrong;
}

/* The same after pKVM forgot the host's device mappings, and with the
 * neighbours mapped anew by an access. */
static const char *registers_recycled(void)
{
	void __iomem *uart = ioremap(0x09000000, SZ_4K);

	EXPECT(call(HYPIOMMU_PKVM_TEST_RECYCLE, 0, 0, 0, 0, 0), HYPIOMMU_OK);
	readl(uart + 0x18);
	iounmap(uart);
	return registers();
}

/* Two registers at once: no syndrome to emulate by. */
static const char *touch_undecodable(void)
{
	u64 a, b;

	regs = ioremap(0x09050000, SZ_128K);
	asm volatile("ldp %0, %1, [%2]"
		     : "=r"(a), "=r"(b)
		     : "r"(regs + SMMU_IDR0));
	return a | b ? "read two registers" : "no abort";
}

const struct attack register_attacks[] = {
	{ "registers", registers },
	{ "registers-recycled", registers_recycled },
	{ "touch-undecodable", touch_undecodable },
	{}
};
