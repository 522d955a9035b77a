# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# shellcheck shell=sh disable=SC2154
# What is wrong in function, not in the order of stores: the specification must
# object, and exploring must find the shortest sequence (RUN_ARGS: its world,
# the states it may take, the moves it must have). As breaks.sh.

RUN_ARGS='v3 20000'
case $name in
# --- mappings
unmap-says-more)
	replace domain.c '*cleared = c->size;' '*cleared = c->size + 4096;'
	RUN_ARGS="$RUN_ARGS 2"
	;;
unmap-says-less)
	replace domain.c '*cleared = c->size;' \
		'*cleared = c->size > 4096 ? c->size - 4096 : c->size;'
	RUN_ARGS="$RUN_ARGS 3"
	;;
map-writable-s1)
	replace lpae.h 'attr |= S1_AP_RDONLY;' ';'
	RUN_ARGS="$RUN_ARGS 3"
	;;
map-writable-s2)
	replace lpae.h 'if (prot & HYPIOMMU_PROT_WRITE)
		attr |= S2_AP_WRITE;' 'attr |= S2_AP_WRITE;'
	RUN_ARGS="$RUN_ARGS 3"
	;;
map-other-page)
	replace map.c 'd->pt.ops->map(&d->pt, iova, pa, size, prot, m)' \
		'd->pt.ops->map(&d->pt, iova, pa ^ 0x1000, size, prot, m)'
	RUN_ARGS="$RUN_ARGS 3"
	;;
lookup-of-page)
	replace map.c 'err = d->pt.ops->lookup(&d->pt, iova, pa);' \
		'err = d->pt.ops->lookup(&d->pt, iova, pa);
		*pa &= ~4095ull;'
	RUN_ARGS="$RUN_ARGS 3"
	;;
errors-out-of-order)
	replace map.c 'err = map_args(d, iova, pa, size, prot);
	if (!err)
		err = domain_ready(h, d);' 'err = domain_ready(h, d);
	if (!err)
		err = map_args(d, iova, pa, size, prot);'
	RUN_ARGS="$RUN_ARGS 3"
	;;
# --- pins and owners
port-not-unpinned)
	replace pins.c 'u->owner->ops->unpin_range(u->owner->ctx, pa, size);' ';'
	RUN_ARGS='port 20000 3'
	;;
port-any-principal)
	replace pins.c 'o->ops->pin_range(o->ctx, u->principal,' \
		'o->ops->pin_range(o->ctx, HYPIOMMU_HOST,'
	RUN_ARGS='port 20000 2'
	;;
port-window-as-memory)
	replace pins.c 'pa, size, &mmio);
	else' 'pa, size, &(bool){ false });
	else'
	RUN_ARGS='port 20000 3'
	;;
pins-kept)
	replace map.c 'owner_unpin(&d->pages, pa + m->size, size - m->size);' \
		';'
	RUN_ARGS="$RUN_ARGS 3"
	;;
pins-one-short)
	replace domain.c 'owner_unpin(&d->pages, c->pa, c->size);' \
		'owner_unpin(&d->pages, c->pa, c->size & ~8191ull);'
	RUN_ARGS="$RUN_ARGS 3"
	;;
unpinned-twice) # the library's own check ends it: a crash is a finding
	replace domain.c 'owner_unpin(&d->pages, c->pa, c->size);' \
		'owner_unpin(&d->pages, c->pa, c->size);
		owner_unpin(&d->pages, c->pa, c->size);'
	RUN_ARGS="$RUN_ARGS 3"
	;;
share-forgets)
	replace owner.c 'owner_share(struct owner *o, uint32_t owner, uint32_t with, uint64_t pa,
		uint64_t size)
{
	return transition_checked(o, owner, with, pa, size, word_owned(owner),
				  word(owner, with, HYPIOMMU_PAGE_SHARED));' \
		'owner_share(struct owner *o, uint32_t owner, uint32_t with, uint64_t pa,
		uint64_t size)
{
	return transition_checked(o, owner, with, pa, size, word_owned(owner),
				  word_owned(owner));'
	RUN_ARGS="$RUN_ARGS 1"
	;;
lend-to-nobody)
	replace owner.c 'word(owner, to, HYPIOMMU_PAGE_LENT)' \
		'word(owner, owner, HYPIOMMU_PAGE_LENT)'
	RUN_ARGS="$RUN_ARGS 1"
	;;
busy-called-perm)
	replace owner.c ': HYPIOMMU_E_BUSY;' ': HYPIOMMU_E_PERM;'
	RUN_ARGS="$RUN_ARGS 3"
	;;
# --- streams and domains
attach-foreign)
	replace attach.c 'stream->owner == caller ?' '1 ?'
	RUN_ARGS="$RUN_ARGS 2"
	;;
attach-twice)
	replace attach.c 'if (stream->domain != HYPIOMMU_NO_DOMAIN)
		return HYPIOMMU_E_BUSY;' ''
	RUN_ARGS="$RUN_ARGS 3"
	;;
detach-elsewhere)
	replace attach.c 'if (stream->domain != d->index)
		return HYPIOMMU_E_NOENT;' ''
	;;
domain-foreign)
	replace domain.c 'd->owner == caller &&' '1 &&'
	RUN_ARGS="$RUN_ARGS 2"
	;;
free-attached)
	replace domain.c 'd->streams ? HYPIOMMU_E_BUSY : smmu_usable(smmu)' \
		'smmu_usable(smmu)'
	RUN_ARGS="$RUN_ARGS 3"
	;;
assign-attached)
	replace attach.c 'else if (stream->domain != HYPIOMMU_NO_DOMAIN)
		err = HYPIOMMU_E_BUSY;' ''
	RUN_ARGS="$RUN_ARGS 3"
	;;
# --- table memory
table-leak)
	replace lpae.h 'pool_free(pt->pool, pa, TABLE_ORDER);' \
		'(void)pt, (void)pa;'
	RUN_ARGS="$RUN_ARGS 3"
	;;
pool-count)
	replace pool.c 'pool->pages--;' ';'
	RUN_ARGS="$RUN_ARGS 1"
	;;
# --- hardware
invalidation)
	replace tlb.c 'if (!domain->streams)' 'if (domain)'
	RUN_ARGS="$RUN_ARGS 4"
	;;
attach-order) # of stores before the registers: on an SMMUv2
	replace tlb.c 'if (!domain->streams) { hypiommu_env_publish();' \
		'if (!domain->streams) {'
	RUN_ARGS='tegra 20000 4'
	;;
suspend-open)
	replace smmu.c 'smmu->ops->abort_all(smmu);
	err = smmu->ops->quiet(smmu);' 'err = 0;'
	RUN_ARGS="$RUN_ARGS 4"
	;;
suspend-under-way) # lookups that began before: an SMMUv2's
	replace smmu.c 'err = smmu->ops->quiet(smmu);' 'err = 0;'
	RUN_ARGS='tegra 20000 4'
	;;
sync-does-nothing) # eight moves deep
	replace domain.c \
		'return d->pending.size ? finish(h, d, &all) : HYPIOMMU_OK;' \
		'return (void)all, HYPIOMMU_OK;'
	RUN_ARGS="$root/tests/seeded/failing.hyp 20000 8"
	;;
none)
	;;
*)
	die "no such break"
	;;
esac
