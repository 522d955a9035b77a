#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# warnings.sh OUT_DIR ROOT SRC...: every source is quiet under each compiler
# there is, over the hosted environment, and with a kernel's integer types.
set -eu

root=$2
shift 2
flags="-std=c11 -O2 -ffreestanding -Wall -Wextra -Wconversion -Werror
	-I$root/include -I$root/libhypiommu -I$root/backends/smmuv3
	-I$root/backends/smmuv2-tegra
	-I$root/harness/env -I$root/tests/build
	-DHYPIOMMU_ENV_HEADER=\"hypiommu_env_hosted.h\""
found=

for cc in gcc clang-14 clang; do
	command -v $cc >/dev/null || continue
	[ $cc != clang ] || [ "$found" = "${found#*clang}" ] || continue
	found="$found $cc"
	for source in "$@"; do
		$cc $flags -c "$source" -o /dev/null
		$cc $flags -DHYPIOMMU_TYPES_HEADER='"kernel_types.h"' \
			-c "$source" -o /dev/null
	done
done
[ -n "$found" ] || exit 77
echo "quiet:$found"
