# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# shellcheck shell=sh disable=SC2154
# One case a break: replace FILE OLD NEW. Read by seeded.sh and by meson.build,
# which makes a test of every name.

no_unpin() {
	replace domain.c 'owner_unpin(ctx, pa, size);' \
		'(void)ctx, (void)pa, (void)size;'
	replace domain.c 'owner_unpin(&d->pages, c->pa, c->size);' ';'
}

case $name in
# --- what is invalidated
tlbi)
	replace tlb.c 'if (!domain->streams)' 'if (domain)'
	;;
tlbi-pages)
	replace smmuv3/tlbi.c '		add_pages(smmu, domain, request);' '		;'
	;;
tlbi-pages-short)
	replace smmuv3/tlbi.c 'at < r->size;' 'at + 4096 < r->size;'
	;;
tlbi-range)
	replace smmuv3/tlbi.c '		add_ranges(smmu, domain, request);' '		;'
	;;
tlbi-range-short)
	replace smmuv3/tlbi.c '(num - 1) << CMD0_NUM' '(num - 2) << CMD0_NUM'
	;;
tlbi-all)
	replace smmuv3/tlbi.c 'smmuv3_cmdq_add(smmu, by_domain(domain));' ';'
	;;
leaf-only)
	replace domain.c 'request.leaf_only = !c->tables;' \
		'request.leaf_only = true;'
	;;
split-invalidate)
	replace domain.c \
		'err = tlb_invalidate(&h->smmus[d->smmu], d, &request);' \
		'err = 0;'
	;;
asid-reuse)
	replace attach.c 'err = tlb_invalidate_all(smmu, d);' 'err = 0;'
	;;
# --- when it has completed
sync-wait)
	replace cmdq.c 'if (!q->failed)
		consume(smmu);' 'if (!q->failed)
		ring(smmu);'
	;;
sync-command)
	replace cmdq.c 'smmuv3_cmdq_add(smmu, cmd_sync);' ';'
	;;
sync-of-unmap)
	replace smmuv3/tlbi.c 'return smmuv3_cmdq_sync(smmu);' 'return 0;'
	;;
command-error)
	replace cmdq.c 'if (err || !q->errors)' 'if (err || q)'
	;;
doorbell-barrier)
	replace cmdq.c 'hypiommu_env_before_doorbell();
	smmu_write32(smmu, SMMU_CMDQ_PROD' 'smmu_write32(smmu, SMMU_CMDQ_PROD'
	;;
cmdq-wrap)
	replace cmdq.c '(q->prod + 1) & (2 * capacity - 1)' \
		'(q->prod + 1) & (capacity - 1)'
	;;
cmdq-full)
	replace cmdq.c 'if (q->batch == capacity)' \
		'if (q->batch == 2 * capacity)'
	;;
# --- pins and owners
pin)
	replace map.c 'err = owner_pin(&d->pages, pa, size);' 'err = 0;'
	replace map.c 'owner_unpin(&d->pages, pa + m->size, size - m->size);' ';'
	no_unpin
	;;
pin-ignored)
	replace owner.c '*found = p->words[i];' \
		'*found = p->words[i] & WORD_CLASS;'
	;;
unpin)
	no_unpin
	;;
unpin-before-sync)
	replace domain.c \
		'int err = tlb_invalidate(&h->smmus[d->smmu], d, request);' \
		'int err = 0;'
	replace domain.c 'c->size = 0;
	return HYPIOMMU_OK;' \
		'err = tlb_invalidate(&h->smmus[d->smmu], d, request);
	c->size = 0;
	return err;'
	;;
unpin-on-timeout)
	replace domain.c \
		'int err = tlb_invalidate(&h->smmus[d->smmu], d, request);' \
		'int err = 0;
	(void)tlb_invalidate(&h->smmus[d->smmu], d, request);'
	;;
owner-any)
	replace owner_pins.h \
		'if (p.chunk->word == BY_PAGE && !((pinned ^ u->class) & WORD_CLASS)) {' \
		'if (p.chunk->word == BY_PAGE) {'
	;;
owner-shared)
	replace owner_pins.h \
		'!((pinned ^ u->class) & WORD_CLASS)' \
		'!((pinned ^ u->class) & 0x01fc0000u)'
	replace owner_pins.h 'if (unlike & WORD_PAIR(WORD_CLASS))' \
		'if (unlike & WORD_PAIR(0x01fc0000u))'
	;;
owner-any-run)
	replace owner_pins.h 'if (unlike & WORD_PAIR(WORD_CLASS))' 'if (0)'
	;;
rollback)
	replace map.c 'undo = domain_clear(' 'undo = 0; if (0) domain_clear('
	;;
# --- tables
publish-table)
	replace engine_map.h 'hypiommu_env_publish();
	store(pt, path->at[from], top);' 'store(pt, path->at[from], top);'
	# A second barrier makes up for the first.
	replace pool.c 'hypiommu_env_publish();' ';'
	;;
publish-leaf)
	replace map.c 'hypiommu_env_publish();' ';'
	;;
scrub)
	replace pool.c 'hypiommu_env_store64(&words[i], 0);' ';'
	;;
clean-tables)
	replace engine.h 'if (!pt->config.coherent)
		hypiommu_env_clean(p, count * sizeof(*p));' ';'
	;;
clean-entry)
	replace engine.h 'store_raw(p, d);
	clean(pt, p, 1);' 'store_raw(p, d);'
	;;
clean-structures)
	replace backends/smmuv3/smmuv3.h 'if (!smmu->coherent)
		hypiommu_env_clean(p, sizeof(*p));' ';'
	;;
rights-stage1)
	replace lpae.h 'attr |= S1_AP_RDONLY;' ';'
	;;
rights-stage2)
	replace lpae.h 'if (prot & HYPIOMMU_PROT_WRITE)
		attr |= S2_AP_WRITE;' 'attr |= S2_AP_WRITE;'
	;;
rights-stage2-read)
	replace lpae.h 'if (prot & HYPIOMMU_PROT_READ)
		attr |= S2_AP_READ;' 'attr |= S2_AP_READ;'
	;;
# --- streams
ste-order)
	replace strtab.c 'for (uint32_t i = 1; i < STE_WORDS; i++)' \
		'for (uint32_t i = 0; i < STE_WORDS; i++)'
	;;
ste-cfgi)
	replace strtab.c 'err = forget_config(smmu, stream->sid);
	if (err)' 'err = 0;
	if (err)'
	;;
ste-initial)
	replace strtab.c 'STE0_V | STE0_CONFIG_ABORT);
}' 'STE0_V | 4ull << 1);
}'
	;;
attach-cfgi)
	replace strtab.c 'smmuv3_store(smmu, &ste[0], want[0]);
	return forget_config(smmu, stream->sid);' \
		'smmuv3_store(smmu, &ste[0], want[0]);
	return 0;'
	;;
detach-ste)
	replace strtab.c \
		'smmuv3_store(smmu, &ste[0], STE0_V | STE0_CONFIG_ABORT);' ';'
	;;
detach-cfgi)
	replace strtab.c 'STE0_V | STE0_CONFIG_ABORT);
	return forget_config(smmu, stream->sid);' \
		'STE0_V | STE0_CONFIG_ABORT);
	return 0;'
	;;
detach-cfgi-cd)
	replace strtab.c 'smmuv3_cmdq_add(smmu, cds);' '(void)cds;'
	;;
# --- registers
gbpa)
	replace smmuv3/reset.c 'int err = set_gbpa_abort(smmu);' 'int err = 0;'
	;;
reset-invalidate)
	replace smmuv3/reset.c 'err = smmuv3_invalidate_everything(smmu);' 'err = 0;'
	;;
poison)
	replace smmu.c 'smmu->ops->abort_all(smmu);
		smmu_notice' 'smmu_notice'
	;;
suspend)
	replace smmu.c 'smmu->ops->abort_all(smmu);
	err = smmu->ops->quiet(smmu);' 'err = 0;'
	;;
evtq-overflow)
	replace evtq.c 'q->cons = ((q->cons + 1) & mask) |
		  (uint32_t)(prod & EVENTQ_OVFLG);' \
		'q->cons = (q->cons + 1) & mask;'
	;;
# --- locks
lock-order)
	replace machine.c 'err = smmu->ops->prepare(smmu);' \
		'hypiommu_env_lock(&smmu->lock);
	err = smmu->ops->prepare(smmu);
	hypiommu_env_unlock(&smmu->lock);'
	;;
lock-left)
	replace hcall.c 'if (err || may_see(h, caller, smmu->index, &rec))
			break;' 'if (err) return err;
		if (may_see(h, caller, smmu->index, &rec))
			break;'
	;;
# --- fault records that tell of nothing a device did
fault-of-another-slot)
	replace smmuv3/evtq.c 'q->entries[(q->cons & (mask >> 1))' \
		'q->entries[(q->cons + 1 & (mask >> 1))'
	;;
fault-read-for-write)
	replace smmuv3/evtq.c 'address && !(w[1] & EVENT1_RNW)' \
		'address && w[1] & EVENT1_RNW'
	;;
fault-told-twice)
	replace smmuv3/evtq.c 'q->cons = ((q->cons + 1) & mask)' \
		'q->cons = ((q->cons + !(q->cons & 3)) & mask)'
	;;
fault-of-the-owner-before)
	replace hcall.c 'caller == s->owner && rec->number >= s->faults_from' \
		'caller == s->owner'
	;;
none)
	;;
*)
	die "no such break"
	;;
esac
