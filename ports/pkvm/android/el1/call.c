// SPDX-License-Identifier: GPL-2.0-only
/*
 * The library's calls over those of Android's core. The core fills its pools
 * itself, so E_NOMEM does not come back from here, and it tells of a mapping
 * only how much of it there is.
 */
#include <linux/arm-smccc.h>
#include <linux/idr.h>
#include <linux/sizes.h>

#include <asm/kvm_pkvm_module.h>
#include <kvm/iommu.h>

#include <hypiommu/pkvm_call.h>

#include "host.h"

static DEFINE_IDA(domain_ids);

static s64 status(int err)
{
	switch (err) {
	case 0:
		return HYPIOMMU_OK;
	case -EINVAL:
		return HYPIOMMU_E_INVAL;
	case -ENOENT:
		return HYPIOMMU_E_NOENT;
	case -EEXIST:
		return HYPIOMMU_E_EXIST;
	case -EPERM:
		return HYPIOMMU_E_PERM;
	case -EBUSY:
		return HYPIOMMU_E_BUSY;
	case -ENOSPC:
		return HYPIOMMU_E_NOSPC;
	case -EAGAIN:
		return HYPIOMMU_E_AGAIN;
	case -ETIMEDOUT:
		return HYPIOMMU_E_TIMEOUT;
	case -EOPNOTSUPP:
		return HYPIOMMU_E_UNSUPPORTED;
	default:
		return HYPIOMMU_E_BROKEN;
	}
}

static s64 module_call(u64 fn, const u64 *a, u64 *x)
{
	struct arm_smccc_1_2_regs regs = {
		.a0 = KVM_HOST_SMCCC_ID(hypiommu_module_hvc),
		.a1 = fn,
		.a2 = a[0],
		.a3 = a[1],
		.a4 = a[2],
		.a5 = a[3],
	};

	arm_smccc_1_2_hvc(&regs, &regs);
	x[0] = regs.a2;
	x[1] = regs.a3;
	x[2] = regs.a4;
	x[3] = regs.a5;
	return regs.a0 == SMCCC_RET_SUCCESS ? (s64)regs.a1 : HYPIOMMU_E_PHASE;
}

u64 hypiommu_module_size(u32 smmus, u32 domains, u32 streams, u32 clients)
{
	const u64 a[4] = { smmus, domains, streams, clients };
	u64 x[4];

	return module_call(HYPIOMMU_MODULE_SIZE, a, x) ? 0 : x[0];
}

/* -> x[1] = domain, x[2] = IOVA bits, x[4] = leaf sizes. EL2 knows the stage;
 * another is not to be had. */
static s64 domain_alloc(u64 *x)
{
	u64 smmu = x[1], stage = x[2], shape[4];
	const u64 a[4] = { smmu };
	s64 err = module_call(HYPIOMMU_MODULE_DOMAIN, a, shape);
	int id;

	if (err)
		return err;
	if (shape[0] != stage)
		return HYPIOMMU_E_UNSUPPORTED;
	/* The host's ids, but for the core's identity domain. */
	id = ida_alloc_range(&domain_ids, 1, KVM_IOMMU_MAX_DOMAINS / 2 - 1,
			     GFP_KERNEL);
	if (id < 0)
		return HYPIOMMU_E_NOSPC;
	err = status(kvm_iommu_alloc_domain(id, HYPIOMMU_MACHINE_TYPE(smmu)));
	if (err)
		ida_free(&domain_ids, id);
	x[1] = id;
	x[2] = shape[1];
	x[4] = shape[2];
	return err;
}

static s64 domain_free(u64 id)
{
	s64 err = status(kvm_iommu_free_domain(id));

	if (!err)
		ida_free(&domain_ids, id);
	return err;
}

static s64 map(u64 domain, u64 iova, u64 pa, u64 size, u64 prot, u64 *mapped)
{
	size_t done = 0;
	int err = kvm_iommu_map_pages(domain, iova, pa, SZ_4K, size / SZ_4K,
				      prot, GFP_ATOMIC, &done);

	*mapped = done;
	/* Less than all is progress: the front-end asks for the rest. */
	return done ? HYPIOMMU_OK : status(err ? err : -EPERM);
}

/* Nothing unmapped: nothing was there, or hardware did not confirm it, and the
 * pages stay counted. */
static s64 unmap(u64 domain, u64 iova, u64 size, u64 *unmapped)
{
	*unmapped = kvm_iommu_unmap_pages(domain, iova, SZ_4K, size / SZ_4K);
	return *unmapped ? HYPIOMMU_OK : HYPIOMMU_E_NOENT;
}

static s64 stats(u64 *x)
{
	const u64 a[4] = {};
	u64 module[4];
	s64 err = module_call(HYPIOMMU_MODULE_STATS, a, module);

	x[1] = module[0];
	x[2] = 0; /* faults on memory: the core's */
	x[3] = x[4] = module[3];
	return err;
}

static s64 serve(u64 *x)
{
	switch (x[0]) {
	case HYPIOMMU_HC_INFO:
		x[1] = HYPIOMMU_ABI_VERSION;
		x[2] = SZ_1G;
		x[3] = hypiommu_smmus();
		return HYPIOMMU_OK;
	case HYPIOMMU_HC_DOMAIN_ALLOC:
		return domain_alloc(x);
	case HYPIOMMU_HC_DOMAIN_FREE:
		return domain_free(x[1]);
	case HYPIOMMU_HC_ATTACH_DEV:
		return status(kvm_iommu_attach_dev(x[1], x[3], x[2], 0, 0, 0));
	case HYPIOMMU_HC_DETACH_DEV:
		return status(kvm_iommu_detach_dev(x[1], x[3], x[2], 0));
	case HYPIOMMU_HC_MAP_PAGES:
		return map(x[1], x[2], x[3], x[4], x[5], &x[1]);
	case HYPIOMMU_HC_UNMAP_PAGES:
		return unmap(x[1], x[2], x[3], &x[1]);
	case HYPIOMMU_HC_IOVA_TO_PHYS:
		x[1] = kvm_iommu_iova_to_phys(x[1], x[2]);
		return x[1] ? HYPIOMMU_OK : HYPIOMMU_E_NOENT;
	case HYPIOMMU_HC_IOTLB_SYNC: /* the core does it at each unmapping */
		return HYPIOMMU_OK;
	case HYPIOMMU_HC_FAULT_READ:
		return module_call(HYPIOMMU_MODULE_FAULT, &x[1], &x[1]);
	case HYPIOMMU_PKVM_STATS:
		return stats(x);
	case HYPIOMMU_PKVM_SUSPEND:
	case HYPIOMMU_PKVM_RESUME:
		return status(
			hypiommu_power(x[1], x[0] == HYPIOMMU_PKVM_RESUME));
	default:
		return HYPIOMMU_E_NOSYS;
	}
}

s64 hypiommu_call(u64 x[6])
{
	s64 err = serve(x);

	x[0] = err;
	return err;
}

/* Segment i of a list, as <hypiommu/pkvm.h> lays it out in registers. */
static void segment(const u64 *registers, bool narrow, u32 i, u64 *pa,
		    u64 *size)
{
	u64 value = narrow ? (u32)(registers[i / 2] >> 32 * (i % 2))
			   : registers[i];
	u64 pages =
		(value & (narrow ? HYPIOMMU_PKVM_NARROW_MAX - 1 : ~PAGE_MASK)) +
		1;

	*pa = narrow ? (value >> 4) << PAGE_SHIFT : value & PAGE_MASK;
	*size = pages << PAGE_SHIFT;
}

/* The segments one by one: the core's own list call wants memory that is shared
 * with EL2. Stops at the first that is not mapped whole. */
s64 hypiommu_call_list(u64 x[17])
{
	bool narrow = x[3] & HYPIOMMU_PKVM_NARROW;
	u32 count = (x[3] & ~HYPIOMMU_PKVM_NARROW) >> 32;
	u64 done = 0, mapped, pa, size;
	s64 err = HYPIOMMU_OK;

	for (u32 i = 0; i < count; i++) {
		segment(&x[4], narrow, i, &pa, &size);
		err = map(x[1], x[2] + done, pa, size, (u32)x[3], &mapped);
		done += mapped;
		if (mapped < size)
			break;
	}
	x[0] = done ? HYPIOMMU_OK : err;
	x[1] = done;
	return x[0];
}
