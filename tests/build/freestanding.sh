#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# freestanding.sh OUT_DIR ROOT SRC...: the library as EL2 would link it. Leaves
# OUT_DIR/libhypiommu-aarch64.a (gcc) and, where clang is there, the same in
# OUT_DIR/clang. Fails on any undefined symbol but memcpy and memset, on any
# section outside .text, .rodata and .bss, on a frame above 512 bytes, and on a
# chain of calls above 1 KiB (stack.sh; its table is OUT_DIR/size.txt).
set -eu

out=$1 root=$2
shift 2
sources=$*
cross=aarch64-linux-gnu-
max_frame=512

command -v ${cross}gcc >/dev/null || { echo "no ${cross}gcc"; exit 77; }

flags="-std=c11 -O2 -ffreestanding -nostdlib -nostdinc -fno-pic -mcmodel=small
	-mgeneral-regs-only -fno-stack-protector -fno-common -mstrict-align
	-mno-outline-atomics -fno-asynchronous-unwind-tables -fno-unwind-tables
	-mbranch-protection=none -fstack-usage -Wall -Wextra -Wconversion
	-Werror -DHYPIOMMU_ENV_HEADER=\"hypiommu_env_el2.h\""
includes="-I$root/include -I$root/libhypiommu -I$root/backends/smmuv3
	-I$root/backends/smmuv2-tegra
	-I$root/ports/aarch64"

# empty TITLE TEXT: fails, with the text, unless there is none
empty() {
	[ -z "$2" ] && return
	printf '%s:\n%s\n' "$1" "$2" >&2
	exit 1
}

# archive DIR COMPILER...: compile, link to one object, look at it
archive() {
	dir=$1
	shift
	rm -rf "$dir"
	mkdir -p "$dir"
	for source in $sources; do
		name=$(basename "$(dirname "$source")")-$(basename "$source" .c)
		[ ! -e "$dir/$name.o" ] || empty "two sources" "$name.c"
		"$@" $flags $includes -c "$source" -o "$dir/$name.o"
	done
	${cross}ld -r -o "$dir/hypiommu.o" "$dir"/*.o
	check "$dir/hypiommu.o"
	frames "$dir"
	mv "$dir/hypiommu.o" "$dir/hypiommu.linked"
	${cross}ar rcsD "$dir/libhypiommu-aarch64.a" "$dir"/*.o
	echo "$dir/libhypiommu-aarch64.a: $(text_size "$dir/hypiommu.linked")"
}

check() {
	empty "undefined symbols" "$(${cross}nm -u "$1" |
		awk '$2 != "memcpy" && $2 != "memset"')"
	# [Nr] Name Type Address Off Size ES Flg: those with A, not empty
	empty "sections that may not be" "$(${cross}readelf -SW "$1" |
		sed -n 's/^ *\[ *[0-9]*\] *//p' |
		awk '$7 ~ /A/ && $5 !~ /^0*$/ &&
			$1 !~ /^\.(text|rodata|bss)(\.|$)/ { print $1, $5 }')"
}

text_size() {
	${cross}size "$1" | awk 'END { print $1 " bytes of text and rodata" }'
}

# -fstack-usage: file:line:column:function, bytes, static or dynamic
frames() {
	sort -n -k 2 "$1"/*.su | awk -F '\t' -v max=$max_frame '
		$3 != "static" { print "dynamic frame: " $0; bad = 1 }
		$2 > max { print "frame too large: " $0; bad = 1 }
		$2 >= top { top = $2; where = $1 }
		END {
			sub(".*/", "", where)
			print "largest frame: " top " bytes, " where
			exit bad || !NR
		}' || empty "stack" "no function above $max_frame bytes"
}

archive "$out" ${cross}gcc -fcallgraph-info=su
here=$(dirname "$0")
"$here/stack.sh" "$out" "$here/indirect.txt" >"$out/size.txt"
tail -n 1 "$out/size.txt"
for clang in clang-14 clang; do
	command -v $clang >/dev/null || continue
	archive "$out/clang" $clang --target=aarch64-linux-gnu
	break
done
