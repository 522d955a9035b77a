#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# refused.sh MONITOR HOST: on a QEMU before 9.0, whose SMMUv3 has no GBPA, the
# library must refuse the SMMU and the monitor must start no host.
set -u

qemu=qemu-system-aarch64
major=$($qemu --version 2>/dev/null |
	sed -n 's/^QEMU emulator version \([0-9]*\).*/\1/p')
if [ -z "$major" ] || [ "$major" -ge 9 ]; then
	echo "1..0 # SKIP the system has no QEMU without GBPA"
	exit 0
fi
"$(dirname "$0")/boot.sh" --qemu $qemu "$@" | awk '
	{ print "# " $0 }
	/no host without a safe SMMU: HW/ { refused = 1 }
	/^ok / { started = 1 }
	END {
		print (refused ? "" : "not ") "ok 1 - the SMMU is refused"
		print (started ? "not " : "") "ok 2 - no host is started"
		print "1..2"
	}'
