// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The host's own translation: identity, three blocks of 1 GiB. */
#include "host.h"

#define DESC_BLOCK  1ull
#define ATTR_DEVICE (0ull << 2)
#define ATTR_NORMAL (1ull << 2)
#define SH_INNER    (3ull << 8)
#define AF	    (1ull << 10)
#define XN	    (3ull << 53)

#define TCR \
	(25ull | 1ull << 8 | 1ull << 10 | 3ull << 12 | 1ull << 23 | 2ull << 32)

static uint64_t root[512] __attribute__((aligned(4096)));

void mmu_build(void)
{
	root[0] = ATTR_DEVICE | AF | XN | DESC_BLOCK;
	root[RAM_BASE >> 30] = RAM_BASE | ATTR_NORMAL | SH_INNER | AF |
			       DESC_BLOCK;
	root[ECAM_BASE >> 30] = (ECAM_BASE & ~0x3fffffffull) | ATTR_DEVICE |
				AF | XN | DESC_BLOCK;
	dsb(sy);
}

void mmu_enable(void)
{
	sysreg_write(mair_el1, 0xff04);
	sysreg_write(tcr_el1, TCR);
	sysreg_write(ttbr0_el1, (uintptr_t)root);
	isb();
	__asm__ volatile("tlbi vmalle1" ::: "memory");
	dsb(sy);
	isb();
	sysreg_write(sctlr_el1, 0x30d00800 | 1u << 0 | 1u << 2 | 1u << 12);
	isb();
}
