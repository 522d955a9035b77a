/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The stream-ID part of Tegra234's memory controller: an override and a
 * security register for every memory client over the whole 64 KiB aperture
 * (client id * 8 and + 4). It decides what stream, behind which SMMU, a
 * client's transaction is, and whether it passes an SMMU at all.
 *
 * Facts from public Linux drivers and device trees: docs/hardware-tegra.md.
 */
#ifndef SIM_TEGRA_MC_H
#define SIM_TEGRA_MC_H

#include "sim2.h"
#include "smmuv2.h"

#define SIM_TEGRA_MC_SIZE   0x10000u
#define SIM_TEGRA_MC_IDS    (SIM_TEGRA_MC_SIZE / 8)
#define SIM_TEGRA_MC_BLOCKS 4u
#define SIM_TEGRA_MC_DENY   0x00u
#define SIM_TEGRA_MC_PASS   0x7fu /* low 7 bits: routed around the SMMU */

struct sim_tegra_mc;

/* A memory client, and what power-on and firmware leave it at. */
struct sim_tegra_mc_client {
	uint32_t id;	    /* below SIM_TEGRA_MC_IDS */
	uint8_t block;	    /* index of its SMMU */
	uint8_t native_sid; /* what the device drives without override */
	bool fw_override;   /* security bit 8 */
	bool fw_locked;	    /* security bit 16 */
	uint8_t fw_sid;	    /* override register */
};

struct sim_tegra_mc_config {
	struct sim_mem *mem;
	struct sim_smmuv2 *smmu[SIM_TEGRA_MC_BLOCKS]; /* by block */
	const struct sim_tegra_mc_client *clients;    /* copied */
	size_t nr_clients;
	/* Every id that is not listed, id aside: or no traffic from it. */
	bool unlisted_live;
	struct sim_tegra_mc_client unlisted;
	uint32_t vary; /* stream ID bits that vary; 0: 0x7f80 */
};

/* Where a client's transactions go. */
struct sim_tegra_mc_route {
	uint32_t client;
	uint8_t block;
	uint8_t sid;	 /* low bits; others vary */
	bool bypass;	 /* not through the SMMU */
	bool overridden; /* the SID is the register's, not the device's */
	bool locked;
};

struct sim_tegra_mc_stats {
	uint64_t mmio_reads, mmio_writes;
	uint64_t locked_writes; /* ignored, as the client is locked */
};

typedef void (*sim_tegra_mc_route_fn)(void *ctx,
				      const struct sim_tegra_mc_route *route);

/* NULL if a client is listed twice or out of range. */
struct sim_tegra_mc *
sim_tegra_mc_create(const struct sim_tegra_mc_config *config);
void sim_tegra_mc_destroy(struct sim_tegra_mc *mc);
void sim_tegra_mc_on_report(struct sim_tegra_mc *mc, sim2_report_fn fn,
			    void *ctx);
void sim_tegra_mc_set_faults(struct sim_tegra_mc *mc,
			     const struct sim2_mmio_faults *faults);
/* Has it been told to do anything wrong? */
bool sim_tegra_mc_faulty(const struct sim_tegra_mc *mc);
void sim_tegra_mc_stats(const struct sim_tegra_mc *mc,
			struct sim_tegra_mc_stats *stats);
/* Suspend and resume: every override and lock is as at power-on again. */
void sim_tegra_mc_power_cycle(struct sim_tegra_mc *mc);

/* Width is 4. An override that takes effect before its stream translates on
 * every instance of the SMMU, or that leads around it, is reported. */
uint32_t sim_tegra_mc_read(struct sim_tegra_mc *mc, uint32_t offset,
			   unsigned int width);
void sim_tegra_mc_write(struct sim_tegra_mc *mc, uint32_t offset,
			unsigned int width, uint32_t value);

/* Clients that may drive traffic, in order of id. False: not one of them. */
bool sim_tegra_mc_route(const struct sim_tegra_mc *mc, uint32_t client,
			struct sim_tegra_mc_route *route);
void sim_tegra_mc_for_each_route(const struct sim_tegra_mc *mc,
				 sim_tegra_mc_route_fn fn, void *ctx);
/*
 * Report every client that is not overridden, is routed around the SMMU, or is
 * overridden to a SID other than 0 that does not translate; how many. For
 * between calls of the library.
 */
unsigned int sim_tegra_mc_check(struct sim_tegra_mc *mc);

/* A transaction of memory client a->id. */
enum sim2_dma_result sim_tegra_mc_dma(struct sim_tegra_mc *mc,
				      const struct sim2_access *a,
				      uint64_t *done);
enum sim2_dma_result sim_tegra_mc_translate(struct sim_tegra_mc *mc,
					    const struct sim2_access *a,
					    uint64_t *pa);

/* All that any client can reach, through all SMMUs and around them. */
void sim_tegra_mc_for_each_reach(struct sim_tegra_mc *mc, sim2_reach_fn fn,
				 void *ctx);

#endif /* SIM_TEGRA_MC_H */
