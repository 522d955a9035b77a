#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# apply.sh TREE ARCHIVE: put the port into an unpacked Linux 6.12 and link
# ARCHIVE, the library for EL2 as tests/build/freestanding.sh makes it, into the
# kernel's nVHE object. Our files are copied; the kernel's are edited beside
# lines that must be there exactly once, from an untouched copy kept in
# TREE/.hypiommu, so that it can be run again. Files that do not change keep
# their date: the next build is a short one.
set -eu

[ $# -eq 2 ] || { sed -n '3,8s/^# //p' "$0" >&2; exit 2; }
tree=$(cd "$1" && pwd)
archive=$2
port=$(cd "$(dirname "$0")/.." && pwd)
root=$(cd "$port/../.." && pwd)
kept=$tree/.hypiommu
nvhe=arch/arm64/kvm/hyp/nvhe
frontend=drivers/iommu/arm/hypiommu-iommu

die() {
	echo "apply.sh: $*" >&2
	exit 1
}

grep -q '^PATCHLEVEL = 12$' "$tree/Makefile" || die "$tree is not Linux 6.12"

# install FROM TO: TO, inside the tree, unless it is the same already
install() {
	mkdir -p "$(dirname "$tree/$2")"
	cmp -s "$1" "$tree/$2" || cp "$1" "$tree/$2"
}

# begin FILE: the edits that follow are of this file of the kernel
begin() {
	file=$1
	mkdir -p "$(dirname "$kept/$file")"
	[ -f "$kept/$file" ] || cp "$tree/$file" "$kept/$file"
	cp "$kept/$file" "$kept/edited"
}

# edit before|after|instead ANCHOR [N]: standard input goes before, after or in
# the place of the line ANCHOR, which is there exactly N times (1); it is put
# only at the first.
edit() {
	awk -v anchor="$2" '
		$0 == anchor { n++ }
		END { print n + 0 }' "$kept/edited" >"$kept/count"
	[ "$(cat "$kept/count")" = "${3:-1}" ] ||
		die "$file: expected ${3:-1} line(s) '$2', found" \
			"$(cat "$kept/count")"
	cat >"$kept/text"
	awk -v where="$1" -v anchor="$2" -v text="$kept/text" '
		function put(	line) {
			while ((getline line <text) > 0)
				print line
		}
		$0 == anchor && !done {
			done = 1
			if (where == "before")
				put()
			if (where != "instead")
				print
			if (where != "before")
				put()
			next
		}
		{ print }' "$kept/edited" >"$kept/next"
	mv "$kept/next" "$kept/edited"
}

end() {
	install "$kept/edited" "$file"
}

# ------------------------------------------------------------- our own files

for header in "$root"/include/hypiommu/*.h "$port"/include/hypiommu/*.h; do
	install "$header" "include/hypiommu/$(basename "$header")"
done
for source in "$port"/el2/*; do
	install "$source" "$nvhe/hypiommu/$(basename "$source")"
done
for source in "$port"/el1/hypiommu-iommu/*; do
	install "$source" "$frontend/$(basename "$source")"
done
for source in takeover.c machine.c machine.h; do
	install "$port/el1/$source" "arch/arm64/kvm/hypiommu-$source"
done
for header in "$port"/common/*.h; do
	install "$header" "$nvhe/hypiommu/$(basename "$header")"
	install "$header" "$frontend/$(basename "$header")"
done

mkdir -p "$kept"
aarch64-linux-gnu-ld -r --whole-archive "$archive" -o "$kept/core.o"
install "$kept/core.o" "$nvhe/hypiommu/core.nvhe.o_shipped"

# ------------------------------------------------------------ the hypercalls

begin arch/arm64/include/asm/kvm_asm.h
edit before "	__KVM_HOST_SMCCC_FUNC___pkvm_prot_finalize," <<END
	__KVM_HOST_SMCCC_FUNC___hypiommu_setup,
END
edit after "	__KVM_HOST_SMCCC_FUNC___pkvm_teardown_vm," <<END
	__KVM_HOST_SMCCC_FUNC___hypiommu_call,
END
end

begin $nvhe/hyp-main.c
edit after "#include <nvhe/trap_handler.h>" <<END

#include "hypiommu/hypiommu_el2.h"
END
edit before "	HANDLE_FUNC(__pkvm_prot_finalize)," <<END
	HANDLE_FUNC(__hypiommu_setup),
END
edit after "	HANDLE_FUNC(__pkvm_teardown_vm)," <<END
	HANDLE_FUNC(__hypiommu_call),
END
end

begin $nvhe/Makefile
edit before 'hyp-obj-y += $(lib-objs)' <<END
hyp-obj-y += $(cd "$port/el2" && ls *.c | grep -v '^host_pages\.c$' |
	sed 's,\(.*\)\.c$,hypiommu/\1.o,' | tr '\n' ' ')hypiommu/core.o
END
end

# ------------------------------------------------------------ page ownership

begin arch/arm64/kvm/hyp/include/nvhe/memory.h
edit after "	unsigned short order;" <<END
	/* DMA pins, and whether DMA is barred; guarded by host_mmu.lock. */
	u32 dma;
END
end

begin arch/arm64/kvm/hyp/include/nvhe/mem_protect.h
edit after "	PKVM_ID_FFA," <<END
	PKVM_ID_GUEST,
END
end

begin arch/arm64/include/asm/kvm_pgtable.h
edit instead "#define KVM_MAX_OWNER_ID		1" <<END
#define KVM_MAX_OWNER_ID		3
END
end

begin $nvhe/setup.c
edit after "#include <nvhe/trap_handler.h>" <<END

#include "hypiommu/hypiommu_el2.h"
END
edit before "	return host_stage2_idmap_locked(phys, PAGE_SIZE, prot);" <<END
	hypiommu_dma_allow(phys, PAGE_SIZE, false);
END
end

begin $nvhe/mem_protect.c
edit after "#include <nvhe/mm.h>" <<END

#include "hypiommu/hypiommu_el2.h"
END
# What is forgotten of a page that changes hands is not who owns it.
edit instead "	memset(p, 0, sizeof(*p));" <<END
	memset(p, 0, offsetof(struct hyp_page, dma));
END
edit instead "		memset(hyp_virt_to_page(addr), 0, sizeof(struct hyp_page));" <<END
		memset(hyp_virt_to_page(addr), 0,
		       offsetof(struct hyp_page, dma));
END
edit instead "	return host_stage2_try(kvm_pgtable_stage2_set_owner, &host_mmu.pgt," <<END
	int ret;

	ret = host_stage2_try(kvm_pgtable_stage2_set_owner, &host_mmu.pgt,
END
edit instead "			       addr, size, &host_s2_pool, owner_id);" <<END
			      addr, size, &host_s2_pool, owner_id);
	if (!ret)
		hypiommu_dma_allow(addr, size, owner_id == PKVM_ID_HOST);
	return ret;
END
edit instead "	return host_stage2_idmap_locked(addr, size, prot);" <<END
	int ret = host_stage2_idmap_locked(addr, size, prot);

	if (!ret)
		hypiommu_dma_allow(addr, size, state == PKVM_PAGE_OWNED);
	return ret;
END
edit instead "	return __host_check_page_state_range(addr, size, PKVM_PAGE_OWNED);" <<END
	ret = __host_check_page_state_range(addr, size, PKVM_PAGE_OWNED);
	if (ret)
		return ret;
	/* A device may still reach it. */
	return hypiommu_dma_idle(addr, size);
END
edit before "	*completer_addr = tx->initiator.host.completer_addr;" 5 <<END
	int ret;

END
edit before "	ret = host_stage2_adjust_range(addr, &range);" <<END
	ret = is_memory ? 0 :
		hypiommu_window_clip(addr, &range.start, &range.end);
	if (ret)
		goto unlock;
END
edit before "	ret = host_stage2_idmap(addr);" <<END
	if (hypiommu_host_abort(host_ctxt, esr, fault.far_el2, addr))
		return;
END
edit instead "	BUG_ON(ret && ret != -EAGAIN);" <<END
	if (ret == -EPERM) {
		hypiommu_host_inject_abort(esr, fault.far_el2);
		return;
	}
	BUG_ON(ret && ret != -EAGAIN);
END
echo '
#include "hypiommu/host_pages.c"' >>"$kept/edited"
end

# ------------------------------------------------------------------ the sleep

begin $nvhe/psci-relay.c
edit after "#include <nvhe/trap_handler.h>" <<END

#include "hypiommu/hypiommu_el2.h"
END
edit before "	__host_enter(host_ctxt);" <<END
	hypiommu_psci_entry();
END
end

# ------------------------------------------------------------------- the host

begin arch/arm64/kvm/Makefile
edit before 'obj-kvm := $(addprefix $(obj)/, $(kvm-y))' <<END
kvm-y += hypiommu-takeover.o hypiommu-machine.o

END
end

begin arch/arm64/kvm/pkvm.c
edit after "#include <asm/kvm_pkvm.h>" <<END

#include <hypiommu/takeover.h>
END
edit before "	ret = pkvm_drop_host_privileges();" <<END
	ret = hypiommu_takeover();
	if (ret)
		panic("hypiommu: devices would do DMA unprotected: %d\n", ret);

END
end

begin drivers/iommu/arm/Makefile
edit before "obj-y += arm-smmu/ arm-smmu-v3/" <<END
obj-y += hypiommu-iommu/
END
end

begin drivers/iommu/Kconfig
edit before "config ARM_SMMU_V3" <<END
source "$frontend/Kconfig"

END
end

# EL2 sets stream IDs as streams are attached, and again after a sleep.
begin drivers/memory/tegra/tegra186.c
edit before "	if (client->regs.sid.security == 0 && client->regs.sid.override == 0)" <<END
	if (IS_ENABLED(CONFIG_TEGRA_SMMU_HYPIOMMU))
		return;

END
end
