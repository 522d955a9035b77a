# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# ./run cover: what of the library the tests reach; see ./run help.

need "$build_packages lcov python3 clang-19 llvm-19 libclang-rt-19-dev" \
	"$build_tools gcov lcov genhtml python3 clang-19 llvm-cov-19
	llvm-profdata-19"

cover=build-cover mcdc=build-cover/mcdc
library=harness/machine/libhypiommu-harness.a

# On a terminal, what takes so long.
say() {
	[ ! -t 2 ] || echo "cover: $1" >&2
}

# measure DIR SETUP-OPTION...: builds and runs the tests that call the library
# itself; the sweep, replays and the races would add minutes and reach no more.
measure() {
	dir=$1
	shift
	mkdir -p "$dir"
	log=$dir/run-tests.log
	: >"$log"
	if [ ! -f "$dir/build.ninja" ]; then
		meson setup "$dir" "$@" -Doptimization=2 -Dwerror=false \
			-Db_colorout=never >>"$log" 2>&1
	fi && ninja -C "$dir" $library >>"$log" 2>&1 &&
		find "$dir" -name '*.gcda' -delete &&
		meson test -C "$dir" -t 5 --suite unit --suite scenario \
			--suite explore >>"$log" 2>&1 && return
	grep -E "error:|FAIL|TIMEOUT" "$log" >&2 || tail -n 30 "$log" >&2
	echo "cover: it does not build, or a test failed: $log," \
		"$dir/meson-logs/testlog.txt" >&2
	exit 1
}

# The library by itself is instrumented, and not optimised: a line is a line.
gcov_build() {
	measure $cover -Dlibrary_args=-O0,-g,--coverage \
		-Dc_link_args=--coverage
	# Meson's names begin with dots, which lcov overlooks.
	rm -rf $cover/data
	mkdir $cover/data
	for file in $cover/$library.p/.*.gcno $cover/$library.p/.*.gcda; do
		name=${file##*.._}
		cp "$file" "$cover/data/${name#backends_}" || exit 1
	done
}

mcdc_build() {
	export CC=clang-19 LLVM_PROFILE_FILE="$PWD/$mcdc/profiles/%m-%p.profraw"
	rm -rf $mcdc/profiles
	measure $mcdc \
		-Dlibrary_args=-O0,-fprofile-instr-generate,-fcoverage-mapping,-fcoverage-mcdc \
		-Dc_link_args=-fprofile-instr-generate
	llvm-profdata-19 merge --sparse -o $mcdc/all.profdata \
		$mcdc/profiles/*.profraw || exit 1
}

# lcov's own warnings go to the log.
html() {
	{
		lcov -q --rc lcov_branch_coverage=1 --capture \
			-d $cover/data -o $cover/all.info &&
			lcov -q --rc lcov_branch_coverage=1 -o $cover/cover.info \
				--extract $cover/all.info "$PWD/libhypiommu/*" \
				"$PWD/backends/*" &&
			genhtml -q --branch-coverage --prefix "$PWD" \
				-o $cover/html $cover/cover.info
	} >$cover/html.log 2>&1 && echo "$cover/html/index.html" >&2 && return
	tail -n 5 $cover/html.log >&2
	exit 1
}

case " $* " in
*" --quick "*) quick=1 ;;
*) quick= ;;
esac
json=
case " $* " in *" --json "*) json=--json ;; esac

say "building for gcov, running the tests"
gcov_build
[ -n "$quick" ] || say "the same for MC/DC, by clang"
[ -n "$quick" ] || (mcdc_build) || exit 1
html
PYTHONDONTWRITEBYTECODE=1 python3 tests/cover/cover.py $cover \
	$([ -n "$quick" ] || echo $mcdc) $json
