// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Identification (IHI 0062 9.6.9-9.6.11): every field that later bounds a loop
 * or an offset is checked here, and mirrored frames must say the same. */
#include "smmuv2.h"

static uint8_t size_bits(uint32_t field)
{
	static const uint8_t bits[] = { 32, 36, 40, 42, 44, 48 };

	if (field >= sizeof(bits))
		return 0;
	return bits[hypiommu_env_nospec(field, sizeof(bits))];
}

static int take_idr0(struct smmuv2 *s, uint32_t idr0)
{
	s->stage1 = idr0 & IDR0_S1TS;
	s->stage2 = idr0 & IDR0_S2TS;
	s->matching = idr0 & IDR0_SMS;
	if (!s->stage1 && !s->stage2)
		return HYPIOMMU_E_HW;
	if (IDR0_NUMSIDB(idr0) > 15)
		return HYPIOMMU_E_HW;
	s->match_count = s->matching ? IDR0_NUMSMRG(idr0)
				     : 1u << IDR0_NUMSIDB(idr0);
	if (s->match_count > SMMUV2_MAX)
		return s->matching ? HYPIOMMU_E_HW : HYPIOMMU_E_UNSUPPORTED;
	return s->match_count ? HYPIOMMU_OK : HYPIOMMU_E_HW;
}

static int take_idr1(struct smmuv2 *s, uint32_t idr1, uint64_t size)
{
	uint32_t pages = 2u << IDR1_NUMPAGENDXB(idr1);

	s->page_shift = idr1 & IDR1_PAGESIZE ? 16 : 12;
	s->gr1 = 1u << s->page_shift;
	s->banks_at = pages << s->page_shift;
	s->bank_count = IDR1_NUMCB(idr1);
	s->s2_only = IDR1_NUMS2CB(idr1);
	if (!s->bank_count || s->bank_count > SMMUV2_MAX ||
	    s->bank_count > pages || s->s2_only > s->bank_count)
		return HYPIOMMU_E_HW;
	/* The frame the platform declared holds global space and banks. */
	return size >= 2ull * s->banks_at ? HYPIOMMU_OK : HYPIOMMU_E_HW;
}

static int take_idr2(struct smmuv2 *s, uint32_t idr2)
{
	uint32_t ubs = IDR2_UBS(idr2);

	s->ias = size_bits(IDR2_IAS(idr2));
	s->oas_field = (uint8_t)IDR2_OAS(idr2);
	s->oas = size_bits(s->oas_field);
	/* 49 bits upstream: 48 for each of two tables, one of which we use. */
	s->vas = ubs == 15 ? 48 : size_bits(ubs);
	s->granules = (uint8_t)IDR2_PTFS(idr2);
	return s->ias && s->oas && s->vas ? HYPIOMMU_OK : HYPIOMMU_E_HW;
}

static int choose_format(struct smmuv2 *s, uint32_t idr0,
			 enum hypiommu_smmuv2_format format)
{
	bool lpae = !(idr0 & IDR0_NO_AARCH32);
	bool v7s = lpae && !(idr0 & IDR0_NO_AARCH32S);

	if (format == HYPIOMMU_SMMUV2_AUTO)
		format = s->granules ? HYPIOMMU_SMMUV2_AARCH64
				     : HYPIOMMU_SMMUV2_LPAE;
	s->format = (uint8_t)format;
	switch (format) {
	case HYPIOMMU_SMMUV2_AARCH64:
		return s->granules ? HYPIOMMU_OK : HYPIOMMU_E_UNSUPPORTED;
	case HYPIOMMU_SMMUV2_LPAE:
		return lpae ? HYPIOMMU_OK : HYPIOMMU_E_UNSUPPORTED;
	case HYPIOMMU_SMMUV2_V7S:
		return v7s && s->stage1 ? HYPIOMMU_OK : HYPIOMMU_E_UNSUPPORTED;
	default:
		return HYPIOMMU_E_INVAL;
	}
}

int smmuv2_identify(struct hypiommu_smmu *smmu,
		    const struct hypiommu_smmuv2_config *config)
{
	struct smmuv2 *s = smmuv2_of(smmu);
	uint32_t idr0 = smmuv2_read(smmu, 0, IDR0);
	uint32_t idr1 = smmuv2_read(smmu, 0, IDR1);
	uint32_t idr2 = smmuv2_read(smmu, 0, IDR2);
	int err;

	for (uint32_t i = 1; i < s->frames; i++) {
		if (smmuv2_read(smmu, i, IDR0) != idr0 ||
		    smmuv2_read(smmu, i, IDR1) != idr1 ||
		    smmuv2_read(smmu, i, IDR2) != idr2)
			return HYPIOMMU_E_HW;
	}
	err = take_idr0(s, idr0);
	if (!err)
		err = take_idr1(s, idr1, config->size);
	if (!err)
		err = take_idr2(s, idr2);
	if (!err)
		err = choose_format(s, idr0, config->format);
	smmu->coherent = idr0 & IDR0_CTTW;
	smmu->sid_bits = s->matching ? 15 : IDR0_NUMSIDB(idr0);
	smmu->max_page_commands = 16;
	return err;
}
