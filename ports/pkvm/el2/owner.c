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

/* Not if it was barred before, or is by the carry of a count that overflows. */
static __always_inline bool pin_page(struct hyp_page *p)
{
	u32 pinned = p->dma + 1;

	if (pinned & HYPIOMMU_DMA_BARRED)
		return false;
	p->dma = pinned;
	return true;
}

/* Pin pages until one refuses; how many. Four at a time: one branch for all. */
static u64 pin_run(struct hyp_page *p, u64 count)
{
	u64 i = 0;

	for (; i + 4 <= count; i += 4) {
		u32 a = p[i].dma + 1, b = p[i + 1].dma + 1;
		u32 c = p[i + 2].dma + 1, d = p[i + 3].dma + 1;

		if ((a | b | c | d) & HYPIOMMU_DMA_BARRED)
			break;
		p[i].dma = a;
		p[i + 1].dma = b;
		p[i + 2].dma = c;
		p[i + 3].dma = d;
	}
	while (i < count && pin_page(&p[i]))
		i++;
	return i;
}

/* Top bit set: no pin is left to take, or the page is barred and has none. */
static __always_inline u32 unpinned(u32 dma)
{
	return dma | (dma - 1);
}

static void unpin_run(struct hyp_page *p, u64 count)
{
	u64 i = 0;

	for (; i + 4 <= count; i += 4) {
		u32 a = p[i].dma, b = p[i + 1].dma;
		u32 c = p[i + 2].dma, d = p[i + 3].dma;

		BUG_ON((unpinned(a) | unpinned(b) | unpinned(c) | unpinned(d)) &
		       HYPIOMMU_DMA_BARRED);
		p[i].dma = a - 1;
		p[i + 1].dma = b - 1;
		p[i + 2].dma = c - 1;
		p[i + 3].dma = d - 1;
	}
	for (; i < count; i++) {
		BUG_ON(unpinned(p[i].dma) & HYPIOMMU_DMA_BARRED);
		p[i].dma--;
	}
}

/* All of them or none. */
static bool pin_all(struct hyp_page *p, u64 count)
{
	u64 done = pin_run(p, count);

	if (done == count)
		return true;
	unpin_run(p, done);
	return false;
}

/* Why the pages cannot all be pinned: the first that cannot says it. */
static int why_not(const struct hyp_page *p, u64 count)
{
	for (u64 i = 0; i < count; i++) {
		if (p[i].dma & HYPIOMMU_DMA_BARRED)
			return HYPIOMMU_E_PERM;
		if (p[i].dma == (HYPIOMMU_DMA_BARRED - 1))
			return HYPIOMMU_E_OVERFLOW;
	}
	return HYPIOMMU_E_PERM;
}

static int pin_range(void *ctx, u32 principal, uint64_t phys, uint64_t size,
		     bool *mmio)
{
	struct hyp_page *p = hyp_phys_to_page(phys);
	u64 count = size >> PAGE_SHIFT;
	int err = HYPIOMMU_OK;

	if (principal != HYPIOMMU_HOST)
		return HYPIOMMU_E_PERM;
	*mmio = false;
	if (!is_memory_nearby(phys, size) && !hypiommu_is_memory(phys, size)) {
		*mmio = true;
		return is_doorbell(phys, size) ? HYPIOMMU_OK : HYPIOMMU_E_PERM;
	}
	hyp_spin_lock(&host_mmu.lock);
	if (!pin_all(p, count))
		err = why_not(p, count);
	hyp_spin_unlock(&host_mmu.lock);
	return err;
}

/* Segments in the region found last: lists are of pages near each other. */
static uint32_t pin_list(void *ctx, uint32_t principal,
			 const struct hypiommu_segment *list, uint32_t count)
{
	const struct memblock_region *reg = &hyp_memory[READ_ONCE(region_hint)];
	u64 base = reg->base, limit = reg->size;
	struct hyp_page *first = hyp_phys_to_page(base);
	u32 n = 0;

	if (principal != HYPIOMMU_HOST)
		return 0;
	hyp_spin_lock(&host_mmu.lock);
	for (; n < count; n++) {
		u64 offset = list[n].pa - base, size = list[n].size;
		struct hyp_page *p = first + (offset >> PAGE_SHIFT);

		if (offset >= limit || size > limit - offset)
			break;
		if (size != PAGE_SIZE ? !pin_all(p, size >> PAGE_SHIFT)
				      : !pin_page(p))
			break;
	}
	hyp_spin_unlock(&host_mmu.lock);
	return n;
}

/*
 * What is unpinned may begin in a doorbell and go on in memory that happens to
 * lie beside it: both were pinned, by calls of their own. Doorbells are not
 * counted, they are never given away.
 */
static noinline void unpin_pieces(u64 phys, u64 end)
{
	for (u32 i = 0; i < hyp_memblock_nr; i++) {
		u64 from = max(phys, (u64)hyp_memory[i].base);
		u64 to = min(end,
			     (u64)(hyp_memory[i].base + hyp_memory[i].size));

		if (from < to)
			unpin_run(hyp_phys_to_page(from),
				  (to - from) >> PAGE_SHIFT);
	}
}

static void unpin_range(void *ctx, uint64_t phys, uint64_t size)
{
	hyp_spin_lock(&host_mmu.lock);
	if (likely(is_memory_nearby(phys, size)))
		unpin_run(hyp_phys_to_page(phys), size >> PAGE_SHIFT);
	else
		unpin_pieces(phys, phys + size);
	hyp_spin_unlock(&host_mmu.lock);
}

const struct hypiommu_owner_ops hypiommu_el2_owner = {
	.pin_range = pin_range,
	.unpin_range = unpin_range,
	.pin_list = pin_list,
};
