// SPDX-License-Identifier: GPL-2.0-only
/* Pages that are not the host's to map, or not its to give. */
#include <linux/io.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <asm/kvm_host.h>

#include "attack.h"

#define IOVA 0x10000000ull

static s64 map(u64 d, u64 pa)
{
	return call(HYPIOMMU_HC_MAP_PAGES, d, IOVA, pa, SZ_4K,
		    HYPIOMMU_PROT_READ | HYPIOMMU_PROT_WRITE);
}

static s64 unmap(u64 d)
{
	return call(HYPIOMMU_HC_UNMAP_PAGES, d, IOVA, SZ_4K, 0, 0);
}

static u64 pins(u64 pa)
{
	call(HYPIOMMU_PKVM_TEST_PAGE, pa, 0, 0, 0, 0);
	return last_result(1);
}

/* Given away by `give`, not mappable; back by `back`, mappable. */
static const char *map_foreign(u64 give, u64 back)
{
	struct page *page = page_get();
	u64 pa = page_to_phys(page), pfn = page_to_pfn(page);
	s64 d = domain_get();

	EXPECT(d < 0, 0);
	EXPECT(call(give, pfn, 1, 0, 0, 0), HYPIOMMU_OK);
	EXPECT(map(d, pa), HYPIOMMU_E_PERM);
	EXPECT(call(give, pfn, 1, 0, 0, 0), HYPIOMMU_E_PERM);
	EXPECT(call(back, pfn, 1, 0, 0, 0), HYPIOMMU_OK);
	EXPECT(map(d, pa), HYPIOMMU_OK);
	EXPECT(unmap(d), HYPIOMMU_OK);
	domain_put(d);
	__free_page(page);
	return NULL;
}

static const char *map_hyp(void)
{
	return map_foreign(HYPIOMMU_PKVM_TEST_HYP_DONATE,
			   HYPIOMMU_PKVM_TEST_HYP_RETURN);
}

static const char *map_guest(void)
{
	return map_foreign(HYPIOMMU_PKVM_TEST_GUEST_DONATE,
			   HYPIOMMU_PKVM_TEST_GUEST_RETURN);
}

/* Pages of tables: given for good, or until EL2 has no use for them. */
static const char *map_table(void)
{
	struct page *page = page_get();
	u64 pa = page_to_phys(page);
	s64 d = domain_get();

	EXPECT(d < 0, 0);
	EXPECT(call(HYPIOMMU_HC_MEM_TOPUP, pa, 1, 0, 0, 0), HYPIOMMU_OK);
	EXPECT(map(d, pa), HYPIOMMU_E_PERM);
	EXPECT(call(HYPIOMMU_HC_MEM_TOPUP, pa, 1, 0, 0, 0), HYPIOMMU_E_PERM);
	domain_put(d);
	return NULL;
}

static const char *map_shared(void)
{
	struct page *page = page_get();
	u64 pfn = page_to_pfn(page);
	s64 d = domain_get();

	EXPECT(d < 0, 0);
	EXPECT(kvm_call_hyp_nvhe(__pkvm_host_share_hyp, pfn), 0);
	EXPECT(map(d, page_to_phys(page)), HYPIOMMU_E_PERM);
	EXPECT(kvm_call_hyp_nvhe(__pkvm_host_unshare_hyp, pfn), 0);
	EXPECT(map(d, page_to_phys(page)), HYPIOMMU_OK);
	EXPECT(kvm_call_hyp_nvhe(__pkvm_host_share_hyp, pfn), -EBUSY);
	domain_put(d);
	__free_page(page);
	return NULL;
}

static const char *give_mapped(void)
{
	struct page *page = page_get();
	u64 pa = page_to_phys(page), pfn = page_to_pfn(page);
	s64 d = domain_get();

	EXPECT(d < 0, 0);
	EXPECT(map(d, pa), HYPIOMMU_OK);
	EXPECT((s64)pins(pa), 1);
	EXPECT(call(HYPIOMMU_PKVM_TEST_HYP_DONATE, pfn, 1, 0, 0, 0),
	       HYPIOMMU_E_BUSY);
	EXPECT(call(HYPIOMMU_PKVM_TEST_GUEST_DONATE, pfn, 1, 0, 0, 0),
	       HYPIOMMU_E_BUSY);
	EXPECT(call(HYPIOMMU_HC_MEM_TOPUP, pa, 1, 0, 0, 0), HYPIOMMU_E_BUSY);
	EXPECT(kvm_call_hyp_nvhe(__pkvm_host_share_hyp, pfn), -EBUSY);
	/* Twice mapped, once unmapped: still reachable. */
	EXPECT(call(HYPIOMMU_HC_MAP_PAGES, d, IOVA + SZ_4K, pa, SZ_4K, 3),
	       HYPIOMMU_OK);
	EXPECT((s64)pins(pa), 2);
	EXPECT(unmap(d), HYPIOMMU_OK);
	EXPECT(call(HYPIOMMU_PKVM_TEST_GUEST_DONATE, pfn, 1, 0, 0, 0),
	       HYPIOMMU_E_BUSY);
	domain_put(d);
	EXPECT((s64)pins(pa), 0);
	EXPECT(call(HYPIOMMU_PKVM_TEST_GUEST_DONATE, pfn, 1, 0, 0, 0),
	       HYPIOMMU_OK);
	EXPECT(call(HYPIOMMU_PKVM_TEST_GUEST_RETURN, pfn, 1, 0, 0, 0),
	       HYPIOMMU_OK);
	__free_page(page);
	return NULL;
}

/* An SMMU's registers, a UART's; the ITS's doorbell is the exception. */
static const char *map_registers(void)
{
	s64 d = domain_get();

	EXPECT(d < 0, 0);
	EXPECT(map(d, 0x09050000), HYPIOMMU_E_PERM);
	EXPECT(map(d, 0x09060000), HYPIOMMU_E_PERM);
	EXPECT(map(d, 0x09000000), HYPIOMMU_E_PERM);
	EXPECT(map(d, 0x08080000), HYPIOMMU_E_PERM);
	EXPECT(map(d, 0x08090000), HYPIOMMU_OK);
	domain_put(d);
	return NULL;
}

/* A doorbell and the first page of RAM behind it, unmapped in one go: what was
 * pinned is not any more. boot.sh puts the one there. */
static const char *beside_doorbell(void)
{
	const u64 ram = 0x40000000;
	s64 d = domain_get();

	EXPECT(d < 0, 0);
	EXPECT(map(d, ram - SZ_4K), HYPIOMMU_OK);
	EXPECT(call(HYPIOMMU_HC_MAP_PAGES, d, IOVA + SZ_4K, ram, SZ_4K, 3),
	       HYPIOMMU_OK);
	EXPECT((s64)pins(ram), 1);
	EXPECT(call(HYPIOMMU_HC_UNMAP_PAGES, d, IOVA, SZ_8K, 0, 0),
	       HYPIOMMU_OK);
	EXPECT((s64)last_result(1), SZ_8K);
	EXPECT((s64)pins(ram), 0);
	domain_put(d);
	return NULL;
}

/* The host reads what it gave away: it gets an abort, EL2 lives. */
static const char *touch_donated(void)
{
	struct page *page = page_get();

	EXPECT(call(HYPIOMMU_PKVM_TEST_GUEST_DONATE, page_to_pfn(page), 1, 0, 0,
		    0),
	       HYPIOMMU_OK);
	return READ_ONCE(*(u64 *)page_address(page)) ? "read a guest's page"
						     : "no abort";
}

/* -------------------------------------------------------------- two CPUs */

#define ROUNDS 20000

static struct page *contested;
static u64 contested_domain;
static unsigned int given, mapped, both;

/* Give the page to a guest, look whether a device still has it, take it back.
 */
static int giver(void *unused)
{
	u64 pfn = page_to_pfn(contested);

	for (unsigned int i = 0; i < ROUNDS; i++) {
		if (call(HYPIOMMU_PKVM_TEST_GUEST_DONATE, pfn, 1, 0, 0, 0))
			continue;
		given++;
		both += pins(page_to_phys(contested)) != 0;
		call(HYPIOMMU_PKVM_TEST_GUEST_RETURN, pfn, 1, 0, 0, 0);
	}
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static const char *race(void)
{
	struct task_struct *task;
	s64 d = domain_get();

	EXPECT(d < 0, 0);
	contested = page_get();
	contested_domain = d;
	given = mapped = both = 0;
	task = kthread_run(giver, NULL, "hypiommu-giver");
	if (IS_ERR(task))
		return "no thread";
	for (unsigned int i = 0; i < ROUNDS; i++) {
		if (map(d, page_to_phys(contested)))
			continue;
		mapped++;
		if (unmap(d))
			both++;
	}
	kthread_stop(task);
	pr_info("hypiommu-attack: given %u times, mapped %u times\n", given,
		mapped);
	domain_put(d);
	EXPECT((s64)pins(page_to_phys(contested)), 0);
	__free_page(contested);
	if (!given || !mapped)
		return "no race took place";
	return both ? "a guest's page was pinned" : NULL;
}

const struct attack owner_attacks[] = { { "map-hyp", map_hyp },
					{ "map-guest", map_guest },
					{ "map-table", map_table },
					{ "map-shared", map_shared },
					{ "map-registers", map_registers },
					{ "beside-doorbell", beside_doorbell },
					{ "give-mapped", give_mapped },
					{ "touch-donated", touch_donated },
					{ "race", race },
					{} };
