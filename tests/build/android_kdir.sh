#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# android_kdir.sh OUT_DIR ROOT: ports/pkvm/android/build.sh says what a kernel's
# tree lacks, and hands one that has everything to that kernel's own build.
set -u

out=$1 root=$2
build=$root/ports/pkvm/android/build.sh
interface=$root/ports/pkvm/android
rm -rf "$out"
mkdir -p "$out"
command -v aarch64-linux-gnu-gcc >/dev/null || exit 77

fail() {
	echo "$*"
	exit 1
}

# says WHAT COMMAND...: it fails, and WHAT is what it says
says() {
	what=$1
	shift
	"$@" >"$out/said" 2>&1 && fail "no error: $*"
	grep -qF -e "$what" "$out/said" || fail "not '$what' but: $(cat "$out/said")"
}

unset KDIR
says "the vendor module for KIND" "$build"
"$build" --help >"$out/said" || fail "--help fails"
grep -q KDIR "$out/said" || fail "--help says nothing of KDIR"
says "no such module: s2mpu" "$build" s2mpu "$out/x"
says "set KDIR" "$build" smmuv3 "$out/x"
export KDIR="$out/nowhere"
says "no such folder" "$build" smmuv3 "$out/x"
export KDIR="$out/tree"
mkdir -p "$KDIR"
says "no Makefile" "$build" smmuv3 "$out/x"

# A tree that has all of it, with a build that writes down what it is asked for.
cat >"$KDIR/Makefile" <<END
modules:
	@test -f \$(M)/Kbuild -a -f \$(M)/host.c -a -f \$(M)/machine.h
	@test -f \$(M)/hyp/Kbuild -a -f \$(M)/hyp/\$(HYPIOMMU_KIND).c
	@test -f \$(M)/\$(HYPIOMMU_FRONTEND).c -a -f \$(M)/hyp/core.nvhe.o_shipped
	@echo asked: \$(ARCH) \$(CROSS_COMPILE) \$(HYPIOMMU_KIND)
END
says "has no arch/arm64/kvm/hyp/nvhe/Makefile.module" "$build" smmuv3 "$out/x"
# What the check greps for, as its own text has it.
sed -n '/^wants arch/,/^\[ -z/p' "$build" | awk -v tree="$KDIR" '
	/^wants/ { file = tree "/" $2; sub(/^wants [^ ]* ?/, "") }
	/^\[ -z/ { exit }
	{
		sub(/\\$/, "")
		system("mkdir -p $(dirname " file ")")
		while (match($0, /"[^"]*"|[^ \t]+/)) {
			word = substr($0, RSTART, RLENGTH)
			$0 = substr($0, RSTART + RLENGTH)
			gsub(/"/, "", word)
			print word >>file
		}
	}'
mkdir -p "$KDIR/include/kvm"
printf '%s\n' "struct kvm_hyp_iommu_domain {" "struct kvm_hyp_iommu {" \
	KVM_IOMMU_MAX_DOMAINS >"$KDIR/include/kvm/iommu.h"
says "Module.symvers is missing" "$build" smmuv3 "$out/x"
mkdir -p "$KDIR/include/config"
touch "$KDIR/Module.symvers"
printf 'CONFIG_KVM=y\nCONFIG_MODULES=y\n' >"$KDIR/include/config/auto.conf"
says "CONFIG_IOMMU_API is not set" "$build" smmuv3 "$out/x"
printf 'CONFIG_IOMMU_API=y\nCONFIG_ARM_SMMU_V3=y\n' \
	>>"$KDIR/include/config/auto.conf"
says "would bind the SMMUs first" "$build" smmuv3 "$out/x"
"$build" tegra234 "$out/x" >"$out/said" 2>&1 || fail "$(cat "$out/said")"
grep -q '^asked: arm64 aarch64-linux-gnu- tegra234$' "$out/said" ||
	fail "asked for something else: $(cat "$out/said")"
# One thing that is not as the module needs it.
sed -i '/unsigned long flags/d' "$KDIR/arch/arm64/kvm/hyp/include/nvhe/iommu.h"
says "has no 'unsigned long flags)'" "$build" tegra234 "$out/x"
echo "every error says what is missing"
