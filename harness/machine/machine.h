/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * A machine to run the library on: simulated memory, an SMMUv3, a port that
 * binds them, an observer that checks the promise of docs/design.md, and an
 * account of who owns what that is kept apart from the library's.
 *
 * Physical map (defaults):
 *	0x08090000  one page: the MSI doorbell, an MMIO window of the host
 *	0x09050000  128 KiB: the SMMU's registers
 *	0x40000000  RAM of the host, ram_size bytes
 *	0x100000000 16 MiB: EL2's own, then 112 MiB the host donates from
 *	far_base    more RAM of the host, far_size bytes, if any
 *
 * One machine at a time per thread: the library's environment finds it through
 * a thread-local pointer.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault.h"
#include "hypiommu/hypiommu.h"
#include "hypiommu/smmuv2.h"
#include "hypiommu/smmuv3.h"
#include "hypiommu/tegra_smmu.h"
#include "incident.h"
#include "locks.h"
#include "mappings.h"
#include "smmuv2.h"
#include "smmuv3.h"
#include "tegra_mc.h"
#include "tegra_smmu.h"

#define MACHINE_DOORBELL   0x08090000ull
#define MACHINE_SMMU_BASE  0x09050000ull
#define MACHINE_SMMU_SIZE  0x20000ull
#define MACHINE_RAM_BASE   0x40000000ull
#define MACHINE_EL2_BASE   0x100000000ull
#define MACHINE_EL2_SIZE   0x1000000ull
#define MACHINE_DONOR_BASE (MACHINE_EL2_BASE + MACHINE_EL2_SIZE)
#define MACHINE_DONOR_SIZE 0x7000000ull

/* When the observer looks. */
enum machine_check {
	MACHINE_CHECK_OFF,
	MACHINE_CHECK_CALLS, /* after every check_every-th hypercall */
	MACHINE_CHECK_STEPS, /* after every store, MMIO write and barrier */
};

/* What the library just did, for step callbacks. A store of what is there
 * already is no step: nothing can tell. */
enum machine_step {
	MACHINE_STEP_STORE,
	MACHINE_STEP_MMIO_WRITE,
	MACHINE_STEP_MMIO_READ, /* polls included; before the read */
	MACHINE_STEP_BARRIER,
};

/* What the library is about to do, for a scheduler of several CPUs. */
enum machine_point {
	MACHINE_POINT_LOCK,
	MACHINE_POINT_UNLOCK,
	MACHINE_POINT_STORE,
	MACHINE_POINT_NOTHING, /* a store of what is there already */
	MACHINE_POINT_BARRIER,
	MACHINE_POINT_MMIO_WRITE,
	MACHINE_POINT_MMIO_READ,
};

/* Several CPUs taking turns on one machine (harness/race). */
struct machine_cpus {
	/* Returns when it is the calling CPU's turn; at a lock, when that is
	 * free. p and size: the word stored to or the lock; pc: whence. */
	void (*point)(struct machine_cpus *cpus, enum machine_point what,
		      const void *p, size_t size, const void *pc);
	/* Does not return. */
	void (*bug)(struct machine_cpus *cpus, const char *what);
};

/* Which SMMUs stand in front of the devices. */
enum machine_kind {
	MACHINE_SMMUV3,
	MACHINE_SMMUV2,	    /* one, of smmuv2[0] */
	MACHINE_TEGRA234,   /* three, and the memory controller before them */
	MACHINE_TEGRA_SMMU, /* the classic MC-SMMU */
};

#define MACHINE_V2_MAX 3u

/* Those of Tegra234, as they are declared. */
enum machine_tegra234_smmu {
	NISO1,
	ISO,
	NISO0,
};

/* A stream behind an SMMU, and where there is an MC its memory clients. */
struct machine_client {
	uint32_t id; /* memory client */
	uint32_t smmu, sid;
};

struct machine_config {
	enum machine_kind kind;
	uint64_t doorbell; /* page of the MSI doorbell; MACHINE_DOORBELL */
	uint64_t ram_size; /* bytes, multiple of 2 MiB, at most 2 GiB */
	uint64_t far_base, far_size; /* above all the rest; size 0: none */
	struct sim_smmuv3_config smmu;
	struct sim_smmuv2_config smmuv2[MACHINE_V2_MAX];
	/* Register frames of Tegra234; 0: as on the SoC. */
	uint64_t v2_base[MACHINE_V2_MAX][SIM_SMMUV2_MAX_INSTANCES];
	uint64_t mc_base;
	enum hypiommu_smmuv2_format format; /* of SMMUv2 domains */
	struct hypiommu_limits limits;
	const uint32_t *sids;	   /* streams declared, all the host's */
	const uint32_t *sid_smmus; /* SMMU of each; NULL: the first */
	size_t sid_count;
	const struct machine_client *clients; /* of the streams, with an MC */
	size_t client_count;
	const uint32_t *firmware; /* clients declared firmware's own */
	size_t firmware_count;
	struct sim_tegra_smmu_config tegra; /* its mem is filled in */
	const struct hypiommu_tegra_swgroup *swgroups;
	size_t swgroup_count;
	const struct hypiommu_tegra_enable *enables;
	size_t enable_count;
	const struct sim_tegra_mc_client *mc_clients; /* hardware's */
	size_t mc_client_count;
	uint64_t table_pages; /* given to the pool before finalise */
	uint32_t timeout_us;  /* for the SMMU */
	enum machine_check check;
	unsigned int check_every;
	bool watch_finalise; /* the observer looks from the first SMMU on */
	bool whole_sids;     /* Tegra234: the board masks no stream ID bits */
	bool stay_trusted;   /* stop before hypiommu_finalise() */
	bool quiesce_refused;
	/* Neither the specification (judge.h) nor dma.c watches. */
	bool no_judge;
	/* The port's own table memory in place of the pool: pages, 0: the
	 * pool; where they are, in EL2's memory or in RAM. */
	uint64_t own_tables, own_tables_base;
	bool own_pages;		    /* and its own page states */
	struct machine_fault fault; /* kind and at */
};

struct judge;
struct machine;
typedef void (*machine_step_fn)(struct machine *m, enum machine_step step,
				void *ctx);

/* Ownership as the harness keeps it: who may have a page reached by DMA. */
#define TRUTH_NOBODY 0xffu /* shared, lent, not memory */

struct machine_stats {
	uint64_t hypercalls;
	uint64_t violations;
	uint64_t checks; /* looks of the observer */
	uint64_t steps;	 /* stores, MMIO writes, barriers */
	uint64_t table_pages, table_pages_peak; /* beyond those at finalise */
	uint64_t notices[8];			/* by enum hypiommu_notice */
	struct sim_smmuv3_stats smmu;
	uint64_t mmio_reads, mmio_writes; /* of all hardware */
	uint64_t tlbi, syncs;
};

/* A call under way, and what owners it may change; lives on its caller's
 * stack. */
struct machine_move {
	struct machine_move *next;
	uint64_t pa, size;
	uint32_t to;
	bool disturbed; /* another one of the same pages ended meanwhile */
	bool stream;	/* of a stream, not of pages */
	uint32_t smmu, sid;
	/* To tell of it (incident.h). */
	const char *name;
	uint64_t args[6], steps;
	uint32_t caller;
	uint8_t argc;
	const struct lock_stack *cpu;
};

struct machine {
	struct hypiommu *h;
	struct sim_mem *mem;
	struct sim_smmuv3 *smmu; /* or NULL */
	struct sim_smmuv2 *v2[MACHINE_V2_MAX];
	struct sim_tegra_mc *mc;
	struct sim_tegra_smmu *tegra;
	struct machine_config config;
	struct machine_fault fault;
	struct machine_tables tables;
	/* Everything below is the machine's own; read it through functions. */
	void *instance;
	uint32_t *states[4];
	uint8_t *truth; /* by page, as machine_page() numbers them */
	struct hypiommu_page_info *owners; /* the port's, so; or NULL */
	uint64_t *stream_truth; /* sid -> principal, sorted as declared */
	struct mappings *mappings;
	struct blocked *blocked; /* accesses no fault record told of yet */
	size_t blocked_count;
	struct dark *dark; /* or NULL */
	machine_step_fn step_fn;
	void *step_ctx;
	struct judge *judge;  /* or NULL */
	unsigned int calling; /* calls of the library that have not returned */
	bool checking;
	bool armed; /* the SMMU is declared: DMA must be blocked or checked */
	uint64_t now_us, calls, base_tables;
	struct machine_move *moves;
	struct lock_stack *locks; /* of the CPU that runs */
	struct lock_stack boot_locks;
	struct machine_cpus *cpus; /* NULL: there is one */
	uint64_t broken; /* SMMUs the library said are broken, by number */
	struct machine_stats stats;
	struct incident_step last_step;
	struct incident_look looks[2]; /* this one, and the one before */
	char violation[768];	       /* the first */
	char error[256];	       /* why machine_create() failed */
};

/* 64 domains, 64 streams declared by the caller, good hardware, 2 GiB. */
void machine_defaults(struct machine_config *config);
/* Then: the SMMUs of Tegra234 in the order of enum machine_tegra234_smmu, and
 * a doorbell outside their frames. Streams and clients are the caller's. */
void machine_tegra234(struct machine_config *config);

/* NULL only when out of memory. Otherwise look at machine->h: it is NULL if
 * the library refused the machine, and machine->error says where and why. */
struct machine *machine_create(const struct machine_config *config);
void machine_destroy(struct machine *m);

/* One hypercall of caller. Updates the account and lets the observer look. */
void machine_hcall(struct machine *m, uint32_t caller,
		   struct hypiommu_regs *regs);

/* hypiommu_map_list() of at most MACHINE_LIST segments. */
#define MACHINE_LIST 8u
int machine_map_list(struct machine *m, uint32_t caller, uint64_t domain,
		     uint64_t iova, uint64_t prot,
		     const struct hypiommu_segment *list, uint32_t count,
		     struct hypiommu_progress *progress);

/* The port's ownership hypercalls; the library's result. */
int machine_donate(struct machine *m, uint32_t from, uint32_t to, uint64_t pa,
		   uint64_t size);
int machine_share(struct machine *m, uint32_t owner, uint32_t with, uint64_t pa,
		  uint64_t size);
int machine_unshare(struct machine *m, uint32_t owner, uint32_t with,
		    uint64_t pa, uint64_t size);
int machine_lend(struct machine *m, uint32_t owner, uint32_t to, uint64_t pa,
		 uint64_t size);
int machine_reclaim(struct machine *m, uint32_t owner, uint32_t borrower,
		    uint64_t pa, uint64_t size);
int machine_assign_stream_behind(struct machine *m, uint32_t smmu, uint32_t sid,
				 uint32_t from, uint32_t to);
/* Behind the first SMMU. */
int machine_assign_stream(struct machine *m, uint32_t sid, uint32_t from,
			  uint32_t to);

/* Power, as the port's calls; the library's result. */
int machine_suspend(struct machine *m, uint32_t smmu);
int machine_reset(struct machine *m, uint32_t smmu);

/* What is left of the trusted phase of a machine that stays in it. */
int machine_add_tables(struct machine *m, uint64_t base, uint64_t size);
int machine_finalise(struct machine *m);

/* A device reads or writes; see sim_smmuv3_dma(). */
enum sim_dma_result machine_dma(struct machine *m, uint32_t sid, uint64_t iova,
				bool write, void *buf, uint64_t len);
/* Where a device's access would land; SIM_DMA_ABORT if it is refused. */
enum sim_dma_result machine_translate(struct machine *m, uint32_t sid,
				      uint64_t iova, bool write, uint64_t *pa);

/* The same of a memory client, where there is an MC. */
enum sim_dma_result machine_client_dma(struct machine *m, uint32_t client,
				       uint64_t iova, bool write, void *buf,
				       uint64_t len);
enum sim_dma_result machine_client_translate(struct machine *m, uint32_t client,
					     uint64_t iova, bool write,
					     uint64_t *pa);

/* Look now: speculate everything, then check everything reachable, and, where
 * no call is under way, that all of the machine is as specified. */
void machine_check_now(struct machine *m);
void machine_violation(struct machine *m, const char *what);
void machine_get_stats(struct machine *m, struct machine_stats *stats);
uint8_t machine_truth(const struct machine *m, uint64_t pa);
/* Index of a declared stream, or config.sid_count. */
size_t machine_stream(const struct machine *m, uint64_t smmu, uint64_t sid);
void machine_set_truth(struct machine *m, uint64_t pa, uint64_t size,
		       uint8_t who);
/* The call the running CPU makes, or NULL. */
struct machine_move *machine_call_now(const struct machine *m);
/* The library's answers, as the observer reads them: outside of time, no CPU
 * asks, no lock is taken. */
int machine_page_info(struct machine *m, uint64_t pa,
		      struct hypiommu_page_info *info);
int machine_pool_info(struct machine *m, struct hypiommu_pool_info *info);
/* account.c: pages there are, and the number of the one at pa, if it is any;
 * the last is the doorbell. */
size_t machine_pages(const struct machine *m);
bool machine_page(const struct machine *m, uint64_t pa, size_t *index);
/* May a device of owner reach the page, also while its owner changes? */
bool machine_permits(struct machine *m, uint64_t pa, uint32_t owner);

/*
 * Power is lost and comes back: registers as at boot, caches empty. From here
 * on (machine_dark() alone: firmware is still in charge) the observer lets
 * bypass be, but nobody who was stopped may bypass again. machine_light():
 * take-over is complete, the promise holds without exception.
 */
void machine_power_lost(struct machine *m);
void machine_dark(struct machine *m);
void machine_light(struct machine *m);
void dark_bypass(struct machine *m, uint32_t who);
void dark_look_end(struct machine *m);

/* Called at every step of the library (not while the observer looks). */
void machine_on_step(struct machine *m, machine_step_fn fn, void *ctx);

/* The machine the calling thread works on (harness/machine/env.c). */
extern _Thread_local struct machine *machine_current;
void machine_step(struct machine *m, enum machine_step step);

/* hardware.c: what differs from kind to kind */
bool machine_hw_create(struct machine *m);
void machine_hw_destroy(struct machine *m);
uint64_t machine_hw_read(struct machine *m, uint32_t window, uint32_t offset,
			 unsigned int width);
void machine_hw_write(struct machine *m, uint32_t window, uint32_t offset,
		      unsigned int width, uint64_t val);
/* Declare it to the library; 0, or an error and *where. */
int machine_hw_declare(struct machine *m, const char **where);
/* What answers in this window begins to fail; then all is good again. */
void machine_hw_break(struct machine *m, uint32_t window,
		      enum machine_fault_kind kind);
void machine_hw_mend(struct machine *m);
void machine_hw_check(struct machine *m); /* the observer's look at it */
void machine_hw_stats(struct machine *m, struct machine_stats *stats);
uint32_t machine_hw_smmus(const struct machine *m);
/* The copies of a stream's translations that hardware has: instances of a
 * mirrored SMMU, clients of a SWGROUP. How many. */
#define MACHINE_COPIES 16u
uint32_t machine_hw_copies(const struct machine *m, uint32_t smmu, uint32_t sid,
			   uint32_t copies[MACHINE_COPIES]);
/* reaches.c: does any stream of it reach memory now? */
bool machine_hw_reaches(struct machine *m, uint32_t smmu);
/* May hardware fail, because it was told to? */
bool machine_hw_doubt(const struct machine *m);
/* dma.c: the answer of a FAULT_READ tells of what was blocked, and was the
 * caller's */
void machine_fault_told(struct machine *m, uint32_t caller,
			const struct hypiommu_regs *in,
			const struct hypiommu_regs *out);
/* observer.c: the principal a stream is being handed to, else its owner */
uint32_t machine_next_owner(const struct machine *m, uint32_t smmu,
			    uint32_t sid, uint32_t owner);
/* observer.c: look, without the account of every page */
void machine_look(struct machine *m);
/* observer.c: a table of translations that hardware reads. ctx: the machine */
void machine_table(void *ctx, uint64_t pa, uint64_t size);
/* Does the page of table memory serve as something, or is it free? */
bool machine_table_in_use(struct machine *m, uint64_t pa);
/* One way to memory that hardware has */
void machine_reach(struct machine *m, uint32_t smmu,
		   const struct sim_reach *reach);

#endif /* MACHINE_H */
