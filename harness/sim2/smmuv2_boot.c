/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* ID registers (IHI 0062 9.6.3 ff.), and what the others hold at boot. */
#include <string.h>

#include "smmuv2_internal.h"

/* ID2.IAS, OAS and UBS; TCR's PASize is the same code. */
static uint32_t size_code(unsigned int bits)
{
	static const uint8_t codes[] = { 32, 36, 40, 42, 44, 48 };

	for (uint32_t i = 0; i < sizeof(codes); i++)
		if (bits <= codes[i])
			return i;
	return 5;
}

static uint32_t id0(const struct sim_smmuv2_config *c)
{
	uint32_t ptfs = !c->aa32_long ? 2 : !c->aa32_short ? 1 : 0;

	return (c->stage1 ? BIT(30) : 0) | (c->stage2 ? BIT(29) : 0) |
	       (c->nested ? BIT(28) : 0) | (c->indexing ? 0 : BIT(27)) |
	       BIT(26) /* ATOSNS: no address translation operations */ |
	       ptfs << 24 | 1u << 16 /* NUMIRPT */ |
	       (c->coherent ? BIT(14) : 0) | c->sid_bits << 9 |
	       (c->exids ? BIT(8) : 0) | c->nr_smrg;
}

void v2_id_init(struct sim_smmuv2 *smmu)
{
	const struct sim_smmuv2_config *c = &smmu->config;

	smmu->id[0] = id0(c);
	smmu->id[1] = (c->page_64k ? BIT(31) : 0) | c->numpagendxb << 28 |
		      c->nr_s2cb << 16 | c->nr_cb;
	smmu->id[2] = size_code(c->ias) | size_code(c->oas) << 4 |
		      size_code(c->ubs) << 8 | (c->aa64_4k ? BIT(12) : 0) |
		      (c->aa64_16k ? BIT(13) : 0) |
		      (c->aa64_64k ? BIT(14) : 0) | (c->vmid16 ? BIT(15) : 0);
	smmu->id[7] = 0x21; /* MMU-500 r2p1 has this shape: major, minor */
}

static uint32_t rnd(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t)(*state >> 16);
}

/* Any value may be in a register whose reset value is UNKNOWN. */
static void boot_random(struct v2_inst *in)
{
	uint64_t state = 0x5eed + in->nr * UINT64_C(0x10001);
	uint32_t sid = BIT(in->smmu->config.sid_bits) - 1;

	for (uint32_t i = 0; i < V2_MAX; i++) {
		if (i < in->smmu->config.nr_smrg && !in->smmu->config.indexing)
			in->smr[i] = rnd(&state) &
				     (SMR_VALID | sid << 16 | sid);
		in->s2cr[i] = rnd(&state);
		in->bank[i].cbar = rnd(&state);
		in->bank[i].cba2r = rnd(&state) & 1;
		for (uint32_t r = CB_TCR2; r < 0x80; r += 4)
			in->bank[i].reg[r / 4] = rnd(&state);
		in->bank[i].reg[CB_FSR / 4] &= FSR_FAULT;
	}
	in->gr0[GR0_GFSR / 4] = rnd(&state) & GFSR_ALL;
}

/* Firmware that is done with the SMMU and wants it out of the way. */
static void boot_bypass(struct v2_inst *in)
{
	in->gr0[GR0_CR0 / 4] = 0;
	for (uint32_t i = 0; i < V2_MAX; i++)
		in->s2cr[i] = S2CR_BYPASS << S2CR_TYPE_SHIFT;
	in->gr0[GR0_GFSR / 4] = GFSR_USF;
}

/* A framebuffer: stream 5, bank 1, stage 1 with stage 2 bypass, 39 bits. Its
 * ASID is the worst one, that of the library's first domain in this bank. */
static void boot_live(struct v2_inst *in)
{
	struct v2_bank *b = &in->bank[1];
	uint64_t ttb = in->smmu->config.boot_ttb;

	in->gr0[GR0_CR0 / 4] = CR0_USFCFG;
	in->smr[1] = SMR_VALID | 5;
	in->s2cr[1] = 1;
	in->smr[2] = SMR_VALID | 6;
	in->s2cr[2] = S2CR_BYPASS << S2CR_TYPE_SHIFT;
	if (in->smmu->config.indexing) {
		in->s2cr[5] = 1;
		in->s2cr[6] = in->s2cr[2];
	}
	b->cbar = CBAR_S1_BYPASS << CBAR_TYPE_SHIFT;
	b->cba2r = CBA2R_VA64;
	b->reg[CB_TCR / 4] = TCR_EPD1 | 25;
	b->reg[CB_TCR2 / 4] = 2;
	b->reg[CB_TTBR0 / 4] = (uint32_t)ttb;
	b->reg[CB_TTBR0 / 4 + 1] = (uint32_t)(ttb >> 32) | 2u << 16;
	b->reg[CB_MAIR0 / 4] = 0xff;
	b->reg[CB_SCTLR / 4] = SCTLR_M | SCTLR_AFE | SCTLR_TRE | SCTLR_HUPCF;
	b->reg[CB_FSR / 4] = FSR_TF;
}

void v2_boot(struct v2_inst *in)
{
	const struct sim_smmuv2_config *c = &in->smmu->config;

	memset(in->gr0, 0, sizeof(in->gr0));
	memset(in->smr, 0, sizeof(in->smr));
	memset(in->s2cr, 0, sizeof(in->s2cr));
	memset(in->bank, 0, sizeof(in->bank));
	memset(&in->gsync, 0, sizeof(in->gsync));
	in->gr0[GR0_CR0 / 4] = CR0_CLIENTPD;
	if (c->boot == SIM_SMMUV2_BOOT_RANDOM)
		boot_random(in);
	else if (c->boot == SIM_SMMUV2_BOOT_BYPASS)
		boot_bypass(in);
	else if (c->boot == SIM_SMMUV2_BOOT_LIVE)
		boot_live(in);
	if (c->mmu500) {
		in->gr0[GR0_ACR / 4] = ACR_CACHE_LOCK;
		for (uint32_t i = 0; i < c->nr_cb; i++)
			in->bank[i].reg[CB_ACTLR / 4] = ACTLR_CPRE;
	}
	for (uint32_t i = 0; i < c->nr_s2cb; i++)
		in->bank[i].cbar &= ~(3u << CBAR_TYPE_SHIFT);
	v2_update_live(in, false);
}
