/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Two instances behind one stream, as on Tegra234. */
#include "fixture2.h"

#define OTHER_PAGE  0x40202000u
#define OTHER_TABLE (L3TAB + 16)

/* Unmap and sync on instance 0 only: the other still has it. */
static void test_mirror_split(void **state)
{
	struct sim_smmuv2_config c = default_config();
	uint64_t val = 0x1122334455667788ull, seen = 0;
	unsigned int a, b;
	struct machine *m;

	(void)state;
	c.instances = 2;
	m = machine_s2(&c);
	map_page(m, PAGE | S2_RW);
	put(m, OTHER_TABLE, PAGE2 | S2_RW);
	a = sim_smmuv2_instance_of(m->smmu, IOVA);
	b = sim_smmuv2_instance_of(m->smmu, OTHER_PAGE);
	assert_int_not_equal(a, b); /* one device, both instances */
	assert_int_equal(dma(m, IOVA, true, &val), SIM2_DMA_OK);
	assert_int_equal(dma(m, OTHER_PAGE, true, &val), SIM2_DMA_OK);
	assert_int_equal(sim_mem_dev_read(m->mem, PAGE2, &seen, 8), 0);
	assert_int_equal(seen, val);
	assert_non_null(reaches(m, 0, PAGE));
	assert_non_null(reaches(m, 1, PAGE));
	sim_smmuv2_speculate(m->smmu);
	put(m, L3TAB + 8, 0);
	put(m, OTHER_TABLE, 0);
	wr(m, 0, 0x64, 7);
	gsync(m, 0);
	assert_null(reaches(m, 0, PAGE));
	assert_non_null(reaches(m, 1, PAGE)); /* not written */
	wr(m, 1, 0x64, 7);
	wr(m, 1, 0x70, 0);
	assert_int_equal(rd(m, 0, 0x74), 0);
	assert_non_null(reaches(m, 1, PAGE)); /* not polled */
	assert_int_equal(target(m, IOVA, true) | target(m, OTHER_PAGE, true),
			 a == 1 ? PAGE : PAGE2);
	assert_true(poll(m, 1, 0x74) > 1);
	assert_null(reaches(m, 1, PAGE));
	assert_int_equal(sim_smmuv2_check_mirrors(m->smmu), 0);
	assert_quiet(m);
	machine_free(m);
}

static void test_mirror_out_of_step(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m;

	(void)state;
	c.instances = 2;
	m = machine_s2(&c);
	wr(m, 0, CB(9, 0x20), 0x1000); /* no stream leads to bank 9 */
	assert_int_equal(sim_smmuv2_check_mirrors(m->smmu), 0);
	wr(m, 0, 0xc08, 0x20000);
	assert_int_equal(sim_smmuv2_check_mirrors(m->smmu), 1);
	assert_reported(m, "mirror out of step: S2CR 0x2");
	wr(m, 1, 0xc08, 0x20000);
	wr(m, 1, 0x808, 0x80000006);
	assert_int_equal(sim_smmuv2_check_mirrors(m->smmu), 1);
	assert_reported(m, "mirror out of step: SMR 0x2");
	wr(m, 1, 0x808, 0x80000000 | SID);
	wr(m, 1, 0x0, 1); /* CLIENTPD on the mirror */
	assert_int_equal(sim_smmuv2_check_mirrors(m->smmu), 1);
	assert_null(bypasses(m, 0));
	assert_non_null(bypasses(m, 1));
	wr(m, 1, 0x0, CR0_ON);
	wr_all(m, 0xc08, BANK);
	m->heard.reports = 0;
	wr(m, 1, CB(BANK, 0x30), TCR_S2 + 1);
	assert_reported(m, "changed while the bank is live");
	assert_int_equal(sim_smmuv2_check_mirrors(m->smmu), 1);
	assert_reported(m, "context bank register 0x3030");
	machine_free(m);
}

static void test_sync_never(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct sim_smmuv2_faults f = { .gsync_never = true,
				       .sync_never = true };
	struct machine *m;

	(void)state;
	c.instances = 2;
	m = machine_s2(&c);
	map_page(m, PAGE | S2_RW);
	sim_smmuv2_speculate(m->smmu);
	put(m, L3TAB + 8, 0);
	sim_smmuv2_set_faults(m->smmu, 1, &f);
	wr_all(m, 0x68, 0);
	wr_all(m, 0x70, 0);
	assert_true(poll(m, 0, 0x74) > 1);
	assert_int_equal(poll(m, 1, 0x74), -1);
	wr(m, 1, CB(BANK, 0x7f0), 0);
	assert_int_equal(poll(m, 1, CB(BANK, 0x7f4)), -1);
	assert_null(reaches(m, 0, PAGE));
	assert_non_null(reaches(m, 1, PAGE));
	machine_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mirror_split),
		cmocka_unit_test(test_mirror_out_of_step),
		cmocka_unit_test(test_sync_never),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
