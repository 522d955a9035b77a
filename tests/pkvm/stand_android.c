// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same front-end over the module for Android's kernels: the adapter of its
 * EL1 half (el1/call.c), Android's core as tests/android models it, and the
 * module's EL2 half. That model looks at every step, too.
 */
#include "test.h"

#include "core_android.h"

unsigned long hypiommu_module_hvc = 0x77;
u32 hypiommu_smmus(void);
int hypiommu_power(u64 smmu, bool on);

/* ---------------------------------------------------- of the EL1 half's host.c
 */

static bool taken;

u32 hypiommu_smmus(void)
{
	return core_smmus();
}

int hypiommu_smmu_number(phys_addr_t base)
{
	for (u32 i = 0; taken && i < core_smmus(); i++) {
		if (core_smmu_base(i) == base)
			return (int)i;
	}
	return -ENOENT;
}

int hypiommu_power(u64 smmu, bool on)
{
	return core_power((unsigned int)smmu, on);
}

/* ---------------------------------------------------------------- the stand */

void watch_from_now(bool on)
{
	core_watch(on);
	if (on)
		mock_look();
}

void boot(void)
{
	core_boot();
	tree_load(stand_tree);
	stand_bind();
}

void start(void)
{
	boot();
	check(core_take_over() == 0);
	taken = true;
	watch_from_now(true);
	all_blocked();
	check(hypiommu_offer_all() == 0);
	check(kernel_said("through hypercalls"));
}

u32 pins(u64 pa)
{
	return core_count(pa);
}

int stand_give(u64 pa)
{
	return core_give(pa);
}

int stand_return(u64 pa)
{
	return core_return(pa);
}

void stand_cpu_entry(void)
{
	core_cpu_entry();
}

bool stand_taken(u64 pa)
{
	return core_taken(pa);
}

/* A list as the front-end passes it is one call; it ends before the first
 * segment that is refused, and what comes after is not mapped. */
static s64 list_of_three(u64 domain, const u64 *pa, bool narrow, u64 *bytes)
{
	u64 x[17] = { HYPIOMMU_PKVM_MAP_LIST, domain, IOVA, 3ull << 32 | 3 };

	for (u32 i = 0; i < 3; i++) {
		if (narrow)
			x[4 + i / 2] |= pa[i] >> 8 << (i % 2 ? 32 : 0);
		else
			x[4 + i] = pa[i];
	}
	if (narrow)
		x[3] |= HYPIOMMU_PKVM_NARROW;
	hypiommu_call_list(x);
	*bytes = x[1];
	return (s64)x[0];
}

void test_adapter(void)
{
	u64 pa[3] = { BUF, BUF + 0x5000, BUF + 0x3000 }, domain, bytes;

	attach_all();
	domain =
		strtoull(strchr(stand_file(((struct hypiommu_master *)devices[0]
						    ->iommu_priv)
						   ->smmu->dev->name,
					   "domains"),
				'\n'),
			 NULL, 0);
	for (int narrow = 0; narrow < 2; narrow++) {
		check(list_of_three(domain, pa, narrow, &bytes) == 0);
		check(bytes == 3 * PAGE_SIZE && reaches(0, IOVA + 0x2000));
		check(pins(BUF) == 1 && pins(BUF + 0x3000) == 1);
		check(unmap(domains[0], IOVA, bytes) == bytes);
	}
	check(stand_give(pa[1]) == 0);
	for (int narrow = 0; narrow < 2; narrow++) {
		check(list_of_three(domain, pa, narrow, &bytes) == 0);
		check(bytes == PAGE_SIZE && reaches(0, IOVA));
		check(!reaches(0, IOVA + PAGE_SIZE) && !pins(BUF + 0x3000));
		check(unmap(domains[0], IOVA, bytes) == bytes);
	}
	check(stand_give(pa[0]) == 0);
	check(list_of_three(domain, pa, false, &bytes) == HYPIOMMU_E_PERM);
	check(!bytes && !pins(BUF + 0x3000));
}

/* Of those Android's core has no list: what is not RAM to it is none. */
const u64 stand_firmware = RAM + STAND_RAM;

const struct test tests[] = { TESTS_OF_FRONTEND(TEST) TESTS_OF_ANDROID(TEST) };
const unsigned int test_count = ARRAY_SIZE(tests);
