/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * An engine alone: tables in an arena, a flat model of what a window of it
 * translates to, and the walkers of the simulated hardware as judges.
 */
#ifndef PGTABLE_BED_H
#define PGTABLE_BED_H

#include <stdlib.h>
#include <string.h>

#include "rig.h"

#include "pgtable.h"
#include "vmsa.h"

#define PAGE   4096ull
#define ARENA  2048u  /* table pages */
#define WINDOW 16384u /* granules the model knows */

struct shape {
	enum pgtable_format format;
	uint8_t granule, ias, oas;
	bool contiguous;
};

struct arena {
	uint8_t *mem, *before;
	bool used[ARENA];
	uint32_t live, fail_after;
};

struct bed {
	const struct shape *shape;
	struct arena arena;
	struct pool pool;
	struct pgtable pt;
	struct pool_request want;
	struct pgtable_mapped m;
	uint64_t granule;
	uint64_t reaped_pages, reaped_sum; /* in granules; sum of numbers */
	/* The model: what each granule of the window translates to. */
	uint64_t base;
	bool mapped[WINDOW];
	uint64_t pa[WINDOW];
	uint32_t prot[WINDOW];
	uint8_t shift[WINDOW];
};

/* pgtable_shapes.c: every kind of table there is. */
extern const struct shape bed_shapes[];
extern const size_t bed_shape_count;
/* An output address for this page: congruent with its input address modulo the
 * unit-th of a few sizes, `times` such sizes further, or high up. */
uint64_t bed_pa(const struct bed *b, uint32_t page, unsigned int unit,
		unsigned int times, bool high);

struct bed *bed_start(const struct shape *shape);
/* The same for a walker that does not snoop. */
struct bed *bed_start_incoherent(const struct shape *shape);
void bed_stop(struct bed *b);
extern const struct hypiommu_table_ops bed_table_ops;

/* What a shape must offer, written down here and not asked for. */
uint64_t bed_sizes(const struct bed *b);

bool bed_is_lpae(const struct bed *b);
/* The leaf hardware finds for iova, and its descriptor. */
bool bed_walk(const struct bed *b, uint64_t iova, struct vmsa_leaf *leaf,
	      uint64_t *desc);

/* Remember the tables; they are bit for bit what they were. */
void bed_keep(struct bed *b);
void bed_same(const struct bed *b);

void bed_check_page(const struct bed *b, uint32_t page);
void bed_check_all(const struct bed *b);
/* Tables in use are exactly those the mapped pages need. */
void bed_check_tables(const struct bed *b);

/* Operations, done and modelled. */
void bed_map(struct bed *b, uint32_t page, uint64_t pa, uint32_t pages,
	     uint32_t prot);
void bed_unmap(struct bed *b, uint32_t page, uint32_t pages);
/* Split the leaf of this page; abort half of the time. */
void bed_split(struct bed *b, uint32_t page, bool abort);
void bed_reap_fn(void *ctx, uint64_t pa, uint64_t size);
/* As the caller of clear does it; how much that was. Not modelled. */
uint64_t bed_clear(struct bed *b, uint64_t iova, uint64_t size,
		   uint32_t max_leaves);

/* Entries of a last-level table. */
uint32_t bed_entries(const struct bed *b);
/* An output address that is no multiple of any larger leaf, page by page. */
uint64_t bed_odd(const struct bed *b, uint64_t page);
/* The test from page 0 of every shape on; then all of it is unmapped. */
void bed_every_shape(void (*test)(struct bed *b));

/* pgtable_golden.c */
void test_golden(void **state);

#endif /* PGTABLE_BED_H */
