// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The SMMUv2 backend as the core sees it. */
#include "smmuv2.h"

static int prepare(struct hypiommu_smmu *smmu)
{
	/* Everything lives in registers; deny memory clients before the first
	 * SMMU is switched on. */
	return tegra234_mc_finalise(smmu->h);
}

static const struct hypiommu_smmu_ops smmuv2_ops = {
	.name = "smmuv2",
	.add_stream = smmuv2_add_stream,
	.prepare = prepare,
	.reset = smmuv2_reset,
	.abort_all = smmuv2_abort_all,
	.quiet = smmuv2_quiet,
	.domain_init = smmuv2_domain_init,
	.domain_ready = smmuv2_domain_ready,
	.domain_fini = smmuv2_domain_fini,
	.attach = smmuv2_attach,
	.detach = smmuv2_detach,
	.invalidate = smmuv2_invalidate,
	.fault_read = smmuv2_fault_read,
	.forget_faults = smmuv2_forget_faults,
};

static bool config_ok(const struct hypiommu_smmuv2_config *c)
{
	if (!c || c->frames < 1 || c->frames > HYPIOMMU_SMMUV2_FRAMES ||
	    c->stream_mask & ~0x7fffu || c->timeout_us > 10000000 ||
	    c->size & 0xfff || c->size < 0x2000 || c->size > 1ull << 31)
		return false;
	for (uint32_t i = 0; i < c->frames; i++) {
		if (c->base[i] & 0xffff)
			return false;
	}
	return true;
}

static int declare_frames(struct hypiommu *h,
			  const struct hypiommu_smmuv2_config *c)
{
	int err = HYPIOMMU_OK;

	for (uint32_t i = 0; !err && i < c->frames; i++)
		err = hypiommu_add_frame(h, c->base[i], c->size);
	return err;
}

int hypiommu_smmuv2_add(struct hypiommu *h,
			const struct hypiommu_smmuv2_config *config,
			uint32_t *index)
{
	struct hypiommu_smmu *smmu;
	struct smmuv2 *s;
	int err;

	if (!h || !index || !config_ok(config))
		return HYPIOMMU_E_INVAL;
	err = smmu_add(h, &smmuv2_ops, config->window[0], &smmu);
	if (!err)
		err = declare_frames(h, config);
	if (err)
		return err;
	s = smmuv2_of(smmu);
	s->frames = config->frames;
	for (uint32_t i = 0; i < config->frames; i++)
		s->window[i] = config->window[i];
	s->stream_mask = config->stream_mask;
	s->mmu500 = config->mmu500;
	s->pages_only = smmu->whole_on_tables = config->tegra234;
	s->timeout_us = config->timeout_us ? config->timeout_us : 1000000;
	err = smmuv2_identify(smmu, config);
	if (!err)
		err = smmuv2_block(smmu);
	if (err)
		return err;
	ids_init(&s->banks, s->bank_bits, s->bank_count);
	ids_init(&s->matches, s->match_bits, s->match_count);
	*index = smmu->index;
	h->smmu_count++;
	return HYPIOMMU_OK;
}
