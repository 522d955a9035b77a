// SPDX-License-Identifier: GPL-2.0-only
/* The module for Tegra234: SMMUv2 with mirrored frames, behind a memory
 * controller. */
#include "module.h"

#include <hypiommu/smmuv2.h>

#include "../../common/sleep_tegra234.h"
#include "../../common/trap_tegra234_mc.h"

/* Stream ID bits that vary on their way to the SMMU (docs/hardware-tegra.md).
 */
#define STREAM_MASK 0x7f80u
#define SID_BLOCK   0x10000u /* bytes, of the first block of the MC */

static struct hypiommu_sleeper sleeper; /* frames by their windows' numbers */

static u32 stop_read(void *ctx, u32 offset)
{
	return hypiommu_window_read(*(const u32 *)ctx, offset);
}

static void stop_write(void *ctx, u32 offset, u32 val)
{
	hypiommu_window_write(*(const u32 *)ctx, offset, val);
}

static int stop_smmu(u32 smmu)
{
	int err = 0;

	for (u32 k = 0; k < hypiommu_machine.smmu[smmu].frames; k++) {
		const struct hypiommu_stop s = {
			.read = stop_read,
			.write = stop_write,
			.ctx = &hypiommu_smmu_windows[smmu][k],
		};

		if (!hypiommu_stop_smmuv2(&s))
			err = -EIO;
	}
	return err;
}

static bool is_firmware(u32 client)
{
	for (u32 i = 0; i < hypiommu_machine.firmware_count; i++) {
		if (hypiommu_machine.firmware[i] == client)
			return true;
	}
	return false;
}

/* Who leads around the SMMUs is stopped here, or nowhere. */
static int stop_mc(void)
{
	const struct hypiommu_stop s = {
		.read = stop_read,
		.write = stop_write,
		.ctx = &hypiommu_mc_windows[0],
	};

	if (hypiommu_machine.mc[0].size != SID_BLOCK)
		return -EINVAL;
	for (u32 id = 0; id < SID_BLOCK / 8; id++) {
		if (!is_firmware(id))
			hypiommu_stop_client(&s, id);
	}
	return 0;
}

static int add(struct hypiommu *h, u32 smmu)
{
	const struct hypiommu_machine_smmu *s = &hypiommu_machine.smmu[smmu];
	struct hypiommu_smmuv2_config config = {
		.frames = s->frames,
		.size = s->frame[0].size,
		.stream_mask = STREAM_MASK,
		.mmu500 = true,
		.tegra234 = true,
	};
	u32 number;

	for (u32 k = 0; k < s->frames; k++) {
		if (s->frame[k].size != config.size)
			return HYPIOMMU_E_INVAL;
		config.window[k] = hypiommu_smmu_windows[smmu][k];
		config.base[k] = s->frame[k].base;
		sleeper.smmu[smmu].frame[k] = &hypiommu_smmu_windows[smmu][k];
	}
	sleeper.read = stop_read;
	sleeper.smmu[smmu].number = smmu;
	sleeper.count = smmu + 1;
	return hypiommu_smmuv2_add(h, &config, &number);
}

/* Without a memory controller nothing says whose a client is. */
static int add_clients(struct hypiommu *h)
{
	const struct hypiommu_machine_stream *s = hypiommu_streams();
	const struct hypiommu_tegra234_mc_config config = {
		.window = hypiommu_mc_windows[0],
		.base = hypiommu_machine.mc[0].base,
		.size = hypiommu_machine.mc[0].size,
	};
	int err = hypiommu_machine.mc_count
			  ? hypiommu_tegra234_mc_add(h, &config)
			  : HYPIOMMU_E_UNSUPPORTED;

	for (u32 i = 1; !err && i < hypiommu_machine.mc_count; i++)
		err = hypiommu_add_frame(h, hypiommu_machine.mc[i].base,
					 hypiommu_machine.mc[i].size);
	sleeper.mc = &hypiommu_mc_windows[0];
	for (u32 i = 0; !err && i < hypiommu_machine.stream_count; i++) {
		if (s[i].client == HYPIOMMU_NO_CLIENT)
			continue;
		sleeper.has_client = true;
		sleeper.client = s[i].client;
		err = hypiommu_tegra234_add_client(h, s[i].client, s[i].smmu,
						   s[i].sid);
	}
	for (u32 i = 0; !err && i < hypiommu_machine.firmware_count; i++)
		err = hypiommu_tegra234_firmware_client(
			h, hypiommu_machine.firmware[i]);
	return err;
}

static void cpu_entry(struct hypiommu *h)
{
	hypiommu_sleep_entry(&sleeper, h);
}

static bool host_may(u64 pa, const struct hypiommu_trap *t)
{
	for (u32 i = 0; i < hypiommu_machine.mc_count; i++) {
		const struct hypiommu_machine_range *r =
			&hypiommu_machine.mc[i];

		if (hypiommu_in_range(r, pa, 1))
			return hypiommu_trap_tegra234_mc(i == 0, pa - r->base,
							 t);
	}
	return false;
}

const struct hypiommu_kind hypiommu_kind = {
	.frames = HYPIOMMU_SMMUV2_FRAMES,
	.stop_smmu = stop_smmu,
	.stop_mc = stop_mc,
	.add = add,
	.add_clients = add_clients,
	.host_may = host_may,
	.cpu_entry = cpu_entry,
};
