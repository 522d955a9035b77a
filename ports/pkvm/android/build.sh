#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# build.sh KIND OUT: the vendor module for KIND (smmuv3, tegra234) in OUT, as
# OUT/hypiommu-KIND.ko, against the configured and built tree of an Android
# kernel (android16-6.12) in KDIR. CROSS_COMPILE, LLVM and ARCH are passed on;
# ARCH is arm64 unless it says otherwise.
set -eu

usage() {
	sed -n '3,6s/^# //p' "$0"
}

die() {
	echo "build.sh: $*" >&2
	exit 1
}

case ${1-} in
-h | --help) usage; exit ;;
esac
[ $# -eq 2 ] || { usage >&2; exit 2; }
kind=$1 out=$2
case $kind in
smmuv3) frontend=arm-smmu-v3 ;;
tegra234) frontend=tegra-smmu ;;
*) die "no such module: $kind; there are smmuv3 and tegra234" ;;
esac
[ -n "${KDIR-}" ] || die "set KDIR to the tree of an Android kernel"
[ -d "$KDIR" ] || die "KDIR: $KDIR: no such folder"
[ -f "$KDIR/Makefile" ] || die "KDIR: $KDIR is no kernel's tree: no Makefile"

android=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$android/../../.." && pwd)

# What the module is written against, file by file: what the interface headers
# name is there, as they name it.
wants() {
	file=$1
	shift
	[ -f "$KDIR/$file" ] || {
		echo "build.sh: $KDIR has no $file" >&2
		missing=1
		return
	}
	for text in "$@"; do
		grep -qF -e "$text" "$KDIR/$file" || {
			echo "build.sh: $file has no '$text'" >&2
			missing=1
		}
	done
}

missing=
wants arch/arm64/kvm/hyp/nvhe/Makefile.module hyp-obj
wants arch/arm64/include/asm/kvm_pkvm_module.h \
	"(*create_private_mapping)(" "(*flush_dcache_to_poc)(" \
	"(*host_donate_hyp)(u64 pfn, u64 nr_pages, bool accept_mmio)" \
	"(*memcpy)(" "(*memset)(" "(*hyp_pa)(" "(*hyp_va)(" \
	"(*iommu_donate_pages)(u8 order, int flags)" \
	"(*iommu_reclaim_pages)(void *p, u8 order)" \
	"(*iommu_init_device)(" "(*pkvm_unuse_dma)(" \
	"(*hyp_smp_processor_id)(" "(*register_psci_notifier)(" \
	pkvm_load_el2_module pkvm_register_el2_mod_call
wants arch/arm64/kvm/hyp/include/nvhe/iommu.h \
	"(*init)(void)" \
	"(*alloc_domain)(struct kvm_hyp_iommu_domain *domain, int type)" \
	"(*get_iommu_by_id)(" "(*attach_dev)(struct kvm_hyp_iommu *iommu" \
	"unsigned long flags)" "(*detach_dev)(" "(*map_pages)(" \
	"(*unmap_pages)(" "(*iova_to_phys)(" "(*iotlb_sync)(" \
	"(*dabt_handler)(struct user_pt_regs *regs" \
	"(*suspend)(struct kvm_hyp_iommu *iommu)" "(*resume)("
wants include/kvm/iommu.h "struct kvm_hyp_iommu_domain {" \
	"struct kvm_hyp_iommu {" KVM_IOMMU_MAX_DOMAINS
wants arch/arm64/include/asm/kvm_host.h "struct kvm_iommu_driver {" \
	"(*get_iommu_id_by_of)(" kvm_iommu_register_driver kvm_iommu_init_hyp \
	kvm_iommu_map_pages kvm_iommu_unmap_pages kvm_iommu_alloc_domain
[ -z "$missing" ] || die "$KDIR is not android16-6.12, or one that differs:" \
	"compare its headers with those of $android/include"
[ -f "$KDIR/include/config/auto.conf" ] && [ -f "$KDIR/Module.symvers" ] ||
	die "$KDIR is not configured and built: Module.symvers is missing"
for option in KVM IOMMU_API MODULES; do
	grep -q "^CONFIG_$option=y" "$KDIR/include/config/auto.conf" ||
		die "$KDIR: CONFIG_$option is not set"
done
# The driver of an SMMU the kernel owns would bind it first.
case $kind in
smmuv3) stock=ARM_SMMU_V3 ;;
tegra234) stock=ARM_SMMU ;;
esac
if grep -q "^CONFIG_$stock=y" "$KDIR/include/config/auto.conf"; then
	die "$KDIR: CONFIG_$stock is built in and would bind the SMMUs first;" \
		"make it a module that is not loaded, or leave it out"
fi

"$android/lay-out.sh" "$out"
out=$(cd "$out" && pwd)
echo "the library for EL2" >&2
"$root/tests/build/freestanding.sh" "$out/library" "$root" \
	"$root"/libhypiommu/*.c "$root"/backends/*/*.c >"$out/library.log" 2>&1 ||
	{ cat "$out/library.log" >&2; die "the library"; }

${CROSS_COMPILE-aarch64-linux-gnu-}ld -r --whole-archive \
	"$out/library/libhypiommu-aarch64.a" -o "$out/hyp/core.nvhe.o_shipped"

make -C "$KDIR" ARCH="${ARCH-arm64}" \
	CROSS_COMPILE="${CROSS_COMPILE-aarch64-linux-gnu-}" \
	HYPIOMMU_KIND="$kind" HYPIOMMU_FRONTEND="$frontend" M="$out" modules ||
	die "the kernel's build failed"
echo "$out/hypiommu-$kind.ko"
