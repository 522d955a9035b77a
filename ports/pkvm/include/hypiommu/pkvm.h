/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pKVM's two hypercalls for libhypiommu, as both sides of the call see them.
 *
 * __hypiommu_setup exists only until pKVM takes the host's privileges: EL2
 * refuses it afterwards, as it does every early call. x1 is one of enum
 * hypiommu_setup_op, x2.. its arguments; x1 = status, x2 = result.
 *
 * __hypiommu_call is the library's ABI moved up by one register, because x0
 * names the hypercall: x1 = function, x2..x6 = arguments; x1 = status, x2..x5
 * = results. Functions from HYPIOMMU_PKVM_BASE on are this port's own.
 *
 * x0 on return is SMCCC's: a kernel without the port answers "not supported"
 * there and nothing else. A caller looks at x0 first, then at the status.
 */
#ifndef HYPIOMMU_PKVM_H
#define HYPIOMMU_PKVM_H

#define HYPIOMMU_TYPES_HEADER "linux/types.h" /* <linux/..> would expand */
#include <hypiommu/hcall.h>

enum hypiommu_setup_op {
	/* x2 = SMMUs, x3 = domains, x4 = streams of all SMMUs, x5 = memory
	 * clients (0: no memory controller) -> x2 = bytes of memory
	 * HYPIOMMU_SETUP_CREATE needs for them. */
	HYPIOMMU_SETUP_SIZE,
	/* x2 = first page frame, x3 = pages for the instance; x4 = first page
	 * frame, x5 = pages for tables, a power of two and aligned to it. Both
	 * are the hypervisor's from then on. */
	HYPIOMMU_SETUP_CREATE,
	/* x2 = physical base, x3 = bytes of the register frame -> x2 = SMMU.
	 * Its DMA stops, its registers leave the host. */
	HYPIOMMU_SETUP_SMMUV3,
	/* x2 = SMMU, x3 = stream ID. */
	HYPIOMMU_SETUP_STREAM,
	/* x2 = physical base, x3 = bytes of an interrupt controller's doorbell
	 * page: the only MMIO devices may be given. */
	HYPIOMMU_SETUP_DOORBELL,
	/* Switch every SMMU on with every stream aborting. */
	HYPIOMMU_SETUP_FINALISE,

	/* Tegra234: an SMMUv2, x2 = physical base, x3 = bytes of a frame, x4 =
	 * base of the frame that mirrors it, 0: none -> x2 = SMMU. */
	HYPIOMMU_SETUP_SMMUV2,
	/* x2 = physical base, x3 = bytes of the memory controller's block of
	 * stream IDs; of another of its blocks. */
	HYPIOMMU_SETUP_MC,
	HYPIOMMU_SETUP_MC_BLOCK,
	/* x2 = memory client, x3 = SMMU, x4 = stream it belongs to. */
	HYPIOMMU_SETUP_CLIENT,
	/* x2 = memory client that firmware keeps. */
	HYPIOMMU_SETUP_FIRMWARE,
};

#define HYPIOMMU_PKVM_BASE 0x100u

enum hypiommu_pkvm_fn {
	/* -> x2 = accesses of the host to protected registers, all refused or
	 * answered here; x3 = faults of the host on memory it does not own;
	 * x4 = pages in the table pool, x5 = of them in use. */
	HYPIOMMU_PKVM_STATS = HYPIOMMU_PKVM_BASE,
	/* x2 = SMMU. Its streams abort until it is resumed. */
	HYPIOMMU_PKVM_SUSPEND,
	/* x2 = SMMU. Programs it anew; also after it was found broken. */
	HYPIOMMU_PKVM_RESUME,
	/* A scatter list in one call: x2 = domain, x3 = IOVA, x4 = prot |
	 * segments << 32, x5.. = the segments, each a physical address | its
	 * pages - 1, mapped as by hypiommu_map_list(). -> x2 = bytes mapped,
	 * which stay so whatever the status; x3..x5 as for MAP_PAGES. In
	 * registers, so that nobody can change the list while it is read.
	 * With HYPIOMMU_PKVM_NARROW in x4 a register holds two, the first in
	 * its lower half, each a page frame << 4 | its pages - 1. */
	HYPIOMMU_PKVM_MAP_LIST,

	/* Only with CONFIG_HYPIOMMU_TEST. */

	/* x2 = page frame, x3 = pages: the host's -> a guest's. */
	HYPIOMMU_PKVM_TEST_GUEST_DONATE,
	/* And back, zeroed. */
	HYPIOMMU_PKVM_TEST_GUEST_RETURN,
	/* Forget every device mapping of the host's stage 2, as pKVM does when
	 * it runs out of tables. */
	HYPIOMMU_PKVM_TEST_RECYCLE,
	/* x2 = page frame, x3 = pages: the host's -> the hypervisor's. */
	HYPIOMMU_PKVM_TEST_HYP_DONATE,
	HYPIOMMU_PKVM_TEST_HYP_RETURN,
	/* x2 = physical address -> x2 = DMA pins, x3 = 1 if DMA is barred. */
	HYPIOMMU_PKVM_TEST_PAGE,
};

/* Segments of one MAP_LIST: x5 to x17, the last SMCCC passes on. */
#define HYPIOMMU_PKVM_SEGMENTS	  13u
#define HYPIOMMU_PKVM_SEGMENT_MAX 4096u /* pages */
#define HYPIOMMU_PKVM_NARROW	  (1ull << 63)
#define HYPIOMMU_PKVM_NARROWS	  (2 * HYPIOMMU_PKVM_SEGMENTS)
#define HYPIOMMU_PKVM_NARROW_BITS 28u /* of a page frame: 1 TiB */
#define HYPIOMMU_PKVM_NARROW_MAX  16u /* pages */

/* One MEM_TOPUP takes at most this many pages. */
#define HYPIOMMU_PKVM_TOPUP_MAX 64u

#endif /* HYPIOMMU_PKVM_H */
