// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the core of pKVM's IOMMU support calls, for the host: each is one call
 * of the library. Not offered, so that the core refuses it: identity domains
 * (host_stage2_idmap), devices of VMs (dev_block_dma), PASIDs.
 *
 * The core's domain carries the library's number + 1 in priv; 0: none.
 */
#include "module.h"

/* Something a call could not finish, for want of an answer of hardware. */
static bool unfinished;
static u64 domains_lost;

/* After a take-over that failed the core goes on calling. */
static int call(struct hypiommu_regs *r)
{
	if (!hypiommu_instance) {
		*r = (struct hypiommu_regs){ .x = { (u64)HYPIOMMU_E_PHASE } };
		return HYPIOMMU_E_PHASE;
	}
	hypiommu_hcall(hypiommu_instance, HYPIOMMU_HOST, r);
	if (r->x[0] == (u64)HYPIOMMU_E_TIMEOUT ||
	    r->x[0] == (u64)HYPIOMMU_E_HW || r->x[0] == (u64)HYPIOMMU_E_BROKEN)
		__atomic_store_n(&unfinished, true, __ATOMIC_RELAXED);
	return (int)r->x[0];
}

u64 hypiommu_domains_lost(void)
{
	return __atomic_load_n(&domains_lost, __ATOMIC_RELAXED);
}

/* The library's number; for a domain it does not have, one nobody has. */
static u64 number(const struct kvm_hyp_iommu_domain *domain)
{
	return (u64)(unsigned long)domain->priv - 1;
}

static u64 smmu_number(const struct kvm_hyp_iommu *iommu)
{
	return (u64)(iommu - hypiommu_iommus);
}

/* ----------------------------------------------------------------- domains */

/*
 * The core forgets a domain when it is freed, whatever the host left mapped in
 * it: what is more than a few calls of the library, of 512 descriptors each,
 * waits here for the next domain that comes or goes. What hardware does not let
 * go stays pinned, and is lost. All of it under the core's domain lock.
 */
#define FREE_ROUNDS 16u

static u64 dying[HYPIOMMU_MACHINE_DOMAINS]; /* the library's numbers */
static u32 dying_count;

/* false: it takes more rounds than are left */
static bool free_some(u64 which, u32 *rounds)
{
	int err = HYPIOMMU_E_AGAIN;

	for (; err == HYPIOMMU_E_AGAIN && *rounds; --*rounds) {
		struct hypiommu_regs r = { .x = { HYPIOMMU_HC_DOMAIN_FREE,
						  which } };

		err = call(&r);
	}
	if (err && err != HYPIOMMU_E_AGAIN)
		hypiommu_count(&domains_lost, 1);
	return err != HYPIOMMU_E_AGAIN;
}

static void free_dying(u32 *rounds)
{
	while (dying_count && free_some(dying[dying_count - 1], rounds))
		dying_count--;
}

static void free_domain(struct kvm_hyp_iommu_domain *domain)
{
	u32 rounds = FREE_ROUNDS;

	free_dying(&rounds);
	/* The library has no more domains than there is room for here. */
	if (!free_some(number(domain), &rounds))
		dying[dying_count++] = number(domain);
	domain->priv = NULL;
}

static int alloc_domain(struct kvm_hyp_iommu_domain *domain, int type)
{
	struct hypiommu_regs r = { .x = { HYPIOMMU_HC_DOMAIN_ALLOC } };
	u32 smmu = (u32)(type - HYPIOMMU_MACHINE_TYPE(0));
	u32 rounds = FREE_ROUNDS;
	int err;

	free_dying(&rounds);
	domain->priv = NULL;
	/* A VM's: its devices are not supported. */
	if (domain->domain_id >= KVM_IOMMU_MAX_DOMAINS / 2)
		return -EOPNOTSUPP;
	/* The core's own types, the identity domain among them. */
	if (type < HYPIOMMU_MACHINE_TYPE(0) ||
	    smmu >= hypiommu_machine.smmu_count)
		return -EOPNOTSUPP;
	r.x[1] = smmu;
	r.x[2] = hypiommu_shapes[smmu].stage;
	err = call(&r);
	if (!err)
		domain->priv = (void *)(unsigned long)(r.x[1] + 1);
	return hypiommu_errno(err);
}

/* ----------------------------------------------------------------- streams */

static struct kvm_hyp_iommu *get_iommu_by_id(pkvm_handle_t id)
{
	return id < hypiommu_machine.smmu_count ? &hypiommu_iommus[id] : NULL;
}

static int stream_call(u64 fn, const struct kvm_hyp_iommu *iommu,
		       const struct kvm_hyp_iommu_domain *domain, u32 sid)
{
	struct hypiommu_regs r = { .x = { fn, smmu_number(iommu), sid,
					  number(domain) } };

	return hypiommu_errno(call(&r));
}

static int attach_dev(struct kvm_hyp_iommu *iommu,
		      struct kvm_hyp_iommu_domain *domain, u32 sid, u32 pasid,
		      u32 pasid_bits, unsigned long flags)
{
	if (pasid || pasid_bits || flags)
		return -EOPNOTSUPP;
	return stream_call(HYPIOMMU_HC_ATTACH_DEV, iommu, domain, sid);
}

static int detach_dev(struct kvm_hyp_iommu *iommu,
		      struct kvm_hyp_iommu_domain *domain, u32 sid, u32 pasid)
{
	if (pasid)
		return -EOPNOTSUPP;
	return stream_call(HYPIOMMU_HC_DETACH_DEV, iommu, domain, sid);
}

/* ---------------------------------------------------------------- mappings */

/* One call of the library: at most 512 descriptors; the host asks again for
 * the rest. The core has seen to it that size does not overflow, and has not
 * looked at pgsize, by which it counts. */
static int map_pages(struct kvm_hyp_iommu_domain *domain, unsigned long iova,
		     phys_addr_t pa, size_t pgsize, size_t pgcount, int prot,
		     size_t *total_mapped)
{
	u64 size = (u64)pgsize * pgcount;
	struct hypiommu_regs r = { .x = { HYPIOMMU_HC_MAP_PAGES, number(domain),
					  iova, pa, size, (u32)prot } };
	int err;

	*total_mapped = 0;
	if (!pgsize || pgsize & (HYPIOMMU_PAGE_SIZE - 1))
		return -EINVAL;
	hypiommu_map_begin(pa, pgsize, pgcount);
	err = call(&r);
	*total_mapped = (size_t)hypiommu_map_end(r.x[1]);
	return hypiommu_errno(err);
}

/* When it returns, no device can reach those pages: iotlb_sync has nothing to
 * do. Of pages that stay pinned, because hardware does not answer, it says
 * nothing. */
static size_t unmap_pages(struct kvm_hyp_iommu_domain *domain,
			  unsigned long iova, size_t pgsize, size_t pgcount,
			  struct iommu_iotlb_gather *gather)
{
	struct hypiommu_regs r = { .x = { HYPIOMMU_HC_UNMAP_PAGES,
					  number(domain), iova,
					  (u64)pgsize * pgcount } };

	(void)gather;
	return call(&r) ? 0 : (size_t)r.x[1];
}

static phys_addr_t iova_to_phys(struct kvm_hyp_iommu_domain *domain,
				unsigned long iova)
{
	struct hypiommu_regs r = { .x = { HYPIOMMU_HC_IOVA_TO_PHYS,
					  number(domain), iova } };

	return call(&r) ? 0 : r.x[1];
}

/* Only what an error left behind. */
static void iotlb_sync(struct kvm_hyp_iommu_domain *domain,
		       struct iommu_iotlb_gather *gather)
{
	struct hypiommu_regs r = { .x = { HYPIOMMU_HC_IOTLB_SYNC,
					  number(domain) } };

	(void)gather;
	if (__atomic_load_n(&unfinished, __ATOMIC_RELAXED))
		call(&r);
}

/* ------------------------------------------------------------------- power */

static int suspend(struct kvm_hyp_iommu *iommu)
{
	if (!hypiommu_instance)
		return -EIO;
	return hypiommu_errno(hypiommu_smmu_suspend(hypiommu_instance,
						    (u32)smmu_number(iommu)));
}

/* Of one SMMU; what the whole machine forgets when it sleeps: sleep.c. */
static int resume(struct kvm_hyp_iommu *iommu)
{
	if (!hypiommu_instance)
		return -EIO;
	return hypiommu_errno(hypiommu_smmu_reset(hypiommu_instance,
						  (u32)smmu_number(iommu)));
}

struct kvm_iommu_ops hypiommu_ops = {
	.init = hypiommu_take_over,
	.alloc_domain = alloc_domain,
	.free_domain = free_domain,
	.get_iommu_by_id = get_iommu_by_id,
	.attach_dev = attach_dev,
	.detach_dev = detach_dev,
	.map_pages = map_pages,
	.unmap_pages = unmap_pages,
	.iova_to_phys = iova_to_phys,
	.iotlb_sync = iotlb_sync,
	.dabt_handler = hypiommu_window_abort,
	.suspend = suspend,
	.resume = resume,
};
