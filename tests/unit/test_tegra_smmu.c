// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The classic Tegra MC-SMMU: SWGROUPs, PTC before TLB, blocking by an empty
 * directory. DMA starts at a memory client.
 */
#include "rig.h"

#define PAGE 4096ull

/* Three SWGROUPs, one of two clients; one that no stream names. */
enum {
	DC = 1,
	AVP = 4,
	HDA = 21,
	STRAY = 15
};
static const uint32_t c_sids[] = { DC, AVP, HDA };
static const struct hypiommu_tegra_swgroup c_swgroups[] = {
	{ DC, 0x240 },
	{ AVP, 0x23c },
	{ STRAY, 0x288 },
	{ HDA, 0x254 },
};
static const struct hypiommu_tegra_enable c_enables[] = {
	{ 0x228, 1 }, { 0x228, 2 }, { 0x228, 21 }, { 0x228, 24 }, { 0x22c, 5 },
};
static const struct sim_tegra_smmu_client hw[] = {
	{ 0x01, 0x240, 0x228, 1 },  { 0x02, 0x240, 0x228, 2 },
	{ 0x15, 0x254, 0x228, 21 }, { 0x18, 0x23c, 0x228, 24 },
	{ 0x25, 0x288, 0x22c, 5 },
};
static const struct machine_client c_clients[] = {
	{ 0x01, 0, DC },
	{ 0x02, 0, DC },
	{ 0x15, 0, HDA },
	{ 0x18, 0, AVP },
};

/* Tegra30, 114, 124, 210. */
static const struct {
	unsigned int asids, line, bits;
} socs[] = { { 4, 16, 32 }, { 4, 32, 32 }, { 128, 32, 34 }, { 128, 64, 34 } };
#define SOCS (sizeof(socs) / sizeof(socs[0]))

static void c_config(struct rig *rig, size_t soc)
{
	struct machine_config *c = &rig->config;

	rig_defaults(rig);
	c->kind = MACHINE_TEGRA_SMMU;
	c->sids = c_sids;
	c->sid_count = 3;
	c->clients = c_clients;
	c->client_count = 4;
	c->swgroups = c_swgroups;
	c->swgroup_count = c->limits.clients = 4;
	c->enables = c_enables;
	c->enable_count = 5;
	c->tegra = (struct sim_tegra_smmu_config){
		.nr_asids = socs[soc].asids,
		.ptc_line = socs[soc].line,
		.address_bits = socs[soc].bits,
		.clients = hw,
		.nr_clients = 5,
	};
}

static void c_start(struct rig *rig, size_t soc)
{
	c_config(rig, soc);
	rig_start_low(rig);
}

static void test_blocked_until_attached(void **state)
{
	(void)state;
	for (size_t soc = 0; soc < SOCS; soc++) {
		struct rig rig;

		c_start(&rig, soc);
		for (size_t i = 0; i < 5; i++) {
			client_aborts(&rig, hw[i].id, 0);
			client_aborts(&rig, hw[i].id, RAM);
		}
		rig_end(&rig);
	}
}

/* high: its tables lie above 4 GiB. */
static void one_life(size_t soc, bool high)
{
	struct rig rig;
	struct front *f = &rig.host;
	uint32_t d, e;

	c_config(&rig, soc);
	if (high)
		rig_start(&rig);
	else
		rig_start_low(&rig);
	d = rig_domain(&rig, 1, DC);
	e = rig_domain(&rig, 1, HDA);
	for (uint64_t i = 0; i < 40; i++)
		rig_map(&rig, d, i * PAGE, RAM + (40 - i) * PAGE, PAGE);
	rig_map(&rig, e, 0, RAM + MiB, 4 * PAGE);
	client_reaches(&rig, 0x01, 3 * PAGE, RAM + 37 * PAGE);
	client_reaches(&rig, 0x02, 39 * PAGE, RAM + PAGE);
	client_reaches(&rig, 0x15, PAGE, RAM + MiB + PAGE);
	client_aborts(&rig, 0x25, 0);
	/* An unmapped page, remembered as nothing, then mapped. */
	rig.m->config.check = MACHINE_CHECK_OFF; /* no lucky fill */
	client_aborts(&rig, 0x15, 9 * PAGE);
	rig_map(&rig, e, 9 * PAGE, RAM + 2 * MiB, PAGE);
	client_reaches(&rig, 0x15, 9 * PAGE, RAM + 2 * MiB);
	rig.m->config.check = MACHINE_CHECK_STEPS;
	/* A directory entry in the middle of a line. */
	rig_map(&rig, e, 12 * MiB, RAM + 2 * MiB, PAGE);
	client_reaches(&rig, 0x15, 12 * MiB, RAM + 2 * MiB);
	rig_unmap(&rig, d, 0, 30 * PAGE);
	client_aborts(&rig, 0x01, 3 * PAGE);
	client_reaches(&rig, 0x01, 35 * PAGE, RAM + 5 * PAGE);
	/* The table goes, and is somebody else's. */
	rig_unmap(&rig, d, 30 * PAGE, 10 * PAGE);
	rig_map(&rig, e, 64 * MiB, RAM + 3 * MiB, PAGE);
	client_aborts(&rig, 0x01, 35 * PAGE);
	client_aborts(&rig, 0x01, 64 * MiB);
	assert_int_equal(front_detach(f, 0, HDA, e), 0);
	client_aborts(&rig, 0x15, PAGE);
	assert_int_equal(front_domain_free(f, e), 0);
	assert_int_equal(front_attach(f, 0, AVP, d), 0);
	rig_map(&rig, d, 0, RAM, PAGE);
	client_reaches(&rig, 0x18, 0, RAM);
	rig_end(&rig);
}

static void test_one_life(void **state)
{
	(void)state;
	for (size_t soc = 0; soc < SOCS; soc++) {
		one_life(soc, false);
		if (socs[soc].bits > 32)
			one_life(soc, true);
	}
}

/* The directory an ASID has, by the pair of registers. */
static uint32_t directory(struct rig *rig, uint32_t asid)
{
	sim_tegra_smmu_write(rig->m->tegra, 0x1c, 4, asid);
	return sim_tegra_smmu_read(rig->m->tegra, 0x20, 4);
}

/* It records no faults: there are none to forget. */
static void test_assign(void **state)
{
	struct rig rig;
	uint32_t d;

	(void)state;
	c_start(&rig, 0);
	assert_int_equal(machine_assign_stream(rig.m, DC, HYPIOMMU_HOST,
					       HYPIOMMU_GUEST(0)),
			 0);
	assert_int_equal(front_domain_alloc(&rig.host, 0, 1, &d), 0);
	assert_int_equal(front_attach(&rig.host, 0, DC, d), HYPIOMMU_E_PERM);
	assert_int_equal(
		front_call(&rig.guest, HYPIOMMU_HC_FAULT_READ, 0, 0, 0, 0, 0),
		HYPIOMMU_E_NOENT);
	rig_end(&rig);
}

static void test_freed_asid_has_the_empty_directory(void **state)
{
	struct rig rig;
	uint32_t d, other = 0;

	(void)state;
	c_start(&rig, 0);
	assert_int_equal(front_domain_alloc(&rig.host, 0, 1, &d), 0);
	for (uint32_t asid = 1; asid < 4; asid++)
		other += directory(&rig, asid) != directory(&rig, 0);
	assert_int_equal(other, 1);
	assert_int_equal(front_domain_free(&rig.host, d), 0);
	for (uint32_t asid = 1; asid < 4; asid++)
		assert_int_equal(directory(&rig, asid), directory(&rig, 0));
	rig_end(&rig);
}

static void test_asids_run_out(void **state)
{
	struct rig rig;
	uint32_t d, made = 0;

	(void)state;
	c_start(&rig, 0);
	while (!front_call(&rig.host, HYPIOMMU_HC_DOMAIN_ALLOC, 0, 1, 0, 0, 0))
		made++;
	/* One of four is the blocking one. */
	assert_int_equal(made, 3);
	assert_int_equal(front_domain_alloc(&rig.host, 0, 2, &d),
			 HYPIOMMU_E_UNSUPPORTED);
	rig_end(&rig);
}

/* Its tables are of one kind. */
static void test_kinds_of_domains(void **state)
{
	const uint64_t none[] = { 2, 1 | HYPIOMMU_GRANULE(14),
				  1 | HYPIOMMU_GRANULE(16),
				  1 | HYPIOMMU_CONTIGUOUS };
	struct rig rig;

	(void)state;
	c_start(&rig, 0);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(front_call(&rig.host, HYPIOMMU_HC_DOMAIN_ALLOC,
					    0, none[i], 0, 0, 0),
				 HYPIOMMU_E_UNSUPPORTED);
	assert_int_equal(front_call(&rig.host, HYPIOMMU_HC_DOMAIN_ALLOC, 0,
				    1 | HYPIOMMU_GRANULE(12), 0, 0, 0),
			 0);
	rig_end(&rig);
}

/* More lines and groups than are flushed one by one, in a table that stays. */
static void test_many_pages_at_once(void **state)
{
	struct rig rig;
	uint32_t d;

	(void)state;
	c_start(&rig, 1);
	d = rig_domain(&rig, 1, DC);
	rig_map(&rig, d, 0, RAM, 400 * PAGE);
	client_reaches(&rig, 0x01, 0, RAM);
	rig_unmap(&rig, d, PAGE, 300 * PAGE);
	client_reaches(&rig, 0x01, 0, RAM);
	client_aborts(&rig, 0x01, PAGE);
	client_aborts(&rig, 0x01, 300 * PAGE);
	client_reaches(&rig, 0x01, 301 * PAGE, RAM + 301 * PAGE);
	rig_end(&rig);
}

/* A number of 32 bits is one, to the last. */
static void test_the_highest_swgroup(void **state)
{
	static const uint32_t sids[] = { 7, ~0u };
	static const struct hypiommu_tegra_swgroup swgroups[] = {
		{ 7, 0x254 },
		{ ~0u, 0x240 },
	};
	static const struct machine_client clients[] = {
		{ 0x01, 0, ~0u },
		{ 0x02, 0, ~0u },
		{ 0x15, 0, 7 },
	};
	struct rig rig;
	uint32_t d;

	(void)state;
	c_config(&rig, 2);
	rig.config.sids = sids;
	rig.config.sid_count = 2;
	rig.config.swgroups = swgroups;
	rig.config.swgroup_count = 2;
	rig.config.clients = clients;
	rig.config.client_count = 3;
	rig.config.tegra.nr_clients = rig.config.enable_count = 3;
	rig_start_low(&rig);
	d = rig_domain(&rig, 1, ~0u);
	rig_map(&rig, d, 0, RAM, PAGE);
	client_reaches(&rig, 0x01, 0, RAM);
	client_aborts(&rig, 0x15, 0);
	rig_end(&rig);
}

static void test_power(void **state)
{
	struct rig rig;
	uint32_t d;

	(void)state;
	c_start(&rig, 2);
	d = rig_domain(&rig, 1, DC);
	rig_map(&rig, d, 0, RAM, PAGE);
	assert_int_equal(machine_suspend(rig.m, 0), 0);
	client_aborts(&rig, 0x01, 0);
	machine_power_lost(rig.m);
	assert_int_equal(machine_reset(rig.m, 0), 0);
	machine_light(rig.m);
	client_reaches(&rig, 0x01, 0, RAM);
	client_aborts(&rig, 0x25, 0);
	rig_end(&rig);
}

/* A SWGROUP that stays where it is, a client or the SMMU that does not go on
 * translating: DMA has not stopped. */
static void test_suspend_that_does_not_hold(void **state)
{
	static const struct sim2_mmio_faults ways[] = {
		{ .ignore_one = true, .ignore_offset = 0x240 },
		{ .ignore_writes = true },
		{ .dead = true },
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		const struct sim2_mmio_faults good = { 0 };
		struct rig rig;
		uint32_t d;

		c_start(&rig, 1);
		d = rig_domain(&rig, 1, DC);
		rig_map(&rig, d, 0, RAM, PAGE);
		sim_tegra_smmu_set_faults(rig.m->tegra, &ways[i]);
		assert_int_equal(machine_suspend(rig.m, 0), HYPIOMMU_E_HW);
		assert_pins(&rig, RAM, 1);
		sim_tegra_smmu_set_faults(rig.m->tegra, &good);
		assert_int_equal(machine_suspend(rig.m, 0), 0);
		client_aborts(&rig, 0x01, 0);
		assert_int_equal(machine_reset(rig.m, 0), 0);
		client_reaches(&rig, 0x01, 0, RAM);
		rig_end(&rig);
	}
}

static void test_hardware_that_does_not_hold(void **state)
{
	const struct sim2_mmio_faults deaf = { .ignore_one = true,
					       .ignore_offset = 0x240 };
	struct rig rig;
	uint32_t d;

	(void)state;
	c_start(&rig, 1);
	assert_int_equal(front_domain_alloc(&rig.host, 0, 1, &d), 0);
	sim_tegra_smmu_set_faults(rig.m->tegra, &deaf);
	assert_int_equal(front_attach(&rig.host, 0, DC, d), HYPIOMMU_E_HW);
	client_aborts(&rig, 0x01, 0);
	assert_int_equal(front_attach(&rig.host, 0, HDA, d), HYPIOMMU_E_BROKEN);
	rig_end(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocked_until_attached),
		cmocka_unit_test(test_one_life),
		cmocka_unit_test(test_assign),
		cmocka_unit_test(test_freed_asid_has_the_empty_directory),
		cmocka_unit_test(test_asids_run_out),
		cmocka_unit_test(test_kinds_of_domains),
		cmocka_unit_test(test_many_pages_at_once),
		cmocka_unit_test(test_the_highest_swgroup),
		cmocka_unit_test(test_power),
		cmocka_unit_test(test_suspend_that_does_not_hold),
		cmocka_unit_test(test_hardware_that_does_not_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
