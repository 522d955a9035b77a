# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# shellcheck shell=sh disable=SC2154
# What the unit tests object to by themselves; as breaks.sh.

case $name in
# --- pins of whole chunks
owner-spill)
	replace pins.c 'change(first, CHUNK_PAGES, (int)pins);' ';'
	;;
owner-spill-short)
	replace pins.c 'change(first, CHUNK_PAGES,' \
		'change(first, CHUNK_PAGES - 1,'
	;;
owner-uniform)
	replace pins.c 'p->chunk->word == BY_PAGE && uniform(p->words, class)' \
		'p->chunk->word == BY_PAGE'
	;;
owner-part-of-chunk)
	replace pins.c 'if (p->count < CHUNK_PAGES)
		chunk_by_page(p);' 'if (p->count < CHUNK_PAGES)
		(void)0;'
	;;
owner-change-chunk)
	replace owner.c 'chunk_by_page(p);' ';'
	;;
owner-change-back)
	replace owner.c 'change(r, pa, done, via, from, &(uint32_t){ 0 });' ';'
	;;
owner-undo)
	replace pins.c 'change(w, count, -1);' '(void)w, (void)count;'
	;;
owner-undo-chunks)
	replace pins.c 'unpin_builtin(u, pa, done);' ';'
	;;
# A border of two MiB: the first part stays pinned, the second is not unpinned.
owner-undo-across)
	replace pins.c 'unpin_builtin(u, pa, first);' ';'
	;;
owner-unpin-across)
	replace pins.c 'unpin_builtin(u, pa + first, size - first);' ';'
	;;
# The last one or two pages of a run.
owner-last-word)
	replace owner_pins.h 'return unlike | add_word(last, odd * (uint32_t)pins, like);' \
		'add_word(last, odd * (uint32_t)pins, like);
	return unlike;'
	;;
owner-last-pair)
	replace owner_pins.h 'odd * (uint32_t)pins' '0'
	;;
# --- lists of segments
list-refused-pinned)
	replace map.c 'while (++i < pinned)
			owner_unpin(&d->pages, list[i].pa, list[i].size);' ';'
	;;
list-tail-pinned)
	replace map.c 'owner_unpin(&d->pages, list[i].pa + m->size,
			    list[i].size - m->size);' ';'
	;;
list-not-asked)
	replace map.c 'for (; i < count; i++) {
		err = map_locked(' 'for (; i < count; i++) {
		if (0)
			map_locked(d, 0, 0, 0, 0, m);
		err = map_pinned('
	;;
list-any-alignment)
	replace map.c '!(any & ((1ull << d->pt.config.granule_shift) - 1))' '1'
	;;
list-any-address)
	replace map.c '!(ends >> d->pt.config.oas) &&' ''
	;;
list-unbounded)
	replace map.c 'sum <= CALL_MAX_PAGES &&
	       !map_args' '!map_args'
	;;
list-undo)
	replace map.c 'if (m->size && err && err != HYPIOMMU_E_NOMEM) {' 'if (0) {'
	;;
list-over-pages)
	replace engine_map.h 'list->size != 1ull << GRANULE || load(e)' \
		'list->size != 1ull << GRANULE'
	;;
list-any-size)
	replace engine_map.h 'list->size != 1ull << GRANULE || load(e)' 'load(e)'
	;;
list-beyond-table)
	replace engine_map.h 'for (e = first; count && left; count--, left--, list++)' \
		'for (e = first; count; count--, list++)'
	;;
# --- what is remembered of where pages were found last
near-window)
	replace pins.c 'if (!r->mmio)
		remember(u, r);' 'remember(u, r);'
	;;
near-beyond-end)
	replace pins.c '(r->base + r->size) & ~(CHUNK_SIZE - 1)' \
		'r->base + r->size'
	;;
near-window-then-ram)
	replace pins.c '(!done || is_mmio == *mmio)' \
		'(!done || *mmio || !is_mmio)'
	;;
near-ram-then-window)
	replace pins.c '(!done || is_mmio == *mmio)' \
		'(!done || !*mmio || is_mmio)'
	;;
near-window-of-a-mib)
	replace pins.c '*mmio = is_mmio;
			err = pin_piece' 'if (!done) *mmio = is_mmio && size <= CHUNK_SIZE;
			err = pin_piece'
	;;
# --- numbers of more than eight bits, or sixteen
wide-asid-va)
	replace smmuv3/tlbi.c 'CMD_TLBI_NH_VA | (uint64_t)domain->hw_id' \
		'CMD_TLBI_NH_VA | (uint64_t)(uint8_t)domain->hw_id'
	;;
wide-asid)
	replace smmuv3/tlbi.c 'CMD_TLBI_NH_ASID | (uint64_t)domain->hw_id' \
		'CMD_TLBI_NH_ASID | (uint64_t)(uint8_t)domain->hw_id'
	;;
wide-asid-cd)
	replace smmuv3/context.c '(uint64_t)domain->hw_id << CD0_ASID' \
		'(uint64_t)(uint8_t)domain->hw_id << CD0_ASID'
	;;
wide-vmid-ipa)
	replace smmuv3/tlbi.c 'CMD_TLBI_S2_IPA | (uint64_t)domain->hw_id' \
		'CMD_TLBI_S2_IPA | (uint64_t)(uint8_t)domain->hw_id'
	;;
wide-vmid)
	replace smmuv3/tlbi.c 'CMD_TLBI_S12_VMALL | (uint64_t)domain->hw_id' \
		'CMD_TLBI_S12_VMALL | (uint64_t)(uint8_t)domain->hw_id'
	;;
wide-vmid-ste)
	replace smmuv3/context.c 'return domain->hw_id | (64ull' \
		'return (uint8_t)domain->hw_id | (64ull'
	;;
wide-ids-mixed-up)
	replace smmuv3/ident.c 'idr0 & IDR0_ASID16 ? 16 : 8,
		 idr0 & IDR0_VMID16 ? 16 : 8' 'idr0 & IDR0_VMID16 ? 16 : 8,
		 idr0 & IDR0_ASID16 ? 16 : 8'
	;;
wide-sid-ste)
	replace strtab.c 'CMD_CFGI_STE | (uint64_t)sid' \
		'CMD_CFGI_STE | (uint64_t)(sid & 0xffffff)'
	;;
wide-sid-cds)
	replace strtab.c 'CMD_CFGI_CD_ALL | (uint64_t)sid' \
		'CMD_CFGI_CD_ALL | (uint64_t)(uint16_t)sid'
	;;
# --- hand-over, and what is left of a domain
handed-back-at-once)
	replace attach.c 'if (!err && !c->sink->quiesce(' \
		'if (!err && to != HYPIOMMU_HOST && !c->sink->quiesce('
	;;
half-gone-and-broken)
	replace libhypiommu/domain.c 'err = d->streams ? HYPIOMMU_E_BUSY : smmu_usable(smmu);' \
		'err = d->streams ? HYPIOMMU_E_BUSY : d->state == DOMAIN_DYING ? 0 : smmu_usable(smmu);'
	;;
bits-freed-cd)
	replace smmuv3/context.c 'smmuv3_store(smmu, &cd[i], 0);' \
		'if (i != 1) smmuv3_store(smmu, &cd[i], 0);'
	;;
# --- one promise of a register, or of an entry nobody has
bits-translated-requests)
	replace smmuv3/reset.c '(s->ats ? CR0_ATSCHK : 0)' '0'
	;;
bits-level-2-half)
	replace strtab.c 'fill_abort(smmu, l2, 1u << SPLIT);' \
		'fill_abort(smmu, l2, 1u << (SPLIT - 1));'
	;;
event-of-the-cache)
	replace evtq.c 'if (!smmu->coherent)
		hypiommu_env_clean(entry, EVENT_BYTES);' ';'
	;;
far-structures)
	replace smmuv3/memory.c '1ull << smmuv3_of(smmu)->oas,' '~0ull,'
	;;
second-smmus-faults)
	replace hcall.c 'stream_find(h, smmu, rec->sid)' \
		'stream_find(h, 0, rec->sid)'
	;;
suspend-v3-failed-finalise)
	replace libhypiommu/machine.c 'smmu->ready = !err;' 'smmu->ready = true;'
	;;
# --- granules
granule-cd)
	replace smmuv3/context.c 'granule_field(domain) << CD0_TG0 |' ''
	;;
granule-ste)
	replace smmuv3/context.c 'granule_field(domain) << STE2_TG |' ''
	;;
granule-start-level)
	replace smmuv3/context.c \
		'uint64_t last = domain->pt.config.granule_shift == 12 ? 2 : 3;' \
		'uint64_t last = 2;'
	;;
granule-range)
	replace smmuv3/tlbi.c '(granule - 10ull) / 2 << CMD1_TG' \
		'1ull << CMD1_TG'
	;;
granule-52-bits)
	replace smmuv3/context.c 'config->granule_shift < 16 && bits > 48' \
		'bits > 48'
	;;
granule-48-bits)
	replace smmuv3/context.c 'config->granule_shift < 16 && bits > 48' \
		'config->granule_shift < 14 && bits > 48'
	;;
granule-bank)
	replace smmuv2-tegra/context.c '(64u - c->ias) | tg0(c) << TCR_TG0;
		r->tcr2' '64u - c->ias; r->tcr2'
	;;
granule-bank-2)
	replace smmuv2-tegra/context.c '(64u - c->ias) | tg0(c) << TCR_TG0;
		/*' '64u - c->ias; /*'
	;;
granule-hint-lost)
	replace domain.c 'config->contiguous = kind & HYPIOMMU_CONTIGUOUS;' ';'
	;;
granule-hint-split)
	replace engine_clear.h 'if (va & ((1ull << shift) - 1) || left >> shift == 0) {' \
		'if (0) {'
	replace engine_clear.h 'n = min64(min64(left >> shift, max_entries),' \
		'n = min64(min64((left >> shift) + !(left >> shift),
			max_entries),' # it gets on
	;;
# A table's entries are counted where there is no address, RES0 or not.
granule-count-res0)
	replace lpae.h 'if (GRANULE == 12 ||' 'if (GRANULE < 16 ||'
	replace lpae.h 'GRANULE == 12 ? USED_LOW : USED_LOW | USED_HIGH' \
		'GRANULE < 16 ? (1ull << GRANULE) - 4 : USED_LOW | USED_HIGH'
	;;
granule-split-halfway)
	replace engine_split.h 'clean(pt, e, s->count);
	}
	hypiommu_env_publish();' 'clean(pt, e, s->count);
	}'
	;;
# --- the work of a call is counted in descriptors, not in leaves
bound-map)
	replace map.c 'each = fit / smaller;' ';'
	;;
bound-map-pages)
	replace map.c 'if (pt->run_sizes & fit)' 'if (smaller)'
	;;
bound-unmap)
	replace engine_clear.h '(uint32_t)min64(n, max_entries);' \
		'(uint32_t)(n / repeat);'
	;;
bound-unmap-last)
	replace engine_clear.h 'if (done && repeat > max_entries)' 'if (0)'
	;;
bound-hint)
	replace lpae.c 'pt->run_sizes = run_sizes(c);' 'pt->run_sizes = 0;'
	;;
bound-large-page)
	replace v7s.c 'pt->run_sizes = 1ull << 16 | 1ull << 24;' \
		'pt->run_sizes = 0;'
	;;
# --- page tables: what a run was that turns out not to be all there is to unmap
table-run-address)
	replace engine_clear.h 'cleared_desc(leaf_desc(c->pa, 0, LAST, 1), LAST)' \
		'cleared_desc(leaf_desc(0, 0, LAST, 1), LAST)'
	;;
table-run-uncounted)
	replace engine_clear.h 'cleared_entries(pt, iova, e, pt->cleared.parent, LAST, n, c);
	return clear_from(' 'return clear_from('
	;;
table-blocks-address)
	replace engine_clear.h 'fill_run(e, n, cleared_desc(d, level), step);' ';'
	;;
table-past-run)
	replace engine_clear.h 'peek(e) == d; d += step' 'peek(e); d += step'
	;;
# One in use among eight neighbours.
table-in-use)
	replace engine_clear.h '| hypiommu_env_load64(&p[3]);' ';'
	;;
table-mapped-over)
	replace engine_map.h 'peek(&e[2]) | peek(&e[3])' 'peek(&e[2])'
	;;
# What prot meant is remembered: of a mapping that differs in one bit only.
attrs-remembered)
	replace engine_map.h 'if (prot != pt->last_prot || !granules(iova | pa)' \
		'if (((prot ^ pt->last_prot) & ~8u) || !granules(iova | pa)'
	;;
next-list-rights)
	replace engine_map.h 'if (prot != pt->last_prot || !nearby(pt, &pt->mapped, iova))
		return 0;' 'if ((prot ^ pt->last_prot) & 3 || !nearby(pt, &pt->mapped, iova))
		return 0;'
	;;
# --- a walker that does not snoop
clean-root)
	replace pgtable.c 'HYPIOMMU_PAGE_SIZE << pt->root_order' \
		'HYPIOMMU_PAGE_SIZE'
	;;
clean-table)
	replace engine_map.h 'clean(pt, table, 1ull << index_bits(l));' ';'
	;;
clean-two)
	replace engine.h 'store_raw(p, d);
	clean(pt, p, 1);' 'store_raw(p, d);
	clean(pt, p, 2);'
	;;
clean-twice)
	replace engine_clear.h 'uint64_t index = index_of(iova, level);

	if (parent' 'uint64_t index = index_of(iova, level);

	clean(pt, e, n);
	if (parent'
	;;
clean-reaped)
	replace engine_clear.h 'clean(pt, e, i);' ';'
	;;
clean-split)
	replace engine_split.h 'leaf_attr(old, s->level), s->level, 1),
			 leaf_step(s->level));
		clean(pt, e, s->count);' \
		'leaf_attr(old, s->level), s->level, 1),
			 leaf_step(s->level));'
	;;
clean-aborted-split)
	replace engine_split.h 'zero_run(table, inner);
		clean(pt, table, inner);' 'zero_run(table, inner);'
	;;
# --- what locks are for
locked-attach)
	replace attach.c 'hypiommu_env_lock(&smmu->lock);
	err = smmu_usable(smmu);
	if (!err)
		err = smmu_result(smmu, smmu->ops->detach' \
		'err = smmu_usable(smmu);
	hypiommu_env_lock(&smmu->lock);
	if (!err)
		err = smmu_result(smmu, smmu->ops->detach'
	;;
locked-suspend)
	replace smmu.c 'err = smmu->ops->quiet(smmu);
	hypiommu_env_unlock(&smmu->lock);' \
		'hypiommu_env_unlock(&smmu->lock);
	err = smmu->ops->quiet(smmu);'
	;;
locked-pool)
	replace pool.c 'hypiommu_env_lock(&pool->lock);
	err = alloc_builtin(pool, order, limit, pa);' \
		'err = alloc_builtin(pool, order, limit, pa);
	hypiommu_env_lock(&pool->lock);'
	;;
locked-pin)
	replace owner_pins.h 'hypiommu_env_lock(&p.chunk->lock);
	pinned = *p.words + 1;' 'pinned = *p.words + 1;
	hypiommu_env_lock(&p.chunk->lock);'
	;;
# --- stores before the doorbell
doorbell-refused)
	replace cmdq.c 'hypiommu_env_before_doorbell();
	smmu_write32(smmu, SMMU_GERRORN, gerror);' \
		'smmu_write32(smmu, SMMU_GERRORN, gerror);'
	;;
doorbell-flush)
	replace smmuv2-tegra/tlbi.c '/* The descriptor stores come first. */
	hypiommu_env_before_doorbell();' ';'
	;;
doorbell-sync-v3)
	replace cmdq.c 'if (!queued) { hypiommu_env_after_sync();' \
		'if (!queued) {'
	;;
doorbell-sync-v2)
	replace smmuv2-tegra/mmio.c 'hypiommu_env_after_sync();' ';'
	;;
# --- no flush too many or too few
flush-line-too-few)
	replace tegra_smmu.c 'at < end; at += bytes)' \
		'at + bytes < end; at += bytes)'
	;;
flush-all-too-early)
	replace tegra_smmu.c 'end - first > LINES_MAX * GROUP_BYTES' \
		'end - first >= LINES_MAX * GROUP_BYTES'
	;;
flush-client-left-off)
	replace tegra_smmu.c 'return err ? err : translate(smmu);
}

static int fault_read' 'return err ? err : set(smmu, SMMU_CONFIG, CONFIG_ENABLE);
}

static int fault_read'
	;;
flush-directory)
	replace tegra_smmu.c 'hypiommu_env_clean(phys_to_virt(smmu->h, s->empty_pa),
			   HYPIOMMU_PAGE_SIZE);' ';'
	;;
# --- addresses above 48 bits
far-entered)
	replace lpae.h 'return (pa & DESC_ADDR_LOW) | (pa >> 48 & 15) << 12;' \
		'return pa & DESC_ADDR_LOW;'
	;;
far-read-back)
	replace lpae.h 'return GRANULE == 16 ? pa | (d >> 12 & 15) << 48 : pa;' \
		'return pa;'
	;;
far-not-said)
	replace smmuv3/context.c 'domain->pt.config.oas == 48 ? 5 : s->oas_field' \
		'5'
	;;
far-any-granule)
	replace smmuv3/context.c 'config->oas = capped(config, s->oas);' \
		'config->oas = s->oas;'
	;;
event-index)
	replace evtq.c '(q->cons & (mask >> 1)) * EVENT_WORDS' \
		'prod * EVENT_WORDS'
	;;
event-none-before)
	replace evtq.c 'q->taken + queued' 'q->taken'
	;;
event-nonsense-is-none)
	replace evtq.c 'queued = 1u << q->log2;' 'queued = 0;'
	;;
event-numbers-start-again)
	replace smmuv3/reset.c 's->evtq.taken += 1u << s->evtq.log2;' ';'
	;;
cfgi-of-stage-1)
	replace strtab.c 'if (smmuv3_of(smmu)->stage1)' ''
	;;
# --- a suspend that only hopes (each is the whole of what was wrong once)
suspend-v3)
	replace smmuv3/smmuv3.c '.quiet = smmuv3_quiet,' '.quiet = quiet,'
	replace smmuv3/smmuv3.c 'static const struct hypiommu_smmu_ops' \
		'static int quiet(struct hypiommu_smmu *smmu)
{
	return (void)smmu, HYPIOMMU_OK;
}

static const struct hypiommu_smmu_ops'
	;;
suspend-v3-without-abort)
	replace smmuv3/reset.c 'if (!(gbpa & GBPA_ABORT) || gbpa & GBPA_UPDATE)
		return HYPIOMMU_E_HW;' '(void)gbpa;'
	;;
suspend-v3-still-on)
	replace smmuv3/reset.c 'return HYPIOMMU_E_HW;
	return smmuv3_wait(smmu, SMMU_CR0ACK, ~0u, 0);' 'return HYPIOMMU_E_HW;
	return HYPIOMMU_OK;'
	;;
# It broke, went on, and is not stopped a second time.
suspend-v3-what-went-on)
	replace smmu.c 'smmu->ops->abort_all(smmu);
	err = smmu->ops->quiet' 'if (smmu->broken == (uint32_t)-HYPIOMMU_E_BROKEN)
		smmu->ops->abort_all(smmu);
	err = smmu->ops->quiet'
	;;
suspend-classic)
	replace tegra_smmu.c 'int err = block(smmu);

	return err ? err : translate(smmu);' '(void)smmu;
	return HYPIOMMU_OK;'
	;;
suspend-v2)
	replace smmuv2-tegra/reset.c 'int err = deny_streams(smmu);

	if (!err)
		err = smmuv2_set(smmu, SCR0, SCR0_DENY);
	return err ?' 'int err = HYPIOMMU_OK;

	return err ?'
	;;
# --- who gets to a mapping, for what, and as memory of which type
attrs-fetched-s1)
	replace lpae.h 'if (never)
		return XN0 | XN1;' 'if (never)
		return XN1;'
	;;
# With XN[0] as well the privileged may.
attrs-fetched-s2)
	replace lpae.h '!(prot & HYPIOMMU_PROT_READ) ? XN1' \
		'!(prot & HYPIOMMU_PROT_READ) ? XN0 | XN1'
	;;
attrs-fetched-unprivileged)
	replace lpae.h 'prot & HYPIOMMU_PROT_PRIV ? XN1 : 0' '0'
	;;
# What may only be written is not fetched either.
attrs-fetched-unread)
	replace lpae.h 'never || !(prot & HYPIOMMU_PROT_READ)' 'never'
	;;
# In AArch32 bit 54 keeps everybody from it.
attrs-never-fetched)
	replace smmuv2-tegra/context.c 'c->aarch32 = true;' ';'
	;;
attrs-unprivileged)
	replace lpae.h 'if (!(prot & HYPIOMMU_PROT_PRIV))
		attr |= S1_AP_UNPRIV;' 'attr |= S1_AP_UNPRIV;'
	;;
attrs-inner)
	replace lpae.h '? DESC_SH_INNER : DESC_SH_OUTER' \
		'? DESC_SH_OUTER : DESC_SH_INNER'
	;;
attrs-cached-s2)
	replace lpae.h 'S2_MEMATTR(S2_NORMAL_NC)' 'S2_MEMATTR(S2_NORMAL_WB)'
	;;
attrs-window)
	replace map.c 'prot |= HYPIOMMU_PROT_MMIO;' ';'
	;;
attrs-mair-v3)
	replace smmuv3/context.c '&cd[3], PGTABLE_MAIR)' '&cd[3], 0xffff44)'
	;;
attrs-mair-v2)
	replace smmuv2-tegra/context.c 'r->mair0 = (uint32_t)PGTABLE_MAIR;' ';'
	;;
attrs-short-fetched)
	replace v7s.c 'attr & PAGE_XN ? 1u << 15 : 0' '0'
	;;
attrs-short-type)
	replace smmuv2-tegra/regs.h '0x800b8204u' '0x800b8208u'
	;;
attrs-split)
	replace lpae.h '0xfff0000000000000ull | 0xffcull' '0xffcull'
	;;
none)
	;;
*)
	die "no such break"
	;;
esac
