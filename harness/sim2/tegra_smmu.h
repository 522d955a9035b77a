/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The classic Tegra MC-SMMU (Tegra30 to Tegra210) with its PTC, a cache of
 * table lines, and its TLB. As an adversary would build it: both keep all they
 * ever read, a flush is done no earlier than a register is read back, and a
 * TLB that was just flushed refills from what the PTC still holds.
 *
 * Facts from public Linux drivers.
 */
#ifndef SIM_TEGRA_SMMU_H
#define SIM_TEGRA_SMMU_H

#include "sim2.h"

#define SIM_TEGRA_SMMU_SIZE 0x1000u /* of the register frame */

struct sim_tegra_smmu;

struct sim_tegra_smmu_client {
	uint32_t id;
	uint32_t swgroup_reg; /* offset of its SWGROUP's ASID register */
	uint32_t enable_reg;  /* offset of its enable bit, 0: has none */
	uint8_t enable_bit;
};

struct sim_tegra_smmu_config {
	struct sim_mem *mem;
	unsigned int nr_asids;			     /* 4 or 128 */
	unsigned int ptc_line;			     /* bytes: 16, 32, 64 */
	unsigned int address_bits;		     /* 32 or 34 */
	const struct sim_tegra_smmu_client *clients; /* copied */
	size_t nr_clients;
	bool clients_enabled; /* client enable bits at power-on */
};

struct sim_tegra_smmu_stats {
	uint64_t mmio_reads, mmio_writes;
	uint64_t ptc_flushes, ptc_flushes_all; /* all kinds; of those, all */
	uint64_t tlb_flushes, tlb_flushes_all;
	uint64_t faults;
};

/* NULL: bad geometry, a client id twice, a register out of range. */
struct sim_tegra_smmu *
sim_tegra_smmu_create(const struct sim_tegra_smmu_config *config);
void sim_tegra_smmu_destroy(struct sim_tegra_smmu *smmu);
void sim_tegra_smmu_on_report(struct sim_tegra_smmu *smmu, sim2_report_fn fn,
			      void *ctx);
void sim_tegra_smmu_set_faults(struct sim_tegra_smmu *smmu,
			       const struct sim2_mmio_faults *faults);
/* Has it been told to do anything wrong? */
bool sim_tegra_smmu_faulty(const struct sim_tegra_smmu *smmu);
void sim_tegra_smmu_stats(const struct sim_tegra_smmu *smmu,
			  struct sim_tegra_smmu_stats *stats);
/* Power lost: registers as at power-on, caches empty. */
void sim_tegra_smmu_power_cycle(struct sim_tegra_smmu *smmu);

/* Width is 4. Any read completes the flushes written before it. */
uint32_t sim_tegra_smmu_read(struct sim_tegra_smmu *smmu, uint32_t offset,
			     unsigned int width);
void sim_tegra_smmu_write(struct sim_tegra_smmu *smmu, uint32_t offset,
			  unsigned int width, uint32_t value);

/* A transaction of memory client a->id; stale entries are preferred. */
enum sim2_dma_result sim_tegra_smmu_dma(struct sim_tegra_smmu *smmu,
					const struct sim2_access *a,
					uint64_t *done);
enum sim2_dma_result sim_tegra_smmu_translate(struct sim_tegra_smmu *smmu,
					      const struct sim2_access *a,
					      uint64_t *pa);

/* Read every table in use in both memory views and cache it all. */
void sim_tegra_smmu_speculate(struct sim_tegra_smmu *smmu);
/* All that clients can reach; reach.context is the ASID. */
void sim_tegra_smmu_for_each_reach(struct sim_tegra_smmu *smmu,
				   sim2_reach_fn fn, void *ctx);
void sim_tegra_smmu_for_each_table(struct sim_tegra_smmu *smmu,
				   sim2_table_fn fn, void *ctx);
void sim_tegra_smmu_on_table(struct sim_tegra_smmu *smmu, sim_table_fn fn,
			     void *ctx);
/* These pages are no tables any more (or are again): use is reported. */
void sim_tegra_smmu_table_freed(struct sim_tegra_smmu *smmu, uint64_t pa,
				uint64_t size);
void sim_tegra_smmu_table_taken(struct sim_tegra_smmu *smmu, uint64_t pa,
				uint64_t size);
bool sim_tegra_smmu_irq(const struct sim_tegra_smmu *smmu);

#endif /* SIM_TEGRA_SMMU_H */
