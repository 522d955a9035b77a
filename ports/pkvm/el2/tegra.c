// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tegra234: SMMUv2 with mirrored frames behind a memory controller, whose
 * registers for stream IDs are EL2's and whose others the host reaches by a
 * list. The controller forgets when the machine sleeps and lets devices pass
 * then, so EL2 programs it again before it returns to the host.
 */
#include <asm/kvm_mmu.h>
#include <nvhe/mem_protect.h>

#include <hypiommu/pkvm.h>
#include <hypiommu/smmuv2.h>

#include "hypiommu_el2.h"
#include "sleep_tegra234.h"
#include "trap_tegra234_mc.h"

/* Stream ID bits that vary on their way to the SMMU (docs/hardware-tegra.md).
 */
#define STREAM_MASK 0x7f80u

#define MC_BLOCKS 24

/* Written in the trusted phase only. */
static u64 blocks[MC_BLOCKS]; /* of the MC; [0]: stream IDs */
static u32 block_count;
static u64 frames[HYPIOMMU_SLEEP_SMMUS][2];
static struct hypiommu_sleeper sleeper; /* frames by their physical addresses */

/* Without the controller nothing says whose a client is. */
bool hypiommu_tegra_complete(void)
{
	return !sleeper.count || block_count;
}

bool hypiommu_tegra_present(void)
{
	return block_count;
}

bool hypiommu_tegra_host_may(u64 addr, const struct hypiommu_trap *t)
{
	for (u32 i = 0; i < block_count; i++) {
		if (addr - blocks[i] < SZ_64K)
			return hypiommu_trap_tegra234_mc(i == 0,
							 addr - blocks[i], t);
	}
	return false;
}

/* -------------------------------------------------------------------- setup */

static u32 read_at(void *base, u32 offset)
{
	return hypiommu_window_read32(*(u64 *)base + offset);
}

/* The sleeper looks at it from now on. */
static void watch_smmu(u32 number, const struct hypiommu_smmuv2_config *config)
{
	u32 i = sleeper.count++;

	sleeper.read = read_at;
	sleeper.smmu[i].number = number;
	for (u32 k = 0; k < config->frames; k++) {
		frames[i][k] = config->base[k];
		sleeper.smmu[i].frame[k] = &frames[i][k];
	}
}

static int setup_smmuv2(struct hypiommu *h, u64 base, u64 size, u64 mirror,
			u64 *number)
{
	struct hypiommu_smmuv2_config config = {
		.frames = mirror ? 2 : 1,
		.base = { base, mirror },
		.size = size,
		.stream_mask = STREAM_MASK,
		.mmu500 = true,
		.tegra234 = true,
	};
	u32 smmu = 0;
	int err = 0;

	if (sleeper.count == HYPIOMMU_SLEEP_SMMUS)
		return HYPIOMMU_E_NOSPC;
	for (u32 i = 0; !err && i < config.frames; i++)
		err = hypiommu_window_take(config.base[i], size,
					   &config.window[i]);
	err = hypiommu_from_errno(err);
	if (!err)
		err = hypiommu_smmuv2_add(h, &config, &smmu);
	*number = smmu;
	if (!err)
		watch_smmu(smmu, &config);
	return err;
}

static int take_block(u64 base, u64 size, u32 *window)
{
	int err;

	if (size != SZ_64K)
		return HYPIOMMU_E_INVAL;
	if (block_count == MC_BLOCKS)
		return HYPIOMMU_E_NOSPC;
	err = hypiommu_from_errno(hypiommu_window_take(base, size, window));
	if (!err)
		blocks[block_count++] = base;
	return err;
}

static int setup_mc(struct hypiommu *h, u64 base, u64 size)
{
	struct hypiommu_tegra234_mc_config config = { .base = base,
						      .size = size };
	int err = block_count ? HYPIOMMU_E_EXIST
			      : take_block(base, size, &config.window);

	sleeper.mc = &blocks[0];
	return err ? err : hypiommu_tegra234_mc_add(h, &config);
}

static int setup_mc_block(struct hypiommu *h, u64 base, u64 size)
{
	u32 window;
	int err = block_count ? take_block(base, size, &window)
			      : HYPIOMMU_E_INVAL;

	return err ? err : hypiommu_add_frame(h, base, size);
}

int hypiommu_tegra_setup(struct hypiommu *h, u64 op, u64 a, u64 b, u64 c,
			 u64 *result)
{
	switch (op) {
	case HYPIOMMU_SETUP_SMMUV2:
		return setup_smmuv2(h, a, b, c, result);
	case HYPIOMMU_SETUP_MC:
		return setup_mc(h, a, b);
	case HYPIOMMU_SETUP_MC_BLOCK:
		return setup_mc_block(h, a, b);
	case HYPIOMMU_SETUP_CLIENT:
		if (a > U32_MAX || b > U32_MAX || c > U32_MAX)
			return HYPIOMMU_E_INVAL;
		sleeper.has_client = true;
		sleeper.client = a;
		return hypiommu_tegra234_add_client(h, a, b, c);
	case HYPIOMMU_SETUP_FIRMWARE:
		if (a > U32_MAX)
			return HYPIOMMU_E_INVAL;
		return hypiommu_tegra234_firmware_client(h, a);
	default:
		return HYPIOMMU_E_NOSYS;
	}
}

/* -------------------------------------------------------------------- sleep */

/* A CPU is on its way back to the host. */
void hypiommu_psci_entry(void)
{
	struct hypiommu *h = hypiommu_instance();

	if (h && hypiommu_tegra_present())
		hypiommu_sleep_entry(&sleeper, h);
}
