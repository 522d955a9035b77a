# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# shellcheck shell=sh disable=SC2154
# Sourced with $name: one thing broken in the Android module, which its hosted
# test must object to; as tests/seeded/breaks.sh.

case $name in
# --- take-over
stop-late)
	replace android/el2/init.c 'return err ? err : hypiommu_kind.stop_smmu(smmu);' \
		'return err;' ;;
registers-kept)
	replace android/el2/init.c 'err = take_frames();' 'err = 0;' ;;
pages-kept)
	replace android/el2/init.c 'err = donate(&hypiommu_machine.tables);' \
		'err = 0;' ;;
error-ignored)
	replace android/el2/init.c \
		'err = hypiommu_pkvm->iommu_init_device(&hypiommu_iommus[i]);' \
		'hypiommu_pkvm->iommu_init_device(&hypiommu_iommus[i]);' ;;
dead-instance)
	replace android/el2/ops.c 'if (!hypiommu_instance) { *r' 'if (0) { *r' ;;
core-trusted)
	replace android/el2/init.c '!ops->pkvm_unuse_dma ||' '' ;;
cpus-trusted)
	replace android/el2/init.c 'm->cpus > HYPIOMMU_MACHINE_CPUS ||' '' ;;
bypass-late)
	replace common/stop_smmuv3.h \
		's->write(s->ctx, SMMU_GBPA, GBPA_UPDATE | GBPA_ABORT);' \
		's->write(s->ctx, SMMU_CR0, 0);
		s->write(s->ctx, SMMU_GBPA, GBPA_UPDATE | GBPA_ABORT);' ;;
# --- ownership
any-mmio)
	replace android/el2/owner.c 'if (*mmio && !is_doorbell(pa, size))' 'if (0)' ;;
mmio-as-ram)
	replace android/el2/owner.c '*mmio = !is_ram(pa, size);' '*mmio = false;' ;;
lowered-twice)
	replace android/el2/owner.c 'if (r->active) unpin_of_request' \
		'if (0) unpin_of_request' ;;
blocks-as-one)
	replace android/el2/owner.c '{ if (is_ram(pa, size)) {' \
		'{ if (is_ram(pa, HYPIOMMU_PAGE_SIZE)) {' ;;
never-lowered)
	replace android/el2/owner.c 'else unuse(pa, size);' ';' ;;
undo-forgotten)
	replace android/el2/owner.c 'kept = r->size;' ';' ;;
part-of-a-unit)
	replace android/el2/owner.c 'part ? mapped - part + r->unit : mapped' \
		'mapped' ;;
units-trusted)
	replace android/el2/ops.c \
		'if (!pgsize || pgsize & (HYPIOMMU_PAGE_SIZE - 1))' 'if (0)' ;;
one-request)
	replace android/el2/owner.c \
		'&requests[hypiommu_pkvm->hyp_smp_processor_id()]' \
		'&requests[0]' ;;
# --- what is refused
guest-domains)
	replace android/el2/ops.c \
		'if (domain->domain_id >= KVM_IOMMU_MAX_DOMAINS / 2)' 'if (0)' ;;
identity-domains)
	replace android/el2/ops.c 'type < HYPIOMMU_MACHINE_TYPE(0) ||' 'type < 0 ||'
	replace android/el2/ops.c '(u32)(type - HYPIOMMU_MACHINE_TYPE(0))' '0' ;;
pasids)
	replace android/el2/ops.c 'if (pasid || pasid_bits || flags)' 'if (0)' ;;
some-smmu)
	replace android/el2/ops.c 'return id < hypiommu_machine.smmu_count ?' \
		'return id < 99 ?' ;;
# --- mappings
unmap-says-done)
	replace android/el2/ops.c 'return call(&r) ? 0 : (size_t)r.x[1];' \
		'call(&r); return (size_t)r.x[1];' ;;
sync-forgotten)
	replace android/el2/ops.c \
		'if (__atomic_load_n(&unfinished, __ATOMIC_RELAXED))' 'if (0)' ;;
free-once)
	replace android/el2/ops.c 'if (!free_some(number(domain), &rounds))
		dying[dying_count++] = number(domain);' \
		'free_some(number(domain), &rounds);' ;;
free-at-once)
	replace android/el2/ops.c '&& *rounds; --*rounds)' '; )' ;;
dying-forgotten)
	replace android/el2/ops.c '&& free_some(dying[dying_count - 1], rounds))' \
		')' ;;
domains-trusted)
	replace android/el2/init.c 'm->domains > HYPIOMMU_MACHINE_DOMAINS ||' '' ;;
# --- registers
writes-pass)
	replace android/el2/window.c 'if (t->write) { if (may)' 'if (t->write) {' ;;
reads-pass)
	replace android/el2/window.c 't, may ? host_read(va, t->size) : 0' \
		't, host_read(va, t->size)' ;;
xzr-is-sp)
	replace android/el2/window.c 'if (t->reg != 31) regs->regs' 'regs->regs' ;;
syndrome-trusted)
	replace android/el2/window.c 'if (!hypiommu_trap_decode(esr, &t))' \
		'if (!hypiommu_trap_decode(esr, &t) && 0)' ;;
second-page-open)
	replace android/el2/smmuv3.c 'pa - r->base, t->size' \
		'(pa - r->base) & 0xffff, t->size' ;;
no-extension)
	replace common/trap.h 'if (t->sign && val & sign)' 'if (0)' ;;
# --- Tegra234
mc-unmatched-late)
	replace common/stop_tegra234.h \
		'if (!(s->read(s->ctx, SMMUV2_SCR0) & SCR0_CLIENTPD))' 'if (0)' ;;
mc-stop-late)
	replace android/el2/init.c 'mc = hypiommu_kind.stop_mc();' ';' ;;
mc-one-frame)
	replace android/el2/tegra234.c \
		'k < hypiommu_machine.smmu[smmu].frames;' 'k < 1;' ;;
mc-firmware-stopped)
	replace android/el2/tegra234.c 'if (!is_firmware(id))' 'if (1)' ;;
mc-sid-open)
	replace common/trap_tegra234_mc.h 'if (sid ||' 'if (' ;;
mc-writes-open)
	replace common/trap_tegra234_mc.h 'if (t->write) return false;' '' ;;
mc-list-repeats)
	replace android/el2/tegra234.c 'i == 0, pa - r->base, t' \
		'i == 0, (pa - r->base) & 0xffff, t' ;;
mc-carveout-wide)
	replace common/trap_tegra234_mc.h \
		'low < 5 * 0x50 && low % 0x50 < 12' 'low < 5 * 0x50' ;;
mc-sleeps-open)
	replace android/el2/sleep.c 'if (what == PKVM_PSCI_CPU_ENTRY &&' \
		'if (0 &&' ;;
mc-sleep-always)
	replace common/sleep_tegra234.h 'if (!hypiommu_sleep_forgot(s)) return;' \
		'' ;;
mc-sleep-of-smmus)
	replace common/sleep_tegra234.h 'return s->has_client && !' 'return 0 && !' ;;
mc-sleep-of-mc)
	replace common/sleep_tegra234.h \
		'if (!hypiommu_smmuv2_denies(&stop)) return true;' ';' ;;
mc-sleep-half)
	replace common/sleep_tegra234.h \
		'else (void)hypiommu_smmu_reset(h, s->smmu[i].number);' '' ;;
mc-blocks-kept)
	replace android/el2/init.c \
		'err = hypiommu_window_take(hypiommu_mc_windows[i]);' ';' ;;
none)
	;;
*) die "no such break" ;;
esac
