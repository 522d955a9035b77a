/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* One transaction of a device, from its address to memory. */
#include <string.h>

#include "smmuv3_internal.h"

struct access {
	uint32_t sid;
	uint64_t iova;
	bool write;
};

struct target {
	uint64_t pa, len; /* len bytes from pa are the same entry's */
};

static bool allowed(const struct xlate *x, const struct vmsa_leaf *leaf,
		    bool write)
{
	if (x->unpriv)
		return leaf->perms & (write ? VMSA_UW : VMSA_UR);
	return leaf->perms & (write ? VMSA_PW : VMSA_PR);
}

static uint8_t fault_event(enum vmsa_fault fault)
{
	switch (fault) {
	case VMSA_ADDR_SIZE:
		return F_ADDR_SIZE;
	case VMSA_ACCESS:
		return F_ACCESS;
	case VMSA_PERMISSION:
		return F_PERMISSION;
	case VMSA_EABT:
		return F_WALK_EABT;
	default:
		return F_TRANSLATION;
	}
}

static enum sim_dma_result abort_access(struct sim_smmuv3 *smmu,
					const struct access *a,
					const struct xlate *x, uint8_t id,
					uint64_t addr, bool s2)
{
	struct event ev = {
		.id = id,
		.sid = a->sid,
		.read = !a->write,
		.unpriv = x->unpriv,
		.s2 = s2,
		.input = a->iova,
		.addr = addr,
	};

	event_record(smmu, &ev);
	return SIM_DMA_ABORT;
}

static enum sim_dma_result bad_config(struct sim_smmuv3 *smmu,
				      const struct access *a,
				      const struct xlate *x)
{
	if (x->event == 0 || (x->event == C_BAD_STREAMID &&
			      !(reg_get(smmu, CR2) & CR2_RECINVSID)))
		return SIM_DMA_ABORT;
	return abort_access(smmu, a, x, x->event, x->fetch, false);
}

static enum sim_dma_result fault(struct sim_smmuv3 *smmu,
				 const struct access *a, const struct xlate *x,
				 enum vmsa_fault why, uint64_t addr, bool s2)
{
	/* CD.R and STE.S2R do not silence an external abort (7.3.12). */
	if (!x->record && why != VMSA_EABT)
		return SIM_DMA_ABORT;
	return abort_access(smmu, a, x, fault_event(why), addr, s2);
}

/* TBI drops the top byte; bit 55 then tells which half it is (DDI 0487). */
static uint64_t input_address(const struct xlate *x, uint64_t iova)
{
	if (!x->walk.regime.v8.tbi || x->walk.regime.v8.stage2)
		return iova;
	return iova & BIT64(55) ? iova | bits(63, 56) : iova & bits(55, 0);
}

static enum sim_dma_result walked(struct sim_smmuv3 *smmu,
				  const struct access *a, const struct xlate *x,
				  struct target *t)
{
	bool s2 = x->walk.regime.v8.stage2;
	uint64_t ia = input_address(x, a->iova), mask;
	struct walk w;

	/* Stage 1 not in use: its address size check is against IAS (3.4). */
	if (s2 && ia >> smmu_oas(smmu))
		return fault(smmu, a, x, VMSA_ADDR_SIZE, 0, false);
	walk_address(&smmu->walker, &x->walk, ia, &w);
	if (w.fault == VMSA_EABT)
		return fault(smmu, a, x, w.fault, w.addr, s2);
	if (w.fault != VMSA_OK)
		return fault(smmu, a, x, w.fault, ia, s2);
	if (!allowed(x, &w.leaf, a->write))
		return fault(smmu, a, x, VMSA_PERMISSION, ia, s2);
	mask = BIT64(w.leaf.shift) - 1;
	t->pa = w.leaf.pa | (ia & mask);
	t->len = mask + 1 - (ia & mask);
	return SIM_DMA_OK;
}

static enum sim_dma_result untranslated(const struct sim_smmuv3 *smmu,
					const struct access *a,
					struct target *t)
{
	if (a->iova >> smmu_oas(smmu))
		return SIM_DMA_ABORT;
	t->pa = a->iova;
	t->len = BIT64(smmu_oas(smmu)) - a->iova;
	return SIM_DMA_OK;
}

static enum sim_dma_result translate(struct sim_smmuv3 *smmu,
				     const struct access *a, struct target *t)
{
	struct xlate x;

	if (!(smmu->cr0ack & CR0_SMMUEN))
		return gbpa_may_bypass(smmu) ? untranslated(smmu, a, t)
					     : SIM_DMA_ABORT;
	cfg_candidate(smmu, a->sid);
	stream_lookup(smmu, a->sid, &x);
	switch (x.kind) {
	case XLATE_BYPASS:
		return untranslated(smmu, a, t);
	case XLATE_WALK:
		return walked(smmu, a, &x, t);
	default:
		return bad_config(smmu, a, &x);
	}
}

enum sim_dma_result sim_smmuv3_translate(struct sim_smmuv3 *smmu, uint32_t sid,
					 uint64_t iova, bool write,
					 uint64_t *pa)
{
	struct access a = { sid, iova, write };
	struct target t;
	enum sim_dma_result r = translate(smmu, &a, &t);

	if (r == SIM_DMA_OK)
		*pa = t.pa;
	return r;
}

static int move(struct sim_smmuv3 *smmu, const struct access *a, uint64_t pa,
		char *buf, uint64_t len)
{
	return a->write ? sim_mem_dev_write(smmu->mem, pa, buf, len)
			: sim_mem_dev_read(smmu->mem, pa, buf, len);
}

enum sim_dma_result sim_smmuv3_dma(struct sim_smmuv3 *smmu, uint32_t sid,
				   uint64_t iova, bool write, void *buf,
				   uint64_t len, uint64_t *done)
{
	enum sim_dma_result r = SIM_DMA_OK;
	uint64_t moved = 0;

	while (moved < len && r == SIM_DMA_OK) {
		struct access a = { sid, iova + moved, write };
		struct target t;

		r = translate(smmu, &a, &t);
		if (r != SIM_DMA_OK)
			break;
		if (t.len > len - moved)
			t.len = len - moved;
		if (move(smmu, &a, t.pa, (char *)buf + moved, t.len))
			r = SIM_DMA_BUS;
		else
			moved += t.len;
	}
	if (done)
		*done = moved;
	return r;
}
