// SPDX-License-Identifier: GPL-2.0-only
/* The module's own hypercall: what the core has no call for. Registered by the
 * EL1 half; the core sets x0. */
#include "module.h"

static int size_call(const u64 *a, u64 *x)
{
	const struct hypiommu_limits limits = {
		.smmus = (u32)a[0],
		.domains = (u32)a[1],
		.streams = (u32)a[2],
		.clients = (u32)a[3],
		.regions = 1, /* none: ownership is the core's */
		.frames = HYPIOMMU_MACHINE_FRAMES,
	};

	for (int i = 0; i < 4; i++) {
		if (a[i] > ~0u)
			return HYPIOMMU_E_INVAL;
	}
	x[0] = hypiommu_size(&limits);
	return x[0] ? HYPIOMMU_OK : HYPIOMMU_E_INVAL;
}

static int domain_call(u64 smmu, u64 *x)
{
	if (smmu >= hypiommu_machine.smmu_count)
		return HYPIOMMU_E_NOENT;
	x[0] = hypiommu_shapes[smmu].stage;
	x[1] = hypiommu_shapes[smmu].iova_bits;
	x[2] = hypiommu_shapes[smmu].leaf_sizes;
	return HYPIOMMU_OK;
}

static int fault_call(u64 smmu, u64 *x)
{
	struct hypiommu_regs r = { .x = { HYPIOMMU_HC_FAULT_READ, smmu } };

	hypiommu_hcall(hypiommu_instance, HYPIOMMU_HOST, &r);
	for (int i = 0; i < 4; i++)
		x[i] = r.x[1 + i];
	return (int)r.x[0];
}

static int serve(u64 fn, const u64 *a, u64 *x)
{
	if (fn == HYPIOMMU_MODULE_SIZE)
		return size_call(a, x);
	if (!hypiommu_instance)
		return HYPIOMMU_E_PHASE;
	switch (fn) {
	case HYPIOMMU_MODULE_DOMAIN:
		return domain_call(a[0], x);
	case HYPIOMMU_MODULE_FAULT:
		return fault_call(a[0], x);
	case HYPIOMMU_MODULE_STATS:
		x[0] = hypiommu_register_faults;
		x[1] = hypiommu_domains_lost();
		x[2] = hypiommu_pages_lost;
		x[3] = hypiommu_tables_used;
		return HYPIOMMU_OK;
	default:
		return HYPIOMMU_E_NOSYS;
	}
}

void hypiommu_module_call(struct user_pt_regs *regs)
{
	u64 *r = (u64 *)regs->regs, x[4] = { 0 };
	int err = serve(r[1], &r[2], x);

	r[1] = (u64)(s64)err;
	for (int i = 0; i < 4; i++)
		r[2 + i] = x[i];
}
