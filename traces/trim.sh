#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#
# Cuts a whole stretch out of an ftrace recording of the iommu and dma events:
#
#	trim.sh [-k] [-s SKIP] TRACE[.xz] OPS >TRIMMED
#
# Keeps the header, leaves out the first SKIP map and unmap operations with
# what belongs to them, and keeps every line up to the one that begins
# operation SKIP + OPS + 1. Lines are kept as they are.
#
#	-k	kernel only: leave out the smmu_* lines, as if the recording
#		had been made without the probes
#
# An operation is a smmu_map or smmu_unmap line, or where there are none a
# map or unmap line.

set -eu

usage() {
	echo "usage: $0 [-k] [-s SKIP] TRACE[.xz] OPS" >&2
	exit 2
}

kernel_only=0
skip=0
while getopts ks: option; do
	case $option in
	k) kernel_only=1 ;;
	s) skip=$OPTARG ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -eq 2 ] || usage

read_trace() {
	case $1 in
	*.xz) xz -dc "$1" ;;
	*) cat "$1" ;;
	esac
}

if read_trace "$1" | grep -Eq ': smmu_(un)?map: '; then
	operation=': smmu_(un)?map: '
else
	operation=': (un)?map: IOMMU: '
fi

read_trace "$1" | awk -v operation="$operation" -v skip="$skip" \
	-v ops="$2" -v kernel_only="$kernel_only" '
	$0 ~ operation { done++ }
	done > skip + ops { exit }
	/^#/ { print; next }
	done < skip || (skip && done == skip) { next }
	kernel_only && /: smmu_[a-z]+: / { next }
	{ print }'
