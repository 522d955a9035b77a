/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Fault records (IHI 0062 3.7 to 3.11): the first one stays, MULTI says more.
 */
#include "smmuv2_internal.h"

#define GFSYNR0_WNR BIT(1)

static void put64(uint32_t *reg, uint64_t value)
{
	reg[0] = (uint32_t)value;
	reg[1] = (uint32_t)(value >> 32);
}

void v2_global_fault(struct v2_inst *in, uint32_t bit, uint32_t sid,
		     uint64_t iova, bool write)
{
	uint32_t *gr0 = in->gr0;

	if (!bit)
		return;
	in->stats.faults++;
	if (gr0[GR0_GFSR / 4]) {
		gr0[GR0_GFSR / 4] |= GFSR_MULTI;
		return;
	}
	gr0[GR0_GFSR / 4] = bit;
	put64(&gr0[GR0_GFAR / 4], iova);
	gr0[GR0_GFSYNR0 / 4] = write ? GFSYNR0_WNR : 0;
	gr0[GR0_GFSYNR1 / 4] = sid;
	gr0[GR0_GFSYNR2 / 4] = 0;
}

enum sim2_dma_result v2_context_fault(struct v2_inst *in,
				      const struct v2_context_fault *f)
{
	struct v2_bank *b = &in->bank[f->bank];
	uint32_t *reg = b->reg, *fsr = &reg[CB_FSR / 4];
	bool stall = reg[CB_SCTLR / 4] & SCTLR_CFCFG;

	in->stats.faults++;
	if (*fsr & FSR_FAULT) {
		*fsr |= FSR_MULTI;
		return stall ? SIM2_DMA_STALL : SIM2_DMA_ABORT;
	}
	*fsr = f->fsr | (stall ? FSR_SS : 0);
	put64(&reg[CB_FAR / 4], f->iova);
	put64(&reg[CB_IPAFAR / 4], f->ipa);
	reg[CB_FSYNR0 / 4] = (uint32_t)(f->level & 3) |
			     (f->write ? FSYNR0_WNR : 0) |
			     (f->ptw ? FSYNR0_PTWF : 0);
	reg[CB_FSYNR1 / 4] = 0;
	b->frsynra = f->sid;
	return stall ? SIM2_DMA_STALL : SIM2_DMA_ABORT;
}

/* SCTLR.HUPCF = 0: one outstanding fault holds all others up (16.5.3). */
bool v2_context_blocked(const struct v2_inst *in, uint32_t bank)
{
	return !(v2_cb(in, bank, CB_SCTLR) & SCTLR_HUPCF) &&
	       (v2_cb(in, bank, CB_FSR) & FSR_FAULT);
}
