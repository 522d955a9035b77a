#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# get-busybox.sh CACHE: prints the path of a static busybox for arm64, Debian's
# own package, fetched once by apt with a configuration of its own.
set -u

cache=$1/busybox

fail() {
	echo "get-busybox: $1" >&2
	exit 1
}

# private COMMAND...: apt-get for arm64, beside the system's
private() {
	apt-get -qq -o APT::Sandbox::User="$(id -un)" \
		-o APT::Architecture=arm64 -o APT::Architectures=arm64 \
		-o Dir::Etc::sourcelist="$work/sources.list" \
		-o Dir::Etc::sourceparts=- -o Dir::State::lists="$work/lists" \
		-o Dir::State::status=/dev/null \
		-o Dir::Cache="$work/cache" "$@" >>"$work/log" 2>&1
}

# The distribution's main archive and code name, as apt is configured.
mirror() {
	apt-get indextargets --format \
		'$(ORIGIN) $(COMPONENT) $(CODENAME) $(REPO_URI)' \
		'Created-By: Packages' 2>/dev/null |
		awk '$1 == "Debian" && $2 == "main" && $3 !~ /-/ {
			print $3, $4; exit }'
}

if [ ! -f "$cache/busybox" ]; then
	where=$(mirror)
	[ -n "$where" ] || fail "apt knows no Debian archive: apt-get update first"
	work=$(mktemp -d "$cache.XXXXXX") || exit 1
	trap 'rm -rf "$work"' EXIT
	mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$cache"
	echo "deb ${where#* } ${where% *} main" >"$work/sources.list"
	private update &&
		(cd "$work" && private download busybox-static:arm64) || {
		tail -n 3 "$work/log" >&2
		fail "cannot fetch busybox-static for arm64: no network?"
	}
	dpkg-deb -x "$work"/busybox-static*.deb "$work/root" ||
		fail "cannot unpack busybox-static"
	cp "$work/root/bin/busybox" "$cache/busybox" || exit 1
fi
echo "$cache/busybox"
