#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# seeded.sh NAME KIND DIR ROOT CC LIB...: break one thing (breaks.sh) in a copy
# of the Android module and expect its hosted test to object.
set -u

name=$1 kind=$2 dir=$3 root=$4 cc=$5
shift 5

. "$root/tests/seeded/replace.sh"

rm -rf "$dir"
mkdir -p "$dir/ports" "$dir/tests" || exit 1
cp -R "$root/ports/pkvm" "$dir/ports"
cp -R "$root/tests/android" "$dir/tests"
changed=
. "$root/tests/android/breaks.sh"

el2=$dir/ports/pkvm/android/el2
sources="$dir/tests/android/bed_$kind.c $el2/$kind.c"
for part in mock mock_core test_mappings test_module test_random \
	test_registers test_takeover; do
	sources="$sources $dir/tests/android/$part.c"
done
for part in call init ops owner sleep tables window; do
	sources="$sources $el2/$part.c"
done
$cc -std=c11 -O1 -g -w -D_GNU_SOURCE -DHYPIOMMU_IO_HEADER='"mock_io.h"' \
	-I"$dir/tests/android/hosted" -I"$dir/ports/pkvm/android/include" \
	-I"$root/include" -I"$root/harness/machine" -I"$root/harness/sim" \
	-I"$root/harness/sim2" ${SANITIZE-} $sources "$@" -o "$dir/objector" ||
	die "does not build"
said=$(timeout 60 "$dir/objector" --one 2>&1)
status=$?
rm -rf "$dir"
said=$(printf '%s' "$said" | grep '^not ok' | head -n 1)
[ $status -ne 0 ] || die "not caught"
[ -n "$said" ] || die "failed, and not by objecting: status $status"
echo "caught: $said"
