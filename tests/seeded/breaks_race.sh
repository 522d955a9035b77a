# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# shellcheck shell=sh disable=SC2154
# As breaks.sh, for hypiommu race: what one CPU alone does right, or what a
# single thread cannot see to be wrong. RUN_ARGS: where to look.

race() {
	RUN_ARGS="--jobs 1 --machine $1 --pair $2 --preemptions $3"
}

case $name in
# --- a lock let go in the middle: no two accesses race, and yet
domain-lock-dropped)
	replace domain.c 'tlb_choose(&h->smmus[d->smmu], &request);
	return finish(h, d, &request);' \
		'tlb_choose(&h->smmus[d->smmu], &request);
	hypiommu_env_unlock(&d->lock);
	hypiommu_env_lock(&d->lock);
	return finish(h, d, &request);'
	race v3-s1 unmap,unmap 1
	;;
# --- what one CPU cleaned another cannot complete
unattached-unpublished)
	replace tlb.c 'if (!domain->streams) { hypiommu_env_publish();' \
		'if (!domain->streams) {'
	race v3-s2 attach-other,unmap-unattached 0
	;;
# No lock of page states hides it.
port-domain-lock-dropped)
	replace domain.c 'tlb_choose(&h->smmus[d->smmu], &request);
	return finish(h, d, &request);' \
		'tlb_choose(&h->smmus[d->smmu], &request);
	hypiommu_env_unlock(&d->lock);
	hypiommu_env_lock(&d->lock);
	return finish(h, d, &request);'
	race v3-port unmap,unmap 1
	;;
domain-lock-dropped-before-map)
	replace map.c 'err = owner_pin(&d->pages, pa, size);' \
		'hypiommu_env_unlock(&d->lock);
	hypiommu_env_lock(&d->lock);
	err = owner_pin(&d->pages, pa, size);'
	race v3-s1 free-empty,map-elsewhere 1
	;;
owner-lock-dropped)
	replace owner.c 'for (uint64_t i = 0; i < p->count && same; i++)
		p->words[i] = to;' 'hypiommu_env_unlock(&p->chunk->lock);
	hypiommu_env_lock(&p->chunk->lock);
	for (uint64_t i = 0; i < p->count && same; i++)
		p->words[i] = to;'
	race v3-s1 map,donate 1
	;;
stream-owner-checked-before)
	replace attach.c 'if (stream)
		err = stream->owner == caller ?' 'if (stream) {
		bool mine = stream->owner == caller;
		hypiommu_env_unlock(&h->attach_lock);
		hypiommu_env_lock(&h->attach_lock);
		err = mine ?'
	replace attach.c ': HYPIOMMU_E_PERM;
	if (!err) {
		err = fn(' ': HYPIOMMU_E_PERM; }
	if (!err) {
		err = fn('
	race v3-s1 attach-empty,assign 1
	;;
smmu-lock-dropped)
	replace smmuv3/tlbi.c 'return smmuv3_cmdq_sync(smmu);' \
		'hypiommu_env_unlock(&smmu->lock);
	hypiommu_env_lock(&smmu->lock);
	return smmuv3_cmdq_sync(smmu);'
	race v3-s1 unmap,suspend 1
	;;
# --- a lock not taken
attach-without-domain-lock)
	replace attach.c 'err = fn(smmu, stream, d);
		domain_unlock(d);' 'domain_unlock(d);
		err = fn(smmu, stream, d);'
	race v3-s1 attach-other,unmap-unattached 1
	;;
pin-without-owner-lock)
	replace owner_pins.h 'hypiommu_env_lock(&p.chunk->lock);
	pinned = *p.words + 1;' 'pinned = *p.words + 1;'
	replace owner_pins.h '*p.words = pinned;
		ok = true;
	}
	hypiommu_env_unlock(&p.chunk->lock);' '*p.words = pinned;
		ok = true;
	}'
	race v3-s1 map,donate 0
	;;
tag-without-owner-lock)
	replace owner.c 'hypiommu_env_lock(&p.chunk->lock);
		ours =' 'ours ='
	replace owner.c 'tag;
		hypiommu_env_unlock(&p.chunk->lock);' 'tag;'
	race v3-s1 map-pool,giveback-page 1
	;;
moving-page-taken-for-the-pool)
	replace owner.c 'if (w == word_moving())
		return 0;' ';'
	race v3-s1 donate-far,giveback-far 1
	;;
# A transition that fails gave nothing to anybody on the way.
moving-as-the-next-owners)
	replace owner.c 'uint32_t via = one ? to : word_moving()' 'uint32_t via = to'
	race v3-s1 donate-refused,map-guest-border 1
	;;
moving-short-of-a-chunk)
	replace owner.c 'bool one = size <= left_in_chunk(pa);' \
		'bool one = size <= CHUNK_SIZE;'
	race v3-s1 donate-refused,map-guest-border 1
	;;
suspend-without-smmu-lock)
	replace smmu.c 'hypiommu_env_lock(&h->attach_lock);
	hypiommu_env_lock(&smmu->lock);
	if (!smmu->broken)' 'hypiommu_env_lock(&h->attach_lock);
	if (!smmu->broken)'
	replace smmu.c 'err = smmu->ops->quiet(smmu);
	hypiommu_env_unlock(&smmu->lock);' 'err = smmu->ops->quiet(smmu);'
	race v3-s1 unmap,suspend 1
	;;
# A bank that is programmed, and of a domain that is not live yet.
reset-without-attach-lock)
	replace smmu.c 'hypiommu_env_lock(&h->attach_lock);
	hypiommu_env_lock(&smmu->lock);
	/* Broken' 'hypiommu_env_lock(&smmu->lock);
	/* Broken'
	replace smmu.c '	hypiommu_env_unlock(&h->attach_lock);
	smmu_notice' '	smmu_notice'
	race v2-s2 alloc,reset 1
	;;
# Its owner attaches it while the device is asked to be quiet.
assign-lock-dropped)
	replace attach.c 'if (!err && !c->sink->quiesce(c->sink_ctx, smmu_id, sid))
		err = HYPIOMMU_E_BUSY;' 'hypiommu_env_unlock(&h->attach_lock);
	if (!err && !c->sink->quiesce(c->sink_ctx, smmu_id, sid))
		err = HYPIOMMU_E_BUSY;
	hypiommu_env_lock(&h->attach_lock);'
	race v3-s1 attach-empty,assign 1
	;;
# --- looked at before the lock is taken
streams-seen-before)
	replace domain.c 'hypiommu_env_lock(&h->attach_lock);
	err = lock_in_state(h, caller, id, true, &d);' \
		'uint32_t streams = hypiommu_env_load32(&h->domains[id].streams);
	hypiommu_env_lock(&h->attach_lock);
	err = lock_in_state(h, caller, id, true, &d);'
	replace domain.c 'err = d->streams ?' 'err = streams ?'
	race v3-s1 attach-empty,free-empty 1
	;;
broken-seen-before)
	replace tlb.c 'hypiommu_env_lock(&smmu->lock);
	err = smmu_usable(smmu);
	if (err)' 'err = smmu_usable(smmu);
	hypiommu_env_lock(&smmu->lock);
	if (err)'
	race v3-s1 unmap,suspend 1
	;;
# --- a list, one after the other even
segments-not-mapped)
	replace map.c 'if (!err && count) {
		if (bytes' 'if (!err && !count) {
		if (bytes'
	race v3-s1 map-list,info 0
	;;
segments-not-counted)
	replace map.c 'progress->bytes = at - iova;' \
		'progress->bytes = (at - iova) / 2;'
	race v3-s1 map-list,info 0
	;;
# --- hardware that fails under two calls
failed-and-forgotten)
	replace domain.c 'if (err)
		return err;
	if (c->one_run)' 'if (err) {
		c->size = 0;
		return err;
	}
	if (c->one_run)'
	race v3-sync unmap,unmap-guest 1
	;;
failed-and-unpinned)
	replace domain.c 'if (err)
		return err;
	if (c->one_run)' 'if (c->one_run)'
	race v2-sync unmap,lookup 1
	;;
none)
	RUN_ARGS="--jobs 1 --machine v3-s1 --pair unmap --preemptions 0"
	;;
*)
	die "no such break"
	;;
esac
