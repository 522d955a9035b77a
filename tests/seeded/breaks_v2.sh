# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# shellcheck shell=sh disable=SC2154
# As breaks.sh, for SMMUv2 and Tegra234: the tests of both must object.

case $name in
# --- mirrored frames
mirror-write)
	replace smmuv2-tegra/mmio.c \
		'c->mmio->write32(c->mmio_ctx, s->window[i], off, val);' \
		'if (!i) c->mmio->write32(c->mmio_ctx, s->window[i], off, val);'
	;;
mirror-poll)
	replace smmuv2-tegra/mmio.c 'v |= smmuv2_read(smmu, i, off);' \
		'v |= i ? 0 : smmuv2_read(smmu, i, off);'
	;;
# --- context banks
cbar-left-over)
	# Whoever comes next writes it: but not at every stage.
	replace smmuv2-tegra/context.c \
		'err = smmuv2_set(smmu, s->gr1 + CBAR(bank), r.cbar);' \
		'err = d->stage == 1 ? smmuv2_set(smmu, s->gr1 + CBAR(bank), r.cbar) : 0;'
	replace smmuv2-tegra/reset.c \
		'err = smmuv2_set(smmu, s->gr1 + CBAR(bank),
				 bank < s->s2_only ? CBAR_S2 : CBAR_S1_FAULT);' \
		'err = 0;'
	;;
bank-not-scrubbed)
	replace smmuv2-tegra/context.c \
		'(void)smmuv2_bank_scrub(smmu, domain->hw_id);' ';'
	;;
s2cr-of-freed-bank)
	replace smmuv2-tegra/stream.c \
		'err = smmuv2_set(smmu, SMR(stream->hw), 0);
	return err ? err : smmuv2_set(smmu, S2CR(stream->hw), S2CR_FAULT);' \
		'err = 0;
	return err;'
	;;
# --- TLB
tlbsync)
	replace smmuv2-tegra/mmio.c 'smmuv2_write(smmu, sync, 0);' \
		'return HYPIOMMU_OK;'
	;;
tlbi-va)
	replace smmuv2-tegra/tlbi.c 'by_address(smmu, domain, request->iova + i,
			   request->leaf_only);' '(void)by_address;'
	;;
walk-cache)
	replace tlb.c 'smmu->whole_on_tables' 'false'
	;;
# --- memory controller
mc-too-early)
	replace smmuv2-tegra/stream.c \
		'err = smmuv2_stream_program(smmu, stream, domain->hw_id);' \
		'err = tegra234_mc_route(smmu, stream);
	if (!err) err = smmuv2_stream_program(smmu, stream, domain->hw_id);'
	;;
mc-detach-late)
	replace smmuv2-tegra/stream.c 'int err = tegra234_mc_deny(smmu, stream);' \
		'int err = 0;'
	;;
mc-security)
	replace smmuv2-tegra/tegra234_mc.c \
		'mc_write(h, SECURITY(id), OVERRIDE_ON | lock);' '(void)lock;'
	;;
mc-known-clients-only)
	replace smmuv2-tegra/tegra234_mc.c 'client && client->group == FIRMWARE' \
		'!client || client->group == FIRMWARE'
	;;
sid-without-smmu)
	replace libhypiommu/swgroup.c 'p->smmu == smmu && ' '(void)smmu,'
	;;
# --- classic MC-SMMU
classic-ptc-after-tlb)
	replace tegra_smmu.c 'flush_ptc(smmu, d, r->iova, r->size);' ';'
	replace tegra_smmu.c 'flush_tlb(smmu, d, r->iova, r->size);' \
		'{ flush_tlb(smmu, d, r->iova, r->size);
		flush_ptc(smmu, d, r->iova, r->size); }'
	;;
classic-map-without-flush)
	replace tegra_smmu.c '.mapped = mapped,' ''
	replace tegra_smmu.c 'static int mapped(' \
		'static __attribute__((unused)) int mapped('
	;;
classic-line-unaligned)
	replace tegra_smmu.c 'pa &= ~(uint64_t)(tegra_of(smmu)->line - 1);' \
		'pa &= ~7ull;'
	;;
classic-disabled-swgroup)
	replace tegra_smmu.c 'SWGROUP_ENABLE | asid' \
		'asid == BLOCKED ? 0 : SWGROUP_ENABLE | asid'
	;;
none)
	;;
*)
	die "no such break"
	;;
esac
