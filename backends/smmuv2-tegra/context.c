// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Context banks (IHI 0062 10, 16): one a domain, programmed whole. */
#include "smmuv2.h"

static uint8_t at_most(uint8_t bits, uint8_t most)
{
	return bits < most ? bits : most;
}

/* What the tables asked for are, on this SMMU. */
static int formats(struct smmuv2 *s, bool stage1, struct pgtable_config *c)
{
	uint32_t granules = s->format == HYPIOMMU_SMMUV2_AARCH64 ? s->granules
								 : 1;

	if (!(granules >> (c->granule_shift - 12) / 2 & 1) ||
	    (c->contiguous && s->pages_only))
		return HYPIOMMU_E_UNSUPPORTED;
	c->format = stage1 ? PGTABLE_LPAE_S1 : PGTABLE_LPAE_S2;
	if (s->format == HYPIOMMU_SMMUV2_AARCH64) {
		c->ias = stage1 ? s->vas : s->ias;
		c->oas = s->oas;
		return HYPIOMMU_OK;
	}
	if (s->format == HYPIOMMU_SMMUV2_LPAE) {
		c->ias = stage1 ? 32 : at_most(s->ias, 40);
		c->oas = at_most(s->oas, 40);
		c->aarch32 = true;
		return HYPIOMMU_OK;
	}
	c->format = PGTABLE_V7S;
	c->ias = c->oas = 32;
	return stage1 && !c->contiguous ? HYPIOMMU_OK : HYPIOMMU_E_UNSUPPORTED;
}

/* Banks below s2_only are kept for stage 2 as long as there are others. */
static int bank_alloc(struct smmuv2 *s, bool stage1, uint32_t *bank)
{
	uint32_t from = stage1 ? s->s2_only : 0;

	for (uint32_t i = from; i < s->bank_count; i++) {
		if (!ids_take(&s->banks, i)) {
			*bank = i;
			return HYPIOMMU_OK;
		}
	}
	return HYPIOMMU_E_NOSPC;
}

int smmuv2_domain_init(struct hypiommu_smmu *smmu,
		       struct hypiommu_domain *domain,
		       struct pgtable_config *config)
{
	struct smmuv2 *s = smmuv2_of(smmu);
	bool stage1 = domain->stage == 1;
	int err;

	if (stage1 ? !s->stage1 : !s->stage2)
		return HYPIOMMU_E_UNSUPPORTED;
	config->coherent = smmu->coherent;
	err = formats(s, stage1, config);
	config->table_limit = 1ull << config->oas;
	return err ? err : bank_alloc(s, stage1, &domain->hw_id);
}

/* What the registers of a bank hold, worked out before any is written. */
struct bank_regs {
	uint64_t ttbr0;
	uint32_t cbar, cba2r, tcr, tcr2, mair0, mair1, contextidr, sctlr;
};

/* TG0: 0, 2, 1 for 4, 16, 64 KiB. */
static uint32_t tg0(const struct pgtable_config *c)
{
	return c->granule_shift == 12 ? 0 : c->granule_shift == 14 ? 2 : 1;
}

static uint32_t walk_attr(const struct hypiommu_smmu *smmu)
{
	return smmu->coherent ? TCR_WALK_WB : TCR_WALK_NC;
}

static void stage1_regs(struct hypiommu_smmu *smmu,
			const struct hypiommu_domain *d, struct bank_regs *r)
{
	const struct smmuv2 *s = smmuv2_of(smmu);
	const struct pgtable_config *c = &d->pt.config;
	uint32_t asid = smmuv2_tag(d);

	r->cbar = CBAR_S1_BYPASS | CBAR_BPSH_NSH | CBAR_MEMATTR_WB;
	r->sctlr |= SCTLR_TRE | SCTLR_AFE;
	if (c->format == PGTABLE_V7S) {
		r->ttbr0 = d->pt.root_pa |
			   (smmu->coherent ? TTBR_V7S_WB : TTBR_V7S_NC);
		r->tcr = TCR_PD1;
		r->contextidr = asid;
		r->mair0 = PRRR_V7S;
		r->mair1 = NMRR_V7S;
		return;
	}
	r->ttbr0 = d->pt.root_pa | (uint64_t)asid << TTBR_ASID;
	r->tcr = walk_attr(smmu) | TCR_EPD1;
	r->mair0 = (uint32_t)PGTABLE_MAIR;
	r->mair1 = (uint32_t)(PGTABLE_MAIR >> 32);
	if (s->format == HYPIOMMU_SMMUV2_AARCH64) {
		r->cba2r = CBA2R_VA64;
		r->tcr |= (64u - c->ias) | tg0(c) << TCR_TG0;
		r->tcr2 = s->oas_field | TCR2_SEP_UPSTREAM;
	} else {
		r->tcr |= TCR_EAE; /* T0SZ 0: 32 bits */
	}
}

static void stage2_regs(struct hypiommu_smmu *smmu,
			const struct hypiommu_domain *d, struct bank_regs *r)
{
	const struct smmuv2 *s = smmuv2_of(smmu);
	const struct pgtable_config *c = &d->pt.config;

	r->cbar = CBAR_S2 | smmuv2_tag(d);
	r->ttbr0 = d->pt.root_pa;
	r->tcr = walk_attr(smmu) | TCR_EAE;
	if (s->format == HYPIOMMU_SMMUV2_AARCH64) {
		r->cba2r = CBA2R_VA64;
		r->tcr |= (64u - c->ias) | tg0(c) << TCR_TG0;
		/* Counted back from level 2, or 3 with large granules. */
		r->tcr |=
			((c->granule_shift == 12 ? 2u : 3u) - d->pt.start_level)
			<< TCR_S2_SL0;
		r->tcr |= (uint32_t)s->oas_field << TCR_S2_PASIZE;
		return;
	}
	/* AArch32: T0SZ is signed, four bits and its sign above (16.5.21). */
	r->tcr |= (32u - c->ias) & 31u;
	r->tcr |= (2u - d->pt.start_level) << TCR_S2_SL0;
}

int smmuv2_bank_program(struct hypiommu_smmu *smmu,
			const struct hypiommu_domain *d)
{
	const struct smmuv2 *s = smmuv2_of(smmu);
	uint32_t bank = d->hw_id, at = smmuv2_bank(s, bank);
	struct bank_regs r = { .sctlr = SCTLR_M | SCTLR_CFRE | SCTLR_CFIE |
					SCTLR_HUPCF };
	int err;

	if (d->stage == 1)
		stage1_regs(smmu, d, &r);
	else
		stage2_regs(smmu, d, &r);
	/* Whoever had it before: nothing of him stays. */
	err = smmuv2_bank_scrub(smmu, bank);
	if (!err)
		err = smmuv2_set(smmu, s->gr1 + CBA2R(bank), r.cba2r);
	if (!err)
		err = smmuv2_set(smmu, s->gr1 + CBAR(bank), r.cbar);
	if (!err)
		err = smmuv2_set(smmu, at + CB_TCR2, r.tcr2);
	if (!err)
		err = smmuv2_set(smmu, at + CB_TCR, r.tcr);
	if (!err && d->pt.config.format == PGTABLE_V7S)
		err = smmuv2_set(smmu, at + CB_TTBR0, (uint32_t)r.ttbr0);
	else if (!err)
		err = smmuv2_set64(smmu, at + CB_TTBR0, r.ttbr0);
	if (!err && d->stage == 1)
		err = smmuv2_set(smmu, at + CB_MAIR0, r.mair0);
	if (!err && d->stage == 1)
		err = smmuv2_set(smmu, at + CB_MAIR1, r.mair1);
	if (!err && d->stage == 1)
		err = smmuv2_set(smmu, at + CB_CONTEXTIDR, r.contextidr);
	return err ? err : smmuv2_set(smmu, at + CB_SCTLR, r.sctlr);
}

int smmuv2_domain_ready(struct hypiommu_smmu *smmu,
			struct hypiommu_domain *domain)
{
	struct pgtable *pt = &domain->pt;

	if (smmuv2_of(smmu)->pages_only) {
		pt->leaf_sizes = 1ull << pt->config.granule_shift;
		pgtable_use_sizes(pt, pt->leaf_sizes);
	}
	/* The root is in memory before a walker may read it. */
	hypiommu_env_before_doorbell();
	return smmuv2_bank_program(smmu, domain);
}

/* No stream points here, the TLB holds nothing of it. */
void smmuv2_domain_fini(struct hypiommu_smmu *smmu,
			struct hypiommu_domain *domain)
{
	/* A bank that does not take the scrub is scrubbed, and checked, again
	 * before its next use. */
	(void)smmuv2_bank_scrub(smmu, domain->hw_id);
	ids_free(&smmuv2_of(smmu)->banks, domain->hw_id);
}
