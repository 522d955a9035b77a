#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# Usage: test_budget.sh BENCH BUDGET: no workload may take over 10% more
# instructions a page than BUDGET says.
set -u
if [ "$1" = skip ] || ! command -v valgrind >/dev/null; then
	echo "skipped: needs valgrind, and a plain build by gcc for x86-64"
	exit 77
fi
counts=$(mktemp) || exit 99
trap 'rm -f "$counts"' EXIT
"$1" --budget >"$counts" || exit 1

awk '
	/^#/ { next }
	FNR == NR { budget[$1 " " $2 " " $3] = $4; next }
	{
		key = $1 " " $2 " " $3
		got[key] = 1
		if (!(key in budget)) {
			printf "%s: %s instructions a page, no budget\n", key, $4
			bad = 1
			next
		}
		over = $4 > budget[key] * 1.1
		printf "%-26s %8.1f of %8.1f%s\n", key, $4, budget[key],
			over ? "  OVER BUDGET" : ""
		bad += over
	}
	END {
		for (key in budget)
			if (!(key in got)) {
				printf "%s: in the budget, not measured\n", key
				bad = 1
			}
		if (bad)
			print "If that is intended:" \
				" ./run bench --budget > tests/bench/budget.txt"
		exit bad > 0
	}
' "$2" "$counts"
