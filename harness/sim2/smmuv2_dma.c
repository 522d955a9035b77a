/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* One transaction of a device, from its address to memory. */
#include "smmuv2_internal.h"

struct target {
	uint64_t pa, len; /* len bytes from pa are the same entry's */
};

static bool allowed(const struct v2_xlate *x, const struct vmsa_leaf *leaf,
		    bool write)
{
	if (x->unpriv)
		return leaf->perms & (write ? VMSA_UW : VMSA_UR);
	return leaf->perms & (write ? VMSA_PW : VMSA_PR);
}

static uint32_t fsr_bit(enum vmsa_fault fault)
{
	switch (fault) {
	case VMSA_ACCESS:
		return FSR_AFF;
	case VMSA_PERMISSION:
		return FSR_PF;
	case VMSA_EABT:
		return FSR_EF;
	case VMSA_ADDR_SIZE: /* no bit of its own before SMMUv3 */
	default:
		return FSR_TF;
	}
}

static enum sim2_dma_result fault(struct v2_inst *in, const struct v2_xlate *x,
				  const struct sim2_access *a,
				  const struct walk *w, enum vmsa_fault why)
{
	struct v2_context_fault f = {
		.bank = x->bank,
		.fsr = fsr_bit(why),
		.sid = a->id,
		.level = w->level,
		.iova = a->iova,
		.ipa = x->walk.tag.world == TLB_S2 ? a->iova : 0,
		.write = a->write,
		.ptw = why == VMSA_EABT,
	};

	return v2_context_fault(in, &f);
}

/* TBI drops the top byte; what is left is looked up below TTBR0. */
static uint64_t input_address(const struct v2_xlate *x, uint64_t iova)
{
	if (x->walk.regime.v8.tbi && !x->walk.regime.v8.stage2)
		return iova & (BIT64(56) - 1);
	return iova;
}

static enum sim2_dma_result walked(struct v2_inst *in, const struct v2_xlate *x,
				   const struct sim2_access *a,
				   struct target *t)
{
	uint64_t ia = input_address(x, a->iova), mask;
	struct walk w;

	if (v2_context_blocked(in, x->bank))
		return v2_cb(in, x->bank, CB_SCTLR) & SCTLR_CFCFG
			       ? SIM2_DMA_STALL
			       : SIM2_DMA_ABORT;
	walk_address(&in->walker, &x->walk, ia, &w);
	if (w.fault != VMSA_OK)
		return fault(in, x, a, &w, w.fault);
	w.level = w.leaf.level;
	if (!allowed(x, &w.leaf, a->write))
		return fault(in, x, a, &w, VMSA_PERMISSION);
	mask = BIT64(w.leaf.shift) - 1;
	t->pa = w.leaf.pa | (ia & mask);
	t->len = mask + 1 - (ia & mask);
	return SIM2_DMA_OK;
}

static enum sim2_dma_result translate(struct sim_smmuv2 *smmu,
				      const struct sim2_access *a,
				      struct target *t)
{
	struct v2_inst *in = &smmu->inst[sim_smmuv2_instance_of(smmu, a->iova)];
	struct v2_xlate x;

	v2_stream_lookup(in, a->id, &x);
	if (x.kind == V2_WALK)
		return walked(in, &x, a, t);
	if (x.kind == V2_ABORT) {
		v2_global_fault(in, x.fault, a->id, a->iova, a->write);
		return SIM2_DMA_ABORT;
	}
	if (a->iova >> smmu->config.oas)
		return SIM2_DMA_ABORT;
	t->pa = a->iova;
	t->len = BIT64(smmu->config.oas) - a->iova;
	return SIM2_DMA_OK;
}

unsigned int sim_smmuv2_instance_of(const struct sim_smmuv2 *smmu,
				    uint64_t iova)
{
	uint64_t x = iova >> smmu->config.interleave_shift;

	/* Neighbours alternate, and so do higher strides. */
	x ^= x >> 3 ^ x >> 9 ^ x >> 18;
	return (unsigned int)(x % smmu->config.instances);
}

enum sim2_dma_result sim_smmuv2_translate(struct sim_smmuv2 *smmu,
					  const struct sim2_access *a,
					  uint64_t *pa)
{
	struct target t;
	enum sim2_dma_result r = translate(smmu, a, &t);

	if (r == SIM2_DMA_OK)
		*pa = t.pa;
	return r;
}

static uint64_t min64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

enum sim2_dma_result sim_smmuv2_dma(struct sim_smmuv2 *smmu,
				    const struct sim2_access *a, uint64_t *done)
{
	uint64_t unit = BIT64(smmu->config.interleave_shift), moved = 0;
	enum sim2_dma_result r = SIM2_DMA_OK;

	while (moved < a->len) {
		struct sim2_access part = *a;
		char *buf = (char *)a->buf + moved;
		struct target t;
		uint64_t n;
		int bad;

		part.iova += moved;
		r = translate(smmu, &part, &t);
		if (r != SIM2_DMA_OK)
			break;
		n = min64(t.len, a->len - moved);
		n = min64(n, unit - part.iova % unit);
		bad = a->write ? sim_mem_dev_write(smmu->mem, t.pa, buf, n)
			       : sim_mem_dev_read(smmu->mem, t.pa, buf, n);
		if (bad) {
			r = SIM2_DMA_BUS;
			break;
		}
		moved += n;
	}
	if (done)
		*done = moved;
	return r;
}
