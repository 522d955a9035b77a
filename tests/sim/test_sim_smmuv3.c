/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Registers, the Command queue, the Event queue. */
#include "fixture.h"

static void identification(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	/* S2P S1P TTF=2 COHACC HYP ATS ASID16 MSI SEV VMID16 LE, 2-level. */
	assert_int_equal(rd(m, 0x00), 0x0944761b);
	/* SIDSIZE 4, SSIDSIZE 4, EVENTQS 4, CMDQS 5. */
	assert_int_equal(rd(m, 0x04), 0x00a40104);
	assert_int_equal(rd(m, 0x0c) & 0x400, 0x400); /* RIL */
	assert_int_equal(rd(m, 0x14), 0x72);	      /* OAS 40, all granules */
	assert_int_equal(rd(m, 0x1c), 0x02);
	sim_smmuv3_override_reg(m->smmu, 0x14, true, 0xffffffff);
	assert_int_equal(rd(m, 0x14), 0xffffffff);
	sim_smmuv3_override_reg(m->smmu, 0x14, false, 0);
	assert_int_equal(rd(m, 0x14), 0x72);
	machine_free(m);
}

static void cr0ack_needs_polling(void **state)
{
	struct sim_smmuv3_config c = default_config();
	struct machine *m = machine_new(&c);
	struct sim_smmuv3_faults f = { .cr0_no_ack = true }, none = { 0 };

	(void)state;
	wr(m, 0x20, 0x8);
	assert_int_equal(rd(m, 0x20), 0x8);
	assert_int_equal(rd(m, 0x24), 0);
	assert_int_equal(rd(m, 0x24), 0);
	assert_int_equal(rd(m, 0x24), 0x8);
	sim_smmuv3_set_faults(m->smmu, &f);
	wr(m, 0x20, 0xc);
	for (int i = 0; i < 20; i++)
		assert_int_equal(rd(m, 0x24), 0x8);
	assert_quiet(m);
	sim_smmuv3_set_faults(m->smmu, &none);
	wr(m, 0x20, 0x8);
	assert_reported(m, "before CR0ACK");
	machine_free(m);
}

static void bad_accesses(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	assert_int_equal(sim_smmuv3_read(m->smmu, 0x20, 8), 0);
	assert_reported(m, "read of 8 bytes");
	assert_int_equal(rd(m, 0xa8), 0); /* page 1 only */
	assert_reported(m, "0xa8");
	assert_int_equal(sim_smmuv3_read(m->smmu, 0x84, 8), 0);
	assert_reported(m, "0x84");
	wr(m, 0x22, 1);
	assert_reported(m, "not allowed");
	sim_smmuv3_write(m->smmu, 0x80, 8, 0x81000000);
	assert_reported(m, "forbidden");
	assert_int_equal(sim_smmuv3_read(m->smmu, 0x80, 8), STRTAB);
	wr(m, 0x94, 1);
	assert_reported(m, "forbidden");
	wr(m, 0x2c, 2);
	assert_reported(m, "forbidden");
	wr(m, 0x28, 0x40);
	assert_reported(m, "forbidden");
	wr(m, 0x28, 0x01);
	assert_reported(m, "forbidden");
	wr(m, 0x9c, 0);
	assert_reported(m, "forbidden");
	wr(m, 0x00, 0);
	assert_reported(m, "forbidden");
	wr(m, 0x98, 0xf & (m->cmdq_prod + 9));
	assert_reported(m, "further apart");
	wr(m, 0x98, m->cmdq_prod);
	m->heard.reports = 0;
	/* On its way on counts as on. */
	set_cr0(m, 0x0);
	wr(m, 0x20, 0x8);
	sim_smmuv3_write(m->smmu, 0x90, 8, CMDQ | 3);
	assert_reported(m, "forbidden");
	machine_free(m);
}

static void queue_too_large(void **state)
{
	struct sim_smmuv3_config c = default_config();
	struct machine *m = machine_new(&c);

	(void)state;
	sim_smmuv3_write(m->smmu, 0x90, 8, CMDQ | 6);
	assert_reported(m, "CMDQ_BASE.LOG2SIZE");
	sim_smmuv3_write(m->smmu, 0xa0, 8, EVTQ | 5);
	assert_reported(m, "EVENTQ_BASE.LOG2SIZE");
	wr(m, 0x88, 5);
	assert_reported(m, "SIDSIZE");
	wr(m, 0x20, 1);
	assert_reported(m, "SMMUEN set before");
	machine_free(m);
}

static void gbpa_handshake(void **state)
{
	struct sim_smmuv3_config c = default_config();
	struct sim_smmuv3_faults f = { .gbpa_no_stick = true };
	struct machine *m;
	uint64_t pa;

	(void)state;
	c.enabled_bypass = true;
	m = machine_new(&c);
	assert_true(sim_smmuv3_read(m->smmu, 0xb0, 8) != 0);
	assert_true(reaches_all(m));
	assert_int_equal(target(m, PAGE, true), PAGE);
	wr(m, 0x44, 0x00100000);
	assert_reported(m, "without Update");
	wr(m, 0x44, 0x80100000);
	assert_int_equal(rd(m, 0x44), 0x80000000);
	assert_true(reaches_all(m)); /* not yet */
	assert_int_equal(rd(m, 0x44), 0x80000000);
	assert_int_equal(rd(m, 0x44), 0x00100000);
	assert_false(reaches_all(m));
	assert_int_equal(sim_smmuv3_translate(m->smmu, 3, PAGE, false, &pa),
			 SIM_DMA_ABORT);
	sim_smmuv3_power_cycle(m->smmu);
	assert_true(reaches_all(m));
	sim_smmuv3_set_faults(m->smmu, &f);
	wr(m, 0x44, 0x80100000);
	for (int i = 0; i < 4; i++)
		assert_int_equal(rd(m, 0x44) & 0x100000, 0);
	assert_true(reaches_all(m));
	machine_free(m);
}

static void enabling_keeps_bypass_until_acked(void **state)
{
	struct sim_smmuv3_config c = default_config();
	struct machine *m;

	(void)state;
	c.enabled_bypass = true;
	m = machine_new(&c);
	machine_enable(m, STRTAB, 4);
	assert_false(reaches_all(m));
	wr(m, 0x20, 0xc);
	assert_true(reaches_all(m)); /* either state may be in effect */
	set_cr0(m, 0xc);
	assert_true(reaches_all(m));
	machine_free(m);
}

static void commands_need_polling(void **state)
{
	struct machine *m = machine_up();
	struct sim_smmuv3_stats before, after;
	uint32_t cons = rd(m, 0x9c);

	(void)state;
	sim_smmuv3_stats(m->smmu, &before);
	push(m, 0x30, 0);
	push(m, 0x04, 31);
	push(m, 0x46, 0);
	sim_smmuv3_stats(m->smmu, &after);
	assert_int_equal(after.commands, before.commands);
	assert_int_equal(rd(m, 0x9c), (cons + 1) & 15);
	assert_int_equal(rd(m, 0x9c), (cons + 2) & 15);
	assert_int_equal(rd(m, 0x9c), (cons + 3) & 15);
	sim_smmuv3_stats(m->smmu, &after);
	assert_int_equal(after.commands, before.commands + 3);
	assert_int_equal(after.tlbi, before.tlbi + 1);
	assert_int_equal(after.cfgi, before.cfgi + 1);
	assert_int_equal(after.syncs, before.syncs + 1);
	assert_quiet(m);
	machine_free(m);
}

static void cmdq_wraps(void **state)
{
	struct machine *m = machine_up();
	struct sim_smmuv3_stats before, after;

	(void)state;
	sim_smmuv3_stats(m->smmu, &before);
	for (int round = 0; round < 10; round++) {
		for (int i = 0; i < 7; i++)
			push(m, 0x30, 0);
		push(m, 0x46, 0); /* exactly full */
		assert_int_equal(drain(m), 8);
	}
	sim_smmuv3_stats(m->smmu, &after);
	assert_int_equal(after.syncs - before.syncs, 10);
	assert_int_equal(after.tlbi - before.tlbi, 70);
	assert_quiet(m);
	machine_free(m);
}

/* Each of these commands is ILLEGAL; the queue recovers from all of them. */
static void illegal_commands(void **state)
{
	static const uint64_t bad[][2] = {
		{ 0x00, 0 }, /* reserved opcode */
		{ 0xff, 0 },
		{ 0x430, 0 }, /* SSec */
		{ 0x30, 1 },  /* reserved bits */
		{ 0x100000030, 0 },
		{ 0x3046, 0 },		      /* SYNC, CS 3 */
		{ 0x44, 0 },		      /* RESUME: nothing stalls */
		{ 0x41, 0 },		      /* PRI_RESP without PRI */
		{ 0x2a, 0x1401 },	      /* TG without a range */
		{ 0x102a, 0x1001 },	      /* NUM without TG */
		{ 0x2a, 0x0010000000001001 }, /* IPA above 52 bits */
		{ 0x1002a, 0x0901 },	      /* 16K, TTL 1 */
		{ 0x18, 0 },		      /* EL3 */
		{ 0x50, 0 },		      /* Secure */
		{ 0x03, 2 },
	};
	struct machine *m = machine_up();

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint32_t rd_idx = m->cmdq_prod, gerrorn = rd(m, 0x64);
		uint64_t slot = CMDQ + (rd_idx & 7) * 16;

		push(m, bad[i][0], bad[i][1]);
		push(m, 0x46, 0);
		assert_int_equal(rd(m, 0x9c), 0x01000000 | rd_idx);
		assert_int_equal(rd(m, 0x60) ^ gerrorn, 1);
		assert_int_equal(rd(m, 0x9c), 0x01000000 | rd_idx);
		put(m, slot, 0x46);
		put(m, slot + 8, 0);
		/* Mended, but not acknowledged. */
		assert_int_equal(rd(m, 0x9c), 0x01000000 | rd_idx);
		wr(m, 0x64, gerrorn ^ 1);
		rd(m, 0x9c);
		assert_int_equal(rd(m, 0x9c) & 0xfffff, m->cmdq_prod);
	}
	assert_quiet(m);
	wr(m, 0x64, rd(m, 0x64) ^ 1);
	assert_reported(m, "not active");
	machine_free(m);
}

static void illegal_without_feature(void **state)
{
	static const uint64_t bad[][2] = {
		{ 0x102a, 0x1401 }, /* range without RIL */
		{ 0x10, 0 },	    /* NH without stage 1 */
		{ 0x20, 0 },	    /* EL2 without HYP */
		{ 0x40, 0 },	    /* ATC_INV without ATS */
	};
	struct sim_smmuv3_config c = default_config();

	(void)state;
	c.range_inval = c.stage1 = c.hyp = c.ats = false;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct machine *m = machine_new(&c);

		sim_smmuv3_write(m->smmu, 0x90, 8, CMDQ | 3);
		set_cr0(m, 0x8);
		push(m, bad[i][0], bad[i][1]);
		assert_int_equal(rd(m, 0x9c), 0x01000000);
		machine_free(m);
	}
}

static void command_not_there(void **state)
{
	struct sim_smmuv3_config c = default_config();
	struct machine *m = machine_new(&c);

	(void)state;
	sim_smmuv3_write(m->smmu, 0x90, 8, 0x10000000 | 3);
	set_cr0(m, 0x8);
	wr(m, 0x98, 1);
	assert_int_equal(rd(m, 0x9c), 0x02000000);
	assert_int_equal(rd(m, 0x60), 1);
	machine_free(m);
}

/* The doorbell rang before the command was published. */
static void unpublished_command(void **state)
{
	struct machine *m = machine_up();
	uint64_t slot = CMDQ + (m->cmdq_prod & 7) * 16;

	(void)state;
	store(m, slot, 0x46);
	wr(m, 0x98, (m->cmdq_prod + 1) & 15);
	assert_int_equal(rd(m, 0x9c) >> 24, 1); /* it read opcode 0 */
	machine_free(m);
}

static void injected_faults(void **state)
{
	struct sim_smmuv3_faults f = { .sync_never = true };
	struct machine *m = machine_up();

	(void)state;
	sim_smmuv3_set_faults(m->smmu, &f);
	push(m, 0x30, 0);
	push(m, 0x46, 0);
	assert_int_equal(drain(m), -1);
	assert_int_equal(rd(m, 0x9c), (m->cmdq_prod - 1) & 15);
	f = (struct sim_smmuv3_faults){ .cmdq_stalled = true };
	sim_smmuv3_set_faults(m->smmu, &f);
	assert_int_equal(drain(m), -1);
	f = (struct sim_smmuv3_faults){ .cmd_error_at = 2,
					.cmd_error_code = 2 };
	sim_smmuv3_set_faults(m->smmu, &f);
	assert_int_equal(drain(m), 1);
	push(m, 0x46, 0);
	assert_int_equal(rd(m, 0x9c) >> 24, 2);
	wr(m, 0x64, rd(m, 0x60));
	rd(m, 0x9c);
	assert_int_equal(rd(m, 0x9c) & 0xf, m->cmdq_prod);
	f = (struct sim_smmuv3_faults){ .dead = true };
	sim_smmuv3_set_faults(m->smmu, &f);
	assert_int_equal(rd(m, 0x00), 0xffffffff);
	assert_true(sim_smmuv3_read(m->smmu, 0x80, 8) == UINT64_MAX);
	assert_quiet(m);
	machine_free(m);
}

/* Four records fit; the fifth is lost and flagged; draining goes on. */
static void events_wrap_and_overflow(void **state)
{
	struct machine *m = machine_up();
	uint32_t cons = 0;

	(void)state;
	for (int round = 0; round < 5; round++) {
		for (int i = 0; i < 3; i++) {
			target(m, 0x1000, true); /* V = 0: C_BAD_STE */
			assert_int_equal(get(m, EVTQ + (cons & 3) * 32),
					 0x0000000300000004ull);
			put(m, EVTQ + (cons & 3) * 32, 0);
			cons = (cons + 1) & 7;
			assert_int_equal(rd(m, 0x100a8), cons);
			wr(m, 0x100ac, cons);
		}
	}
	for (int i = 0; i < 4; i++)
		target(m, 0x1000, true);
	assert_int_equal(rd(m, 0x100a8), (cons + 4) & 7);
	target(m, 0x1000, true);
	assert_int_equal(rd(m, 0x100a8), 0x80000000 | ((cons + 4) & 7));
	target(m, 0x1000, true);
	assert_int_equal(rd(m, 0x100a8), 0x80000000 | ((cons + 4) & 7));
	wr(m, 0x100ac, 0x80000000 | ((cons + 4) & 7));
	target(m, 0x1000, true);
	assert_int_equal(rd(m, 0x100a8), 0x80000000 | ((cons + 5) & 7));
	assert_quiet(m);
	machine_free(m);
}

static void interrupts(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	target(m, 0x1000, true);
	assert_false(sim_smmuv3_irq_event(m->smmu));
	wr(m, 0x50, 0x5);
	assert_int_equal(rd(m, 0x54), 0);
	rd(m, 0x54);
	assert_int_equal(rd(m, 0x54), 5);
	assert_true(sim_smmuv3_irq_event(m->smmu));
	wr(m, 0x100ac, 1);
	assert_false(sim_smmuv3_irq_event(m->smmu));
	assert_false(sim_smmuv3_irq_gerror(m->smmu));
	push(m, 0xff, 0);
	rd(m, 0x9c);
	assert_true(sim_smmuv3_irq_gerror(m->smmu));
	wr(m, 0x64, 1);
	assert_false(sim_smmuv3_irq_gerror(m->smmu));
	sim_smmuv3_write(m->smmu, 0xb0, 8, PAGE);
	assert_reported(m, "forbidden");
	machine_free(m);
}

/* An address left in EVENTQ_IRQ_CFG0 makes the SMMU itself write memory. */
static void msi_writes_memory(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	sim_smmuv3_write(m->smmu, 0xb0, 8, PAGE);
	wr(m, 0xb8, 0x1234);
	wr(m, 0x50, 0x4);
	for (int i = 0; i < 3; i++)
		rd(m, 0x54);
	target(m, 0x1000, true);
	assert_reported(m, "MSI");
	assert_int_equal(get(m, PAGE), 0x1234);
	machine_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identification),
		cmocka_unit_test(cr0ack_needs_polling),
		cmocka_unit_test(bad_accesses),
		cmocka_unit_test(queue_too_large),
		cmocka_unit_test(gbpa_handshake),
		cmocka_unit_test(enabling_keeps_bypass_until_acked),
		cmocka_unit_test(commands_need_polling),
		cmocka_unit_test(cmdq_wraps),
		cmocka_unit_test(illegal_commands),
		cmocka_unit_test(illegal_without_feature),
		cmocka_unit_test(command_not_there),
		cmocka_unit_test(unpublished_command),
		cmocka_unit_test(injected_faults),
		cmocka_unit_test(events_wrap_and_overflow),
		cmocka_unit_test(interrupts),
		cmocka_unit_test(msi_writes_memory),
	};

	return cmocka_run_group_tests_name("sim_smmuv3", tests, NULL, NULL);
}
