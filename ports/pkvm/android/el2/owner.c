// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ownership is the core's. It raises the DMA count of all pages of a request
 * before map_pages (they must be the host's, exclusively) and lowers that of
 * the part that was not mapped afterwards; what was mapped, the driver lowers,
 * once no device can reach it. So a pin asked for inside of a request is there
 * already, and one given back inside of it is the core's to lower: a request
 * says how much it keeps, and the rest of the time unpinning is unuse_dma.
 *
 * EL2 is not preempted: what a CPU asks for while it maps belongs to that
 * request.
 */
#include "module.h"

static struct request {
	bool active;
	u64 pa, size;	/* the core has counted */
	u64 unit;	/* the core divides by it what was mapped */
	u64 pinned;	/* bytes pinned for the library and not unpinned since,
			 * from pa on */
	bool scattered; /* no: what it holds is in pieces */
} requests[HYPIOMMU_MACHINE_CPUS];

u64 hypiommu_pages_lost; /* counted by the core for good */

static struct request *mine(void)
{
	/* Below HYPIOMMU_MACHINE_CPUS: init checked machine.cpus. */
	return &requests[hypiommu_pkvm->hyp_smp_processor_id()];
}

void hypiommu_map_begin(u64 pa, u64 unit, u64 count)
{
	*mine() = (struct request){
		.active = true,
		.pa = pa,
		.size = unit * count,
		.unit = unit,
	};
}

/*
 * As a rule the library keeps what it mapped and nothing else. It keeps more if
 * it could not undo what it began, because hardware does not answer: the core
 * must not lower the count of pages a device may still reach. Then all of the
 * request stays counted; what the library gives back later is lowered then.
 *
 * The core lowers as many whole units as were not mapped, from the end of what
 * was: told of part of one, it would lower counts behind the request.
 */
u64 hypiommu_map_end(u64 mapped)
{
	struct request *r = mine();
	u64 part = mapped % r->unit;
	u64 kept = part ? mapped - part + r->unit : mapped;

	r->active = false;
	if (r->scattered || r->pinned != mapped)
		kept = r->size;
	hypiommu_count(&hypiommu_pages_lost,
		       (kept - mapped) >> HYPIOMMU_PAGE_SHIFT);
	return kept;
}

/* ------------------------------------------------------------ what is what */

bool hypiommu_in_range(const struct hypiommu_machine_range *r, u64 pa, u64 size)
{
	u64 offset = pa - r->base;

	return offset < r->size && size <= r->size - offset;
}

static bool in_any(const struct hypiommu_machine_range *list, u32 count, u64 pa,
		   u64 size)
{
	for (u32 i = 0; i < count; i++) {
		if (hypiommu_in_range(&list[i], pa, size))
			return true;
	}
	return false;
}

/* One range is never both. */
static bool is_ram(u64 pa, u64 size)
{
	return in_any(hypiommu_machine.ram, hypiommu_machine.ram_count, pa,
		      size);
}

static bool is_doorbell(u64 pa, u64 size)
{
	return in_any(hypiommu_machine.doorbell,
		      hypiommu_machine.doorbell_count, pa, size);
}

/* -------------------------------------------------------------------- pins */

static int pin_range(void *ctx, uint32_t principal, uint64_t pa, uint64_t size,
		     bool *mmio)
{
	struct request *r = mine();

	(void)ctx;
	if (principal != HYPIOMMU_HOST || !r->active ||
	    pa != r->pa + r->pinned || size > r->size - r->pinned)
		return HYPIOMMU_E_PERM;
	*mmio = !is_ram(pa, size);
	if (*mmio && !is_doorbell(pa, size))
		return HYPIOMMU_E_PERM;
	r->pinned += size;
	return HYPIOMMU_OK;
}

/* From the end of what the request holds, or it is in pieces. */
static void unpin_of_request(struct request *r, u64 pa, u64 size)
{
	if (size <= r->pinned && pa + size == r->pa + r->pinned)
		r->pinned -= size;
	else
		r->scattered = true;
}

/* The core does nothing for a range that is not all in one memblock: page by
 * page then. Doorbells have no count. */
static void unuse(u64 pa, u64 size)
{
	if (is_ram(pa, size)) {
		if (hypiommu_pkvm->pkvm_unuse_dma(pa, (size_t)size))
			hypiommu_count(&hypiommu_pages_lost,
				       size >> HYPIOMMU_PAGE_SHIFT);
		return;
	}
	if (size == HYPIOMMU_PAGE_SIZE)
		return;
	for (u64 at = pa; at < pa + size; at += HYPIOMMU_PAGE_SIZE) {
		if (is_ram(at, HYPIOMMU_PAGE_SIZE) &&
		    hypiommu_pkvm->pkvm_unuse_dma(at, HYPIOMMU_PAGE_SIZE))
			hypiommu_count(&hypiommu_pages_lost, 1);
	}
}

static void unpin_range(void *ctx, uint64_t pa, uint64_t size)
{
	struct request *r = mine();

	(void)ctx;
	if (r->active)
		unpin_of_request(r, pa, size);
	else
		unuse(pa, size);
}

const struct hypiommu_owner_ops hypiommu_module_owner = {
	.pin_range = pin_range,
	.unpin_range = unpin_range,
};
