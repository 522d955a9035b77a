/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * I/O page tables, one contract for every format.
 *
 * A leaf goes through three states: empty (all zero), valid, and *cleared*:
 * invalid for hardware while its output address is kept, so that the page can
 * be unpinned after the invalidation completed. map turns empty into valid,
 * clear turns valid into cleared, reap turns cleared into empty and frees the
 * tables that emptied. Where all addresses follow from one, clear may say that
 * one and empty the leaves itself. Between clear and reap the caller
 * invalidates; it never maps while something is cleared.
 *
 * Locking: the caller's, one lock a table. Bounds: map and clear write at most
 * the descriptors the caller allows. Nothing here knows owners or SMMUs.
 */
#ifndef HYPIOMMU_PGTABLE_H
#define HYPIOMMU_PGTABLE_H

#include "env.h"
#include "pool.h"

enum pgtable_format {
	PGTABLE_LPAE_S1,  /* VMSAv8-64 and AArch32 LPAE, stage 1; DDI 0487 D8 */
	PGTABLE_LPAE_S2,  /* the same, stage 2 */
	PGTABLE_V7S,	  /* short descriptors; DDI 0406 B3.5 */
	PGTABLE_TEGRA_MC, /* Tegra MC-SMMU: 1024 x 1024 */
};

/* A backend sets what its hardware has; all else is 0. */
struct pgtable_config {
	enum pgtable_format format;
	uint8_t granule_shift; /* LPAE: 12, 14, 16; the others: 12 */
	uint8_t ias, oas;      /* input and output address bits */
	bool coherent;	       /* the walker snoops: no cleaning */
	bool contiguous;       /* LPAE: set the contiguous hint on runs */
	uint64_t table_limit;  /* tables must lie below */
	bool aarch32;	       /* LPAE: an instruction fetch takes permission to
				* read; in AArch64 it does not */
};

struct pgtable;

/* Unpin and such: called for runs of leaves as they are reaped. */
typedef void (*pgtable_reap_fn)(void *ctx, uint64_t pa, uint64_t size);

/* What one clear did; to be kept until its leaves are reaped or erased. */
struct pgtable_cleared {
	uint64_t size; /* bytes from the start of the request */
	uint64_t pa;   /* if one_run: the output address of all of it */
	uint8_t shift; /* log2 of the smallest leaf cleared */
	bool one_run;  /* leaves of one size, one after the other in memory:
			* pgtable_erase() will do, and is all that will */
	bool left;     /* there is something to erase */
	bool tables;   /* table descriptors were cleared too */
};

/* A block being split: what to store when nothing caches it any more. */
struct pgtable_split {
	void *entry; /* first descriptor of the leaf */
	uint64_t iova, size;
	uint64_t old;	   /* descriptor before */
	uint64_t table_pa; /* new table, or 0: same entries, smaller leaves */
	uint32_t level, count;
};

/* What one map did, and what it is short of if that is E_NOMEM. */
struct pgtable_mapped {
	uint64_t size; /* bytes from the start of the request */
	struct pool_request want;
};

struct pgtable_ops {
	/*
	 * Map [iova, iova + size) to pa with the largest leaves of
	 * pt->map_sizes that fit. All aligned to the granule and inside ias and
	 * oas (checked). What is mapped stays, m->size says how far it got:
	 * E_EXIST: something is mapped there. E_NOMEM: table pages are missing
	 * for it, m->want. Leaves are not yet published when it returns. The
	 * caller bounds the work by size.
	 */
	int (*map)(struct pgtable *pt, uint64_t iova, uint64_t pa,
		   uint64_t size, uint32_t prot, struct pgtable_mapped *m);
	/*
	 * map() for segments of a list that are one granule each, as long as
	 * they go into the table where something was mapped last, with the
	 * same prot, into empty entries: how many, from the first on.
	 */
	uint32_t (*map_pages)(struct pgtable *pt, uint64_t iova, uint32_t prot,
			      const struct hypiommu_segment *list,
			      uint32_t count);
	/*
	 * Clear leaves from iova on, of max_entries descriptors at most if that
	 * is not less than the first has, stopping before a hole and before a
	 * leaf that reaches out of the range.
	 * E_NOENT or E_UNSUPPORTED (such a leaf: split it) only when nothing
	 * was cleared.
	 */
	int (*clear)(struct pgtable *pt, uint64_t iova, uint64_t size,
		     uint32_t max_entries, struct pgtable_cleared *cleared);
	/* Empty what clear left in [iova, iova + size), not as one run; fn per
	 * run of memory. A cleared table on the way is freed. */
	void (*reap)(struct pgtable *pt, uint64_t iova, uint64_t size,
		     pgtable_reap_fn fn, void *ctx);
	/* The same after a clear that said one_run and left: the caller knows
	 * the addresses. */
	void (*erase)(struct pgtable *pt, uint64_t iova,
		      const struct pgtable_cleared *cleared);
	/*
	 * Split the leaf that holds iova into the next smaller ones, break
	 * before make: begin clears it and prepares; the caller invalidates
	 * [split->iova, + size) and completes; end makes the smaller leaves
	 * visible. abort puts the old leaf back (the invalidation failed).
	 * E_NOMEM: unchanged, *want says what is missing. E_NOENT: no leaf, or
	 * the smallest already.
	 */
	int (*split_begin)(struct pgtable *pt, uint64_t iova,
			   struct pgtable_split *split,
			   struct pool_request *want);
	void (*split_end)(struct pgtable *pt,
			  const struct pgtable_split *split);
	void (*split_abort)(struct pgtable *pt,
			    const struct pgtable_split *split);
	/* 0 and the address iova translates to, or E_NOENT. */
	int (*lookup)(const struct pgtable *pt, uint64_t iova, uint64_t *pa);
	/* First mapped address at or after *iova; E_NOENT if none, E_AGAIN
	 * with *iova advanced when max_steps descriptors held nothing. */
	int (*next)(const struct pgtable *pt, uint64_t *iova,
		    uint32_t max_steps);
};

/* A last-level table, the range it translates, and the descriptor that points
 * to it. */
struct pgtable_last {
	uint64_t base, size;
	void *table, *parent;
};

struct pgtable {
	const struct pgtable_ops *ops;
	struct pool *pool;
	struct pgtable_config config;
	uint64_t leaf_sizes; /* bitmap of what the format has */
	uint64_t run_sizes;  /* those of them that are several entries, each
			      * as the next smaller leaf's */
	uint64_t map_sizes;  /* those of them map may use, the granule among
			      * them; pgtable_use_sizes() */
	uint64_t larger;     /* the second smallest of these, or 0 */
	void *root;
	uint64_t root_pa;
	uint64_t phys_to_virt;
	uint8_t start_level;
	uint8_t root_shift; /* iova >> this is the index in the root, which
			     * may be several concatenated tables */
	uint8_t root_order;

	uint64_t pa_end; /* 2^oas */

	/* Where accesses ended (engine.h): the table above the last level, and
	 * the range it translates; what was mapped and what cleared last. */
	uint64_t above_base, above_size;
	void *above;
	struct pgtable_last mapped, cleared;

	/* prot of the last map and what it means, also as a page at 0. */
	uint32_t last_prot;
	uint64_t last_attr, last_page;
};

/* Attribute indices a stage-1 backend gives these meanings in MAIR. */
#define PGTABLE_MAIR_NC	    0u /* Normal, non-cacheable */
#define PGTABLE_MAIR_CACHE  1u /* Normal, write-back, allocate */
#define PGTABLE_MAIR_DEVICE 2u /* Device-nGnRE */
#define PGTABLE_MAIR	    0x04ff44ull

/* Allocate an empty root for config. E_UNSUPPORTED (geometry), E_NOMEM. */
int pgtable_init(struct pgtable *pt, const struct pgtable_config *config,
		 struct pool *pool, struct pool_request *want);
/* Free the root of an empty, unreachable table. */
void pgtable_fini(struct pgtable *pt);

/* The formats: set ops, leaf_sizes, run_sizes, start_level, root_order.
 * E_UNSUPPORTED. */
int lpae_init(struct pgtable *pt);
int v7s_init(struct pgtable *pt);
int tegra_mc_init(struct pgtable *pt);
extern const struct pgtable_ops lpae_4k_ops, lpae_16k_ops, lpae_64k_ops;

/* After the invalidation: nothing is left of what clear() cleared as one run.
 */
static inline void pgtable_erase(struct pgtable *pt, uint64_t iova,
				 const struct pgtable_cleared *cleared)
{
	if (cleared->left)
		pt->ops->erase(pt, iova, cleared);
}

/* What leaves map may use from now on, of pt->leaf_sizes; the granule is one.
 */
static inline void pgtable_use_sizes(struct pgtable *pt, uint64_t sizes)
{
	uint64_t others = sizes & (sizes - 1);

	pt->map_sizes = sizes;
	pt->larger = others & -others;
}

/* Whole granules of size bytes from start, inside 2^bits. */
static inline int pgtable_range(uint64_t start, uint64_t size,
				unsigned int granule_shift, unsigned int bits)
{
	uint64_t last = start + size - 1;

	if (!size || (start | size) & ((1ull << granule_shift) - 1) ||
	    last < start)
		return HYPIOMMU_E_INVAL;
	return last >> bits ? HYPIOMMU_E_RANGE : HYPIOMMU_OK;
}

#endif /* HYPIOMMU_PGTABLE_H */
