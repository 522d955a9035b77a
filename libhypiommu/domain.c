// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Domains: birth, death, and finishing what an error left behind. */
#include "core.h"

/*
 * Lock the caller's live domain `id`. E_NOENT for what does not exist and for
 * what is somebody else's alike, so that a guess teaches nothing.
 */
static int lock_in_state(struct hypiommu *h, uint32_t caller, uint64_t id,
			 bool dying_too, struct hypiommu_domain **out)
{
	struct hypiommu_domain *d;

	if (id >= h->config.limits.domains)
		return HYPIOMMU_E_NOENT;
	d = &h->domains[hypiommu_env_nospec(id, h->config.limits.domains)];
	hypiommu_env_lock(&d->lock);
	if (d->owner == caller && (d->state == DOMAIN_LIVE ||
				   (dying_too && d->state == DOMAIN_DYING))) {
		*out = d;
		return HYPIOMMU_OK;
	}
	hypiommu_env_unlock(&d->lock);
	return HYPIOMMU_E_NOENT;
}

int domain_lock(struct hypiommu *h, uint32_t caller, uint64_t id,
		struct hypiommu_domain **domain)
{
	return lock_in_state(h, caller, id, false, domain);
}

void domain_unlock(struct hypiommu_domain *domain)
{
	hypiommu_env_unlock(&domain->lock);
}

/* --------------------------------------------------------------- alloc */

/* Domain lock held, state FREE: everything a stream would point to. */
static int domain_build(struct hypiommu_smmu *smmu, struct hypiommu_domain *d,
			struct pgtable_config *config,
			struct pool_request *want)
{
	bool rooted;
	int err;

	hypiommu_env_lock(&smmu->lock);
	err = smmu_usable(smmu);
	if (!err)
		err = smmu->ops->domain_init(smmu, d, config);
	hypiommu_env_unlock(&smmu->lock);
	if (err)
		return err;
	err = pgtable_init(&d->pt, config, &smmu->h->pool, want);
	rooted = !err;
	hypiommu_env_lock(&smmu->lock);
	if (rooted)
		err = smmu_result(smmu, smmu->ops->domain_ready(smmu, d));
	if (err)
		smmu->ops->domain_fini(smmu, d);
	hypiommu_env_unlock(&smmu->lock);
	/* Only now does no register name the root. */
	if (err && rooted)
		pgtable_fini(&d->pt);
	return err;
}

/* x2 of HYPIOMMU_HC_DOMAIN_ALLOC: the stage and what is asked of the tables. */
static int decode_kind(uint64_t kind, struct pgtable_config *config)
{
	uint64_t stage = kind & HYPIOMMU_STAGE_MASK;
	uint64_t granule = kind & HYPIOMMU_GRANULE_MASK;

	if (kind & ~(HYPIOMMU_STAGE_MASK | HYPIOMMU_GRANULE_MASK |
		     HYPIOMMU_CONTIGUOUS) ||
	    (stage != 1 && stage != 2))
		return HYPIOMMU_E_INVAL;
	if (granule && granule != HYPIOMMU_GRANULE(12) &&
	    granule != HYPIOMMU_GRANULE(14) && granule != HYPIOMMU_GRANULE(16))
		return HYPIOMMU_E_INVAL;
	config->granule_shift = granule ? (uint8_t)(granule >> 8) : 12;
	config->contiguous = kind & HYPIOMMU_CONTIGUOUS;
	return (int)stage;
}

int domain_alloc(struct hypiommu *h, uint32_t caller, uint64_t smmu_id,
		 uint64_t kind, struct hypiommu_domain **out,
		 struct pool_request *want)
{
	struct hypiommu_smmu *smmu = smmu_get(h, smmu_id);
	struct pgtable_config config = { 0 };
	int err, stage = decode_kind(kind, &config);
	struct hypiommu_domain *d;
	uint32_t id;

	if (!smmu)
		return HYPIOMMU_E_NOENT;
	if (stage < 0)
		return stage;
	hypiommu_env_lock(&h->attach_lock);
	err = ids_alloc(&h->domain_ids, &id);
	if (err)
		goto out;
	d = &h->domains[id];
	hypiommu_env_lock(&d->lock);
	d->smmu = (uint16_t)smmu->index;
	d->owner = (uint8_t)caller;
	d->stage = (uint8_t)stage;
	d->streams = 0;
	d->pending.size = 0;
	owner_user_init(&d->pages, &h->owner, caller);
	err = domain_build(smmu, d, &config, want);
	if (!err) {
		d->state = DOMAIN_LIVE;
		*out = d;
	}
	hypiommu_env_unlock(&d->lock);
	if (err)
		ids_free(&h->domain_ids, id);
out:
	hypiommu_env_unlock(&h->attach_lock);
	return err;
}

/* -------------------------------------------------------------- finish */

static void reap_unpin(void *ctx, uint64_t pa, uint64_t size)
{
	owner_unpin(ctx, pa, size);
}

/*
 * The one place where pages lose their pins: what is pending was cleared in the
 * tables; invalidate it, wait for completion, and only then unpin and free.
 */
static int finish(struct hypiommu *h, struct hypiommu_domain *d,
		  struct tlb_request *request)
{
	struct pgtable_cleared *c = &d->pending;
	int err = tlb_invalidate(&h->smmus[d->smmu], d, request);

	if (err)
		return err;
	if (c->one_run) {
		pgtable_erase(&d->pt, d->pending_iova, c);
		owner_unpin(&d->pages, c->pa, c->size);
	} else {
		d->pt.ops->reap(&d->pt, d->pending_iova, c->size, reap_unpin,
				&d->pages);
	}
	c->size = 0;
	return HYPIOMMU_OK;
}

/*
 * Break before make: the large leaf at iova goes, its translations are flushed,
 * smaller ones take its place. In between a device that uses the rest of the
 * block faults. Nothing is unpinned: the same pages stay mapped. Out of line:
 * its frame is not to lie under finish().
 */
static __attribute__((noinline)) int split(struct hypiommu *h,
					   struct hypiommu_domain *d,
					   uint64_t iova,
					   struct pool_request *want)
{
	struct tlb_request request = { .leaf_only = true };
	struct pgtable_split s;
	int err = d->pt.ops->split_begin(&d->pt, iova, &s, want);

	if (err)
		return err;
	request.iova = s.iova;
	request.size = s.size;
	/* A run of entries may be cached entry by entry. */
	request.page_shift = (uint8_t)__builtin_ctzll(s.size / s.count);
	tlb_choose(&h->smmus[d->smmu], &request);
	err = tlb_invalidate(&h->smmus[d->smmu], d, &request);
	if (err)
		d->pt.ops->split_abort(&d->pt, &s);
	else
		d->pt.ops->split_end(&d->pt, &s);
	return err;
}

/*
 * Clear at most one call's worth from iova on and finish it. *cleared is exact
 * also when the invalidation fails and the range stays pending.
 */
int domain_clear(struct hypiommu *h, struct hypiommu_domain *d, uint64_t iova,
		 uint64_t size, uint64_t *cleared, struct pool_request *want)
{
	struct tlb_request request = { .iova = iova };
	struct pgtable_cleared *c = &d->pending;
	int err;

	if (size > CALL_MAX_BYTES)
		size = CALL_MAX_BYTES;
	/* Each split makes the leaf at iova smaller; the smallest fits. */
	do {
		err = d->pt.ops->clear(&d->pt, iova, size, CALL_MAX_ENTRIES, c);
		if (err != HYPIOMMU_E_UNSUPPORTED)
			break;
		err = split(h, d, iova, want);
	} while (!err);
	*cleared = c->size;
	if (err)
		return err;
	request.size = c->size;
	request.page_shift = c->shift;
	request.leaf_only = !c->tables;
	d->pending_iova = iova;
	tlb_choose(&h->smmus[d->smmu], &request);
	return finish(h, d, &request);
}

/* After an error: the SMMU may have been reset, all of it is invalidated. */
int domain_finish(struct hypiommu *h, struct hypiommu_domain *d)
{
	struct tlb_request all = { .kind = TLB_ALL };

	return d->pending.size ? finish(h, d, &all) : HYPIOMMU_OK;
}

int domain_sync(struct hypiommu *h, uint32_t caller, uint64_t id)
{
	struct hypiommu_domain *d;
	int err = domain_lock(h, caller, id, &d);

	if (err)
		return err;
	err = smmu_usable(&h->smmus[d->smmu]);
	if (!err)
		err = domain_finish(h, d);
	domain_unlock(d);
	return err;
}

/* ---------------------------------------------------------------- free */

/* Unmap a bounded part. OK: nothing is mapped any more. */
static int drain(struct hypiommu *h, struct hypiommu_domain *d)
{
	uint64_t iova = d->drain_iova, cleared;
	struct pool_request want;
	int err = domain_finish(h, d);

	if (!err)
		err = d->pt.ops->next(&d->pt, &iova, CALL_MAX_ENTRIES);
	d->drain_iova = iova;
	if (err == HYPIOMMU_E_NOENT)
		return HYPIOMMU_OK;
	if (err)
		return err;
	err = domain_clear(h, d, iova, (1ull << d->pt.config.ias) - iova,
			   &cleared, &want);
	return err ? err : HYPIOMMU_E_AGAIN;
}

int domain_free(struct hypiommu *h, uint32_t caller, uint64_t id)
{
	struct hypiommu_smmu *smmu;
	struct hypiommu_domain *d;
	int err;

	hypiommu_env_lock(&h->attach_lock);
	err = lock_in_state(h, caller, id, true, &d);
	if (err)
		goto out;
	smmu = &h->smmus[d->smmu];
	err = d->streams ? HYPIOMMU_E_BUSY : smmu_usable(smmu);
	if (!err) {
		if (d->state == DOMAIN_LIVE)
			d->drain_iova = 0;
		d->state = DOMAIN_DYING;
		err = drain(h, d);
	}
	if (!err) {
		/* Unattached and empty: no walker, no TLB knows its number. */
		hypiommu_env_lock(&smmu->lock);
		smmu->ops->domain_fini(smmu, d);
		hypiommu_env_unlock(&smmu->lock);
		pgtable_fini(&d->pt);
		d->state = DOMAIN_FREE;
		ids_free(&h->domain_ids, d->index);
	}
	domain_unlock(d);
out:
	hypiommu_env_unlock(&h->attach_lock);
	return err;
}
