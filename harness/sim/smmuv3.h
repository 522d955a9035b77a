/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * An SMMUv3 as Arm IHI 0070 describes it and as an adversary would build it:
 * everything the architecture lets it cache is cached, nothing is dropped
 * before a CMD_SYNC obliges it to, and it speculates whenever it is asked to.
 *
 * Written from the specification alone; it shares no header with the library.
 */
#ifndef SIM_SMMUV3_H
#define SIM_SMMUV3_H

#include <stdbool.h>
#include <stdint.h>

#include "attrs.h"
#include "mem.h"

struct sim_smmuv3;

struct sim_smmuv3_config {
	unsigned int sid_bits;	/* IDR1.SIDSIZE, 0..32 */
	unsigned int ssid_bits; /* IDR1.SSIDSIZE */
	unsigned int cmdq_log2; /* IDR1.CMDQS, 1..19 */
	unsigned int evtq_log2; /* IDR1.EVENTQS, 1..19 */
	unsigned int oas;	/* output address bits: 32,36,40,42,44,48,52 */
	bool stage1, stage2;	/* IDR0.S1P, S2P */
	bool two_level;		/* IDR0.ST_LEVEL */
	bool coherent;		/* IDR0.COHACC */
	bool range_inval;	/* IDR3.RIL */
	bool asid16, vmid16;	/* IDR0.ASID16, VMID16 */
	bool hyp;		/* IDR0.HYP */
	bool ats, pri;		/* IDR0.ATS, PRI */
	bool gran16k, gran64k;	/* IDR5, 4K is always there */
	bool vax;	     /* IDR5.VAX: 52 bits of VA with the 64K granule */
	bool enabled_bypass; /* as bad firmware leaves it: SMMUEN = 0 and
			      * GBPA.ABORT = 0, MSI addresses set */
};

/* What the hardware does wrong; all zero is good hardware. */
struct sim_smmuv3_faults {
	bool dead;	    /* reads all ones, ignores writes */
	bool gbpa_no_stick; /* GBPA.ABORT reads back 0 */
	bool cr0_no_ack;    /* CR0ACK never follows CR0 */
	bool cmdq_stalled;  /* commands are never consumed */
	bool sync_never;    /* CMD_SYNC is never consumed */
	bool sfm;	    /* GERROR.SFM_ERR: no command is consumed */
	uint64_t
		cmd_error_at; /* the k-th command from now (1-based) fails... */
	unsigned int cmd_error_code; /* ...with this CMDQ_CONS.ERR; 0: never */
};

/* A register value IDRn etc. that reads as given instead of the truth. */
void sim_smmuv3_override_reg(struct sim_smmuv3 *smmu, uint32_t offset, bool on,
			     uint32_t value);

struct sim_smmuv3_stats {
	uint64_t mmio_reads, mmio_writes;
	uint64_t commands;   /* consumed, all kinds */
	uint64_t tlbi;	     /* TLBI_* */
	uint64_t tlbi_range; /* of those, range forms */
	uint64_t cfgi;	     /* CFGI_* */
	uint64_t syncs;	     /* CMD_SYNC completed */
	uint64_t events;     /* event records written */
	uint64_t events_lost;
};

/* One way a device can reach memory at this instant. */
struct sim_reach {
	uint32_t sid;
	uint64_t iova, pa, size; /* bytes; one leaf */
	bool read, write;
	struct sim_attrs attrs;
	bool cached; /* through a TLB, walk-cache or config-cache entry */
	bool bypass; /* no translation at all: iova and pa are 0, size ~0 */
};

/* Asked of every command, and of every CMD_SYNC: shall it fail? A command
 * fails with the CMDQ_CONS.ERR that is returned; a CMD_SYNC is not consumed
 * until the queue is switched off and on, or faults are set. */
enum sim_may_fail {
	SIM_FAIL_COMMAND,
	SIM_FAIL_SYNC,
};
typedef unsigned int (*sim_fail_fn)(void *ctx, enum sim_may_fail what);

/* Something the architecture forbids or leaves CONSTRAINED UNPREDICTABLE. */
typedef void (*sim_report_fn)(void *ctx, const char *what);
typedef void (*sim_reach_fn)(void *ctx, const struct sim_reach *reach);

enum sim_dma_result {
	SIM_DMA_OK,
	SIM_DMA_ABORT, /* terminated; an event may have been recorded */
	SIM_DMA_BUS,   /* translated, but nothing answers at the address */
};

struct sim_smmuv3 *sim_smmuv3_create(struct sim_mem *mem,
				     const struct sim_smmuv3_config *config);
void sim_smmuv3_destroy(struct sim_smmuv3 *smmu);
void sim_smmuv3_on_report(struct sim_smmuv3 *smmu, sim_report_fn fn, void *ctx);
void sim_smmuv3_on_table(struct sim_smmuv3 *smmu, sim_table_fn fn, void *ctx);
void sim_smmuv3_set_faults(struct sim_smmuv3 *smmu,
			   const struct sim_smmuv3_faults *faults);
/* Has it been told to do anything wrong? */
bool sim_smmuv3_faulty(const struct sim_smmuv3 *smmu);
void sim_smmuv3_get_faults(const struct sim_smmuv3 *smmu,
			   struct sim_smmuv3_faults *faults);
void sim_smmuv3_on_fail(struct sim_smmuv3 *smmu, sim_fail_fn fn, void *ctx);
void sim_smmuv3_stats(const struct sim_smmuv3 *smmu,
		      struct sim_smmuv3_stats *stats);
/* Power lost: registers as out of reset, caches empty, memory kept. */
void sim_smmuv3_power_cycle(struct sim_smmuv3 *smmu);

/* The register file: 128 KiB, page 0 and page 1. Width is 4 or 8. */
uint64_t sim_smmuv3_read(struct sim_smmuv3 *smmu, uint32_t offset,
			 unsigned int width);
void sim_smmuv3_write(struct sim_smmuv3 *smmu, uint32_t offset,
		      unsigned int width, uint64_t value);

/*
 * A device behind stream sid reads or writes len bytes at iova. A stale but
 * still allowed TLB or configuration entry is preferred to the truth. An
 * access that crosses a page is split; *done gets the bytes moved.
 * sim_smmuv3_translate() stops short of the memory access.
 */
enum sim_dma_result sim_smmuv3_dma(struct sim_smmuv3 *smmu, uint32_t sid,
				   uint64_t iova, bool write, void *buf,
				   uint64_t len, uint64_t *done);
enum sim_dma_result sim_smmuv3_translate(struct sim_smmuv3 *smmu, uint32_t sid,
					 uint64_t iova, bool write,
					 uint64_t *pa);

/*
 * Fetch every configuration and walk every table reachable for every stream,
 * in both memory views, and cache all of it, as speculation may.
 */
void sim_smmuv3_speculate(struct sim_smmuv3 *smmu);

/* Call fn for all that is reachable now: by walk and by what is cached. */
void sim_smmuv3_for_each_reach(struct sim_smmuv3 *smmu, sim_reach_fn fn,
			       void *ctx);

/* SMMU's interrupt outputs as levels, from IRQ_CTRL and the queues. */
bool sim_smmuv3_irq_event(const struct sim_smmuv3 *smmu);
bool sim_smmuv3_irq_gerror(const struct sim_smmuv3 *smmu);

#endif /* SIM_SMMUV3_H */
