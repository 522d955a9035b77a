# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# shellcheck shell=sh disable=SC2154
# As breaks.sh, for real threads under ThreadSanitizer (tests/threads).

case $name in
pin-without-owner-lock)
	replace pins.c 'hypiommu_env_lock(&p->chunk->lock);
	words = words_for(p, class, &count);
	if (!pins_try' 'words = words_for(p, class, &count);
	if (!pins_try'
	replace pins.c 'err = why_not(words, count, class);
	hypiommu_env_unlock(&p->chunk->lock);' \
		'err = why_not(words, count, class);'
	;;
pool-without-lock)
	replace pool.c 'hypiommu_env_lock(&pool->lock);
	err = alloc_builtin(pool, order, limit, pa);
	hypiommu_env_unlock(&pool->lock);' \
		'err = alloc_builtin(pool, order, limit, pa);'
	;;
smmu-without-lock)
	replace tlb.c 'hypiommu_env_lock(&smmu->lock);
	err = smmu_usable(smmu);
	if (err)
		hypiommu_env_publish();
	else
		err = smmu_result(smmu,
				  smmu->ops->invalidate(smmu, domain, request));
	hypiommu_env_unlock(&smmu->lock);' 'err = smmu_usable(smmu);
	if (err)
		hypiommu_env_publish();
	else
		err = smmu_result(smmu,
				  smmu->ops->invalidate(smmu, domain, request));'
	;;
none)
	;;
*)
	die "no such break"
	;;
esac
