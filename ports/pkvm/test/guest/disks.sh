# SPDX-License-Identifier: GPL-2.0-only
# The machine as it should be: EL2 owns the SMMU, disks and network work by
# hypercalls, and what comes back is what was written.

edu=0000:00:03.0

four_domains() {
	cat $domains
	[ "$(awk 'NR > 1 && NF == 8 && $7 % 4096 == 0 && !seen[$1]++' $domains |
		wc -l)" -eq 4 ] && [ "$(wc -l <$domains)" -eq 5 ]
}

check "protected mode" logged "Protected .*VHE mode initialized"
check "EL2 owns the SMMU" logged "EL2 owns 1 SMMUv3 with 256 streams"
check "the front-end drives it" test -d $frontend/$smmu
check "by stage ${stage:-1}" logged "stage ${stage:-1}, through hypercalls"
check "the stock driver drives nothing" no_device $stock

for disk in nvme0n1:0000:00:01.0 vda:0000:00:02.0; do
	device=${disk#*:} disk=${disk%%:*}
	check "$disk: translated" translated "$device"
	check "$disk: its stream is in a domain" in_a_domain "$device"
	mapped=$(domain_of "$device" maps)
	before=$(counter maps)
	check "$disk: file system written" fill $disk
	check "$disk: by hypercalls that map" more maps "$before" 50
	check "$disk: in its own domain" \
		[ "$(domain_of "$device" maps)" -ge $((mapped + 50)) ]
	forget
	before=$(counter unmaps)
	check "$disk: read back, checksums right" verify $disk
	check "$disk: by hypercalls that unmap" more unmaps "$before" 50
done

check "e1000e: translated" translated 0000:00:04.0
before=$(counter maps)
check "e1000e: a file fetched, checksum right" fetch
check "e1000e: by hypercalls that map" more maps "$before" 50
insmod /tests/hypiommu-attack.ko
check "edu: translated" translated $edu
held=$(domain_of $edu bytes) mapped=$(domain_of $edu maps)
check "edu: a copy by DMA is right" attack edu
check "edu: mapped for it" [ "$(domain_of $edu maps)" -gt "$mapped" ]
check "edu: and unmapped, every byte" same "$(domain_of $edu bytes)" "$held"
check "four domains, one for each device" four_domains
sed 's/^/# /' $domains
echo 1 >/sys/bus/pci/devices/$edu/remove
check "edu: gone, so is its domain" not in_a_domain $edu
echo 1 >/sys/bus/pci/rescan
check "edu: back, in a domain" in_a_domain $edu
check "edu: a copy by DMA is right again" attack edu
check "no fault of a device" same "$(counter faults)" 0
check "no access of the host to a register" \
	same "$(counter register_faults)" 0
