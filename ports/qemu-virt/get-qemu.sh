#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# get-qemu.sh: prints the command of a QEMU whose `virt` board has an SMMUv3
# with stage 2 and a working GBPA, which is 9.2 or later. In this order: what
# $QEMU names, the system's, one unpacked before, one unpacked now: the packages
# of the distribution's backports, by ../get-debs.sh, into a folder of the user's
# cache. Fails with lines that say why.
set -u

min_major=9 min_minor=2
name=qemu-system-aarch64
packages="qemu-system-arm qemu-system-common qemu-system-data"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/hypiommu/qemu

fail() {
	echo "get-qemu: $1" >&2
	exit 1
}

# usable COMMAND...: does it run, and is it recent enough?
usable() {
	version=$("$@" --version 2>/dev/null |
		sed -n 's/^QEMU emulator version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
	[ -n "$version" ] || return 1
	[ "${version% *}" -gt $min_major ] || {
		[ "${version% *}" -eq $min_major ] &&
			[ "${version#* }" -ge $min_minor ]
	}
}

# unpacked DIR: prints the command of the QEMU unpacked there
unpacked() {
	[ -x "$1/usr/bin/$name" ] || return 1
	usable "$1/usr/bin/$name" || return 1
	echo "$1/usr/bin/$name -L $1/usr/share/qemu"
}

fetch() {
	command -v apt-get >/dev/null ||
		fail "no QEMU >= $min_major.$min_minor; set QEMU to one"
	new=$cache.$$
	"$(dirname "$0")/../get-debs.sh" "$new" "$(dpkg --print-architecture)" \
		-backports $packages || fail "no QEMU >= $min_major.$min_minor"
	unpacked "$new" >/dev/null || {
		ldd "$new/usr/bin/$name" 2>&1 | grep 'not found' >&2
		fail "the QEMU fetched does not run: is qemu-system-arm installed?"
	}
	rm -rf "$cache"
	mv "$new" "$cache" || fail "cannot write $cache"
}

if [ -n "${QEMU-}" ]; then
	usable $QEMU || fail "QEMU=$QEMU: not a QEMU >= $min_major.$min_minor"
	echo "$QEMU"
elif usable $name; then
	echo $name
elif ! unpacked "$cache"; then
	fetch
	unpacked "$cache"
fi
