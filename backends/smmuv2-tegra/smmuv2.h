/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* One SMMUv2's state, mirrored frames included, and what its files share. */
#ifndef SMMUV2_BACKEND_H
#define SMMUV2_BACKEND_H

#include "core.h"
#include "regs.h"
#include "hypiommu/smmuv2.h"

#define SMMUV2_MAX	128u  /* context banks; stream match entries */
#define SMMUV2_NO_MATCH (~0u) /* hypiommu_stream.hw: no entry is its */

/* Lives in hypiommu_smmu.priv. */
struct smmuv2 {
	uint32_t window[HYPIOMMU_SMMUV2_FRAMES];
	uint32_t frames;
	uint32_t timeout_us;
	uint32_t gr1;		      /* offset of global register space 1 */
	uint32_t banks_at;	      /* offset of context bank 0 */
	uint32_t page_shift;	      /* of register pages */
	uint32_t bank_count, s2_only; /* banks below s2_only: stage 2 only */
	uint32_t match_count;
	uint32_t stream_mask;
	uint32_t fault_next;   /* bank to look at first */
	uint8_t ias, oas, vas; /* bits: IPA, PA, VA */
	uint8_t oas_field;
	uint8_t format;	  /* enum pgtable_format family: see context.c */
	uint8_t granules; /* AArch64 tables: bit 0, 1, 2 for 4, 16, 64 KiB */
	bool matching, stage1, stage2, mmu500, pages_only;
	struct ids banks, matches;
	uint64_t bank_bits[SMMUV2_MAX / 64], match_bits[SMMUV2_MAX / 64];
};

_Static_assert(sizeof(struct smmuv2) <= SMMU_PRIV_SIZE, "priv too small");

static inline struct smmuv2 *smmuv2_of(struct hypiommu_smmu *smmu)
{
	return (struct smmuv2 *)smmu->priv;
}

/* mmio.c: every write goes to every frame */
uint32_t smmuv2_read(struct hypiommu_smmu *smmu, uint32_t frame, uint32_t off);
uint64_t smmuv2_read64(struct hypiommu_smmu *smmu, uint32_t frame,
		       uint32_t off);
void smmuv2_write(struct hypiommu_smmu *smmu, uint32_t off, uint32_t val);
/* But for status, which is cleared in the frame that has it. */
void smmuv2_write_one(struct hypiommu_smmu *smmu, uint32_t frame, uint32_t off,
		      uint32_t val);
void smmuv2_write64(struct hypiommu_smmu *smmu, uint32_t off, uint64_t val);
/* Write, and read back from every frame: E_HW if one does not hold it. */
int smmuv2_set(struct hypiommu_smmu *smmu, uint32_t off, uint32_t val);
int smmuv2_set64(struct hypiommu_smmu *smmu, uint32_t off, uint64_t val);
/* Start a sync on every frame, wait for all: bit 0 of status clear. */
int smmuv2_sync(struct hypiommu_smmu *smmu, uint32_t sync, uint32_t status);

static inline uint32_t smmuv2_bank(const struct smmuv2 *s, uint32_t bank)
{
	return s->banks_at + (bank << s->page_shift);
}

/* ident.c */
int smmuv2_identify(struct hypiommu_smmu *smmu,
		    const struct hypiommu_smmuv2_config *config);

/* reset.c */
int smmuv2_block(struct hypiommu_smmu *smmu);
int smmuv2_reset(struct hypiommu_smmu *smmu);
void smmuv2_abort_all(struct hypiommu_smmu *smmu);
int smmuv2_quiet(struct hypiommu_smmu *smmu);
int smmuv2_bank_scrub(struct hypiommu_smmu *smmu, uint32_t bank);

/* context.c */
int smmuv2_domain_init(struct hypiommu_smmu *smmu,
		       struct hypiommu_domain *domain,
		       struct pgtable_config *config);
int smmuv2_domain_ready(struct hypiommu_smmu *smmu,
			struct hypiommu_domain *domain);
void smmuv2_domain_fini(struct hypiommu_smmu *smmu,
			struct hypiommu_domain *domain);
int smmuv2_bank_program(struct hypiommu_smmu *smmu,
			const struct hypiommu_domain *domain);

/* stream.c */
int smmuv2_add_stream(struct hypiommu_smmu *smmu, uint32_t sid);
int smmuv2_attach(struct hypiommu_smmu *smmu, struct hypiommu_stream *stream,
		  struct hypiommu_domain *domain);
int smmuv2_detach(struct hypiommu_smmu *smmu, struct hypiommu_stream *stream);
int smmuv2_stream_program(struct hypiommu_smmu *smmu,
			  const struct hypiommu_stream *stream, uint32_t bank);

/* tlbi.c */
int smmuv2_invalidate(struct hypiommu_smmu *smmu,
		      struct hypiommu_domain *domain,
		      const struct tlb_request *request);
int smmuv2_invalidate_everything(struct hypiommu_smmu *smmu);

/* fault.c */
int smmuv2_fault_read(struct hypiommu_smmu *smmu, struct fault_record *record,
		      bool *more);
void smmuv2_forget_faults(struct hypiommu_smmu *smmu,
			  struct hypiommu_stream *stream);

/* tegra234_mc.c: a stream's clients, after everything else is ready and before
 * anything is taken away. Nothing to do without an MC. */
int tegra234_mc_finalise(struct hypiommu *h);
int tegra234_mc_route(struct hypiommu_smmu *smmu,
		      const struct hypiommu_stream *stream);
int tegra234_mc_deny(struct hypiommu_smmu *smmu,
		     const struct hypiommu_stream *stream);

/* Identifiers of the domain in bank n: ASID and VMID n + 1, 0 is nobody's. */
static inline uint32_t smmuv2_tag(const struct hypiommu_domain *domain)
{
	return domain->hw_id + 1;
}

#endif /* SMMUV2_BACKEND_H */
