// SPDX-License-Identifier: GPL-2.0-only
/*
 * A million calls of garbage. Numbers that would only harm the host itself are
 * not among them (its own devices' domains, pages it needs): everything else
 * is, and most of it is almost right.
 */
#include <linux/mm.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/sizes.h>

#include "attack.h"

#define CALLS 1000000u
#define PAGES 16u

static struct rnd_state state;
static struct page *pages[PAGES];
static u64 own;

static u64 rnd(void)
{
	return (u64)prandom_u32_state(&state) << 32 | prandom_u32_state(&state);
}

static u64 some_address(void)
{
	u64 page = page_to_phys(pages[rnd() % PAGES]);

	switch (rnd() % 8) {
	case 0:
		return rnd() | 1ull << 60; /* not memory */
	case 1:
		return 0x09050000 + (rnd() & 0x1ffff);
	case 2:
		return page | (rnd() & 0xfff);
	default:
		return page;
	}
}

static u64 some_iova(void)
{
	u64 near = 0x30000000 + ((rnd() & 0x1ff) << 12);

	switch (rnd() % 8) {
	case 0:
		return rnd();
	case 1:
		return near | (rnd() & 0xfff);
	case 2:
		return near + SZ_2M * (rnd() & 0xff);
	default:
		return near;
	}
}

static u64 some_size(void)
{
	switch (rnd() % 8) {
	case 0:
		return rnd();
	case 1:
		return 0;
	case 2:
		return SZ_2M;
	default:
		return SZ_4K * (1 + rnd() % 4);
	}
}

static u64 some_domain(void)
{
	switch (rnd() % 8) {
	case 0:
		return rnd() | 1ull << 32;
	case 1:
		return 128 + (rnd() & 0xfff);
	default:
		return own;
	}
}

static s64 one_call(void)
{
	u64 prot = rnd() % 4 ? 1 + rnd() % 7 : rnd();

	switch (rnd() % 16) {
	case 0:
		return call(HYPIOMMU_HC_INFO, rnd(), rnd(), rnd(), rnd(),
			    rnd());
	case 1:
		return call(HYPIOMMU_HC_ATTACH_DEV, rnd() % 3,
			    100 + rnd() % 512, some_domain(), rnd(), rnd());
	case 2:
		return call(HYPIOMMU_HC_DETACH_DEV, rnd() % 3,
			    100 + rnd() % 512, some_domain(), rnd(), rnd());
	case 3:
		return call(HYPIOMMU_HC_IOTLB_SYNC, some_domain(), rnd(), rnd(),
			    rnd(), rnd());
	case 4:
		return call(HYPIOMMU_HC_IOVA_TO_PHYS, some_domain(),
			    some_iova(), rnd(), rnd(), rnd());
	case 5:
		return call(HYPIOMMU_HC_FAULT_READ, rnd() % 3, rnd(), rnd(),
			    rnd(), rnd());
	case 6:
		return call(HYPIOMMU_HC_DOMAIN_ALLOC, 1 + rnd(), rnd() % 4,
			    rnd(), rnd(), rnd());
	case 7:
		return call(HYPIOMMU_HC_MEM_TOPUP, rnd() | 1ull << 60, rnd(),
			    rnd(), rnd(), rnd());
	case 14: {
		u64 x[17] = { HYPIOMMU_PKVM_MAP_LIST, some_domain(),
			      some_iova(), prot | (rnd() % 32) << 32 };

		for (unsigned int i = 4; i < 17; i++)
			x[i] = some_address();
		if (rnd() % 2) {
			x[3] |= HYPIOMMU_PKVM_NARROW;
			for (unsigned int i = 4; i < 17; i++)
				x[i] = x[i] >> 8 | some_address() << 24;
		}
		return hypiommu_call_list(x);
	}
	case 8:
		return call(HYPIOMMU_HC_MEM_GIVEBACK, rnd(), rnd(), rnd(),
			    rnd(), rnd());
	case 9:
		return call(HYPIOMMU_PKVM_TEST_PAGE + 1 + rnd() / 2, rnd(),
			    rnd(), rnd(), rnd(), rnd());
	case 10:
	case 11:
	case 12:
		return call(HYPIOMMU_HC_UNMAP_PAGES, some_domain(), some_iova(),
			    some_size(), rnd(), rnd());
	default:
		return call(HYPIOMMU_HC_MAP_PAGES, some_domain(), some_iova(),
			    some_address(), some_size(), prot);
	}
}

static const char *garbage(void)
{
	u64 good = 0, refused = 0;
	s64 d = domain_get();

	EXPECT(d < 0, 0);
	own = d;
	prandom_seed_state(&state, 7);
	for (unsigned int i = 0; i < PAGES; i++)
		pages[i] = page_get();
	for (unsigned int i = 0; i < CALLS; i++) {
		s64 status = one_call();

		if (status > 0 || status < HYPIOMMU_E_NOSYS)
			return "a status that does not exist";
		if (status == HYPIOMMU_E_BROKEN || status == HYPIOMMU_E_TIMEOUT)
			return "the SMMU broke";
		status ? refused++ : good++;
		if (!(i % 1024))
			cond_resched();
	}
	pr_info("hypiommu-attack: %llu calls did something, %llu refused\n",
		good, refused);
	/* Streams the garbage attached go first: then all must come free. */
	for (u64 sid = 100; sid < 100 + 512; sid++)
		call(HYPIOMMU_HC_DETACH_DEV, SMMU, sid, own, 0, 0);
	domain_put(own);
	for (unsigned int i = 0; i < PAGES; i++) {
		EXPECT(call(HYPIOMMU_PKVM_TEST_PAGE, page_to_phys(pages[i]), 0,
			    0, 0, 0),
		       HYPIOMMU_OK);
		EXPECT((s64)last_result(1), 0);
		__free_page(pages[i]);
	}
	return NULL;
}

const struct attack random_attacks[] = { { "garbage", garbage }, {} };
