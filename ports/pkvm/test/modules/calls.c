// SPDX-License-Identifier: GPL-2.0-only
/* Calls that must be refused for what they say. */
#include <linux/mm.h>
#include <linux/sizes.h>

#include "attack.h"

/* The trusted phase is over: its hypercall does not exist any more. */
static const char *setup_again(void)
{
	for (u64 op = 0; op < 8; op++) {
		u64 x[6] = { op, SMMU, 0x1234 };

		hypiommu_hvc(KVM_HOST_SMCCC_FUNC(__hypiommu_setup), x);
		EXPECT((s64)x[0], HYPIOMMU_E_PHASE);
	}
	return NULL;
}

static const char *strange_streams(void)
{
	s64 d = domain_get();

	EXPECT(d < 0, 0);
	EXPECT(call(HYPIOMMU_HC_ATTACH_DEV, SMMU, 0xffff, d, 0, 0),
	       HYPIOMMU_E_NOENT);
	EXPECT(call(HYPIOMMU_HC_ATTACH_DEV, SMMU, ~0ull, d, 0, 0),
	       HYPIOMMU_E_NOENT);
	EXPECT(call(HYPIOMMU_HC_ATTACH_DEV, SMMU + 1, 8, d, 0, 0),
	       HYPIOMMU_E_NOENT);
	/* The NVMe disk's, 00:01.0, which the kernel uses. */
	EXPECT(call(HYPIOMMU_HC_ATTACH_DEV, SMMU, 8, d, 0, 0), HYPIOMMU_E_BUSY);
	EXPECT(call(HYPIOMMU_HC_DETACH_DEV, SMMU, 8, d, 0, 0),
	       HYPIOMMU_E_NOENT);
	domain_put(d);
	return NULL;
}

static const char *strange_ranges(void)
{
	s64 d = domain_get();
	struct page *page = page_get();
	u64 pa = page_to_phys(page);

	EXPECT(d < 0, 0);
	EXPECT(call(HYPIOMMU_HC_MAP_PAGES, d, 1, pa, SZ_4K, 3),
	       HYPIOMMU_E_INVAL);
	EXPECT(call(HYPIOMMU_HC_MAP_PAGES, d, SZ_4K, pa, 0, 3),
	       HYPIOMMU_E_INVAL);
	EXPECT(call(HYPIOMMU_HC_MAP_PAGES, d, SZ_4K, pa, SZ_4K, 0),
	       HYPIOMMU_E_INVAL);
	EXPECT(call(HYPIOMMU_HC_MAP_PAGES, d, SZ_4K, pa, SZ_4K, ~0ull),
	       HYPIOMMU_E_INVAL);
	EXPECT(call(HYPIOMMU_HC_MAP_PAGES, d, 1ull << 62, pa, SZ_4K, 3),
	       HYPIOMMU_E_RANGE);
	EXPECT(call(HYPIOMMU_HC_MAP_PAGES, d, SZ_4K, 1ull << 40, SZ_4K, 3),
	       HYPIOMMU_E_PERM);
	EXPECT(call(HYPIOMMU_HC_MAP_PAGES, ~0ull, SZ_4K, pa, SZ_4K, 3),
	       HYPIOMMU_E_NOENT);
	EXPECT(call(HYPIOMMU_HC_MAP_PAGES, d, SZ_4K, pa, SZ_4K, 3),
	       HYPIOMMU_OK);
	EXPECT(call(HYPIOMMU_HC_MAP_PAGES, d, SZ_4K, pa, SZ_4K, 3),
	       HYPIOMMU_E_EXIST);
	EXPECT(call(HYPIOMMU_HC_UNMAP_PAGES, d, SZ_8K, SZ_4K, 0, 0),
	       HYPIOMMU_E_NOENT);
	domain_put(d);
	EXPECT(call(HYPIOMMU_PKVM_TEST_PAGE, pa, 0, 0, 0, 0), HYPIOMMU_OK);
	EXPECT((s64)last_result(1), 0);
	__free_page(page);
	return NULL;
}

/* Three segments, the second of them a guest's page, in either form. */
static s64 list_of_three(u64 d, struct page **pages, bool narrow, u64 *mapped)
{
	u64 x[17] = { HYPIOMMU_PKVM_MAP_LIST, d, SZ_4K };
	s64 status;

	x[3] = 3ull << 32 | HYPIOMMU_PROT_READ;
	for (unsigned int i = 0; i < 3; i++) {
		if (narrow)
			x[4 + i / 2] |= page_to_pfn(pages[i])
					<< (i % 2 ? 36 : 4);
		else
			x[4 + i] = page_to_phys(pages[i]);
	}
	if (narrow)
		x[3] |= HYPIOMMU_PKVM_NARROW;
	status = hypiommu_call_list(x);
	*mapped = x[1];
	return status;
}

/* A list with a page of a guest's in its middle, and lists too long. */
static const char *strange_lists(void)
{
	struct page *pages[3] = { page_get(), page_get(), page_get() };
	const u64 too_many[] = { 0, HYPIOMMU_PKVM_SEGMENTS + 1,
				 HYPIOMMU_PKVM_NARROWS + 1, ~0u >> 1 };
	u64 pfn = page_to_pfn(pages[1]), mapped;
	s64 d = domain_get();

	EXPECT(d < 0, 0);
	for (int narrow = 0; narrow < 2; narrow++) {
		EXPECT(list_of_three(d, pages, narrow, &mapped), HYPIOMMU_OK);
		EXPECT((s64)mapped, 3 * SZ_4K);
		EXPECT(call(HYPIOMMU_HC_IOVA_TO_PHYS, d, 3 * SZ_4K, 0, 0, 0),
		       HYPIOMMU_OK);
		EXPECT(last_result(1) == page_to_phys(pages[2]), 1);
		EXPECT(call(HYPIOMMU_HC_UNMAP_PAGES, d, SZ_4K, 3 * SZ_4K, 0, 0),
		       HYPIOMMU_OK);
	}
	EXPECT(call(HYPIOMMU_PKVM_TEST_GUEST_DONATE, pfn, 1, 0, 0, 0),
	       HYPIOMMU_OK);
	for (int narrow = 0; narrow < 2; narrow++) {
		EXPECT(list_of_three(d, pages, narrow, &mapped),
		       HYPIOMMU_E_PERM);
		EXPECT((s64)mapped, SZ_4K);
		EXPECT(call(HYPIOMMU_HC_IOVA_TO_PHYS, d, SZ_8K, 0, 0, 0),
		       HYPIOMMU_E_NOENT);
		EXPECT(call(HYPIOMMU_HC_UNMAP_PAGES, d, SZ_4K, SZ_4K, 0, 0),
		       HYPIOMMU_OK);
	}
	for (unsigned int i = 0; i < 2 * ARRAY_SIZE(too_many); i++) {
		u64 x4 = too_many[i / 2] << 32 | HYPIOMMU_PROT_READ |
			 (i % 2 ? HYPIOMMU_PKVM_NARROW : 0);
		u64 y[17] = { HYPIOMMU_PKVM_MAP_LIST, d, SZ_1M, x4 };

		if (i % 2 && too_many[i / 2] == HYPIOMMU_PKVM_SEGMENTS + 1)
			continue; /* not too many of those */
		EXPECT(hypiommu_call_list(y), HYPIOMMU_E_INVAL);
		EXPECT((s64)y[1], 0);
	}
	EXPECT(call(HYPIOMMU_PKVM_TEST_GUEST_RETURN, pfn, 1, 0, 0, 0),
	       HYPIOMMU_OK);
	domain_put(d);
	for (unsigned int i = 0; i < 3; i++) {
		EXPECT(call(HYPIOMMU_PKVM_TEST_PAGE, page_to_phys(pages[i]), 0,
			    0, 0, 0),
		       HYPIOMMU_OK);
		EXPECT((s64)last_result(1), 0);
		__free_page(pages[i]);
	}
	return NULL;
}

const struct attack call_attacks[] = { { "strange-lists", strange_lists },
				       { "setup-again", setup_again },
				       { "strange-streams", strange_streams },
				       { "strange-ranges", strange_ranges },
				       {} };
