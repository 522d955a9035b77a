# SPDX-License-Identifier: GPL-2.0-only
# The machine as it should be: EL2 owns the SMMU, disks and network work by
# hypercalls, and what comes back is what was written.

check "protected mode" logged "Protected .*VHE mode initialized"
check "EL2 owns the SMMU" logged "EL2 owns 1 SMMUv3 with 256 streams"
check "the front-end drives it" test -d $frontend/$smmu
check "by stage ${stage:-1}" logged "stage ${stage:-1}, through hypercalls"
check "the stock driver drives nothing" no_device $stock

for disk in nvme0n1:0000:00:01.0 vda:0000:00:02.0; do
	device=${disk#*:} disk=${disk%%:*}
	check "$disk: translated" translated "$device"
	before=$(counter maps)
	check "$disk: file system written" fill $disk
	check "$disk: by hypercalls that map" more maps "$before" 50
	forget
	before=$(counter unmaps)
	check "$disk: read back, checksums right" verify $disk
	check "$disk: by hypercalls that unmap" more unmaps "$before" 50
done

# QEMU's own network: a file from the machine below, and a checksum of it.
fetch() {
	ifconfig eth0 10.0.2.15 up && tftp -g -r random -l /tmp/random 10.0.2.2 &&
		tftp -g -r random.md5 -l /tmp/random.md5 10.0.2.2 &&
		(cd /tmp && md5sum -c random.md5)
}

check "e1000e: translated" translated 0000:00:04.0
before=$(counter maps)
check "e1000e: a file fetched, checksum right" fetch
check "e1000e: by hypercalls that map" more maps "$before" 50
insmod /tests/hypiommu-attack.ko
check "edu: translated" translated 0000:00:03.0
check "edu: a copy by DMA is right" attack edu
check "no fault of a device" same "$(counter faults)" 0
check "no access of the host to a register" \
	same "$(counter register_faults)" 0
