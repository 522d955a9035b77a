/* SPDX-License-Identifier: GPL-2.0-only */
/* libhypiommu inside pKVM's EL2 object: what its files offer each other, and
 * what the places of pKVM that were changed call. */
#ifndef HYPIOMMU_EL2_H
#define HYPIOMMU_EL2_H

#include <linux/kvm_host.h>

struct hypiommu;
struct hypiommu_mmio_ops;
struct hypiommu_owner_ops;
struct hypiommu_table_ops;

/* hyp-main.c's table of hypercalls: setup.c, call.c */
void handle___hypiommu_setup(struct kvm_cpu_context *host_ctxt);
void handle___hypiommu_call(struct kvm_cpu_context *host_ctxt);

/* setup.c: the instance; NULL until it is finalised. */
struct hypiommu *hypiommu_instance(void);
int hypiommu_from_errno(int err); /* enum hypiommu_error */

/*
 * window.c: register frames that only EL2 may touch.
 * take: map it here, unmap it there, for ever. 0 and its number, or -errno.
 */
#define HYPIOMMU_WINDOWS 64
int hypiommu_window_take(u64 phys, u64 size, u32 *window);
bool hypiommu_window_contains(u64 addr);
u64 hypiommu_window_offset(u64 addr); /* in its window, or ~0 */
/* Narrow [*start, *end), a range around addr the host is about to be given,
 * so that it misses every window. -EPERM: addr is inside one. */
int hypiommu_window_clip(u64 addr, u64 *start, u64 *end);
u32 hypiommu_window_read32(u64 phys);
void hypiommu_window_write32(u64 phys, u32 val);
extern const struct hypiommu_mmio_ops hypiommu_el2_mmio;

/*
 * owner.c: DMA pins. struct hyp_page's dma word is guarded by host_mmu.lock,
 * like the page states it follows.
 */
#define HYPIOMMU_DMA_BARRED BIT(31) /* not exclusively the host's */
int hypiommu_owner_init(void);
int hypiommu_doorbell_add(u64 phys, u64 size);
/* host_mmu.lock held. -EBUSY if a page of the range is pinned. */
int hypiommu_dma_idle(u64 phys, u64 size);
/* host_mmu.lock held: the host now owns the range exclusively, or not. */
void hypiommu_dma_allow(u64 phys, u64 size, bool allow);
u32 hypiommu_dma_word(u64 phys);
bool hypiommu_is_memory(u64 phys, u64 size);
extern const struct hypiommu_owner_ops hypiommu_el2_owner;

/* tables.c: memory for tables, from pages the host donated. */
int hypiommu_tables_init(u64 pfn, u64 pages);
int hypiommu_tables_topup(u64 phys, u64 pages, u64 *taken);
int hypiommu_tables_giveback(u64 *phys);
void hypiommu_tables_stats(u64 *pages, u64 *used);
extern const struct hypiommu_table_ops hypiommu_el2_tables;

/*
 * abort.c: a stage-2 fault of the host at ipa (page-aligned). True: it was one
 * in a window, and is dealt with.
 */
bool hypiommu_host_abort(struct kvm_cpu_context *host_ctxt, u64 esr, u64 far,
			 u64 ipa);
/* The host touched memory that is not its own: an external abort for it. */
void hypiommu_host_inject_abort(u64 esr, u64 far);
void hypiommu_abort_stats(u64 *registers, u64 *memory);

/*
 * tegra.c: Tegra234. What of setup is its own; what of the memory controller's
 * registers the host keeps; and the way back of a CPU to the host
 * (psci-relay.c), which may be out of a sleep.
 */
struct hypiommu_trap;
int hypiommu_tegra_setup(struct hypiommu *h, u64 op, u64 a, u64 b, u64 c,
			 u64 *result);
bool hypiommu_tegra_complete(void); /* no SMMU without its controller */
bool hypiommu_tegra_present(void);
bool hypiommu_tegra_host_may(u64 addr, const struct hypiommu_trap *t);
void hypiommu_psci_entry(void);

/* mem_protect.c, for tests */
int hypiommu_host_set_guest(u64 phys, u64 size, bool guest);
int hypiommu_host_recycle(void);

#endif /* HYPIOMMU_EL2_H */
