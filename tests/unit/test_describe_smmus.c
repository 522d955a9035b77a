// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* SMMUs and memory controllers as a port declares them, each value at its
 * border and one beyond; see test_describe.c. */
#include "still.h"

static void test_smmuv2_config(void **state)
{
	const struct hypiommu_smmuv2_config good = {
		.frames = 1,
		.base = { 0x10000, 0x20000 },
		.size = 0x2000,
	};
	struct hypiommu_smmuv2_config bad[12];
	struct hypiommu *h;
	uint32_t smmu = 77;
	void *mem;

	(void)state;
	h = instance(&mem);
	for (size_t i = 0; i < COUNT(bad); i++)
		bad[i] = good;
	bad[0].frames = 0;
	bad[1].frames = 3;
	bad[2].stream_mask = 0x8000;
	bad[3].timeout_us = 10000001;
	bad[4].size = 0x2800;
	bad[5].size = 0x1000;
	bad[6].size = (1ull << 31) + 0x1000;
	bad[7].base[0] = 0x11000;
	bad[8].frames = 2;
	bad[8].base[1] = 0x28000;
	bad[9].size = 0;
	bad[10].stream_mask = ~0u;
	bad[11].size = 0x2001;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(hypiommu_smmuv2_add(h, &bad[i], &smmu),
				 HYPIOMMU_E_INVAL);
	assert_int_equal(hypiommu_smmuv2_add(NULL, &good, &smmu),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(hypiommu_smmuv2_add(h, NULL, &smmu), HYPIOMMU_E_INVAL);
	assert_int_equal(hypiommu_smmuv2_add(h, &good, NULL), HYPIOMMU_E_INVAL);
	/* These pass, and meet registers that read 0. */
	assert_int_equal(hypiommu_smmuv2_add(h, &good, &smmu), HYPIOMMU_E_HW);
	bad[0] = good;
	bad[0].timeout_us = 10000000;
	bad[0].stream_mask = 0x7fff;
	assert_int_equal(hypiommu_smmuv2_add(h, &bad[0], &smmu), HYPIOMMU_E_HW);
	/* The second frame is looked at as well: it lies in RAM. */
	assert_int_equal(hypiommu_add_mmio(h, 0x20000, PAGE, words[0]), 0);
	bad[0] = good;
	bad[0].frames = 2;
	assert_int_equal(hypiommu_smmuv2_add(h, &bad[0], &smmu),
			 HYPIOMMU_E_EXIST);
	bad[0].base[0] = 0x20000;
	assert_int_equal(hypiommu_smmuv2_add(h, &bad[0], &smmu),
			 HYPIOMMU_E_EXIST);
	assert_int_equal(smmu, 77);
	free(mem);
}

static void test_smmuv3_config(void **state)
{
	const struct hypiommu_smmuv3_config good = {
		.base = 0x20000,
		.size = 0x20000,
		.cmdq_log2 = 3,
		.evtq_log2 = 11,
		.timeout_us = 10000000,
	};
	struct hypiommu_smmuv3_config bad[7];
	struct hypiommu *h;
	uint32_t smmu = 77;
	void *mem;
	int err;

	(void)state;
	h = instance(&mem);
	for (size_t i = 0; i < COUNT(bad); i++)
		bad[i] = good;
	bad[0].base = 0x21000;
	bad[1].size = 0x1ffff;
	bad[2].cmdq_log2 = 2;
	bad[3].cmdq_log2 = 13;
	bad[4].evtq_log2 = 1;
	bad[5].evtq_log2 = 12;
	bad[6].timeout_us = 10000001;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(hypiommu_smmuv3_add(h, &bad[i], &smmu),
				 HYPIOMMU_E_INVAL);
	assert_int_equal(hypiommu_smmuv3_add(NULL, &good, &smmu),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(hypiommu_smmuv3_add(h, NULL, &smmu), HYPIOMMU_E_INVAL);
	assert_int_equal(hypiommu_smmuv3_add(h, &good, NULL), HYPIOMMU_E_INVAL);
	/* This passes, and meets registers that read 0. */
	err = hypiommu_smmuv3_add(h, &good, &smmu);
	assert_true(err == HYPIOMMU_E_HW || err == HYPIOMMU_E_UNSUPPORTED);
	assert_int_equal(smmu, 77);
	free(mem);
}

static void test_memory_controller_config(void **state)
{
	const struct hypiommu_tegra234_mc_config good = { .base = 0x20000,
							  .size = 0x10000 };
	struct hypiommu_tegra234_mc_config bad[4];
	struct hypiommu *h;
	void *mem;

	(void)state;
	h = instance(&mem);
	for (size_t i = 0; i < COUNT(bad); i++)
		bad[i] = good;
	bad[0].size = 0;
	bad[1].size = 0x18000;
	bad[2].size = 0x30000;
	bad[3].base = 0x28000;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(hypiommu_tegra234_mc_add(h, &bad[i]),
				 HYPIOMMU_E_INVAL);
	assert_int_equal(hypiommu_tegra234_mc_add(NULL, &good),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(hypiommu_tegra234_mc_add(h, NULL), HYPIOMMU_E_INVAL);
	/* Without one there is nothing to resume, and no client. */
	assert_int_equal(hypiommu_tegra234_mc_resume(h), HYPIOMMU_E_NOENT);
	assert_int_equal(hypiommu_tegra234_firmware_client(h, 1),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(hypiommu_add_ram(h, 0x20000, PAGE, words[0]), 0);
	assert_int_equal(hypiommu_tegra234_mc_add(h, &good), HYPIOMMU_E_EXIST);
	free(mem);
	h = instance(&mem);
	assert_int_equal(hypiommu_tegra234_mc_add(h, &good), 0);
	assert_int_equal(hypiommu_tegra234_mc_add(h, &good), HYPIOMMU_E_EXIST);
	/* As many clients as were said, each once; none after finalise. */
	for (uint32_t id = 0; id < 64; id++)
		assert_int_equal(hypiommu_tegra234_firmware_client(h, id), 0);
	assert_int_equal(hypiommu_tegra234_firmware_client(h, 63),
			 HYPIOMMU_E_EXIST);
	assert_int_equal(hypiommu_tegra234_firmware_client(h, 64),
			 HYPIOMMU_E_NOSPC);
	assert_int_equal(hypiommu_finalise(h), 0);
	assert_int_equal(hypiommu_tegra234_firmware_client(h, 65),
			 HYPIOMMU_E_PHASE);
	free(mem);
}

static void test_tegra_smmu_config(void **state)
{
	static struct hypiommu_tegra_swgroup groups[65];
	static struct hypiommu_tegra_enable enables[257];
	const struct hypiommu_tegra_swgroup beyond = { 1, PAGE },
					    odd = { 1, 0x242 };
	const struct hypiommu_tegra_enable past = { PAGE, 1 },
					   crooked = { 0x22a, 1 },
					   high = { 0x228, 32 };
	const struct hypiommu_tegra_smmu_config good = {
		.base = 0x10000,
		.size = PAGE,
		.asids = 4,
		.ptc_line = 16,
		.address_bits = 32,
		.swgroups = groups,
		.swgroup_count = 64,
		.enables = enables,
		.enable_count = 256,
	};
	struct hypiommu_tegra_smmu_config bad[16];
	struct hypiommu *h;
	uint32_t smmu = 77;
	void *mem;

	(void)state;
	h = instance(&mem);
	for (uint32_t i = 0; i < 65; i++)
		groups[i] = (struct hypiommu_tegra_swgroup){ i, 0x240 + 4 * i };
	for (size_t i = 0; i < COUNT(bad); i++)
		bad[i] = good;
	bad[0].size = 0;
	bad[1].size = 0x1800;
	bad[2].base = 0x10800;
	bad[3].asids = 8;
	bad[4].ptc_line = 8;
	bad[5].address_bits = 33;
	bad[6].swgroups = NULL;
	bad[7].swgroup_count = 65;
	bad[8].enable_count = 257;
	bad[9].enables = NULL;
	bad[10].swgroups = &beyond, bad[10].swgroup_count = 1;
	bad[11].swgroups = &odd, bad[11].swgroup_count = 1;
	bad[12].enables = &past, bad[12].enable_count = 1;
	bad[13].enables = &crooked, bad[13].enable_count = 1;
	bad[14].enables = &high, bad[14].enable_count = 1;
	bad[15].asids = 128, bad[15].ptc_line = 65;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(hypiommu_tegra_smmu_add(h, &bad[i], &smmu),
				 HYPIOMMU_E_INVAL);
	assert_int_equal(hypiommu_tegra_smmu_add(NULL, &good, &smmu),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(hypiommu_tegra_smmu_add(h, NULL, &smmu),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(hypiommu_tegra_smmu_add(h, &good, NULL),
			 HYPIOMMU_E_INVAL);
	/* A register named twice, at the end: nothing of it stays. */
	groups[63].reg = groups[0].reg;
	assert_int_equal(hypiommu_tegra_smmu_add(h, &good, &smmu),
			 HYPIOMMU_E_EXIST);
	groups[63].reg = 0x240 + 4 * 63;
	assert_int_equal(smmu, 77);
	assert_int_equal(hypiommu_tegra_smmu_add(h, &good, &smmu), 0);
	assert_int_equal(smmu, 0);
	assert_int_equal(hypiommu_tegra_smmu_add(h, &good, &smmu),
			 HYPIOMMU_E_NOSPC);
	/* A stream is a SWGROUP the chip has. */
	assert_int_equal(hypiommu_add_stream(h, 0, 64, 0), HYPIOMMU_E_NOENT);
	assert_int_equal(hypiommu_add_stream(h, 0, 63, 0), 0);
	assert_int_equal(hypiommu_add_stream(h, 0, 0, 0), 0);
	assert_int_equal(hypiommu_add_stream(h, 0, 1, 0), HYPIOMMU_E_NOSPC);
	free(mem);
}

static void test_tegra_smmu_in_ram(void **state)
{
	const struct hypiommu_tegra_swgroup group = { 1, 0x240 };
	struct hypiommu_tegra_smmu_config c = {
		.base = 0x10000,
		.size = PAGE,
		.asids = 128,
		.ptc_line = 64,
		.address_bits = 34,
		.swgroups = &group,
		.swgroup_count = 1,
	};
	struct hypiommu *h;
	uint32_t smmu;
	void *mem;

	(void)state;
	h = instance(&mem);
	assert_int_equal(hypiommu_add_ram(h, 0x10000, PAGE, words[0]), 0);
	assert_int_equal(hypiommu_tegra_smmu_add(h, &c, &smmu),
			 HYPIOMMU_E_EXIST);
	/* Enable registers are not needed, where there are none. */
	c.asids = 4;
	c.ptc_line = 16;
	c.address_bits = 32;
	assert_int_equal(hypiommu_tegra_smmu_add(h, &c, &smmu),
			 HYPIOMMU_E_EXIST);
	free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_smmuv2_config),
		cmocka_unit_test(test_smmuv3_config),
		cmocka_unit_test(test_memory_controller_config),
		cmocka_unit_test(test_tegra_smmu_config),
		cmocka_unit_test(test_tegra_smmu_in_ram),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
