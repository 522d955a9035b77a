#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# boot.sh [OPTION]... MONITOR HOST: run a host on the monitor on QEMU's virt
# board. What it prints is TAP; a board that does not power itself off within a
# minute fails.
#   --cpu MODEL   default cortex-a57
#   --qemu COMMAND  instead of the one get-qemu.sh finds
#   --edu         an edu device more, a DMA engine
#   --nvme        a disk of 1 MiB, empty
#   --zeroes      a disk that reads as zeroes, at once
#   --gdb         wait for a debugger, at port 1234
#   --patience S  seconds to give it, instead of 58
#   --seed N      for tests that draw at random
#   --icount      the clock counts instructions, one a nanosecond
set -u

here=$(dirname "$0")
cpu=cortex-a57 devices= qemu= patience=58
while [ $# -gt 2 ]; do
	case $1 in
	--cpu) cpu=$2 && shift ;;
	--qemu) qemu=$2 && shift ;;
	--edu) devices="$devices -device edu,dma_mask=0xffffffffff" ;;
	--patience) patience=$2 && shift ;;
	--gdb) patience=0 devices="$devices -gdb tcp:127.0.0.1:1234 -S" ;;
	--seed)
		devices="$devices -device loader,addr=0x47fffff8,data=$2,data-len=8"
		shift
		;;
	--icount) devices="$devices -icount shift=0" ;;
	--nvme)
		disk=$(mktemp) && truncate -s 1M "$disk" || exit 1
		trap 'rm -f "$disk"' EXIT
		trap 'exit 1' TERM
		devices="$devices -device nvme,drive=disk,serial=1
			-drive if=none,id=disk,format=raw,file=$disk"
		;;
	--zeroes)
		devices="$devices -device nvme,drive=disk,serial=1 -drive
			if=none,id=disk,driver=null-co,size=1M,read-zeroes=on"
		;;
	*) echo "Bail out! boot.sh: $1?" && exit 2 ;;
	esac
	shift
done

[ -n "$qemu" ] || qemu=$("$here/get-qemu.sh") || {
	echo "Bail out! no QEMU to run on"
	exit 1
}
timeout --foreground $patience $qemu -M virt,virtualization=on,gic-version=3,iommu=smmuv3 \
	-cpu "$cpu" -m 512 -smp 2 -nodefaults -display none -serial stdio \
	$devices -kernel "$1" -device loader,file="$2" </dev/null
status=$?
[ $status -eq 0 ] || echo "Bail out! QEMU ended with status $status" \
	"(124: still running after $patience s)"
exit $status
