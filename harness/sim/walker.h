/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * A table walker with a TLB and a walk cache, for any SMMU: one address, all
 * addresses, and what the caches hold. What enters a cache is checked against
 * what is still held: an entry that contradicts it was made without
 * break-before-make (DDI 0487 D8.16.1, DDI 0406C B3.10.1). Bits that are RES0
 * are masked, as today's hardware may, and reported, as tomorrow's gives them a
 * meaning.
 */
#ifndef SIM_WALKER_H
#define SIM_WALKER_H

#include "attrs.h"
#include "mem.h"
#include "mem_priv.h"
#include "tlb.h"
#include "v7s.h"
#include "vmsa.h"

/* Tables of either kind of descriptor. */
struct walk_regime {
	bool v7s;
	struct vmsa_regime v8; /* granule, ia_bits and the rest: LPAE too */
	struct v7s_regime v7;
};

/* What one translation is made of. */
struct walk_context {
	struct tlb_tag tag;
	struct walk_regime regime; /* v8.ia_bits 0: every access faults */
	bool cached;		   /* the root is no longer what it was told */
};

struct walker {
	const struct sim_mem *mem;
	struct tlb leaves, walks;
	uint64_t now; /* counts invalidations and fills: orders them */
	uint64_t gen; /* counts enumerations */
	bool peek;    /* enumerate without caching */
	void *owner;
	void (*report)(const void *owner, const char *what);
	/* A table is about to be read; NULL. */
	void (*reads)(const void *owner, const struct vmsa_table *table,
		      uint64_t size);
};

struct walk {
	enum vmsa_fault fault;
	uint64_t addr; /* of the descriptor that was read last */
	uint8_t level;
	struct vmsa_leaf leaf;
};

struct walk_visitor {
	void (*leaf)(void *ctx, const struct vmsa_leaf *leaf, bool cached);
	void (*table)(void *ctx, const struct vmsa_table *table, bool cached);
	/* A TLB entry that no leaf was the same as. */
	void (*entry)(void *ctx, const struct tlb_entry *entry);
	void *ctx;
};

void walker_init(struct walker *w);
void walker_destroy(struct walker *w);
void walker_clear(struct walker *w);

/* walk_format.c: one face for long and short descriptors */
struct vmsa_table walk_root(const struct walk_regime *r);
uint64_t walk_entries(const struct walk_regime *r, const struct vmsa_table *t);
uint64_t walk_table_size(const struct walk_regime *r,
			 const struct vmsa_table *t);
unsigned int walk_entry_size(const struct walk_regime *r);
uint64_t walk_index(const struct walk_regime *r, const struct vmsa_table *t,
		    uint64_t ia);
void walk_decode(const struct walk_regime *r, const struct vmsa_table *t,
		 uint64_t index, uint64_t desc, struct vmsa_entry *entry);
int walk_fetch(const struct sim_mem *mem, const struct walk_regime *r,
	       const struct vmsa_table *t, uint64_t index, enum sim_view view,
	       uint64_t *desc);
/* log2 of the bytes of the run the leaf is one of, 0: none; descriptors in it.
 */
unsigned int walk_run(const struct walk_regime *r, const struct vmsa_leaf *leaf,
		      uint64_t *members);
uint8_t walk_granule(const struct walk_regime *r);

/* walk_attrs.c: of a leaf or TLB entry, for accesses of these privileges */
struct sim_attrs walk_attrs(const struct walk_regime *r, unsigned int perms,
			    uint16_t attr, bool priv, bool unpriv);

/* walk_fill.c */
struct tlb_entry walk_leaf_entry(const struct walk_context *c,
				 const struct vmsa_leaf *leaf);
struct tlb_entry walk_table_entry(const struct walk_context *c,
				  const struct vmsa_table *table);
struct vmsa_table walk_entry_table(const struct tlb_entry *e);
void walk_fill_leaf(struct walker *w, const struct walk_context *c,
		    const struct vmsa_leaf *leaf, uint64_t seq);
uint32_t walk_fill_table(struct walker *w, const struct walk_context *c,
			 const struct vmsa_table *table, uint64_t seq);
/* Say so if the descriptor at addr has bits that it should not have. */
void walk_object(const struct walker *w, const struct vmsa_entry *e,
		 uint64_t addr);
void walk_widen(struct walker *w, const struct walk_context *c,
		const struct vmsa_table *table, struct vmsa_leaf *leaf);

/* walk.c: the oldest TLB entry that covers the address, or else a walk from the
 * deepest pointer held. */
void walk_address(struct walker *w, const struct walk_context *c, uint64_t ia,
		  struct walk *walk);

/* walk_tree.c: all that the tables and the caches lead to; NULL: fill them */
void walk_tree(struct walker *w, const struct walk_context *c,
	       const struct walk_visitor *visitor);

#endif /* SIM_WALKER_H */
