# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# ./run qemu [TEST...]: the port to QEMU's virt board; see ./run help.

need "$qemu_packages" "meson ninja aarch64-linux-gnu-gcc"

qemu=$(ports/qemu-virt/get-qemu.sh) || exit 1
echo "on $($qemu --version | head -n 1)"
compile $qemu_dir $qemu_setup || exit 1
meson test -C $qemu_dir --print-errorlogs "$@" || exit

# What the test `count` measured, the first CPU model's.
awk -F '|' '/^# \|/ && !seen[$2]++ {
	if (!any++)
		print "\n| hypercall | instructions at EL1 and EL2 |\n|---|---|"
	print substr($0, 3)
}' $qemu_dir/meson-logs/testlog.txt
