// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * RAM above 48 bits, as hardware of 52 has it (DDI 0487 D8.3.1: the 64 KiB
 * granule keeps PA[51:48] in other bits). Cut to 48 bits its addresses are
 * those of the other RAM, which nothing may reach by mistake.
 */
#include <string.h>

#include "rig.h"

#define K64  0x10000ull
#define FAR  (0xd000000000000ull | RAM)
#define SIZE (4 * MiB)
#define AT   (3 * GiB)

static void start(struct rig *rig, unsigned int oas)
{
	rig_defaults(rig);
	rig->config.far_base = FAR;
	rig->config.far_size = SIZE;
	rig->config.smmu.gran64k = true;
	rig->config.smmu.oas = oas;
	rig->config.smmu.vax = oas == 52;
	rig_start(rig);
}

static uint64_t word_at(const struct rig *rig, uint64_t pa)
{
	uint64_t word;

	assert_int_equal(sim_mem_dev_read(rig->m->mem, pa, &word, 8), 0);
	return word;
}

static uint32_t domain_of(struct rig *rig, unsigned int stage)
{
	return rig_domain(rig, stage | (unsigned int)HYPIOMMU_GRANULE(16),
			  SID_A);
}

static void life(unsigned int stage)
{
	const uint64_t value = 0x0123456789abcdef, pa = FAR + 9 * K64;
	uint64_t word = value, mapped;
	struct rig rig;
	uint32_t d;

	start(&rig, 52);
	d = domain_of(&rig, stage);
	rig_map(&rig, d, AT, pa, 3 * K64);
	for (uint64_t at = 0; at < 3 * K64; at += K64 - 8)
		assert_reaches(&rig, SID_A, AT + at, pa + at);
	assert_int_equal(
		machine_dma(rig.m, SID_A, AT + K64 + 8, true, &word, 8),
		SIM_DMA_OK);
	assert_int_equal(word_at(&rig, pa + K64 + 8), value);
	assert_int_equal(word_at(&rig, RAM + 10 * K64 + 8), 0);
	word = 0;
	assert_int_equal(
		machine_dma(rig.m, SID_A, AT + K64 + 8, false, &word, 8),
		SIM_DMA_OK);
	assert_int_equal(word, value);
	assert_int_equal(front_iova_to_phys(&rig.host, d, AT + K64 + 8, &word),
			 0);
	assert_int_equal(word, pa + K64 + 8);

	/* Pinned there, and nowhere else. */
	assert_pins(&rig, pa + K64, 1);
	assert_pins(&rig, RAM + 10 * K64, 0);
	assert_int_equal(machine_donate(rig.m, HYPIOMMU_HOST, HYPIOMMU_GUEST(0),
					pa + K64, K64),
			 HYPIOMMU_E_BUSY);
	rig_unmap(&rig, d, AT + K64, K64);
	assert_aborts(&rig, SID_A, AT + K64);
	assert_reaches(&rig, SID_A, AT + 2 * K64, pa + 2 * K64);
	assert_pins(&rig, pa + K64, 0);
	assert_int_equal(machine_donate(rig.m, HYPIOMMU_HOST, HYPIOMMU_GUEST(0),
					pa + K64, K64),
			 0);
	assert_int_equal(
		front_map(&rig.host, d, AT + K64, pa + K64, K64, RW, &mapped),
		HYPIOMMU_E_PERM);
	rig_unmap(&rig, d, AT, K64);
	rig_unmap(&rig, d, AT + 2 * K64, K64);
	rig_end(&rig);
}

static void test_stage1(void **state)
{
	(void)state;
	life(1);
}

static void test_stage2(void **state)
{
	(void)state;
	life(2);
}

/* Other granules end at 48 bits, other hardware where it says. */
static void test_out_of_reach(void **state)
{
	static const unsigned int oas[] = { 44, 48, 52 };

	(void)state;
	for (unsigned int i = 0; i < 2 * sizeof(oas) / sizeof(oas[0]); i++) {
		unsigned int granule = i % 2 ? 16 : 12;
		uint64_t mapped;
		struct rig rig;
		uint32_t d;

		if (oas[i / 2] == 52 && granule == 16)
			continue;
		start(&rig, oas[i / 2]);
		d = rig_domain(&rig,
			       1 | (unsigned int)HYPIOMMU_GRANULE(granule),
			       SID_A);
		assert_int_equal(
			front_map(&rig.host, d, AT, FAR, K64, RW, &mapped),
			HYPIOMMU_E_RANGE);
		assert_aborts(&rig, SID_A, AT);
		assert_pins(&rig, FAR, 0);
		rig_end(&rig);
	}
}

/* Nor are queues and tables where the SMMU does not get to. */
static void test_structures_out_of_reach(void **state)
{
	struct rig rig;

	(void)state;
	rig_defaults(&rig);
	rig.config.smmu.oas = 32; /* the pool is above that */
	rig.config.stay_trusted = true;
	rig_start(&rig);
	assert_int_equal(machine_finalise(rig.m), HYPIOMMU_E_NOMEM);
	assert_int_equal(machine_add_tables(rig.m, RAM, MiB), 0);
	assert_int_equal(machine_finalise(rig.m), 0);
	rig_end(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stage1),
		cmocka_unit_test(test_stage2),
		cmocka_unit_test(test_out_of_reach),
		cmocka_unit_test(test_structures_out_of_reach),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
