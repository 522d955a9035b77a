#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# readme_commands.sh PROGRAM ROOT BUILD: every hypiommu command line of README.md
# runs, from the root, and succeeds. Boards are read from this build; what is
# written under build/ goes elsewhere.
set -eu

program=$(realpath "$1")
build=$(realpath "$3")
cd "$2"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
count=0
sed -n 's|^    build/harness/cli/hypiommu ||p' README.md >"$dir/commands"
while read -r arguments; do
	arguments=$(printf '%s' "$arguments" |
		sed "s| build/boards/| $build/boards/|g; s| build/| $dir/|g")
	echo "hypiommu $arguments"
	"$program" $arguments >"$dir/out" || exit 1
	count=$((count + 1))
done <"$dir/commands"
[ "$count" -ge 3 ] || { echo "only $count commands in README.md"; exit 1; }
