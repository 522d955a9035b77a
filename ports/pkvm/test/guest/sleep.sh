# SPDX-License-Identifier: GPL-2.0-only
# The kernel suspends and resumes: its SMMU is stopped by hypercall when all else
# is, and what was there before works after.

rtc=/sys/class/rtc/rtc0

# idle SECONDS: suspend to idle, and the clock wakes the machine
idle() {
	echo 0 >$rtc/wakealarm && echo "+$1" >$rtc/wakealarm || return
	before=$(cat $rtc/since_epoch)
	echo freeze >/sys/power/state || return
	[ $(($(cat $rtc/since_epoch) - before)) -ge "$1" ]
}

# works WHEN: disks and network; what was written before the sleep, and anew
works() {
	forget
	for disk in nvme0n1 vda; do
		check "$1, $disk: checksums still right" verify $disk
		before=$(counter maps)
		check "$1, $disk: written anew" fill $disk
		forget
		check "$1, $disk: read back, checksums right" verify $disk
		check "$1, $disk: by hypercalls that map" more maps "$before" 100
	done
	check "$1, e1000e: a file fetched, checksum right" fetch
	check "$1, edu: a copy by DMA is right" attack edu
}

fill nvme0n1 >/dev/null 2>&1
fill vda >/dev/null 2>&1
insmod /tests/hypiommu-attack.ko
check "never slept so far" same "$(counter suspends)" 0
check "asleep a device reaches nothing, and awake what it did before" \
	attack asleep
check "the SMMU was suspended" same "$(counter suspends)" 1
check "and resumed" same "$(counter resumes)" 1
check "the other CPU is back" grep -q 0-1 /sys/devices/system/cpu/online
works "after a sleep"
check "suspended to idle, woken by the clock" idle 2
check "the SMMU was suspended again" same "$(counter suspends)" 2
check "and resumed again" same "$(counter resumes)" 2
works "after idling"
check "no fault of a device" same "$(counter faults)" 0
check "no access of the host to a register" \
	same "$(counter register_faults)" 0
