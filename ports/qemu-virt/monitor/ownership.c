// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Calls that change who owns a page: the library keeps the books, stage 2
 * follows. One lock over both, or a CPU could be given a page that another CPU
 * has just given away. Access goes before the change and comes after it; if the
 * change is refused, stage 2 is put back to what the books say.
 */
#include "abi.h"
#include "hypiommu_env_el2.h"
#include "memory.h"
#include "monitor.h"

#define CALL_MAX 0x200000ull /* bytes: EL2 is not preempted */

static hypiommu_env_lock_t lock;

void ownership_lock(void)
{
	hypiommu_env_lock(&lock);
}

void ownership_unlock(void)
{
	hypiommu_env_unlock(&lock);
}

/* Pages of RAM that one call may handle? */
static bool range_ok(uint64_t pa, uint64_t size)
{
	return !((pa | size) & (HYPIOMMU_PAGE_SIZE - 1)) && size &&
	       size <= CALL_MAX && pa >= RAM_BASE &&
	       pa - RAM_BASE <= RAM_SIZE - size;
}

static int donate(struct hypiommu *h, uint32_t guest, uint64_t pa,
		  uint64_t size)
{
	int err;

	stage2_revoke(pa, size);
	err = hypiommu_donate(h, HYPIOMMU_HOST, guest, pa, size);
	stage2_follow(h, pa, size);
	return err;
}

/* Through EL2's hands, where it is wiped: nobody else's in between. */
static int give_back(struct hypiommu *h, uint32_t guest, uint64_t pa,
		     uint64_t size)
{
	int err = hypiommu_donate(h, guest, HYPIOMMU_HYP, pa, size);

	if (err)
		return err;
	memset((void *)(uintptr_t)pa, 0, size);
	/* The host may look past the caches. */
	hypiommu_env_clean((const void *)(uintptr_t)pa, size);
	hypiommu_env_publish();
	err = hypiommu_donate(h, HYPIOMMU_HYP, HYPIOMMU_HOST, pa, size);
	stage2_follow(h, pa, size);
	return err;
}

static int guest_load(struct hypiommu *h, uint32_t guest, uint64_t pa,
		      uint64_t *value)
{
	struct hypiommu_page_info info;
	int err = hypiommu_page_info(h, pa, &info);

	if (err)
		return err;
	if (info.owner != guest || pa & 7)
		return HYPIOMMU_E_PERM;
	*value = *(const volatile uint64_t *)(uintptr_t)pa;
	return HYPIOMMU_OK;
}

/*
 * Pages for tables: the host's CPUs lose them before EL2 uses them. The library
 * takes as many as it likes of those asked for, so it is not asked for more
 * than stage 2 can follow, and the part that is RAM is followed whatever the
 * rest is.
 */
static void topup(struct hypiommu *h, struct frame *frame)
{
	uint64_t pa = frame->x[1], count = frame->x[2], room, size;

	if (count > CALL_MAX / HYPIOMMU_PAGE_SIZE)
		count = CALL_MAX / HYPIOMMU_PAGE_SIZE;
	frame->x[2] = count;
	if (pa & (HYPIOMMU_PAGE_SIZE - 1) || pa - RAM_BASE >= RAM_SIZE) {
		iommu_hypercall(h, frame); /* which says what is wrong */
		return;
	}
	room = RAM_BASE + RAM_SIZE - pa;
	size = count * HYPIOMMU_PAGE_SIZE;
	if (size > room)
		size = room;
	stage2_revoke(pa, size);
	iommu_hypercall(h, frame);
	stage2_follow(h, pa, size);
}

static void pool_giveback(struct hypiommu *h, struct frame *frame)
{
	iommu_hypercall(h, frame);
	if (frame->x[0] == HYPIOMMU_OK)
		stage2_follow(h, frame->x[1], HYPIOMMU_PAGE_SIZE);
}

static int guest_call(struct hypiommu *h, struct frame *frame)
{
	uint64_t pa = frame->x[1], size = frame->x[2], guest = frame->x[3];

	if (guest >= HYPIOMMU_GUESTS)
		return HYPIOMMU_E_INVAL;
	guest = HYPIOMMU_GUEST(guest);
	if (frame->x[0] == MONITOR_GUEST_LOAD)
		return guest_load(h, (uint32_t)guest, pa, &frame->x[1]);
	if (!range_ok(pa, size))
		return HYPIOMMU_E_INVAL;
	return frame->x[0] == MONITOR_DONATE
		       ? donate(h, (uint32_t)guest, pa, size)
		       : give_back(h, (uint32_t)guest, pa, size);
}

void ownership_call(struct hypiommu *h, struct frame *frame)
{
	ownership_lock();
	switch (frame->x[0]) {
	case MONITOR_IOMMU + HYPIOMMU_HC_MEM_TOPUP:
		topup(h, frame);
		break;
	case MONITOR_IOMMU + HYPIOMMU_HC_MEM_GIVEBACK:
		pool_giveback(h, frame);
		break;
	default:
		frame->x[0] = (uint64_t)(int64_t)guest_call(h, frame);
		break;
	}
	ownership_unlock();
}
