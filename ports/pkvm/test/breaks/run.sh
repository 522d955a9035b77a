#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# run.sh [--fresh] [--list] CACHE [NAME...]: break one thing of the port (or of
# the library under it) in a copy, build that kernel, boot it, and expect a test
# to object; all of table.sh, or those named. Ends with "N passed, M failed".
# Goes on where it stopped, unless a source has changed since or with --fresh.
# The kernel is one of its own, CACHE-breaks: a first one takes as long as any.
set -u

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../../.." && pwd)
fresh=''
usage() {
	sed -n '3,7s/^# //p' "$0"
}
list() {
	sed -n 's/^\([a-z0-9-]*\))$/\1/p' "$here/table.sh"
}
while :; do
	case ${1-} in
	--fresh) fresh=yes ;;
	--list)
		list
		exit
		;;
	-h | --help)
		usage
		exit
		;;
	-*)
		usage >&2
		exit 2
		;;
	*) break ;;
	esac
	shift
done
[ $# -gt 0 ] || { usage >&2; exit 2; }
cache=$1
shift
for name in "$@"; do
	list | grep -q -x -e "$name" || {
		echo "breaks: no such break: $name (see --list)" >&2
		exit 2
	}
done
broken=$cache-breaks
dir=$broken/source
done_log=$broken/done

# What the result of a break depends on, besides what the table says of it.
parts="ports/pkvm include libhypiommu backends ports/aarch64
	tests/build/freestanding.sh tests/build/stack.sh tests/build/stack.awk
	tests/build/indirect.txt tests/seeded/replace.sh"
sources=$(cd "$root" && find $parts -type f ! -name '*.md' \
	! -path 'ports/pkvm/test/breaks/*' | LC_ALL=C sort |
	(xargs cat) | sha256sum)
key() {
	{
		echo "$sources"
		sed -n "/^$1)\$/,/;;/p" "$here/table.sh"
	} | sha256sum | cut -c 1-16
}

mkdir -p "$broken/log" || exit
[ -z "$fresh" ] || : >"$done_log"
touch "$done_log"
# The first kernel is that of ./run pkvm: what is built there is not built again.
if [ ! -e "$broken/linux/.hypiommu-source" ]; then
	echo "copying the kernel" >&2
	rm -rf "$broken/linux" "$broken/copying"
	cp -a "$cache/linux" "$broken/copying" &&
		mv "$broken/copying" "$broken/linux" || exit
fi
BUSYBOX=$("$here/../../upstream/get-busybox.sh" "$cache") || exit
export BUSYBOX

# objector TEST CPU [OPTION]...: the boot that must object
objector() {
	printf '%s\n' "$@" >"$broken/boot"
}

# broken_source NAME: a copy of the sources with that broken
broken_source() {
	rm -rf "$dir"
	mkdir -p "$dir" && (cd "$root" && tar -c $parts) | tar -x -C "$dir" &&
		(
			name=$1 changed=
			. "$root/tests/seeded/replace.sh"
			. "$here/table.sh"
		) &&
		chmod +x "$dir"/ports/pkvm/upstream/*.sh # a break of one
}

# boot_it LOG: as the break's objector says
boot_it() {
	set --
	while IFS= read -r word; do
		set -- "$@" "$word"
	done <"$broken/boot"
	test=$1 cpu=$2
	shift 2
	"$here/../boot.sh" "$@" "$test" "$cpu" "$broken" >"$log" 2>&1
}

# objection LOG: what the test says against it; nothing if it is content
objection() {
	said=$(grep '^not ok\|^Bail out' "$1" | head -n 1)
	ok=$(grep -c '^ok [0-9]' "$1")
	planned=$(sed -n 's/^1\.\.\([0-9]*\)$/\1/p' "$1")
	if [ -z "$said" ] && [ "${planned:--1}" -ne "$ok" ]; then
		said="ended after $ok checks: $(grep -a 'panic.*:\|kernel BUG' "$1" |
			head -n 1)"
	fi
	printf '%s' "$said"
}

# one NAME: prints what came of it; fails if that is not as it should be
one() {
	log=$broken/log/$1
	broken_source "$1" >"$log" 2>&1 || {
		echo "$1: cannot be made: $(tail -n 1 "$log")"
		return 1
	}
	"$dir/ports/pkvm/upstream/kernel.sh" --image "$broken" \
		>"$log" 2>"$broken/kernel.log" || {
		echo "$1: does not build, see $broken/build.log"
		return 1
	}
	boot_it "$log"
	said=$(objection "$log")
	case $1:${said:+said} in
	none:) echo "none: $(grep -c '^ok [0-9]' "$log") checks are content" ;;
	none:said)
		echo "none: objected to: $said"
		return 1
		;;
	*:said) echo "$1: caught by $(sed -n 1p "$broken/boot"): $said" ;;
	*)
		echo "$1: not caught by $(sed -n 1p "$broken/boot"), see $log"
		return 1
		;;
	esac
}

[ $# -gt 0 ] || set -- $(list)
passed=0 failed=0 at=0
for name in "$@"; do
	at=$((at + 1))
	key=$(key "$name")
	if line=$(grep -a "^$key $name: " "$done_log"); then
		echo "${line#* } (before)"
		passed=$((passed + 1))
		continue
	fi
	[ ! -t 2 ] || printf '\r%s of %s: %s' "$at" $# "$name" >&2
	begin=$(date +%s)
	line=$(one "$name")
	status=$?
	[ ! -t 2 ] || printf '\r\033[K' >&2
	echo "$line ($(($(date +%s) - begin)) s)"
	if [ $status -eq 0 ]; then
		echo "$key $line" >>"$done_log"
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
done
rm -rf "$dir"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
