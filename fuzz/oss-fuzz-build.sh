#!/bin/bash -eu
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# As OSS-Fuzz's build.sh: builds every fuzz target with its $CC, $CXX, $CFLAGS,
# $CXXFLAGS and $LIB_FUZZING_ENGINE in $WORK, and leaves in $OUT what it runs:
# fuzz_NAME, fuzz_NAME_seed_corpus.zip, fuzz_NAME.dict. Needs meson, ninja,
# python3, liblzma and libfdt.

root=$(dirname "$(dirname "$(realpath "$0")")")
build=$WORK/hypiommu

# Flags come by the environment: b_sanitize would say them twice.
rm -rf "$build"
meson setup "$build" "$root" -Dfuzz=true -Dbuildtype=plain -Db_lundef=false \
	-Dwerror=false -Dfuzz_engine="$LIB_FUZZING_ENGINE"

targets=$(ninja -C "$build" -t targets all |
	sed -n 's/^fuzz\/\(fuzz_[a-z0-9_]*\): c_LINKER.*/\1/p')
[ -n "$targets" ] || { echo "no fuzz targets" >&2; exit 1; }
for target in $targets; do
	ninja -C "$build" "fuzz/$target"
	cp "$build/fuzz/$target" "$OUT/"
	corpus=$root/fuzz/corpus/${target#fuzz_}
	[ ! -d "$corpus" ] || (cd "$corpus" &&
		python3 -m zipfile -c "$OUT/${target}_seed_corpus.zip" ./*)
	dict=$root/fuzz/dict/${target#fuzz_}.dict
	[ ! -f "$dict" ] || cp "$dict" "$OUT/$target.dict"
done
