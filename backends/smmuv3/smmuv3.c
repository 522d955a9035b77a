// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The SMMUv3 backend as the core sees it. */
#include "smmuv3.h"

static const struct hypiommu_smmu_ops smmuv3_ops = {
	.name = "smmuv3",
	.prepare = smmuv3_prepare,
	.reset = smmuv3_reset,
	.abort_all = smmuv3_abort_all,
	.quiet = smmuv3_quiet,
	.domain_init = smmuv3_domain_init,
	.domain_ready = smmuv3_domain_ready,
	.domain_fini = smmuv3_domain_fini,
	.attach = smmuv3_attach,
	.detach = smmuv3_detach,
	.invalidate = smmuv3_invalidate,
	.fault_read = smmuv3_fault_read,
	.forget_faults = smmuv3_forget_faults,
};

static bool config_ok(const struct hypiommu_smmuv3_config *c)
{
	return c && !(c->base & 0xffff) && c->size >= 0x20000 &&
	       (!c->cmdq_log2 || (c->cmdq_log2 >= 3 && c->cmdq_log2 <= 12)) &&
	       (!c->evtq_log2 || (c->evtq_log2 >= 2 && c->evtq_log2 <= 11)) &&
	       c->timeout_us <= 10000000;
}

int hypiommu_smmuv3_add(struct hypiommu *h,
			const struct hypiommu_smmuv3_config *config,
			uint32_t *index)
{
	struct hypiommu_smmu *smmu;
	struct smmuv3 *s;
	int err;

	if (!h || !index || !config_ok(config))
		return HYPIOMMU_E_INVAL;
	err = smmu_add(h, &smmuv3_ops, config->window, &smmu);
	if (!err)
		err = hypiommu_add_frame(h, config->base, config->size);
	if (err)
		return err;
	s = smmuv3_of(smmu);
	s->cmdq.log2 = config->cmdq_log2 ? config->cmdq_log2 : 8;
	s->evtq.log2 = config->evtq_log2 ? config->evtq_log2 : 7;
	s->timeout_us = config->timeout_us ? config->timeout_us : 1000000;
	err = smmuv3_identify(smmu);
	/* Even an SMMU that cannot be used is stopped if it can be. */
	if (err == HYPIOMMU_E_UNSUPPORTED)
		(void)smmuv3_block(smmu);
	if (!err)
		err = smmuv3_block(smmu);
	if (err)
		return err;
	*index = smmu->index;
	h->smmu_count++;
	return HYPIOMMU_OK;
}
