# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# shellcheck shell=sh disable=SC2154
# As breaks.sh: error paths. Played to the end these go unnoticed; the sweep of
# single faults must object (tests/scenario/meson.build says which).

case $name in
# --- table memory
alloc-leaks-tables)
	replace engine_map.h 'while (got--)
			table_free(pt, path->at[from], tables[got]);' ';'
	;;
alloc-leaks-root)
	replace libhypiommu/domain.c 'if (err && rooted)
		pgtable_fini(&d->pt);' ';'
	;;
alloc-leaks-number)
	replace libhypiommu/domain.c 'if (err)
		ids_free(&h->domain_ids, id);' ';'
	;;
# --- pins
unpin-early)
	replace libhypiommu/domain.c 'int err = tlb_invalidate(&h->smmus[d->smmu], d, request);

	if (err)
		return err;' 'int err = tlb_invalidate(&h->smmus[d->smmu], d, request);'
	replace libhypiommu/domain.c 'c->size = 0;
	return HYPIOMMU_OK;' 'c->size = 0;
	return err;'
	;;
map-unpins-nothing)
	replace libhypiommu/map.c 'if (m->size < size)' 'if (!m->size)'
	;;
# --- streams
detach-fails-and-goes)
	replace attach.c 'err = smmu_result(smmu, smmu->ops->detach(smmu, stream));
	hypiommu_env_unlock(&smmu->lock);
	if (err)
		return err;' 'err = smmu_result(smmu, smmu->ops->detach(smmu, stream));
	hypiommu_env_unlock(&smmu->lock);'
	replace attach.c 'if (d->streams == 1)
		err = tlb_invalidate_all(smmu, d);
	if (err)
		return err;' 'if (d->streams == 1)
		(void)tlb_invalidate_all(smmu, d);'
	;;
attach-fails-and-counts-not)
	replace attach.c 'if (!err || smmu->broken) {' 'if (!err) {'
	;;
restore)
	replace smmuv3/reset.c 'smmuv3_strtab_restore(smmu);' ';'
	;;
# --- hardware that does not answer
poison-not)
	replace smmu.c 'hypiommu_env_store32(&smmu->broken, (uint32_t)-err);' ';'
	;;
cons-of-ones)
	replace cmdq.c 'if (queued > 1u << s->cmdq.log2 || cons == ~0u)' \
		'if (queued > 1u << s->cmdq.log2)'
	replace cmdq.c 'if (gerror == ~0u || active & GERROR_SFM_ERR)' \
		'if (active & GERROR_SFM_ERR)'
	;;
flush-of-ones)
	replace tegra_smmu.c 'if (smmu_read32(smmu, SMMU_CONFIG) == ~0u)' \
		'if (smmu_read32(smmu, SMMU_CONFIG) == 1u << 30)'
	;;
cr0-in-flight)
	replace smmuv3/reset.c 'settle_cr0(smmu);
	return set_cr0(smmu, 0);' 'return set_cr0(smmu, 0);'
	;;
garbage-switched-on)
	replace smmuv2-tegra/reset.c 'deny_unmatched(smmu);
	for (uint32_t i = 0; i < s->match_count; i++) {' \
		'smmuv2_write(smmu, SCR0, SCR0_DENY);
	for (uint32_t i = 0; i < s->match_count; i++) {'
	;;
reset-says-ok)
	replace smmu.c 'if (err)
		smmu->ops->abort_all(smmu);
	else' ''
	;;
none)
	;;
*)
	die "no such break"
	;;
esac
