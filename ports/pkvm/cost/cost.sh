#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# cost.sh CACHE: what a request to an NVMe disk costs, in guest instructions:
# the stock driver, strict, against the hypercalls, on the same kernel. Prints a
# table, and fails if a figure is above its bound in goals.txt; the last line is
# "N passed, M failed", of the figures.
set -u

here=$(cd "$(dirname "$0")" && pwd)
cache=$1
mib=${MIB-16}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

die() {
	echo "cost.sh: $*" >&2
	exit 1
}

gcc -O2 -Wall -shared -fPIC -o "$work/count.so" "$here/count.c" &&
	aarch64-linux-gnu-gcc -O2 -static -Wall -o "$work/bench" \
		"$here/bench.c" || die "does not build"

# The number of the hypercall: a fast call of 64 bits to owner 6, counted from
# 1 in the kernel's list.
id=$(sed -n '/^enum __kvm_host_smccc_func/,/^}/p' \
	"$cache/linux/arch/arm64/include/asm/kvm_asm.h" | awk '
	/^\t__KVM_HOST_SMCCC_FUNC_/ {
		n++
		if (/___hypiommu_call,/)
			printf "%.0f\n", 3321888768 + n
	}')
[ -n "$id" ] || die "no hypercall in this kernel"

# measure NAME MODE APPEND: leaves phases in $work/NAME.log, jobs in NAME.jobs
measure() {
	echo "measuring: $1" >&2
	HYPIOMMU_BENCH=$work/bench "$here/../test/boot.sh" --mode "$2" \
		--append "$3 mib=$mib iommu.passthrough=0 iommu.strict=1" \
		--seconds 400 --plugin "$work/count.so,call=$id" \
		--log "$work/$1.log" cost cortex-a57 "$cache" >"$work/$1.jobs"
	grep -q '^job 8 ' "$work/$1.jobs" || {
		tail -n 20 "$work/$1.jobs" >&2
		die "$1 did not end"
	}
}

measure stock nvhe "initcall_blacklist=hypiommu_smmuv3_driver_init"
measure ours protected ""
mkdir -p "$cache/log"
cp "$work"/*.log "$work"/*.jobs "$cache/log"
awk -v mib="$mib" -f "$here/table.awk" "$here/goals.txt" "$work/stock.log" \
	"$work/ours.log" "$work/ours.jobs"
