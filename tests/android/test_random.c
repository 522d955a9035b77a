// SPDX-License-Identifier: GPL-2.0-only
/* Requests at random, on good hardware and on bad. */
#include "test.h"

static uint32_t seed = 1;

static uint32_t dice(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

/* What must be counted: the same requests, kept apart. */
#define SLOTS 24u
static uint64_t slots[2][SLOTS]; /* pa mapped at IOVA + slot; 0: none */

static unsigned int mappings_of(uint64_t pa)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < 2 * SLOTS; i++)
		n += slots[i / SLOTS][i % SLOTS] == pa;
	return n;
}

static void one_step(void)
{
	uint64_t pa = BUF + dice(8) * PAGE;
	unsigned int d = dice(2), slot = dice(SLOTS);
	uint64_t iova = IOVA + (uint64_t)slot * PAGE;

	switch (dice(6)) {
	case 0:
	case 1:
		if (mock_map(DOMAIN + d, iova, pa, PAGE) == PAGE) {
			check(!slots[d][slot]);
			slots[d][slot] = pa;
		}
		break;
	case 2:
	case 3:
		check(!!mock_unmap(DOMAIN + d, iova, PAGE) == !!slots[d][slot]);
		slots[d][slot] = 0;
		break;
	case 4:
		if (mock_give(pa, MOCK_GUEST) == 0)
			check(!mappings_of(pa));
		break;
	default:
		mock_return(pa);
		break;
	}
	check(mock_count(pa) == mappings_of(pa));
	check(reaches(0, iova) == !!slots[0][slot]);
}

void test_random(void)
{
	start_attached();
	check(mock_alloc_domain(DOMAIN + 1,
				HYPIOMMU_MACHINE_TYPE(smmu_of(1))) == 0);
	check(mock_attach(1, DOMAIN + 1) == 0);
	for (int i = 0; i < 3000; i++)
		one_step();
}

/* The same where hardware stops answering now and then, and is reset: what may
 * be reached is for the observer to say, who counts what is not told apart. */
static void one_bad_step(void)
{
	uint64_t pa = BUF + dice(8) * PAGE;
	pkvm_handle_t domain = DOMAIN + dice(2);
	uint64_t iova = IOVA + (uint64_t)dice(SLOTS) * PAGE;
	bool stall = !dice(8);

	bed_stall(stall);
	switch (dice(4)) {
	case 0:
		mock_map_once(domain, iova, pa, (1 + dice(4)) * PAGE, 3);
		break;
	case 1:
		mock_unmap(domain, iova, (1 + dice(4)) * PAGE);
		break;
	case 2:
		mock_give(pa, MOCK_GUEST);
		break;
	default:
		mock_return(pa);
		break;
	}
	bed_stall(false);
	if (stall) {
		for (unsigned int i = 0; i < hypiommu_machine.smmu_count; i++)
			check(mock_power(i, true) == 0);
	}
}

void test_random_failing(void)
{
	start_attached();
	check(mock_alloc_domain(DOMAIN + 1,
				HYPIOMMU_MACHINE_TYPE(smmu_of(1))) == 0);
	check(mock_attach(1, DOMAIN + 1) == 0);
	for (int i = 0; i < 1000; i++)
		one_bad_step();
	for (unsigned int i = 0; i < 2; i++) {
		check(mock_detach(i, DOMAIN + i) == 0);
		check(mock_free_domain(DOMAIN + i) == 0);
	}
	assert_all_blocked();
}
