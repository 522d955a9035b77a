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

# begin_stage NAME, end_stage NAME: between them ok, bad and skipped are set
begin_stage() {
	echo
	echo "== $1"
	begin=$(date +%s)
	ok=0 bad=1 skipped=0
}

end_stage() {
	passed=$((passed + ok))
	failed=$((failed + bad))
	line="$1: $ok passed, $bad failed, $skipped skipped,"
	line="$line $(($(date +%s) - begin)) s"
	echo "== $line"
	summary="$summary$line
"
}

# stage NAME DIR "SETUP-OPTIONS" "TEST-OPTIONS"
stage() {
	begin_stage "$1"
	if compile "$2" $3; then
		run_tests "$2" $4
	else
		echo "does not build"
	fi
	end_stage "$1"
}

# skip NAME WHY
skip() {
	echo "== $1: skipped: $2"
	summary="$summary$1: skipped: $2
"
}

# Without a QEMU that will do, and no network to fetch one, this stage is
# skipped; in CI it fails.
qemu_stage() {
	if ! why=$(ports/qemu-virt/get-qemu.sh 2>&1 >/dev/null) &&
		[ -z "${CI-}" ]; then
		echo
		skip qemu "$why"
		return
	fi
	stage qemu $qemu_dir "$qemu_setup" ""
}

# ./run pkvm ends with "N passed, M failed"; with 77 where it cannot run at all,
# which is an error in CI.
pkvm_stage() {
	begin_stage pkvm
	log=build-test/run-pkvm.log
	{
		./run pkvm 2>&1
		echo $? >build-test/run-pkvm.status
	} | tee $log
	status=$(cat build-test/run-pkvm.status)
	if [ "$status" -eq 77 ] && [ -z "${CI-}" ]; then
		skip pkvm "$(tail -n 1 $log)"
		return
	fi
	ok=$(sed -n '$s/^\([0-9]*\) passed, [0-9]* failed$/\1/p' $log)
	bad=$(sed -n '$s/^[0-9]* passed, \([0-9]*\) failed$/\1/p' $log)
	ok=${ok:-0} bad=${bad:-1}
	if [ "$bad" -eq 0 ] && { [ "$ok" -eq 0 ] || [ "$status" -ne 0 ]; }; then
		bad=1
	fi
	end_stage pkvm
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
	pkvm_stage
	export CC=clang CXX=clang++
	stage fuzz build-fuzz "-Dfuzz=true $sanitize" "--suite=fuzz"
	echo
	printf %s "$summary"
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
}

all_tests
