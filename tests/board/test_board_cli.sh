#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# hypiommu board as its users meet it. usage: test_board_cli.sh PROGRAM

set -u
program=$1
boards=$HYPIOMMU_BOARDS
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
failures=0

# run EXIT-CODE ARGUMENT...: leaves $dir/out and $dir/err
run() {
	expected=$1
	shift
	"$program" "$@" >"$dir/out" 2>"$dir/err" </dev/null
	code=$?
	[ "$code" -eq "$expected" ] && return
	echo "FAIL: hypiommu $*: exit $code, not $expected"
	failures=$((failures + 1))
}

# says FILE TEXT
says() {
	grep -qF -- "$2" "$dir/$1" && return
	echo "FAIL: \"$2\" is not in $1:"
	cat "$dir/$1"
	failures=$((failures + 1))
}

run 0 board "$boards/tegra234-small.dtb"
says out "SMMUs: 3"
says out "0x08000000+0x1000000  0x07000000+0x1000000"
says out "SID registers 0x02c00000"
says out "Masters: 9, 2 disabled"
says out "0xe(XUSB_HOST)  clients 0x4a(xusb_hostr) 0x4b(xusb_hostw)"
run 0 board "$boards/virt-smmuv3.dtb"
says out "arm,smmu-v3"
says out "0x0-0xffff[rid 0x0]"

run 0 board --json "$boards/tegra234-small.dtb"
for key in smmus name compatible frames stream_match_mask mc sid_base clients \
	masters node smmu sids status iommu_map; do
	says out "\"$key\": "
done
says out '"sid_base": 46137344'
if command -v python3 >/dev/null; then
	python3 -m json.tool <"$dir/out" >/dev/null || failures=$((failures + 1))
fi
run 0 board --json "$boards/virt-smmuv3.dtb"
says out '"mc": null'

run 2 board
says err "which device tree?"
run 2 board one two
run 2 board --nonsense
run 2 board "$dir"
says err "$dir: Is a directory"
run 2 board "$dir/none.dtb"
says err "none.dtb: No such file"
head -c 300 "$boards/virt-smmuv3.dtb" >"$dir/cut.dtb"
run 2 board "$dir/cut.dtb"
says err "cut.dtb: 300 bytes, but its header says"
run 0 board --help
says out "usage: hypiommu board FILE.dtb"

[ "$failures" -eq 0 ] && echo "all good"
[ "$failures" -eq 0 ]
