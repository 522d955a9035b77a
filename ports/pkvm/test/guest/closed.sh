# SPDX-License-Identifier: GPL-2.0-only
# $why the front-end does not serve devices: no DMA, and the log says so. $disk
# has a driver that tries all the same, or nothing would be shown by this.

# Devices wait a second for an IOMMU's driver (deferred_probe_timeout=1). A disk
# may be there then: registers are enough for that. Its data needs DMA.
sleep 8
[ ! -b "/dev/$disk" ] ||
	dd if="/dev/$disk" of=/tmp/read bs=512 count=1 2>/dev/null &
sleep 4

case $why in
stock)
	check "EL2 owns the SMMU" logged "EL2 owns 1 SMMUv3"
	check "the stock driver was first" test -d $stock/$smmu
	check "the disk worked with it" logged "nvme nvme0: .* queues"
	check "and waits in vain now" \
		logged "nvme nvme0: .*\(timeout\|controller is down\)"
	check "the log says that DMA is blocked" \
		logged "no front-end: all its DMA is blocked"
	;;
nobody)
	check "EL2 owns the SMMU" logged "EL2 owns 1 SMMUv3"
	check "the log says that DMA is blocked" \
		logged "no front-end: all its DMA is blocked"
	;;
unprotected)
	check "no protected mode" not logged "EL2 owns"
	check "the log says that DMA is blocked" \
		logged "no protected KVM: all DMA is blocked"
	;;
esac
case $disk in
vda)
	check "the driver of the virtio disk tried" \
		logged "virtio_blk virtio0: \[vda\]"
	;;
nvme0n1)
	check "the driver of the NVMe disk tried" \
		logged "nvme nvme0: pci function"
	[ "$why" = stock ] || check "and got no answer" \
		not logged "nvme nvme0: .* queues"
	;;
esac
check "nothing read from $disk" not test -s /tmp/read
