/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The SMMUv2 / MMU-500 backend (Arm IHI 0062), and Tegra234's memory
 * controller in front of it, as a port declares them. */
#ifndef HYPIOMMU_SMMUV2_H
#define HYPIOMMU_SMMUV2_H

#include "hypiommu.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Mirrored register frames of one SMMU, at most. */
#define HYPIOMMU_SMMUV2_FRAMES 2u

/* Table format of its context banks; what the hardware lacks is refused. */
enum hypiommu_smmuv2_format {
	HYPIOMMU_SMMUV2_AUTO,	 /* the first of these that it has */
	HYPIOMMU_SMMUV2_AARCH64, /* 4 KiB granule */
	HYPIOMMU_SMMUV2_LPAE,	 /* AArch32 long descriptors */
	HYPIOMMU_SMMUV2_V7S,	 /* short descriptors; stage 1 only */
};

struct hypiommu_smmuv2_config {
	/* Register frames, 1 or 2: mirrored instances that share the traffic
	 * of every stream. Each is written, each is polled. window: for
	 * hypiommu_mmio_ops; base: physical, 64 KiB aligned; size: bytes of
	 * one frame, whole pages, at least what ID1 says. */
	uint32_t frames;
	uint32_t window[HYPIOMMU_SMMUV2_FRAMES];
	uint64_t base[HYPIOMMU_SMMUV2_FRAMES];
	uint64_t size;

	/* Stream ID bits that a match ignores: 0x7f80 on Tegra234. Streams are
	 * then declared with those bits 0, and never as 0 (E_INVAL). */
	uint32_t stream_mask;

	enum hypiommu_smmuv2_format format;
	bool mmu500;   /* MMU-500: prefetch errata 841119 and 826419 */
	bool tegra234; /* walk-cache erratum of Tegra194 and Tegra234: pages
			* only, tables go with the whole context invalidated */

	/* Longest wait for one answer of the hardware, in microseconds,
	 * 1 to 10,000,000; 0 picks 1,000,000. A million looks at a register
	 * end it as well, should the clock stand still. */
	uint32_t timeout_us;
};

/*
 * Declare an SMMUv2 and stop its DMA: on success every stream faults, every
 * context bank is scrubbed. *smmu is its number.
 *
 * E_INVAL, E_PHASE, E_NOSPC, E_EXIST (frame overlaps a region), E_UNSUPPORTED
 * (not a format it has, extended stream IDs only), E_HW (an ID field with a
 * reserved value, frames that disagree, registers that do not hold what is
 * written), E_TIMEOUT.
 */
int hypiommu_smmuv2_add(struct hypiommu *h,
			const struct hypiommu_smmuv2_config *config,
			uint32_t *smmu);

struct hypiommu_tegra234_mc_config {
	uint32_t window;
	uint64_t base; /* physical, of the SID block: 64 KiB */
	uint64_t size; /* bytes, a multiple of 64 KiB, at most 64 KiB * 2 */
};

/*
 * Declare the memory controller that gives every client its stream ID. Denies
 * the whole aperture at finalise: SID 0, which no stream has, overriding for
 * every client id there is room for; clients nobody declared are locked so.
 * finalise fails with E_HW if a client is locked by firmware without override,
 * or at the SID that leads around the SMMU, unless it was declared firmware's
 * own. E_INVAL, E_PHASE, E_EXIST.
 */
int hypiommu_tegra234_mc_add(struct hypiommu *h,
			     const struct hypiommu_tegra234_mc_config *config);

/*
 * Client `id` belongs to the master behind stream sid of an SMMU; a stream may
 * have several. Its override follows attach and detach of that stream.
 * E_INVAL (no MC, sid 0 or above 0x7e, id beyond the aperture), E_NOENT (stream
 * not declared), E_EXIST, E_NOSPC, E_PHASE.
 */
int hypiommu_tegra234_add_client(struct hypiommu *h, uint32_t id, uint32_t smmu,
				 uint32_t sid);

/* Client `id` is the firmware's own (BPMP, the CPU cluster): left alone. */
int hypiommu_tegra234_firmware_client(struct hypiommu *h, uint32_t id);

/*
 * After resume, before hypiommu_smmu_reset() of the SMMUs behind it: every
 * override is lost at suspend; deny the whole aperture again. The reset of an
 * SMMU then routes the clients of its attached streams. E_NOENT (no MC), E_HW.
 */
int hypiommu_tegra234_mc_resume(struct hypiommu *h);

#ifdef __cplusplus
}
#endif

#endif /* HYPIOMMU_SMMUV2_H */
