/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Error codes. Every function that can fail returns 0 (HYPIOMMU_OK) or one of
 * these negative numbers; sizes and identifiers travel in separate results, so
 * an error can never be mistaken for a size.
 *
 * Unless a function's own comment says otherwise, an error leaves the state as
 * it was before the call. The numbers are ABI: they reach EL1.
 */
#ifndef HYPIOMMU_ERROR_H
#define HYPIOMMU_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

enum hypiommu_error {
	HYPIOMMU_OK = 0,

	/* An argument is wrong in itself: misaligned, zero, overflowing, or
	 * with bits or values that have no meaning. */
	HYPIOMMU_E_INVAL = -1,

	/* The argument is well-formed but beyond what this domain, SMMU or
	 * machine can address. */
	HYPIOMMU_E_RANGE = -2,

	/* No such domain, stream, SMMU, page or mapping, or not the caller's:
	 * the two are deliberately not told apart for domains. */
	HYPIOMMU_E_NOENT = -3,

	/* Something is there already: a mapping at the IOVA, a stream or window
	 * declared twice. */
	HYPIOMMU_E_EXIST = -4,

	/* The page's or stream's owner does not permit it. */
	HYPIOMMU_E_PERM = -5,

	/* In use: page pinned for DMA or serving as a table, domain with
	 * streams attached, stream attached elsewhere. */
	HYPIOMMU_E_BUSY = -6,

	/* Table pages are missing; the call reports how many, of what order and
	 * below which address. Top up, then call again for what is left. */
	HYPIOMMU_E_NOMEM = -7,

	/* Identifiers or configured slots are exhausted (domains, ASIDs,
	 * VMIDs, streams, windows). */
	HYPIOMMU_E_NOSPC = -8,

	/* A page has as many DMA pins as can be counted. */
	HYPIOMMU_E_OVERFLOW = -9,

	/* The hardware did not answer within its bound. */
	HYPIOMMU_E_TIMEOUT = -10,

	/* The SMMU was poisoned by an earlier failure: all its streams abort,
	 * all its pages stay pinned, until hypiommu_smmu_reset() succeeds. */
	HYPIOMMU_E_BROKEN = -11,

	/* Not allowed in this phase: a trusted-phase call after
	 * hypiommu_finalise(), or a hypercall before it. */
	HYPIOMMU_E_PHASE = -12,

	/* Understood, and not supported by this hardware or this version. */
	HYPIOMMU_E_UNSUPPORTED = -13,

	/* Part of the work is done, the rest needs another call. */
	HYPIOMMU_E_AGAIN = -14,

	/* The hardware answered with a value its specification forbids. */
	HYPIOMMU_E_HW = -15,

	/* No such hypercall. */
	HYPIOMMU_E_NOSYS = -16,
};

/*
 * The code's name without prefix ("INVAL"), or "?" for any other number.
 * Never NULL; static storage; callable from anywhere.
 */
const char *hypiommu_error_name(int error);

#ifdef __cplusplus
}
#endif

#endif /* HYPIOMMU_ERROR_H */
