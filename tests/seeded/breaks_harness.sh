# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# shellcheck shell=sh disable=SC2154
# As breaks.sh, of the harness's own parts: fuzz/meson.build.

case $name in
scenario-zero) # arguments of "call" that are zero are not printed
	replace print.c 'for (uint64_t i = 0; i < value; i++)' \
		'for (uint64_t i = 0; i < value; i++)
			if (step->xs[i])'
	;;
none)
	;;
*)
	die "no such break"
	;;
esac
