#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# get-debs.sh TO ARCH SUITE PACKAGE...: Debian packages for ARCH, unpacked into
# the folder TO, which must not be there. SUITE is added to the distribution's
# code name ("-backports", or ""). apt fetches them from the mirror it is
# configured with; nothing is installed, its own lists stay as they are. Fails
# with one line that says why.
set -u

fail() {
	echo "get-debs: $1" >&2
	exit 1
}

[ $# -ge 4 ] || { sed -n '3,7s/^# //p' "$0" >&2; exit 2; }
to=$1 arch=$2 suite=$3
shift 3

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
		-o APT::Architecture="$arch" -o APT::Architectures="$arch" \
		-o Dir::Etc::sourcelist="$work/sources.list" \
		-o Dir::Etc::sourceparts=- -o Dir::State::lists="$work/lists" \
		-o Dir::State::status=/dev/null \
		-o Dir::Cache="$work/cache" "$@" >>"$work/log" 2>&1
}

command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
	fail "needs Debian's apt-get and dpkg-deb"
where=$(mirror)
[ -n "$where" ] || fail "apt knows no archive of this distribution"
from=${where% *}$suite
mkdir -p "$(dirname "$to")" && work=$(mktemp -d "$to.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/root"
echo "deb ${where#* } $from main" >"$work/sources.list"
echo "fetching $* ($arch) of $from" >&2
private update && (cd "$work" && private download "$@") || {
	tail -n 3 "$work/log" >&2
	fail "cannot fetch $* ($arch) of $from: no network?"
}
for package in "$work"/*.deb; do
	dpkg-deb -x "$package" "$work/root" || fail "cannot unpack $package"
done
mv "$work/root" "$to" || fail "cannot write $to"
