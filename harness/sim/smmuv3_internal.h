/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#ifndef SIM_SMMUV3_INTERNAL_H
#define SIM_SMMUV3_INTERNAL_H

#include <stddef.h>

#include "mem_priv.h"
#include "smmuv3.h"
#include "smmuv3_regs.h"
#include "walker.h"

/* Reads of a register until a handshake in it completes. */
#define ACK_DELAY 3u

/* ---- configuration ---------------------------------------------------- */

/* What a stream's STE (and CD) make of its transactions. */
enum xlate_kind {
	XLATE_ABORT, /* event 0: silently */
	XLATE_BYPASS,
	XLATE_WALK,
};

struct xlate {
	enum xlate_kind kind;
	uint32_t sid, ssid;
	uint8_t event;	/* why it aborts */
	uint64_t fetch; /* the address that failed, for F_*_FETCH */
	bool record;	/* faults are recorded (CD.R, STE.S2R) */
	bool priv;	/* the device may make privileged accesses */
	bool unpriv;	/* ... and unprivileged ones */
	struct walk_context walk;
};

/* The decoded half of an STE that leads to CDs. */
struct ste {
	struct xlate x; /* complete unless s1 */
	bool s1;
	uint64_t cd_table;
	uint8_t cd_max; /* S1CDMax */
	uint8_t s1dss;
	uint8_t world;
	uint16_t vmid;
};

enum cfg_kind {
	CFG_L1STD, /* id: L1 index */
	CFG_STE,   /* id: StreamID */
	CFG_CD,	   /* id: StreamID, sub: SubstreamID */
};

/* One fetched copy of a structure. */
struct cfg_version {
	uint64_t w[STRUCT_WORDS];
	uint64_t pa;
	uint64_t seq;
	uint64_t seen; /* pass in which memory last said so */
	bool temp;     /* peeked at, not cached */
};

struct cfg_item {
	enum cfg_kind kind;
	uint32_t id, sub;
	struct cfg_version *v;
	unsigned int nr, cap;
	struct cfg_item *next;
};

#define CFG_BUCKETS   256u
#define FULL_SCAN_MAX 1024u /* streams scanned each time; more: candidates */

struct cfg_cache {
	struct cfg_item *bucket[3][CFG_BUCKETS];
	uint32_t *sids; /* candidates */
	size_t nr_sids, cap_sids;
	uint8_t *sid_known; /* bitmap over min(2^sid_bits, 2^24) */
};

/* ---- pending invalidations -------------------------------------------- */

struct inval {
	uint64_t seq; /* entries newer than this survive */
	bool config;
	/* config */
	enum cfg_kind what;
	bool all, l1, subs;
	uint32_t id, nr_log2, sub;
	/* TLB */
	uint8_t worlds; /* bit per enum tlb_world */
	bool by_vmid, by_asid, by_addr, leaf;
	uint16_t vmid, asid;
	uint64_t first, last;
	uint8_t granule, ttl;
	bool resets_all; /* CFGI_ALL or TLBI_NSNH_ALL: for the enable check */
};

/* ---- the SMMU --------------------------------------------------------- */

struct sim_smmuv3 {
	struct sim_mem *mem;
	struct sim_smmuv3_config config;
	struct sim_smmuv3_faults faults;
	struct sim_smmuv3_stats stats;
	sim_report_fn report;
	void *report_ctx;
	sim_table_fn on_table;
	void *table_ctx;

	uint32_t idr[8];			   /* IDR0..5, IIDR, AIDR */
	uint32_t reg0[0x100 / 4], reg1[0x100 / 4]; /* the two pages */
	uint32_t cr0ack, irq_ctrlack;
	unsigned int cr0_delay, irq_delay, gbpa_delay;
	uint32_t gbpa_next;
	sim_fail_fn fail;
	void *fail_ctx;
	bool sync_asked, sync_stuck;
	uint64_t attempted; /* commands, for faults.cmd_error_at */
	struct {
		uint32_t offset, value;
	} * overrides;
	size_t nr_overrides;

	uint64_t pass; /* counts looks at a stream's configuration */
	struct walker walker;
	bool cfg_flushed, tlb_flushed; /* since reset */
	struct cfg_cache cfg;
	struct inval *pending;
	size_t nr_pending, cap_pending;
};

__attribute__((format(printf, 2, 3))) void
smmu_report(const struct sim_smmuv3 *smmu, const char *fmt, ...);
void *smmu_grow(void *ptr, size_t nr, size_t size);

/* smmuv3_mmio.c: raw register contents, no side effects. */
uint32_t reg_get(const struct sim_smmuv3 *smmu, uint32_t offset);
void reg_set(struct sim_smmuv3 *smmu, uint32_t offset, uint32_t value);
uint64_t reg_get64(const struct sim_smmuv3 *smmu, uint32_t offset);
/* True if CR0 or CR0ACK has the bit: it may be in effect. */
bool cr0_maybe(const struct sim_smmuv3 *smmu, uint64_t bit);
bool gbpa_may_bypass(const struct sim_smmuv3 *smmu);
unsigned int smmu_oas(const struct sim_smmuv3 *smmu);

/* smmuv3_queue.c */
struct queue {
	uint64_t base;
	uint32_t log2, prod, cons; /* indices with wrap bit */
};
struct queue queue_get(const struct sim_smmuv3 *smmu, uint32_t base,
		       uint32_t prod, uint32_t cons, unsigned int max_log2,
		       unsigned int entry_log2);
uint32_t queue_used(const struct queue *q);
uint64_t queue_slot(const struct queue *q, uint32_t index, uint32_t size);
uint32_t queue_next(const struct queue *q, uint32_t index);

/* smmuv3_cmdq.c, smmuv3_cmd.c */
struct queue cmdq_get(const struct sim_smmuv3 *smmu);
void cmdq_step(struct sim_smmuv3 *smmu);
/* Decode and queue up; the error, CERROR_NONE if fine. */
unsigned int cmd_tlbi(struct sim_smmuv3 *smmu, const uint64_t cmd[2]);
unsigned int cmd_cfgi(struct sim_smmuv3 *smmu, const uint64_t cmd[2]);

/* smmuv3_inval.c */
void inval_queue(struct sim_smmuv3 *smmu, const struct inval *inval);
void inval_complete(struct sim_smmuv3 *smmu);

/* smmuv3_event.c */
struct event {
	uint8_t id;
	uint32_t sid;
	bool read, s2, unpriv;
	uint64_t input, addr; /* InputAddr, and IPA or FetchAddr */
};
struct queue eventq_get(const struct sim_smmuv3 *smmu);
void event_record(struct sim_smmuv3 *smmu, const struct event *event);
void gerror_raise(struct sim_smmuv3 *smmu, uint64_t bit);

/* smmuv3_ste.c, smmuv3_cd.c: decode and validate */
void ste_decode(const struct sim_smmuv3 *smmu, const uint64_t w[8],
		uint32_t sid, struct ste *ste);
bool ste_live(const uint64_t w[8]);
void ste_used(const struct sim_smmuv3 *smmu, const uint64_t w[8],
	      uint64_t used[8]);
void cd_decode(const struct sim_smmuv3 *smmu, const uint64_t w[8],
	       const struct ste *ste, struct xlate *x);
bool cd_live(const uint64_t w[8]);
void cd_used(const uint64_t w[8], uint64_t used[8]);

/* smmuv3_cfgcache.c */
void cfg_init(struct sim_smmuv3 *smmu);
void cfg_destroy(struct sim_smmuv3 *smmu);
void cfg_clear(struct sim_smmuv3 *smmu);
struct cfg_item *cfg_item(struct sim_smmuv3 *smmu, enum cfg_kind kind,
			  uint32_t id, uint32_t sub);
/* Where a structure is fetched from. */
struct cfg_source {
	uint64_t pa;
	uint64_t seq; /* no newer than what led here */
	bool current; /* memory, not a cached copy, led here */
};
/* Fetch in one view into the item: its version, NULL: external abort. */
struct cfg_version *cfg_fetch(struct sim_smmuv3 *smmu, struct cfg_item *item,
			      const struct cfg_source *from,
			      enum sim_view view);
void cfg_invalidate(struct sim_smmuv3 *smmu, const struct inval *inval);
void cfg_drop_temp(struct sim_smmuv3 *smmu);
void cfg_candidate(struct sim_smmuv3 *smmu, uint32_t sid);

/* smmuv3_stream.c: from StreamID to translations */
typedef void (*xlate_fn)(struct sim_smmuv3 *smmu, const struct xlate *x,
			 void *ctx);
/* Everything sid may be configured as; fetches in both views. */
void stream_for_each(struct sim_smmuv3 *smmu, uint32_t sid, xlate_fn fn,
		     void *ctx);
/* What a transaction of sid uses: the oldest cached, else memory. */
void stream_lookup(struct sim_smmuv3 *smmu, uint32_t sid, struct xlate *x);
/* All streams that may be configured, see FULL_SCAN_MAX. */
typedef void (*sid_fn)(struct sim_smmuv3 *smmu, uint32_t sid, void *ctx);
void stream_for_each_sid(struct sim_smmuv3 *smmu, sid_fn fn, void *ctx);
/* Remember every stream whose STE is set up, on enabling translation. */
void stream_scan_table(struct sim_smmuv3 *smmu);

#endif /* SIM_SMMUV3_INTERNAL_H */
