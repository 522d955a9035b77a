// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The event queue (IHI 0070 3.5, 7.3): records the SMMU writes. */
#include "smmuv3.h"

static uint16_t reason_of(uint32_t code)
{
	switch (code) {
	case EVENT_C_BAD_STREAMID:
	case EVENT_C_BAD_STE:
	case EVENT_C_BAD_CD:
	case EVENT_F_TRANSL_FORBIDDEN:
		return HYPIOMMU_FAULT_CONFIG;
	case EVENT_F_STE_FETCH:
	case EVENT_F_CD_FETCH:
	case EVENT_F_WALK_EABT:
		return HYPIOMMU_FAULT_EXTERNAL;
	case EVENT_F_TRANSLATION:
		return HYPIOMMU_FAULT_TRANSLATION;
	case EVENT_F_ADDR_SIZE:
		return HYPIOMMU_FAULT_ADDRESS_SIZE;
	case EVENT_F_ACCESS:
		return HYPIOMMU_FAULT_ACCESS_FLAG;
	case EVENT_F_PERMISSION:
		return HYPIOMMU_FAULT_PERMISSION;
	default:
		return HYPIOMMU_FAULT_OTHER;
	}
}

static void decode(const uint64_t w[EVENT_WORDS], struct fault_record *record)
{
	bool address;

	record->code = EVENT0_CODE(w[0]);
	record->sid = (uint32_t)(w[0] >> 32);
	record->reason = reason_of(record->code);
	record->flags = 0;
	/* Only the translation faults carry InputAddr and RnW (7.3.12...). */
	address = record->code >= EVENT_F_TRANSLATION &&
		  record->code <= EVENT_F_PERMISSION;
	record->iova = address ? w[2] : 0;
	if (address)
		record->flags |= HYPIOMMU_FAULT_IOVA;
	if (address && !(w[1] & EVENT1_RNW))
		record->flags |= HYPIOMMU_FAULT_WRITE;
}

/* E_HW: no index at all, or more than the queue holds. */
static int look(struct hypiommu_smmu *smmu, uint32_t *prod, uint32_t *queued)
{
	const struct smmuv3_evtq *q = &smmuv3_of(smmu)->evtq;
	uint32_t mask = (2u << q->log2) - 1;

	*prod = smmu_read32(smmu, SMMU_EVENTQ_PROD);
	*queued = (*prod - q->cons) & mask;
	return *prod & ~(EVENTQ_OVFLG | mask) || *queued > 1u << q->log2
		       ? HYPIOMMU_E_HW
		       : HYPIOMMU_OK;
}

/*
 * The device is quiet and the stream's detach has completed a CMD_SYNC behind
 * the invalidation of its configuration: no record of what came before becomes
 * visible any more (IHI 0070 4.7.2.1, 4.7.3), and an STE that aborts makes
 * none. All there are are in the queue now.
 */
void smmuv3_forget_faults(struct hypiommu_smmu *smmu,
			  struct hypiommu_stream *stream)
{
	const struct smmuv3_evtq *q = &smmuv3_of(smmu)->evtq;
	uint32_t prod, queued;

	/* Nonsense is fault_read()'s to say: as many as can be. */
	if (look(smmu, &prod, &queued))
		queued = 1u << q->log2;
	stream->faults_from = q->taken + queued;
}

int smmuv3_fault_read(struct hypiommu_smmu *smmu, struct fault_record *record,
		      bool *more)
{
	struct smmuv3_evtq *q = &smmuv3_of(smmu)->evtq;
	uint32_t mask = (2u << q->log2) - 1, prod, queued;
	uint64_t w[EVENT_WORDS], *entry;
	int err = look(smmu, &prod, &queued);

	if (err)
		return err;
	if (!queued)
		return HYPIOMMU_E_NOENT;
	hypiommu_env_after_sync(); /* the record is not older than PROD */
	entry = &q->entries[(q->cons & (mask >> 1)) * EVENT_WORDS];
	if (!smmu->coherent)
		hypiommu_env_clean(entry, EVENT_BYTES);
	for (uint32_t i = 0; i < EVENT_WORDS; i++)
		w[i] = hypiommu_env_load64(&entry[i]);
	decode(w, record);
	record->number = q->taken++;
	if ((prod ^ q->cons) & EVENTQ_OVFLG)
		record->flags |= HYPIOMMU_FAULT_LOST;
	q->cons = ((q->cons + 1) & mask) | (uint32_t)(prod & EVENTQ_OVFLG);
	/* It is read before it may be written again. */
	hypiommu_env_before_doorbell();
	smmu_write32(smmu, SMMU_EVENTQ_CONS, q->cons);
	*more = queued > 1;
	return HYPIOMMU_OK;
}
