# SPDX-License-Identifier: GPL-2.0-only
# A hostile host. Each attack is refused, the machine lives, and the disks hold
# what was written before.

fill nvme0n1 >/dev/null 2>&1
fill vda >/dev/null 2>&1
insmod /tests/hypiommu-attack.ko

check "the trusted phase is over" attack setup-again
check "streams that are not there, or in use" attack strange-streams
check "ranges that make no sense" attack strange-ranges
check "lists with a foreign page, or too long" attack strange-lists
check "registers: writes do nothing, reads tell nothing" attack registers
check "the same after pKVM forgot its device mappings" \
	attack registers-recycled
check "a register page is not mapped, a doorbell is" attack map-registers
check "a page beside a doorbell is unpinned with it" attack beside-doorbell
check "a page of the hypervisor is not mapped" attack map-hyp
check "a page of a guest is not mapped" attack map-guest
check "a page of a table is not mapped" attack map-table
check "a shared page is not mapped, a mapped page not shared" \
	attack map-shared
check "a mapped page is not given away" attack give-mapped
check "mapping and giving away at once, on two CPUs" attack race
check "a device reaches nothing after the unmap" attack replay
check "a suspended SMMU lets nothing through, and comes back" \
	attack suspended
check "a device without a domain reaches nothing" attack detached
check "a million calls of garbage" attack garbage

# A wild access kills who makes it, and nobody else.
before=$(counter memory_faults)
check "reading a guest's page: no data" not attack touch-donated
check "but an abort" logged "synchronous external abort"
check "two registers at once: no data" not attack touch-undecodable
check "both were counted" more memory_faults "$before" 2

check "the driver's own device still does DMA" attack edu
forget
check "nvme0n1: checksums still right" verify nvme0n1
check "vda: checksums still right" verify vda
check "protected as before" logged "EL2 owns 1 SMMUv3"
