// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The only code that sees untrusted registers: every argument is passed on in
 * full width and bounded where it is used; every result register is written.
 */
#include "core.h"

static void want_results(uint64_t *x, const struct pool_request *want)
{
	x[2] = want->order;
	x[3] = want->count;
	x[4] = want->limit;
}

static int do_info(struct hypiommu *h, uint64_t *x)
{
	x[1] = HYPIOMMU_ABI_VERSION;
	x[2] = CALL_MAX_BYTES;
	x[3] = h->smmu_count;
	return HYPIOMMU_OK;
}

static int do_domain_alloc(struct hypiommu *h, uint32_t caller,
			   const uint64_t *a, uint64_t *x)
{
	struct pool_request want = { 0 };
	struct hypiommu_domain *d = NULL;
	int err = domain_alloc(h, caller, a[1], a[2], &d, &want);

	if (err == HYPIOMMU_E_NOMEM)
		want_results(x, &want);
	if (err)
		return err;
	x[1] = d->index;
	x[2] = d->pt.config.ias;
	x[3] = d->pt.config.oas;
	x[4] = d->pt.leaf_sizes;
	return HYPIOMMU_OK;
}

static int do_map(struct hypiommu *h, uint32_t caller, const uint64_t *a,
		  uint64_t *x)
{
	struct pgtable_mapped m;
	int err = domain_map(h, caller, a[1], a[2], a[3], a[4], a[5], &m);

	x[1] = m.size;
	if (err == HYPIOMMU_E_NOMEM)
		want_results(x, &m.want);
	return err;
}

static int do_unmap(struct hypiommu *h, uint32_t caller, const uint64_t *a,
		    uint64_t *x)
{
	struct pool_request want = { 0 };
	int err = domain_unmap(h, caller, a[1], a[2], a[3], &x[1], &want);

	if (err == HYPIOMMU_E_NOMEM)
		want_results(x, &want);
	return err;
}

static int do_giveback(struct hypiommu *h, const uint64_t *a, uint64_t *x)
{
	uint64_t pa = a[1];
	int err = pool_giveback(&h->pool, &pa);

	if (!err)
		x[1] = pa;
	return err;
}

/* Is this record the caller's to read? Streams nobody declared: the host's.
 * What an earlier owner's device did: nobody's. */
static bool may_see(struct hypiommu *h, uint32_t caller, uint32_t smmu,
		    const struct fault_record *rec)
{
	const struct hypiommu_stream *s = stream_find(h, smmu, rec->sid);

	if (!s)
		return caller == HYPIOMMU_HOST;
	return caller == s->owner && rec->number >= s->faults_from;
}

/* Out of line: its frame is not to lie under the deep calls of dispatch(). */
static __attribute__((noinline)) int do_fault_read(struct hypiommu *h,
						   uint32_t caller,
						   const uint64_t *a,
						   uint64_t *x)
{
	struct hypiommu_smmu *smmu = smmu_get(h, a[1]);
	struct fault_record rec = { 0 };
	int err = HYPIOMMU_E_AGAIN;
	bool more = false;

	if (!smmu)
		return HYPIOMMU_E_NOENT;
	hypiommu_env_lock(&h->attach_lock);
	for (uint32_t i = 0; i < HYPIOMMU_FAULT_SCAN; i++) {
		hypiommu_env_lock(&smmu->lock);
		err = smmu_usable(smmu);
		if (!err)
			err = smmu_result(
				smmu, smmu->ops->fault_read(smmu, &rec, &more));
		hypiommu_env_unlock(&smmu->lock);
		if (err || may_see(h, caller, smmu->index, &rec))
			break;
		smmu->fault_lost |= rec.flags & HYPIOMMU_FAULT_LOST;
		err = HYPIOMMU_E_AGAIN;
	}
	if (!err && smmu->fault_lost) {
		rec.flags |= HYPIOMMU_FAULT_LOST;
		smmu->fault_lost = false;
	}
	hypiommu_env_unlock(&h->attach_lock);
	if (err)
		return err;
	x[1] = rec.sid | (uint64_t)rec.reason << 32 | (uint64_t)rec.flags << 48;
	x[2] = rec.iova;
	x[3] = rec.code;
	x[4] = more;
	return HYPIOMMU_OK;
}

static int dispatch(struct hypiommu *h, uint32_t caller, const uint64_t *a,
		    uint64_t *x)
{
	/* Table memory is the host's to give and take, no guest's. */
	bool host = caller == HYPIOMMU_HOST;

	switch (a[0]) {
	case HYPIOMMU_HC_INFO:
		return do_info(h, x);
	case HYPIOMMU_HC_DOMAIN_ALLOC:
		return do_domain_alloc(h, caller, a, x);
	case HYPIOMMU_HC_DOMAIN_FREE:
		return domain_free(h, caller, a[1]);
	case HYPIOMMU_HC_ATTACH_DEV:
		return domain_attach(h, caller, a[1], a[2], a[3]);
	case HYPIOMMU_HC_DETACH_DEV:
		return domain_detach(h, caller, a[1], a[2], a[3]);
	case HYPIOMMU_HC_MAP_PAGES:
		return do_map(h, caller, a, x);
	case HYPIOMMU_HC_UNMAP_PAGES:
		return do_unmap(h, caller, a, x);
	case HYPIOMMU_HC_IOVA_TO_PHYS:
		return domain_lookup(h, caller, a[1], a[2], &x[1]);
	case HYPIOMMU_HC_IOTLB_SYNC:
		return domain_sync(h, caller, a[1]);
	case HYPIOMMU_HC_MEM_TOPUP:
		return host ? pool_topup(&h->pool, a[1], a[2], &x[1])
			    : HYPIOMMU_E_PERM;
	case HYPIOMMU_HC_MEM_GIVEBACK:
		return host ? do_giveback(h, a, x) : HYPIOMMU_E_PERM;
	case HYPIOMMU_HC_FAULT_READ:
		return do_fault_read(h, caller, a, x);
	default:
		return HYPIOMMU_E_NOSYS;
	}
}

void hypiommu_hcall(struct hypiommu *h, uint32_t caller,
		    struct hypiommu_regs *regs)
{
	uint64_t a[6], x[5] = { 0 };
	int err;

	/* Unrolled: a loop would cost more than what it copies. */
#pragma GCC unroll 6
	for (unsigned int i = 0; i < 6; i++)
		a[i] = regs->x[i];
	err = caller_check(h, caller);
	if (!err)
		err = dispatch(h, caller, a, x);
	regs->x[0] = (uint64_t)(int64_t)err;
#pragma GCC unroll 8
	for (unsigned int i = 1; i < 8; i++)
		regs->x[i] = i < 5 ? x[i] : 0;
}
