# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# ./run cover: what of the library the tests reach; see ./run help.

need "$build_packages lcov python3 clang-19 llvm-19 libclang-rt-19-dev" \
	"$build_tools gcov lcov genhtml python3 clang-19 llvm-cov-19
	llvm-profdata-19"

cover=build-cover mcdc=build-cover/mcdc
library=harness/machine/libhypiommu-harness.a.p

# What breaks or measures the library has a build of its own.
cover_tests() {
	meson test -C "$1" --no-rebuild -t 5 --no-suite breaks \
		--no-suite build --no-suite bench >"$1/tests.log" 2>&1 && return
	tail -n 30 "$1/tests.log" >&2
	echo "cover: a test failed; its log: $1/meson-logs/testlog.txt" >&2
	exit 1
}

# The library by itself is instrumented, and not optimised: a line is a line.
gcov_build() {
	compile $cover -Doptimization=2 -Dwerror=false \
		-Dlibrary_args=-O0,-g,--coverage -Dc_link_args=--coverage ||
		exit 1
	rm -f $cover/$library/.*.gcda $cover/$library/*.gcda
	cover_tests $cover
	# Meson's names begin with dots, which lcov overlooks.
	rm -rf $cover/data
	mkdir $cover/data
	for file in $cover/$library/.*.gcno $cover/$library/.*.gcda; do
		name=${file##*.._}
		cp "$file" "$cover/data/${name#backends_}" || exit 1
	done
}

mcdc_build() {
	export CC=clang-19
	compile $mcdc -Doptimization=2 -Dwerror=false \
		-Dlibrary_args=-O0,-fprofile-instr-generate,-fcoverage-mapping,-fcoverage-mcdc \
		-Dc_link_args=-fprofile-instr-generate || exit 1
	rm -rf $mcdc/profiles
	mkdir $mcdc/profiles
	export LLVM_PROFILE_FILE="$PWD/$mcdc/profiles/%m-%p.profraw"
	cover_tests $mcdc
	llvm-profdata-19 merge --sparse -o $mcdc/all.profdata \
		$mcdc/profiles/*.profraw || exit 1
}

html() {
	lcov -q --rc lcov_branch_coverage=1 --capture \
		-d $cover/data -o $cover/all.info &&
		lcov -q --rc lcov_branch_coverage=1 -o $cover/cover.info \
			--extract $cover/all.info "$PWD/libhypiommu/*" \
			"$PWD/backends/*" &&
		genhtml -q --branch-coverage --prefix "$PWD" \
			-o $cover/html $cover/cover.info &&
		echo "$cover/html/index.html" >&2
}

case " $* " in
*" --quick "*) quick=1 ;;
*) quick= ;;
esac
json=
case " $* " in *" --json "*) json=--json ;; esac

gcov_build
[ -n "$quick" ] || (mcdc_build) || exit 1
html
PYTHONDONTWRITEBYTECODE=1 python3 tests/cover/cover.py $cover \
	$([ -n "$quick" ] || echo $mcdc) $json
