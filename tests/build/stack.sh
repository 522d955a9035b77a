#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# stack.sh DIR LIST [--json]: size and worst stack of the objects in DIR, which
# freestanding.sh left there with their call graphs (*.o and *.ci). LIST says
# what calls through pointers may be (indirect.txt). Fails if a chain of calls
# from a public entry point takes more than 1 KiB, or is not known.
set -eu

dir=$1 list=$2
json=0
[ "${3-}" != --json ] || json=1
cross=aarch64-linux-gnu-
max=1024

# size OBJECT TEXT RODATA BSS: sections begin with these names
sizes() {
	${cross}size -A "$1" | awk -v o="$2" '
		$1 ~ /^\.text/ { text += $2 }
		$1 ~ /^\.rodata/ { rodata += $2 }
		$1 ~ /^\.bss/ { bss += $2 }
		END { print "size", o, text + 0, rodata + 0, bss + 0 }'
}

# taken OBJECT FUNCTION: relocations, but for those of branches, name a function
# or its offset in a section.
taken() {
	{
		${cross}readelf -sW "$1"
		echo ==
		${cross}readelf -rW "$1"
	} | awk -v o="$2" '
		# Num: Value Size Type Bind Vis Ndx Name
		!relocs && $4 == "FUNC" {
			offset = $2
			sub(/^0+/, "", offset)
			function_at[offset == "" ? "0" : offset] = $8
			is_function[$8] = 1
		}
		!relocs && $5 == "GLOBAL" && $7 == "UND" { is_function[$8] = 1 }
		/^==$/ { relocs = 1 }
		/^Relocation section/ { skip = /\.eh_frame|\.debug/ }
		# Offset Info Type Value Name + Addend
		relocs && !skip && /R_AARCH64_/ && !/_(CALL|JUMP)26/ {
			name = $5
			if (name == ".text")
				name = function_at[$7]
			if (name in is_function && name !~ /^mem(cpy|set)$/)
				print "taken", o, name
		}'
}

for object in "$dir"/*.o; do
	name=$(basename "$object" .o)
	[ -f "$dir/$name.ci" ] || continue
	sizes "$object" "$name"
	taken "$object" "$name"
done >"$dir/objects.txt"
awk -v max=$max -v json=$json -f "$(dirname "$0")/stack.awk" \
	"$list" "$dir/objects.txt" "$dir"/*.ci
