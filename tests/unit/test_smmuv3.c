// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The SMMUv3 backend against the simulated hardware, good and bad. */
#include <string.h>

#include "rig.h"

#define PAGE 4096ull

/* Register offsets, IHI 0070 6.1, typed again. */
#define IDR0 0x0
#define IDR1 0x4
#define IDR5 0x14
#define CR0  0x20
#define GBPA 0x44

static void refused(const struct machine_config *config, const char *why)
{
	struct machine *m = machine_create(config);

	assert_non_null(m);
	assert_null(m->h);
	assert_string_equal(m->error, why);
	machine_destroy(m);
}

/* ----------------------------------------------------------- identification */

static void test_id_registers_are_bounded(void **state)
{
	/* A good machine's IDR0, IDR1, IDR5; one field made wrong at a time. */
	const uint32_t idr0 = 2u << 21 | 1u << 27 | 1u << 26 | 1u << 18 |
			      1u << 12 | 1u << 4 | 2u << 2 | 3u;
	const uint32_t idr1 = 8u << 21 | 7u << 16 | 16u;
	const uint32_t idr5 = 1u << 4 | 4u;
	const struct {
		uint32_t reg, value;
		int err;
	} cases[] = {
		{ IDR0, idr0, 0 },
		{ IDR0, idr0 & ~3u, HYPIOMMU_E_HW },
		{ IDR0, idr0 & ~(3u << 2), HYPIOMMU_E_HW },
		{ IDR0, (idr0 & ~(3u << 2)) | 1u << 2, HYPIOMMU_E_UNSUPPORTED },
		{ IDR0, idr0 | 3u << 21, HYPIOMMU_E_UNSUPPORTED },
		{ IDR0, (idr0 & ~(3u << 21)) | 1u << 21, HYPIOMMU_E_HW },
		{ IDR0, idr0 | 2u << 24, HYPIOMMU_E_UNSUPPORTED },
		{ IDR0, idr0 | 3u << 24, HYPIOMMU_E_HW },
		{ IDR0, idr0 | 3u << 27, HYPIOMMU_E_HW },
		{ IDR1, idr1, 0 },
		{ IDR1, (idr1 & ~63u) | 33, HYPIOMMU_E_HW },
		{ IDR1, (idr1 & ~(31u << 21)) | 20u << 21, HYPIOMMU_E_HW },
		{ IDR1, idr1 & ~(31u << 21), HYPIOMMU_E_UNSUPPORTED },
		{ IDR1, (idr1 & ~(31u << 16)) | 20u << 16, HYPIOMMU_E_HW },
		{ IDR1, idr1 & ~(31u << 16), HYPIOMMU_E_UNSUPPORTED },
		{ IDR1, idr1 | 1u << 28, HYPIOMMU_E_UNSUPPORTED },
		{ IDR1, idr1 | 1u << 29, HYPIOMMU_E_UNSUPPORTED },
		{ IDR1, idr1 | 1u << 30, HYPIOMMU_E_UNSUPPORTED },
		{ IDR5, idr5, 0 },
		{ IDR5, idr5 & ~(1u << 4), HYPIOMMU_E_UNSUPPORTED },
		{ IDR5, (idr5 & ~(1u << 4)) | 1u << 6, 0 },
		{ IDR5, (idr5 & ~7u) | 7, HYPIOMMU_E_HW },
		{ IDR5, idr5 | 2u << 10, HYPIOMMU_E_HW },
		{ IDR0, ~0u, HYPIOMMU_E_HW },
		{ IDR1, ~0u, HYPIOMMU_E_HW },
		{ IDR5, ~0u, HYPIOMMU_E_HW },
		{ IDR0, 0, HYPIOMMU_E_HW },
		{ IDR1, 0, HYPIOMMU_E_UNSUPPORTED },
		{ IDR5, 0, HYPIOMMU_E_UNSUPPORTED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct hypiommu_smmuv3_config config = {
			.base = 0x0b000000,
			.size = 0x20000,
		};
		struct rig rig;
		uint32_t smmu;

		rig_defaults(&rig);
		rig.config.stay_trusted = true;
		rig.config.limits.smmus = 2;
		rig_start(&rig);
		sim_smmuv3_override_reg(rig.m->smmu, cases[i].reg, true,
					cases[i].value);
		assert_int_equal(hypiommu_smmuv3_add(rig.m->h, &config, &smmu),
				 cases[i].err);
		rig_end(&rig);
	}
}

static void test_config_is_checked(void **state)
{
	const struct hypiommu_smmuv3_config bad[] = {
		{ .base = 0x0b001000, .size = 0x20000 },
		{ .base = 0x0b000000, .size = 0x10000 },
		{ .base = 0x0b000000, .size = 0x20000, .cmdq_log2 = 2 },
		{ .base = 0x0b000000, .size = 0x20000, .cmdq_log2 = 13 },
		{ .base = 0x0b000000, .size = 0x20000, .evtq_log2 = 1 },
		{ .base = 0x0b000000, .size = 0x20000, .evtq_log2 = 12 },
		{ .base = 0x0b000000, .size = 0x20000, .timeout_us = 1u << 30 },
	};
	const struct hypiommu_smmuv3_config in_ram = { .base = RAM,
						       .size = 0x20000 };
	struct rig rig;
	uint32_t smmu;

	(void)state;
	rig_defaults(&rig);
	rig.config.stay_trusted = true;
	rig.config.limits.smmus = 2;
	rig_start(&rig);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(hypiommu_smmuv3_add(rig.m->h, &bad[i], &smmu),
				 HYPIOMMU_E_INVAL);
	assert_int_equal(hypiommu_smmuv3_add(rig.m->h, NULL, &smmu),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(hypiommu_smmuv3_add(rig.m->h, &in_ram, &smmu),
			 HYPIOMMU_E_EXIST);
	/* Streams beyond the stream ID size, and twice. */
	assert_int_equal(hypiommu_add_stream(rig.m->h, 0, 1u << 16, 0),
			 HYPIOMMU_E_RANGE);
	assert_int_equal(hypiommu_add_stream(rig.m->h, 0, SID_A, 0),
			 HYPIOMMU_E_EXIST);
	assert_int_equal(hypiommu_add_stream(rig.m->h, 1, SID_A, 0),
			 HYPIOMMU_E_NOENT);
	assert_int_equal(hypiommu_add_stream(rig.m->h, 0, 1, 128),
			 HYPIOMMU_E_INVAL);
	rig_end(&rig);
}

/* ------------------------------------------------------ no window of bypass */

/* Firmware left the SMMU in bypass; from add to the end of finalise the
 * observer looks after every access (it would report any bypass). */
static void test_takeover_has_no_bypass(void **state)
{
	struct rig rig;
	uint64_t pa;

	(void)state;
	rig_defaults(&rig);
	rig.config.check = MACHINE_CHECK_STEPS;
	rig.config.smmu.enabled_bypass = true;
	rig.config.stay_trusted = true;
	rig_start(&rig);
	/* Declared: blocked by GBPA.ABORT, disabled. */
	assert_int_equal(sim_smmuv3_read(rig.m->smmu, CR0, 4), 0);
	assert_int_equal(sim_smmuv3_read(rig.m->smmu, GBPA, 4) >> 20 & 1, 1);
	for (uint32_t sid = 0; sid < 600; sid++)
		assert_int_equal(machine_translate(rig.m, sid, RAM, true, &pa),
				 SIM_DMA_ABORT);
	assert_int_equal(machine_finalise(rig.m), 0);
	for (uint32_t sid = 0; sid < 600; sid++)
		assert_int_equal(machine_translate(rig.m, sid, RAM, true, &pa),
				 SIM_DMA_ABORT);
	/* No MSI address survived: GERROR, EVENTQ. */
	assert_int_equal(sim_smmuv3_read(rig.m->smmu, 0x68, 8), 0);
	assert_int_equal(sim_smmuv3_read(rig.m->smmu, 0xb0, 8), 0);
	assert_true(rig.m->stats.checks > 20);
	rig_end(&rig);
}

static void test_all_features_on(void **state)
{
	struct rig rig;
	uint32_t d;

	(void)state;
	rig_defaults(&rig);
	rig.config.smmu.hyp = true;
	rig.config.smmu.ats = true;
	rig.config.smmu.pri = true;
	rig.config.smmu.gran16k = rig.config.smmu.gran64k = true;
	rig.config.smmu.ssid_bits = 8;
	rig.config.smmu.oas = 52;
	rig_start(&rig);
	/* ATSCHK on, PRIQEN off. */
	assert_int_equal(sim_smmuv3_read(rig.m->smmu, CR0, 4), 0x1d);
	d = rig_domain(&rig, 1, SID_A);
	rig_map(&rig, d, 0, RAM, PAGE);
	assert_reaches(&rig, SID_A, 0, RAM);
	rig_unmap(&rig, d, 0, PAGE);
	rig_end(&rig);
}

/* A machine with every shape of tables, queues and walks, one life each. */
static void one_life(struct rig *rig)
{
	for (unsigned int stage = 1; stage <= 2; stage++) {
		uint32_t d;

		d = rig_domain(rig, stage, SID_A);
		for (uint64_t i = 0; i < 40; i++)
			rig_map(rig, d, i * PAGE, RAM + (40 - i) * PAGE, PAGE);
		rig_map(rig, d, 4 * MiB, RAM + 4 * MiB, 2 * MiB);
		assert_reaches(rig, SID_A, 5 * PAGE, RAM + 35 * PAGE);
		assert_reaches(rig, SID_A, 4 * MiB, RAM + 4 * MiB);
		rig_unmap(rig, d, 0, 35 * PAGE);
		assert_aborts(rig, SID_A, 5 * PAGE);
		assert_reaches(rig, SID_A, 38 * PAGE, RAM + 2 * PAGE);
		assert_int_equal(front_detach(&rig->host, 0, SID_A, d), 0);
		assert_aborts(rig, SID_A, 38 * PAGE);
		assert_int_equal(front_domain_free(&rig->host, d), 0);
		assert_pins(rig, RAM + 2 * PAGE, 0);
	}
}

static void test_shapes_of_hardware(void **state)
{
	(void)state;
	for (unsigned int bits = 0; bits < 64; bits++) {
		const unsigned int oas[] = { 32, 36, 40, 42, 44, 48, 52, 44 };
		struct rig rig;

		rig_defaults(&rig);
		rig.config.smmu.range_inval = bits & 1;
		rig.config.smmu.coherent = bits & 2;
		rig.config.smmu.two_level = bits & 4;
		rig.config.smmu.oas = oas[bits >> 3];
		if (rig.config.smmu.oas == 32)
			rig.config.smmu.oas = 36; /* donor memory is above */
		rig.config.smmu.cmdq_log2 = 1 + bits % 3 * 2;
		rig.config.table_pages = 1024; /* a 1 MiB linear table */
		rig.config.check = bits % 8 == 3 ? MACHINE_CHECK_STEPS
						 : MACHINE_CHECK_CALLS;
		rig_start(&rig);
		one_life(&rig);
		rig_end(&rig);
	}
}

/* Two levels of stream table and one say the same of every stream. */
static void test_large_stream_ids(void **state)
{
	static const uint32_t far[] = { 0, 255, 256, 0x3fffff };
	struct rig rig;
	uint64_t pa;

	(void)state;
	rig_defaults(&rig);
	rig.config.smmu.sid_bits = 22;
	rig.config.sids = far;
	rig.config.sid_count = 4;
	rig_start(&rig);
	for (uint64_t i = 0; i < 4; i++) {
		uint32_t d = rig_domain(&rig, 2, far[i]);

		rig_map(&rig, d, 0, RAM + i * PAGE, PAGE);
	}
	for (uint64_t i = 0; i < 4; i++)
		assert_reaches(&rig, far[i], 0, RAM + i * PAGE);
	assert_int_equal(machine_translate(rig.m, 0x3ffffe, 0, true, &pa),
			 SIM_DMA_ABORT);
	assert_int_equal(machine_translate(rig.m, 0x10000, 0, true, &pa),
			 SIM_DMA_ABORT);
	rig_end(&rig);
	/* One level cannot: 2^22 STEs are 256 MiB. */
	rig_defaults(&rig);
	rig.config.smmu.sid_bits = 22;
	rig.config.smmu.two_level = false;
	rig.config.sids = far;
	rig.config.sid_count = 4;
	refused(&rig.config, "finalise: UNSUPPORTED");
}

/* ------------------------------------------------------------ bad hardware */

static void test_hardware_that_cannot_deny_is_refused(void **state)
{
	const struct hypiommu_smmuv3_config config = { .base = 0x0b000000,
						       .size = 0x20000 };
	const struct sim_smmuv3_faults faults[] = {
		{ .gbpa_no_stick = true },
		{ .dead = true },
	};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct rig rig;
		uint32_t smmu;

		rig_defaults(&rig);
		rig.config.stay_trusted = true;
		rig.config.limits.smmus = 2;
		rig_start(&rig);
		sim_smmuv3_power_cycle(rig.m->smmu);
		sim_smmuv3_set_faults(rig.m->smmu, &faults[i]);
		rig.m->armed = false;
		rig.config.check = MACHINE_CHECK_OFF;
		assert_int_equal(hypiommu_smmuv3_add(rig.m->h, &config, &smmu),
				 HYPIOMMU_E_HW);
		front_fini(&rig.host);
		machine_destroy(rig.m);
	}
}

static void test_finalise_fails_closed(void **state)
{
	const struct sim_smmuv3_faults faults[] = {
		{ .cr0_no_ack = true },
		{ .cmdq_stalled = true },
		{ .sync_never = true },
	};

	(void)state;
	for (int i = 0; i < 3; i++) {
		const struct sim_smmuv3_faults good = { 0 };
		struct hypiommu_regs r = { .x = { HYPIOMMU_HC_INFO } };
		struct rig rig;
		uint64_t pa;
		uint32_t d;

		rig_defaults(&rig);
		rig.config.stay_trusted = true;
		rig_start(&rig);
		sim_smmuv3_set_faults(rig.m->smmu, &faults[i]);
		assert_int_equal(machine_finalise(rig.m), HYPIOMMU_E_TIMEOUT);
		assert_int_equal(
			machine_translate(rig.m, SID_A, RAM, true, &pa),
			SIM_DMA_ABORT);
		machine_hcall(rig.m, HYPIOMMU_HOST, &r);
		assert_int_equal((int)(int64_t)r.x[0], HYPIOMMU_E_PHASE);
		/* What has failed is done when it is tried again. */
		sim_smmuv3_set_faults(rig.m->smmu, &good);
		assert_int_equal(machine_finalise(rig.m), 0);
		d = rig_domain(&rig, 1, SID_A);
		rig_map(&rig, d, 0, RAM, PAGE);
		assert_reaches(&rig, SID_A, 0, RAM);
		rig_end(&rig);
	}
}

/* An invalidation that never completes: pages stay pinned, streams abort, every
 * later call says so; a reset heals and iotlb_sync finishes what was left. */
static void test_timeout_poisons(void **state)
{
	for (unsigned int stage = 1; stage <= 2; stage++) {
		const struct sim_smmuv3_faults stuck = { .sync_never = true };
		const struct sim_smmuv3_faults none = { 0 };
		struct rig rig;
		struct front *f = &rig.host;
		uint64_t n;
		uint32_t d, d2;

		(void)state;
		rig_make(&rig);
		d = rig_domain(&rig, stage, SID_A);
		rig_map(&rig, d, 0, RAM, 4 * PAGE);
		sim_smmuv3_set_faults(rig.m->smmu, &stuck);
		assert_int_equal(front_call(f, HYPIOMMU_HC_UNMAP_PAGES, d, 0,
					    2 * PAGE, 0, 0),
				 HYPIOMMU_E_TIMEOUT);
		assert_int_equal(f->last.x[1], 2 * PAGE);
		assert_pins(&rig, RAM, 1);
		assert_int_equal(machine_donate(rig.m, HYPIOMMU_HOST,
						HYPIOMMU_GUEST(0), RAM, PAGE),
				 HYPIOMMU_E_BUSY);
		assert_aborts(&rig, SID_A, 0);
		assert_aborts(&rig, SID_A, 3 * PAGE);
		assert_int_equal(rig.m->stats.notices[HYPIOMMU_NOTICE_BROKEN],
				 1);
		assert_int_equal(front_map(f, d, MiB, RAM, PAGE, RW, &n),
				 HYPIOMMU_E_BROKEN);
		assert_int_equal(front_unmap(f, d, 0, PAGE, &n),
				 HYPIOMMU_E_BROKEN);
		assert_int_equal(front_attach(f, 0, SID_B, d),
				 HYPIOMMU_E_BROKEN);
		assert_int_equal(front_detach(f, 0, SID_A, d),
				 HYPIOMMU_E_BROKEN);
		assert_int_equal(front_domain_alloc(f, 0, stage, &d2),
				 HYPIOMMU_E_BROKEN);
		assert_int_equal(
			front_call(f, HYPIOMMU_HC_IOTLB_SYNC, d, 0, 0, 0, 0),
			HYPIOMMU_E_BROKEN);
		assert_int_equal(
			front_call(f, HYPIOMMU_HC_FAULT_READ, 0, 0, 0, 0, 0),
			HYPIOMMU_E_BROKEN);
		/* A reset that fails leaves it broken. */
		assert_int_equal(machine_reset(rig.m, 0), HYPIOMMU_E_TIMEOUT);
		assert_aborts(&rig, SID_A, 3 * PAGE);
		sim_smmuv3_set_faults(rig.m->smmu, &none);
		assert_int_equal(machine_reset(rig.m, 0), 0);
		/* Unfinished business first. */
		assert_int_equal(front_map(f, d, MiB, RAM, PAGE, RW, &n),
				 HYPIOMMU_E_AGAIN);
		assert_int_equal(front_attach(f, 0, SID_B, d),
				 HYPIOMMU_E_AGAIN);
		assert_int_equal(
			front_call(f, HYPIOMMU_HC_IOTLB_SYNC, d, 0, 0, 0, 0),
			0);
		assert_pins(&rig, RAM, 0);
		assert_pins(&rig, RAM + 2 * PAGE, 1);
		assert_aborts(&rig, SID_A, 0);
		assert_reaches(&rig, SID_A, 3 * PAGE, RAM + 3 * PAGE);
		rig_map(&rig, d, 0, RAM, PAGE);
		rig_end(&rig);
	}
}

static void test_timeout_in_attach_and_detach(void **state)
{
	const struct sim_smmuv3_faults stuck = { .cmdq_stalled = true };
	const struct sim_smmuv3_faults none = { 0 };
	struct rig rig;
	struct front *f = &rig.host;
	uint32_t d;

	(void)state;
	rig_make(&rig);
	assert_int_equal(front_domain_alloc(f, 0, 1, &d), 0);
	rig_map(&rig, d, 0, RAM, PAGE);
	sim_smmuv3_set_faults(rig.m->smmu, &stuck);
	assert_int_equal(front_attach(f, 0, SID_A, d), HYPIOMMU_E_TIMEOUT);
	assert_aborts(&rig, SID_A, 0);
	assert_int_equal(front_domain_free(f, d), HYPIOMMU_E_BUSY);
	sim_smmuv3_set_faults(rig.m->smmu, &none);
	assert_int_equal(machine_reset(rig.m, 0), 0);
	assert_int_equal(front_detach(f, 0, SID_A, d), 0);
	assert_int_equal(front_attach(f, 0, SID_A, d), 0);
	assert_reaches(&rig, SID_A, 0, RAM);
	sim_smmuv3_set_faults(rig.m->smmu, &stuck);
	assert_int_equal(front_detach(f, 0, SID_A, d), HYPIOMMU_E_TIMEOUT);
	assert_aborts(&rig, SID_A, 0);
	sim_smmuv3_set_faults(rig.m->smmu, &none);
	assert_int_equal(machine_reset(rig.m, 0), 0);
	assert_aborts(&rig, SID_A, 0);
	assert_int_equal(front_detach(f, 0, SID_A, d), 0);
	assert_int_equal(front_domain_free(f, d), 0);
	rig_end(&rig);
}

/* Every command of a life fails once: recovered, and nothing stays cached. */
/* Without stage 1 CMD_CFGI_CD_ALL is illegal (IHI 0070 4.3.4); with it, or
 * without stage 2, the same life has no refused command either. */
static void test_commands_of_stages_there_are(void **state)
{
	(void)state;
	for (unsigned int stage = 1; stage <= 2; stage++) {
		struct rig rig;
		uint32_t d;

		rig_defaults(&rig);
		rig.config.smmu.stage1 = stage == 1;
		rig.config.smmu.stage2 = stage == 2;
		rig_start(&rig);
		d = rig_domain(&rig, stage, SID_A);
		rig_map(&rig, d, 0, RAM, 4 * PAGE);
		assert_reaches(&rig, SID_A, PAGE, RAM + PAGE);
		rig_unmap(&rig, d, 0, 4 * PAGE);
		assert_int_equal(machine_reset(rig.m, 0), 0);
		assert_int_equal(front_detach(&rig.host, 0, SID_A, d), 0);
		assert_int_equal(front_domain_free(&rig.host, d), 0);
		assert_int_equal(
			rig.m->stats.notices[HYPIOMMU_NOTICE_COMMAND_ERROR], 0);
		rig_end(&rig);
	}
}

static void test_command_errors_are_recovered(void **state)
{
	for (unsigned int code = 1; code <= 2; code++) {
		for (uint64_t k = 1; k <= 12; k++) {
			struct rig rig;
			uint32_t d;
			struct sim_smmuv3_faults once = {
				.cmd_error_at = k,
				.cmd_error_code = code,
			};

			(void)state;
			rig_make(&rig);
			sim_smmuv3_set_faults(rig.m->smmu, &once);
			d = rig_domain(&rig, 1, SID_A);
			rig_map(&rig, d, 0, RAM, 3 * PAGE);
			assert_reaches(&rig, SID_A, 0, RAM);
			rig_unmap(&rig, d, 0, 3 * PAGE);
			assert_aborts(&rig, SID_A, 0);
			assert_int_equal(front_detach(&rig.host, 0, SID_A, d),
					 0);
			assert_int_equal(front_domain_free(&rig.host, d), 0);
			assert_int_equal(
				rig.m->stats
					.notices[HYPIOMMU_NOTICE_COMMAND_ERROR],
				1);
			assert_int_equal(
				rig.m->stats.notices[HYPIOMMU_NOTICE_BROKEN],
				0);
			rig_end(&rig);
		}
	}
}

/* ------------------------------------------------------------------ events */

static int fault_read(struct rig *rig)
{
	return front_call(&rig->host, HYPIOMMU_HC_FAULT_READ, 0, 0, 0, 0, 0);
}

static void drain_faults(struct rig *rig)
{
	while (fault_read(rig) != HYPIOMMU_E_NOENT)
		;
}

static void test_fault_records(void **state)
{
	struct rig rig;
	const uint64_t *x = rig.host.last.x;
	char byte = 0;
	uint64_t n;
	uint32_t d;

	(void)state;
	rig_defaults(&rig);
	rig.config.check = MACHINE_CHECK_CALLS;
	rig_start(&rig);
	drain_faults(&rig);
	d = rig_domain(&rig, 2, SID_A);
	assert_int_equal(
		front_map(&rig.host, d, 0, RAM, PAGE, HYPIOMMU_PROT_READ, &n),
		0);
	machine_dma(rig.m, SID_A, 0x5008, false, &byte, 1);
	machine_dma(rig.m, SID_A, 0x10, true, &byte, 1);
	assert_true(sim_smmuv3_irq_event(rig.m->smmu));
	assert_int_equal(fault_read(&rig), 0);
	assert_int_equal(x[1] & 0xffffffff, SID_A);
	assert_int_equal(x[1] >> 32 & 0xffff, HYPIOMMU_FAULT_TRANSLATION);
	assert_int_equal(x[1] >> 48, HYPIOMMU_FAULT_IOVA);
	assert_int_equal(x[2], 0x5008);
	assert_int_equal(x[3], 0x10);
	assert_int_equal(x[4], 1);
	assert_int_equal(fault_read(&rig), 0);
	assert_int_equal(x[1] >> 32 & 0xffff, HYPIOMMU_FAULT_PERMISSION);
	assert_int_equal(x[1] >> 48,
			 HYPIOMMU_FAULT_IOVA | HYPIOMMU_FAULT_WRITE);
	assert_int_equal(x[2], 0x10);
	assert_int_equal(x[4], 0);
	assert_int_equal(fault_read(&rig), HYPIOMMU_E_NOENT);
	/* A stream nobody declared, beyond the table. */
	machine_dma(rig.m, 0xfff0, 0, false, &byte, 1);
	assert_int_equal(fault_read(&rig), 0);
	assert_int_equal(x[1] & 0xffffffff, 0xfff0);
	assert_int_equal(x[1] >> 32 & 0xffff, HYPIOMMU_FAULT_CONFIG);
	assert_int_equal(x[3], 2);
	rig_end(&rig);
}

/* Overflow is told once; the queue goes on working, around its end too. */
static void test_event_overflow(void **state)
{
	struct rig rig;
	uint32_t d;
	char byte = 0;
	int lost = 0;

	(void)state;
	rig_defaults(&rig);
	rig.config.check = MACHINE_CHECK_CALLS;
	rig.config.smmu.evtq_log2 = 3;
	rig_start(&rig);
	drain_faults(&rig);
	d = rig_domain(&rig, 1, SID_A);
	for (uint64_t round = 0; round < 5; round++) {
		int got = 0;

		for (uint64_t i = 0; i < 11; i++)
			machine_dma(rig.m, SID_A, (round * 16 + i) << 12, true,
				    &byte, 1);
		while (!fault_read(&rig)) {
			assert_int_equal(rig.host.last.x[2],
					 (round * 16 + (uint64_t)got) << 12);
			lost += rig.host.last.x[1] >> 48 & HYPIOMMU_FAULT_LOST
					? 1
					: 0;
			got++;
		}
		assert_int_equal(got, 8);
	}
	assert_int_equal(lost, 5);
	assert_int_equal(front_detach(&rig.host, 0, SID_A, d), 0);
	rig_end(&rig);
}

/* A guest reads the records of its own streams; the host never sees them. */
static void test_fault_records_are_private(void **state)
{
	struct rig rig;
	char byte = 0;
	uint32_t d;
	int err;

	(void)state;
	rig_defaults(&rig);
	rig.config.check = MACHINE_CHECK_CALLS;
	rig_start(&rig);
	drain_faults(&rig);
	assert_int_equal(machine_assign_stream(rig.m, SID_B, HYPIOMMU_HOST,
					       HYPIOMMU_GUEST(0)),
			 0);
	assert_int_equal(front_domain_alloc(&rig.guest, 0, 1, &d), 0);
	assert_int_equal(front_attach(&rig.guest, 0, SID_B, d), 0);
	for (int i = 0; i < 20; i++)
		machine_dma(rig.m, SID_B, 0x1000, true, &byte, 1);
	/* Bounded: sixteen are looked at in one call. */
	err = fault_read(&rig);
	assert_int_equal(err, HYPIOMMU_E_AGAIN);
	assert_int_equal(rig.host.last.x[1], 0);
	assert_int_equal(
		front_call(&rig.guest, HYPIOMMU_HC_FAULT_READ, 0, 0, 0, 0, 0),
		0);
	assert_int_equal(rig.guest.last.x[1] & 0xffffffff, SID_B);
	rig_end(&rig);
}

/* ------------------------------------------------------------------- power */

static void test_suspend_and_resume(void **state)
{
	struct rig rig;
	uint64_t n;
	uint32_t d;

	(void)state;
	rig_make(&rig);
	d = rig_domain(&rig, 1, SID_A);
	rig_map(&rig, d, 0, RAM, PAGE);
	assert_int_equal(machine_suspend(rig.m, 0), 0);
	assert_aborts(&rig, SID_A, 0);
	assert_int_equal(front_unmap(&rig.host, d, 0, PAGE, &n),
			 HYPIOMMU_E_BROKEN);
	assert_pins(&rig, RAM, 1);
	/* Power was lost: the SMMU comes up bypassing, until reset. */
	rig.config.check = MACHINE_CHECK_OFF;
	rig.m->config.check = MACHINE_CHECK_OFF;
	sim_smmuv3_power_cycle(rig.m->smmu);
	assert_int_equal(machine_reset(rig.m, 0), 0);
	rig.m->config.check = MACHINE_CHECK_STEPS;
	machine_check_now(rig.m);
	assert_reaches(&rig, SID_A, 0, RAM);
	rig_unmap(&rig, d, 0, PAGE);
	assert_aborts(&rig, SID_A, 0);
	assert_int_equal(machine_suspend(rig.m, 1), HYPIOMMU_E_NOENT);
	assert_int_equal(machine_reset(rig.m, 1), HYPIOMMU_E_NOENT);
	rig_end(&rig);
}

/* It does not take what stops it: to say OK would be to promise that nothing
 * is reached. What is reached stays pinned. */
static void test_suspend_that_does_not_hold(void **state)
{
	static const struct {
		struct sim_smmuv3_faults faults;
		int result;
	} ways[] = {
		{ { .gbpa_no_stick = true }, HYPIOMMU_E_HW },
		{ { .dead = true }, HYPIOMMU_E_HW },
		{ { .cr0_no_ack = true }, HYPIOMMU_E_TIMEOUT },
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		const struct sim_smmuv3_faults good = { 0 };
		struct rig rig;
		uint32_t d;

		rig_make(&rig);
		d = rig_domain(&rig, 1, SID_A);
		rig_map(&rig, d, 0, RAM, PAGE);
		sim_smmuv3_set_faults(rig.m->smmu, &ways[i].faults);
		assert_int_equal(machine_suspend(rig.m, 0), ways[i].result);
		assert_pins(&rig, RAM, 1);
		sim_smmuv3_set_faults(rig.m->smmu, &good);
		assert_int_equal(machine_suspend(rig.m, 0), 0);
		assert_aborts(&rig, SID_A, 0);
		assert_int_equal(machine_reset(rig.m, 0), 0);
		assert_reaches(&rig, SID_A, 0, RAM);
		rig_end(&rig);
	}
}

/* It broke and would not be stopped then: now it is. */
static void test_suspend_of_what_went_on(void **state)
{
	const struct sim_smmuv3_faults bad = { .sync_never = true,
					       .gbpa_no_stick = true };
	const struct sim_smmuv3_faults good = { 0 };
	struct rig rig;
	uint32_t d;

	(void)state;
	rig_defaults(&rig);
	rig.config.timeout_us = 40;
	rig_start(&rig);
	d = rig_domain(&rig, 1, SID_A);
	rig_map(&rig, d, 0, RAM, 2 * PAGE);
	sim_smmuv3_set_faults(rig.m->smmu, &bad);
	assert_int_equal(front_call(&rig.host, HYPIOMMU_HC_UNMAP_PAGES, d, 0,
				    PAGE, 0, 0),
			 HYPIOMMU_E_TIMEOUT);
	assert_reaches(&rig, SID_A, PAGE, RAM + PAGE);
	sim_smmuv3_set_faults(rig.m->smmu, &good);
	assert_int_equal(machine_suspend(rig.m, 0), 0);
	assert_aborts(&rig, SID_A, PAGE);
	assert_int_equal(machine_reset(rig.m, 0), 0);
	assert_reaches(&rig, SID_A, PAGE, RAM + PAGE);
	rig_end(&rig);
}

/* Cheapest sufficient invalidation: commands counted, not asserted by time. */
static uint64_t tlbi_for(struct rig *rig, uint32_t d, uint64_t pages)
{
	struct machine_stats before, after;

	/* A neighbour keeps the table, so that only leaves go. */
	rig_map(rig, d, 600 * PAGE, RAM, PAGE);
	for (uint64_t i = 0; i < pages; i++)
		rig_map(rig, d, i * PAGE, RAM + (i + 1) * PAGE, PAGE);
	machine_get_stats(rig->m, &before);
	rig_unmap(rig, d, 0, pages * PAGE);
	machine_get_stats(rig->m, &after);
	rig_unmap(rig, d, 600 * PAGE, PAGE);
	assert_int_equal(after.smmu.syncs - before.smmu.syncs, 1);
	return after.smmu.tlbi - before.smmu.tlbi;
}

static void test_invalidation_commands(void **state)
{
	const struct {
		uint64_t pages, plain, range;
	} expect[] = {
		{ 1, 1, 1 },  { 2, 2, 1 },  { 16, 16, 1 }, { 32, 32, 1 },
		{ 33, 1, 2 }, { 63, 1, 2 }, { 512, 1, 1 }, { 511, 1, 2 }
	};

	(void)state;
	for (int ril = 0; ril < 2; ril++) {
		struct rig rig;
		uint32_t d;

		rig_defaults(&rig);
		rig.config.check = MACHINE_CHECK_CALLS;
		rig.config.check_every = 16;
		rig.config.smmu.range_inval = ril;
		rig_start(&rig);
		d = rig_domain(&rig, 1, SID_A);
		for (size_t i = 0; i < sizeof(expect) / sizeof(expect[0]); i++)
			assert_int_equal(tlbi_for(&rig, d, expect[i].pages),
					 ril ? expect[i].range
					     : expect[i].plain);
		rig_end(&rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_id_registers_are_bounded),
		cmocka_unit_test(test_config_is_checked),
		cmocka_unit_test(test_takeover_has_no_bypass),
		cmocka_unit_test(test_all_features_on),
		cmocka_unit_test(test_shapes_of_hardware),
		cmocka_unit_test(test_large_stream_ids),
		cmocka_unit_test(test_hardware_that_cannot_deny_is_refused),
		cmocka_unit_test(test_finalise_fails_closed),
		cmocka_unit_test(test_timeout_poisons),
		cmocka_unit_test(test_timeout_in_attach_and_detach),
		cmocka_unit_test(test_commands_of_stages_there_are),
		cmocka_unit_test(test_command_errors_are_recovered),
		cmocka_unit_test(test_fault_records),
		cmocka_unit_test(test_event_overflow),
		cmocka_unit_test(test_fault_records_are_private),
		cmocka_unit_test(test_suspend_and_resume),
		cmocka_unit_test(test_suspend_that_does_not_hold),
		cmocka_unit_test(test_suspend_of_what_went_on),
		cmocka_unit_test(test_invalidation_commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
