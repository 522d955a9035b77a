# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# ./run test: every test, in stages; see ./run help.

need "$build_packages graphviz clang libclang-rt-14-dev llvm valgrind
	clang-format clang-tidy cppcheck $qemu_packages" \
	"$build_tools dot clang valgrind aarch64-linux-gnu-gcc
	aarch64-linux-gnu-nm clang-format clang-tidy cppcheck"

# count WORD...: their sum in the summary meson prints last
count() {
	sum=0
	for word in "$@"; do
		n=$(sed -n "s/^$word: *\([0-9][0-9]*\) *$/\1/p" "$log" | tail -n 1)
		sum=$((sum + ${n:-0}))
	done
	echo "$sum"
}

# run_tests DIR TEST-OPTION...: sets ok, bad and skipped
run_tests() {
	dir=$1
	shift
	log=$dir/run-test.log
	{
		meson test -C "$dir" --print-errorlogs "$@" 2>&1
		echo $? >"$dir/run-test.status"
	} | tee "$log"
	ok=$(count Ok "Expected Fail")
	bad=$(count Fail "Unexpected Pass" Timeout)
	skipped=$(count Skipped)
	# Failing without a failed test, and passing without any, fail.
	if [ "$bad" -eq 0 ] && { [ "$ok" -eq 0 ] ||
		[ "$(cat "$dir/run-test.status")" -ne 0 ]; }; then
		bad=1
	fi
}

# stage NAME DIR "SETUP-OPTIONS" "TEST-OPTIONS"
stage() {
	echo
	echo "== $1"
	begin=$(date +%s)
	ok=0 bad=1 skipped=0
	if compile "$2" $3; then
		run_tests "$2" $4
	else
		echo "does not build"
	fi
	passed=$((passed + ok))
	failed=$((failed + bad))
	line="$1: $ok passed, $bad failed, $skipped skipped,"
	line="$line $(($(date +%s) - begin)) s"
	echo "== $line"
	summary="$summary$line
"
}

# Without a QEMU that will do, and no network to fetch one, this stage is
# skipped; in CI it fails.
qemu_stage() {
	if ! why=$(ports/qemu-virt/get-qemu.sh 2>&1 >/dev/null) &&
		[ -z "${CI-}" ]; then
		echo
		summary="${summary}qemu: skipped: $why
"
		echo "== qemu: skipped: $why"
		return
	fi
	stage qemu $qemu_dir "$qemu_setup" ""
}

all_tests() {
	passed=0 failed=0 summary=
	sanitize="-Db_sanitize=address,undefined -Db_lundef=false"
	stage plain build-test "-Dbuildtype=debugoptimized" ""
	# Breaks of the library and cross builds say the same under sanitizers.
	stage sanitizers build-asan "-Dbuildtype=debugoptimized $sanitize" \
		"--no-suite=breaks --no-suite=build"
	stage valgrind build-test "" "--setup=valgrind"
	stage threads build-tsan "-Db_sanitize=thread -Db_lundef=false" \
		"--suite=threads"
	qemu_stage
	export CC=clang CXX=clang++
	stage fuzz build-fuzz "-Dfuzz=true $sanitize" "--suite=fuzz"
	echo
	printf %s "$summary"
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
}

all_tests
