// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Streams and the domains they are attached to; all under the attach lock. */
#include "core.h"

/* Both locks held, both objects the caller's. */
static int attach_locked(struct hypiommu_smmu *smmu,
			 struct hypiommu_stream *stream,
			 struct hypiommu_domain *d)
{
	int err;

	if (d->smmu != smmu->index)
		return HYPIOMMU_E_INVAL;
	if (stream->domain != HYPIOMMU_NO_DOMAIN)
		return HYPIOMMU_E_BUSY;
	hypiommu_env_lock(&smmu->lock);
	err = smmu_usable(smmu);
	if (!err && d->pending.size)
		err = HYPIOMMU_E_AGAIN;
	if (!err) {
		/*
		 * From the first store on a failure may leave the stream
		 * pointing at the domain in some cache: it counts as attached
		 * then, and the SMMU as broken.
		 */
		err = smmu_result(smmu, smmu->ops->attach(smmu, stream, d));
		if (!err || smmu->broken) {
			stream->domain = d->index;
			d->streams++;
		}
	}
	hypiommu_env_unlock(&smmu->lock);
	return err;
}

static int detach_locked(struct hypiommu_smmu *smmu,
			 struct hypiommu_stream *stream,
			 struct hypiommu_domain *d)
{
	int err;

	if (stream->domain != d->index)
		return HYPIOMMU_E_NOENT;
	hypiommu_env_lock(&smmu->lock);
	err = smmu_usable(smmu);
	if (!err)
		err = smmu_result(smmu, smmu->ops->detach(smmu, stream));
	hypiommu_env_unlock(&smmu->lock);
	if (err)
		return err;
	/* No stream can fill the TLB any more: empty it once, so that unmaps
	 * and the domain's end need no invalidation. */
	if (d->streams == 1)
		err = tlb_invalidate_all(smmu, d);
	if (err)
		return err;
	stream->domain = HYPIOMMU_NO_DOMAIN;
	d->streams--;
	return HYPIOMMU_OK;
}

typedef int (*attach_fn)(struct hypiommu_smmu *smmu,
			 struct hypiommu_stream *stream,
			 struct hypiommu_domain *d);

static int with_stream(struct hypiommu *h, uint32_t caller, uint64_t smmu_id,
		       uint64_t sid, uint64_t id, attach_fn fn)
{
	struct hypiommu_smmu *smmu = smmu_get(h, smmu_id);
	struct hypiommu_stream *stream;
	struct hypiommu_domain *d;
	int err = HYPIOMMU_E_NOENT;

	hypiommu_env_lock(&h->attach_lock);
	stream = smmu ? stream_find(h, smmu->index, sid) : NULL;
	if (stream)
		err = stream->owner == caller ? domain_lock(h, caller, id, &d)
					      : HYPIOMMU_E_PERM;
	if (!err) {
		err = fn(smmu, stream, d);
		domain_unlock(d);
	}
	hypiommu_env_unlock(&h->attach_lock);
	return err;
}

int domain_attach(struct hypiommu *h, uint32_t caller, uint64_t smmu,
		  uint64_t sid, uint64_t id)
{
	return with_stream(h, caller, smmu, sid, id, attach_locked);
}

int domain_detach(struct hypiommu *h, uint32_t caller, uint64_t smmu,
		  uint64_t sid, uint64_t id)
{
	return with_stream(h, caller, smmu, sid, id, detach_locked);
}

/* The attach lock held. */
static int hand_over(struct hypiommu_smmu *smmu, struct hypiommu_stream *stream,
		     uint32_t to)
{
	int err;

	hypiommu_env_lock(&smmu->lock);
	err = smmu_usable(smmu);
	if (!err && smmu->ops->forget_faults)
		smmu->ops->forget_faults(smmu, stream);
	hypiommu_env_unlock(&smmu->lock);
	if (!err)
		stream->owner = (uint8_t)to;
	return err;
}

int hypiommu_assign_stream(struct hypiommu *h, uint32_t smmu_id, uint32_t sid,
			   uint32_t from, uint32_t to)
{
	const struct hypiommu_config *c = &h->config;
	struct hypiommu_smmu *smmu = smmu_get(h, smmu_id);
	struct hypiommu_stream *stream;
	int err = HYPIOMMU_OK;

	if (to >= HYPIOMMU_PRINCIPALS)
		return HYPIOMMU_E_INVAL;
	if (!c->sink || !c->sink->quiesce)
		return HYPIOMMU_E_UNSUPPORTED;
	hypiommu_env_lock(&h->attach_lock);
	stream = smmu ? stream_find(h, smmu_id, sid) : NULL;
	if (!stream)
		err = HYPIOMMU_E_NOENT;
	else if (stream->owner != from)
		err = HYPIOMMU_E_PERM;
	else if (stream->domain != HYPIOMMU_NO_DOMAIN)
		err = HYPIOMMU_E_BUSY;
	else
		err = smmu_usable(smmu);
	/* The stream aborts; what the device still has queued must die before
	 * its next owner gives it memory to reach. */
	if (!err && !c->sink->quiesce(c->sink_ctx, smmu_id, sid))
		err = HYPIOMMU_E_BUSY;
	if (!err)
		err = hand_over(smmu, stream, to);
	hypiommu_env_unlock(&h->attach_lock);
	return err;
}
