/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The port, both halves, on simulated hardware: the kernel and pKVM it is in,
 * as a test turns their knobs. One machine a process.
 */
#ifndef STAND_H
#define STAND_H

#include "bed.h"

#include "kernel.h"

#define STAND_RAM_BASE 0x40000000ull
#define STAND_RAM      0x2000000ull /* bytes */
#define STAND_BLOCK    0x300000ull  /* of it are a block, the rest another */

/* ------------------------------------------------------------------- hyp.c */

enum stand_owner {
	STAND_HOST,
	STAND_HYP,
	STAND_GUEST,
	STAND_NOBODY,
};
enum stand_owner stand_owner(u64 phys);
extern bool stand_trusted; /* pKVM has not taken this kernel's privileges */
/* Setup calls made; the one of this number is refused. */
extern unsigned int stand_setups, stand_fail_setup;
/* Called before the last of them. */
extern void (*stand_before_finalise)(void);
/* A stage-2 fault of the host; false: not in a window. */
bool stand_abort(u64 pa, u64 esr, struct user_pt_regs *regs);
/* ESR_EL2 of a load or store of 1 << sas bytes by register reg (DDI 0487
 * D24.2.40). */
#define STAND_ESR(sas, reg)                                           \
	(0x24ull << 26 | 1ull << 25 | 1ull << 24 | (u64)(sas) << 22 | \
	 (u64)(reg) << 16)
#define STAND_ESR_WRITE (1ull << 6)

/* ---------------------------------------- stand_linux.c, or stand_android.c */

/* A page goes to a guest, and comes back: -EPERM, -EBUSY. */
int stand_give(u64 pa);
int stand_return(u64 pa);
void stand_cpu_entry(void);	 /* a CPU comes back from firmware */
bool stand_taken(u64 pa);	 /* the register is EL2's */
extern const u64 stand_firmware; /* a page of memory the host does not map */
extern const char *stand_tree;	 /* the device tree's file */

/* ------------------------------------------------------------------ host.c */

extern bool stand_protected; /* there is a protected KVM */
extern int stand_pages;	     /* alloc_page() gives so many more; < 0: all */
bool kernel_said(const char *what);
void kernel_forget(void); /* what was said */
void kernel_tell(void);	  /* it, as comments of TAP */
/* A file of iommu/SMMU in debugfs; "": there is none. */
const char *stand_file(const char *smmu, const char *name);
/* An SMMU's event interrupt. */
void stand_irq(struct device *smmu);

/* The SMMUs of the tree, in its order, bound to the driver. */
#define STAND_SMMUS 3
extern struct platform_device stand_smmus[STAND_SMMUS];
extern unsigned int stand_smmu_count;
void stand_bind(void);
/* A device whose node has this name, probed as the IOMMU core does. */
struct device *stand_device(const char *node);

/* ------------------------------------------------------------------ tree.c */

void tree_load(const char *path);
struct device_node *tree_find(const char *name); /* with or without "@..." */
const char *tree_name(const struct device_node *n);

#endif /* STAND_H */
