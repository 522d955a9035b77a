# SPDX-License-Identifier: GPL-2.0-only
# $why the front-end does not serve devices: no DMA, and the log says so.

# A disk may be there: registers are enough for that. Its data needs DMA.
sleep 6
for disk in nvme0n1 vda; do
	[ ! -b /dev/$disk ] ||
		dd if=/dev/$disk of=/tmp/$disk bs=512 count=1 2>/dev/null &
done
sleep 4

case $why in
stock)
	check "EL2 owns the SMMU" logged "EL2 owns 1 SMMUv3"
	check "the stock driver was first" test -d $stock/$smmu
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
check "nothing read from the NVMe disk" not test -s /tmp/nvme0n1
check "nothing read from the virtio disk" not test -s /tmp/vda
