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
none)
	;;
*)
	die "no such break"
	;;
esac
