# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# shellcheck shell=sh disable=SC2154
# As breaks.sh, for the page-table formats: fuzz_pgtable must find each.

case $name in
read-only)
	replace lpae.h 'attr |= S1_AP_RDONLY;' ';'
	;;
# The used entries of a table of 8192 are counted in two fields.
count-of-8192)
	replace lpae.h '(low >> 12 << 55)' '((low >> 12 & 1) << 55)'
	;;
# 16 KiB: a run is 128 pages.
run-of-128)
	replace lpae.h 'level == LAST ? 7 : 5' 'level == LAST ? 6 : 5'
	;;
short-read-only)
	replace v7s.c 'attr |= PAGE_RDONLY;' ';'
	;;
# What was cleared is found again by its address.
cleared-address)
	replace tegra_mc.c 'return (d & (PFN | NEXT)) | CLEARED;' \
		'return (d & NEXT) | CLEARED;'
	;;
none)
	;;
*)
	die "no such break"
	;;
esac
