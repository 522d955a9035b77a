#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# test_race.sh HYPIOMMU: what the command says, and how it fails.
set -u

race() {
	"$hypiommu" race "$@"
}

hypiommu=$1
bad=0

# expect STATUS TEXT ARGUMENT...: exits so, and says so
expect() {
	want=$1 text=$2
	shift 2
	said=$(race "$@" 2>&1)
	status=$?
	case $said in
	*"$text"*) [ $status -eq "$want" ] && return ;;
	esac
	echo "race $*: exit $status, not $want, or not: $text"
	printf '%s\n' "$said" | head -n 5
	bad=1
}

expect 0 'usage: hypiommu race' --help
expect 0 'unmap-split' --list
expect 0 'nothing to object' --machine v3-s1 --pair info,lookup
expect 0 '"races": []' --json --machine v3-s1 --pair info,lookup
expect 0 'A unmap: OK, x1 = 0x1000; B donate-pinned: BUSY' \
	--machine v3-s1 --pair unmap,donate-pinned --schedule A:
expect 1 'no switch is possible' \
	--machine v3-s1 --pair unmap,info --schedule A:9999,10000
expect 2 'no such calls: unmapp' --pair unmapp
expect 2 'no such machine: v4' --machine v4
expect 2 'not a schedule: A12' --machine v3-s1 --pair info,info --schedule A12
expect 2 '--schedule needs' --schedule A:
expect 2 '--preemptions takes' --preemptions 9
expect 2 'no arguments' surplus
expect 2 'Try: hypiommu race --help' --nonsense

exit $bad
