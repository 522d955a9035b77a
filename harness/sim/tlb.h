/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * A store of translations without a size limit and without replacement: what
 * goes in stays until it is taken out. One instance holds leaves, another the
 * pointers to intermediate tables. Entries are found by input address in
 * constant time for every size that is present.
 */
#ifndef SIM_TLB_H
#define SIM_TLB_H

#include <stdbool.h>
#include <stdint.h>

#include "vmsa.h"

/* The translation regime an entry belongs to. */
enum tlb_world {
	TLB_EL1, /* stage 1, VMID and ASID */
	TLB_EL2, /* stage 1, ASID only where E2H */
	TLB_S2,	 /* stage 2, VMID */
};

struct tlb_tag {
	uint8_t world;
	bool global; /* for every ASID */
	uint16_t vmid, asid;
};

struct tlb_entry {
	struct tlb_tag tag;
	uint64_t ia, pa;
	uint64_t seq;	/* when it was last read from memory */
	uint64_t order; /* when it came in first */
	uint64_t stamp; /* the caller's: visited in this pass */
	uint16_t attr;
	uint8_t shift, level, granule;
	uint8_t perms; /* of a table: APTable */
	bool contiguous;
	bool used; /* slot in use */
	uint32_t next;
};

struct tlb {
	struct tlb_entry *entries; /* [0] is never used */
	uint32_t nr, cap, free, count;
	uint32_t *heads;
	uint32_t nr_heads; /* power of two */
	uint32_t by_shift[65];
	uint64_t orders;
};

/* Return false to stop. The callback may remove the entry it is given. */
typedef bool (*tlb_fn)(void *ctx, struct tlb *tlb, uint32_t idx);

void tlb_init(struct tlb *tlb);
void tlb_destroy(struct tlb *tlb);
void tlb_clear(struct tlb *tlb);

/* The entry equal to e in all but seq, order and stamp; 0: none. */
uint32_t tlb_find(const struct tlb *tlb, const struct tlb_entry *e);
/* Insert without looking for an equal one. Invalidates entry pointers. */
uint32_t tlb_insert(struct tlb *tlb, const struct tlb_entry *e);
void tlb_remove(struct tlb *tlb, uint32_t idx);

/* All entries of the world that overlap [first, last], in no order. */
void tlb_overlapping(struct tlb *tlb, uint8_t world, uint64_t first,
		     uint64_t last, tlb_fn fn, void *ctx);
/* Would an access in this context use an entry with that tag? */
bool tlb_tag_hits(const struct tlb_tag *context, const struct tlb_tag *entry);

#endif /* SIM_TLB_H */
