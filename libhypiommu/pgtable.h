/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * I/O page tables, one contract for every format.
 *
 * A leaf goes through three states: empty (all zero), valid, and *cleared*:
 * invalid for hardware while its output address is kept, so that the page can
 * be unpinned after the invalidation completed. map turns empty into valid,
 * clear turns valid into cleared, reap turns cleared into empty and frees the
 * tables that emptied. Between clear and reap the caller invalidates; it never
 * maps while something is cleared.
 *
 * Locking: the caller's, one lock a table. Bounds: map and clear handle at most
 * the leaves the caller allows. Nothing here knows owners or SMMUs.
 */
#ifndef HYPIOMMU_PGTABLE_H
#define HYPIOMMU_PGTABLE_H

#include "env.h"
#include "pool.h"

enum pgtable_format {
	PGTABLE_LPAE_S1, /* VMSAv8-64 stage 1, DDI 0487 D8 */
	PGTABLE_LPAE_S2, /* VMSAv8-64 stage 2 */
};

struct pgtable_config {
	enum pgtable_format format;
	uint8_t granule_shift; /* 12 */
	uint8_t ias, oas;      /* input and output address bits */
	bool coherent;	       /* the walker snoops: no cleaning */
	uint64_t table_limit;  /* tables must lie below */
};

struct pgtable;

/* Unpin and such: called for runs of leaves as they are reaped. */
typedef void (*pgtable_reap_fn)(void *ctx, uint64_t pa, uint64_t size);

struct pgtable_ops {
	/*
	 * Map [iova, iova + size) to pa with the largest leaves that fit, at
	 * most max_leaves of them. All aligned to the granule and inside ias
	 * and oas (checked). *mapped says how far it got; what is mapped stays.
	 * E_EXIST: something is mapped at iova + *mapped. E_NOMEM: table pages
	 * are missing for iova + *mapped, described in *want. Leaves are not
	 * yet published when it returns.
	 */
	int (*map)(struct pgtable *pt, uint64_t iova, uint64_t pa,
		   uint64_t size, uint32_t prot, uint32_t max_leaves,
		   uint64_t *mapped, struct pool_request *want);
	/*
	 * Clear leaves from iova on, at most max_leaves and max_bytes of them,
	 * stopping before a hole and before a block that reaches out of the
	 * range. *cleared bytes are cleared; E_NOENT or E_UNSUPPORTED (block)
	 * only when that is 0. *tables: table descriptors were cleared too.
	 * *shift: log2 of the smallest leaf cleared.
	 */
	int (*clear)(struct pgtable *pt, uint64_t iova, uint64_t size,
		     uint32_t max_leaves, uint64_t max_bytes,
		     uint64_t *cleared, bool *tables, uint8_t *shift);
	/* Empty what clear left in [iova, iova + size); fn per run. */
	void (*reap)(struct pgtable *pt, uint64_t iova, uint64_t size,
		     pgtable_reap_fn fn, void *ctx);
	/* 0 and the address iova translates to, or E_NOENT. */
	int (*lookup)(const struct pgtable *pt, uint64_t iova, uint64_t *pa);
	/* First mapped address at or after *iova; E_NOENT if none, E_AGAIN
	 * with *iova advanced when max_steps descriptors held nothing. */
	int (*next)(const struct pgtable *pt, uint64_t *iova,
		    uint32_t max_steps);
};

struct pgtable {
	const struct pgtable_ops *ops;
	struct pool *pool;
	struct pgtable_config config;
	uint64_t leaf_sizes; /* bitmap */
	uint64_t *root;
	uint64_t root_pa;
	uint64_t phys_to_virt;
	uint64_t pages; /* of 4 KiB, accounted to this table, root included */
	uint8_t start_level;
	uint8_t root_order;
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

/* lpae.c */
int lpae_init(struct pgtable *pt);

#endif /* HYPIOMMU_PGTABLE_H */
