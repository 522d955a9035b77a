/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Stream Table Entries: what they mean and when they are ILLEGAL (5.2). */
#include <string.h>

#include "smmuv3_internal.h"

#define STE_V(w)      ((w)[0] & 1)
#define STE_CONFIG(w) field((w)[0], 3, 1)
#define CONFIG_LIVE   4u /* 0b0xx: abort, whatever else it says */
#define CONFIG_S1     1u
#define CONFIG_S2     2u

#define STRW_NSEL1 0u
#define STRW_EL2   2u

unsigned int smmu_oas(const struct sim_smmuv3 *smmu)
{
	return smmu->config.oas;
}

bool ste_live(const uint64_t w[8])
{
	return STE_V(w) && (STE_CONFIG(w) & CONFIG_LIVE);
}

/* Bits that the configuration in w makes the hardware look at. */
void ste_used(const struct sim_smmuv3 *smmu, const uint64_t w[8],
	      uint64_t used[8])
{
	uint64_t config = STE_CONFIG(w);

	memset(used, 0, 8 * sizeof(*used));
	used[0] = UINT64_MAX;
	if (!ste_live(w))
		return;
	used[1] = UINT64_MAX;
	if ((config & CONFIG_S1) && smmu->config.stage2)
		used[2] = bits(15, 0); /* S2VMID tags stage 1 as well */
	if (config & CONFIG_S2)
		used[2] = used[3] = UINT64_MAX;
}

static bool bad(struct ste *ste)
{
	ste->x.kind = XLATE_ABORT;
	ste->x.event = C_BAD_STE;
	ste->s1 = false;
	return false;
}

static unsigned int ps_bits(uint64_t ps)
{
	static const unsigned int map[] = { 32, 36, 40, 42, 44, 48, 52, 52 };

	return map[ps & 7];
}

static bool granule_ok(const struct sim_smmuv3 *smmu, uint64_t tg,
		       uint8_t *granule)
{
	switch (tg) {
	case 0:
		*granule = 12;
		return true;
	case 1:
		*granule = 16;
		return smmu->config.gran64k;
	case 2:
		*granule = 14;
		return smmu->config.gran16k;
	default:
		return false;
	}
}

/* 5.2.2: the stage 2 half. */
static bool decode_s2(const struct sim_smmuv3 *smmu, const uint64_t w[8],
		      struct ste *ste)
{
	struct vmsa_regime *r = &ste->x.walk.regime.v8;
	unsigned int t0sz = (unsigned int)field(w[2], 37, 32);
	unsigned int ps = ps_bits(field(w[2], 50, 48));
	unsigned int oas = smmu_oas(smmu);
	int start;

	/* AArch64 tables only (TTF), little-endian, no HTTU, no stalls. */
	if (!(w[2] & BIT64(51)) || (w[2] & (BIT64(52) | bits(57, 55))))
		return bad(ste);
	if (!granule_ok(smmu, field(w[2], 47, 46), &r->granule))
		return bad(ste);
	/* No STT, and nothing wider than the IAS, here equal to OAS. */
	if (t0sz > 39 || 64 - t0sz > oas)
		return bad(ste);
	if (64 - t0sz > 48 && r->granule != 16)
		return bad(ste);
	r->ia_bits = (uint8_t)(64 - t0sz);
	r->oa_bits = (uint8_t)(ps < oas ? ps : oas);
	if (r->granule != 16 && r->oa_bits > 48)
		r->oa_bits = 48;
	start = vmsa_s2_start(r->granule, (unsigned int)field(w[2], 39, 38),
			      r->ia_bits, oas);
	if (start < 0)
		return bad(ste);
	r->stage2 = true;
	r->start_level = (uint8_t)start;
	r->affd = w[2] & BIT64(53);
	r->ttb = w[3] & bits(51, 4);
	if (r->ttb & ~bits(r->oa_bits - 1u, 0))
		return bad(ste);
	ste->x.record = w[2] & BIT64(58);
	ste->x.kind = XLATE_WALK;
	ste->x.walk.tag = (struct tlb_tag){ .world = TLB_S2,
					    .global = true,
					    .vmid = ste->vmid };
	return true;
}

static bool decode_s1(const struct sim_smmuv3 *smmu, const uint64_t w[8],
		      struct ste *ste)
{
	unsigned int strw = (unsigned int)field(w[1], 31, 30);

	ste->cd_table = w[0] & bits(51, 6);
	ste->cd_max = (uint8_t)field(w[0], 63, 59);
	ste->s1dss = (uint8_t)field(w[1], 1, 0);
	if (ste->cd_max > smmu->config.ssid_bits)
		return bad(ste);
	/* IDR0.CD2L is 0: only linear tables of CDs. */
	if (ste->cd_max && (field(w[0], 5, 4) != 0 || ste->s1dss == 3))
		return bad(ste);
	if (ste->cd_table & ~bits(smmu_oas(smmu) - 1, 0))
		return bad(ste);
	if (ste->cd_max) /* a table is aligned to its size (5.2) */
		ste->cd_table &= ~(BIT64(6 + ste->cd_max) - 1);
	if (strw == STRW_NSEL1)
		ste->world = TLB_EL1;
	else if (strw == STRW_EL2 && smmu->config.hyp)
		ste->world = TLB_EL2;
	else
		return bad(ste);
	ste->s1 = true;
	return true;
}

static bool vmid_ok(const struct sim_smmuv3 *smmu, const struct ste *ste)
{
	return smmu->config.vmid16 || ste->vmid < 256;
}

static void decode_live(const struct sim_smmuv3 *smmu, const uint64_t w[8],
			struct ste *ste)
{
	uint64_t config = STE_CONFIG(w);
	uint64_t privcfg = field(w[1], 49, 48);

	if (((config & CONFIG_S1) && !smmu->config.stage1) ||
	    ((config & CONFIG_S2) && !smmu->config.stage2)) {
		bad(ste);
		return;
	}
	ste->x.unpriv = privcfg != 3;
	ste->x.priv = privcfg != 2;
	if (smmu->config.stage2 && config != CONFIG_LIVE) {
		ste->vmid = (uint16_t)field(w[2], 15, 0);
		if (!vmid_ok(smmu, ste)) {
			bad(ste);
			return;
		}
	}
	switch (config) {
	case CONFIG_LIVE:
		ste->x.kind = XLATE_BYPASS;
		break;
	case CONFIG_LIVE | CONFIG_S1:
		decode_s1(smmu, w, ste);
		break;
	case CONFIG_LIVE | CONFIG_S2:
		decode_s2(smmu, w, ste);
		break;
	default:
		bad(ste); /* nested: not modelled */
	}
}

void ste_decode(const struct sim_smmuv3 *smmu, const uint64_t w[8],
		uint32_t sid, struct ste *ste)
{
	memset(ste, 0, sizeof(*ste));
	ste->x.sid = sid;
	ste->x.kind = XLATE_ABORT;
	if (!STE_V(w))
		bad(ste);
	else if (STE_CONFIG(w) & CONFIG_LIVE)
		decode_live(smmu, w, ste);
}
