// SPDX-License-Identifier: GPL-2.0-only
/*
 * Register frames that belong to EL2. pKVM rebuilds device mappings of the
 * host's stage 2 on demand and forgets them when it is short of tables, so a
 * mark in those tables would not last: the windows are kept here and asked for
 * at every fault.
 */
#include <asm/kvm_mmu.h>
#include <asm/kvm_pgtable.h>
#include <nvhe/mem_protect.h>
#include <nvhe/mm.h>
#include <nvhe/spinlock.h>

#include <hypiommu/pkvm.h>
#include <hypiommu/hypiommu.h>

#include "hypiommu_el2.h"

static struct window {
	u64 start, end;
	void __iomem *va;
} windows[HYPIOMMU_WINDOWS];
static u32 window_count; /* grows in the trusted phase only */

static bool overlaps_window(u64 start, u64 end)
{
	for (u32 i = 0; i < window_count; i++) {
		if (start < windows[i].end && windows[i].start < end)
			return true;
	}
	return false;
}

int hypiommu_window_take(u64 phys, u64 size, u32 *window)
{
	unsigned long va;
	int ret;

	if (!size || !PAGE_ALIGNED(phys | size) || phys + size < phys)
		return -EINVAL;
	if (window_count == HYPIOMMU_WINDOWS)
		return -ENOSPC;
	if (overlaps_window(phys, phys + size))
		return -EEXIST;
	for (u64 page = phys; page < phys + size; page += PAGE_SIZE) {
		if (addr_is_memory(page))
			return -EPERM;
	}
	ret = __pkvm_create_private_mapping(phys, size, PAGE_HYP_DEVICE, &va);
	if (ret)
		return ret;

	hyp_spin_lock(&host_mmu.lock);
	windows[window_count].start = phys;
	windows[window_count].end = phys + size;
	windows[window_count].va = (void __iomem *)va;
	*window = window_count++;
	ret = kvm_pgtable_stage2_unmap(&host_mmu.pgt, phys, size);
	hyp_spin_unlock(&host_mmu.lock);
	return ret;
}

bool hypiommu_window_contains(u64 addr)
{
	return overlaps_window(addr, addr + 1);
}

static const struct window *window_of(u64 addr)
{
	for (u32 i = 0; i < window_count; i++) {
		if (addr >= windows[i].start && addr < windows[i].end)
			return &windows[i];
	}
	return NULL;
}

u64 hypiommu_window_offset(u64 addr)
{
	const struct window *w = window_of(addr);

	return w ? addr - w->start : ~0ull;
}

int hypiommu_window_clip(u64 addr, u64 *start, u64 *end)
{
	for (u32 i = 0; i < window_count; i++) {
		if (addr >= windows[i].end)
			*start = max(*start, windows[i].end);
		else if (addr < windows[i].start)
			*end = min(*end, windows[i].start);
		else
			return -EPERM;
	}
	return 0;
}

/* Where a register named by its physical address is mapped; NULL: no window. */
static void __iomem *register_at(u64 phys)
{
	const struct window *w = window_of(phys);

	return w ? w->va + (phys - w->start) : NULL;
}

u32 hypiommu_window_read32(u64 phys)
{
	void __iomem *va = register_at(phys);

	return va ? readl_relaxed(va) : 0;
}

void hypiommu_window_write32(u64 phys, u32 val)
{
	void __iomem *va = register_at(phys);

	if (va)
		writel_relaxed(val, va);
}

/* ------------------------------------------------- the library's accesses */

static u32 read32(void *ctx, u32 window, u32 offset)
{
	return readl_relaxed(windows[window].va + offset);
}

static void write32(void *ctx, u32 window, u32 offset, u32 val)
{
	writel_relaxed(val, windows[window].va + offset);
}

static uint64_t read64(void *ctx, u32 window, u32 offset)
{
	return readq_relaxed(windows[window].va + offset);
}

static void write64(void *ctx, u32 window, u32 offset, uint64_t val)
{
	writeq_relaxed(val, windows[window].va + offset);
}

const struct hypiommu_mmio_ops hypiommu_el2_mmio = {
	.read32 = read32,
	.write32 = write32,
	.read64 = read64,
	.write64 = write64,
};
