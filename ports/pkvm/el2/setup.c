// SPDX-License-Identifier: GPL-2.0-only
/*
 * The trusted phase: the host, not yet deprivileged, gives memory and describes
 * SMMUs, streams and doorbells. EL2 believes it, once.
 */
#include <asm/kvm_mmu.h>
#include <nvhe/mem_protect.h>
#include <nvhe/memory.h>
#include <nvhe/trap_handler.h>

#include <hypiommu/pkvm.h>
#include <hypiommu/smmuv3.h>

#include "hypiommu_el2.h"

static struct hypiommu *building, *ready;
static struct hypiommu_limits limits;

struct hypiommu *hypiommu_instance(void)
{
	return ready;
}

int hypiommu_from_errno(int err)
{
	switch (err) {
	case 0:
		return HYPIOMMU_OK;
	case -EINVAL:
		return HYPIOMMU_E_INVAL;
	case -ENOMEM:
		return HYPIOMMU_E_NOMEM;
	case -ENOSPC:
		return HYPIOMMU_E_NOSPC;
	case -EEXIST:
		return HYPIOMMU_E_EXIST;
	case -EBUSY:
		return HYPIOMMU_E_BUSY;
	default:
		return HYPIOMMU_E_PERM;
	}
}

static int setup_size(u64 smmus, u64 domains, u64 streams, u64 clients,
		      u64 *bytes)
{
	if (building)
		return HYPIOMMU_E_PHASE;
	limits = (struct hypiommu_limits){
		.smmus = min(smmus, (u64)U32_MAX),
		.domains = min(domains, (u64)U32_MAX),
		.streams = min(streams, (u64)U32_MAX),
		.regions = 1, /* none: ownership is pKVM's */
		.frames = HYPIOMMU_WINDOWS,
		.clients = min(clients, (u64)U32_MAX),
	};
	*bytes = hypiommu_size(&limits);
	return *bytes ? HYPIOMMU_OK : HYPIOMMU_E_INVAL;
}

static int donate(u64 pfn, u64 pages)
{
	return hypiommu_from_errno(__pkvm_host_donate_hyp(pfn, pages));
}

static int setup_create(u64 pfn, u64 pages, u64 pool_pfn, u64 pool_pages)
{
	struct hypiommu_config config = {
		.limits = limits,
		.phys_to_virt = (u64)hyp_phys_to_virt(0),
		.mmio = &hypiommu_el2_mmio,
		.owner = &hypiommu_el2_owner,
		.tables = &hypiommu_el2_tables,
	};
	int err = building ? HYPIOMMU_E_PHASE : donate(pfn, pages);

	if (!err)
		err = donate(pool_pfn, pool_pages);
	if (!err)
		err = hypiommu_from_errno(hypiommu_owner_init());
	if (!err)
		err = hypiommu_from_errno(
			hypiommu_tables_init(pool_pfn, pool_pages));
	if (err)
		return err;
	return hypiommu_create(hyp_phys_to_virt(hyp_pfn_to_phys(pfn)),
			       pages << PAGE_SHIFT, &config, &building);
}

static int setup_smmuv3(u64 base, u64 size, u64 *number)
{
	struct hypiommu_smmuv3_config config = { .base = base, .size = size };
	u32 smmu = 0;
	int err = hypiommu_from_errno(
		hypiommu_window_take(base, size, &config.window));

	if (!err)
		err = hypiommu_smmuv3_add(building, &config, &smmu);
	*number = smmu;
	return err;
}

static int setup_finalise(void)
{
	int err = hypiommu_tegra_complete() ? hypiommu_finalise(building)
					    : HYPIOMMU_E_UNSUPPORTED;

	if (!err)
		ready = building;
	return err;
}

static int setup(u64 op, u64 a, u64 b, u64 c, u64 d, u64 *result)
{
	if (op == HYPIOMMU_SETUP_SIZE)
		return setup_size(a, b, c, d, result);
	if (op == HYPIOMMU_SETUP_CREATE)
		return setup_create(a, b, c, d);
	if (!building || ready)
		return HYPIOMMU_E_PHASE;
	switch (op) {
	case HYPIOMMU_SETUP_SMMUV3:
		return setup_smmuv3(a, b, result);
	case HYPIOMMU_SETUP_STREAM:
		if (a > U32_MAX || b > U32_MAX)
			return HYPIOMMU_E_INVAL;
		return hypiommu_add_stream(building, a, b, HYPIOMMU_HOST);
	case HYPIOMMU_SETUP_DOORBELL:
		return hypiommu_from_errno(hypiommu_doorbell_add(a, b));
	case HYPIOMMU_SETUP_FINALISE:
		return setup_finalise();
	default:
		return hypiommu_tegra_setup(building, op, a, b, c, result);
	}
}

void handle___hypiommu_setup(struct kvm_cpu_context *host_ctxt)
{
	DECLARE_REG(u64, op, host_ctxt, 1);
	DECLARE_REG(u64, a, host_ctxt, 2);
	DECLARE_REG(u64, b, host_ctxt, 3);
	DECLARE_REG(u64, c, host_ctxt, 4);
	DECLARE_REG(u64, d, host_ctxt, 5);
	u64 result = 0;
	int err = setup(op, a, b, c, d, &result);

	cpu_reg(host_ctxt, 1) = (u64)(s64)err;
	cpu_reg(host_ctxt, 2) = result;
}
