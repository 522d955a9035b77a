#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# live_stores.sh OUT ROOT: live descriptors are written by single-copy atomic
# stores only: at -O3, hosted, compilers make neither a call that fills
# memory nor a string instruction of the engines' loops. (Vector registers EL2 has not.)
# That this would be seen is shown by the same sources with plain stores.
set -u
out=$1 root=$2
mkdir -p "$out" || exit 1

# engines COMPILER ENV-HEADER FORMAT...: their objects
engines() {
	rm -f "$out"/*.o
	compiler=$1 env=$2
	shift 2
	for file in "$@"; do
		$compiler -std=gnu11 -O3 -mgeneral-regs-only -w -c \
			-I"$root/include" -I"$root/libhypiommu" \
			-I"$root/harness/env" -I"$root/tests/build" \
			-DHYPIOMMU_ENV_HEADER="\"$env\"" \
			"$root/libhypiommu/$file.c" -o "$out/$file.o" || exit 1
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

status=77
for cc in gcc clang aarch64-linux-gnu-gcc; do
	command -v $cc >/dev/null || continue
	prefix=${cc%gcc}
	[ "$prefix" != "$cc" ] || prefix=
	command -v "${prefix}objdump" >/dev/null || continue
	engines $cc hypiommu_env_hosted.h lpae_4k lpae_16k lpae_64k v7s tegra_mc
	found=$(wide "$prefix")
	if [ -n "$found" ]; then
		echo "$cc: not only stores of descriptors:"
		echo "$found" | head -n 5
		exit 1
	fi
	engines $cc env_plain_stores.h lpae_4k
	if [ -z "$(wide "$prefix")" ]; then
		echo "$cc: plain stores are not seen: the check is blind"
		exit 1
	fi
	echo "$cc: ok"
	status=0
done
exit $status
