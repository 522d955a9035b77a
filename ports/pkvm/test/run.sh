#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# run.sh CACHE [TEST...]: the boots below, or those named; prints what failed
# and ends with "N passed, M failed". Their whole output stays in CACHE/log.
set -u

here=$(cd "$(dirname "$0")" && pwd)
cache=$1
shift
wanted=$*
passed=0 failed=0 boots=0

# boot NAME CPU OPTION...: one boot of test NAME; every line of TAP counts, and
# the plan must be the number of them
boot() {
	name=$1 cpu=$2
	shift 2
	case " $wanted " in
	"  " | *" $name "*) ;;
	*) return ;;
	esac
	boots=$((boots + 1))
	log=$cache/log/$boots-$name-$cpu
	mkdir -p "$cache/log"
	begin=$(date +%s)
	"$here/boot.sh" "$@" "$name" "$cpu" "$cache" >"$log" 2>&1
	ok=$(grep -c '^ok [0-9]' "$log")
	bad=$(grep -c '^not ok [0-9]' "$log")
	planned=$(sed -n 's/^1\.\.\([0-9]*\)$/\1/p' "$log")
	if [ "$((ok + bad))" -eq 0 ] || [ "${planned:--1}" -ne $((ok + bad)) ]
	then
		bad=$((bad + 1))
		echo "$name on $cpu did not end; its last lines:"
		tail -n 15 "$log"
	fi
	grep -A 4 '^not ok' "$log" | grep '^not ok\|^# '
	echo "$name on $cpu: $ok passed, $bad failed," \
		"$(($(date +%s) - begin)) s"
	passed=$((passed + ok))
	failed=$((failed + bad))
}

boot disks cortex-a57
boot disks neoverse-n1
boot disks cortex-a57 --stage 2 --append stage=2
boot attacks cortex-a57
boot attacks neoverse-n1
boot sleep cortex-a57
boot sleep neoverse-n1
# Ways to be without a take-over or a front-end; each must stop DMA, which a driver
# must have tried. (That of the virtio disk waits for ever, and who comes after it
# has no turn.)
impatient="deferred_probe_timeout=1 nvme_core.io_timeout=1"
impatient="$impatient nvme_core.admin_timeout=1 nvme_core.max_retries=0"
ours=initcall_blacklist=hypiommu_smmuv3_driver_init

# closed CPU WHY DISK APPEND OPTION...
closed() {
	cpu=$1 append="why=$2 disk=$3 $impatient $4"
	[ "$3" = vda ] && virtio=yes || virtio=no
	shift 4
	boot closed "$cpu" --virtio $virtio --append "$append" "$@"
}

for cpu in cortex-a57 neoverse-n1; do
	closed $cpu stock nvme0n1 $ours
	closed $cpu nobody nvme0n1 $ours,arm_smmu_driver_init
	closed $cpu nobody vda $ours,arm_smmu_driver_init
	closed $cpu unprotected nvme0n1 "" --mode nvhe
	closed $cpu unprotected vda "" --mode none
done

if [ "$((passed + failed))" -eq 0 ]; then
	echo "no such test: $wanted"
	failed=1
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
