// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* What a stream points to: a CD at stage 1, the STE itself at stage 2. */
#include "smmuv3.h"

/* 52 bits take the 64 KiB granule (D8.1.6, without LPA2). */
static uint8_t capped(const struct pgtable_config *config, uint8_t bits)
{
	return config->granule_shift < 16 && bits > 48 ? 48 : bits;
}

/* IPS and PS: 5 is 48 bits, 6 is 52. */
static uint64_t size_field(const struct hypiommu_domain *domain,
			   const struct smmuv3 *s)
{
	return domain->pt.config.oas == 48 ? 5 : s->oas_field;
}

/* TG0 and S2TG: 0, 2, 1 for 4, 16, 64 KiB. */
static uint64_t granule_field(const struct hypiommu_domain *domain)
{
	uint8_t shift = domain->pt.config.granule_shift;

	return shift == 12 ? 0 : shift == 14 ? 2 : 1;
}

int smmuv3_domain_init(struct hypiommu_smmu *smmu,
		       struct hypiommu_domain *domain,
		       struct pgtable_config *config)
{
	struct smmuv3 *s = smmuv3_of(smmu);
	bool stage1 = domain->stage == 1;

	if (!(stage1 ? s->stage1 : s->stage2) ||
	    !(s->granules >> config->granule_shift & 1))
		return HYPIOMMU_E_UNSUPPORTED;
	config->format = stage1 ? PGTABLE_LPAE_S1 : PGTABLE_LPAE_S2;
	config->ias = capped(config, stage1 ? s->vas : s->oas);
	config->oas = capped(config, s->oas);
	config->coherent = smmu->coherent;
	config->table_limit = 1ull << s->oas;
	return ids_alloc(stage1 ? &smmu->asids : &smmu->vmids, &domain->hw_id);
}

static uint64_t *cd_of(struct hypiommu_smmu *smmu,
		       const struct hypiommu_domain *domain)
{
	return &smmuv3_of(smmu)->cds[domain->hw_id * CD_WORDS];
}

static uint64_t cd_word0(const struct hypiommu_smmu *smmu,
			 const struct hypiommu_domain *domain, uint64_t ips)
{
	uint64_t walk = smmu->coherent ? CD0_IR0_WB | CD0_OR0_WB | CD0_SH0_INNER
				       : CD0_SH0_OUTER;

	/* R and A: faults are recorded and abort; nothing stalls (5.4). */
	return (64ull - domain->pt.config.ias) | walk | CD0_EPD1 | CD0_V |
	       granule_field(domain) << CD0_TG0 | ips << CD0_IPS | CD0_AA64 |
	       CD0_R | CD0_A | CD0_ASET | (uint64_t)domain->hw_id << CD0_ASID;
}

int smmuv3_domain_ready(struct hypiommu_smmu *smmu,
			struct hypiommu_domain *domain)
{
	uint64_t *cd;

	if (domain->stage != 1)
		return HYPIOMMU_OK;
	/* No STE points here yet, and none did since it was last forgotten: in
	 * whatever order, it is complete before one does. */
	cd = cd_of(smmu, domain);
	smmuv3_store(smmu, &cd[1], domain->pt.root_pa);
	smmuv3_store(smmu, &cd[3], PGTABLE_MAIR);
	smmuv3_store(
		smmu, &cd[0],
		cd_word0(smmu, domain, size_field(domain, smmuv3_of(smmu))));
	hypiommu_env_publish();
	return HYPIOMMU_OK;
}

void smmuv3_domain_fini(struct hypiommu_smmu *smmu,
			struct hypiommu_domain *domain)
{
	bool stage1 = domain->stage == 1;

	if (stage1) {
		uint64_t *cd = cd_of(smmu, domain);

		for (uint32_t i = 0; i < CD_WORDS; i++)
			smmuv3_store(smmu, &cd[i], 0);
		hypiommu_env_publish();
	}
	ids_free(stage1 ? &smmu->asids : &smmu->vmids, domain->hw_id);
}

static uint64_t ste_word2(const struct hypiommu_smmu *smmu,
			  const struct hypiommu_domain *domain, uint64_t ps)
{
	uint64_t walk = smmu->coherent
				? STE2_IR0_WB | STE2_OR0_WB | STE2_SH0_INNER
				: STE2_SH0_OUTER;
	/* S2SL0 counts back from level 2, or level 3 with large granules. */
	uint64_t last = domain->pt.config.granule_shift == 12 ? 2 : 3;
	uint64_t sl0 = last - domain->pt.start_level;

	return domain->hw_id | (64ull - domain->pt.config.ias) << STE2_T0SZ |
	       sl0 << STE2_SL0 | walk | granule_field(domain) << STE2_TG |
	       ps << STE2_PS | STE2_AA64 | STE2_R;
}

void smmuv3_ste(struct hypiommu_smmu *smmu,
		const struct hypiommu_domain *domain, uint64_t ste[STE_WORDS])
{
	const struct smmuv3 *s = smmuv3_of(smmu);

	for (uint32_t i = 0; i < STE_WORDS; i++)
		ste[i] = 0;
	/* EATS stays 0: no ATS, whose translations nobody could revoke. */
	ste[1] = STE1_SHCFG_INCOMING;
	if (domain->stage == 1) {
		ste[0] = STE0_V | STE0_CONFIG_S1 |
			 (s->cds_pa + (uint64_t)domain->hw_id * CD_BYTES);
		if (smmu->coherent)
			ste[1] |= STE1_S1CIR_WB | STE1_S1COR_WB |
				  STE1_S1CSH_INNER;
		return;
	}
	ste[0] = STE0_V | STE0_CONFIG_S2;
	ste[2] = ste_word2(smmu, domain, size_field(domain, s));
	ste[3] = domain->pt.root_pa;
}
