#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# The program hypiommu as its users meet it: exit codes, output, counts.
# usage: test_cli.sh PROGRAM SOURCE-ROOT BOARDS; HYPIOMMU_FAST=1 replays less

set -u
program=$1
traces=$2/traces
boards=$3
fast=${HYPIOMMU_FAST:-}
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
failures=0

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

# run EXIT-CODE ARGUMENT...: leaves $dir/out and $dir/err
run() {
	expected=$1
	shift
	"$program" "$@" >"$dir/out" 2>"$dir/err" </dev/null
	code=$?
	[ "$code" -eq "$expected" ] && return
	fail "hypiommu $*: exit $code, not $expected"
	head -n 5 "$dir/out" "$dir/err"
}

# says FILE TEXT
says() {
	grep -qF -- "$2" "$dir/$1" && return
	fail "\"$2\" is not in $1:"
	head -n 5 "$dir/$1"
}

# field KEY: its number in the JSON object of $dir/out
field() {
	sed -n "s/^ *\"$1\": \([0-9][0-9]*\),*\$/\1/p" "$dir/out"
}

# is KEY NUMBER
is() {
	[ "$(field "$1")" = "$2" ] || fail "$1 is $(field "$1"), not $2"
}

# above KEY NUMBER
above() {
	n=$(field "$1")
	[ "${n:-0}" -gt "$2" ] || fail "$1 is ${n:-missing}, not above $2"
}

# Balanced, keys quoted, commas between and nowhere else, one object.
json() {
	if command -v python3 >/dev/null; then
		python3 -m json.tool <"$dir/out" >/dev/null 2>&1 ||
			fail "no JSON: $1"
		return
	fi
	awk '
	{ gsub(/\\./, ""); gsub(/"[^"]*"/, "S"); all = all $0 }
	END {
		gsub(/[ \t]/, "", all)
		sub(/^$/, "x", all)
		while (sub(/\[\]|\{\}|\[(V|S|[0-9]+|true|false|null)(,(V|S|[0-9]+|true|false|null))*\]|\{S:(V|S|[0-9]+|true|false|null)(,S:(V|S|[0-9]+|true|false|null))*\}/, "V", all))
			;
		exit all != "V"
	}' "$dir/out" || fail "no JSON: $1"
}

# ------------------------------------------------------------------ usage

for command in help --help -h "help replay" "replay --help" "attack -h" \
	"draw --help"; do
	run 0 $command
	says out hypiommu
done
run 0 --version
says out "hypiommu "
run 0
says out replay
run 2 frobnicate
says err "no such command: frobnicate"
run 2 --frobnicate
for command in replay attack draw; do
	run 2 $command --frobnicate
	says err "unrecognized option '--frobnicate'"
	says err "Try: hypiommu $command --help"
done
run 2 replay
run 2 replay a b
run 2 replay --stage 3 "$traces/boot.txt.xz"
says err "not a stage: 3"
run 2 replay --check x "$traces/boot.txt.xz"
run 2 attack now
run 2 draw
run 2 draw -o picture.gif

# guest END-EXPECTED: a range that is refused as an option
guest() {
	run 2 replay --guest "$1" "$traces/boot.txt.xz"
	says err "$2"
}
guest 0x47800000 "not a range"
guest 0x47800000- "not a range"
guest 0x47800000-0x47900000x "not a range"
guest -0x47900000 "not a range"
guest 0xfffffffffffffffff-0x47900000 "not a range"
guest 0x47800800-0x47900000 "not page-aligned"
guest 0x47900000-0x47800000 "empty"
guest 0x47800000-0x47800000 "empty"
guest 0x3ffff000-0x40001000 "outside RAM"
guest 0xbffff000-0xc0001000 "outside RAM"
run 2 replay --guest 0x41000000-0x41002000 --guest 0x41001000-0x41003000 \
	"$traces/boot.txt.xz"
says err "overlaps"

# ----------------------------------------------------------------- replay

# replay NAME MAPS UNMAPS DOMAINS DEVICES: at both stages
replay() {
	for stage in 1 2; do
		[ -n "$fast" ] && [ "$stage" = 1 ] && continue
		run 0 replay --json --stage $stage "$traces/$1.txt.xz"
		json "replay of $1"
		is stage $stage
		is maps "$2"
		is unmaps "$3"
		is domains "$4"
		is devices "$5"
		is refused_maps 0
		is refused_unmaps 0
		is violations 0
		above dma_probes "$2"
		above bytes_mapped 4096
		above tlb_invalidations 10
		above syncs 10
		above table_pages_peak 0
		above table_pages_end 0
		above mmio_writes 0
		above hypercalls "$2"
		is lost_events 0
		says out "\"trace\": \"$traces/$1.txt.xz\""
		says out '"first_violation": null'
		says out '"refused": {}'
	done
}

replay kernel-only 893 607 9 4
is implicit_domains 9
if [ -z "$fast" ]; then
	replay boot 2274 2226 5 5
	is implicit_domains 0
	is unmap_misses 0
	replay nvme-seq 8503 497 1 1
	replay net-mixed 2299 2201 2 2
	above unmap_misses 0
fi
run 0 replay "$traces/kernel-only.txt.xz"
says out "The trace names no domains: 9 were opened"
run 0 replay --check 0 "$traces/kernel-only.txt.xz"

# touching FILE START END: map lines whose pages touch the range, in hex digits
# of one length, so that they compare as text
touching() {
	xz -dc "$1" | sed -n 's/.*smmu_map:.* pa=0x\([0-9a-f]*\) size=0x\([0-9a-f]*\) .*/\1 \2/p' |
		awk -v start="$2" -v end="$3" '
		function hex(s,  n, i) {
			n = 0
			for (i = 1; i <= length(s); i++)
				n = n * 16 + index("0123456789abcdef",
						   substr(s, i, 1)) - 1
			return n
		}
		hex($1) < hex(end) && hex($1) + hex($2) > hex(start) { n++ }
		END { print n + 0 }'
}

# with_guest NAME START END: every map that touches it is refused, no other
with_guest() {
	file=$traces/$1.txt.xz
	touched=$(touching "$file" "$2" "$3")
	[ "$touched" -gt 0 ] || fail "no map of $1 touches $2-$3"
	for stage in 1 2; do
		run 0 replay --json --stage $stage --guest "0x$2-0x$3" "$file"
		is refused_maps "$touched"
		is violations 0
		says out "\"PERM\": $touched"
	done
}

with_guest boot 47800000 47900000
if [ -z "$fast" ]; then
	with_guest net-mixed 41000000 48000000
	run 0 replay --json --guest 0x47800000-0x47880000 \
		--guest 1200095232-0x47900000 "$traces/boot.txt.xz"
	is refused_maps "$(touching "$traces/boot.txt.xz" 47800000 47900000)"
fi

# -------------------------------------------------------------- boards

# counts: what must not depend on the machine
counts() {
	for key in maps unmaps refused_maps refused_unmaps unmap_misses \
		bytes_mapped domains implicit_domains lookups; do
		echo "$key $(field $key)"
	done
}

# on_board NAME OPTION...: the same as on the usual machine
on_board() {
	name=$1
	shift
	run 0 replay --json "$@" "$traces/$name.txt.xz"
	says out '"board": null'
	usual=$(counts)
	for board in tegra234-small virt-smmuv3; do
		run 0 replay --json --board "$boards/$board.dtb" "$@" \
			"$traces/$name.txt.xz"
		json "replay of $name on $board"
		says out "\"board\": \"$boards/$board.dtb\""
		is violations 0
		is unattached_domains 0
		above dma_probes "$(field maps)"
		above tlb_invalidations 10
		above mmio_writes 0
		[ "$(counts)" = "$usual" ] ||
			fail "$name on $board $*: $(counts), and not $usual"
	done
}

tegra=$boards/tegra234-small.dtb
on_board boot --stage 2
on_board kernel-only --guest 0x44000000-0x47000000
if [ -z "$fast" ]; then
	on_board boot --stage 1
	on_board kernel-only --stage 2
	on_board net-mixed --stage 1
	on_board nvme-seq --stage 2
fi
run 0 replay --json --board "$tegra" --assign 0000:00:03.0=pcie@14160000 \
	--assign 0000:00:01.0=/bus@0/display@13800000 "$traces/boot.txt.xz"
says out '"node": "/bus@0/pcie@14160000"'
says out '"node": "/bus@0/display@13800000"'
is violations 0
run 0 replay --board "$tegra" "$traces/net-mixed.txt.xz"
says out "0000:00:01.0     is /bus@0/hda@3510000, SMMU 2, stream 0x3"
run 2 replay --board "$dir/missing.dtb" "$traces/boot.txt.xz"
says err "missing.dtb"
run 2 replay --board "$traces/boot.txt.xz" "$traces/boot.txt.xz"
run 2 replay --assign 0000:00:03.0=hda@3510000 "$traces/boot.txt.xz"
says err "--assign needs --board"
run 2 replay --board "$tegra" --assign hda@3510000 "$traces/boot.txt.xz"
says err "not DEV=NODE"
run 2 replay --board "$tegra" --assign 0000:00:03.0=none "$traces/boot.txt.xz"
says err "has no master none"
run 2 replay --board "$tegra" --assign 0000:09:03.0=hda@3510000 \
	"$traces/boot.txt.xz"
says err "has no device 0000:09:03.0"
# Two masters of one stream
run 2 replay --board "$tegra" --assign 0000:00:03.0=spi@3210000 \
	--assign 0000:00:01.0=dma-controller@2600000 "$traces/boot.txt.xz"
says err "cannot be"

# ------------------------------------------------------------ small traces

# line EVENT: as ftrace writes it
line() {
	printf ' x-1     [000] d....     1.%06d: %s\n' "$lines" "$1"
	lines=$((lines + 1))
}

# trace NAME EVENT...: makes $dir/NAME
trace() {
	name=$1
	shift
	lines=1
	for event in "$@"; do
		line "$event"
	done >"$dir/$name"
}

m="smmu_map: (x+0x0/0x1) dom=0xa"
u="smmu_unmap: (x+0x0/0x1) dom=0xa"

# A scatter list, mapped in pieces and unmapped whole; again with a hole.
trace pieces "$m iova=0x10000 pa=0x41000000 size=0x1000 prot=0x3" \
	"$m iova=0x11000 pa=0x45000000 size=0x2000 prot=0x3" \
	"$m iova=0x13000 pa=0x42000000 size=0x1000 prot=0x3" \
	"$u iova=0x10000 size=0x4000" "$u iova=0x10000 size=0x4000"
run 0 replay --json "$dir/pieces"
is maps 3
is unmaps 2
is unmap_misses 1
run 0 replay --json --guest 0x45001000-0x45002000 "$dir/pieces"
is refused_maps 1
is unmap_misses 1
is violations 0

# What cannot be is refused and said why; the rest goes on (an unmap inside a
# block splits it).
trace odd "$m iova=0x10000 pa=0x41000000 size=0x1000 prot=0x3" \
	"$m iova=0x10000 pa=0x42000000 size=0x1000 prot=0x3" \
	"$m iova=0x20800 pa=0x42000000 size=0x1000 prot=0x3" \
	"$m iova=0x30000 pa=0x20000000 size=0x1000 prot=0x3" \
	"$m iova=0xfff0000000000000 pa=0x42000000 size=0x1000 prot=0x3" \
	"$m iova=0x40000 pa=0x43000000 size=0x1000 prot=0x0" \
	"$m iova=0x200000 pa=0x44000000 size=0x200000 prot=0x3" \
	"$u iova=0x300000 size=0x1000" "$u iova=0x10800 size=0x1000" \
	"$m iova=0x50000 pa=0x41000000 size=0x1000 prot=0x2"
for stage in 1 2; do
	run 0 replay --json --check 1 --stage $stage "$dir/odd"
	is maps 8
	is refused_maps 5
	is refused_unmaps 1
	is violations 0
	for error in EXIST PERM RANGE; do
		says out "\"$error\": 1"
	done
done

# A device that moves, a domain attached after its first map.
a='smmu_attach: (x+0x0/0x1)'
trace moves "$a dom=0xa dev=\"0000:00:05.0\"" \
	"$m iova=0x10000 pa=0x41000000 size=0x1000 prot=0x3" \
	"smmu_map: (x+0x0/0x1) dom=0xb iova=0x10000 pa=0x46000000 size=0x1000 prot=0x3" \
	"$a dom=0xb dev=\"0000:00:05.0\"" "$a dom=0xb dev=\"platform\"" \
	"$a dom=0xb dev=\"0000:00:05.0\"" "$u iova=0x10000 size=0x1000"
run 0 replay --json "$dir/moves"
is devices 2
is domains 2
is implicit_domains 0
# Its devices are behind two SMMUs, unless told otherwise.
run 2 replay --board "$tegra" "$dir/moves"
says err "which are behind different SMMUs; try --assign"
run 0 replay --json --board "$tegra" --assign platform=usb@3610000 "$dir/moves"
is domains 2
is violations 0

# The doorbell of the trace's machine is this one's, wherever it is.
trace bell "$m iova=0x10000 pa=0x8090000 size=0x1000 prot=0x2" \
	"$m iova=0x12000 pa=0x8091000 size=0x1000 prot=0x2"
run 0 replay --json --board "$tegra" "$dir/bell"
is refused_maps 1
is violations 0

# -------------------------------------------------------------- bad files

trace bad "$m iova=0x10000 pa=0x41000000 size=0x1000 prot=0x3" \
	"$m iova=0x10zz0 pa=0x41000000 size=0x1000 prot=0x3"
run 2 replay --json "$dir/bad"
says err "$dir/bad:2: "
[ -s "$dir/out" ] && fail "output for a malformed trace"
trace bad "$m iova=0x10000 size=0x1000 prot=0x3"
run 2 replay "$dir/bad"
says err "$dir/bad:1: "
run 2 replay "$dir/missing"
says err "$dir/missing: No such file"
: >"$dir/empty"
run 2 replay "$dir/empty"
says err "$dir/empty: "
head -c 5000 "$traces/boot.txt.xz" >"$dir/short.xz"
run 2 replay "$dir/short.xz"
says err "$dir/short.xz: "
run 2 replay "$dir"

# ----------------------------------------------------------- attack, draw

if [ -z "$fast" ]; then
	run 0 attack
	says out "attacks, all refused"
	grep -q "GOT THROUGH" "$dir/out" && fail "an attack got through"
fi
run 0 attack --json
json attack
is through 0
above count 50
n=$(grep -c '"refused": true' "$dir/out")
is count "$n"
run 0 attack --json --board "$tegra"
json "attack on a Tegra234"
is through 0
above count 120
says out "map the MC's SID registers"
if [ -z "$fast" ]; then
	run 0 attack --board "$boards/virt-smmuv3.dtb"
	says out "attacks, all refused"
fi
run 2 attack --board "$dir/missing.dtb"
says err "missing.dtb"

for stage in "" "--stage 1" "--stage 2"; do
	run 0 draw $stage -o "$dir/picture.dot"
	for text in digraph STE "level 3 table" "refused: PERM" "DMA aborts" \
		"SMMU registers"; do
		grep -qF "$text" "$dir/picture.dot" || fail "no $text drawn"
	done
done
# drawn TEXT...: each is in the picture
drawn() {
	for text in "$@"; do
		grep -qF -- "$text" "$dir/picture.dot" || fail "no $text drawn"
	done
}

# Both register frames are looked at, and say the same: no cell is red.
for stage in "" "--stage 1" "--stage 2"; do
	run 0 draw $stage --board "$tegra" -o "$dir/picture.dot"
	drawn "client 0x15 hdar" "overridden: SID 0x3" "deny, locked" \
		"mirror 0x11000000" "stream match 0" "context bank 0" \
		"0x3 / 0x7f80" "matches no SMR" "level 3 table" \
		"mirrored frame" "MC registers" "512 pages from"
	grep -qE "NOT OVERRIDDEN|AROUND|BYPASS|bgcolor=\"#f7b5b5\"" \
		"$dir/picture.dot" && fail "bypass, or mirrors apart"
done
run 0 draw --board "$boards/virt-smmuv3.dtb" -o "$dir/picture.dot"
drawn "pcie@10000000" "STE: stage 1" "refused: PERM"
run 2 draw --board "$dir/missing.dtb" -o "$dir/picture.dot"
says err "missing.dtb"
if command -v dot >/dev/null; then
	run 0 draw -o "$dir/picture.svg"
	grep -q "</svg>" "$dir/picture.svg" || fail "no picture"
	run 2 draw -o "$dir/none/picture.svg"
fi
run 2 draw -o "$dir/none/picture.dot"
says err "$dir/none/picture.dot: No such file"
PATH=/nowhere "$program" draw -o "$dir/other.svg" 2>"$dir/err"
[ $? -eq 2 ] || fail "draw without dot does not exit 2"
says err graphviz

[ "$failures" -eq 0 ] && echo "good"
[ "$failures" -eq 0 ]
