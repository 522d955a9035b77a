/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* One SMMUv3's state and what its files call of each other. */
#ifndef SMMUV3_BACKEND_H
#define SMMUV3_BACKEND_H

#include "core.h"
#include "regs.h"
#include "hypiommu/smmuv3.h"

struct smmuv3_cmdq {
	uint64_t *entries;
	uint64_t pa;
	uint32_t log2;
	uint32_t prod; /* next slot, with its wrap bit; ours, never read back */
	uint32_t batch;	 /* queued since the queue was last seen empty */
	uint32_t errors; /* commands refused since the last completion */
	int failed; /* why no command is taken until smmuv3_cmdq_sync() says */
};

struct smmuv3_evtq {
	uint64_t *entries;
	uint64_t pa;
	uint32_t log2;
	uint32_t cons;	/* as last written, with wrap and overflow ack bits */
	uint64_t taken; /* records, ever; what a reset drops is taken, too */
};

struct smmuv3_strtab {
	uint64_t *base; /* STEs, or level 1 descriptors */
	uint64_t pa;
	uint32_t log2; /* stream IDs covered */
	bool two_level;
};

/* Lives in hypiommu_smmu.priv. */
struct smmuv3 {
	struct smmuv3_cmdq cmdq;
	struct smmuv3_evtq evtq;
	struct smmuv3_strtab strtab;
	uint64_t *cds; /* one a stage-1 domain, by ASID */
	uint64_t cds_pa;
	uint32_t timeout_us;
	uint8_t oas;	   /* bits; above 48 with the 64 KiB granule only */
	uint8_t oas_field; /* as IPS and PS encode it */
	uint8_t vas;	   /* the same of stage-1 input */
	uint32_t granules; /* bitmap of sizes */
	bool stage1, stage2, two_level, hyp, ats;
};

_Static_assert(sizeof(struct smmuv3) <= SMMU_PRIV_SIZE, "priv too small");

static inline struct smmuv3 *smmuv3_of(struct hypiommu_smmu *smmu)
{
	return (struct smmuv3 *)smmu->priv;
}

/* A command, built whole: no field survives from an earlier one. */
struct smmuv3_cmd {
	uint64_t w[2];
};

/* A store to a structure the SMMU reads. */
static inline void smmuv3_store(const struct hypiommu_smmu *smmu, uint64_t *p,
				uint64_t v)
{
	hypiommu_env_store64(p, v);
	if (!smmu->coherent)
		hypiommu_env_clean(p, sizeof(*p));
}

/* ident.c: read and bound the ID registers. E_UNSUPPORTED, E_HW. */
int smmuv3_identify(struct hypiommu_smmu *smmu);

/* reset.c */
int smmuv3_wait(struct hypiommu_smmu *smmu, uint32_t reg, uint32_t mask,
		uint32_t value);
int smmuv3_block(struct hypiommu_smmu *smmu);
int smmuv3_reset(struct hypiommu_smmu *smmu);
void smmuv3_abort_all(struct hypiommu_smmu *smmu);
int smmuv3_quiet(struct hypiommu_smmu *smmu);

/* cmdq.c: queue, then complete; everything queued before is complete when
 * smmuv3_cmdq_sync() returns 0. It also says what went wrong when the queue was
 * full on the way. E_TIMEOUT, E_HW. */
void smmuv3_cmdq_add(struct hypiommu_smmu *smmu, struct smmuv3_cmd cmd);
int smmuv3_cmdq_sync(struct hypiommu_smmu *smmu);
int smmuv3_invalidate_everything(struct hypiommu_smmu *smmu);

/* memory.c: queues and tables */
int smmuv3_prepare(struct hypiommu_smmu *smmu);
int smmuv3_alloc(struct hypiommu_smmu *smmu, uint64_t bytes, uint64_t **p,
		 uint64_t *pa);

/* strtab.c */
int smmuv3_strtab_prepare(struct hypiommu_smmu *smmu);
int smmuv3_attach(struct hypiommu_smmu *smmu, struct hypiommu_stream *stream,
		  struct hypiommu_domain *domain);
void smmuv3_strtab_restore(struct hypiommu_smmu *smmu);
int smmuv3_detach(struct hypiommu_smmu *smmu, struct hypiommu_stream *stream);

/* context.c */
int smmuv3_domain_init(struct hypiommu_smmu *smmu,
		       struct hypiommu_domain *domain,
		       struct pgtable_config *config);
int smmuv3_domain_ready(struct hypiommu_smmu *smmu,
			struct hypiommu_domain *domain);
void smmuv3_domain_fini(struct hypiommu_smmu *smmu,
			struct hypiommu_domain *domain);
void smmuv3_ste(struct hypiommu_smmu *smmu,
		const struct hypiommu_domain *domain, uint64_t ste[STE_WORDS]);

/* tlbi.c */
int smmuv3_invalidate(struct hypiommu_smmu *smmu,
		      struct hypiommu_domain *domain,
		      const struct tlb_request *request);

/* evtq.c */
int smmuv3_fault_read(struct hypiommu_smmu *smmu, struct fault_record *record,
		      bool *more);
void smmuv3_forget_faults(struct hypiommu_smmu *smmu,
			  struct hypiommu_stream *stream);

#endif /* SMMUV3_BACKEND_H */
