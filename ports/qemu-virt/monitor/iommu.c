// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The library bound to this board: memory, what it says, and the hypercalls
 * that need no change of ownership. */
#include "abi.h"
#include "monitor.h"

#define INSTANCE_SIZE 0x40000

static uint64_t instance[INSTANCE_SIZE / 8] __attribute__((aligned(64)));
static uint8_t ram_state[HYPIOMMU_PAGE_STATE_SIZE(RAM_SIZE)]
	__attribute__((aligned(8)));

static void on_notice(void *ctx, enum hypiommu_notice what, uint32_t smmu,
		      uint64_t value)
{
	(void)ctx;
	print("# monitor: SMMU %lu: notice %lu, %#lx\n", (uint64_t)smmu,
	      (uint64_t)what, value);
}

static const struct hypiommu_sink_ops sink = { .notice = on_notice };

static int describe(struct hypiommu *h)
{
	int err = hypiommu_add_ram(h, RAM_BASE, RAM_SIZE, ram_state);

	if (!err)
		err = hypiommu_carve_out(h, MONITOR_BASE, MONITOR_SIZE);
	if (!err)
		err = hypiommu_add_tables(h, TABLES_BASE, TABLES_SIZE);
	if (!err)
		err = hypiommu_add_frame(h, GICD_BASE, PCI_BASE - GICD_BASE);
	if (!err)
		err = smmu_declare(h);
	return err ? err : hypiommu_finalise(h);
}

struct hypiommu *iommu_init(void)
{
	const struct hypiommu_config config = {
		.limits = { .smmus = 1,
			    .domains = MONITOR_DOMAINS,
			    .streams = 32,
			    .regions = 1,
			    .frames = 4,
			    .clients = SMMU_CLIENTS },
		.mmio = &smmu_mmio,
		.sink = &sink,
	};
	struct hypiommu *h = NULL;
	int err = hypiommu_create(instance, sizeof(instance), &config, &h);

	if (!err)
		err = describe(h);
	if (!err)
		return h;
	print("# monitor: no host without a safe SMMU: %s\n",
	      hypiommu_error_name(err));
	return NULL;
}

void iommu_hypercall(struct hypiommu *h, struct frame *frame)
{
	struct hypiommu_regs regs = { .x = { frame->x[0] - MONITOR_IOMMU } };

	for (int i = 1; i <= 5; i++)
		regs.x[i] = frame->x[i];
	hypiommu_hcall(h, HYPIOMMU_HOST, &regs);
	for (int i = 0; i <= 7; i++)
		frame->x[i] = regs.x[i];
}
