/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libhypiommu as the EL2 half of an Android vendor module: what its files offer
 * each other. Lock order: the core's locks, then the library's, then the host's
 * page-table lock, which only pkvm_unuse_dma() takes.
 */
#ifndef HYPIOMMU_MODULE_H
#define HYPIOMMU_MODULE_H

#include <linux/errno.h>
#include <linux/types.h>
#include <asm/kvm_pkvm_module.h>
#include <nvhe/iommu.h>

#define HYPIOMMU_TYPES_HEADER "linux/types.h" /* <linux/..> would expand */
#include <hypiommu/hypiommu.h>

#include "../../common/status.h"
#include "../../common/trap.h"
#include "../machine.h"

/* A counter that is exact when nobody else counts. */
static inline void hypiommu_count(u64 *counter, u64 by)
{
	__atomic_store_n(counter,
			 __atomic_load_n(counter, __ATOMIC_RELAXED) + by,
			 __ATOMIC_RELAXED);
}

/* What differs from module to module: smmuv3.c or tegra234.c, one of them. */
struct hypiommu_kind {
	u32 frames; /* an SMMU has at most */
	/* Make an SMMU, and what leads around it, abort before anything else
	 * can go wrong; their windows are mapped. -EIO: it does not stop. */
	int (*stop_smmu)(u32 smmu);
	int (*stop_mc)(void);
	/* Declare SMMU i, then, once, what streams pass besides. */
	int (*add)(struct hypiommu *h, u32 smmu);
	int (*add_clients)(struct hypiommu *h);
	/* May the host read, or write, here? */
	bool (*host_may)(u64 pa, const struct hypiommu_trap *t);
	/* A CPU is on its way back to the host, maybe out of a sleep in which
	 * the machine forgot. NULL: hardware comes up blocking, as Android asks
	 * of it, and the host resumes it. */
	void (*cpu_entry)(struct hypiommu *h);
};
extern const struct hypiommu_kind hypiommu_kind;

/* init.c */
extern const struct pkvm_module_ops *hypiommu_pkvm;
extern struct hypiommu_machine hypiommu_machine;
extern struct kvm_hyp_iommu hypiommu_iommus[HYPIOMMU_MACHINE_SMMUS];
extern u32 hypiommu_smmu_windows[HYPIOMMU_MACHINE_SMMUS][2];
extern u32 hypiommu_mc_windows[HYPIOMMU_MACHINE_MC];
extern struct hypiommu *hypiommu_instance; /* NULL until it is finalised */
int hypiommu_module_init(const struct pkvm_module_ops *ops);
int hypiommu_take_over(void);
const struct hypiommu_machine_stream *hypiommu_streams(void);
/* number of an SMMU's domains' stage etc.; see HYPIOMMU_MODULE_DOMAIN */
struct hypiommu_shape {
	u64 stage, iova_bits, leaf_sizes;
};
extern struct hypiommu_shape hypiommu_shapes[HYPIOMMU_MACHINE_SMMUS];
bool hypiommu_in_range(const struct hypiommu_machine_range *r, u64 pa,
		       u64 size);

/* ops.c: what the core calls */
extern struct kvm_iommu_ops hypiommu_ops;
u64 hypiommu_domains_lost(void);

/* call.c: the module's own hypercall */
void hypiommu_module_call(struct user_pt_regs *regs);

/*
 * window.c: register frames that only EL2 may touch. map: here; the host has
 * them still. take: not any more. Both -errno.
 */
int hypiommu_window_map(const struct hypiommu_machine_range *r, u32 *window);
int hypiommu_window_take(u32 window);
u32 hypiommu_window_read(u32 window, u32 offset);
void hypiommu_window_write(u32 window, u32 offset, u32 val);
bool hypiommu_window_abort(struct user_pt_regs *regs, u64 esr, u64 pa);
extern u64 hypiommu_register_faults;
extern const struct hypiommu_mmio_ops hypiommu_module_mmio;

/* owner.c: the counts are the core's; see there */
/* count units from pa on; a unit is whole pages, and not 0. */
void hypiommu_map_begin(u64 pa, u64 unit, u64 count);
/* How much of the range, from its start, the core must leave counted, if the
 * library says that it mapped `mapped` bytes: whole units. */
u64 hypiommu_map_end(u64 mapped);
extern u64 hypiommu_pages_lost;
extern const struct hypiommu_owner_ops hypiommu_module_owner;

/* sleep.c */
int hypiommu_sleep_init(void);

/* tables.c */
void hypiommu_tables_init(const struct hypiommu_machine_range *r);
extern u64 hypiommu_tables_used;
extern const struct hypiommu_table_ops hypiommu_module_tables;

#endif /* HYPIOMMU_MODULE_H */
