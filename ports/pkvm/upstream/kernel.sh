#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# kernel.sh [--image] CACHE: builds Linux 6.12 of Debian's linux-source-6.12 with
# the port in it, and the modules of ../test, under CACHE; prints the path of the
# Image. Also compiles what this kernel has no use for: Tegra's drivers, Android's
# modules; with --image not. A first build takes ten minutes of one CPU, one after
# a change in the port a fraction of one. Exits 77 where there is no source to
# build.
set -eu

all=yes
if [ "${1-}" = --image ]; then
	all=
	shift
fi
[ $# -eq 1 ] || { sed -n '3,9s/^# //p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
cache=$1
tree=$cache/linux
source=${LINUX_SOURCE-/usr/src/linux-source-6.12.tar.xz}
log=$cache/build.log

die() {
	echo "kernel.sh: $*" >&2
	exit 1
}

# progress WHAT: how many files the log says were built, every few seconds to a
# terminal, once a minute to anything else
progress() {
	begin=$(date +%s)
	[ -t 2 ] && every=2 || every=60
	while sleep $every >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
		files=$(grep -c '^  [A-Z]' "$log") || :
		line="$1: $files files, $(($(date +%s) - begin)) s"
		[ -t 2 ] && printf '\r%s' "$line" >&2 || echo "$line" >&2
	done
}

# quiet WHAT COMMAND...: its output to the log, the log's end if it fails
quiet() {
	what=$1 status=0
	shift
	echo "$what" >&2
	: >"$log"
	progress "$what" &
	watcher=$!
	"$@" >"$log" 2>&1 </dev/null || status=$?
	kill $watcher
	wait $watcher 2>>"$log" || : # it ends by our signal
	[ ! -t 2 ] || printf '\r\033[K' >&2
	[ $status -eq 0 ] || {
		grep -n -A 3 'error:\|Error ' "$log" | head -n 30 >&2
		die "$what: failed, see $log"
	}
}

build() {
	make -C "$tree" ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- \
		-j"$(nproc)" "$@"
}

unpack() {
	rm -rf "$tree" "$cache/unpacking"
	mkdir -p "$cache/unpacking"
	tar -xf "$source" -C "$cache/unpacking" --strip-components=1
	touch -r "$source" "$cache/unpacking/.hypiommu-source"
	mv "$cache/unpacking" "$tree"
}

# What may not be in the hypervisor's object: a section pKVM does not map at EL2
# (the kernel itself reads those of alternatives, bugs and branches). A symbol
# EL2 does not have fails at the kernel's own link.
check_object() {
	objects=$tree/arch/arm64/kvm/hyp/nvhe/hypiommu
	for object in "$objects"/*.nvhe.o; do
		aarch64-linux-gnu-readelf -SW "$object" |
			sed -n 's/^ *\[ *[0-9]*\] *//p' |
			awk -v object="$(basename "$object")" '
				$7 ~ /A/ && $5 !~ /^0*$/ &&
				$1 !~ /^(\.text|\.rodata|\.bss)(\.|$)/ &&
				$1 !~ /^\.data\.\.(ro_after_init|percpu)$/ &&
				$1 !~ /^(__bug_table|__jump_table)$/ &&
				$1 !~ /^\.(altinstr|note\.)/ {
					print object ": section " $1
					bad = 1
				}
				END { exit bad }' >&2 ||
			die "not mapped at EL2"
	done
}

# The archive, unless it is of these very sources.
library() {
	sum=$(cat "$root"/include/hypiommu/*.h "$root"/libhypiommu/*.[ch] \
		"$root"/backends/*/*.[ch] "$root"/ports/aarch64/*.h \
		"$root"/tests/build/freestanding.sh | sha256sum)
	[ "$sum" != "$(cat "$cache/library.sum" 2>/dev/null)" ] || return 0
	rm -f "$cache/library.sum"
	quiet "the library for EL2" "$root/tests/build/freestanding.sh" \
		"$cache/library" "$root" "$root"/libhypiommu/*.c \
		"$root"/backends/*/*.c
	echo "$sum" >"$cache/library.sum"
}

# Tegra234's front-end, and the memory controller's driver that was changed: of
# a SoC this kernel is not for, so that they compile is all there is to see.
tegra() {
	quiet "building Tegra's drivers" build \
		CONFIG_MEMORY=y CONFIG_TEGRA_MC=y \
		CFLAGS_tegra186.o="-Werror -DCONFIG_TEGRA_SMMU_HYPIOMMU=1" \
		CFLAGS_tegra-smmu.o=-Werror \
		drivers/iommu/arm/hypiommu-iommu/tegra-smmu.o \
		drivers/memory/tegra/tegra186.o
}

# Android's vendor modules, both halves: against this kernel's headers, and for
# what it has not our own.
android() {
	android=$(cd "$here/../android" && pwd)
	rm -rf "$cache/android"
	"$android/lay-out.sh" "$cache/android"
	quiet "building the Android module's EL1 half" build M="$cache/android" \
		HYPIOMMU_INTERFACE="$android/include-el1" KCFLAGS=-Werror \
		HYPIOMMU_KIND=smmuv3 HYPIOMMU_FRONTEND=arm-smmu-v3 \
		host.o call.o hypiommu-machine.o core.o domain.o mappings.o \
		record.o view.o arm-smmu-v3.o tegra-smmu.o
	cp "$android/include/hyp.Kbuild" "$cache/android/hyp/Kbuild"
	quiet "building the Android modules' EL2 halves" build \
		M="$cache/android/hyp" \
		HYPIOMMU_INTERFACE="$android/include" KCFLAGS=-Werror \
		call.o init.o ops.o owner.o sleep.o tables.o window.o libc.o \
		smmuv3.o tegra234.o
}

[ -r "$source" ] || {
	echo "kernel.sh: no $source: install linux-source-6.12, or set" \
		"LINUX_SOURCE" >&2
	exit 77
}
mkdir -p "$cache"
if [ ! -e "$tree/.hypiommu-source" ] ||
	[ "$source" -nt "$tree/.hypiommu-source" ]; then
	echo "unpacking $source" >&2
	unpack
fi
library
"$here/apply.sh" "$tree" "$cache/library/libhypiommu-aarch64.a"
if ! cmp -s "$here/fragment.config" "$tree/.hypiommu-config"; then
	quiet "configuring" build KCONFIG_ALLCONFIG="$here/fragment.config" \
		allnoconfig
	cp "$here/fragment.config" "$tree/.hypiommu-config"
fi
# Options that other options forbid are dropped without a word.
grep -E '^CONFIG_[A-Z0-9_]+=y' "$here/fragment.config" |
	grep -v -x -F -f "$tree/.config" >&2 && die "options did not hold"
quiet "building Linux (minutes, the first time)" build Image modules
[ -z "$all" ] || { tegra; android; }
check_object
mkdir -p "$cache/modules"
cp "$here"/../test/modules/* "$cache/modules"
quiet "building the test modules" build M="$cache/modules" modules
echo "$tree/arch/arm64/boot/Image"
