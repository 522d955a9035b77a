#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# break.sh ROOT DIR ARCHIVE OUT BREAK: a copy of the archive with one thing
# broken, as tests/seeded/breaks.sh (or $BREAKS beside it) names it.
set -eu

root=$1 dir=$2 archive=$3 out=$4 name=$5
changed=

rm -rf "$dir"
mkdir -p "$dir"
cp -R "$root/libhypiommu" "$root/backends" "$root/include" "$dir"
. "$root/tests/seeded/replace.sh"
. "$root/tests/seeded/${BREAKS-breaks.sh}"

# A header changed: everything is compiled again.
case $changed in
*.h*) changed=$(cd "$dir" && ls libhypiommu/*.c backends/*/*.c) ;;
esac
cp "$archive" "$dir/broken.a"
for source in $changed; do
	object=$dir/$(basename "$(dirname "$source")")-$(basename "$source" .c).o
	aarch64-linux-gnu-gcc -std=c11 -O2 -w -ffreestanding -fno-pic \
		-fno-stack-protector -fno-asynchronous-unwind-tables \
		-mgeneral-regs-only -mstrict-align -mno-outline-atomics \
		-DHYPIOMMU_ENV_HEADER='"hypiommu_env_el2.h"' \
		-I"$root/ports/aarch64" -I"$dir/include" \
		-I"$dir/libhypiommu" -I"$dir/backends/smmuv3" \
		-I"$dir/backends/smmuv2-tegra" -c "$dir/$source" -o "$object"
	# A member of another name would be added, and never linked.
	aarch64-linux-gnu-ar t "$dir/broken.a" | grep -qx "${object##*/}" ||
		die "no ${object##*/} in the archive"
	aarch64-linux-gnu-ar rD "$dir/broken.a" "$object"
done
mv "$dir/broken.a" "$out"
