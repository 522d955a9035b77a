# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# Sourced with $name: one thing broken in a copy of the port (replace FILE OLD
# NEW), and the boot that must object (boot.sh's TEST, CPU and options). Read by
# run.sh, which lists the names, too.

# As in ../run.sh.
impatient="disk=nvme0n1 deferred_probe_timeout=1 nvme_core.io_timeout=1"
impatient="$impatient nvme_core.admin_timeout=1 nvme_core.max_retries=0"
ours=initcall_blacklist=hypiommu_smmuv3_driver_init

# nobody: no driver of the SMMU at all
nobody() {
	objector closed cortex-a57 --virtio no --append \
		"why=nobody $impatient $ours,arm_smmu_driver_init"
}

objector attacks cortex-a57
case $name in
# --- take-over
takeover-left-out)
	replace el1/takeover.c 'if (!err && !machine_smmu_count)' 'if (1)'
	nobody
	;;
streams-bypass)
	replace smmuv3/strtab.c 'smmuv3_store(smmu, &stes[i * STE_WORDS],
			     STE0_V | STE0_CONFIG_ABORT);' \
		'smmuv3_store(smmu, &stes[i * STE_WORDS], STE0_V | 4ull << 1);'
	nobody
	;;
stock-driver-known)
	replace smmuv3/reset.c 'err = smmuv3_invalidate_everything(smmu);' \
		'err = 0;'
	objector closed cortex-a57 --virtio no --append \
		"why=stock $impatient $ours"
	;;
unprotected-not-blocked)
	replace hypiommu-iommu/core.c 'smmu->kind->block(smmu);
		smmu->blocked = true;' ''
	objector closed cortex-a57 --virtio no --mode nvhe \
		--append "why=unprotected $impatient"
	;;
# --- registers
window-open)
	replace pkvm/el2/window.c 'if (start < windows[i].end && windows[i].start < end)
			return true;' ';'
	replace pkvm/el2/window.c 'else return -EPERM;' ''
	;;
window-not-clipped)
	replace pkvm/el2/window.c '*start = max(*start, windows[i].end);' ';'
	replace pkvm/el2/window.c '*end = min(*end, windows[i].start);' ';'
	;;
abort-hook-writes)
	replace pkvm/el2/abort.c 'if (t->write && passes)' 'if (t->write)'
	;;
abort-hook-tells)
	replace pkvm/el2/abort.c 't, passes ? hypiommu_window_read32(addr) : 0' \
		't, hypiommu_window_read32(addr)'
	;;
syndrome-trusted)
	replace pkvm/el2/abort.c 'if (!hypiommu_trap_decode(esr, &t)) {' \
		'if (!hypiommu_trap_decode(esr, &t) && 0) {'
	;;
not-skipped)
	replace pkvm/el2/abort.c 'kvm_skip_host_instr();' ';'
	;;
panic-for-a-page)
	replace upstream/apply.sh 'if (ret == -EPERM) {' 'if (0) {'
	;;
# --- ownership
pin-not-asked)
	replace pkvm/el2/owner.c 'if (p[i].dma & ~HYPIOMMU_DMA_BARRED)' 'if (0)'
	;;
owner-not-asked)
	replace pkvm/el2/owner.c 'p[i].dma = allow ? 0 : HYPIOMMU_DMA_BARRED;' \
		'p[i].dma = 0;'
	;;
pin-unlocked)
	replace pkvm/el2/owner.c 'hyp_spin_lock(&host_mmu.lock);
	if (!pin_all(p, count))
		err = why_not(p, count);
	hyp_spin_unlock(&host_mmu.lock);' 'if (!pin_all(p, count))
		err = why_not(p, count);'
	;;
list-not-asked)
	replace pkvm/el2/owner.c ': !pin_page(p))' ': (pin_page(p), 0))'
	;;
any-doorbell)
	replace pkvm/el2/owner.c 'return is_doorbell(phys, size) ? HYPIOMMU_OK :
		HYPIOMMU_E_PERM;' 'return HYPIOMMU_OK;'
	;;
doorbell-alone)
	replace pkvm/el2/owner.c 'if (from < to)' 'if (0)'
	;;
table-not-donated)
	replace pkvm/el2/tables.c '__pkvm_host_donate_hyp(hyp_phys_to_pfn(phys), pages)' \
		'0'
	;;
transition-forgotten)
	replace upstream/apply.sh \
		'hypiommu_dma_allow(addr, size, state == PKVM_PAGE_OWNED);' \
		'hypiommu_dma_allow(addr, size, true);'
	;;
# --- translation
unmap-not-synced)
	replace smmuv3/tlbi.c 'if (request->kind == TLB_PAGES)' \
		'if (domain->stage) return 0;
		if (request->kind == TLB_PAGES)'
	;;
narrow-list-wrong)
	replace pkvm/el2/call.c '((u64)(segment & 15) + 1) << PAGE_SHIFT' 'PAGE_SIZE'
	objector disks cortex-a57
	;;
list-unbounded)
	replace pkvm/el2/call.c 'count > (narrow ? HYPIOMMU_PKVM_NARROWS :
		HYPIOMMU_PKVM_SEGMENTS)' 'count > HYPIOMMU_PKVM_NARROWS'
	;;
# --- the front-end
no-top-up)
	replace hypiommu-iommu/mappings.c 'if (want[2])' 'if (1)'
	;;
identity-asked-for)
	replace hypiommu-iommu/domain.c 'return IOMMU_DOMAIN_DMA;' \
		'return IOMMU_DOMAIN_IDENTITY;'
	objector disks cortex-a57
	;;
domain-not-listed)
	replace hypiommu-iommu/domain.c \
		'list_add_tail(&master->node, &d->masters);' \
		'INIT_LIST_HEAD(&master->node);'
	objector disks cortex-a57
	;;
device-stays)
	replace hypiommu-iommu/domain.c \
		'mutex_lock(&master->lock); detach(master);
		mutex_unlock(&master->lock); kfree(master);' ''
	replace hypiommu-iommu/domain.c \
		'.release_domain = &blocked_domain,' ''
	objector disks cortex-a57
	;;
# --- sleep
suspend-forgotten)
	replace hypiommu-iommu/core.c \
		'return power(dev, HYPIOMMU_PKVM_SUSPEND, &smmu->suspends);' \
		'atomic64_inc(&smmu->suspends); return 0;'
	objector sleep cortex-a57
	;;
suspend-passes)
	replace pkvm/el2/call.c 'return hypiommu_smmu_suspend(h, a[1]);' \
		'return HYPIOMMU_OK;'
	objector sleep cortex-a57
	;;
resume-forgotten)
	replace hypiommu-iommu/core.c \
		'return power(dev, HYPIOMMU_PKVM_RESUME, &smmu->resumes);' \
		'atomic64_inc(&smmu->resumes); return 0;'
	objector sleep cortex-a57
	;;
resume-programs-nothing)
	replace pkvm/el2/call.c 'return hypiommu_smmu_reset(h, a[1]);' \
		'return HYPIOMMU_OK;'
	objector sleep cortex-a57
	;;
# --- what must not be objected to
none)
	objector disks cortex-a57
	;;
*) die "no such break" ;;
esac
