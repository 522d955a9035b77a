// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Two SMMUs of a kind in one instance: the same stream IDs on both are other
 * streams, and what is done to one SMMU is not done to the other. The machine
 * has the first; the second is the test's own. */
#include "tap.h"

#define PAGE	   4096ull
#define COUNT(a)   (sizeof(a) / sizeof((a)[0]))
#define OTHER	   40u /* its register window */
#define OTHER_BASE 0x0a000000ull

static int alloc(struct rig *rig, uint32_t smmu, uint32_t *domain)
{
	return front_domain_alloc(&rig->host, smmu, 1, domain);
}

/* ----------------------------------------------------------------- SMMUv3 */

static struct sim_smmuv3 *v3;

static uint64_t v3_read(uint32_t window, uint32_t offset, unsigned int width,
			uint64_t value)
{
	return window == OTHER ? sim_smmuv3_read(v3, offset, width) : value;
}

static bool v3_write(uint32_t window, uint32_t offset, unsigned int width,
		     uint64_t value)
{
	if (window == OTHER)
		sim_smmuv3_write(v3, offset, width, value);
	return window == OTHER;
}

static void objection(void *ctx, const char *what)
{
	(void)ctx;
	fail_msg("%s", what);
}

/* Lower than all of the first one's streams, one of them, and the highest. */
static const uint32_t v3_sids[] = { 4, SID_A, 0x1fff };

static void v3_start(struct rig *rig, bool two_level, uint64_t pages)
{
	const struct hypiommu_smmuv3_config config = {
		.window = OTHER,
		.base = OTHER_BASE,
		.size = MACHINE_SMMU_SIZE,
		.timeout_us = 1000,
	};
	struct sim_smmuv3_config hw;
	uint32_t smmu = 0;

	rig_defaults(rig);
	rig->config.limits.smmus = 2;
	rig->config.stay_trusted = true;
	rig->config.table_pages = pages;
	rig->config.no_judge = true; /* it knows of the first only */
	rig->config.smmu.coherent = false;
	/* Every step once is enough. */
	if (two_level)
		rig->config.check = MACHINE_CHECK_CALLS;
	rig_start(rig);
	hw = rig->config.smmu;
	hw.two_level = two_level;
	v3 = sim_smmuv3_create(rig->m->mem, &hw);
	sim_smmuv3_on_report(v3, objection, NULL);
	tap_install(rig->m);
	tap.own = OTHER;
	tap.read = v3_read;
	tap.write = v3_write;
	assert_int_equal(hypiommu_smmuv3_add(rig->m->h, &config, &smmu), 0);
	assert_int_equal(smmu, 1);
	for (size_t i = 0; i < COUNT(v3_sids); i++)
		assert_int_equal(hypiommu_add_stream(rig->m->h, 1, v3_sids[i],
						     HYPIOMMU_HOST),
				 0);
}

static bool v3_reaches(uint32_t sid, uint64_t iova, uint64_t pa)
{
	uint64_t out = 0;

	sim_smmuv3_speculate(v3);
	return sim_smmuv3_translate(v3, sid, iova, true, &out) == SIM_DMA_OK &&
	       out == pa;
}

static void v3_end(struct rig *rig)
{
	rig_end(rig);
	sim_smmuv3_destroy(v3);
}

static void test_two_smmuv3(void **state)
{
	(void)state;
	for (int two_level = 0; two_level < 2; two_level++) {
		struct rig rig;
		struct front *f = &rig.host;
		uint32_t first, second;

		v3_start(&rig, two_level, 256);
		assert_int_equal(machine_finalise(rig.m), 0);
		for (size_t i = 0; i < COUNT(v3_sids); i++)
			assert_false(v3_reaches(v3_sids[i], 0, RAM));
		assert_int_equal(alloc(&rig, 0, &first), 0);
		assert_int_equal(alloc(&rig, 1, &second), 0);
		rig_map(&rig, first, 0, RAM, PAGE);
		rig_map(&rig, second, 0, RAM + MiB, PAGE);
		/* A domain serves streams of its own SMMU. */
		assert_int_equal(front_attach(f, 1, SID_A, first),
				 HYPIOMMU_E_INVAL);
		assert_int_equal(front_attach(f, 1, SID_B, second),
				 HYPIOMMU_E_NOENT);
		assert_int_equal(front_attach(f, 1, SID_A, second), 0);
		assert_true(v3_reaches(SID_A, 0, RAM + MiB));
		assert_aborts(&rig, SID_A, 0);
		assert_int_equal(front_attach(f, 0, SID_A, first), 0);
		assert_int_equal(front_attach(f, 1, 0x1fff, second), 0);
		assert_reaches(&rig, SID_A, 0, RAM);
		assert_true(v3_reaches(SID_A, 0, RAM + MiB));
		assert_true(v3_reaches(0x1fff, 0, RAM + MiB));
		assert_false(v3_reaches(4, 0, RAM + MiB));
		/* Power, one by one. */
		assert_int_equal(hypiommu_smmu_suspend(rig.m->h, 1), 0);
		assert_false(v3_reaches(SID_A, 0, RAM + MiB));
		assert_reaches(&rig, SID_A, 0, RAM);
		sim_smmuv3_power_cycle(v3);
		assert_int_equal(hypiommu_smmu_reset(rig.m->h, 1), 0);
		assert_true(v3_reaches(SID_A, 0, RAM + MiB));
		assert_true(v3_reaches(0x1fff, 0, RAM + MiB));
		assert_int_equal(machine_suspend(rig.m, 0), 0);
		assert_aborts(&rig, SID_A, 0);
		assert_true(v3_reaches(SID_A, 0, RAM + MiB));
		assert_int_equal(machine_reset(rig.m, 0), 0);
		assert_reaches(&rig, SID_A, 0, RAM);
		rig_unmap(&rig, second, 0, PAGE);
		assert_false(v3_reaches(SID_A, 0, RAM + MiB));
		assert_reaches(&rig, SID_A, 0, RAM);
		assert_int_equal(front_detach(f, 0, SID_A, first), 0);
		assert_int_equal(front_domain_free(f, first), 0);
		rig_map(&rig, second, 0, RAM, PAGE);
		assert_true(v3_reaches(0x1fff, 0, RAM));
		assert_aborts(&rig, SID_A, 0);
		v3_end(&rig);
	}
}

static int fault_read(struct front *f, uint32_t smmu)
{
	return front_call(f, HYPIOMMU_HC_FAULT_READ, smmu, 0, 0, 0, 0);
}

/* One number, two streams, two owners: each has the faults of its own. */
static void test_faults_of_two_smmuv3(void **state)
{
	struct rig rig;
	uint32_t first, second = 0;

	(void)state;
	v3_start(&rig, false, 256);
	assert_int_equal(machine_finalise(rig.m), 0);
	assert_int_equal(alloc(&rig, 0, &first), 0);
	assert_int_equal(front_attach(&rig.host, 0, SID_A, first), 0);
	assert_int_equal(hypiommu_assign_stream(rig.m->h, 1, SID_A,
						HYPIOMMU_HOST,
						HYPIOMMU_GUEST(0)),
			 0);
	assert_int_equal(front_domain_alloc(&rig.guest, 1, 1, &second), 0);
	assert_int_equal(front_attach(&rig.guest, 1, SID_A, second), 0);
	assert_false(v3_reaches(SID_A, 0x5000, RAM));
	assert_int_equal(fault_read(&rig.guest, 1), 0);
	assert_int_equal(rig.guest.last.x[2], 0x5000);
	assert_false(v3_reaches(SID_A, 0x6000, RAM));
	assert_int_equal(fault_read(&rig.host, 1), HYPIOMMU_E_NOENT);
	assert_aborts(&rig, SID_A, 0x7000);
	assert_int_equal(fault_read(&rig.host, 0), 0);
	assert_int_equal(rig.host.last.x[2], 0x7000);
	v3_end(&rig);
}

/* Memory for tables and queues comes page by page: each time finalise says what
 * is missing, goes on where it was, and takes nothing twice. */
static uint64_t pool_used(struct rig *rig)
{
	struct hypiommu_pool_info info;

	assert_int_equal(hypiommu_pool_info(rig->m->h, &info), 0);
	return info.used;
}

static void test_memory_comes_slowly(void **state)
{
	(void)state;
	for (int two_level = 0; two_level < 2; two_level++) {
		uint64_t needed, pages = 0;
		struct rig rig;
		uint32_t d;
		int err;

		v3_start(&rig, two_level, 256);
		assert_int_equal(machine_finalise(rig.m), 0);
		needed = pool_used(&rig);
		v3_end(&rig);
		v3_start(&rig, two_level, 0);
		while ((err = machine_finalise(rig.m)) == HYPIOMMU_E_NOMEM) {
			assert_int_equal(alloc(&rig, 0, &d), HYPIOMMU_E_PHASE);
			assert_int_equal(
				machine_add_tables(
					rig.m, RAM + MiB + pages * PAGE, PAGE),
				0);
			pages++;
		}
		assert_int_equal(err, 0);
		assert_int_equal(pool_used(&rig), needed);
		assert_in_range(pages, needed, 2 * needed);
		assert_int_equal(machine_add_tables(rig.m, RAM, PAGE),
				 HYPIOMMU_E_PHASE);
		assert_false(v3_reaches(SID_A, 0, RAM));
		assert_aborts(&rig, SID_A, 0);
		v3_end(&rig);
	}
}

/* ----------------------------------------------------- classic MC-SMMU */

static struct sim_tegra_smmu *classic;

static uint64_t classic_read(uint32_t window, uint32_t offset,
			     unsigned int width, uint64_t value)
{
	return window == OTHER ? sim_tegra_smmu_read(classic, offset, width)
			       : value;
}

static bool classic_write(uint32_t window, uint32_t offset, unsigned int width,
			  uint64_t value)
{
	if (window == OTHER)
		sim_tegra_smmu_write(classic, offset, width, (uint32_t)value);
	return window == OTHER;
}

enum {
	GROUP = 7, /* the same number on both, of two clients each */
	OTHERS = 8,
};
static const struct hypiommu_tegra_swgroup first_groups[] = {
	{ GROUP, 0x240 }, { GROUP, 0x250 }, { OTHERS, 0x260 }
};
static const struct hypiommu_tegra_swgroup second_groups[] = {
	{ GROUP, 0x244 }, { GROUP, 0x254 }
};
static const struct sim_tegra_smmu_client first_clients[] = {
	{ 1, 0x240, 0x228, 1 }, { 2, 0x250, 0x228, 2 }, { 3, 0x260, 0x228, 3 }
};
static const struct sim_tegra_smmu_client second_clients[] = {
	{ 1, 0x244, 0x228, 1 }, { 2, 0x254, 0x228, 2 }
};
static const struct machine_client classic_streams[] = { { 1, 0, GROUP },
							 { 2, 0, GROUP },
							 { 3, 0, OTHERS } };
static const struct hypiommu_tegra_enable enables[] = { { 0x228, 1 },
							{ 0x228, 2 },
							{ 0x228, 3 } };
static const uint32_t classic_sids[] = { GROUP, OTHERS };

static const struct hypiommu_tegra_smmu_config second_config = {
	.window = OTHER,
	.base = OTHER_BASE,
	.size = PAGE,
	.asids = 4,
	.ptc_line = 32,
	.address_bits = 34,
	.swgroups = second_groups,
	.swgroup_count = COUNT(second_groups),
	.enables = enables,
	.enable_count = 2,
};

static void classic_start(struct rig *rig)
{
	struct machine_config *c = &rig->config;
	struct sim_tegra_smmu_config hw;

	rig_defaults(rig);
	c->kind = MACHINE_TEGRA_SMMU;
	c->limits.smmus = 2;
	c->sids = classic_sids;
	c->sid_count = COUNT(classic_sids);
	c->clients = classic_streams;
	c->client_count = COUNT(classic_streams);
	c->swgroups = first_groups;
	c->swgroup_count = COUNT(first_groups);
	c->limits.clients = COUNT(first_groups) + COUNT(second_groups);
	c->enables = enables;
	c->enable_count = COUNT(enables);
	c->tegra = (struct sim_tegra_smmu_config){
		.nr_asids = 4,
		.ptc_line = 32,
		.address_bits = 34,
		.clients = first_clients,
		.nr_clients = COUNT(first_clients),
	};
	c->table_pages = 0;
	c->stay_trusted = true;
	c->no_judge = true;
	rig_start(rig);
	hw = c->tegra;
	hw.mem = rig->m->mem;
	hw.clients = second_clients;
	hw.nr_clients = COUNT(second_clients);
	classic = sim_tegra_smmu_create(&hw);
	sim_tegra_smmu_on_report(classic, objection, NULL);
	tap_install(rig->m);
	tap.own = OTHER;
	tap.read = classic_read;
	tap.write = classic_write;
}

static bool classic_reaches(uint32_t client, uint64_t iova, uint64_t pa)
{
	const struct sim2_access a = { .id = client,
				       .iova = iova,
				       .write = true };
	uint64_t out = 0;

	sim_tegra_smmu_speculate(classic);
	return sim_tegra_smmu_translate(classic, &a, &out) == SIM2_DMA_OK &&
	       out == pa;
}

static void classic_end(struct rig *rig)
{
	rig_end(rig);
	sim_tegra_smmu_destroy(classic);
}

static void test_two_classic(void **state)
{
	struct rig rig;
	struct front *f = &rig.host;
	uint32_t first, second, smmu = 0;

	(void)state;
	classic_start(&rig);
	assert_int_equal(
		hypiommu_tegra_smmu_add(rig.m->h, &second_config, &smmu), 0);
	assert_int_equal(smmu, 1);
	assert_int_equal(hypiommu_add_stream(rig.m->h, 1, GROUP, HYPIOMMU_HOST),
			 0);
	/* A page for the empty directory of each. */
	for (uint64_t pages = 0; pages < 2; pages++) {
		assert_int_equal(machine_finalise(rig.m), HYPIOMMU_E_NOMEM);
		assert_int_equal(machine_add_tables(
					 rig.m, RAM + MiB + pages * PAGE, PAGE),
				 0);
	}
	assert_int_equal(machine_add_tables(rig.m, RAM + 2 * MiB, MiB), 0);
	assert_int_equal(machine_finalise(rig.m), 0);
	assert_int_equal(alloc(&rig, 0, &first), 0);
	assert_int_equal(alloc(&rig, 1, &second), 0);
	rig_map(&rig, first, 0, RAM, PAGE);
	rig_map(&rig, second, 0, RAM + 4 * MiB, PAGE);
	assert_int_equal(front_attach(f, 1, GROUP, second), 0);
	assert_true(classic_reaches(1, 0, RAM + 4 * MiB));
	assert_true(classic_reaches(2, 0, RAM + 4 * MiB));
	client_aborts(&rig, 1, 0);
	assert_int_equal(front_attach(f, 0, GROUP, first), 0);
	client_reaches(&rig, 1, 0, RAM);
	client_reaches(&rig, 2, 0, RAM);
	client_aborts(&rig, 3, 0);
	/* Power, one by one: a reset restores its own. */
	assert_int_equal(hypiommu_smmu_suspend(rig.m->h, 1), 0);
	assert_false(classic_reaches(1, 0, RAM + 4 * MiB));
	client_reaches(&rig, 1, 0, RAM);
	sim_tegra_smmu_power_cycle(classic);
	assert_int_equal(hypiommu_smmu_reset(rig.m->h, 1), 0);
	assert_true(classic_reaches(2, 0, RAM + 4 * MiB));
	assert_int_equal(machine_suspend(rig.m, 0), 0);
	client_aborts(&rig, 2, 0);
	assert_true(classic_reaches(1, 0, RAM + 4 * MiB));
	assert_int_equal(machine_reset(rig.m, 0), 0);
	client_reaches(&rig, 2, 0, RAM);
	assert_int_equal(front_detach(f, 1, GROUP, second), 0);
	assert_false(classic_reaches(1, 0, RAM + 4 * MiB));
	client_reaches(&rig, 1, 0, RAM);
	classic_end(&rig);
}

/* The second one is refused half way: the first one's SWGROUPs stay. */
static void test_second_classic_refused(void **state)
{
	const struct hypiommu_tegra_swgroup taken[] = { { GROUP, 0x244 },
							{ OTHERS, 0x260 } };
	struct hypiommu_tegra_smmu_config config = second_config;
	struct rig rig;
	uint32_t d, smmu = 77;

	(void)state;
	classic_start(&rig);
	config.swgroups = taken;
	assert_int_equal(hypiommu_tegra_smmu_add(rig.m->h, &config, &smmu),
			 HYPIOMMU_E_EXIST);
	assert_int_equal(smmu, 77);
	assert_int_equal(hypiommu_add_stream(rig.m->h, 1, GROUP, HYPIOMMU_HOST),
			 HYPIOMMU_E_NOENT);
	/* Its register is free again. */
	config = second_config;
	config.base += 0x10000;
	assert_int_equal(hypiommu_tegra_smmu_add(rig.m->h, &config, &smmu), 0);
	assert_int_equal(smmu, 1);
	assert_int_equal(machine_add_tables(rig.m, RAM + 2 * MiB, MiB), 0);
	assert_int_equal(machine_finalise(rig.m), 0);
	d = rig_domain(&rig, 1, OTHERS);
	rig_map(&rig, d, 0, RAM, PAGE);
	client_reaches(&rig, 3, 0, RAM);
	client_aborts(&rig, 1, 0);
	assert_false(classic_reaches(1, 0, RAM));
	classic_end(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_smmuv3),
		cmocka_unit_test(test_faults_of_two_smmuv3),
		cmocka_unit_test(test_memory_comes_slowly),
		cmocka_unit_test(test_two_classic),
		cmocka_unit_test(test_second_classic_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
