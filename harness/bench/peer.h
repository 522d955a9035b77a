/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Small C API over an Arm I/O page-table engine.  libpeer-iopgtable.so is
 * Linux's engine behind it; an adapter for another engine that exports the same
 * symbols can be given to bench and oracle beside it.
 */
#ifndef PEER_H
#define PEER_H

#include <stddef.h>
#include <stdint.h>

#define PEER_EXPORT __attribute__((visibility("default")))

enum peer_fmt { /* same order as Linux's enum io_pgtable_fmt */
	PEER_ARM_32_LPAE_S1,
	PEER_ARM_32_LPAE_S2,
	PEER_ARM_64_LPAE_S1,
	PEER_ARM_64_LPAE_S2,
	PEER_ARM_V7S,
	PEER_ARM_MALI_LPAE,
	PEER_NUM_FMTS
};

enum peer_prot { /* same values as Linux's IOMMU_* */
	PEER_READ = 1,
	PEER_WRITE = 2,
	PEER_CACHE = 4,
	PEER_NOEXEC = 8,
	PEER_MMIO = 16,
	PEER_PRIV = 32,
};

enum peer_quirk { /* same values as IO_PGTABLE_QUIRK_* */
	PEER_QUIRK_ARM_NS = 1,
	PEER_QUIRK_NO_PERMS = 2,
	PEER_QUIRK_MTK_EXT = 8,
	PEER_QUIRK_MTK_TTBR_EXT = 16,
	PEER_QUIRK_TTBR1 = 32,
	PEER_QUIRK_OUTER_WBWA = 64,
	PEER_QUIRK_ARM_HD = 128,
};

struct peer_cfg {
	enum peer_fmt fmt;
	uint64_t pgsize_bitmap; /* lowest supported bit picks the granule */
	unsigned ias, oas;	/* bits */
	int coherent; /* table walker snoops caches: no PTE cleaning */
	unsigned long quirks;
};

struct peer_stats {
	/* this instance */
	uint64_t flush_all, flush_walk, add_page;
	/* whole library: every instance together */
	uint64_t table_bytes, table_bytes_peak, table_allocs, table_frees;
	uint64_t sync_calls, sync_bytes; /* PTE cleaning, non-coherent */
	uint64_t warns;			 /* WARN_ON() that fired */
};

/* What a driver would program: S1 ttbr/tcr/mair, S2 vttbr/vtcr, v7s, Mali. */
struct peer_regs {
	uint64_t ttbr, tcr, mair;
	unsigned start_level, root_bits, level_bits, page_shift;
};

struct peer;

#ifdef __cplusplus
extern "C" {
#endif

PEER_EXPORT struct peer *peer_create(const struct peer_cfg *cfg);
PEER_EXPORT void peer_destroy(struct peer *p);

/*
 * One engine call.  0 or -errno; *mapped grows by the bytes mapped.  An engine
 * may map fewer than pgcount pages (Linux's stops at the end of one table): the
 * caller then goes on from iova + *mapped, as Linux's IOMMU core does.
 */
PEER_EXPORT int peer_map_pages(struct peer *p, uint64_t iova, uint64_t pa,
			       size_t pgsize, size_t pgcount, int prot,
			       size_t *mapped);

/*
 * One engine call, returns the bytes unmapped (again maybe fewer than asked).
 * queued = 0: strict, the engine reports each page for invalidation (add_page).
 * queued = 1: lazy, a full flush will come later, leaf reports may be left out.
 */
PEER_EXPORT size_t peer_unmap_pages(struct peer *p, uint64_t iova,
				    size_t pgsize, size_t pgcount, int queued);

PEER_EXPORT uint64_t peer_iova_to_phys(struct peer *p, uint64_t iova);

PEER_EXPORT void peer_get_stats(const struct peer *p, struct peer_stats *st);
PEER_EXPORT void peer_get_regs(const struct peer *p, struct peer_regs *r);

/*
 * Raw descriptors met on the way to iova, as the walker hardware would see
 * them, from the registers alone.  Fills pte[0..n) and returns n (<= 4); the
 * walk ends at a leaf or at an invalid descriptor.  *pa gets the output address
 * or ~0.  Independent of the engine's own code: an architectural cross-check.
 */
PEER_EXPORT int peer_walk(const struct peer *p, uint64_t iova, uint64_t pte[4],
			  uint64_t *pa);

#ifdef __cplusplus
}
#endif
#endif
