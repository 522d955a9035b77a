// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * EL2's own translation (DDI 0487 D8): identity, 39 bits, 4 KiB granule, in 2
 * MiB blocks. Code cannot be written, data cannot be executed, stacks end.
 */
#include "monitor.h"

#define BLOCK 0x200000ull
#define PAGE  0x1000ull

#define DESC_TABLE  3ull
#define DESC_PAGE   3ull
#define DESC_BLOCK  1ull
#define ATTR_DEVICE (0ull << 2) /* index into MAIR_EL2 */
#define ATTR_NORMAL (1ull << 2)
#define AP_RES1	    (1ull << 6)
#define AP_RO	    (1ull << 7)
#define SH_INNER    (3ull << 8)
#define AF	    (1ull << 10)
#define XN	    (1ull << 54)

#define MAIR 0xff04ull /* 1: write-back, 0: Device-nGnRE */

/* 39 bits, 4 KiB, walks cached write-back and inner shareable; RES1 */
#define TCR (25ull | 1u << 8 | 1u << 10 | 3u << 12 | 1u << 23 | 1u << 31)

#define SCTLR_RES1 0x30c50830ull
#define SCTLR_M	   (1u << 0)
#define SCTLR_C	   (1u << 2)
#define SCTLR_I	   (1u << 12)
#define SCTLR_WXN  (1u << 19)

extern char rodata_start[], data_start[], stacks[];

static uint64_t root[512] __attribute__((aligned(4096)));
static uint64_t low[512] __attribute__((aligned(4096)));
static uint64_t ram[512] __attribute__((aligned(4096)));
static uint64_t data[512] __attribute__((aligned(4096))); /* first block */

static void map(uint64_t *table, uint64_t base, uint64_t end, uint64_t attr)
{
	for (uint64_t at = base; at < end; at += BLOCK)
		table[at / BLOCK % 512] = at | attr | AP_RES1 | AF | DESC_BLOCK;
}

static void map_device(uint64_t base)
{
	base &= ~(BLOCK - 1);
	map(low, base, base + BLOCK, ATTR_DEVICE | XN);
}

/* The block with the stacks, by pages: a stack that grows too large ends at a
 * page that is not there. */
static void map_stacks(uint64_t block, uint64_t attr)
{
	uint64_t base = (uintptr_t)stacks;

	for (uint64_t i = 0; i < 512; i++)
		data[i] = (block + i * PAGE) | attr | AP_RES1 | AF | DESC_PAGE;
	for (uint64_t cpu = 0; cpu < CPUS; cpu++)
		data[(base + cpu * STACK_EACH - block) / PAGE] = 0;
	ram[block / BLOCK % 512] = (uintptr_t)data | DESC_TABLE;
}

static void clean(const void *table)
{
	for (uint64_t at = 0; at < 4096; at += 16)
		__asm__ volatile("dc civac, %0" ::"r"((uintptr_t)table + at)
				 : "memory");
}

void mmu_build(void)
{
	const uint64_t normal = ATTR_NORMAL | SH_INNER;
	uint64_t constants = (uintptr_t)rodata_start;
	uint64_t variables = (uintptr_t)data_start;

	root[0] = (uintptr_t)low | DESC_TABLE;
	root[1] = (uintptr_t)ram | DESC_TABLE;
	map_device(GICR_BASE);
	map_device(UART_BASE); /* and the SMMU */
	map(ram, RAM_BASE, MONITOR_BASE, normal | XN);
	map(ram, MONITOR_BASE, constants, normal | AP_RO);
	map(ram, constants, variables, normal | AP_RO | XN);
	map(ram, variables, RAM_BASE + RAM_SIZE, normal | XN);
	map_stacks(variables, normal | XN);
	/* Written with caches off, read with caches on. */
	clean(root);
	clean(low);
	clean(ram);
	clean(data);
	dsb(sy);
}

void mmu_enable(void)
{
	uint64_t parange = sysreg_read(id_aa64mmfr0_el1) & 7;

	sysreg_write(mair_el2, MAIR);
	sysreg_write(tcr_el2, TCR | parange << 16);
	sysreg_write(ttbr0_el2, (uintptr_t)root);
	isb();
	__asm__ volatile("tlbi alle2" ::: "memory");
	dsb(sy);
	isb();
	sysreg_write(sctlr_el2,
		     SCTLR_RES1 | SCTLR_M | SCTLR_C | SCTLR_I | SCTLR_WXN);
	isb();
}
