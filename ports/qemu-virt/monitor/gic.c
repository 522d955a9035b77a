// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * GICv3: interrupts are the host's and go to EL1 directly. It gets the
 * distributor and the SGI frames. Never the RD frames and the translation
 * service: they are given addresses of memory that the GIC then writes, past
 * any SMMU. So waking a redistributor, which is done there, is EL2's.
 */
#include "monitor.h"

#define GICR_WAKER   0x14
#define WAKER_SLEEP  (1u << 1)
#define WAKER_ASLEEP (1u << 2)
#define ICC_SRE_EL2  s3_4_c12_c9_5
#define SRE_EL1_TOO  0xf /* system registers, for EL1 as well */

#define read_(name)	    sysreg_read(name)
#define write_(name, value) sysreg_write(name, value)

void gic_init(unsigned int cpu)
{
	uint64_t waker = GICR_BASE + (uint64_t)cpu * GICR_EACH + GICR_WAKER;

	io_write32(waker, io_read32(waker) & ~WAKER_SLEEP);
	while (io_read32(waker) & WAKER_ASLEEP)
		;
	write_(ICC_SRE_EL2, SRE_EL1_TOO);
	isb();
}
