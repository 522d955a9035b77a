#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# readme.sh OUT_DIR ROOT LIBRARY CC: the README's example compiles and runs.
set -eu

out=$1 root=$2 library=$3 cc=$4
mark='<!-- example: minimal -->'
mkdir -p "$out"

grep -qF "$mark" "$root/README.md" || { echo "no example yet"; exit 77; }
awk -v mark="$mark" '
	$0 == mark { marked = 1; next }
	marked && /^```c$/ { inside = 1; next }
	inside && /^```$/ { exit }
	inside { print }' "$root/README.md" >"$out/example.c"
[ -s "$out/example.c" ] || { echo "$mark: no C block follows" >&2; exit 1; }
$cc -std=c11 -Wall -Wextra -Werror -I"$root/include" "$out/example.c" \
	"$library" ${SANITIZE-} -o "$out/example"
ASAN_OPTIONS=detect_leaks=0 "$out/example"
