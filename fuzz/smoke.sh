#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# smoke.sh TARGET CORPUS DIR: the committed inputs, then a short search from
# them. New inputs stay in DIR; a reproducer, if any, too.
set -eu

target=$(realpath "$1") corpus=$(realpath "$2") dir=$3
rm -rf "$dir"
mkdir -p "$dir/found"
cd "$dir"
# libFuzzer ends with 77 when it found something; to meson that is a skip.
"$target" -runs=0 "$corpus" || exit 1
"$target" -seed=1 -runs=2000 -max_total_time=25 -max_len=512 -timeout=10 \
	-print_final_stats=1 found "$corpus" || exit 1
