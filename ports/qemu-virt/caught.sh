#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# caught.sh LINE BOOT-ARGUMENT...: with something broken, the test of this name
# must be red, or the bail-out have this text; any other end fails. Once it is
# seen, the board is switched off.
set -u

line=$1
shift
dir=$(mktemp -d) || exit 1
mkfifo "$dir/tap" || exit 1
trap 'rm -rf "$dir"' EXIT

# A session of its own, to end QEMU with the shell that waits for it.
setsid "$(dirname "$0")/boot.sh" "$@" >"$dir/tap" &
board=$!
caught="not "
while read -r said; do
	case $said in
	"Bail out!"*"$line"* | "not ok "*" - $line") caught= ;;
	"Bail out!"* | "not ok "*) ;;
	*) continue ;;
	esac
	echo "# $said"
	[ -n "$caught" ] || break
done <"$dir/tap"
echo "${caught}ok 1 - objects: $line"
echo 1..1
kill -- "-$board" 2>/dev/null
wait "$board" 2>/dev/null
exit 0
