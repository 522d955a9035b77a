/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* From TCR, TCR2, TTBR0 and MAIR to a translation regime (IHI 0062 16.5). */
#include <string.h>

#include "smmuv2_internal.h"

/* Shortest and longest input address an AArch64 T0SZ may ask for. */
#define AA64_MIN_IA 25u
#define AA64_MAX_IA 48u

static unsigned int min_u(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

static bool va64(const struct v2_inst *in, uint32_t bank)
{
	return in->bank[bank].cba2r & CBA2R_VA64;
}

static bool short_format(const struct v2_inst *in, uint32_t bank)
{
	return !va64(in, bank) && v2_cbar_type(in, bank) != CBAR_S2 &&
	       !(v2_cb(in, bank, CB_TCR) & TCR_EAE);
}

uint16_t v2_asid(const struct v2_inst *in, uint32_t bank)
{
	uint32_t tcr = v2_cb(in, bank, CB_TCR);
	uint64_t ttbr;

	if (v2_cbar_type(in, bank) == CBAR_S2)
		return 0;
	if (short_format(in, bank))
		return v2_cb(in, bank, CB_CONTEXTIDR) & 0xff;
	ttbr = v2_cb64(in, bank, tcr & TCR_A1 ? CB_TTBR1 : CB_TTBR0);
	if (va64(in, bank) && (v2_cb(in, bank, CB_TCR2) & TCR2_AS))
		return (uint16_t)(ttbr >> 48);
	return (uint8_t)(ttbr >> 48);
}

static unsigned int pa_bits(const struct v2_inst *in, unsigned int code)
{
	static const uint8_t bits[] = { 32, 36, 40, 42, 44, 48, 48, 48 };

	return min_u(bits[code & 7], in->smmu->config.oas);
}

/* TG0; 0: reserved, or a granule that is not implemented. */
static uint8_t granule(const struct v2_inst *in, uint32_t tcr)
{
	const struct sim_smmuv2_config *c = &in->smmu->config;

	switch (tcr >> 14 & 3) {
	case 0:
		return c->aa64_4k ? 12 : 0;
	case 1:
		return c->aa64_64k ? 16 : 0;
	case 2:
		return c->aa64_16k ? 14 : 0;
	default:
		return 0;
	}
}

static const char *aa64(const struct v2_inst *in, uint32_t bank,
			struct vmsa_regime *r)
{
	uint32_t tcr = v2_cb(in, bank, CB_TCR);
	uint32_t tcr2 = v2_cb(in, bank, CB_TCR2);
	unsigned int ia = 64 - (tcr & 0x3f);
	int start;

	r->granule = granule(in, tcr);
	if (!r->granule)
		return "translation granule not implemented";
	if (ia < AA64_MIN_IA || ia > AA64_MAX_IA)
		return "T0SZ out of range";
	r->ia_bits = (uint8_t)ia;
	r->ttb = v2_cb64(in, bank, CB_TTBR0) & (BIT64(48) - 1);
	if (!r->stage2) {
		r->oa_bits = (uint8_t)pa_bits(in, tcr2);
		r->tbi = tcr2 & TCR2_TBI0;
		r->start_level = (uint8_t)vmsa_s1_start(r->granule, ia);
		return NULL;
	}
	if (ia > in->smmu->config.ias)
		return "T0SZ asks for more than ID2.IAS";
	r->oa_bits = (uint8_t)pa_bits(in, tcr >> 16);
	start = vmsa_s2_start(r->granule, tcr >> 6 & 3, ia,
			      in->smmu->config.oas);
	if (start < 0)
		return "SL0 and T0SZ do not agree";
	r->start_level = (uint8_t)start;
	return NULL;
}

/* AArch32 long descriptors: 4K, 40 bits out (DDI 0406C B3.6). */
static const char *aa32_long(const struct v2_inst *in, uint32_t bank,
			     struct vmsa_regime *r)
{
	uint32_t tcr = v2_cb(in, bank, CB_TCR);
	int start;

	if (!in->smmu->config.aa32_long)
		return "AArch32 formats not implemented";
	r->aarch32 = true;
	r->granule = 12;
	r->oa_bits = (uint8_t)min_u(40, in->smmu->config.oas);
	r->ttb = v2_cb64(in, bank, CB_TTBR0) & (BIT64(40) - 1);
	if (!r->stage2) {
		r->ia_bits = (uint8_t)(32 - (tcr & 7));
		r->start_level = r->ia_bits > 30 ? 1 : 2;
		return NULL;
	}
	/* T0SZ is a signed number, and S has to be a copy of its sign. */
	if (!(tcr & TCR_S) != !(tcr & 8))
		return "TCR.S is not the sign of T0SZ";
	r->ia_bits =
		(uint8_t)(tcr & 8 ? 32 + 16 - (tcr & 15) : 32 - (tcr & 15));
	if (r->ia_bits > in->smmu->config.ias)
		return "T0SZ asks for more than ID2.IAS";
	if ((tcr >> 6 & 3) > 1)
		return "SL0 is reserved";
	start = vmsa_s2_start(12, tcr >> 6 & 3, r->ia_bits, 40);
	if (start < 0)
		return "SL0 and T0SZ do not agree";
	r->start_level = (uint8_t)start;
	return NULL;
}

static const char *aa32_short(const struct v2_inst *in, uint32_t bank,
			      struct walk_regime *r)
{
	uint32_t tcr = v2_cb(in, bank, CB_TCR);
	uint32_t sctlr = v2_cb(in, bank, CB_SCTLR);

	if (!in->smmu->config.aa32_long || !in->smmu->config.aa32_short)
		return "short descriptors not implemented";
	if (tcr & TTBCR_N)
		return "TTBCR.N is not 0: not simulated";
	r->v7s = true;
	r->v8.ia_bits = 32;
	r->v7 = (struct v7s_regime){
		.ttb = v2_cb(in, bank, CB_TTBR0),
		.disabled = tcr & TTBCR_PD0,
		.tre = sctlr & SCTLR_TRE,
		.afe = sctlr & SCTLR_AFE,
		.affd = sctlr & SCTLR_AFFD,
		.prrr = v2_cb(in, bank, CB_MAIR0),
		.nmrr = v2_cb(in, bank, CB_MAIR1),
	};
	return NULL;
}

const char *v2_regime_decode(const struct v2_inst *in, uint32_t bank,
			     struct walk_regime *r)
{
	memset(r, 0, sizeof(*r));
	if (short_format(in, bank))
		return aa32_short(in, bank, r);
	r->v8.stage2 = v2_cbar_type(in, bank) == CBAR_S2;
	r->v8.one_el = v2_world(in, bank) == TLB_EL2;
	r->v8.affd = v2_cb(in, bank, CB_SCTLR) & SCTLR_AFFD;
	r->v8.mair = v2_cb64(in, bank, CB_MAIR0);
	if (!r->v8.stage2 && (v2_cb(in, bank, CB_TCR) & TCR_EPD0))
		return NULL; /* no walks; ia_bits stays 0 */
	return va64(in, bank) ? aa64(in, bank, &r->v8)
			      : aa32_long(in, bank, &r->v8);
}
