/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the device tree says of SMMUs, and of who is behind them: what EL2 is
 * told in its trusted phase. For whoever hands them over, once, on one CPU.
 */
#ifndef HYPIOMMU_EL1_MACHINE_H
#define HYPIOMMU_EL1_MACHINE_H

#include <linux/ioport.h>
#include <linux/of.h>

#define MAX_SMMUS 16
#define MAX_MC	  24

struct machine_smmu {
	struct device_node *node;
	struct resource reg[2]; /* the second mirrors the first */
	unsigned int frames;
	bool tegra234; /* SMMUv2 behind a memory controller; else SMMUv3 */
	u64 number;    /* EL2's */
	bool driven;   /* a front-end asked for it */
};

extern struct machine_smmu machine_smmus[MAX_SMMUS];
extern unsigned int machine_smmu_count;

/* Find them. -ENOSPC, -EINVAL: this machine cannot be described. */
int machine_find_smmus(void);

/* Each stream that may come to an SMMU, and with a memory controller each
 * client of it: NO_CLIENT if there is none. The same may be told more than
 * once. */
#define NO_CLIENT (~0u)
typedef int (*machine_stream_fn)(struct machine_smmu *smmu, u32 sid, u32 client,
				 void *ctx);
int machine_for_each_stream(machine_stream_fn fn, void *ctx);

/* Pages of interrupt controllers a device may write to. */
int machine_for_each_doorbell(int (*fn)(u64 base, u64 size, void *ctx),
			      void *ctx);

/* The memory controller's blocks, that of stream IDs first; how many, 0: there
 * is none, or -errno. */
int machine_mc_blocks(struct resource blocks[MAX_MC]);
/* Clients of firmware's own, which are left alone. */
int machine_for_each_firmware(int (*fn)(u32 client, void *ctx), void *ctx);

#endif /* HYPIOMMU_EL1_MACHINE_H */
