/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* What a context bank makes of transactions that reach it (IHI 0062 2.5). */
#include "smmuv2_internal.h"

unsigned int v2_cbar_type(const struct v2_inst *in, uint32_t bank)
{
	return in->bank[bank].cbar >> CBAR_TYPE_SHIFT & 3;
}

uint16_t v2_vmid(const struct v2_inst *in, uint32_t bank)
{
	if (in->gr0[GR0_CR0 / 4] & CR0_VMID16EN)
		return (uint16_t)(in->bank[bank].cba2r >> 16);
	return in->bank[bank].cbar & 0xff;
}

uint8_t v2_world(const struct v2_inst *in, uint32_t bank)
{
	if (v2_cbar_type(in, bank) == CBAR_S2)
		return TLB_S2;
	return in->bank[bank].cbar & CBAR_HYPC ? TLB_EL2 : TLB_EL1;
}

/* Does this SMMU have what CBAR.TYPE asks for? */
static bool type_ok(const struct v2_inst *in, uint32_t bank)
{
	const struct sim_smmuv2_config *c = &in->smmu->config;

	switch (v2_cbar_type(in, bank)) {
	case CBAR_S2:
		return c->stage2;
	case CBAR_S1_BYPASS:
		return c->stage1;
	default: /* stage 2 faults; nested is not simulated */
		return false;
	}
}

void v2_bank_decode(const struct v2_inst *in, uint32_t bank, struct v2_xlate *x)
{
	x->kind = V2_ABORT;
	if (bank >= in->smmu->config.nr_cb) {
		x->fault = GFSR_UCBF;
		return;
	}
	x->bank = bank;
	if (!type_ok(in, bank)) {
		x->fault = GFSR_ICF;
		return;
	}
	/* Disabled: addresses pass, whatever the type (16.5.3, SCTLR.M). */
	if (!(v2_cb(in, bank, CB_SCTLR) & SCTLR_M)) {
		x->kind = V2_BYPASS;
		return;
	}
	x->kind = V2_WALK;
	x->walk.tag = (struct tlb_tag){
		.world = v2_world(in, bank),
		.vmid = v2_vmid(in, bank),
		.asid = v2_asid(in, bank),
	};
	if (x->walk.tag.world == TLB_EL2)
		x->walk.tag.vmid = 0;
	if (v2_regime_decode(in, bank, &x->walk.regime))
		x->walk.regime.v8.ia_bits = 0; /* every access faults */
}
