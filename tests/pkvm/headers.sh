#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# headers.sh OUT ROOT: in OUT, the names of the kernel's headers that the port
# includes; each is ../kernel.h.
set -eu

out=$1 root=$2

put() {
	mkdir -p "$(dirname "$out/$1")"
	echo "#include \"$2\"" >"$out/$1"
}

# Every one some file of the port names, except its own and the library's.
cd "$root/ports/pkvm"
sed -n 's/^#include [<"]\(.*\)[>"]$/\1/p' el1/*.c el1/*.h el1/hypiommu-iommu/*.[ch] \
	el2/*.[ch] include/hypiommu/*.h android/el1/call.c | sort -u |
	while read -r name; do
		case $name in
		linux/* | asm/* | nvhe/* | hyp/* | kvm/* | dma-iommu.h)
			put "$name" "$root/tests/pkvm/kernel.h"
			;;
		hypiommu-machine.h) put "$name" "$root/ports/pkvm/el1/machine.h" ;;
		esac
	done
