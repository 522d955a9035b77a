#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# test_oss_fuzz.sh DIR ROOT TARGET...: oss-fuzz-build.sh, in the environment
# OSS-Fuzz gives it, builds every one of the targets, and each runs its corpus
# with its dictionary.
set -eu

dir=$1 root=$2
shift 2
rm -rf "$dir"
mkdir -p "$dir/out" "$dir/work"
flags="-O1 -g -fsanitize=address -fsanitize=fuzzer-no-link"
env -u LDFLAGS CC=clang CXX=clang++ CFLAGS="$flags" CXXFLAGS="$flags" \
	LIB_FUZZING_ENGINE=-fsanitize=fuzzer OUT="$dir/out" WORK="$dir/work" \
	SRC="$root" bash -eu "$root/fuzz/oss-fuzz-build.sh" >"$dir/log" 2>&1 ||
	{ tail -n 40 "$dir/log" >&2; exit 1; }
for target in "$@"; do
	cd "$dir/out"
	[ -x "$target" ] || { echo "not built: $target" >&2; exit 1; }
	mkdir "$dir/$target"
	[ ! -f "${target}_seed_corpus.zip" ] ||
		python3 -m zipfile -e "${target}_seed_corpus.zip" "$dir/$target"
	dict=
	[ ! -f "$target.dict" ] || dict=-dict=$target.dict
	# libFuzzer ends with 77 when it found something; to meson that is a skip.
	"./$target" -runs=0 $dict "$dir/$target" >"$dir/$target.log" 2>&1 ||
		{ tail -n 40 "$dir/$target.log" >&2; exit 1; }
done
