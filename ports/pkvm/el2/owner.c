// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may do DMA to which page. pKVM's page states say who owns what; each
 * change of them that concerns the host is repeated in the page's dma word,
 * beside the count of DMA pins, under the same lock. So one comparison tells
 * both that the host owns a page exclusively and that it is not yet pinned too
 * often, and no transition can race a pin.
 */
#include <linux/memblock.h>
#include <asm/kvm_pkvm.h>
#include <nvhe/mem_protect.h>
#include <nvhe/memory.h>
#include <nvhe/spinlock.h>

#include <hypiommu/pkvm.h>
#include <hypiommu/hypiommu.h>

#include "hypiommu_el2.h"

/* --------------------------------------------------------------- memory */

static u32 region_hint; /* the region found last, by any CPU: only a guess */

static bool in_region(u32 i, u64 phys)
{
	return phys - hyp_memory[i].base < hyp_memory[i].size;
}

static struct memblock_region *region_of(u64 phys)
{
	u32 hint = READ_ONCE(region_hint);

	if (hyp_memblock_nr && in_region(hint, phys))
		return &hyp_memory[hint];
	for (u32 i = 0; i < hyp_memblock_nr; i++) {
		if (in_region(i, phys)) {
			WRITE_ONCE(region_hint, i);
			return &hyp_memory[i];
		}
	}
	return NULL;
}

/* The same, all of it in the region found last: what nearly all calls are. */
static __always_inline bool is_memory_nearby(u64 phys, u64 size)
{
	const struct memblock_region *reg = &hyp_memory[READ_ONCE(region_hint)];
	u64 offset = phys - reg->base;

	return offset < reg->size && size <= reg->size - offset;
}

bool hypiommu_is_memory(u64 phys, u64 size)
{
	if (is_memory_nearby(phys, size))
		return true;
	if (phys + size < phys)
		return false;
	while (size) {
		struct memblock_region *reg = region_of(phys);
		u64 left;

		if (!reg)
			return false;
		left = reg->base + reg->size - phys;
		left = min(left, size);
		phys += left;
		size -= left;
	}
	return true;
}

/* ----------------------------------------------------------- transitions */

int hypiommu_dma_idle(u64 phys, u64 size)
{
	struct hyp_page *p = hyp_phys_to_page(phys);

	hyp_assert_lock_held(&host_mmu.lock);
	if (!hypiommu_is_memory(phys, size))
		return -EPERM;
	for (u64 i = 0; i < size >> PAGE_SHIFT; i++) {
		if (p[i].dma & ~HYPIOMMU_DMA_BARRED)
			return -EBUSY;
	}
	return 0;
}

void hypiommu_dma_allow(u64 phys, u64 size, bool allow)
{
	struct hyp_page *p = hyp_phys_to_page(phys);

	if (!hypiommu_is_memory(phys, size))
		return;
	for (u64 i = 0; i < size >> PAGE_SHIFT; i++)
		p[i].dma = allow ? 0 : HYPIOMMU_DMA_BARRED;
}

/* Memory the host does not map (firmware's) is no device's either. */
int hypiommu_owner_init(void)
{
	hyp_spin_lock(&host_mmu.lock);
	for (u32 i = 0; i < hyp_memblock_nr; i++) {
		struct memblock_region *reg = &hyp_memory[i];

		if (reg->flags & MEMBLOCK_NOMAP)
			hypiommu_dma_allow(reg->base, reg->size, false);
	}
	hyp_spin_unlock(&host_mmu.lock);
	return 0;
}

u32 hypiommu_dma_word(u64 phys)
{
	return hypiommu_is_memory(phys, 1)
		       ? READ_ONCE(hyp_phys_to_page(phys)->dma)
		       : HYPIOMMU_DMA_BARRED;
}

/* -------------------------------------------------------------- doorbells */

#define DOORBELLS 16

static struct {
	u64 start, end;
} doorbells[DOORBELLS];
static u32 doorbell_count; /* grows in the trusted phase only */

int hypiommu_doorbell_add(u64 phys, u64 size)
{
	if (!size || !PAGE_ALIGNED(phys | size) || phys + size < phys)
		return -EINVAL;
	if (doorbell_count == DOORBELLS)
		return -ENOSPC;
	for (u64 page = phys; page < phys + size; page += PAGE_SIZE) {
		if (addr_is_memory(page) || hypiommu_window_contains(page))
			return -EPERM;
	}
	doorbells[doorbell_count].start = phys;
	doorbells[doorbell_count].end = phys + size;
	doorbell_count++;
	return 0;
}

static bool is_doorbell(u64 phys, u64 size)
{
	for (u32 i = 0; i < doorbell_count; i++) {
		if (phys >= doorbells[i].start &&
		    phys - doorbells[i].start <
			    doorbells[i].end - doorbells[i].start &&
		    size <= doorbells[i].end - phys)
			return true;
	}
	return false;
}

/* ------------------------------------------------------------------ pins */

/* Pin pages until one refuses; how many. */
static u64 pin_run(struct hyp_page *p, u64 count)
{
	for (u64 i = 0; i < count; i++) {
		u32 pinned = p[i].dma + 1;

		/* Barred before, or by the carry of a count that overflows. */
		if (pinned & HYPIOMMU_DMA_BARRED)
			return i;
		p[i].dma = pinned;
	}
	return count;
}

static void unpin_run(struct hyp_page *p, u64 count)
{
	for (u64 i = 0; i < count; i++) {
		BUG_ON(!(p[i].dma & ~HYPIOMMU_DMA_BARRED));
		p[i].dma--;
	}
}

static int pin_range(void *ctx, u32 principal, uint64_t phys, uint64_t size,
		     bool *mmio)
{
	struct hyp_page *p = hyp_phys_to_page(phys);
	u64 count = size >> PAGE_SHIFT, done;
	int err = HYPIOMMU_OK;

	if (principal != HYPIOMMU_HOST)
		return HYPIOMMU_E_PERM;
	*mmio = false;
	if (!is_memory_nearby(phys, size) && !hypiommu_is_memory(phys, size)) {
		*mmio = true;
		return is_doorbell(phys, size) ? HYPIOMMU_OK : HYPIOMMU_E_PERM;
	}
	hyp_spin_lock(&host_mmu.lock);
	done = pin_run(p, count);
	if (done != count) {
		err = p[done].dma & HYPIOMMU_DMA_BARRED ? HYPIOMMU_E_PERM
							: HYPIOMMU_E_OVERFLOW;
		unpin_run(p, done);
	}
	hyp_spin_unlock(&host_mmu.lock);
	return err;
}

static void unpin_range(void *ctx, uint64_t phys, uint64_t size)
{
	if (!is_memory_nearby(phys, size) && !hypiommu_is_memory(phys, size))
		return; /* a doorbell: never given away, not counted */
	hyp_spin_lock(&host_mmu.lock);
	unpin_run(hyp_phys_to_page(phys), size >> PAGE_SHIFT);
	hyp_spin_unlock(&host_mmu.lock);
}

const struct hypiommu_owner_ops hypiommu_el2_owner = {
	.pin_range = pin_range,
	.unpin_range = unpin_range,
};
