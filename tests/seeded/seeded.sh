#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# seeded.sh NAME DIR ROOT CC LIB...: break one thing (breaks.sh) in a copy of
# the library, link it with the scenario (the LIBs) and expect the scenario to
# object. A break whose text is not in the library exactly once is an error,
# and so is one that ends in a signal.
set -u

name=$1 dir=$2 root=$3 cc=$4
shift 4

. "$root/tests/seeded/replace.sh"

# The sources to compile again: those changed, and all that include a header
# that changed, also through another header.
affected() {
	list=$changed
	for round in 1 2 3; do
		for file in $list; do
			case $file in
			*.h) list="$list $(cd "$dir" &&
				grep -lF "\"${file##*/}\"" */*.[ch] */*/*.[ch])" ;;
			esac
		done
		list=$(printf '%s\n' $list | sort -u)
	done
	printf '%s\n' $list | grep '\.c$'
}

rm -rf "$dir"
mkdir -p "$dir/found" || exit 1 # a search leaves there what it finds
# ALSO: a part of the harness that is broken instead, without its path there
cp -R "$root/libhypiommu" "$root/backends" "$root/include" \
	${ALSO:+"$root/$ALSO"} "$dir" || exit 1
changed=
. "$root/tests/seeded/${BREAKS-breaks.sh}"

objects=
flags="-I$dir/include"
if [ -n "${ALSO-}" ]; then
	flags="$flags -I$root/harness/machine -I$root/harness/sim"
	flags="$flags -I$root/harness/sim2 -D_GNU_SOURCE"
else
	flags="$flags -I$dir/libhypiommu -I$dir/backends/smmuv3"
	flags="$flags -I$dir/backends/smmuv2-tegra -I$root/harness/env"
	flags="$flags -ffreestanding"
fi
for source in $(affected); do
	object=$dir/$(basename "$(dirname "$source")")-$(basename "$source" .c).o
	$cc -std=c11 -O1 -g -w $flags ${INSTRUMENT-${SANITIZE-}} \
		-DHYPIOMMU_ENV_HEADER="\"${ENVIRONMENT-hypiommu_env_harness.h}\"" \
		-c "$dir/$source" -o "$object" || die "does not compile"
	objects="$objects $object"
done
# What is compiled here comes first: the library gives the rest.
$cc $objects "$@" ${SANITIZE-} -o "$dir/objector" || die "does not link"

said=$("$dir/objector" ${RUN_ARGS-} 2>&1)
status=$?
said=$(printf '%s' "$said" | grep "^${SAYS-.}" | head -n 1)
rm -rf "$dir"
[ $status -ne 0 ] || die "not caught"
[ $status -lt 128 ] || die "ended by a signal: $said"
[ -n "$said" ] || die "failed, and not by objecting: status $status"
echo "caught: $said"
