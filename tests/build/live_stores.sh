#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# live_stores.sh OUT ROOT: live descriptors are written by single-copy atomic
# stores only: at -O3, hosted, compilers make neither a call that fills
# memory nor a string instruction of the engines' loops. (Vector registers EL2 has not.)
# That this would be seen is shown by a loop of plain stores.
set -u
out=$1 root=$2
mkdir -p "$out" || exit 1

# objects COMPILER ENV-HEADER SOURCE...
objects() {
	rm -f "$out"/*.o
	compiler=$1 env=$2
	shift 2
	for file in "$@"; do
		$compiler -std=gnu11 -O3 -mgeneral-regs-only -w -c \
			-I"$root/include" -I"$root/libhypiommu" \
			-I"$root/harness/env" -I"$root/tests/build" \
			-DHYPIOMMU_ENV_HEADER="\"$env\"" \
			"$file" -o "$out/$(basename "$file" .c).o" || exit 1
	done
}

# wide TOOL-PREFIX: what fills memory wider than by a descriptor
wide() {
	for object in "$out"/*.o; do
		"$1nm" -u "$object" | grep -E ' (mem|b)(set|cpy|move|zero)$'
		"$1objdump" -d --no-show-raw-insn "$object" |
			grep -E 'rep +(stos|movs)|\bdc\b.*zva'
	done
}

cat >"$out/plain.c" <<-'END' || exit 1
	#include "env.h"
	void clear(uint64_t *live, uint64_t count)
	{
		for (uint64_t i = 0; i < count; i++)
			hypiommu_env_store64(&live[i], 0);
	}
END

status=77
for cc in gcc clang aarch64-linux-gnu-gcc; do
	command -v $cc >/dev/null || continue
	prefix=${cc%gcc}
	[ "$prefix" != "$cc" ] || prefix=
	command -v "${prefix}objdump" >/dev/null || continue
	objects $cc hypiommu_env_hosted.h "$out/plain.c" \
		"$root"/libhypiommu/lpae_*.c "$root/libhypiommu/v7s.c" \
		"$root/libhypiommu/tegra_mc.c"
	found=$(wide "$prefix")
	if [ -n "$found" ]; then
		echo "$cc: not only stores of descriptors:"
		echo "$found" | head -n 5
		exit 1
	fi
	objects $cc env_plain_stores.h "$out/plain.c"
	if [ -z "$(wide "$prefix")" ]; then
		echo "$cc: plain stores are not seen: the check is blind"
		exit 1
	fi
	echo "$cc: ok"
	status=0
done
exit $status
