#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# format.sh ROOT: every C file is as .clang-format (version 14) says.
set -eu

cd "$1"
for tool in clang-format-14 clang-format none; do
	command -v $tool >/dev/null && break
done
case $($tool --version 2>/dev/null) in
*"version 14."*) ;;
*) echo "no clang-format 14"; exit 77 ;;
esac

if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
	git ls-files '*.c' '*.h'
else
	find . -name 'build*' -path './build*' -prune -o -name '*.[ch]' -print
fi | while read -r file; do
	[ ! -e "$file" ] || echo "$file"
done | xargs $tool --dry-run -Werror
