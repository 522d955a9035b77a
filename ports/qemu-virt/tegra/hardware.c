// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The simulated hardware, its registers as windows, and who watches it. */
#include <stdlib.h>

#include "hardware.h"
#include "monitor.h"
#include "tegra.h"
#include "tegra_mc.h"

static struct sim_smmuv2 *smmu;
static struct sim_tegra_mc *mc;
static uint64_t objections, exposed, rightly;
static struct hypiommu *instance;

void abort(void)
{
	monitor_panic("abort", 0);
}

static void on_report(void *ctx, const char *what)
{
	(void)ctx;
	print("# %s\n", what);
	objections++;
}

bool hardware_create(void)
{
	/* An MMU-500 with two mirrored frames, as Tegra234 has it. */
	static const struct sim_smmuv2_config mmu500 = {
		.instances = 2,
		.nr_smrg = 16,
		.nr_cb = 8,
		.page_64k = true,
		.numpagendxb = 3,
		.ias = 48,
		.oas = 48,
		.ubs = 48,
		.sid_bits = 15,
		.stage1 = true,
		.stage2 = true,
		.coherent = true,
		.aa64_4k = true,
		.aa32_long = true,
		.mmu500 = true,
		.tegra_walk_cache = true,
		.boot = SIM_SMMUV2_BOOT_RANDOM,
	};
	/* Firmware lets everybody pass. */
	static const struct sim_tegra_mc_client clients[] = {
		{ .id = TEGRA_CLIENT_A, .native_sid = 0x7f, .fw_sid = 0x7f },
		{ .id = TEGRA_CLIENT_A2, .native_sid = 0x7f, .fw_sid = 0x7f },
		{ .id = TEGRA_CLIENT_B, .native_sid = 0x7f, .fw_sid = 0x7f },
		{ .id = TEGRA_CLIENT_STRAY,
		  .native_sid = 0x7f,
		  .fw_sid = 0x7f },
	};
	struct sim_tegra_mc_config config = {
		.clients = clients,
		.nr_clients = sizeof(clients) / sizeof(clients[0]),
	};

	smmu = sim_smmuv2_create(NULL, &mmu500);
	config.smmu[0] = smmu;
	mc = smmu ? sim_tegra_mc_create(&config) : NULL;
	if (!mc)
		return false;
	sim_smmuv2_on_report(smmu, on_report, NULL);
	sim_tegra_mc_on_report(mc, on_report, NULL);
	return true;
}

uint64_t hardware_frame_size(void)
{
	return sim_smmuv2_frame_size(smmu);
}

static uint64_t read(uint32_t window, uint32_t offset, unsigned int width)
{
	return window == WINDOW_MC
		       ? sim_tegra_mc_read(mc, offset, width)
		       : sim_smmuv2_read(smmu, window, offset, width);
}

static void write(uint32_t window, uint32_t offset, unsigned int width,
		  uint64_t val)
{
	if (window == WINDOW_MC)
		sim_tegra_mc_write(mc, offset, width, (uint32_t)val);
	else
		sim_smmuv2_write(smmu, window, offset, width, val);
}

static uint32_t read32(void *ctx, uint32_t window, uint32_t offset)
{
	(void)ctx;
	return (uint32_t)read(window, offset, 4);
}

static void write32(void *ctx, uint32_t window, uint32_t offset, uint32_t val)
{
	(void)ctx;
	write(window, offset, 4, val);
}

static uint64_t read64(void *ctx, uint32_t window, uint32_t offset)
{
	(void)ctx;
	return read(window, offset, 8);
}

static void write64(void *ctx, uint32_t window, uint32_t offset, uint64_t val)
{
	(void)ctx;
	write(window, offset, 8, val);
}

const struct hypiommu_mmio_ops smmu_mmio = {
	.read32 = read32,
	.write32 = write32,
	.read64 = read64,
	.write64 = write64,
};

/* ------------------------------------------------------------- observation */

/* Each page of what some client reaches is the host's, and pinned. */
static void on_reach(void *ctx, const struct sim2_reach *r)
{
	(void)ctx;
	if (r->bypass) {
		exposed++;
		return;
	}
	for (uint64_t at = 0; at < r->size; at += HYPIOMMU_PAGE_SIZE) {
		struct hypiommu_page_info info;

		if (hypiommu_page_info(instance, r->pa + at, &info) ||
		    info.owner != HYPIOMMU_HOST || !info.pins)
			exposed++;
		else
			rightly++;
	}
}

void __real_hypiommu_hcall(struct hypiommu *h, uint32_t caller,
			   struct hypiommu_regs *regs);
void __wrap_hypiommu_hcall(struct hypiommu *h, uint32_t caller,
			   struct hypiommu_regs *regs);
void __real_psci_call(struct frame *frame);
void __wrap_psci_call(struct frame *frame);

/* After every hypercall everything that may be cached is, and is looked at. */
void __wrap_hypiommu_hcall(struct hypiommu *h, uint32_t caller,
			   struct hypiommu_regs *regs)
{
	__real_hypiommu_hcall(h, caller, regs);
	instance = h;
	sim_smmuv2_speculate(smmu);
	sim_tegra_mc_for_each_reach(mc, on_reach, NULL);
	sim_tegra_mc_check(mc);
	sim_smmuv2_check_mirrors(smmu);
}

static void dma(struct frame *frame)
{
	uint64_t value = frame->x[4], done = 0;
	const struct sim2_access access = {
		.id = (uint32_t)frame->x[1],
		.iova = frame->x[2],
		.write = frame->x[3],
		.buf = &value,
		.len = sizeof(value),
	};

	frame->x[1] = sim_tegra_mc_dma(mc, &access, &done) == SIM2_DMA_OK;
	frame->x[2] = value;
}

void __wrap_psci_call(struct frame *frame)
{
	if (frame->x[0] == TEGRA_DMA) {
		dma(frame);
	} else if (frame->x[0] == TEGRA_VERDICT) {
		frame->x[1] = objections;
		frame->x[2] = exposed;
		frame->x[3] = rightly;
	} else {
		__real_psci_call(frame);
	}
}
