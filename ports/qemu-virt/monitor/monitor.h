/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The monitor's parts, in the order main.c brings them up. */
#ifndef MONITOR_H
#define MONITOR_H

#include "hypiommu/hypiommu.h"
#include "monitor_asm.h"
#include "print.h"
#include "sysreg.h"

/* The host's general registers, as vectors.S saved them. */
struct frame {
	uint64_t x[31];
	uint64_t unused;
};

/* main.c, start.S */
_Noreturn void monitor_main(void);
_Noreturn void monitor_secondary(uint64_t cpu);
_Noreturn void enter_host(uint64_t address, uint64_t x0);
_Noreturn void monitor_panic(const char *what, uint64_t value);
void secondary_start(void);

/* mmu.c: EL2's own tables; each CPU switches its MMU and caches on. */
void mmu_build(void);
void mmu_enable(void);

/* gic.c: this CPU's redistributor and interface. */
void gic_init(unsigned int cpu);

/* stage2.c: what the host's CPUs reach. Callers hold ownership.c's lock. */
void stage2_build(void);
void stage2_enable(void);
/* Take [pa, pa + size) of RAM away from the host, on every CPU, now. */
void stage2_revoke(uint64_t pa, uint64_t size);
/* Give the host those pages of the range that it owns. */
void stage2_follow(struct hypiommu *h, uint64_t pa, uint64_t size);

/* smmu.c: declare this board's SMMU to the library, and its streams. */
#define SMMU_CLIENTS 8 /* memory clients there may be (Tegra) */
extern const struct hypiommu_mmio_ops smmu_mmio;
int smmu_declare(struct hypiommu *h);

/* iommu.c: the library, bound to this board. */
struct hypiommu *iommu_init(void);
void iommu_hypercall(struct hypiommu *h, struct frame *frame);

/* ownership.c: calls that change who owns a page. */
void ownership_call(struct hypiommu *h, struct frame *frame);
void ownership_lock(void);
void ownership_unlock(void);

/* power.c: the SMMU goes off, and on again. */
void power_call(struct hypiommu *h, struct frame *frame);

/* trap.c, psci.c */
void trap_init(struct hypiommu *h);
void trap_from_host(struct frame *frame);
_Noreturn void trap_unexpected(uint64_t vector);
void psci_call(struct frame *frame);
void psci_host_entry(unsigned int cpu, uint64_t *address, uint64_t *x0);
_Noreturn void psci_system_off(void);

#endif /* MONITOR_H */
