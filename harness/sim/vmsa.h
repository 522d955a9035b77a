/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * VMSAv8-64 translation tables (DDI 0487 chapter D8), one descriptor at a time:
 * what an entry at a given level means. Fetching, caching and the order of
 * things belong to the caller, so that any SMMU can use it.
 */
#ifndef SIM_VMSA_H
#define SIM_VMSA_H

#include <stdbool.h>
#include <stdint.h>

/* Permissions of a leaf: unprivileged and privileged; read, write, execute. */
#define VMSA_UR 1u
#define VMSA_UW 2u
#define VMSA_PR 4u
#define VMSA_PW 8u
#define VMSA_UX 16u
#define VMSA_PX 32u

enum vmsa_fault {
	VMSA_OK,
	VMSA_TRANSLATION,
	VMSA_ADDR_SIZE,
	VMSA_ACCESS,
	VMSA_PERMISSION,
	VMSA_EABT, /* nothing answers where the table should be */
};

/* A translation regime: what TCR/VTCR and TTBR say, already validated. */
struct vmsa_regime {
	bool stage2;
	bool one_el;	 /* EL2 without E2H: no unprivileged accesses */
	bool had;	 /* hierarchical attributes disabled */
	bool affd;	 /* an Access flag of 0 does not fault */
	bool tbi;	 /* top byte ignored */
	bool aarch32;	 /* a fetch takes permission to read */
	uint8_t granule; /* log2: 12, 14, 16 */
	uint8_t ia_bits, oa_bits;
	uint8_t start_level;
	uint64_t ttb;
	uint64_t mair;
};

/* A table, and what it translates: 2^shift bytes of input from ia. */
struct vmsa_table {
	uint64_t pa, ia;
	uint8_t level; /* of the entries in it */
	uint8_t shift; /* log2 of the input region */
	uint8_t ap;    /* APTable, UXNTable and PXNTable so far */
};

struct vmsa_leaf {
	uint64_t ia, pa;
	uint8_t level, shift;
	uint8_t perms;
	uint16_t attr; /* memory type and shareability, as one number */
	bool contiguous, global;
};

enum vmsa_kind {
	VMSA_IS_FAULT,
	VMSA_IS_TABLE,
	VMSA_IS_LEAF,
};

struct vmsa_entry {
	enum vmsa_kind kind;
	enum vmsa_fault fault;
	uint64_t res0; /* bits of a valid descriptor that should be 0 */
	struct vmsa_table table;
	struct vmsa_leaf leaf;
};

/* log2 of the bytes one entry at this level translates. */
unsigned int vmsa_shift(unsigned int granule, unsigned int level);
/* log2 of the bytes a contiguous run at this level translates, 0: none. */
unsigned int vmsa_run_shift(unsigned int granule, unsigned int level);

/* Stage 1 start level for this input size (no concatenation). */
unsigned int vmsa_s1_start(unsigned int granule, unsigned int ia_bits);
/* Stage 2: the level SL0 means, or -1 if TG, SL0 and T0SZ do not agree. */
int vmsa_s2_start(unsigned int granule, unsigned int sl0, unsigned int ia_bits,
		  unsigned int pa_max);

/* The root, concatenated tables taken as one; low bits of ttb are dropped. */
struct vmsa_table vmsa_root(const struct vmsa_regime *regime);
uint64_t vmsa_nr_entries(const struct vmsa_regime *regime,
			 const struct vmsa_table *table);
/* Index in the table of the entry for ia. */
uint64_t vmsa_index(const struct vmsa_regime *regime,
		    const struct vmsa_table *table, uint64_t ia);
/* What entry number index of table means if it reads desc. */
void vmsa_decode(const struct vmsa_regime *regime,
		 const struct vmsa_table *table, uint64_t index, uint64_t desc,
		 struct vmsa_entry *entry);

#endif /* SIM_VMSA_H */
