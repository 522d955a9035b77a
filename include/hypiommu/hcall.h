/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The hypercall ABI between an EL1 front-end and EL2. This header is all that
 * a front-end needs.
 *
 * x0 carries the function, x1..x5 the arguments. On return x0 is the status
 * (HYPIOMMU_OK or a negative enum hypiommu_error, sign-extended), x1..x4 are
 * results; every result register is written on every call, to zero where the
 * function has nothing to say. A caller must look at x0.
 *
 * Any function that waits for an SMMU may also return E_TIMEOUT (no answer) or
 * E_HW (an answer the specification forbids): the SMMU is broken from then on,
 * its streams abort, its pages stay pinned, and every later call for it returns
 * E_BROKEN until the port has reset it.
 *
 * Sizes and addresses are in bytes. Pages are 4 KiB here, whatever the granule
 * of a domain's tables.
 */
#ifndef HYPIOMMU_HCALL_H
#define HYPIOMMU_HCALL_H

#include "types.h"
#include "error.h"

#define HYPIOMMU_ABI_VERSION 1u

enum hypiommu_hcall_fn {
	/* -> x1 = HYPIOMMU_ABI_VERSION, x2 = bytes one map or unmap handles at
	 * most, x3 = number of SMMUs. */
	HYPIOMMU_HC_INFO = 0,

	/* x1 = SMMU, x2 = stage (1 or 2), with HYPIOMMU_GRANULE() and
	 *    HYPIOMMU_CONTIGUOUS, if wanted, ORed into it
	 * -> x1 = domain, x2 = IOVA bits, x3 = output address bits,
	 *    x4 = bitmap of leaf sizes, the smallest of them the granule.
	 * E_NOENT (SMMU), E_INVAL (x2), E_UNSUPPORTED (the SMMU has no such
	 * tables), E_NOSPC, E_NOMEM, E_BROKEN. */
	HYPIOMMU_HC_DOMAIN_ALLOC = 1,

	/* x1 = domain. E_NOENT, E_BUSY (streams attached), E_BROKEN.
	 * E_AGAIN: bounded work done, call again; until it returns OK the
	 * domain answers only this call. */
	HYPIOMMU_HC_DOMAIN_FREE = 2,

	/* x1 = SMMU, x2 = stream ID, x3 = domain.
	 * E_NOENT, E_PERM (stream is not the caller's), E_BUSY (attached),
	 * E_INVAL (domain of another SMMU), E_AGAIN (domain has unfinished
	 * invalidations: IOTLB_SYNC), E_BROKEN, E_TIMEOUT (now broken). */
	HYPIOMMU_HC_ATTACH_DEV = 3,

	/* x1 = SMMU, x2 = stream ID, x3 = domain it is attached to.
	 * The stream aborts on return. E_NOENT also if attached elsewhere. */
	HYPIOMMU_HC_DETACH_DEV = 4,

	/* x1 = domain, x2 = IOVA, x3 = physical address, x4 = size, x5 = prot
	 * -> x1 = bytes mapped, which may be fewer than asked with status OK:
	 *    call again for the rest.
	 * E_INVAL, E_RANGE, E_NOENT, E_EXIST, E_PERM, E_OVERFLOW, E_AGAIN:
	 * nothing mapped. E_TIMEOUT, E_HW, E_BROKEN: x1 bytes are (not 0 with
	 * E_BROKEN only if the SMMU broke or was suspended meanwhile); what a
	 * refusal midway could not take back stays pinned until IOTLB_SYNC.
	 * E_NOMEM: x1 bytes are mapped and stay so, x2 = order, x3 = count,
	 * x4 = address limit of the pages wanted. */
	HYPIOMMU_HC_MAP_PAGES = 5,

	/* x1 = domain, x2 = IOVA, x3 = size
	 * -> x1 = bytes unmapped; fewer than asked with status OK means: call
	 *    again for the rest. Stops before the first hole.
	 * When it returns, no device can reach those pages and their pins are
	 * gone. A range that begins or ends inside a block splits it: the rest
	 * of the block faults for the time of one invalidation. E_NOENT:
	 * nothing is mapped at IOVA. E_NOMEM: splitting takes a table page,
	 * described as for MAP_PAGES; nothing changed. E_TIMEOUT, E_HW,
	 * E_BROKEN: x1 bytes are unreachable for new walks, stay pinned, and
	 * the SMMU is broken: IOTLB_SYNC finishes them after its reset. */
	HYPIOMMU_HC_UNMAP_PAGES = 6,

	/* x1 = domain, x2 = IOVA -> x1 = physical address. E_NOENT. */
	HYPIOMMU_HC_IOVA_TO_PHYS = 7,

	/* x1 = domain. Finishes what an error left behind: invalidates and
	 * unpins. OK if there is nothing. E_AGAIN: call again. E_BROKEN. */
	HYPIOMMU_HC_IOTLB_SYNC = 8,

	/* x1 = physical address, x2 = pages, naturally aligned blocks are kept
	 * together. The host must own them exclusively and unpinned.
	 * -> x1 = pages taken (status OK: maybe fewer than asked; call again).
	 * E_INVAL, E_PERM, E_BUSY (pinned), E_UNSUPPORTED (the port brings its
	 * own allocator). */
	HYPIOMMU_HC_MEM_TOPUP = 9,

	/* x1 = physical address of a page given by MEM_TOPUP, or
	 * HYPIOMMU_ANY_PAGE -> x1 = the page, zeroed, host's again.
	 * E_BUSY (in use), E_PERM (not a pool page), E_NOENT (none free). */
	HYPIOMMU_HC_MEM_GIVEBACK = 10,

	/* x1 = SMMU -> x1 = stream ID | reason << 32 | flags << 48,
	 *    x2 = IOVA, x3 = hardware's own event code, x4 = 1 if more wait.
	 * E_NOENT: no record waits. Records of streams that are not the
	 * caller's, or were not when they were made, are dropped, at most
	 * HYPIOMMU_FAULT_SCAN in one call, then E_AGAIN. */
	HYPIOMMU_HC_FAULT_READ = 11,

	HYPIOMMU_HC_COUNT
};

/*
 * x2 of DOMAIN_ALLOC. The granule is 1 << 12, 14 or 16 bytes, 4 KiB if nothing
 * is said; addresses and sizes of a domain's mappings are multiples of it. With
 * CONTIGUOUS, runs of leaves that are aligned to it and mapped in one call
 * share one TLB entry where the SMMU can; unmapping a part of one splits it.
 */
#define HYPIOMMU_STAGE_MASK	0xffull
#define HYPIOMMU_GRANULE(shift) ((uint64_t)(shift) << 8)
#define HYPIOMMU_GRANULE_MASK	0xff00ull
#define HYPIOMMU_CONTIGUOUS	(1ull << 16)

#define HYPIOMMU_ANY_PAGE (~0ull)

/* Event records examined by one FAULT_READ, at most. */
#define HYPIOMMU_FAULT_SCAN 16u

/*
 * prot of MAP_PAGES; the values are those of Linux's IOMMU_*. READ or WRITE or
 * both must be set. A stage-1 table cannot withhold reads: WRITE alone lets the
 * device read there too. In an MMIO window the memory type is Device whatever
 * CACHE says.
 */
#define HYPIOMMU_PROT_READ   (1u << 0)
#define HYPIOMMU_PROT_WRITE  (1u << 1)
#define HYPIOMMU_PROT_CACHE  (1u << 2) /* write-back, inner shareable */
#define HYPIOMMU_PROT_NOEXEC (1u << 3)
#define HYPIOMMU_PROT_MMIO   (1u << 4) /* Device-nGnRE */
#define HYPIOMMU_PROT_PRIV   (1u << 5) /* stage 1: privileged accesses only */
#define HYPIOMMU_PROT_ALL    0x3fu

enum hypiommu_fault_reason {
	HYPIOMMU_FAULT_OTHER = 0,  /* see the hardware's own code */
	HYPIOMMU_FAULT_CONFIG = 1, /* stream not attached, or bad structure */
	HYPIOMMU_FAULT_TRANSLATION = 2,
	HYPIOMMU_FAULT_PERMISSION = 3,
	HYPIOMMU_FAULT_ADDRESS_SIZE = 4,
	HYPIOMMU_FAULT_ACCESS_FLAG = 5,
	HYPIOMMU_FAULT_EXTERNAL = 6, /* abort on a fetch by the SMMU */
};

#define HYPIOMMU_FAULT_WRITE (1u << 0) /* the device was writing */
#define HYPIOMMU_FAULT_LOST  (1u << 1) /* records were lost before this one */
#define HYPIOMMU_FAULT_IOVA  (1u << 2) /* the IOVA is meaningful */

/* x0..x7 of the caller. */
struct hypiommu_regs {
	uint64_t x[8];
};

#endif /* HYPIOMMU_HCALL_H */
