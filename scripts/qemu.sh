# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# ./run qemu [--json] [TEST...]: the port to QEMU's virt board; see ./run help.

json=
if [ "${1-}" = --json ]; then
	json=1
	shift
fi

need "$qemu_packages" "meson ninja aarch64-linux-gnu-gcc" >&2

qemu_log=$qemu_dir/meson-logs/testlog.txt

# What the test `count` measured, of the first CPU model.
counts() {
	awk -F ' *[|] *' -v json="$json" '
		/^# \|/ && !seen[$2]++ {
			if (!any++)
				print (json ? "{" : "\n| hypercall |" \
					" instructions at EL1 and EL2 |\n|---|---|")
			if (json)
				printf "%s  \"%s\": %s", (any > 1 ? ",\n" : ""), $2, $3
			else
				print "| " $2 " | " $3 " |"
		}
		END {
			if (json)
				print (any ? "\n}" : "{}")
		}' $qemu_log
}

{
	qemu=$(ports/qemu-virt/get-qemu.sh) || exit 1
	echo "on $($qemu --version | head -n 1)"
	compile $qemu_dir $qemu_setup || exit 1
	rm -f $qemu_log
	meson test -C $qemu_dir --print-errorlogs "$@" || exit
	if [ ! -f $qemu_log ]; then
		echo "run: no such test: $* (meson test -C $qemu_dir --list)"
		exit 2
	fi
} >&2
counts
