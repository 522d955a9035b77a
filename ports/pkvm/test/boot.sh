#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# boot.sh [OPTION]... TEST CPU CACHE: boot the kernel of ../upstream/kernel.sh
# in protected mode and run ../test/guest/TEST.sh in it; prints its TAP. A
# machine that has not powered itself off in time fails.
#   --append TEXT   more for the kernel's command line
#   --seconds N     how long it may take, 90
#   --mode MODE     kvm-arm.mode, protected
#   --stage 2       all the SMMU has; otherwise it has both (a board of before
#                   QEMU 9.2 lets one choose)
#   --virtio no     without the virtio disk
#   --plugin P      count with this plugin of QEMU, whose log goes to
#   --log FILE
set -u

here=$(cd "$(dirname "$0")" && pwd)
append='' seconds=90 mode=protected plugin='' log='' virtio=yes stage='' machine=virt
while [ $# -gt 3 ]; do
	case $1 in
	--append) append=$2 ;;
	--seconds) seconds=$2 ;;
	--mode) mode=$2 ;;
	--virtio) virtio=$2 ;;
	--stage) stage="-global arm-smmuv3.stage=$2" machine=virt-9.1 ;;
	--plugin) plugin=$2 ;;
	--log) log=$2 ;;
	*) echo "Bail out! boot.sh: $1?" && exit 2 ;;
	esac
	shift 2
done
name=$1 cpu=$2 cache=$3

die() {
	echo "Bail out! $*"
	exit 1
}

qemu=$("$here/../../qemu-virt/get-qemu.sh") || die "no QEMU"
busybox=$("$here/../upstream/get-busybox.sh" "$cache") || die "no busybox"
run=$(mktemp -d) || exit 1
trap 'rm -rf "$run"' EXIT

image=$run/root
mkdir -p "$image/bin" "$image/tests" "$image/proc" "$image/sys" "$image/dev" \
	"$image/mnt" "$image/tmp"
cp "$busybox" "$image/bin/busybox"
cp "$here/guest/init" "$image/init"
cp "$here"/guest/*.sh "$cache"/modules/*.ko "$image/tests" 2>"$run/copied" ||
	die "$(cat "$run/copied")"
[ -z "${HYPIOMMU_BENCH-}" ] || cp "$HYPIOMMU_BENCH" "$image/tests/bench"
(cd "$image" && find . | cpio -o -H newc 2>/dev/null | gzip -1) \
	>"$run/initramfs" || die "no initramfs"
truncate -s 64M "$run/nvme" "$run/virtio"
mkdir "$run/tftp"
(cd "$run/tftp" && head -c 3000000 /dev/urandom >random &&
	md5sum random >random.md5) || die "no file to fetch"

# Counted runs: one CPU, and a disk whose time does not depend on the machine
# below.
disk="file=$run/nvme,format=raw" how="-smp 2"
if [ -n "$plugin" ]; then
	disk="driver=null-co,size=256M,latency-ns=100000,read-zeroes=on"
	how="-smp 1 -icount shift=0,sleep=on -plugin $plugin -d plugin -D $log"
fi

# The board, and one thing more in its device tree: a doorbell that ends where RAM
# begins. Nothing is there; a device may be given it all the same.
board="-cpu $cpu -m 2048 $stage
	-M $machine,virtualization=on,gic-version=3,iommu=smmuv3"
doorbell=/doorbell@3ffff000
{
	$qemu $how -nodefaults -display none $board,dumpdtb="$run/dtb" &&
	fdtput -p -t s "$run/dtb" $doorbell compatible arm,gic-v2m-frame &&
	fdtput -t x "$run/dtb" $doorbell reg 0 3ffff000 0 1000
} >"$run/copied" 2>&1 || die "no device tree: $(cat "$run/copied")"

virtio_disk=
[ $virtio = no ] || virtio_disk="-device
	virtio-blk-pci,drive=virtio,iommu_platform=on,disable-legacy=on"

timeout "$seconds" $qemu $how \
	$board -dtb "$run/dtb" -nodefaults -no-reboot -display none -serial stdio \
	-kernel "$cache/linux/arch/arm64/boot/Image" -initrd "$run/initramfs" \
	-append "console=ttyAMA0 panic=-1 kvm-arm.mode=$mode test=$name $append" \
	-drive "$disk,if=none,id=nvme" \
	-device nvme,drive=nvme,serial=1 \
	-drive "file=$run/virtio,format=raw,if=none,id=virtio" \
	$virtio_disk \
	-device edu,dma_mask=0xffffffffff \
	-netdev "user,id=net,tftp=$run/tftp" \
	-device e1000e,netdev=net,romfile= \
	</dev/null | tr -d '\r'
