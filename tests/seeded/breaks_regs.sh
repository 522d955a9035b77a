# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# shellcheck shell=sh disable=SC2154
# As breaks.sh, for hostile registers: fuzz_regs must find each.

case $name in
# More banks than there are bits for.
banks-unbounded)
	replace smmuv2-tegra/ident.c 's->bank_count > SMMUV2_MAX ||' ''
	replace smmuv2-tegra/ident.c 's->bank_count > pages ||' ''
	;;
# Banks beyond the end of the frame.
bank-unchecked)
	replace smmuv2-tegra/ident.c 'size >= 2ull * s->banks_at' 'size'
	;;
wait-for-ever)
	replace wait.h '++w->polls == WAIT_MAX_POLLS ||' ''
	replace wait.h 'hypiommu_env_time_us() - w->start > w->timeout_us' '0'
	;;
fault-of-anybody)
	replace hcall.c 'may_see(h, caller, smmu->index, &rec)' 'true'
	;;
lock-kept)
	replace tlb.c 'smmu->ops->invalidate(smmu, domain, request));
	hypiommu_env_unlock(&smmu->lock);' 'smmu->ops->invalidate(smmu, domain, request));
	if (!err)
		hypiommu_env_unlock(&smmu->lock);'
	;;
none)
	;;
*)
	die "no such break"
	;;
esac
