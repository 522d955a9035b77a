// SPDX-License-Identifier: GPL-2.0-only
/* The module for SMMUv3. */
#include "module.h"

#include <hypiommu/smmuv3.h>

#include "../../common/stop_smmuv3.h"

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
	const struct hypiommu_stop s = {
		.read = stop_read,
		.write = stop_write,
		.ctx = &hypiommu_smmu_windows[smmu][0],
	};

	return hypiommu_stop_smmuv3(&s) ? 0 : -EIO;
}

/* There is none in front of these. */
static int stop_mc(void)
{
	return -EOPNOTSUPP;
}

static int add(struct hypiommu *h, u32 smmu)
{
	const struct hypiommu_machine_range *frame =
		&hypiommu_machine.smmu[smmu].frame[0];
	const struct hypiommu_smmuv3_config config = {
		.window = hypiommu_smmu_windows[smmu][0],
		.base = frame->base,
		.size = frame->size,
	};
	u32 number;

	return hypiommu_smmuv3_add(h, &config, &number);
}

static int add_clients(struct hypiommu *h)
{
	(void)h;
	return HYPIOMMU_OK;
}

static bool host_may(u64 pa, const struct hypiommu_trap *t)
{
	for (u32 i = 0; i < hypiommu_machine.smmu_count; i++) {
		const struct hypiommu_machine_range *r =
			&hypiommu_machine.smmu[i].frame[0];

		if (hypiommu_in_range(r, pa, 1))
			return !t->write && hypiommu_trap_smmuv3_reads(
						    pa - r->base, t->size);
	}
	return false;
}

const struct hypiommu_kind hypiommu_kind = {
	.frames = 1,
	.stop_smmu = stop_smmu,
	.stop_mc = stop_mc,
	.add = add,
	.add_clients = add_clients,
	.host_may = host_may,
};
