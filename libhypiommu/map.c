// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Map and unmap: pin -> write -> publish, and clear -> invalidate -> complete
 * -> unpin (domain.c), all under the domain lock.
 */
#include "core.h"

static uint64_t min64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/*
 * How much of the request one call handles: at most CALL_MAX_LEAVES of the
 * leaves the format will choose, at most CALL_MAX_BYTES.
 */
static uint64_t call_share(const struct pgtable *pt, uint64_t iova, uint64_t pa,
			   uint64_t size)
{
	uint64_t done = 0, leaves = CALL_MAX_LEAVES;

	size = min64(size, CALL_MAX_BYTES);
	while (done < size && leaves) {
		uint64_t left = size - done, fit = 0, reach = left, n;

		for (uint64_t s = pt->leaf_sizes; s; s &= s - 1) {
			uint64_t leaf = s & -s;

			if (leaf <= left &&
			    !(((iova + done) | (pa + done)) & (leaf - 1))) {
				fit = leaf;
			} else if (!((iova ^ pa) & (leaf - 1))) {
				/* Larger leaves fit from this boundary on. */
				reach = min64(reach, leaf - ((iova + done) &
							     (leaf - 1)));
				break;
			}
		}
		n = min64(reach / fit, leaves);
		done += n * fit;
		leaves -= n;
	}
	return done;
}

static int map_args(const struct hypiommu_domain *d, uint64_t iova, uint64_t pa,
		    uint64_t size, uint64_t prot)
{
	int err;

	if (prot & ~(uint64_t)HYPIOMMU_PROT_ALL ||
	    !(prot & (HYPIOMMU_PROT_READ | HYPIOMMU_PROT_WRITE)))
		return HYPIOMMU_E_INVAL;
	err = pgtable_range(iova, size, d->pt.config.granule_shift,
			    d->pt.config.ias);
	return err ? err
		   : pgtable_range(pa, size, d->pt.config.granule_shift,
				   d->pt.config.oas);
}

/* May this domain's mappings change now? */
static int domain_ready(struct hypiommu *h, const struct hypiommu_domain *d)
{
	int err = smmu_usable(&h->smmus[d->smmu]);

	if (err)
		return err;
	return d->pending.size ? HYPIOMMU_E_AGAIN : HYPIOMMU_OK;
}

/* Inline in both its callers: a frame of its own would be too much stack. */
static inline __attribute__((always_inline)) int
map_locked(struct hypiommu *h, struct hypiommu_domain *d, uint64_t iova,
	   uint64_t pa, uint64_t size, uint32_t prot, struct pgtable_mapped *m)
{
	uint64_t cleared = 0;
	int err, undo;

	m->size = 0;
	if (size > HYPIOMMU_PAGE_SIZE)
		size = call_share(&d->pt, iova, pa, size);
	err = owner_pin(&d->pages, pa, size);
	if (err < 0)
		return err;
	if (err) { /* an MMIO window, whatever the caller thinks it is */
		prot &= ~HYPIOMMU_PROT_CACHE;
		prot |= HYPIOMMU_PROT_MMIO;
	}
	err = d->pt.ops->map(&d->pt, iova, pa, size, prot, m);
	hypiommu_env_publish();
	if (m->size < size)
		owner_unpin(&d->pages, pa + m->size, size - m->size);
	if (!err || err == HYPIOMMU_E_NOMEM) {
		int seen = tlb_mapped(&h->smmus[d->smmu], d, iova, m->size);

		return seen ? seen : err;
	}
	if (!m->size)
		return err;
	/* Refused midway: devices may have seen the first part already. */
	undo = domain_clear(h, d, iova, m->size, &cleared, &m->want);
	m->size = 0;
	return undo ? undo : err;
}

int domain_map(struct hypiommu *h, uint32_t caller, uint64_t id, uint64_t iova,
	       uint64_t pa, uint64_t size, uint64_t prot,
	       struct pgtable_mapped *m)
{
	struct hypiommu_domain *d;
	int err = domain_lock(h, caller, id, &d);

	m->size = 0;
	if (err)
		return err;
	err = map_args(d, iova, pa, size, prot);
	if (!err)
		err = domain_ready(h, d);
	if (!err)
		err = map_locked(h, d, iova, pa, size, (uint32_t)prot, m);
	domain_unlock(d);
	return err;
}

/* A segment more, if it is the first or the call's bound allows it. */
static bool list_goes_on(uint64_t done, uint64_t size)
{
	const uint64_t most = (uint64_t)CALL_MAX_LEAVES * HYPIOMMU_PAGE_SIZE;

	return !done || (done < most && size <= most - done);
}

int hypiommu_map_list(struct hypiommu *h, uint32_t caller, uint64_t domain,
		      uint64_t iova, uint64_t prot,
		      const struct hypiommu_segment *list, uint32_t count,
		      struct hypiommu_progress *progress)
{
	struct pgtable_mapped m = { 0 };
	struct hypiommu_domain *d;
	uint64_t done = 0;
	int err = caller_check(h, caller);

	*progress = (struct hypiommu_progress){ 0 };
	if (!err)
		err = domain_lock(h, caller, domain, &d);
	if (err)
		return err;
	err = domain_ready(h, d);
	for (uint32_t i = 0; !err && i < count; i++) {
		if (!list_goes_on(done, list[i].size))
			break;
		err = map_args(d, iova + done, list[i].pa, list[i].size, prot);
		if (err)
			break;
		err = map_locked(h, d, iova + done, list[i].pa, list[i].size,
				 (uint32_t)prot, &m);
		done += m.size;
		if (m.size < list[i].size)
			break;
	}
	domain_unlock(d);
	progress->bytes = done;
	if (err == HYPIOMMU_E_NOMEM) {
		progress->order = m.want.order;
		progress->count = m.want.count;
		progress->limit = m.want.limit;
	}
	return err;
}

int domain_unmap(struct hypiommu *h, uint32_t caller, uint64_t id,
		 uint64_t iova, uint64_t size, uint64_t *unmapped,
		 struct pool_request *want)
{
	struct hypiommu_domain *d;
	int err = domain_lock(h, caller, id, &d);

	*unmapped = 0;
	if (err)
		return err;
	err = pgtable_range(iova, size, d->pt.config.granule_shift,
			    d->pt.config.ias);
	if (!err)
		err = domain_ready(h, d);
	if (!err)
		err = domain_clear(h, d, iova, size, unmapped, want);
	domain_unlock(d);
	return err;
}

int domain_lookup(struct hypiommu *h, uint32_t caller, uint64_t id,
		  uint64_t iova, uint64_t *pa)
{
	struct hypiommu_domain *d;
	int err = domain_lock(h, caller, id, &d);

	if (err)
		return err;
	err = d->pt.ops->lookup(&d->pt, iova, pa);
	domain_unlock(d);
	return err;
}
