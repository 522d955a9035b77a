// SPDX-License-Identifier: GPL-2.0-only
/*
 * The whole machine asleep, and a device that works on: the kernel's own way
 * down and up (processes, drivers, the other CPUs), with what firmware would do
 * at its end left to this module.
 */
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/suspend.h>

#include "attack.h"

#define IOVA 0x20000000ull

static u64 *word, sleeping_domain;
static const char *wrong;
static bool slept;

static const char *while_asleep(void)
{
	edu_to_ram(IOVA, 8);
	if (READ_ONCE(*word))
		return "a device wrote while the machine slept";
	EXPECT(call(HYPIOMMU_HC_UNMAP_PAGES, sleeping_domain, IOVA, SZ_4K, 0,
		    0),
	       HYPIOMMU_E_BROKEN);
	return NULL;
}

static int enter(suspend_state_t state)
{
	slept = true;
	wrong = while_asleep();
	return 0;
}

static const struct platform_suspend_ops ops = {
	.valid = suspend_valid_only_mem,
	.enter = enter,
};

static const char *sleep_in(u64 d)
{
	struct page *page = page_get();

	word = page_address(page);
	sleeping_domain = d;
	slept = false;
	WRITE_ONCE(*word, SECRET);
	EXPECT(call(HYPIOMMU_HC_MAP_PAGES, d, IOVA, page_to_phys(page), SZ_4K,
		    3),
	       HYPIOMMU_OK);
	edu_from_ram(IOVA, 8);
	WRITE_ONCE(*word, 0);
	suspend_set_ops(&ops);
	EXPECT(pm_suspend(PM_SUSPEND_MEM), 0);
	suspend_set_ops(NULL);
	if (!slept || wrong)
		return slept ? wrong : "did not sleep";
	/* Awake, it does what it did before. */
	edu_to_ram(IOVA, 8);
	EXPECT(READ_ONCE(*word) == SECRET, 1);
	EXPECT(call(HYPIOMMU_HC_UNMAP_PAGES, d, IOVA, SZ_4K, 0, 0),
	       HYPIOMMU_OK);
	__free_page(page);
	return NULL;
}

static const char *asleep(void)
{
	return in_edu_domain(sleep_in);
}

const struct attack sleep_attacks[] = { { "asleep", asleep }, {} };
