// SPDX-License-Identifier: GPL-2.0-only
/*
 * Included at the end of mem_protect.c, whose own functions it needs: an owner
 * this kernel does not have yet, a guest, so that tests can give it pages.
 */
static int guest_page_walker(const struct kvm_pgtable_visit_ctx *ctx,
			     enum kvm_pgtable_walk_flags visit)
{
	bool guest = !kvm_pte_valid(ctx->old) &&
		     FIELD_GET(KVM_INVALID_PTE_OWNER_MASK, ctx->old) ==
			     PKVM_ID_GUEST;

	return guest ? 0 : -EPERM;
}

static int check_guest_owns(u64 phys, u64 size)
{
	struct kvm_pgtable_walker walker = {
		.cb = guest_page_walker,
		.flags = KVM_PGTABLE_WALK_LEAF,
	};

	return kvm_pgtable_walk(&host_mmu.pgt, phys, size, &walker);
}

static void zero_pages(u64 phys, u64 size)
{
	for (u64 page = phys; page < phys + size; page += PAGE_SIZE) {
		memset(hyp_fixmap_map(page), 0, PAGE_SIZE);
		hyp_fixmap_unmap();
	}
}

int hypiommu_host_set_guest(u64 phys, u64 size, bool guest)
{
	int ret;

	host_lock_component();
	if (guest) {
		ret = __host_check_page_state_range(phys, size,
						    PKVM_PAGE_OWNED);
		if (!ret)
			ret = hypiommu_dma_idle(phys, size);
	} else {
		ret = check_guest_owns(phys, size);
		if (!ret)
			zero_pages(phys, size);
	}
	if (!ret)
		ret = host_stage2_set_owner_locked(
			phys, size, guest ? PKVM_ID_GUEST : PKVM_ID_HOST);
	host_unlock_component();
	return ret;
}

int hypiommu_host_recycle(void)
{
	int ret;

	host_lock_component();
	ret = host_stage2_unmap_dev_all();
	host_unlock_component();
	return ret;
}
