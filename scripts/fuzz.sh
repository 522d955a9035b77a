# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# ./run fuzz [SECONDS] [TARGET...]: search with every fuzz target; see ./run help.

need "$build_packages clang libclang-rt-14-dev llvm" \
	"$build_tools clang clang++ llvm-symbolizer"

fuzz=build-fuzz
seconds=60
case ${1-} in
--list | -l) seconds=list ;;
"" | *[!0-9]*) ;;
*) seconds=$1 && shift ;;
esac
[ "$seconds" != 0 ] || { echo "fuzz: 0 seconds would be for ever" >&2; exit 2; }

# Not what else the tree has: sanitized, it takes its time.
setup() {
	export CC=clang CXX=clang++
	mkdir -p $fuzz
	[ -f $fuzz/build.ninja ] || meson setup $fuzz -Dfuzz=true \
		-Dbuildtype=debugoptimized -Db_sanitize=address,undefined \
		-Db_lundef=false >$fuzz/run-build.log 2>&1 && return
	cat $fuzz/run-build.log >&2
	exit 1
}

setup
ninja -C $fuzz build.ninja >$fuzz/run-build.log 2>&1 # as meson.build is now
# Every executable of fuzz/meson.build.
targets=$(ninja -C $fuzz -t targets all |
	sed -n 's/^fuzz\/fuzz_\([a-z0-9_]*\): c_LINKER.*/\1/p' | sort)
if [ "$seconds" = list ]; then
	printf '%s\n' $targets
	exit
fi
for name in "$@"; do
	printf '%s\n' $targets | grep -qx -- "$name" && continue
	echo "fuzz: no such target: $name (there are:" $targets")" >&2
	exit 2
done
[ $# -gt 0 ] || set -- $targets
ninja -C $fuzz $(printf 'fuzz/fuzz_%s ' "$@") >$fuzz/run-build.log 2>&1 || {
	cat $fuzz/run-build.log >&2
	exit 1
}

# search NAME: what is found stays in found/NAME and is searched from again
search() {
	name=$1 log=$fuzz/search-$1.log
	mkdir -p $fuzz/found/$name $fuzz/crashes
	dict=fuzz/dict/$name.dict
	[ -f $dict ] || dict=
	corpus=fuzz/corpus/$name
	[ -d $corpus ] || corpus=
	[ ! -t 2 ] || printf '%s, %s seconds...\r' "$name" "$seconds" >&2
	# libFuzzer itself says what went wrong, and with which input.
	nice $fuzz/fuzz/fuzz_$name -max_total_time="$seconds" -timeout=20 \
		-rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="$fuzz/crashes/$name-" \
		${dict:+-dict=$dict} $fuzz/found/$name $corpus >$log 2>&1
	report $? $name $log
}

# report STATUS NAME LOG
report() {
	stat() { sed -n "s/^stat::$1: *//p" $log; }
	cover=$(sed -n 's/.* cov: \([0-9]*\) ft: \([0-9]*\) .*/\1 \2/p' $log |
		tail -n 1)
	printf '%-12s %10s %8s %9s %9s %7s  %s\n' "$2" \
		"$(stat number_of_executed_units)" \
		"$(stat average_exec_per_sec)" ${cover:-- -} \
		"$(ls $fuzz/found/$2 | wc -l)" \
		"$([ $1 -eq 0 ] && echo nothing found || echo FOUND)"
	[ $1 -eq 0 ] && return
	failed=1
	grep -E -A 20 '^(==|fuzz_|.*ERROR|.*runtime error)' $3 | head -n 40
	echo "the whole of it: $3; the input:" \
		"$(ls -t $fuzz/crashes/$2-* 2>/dev/null | head -n 1)"
}

failed=0
printf '%-12s %10s %8s %9s %9s %7s\n' target runs "runs/s" edges features corpus
for name in "$@"; do
	search "$name"
done
exit $failed
