#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# test_analyse.sh OUT_DIR ROOT: each tool there is objects, through analyse.sh, to
# a source with a mistake it is there to find.
set -eu

out=$1 root=$2
here=$(dirname "$0")
rm -rf "$out"
mkdir -p "$out"
cat >"$out/bad.c" <<-'END'
	int divide(int a, const int *p);
	int divide(int a, const int *p)
	{
		int table[4] = { 0 }, zero = 0, *q = 0;

		if (!p)
			a += *p;
		table[a & 3] = a;
		return (table[0] + *q) / zero;
	}
END
found=
for tool in gcc clang-tidy cppcheck; do
	status=0
	"$here/analyse.sh" $tool "$out/$tool" "$root" "$out/bad.c" \
		>"$out/said" 2>&1 || status=$?
	[ $status -ne 77 ] || continue
	if [ $status -eq 0 ] || ! grep -q '^[^ ]*bad\.c:' "$out/said"; then
		echo "$tool saw nothing:" >&2
		cat "$out/said" >&2
		exit 1
	fi
	found="$found $tool"
done
[ -n "$found" ] || exit 77
echo "objected:$found"
