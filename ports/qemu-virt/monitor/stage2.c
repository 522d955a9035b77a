// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The host's stage 2 (DDI 0487 D8): identity, 39 bits, 4 KiB granule. RAM is
 * mapped by pages from the beginning, 1 MiB of tables: no block is ever split,
 * no table ever missing. Devices are mapped by name; what is not named here the
 * host cannot reach: the SMMU, EL2's memory, and whatever would write memory
 * without an SMMU before it.
 */
#include "monitor.h"

#define PAGE  0x1000ull
#define BLOCK 0x200000ull

#define DESC_TABLE  3ull
#define DESC_BLOCK  1ull
#define DESC_PAGE   3ull
#define RW	    (3ull << 6)
#define AF	    (1ull << 10)
#define XN	    (1ull << 54)
#define ATTR_NORMAL (15ull << 2 | 3ull << 8 | RW | AF)
#define ATTR_DEVICE (1ull << 2 | RW | AF | XN)

/* 39 bits from level 1, walks cached and inner shareable, 40-bit output */
#define VTCR \
	(25ull | 1u << 6 | 1u << 8 | 1u << 10 | 3u << 12 | 2u << 16 | 1u << 31)
#define HCR_VM 1ull
#define VMID   1ull

/* Beyond this many pages one command for all of them is cheaper. */
#define PAGE_COMMANDS 64

static uint64_t root[512] __attribute__((aligned(4096)));
static uint64_t low[512] __attribute__((aligned(4096)));
static uint64_t gic[512] __attribute__((aligned(4096)));
static uint64_t uart[512] __attribute__((aligned(4096)));
static uint64_t ecam[512] __attribute__((aligned(4096)));
static uint64_t ram[512] __attribute__((aligned(4096)));
static uint64_t pages[RAM_SIZE / PAGE] __attribute__((aligned(4096)));

static void map_pages(uint64_t *table, uint64_t base, uint64_t size)
{
	for (uint64_t at = base; at < base + size; at += PAGE)
		table[at / PAGE % 512] = at | ATTR_DEVICE | DESC_PAGE;
}

static void map_blocks(uint64_t *table, uint64_t base, uint64_t size)
{
	for (uint64_t at = base; at < base + size; at += BLOCK)
		table[at / BLOCK % 512] = at | ATTR_DEVICE | DESC_BLOCK;
}

static void link_table(uint64_t *table, uint64_t index, uint64_t *below)
{
	table[index % 512] = (uintptr_t)below | DESC_TABLE;
}

void stage2_build(void)
{
	link_table(root, 0, low);
	link_table(root, RAM_BASE >> 30, ram);
	link_table(root, ECAM_BASE >> 30, ecam);
	link_table(low, GICD_BASE / BLOCK, gic);
	link_table(low, UART_BASE / BLOCK, uart);
	for (uint64_t i = 0; i < RAM_SIZE / BLOCK; i++)
		link_table(ram, i, &pages[i * 512]);
	map_pages(gic, GICD_BASE, GICD_SIZE);
	for (uint64_t cpu = 0; cpu < CPUS; cpu++)
		map_pages(gic, GICR_BASE + cpu * GICR_EACH + GICR_SGI,
			  GICR_EACH - GICR_SGI);
	map_pages(uart, UART_BASE, UART_SIZE);
	map_blocks(low, PCI_BASE, PCI_SIZE);
	map_blocks(ecam, ECAM_BASE, ECAM_SIZE);
}

void stage2_enable(void)
{
	sysreg_write(vtcr_el2, VTCR);
	sysreg_write(vttbr_el2, VMID << 48 | (uintptr_t)root);
	isb();
	__asm__ volatile("tlbi vmalls12e1" ::: "memory");
	dsb(nsh);
	sysreg_write(hcr_el2, sysreg_read(hcr_el2) | HCR_VM);
	isb();
}

static uint64_t *entry(uint64_t pa)
{
	return &pages[(pa - RAM_BASE) / PAGE];
}

/* Stage 2 alone is not enough: a TLB may hold both stages as one entry. */
static void invalidate(uint64_t pa, uint64_t size)
{
	dsb(ishst);
	if (size / PAGE > PAGE_COMMANDS) {
		__asm__ volatile("tlbi vmalls12e1is" ::: "memory");
	} else {
		for (uint64_t at = pa; at < pa + size; at += PAGE)
			__asm__ volatile("tlbi ipas2e1is, %0" ::"r"(at / PAGE)
					 : "memory");
		dsb(ish);
		__asm__ volatile("tlbi vmalle1is" ::: "memory");
	}
	dsb(ish);
	isb();
}

void stage2_revoke(uint64_t pa, uint64_t size)
{
	for (uint64_t at = pa; at < pa + size; at += PAGE)
		__atomic_store_n(entry(at), 0, __ATOMIC_RELAXED);
	invalidate(pa, size);
}

void stage2_follow(struct hypiommu *h, uint64_t pa, uint64_t size)
{
	for (uint64_t at = pa; at < pa + size; at += PAGE) {
		struct hypiommu_page_info info;

		if (hypiommu_page_info(h, at, &info) ||
		    info.owner != HYPIOMMU_HOST ||
		    info.state == HYPIOMMU_PAGE_LENT)
			continue;
		__atomic_store_n(entry(at), at | ATTR_NORMAL | DESC_PAGE,
				 __ATOMIC_RELAXED);
	}
	dsb(ishst);
}
