/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * An SMMUv2 as Arm IHI 0062 describes it and as an adversary would build it:
 * TLB and walk cache keep everything until a TLBI has been issued and the
 * sync after it has been seen complete, and are filled whenever that is
 * allowed. One object is one instance or several mirrored ones. Each instance
 * is an SMMU of its own behind its own register frame, and the traffic of a
 * stream is dealt out to them by address, as on Tegra234.
 *
 * Written from the specification alone; it shares no header with the library.
 */
#ifndef SIM_SMMUV2_H
#define SIM_SMMUV2_H

#include "sim2.h"

#define SIM_SMMUV2_MAX_INSTANCES 2u

struct sim_smmuv2;

/* What is in registers that reset leaves UNKNOWN, or that firmware wrote. */
enum sim_smmuv2_boot {
	SIM_SMMUV2_BOOT_RESET,	/* CLIENTPD = 1, all else 0 */
	SIM_SMMUV2_BOOT_RANDOM, /* CLIENTPD = 1, UNKNOWN values random */
	SIM_SMMUV2_BOOT_BYPASS, /* CLIENTPD = 0, USFCFG = 0, bypass S2CRs */
	SIM_SMMUV2_BOOT_LIVE,	/* a context bank translates for stream 5 */
};

struct sim_smmuv2_config {
	unsigned int instances;	    /* 1 or 2 register frames */
	unsigned int nr_smrg;	    /* ID0.NUMSMRG, 0..127 */
	unsigned int nr_cb;	    /* ID1.NUMCB, 1..128 */
	unsigned int nr_s2cb;	    /* ID1.NUMS2CB */
	bool page_64k;		    /* ID1.PAGESIZE */
	unsigned int numpagendxb;   /* ID1.NUMPAGENDXB: 2^(n + 1) pages */
	unsigned int ias, oas, ubs; /* bits: 32,36,40,42,44,48 (ubs: or 49) */
	unsigned int sid_bits;	    /* ID0.NUMSIDB, 1..15 */
	bool indexing;		    /* ID0.SMS = 0: no SMRs, S2CR[stream ID] */
	bool stage1, stage2;	    /* ID0.S1TS, S2TS */
	bool nested;		    /* ID0.NTS: not simulated beyond the bit */
	bool exids;		    /* ID0.EXIDS, 16-bit stream IDs */
	bool vmid16;		    /* ID2.VMID16S */
	bool coherent;		    /* ID0.CTTW */
	bool aa64_4k, aa64_16k, aa64_64k; /* ID2.PTFSv8 */
	bool aa32_long, aa32_short;	  /* ID0.PTFS; short needs long */
	bool mmu500; /* ACR.CACHE_LOCK and ACTLR.CPRE, both set at reset */
	bool tegra_walk_cache; /* Tegra194/234: no walk-cache entry and no
				* block is dropped by an address */
	enum sim_smmuv2_boot boot;
	uint64_t boot_ttb; /* SIM_SMMUV2_BOOT_LIVE: TTBR0, AArch64 4K 39 bits */
	unsigned int interleave_shift; /* traffic changes instance; 0: 12 */
};

/* What one instance does wrong; all zero is good hardware. */
struct sim_smmuv2_faults {
	struct sim2_mmio_faults mmio;
	bool gsync_never; /* sTLBGSTATUS.GSACTIVE stays 1 */
	bool sync_never;  /* CBn_TLBSTATUS.SACTIVE stays 1 */
};

struct sim_smmuv2_stats {
	uint64_t mmio_reads, mmio_writes;
	uint64_t tlbi;		/* TLBI* writes */
	uint64_t tlbi_va;	/* of those, by address */
	uint64_t gsyncs, syncs; /* seen complete: global, context bank */
	uint64_t faults;	/* global and context, recorded or not */
};

struct sim_smmuv2 *sim_smmuv2_create(struct sim_mem *mem,
				     const struct sim_smmuv2_config *config);
void sim_smmuv2_destroy(struct sim_smmuv2 *smmu);
void sim_smmuv2_on_report(struct sim_smmuv2 *smmu, sim2_report_fn fn,
			  void *ctx);
/* A sync that fails is active until another is started, or faults are set. */
void sim_smmuv2_on_sync(struct sim_smmuv2 *smmu, sim2_fail_fn fn, void *ctx);
void sim_smmuv2_set_faults(struct sim_smmuv2 *smmu, unsigned int instance,
			   const struct sim_smmuv2_faults *faults);
void sim_smmuv2_get_faults(const struct sim_smmuv2 *smmu, unsigned int instance,
			   struct sim_smmuv2_faults *faults);
/* A global space 0 register that reads as given instead of the truth. */
void sim_smmuv2_override_reg(struct sim_smmuv2 *smmu, unsigned int instance,
			     uint32_t offset, bool on, uint32_t value);
/* Has it been told to do anything wrong? */
bool sim_smmuv2_faulty(const struct sim_smmuv2 *smmu);
void sim_smmuv2_stats(const struct sim_smmuv2 *smmu, unsigned int instance,
		      struct sim_smmuv2_stats *stats);
/* Power lost: registers as at boot, caches empty. All instances. */
void sim_smmuv2_power_cycle(struct sim_smmuv2 *smmu);

/* The register frame of one instance; width is 4 or 8. */
uint64_t sim_smmuv2_frame_size(const struct sim_smmuv2 *smmu);
uint64_t sim_smmuv2_read(struct sim_smmuv2 *smmu, unsigned int instance,
			 uint32_t offset, unsigned int width);
void sim_smmuv2_write(struct sim_smmuv2 *smmu, unsigned int instance,
		      uint32_t offset, unsigned int width, uint64_t value);

/*
 * A device behind a stream: a->id is the stream ID. A stale but still allowed
 * TLB entry is preferred to the truth. An access is split at pages; *done
 * gets the bytes moved. sim_smmuv2_translate() stops short of memory and
 * looks at a->iova only.
 */
enum sim2_dma_result sim_smmuv2_dma(struct sim_smmuv2 *smmu,
				    const struct sim2_access *a,
				    uint64_t *done);
enum sim2_dma_result sim_smmuv2_translate(struct sim_smmuv2 *smmu,
					  const struct sim2_access *a,
					  uint64_t *pa);
/* The instance that serves this address. */
unsigned int sim_smmuv2_instance_of(const struct sim_smmuv2 *smmu,
				    uint64_t iova);

/* Walk every table of every stream in both memory views and cache it all. */
void sim_smmuv2_speculate(struct sim_smmuv2 *smmu);

/*
 * All that is reachable now, by walk and by what is cached, on every instance
 * whatever the interleaving. The second form: by streams equal to sid outside
 * dont_care only. Several entries that lead to one bank are told one by one.
 */
void sim_smmuv2_for_each_reach(struct sim_smmuv2 *smmu, sim2_reach_fn fn,
			       void *ctx);
void sim_smmuv2_for_each_reach_of(struct sim_smmuv2 *smmu, uint32_t sid,
				  uint32_t dont_care, sim2_reach_fn fn,
				  void *ctx);
/* All tables hardware may read from, root included. */
void sim_smmuv2_for_each_table(struct sim_smmuv2 *smmu, sim2_table_fn fn,
			       void *ctx);
void sim_smmuv2_on_table(struct sim_smmuv2 *smmu, sim_table_fn fn, void *ctx);
/* These pages are no tables any more (or are again): use is reported. */
void sim_smmuv2_table_freed(struct sim_smmuv2 *smmu, uint64_t pa,
			    uint64_t size);
void sim_smmuv2_table_taken(struct sim_smmuv2 *smmu, uint64_t pa,
			    uint64_t size);

/* Would a stream that is one of (sid, dont_care) translate, on all instances?
 */
bool sim_smmuv2_serves(struct sim_smmuv2 *smmu, uint32_t sid,
		       uint32_t dont_care);
/*
 * Report every configuration register in which the instances differ and a
 * stream could notice; how many. For between calls of the library, not
 * between its register writes.
 */
unsigned int sim_smmuv2_check_mirrors(struct sim_smmuv2 *smmu);

/* Interrupt outputs as levels, the instances ORed. */
bool sim_smmuv2_irq_global(const struct sim_smmuv2 *smmu);
bool sim_smmuv2_irq_context(const struct sim_smmuv2 *smmu, unsigned int bank);

#endif /* SIM_SMMUV2_H */
