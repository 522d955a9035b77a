/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Scenarios: a machine, then what happens on it, one statement a line. Text is
 * parsed into a struct scn, a struct scn is printed as text again, and played
 * on a simulated machine with the observer on. docs/scenarios.md is the
 * language; forms.c is its grammar, which parser and printer share.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "machine.h"

#define SCN_NAME    32u /* bytes of a name, its end included */
#define SCN_TITLE   160u
#define SCN_STEPS   1024u
#define SCN_DEVICES 16u
#define SCN_DOMAINS 32u
#define SCN_RUNS    32u
#define SCN_XS	    5u

/* RAM of every scenario's machine, and where tables lie that 32 bits
 * must reach. */
#define SCN_RAM_SIZE  0x2000000ull
#define SCN_LOW_POOL  0x1800000ull /* from the start of RAM */
#define SCN_LOW_PAGES 64ull

enum scn_verb {
	SCN_FINALISE,
	/* hypercalls */
	SCN_INFO,
	SCN_ALLOC,
	SCN_FREE,
	SCN_ATTACH,
	SCN_DETACH,
	SCN_MAP,
	SCN_UNMAP,
	SCN_LOOKUP,
	SCN_SYNC,
	SCN_TOPUP,
	SCN_GIVEBACK,
	SCN_FAULT,
	SCN_CALL,
	/* the port's own calls */
	SCN_DONATE,
	SCN_SHARE,
	SCN_UNSHARE,
	SCN_LEND,
	SCN_RECLAIM,
	SCN_ASSIGN,
	SCN_SUSPEND,
	SCN_RESET,
	SCN_MC_RESUME,
	/* devices, other CPUs, hardware */
	SCN_READ,
	SCN_WRITE,
	SCN_FORGE,
	SCN_RIVAL,
	SCN_BREAK,
	SCN_MEND,
	SCN_POWER_LOSS,
	/* what must hold */
	SCN_PINS,
	SCN_OWNER,
	SCN_TABLES,
	SCN_MARK,
	SCN_COUNT,
	SCN_VERBS
};

/* What a statement may carry; each at most once. */
enum scn_arg {
	SCN_A_WHO,   /* principal that calls */
	SCN_A_DOM,   /* index into domains, or SCN_LITERAL | number */
	SCN_A_DEV,   /* index into devices */
	SCN_A_IOVA,  /* bytes */
	SCN_A_PA,    /* physical address */
	SCN_A_TO,    /* physical address: what a forged descriptor names */
	SCN_A_SIZE,  /* bytes */
	SCN_A_PROT,  /* HYPIOMMU_PROT_* */
	SCN_A_STAGE, /* 1 or 2 */
	SCN_A_SMMU,
	SCN_A_PEER,   /* principal */
	SCN_A_REASON, /* enum hypiommu_fault_reason */
	SCN_A_ACCESS, /* 0 read, 1 write */
	SCN_A_LOST,   /* 1 */
	SCN_A_N,
	SCN_A_CODE,
	SCN_A_FRAME,
	SCN_A_TIMES,
	SCN_A_OUTCOME, /* enum sim_dma_result, not OK */
	SCN_A_HOLD,    /* enum hypiommu_page_state */
	SCN_A_ILL,     /* enum scn_ill */
	SCN_A_COUNTER, /* enum scn_counter */
	SCN_A_CMP,     /* '=', '<', '>' (or equal) */
	SCN_A_NONE,    /* the words "none", "any" or "off" */
	SCN_A_WANT,    /* enum hypiommu_error, as two's complement */
	SCN_A_DONE,    /* bytes done, with WANT */
	SCN_A_XS,      /* number of xs */
	SCN_ARGS
};

#define SCN_LITERAL ((uint64_t)1 << 63)

/* What can be wrong with hardware. */
enum scn_ill {
	SCN_ILL_SYNC,	 /* no invalidation ever completes */
	SCN_ILL_QUEUE,	 /* commands are not consumed */
	SCN_ILL_DEAD,	 /* reads all ones */
	SCN_ILL_COMMAND, /* the N-th command from now fails with CODE */
	SCN_ILL_ABORT,	 /* GBPA.ABORT does not stick */
	SCN_ILL_ENABLE,	 /* CR0ACK never follows */
	SCN_ILL_WRITES,	 /* writes are ignored */
};

enum scn_counter {
	SCN_C_HYPERCALLS,
	SCN_C_TLBI,
	SCN_C_SYNCS,
	SCN_C_BROKEN,
	SCN_C_COMMAND_ERRORS,
	SCN_C_RESETS,
	SCN_C_READS,
	SCN_C_WRITES,
	SCN_C_EVENTS,
	SCN_COUNTERS
};

struct scn_step {
	enum scn_verb verb;
	uint32_t line, column; /* 1-based; 0: was not read from text */
	uint32_t form;	       /* of forms.c */
	uint64_t has;	       /* by enum scn_arg */
	uint64_t arg[SCN_ARGS];
	uint64_t xs[SCN_XS];
};

struct scn_device {
	char name[SCN_NAME];
	uint32_t sid, smmu, client;
	bool has_client;
	enum {
		SCN_DECLARED,
		SCN_UNDECLARED,
		SCN_FIRMWARE
	} standing;
};

struct scn_run {
	char name[SCN_NAME];
	uint64_t pa, pages;
};

/* The "machine" line: enum machine_kind and options.c's values. */
#define SCN_OPTIONS 24u
struct scn_machine {
	enum machine_kind kind;
	uint32_t has; /* by option */
	uint64_t value[SCN_OPTIONS];
};

struct scn {
	char title[SCN_TITLE]; /* the first comment */
	struct scn_machine machine;
	struct scn_device devices[SCN_DEVICES];
	char domains[SCN_DOMAINS][SCN_NAME];
	struct scn_run runs[SCN_RUNS];
	struct scn_step steps[SCN_STEPS];
	uint32_t device_count, domain_count, run_count, step_count;
	uint64_t next_page; /* of RAM, not yet in a run */
};

/* What is wrong with a text, and where. */
struct scn_error {
	uint32_t line, column;
	char text[240]; /* expected what, got what */
	char hint[160]; /* what to do; may be empty */
};

/* An SMMUv3, coherent, nothing on it. NULL: out of memory. */
struct scn *scn_new(void);
void scn_free(struct scn *s);

/* 0, or -1 and *error. text need not end in a zero byte. */
int scn_parse(struct scn *s, const char *text, size_t length,
	      struct scn_error *error);

/* The scenario as text that scn_parse() reads back as the same. */
void scn_print(const struct scn *s, FILE *out);
void scn_print_step(const struct scn *s, const struct scn_step *step,
		    FILE *out);

/* ------------------------------------------- scenarios made by a program */

/* Each returns an index, or -1 where there is no more room. A device's stream
 * is declared as the host's. */
int scn_add_device(struct scn *s, const char *name, uint32_t smmu,
		   uint32_t sid);
int scn_add_run(struct scn *s, const char *name, uint64_t pa, uint64_t pages);
struct scn_step *scn_add_step(struct scn *s, enum scn_verb verb);
void scn_set(struct scn_step *step, enum scn_arg arg, uint64_t value);

/*
 * A hypercall as it was made: registers before, and after. It becomes "map",
 * "unmap" and so on with what was returned as what is expected; domains get
 * the names d0, d1... by their numbers, streams those of the devices added
 * before. What these words cannot say becomes "call". -1: no more room.
 */
int scn_add_hcall(struct scn *s, uint32_t caller,
		  const struct hypiommu_regs *in,
		  const struct hypiommu_regs *out);
/* donate, share, unshare, lend, reclaim as they were made. */
int scn_add_transition(struct scn *s, enum scn_verb verb, uint32_t from,
		       uint32_t to, uint64_t pa, uint64_t size, int result);

/* --------------------------------------------------------------- playing */

/*
 * One thing that goes wrong: the at-th event of a kind, counted from 1 and from
 * the machine's birth. SCN_FAULT_POOL: the pool has at - 1 pages from the
 * start. Once it has happened what the scenario expects is no longer asked for;
 * what must hold in any case is (play_judge.c, play_end.c).
 */
enum scn_fault_kind {
	SCN_FAULT_NONE,
	SCN_FAULT_ALLOC,
	SCN_FAULT_POOL,
	SCN_FAULT_SYNC,
	SCN_FAULT_COMMAND,
	SCN_FAULT_FETCH,
	SCN_FAULT_ONES,
	SCN_FAULT_DEAD,
	SCN_FAULT_HANG,
	SCN_FAULT_GERROR,
	SCN_FAULTS
};
struct scn_fault {
	enum scn_fault_kind kind;
	uint64_t at; /* 0: only count */
};
const char *scn_fault_name(enum scn_fault_kind kind);
const char *scn_fault_what(enum scn_fault_kind kind);

struct scn_result {
	bool failed;
	bool fired;	    /* the fault happened... */
	bool at_boot;	    /* ...before the first statement */
	bool refused;	    /* and the library refused the machine then */
	uint64_t events;    /* of the fault's kind, in all */
	uint64_t pool_peak; /* pages of the pool in use at most */
	const struct scn_step *step; /* at which; NULL: before or after all */
	char text[1024];	     /* what was expected, what was got */
	char hint[200];
	uint32_t steps; /* played */
	struct machine_stats stats;
};

/* log: every statement and its result goes there; may be NULL. */
void scn_play(const struct scn *s, const struct scn_fault *fault,
	      struct scn_result *result, FILE *log);

/* Every k of one kind, or `sample` of them evenly spread; each in a process
 * of its own, so that one that ends in a signal is a failure like others. */
struct scn_sweep {
	enum scn_fault_kind kind;
	bool from_boot;	 /* also those before the first statement */
	uint64_t sample; /* 0: all */
	/* Called before each; may be NULL. */
	void (*progress)(void *ctx, uint64_t done, uint64_t total);
	void *progress_ctx;
};
struct scn_swept {
	uint64_t events, boot; /* in all; of them before the first statement */
	uint64_t played, fired, refused; /* of the plays */
	uint64_t failed_at;		 /* the first k that failed, or 0 */
	struct scn_result worst;	 /* that one's */
};
/* 0, or -1: no process could be had, or the scenario fails without a fault. */
int scn_sweep(const struct scn *s, const struct scn_sweep *sweep,
	      struct scn_swept *swept);

#endif /* SCENARIO_H */
