#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# seeds.sh DIR: write the inputs the search starts from. Each is the hardware's
# kind and then operations, as fuzz_hcall.c reads them.
set -eu

dir=${1:-$(dirname "$0")/corpus}
mkdir -p "$dir/hcall" "$dir/pgtable" "$dir/regs" "$dir/trace" \
	"$dir/trap_smmuv3" "$dir/trap_tegra234"

# bytes BYTE...: hexadecimal
bytes() {
	for byte in "$@"; do
		printf "\\$(printf %o "0x$byte")"
	done
}

# seed NAME BYTE...
seed() {
	name=$1
	shift
	bytes "$@" >"$dir/hcall/$name"
}

alloc1="04 00" alloc2="04 01"
attach="02 00 00" detach="03 00 00" free="05 00"
topup="0a 03 20"            # 32 pages of donor memory
map="00 00 01 01 04 03"     # domain 0, 0x4000, RAM + 2 MiB, 4 pages, RW
block="00 00 03 0a e1 07"   # 2 MiB at 2 MiB, cacheable
unmap="01 00 01 04"
dma="08 00 01 08 80 01"

seed stage1 00 $topup $alloc1 $attach $map $dma $unmap $dma $detach $free
seed stage2 00 $topup $alloc2 $attach $map $dma $unmap $dma $detach $free
seed noncoherent 0b $topup $alloc1 $attach $map $dma $unmap $detach $free
seed block 00 $topup $alloc1 $attach $block $dma 01 00 03 e1 $detach
seed split 03 $topup $alloc2 $attach $block 01 00 03 08 $dma 01 00 03 e1
seed rival 02 $topup $alloc1 $attach $map 0d 01 01 01 $dma $unmap $map $unmap
seed reattach 00 $topup $alloc1 $attach $map $dma $detach $unmap $attach $dma
seed midway 00 $topup $alloc1 $attach 00 00 09 01 01 03 00 00 01 11 04 03 $dma
seed guest 00 $topup 1f 00 14 00 12 00 00 10 00 01 40 04 03 $dma 11 00 01 04
seed owners 00 $topup $alloc1 $attach $map 09 00 01 01 09 02 11 01 \
	00 00 02 11 01 03 09 03 11 01 09 04 19 01 09 05 19 01 $unmap
seed refused 00 $topup $alloc1 $attach 00 00 00 01 01 03 00 00 00 05 01 03 \
	00 00 00 07 01 03 00 00 00 40 01 03 00 00 01 00 00 03 00 05 01 01 04 03
# write-only, in tables whose granule is said
seed granule 0b $topup 04 28 $attach 00 00 01 01 04 02 $dma $unmap
seed error 00 $topup $alloc1 $attach $map 0e 63 $unmap $map 0e 64 $unmap
seed stalled 00 $topup $alloc1 $attach $map 0e 60 $unmap 0e 07 25 00 $dma
seed power 02 $topup $alloc2 $attach $map 0e 06 $dma 0e 06 0e 07 $dma $unmap
seed memory 00 $topup 0c 03 05 10 $alloc1 $attach $map $unmap 6a 6a 2a 03 2a 06
# page states and table memory are the port's
seed delegated 10 $alloc1 $attach $map 09 00 01 01 $block $dma 01 00 03 08 $unmap \
	09 00 01 01 $detach $free
seed faults 00 $topup $alloc1 $attach $dma $dma $dma $dma $dma $dma 2b 2b 2b \
	3b 2b 2b
seed overflow 00 $topup $alloc1 $attach \
	00 00 ff 00 f0 ff ff ff ff ff ff f5 00 f0 ff ff ff ff ff ff 01 03 \
	01 00 00 ff 00 f0 ff ff ff ff ff ff

# fuzz_regs: the machine, what is odd (the n-th read; 255: n in two bytes; 254: a
# register, its highest bit: for ever) and how, then calls: alloc, attach, map,
# unmap, faults, unmap, reset, detach, free
life="00 00 01 00 0d 01 1b 01 05 00 16 00 0b 01 08 00 02 00 03 00"
odd() {
	name=$1 kind=$2
	shift 2
	bytes "0$kind" "$@" ff ff ff $life >"$dir/regs/$name"
}
for kind in 0 1 2 3; do
	odd good-$kind $kind
	for read in 00 02 09 40; do
		odd read-$read-$kind $kind $read 00
	done
	odd late-$kind $kind ff 00 c0 0b
done
odd banks 1 01 06 c8 00 00 20 00 00 00 00
odd bank-pages 1 01 06 08 00 00 70 00 00 00 00
odd mirror-banks 2 01 06 c8 00 00 20 00 00 00 00
odd queues 0 fe 04 00 00 06 ff ff ff 00 00 00 00 00
odd events 0 fe a8 00 01 06 81 ff ff ff 00 00 00 00
odd event 0 fe a8 00 01 06 01 00 00 00 00 00 00 00 00 05 10 02 41 00 02
odd event-lost 0 fe a8 00 01 06 01 00 00 80 00 00 00 00 00 05 10 02 41 00 02
odd more-events 0 fe a8 00 81 06 03 00 00 00 00 00 00 00
odd no-sync 1 fe 74 00 80 00
odd no-bank-sync 1 fe f4 87 80 00
odd no-commands 0 fe 9c 00 80 01
odd command-error 0 fe 9c 00 00 06 00 00 00 01 00 00 00 00
odd no-acknowledge 0 fe 24 00 80 02
odd locked-client 2 fe a8 00 80 06 7f 00 00 00 00 00 00 00
odd swgroup 3 fe 40 02 80 01

# fuzz_pgtable: shape, where, then operation, page (low, high), pages, address
pages="08 00 00 28 08 00 30 00 10 00 02 04 00 08 00 02 00 00 28 00"
blocks="c8 00 00 ff 0a c8 00 10 80 03 03 05 00 01 00 07 08 00 01 00 42 00 00 ff 00"
scarce="28 00 00 28 01 28 00 02 28 02 48 00 00 ff 02 2b 03 00 01 00 42 00 00 ff 00"
for shape in 00 01 05 0a 0c 0f 11 12 15 18 19; do
	bytes $shape 00 $pages >"$dir/pgtable/pages-$shape"
	bytes $shape 01 $blocks >"$dir/pgtable/blocks-$shape"
	bytes $shape 02 $scarce $pages >"$dir/pgtable/scarce-$shape"
done

# fuzz_trap: frame, offset, syndrome of a 32-bit access by x5 (94 is maintenance,
# 80 a walk's; no ISV: 92), a value
for kind in smmuv3 tegra234; do
	for frame in 00 01 05 06; do
		for at in 00:00 1c:00 0c:0c 24:0f 00:20 02:00; do
			where="$frame ${at%:*} ${at#*:} 00"
			val="ef cd ab 89 67 45 23 81"
			bytes $where 00 00 85 93 00 $val $where 40 00 85 93 00 $val \
				$where 00 80 a5 93 00 $val $where 40 00 9f 93 00 $val \
				>"$dir/trap_$kind/at-$frame-${at#*:}${at%:*}"
		done
		bytes $where 00 01 85 93 00 $val $where 80 00 85 93 00 $val \
			$where 00 00 85 92 00 $val $where 00 00 c5 93 00 $val \
			$where 40 00 05 93 00 $val $where 00 00 85 83 00 $val \
			>"$dir/trap_$kind/odd-$frame"
	done
done

# A few lines as a kernel writes them.
cat >"$dir/trace/plain" <<-END
	 init-1 [001] .N... 0.6: map: IOMMU: iova=0x00000000fffff000 - 0x0000000100000000 paddr=0x0000000008090000 size=4096
	 init-1 [001] .N... 0.7: unmap: IOMMU: iova=0x00000000fffff000 - 0x0000000100000000 size=4096 unmapped_size=4096
END
cat >"$dir/trace/detailed" <<-END
	# tracer: nop
	 init-1 [001] d.... 0.5: smmu_attach: (__iommu_attach_device+0x0/0xac) dom=0xffff000007d8b840 dev="0000:00:05.0"
	 init-1 [001] dN... 0.6: smmu_map: (__iommu_map+0x0/0x1d4) dom=0xffff000007d8b840 iova=0xfffff000 pa=0x8090000 size=0x1000 prot=0x1a
	 init-1 [001] dN... 0.7: smmu_unmap: (__iommu_unmap+0x0/0x1d4) dom=0xffff000007d8b840 iova=0xfffff000 size=0x1000
	CPU:0 [LOST 3 EVENTS]
END
head -c 60 "$dir/trace/plain" >"$dir/trace/cut"
printf '\3757zXZ\0' >"$dir/trace/xz_cut"
if command -v xz >/dev/null; then
	xz -0 --check=crc32 <"$dir/trace/detailed" >"$dir/trace/xz"
fi
