// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The SMMUv2 backend against the simulated hardware: every shape, mirrored or
 * not, every step observed on every frame. */
#include "rig.h"

#define PAGE 4096ull

/* Global register space 0, IHI 0062 9.5, typed again. */
#define sCR0  0x000
#define sIDR0 0x020
#define sIDR1 0x024
#define sIDR2 0x028
#define sGFSR 0x048

static const uint32_t v2_sids[] = { 5, 9, 12 };

static void v2_defaults(struct rig *rig)
{
	rig_defaults(rig);
	rig->config.kind = MACHINE_SMMUV2;
	rig->config.sids = v2_sids;
	rig->config.sid_count = 3;
	rig->config.smmuv2[0].nr_s2cb = 1;
	rig->config.smmuv2[0].oas = 44;
	rig->config.smmuv2[0].aa32_short = true;
}

static void mirrors_agree(struct rig *rig)
{
	sim_smmuv2_check_mirrors(rig->m->v2[0]);
	assert_no_violation(rig);
}

/* Nobody has a domain: every bank of every frame is off, has no table, and
 * faults where it can do stage 1. Registers typed again, IHI 0062 9, 16. */
static void banks_are_scrubbed(struct rig *rig)
{
	const struct sim_smmuv2_config *c = &rig->config.smmuv2[0];
	uint32_t page = c->page_64k ? 0x10000 : 0x1000;

	for (uint32_t i = 0; i < c->instances * c->nr_cb; i++) {
		uint32_t frame = i % c->instances, bank = i / c->instances;
		uint32_t cb = ((2u << c->numpagendxb) + bank) * page;
		struct sim_smmuv2 *s = rig->m->v2[0];

		assert_int_equal(sim_smmuv2_read(s, frame, cb, 4), 0);
		assert_int_equal(sim_smmuv2_read(s, frame, cb + 0x20, 8), 0);
		assert_int_equal(sim_smmuv2_read(s, frame, page + 4 * bank, 4),
				 bank < c->nr_s2cb ? 0 : 2u << 16);
		assert_int_equal(
			sim_smmuv2_read(s, frame, page + 0x800 + 4 * bank, 4),
			0);
	}
}

/* A table goes with its last page, and is another one then: no walk cache may
 * still lead to it. */
static void tables_move(struct rig *rig, uint32_t d)
{
	rig_map(rig, d, 8 * MiB, RAM + MiB, PAGE);
	assert_reaches(rig, 5, 8 * MiB, RAM + MiB);
	rig_unmap(rig, d, 8 * MiB, PAGE);
	rig_map(rig, d, 0xc0000000, RAM + MiB, PAGE);
	assert_reaches(rig, 5, 0xc0000000, RAM + MiB);
	assert_aborts(rig, 5, 8 * MiB);
	rig_unmap(rig, d, 0xc0000000, PAGE);
}

/* Map, move, unmap, detach, free; twice, so that banks are used again. */
static void one_life(struct rig *rig, unsigned int stage)
{
	for (int round = 0; round < 2; round++) {
		uint32_t d = rig_domain(rig, stage, 5);

		mirrors_agree(rig);
		for (uint64_t i = 0; i < 20; i++)
			rig_map(rig, d, i * PAGE, RAM + (20 - i) * PAGE, PAGE);
		rig_map(rig, d, 4 * MiB, RAM + 4 * MiB, 2 * MiB);
		/* Neighbouring pages are served by different instances. */
		for (uint64_t i = 0; i < 4; i++)
			assert_reaches(rig, 5, i * PAGE, RAM + (20 - i) * PAGE);
		assert_reaches(rig, 5, 5 * MiB, RAM + 5 * MiB);
		assert_aborts(rig, 9, 0);
		rig_unmap(rig, d, 0, 17 * PAGE);
		for (uint64_t i = 0; i < 4; i++)
			assert_aborts(rig, 5, i * PAGE);
		assert_reaches(rig, 5, 18 * PAGE, RAM + 2 * PAGE);
		rig_unmap(rig, d, 4 * MiB, 2 * MiB);
		assert_aborts(rig, 5, 5 * MiB);
		tables_move(rig, d);
		mirrors_agree(rig);
		assert_int_equal(front_detach(&rig->host, 0, 5, d), 0);
		assert_aborts(rig, 5, 18 * PAGE);
		assert_int_equal(front_domain_free(&rig->host, d), 0);
		mirrors_agree(rig);
		banks_are_scrubbed(rig);
	}
	assert_no_violation(rig);
}

static void test_formats_and_frames(void **state)
{
	const enum hypiommu_smmuv2_format formats[] = { HYPIOMMU_SMMUV2_AARCH64,
							HYPIOMMU_SMMUV2_LPAE,
							HYPIOMMU_SMMUV2_V7S };

	(void)state;
	for (int f = 0; f < 3; f++) {
		for (unsigned int bits = 0; bits < 8; bits++) {
			struct rig rig;

			v2_defaults(&rig);
			rig.config.format = formats[f];
			rig.config.smmuv2[0].instances = 1 + (bits & 1);
			rig.config.smmuv2[0].coherent = bits & 2;
			rig.config.smmuv2[0].mmu500 = bits & 4;
			rig.config.check = bits == 1 ? MACHINE_CHECK_STEPS
						     : MACHINE_CHECK_CALLS;
			rig_start_low(&rig);
			one_life(&rig, 1);
			if (formats[f] != HYPIOMMU_SMMUV2_V7S)
				one_life(&rig, 2);
			rig_end(&rig);
		}
	}
}

static void test_indexing_and_small_pages(void **state)
{
	const struct sim_smmuv2_faults stuck = { .gsync_never = true,
						 .sync_never = true };
	const struct sim_smmuv2_faults none = { 0 };
	struct rig rig;
	uint64_t n;
	uint32_t d;

	(void)state;
	v2_defaults(&rig);
	rig.config.smmuv2[0].indexing = true;
	rig.config.smmuv2[0].sid_bits = 5;
	rig.config.smmuv2[0].nr_smrg = 0;
	rig.config.smmuv2[0].page_64k = false;
	rig.config.check = MACHINE_CHECK_CALLS;
	rig_start(&rig);
	assert_int_equal(hypiommu_add_stream(rig.m->h, 0, 33, 0),
			 HYPIOMMU_E_PHASE);
	one_life(&rig, 2);
	/* No SMR to clear: S2CR alone stops a stream. */
	d = rig_domain(&rig, 1, 9);
	rig_map(&rig, d, 0, RAM, PAGE);
	assert_int_equal(machine_suspend(rig.m, 0), 0);
	assert_aborts(&rig, 9, 0);
	assert_int_equal(machine_reset(rig.m, 0), 0);
	assert_reaches(&rig, 9, 0, RAM);
	assert_aborts(&rig, 5, 0);
	/* So it is where hardware gave no answer. */
	rig_map(&rig, d, MiB, RAM + MiB, PAGE);
	sim_smmuv2_set_faults(rig.m->v2[0], 0, &stuck);
	assert_int_equal(front_unmap(&rig.host, d, 0, PAGE, &n),
			 HYPIOMMU_E_TIMEOUT);
	assert_aborts(&rig, 9, 0);
	assert_aborts(&rig, 9, MiB);
	sim_smmuv2_set_faults(rig.m->v2[0], 0, &none);
	assert_int_equal(machine_reset(rig.m, 0), 0);
	assert_reaches(&rig, 9, MiB, RAM + MiB);
	rig_end(&rig);
}

/* However firmware left it: live banks, bypass, garbage. */
static void test_takeover(void **state)
{
	(void)state;
	for (enum sim_smmuv2_boot boot = SIM_SMMUV2_BOOT_RESET;
	     boot <= SIM_SMMUV2_BOOT_LIVE; boot++) {
		struct rig rig;
		uint64_t pa;

		v2_defaults(&rig);
		rig.config.smmuv2[0].boot = boot;
		rig.config.smmuv2[0].boot_ttb = RAM;
		rig.config.smmuv2[0].instances = 2;
		rig.config.stay_trusted = true;
		rig_start(&rig);
		for (uint32_t sid = 0; sid < 64; sid++)
			assert_int_equal(
				machine_translate(rig.m, sid, RAM, true, &pa),
				SIM_DMA_ABORT);
		/* Not CLIENTPD; USFCFG, SMCFCFG, all faults reported. */
		for (unsigned int frame = 0; frame < 2; frame++)
			assert_int_equal(
				sim_smmuv2_read(rig.m->v2[0], frame, sCR0, 4) &
					0x200437,
				0x200436);
		assert_int_equal(machine_finalise(rig.m), 0);
		mirrors_agree(&rig);
		one_life(&rig, 1);
		rig_end(&rig);
	}
}

/* Banks: the ones that are stage 2's only stay so; then they run out. */
static void test_banks_run_out(void **state)
{
	struct rig rig;
	uint32_t d, made = 0;
	int err = 0;

	(void)state;
	v2_defaults(&rig);
	rig.config.smmuv2[0].nr_cb = 4;
	rig.config.smmuv2[0].nr_s2cb = 1;
	rig.config.check = MACHINE_CHECK_CALLS;
	rig_start(&rig);
	while (!(err = front_domain_alloc(&rig.host, 0, 1, &d)))
		made++;
	assert_int_equal(err, HYPIOMMU_E_NOSPC);
	assert_int_equal(made, 3);
	assert_int_equal(front_domain_alloc(&rig.host, 0, 2, &d), 0);
	assert_int_equal(front_domain_alloc(&rig.host, 0, 2, &d),
			 HYPIOMMU_E_NOSPC);
	rig_end(&rig);
}

static void test_match_entries_run_out(void **state)
{
	struct rig rig;
	uint32_t d;

	(void)state;
	v2_defaults(&rig);
	rig.config.smmuv2[0].nr_smrg = 2;
	rig.config.check = MACHINE_CHECK_CALLS;
	rig_start(&rig);
	d = rig_domain(&rig, 1, 5);
	assert_int_equal(front_attach(&rig.host, 0, 9, d), 0);
	assert_int_equal(front_attach(&rig.host, 0, 12, d), HYPIOMMU_E_NOSPC);
	assert_aborts(&rig, 12, 0);
	assert_int_equal(front_detach(&rig.host, 0, 5, d), 0);
	assert_int_equal(front_attach(&rig.host, 0, 12, d), 0);
	rig_end(&rig);
}

static void test_id_registers_are_bounded(void **state)
{
	const struct {
		uint32_t reg, value;
		int err;
	} cases[] = {
		{ sIDR0, 0, HYPIOMMU_E_HW },
		{ sIDR0, 1u << 27, HYPIOMMU_E_HW },
		{ sIDR0, 0xffffffff, HYPIOMMU_E_HW },
		{ sIDR0, 3u << 29 | 1u << 27, HYPIOMMU_E_HW },
		{ sIDR0, 3u << 29 | 1u << 27 | 129, HYPIOMMU_E_HW },
		{ sIDR0, 3u << 29 | 15u << 9, HYPIOMMU_E_UNSUPPORTED },
		{ sIDR1, 0, HYPIOMMU_E_HW },
		{ sIDR1, 0xffffffff, HYPIOMMU_E_HW },
		{ sIDR1, 1u << 31 | 3u << 28 | 200, HYPIOMMU_E_HW },
		{ sIDR1, 1u << 31 | 3u << 28 | 17, HYPIOMMU_E_HW },
		{ sIDR1, 1u << 31 | 3u << 28 | 9u << 16 | 8, HYPIOMMU_E_HW },
		{ sIDR1, 1u << 31 | 7u << 28 | 8, HYPIOMMU_E_HW },
		{ sIDR2, 0xffffffff, HYPIOMMU_E_HW },
		{ sIDR2, 6, HYPIOMMU_E_HW },
		{ sIDR2, 0x555, HYPIOMMU_E_UNSUPPORTED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hypiommu_smmuv2_config config = {
			.frames = 1,
			.window = { 16 },
			.base = { 0x0c000000 },
			.format = HYPIOMMU_SMMUV2_AARCH64,
		};
		struct rig rig;
		uint32_t smmu;

		v2_defaults(&rig);
		rig.config.stay_trusted = true;
		rig.config.limits.smmus = 2;
		rig_start(&rig);
		config.size = sim_smmuv2_frame_size(rig.m->v2[0]);
		sim_smmuv2_override_reg(rig.m->v2[0], 0, cases[i].reg, true,
					cases[i].value);
		assert_int_equal(hypiommu_smmuv2_add(rig.m->h, &config, &smmu),
				 cases[i].err);
		rig_end(&rig);
	}
}

/* Frames that do not say the same are not mirrors. */
static void test_mirrors_must_agree(void **state)
{
	struct hypiommu_smmuv2_config config = {
		.frames = 2,
		.window = { 16, 17 },
		.base = { 0x0c000000, 0x0d000000 },
	};
	struct rig rig;
	uint32_t smmu;

	(void)state;
	v2_defaults(&rig);
	rig.config.smmuv2[0].instances = 2;
	rig.config.stay_trusted = true;
	rig.config.limits.smmus = 2;
	rig_start(&rig);
	config.size = sim_smmuv2_frame_size(rig.m->v2[0]);
	for (uint32_t reg = sIDR0; reg <= sIDR2; reg += 4) {
		uint32_t id =
			(uint32_t)sim_smmuv2_read(rig.m->v2[0], 1, reg, 4);

		sim_smmuv2_override_reg(rig.m->v2[0], 1, reg, true, id ^ 1);
		assert_int_equal(hypiommu_smmuv2_add(rig.m->h, &config, &smmu),
				 HYPIOMMU_E_HW);
		sim_smmuv2_override_reg(rig.m->v2[0], 1, reg, false, 0);
	}
	rig_end(&rig);
}

/* One frame that never completes holds everything: pins, the call, the bank. */
static void test_timeout_on_either_frame(void **state)
{
	for (unsigned int frame = 0; frame < 2; frame++) {
		const struct sim_smmuv2_faults stuck = { .gsync_never = true,
							 .sync_never = true };
		const struct sim_smmuv2_faults none = { 0 };
		struct rig rig;
		struct front *f = &rig.host;
		uint64_t n;
		uint32_t d;

		(void)state;
		v2_defaults(&rig);
		rig.config.smmuv2[0].instances = 2;
		rig_start(&rig);
		d = rig_domain(&rig, 1, 5);
		rig_map(&rig, d, 0, RAM, 4 * PAGE);
		sim_smmuv2_set_faults(rig.m->v2[0], frame, &stuck);
		assert_int_equal(front_unmap(f, d, 0, PAGE, &n),
				 HYPIOMMU_E_TIMEOUT);
		assert_pins(&rig, RAM, 1);
		assert_aborts(&rig, 5, 0);
		assert_aborts(&rig, 5, 3 * PAGE);
		assert_int_equal(front_map(f, d, MiB, RAM, PAGE, RW, &n),
				 HYPIOMMU_E_BROKEN);
		assert_int_equal(machine_reset(rig.m, 0), HYPIOMMU_E_TIMEOUT);
		sim_smmuv2_set_faults(rig.m->v2[0], frame, &none);
		assert_int_equal(machine_reset(rig.m, 0), 0);
		assert_int_equal(
			front_call(f, HYPIOMMU_HC_IOTLB_SYNC, d, 0, 0, 0, 0),
			0);
		assert_pins(&rig, RAM, 0);
		assert_aborts(&rig, 5, 0);
		assert_reaches(&rig, 5, 3 * PAGE, RAM + 3 * PAGE);
		mirrors_agree(&rig);
		rig_end(&rig);
	}
}

/* The stream is detached, but the TLB cannot be emptied: reset works, and the
 * second detach does the rest. */
static void test_detach_that_fails_late(void **state)
{
	const struct sim_smmuv2_faults stuck = { .sync_never = true };
	const struct sim_smmuv2_faults none = { 0 };
	struct rig rig;
	struct front *f = &rig.host;
	uint32_t d;

	(void)state;
	v2_defaults(&rig);
	rig_start(&rig);
	d = rig_domain(&rig, 1, 5);
	rig_map(&rig, d, 0, RAM, PAGE);
	sim_smmuv2_set_faults(rig.m->v2[0], 0, &stuck);
	assert_int_equal(front_detach(f, 0, 5, d), HYPIOMMU_E_TIMEOUT);
	assert_aborts(&rig, 5, 0);
	assert_pins(&rig, RAM, 1);
	sim_smmuv2_set_faults(rig.m->v2[0], 0, &none);
	assert_int_equal(machine_reset(rig.m, 0), 0);
	assert_aborts(&rig, 5, 0);
	assert_int_equal(front_attach(f, 0, 5, d), HYPIOMMU_E_BUSY);
	assert_int_equal(front_detach(f, 0, 5, d), 0);
	assert_int_equal(front_attach(f, 0, 5, d), 0);
	assert_reaches(&rig, 5, 0, RAM);
	rig_end(&rig);
}

/* A register that does not hold what is written, on one frame only. */
static void test_writes_that_do_not_stick(void **state)
{
	/* SMR 0, S2CR 0, CBAR 1, CBA2R 1, SCTLR of bank 1 (64 KiB pages). */
	const uint32_t offsets[] = { 0x800, 0xc00, 0x10004, 0x10804, 0x110000 };

	(void)state;
	for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		const struct sim_smmuv2_faults deaf = {
			.mmio = { .ignore_one = true,
				  .ignore_offset = offsets[i] },
		};
		struct rig rig;
		uint32_t d;
		int err;

		v2_defaults(&rig);
		rig.config.smmuv2[0].instances = 2;
		rig.config.check = MACHINE_CHECK_CALLS;
		rig_start(&rig);
		sim_smmuv2_set_faults(rig.m->v2[0], 1, &deaf);
		err = front_domain_alloc(&rig.host, 0, 1, &d);
		if (!err)
			err = front_attach(&rig.host, 0, 5, d);
		assert_int_equal(err, HYPIOMMU_E_HW);
		assert_aborts(&rig, 5, 0);
		assert_int_equal(front_domain_alloc(&rig.host, 0, 1, &d),
				 HYPIOMMU_E_BROKEN);
		rig_end(&rig);
	}
}

static void test_faults_of_both_frames(void **state)
{
	struct rig rig;
	struct front *f = &rig.host;
	uint64_t n;
	uint32_t d;
	char byte = 0;

	(void)state;
	v2_defaults(&rig);
	rig.config.smmuv2[0].instances = 2;
	rig.config.check = MACHINE_CHECK_CALLS;
	rig_start(&rig);
	d = rig_domain(&rig, 1, 5);
	assert_int_equal(
		front_map(f, d, 0, RAM, 2 * PAGE, HYPIOMMU_PROT_READ, &n), 0);
	for (uint64_t page = 0; page < 2; page++) {
		assert_int_equal(
			machine_dma(rig.m, 5, page * PAGE + 8, true, &byte, 1),
			SIM_DMA_ABORT);
		assert_int_equal(
			front_call(f, HYPIOMMU_HC_FAULT_READ, 0, 0, 0, 0, 0),
			0);
		assert_int_equal(f->last.x[1] & 0xffffffff, 5);
		assert_int_equal(f->last.x[1] >> 32 & 0xffff,
				 HYPIOMMU_FAULT_PERMISSION);
		assert_int_equal(f->last.x[1] >> 48,
				 HYPIOMMU_FAULT_IOVA | HYPIOMMU_FAULT_WRITE);
		assert_int_equal(f->last.x[2], page * PAGE + 8);
	}
	/* A stream nobody attached is a global fault. */
	machine_dma(rig.m, 33, 0x4000, false, &byte, 1);
	assert_int_equal(front_call(f, HYPIOMMU_HC_FAULT_READ, 0, 0, 0, 0, 0),
			 0);
	assert_int_equal(f->last.x[1] & 0xffffffff, 33);
	assert_int_equal(f->last.x[1] >> 32 & 0xffff, HYPIOMMU_FAULT_CONFIG);
	assert_int_equal(f->last.x[1] >> 48, HYPIOMMU_FAULT_IOVA);
	machine_dma(rig.m, 33, 0x4000, true, &byte, 1);
	assert_int_equal(front_call(f, HYPIOMMU_HC_FAULT_READ, 0, 0, 0, 0, 0),
			 0);
	assert_int_equal(f->last.x[1] >> 48,
			 HYPIOMMU_FAULT_IOVA | HYPIOMMU_FAULT_WRITE);
	assert_int_equal(front_call(f, HYPIOMMU_HC_FAULT_READ, 0, 0, 0, 0, 0),
			 HYPIOMMU_E_NOENT);
	assert_int_equal(sim_smmuv2_read(rig.m->v2[0], 0, sGFSR, 4), 0);
	rig_end(&rig);
}

/* Hardware looks ahead at every moment. */
static void look_ahead(struct machine *m, enum machine_step step, void *ctx)
{
	(void)step, (void)ctx;
	sim_smmuv2_speculate(m->v2[0]);
}

/* Whatever runs between, a framebuffer of firmware's for example: nothing of it
 * is left in the TLB. */
static void test_suspend_and_resume(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 2 * (SIM_SMMUV2_BOOT_LIVE + 1); i++) {
		uint64_t *table;
		struct rig rig;
		uint32_t d;

		v2_defaults(&rig);
		rig.config.smmuv2[0].instances = 2;
		rig.config.smmuv2[0].boot = i / 2;
		rig.config.smmuv2[0].boot_ttb = RAM + 16 * MiB;
		rig_start(&rig);
		/* Firmware's: 1 GiB from 0 on, AF, unprivileged. */
		table = sim_mem_ptr(rig.m->mem, RAM + 16 * MiB);
		*table = RAM | 0x441;
		d = rig_domain(&rig, 1 + i % 2, 5);
		rig_map(&rig, d, 0, RAM + MiB, 2 * PAGE);
		assert_int_equal(machine_suspend(rig.m, 0), 0);
		assert_aborts(&rig, 5, 0);
		/* What firmware's stream reaches is nobody's business. */
		rig.m->config.check = MACHINE_CHECK_OFF;
		machine_power_lost(rig.m);
		machine_on_step(rig.m, look_ahead, NULL);
		assert_int_equal(machine_reset(rig.m, 0), 0);
		machine_on_step(rig.m, NULL, NULL);
		machine_light(rig.m);
		rig.m->config.check = MACHINE_CHECK_STEPS;
		mirrors_agree(&rig);
		assert_reaches(&rig, 5, 0, RAM + MiB);
		assert_reaches(&rig, 5, PAGE, RAM + MiB + PAGE);
		assert_aborts(&rig, 5, 2 * PAGE);
		rig_unmap(&rig, d, 0, 2 * PAGE);
		rig_end(&rig);
	}
}

/* A frame that does not take what stops it: not suspended. */
static void test_suspend_that_does_not_hold(void **state)
{
	static const struct sim_smmuv2_faults ways[] = {
		{ .mmio.ignore_writes = true },
		{ .mmio.dead = true },
		{ .gsync_never = true },
	};

	(void)state;
	for (unsigned int i = 0; i < 6; i++) {
		const struct sim_smmuv2_faults good = { 0 };
		struct rig rig;
		uint32_t d;

		v2_defaults(&rig);
		rig.config.smmuv2[0].instances = 2;
		rig_start(&rig);
		d = rig_domain(&rig, 1, 5);
		rig_map(&rig, d, 0, RAM, PAGE);
		sim_smmuv2_set_faults(rig.m->v2[0], i % 2, &ways[i / 2]);
		assert_int_equal(machine_suspend(rig.m, 0),
				 i < 4 ? HYPIOMMU_E_HW : HYPIOMMU_E_TIMEOUT);
		assert_pins(&rig, RAM, 1);
		sim_smmuv2_set_faults(rig.m->v2[0], i % 2, &good);
		assert_int_equal(machine_suspend(rig.m, 0), 0);
		assert_aborts(&rig, 5, 0);
		assert_int_equal(machine_reset(rig.m, 0), 0);
		assert_reaches(&rig, 5, 0, RAM);
		rig_end(&rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats_and_frames),
		cmocka_unit_test(test_indexing_and_small_pages),
		cmocka_unit_test(test_takeover),
		cmocka_unit_test(test_banks_run_out),
		cmocka_unit_test(test_match_entries_run_out),
		cmocka_unit_test(test_id_registers_are_bounded),
		cmocka_unit_test(test_mirrors_must_agree),
		cmocka_unit_test(test_timeout_on_either_frame),
		cmocka_unit_test(test_detach_that_fails_late),
		cmocka_unit_test(test_writes_that_do_not_stick),
		cmocka_unit_test(test_faults_of_both_frames),
		cmocka_unit_test(test_suspend_and_resume),
		cmocka_unit_test(test_suspend_that_does_not_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
