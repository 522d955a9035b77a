#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# android.sh OUT_DIR ROOT LIBRARY_SRC...: the Android modules' EL2 halves as a
# kernel would link them: our interface headers in the place of its own, one
# object a module with the library's archive in it, by gcc and by clang. Fails on
# any undefined symbol (a module is linked with nothing of the kernel), and on any
# section that is not mapped at EL2. Then the check is shown to fail: WITH a
# source that breaks one rule, each.
set -eu

out=$1 root=$2
shift 2
port=$root/ports/pkvm/android
cross=aarch64-linux-gnu-

command -v ${cross}gcc >/dev/null || { echo "no ${cross}gcc"; exit 77; }

flags="-std=c11 -O2 -ffreestanding -nostdlib -nostdinc -fno-pic -mcmodel=small
	-mgeneral-regs-only -fno-stack-protector -fno-common -mstrict-align
	-mno-outline-atomics -fno-asynchronous-unwind-tables -fno-unwind-tables
	-mbranch-protection=none -Wall -Wextra -Wconversion -Wshadow
	-Wstrict-prototypes -Wmissing-prototypes -Werror
	-I$port/include -I$port/include/freestanding -I$root/include"

# Sections the core maps for a module (arch/arm64/kvm/hyp/nvhe/module.lds.S of
# android16-6.12): text, rodata, data, bss, and what it reads itself.
check() {
	undefined=$(${cross}nm -u "$1")
	sections=$(${cross}readelf -SW "$1" |
		sed -n 's/^ *\[ *[0-9]*\] *//p' |
		awk '$7 ~ /A/ && $5 !~ /^0*$/ &&
			$1 !~ /^\.(text|rodata|data|bss)$/ &&
			$1 !~ /^\.rodata\.(str|cst)/ { print $1 }')
	[ -z "$undefined$sections" ] || {
		echo "$1: undefined: $undefined; sections: $sections"
		return 1
	}
}

# module KIND DIR EXTRA COMPILER...: KIND's EL2 half, in DIR/KIND.o
module() {
	kind=$1 dir=$2 extra=$3
	shift 3
	rm -rf "$dir/$kind"
	mkdir -p "$dir/$kind"
	for source in call init ops owner sleep tables window libc "$kind"; do
		"$@" $flags -c "$port/el2/$source.c" \
			-o "$dir/$kind/$source.o"
	done
	if [ -n "$extra" ]; then
		printf '%s\n' "$extra" >"$dir/$kind/extra.c"
		"$@" $flags -c "$dir/$kind/extra.c" -o "$dir/$kind/extra.o"
	fi
	${cross}ld -r -o "$dir/$kind.o" "$dir/$kind"/*.o \
		--whole-archive "$archive"
	check "$dir/$kind.o"
}

kinds=$(cd "$port/el2" && ls smmuv3.c tegra234.c 2>/dev/null | sed 's/\.c$//')
"$root/tests/build/freestanding.sh" "$out/library" "$root" "$@" \
	>"$out.log" 2>&1 || { cat "$out.log"; exit 1; }

for kind in $kinds; do
	archive=$out/library/libhypiommu-aarch64.a
	module "$kind" "$out/gcc" "" ${cross}gcc
	${cross}size "$out/gcc/$kind.o" | awk -v kind="$kind" '
		END { print kind ": " $1 " bytes of text and rodata, " $2 + $3 \
			" of data and bss" }'
	for clang in clang-14 clang; do
		command -v $clang >/dev/null || continue
		archive=$out/library/clang/libhypiommu-aarch64.a
		module "$kind" "$out/clang" "" \
			$clang --target=aarch64-linux-gnu
		break
	done
done

archive=$out/library/libhypiommu-aarch64.a
# refused WHAT SOURCE: a module with this in it is not let pass
refused() {
	if said=$(module smmuv3 "$out/broken" "$2" ${cross}gcc); then
		echo "passed with $1"
		exit 1
	fi
	case $said in
	*undefined:*) echo "refused: $1" ;;
	*) echo "refused, for another reason: $said"; exit 1 ;;
	esac
}

refused "a symbol of the kernel" \
	'int printk(const char *s); int f(void); int f(void) { return printk(""); }'
refused "memmove" \
	'void *memmove(void *, const void *, __SIZE_TYPE__);
	void f(char *p); void f(char *p) { memmove(p, p + 1, 77); }'
refused "an init section" \
	'int f(void); __attribute__((section(".init.text"))) int f(void)
	{ return 0; }'
refused "a constructor" \
	'int x; __attribute__((constructor)) static void f(void) { x = 1; }'
refused "data that is relocated at run time" \
	'extern int x; int x; __attribute__((section(".data.rel.ro"))) int *const
	f = &x; int *const *g(void); int *const *g(void) { return &f; }'
