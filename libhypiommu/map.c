// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Map and unmap: pin -> write -> publish, and clear -> invalidate -> complete
 * -> unpin (domain.c), all under the domain lock.
 */
#include "core.h"

/* As many bytes are within the bounds of a call, whatever their leaves. */
#define CALL_MAX_PAGES (CALL_MAX_ENTRIES * HYPIOMMU_PAGE_SIZE)

static uint64_t min64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/*
 * How much of the request one call handles: leaves as the format will choose
 * them, of CALL_MAX_ENTRIES descriptors at most, and at most CALL_MAX_BYTES. No
 * leaf has more than 128.
 */
static uint64_t call_share(const struct pgtable *pt, uint64_t iova, uint64_t pa,
			   uint64_t size)
{
	uint64_t done = 0, entries = CALL_MAX_ENTRIES;

	size = min64(size, CALL_MAX_BYTES);
	while (done < size) {
		uint64_t left = size - done, reach = left, n;
		uint64_t fit = 0, smaller = 0, each = 1;

		for (uint64_t s = pt->leaf_sizes; s; s &= s - 1) {
			uint64_t leaf = s & -s;

			if (leaf <= left &&
			    !(((iova + done) | (pa + done)) & (leaf - 1))) {
				smaller = fit;
				fit = leaf;
			} else if (!((iova ^ pa) & (leaf - 1))) {
				/* Larger leaves fit from this boundary on. */
				reach = min64(reach, leaf - ((iova + done) &
							     (leaf - 1)));
				break;
			}
		}
		if (pt->run_sizes & fit)
			each = fit / smaller;
		n = min64(reach / fit, entries / each);
		if (!n)
			break;
		done += n * fit;
		entries -= n * each;
	}
	return done;
}

static inline __attribute__((always_inline)) int
map_args(const struct hypiommu_domain *d, uint64_t iova, uint64_t pa,
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

/*
 * Descriptors for pages that are pinned; those that are not mapped lose their
 * pins again. map_end() must follow.
 */
static inline __attribute__((always_inline)) int
map_pinned(struct hypiommu_domain *d, uint64_t iova, uint64_t pa, uint64_t size,
	   uint32_t prot, struct pgtable_mapped *m)
{
	int err = d->pt.ops->map(&d->pt, iova, pa, size, prot, m);

	if (m->size < size)
		owner_unpin(&d->pages, pa + m->size, size - m->size);
	return err;
}

/* Pin, and map what one call may. */
static inline __attribute__((always_inline)) int
map_locked(struct hypiommu_domain *d, uint64_t iova, uint64_t pa, uint64_t size,
	   uint32_t prot, struct pgtable_mapped *m)
{
	int err;

	m->size = 0;
	/* No leaf is smaller than a page: below that all of it fits. */
	if (size > CALL_MAX_PAGES)
		size = call_share(&d->pt, iova, pa, size);
	err = owner_pin(&d->pages, pa, size);
	if (err < 0)
		return err;
	if (err) { /* an MMIO window, whatever the caller thinks it is */
		prot &= ~HYPIOMMU_PROT_CACHE;
		prot |= HYPIOMMU_PROT_MMIO;
	}
	return map_pinned(d, iova, pa, size, prot, m);
}

/*
 * Publish `before` bytes from iova on, and behind them m->size that were mapped
 * when err came. They stay if a table page was missing. Refused midway, they go
 * again: devices may have seen them already. err, or what went wrong here.
 */
static inline __attribute__((always_inline)) int
map_end(struct hypiommu *h, struct hypiommu_domain *d, uint64_t iova,
	uint64_t before, int err, struct pgtable_mapped *m)
{
	int seen;

	hypiommu_env_publish();
	if (m->size && err && err != HYPIOMMU_E_NOMEM) {
		uint64_t cleared = 0;
		int undo;

		undo = domain_clear(h, d, iova + before, m->size, &cleared,
				    &m->want);
		m->size = 0;
		err = undo ? undo : err;
	}
	seen = tlb_mapped(&h->smmus[d->smmu], d, iova, before + m->size);
	return seen ? seen : err;
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
	if (!err) {
		err = map_locked(d, iova, pa, size, (uint32_t)prot, m);
		err = map_end(h, d, iova, 0, err, m);
	}
	domain_unlock(d);
	return err;
}

/*
 * Is every segment as map_args() wants it, and all of them within the bound of
 * a call? What holds for each is asked once, of what they have ORed together.
 */
static bool list_fits(const struct hypiommu_domain *d, uint64_t iova,
		      uint64_t prot, const struct hypiommu_segment *list,
		      uint32_t count, uint64_t *bytes)
{
	uint64_t any = 0, ends = 0, sum = 0;

	if (!count || count > CALL_MAX_ENTRIES)
		return false;
	for (const struct hypiommu_segment *s = list; s != list + count; s++) {
		any |= s->pa | s->size;
		/* An empty one sets the top bit, so does a sum that wraps or
		 * one of its terms. */
		ends |= (s->pa + s->size - 1) | (s->size - 1) | s->pa;
		sum += s->size;
	}
	*bytes = sum;
	return !(any & ((1ull << d->pt.config.granule_shift) - 1)) &&
	       !(ends >> d->pt.config.oas) && sum <= CALL_MAX_PAGES &&
	       !map_args(d, iova, list->pa, sum, prot);
}

/*
 * The same one by one: how many segments, from the first on, a call maps, which
 * are the first and those that stay within its bound. *err says why the next
 * one cannot be, OK if it only has to wait; *bytes is what they are together.
 */
static __attribute__((noinline)) uint32_t
list_fit(const struct hypiommu_domain *d, uint64_t iova, uint64_t prot,
	 const struct hypiommu_segment *list, uint32_t count, uint64_t *bytes,
	 int *err)
{
	uint64_t sum = 0;
	uint32_t n;

	for (n = 0; n < count; n++) {
		uint64_t size = list[n].size;

		if (n && (sum >= CALL_MAX_PAGES || size > CALL_MAX_PAGES - sum))
			break;
		*err = map_args(d, iova + sum, list[n].pa, size, prot);
		if (*err)
			break;
		sum += size;
	}
	*bytes = sum;
	return n;
}

/* Segments that are pinned, up to one that is not mapped whole, which is m
 * then: its number. *iova moves on. */
static __attribute__((noinline)) uint32_t
list_map_pinned(struct hypiommu_domain *d, uint64_t *iova, uint32_t prot,
		const struct hypiommu_segment *list, uint32_t count, int *err,
		struct pgtable_mapped *m)
{
	uint64_t at = *iova;
	uint32_t i = 0, n;

	for (;;) {
		n = d->pt.ops->map_pages(&d->pt, at, prot, list + i, count - i);
		at += (uint64_t)n << d->pt.config.granule_shift;
		i += n;
		if (i == count)
			break;
		*err = d->pt.ops->map(&d->pt, at, list[i].pa, list[i].size,
				      prot, m);
		if (m->size < list[i].size)
			break;
		at += list[i++].size;
	}
	*iova = at;
	return i;
}

/* All segments, `pinned` of them pinned already, in the same way. */
static int list_map(struct hypiommu_domain *d, uint64_t *iova, uint32_t prot,
		    const struct hypiommu_segment *list, uint32_t count,
		    uint32_t pinned, struct pgtable_mapped *m)
{
	int err = HYPIOMMU_OK;
	uint32_t i = 0;

	if (pinned)
		i = list_map_pinned(d, iova, prot, list, pinned, &err, m);

	if (i < pinned) {
		owner_unpin(&d->pages, list[i].pa + m->size,
			    list[i].size - m->size);
		while (++i < pinned)
			owner_unpin(&d->pages, list[i].pa, list[i].size);
		return err;
	}
	for (; i < count; i++) {
		err = map_locked(d, *iova, list[i].pa, list[i].size, prot, m);
		if (m->size < list[i].size)
			return err;
		*iova += list[i].size;
	}
	m->size = 0;
	return err;
}

int hypiommu_map_list(struct hypiommu *h, uint32_t caller, uint64_t domain,
		      uint64_t iova, uint64_t prot,
		      const struct hypiommu_segment *list, uint32_t count,
		      struct hypiommu_progress *progress)
{
	int err = caller_check(h, caller), beyond = HYPIOMMU_OK;
	uint64_t at = iova, bytes = 0;
	struct hypiommu_domain *d;
	struct pgtable_mapped m;
	uint32_t pinned = 0;

	*progress = (struct hypiommu_progress){ 0 };
	if (!err)
		err = domain_lock(h, caller, domain, &d);
	if (err)
		return err;
	m.size = 0;
	m.want = (struct pool_request){ 0 };
	err = domain_ready(h, d);
	if (!err && !list_fits(d, iova, prot, list, count, &bytes))
		count = list_fit(d, iova, prot, list, count, &bytes, &beyond);
	if (!err && count) {
		if (bytes <= CALL_MAX_PAGES)
			pinned = owner_pin_list(&d->pages, list, count);
		err = list_map(d, &at, (uint32_t)prot, list, count, pinned, &m);
		err = map_end(h, d, iova, at - iova, err, &m);
	}
	at += m.size;
	if (!err && at - iova == bytes)
		err = beyond;
	domain_unlock(d);
	progress->bytes = at - iova;
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
