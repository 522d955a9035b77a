/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * One fault, at the k-th event of its kind since the machine was made. It
 * happens behind the vtables the library calls, where it would happen.
 */
#ifndef MACHINE_FAULT_H
#define MACHINE_FAULT_H

#include <stdbool.h>
#include <stdint.h>

struct machine;

enum machine_fault_kind {
	MACHINE_FAULT_NONE,
	MACHINE_FAULT_ALLOC,   /* an allocation of the port's table memory */
	MACHINE_FAULT_SYNC,    /* the k-th wait for invalidations never ends */
	MACHINE_FAULT_COMMAND, /* the k-th command is called illegal */
	MACHINE_FAULT_FETCH,   /* the k-th command cannot be fetched */
	MACHINE_FAULT_ONES,    /* the k-th register read gives all ones */
	MACHINE_FAULT_DEAD,    /* from the k-th access on its frame is dead */
	MACHINE_FAULT_HANG,    /* from the k-th access on nothing completes */
	MACHINE_FAULT_GERROR,  /* from the k-th access on: service failure */
};

struct machine_fault {
	enum machine_fault_kind kind;
	uint64_t at;   /* 1-based; 0: count only */
	uint64_t seen; /* events so far */
	bool fired;
	bool over;	 /* mended: no more effect */
	uint32_t window; /* where it happened */
};

/* An event of this kind: true if it is the one to fail. */
bool machine_fault_event(struct machine *m, enum machine_fault_kind kind);
/* A register access, before it reaches hardware. True: the frame is dead. */
bool machine_fault_access(struct machine *m, uint32_t window);
/* What a read gives then. */
uint64_t machine_fault_read(struct machine *m, unsigned int width,
			    uint64_t value);

/* All hardware is good again, and so is what machine_fault did. */
void machine_mend(struct machine *m);

/*
 * Table memory of the port's own: EL2 pages, an allocator that fails where it
 * is told to, fills what is given back with descriptors of EL2's memory, and
 * insists that it comes back zeroed.
 */
struct machine_tables {
	uint64_t base, pages, used;
	uint64_t refused; /* allocations */
	uint8_t *state;	  /* by page: 0 free, 1 + order at a head, else tail */
};
/* Table pages in use, of either allocator. */
uint64_t machine_tables_used(struct machine *m);
bool machine_tables_init(struct machine *m);
void machine_tables_fini(struct machine *m);
int machine_tables_alloc(void *ctx, uint32_t order, uint64_t limit,
			 uint64_t *pa);
void machine_tables_free(void *ctx, uint64_t pa, uint32_t order);

#endif /* MACHINE_FAULT_H */
