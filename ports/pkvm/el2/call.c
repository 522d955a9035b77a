// SPDX-License-Identifier: GPL-2.0-only
/*
 * The run-time hypercall: registers to the library and back. What the library
 * leaves to its port (table memory, power, statistics) is answered here.
 */
#include <asm/kvm_mmu.h>
#include <nvhe/mem_protect.h>
#include <nvhe/memory.h>
#include <nvhe/trap_handler.h>

#include <hypiommu/pkvm.h>
#include <hypiommu/hypiommu.h>

#include "hypiommu_el2.h"

/* Bounds of one test call, in pages. */
#define TEST_PAGES 512u

static int test_range(u64 pfn, u64 pages, u64 *phys, u64 *size)
{
	if (!pages || pages > TEST_PAGES || pfn > U64_MAX >> PAGE_SHIFT)
		return HYPIOMMU_E_INVAL;
	*phys = hyp_pfn_to_phys(pfn);
	*size = pages << PAGE_SHIFT;
	return hypiommu_is_memory(*phys, *size) ? HYPIOMMU_OK : HYPIOMMU_E_PERM;
}

static int test_error(int err)
{
	if (!err)
		return HYPIOMMU_OK;
	return err == -EBUSY ? HYPIOMMU_E_BUSY : HYPIOMMU_E_PERM;
}

/* Ways to make pages somebody else's, for the attacks of the tests. */
static int test_call(u64 fn, u64 a, u64 b, u64 *x)
{
	u64 phys = 0, size = 0;
	int err;

	if (fn == HYPIOMMU_PKVM_TEST_RECYCLE)
		return test_error(hypiommu_host_recycle());
	if (fn == HYPIOMMU_PKVM_TEST_PAGE) {
		x[1] = hypiommu_dma_word(a) & ~HYPIOMMU_DMA_BARRED;
		x[2] = !!(hypiommu_dma_word(a) & HYPIOMMU_DMA_BARRED);
		return HYPIOMMU_OK;
	}
	err = test_range(a, b, &phys, &size);
	if (err)
		return err;
	switch (fn) {
	case HYPIOMMU_PKVM_TEST_GUEST_DONATE:
		return test_error(hypiommu_host_set_guest(phys, size, true));
	case HYPIOMMU_PKVM_TEST_GUEST_RETURN:
		return test_error(hypiommu_host_set_guest(phys, size, false));
	case HYPIOMMU_PKVM_TEST_HYP_DONATE:
		return test_error(__pkvm_host_donate_hyp(a, b));
	case HYPIOMMU_PKVM_TEST_HYP_RETURN:
		return test_error(__pkvm_hyp_donate_host(a, b));
	default:
		return HYPIOMMU_E_NOSYS;
	}
}

static int port_call(struct hypiommu *h, const u64 *a, u64 *x)
{
	switch (a[0]) {
	case HYPIOMMU_HC_MEM_TOPUP:
		return hypiommu_tables_topup(a[1], a[2], &x[1]);
	case HYPIOMMU_HC_MEM_GIVEBACK:
		x[1] = a[1];
		return hypiommu_tables_giveback(&x[1]);
	case HYPIOMMU_PKVM_STATS:
		hypiommu_abort_stats(&x[1], &x[2]);
		hypiommu_tables_stats(&x[3], &x[4]);
		return HYPIOMMU_OK;
	case HYPIOMMU_PKVM_SUSPEND:
		if (a[1] > U32_MAX)
			return HYPIOMMU_E_NOENT;
		return hypiommu_smmu_suspend(h, a[1]);
	case HYPIOMMU_PKVM_RESUME:
		if (a[1] > U32_MAX)
			return HYPIOMMU_E_NOENT;
		return hypiommu_smmu_reset(h, a[1]);
	default:
		if (!IS_ENABLED(CONFIG_HYPIOMMU_TEST))
			return HYPIOMMU_E_NOSYS;
		return test_call(a[0], a[1], a[2], x);
	}
}

static bool is_port_call(u64 fn)
{
	return fn >= HYPIOMMU_PKVM_BASE || fn == HYPIOMMU_HC_MEM_TOPUP ||
	       fn == HYPIOMMU_HC_MEM_GIVEBACK;
}

static void decode_wide(struct hypiommu_segment *list, const u64 *a, u32 count)
{
	for (u32 i = 0; i < count; i++) {
		list[i].pa = a[i] & PAGE_MASK;
		list[i].size = (offset_in_page(a[i]) + 1) << PAGE_SHIFT;
	}
}

static void decode_narrow(struct hypiommu_segment *list, const u64 *a,
			  u32 count)
{
	for (u32 i = 0; i < count; i++) {
		u32 segment = a[i / 2] >> (i & 1 ? 32 : 0);

		list[i].pa = (u64)(segment >> 4) << PAGE_SHIFT;
		list[i].size = ((u64)(segment & 15) + 1) << PAGE_SHIFT;
	}
}

/* Segments in x5.., each checked by the library as any other mapping. */
static void map_list(struct hypiommu *h, u64 *a)
{
	struct hypiommu_segment list[HYPIOMMU_PKVM_NARROWS];
	struct hypiommu_progress progress;
	u64 prot = a[3] & ~HYPIOMMU_PKVM_NARROW;
	bool narrow = prot != a[3];
	u32 count = prot >> 32;

	if (!count ||
	    count > (narrow ? HYPIOMMU_PKVM_NARROWS : HYPIOMMU_PKVM_SEGMENTS)) {
		a[0] = (u64)HYPIOMMU_E_INVAL;
		a[1] = a[2] = a[3] = a[4] = 0;
		return;
	}
	if (narrow)
		decode_narrow(list, &a[4], count);
	else
		decode_wide(list, &a[4], count);
	a[0] = (u64)(s64)hypiommu_map_list(h, HYPIOMMU_HOST, a[1], a[2],
					   (u32)prot, list, count, &progress);
	a[1] = progress.bytes;
	a[2] = progress.order;
	a[3] = progress.count;
	a[4] = progress.limit;
}

/* Anything but the library's own calls. */
static void other_call(struct hypiommu *h, u64 *a)
{
	u64 x[5] = {};

	if (h)
		x[0] = (u64)(s64)port_call(h, a, x);
	else
		x[0] = (u64)HYPIOMMU_E_PHASE;
	for (int i = 0; i < 5; i++)
		a[i] = x[i];
}

void handle___hypiommu_call(struct kvm_cpu_context *host_ctxt)
{
	struct hypiommu *h = hypiommu_instance();
	u64 *a = &cpu_reg(host_ctxt, 1); /* x1 and on, where they are */

	if (h && a[0] == HYPIOMMU_PKVM_MAP_LIST)
		map_list(h, a);
	else if (unlikely(!h || is_port_call(a[0])))
		other_call(h, a);
	else
		hypiommu_hcall(h, HYPIOMMU_HOST, (struct hypiommu_regs *)a);
}
