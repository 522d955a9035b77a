/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The SMMU's structures as they stand in simulated memory and registers, found
 * as hardware finds them: from STRTAB_BASE, or a stream match, on. Nothing is
 * asked of the library.
 */
#ifndef LOOK_H
#define LOOK_H

#include "machine.h"

/* A translation table, 4 KiB granule. */
struct look_table {
	uint64_t root;	    /* physical; 0: none */
	unsigned int level; /* of its entries */
	unsigned int ia_bits;
	bool stage1; /* descriptors are those of stage 1 */
};

struct look_entry {
	uint64_t table; /* the table it is in */
	unsigned int level;
	uint64_t iova, size; /* what it translates */
	uint64_t pa;	     /* the next table, or memory */
	bool leaf, read, write;
};

typedef void (*look_fn)(void *ctx, const struct look_entry *entry);

/* Calls fn for every valid descriptor, tables before what is in them. */
void look_tables(struct machine *m, const struct look_table *look, look_fn fn,
		 void *ctx);

/* ---------------------------------------------------------------- SMMUv3 */

enum look_config {
	LOOK_NOTHING, /* no entry: outside the table, or not valid */
	LOOK_ABORT,
	LOOK_BYPASS,
	LOOK_S1,
	LOOK_S2,
	LOOK_NESTED,
};

struct look_stream {
	enum look_config config;
	uint64_t strtab, ste; /* physical addresses */
	uint64_t cd;	      /* stage 1: the context descriptor's */
	unsigned int tag;     /* ASID or VMID */
	struct look_table table;
};

void look_stream(struct machine *m, uint32_t sid, struct look_stream *look);

/* ---------------------------------------------------------------- SMMUv2 */

#define LOOK_NO_ENTRY UINT32_MAX

/* What one register frame has for a stream ID. */
struct look_match {
	uint32_t entry; /* of SMR and S2CR, or LOOK_NO_ENTRY */
	uint32_t id, mask;
	bool translates; /* S2CR; else bypass or fault */
	bool bypass;
	uint32_t bank;
};

/* A context bank of one frame, AArch64. */
struct look_bank {
	bool on;	  /* SCTLR.M */
	unsigned int tag; /* ASID or VMID */
	struct look_table table;
};

void look_match(struct machine *m, uint32_t smmu, unsigned int frame,
		uint32_t sid, struct look_match *match);
void look_bank(struct machine *m, uint32_t smmu, unsigned int frame,
	       uint32_t bank, struct look_bank *look);

#endif /* LOOK_H */
