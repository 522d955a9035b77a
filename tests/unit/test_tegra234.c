// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Tegra234: three SMMUs, two of them mirrored, behind a memory controller. All
 * DMA here starts at a memory client.
 */
#include <string.h>

#include "tap.h"

#define PAGE 4096ull

/* Masters: HDA (one client) and a two-client one on NISO0, display on ISO,
 * and SID 0x02 on NISO1 as well as on NISO0: spaces overlap. */
static const uint32_t t_sids[] = { 0x03, 0x02, 0x01, 0x02 };
static const uint32_t t_smmus[] = { NISO0, NISO0, ISO, NISO1 };

static const struct machine_client t_clients[] = {
	{ 0x15, NISO0, 0x03 }, { 0x7e, NISO0, 0x02 }, { 0x7f, NISO0, 0x02 },
	{ 0x40, ISO, 0x01 },   { 0x60, NISO1, 0x02 },
};

/* What hardware has: those, one nobody declares, one of the firmware's. */
#define STRAY 0x124u
#define BPMP  0x94u
static const struct sim_tegra_mc_client hw_clients[] = {
	{ .id = 0x15, .block = NISO0, .native_sid = 0x7f, .fw_sid = 0x7f },
	{ .id = 0x40, .block = ISO, .native_sid = 0x7f, .fw_sid = 0x7f },
	{ .id = 0x60, .block = NISO1, .native_sid = 0x7f, .fw_sid = 0x7f },
	{ .id = 0x7e, .block = NISO0, .native_sid = 0x7f, .fw_sid = 0x7f },
	{ .id = 0x7f, .block = NISO0, .native_sid = 0x33, .fw_sid = 0x05 },
	{ .id = BPMP,
	  .block = NISO1,
	  .native_sid = 0,
	  .fw_override = true,
	  .fw_locked = true,
	  .fw_sid = 0 },
	{ .id = STRAY, .block = NISO1, .native_sid = 0x7f, .fw_sid = 0x7f },
};

static const uint32_t t_firmware[] = { BPMP };

static void t_defaults(struct rig *rig)
{
	struct machine_config *c = &rig->config;

	rig_defaults(rig);
	machine_tegra234(c);
	c->sids = t_sids;
	c->sid_smmus = t_smmus;
	c->sid_count = 4;
	c->clients = t_clients;
	c->client_count = 5;
	c->firmware = t_firmware;
	c->firmware_count = 1;
	c->mc_clients = hw_clients;
	c->mc_client_count = sizeof(hw_clients) / sizeof(hw_clients[0]);
	c->limits.clients = 16;
	for (int i = 0; i < 3; i++)
		c->smmuv2[i].nr_smrg = 8;
}

static void check_all(struct rig *rig)
{
	sim_smmuv2_check_mirrors(rig->m->v2[NISO0]);
	sim_smmuv2_check_mirrors(rig->m->v2[NISO1]);
	sim_tegra_mc_check(rig->m->mc);
	assert_no_violation(rig);
}

static void all_abort(struct rig *rig)
{
	for (size_t i = 0; i < sizeof(hw_clients) / sizeof(hw_clients[0]); i++)
		client_aborts(rig, hw_clients[i].id, RAM);
}

static uint32_t attached(struct rig *rig, unsigned int stage, uint32_t smmu,
			 uint32_t sid)
{
	uint32_t d;

	assert_int_equal(front_domain_alloc(&rig->host, smmu, stage, &d), 0);
	assert_int_equal(front_attach(&rig->host, smmu, sid, d), 0);
	return d;
}

/* Take-over, too, is observed: who is stopped once stays so. */
static void test_default_deny(void **state)
{
	struct rig rig;

	(void)state;
	t_defaults(&rig);
	rig.config.watch_finalise = true;
	rig_start(&rig);
	all_abort(&rig);
	check_all(&rig);
	rig_end(&rig);
}

static void test_clients_follow_their_stream(void **state)
{
	for (unsigned int stage = 1; stage <= 2; stage++) {
		struct rig rig;
		struct front *f = &rig.host;
		uint32_t hda, two, far;

		(void)state;
		t_defaults(&rig);
		rig_start(&rig);
		hda = attached(&rig, stage, NISO0, 0x03);
		rig_map(&rig, hda, 0, RAM, 4 * PAGE);
		two = attached(&rig, stage, NISO0, 0x02);
		rig_map(&rig, two, 0, RAM + MiB, 2 * PAGE);
		client_reaches(&rig, 0x15, 0, RAM);
		client_reaches(&rig, 0x15, PAGE, RAM + PAGE);
		client_reaches(&rig, 0x7e, PAGE, RAM + MiB + PAGE);
		client_reaches(&rig, 0x7f, 0, RAM + MiB);
		/* The same SID on another SMMU is another stream. */
		client_aborts(&rig, 0x60, 0);
		check_all(&rig);
		far = attached(&rig, stage, NISO1, 0x02);
		rig_map(&rig, far, 0, RAM + 2 * MiB, PAGE);
		client_reaches(&rig, 0x60, 0, RAM + 2 * MiB);
		client_aborts(&rig, STRAY, 0);
		assert_int_equal(front_attach(f, NISO1, 0x02, hda),
				 HYPIOMMU_E_INVAL);
		rig_unmap(&rig, two, 0, PAGE);
		client_aborts(&rig, 0x7e, 0);
		client_reaches(&rig, 0x7f, PAGE, RAM + MiB + PAGE);
		assert_int_equal(front_detach(f, NISO0, 0x02, two), 0);
		client_aborts(&rig, 0x7e, PAGE);
		client_aborts(&rig, 0x7f, PAGE);
		client_reaches(&rig, 0x60, 0, RAM + 2 * MiB);
		check_all(&rig);
		assert_int_equal(front_domain_free(f, two), 0);
		/* Its bank, for somebody else. */
		two = attached(&rig, 3 - stage, NISO0, 0x02);
		client_aborts(&rig, 0x7e, PAGE);
		rig_map(&rig, two, 0, RAM + 3 * MiB, PAGE);
		client_reaches(&rig, 0x7e, 0, RAM + 3 * MiB);
		check_all(&rig);
		rig_end(&rig);
	}
}

/* The walk-cache erratum: pages only, tables go with the whole context. */
static void test_walk_cache_erratum(void **state)
{
	struct rig rig;
	struct front *f = &rig.host;
	uint32_t d;

	(void)state;
	t_defaults(&rig);
	rig.config.check = MACHINE_CHECK_CALLS;
	rig_start(&rig);
	d = attached(&rig, 1, NISO0, 0x03);
	assert_int_equal(front_call(f, HYPIOMMU_HC_MAP_PAGES, d, 4 * MiB,
				    RAM + 4 * MiB, 2 * MiB, RW),
			 0);
	while (!front_call(f, HYPIOMMU_HC_MEM_GIVEBACK, HYPIOMMU_ANY_PAGE, 0, 0,
			   0, 0))
		;
	/* No block to split: no table page is asked for. */
	rig_unmap(&rig, d, 5 * MiB, PAGE);
	rig_unmap(&rig, d, 4 * MiB, MiB);
	rig_unmap(&rig, d, 5 * MiB + PAGE, MiB - 2 * PAGE);
	/* One page, by address, and its tables go. */
	client_reaches(&rig, 0x15, 6 * MiB - PAGE, RAM + 6 * MiB - PAGE);
	rig_unmap(&rig, d, 6 * MiB - PAGE, PAGE);
	client_aborts(&rig, 0x15, 4 * MiB);
	/* The tables are used again elsewhere; no stale pointer leads there. */
	rig_map(&rig, d, 1ull << 32, RAM, PAGE);
	client_reaches(&rig, 0x15, 1ull << 32, RAM);
	for (uint64_t at = 0; at < 8 * MiB; at += 2 * MiB)
		client_aborts(&rig, 0x15, at);
	check_all(&rig);
	rig_end(&rig);
}

/* Streams and clients stay what they are while their overrides are written. */
static void under_the_attach_lock(struct machine *m, enum machine_step step,
				  void *ctx)
{
	unsigned int *looks = ctx;

	(void)step;
	assert_int_equal(m->boot_locks.count, 1);
	assert_int_equal(m->boot_locks.held[0].class, LOCK_ATTACH);
	++*looks;
}

/* Suspend loses every override; resume writes them again, mirrors too. */
static void test_resume_rewrites_everything(void **state)
{
	unsigned int looks = 0;
	struct rig rig;
	uint32_t d;

	(void)state;
	t_defaults(&rig);
	rig_start(&rig);
	d = attached(&rig, 2, NISO0, 0x02);
	rig_map(&rig, d, 0, RAM, 2 * PAGE);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(machine_suspend(rig.m, i), 0);
	client_aborts(&rig, 0x7e, 0);
	machine_power_lost(rig.m);
	machine_on_step(rig.m, under_the_attach_lock, &looks);
	assert_int_equal(hypiommu_tegra234_mc_resume(rig.m->h), 0);
	machine_on_step(rig.m, NULL, NULL);
	assert_true(looks > 0x1000);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(machine_reset(rig.m, i), 0);
	machine_light(rig.m);
	check_all(&rig);
	client_reaches(&rig, 0x7e, PAGE, RAM + PAGE);
	client_aborts(&rig, 0x15, 0);
	client_aborts(&rig, STRAY, 0);
	rig_end(&rig);
}

/* Two SMMUs, a domain of each in the bank of the same number: what a reset
 * programs is of its own. */
static void test_reset_of_one(void **state)
{
	struct rig rig;
	uint32_t one, other;

	(void)state;
	t_defaults(&rig);
	rig_start(&rig);
	one = attached(&rig, 1, NISO0, 0x02);
	other = attached(&rig, 1, NISO1, 0x02);
	assert_int_equal(rig.m->h->domains[one].hw_id,
			 rig.m->h->domains[other].hw_id);
	rig_map(&rig, one, 0, RAM, 2 * PAGE);
	rig_map(&rig, other, 0, RAM + MiB, 2 * PAGE);
	for (uint32_t i = 0; i < 2; i++) {
		assert_int_equal(machine_suspend(rig.m, i ? NISO1 : NISO0), 0);
		assert_int_equal(machine_reset(rig.m, i ? NISO1 : NISO0), 0);
		check_all(&rig);
		client_reaches(&rig, 0x7e, PAGE, RAM + PAGE);
		client_reaches(&rig, 0x60, PAGE, RAM + MiB + PAGE);
	}
	rig_end(&rig);
}

/* Firmware that locked a client where EL2 cannot move it. */
static void test_firmware_locks(void **state)
{
	const struct {
		bool override, locked;
		uint8_t sid;
		const char *error;
	} cases[] = {
		{ true, true, 0x7f, "finalise: HW" },
		{ false, true, 0x00, "finalise: HW" },
		{ true, true, 0x05, "finalise: HW" },
		{ true, true, 0x00, "" },
		{ true, false, 0x7f, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sim_tegra_mc_client hw[7];
		struct machine *m;
		struct rig rig;

		t_defaults(&rig);
		memcpy(hw, hw_clients, sizeof(hw));
		hw[6].fw_override = cases[i].override;
		hw[6].fw_locked = cases[i].locked;
		hw[6].fw_sid = cases[i].sid;
		rig.config.mc_clients = hw;
		rig.config.check = MACHINE_CHECK_OFF;
		m = machine_create(&rig.config);
		assert_non_null(m);
		assert_string_equal(m->error, cases[i].error);
		machine_destroy(m);
	}
}

/* The stream ID of client 0x15 changes when its override is switched on: what
 * was read before that says nothing. */
static bool switched_on;

static bool switches_on(uint32_t window, uint32_t offset, unsigned int width,
			uint64_t value)
{
	(void)width;
	if (window == 1 && offset == 0x15 * 8)
		switched_on = false;
	if (window == 1 && offset == 0x15 * 8 + 4)
		switched_on = value >> 8 & 1;
	return false;
}

static uint64_t another_sid(uint32_t window, uint32_t offset,
			    unsigned int width, uint64_t value)
{
	(void)width;
	return window == 1 && offset == 0x15 * 8 && switched_on ? value ^ 0x40
								: value;
}

static void test_a_stream_id_that_changes(void **state)
{
	struct rig rig;

	(void)state;
	t_defaults(&rig);
	rig.config.stay_trusted = true;
	rig_start(&rig);
	tap_install(rig.m);
	tap.write = switches_on;
	tap.read = another_sid;
	switched_on = false;
	assert_int_equal(machine_finalise(rig.m), HYPIOMMU_E_HW);
	assert_true(switched_on);
	machine_destroy(rig.m);
}

/* What nobody has cannot be locked. */
static uint64_t no_locks(uint32_t window, uint32_t offset, unsigned int width,
			 uint64_t value)
{
	(void)width;
	return window == 1 && offset % 8 == 4 ? value & ~(1ull << 16) : value;
}

static void test_a_lock_that_does_not_hold(void **state)
{
	struct rig rig;

	(void)state;
	t_defaults(&rig);
	rig.config.stay_trusted = true;
	rig_start(&rig);
	tap_install(rig.m);
	tap.read = no_locks;
	assert_int_equal(machine_finalise(rig.m), HYPIOMMU_E_HW);
	all_abort(&rig);
	tap.read = NULL;
	assert_int_equal(machine_finalise(rig.m), 0);
	all_abort(&rig);
	check_all(&rig);
	rig_end(&rig);
}

/* One register on the way that does not take what is written: SMR and S2CR 0 of
 * either frame, the override of either client. */
static const struct {
	int frame; /* or the MC */
	uint32_t offset;
} deaf[] = {
	{ 0, 0x800 }, { 1, 0x800 },	{ 0, 0xc00 },
	{ 1, 0xc00 }, { -1, 0x7e * 8 }, { -1, 0x7f * 8 },
};
#define DEAF (sizeof(deaf) / sizeof(deaf[0]))

static void make_deaf(struct rig *rig, size_t i, bool on)
{
	const struct sim2_mmio_faults faults = {
		.ignore_one = on,
		.ignore_offset = deaf[i].offset,
	};
	const struct sim_smmuv2_faults smmu = { .mmio = faults };

	if (deaf[i].frame < 0)
		sim_tegra_mc_set_faults(rig->m->mc, &faults);
	else
		sim_smmuv2_set_faults(rig->m->v2[NISO0],
				      (unsigned int)deaf[i].frame, &smmu);
}

/* Both clients are stopped, the SMMU is broken; good again, nothing was lost:
 * bank, match entry and pages come free. */
static void recovers(struct rig *rig, size_t i, uint32_t d)
{
	struct front *f = &rig->host;

	client_aborts(rig, 0x7e, 0);
	client_aborts(rig, 0x7f, 0);
	assert_int_equal(front_attach(f, NISO0, 0x03, d), HYPIOMMU_E_BROKEN);
	assert_pins(rig, RAM, 1);
	make_deaf(rig, i, false);
	assert_int_equal(machine_reset(rig->m, NISO0), 0);
	assert_int_equal(front_detach(f, NISO0, 0x02, d), 0);
	client_aborts(rig, 0x7e, 0);
	assert_int_equal(front_domain_free(f, d), 0);
	assert_pins(rig, RAM, 0);
	for (int k = 0; k < 8; k++)
		assert_int_equal(front_domain_alloc(f, NISO0, 1, &d), 0);
	assert_int_equal(front_attach(f, NISO0, 0x02, d), 0);
	check_all(rig);
}

static void test_failure_at_any_step(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * DEAF; i++) {
		bool attaching = i < DEAF;
		struct rig rig;
		struct front *f = &rig.host;
		uint32_t d;

		t_defaults(&rig);
		rig_start(&rig);
		assert_int_equal(front_domain_alloc(f, NISO0, 1, &d), 0);
		rig_map(&rig, d, 0, RAM, PAGE);
		if (attaching)
			make_deaf(&rig, i % DEAF, true);
		assert_int_equal(front_attach(f, NISO0, 0x02, d),
				 attaching ? HYPIOMMU_E_HW : 0);
		if (!attaching) {
			make_deaf(&rig, i % DEAF, true);
			assert_int_equal(front_detach(f, NISO0, 0x02, d),
					 HYPIOMMU_E_HW);
		}
		recovers(&rig, i % DEAF, d);
		rig_end(&rig);
	}
}

static void test_declarations_are_checked(void **state)
{
	struct hypiommu_tegra234_mc_config mc = { .base = 0x02c00000,
						  .size = 0x10000 };
	struct hypiommu *h;
	struct rig rig;

	(void)state;
	t_defaults(&rig);
	rig.config.stay_trusted = true;
	rig_start(&rig);
	h = rig.m->h;
	assert_int_equal(hypiommu_tegra234_mc_add(h, &mc), HYPIOMMU_E_EXIST);
	assert_int_equal(hypiommu_tegra234_add_client(h, 1, NISO0, 0),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(hypiommu_tegra234_add_client(h, 1, NISO0, 0x7f),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(hypiommu_tegra234_add_client(h, 1, NISO0, 0x44),
			 HYPIOMMU_E_NOENT);
	assert_int_equal(hypiommu_tegra234_add_client(h, 0x15, NISO0, 2),
			 HYPIOMMU_E_EXIST);
	assert_int_equal(hypiommu_tegra234_add_client(h, 0x2000, NISO0, 2),
			 HYPIOMMU_E_INVAL);
	/* Streams alike outside the mask would match twice; 0 denies. */
	assert_int_equal(hypiommu_add_stream(h, NISO0, 0, 0), HYPIOMMU_E_INVAL);
	assert_int_equal(hypiommu_add_stream(h, NISO0, 0x83, 0),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(hypiommu_add_stream(h, NISO1, 0x03, 0), 0);
	/* Register frames of all three are beyond anybody's reach. */
	assert_int_equal(hypiommu_finalise(h), 0);
	check_all(&rig);
	rig_end(&rig);
}

/* Clients are denied by stream ID 0: on no SMMU may that be somebody. */
static void test_nobody_is_denied_into_a_stream(void **state)
{
	(void)state;
	for (uint32_t smmu = 0; smmu < 3; smmu++) {
		struct machine *m;
		struct rig rig;

		t_defaults(&rig);
		rig.config.whole_sids = true;
		rig.config.stay_trusted = true;
		rig.config.check = MACHINE_CHECK_OFF;
		m = machine_create(&rig.config);
		assert_non_null(m);
		assert_int_equal(hypiommu_add_stream(m->h, smmu, 0, 0), 0);
		assert_int_equal(hypiommu_finalise(m->h), HYPIOMMU_E_INVAL);
		machine_destroy(m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default_deny),
		cmocka_unit_test(test_clients_follow_their_stream),
		cmocka_unit_test(test_walk_cache_erratum),
		cmocka_unit_test(test_resume_rewrites_everything),
		cmocka_unit_test(test_reset_of_one),
		cmocka_unit_test(test_firmware_locks),
		cmocka_unit_test(test_a_stream_id_that_changes),
		cmocka_unit_test(test_a_lock_that_does_not_hold),
		cmocka_unit_test(test_failure_at_any_step),
		cmocka_unit_test(test_declarations_are_checked),
		cmocka_unit_test(test_nobody_is_denied_into_a_stream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
