/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pKVM's core as a module sees it, hosted: page states with DMA counts, pools
 * that are topped up, the order in which the core calls a driver. Written from
 * what the interface headers say of android16-6.12; it shares nothing with the
 * module. One machine a process.
 */
#ifndef MOCK_H
#define MOCK_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bed.h"

#include <asm/kvm_pkvm_module.h>
#include <nvhe/iommu.h>

#include "../../ports/pkvm/android/machine.h"

#define PAGE	   4096ull
#define MiB	   (1ull << 20)
#define RAM	   MACHINE_RAM_BASE
#define MOCK_RAM   (32 * MiB) /* bytes */
#define MOCK_BLOCK (3 * MiB)  /* of it are one memblock, the rest another */

/* The module's, by the names its EL1 half knows. */
extern struct hypiommu_machine hypiommu_machine;
extern struct kvm_iommu_ops hypiommu_ops;
int hypiommu_module_init(const struct pkvm_module_ops *ops);
void hypiommu_module_call(struct user_pt_regs *regs);

/* ----------------------------------------------------------------- the core */

enum mock_owner {
	MOCK_HOST,
	MOCK_HYP,
	MOCK_GUEST,
	MOCK_SHARED,
};

extern struct pkvm_module_ops mock_ops;
extern unsigned int mock_hooks;	     /* hooks called so far */
extern unsigned int mock_fail_hook;  /* this one fails; 0: none */
extern unsigned int mock_stopped_at; /* hooks before the first donation */
extern bool mock_watch;
extern unsigned int mock_closely; /* so many steps are all looked at */
/* What another CPU does in the midst of the next call. */
extern void (*mock_rival)(void);

/* A machine, and the module loaded into it; nothing taken over. */
void mock_boot(void);
/* As the core's kvm_iommu_init(); then the observer looks at every step. */
int mock_take_over(void);

int mock_alloc_domain(pkvm_handle_t id, int type);
int mock_free_domain(pkvm_handle_t id);
int mock_attach(unsigned int device, pkvm_handle_t domain);
int mock_detach(unsigned int device, pkvm_handle_t domain);
/* As kvm_iommu_map_pages() and the host's loop around it: bytes mapped. */
uint64_t mock_map(pkvm_handle_t domain, uint64_t iova, uint64_t pa,
		  uint64_t size);
uint64_t mock_map_once(pkvm_handle_t domain, uint64_t iova, uint64_t pa,
		       uint64_t size, int prot);
uint64_t mock_map_pages(pkvm_handle_t domain, uint64_t iova, uint64_t pa,
			uint64_t pgsize, uint64_t pgcount, int prot);
uint64_t mock_unmap(pkvm_handle_t domain, uint64_t iova, uint64_t size);
uint64_t mock_iova_to_phys(pkvm_handle_t domain, uint64_t iova);
int mock_power(unsigned int smmu, bool on);
/* The host's PSCI calls, as the core tells the module of them. */
void mock_psci(enum pkvm_psci_notification what);
/* The machine sleeps, its hardware forgets, a CPU comes back. */
void mock_sleep(enum pkvm_psci_notification how);

/* Page states. give: from the host to another, or back. -EPERM, -EBUSY. */
int mock_give(uint64_t pa, enum mock_owner to);
int mock_return(uint64_t pa);
unsigned int mock_count(uint64_t pa);
uint64_t mock_pool_free(void);
extern bool mock_topup; /* the host fills empty pools */

/* The host touches a register: as its fault reaches the module. ESR_EL2 of a
 * load or store of 1 << sas bytes by register reg (DDI 0487 D24.2.40). */
#define MOCK_ESR(sas, reg)                                                 \
	(0x24ull << 26 | 1ull << 25 | 1ull << 24 | (uint64_t)(sas) << 22 | \
	 (uint64_t)(reg) << 16)
#define MOCK_ESR_WRITE (1ull << 6)
#define MOCK_ESR_SF    (1ull << 15)
#define MOCK_ESR_SSE   (1ull << 21)
bool mock_abort(uint64_t pa, uint64_t esr, struct user_pt_regs *regs);
/* Told of every register access the module makes, if not NULL; val: what was
 * read or written. */
extern void (*mock_on_io)(uint64_t pa, unsigned int width, bool write,
			  uint64_t val);
/* Between mock.c and mock_core.c */
extern bool mock_taking_over;
extern void (*mock_notify)(enum pkvm_psci_notification, struct user_pt_regs *);
void mock_on_step(struct machine *m, enum machine_step step, void *ctx);
int mock_use_dma(uint64_t pa, uint64_t size);
bool mock_top_up(void); /* false: nobody asked, or nobody gives */
bool mock_is_taken(uint64_t pa);

#endif /* MOCK_H */
