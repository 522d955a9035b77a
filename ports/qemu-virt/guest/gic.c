// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Interrupts stay masked in the CPU: a pending one ends WFI, and is then read
 * from the interface (IHI 0069). */
#include "gic.h"
#include "host.h"

#define GICD_CTLR	0x0000
#define GICD_IGROUPR	0x0080
#define GICD_ISENABLER	0x0100
#define GICD_IPRIORITYR 0x0400
#define GICD_ICFGR	0x0c00
#define GICD_IROUTER	0x6000

#define CTLR_GROUP1 (1u << 1)
#define CTLR_ARE    (1u << 4)
#define CFG_EDGE    2u

#define ICC_PMR_EL1	s3_0_c4_c6_0
#define ICC_IAR1_EL1	s3_0_c12_c12_0
#define ICC_EOIR1_EL1	s3_0_c12_c12_1
#define ICC_SRE_EL1	s3_0_c12_c12_5
#define ICC_IGRPEN1_EL1 s3_0_c12_c12_7

#define read_reg(name)	       sysreg_read(name)
#define write_reg(name, value) sysreg_write(name, value)

#define TIMER_PPI 30u
#define NAP_US	  1000

static unsigned int smmu_events;

static uint64_t sgi_frame(void)
{
	return GICR_BASE + (uint64_t)cpu_id() * GICR_EACH + GICR_SGI;
}

static void set_bit(uint64_t reg, unsigned int intid)
{
	uint64_t at = reg + intid / 32 * 4;

	io_write32(at, io_read32(at) | 1u << intid % 32);
}

static void enable_event_interrupt(void)
{
	const unsigned int n = SMMU_EVENT_INTID;
	uint64_t config = GICD_BASE + GICD_ICFGR + n / 16 * 4;

	io_write32(GICD_BASE + GICD_CTLR, CTLR_ARE | CTLR_GROUP1);
	set_bit(GICD_BASE + GICD_IGROUPR, n);
	io_write32(config, io_read32(config) | CFG_EDGE << n % 16 * 2);
	io_write64(GICD_BASE + GICD_IROUTER + 8ull * n, 0); /* CPU 0 */
	set_bit(GICD_BASE + GICD_ISENABLER, n);
}

void gic_init(void)
{
	if (!cpu_id())
		enable_event_interrupt();
	io_write32(sgi_frame() + GICD_IGROUPR, ~0u);
	io_write32(sgi_frame() + GICD_ISENABLER, 1u << TIMER_PPI);
	write_reg(ICC_SRE_EL1, 7);
	isb();
	write_reg(ICC_PMR_EL1, 0xff);
	write_reg(ICC_IGRPEN1_EL1, 1);
	isb();
}

static void take_all(void)
{
	for (;;) {
		uint64_t intid = read_reg(ICC_IAR1_EL1) & 0xffffff;

		if (intid >= 1020)
			return;
		if (intid == SMMU_EVENT_INTID)
			smmu_events++;
		write_reg(ICC_EOIR1_EL1, intid);
	}
}

void nap(void)
{
	uint64_t ticks = sysreg_read(cntfrq_el0) / 1000000 * NAP_US;

	sysreg_write(cntp_tval_el0, ticks);
	sysreg_write(cntp_ctl_el0, 1);
	isb();
	__asm__ volatile("wfi" ::: "memory");
	sysreg_write(cntp_ctl_el0, 0);
	isb();
	take_all();
}

unsigned int gic_smmu_events(void)
{
	take_all();
	return smmu_events;
}
