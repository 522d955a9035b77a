// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Identification (IHI 0070 6.3.1-6.3.6). Every field that later bounds a loop,
 * a shift or an allocation is checked here, once; a reserved value means the
 * hardware is not what it says.
 */
#include "smmuv3.h"

static int ident_idr0(struct hypiommu_smmu *smmu, uint32_t idr0)
{
	struct smmuv3 *s = smmuv3_of(smmu);

	if (IDR0_ST_LEVEL(idr0) > 1 || IDR0_TTF(idr0) == 0 ||
	    IDR0_TTENDIAN(idr0) == 1 || IDR0_STALL_MODEL(idr0) == 3 ||
	    !(idr0 & (IDR0_S1P | IDR0_S2P)))
		return HYPIOMMU_E_HW;
	/* AArch64 tables, little-endian, faults that can terminate. */
	if (!(IDR0_TTF(idr0) & 2) || IDR0_TTENDIAN(idr0) == 3 ||
	    IDR0_STALL_MODEL(idr0) == 2)
		return HYPIOMMU_E_UNSUPPORTED;
	s->stage1 = idr0 & IDR0_S1P;
	s->stage2 = idr0 & IDR0_S2P;
	s->two_level = IDR0_ST_LEVEL(idr0) == 1;
	s->hyp = idr0 & IDR0_HYP;
	s->ats = idr0 & IDR0_ATS;
	smmu->coherent = idr0 & IDR0_COHACC;
	smmu_ids(smmu, idr0 & IDR0_ASID16 ? 16 : 8,
		 idr0 & IDR0_VMID16 ? 16 : 8);
	return HYPIOMMU_OK;
}

static uint32_t min32(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static int ident_idr1(struct hypiommu_smmu *smmu, uint32_t idr1)
{
	struct smmuv3 *s = smmuv3_of(smmu);

	if (IDR1_SIDSIZE(idr1) > 32 || IDR1_CMDQS(idr1) > 19 ||
	    IDR1_EVENTQS(idr1) > 19)
		return HYPIOMMU_E_HW;
	if (idr1 & (IDR1_REL | IDR1_QUEUES_PRESET | IDR1_TABLES_PRESET))
		return HYPIOMMU_E_UNSUPPORTED;
	/* A command and the CMD_SYNC behind it must fit. */
	if (IDR1_CMDQS(idr1) < 1 || IDR1_EVENTQS(idr1) < 1)
		return HYPIOMMU_E_UNSUPPORTED;
	smmu->sid_bits = IDR1_SIDSIZE(idr1);
	s->cmdq.log2 = min32(s->cmdq.log2, IDR1_CMDQS(idr1));
	s->evtq.log2 = min32(s->evtq.log2, IDR1_EVENTQS(idr1));
	return HYPIOMMU_OK;
}

static int ident_idr5(struct hypiommu_smmu *smmu, uint32_t idr5)
{
	static const uint8_t oas_bits[] = { 32, 36, 40, 42, 44, 48, 52 };
	struct smmuv3 *s = smmuv3_of(smmu);
	uint32_t field = IDR5_OAS(idr5);

	if (field >= sizeof(oas_bits) || IDR5_VAX(idr5) > 1)
		return HYPIOMMU_E_HW;
	s->granules = (idr5 & IDR5_GRAN4K ? 1u << 12 : 0) |
		      (idr5 & IDR5_GRAN16K ? 1u << 14 : 0) |
		      (idr5 & IDR5_GRAN64K ? 1u << 16 : 0);
	if (!s->granules)
		return HYPIOMMU_E_UNSUPPORTED;
	s->oas_field = (uint8_t)field;
	s->oas = oas_bits[hypiommu_env_nospec(field, sizeof(oas_bits))];
	s->vas = IDR5_VAX(idr5) ? 52 : 48;
	return HYPIOMMU_OK;
}

int smmuv3_identify(struct hypiommu_smmu *smmu)
{
	int err = ident_idr0(smmu, smmu_read32(smmu, SMMU_IDR0));

	if (!err)
		err = ident_idr1(smmu, smmu_read32(smmu, SMMU_IDR1));
	if (!err)
		err = ident_idr5(smmu, smmu_read32(smmu, SMMU_IDR5));
	smmu->range_inval = smmu_read32(smmu, SMMU_IDR3) & IDR3_RIL;
	smmu->max_page_commands = 32;
	return err;
}
