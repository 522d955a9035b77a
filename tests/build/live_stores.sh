#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# live_stores.sh OUT ROOT: live descriptors are written by single-copy atomic
# stores only: at -O2 and -O3, hosted, compilers make neither a call that fills
# memory nor a string instruction of the engines' loops. (Vector registers EL2 has not.)
# That this would be seen is shown by the same sources with plain stores.
set -u
out=$1 root=$2
mkdir -p "$out" || exit 1

# engines COMPILER OPTIMISATION ENV-HEADER: objects of all formats
engines() {
	rm -f "$out"/*.o
	for file in lpae_4k lpae_16k lpae_64k v7s tegra_mc; do
		$1 -std=gnu11 $2 -mgeneral-regs-only -w -c \
			-I"$root/include" -I"$root/libhypiommu" \
			-I"$root/harness/env" -I"$root/tests/build" \
			-DHYPIOMMU_ENV_HEADER="\"$3\"" \
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
	seen=
	for level in -O2 -O3; do
		engines $cc $level hypiommu_env_hosted.h
		found=$(wide "$prefix")
		if [ -n "$found" ]; then
			echo "$cc $level: not only stores of descriptors:"
			echo "$found" | head -n 5
			exit 1
		fi
		engines $cc $level env_plain_stores.h
		seen=$seen$(wide "$prefix")
	done
	if [ -z "$seen" ]; then
		echo "$cc: plain stores are not seen: the check is blind"
		exit 1
	fi
	echo "$cc: ok"
	status=0
done
exit $status
