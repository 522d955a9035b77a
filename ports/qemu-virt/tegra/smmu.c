// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* As monitor/smmu.c, for a Tegra234: one SMMU, the MC, clients and streams. */
#include "hardware.h"
#include "hypiommu/smmuv2.h"
#include "monitor.h"
#include "tegra.h"

/* Addresses of nothing on this board, among those no device may be mapped to.
 */
#define FRAME_0 0x0b000000u
#define FRAME_1 0x0c000000u
#define MC_BASE 0x0d000000u
#define MC_SIZE 0x10000u

static int add_smmu(struct hypiommu *h, uint32_t *smmu)
{
	const struct hypiommu_smmuv2_config config = {
		.frames = 2,
		.window = { 0, 1 },
		.base = { FRAME_0, FRAME_1 },
		.size = hardware_frame_size(),
		.stream_mask = 0x7f80,
		.mmu500 = true,
		.tegra234 = true,
	};

	return hypiommu_smmuv2_add(h, &config, smmu);
}

static int add_clients(struct hypiommu *h, uint32_t smmu)
{
	static const struct {
		uint32_t id, sid;
	} clients[] = {
		{ TEGRA_CLIENT_A, TEGRA_SID_A },
		{ TEGRA_CLIENT_A2, TEGRA_SID_A },
		{ TEGRA_CLIENT_B, TEGRA_SID_B },
	};
	int err = HYPIOMMU_OK;

	for (unsigned int i = 0; !err && i < 3; i++)
		err = hypiommu_tegra234_add_client(h, clients[i].id, smmu,
						   clients[i].sid);
	return err;
}

int smmu_declare(struct hypiommu *h)
{
	const struct hypiommu_tegra234_mc_config mc = {
		.window = WINDOW_MC,
		.base = MC_BASE,
		.size = MC_SIZE,
	};
	uint32_t smmu;
	int err = hardware_create() ? HYPIOMMU_OK : HYPIOMMU_E_NOMEM;

	if (!err)
		err = add_smmu(h, &smmu);
	if (!err)
		err = hypiommu_add_stream(h, smmu, TEGRA_SID_A, HYPIOMMU_HOST);
	if (!err)
		err = hypiommu_add_stream(h, smmu, TEGRA_SID_B, HYPIOMMU_HOST);
	if (!err)
		err = hypiommu_tegra234_mc_add(h, &mc);
	return err ? err : add_clients(h, smmu);
}
