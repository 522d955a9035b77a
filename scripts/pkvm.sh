# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# ./run pkvm [--cost | --breaks [--list] [--fresh] [NAME...] | TEST...]: the
# library in a protected-KVM Linux; see ./run help.

case "${1-} ${2-}" in
"--breaks --list" | "--breaks --help") exec ports/pkvm/test/breaks/run.sh "$2" ;;
esac

# Exits 77 where what it takes cannot be had: packages, a kernel's source, a QEMU.
(need "gcc make gcc-aarch64-linux-gnu binutils-aarch64-linux-gnu bc bison flex
	libssl-dev linux-source-6.12 xz-utils cpio qemu-system-arm
	libc6-dev-arm64-cross device-tree-compiler" \
	"cc make aarch64-linux-gnu-gcc bc bison flex xz cpio fdtput") || exit 77

cache=${XDG_CACHE_HOME:-$HOME/.cache}/hypiommu/pkvm
ports/qemu-virt/get-qemu.sh >/dev/null || exit 77
ports/pkvm/upstream/get-busybox.sh "$cache" >/dev/null || exit 77
ports/pkvm/upstream/kernel.sh "$cache" >/dev/null || exit

# tell COMMAND...: its last line, "N passed, M failed", is added up
tell() {
	log=$cache/told
	{
		"$@" "$cache"
		echo $? >"$cache/status"
	} | tee "$log"
	ok=$(sed -n '$s/^\([0-9]*\) passed, [0-9]* failed$/\1/p' "$log")
	bad=$(sed -n '$s/^[0-9]* passed, \([0-9]*\) failed$/\1/p' "$log")
	ok=${ok:-0} bad=${bad:-1}
	if [ "$bad" -eq 0 ] && [ "$(cat "$cache/status")" -ne 0 ]; then
		bad=1
	fi
	passed=$((passed + ok))
	failed=$((failed + bad))
}

case ${1-} in
--cost)
	ports/pkvm/cost/cost.sh "$cache"
	;;
--breaks)
	shift
	ports/pkvm/test/breaks/run.sh "$cache" "$@"
	;;
"")
	passed=0 failed=0
	tell ports/pkvm/test/run.sh
	tell ports/pkvm/cost/cost.sh
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
	;;
*)
	ports/pkvm/test/run.sh "$cache" "$@"
	;;
esac || exit
