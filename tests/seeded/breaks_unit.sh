# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# shellcheck shell=sh disable=SC2154
# What the unit tests object to by themselves; as breaks.sh.

case $name in
# --- pins of whole chunks
owner-spill)
	replace pins.c 'pins_add(first, first + CHUNK_PAGES, (int)pins, 0);' ';'
	;;
owner-spill-short)
	replace pins.c 'pins_add(first, first + CHUNK_PAGES,' \
		'pins_add(first, first + CHUNK_PAGES - 1,'
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
	replace pins.c 'pins_add(w, end, -1, 0);' '(void)w, (void)end;'
	;;
owner-undo-chunks)
	replace pins.c 'unpin_builtin(u, pa, done);' ';'
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
	replace smmuv2-tegra/context.c '(64u - c->ias) | granule_field(c) << TCR_TG0;
		r->tcr2' '64u - c->ias; r->tcr2'
	;;
granule-bank-2)
	replace smmuv2-tegra/context.c '(64u - c->ias) | granule_field(c) << TCR_TG0;
		/*' '64u - c->ias; /*'
	;;
granule-hint-lost)
	replace domain.c 'config->contiguous = kind & HYPIOMMU_CONTIGUOUS;' ';'
	;;
granule-hint-split)
	replace engine_clear.h 'if (va & ((1ull << shift) - 1) || left >> shift == 0) {' \
		'if (0) {'
	;;
event-index)
	replace evtq.c '(q->cons & (mask >> 1)) * EVENT_WORDS' \
		'prod * EVENT_WORDS'
	;;
none)
	;;
*)
	die "no such break"
	;;
esac
