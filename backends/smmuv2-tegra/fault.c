// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Context and global faults of every frame: collected, cleared, reported. */
#include "smmuv2.h"

static uint16_t reason_of(uint32_t fsr)
{
	if (fsr & FSR_TF)
		return HYPIOMMU_FAULT_TRANSLATION;
	if (fsr & FSR_PF)
		return HYPIOMMU_FAULT_PERMISSION;
	if (fsr & FSR_AFF)
		return HYPIOMMU_FAULT_ACCESS_FLAG;
	if (fsr & FSR_EF)
		return HYPIOMMU_FAULT_EXTERNAL;
	return HYPIOMMU_FAULT_OTHER;
}

static bool context_fault(struct hypiommu_smmu *smmu, uint32_t frame,
			  uint32_t bank, struct fault_record *record)
{
	const struct smmuv2 *s = smmuv2_of(smmu);
	uint32_t at = smmuv2_bank(s, bank);
	uint32_t fsr = smmuv2_read(smmu, frame, at + CB_FSR);

	if (!(fsr & FSR_FAULT))
		return false;
	record->code = fsr;
	record->reason = reason_of(fsr);
	record->iova = smmuv2_read64(smmu, frame, at + CB_FAR);
	record->sid = smmuv2_read(smmu, frame, s->gr1 + CBFRSYNRA(bank)) &
		      0x7fffu & ~s->stream_mask;
	record->flags = HYPIOMMU_FAULT_IOVA;
	if (smmuv2_read(smmu, frame, at + CB_FSYNR0) & FSYNR0_WNR)
		record->flags |= HYPIOMMU_FAULT_WRITE;
	if (fsr & FSR_MULTI)
		record->flags |= HYPIOMMU_FAULT_LOST;
	return true;
}

/* Write one to clear, in the frame that has it. */
static void context_clear(struct hypiommu_smmu *smmu, uint32_t frame,
			  uint32_t bank, const struct fault_record *record)
{
	smmuv2_write_one(smmu, frame,
			 smmuv2_bank(smmuv2_of(smmu), bank) + CB_FSR,
			 record->code);
}

static bool global_fault(struct hypiommu_smmu *smmu, uint32_t frame,
			 struct fault_record *record)
{
	const struct smmuv2 *s = smmuv2_of(smmu);
	uint32_t gfsr = smmuv2_read(smmu, frame, SGFSR);

	if (!gfsr)
		return false;
	record->code = gfsr;
	record->reason = HYPIOMMU_FAULT_CONFIG;
	record->iova = smmuv2_read64(smmu, frame, SGFAR);
	record->sid = smmuv2_read(smmu, frame, SGFSYNR1) & 0x7fffu &
		      ~s->stream_mask;
	record->flags = HYPIOMMU_FAULT_IOVA;
	if (smmuv2_read(smmu, frame, SGFSYNR0) & BIT(1))
		record->flags |= HYPIOMMU_FAULT_WRITE;
	if (gfsr & GFSR_MULTI)
		record->flags |= HYPIOMMU_FAULT_LOST;
	return true;
}

static void global_clear(struct hypiommu_smmu *smmu, uint32_t frame,
			 const struct fault_record *record)
{
	smmuv2_write_one(smmu, frame, SGFSR, record->code);
}

/* Banks in turn, so that a busy one cannot hide the others. */
int smmuv2_fault_read(struct hypiommu_smmu *smmu, struct fault_record *record,
		      bool *more)
{
	struct smmuv2 *s = smmuv2_of(smmu);

	*more = true;
	for (uint32_t i = 0; i < s->bank_count; i++) {
		uint32_t bank = (s->fault_next + i) % s->bank_count;

		for (uint32_t frame = 0; frame < s->frames; frame++) {
			if (context_fault(smmu, frame, bank, record)) {
				context_clear(smmu, frame, bank, record);
				s->fault_next = bank + 1;
				return HYPIOMMU_OK;
			}
		}
	}
	for (uint32_t frame = 0; frame < s->frames; frame++) {
		if (global_fault(smmu, frame, record)) {
			global_clear(smmu, frame, record);
			return HYPIOMMU_OK;
		}
	}
	*more = false;
	return HYPIOMMU_E_NOENT;
}

static void forget_in(struct hypiommu_smmu *smmu, uint32_t frame, uint32_t sid)
{
	struct fault_record r;

	for (uint32_t i = 0; i < smmuv2_of(smmu)->bank_count; i++) {
		if (context_fault(smmu, frame, i, &r) && r.sid == sid)
			context_clear(smmu, frame, i, &r);
	}
	if (global_fault(smmu, frame, &r) && r.sid == sid) {
		global_clear(smmu, frame, &r);
		/* Perhaps of other streams. */
		smmu->fault_lost |= r.flags & HYPIOMMU_FAULT_LOST;
	}
}

/* Detached and quiet: nothing of it comes behind this. */
void smmuv2_forget_faults(struct hypiommu_smmu *smmu,
			  struct hypiommu_stream *stream)
{
	for (uint32_t i = 0; i < smmuv2_of(smmu)->frames; i++)
		forget_in(smmu, i, stream->sid);
}
