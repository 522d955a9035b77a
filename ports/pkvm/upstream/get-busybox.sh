#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# get-busybox.sh CACHE: prints the path of a static busybox for arm64: what
# $BUSYBOX names, or Debian's own package, fetched once.
set -u

cache=$1/busybox

if [ -n "${BUSYBOX-}" ]; then
	[ -x "$BUSYBOX" ] || {
		echo "get-busybox: BUSYBOX=$BUSYBOX: no such program" >&2
		exit 1
	}
	echo "$BUSYBOX"
	exit
fi
if [ ! -x "$cache/bin/busybox" ]; then
	rm -rf "$cache"
	"$(dirname "$0")/../../get-debs.sh" "$cache" arm64 "" busybox-static ||
		exit 1
fi
echo "$cache/bin/busybox"
