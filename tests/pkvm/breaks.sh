# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# shellcheck shell=sh disable=SC2154
# Sourced with $name: one thing broken in the port to Linux, which its hosted test
# must object to; as tests/seeded/breaks.sh. Those of a booted kernel are in
# ports/pkvm/test/breaks.

case $name in
# --- take-over
error-ignored)
	replace el1/takeover.c 'if (status) return failed("finalise", status);' '' ;;
doorbell-undeclared)
	replace el1/takeover.c 's64 err = setup(HYPIOMMU_SETUP_DOORBELL, base,
		size, 0, 0, NULL);' 's64 err = 0;' ;;
setup-for-ever)
	replace pkvm/el2/setup.c 'if (!building || ready)' 'if (!building)' ;;
unmapped-ram)
	replace pkvm/el2/owner.c 'if (reg->flags & MEMBLOCK_NOMAP)' 'if (0)' ;;
# --- registers
xzr-load)
	replace pkvm/el2/abort.c 'else if (!t->write && t->reg != 31)' \
		'else if (!t->write)' ;;
not-skipped)
	replace pkvm/el2/abort.c 'kvm_skip_host_instr();' ';' ;;
aarch32-vector)
	replace pkvm/el2/abort.c 'vector = 0x600;' 'vector = 0x400;' ;;
second-page-open)
	replace pkvm/el2/abort.c 'hypiommu_window_offset(addr), t->size' \
		'hypiommu_window_offset(addr) & 0xffff, t->size' ;;
window-open)
	replace pkvm/el2/window.c 'else return -EPERM;' '' ;;
# --- ownership
owner-not-asked)
	replace pkvm/el2/owner.c 'p[i].dma = allow ? 0 : HYPIOMMU_DMA_BARRED;' \
		'p[i].dma = 0;' ;;
pin-not-asked)
	replace pkvm/el2/owner.c 'if (p[i].dma & ~HYPIOMMU_DMA_BARRED)' \
		'if (0)' ;;
any-mmio)
	replace pkvm/el2/owner.c 'return is_doorbell(phys, size) ? HYPIOMMU_OK :
		HYPIOMMU_E_PERM;' 'return HYPIOMMU_OK;' ;;
list-unchecked)
	replace pkvm/el2/owner.c ': !pin_page(p))' ': (pin_page(p), 0))' ;;
list-undone)
	replace pkvm/el2/owner.c 'unpin_run(p, done); return false;' \
		'return false;' ;;
topped-up-undonated)
	replace pkvm/el2/tables.c \
		'__pkvm_host_donate_hyp(hyp_phys_to_pfn(phys), pages)' '0' ;;
# --- the front-end
partial-is-all)
	replace hypiommu-iommu/mappings.c 'batch_advance(b, x[1]);' \
		'batch_advance(b, b->bytes);' ;;
map-once)
	replace hypiommu-iommu/mappings.c '*mapped += x[1];' '*mapped = size;' ;;
unmap-once)
	replace hypiommu-iommu/mappings.c 'if (!status) done += x[1];' \
		'done = size;' ;;
record-kept)
	replace hypiommu-iommu/mappings.c \
		'record_unmap(&d->record, iova, size);' '' ;;
failed-batch-kept)
	replace hypiommu-iommu/mappings.c 'if (batch_mine(d->batches))
		batch_flush(d, batch_mine(d->batches));' '' ;;
no-top-up)
	replace hypiommu-iommu/mappings.c 'if (want[2])' 'if (1)' ;;
segment-packed-wrong)
	replace hypiommu-iommu/batch.h 'high >> (PAGE_SHIFT - 4)' \
		'high >> (PAGE_SHIFT - 3)' ;;
batch-overfull)
	replace hypiommu-iommu/batch.h 'b->count >= (' 'b->count > (' ;;
move-without-detach)
	replace hypiommu-iommu/domain.c 'err = detach(master);
	if (!err) err = attach(master, d);' 'err = attach(master, d);' ;;
blocked-in-name)
	replace hypiommu-iommu/domain.c 'mutex_lock(&master->lock);
	err = detach(master); mutex_unlock(&master->lock); return err;' \
		'return 0;' ;;
error-of-attach)
	replace hypiommu-iommu/domain.c 'return hypiommu_errno(status);
		} enter(master, d);' 'return 0; } enter(master, d);' ;;
domain-unlisted)
	replace hypiommu-iommu/domain.c \
		'list_add_tail(&master->node, &d->masters);' \
		'INIT_LIST_HEAD(&master->node);' ;;
past-forgotten)
	replace hypiommu-iommu/domain.c \
		'd->smmu->past_maps += atomic64_read(&d->maps);' '' ;;
fault-misnamed)
	replace hypiommu-iommu/core.c 'u16 reason = x[1] >> 32' \
		'u16 reason = x[1] >> 48' ;;
not-blocked)
	replace hypiommu-iommu/core.c 'smmu->kind->block(smmu);
		smmu->blocked = true;' 'smmu->blocked = true;' ;;
not-blocked-again)
	replace hypiommu-iommu/core.c 'if (smmu->blocked)' 'if (0)' ;;
suspend-forgotten)
	replace hypiommu-iommu/core.c \
		'return power(dev, HYPIOMMU_PKVM_SUSPEND, &smmu->suspends);' \
		'atomic64_inc(&smmu->suspends); return 0;' ;;
resume-forgotten)
	replace hypiommu-iommu/core.c \
		'return power(dev, HYPIOMMU_PKVM_RESUME, &smmu->resumes);' \
		'atomic64_inc(&smmu->resumes); return 0;' ;;
# --- Tegra234
tegra-xzr-store)
	replace pkvm/el2/abort.c \
		'addr, t->reg == 31 ? 0 : cpu_reg(host_ctxt, t->reg)' \
		'addr, cpu_reg(host_ctxt, t->reg)' ;;
tegra-one-frame)
	replace pkvm/el2/tegra.c 'config.frames; i++)' '1; i++)' ;;
tegra-block-open)
	replace pkvm/el2/tegra.c \
		'block_count ? take_block(base, size, &window)' 'block_count ? 0' ;;
tegra-clients-undeclared)
	replace el1/takeover.c 'return declared("memory client",
		setup(HYPIOMMU_SETUP_CLIENT, client, smmu->number, sid, 0,
		NULL));' 'return 0;' ;;
tegra-firmware-undeclared)
	replace el1/machine.c 'err = fn(MPCOREW, ctx);' 'err = 0;' ;;
tegra-sleeps-open)
	replace pkvm/el2/tegra.c 'if (h && hypiommu_tegra_present())' 'if (0)' ;;
tegra-controller-sleeps)
	replace pkvm/el2/tegra.c 'sleeper.has_client = true;' '' ;;
tegra-first-block)
	replace hypiommu-iommu/tegra-smmu.c 'of_iomap(mc, sid)' 'of_iomap(mc, 0)' ;;
tegra-firmware-stopped)
	replace hypiommu-iommu/tegra-smmu.c \
		'if (!hypiommu_client_is_firmware(id))' 'if (1)' ;;
tegra-irq-twice)
	replace hypiommu-iommu/tegra-smmu.c \
		'while (k < count && known[k] != irq)' 'while (k < count)' ;;
tegra-other-smmu)
	replace hypiommu-iommu/domain.c 'if (d->smmu != master->smmu)' 'if (0)' ;;
tegra-twice-is-error)
	replace hypiommu-iommu/domain.c 'if (status == HYPIOMMU_E_BUSY && i)' \
		'if (0)' ;;
# --- Android: the list adapter of the module's EL1 half
android-list-narrow)
	replace android/el1/call.c '*pa = narrow ? (value >> 4) << PAGE_SHIFT' \
		'*pa = narrow ? value << PAGE_SHIFT' ;;
android-list-wide)
	replace android/el1/call.c \
		'narrow ? HYPIOMMU_PKVM_NARROW_MAX - 1 : ~PAGE_MASK' \
		'HYPIOMMU_PKVM_NARROW_MAX - 1' ;;
android-list-done)
	replace android/el1/call.c 'x[0] = done ? HYPIOMMU_OK : err;
	x[1] = done;' 'x[0] = done ? HYPIOMMU_OK : err; x[1] = count << 12;' ;;
android-list-in-place)
	replace android/el1/call.c 'x[2] + done, pa' 'x[2], pa' ;;
android-list-goes-on)
	replace android/el1/call.c 'if (mapped < size) break;' '' ;;
android-prot-lost)
	replace android/el1/call.c '(u32)x[3], &mapped' '1, &mapped' ;;
android-power-swapped)
	replace android/el1/call.c 'x[0] == HYPIOMMU_PKVM_RESUME' \
		'x[0] == HYPIOMMU_PKVM_SUSPEND' ;;
android-unmap-claims)
	replace android/el1/call.c 'return *unmapped ? HYPIOMMU_OK :
		HYPIOMMU_E_NOENT;' '*unmapped = size; return HYPIOMMU_OK;' ;;
none)
	;;
*) die "no such break" ;;
esac
