// SPDX-License-Identifier: GPL-2.0-only
/*
 * Register frames that belong to EL2, and what the host hears of them when it
 * touches one: the registers its kind of SMMU lets it, zero from all others;
 * what it writes is dropped.
 */
#include "module.h"

/* Tests put their hardware behind it. */
#ifndef HYPIOMMU_IO_HEADER
#define HYPIOMMU_IO_HEADER "io.h"
#endif
#include HYPIOMMU_IO_HEADER

#define WINDOWS HYPIOMMU_MACHINE_FRAMES

static struct {
	struct hypiommu_machine_range range;
	unsigned long va;
} windows[WINDOWS];
static u32 window_count; /* grows in the trusted phase only */

u64 hypiommu_register_faults;

int hypiommu_window_map(const struct hypiommu_machine_range *r, u32 *window)
{
	int err;

	if (!r->size || (r->base | r->size) & (HYPIOMMU_PAGE_SIZE - 1) ||
	    r->base + r->size < r->base)
		return -EINVAL;
	if (window_count == WINDOWS)
		return -ENOSPC;
	err = hypiommu_pkvm->create_private_mapping(
		r->base, r->size, PAGE_HYP_DEVICE, &windows[window_count].va);
	if (err)
		return err;
	windows[window_count].range = *r;
	*window = window_count++;
	return 0;
}

int hypiommu_window_take(u32 window)
{
	const struct hypiommu_machine_range *r = &windows[window].range;

	return hypiommu_pkvm->host_donate_hyp(r->base >> HYPIOMMU_PAGE_SHIFT,
					      r->size >> HYPIOMMU_PAGE_SHIFT,
					      true);
}

u32 hypiommu_window_read(u32 window, u32 offset)
{
	return io_read32(windows[window].va + offset);
}

void hypiommu_window_write(u32 window, u32 offset, u32 val)
{
	io_write32(windows[window].va + offset, val);
}

/* --------------------------------------------------------- the host's faults
 */

static u64 host_read(unsigned long va, unsigned int size)
{
	return size == 8 ? io_read64(va) : io_read32(va);
}

/* The host's stores are let through as they are made: 4 bytes, nothing else. */
static void emulate(struct user_pt_regs *regs, const struct hypiommu_trap *t,
		    u64 pa, unsigned long va)
{
	bool may = hypiommu_kind.host_may(pa, t);

	if (t->write) {
		if (may)
			io_write32(va,
				   t->reg == 31 ? 0 : (u32)regs->regs[t->reg]);
		return;
	}
	if (t->reg != 31)
		regs->regs[t->reg] = hypiommu_trap_loaded(
			t, may ? host_read(va, t->size) : 0);
}

bool hypiommu_window_abort(struct user_pt_regs *regs, u64 esr, u64 pa)
{
	struct hypiommu_trap t;

	for (u32 i = 0; i < window_count; i++) {
		if (!hypiommu_in_range(&windows[i].range, pa, 1))
			continue;
		hypiommu_count(&hypiommu_register_faults, 1);
		if (!hypiommu_trap_decode(esr, &t))
			return false;
		emulate(regs, &t, pa,
			windows[i].va +
				(unsigned long)(pa - windows[i].range.base));
		return true;
	}
	return false;
}

/* ------------------------------------------------- the library's accesses */

static uint32_t read32(void *ctx, uint32_t window, uint32_t offset)
{
	(void)ctx;
	return io_read32(windows[window].va + offset);
}

static void write32(void *ctx, uint32_t window, uint32_t offset, uint32_t val)
{
	(void)ctx;
	io_write32(windows[window].va + offset, val);
}

static uint64_t read64(void *ctx, uint32_t window, uint32_t offset)
{
	(void)ctx;
	return io_read64(windows[window].va + offset);
}

static void write64(void *ctx, uint32_t window, uint32_t offset, uint64_t val)
{
	(void)ctx;
	io_write64(windows[window].va + offset, val);
}

const struct hypiommu_mmio_ops hypiommu_module_mmio = {
	.read32 = read32,
	.write32 = write32,
	.read64 = read64,
	.write64 = write64,
};
