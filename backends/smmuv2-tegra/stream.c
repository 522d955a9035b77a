// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Stream matching and indexing (IHI 0062 3.3, 9.6.20-9.6.21). */
#include "smmuv2.h"

static uint32_t smr_of(const struct smmuv2 *s, uint32_t sid)
{
	return SMR_VALID | s->stream_mask << SMR_MASK_SHIFT |
	       (sid & ~s->stream_mask & 0x7fffu);
}

/* Two entries that could match one transaction are a fault for both. One mask
 * for all, and no bit of it in a stream ID: they would be the same stream,
 * which nobody can declare twice. */
int smmuv2_add_stream(struct hypiommu_smmu *smmu, uint32_t sid)
{
	const struct smmuv2 *s = smmuv2_of(smmu);

	if (!s->matching)
		return HYPIOMMU_OK; /* one S2CR for each stream ID there is */
	/* A fault could not be told from another stream's; and where a memory
	 * controller denies with 0, nobody may have it. */
	if (sid & s->stream_mask || (s->stream_mask && !sid))
		return HYPIOMMU_E_INVAL;
	return HYPIOMMU_OK;
}

static int match_alloc(struct smmuv2 *s, struct hypiommu_stream *stream)
{
	if (!s->matching) {
		stream->hw = stream->sid;
		return HYPIOMMU_OK;
	}
	return ids_alloc(&s->matches, &stream->hw);
}

static void match_free(struct smmuv2 *s, struct hypiommu_stream *stream)
{
	if (s->matching)
		ids_free(&s->matches, stream->hw);
	stream->hw = SMMUV2_NO_MATCH;
}

/* Where it goes first, then that it goes: until the SMR is valid the stream
 * matches nothing and faults. */
int smmuv2_stream_program(struct hypiommu_smmu *smmu,
			  const struct hypiommu_stream *stream, uint32_t bank)
{
	const struct smmuv2 *s = smmuv2_of(smmu);
	int err = smmuv2_set(smmu, S2CR(stream->hw), S2CR_TRANSLATE | bank);

	if (!err && s->matching)
		err = smmuv2_set(smmu, SMR(stream->hw), smr_of(s, stream->sid));
	return err;
}

static int stream_deny(struct hypiommu_smmu *smmu,
		       const struct hypiommu_stream *stream)
{
	int err = HYPIOMMU_OK;

	if (smmuv2_of(smmu)->matching)
		err = smmuv2_set(smmu, SMR(stream->hw), 0);
	return err ? err : smmuv2_set(smmu, S2CR(stream->hw), S2CR_FAULT);
}

int smmuv2_attach(struct hypiommu_smmu *smmu, struct hypiommu_stream *stream,
		  struct hypiommu_domain *domain)
{
	int err = match_alloc(smmuv2_of(smmu), stream);

	if (err)
		return err;
	err = smmuv2_stream_program(smmu, stream, domain->hw_id);
	/* The memory controller last: only now is there somewhere to go. */
	return err ? err : tegra234_mc_route(smmu, stream);
}

int smmuv2_detach(struct hypiommu_smmu *smmu, struct hypiommu_stream *stream)
{
	bool denied = stream->hw == SMMUV2_NO_MATCH;
	int err = tegra234_mc_deny(smmu, stream);

	/* Again, because the TLB could not be emptied: no entry is left. */
	if (!err && !denied)
		err = stream_deny(smmu, stream);
	/* Transactions under way are complete when the sync is. */
	if (!err)
		err = smmuv2_sync(smmu, STLBGSYNC, STLBGSTATUS);
	if (!err && !denied)
		match_free(smmuv2_of(smmu), stream);
	return err;
}
