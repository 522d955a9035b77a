# SPDX-License-Identifier: GPL-2.0-only
# Sourced by init: TAP, and what the tests ask of the machine.

count=0
smmu=9050000.smmuv3
frontend=/sys/bus/platform/drivers/arm-smmu-v3-hypiommu
stock=/sys/bus/platform/drivers/arm-smmu-v3
counters=/sys/kernel/debug/iommu/$smmu/counters
domains=/sys/kernel/debug/iommu/$smmu/domains

# check TITLE COMMAND...: one test
check() {
	title=$1
	shift
	count=$((count + 1))
	if "$@" >/tmp/out 2>&1; then
		echo "ok $count - $title"
	else
		echo "not ok $count - $title"
		sed 's/^/# /' /tmp/out
	fi
}

plan() {
	echo "1..$count"
}

# counter NAME: a counter of the front-end or of EL2
counter() {
	sed -n "s/^$1 //p" $counters
}

# more NAME BEFORE [BY]: the counter has grown by at least BY (1)
more() {
	echo "$1: $2 before, $(counter "$1") now"
	[ "$(counter "$1")" -ge $(($2 + ${3:-1})) ]
}

# domain_of DEVICE COLUMN: of the domain that its one stream is in, which on this
# board is bus, device and function; nothing if it is in none
domain_of() {
	awk -v device="$1" -v column="$2" '
		NR == 1 {
			for (i = 1; i <= NF; i++)
				at[$i] = i
			split(device, part, "[:.]")
			own = sprintf("%s=%#x", device, part[3] * 8 + part[4])
			next
		}
		{
			for (i = at["streams"]; i <= NF; i++) {
				if ($i == own)
					print $at[column]
			}
		}' $domains
}

in_a_domain() {
	cat $domains
	[ -n "$(domain_of "$1" domain)" ]
}

logged() {
	dmesg | grep -q "$1"
}

not() {
	! "$@"
}

# no_device DRIVER: nothing is bound to it, if it exists at all
no_device() {
	! ls -d "$1"/*smmu* 2>/dev/null
}

# same A B: two numbers
same() {
	echo "$1 and $2"
	[ "$1" -eq "$2" ]
}

# translated DEVICE: its group has a domain of the DMA API, no bypass
translated() {
	group=$(readlink -f "/sys/bus/pci/devices/$1/iommu_group")
	cat "$group/type"
	[ "$(cat "$group/type")" = DMA ]
}

# attack NAME: run it; it says ok, or what it was not refused
attack() {
	cat "/sys/kernel/debug/hypiommu-attack/$1" >/tmp/attack
	cat /tmp/attack
	dmesg | grep hypiommu-attack: | tail -n 3
	grep -q '^ok' /tmp/attack
}

# QEMU's own network: a file from the machine below, and a checksum of it.
fetch() {
	ifconfig eth0 10.0.2.15 up && tftp -g -r random -l /tmp/random 10.0.2.2 &&
		tftp -g -r random.md5 -l /tmp/random.md5 10.0.2.2 &&
		(cd /tmp && md5sum -c random.md5)
}

# fill DISK: a file system on it, with files; forget: what the CPU knows of
# them; verify DISK: read them back
fill() {
	mke2fs -F "/dev/$1" >/dev/null 2>&1 &&
		mount -t ext2 "/dev/$1" /mnt || return
	for i in 1 2 3 4 5 6 7 8; do
		dd if=/dev/urandom of="/mnt/$i" bs=64k count=$((i * 8))
	done
	(cd /mnt && md5sum [1-8]) >"/tmp/$1.md5"
	umount /mnt
}

forget() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
}

verify() {
	mount -t ext2 "/dev/$1" /mnt || return
	(cd /mnt && md5sum -c "/tmp/$1.md5")
	status=$?
	umount /mnt
	return $status
}
