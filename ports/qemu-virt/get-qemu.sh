#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# get-qemu.sh: prints the command of a QEMU whose `virt` board has an SMMUv3
# with stage 2 and a working GBPA, which is 9.2 or later. In this order: what
# $QEMU names, the system's, one unpacked before, one unpacked now: the packages
# of the distribution's backports, fetched by apt from the mirror it is
# configured with, into a folder of the user's cache. Nothing is installed and
# apt's own lists stay as they are. Fails with one line that says why.
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

# The code name of this distribution, and where apt gets its main archive; what
# apt would ask for tells, whether it has done so before or not.
mirror() {
	codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
	apt-get --print-uris update 2>/dev/null |
		sed -n "s,^'\(.*\)/dists/\($codename\)/main/binary-.*,\2 \1,p" |
		head -n 1
}

# private COMMAND...: apt-get with a configuration of our own
private() {
	apt-get -qq -o APT::Sandbox::User="$(id -un)" \
		-o Dir::Etc::sourcelist="$work/sources.list" \
		-o Dir::Etc::sourceparts=- -o Dir::State::lists="$work/lists" \
		-o Dir::Cache="$work/cache" "$@" >>"$work/log" 2>&1
}

fetch() {
	command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
		fail "no QEMU >= $min_major.$min_minor; set QEMU to one"
	where=$(mirror)
	[ -n "$where" ] || fail "no QEMU >= $min_major.$min_minor, and apt knows no archive"
	work=$(mktemp -d "$cache.XXXXXX") || exit 1
	trap 'rm -rf "$work"' EXIT
	mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/root"
	echo "deb ${where#* } ${where% *}-backports main" >"$work/sources.list"
	echo "fetching a QEMU from ${where% *}-backports" >&2
	private update && (cd "$work" && private download $packages) || {
		tail -n 3 "$work/log" >&2
		fail "cannot fetch $packages of ${where% *}-backports: no network?"
	}
	for package in "$work"/*.deb; do
		dpkg-deb -x "$package" "$work/root" ||
			fail "cannot unpack $package"
	done
	unpacked "$work/root" >/dev/null || {
		ldd "$work/root/usr/bin/$name" 2>&1 | grep 'not found' >&2
		fail "the QEMU fetched does not run: is qemu-system-arm installed?"
	}
	rm -rf "$cache"
	mv "$work/root" "$cache" || fail "cannot write $cache"
}

if [ -n "${QEMU-}" ]; then
	usable $QEMU || fail "QEMU=$QEMU: not a QEMU >= $min_major.$min_minor"
	echo "$QEMU"
elif usable $name; then
	echo $name
elif ! unpacked "$cache"; then
	mkdir -p "$(dirname "$cache")" || exit 1
	fetch
	unpacked "$cache"
fi
