/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#ifndef SIM_TEGRA_SMMU_INTERNAL_H
#define SIM_TEGRA_SMMU_INTERNAL_H

#include "mem_priv.h"
#include "pages.h"
#include "tegra_smmu.h"
#include "tlb.h"

#define TS_INTSTATUS	0x000u
#define TS_INTMASK	0x004u
#define TS_ERR_STATUS	0x008u
#define TS_ERR_ADR	0x00cu
#define TS_CONFIG	0x010u
#define TS_TLB_CONFIG	0x014u
#define TS_PTC_CONFIG	0x018u
#define TS_PTB_ASID	0x01cu
#define TS_PTB_DATA	0x020u
#define TS_TLB_FLUSH	0x030u
#define TS_PTC_FLUSH	0x034u
#define TS_PTC_FLUSH_HI 0x9b8u

#define TS_CONFIG_ENABLE  (1u << 0)
#define TS_SWGROUP_ENABLE (1u << 31)
#define TS_ASID_MASK	  0x7fu
#define TS_INT_SMMU_PAGE  (1u << 10)
#define TS_READABLE	  (1u << 31)
#define TS_WRITABLE	  (1u << 30)
#define TS_PDE_NEXT	  (1u << 28)
#define TS_ENTRIES	  1024u
#define TS_PAGE_SHIFT	  12u
#define TS_SECTION_SHIFT  22u
#define TS_MAX_ASIDS	  128u

struct ts_flush {
	uint64_t seq;
	bool tlb; /* else PTC */
	bool all;
	uint64_t first, last; /* PTC: physical, TLB: IOVA */
	bool by_asid;
	uint16_t asid;
};

struct sim_tegra_smmu {
	struct sim_tegra_smmu_config config;
	struct sim_tegra_smmu_client *clients; /* in order of id */
	sim2_report_fn report;
	void *report_ctx;
	sim_table_fn on_table;
	void *table_ctx;
	struct sim2_mmio_faults faults;
	struct sim_tegra_smmu_stats stats;
	struct sim2_pages freed;
	uint32_t reg[SIM_TEGRA_SMMU_SIZE / 4];
	uint32_t ptb[TS_MAX_ASIDS];
	struct ts_flush *pending;
	size_t nr_pending, cap_pending;
	struct tlb ptc; /* words: ia is the address, pa the value */
	struct tlb tlb;
	uint64_t now; /* counts flushes: orders reads of memory by them */
	uint64_t gen;
};

__attribute__((format(printf, 2, 3))) void
ts_report(const struct sim_tegra_smmu *smmu, const char *fmt, ...);

/* tegra_smmu_flush.c */
void ts_ptc_flush(struct sim_tegra_smmu *smmu, uint32_t value);
void ts_tlb_flush(struct sim_tegra_smmu *smmu, uint32_t value);
void ts_complete(struct sim_tegra_smmu *smmu);

/* tegra_smmu_cache.c: PTC and TLB contents */
void ts_ptc_fill_line(struct sim_tegra_smmu *smmu, uint64_t pa);
/* Oldest cached word there; false: none. */
bool ts_ptc_lookup(struct sim_tegra_smmu *smmu, uint64_t pa, uint32_t *val,
		   uint64_t *seq);
struct tlb_entry ts_entry(uint16_t asid, uint64_t ia, uint64_t pa,
			  unsigned int shift, uint32_t attr);
void ts_tlb_fill(struct sim_tegra_smmu *smmu, struct tlb_entry e, uint64_t seq);
uint64_t ts_frame(const struct sim_tegra_smmu *smmu, uint32_t desc);
void ts_check_freed(const struct sim_tegra_smmu *smmu, uint64_t table);

/* tegra_smmu_tree.c: everything an ASID translates */
enum ts_mode {
	TS_FILL,   /* read memory, cache what is found */
	TS_REFILL, /* from the PTC into the TLB only */
	TS_PEEK,   /* from both, leave no trace */
};
struct ts_visitor {
	void (*leaf)(struct sim_tegra_smmu *smmu, const struct tlb_entry *e,
		     bool cached, void *ctx);
	void (*table)(struct sim_tegra_smmu *smmu, uint64_t pa, bool cached,
		      void *ctx);
	void *ctx;
};
void ts_tree(struct sim_tegra_smmu *smmu, uint16_t asid, enum ts_mode mode,
	     const struct ts_visitor *visitor);

/* tegra_smmu_client.c */
enum ts_kind {
	TS_ABORT,
	TS_BYPASS,
	TS_WALK,
};
enum ts_kind ts_route(const struct sim_tegra_smmu *smmu,
		      const struct sim_tegra_smmu_client *client,
		      uint16_t *asid);
const struct sim_tegra_smmu_client *ts_client(const struct sim_tegra_smmu *smmu,
					      uint32_t id);
/* For each ASID some client uses. */
void ts_for_each_asid(struct sim_tegra_smmu *smmu,
		      void (*fn)(struct sim_tegra_smmu *smmu, uint16_t asid,
				 void *ctx),
		      void *ctx);

#endif /* SIM_TEGRA_SMMU_INTERNAL_H */
