#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# port.sh NAME DIR ROOT TESTS CC LIB...: break one thing (TESTS/breaks.sh) in a
# copy of the ports for pKVM, and expect their hosted test to object: SOURCES,
# compiled with FLAGS, both named from the copy's root, and run with RUN_ARGS.
# It says so in lines that begin with SAYS, if it is no test that speaks TAP.
set -u

name=$1 dir=$2 root=$3 tests=$4 cc=$5
shift 5
# What is compiled is named from the copy's root: so these are not.
for lib in "$@"; do
	shift
	case $lib in
	-* | /*) set -- "$@" "$lib" ;;
	*) set -- "$@" "$PWD/$lib" ;;
	esac
done

. "$root/tests/seeded/replace.sh"

rm -rf "$dir"
mkdir -p "$dir/ports" "$dir/tests" "$dir/fuzz" "$dir/found" || exit 1
cp -R "$root/ports/pkvm" "$dir/ports"
cp -R "$root/tests/android" "$root/tests/pkvm" "$dir/tests"
cp "$root"/fuzz/*.c "$dir/fuzz"
changed=
. "$root/$tests/breaks.sh"

(cd "$dir" && $cc -O1 -g -w -D_GNU_SOURCE $FLAGS -I"$root/include" \
	-I"$root/harness/machine" -I"$root/harness/sim" \
	-I"$root/harness/sim2" ${SANITIZE-} $SOURCES "$@" -o objector) ||
	die "does not build"
one=--one
[ -z "${SAYS-}" ] || one=
said=$(timeout 60 "$dir/objector" ${RUN_ARGS-} $one 2>&1)
status=$?
rm -rf "$dir"
said=$(printf '%s' "$said" | grep "^${SAYS-not ok}" | head -n 1)
[ $status -ne 0 ] || die "not caught"
[ -n "$said" ] || die "failed, and not by objecting: status $status"
echo "caught: $said"
