/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#ifndef SIM_SMMUV2_INTERNAL_H
#define SIM_SMMUV2_INTERNAL_H

#include "pages.h"
#include "smmuv2.h"
#include "smmuv2_regs.h"
#include "walker.h"

#define V2_MAX	     128u /* stream mapping groups, context banks */
#define V2_ACK_DELAY 3u	  /* status reads until a sync completes */
#define BIT64(n)     (UINT64_C(1) << (n))

enum v2_kind {
	V2_ABORT, /* fault: a GFSR bit, 0: none recorded */
	V2_BYPASS,
	V2_WALK,
};

/* What becomes of the transactions of some streams on one instance. */
struct v2_xlate {
	enum v2_kind kind;
	uint32_t fault;
	uint32_t sid, sid_mask;
	uint32_t bank; /* SIM2_NONE: none */
	bool priv, unpriv;
	struct walk_context walk;
};

struct v2_sync {
	bool active;
	unsigned int left; /* status reads */
	uint64_t upto;	   /* covers TLBIs this old */
	bool stuck;
};

struct v2_inval {
	uint64_t seq;  /* newer entries survive */
	uint32_t bank; /* issued there; SIM2_NONE: globally */
	uint8_t worlds;
	bool by_vmid, by_asid, by_addr, leaf;
	uint16_t vmid, asid;
	uint64_t ia;
};

struct v2_bank {
	uint32_t reg[0x80 / 4];
	uint32_t cbar, cba2r, frsynra;
	uint32_t tlbi_high; /* upper half of a 64-bit TLBI in two writes */
	struct v2_sync sync;
	bool live; /* a stream leads here and M = 1 */
};

struct v2_override {
	uint32_t offset, value;
};

struct v2_inst {
	struct sim_smmuv2 *smmu;
	unsigned int nr;
	uint32_t gr0[0x80 / 4];
	uint32_t smr[V2_MAX], s2cr[V2_MAX];
	struct v2_bank bank[V2_MAX];
	struct v2_sync gsync;
	struct v2_inval *pending;
	size_t nr_pending, cap_pending;
	struct walker walker;
	struct v2_late *late; /* lookups under way */
	size_t nr_late;
	struct sim_smmuv2_faults faults;
	struct sim_smmuv2_stats stats;
	struct v2_override *overrides;
	size_t nr_overrides;
};

struct sim_smmuv2 {
	struct sim_mem *mem;
	struct sim_smmuv2_config config;
	sim2_report_fn report;
	void *report_ctx;
	sim_table_fn on_table;
	void *table_ctx;
	sim2_fail_fn fail;
	void *fail_ctx;
	struct sim2_pages freed;
	uint32_t id[8];
	struct v2_inst inst[SIM_SMMUV2_MAX_INSTANCES];
};

__attribute__((format(printf, 2, 3))) void v2_report(const struct v2_inst *in,
						     const char *fmt, ...);

/* smmuv2_boot.c: register contents out of reset */
void v2_boot(struct v2_inst *in);
void v2_id_init(struct sim_smmuv2 *smmu);

/* smmuv2_global.c, smmuv2_bank.c: one 32-bit register each */
uint32_t v2_gr0_read(struct v2_inst *in, uint32_t offset);
void v2_gr0_write(struct v2_inst *in, uint32_t offset, uint32_t value);
uint32_t v2_gr1_read(struct v2_inst *in, uint32_t offset);
void v2_gr1_write(struct v2_inst *in, uint32_t offset, uint32_t value);
uint32_t v2_bank_read(struct v2_inst *in, uint32_t bank, uint32_t offset);
/* width 8 writes two registers as one, value's low half to offset. */
void v2_bank_write(struct v2_inst *in, uint32_t bank, uint32_t offset,
		   unsigned int width, uint64_t value);

/* smmuv2_tlbi.c */
void v2_inval_queue(struct v2_inst *in, const struct v2_inval *inval);
bool v2_tlbi_bank(struct v2_inst *in, uint32_t bank, uint32_t offset,
		  unsigned int width, uint64_t value);
void v2_tlbi_global(struct v2_inst *in, uint32_t offset, uint32_t value);
void v2_sync_start(struct v2_inst *in, struct v2_sync *sync);
/* The status register as read; completes the sync when it shows 0. */
uint32_t v2_sync_status(struct v2_inst *in, struct v2_sync *sync, uint32_t bank,
			bool never);

/* smmuv2_context.c: a context bank's registers as a translation */
uint32_t v2_cb(const struct v2_inst *in, uint32_t bank, uint32_t offset);
uint64_t v2_cb64(const struct v2_inst *in, uint32_t bank, uint32_t offset);
unsigned int v2_cbar_type(const struct v2_inst *in, uint32_t bank);
uint16_t v2_vmid(const struct v2_inst *in, uint32_t bank);
uint8_t v2_world(const struct v2_inst *in, uint32_t bank);
void v2_bank_decode(const struct v2_inst *in, uint32_t bank,
		    struct v2_xlate *x);

/*
 * smmuv2_regime.c: TCR, TTBR and so on. NULL, or what is wrong with them: then
 * nothing can be walked.
 */
const char *v2_regime_decode(const struct v2_inst *in, uint32_t bank,
			     struct walk_regime *r);
uint16_t v2_asid(const struct v2_inst *in, uint32_t bank);

/* smmuv2_check.c: what is asked of a configuration */
void v2_update_live(struct v2_inst *in, bool check);
void v2_leads(const struct v2_inst *in, bool lead[V2_MAX]);
void v2_check_conflict(const struct v2_inst *in, uint32_t group);

/* smmuv2_stream.c */
struct v2_group {
	bool valid;
	uint32_t id, mask;
};
uint32_t v2_nr_groups(const struct v2_inst *in);
struct v2_group v2_group(const struct v2_inst *in, uint32_t group);
bool v2_groups_meet(const struct v2_group *a, const struct v2_group *b);
typedef void (*v2_xlate_fn)(struct v2_inst *in, const struct v2_xlate *x,
			    void *ctx);
/* Everything that streams equal to sid outside dont_care may do. */
void v2_for_each_xlate(struct v2_inst *in, uint32_t sid, uint32_t dont_care,
		       v2_xlate_fn fn, void *ctx);
void v2_stream_lookup(struct v2_inst *in, uint32_t sid, struct v2_xlate *x);
/* Does the entry lead to tables? */
bool v2_group_walks(const struct v2_inst *in, uint32_t group,
		    struct v2_xlate *x);

/* smmuv2_late.c: the entry is about to change; a sync that covers what is older
 * than upto is complete */
void v2_late_add(struct v2_inst *in, uint32_t group);
void v2_late_done(struct v2_inst *in, uint64_t upto);
void v2_late_for_each(struct v2_inst *in, uint32_t sid, uint32_t dont_care,
		      v2_xlate_fn fn, void *ctx);

/* smmuv2_fault.c */
void v2_global_fault(struct v2_inst *in, uint32_t bit, uint32_t sid,
		     uint64_t iova, bool write);
struct v2_context_fault {
	uint32_t bank, fsr, sid;
	uint8_t level;
	uint64_t iova, ipa;
	bool write, ptw;
};
/* Records; SIM2_DMA_STALL or SIM2_DMA_ABORT, what becomes of the access. */
enum sim2_dma_result v2_context_fault(struct v2_inst *in,
				      const struct v2_context_fault *f);
bool v2_context_blocked(const struct v2_inst *in, uint32_t bank);

#endif /* SIM_SMMUV2_INTERNAL_H */
