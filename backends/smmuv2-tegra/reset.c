// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * From whatever firmware left to abort-all, and from there to what domains and
 * streams in memory say (IHI 0062 9.6; MMU-500: DDI 0517).
 */
#include "smmuv2.h"

static int allow_actlr(struct hypiommu_smmu *smmu)
{
	uint32_t acr;

	if (!smmuv2_of(smmu)->mmu500)
		return HYPIOMMU_OK;
	/* CACHE_LOCK set makes ACTLR, and CPRE in it, read-only. */
	acr = smmuv2_read(smmu, 0, SACR);
	if (acr == ~0u)
		return HYPIOMMU_E_HW;
	return smmuv2_set(smmu, SACR, acr & ~SACR_CACHE_LOCK);
}

/* A transaction firmware left stalled is ended, not let through. */
static int end_stalls(struct hypiommu_smmu *smmu, uint32_t at)
{
	for (uint32_t i = 0; i < smmuv2_of(smmu)->frames; i++) {
		uint32_t fsr = smmuv2_read(smmu, i, at + CB_FSR);

		if (fsr == ~0u)
			return HYPIOMMU_E_HW; /* off the bus */
		if (fsr & FSR_SS)
			smmuv2_write_one(smmu, i, at + CB_RESUME,
					 RESUME_TERMINATE);
	}
	smmuv2_write(smmu, at + CB_FSR, FSR_ALL);
	return HYPIOMMU_OK;
}

/* Errata 841119, 826419: no next-page prefetch. */
static int stop_prefetch(struct hypiommu_smmu *smmu, uint32_t at)
{
	uint32_t actlr = smmuv2_read(smmu, 0, at + CB_ACTLR);

	if (actlr == ~0u)
		return HYPIOMMU_E_HW;
	return smmuv2_set(smmu, at + CB_ACTLR, actlr & ~ACTLR_CPRE);
}

/* Nobody's bank: off, and where it can do stage 1 a fault should anything point
 * to it. One that is stage 2's only would be bypass: no S2CR may name a bank
 * that is not programmed. */
int smmuv2_bank_scrub(struct hypiommu_smmu *smmu, uint32_t bank)
{
	static const uint16_t zeroed[] = { CB_TCR, CB_TCR2, CB_MAIR0, CB_MAIR1,
					   CB_CONTEXTIDR };
	const struct smmuv2 *s = smmuv2_of(smmu);
	uint32_t at = smmuv2_bank(s, bank);
	int err = smmuv2_set(smmu, at + CB_SCTLR, 0);

	if (!err)
		err = smmuv2_set(smmu, s->gr1 + CBAR(bank),
				 bank < s->s2_only ? CBAR_S2 : CBAR_S1_FAULT);
	if (!err)
		err = smmuv2_set(smmu, s->gr1 + CBA2R(bank), 0);
	if (err)
		return err;
	smmuv2_write64(smmu, at + CB_TTBR0, 0);
	smmuv2_write64(smmu, at + CB_TTBR1, 0);
	for (uint32_t i = 0; i < sizeof(zeroed) / sizeof(zeroed[0]); i++)
		smmuv2_write(smmu, at + zeroed[i], 0);
	err = end_stalls(smmu, at);
	return err || !s->mmu500 ? err : stop_prefetch(smmu, at);
}

static int deny_streams(struct hypiommu_smmu *smmu)
{
	const struct smmuv2 *s = smmuv2_of(smmu);
	int err = HYPIOMMU_OK;

	for (uint32_t i = 0; !err && i < s->match_count; i++) {
		err = smmuv2_set(smmu, S2CR(i), S2CR_FAULT);
		if (!err && s->matching)
			err = smmuv2_set(smmu, SMR(i), 0);
	}
	return err;
}

/* Where the SMMU is on. Switched on by this, what is in the match entries
 * would count: out of reset that is anything. */
static void deny_unmatched(struct hypiommu_smmu *smmu)
{
	for (uint32_t i = 0; i < smmuv2_of(smmu)->frames; i++) {
		if (!(smmuv2_read(smmu, i, SCR0) & SCR0_CLIENTPD))
			smmuv2_write_one(smmu, i, SCR0, SCR0_DENY);
	}
}

/*
 * Unmatched streams are to fault, first, so that what is taken from the match
 * entries does not become bypass; the entries before the SMMU is switched on,
 * because firmware may have left garbage in them; then the banks.
 */
int smmuv2_block(struct hypiommu_smmu *smmu)
{
	const struct smmuv2 *s = smmuv2_of(smmu);
	int err;

	deny_unmatched(smmu);
	/* Lookups that met what was there before may walk in its banks, and
	 * fill the TLB, until this is complete: in one batch with the
	 * invalidation they could do so behind it. */
	err = smmuv2_quiet(smmu);
	if (!err)
		err = allow_actlr(smmu);
	for (uint32_t i = 0; !err && i < s->bank_count; i++)
		err = smmuv2_bank_scrub(smmu, i);
	if (!err)
		err = smmuv2_invalidate_everything(smmu);
	smmuv2_write(smmu, SGFSR, ~0u);
	return err;
}

void smmuv2_abort_all(struct hypiommu_smmu *smmu)
{
	const struct smmuv2 *s = smmuv2_of(smmu);

	deny_unmatched(smmu);
	for (uint32_t i = 0; i < s->match_count; i++) {
		smmuv2_write(smmu, S2CR(i), S2CR_FAULT);
		if (s->matching)
			smmuv2_write(smmu, SMR(i), 0);
	}
	smmuv2_write(smmu, SCR0, SCR0_DENY);
}

/* Every frame holds what aborts; lookups that met a stream mapping may go on
 * without it until the sync. */
int smmuv2_quiet(struct hypiommu_smmu *smmu)
{
	int err = deny_streams(smmu);

	if (!err)
		err = smmuv2_set(smmu, SCR0, SCR0_DENY);
	return err ? err : smmuv2_sync(smmu, STLBGSYNC, STLBGSTATUS);
}

int smmuv2_reset(struct hypiommu_smmu *smmu)
{
	struct hypiommu *h = smmu->h;
	int err = smmuv2_block(smmu);

	for (uint32_t i = 0; !err && i < h->config.limits.domains; i++) {
		struct hypiommu_domain *d = &h->domains[i];

		if (d->state != DOMAIN_FREE && d->smmu == smmu->index)
			err = smmuv2_bank_program(smmu, d);
	}
	for (uint32_t i = 0; !err && i < h->stream_count; i++) {
		struct hypiommu_stream *stream = &h->streams[i];

		if (stream->smmu != smmu->index ||
		    stream->domain == HYPIOMMU_NO_DOMAIN ||
		    stream->hw == SMMUV2_NO_MATCH)
			continue; /* unattached, or detached but for the TLB */
		err = smmuv2_stream_program(smmu, stream,
					    h->domains[stream->domain].hw_id);
		if (!err)
			err = tegra234_mc_route(smmu, stream);
	}
	return err;
}
