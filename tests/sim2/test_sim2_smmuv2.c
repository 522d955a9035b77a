/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Identification, streams, context bank types, faults, bad hardware. */
#include "fixture2.h"

static void test_id(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m;

	(void)state;
	c.instances = 2;
	c.nr_smrg = 127;
	c.nr_cb = 128;
	m = machine_new(&c);
	for (unsigned int i = 0; i < 2; i++) {
		/* S1TS S2TS SMS ATOSNS, IRPT 1, CTTW, 15 SID bits, 127. */
		assert_int_equal(rd(m, i, 0x20), 0x6c015e7f);
		/* PAGESIZE, NUMPAGENDXB 6, 128 context banks. */
		assert_int_equal(rd(m, i, 0x24), 0xe0000080);
		/* 48/48/49 bits, 4K 16K 64K. */
		assert_int_equal(rd(m, i, 0x28), 0x7555);
	}
	assert_int_equal(sim_smmuv2_frame_size(m->smmu), 0x1000000);
	sim_smmuv2_override_reg(m->smmu, 1, 0x24, true, 0xffffffff);
	assert_int_equal(rd(m, 0, 0x24), 0xe0000080);
	assert_int_equal(rd(m, 1, 0x24), 0xffffffff);
	assert_quiet(m);
	machine_free(m);
}

static void test_reset_is_bypass(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_new(&c);

	(void)state;
	assert_int_equal(rd(m, 0, 0x0), 1);
	assert_non_null(bypasses(m, 0));
	assert_int_equal(target(m, PAGE, true), PAGE);
	wr(m, 0, 0x0, 0); /* USFCFG = 0: no entry matches, all pass */
	assert_non_null(bypasses(m, 0));
	assert_int_equal(bypasses(m, 0)->sid_mask, UINT32_MAX);
	assert_int_equal(target(m, PAGE, true), PAGE);
	wr(m, 0, 0x0, CR0_ON);
	assert_null(bypasses(m, 0));
	assert_int_equal(target(m, PAGE, true), 0);
	assert_int_equal(rd(m, 0, 0x48), 2); /* USF */
	assert_int_equal(rd(m, 0, 0x40), PAGE);
	assert_int_equal(rd(m, 0, 0x50), 2); /* WNR */
	assert_int_equal(rd(m, 0, 0x54), SID);
	assert_true(sim_smmuv2_irq_global(m->smmu));
	target(m, 0x1000, false);
	assert_int_equal(rd(m, 0, 0x48), 0x80000002); /* MULTI */
	assert_int_equal(rd(m, 0, 0x40), PAGE);
	wr(m, 0, 0x48, 0x80000000);
	assert_int_equal(rd(m, 0, 0x48), 2);
	wr(m, 0, 0x48, 2);
	assert_int_equal(rd(m, 0, 0x48), 0);
	assert_false(sim_smmuv2_irq_global(m->smmu));
	wr(m, 0, 0x0, CR0_ON | 1); /* CLIENTPD overrules all else */
	assert_non_null(bypasses(m, 0));
	assert_int_equal(target(m, PAGE, true), PAGE);
	machine_free(m);
}

static void test_boot_states(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m;

	(void)state;
	c.boot = SIM_SMMUV2_BOOT_BYPASS;
	m = machine_new(&c);
	assert_int_equal(rd(m, 0, 0x0), 0);
	assert_non_null(bypasses(m, 0));
	machine_free(m);

	c.boot = SIM_SMMUV2_BOOT_LIVE;
	c.boot_ttb = L1TAB;
	m = machine_new(&c);
	map_page(m, PAGE | S1_RW);
	assert_int_equal(target(m, IOVA, true), PAGE);
	assert_int_equal(target_of(m, 6, PAGE2, true), PAGE2);
	assert_int_equal(target_of(m, 7, PAGE2, true), 0);
	wr64_all(m, CB(1, 0x20), L2TAB);
	assert_reported(m, "while the bank is live");
	machine_free(m);

	c.boot = SIM_SMMUV2_BOOT_RANDOM;
	c.instances = 2;
	m = machine_new(&c);
	assert_int_equal(rd(m, 0, 0x0), 1);
	assert_int_not_equal(rd(m, 0, 0xc00), 0);
	assert_int_not_equal(rd(m, 0, 0xc00), rd(m, 1, 0xc00));
	machine_free(m);
}

static void test_masks_and_conflict(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_s2(&c);

	(void)state;
	map_page(m, PAGE | S2_RW);
	assert_int_equal(target_of(m, 0x100f, IOVA, true), 0);
	wr(m, 0, 0x808, 0xff80000f); /* mask 0x7f80, ID 0xf */
	assert_int_equal(target_of(m, 0x100f, IOVA, true), PAGE);
	assert_int_equal(target_of(m, 0x000f, IOVA, true), PAGE);
	assert_int_equal(target_of(m, 0x100e, IOVA, true), 0);
	assert_int_equal(reaches(m, 0, PAGE)->sid, 0xf);
	assert_int_equal(reaches(m, 0, PAGE)->sid_mask, 0x7f80);
	assert_quiet(m);
	wr(m, 0, 0xc24, BANK);
	wr(m, 0, 0x824, 0x8000008f); /* inside the other's mask */
	assert_reported(m, "SMR9 conflicts with SMR2");
	wr(m, 0, 0x48, 0xffffffff);
	assert_int_equal(target_of(m, 0x8f, IOVA, true), 0);
	assert_reported(m, "matches 2 entries");
	assert_int_equal(rd(m, 0, 0x48), 4); /* SMCF */
	assert_null(bypasses(m, 0));
	wr(m, 0, 0x0, CR0_ON & ~0x200000u); /* SMCFCFG = 0 */
	assert_non_null(bypasses(m, 0));
	machine_free(m);
}

static void test_indexing(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m;

	(void)state;
	c.indexing = true;
	c.sid_bits = 4;
	c.nr_smrg = 16;
	m = machine_up(&c);
	assert_int_equal(rd(m, 0, 0x20) & 0x8000000, 0); /* no SMS */
	wr(m, 0, 0x808, 0xffffffff);
	assert_int_equal(rd(m, 0, 0x808), 0); /* no SMRs */
	map_page(m, PAGE | S2_RW);
	bank_s2(m);
	bank_on(m);
	for (uint32_t i = 0; i < 16; i++)
		wr(m, 0, 0xc00 + i * 4, 0x20000); /* fault */
	assert_null(bypasses(m, 0));
	assert_int_equal(target(m, IOVA, true), 0);
	wr(m, 0, 0xc00 + SID * 4, BANK);
	assert_int_equal(target(m, IOVA, true), PAGE);
	assert_int_equal(target_of(m, 4, IOVA, true), 0);
	assert_int_equal(target_of(m, 16 + SID, IOVA, true), 0);
	assert_quiet(m);
	machine_free(m);
}

static void test_extended_ids(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m;

	(void)state;
	c.exids = true;
	m = machine_s2(&c);
	map_page(m, PAGE | S2_RW);
	wr(m, 0, 0x0, CR0_ON | 8);
	assert_int_equal(target(m, IOVA, true), 0);
	wr(m, 0, 0x808, 0x0f00c005); /* mask 0xf00, ID 0xc005 */
	assert_int_equal(target_of(m, 0xc205, IOVA, true), 0);
	wr(m, 0, 0xc08, 0x400 | BANK); /* EXIDVALID */
	assert_int_equal(target_of(m, 0xc205, IOVA, true), PAGE);
	assert_int_equal(target_of(m, 0x4205, IOVA, true), 0);
	assert_quiet(m);
	machine_free(m);
}

/* The seeded faults: CBAR left over, S2CR pointing at a freed bank. */
static void test_disabled_bank_is_bypass(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_up(&c);

	(void)state;
	bank_s2(m);
	stream_on(m); /* before SCTLR.M */
	assert_non_null(bypasses(m, 0));
	assert_int_equal(bypasses(m, 0)->context, BANK);
	assert_int_equal(bypasses(m, 0)->sid, SID);
	assert_int_equal(target(m, PAGE2, true), PAGE2);
	bank_on(m);
	assert_null(bypasses(m, 0));
	wr(m, 0, CB(BANK, 0), 0); /* the bank is given back, S2CR is not */
	assert_non_null(bypasses(m, 0));
	wr(m, 0, 0xc08, 0x20000);
	assert_null(bypasses(m, 0));
	wr(m, 0, 0xc08, 0x10000); /* S2CR bypass */
	assert_non_null(bypasses(m, 0));
	assert_quiet(m);
	machine_free(m);
}

/* The next owner of a bank did not write CBAR. */
static void test_cbar_left_over(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_up(&c);

	(void)state;
	bank_s2(m);
	wr(m, 0, 0x10000 + BANK * 4, 0x10007);	     /* the last was stage 1 */
	wr(m, 0, CB(BANK, 0x30), TCR_S2 | 0x800000); /* EPD1, by chance */
	bank_on(m);
	stream_on(m);
	assert_quiet(m);
	map_page(m, PAGE | S2_RO);
	/* S2AP 01, read-only, is AP 01: anyone may write. */
	assert_true(reaches(m, 0, PAGE)->write);
	machine_free(m);

	m = machine_up(&c);
	wr(m, 0, 0x10000 + BANK * 4, 0x7); /* the last was stage 2 */
	wr(m, 0, 0x10800 + BANK * 4, 1);
	wr64_all(m, CB(BANK, 0x20), L1TAB);
	wr(m, 0, CB(BANK, 0x30), TCR_S1);
	bank_on(m);
	stream_on(m);
	assert_reported(m, "SL0 and T0SZ do not agree");
	machine_free(m);
}

static void test_bank_types(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_s1(&c);

	(void)state;
	map_page(m, PAGE | S1_RW);
	assert_int_equal(target(m, IOVA, true), PAGE);
	assert_quiet(m);
	wr(m, 0, 0x10000 + BANK * 4, 0x20007); /* stage 2 faults */
	assert_reported(m, "CBAR3 changed while the bank is live");
	assert_int_equal(target(m, IOVA, true), 0);
	assert_int_equal(rd(m, 0, 0x48), 1); /* ICF */
	wr(m, 0, 0xc08, 0x20000);
	wr(m, 0, 0x10000 + BANK * 4, 0x30007);
	wr(m, 0, 0xc08, BANK);
	assert_reported(m, "nested is not simulated");
	assert_int_equal(target(m, IOVA, true), 0);
	wr(m, 0, 0x48, 0xffffffff);
	wr(m, 0, 0xc08, 99); /* no such bank */
	assert_int_equal(target(m, IOVA, true), 0);
	assert_int_equal(rd(m, 0, 0x48), 8); /* UCBF */
	machine_free(m);
}

static void test_stage2_only_banks(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m;

	(void)state;
	c.nr_s2cb = 4;
	m = machine_up(&c);
	assert_int_equal(rd(m, 0, 0x24) >> 16 & 0xff, 4);
	wr(m, 0, 0x10000 + 3 * 4, 0x10007);
	assert_int_equal(rd(m, 0, 0x10000 + 3 * 4), 7);
	wr(m, 0, 0x10000 + 4 * 4, 0x10007);
	assert_int_equal(rd(m, 0, 0x10000 + 4 * 4), 0x10007);
	machine_free(m);

	c.nr_s2cb = 0;
	c.stage2 = false;
	m = machine_s2(&c);
	assert_reported(m, "no stage 2");
	map_page(m, PAGE | S2_RW);
	assert_int_equal(target(m, IOVA, true), 0);
	machine_free(m);
}

static void test_context_fault(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_s2(&c);
	uint64_t val = 1;

	(void)state;
	map_page(m, PAGE | S2_RO);
	assert_int_equal(dma(m, IOVA, false, &val), SIM2_DMA_OK);
	assert_int_equal(dma(m, IOVA + 8, true, &val), SIM2_DMA_ABORT);
	assert_int_equal(rd(m, 0, CB(BANK, 0x58)), 8); /* PF */
	assert_int_equal(rd(m, 0, CB(BANK, 0x60)), IOVA + 8);
	assert_int_equal(rd(m, 0, CB(BANK, 0x68)), 0x13); /* WNR, level 3 */
	assert_int_equal(rd(m, 0, 0x10400 + BANK * 4), SID);
	assert_true(sim_smmuv2_irq_context(m->smmu, BANK));
	/* HUPCF = 0: nothing passes until the fault is cleared. */
	assert_int_equal(dma(m, IOVA, false, &val), SIM2_DMA_ABORT);
	wr(m, 0, CB(BANK, 0x58), 8);
	assert_int_equal(dma(m, IOVA, false, &val), SIM2_DMA_OK);
	/* CFCFG = 1, HUPCF = 1: stalled until RESUME. */
	wr(m, 0, CB(BANK, 0), SCTLR | 0x180);
	assert_int_equal(dma(m, IOVA + 0x1000, false, &val), SIM2_DMA_STALL);
	assert_int_equal(rd(m, 0, CB(BANK, 0x58)), 0x40000002); /* SS TF */
	assert_int_equal(dma(m, IOVA, false, &val), SIM2_DMA_OK);
	wr(m, 0, CB(BANK, 0x58), 0xffffffff);
	assert_int_equal(rd(m, 0, CB(BANK, 0x58)), 0x40000000);
	wr(m, 0, CB(BANK, 0x8), 1);
	assert_int_equal(rd(m, 0, CB(BANK, 0x58)), 0);
	assert_quiet(m);
	machine_free(m);
}

static void test_bad_hardware(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct sim_smmuv2_faults f = { .mmio = { .dead = true } };
	struct machine *m;

	(void)state;
	c.instances = 2;
	m = machine_up(&c);
	sim_smmuv2_set_faults(m->smmu, 1, &f);
	assert_int_equal(rd(m, 0, 0x0), CR0_ON);
	assert_int_equal(rd(m, 1, 0x0), 0xffffffff);
	f = (struct sim_smmuv2_faults){ .mmio = { .ignore_one = true,
						  .ignore_offset = 0xc08 } };
	sim_smmuv2_set_faults(m->smmu, 1, &f);
	wr_all(m, 0xc08, 0x20000);
	wr_all(m, 0xc0c, 0x20000);
	assert_int_equal(rd(m, 0, 0xc08), 0x20000);
	assert_int_equal(rd(m, 1, 0xc08), 0);
	assert_int_equal(rd(m, 1, 0xc0c), 0x20000);
	assert_quiet(m);
	machine_free(m);
}

static void test_mmu500(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m;

	(void)state;
	c.mmu500 = true;
	m = machine_up(&c);
	wr(m, 0, CB(BANK, 4), 0); /* locked */
	assert_int_equal(rd(m, 0, CB(BANK, 4)), 2);
	bank_s2(m);
	bank_on(m);
	stream_on(m);
	assert_reported(m, "CPRE is set");
	wr(m, 0, 0x10, rd(m, 0, 0x10) & ~0x4000000u);
	wr(m, 0, CB(BANK, 4), 0);
	assert_int_equal(rd(m, 0, CB(BANK, 4)), 0);
	assert_quiet(m);
	machine_free(m);
}

static void test_access_size(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_up(&c);

	(void)state;
	sim_smmuv2_write(m->smmu, 0, 0xc00, 8, 0);
	assert_reported(m, "access of 8 bytes");
	wr(m, 0, 0x7c, 0);
	assert_reported(m, "write to GR0 + 0x7c");
	sim_smmuv2_read(m->smmu, 0, 0x1000000, 4);
	assert_reported(m, "outside the frame");
	sim_smmuv2_read(m->smmu, 0, 0x30000, 4);
	assert_reported(m, "reserved page");
	machine_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_id),
		cmocka_unit_test(test_reset_is_bypass),
		cmocka_unit_test(test_boot_states),
		cmocka_unit_test(test_masks_and_conflict),
		cmocka_unit_test(test_indexing),
		cmocka_unit_test(test_extended_ids),
		cmocka_unit_test(test_disabled_bank_is_bypass),
		cmocka_unit_test(test_cbar_left_over),
		cmocka_unit_test(test_bank_types),
		cmocka_unit_test(test_stage2_only_banks),
		cmocka_unit_test(test_context_fault),
		cmocka_unit_test(test_bad_hardware),
		cmocka_unit_test(test_mmu500),
		cmocka_unit_test(test_access_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
