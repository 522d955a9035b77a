#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# lay-out.sh OUT: the sources of the vendor modules as the kernel's build wants
# them, in OUT: the EL1 half and the front-end there, the EL2 half in OUT/hyp.
set -eu

[ $# -eq 1 ] || { sed -n '3,4s/^# //p' "$0" >&2; exit 2; }
out=$1
android=$(cd "$(dirname "$0")" && pwd)
port=$(cd "$android/.." && pwd)
root=$(cd "$port/../.." && pwd)

mkdir -p "$out/hyp" "$out/include/hypiommu"
cp "$root"/include/hypiommu/*.h "$port"/include/hypiommu/*.h \
	"$out/include/hypiommu"
# In the place of one of those.
cp "$android"/el1/include/hypiommu/*.h "$out/include/hypiommu"
cp "$android/Kbuild" "$out/Kbuild"
cp "$android/hyp.Kbuild" "$out/hyp/Kbuild"
cp "$port"/el1/hypiommu-iommu/*.[ch] "$port"/common/*.h "$android"/el1/*.[ch] \
	"$android/machine.h" "$out"
sed 's,"\.\./machine\.h","machine.h",' "$android/el1/host.h" >"$out/host.h"
cp "$port/el1/machine.h" "$out/hypiommu-machine.h"
cp "$port/el1/machine.c" "$out/hypiommu-machine.c"
for file in "$android"/el2/*.[ch]; do
	sed 's,"\.\./\.\./common/,"../,' "$file" >"$out/hyp/$(basename "$file")"
done
