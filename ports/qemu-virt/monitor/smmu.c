// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The SMMU of this board: its registers and the streams behind it. */
#include "hypiommu/smmuv3.h"
#include "monitor.h"

/* A window's number is of no interest: there is one SMMU. */
static uint32_t mmio_read32(void *ctx, uint32_t window, uint32_t offset)
{
	(void)ctx, (void)window;
	return io_read32(SMMU_BASE + (uint64_t)offset);
}

static void mmio_write32(void *ctx, uint32_t window, uint32_t offset,
			 uint32_t val)
{
	(void)ctx, (void)window;
	io_write32(SMMU_BASE + (uint64_t)offset, val);
}

static uint64_t mmio_read64(void *ctx, uint32_t window, uint32_t offset)
{
	(void)ctx, (void)window;
	return io_read64(SMMU_BASE + (uint64_t)offset);
}

static void mmio_write64(void *ctx, uint32_t window, uint32_t offset,
			 uint64_t val)
{
	(void)ctx, (void)window;
	io_write64(SMMU_BASE + (uint64_t)offset, val);
}

const struct hypiommu_mmio_ops smmu_mmio = {
	.read32 = mmio_read32,
	.write32 = mmio_write32,
	.read64 = mmio_read64,
	.write64 = mmio_write64,
};

/* Everything on PCI bus 0: the stream ID is the requester ID. */
static int add_streams(struct hypiommu *h, uint32_t smmu)
{
	int err = HYPIOMMU_OK;

	for (uint32_t slot = 1; !err && slot < 32; slot++)
		err = hypiommu_add_stream(h, smmu, slot << 3, HYPIOMMU_HOST);
	return err;
}

int smmu_declare(struct hypiommu *h)
{
	const struct hypiommu_smmuv3_config config = {
		.base = SMMU_BASE,
		.size = SMMU_SIZE,
	};
	uint32_t smmu;
	int err = hypiommu_smmuv3_add(h, &config, &smmu);

	return err ? err : add_streams(h, smmu);
}
