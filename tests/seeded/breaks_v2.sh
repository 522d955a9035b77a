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
faults-cleared-in-the-other)
	replace smmuv2-tegra/fault.c \
		'smmuv2_write_one(smmu, frame,
			 smmuv2_bank(smmuv2_of(smmu), bank) + CB_FSR,' \
		'smmuv2_write(smmu,
			 smmuv2_bank(smmuv2_of(smmu), bank) + CB_FSR,'
	;;
faults-at-large-cleared-in-the-other)
	replace smmuv2-tegra/fault.c \
		'smmuv2_write_one(smmu, frame, SGFSR, record->code);' \
		'smmuv2_write(smmu, SGFSR, record->code);'
	;;
faults-of-the-first-frames-stream)
	replace smmuv2-tegra/fault.c \
		'smmuv2_read(smmu, frame, s->gr1 + CBFRSYNRA(bank))' \
		'smmuv2_read(smmu, 0, s->gr1 + CBFRSYNRA(bank))'
	;;
faults-of-a-busy-bank-only)
	replace smmuv2-tegra/fault.c 's->fault_next = bank + 1;' \
		's->fault_next = bank;'
	;;
mirror-says-otherwise)
	replace smmuv2-tegra/ident.c 'smmuv2_read(smmu, i, IDR1) != idr1 ||' ''
	;;
# --- context banks
mc-reset-of-anothers-banks)
	replace smmuv2-tegra/reset.c \
		'd->state != DOMAIN_FREE && d->smmu == smmu->index' \
		'd->state != DOMAIN_FREE'
	;;
banks-entry-that-is-none)
	replace smmuv2-tegra/reset.c 'stream->domain == HYPIOMMU_NO_DOMAIN ||
		    stream->hw == SMMUV2_NO_MATCH)' \
		'stream->domain == HYPIOMMU_NO_DOMAIN)'
	;;
banks-first-frame-denied)
	replace smmuv2-tegra/reset.c \
		'if (!(smmuv2_read(smmu, i, SCR0) & SCR0_CLIENTPD))' \
		'if (!i && !(smmuv2_read(smmu, i, SCR0) & SCR0_CLIENTPD))'
	;;
banks-first-frame-asked)
	replace smmuv2-tegra/reset.c 'smmuv2_read(smmu, i, SCR0) & SCR0_CLIENTPD' \
		'smmuv2_read(smmu, 0, SCR0) & SCR0_CLIENTPD'
	;;
banks-first-frame-resumed)
	replace smmuv2-tegra/reset.c 'if (fsr & FSR_SS)' 'if (!i && fsr & FSR_SS)'
	;;
mc-denied-into-a-later-smmu)
	replace tegra234_mc.c 'i < h->smmu_count; i++) {
		if (stream_find' 'i < 1; i++) {
		if (stream_find'
	;;
kind-last-va)
	replace smmuv2-tegra/tlbi.c 'iova >> 12 | (uint64_t)asid << TTBR_ASID' \
		'(uint32_t)(iova >> 12) | (uint64_t)asid << TTBR_ASID'
	;;
kind-last-ipa)
	replace smmuv2-tegra/tlbi.c 'CB_TLBIIPAS2),
			       iova >> 12);' 'CB_TLBIIPAS2),
			       (uint32_t)(iova >> 12));'
	;;
kind-tables-too-far)
	replace smmuv2-tegra/context.c '1ull << config->oas' '1ull << s->oas'
	;;
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
mirror-faults)
	replace smmuv2-tegra/fault.c 'frame < s->frames; frame++) {
			if (context_fault' 'frame < 1; frame++) {
			if (context_fault'
	;;
faults-not-forgotten)
	replace smmuv2-tegra/smmuv2.c \
		'.forget_faults = smmuv2_forget_faults,' ''
	;;
faults-forgotten-of-one-mirror)
	replace smmuv2-tegra/fault.c 'i < smmuv2_of(smmu)->frames; i++)
		forget_in' 'i < 1; i++)
		forget_in'
	;;
faults-forgotten-of-contexts)
	replace smmuv2-tegra/fault.c \
		'if (global_fault(smmu, frame, &r) && r.sid == sid)' 'if (0)'
	;;
faults-forgotten-of-all)
	replace smmuv2-tegra/fault.c \
		'if (context_fault(smmu, frame, i, &r) && r.sid == sid)' \
		'if (context_fault(smmu, frame, i, &r))'
	;;
usfcfg)
	replace smmuv2-tegra/regs.h 'SCR0_USFCFG | SCR0_VMIDPNE' 'SCR0_VMIDPNE'
	;;
smcfcfg)
	replace smmuv2-tegra/regs.h '| SCR0_SMCFCFG)' ')'
	;;
clientpd)
	replace smmuv2-tegra/regs.h '(SCR0_GFRE |' '(SCR0_CLIENTPD | SCR0_GFRE |'
	;;
fault-reports)
	replace smmuv2-tegra/regs.h '(SCR0_GFRE | SCR0_GFIE |' '('
	;;
prefetch)
	replace smmuv2-tegra/reset.c '~ACTLR_CPRE' '~0u'
	;;
pages-only)
	replace smmuv2-tegra/context.c 'if (smmuv2_of(smmu)->pages_only)' 'if (0)'
	;;
# --- TLB
tlbi-leaf-only)
	replace smmuv2-tegra/tlbi.c 'request->iova + i, request->leaf_only);' \
		'request->iova + i, true);'
	;;
tlbi-ipa)
	replace smmuv2-tegra/tlbi.c 'at + (leaf_only ? CB_TLBIIPAS2L : CB_TLBIIPAS2)' \
		'at + (leaf_only ? CB_TLBIVAL : CB_TLBIVA)'
	;;
tlbi-vmid)
	replace smmuv2-tegra/tlbi.c 'smmuv2_write(smmu, TLBIVMID, smmuv2_tag(d));' ';'
	;;
tlbi-asid)
	replace smmuv2-tegra/tlbi.c 'smmuv2_write(smmu, at + CB_TLBIASID, smmuv2_tag(d));' ';'
	;;
wrong-asid)
	replace smmuv2-tegra/tlbi.c \
		'iova >> 12 | (uint64_t)asid << TTBR_ASID' 'iova >> 12'
	;;
detach-sync)
	replace smmuv2-tegra/stream.c \
		'err = smmuv2_sync(smmu, STLBGSYNC, STLBGSTATUS);' 'err = 0;'
	;;
reset-late-lookups)
	replace smmuv2-tegra/reset.c \
		'err ? err : smmuv2_sync(smmu, STLBGSYNC, STLBGSTATUS)' 'err'
	;;
reset-invalidate)
	replace smmuv2-tegra/reset.c 'err = smmuv2_invalidate_everything(smmu);' 'err = 0;'
	;;
reset-reopens)
	replace smmuv2-tegra/reset.c 'smmuv2_write(smmu, SGFSR, ~0u);' \
		'smmuv2_write(smmu, SCR0, SCR0_CLIENTPD);
	smmuv2_write(smmu, SCR0, SCR0_DENY);'
	;;
abort-smr-only)
	replace smmuv2-tegra/reset.c 'smmuv2_write(smmu, S2CR(i), S2CR_FAULT);' ';'
	;;
smr-before-s2cr)
	replace smmuv2-tegra/stream.c \
		'int err = smmuv2_set(smmu, S2CR(stream->hw), S2CR_TRANSLATE | bank);' \
		'int err = smmuv2_set(smmu, SMR(stream->hw), smr_of(s, stream->sid));
	if (!err) err = smmuv2_set(smmu, S2CR(stream->hw), S2CR_TRANSLATE | bank);'
	;;
stalled-transaction)
	replace smmuv2-tegra/reset.c 'RESUME_TERMINATE' '(RESUME_TERMINATE & 0)'
	;;
tlbsync)
	replace smmuv2-tegra/mmio.c 'smmuv2_write(smmu, sync, 0);' \
		'return HYPIOMMU_OK;'
	;;
tlbi-va)
	replace smmuv2-tegra/tlbi.c 'by_iova(smmu, domain, request->iova + i, request->leaf_only);' \
		'(void)by_iova;'
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
mc-sid-after-security)
	replace smmuv2-tegra/tegra234_mc.c 'mc_write(h, OVERRIDE(id), sid);
	mc_write(h, SECURITY(id), OVERRIDE_ON | lock);' 'mc_write(h, SECURITY(id), OVERRIDE_ON | lock);
	mc_write(h, OVERRIDE(id), sid);'
	;;
mc-resume)
	replace smmuv2-tegra/reset.c 'err = tegra234_mc_route(smmu, stream);' 'err = 0;'
	;;
mc-by-way-of-pass)
	replace smmuv2-tegra/tegra234_mc.c 'mc_write(h, OVERRIDE(id), sid);' \
		'mc_write(h, OVERRIDE(id), SID_PASS); mc_write(h, OVERRIDE(id), sid);'
	;;
mc-read-back)
	replace smmuv2-tegra/tegra234_mc.c '(override & SID_MASK) != sid ||' ''
	;;
mc-first-client-only)
	replace smmuv2-tegra/tegra234_mc.c 'while (!err && (client' 'if (!err && (client'
	;;
# --- classic MC-SMMU
classic-tlb-only)
	replace tegra_smmu.c 'flush_ptc(smmu, d, r->iova, r->size);' ';'
	;;
classic-fini-directory)
	replace tegra_smmu.c 'set_directory(smmu, d->hw_id, tegra_of(smmu)->empty_pa);' ';'
	;;
classic-no-read-back)
	replace tegra_smmu.c 'if (smmu_read32(smmu, SMMU_CONFIG) == ~0u)' 'if (!smmu)'
	;;
classic-asid-shift)
	replace tegra_smmu.c 'tegra_of(smmu)->asids == 4 ? 29 : 24' '24'
	;;
classic-client-switch)
	replace tegra_smmu.c '!err && i < s->enable_count' 'i != i'
	;;
classic-high-address)
	replace tegra_smmu.c 'if (tegra_of(smmu)->address_bits > 32)' 'if (0)'
	;;
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
