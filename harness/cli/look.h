/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The SMMU's structures as they stand in simulated memory, found as hardware
 * finds them: from STRTAB_BASE on. Nothing is asked of the library.
 */
#ifndef LOOK_H
#define LOOK_H

#include "machine.h"

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
	uint64_t root;	      /* of the translation table */
	unsigned int level;   /* of its entries */
	unsigned int ia_bits;
};

void look_stream(struct machine *m, uint32_t sid, struct look_stream *look);

struct look_entry {
	uint64_t table; /* the table it is in */
	unsigned int level;
	uint64_t iova, size; /* what it translates */
	uint64_t pa;	     /* the next table, or memory */
	bool leaf, read, write;
};

typedef void (*look_fn)(void *ctx, const struct look_entry *entry);

/* Calls fn for every valid descriptor, tables before what is in them. */
void look_tables(struct machine *m, const struct look_stream *look, look_fn fn,
		 void *ctx);

#endif /* LOOK_H */
