// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Domains, streams and mappings through hypercalls, every step observed. */
#include <string.h>

#include "rig.h"

#define PAGE 4096ull

static void test_dma_moves_data(void **state)
{
	for (unsigned int stage = 1; stage <= 2; stage++) {
		struct rig rig;
		uint32_t d;
		uint64_t n;
		char out[64] = "written by the device", in[64];

		(void)state;
		rig_make(&rig);
		d = rig_domain(&rig, stage, SID_A);
		rig_map(&rig, d, 0x7000, RAM + 5 * PAGE, 2 * PAGE);
		assert_int_equal(machine_dma(rig.m, SID_A, 0x7fe0, true, out,
					     sizeof(out)),
				 SIM_DMA_OK);
		assert_memory_equal(
			sim_mem_ptr(rig.m->mem, RAM + 5 * PAGE + 0xfe0), out,
			sizeof(out));
		assert_int_equal(machine_dma(rig.m, SID_A, 0x7fe0, false, in,
					     sizeof(in)),
				 SIM_DMA_OK);
		assert_memory_equal(in, out, sizeof(in));
		/* Read-only pages are. */
		assert_int_equal(front_map(&rig.host, d, 0x9000, RAM + PAGE,
					   PAGE, HYPIOMMU_PROT_READ, &n),
				 0);
		assert_int_equal(
			machine_dma(rig.m, SID_A, 0x9000, false, in, 8),
			SIM_DMA_OK);
		assert_int_equal(machine_dma(rig.m, SID_A, 0x9000, true, in, 8),
				 SIM_DMA_ABORT);
		rig_end(&rig);
	}
}

static void test_write_only_at_stage_2(void **state)
{
	struct rig rig;
	uint64_t n, pa;
	uint32_t d;

	(void)state;
	rig_make(&rig);
	d = rig_domain(&rig, 2, SID_A);
	assert_int_equal(
		front_map(&rig.host, d, 0, RAM, PAGE, HYPIOMMU_PROT_WRITE, &n),
		0);
	assert_int_equal(machine_translate(rig.m, SID_A, 0, true, &pa),
			 SIM_DMA_OK);
	assert_int_equal(machine_translate(rig.m, SID_A, 0, false, &pa),
			 SIM_DMA_ABORT);
	rig_end(&rig);
}

static void test_attach_detach(void **state)
{
	struct rig rig;
	uint32_t d1, d2;
	struct front *f = &rig.host;

	(void)state;
	rig_make(&rig);
	assert_aborts(&rig, SID_A, 0);
	d1 = rig_domain(&rig, 1, SID_A);
	rig_map(&rig, d1, 0, RAM, PAGE);
	d2 = rig_domain(&rig, 2, SID_B);
	rig_map(&rig, d2, 0, RAM + PAGE, PAGE);
	assert_reaches(&rig, SID_A, 0, RAM);
	assert_reaches(&rig, SID_B, 0, RAM + PAGE);
	assert_aborts(&rig, SID_C, 0);
	/* Two streams, one domain. */
	assert_int_equal(front_attach(f, 0, SID_C, d1), 0);
	assert_reaches(&rig, SID_C, 0, RAM);
	assert_int_equal(front_attach(f, 0, SID_C, d1), HYPIOMMU_E_BUSY);
	assert_int_equal(front_attach(f, 0, SID_C, d2), HYPIOMMU_E_BUSY);
	assert_int_equal(front_detach(f, 0, SID_C, d2), HYPIOMMU_E_NOENT);
	assert_int_equal(front_attach(f, 0, 0x77, d2), HYPIOMMU_E_NOENT);
	assert_int_equal(front_attach(f, 1, SID_A, d2), HYPIOMMU_E_NOENT);
	assert_int_equal(front_attach(f, 0, SID_A, 63), HYPIOMMU_E_NOENT);
	assert_int_equal(front_attach(f, 0, SID_A, 64), HYPIOMMU_E_NOENT);
	assert_int_equal(front_domain_free(f, d1), HYPIOMMU_E_BUSY);
	assert_int_equal(front_detach(f, 0, SID_A, d1), 0);
	assert_aborts(&rig, SID_A, 0);
	assert_reaches(&rig, SID_C, 0, RAM);
	/* Through another domain, of the other stage, and back. */
	assert_int_equal(front_attach(f, 0, SID_A, d2), 0);
	assert_reaches(&rig, SID_A, 0, RAM + PAGE);
	assert_int_equal(front_detach(f, 0, SID_A, d2), 0);
	assert_int_equal(front_attach(f, 0, SID_A, d1), 0);
	assert_reaches(&rig, SID_A, 0, RAM);
	rig_end(&rig);
}

static void test_free_drains_in_bounds(void **state)
{
	struct rig rig;
	uint32_t d;
	int calls = 0, err;

	(void)state;
	rig_defaults(&rig);
	rig.config.check = MACHINE_CHECK_CALLS;
	rig_start(&rig);
	d = rig_domain(&rig, 1, SID_A);
	for (uint64_t i = 0; i < 2000; i++)
		rig_map(&rig, d, i * 5 * PAGE, RAM + i * PAGE, PAGE);
	rig_map(&rig, d, 1ull << 40, RAM, 4 * MiB);
	assert_int_equal(front_detach(&rig.host, 0, SID_A, d), 0);
	do {
		uint64_t n;

		err = front_call(&rig.host, HYPIOMMU_HC_DOMAIN_FREE, d, 0, 0, 0,
				 0);
		calls++;
		if (err != HYPIOMMU_E_AGAIN)
			break;
		/* Dying: it answers nothing else. */
		assert_int_equal(front_map(&rig.host, d, 0, RAM, PAGE, RW, &n),
				 HYPIOMMU_E_NOENT);
		assert_int_equal(front_attach(&rig.host, 0, SID_A, d),
				 HYPIOMMU_E_NOENT);
	} while (calls < 10000);
	assert_int_equal(err, 0);
	assert_true(calls > 3);
	for (uint64_t i = 0; i < 2000; i++)
		assert_pins(&rig, RAM + i * PAGE, 0);
	assert_int_equal(front_domain_free(&rig.host, d), HYPIOMMU_E_NOENT);
	rig_end(&rig);
}

static void test_domain_numbers_run_out(void **state)
{
	struct rig rig;
	uint32_t d[4], more;

	(void)state;
	rig_defaults(&rig);
	rig.config.limits.domains = 4;
	rig_start(&rig);
	for (int i = 0; i < 4; i++)
		assert_int_equal(front_domain_alloc(&rig.host, 0,
						    1 + (unsigned)i % 2, &d[i]),
				 0);
	assert_int_equal(front_domain_alloc(&rig.host, 0, 1, &more),
			 HYPIOMMU_E_NOSPC);
	assert_int_equal(front_domain_free(&rig.host, d[2]), 0);
	assert_int_equal(front_domain_alloc(&rig.host, 0, 2, &more), 0);
	assert_int_equal(front_domain_alloc(&rig.host, 0, 3, &more),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(front_domain_alloc(&rig.host, 0, 0, &more),
			 HYPIOMMU_E_INVAL);
	rig_end(&rig);
}

/* Hardware with 8-bit VMIDs has 255 for 300 domains. */
static void test_vmids_run_out(void **state)
{
	struct rig rig;
	uint32_t d, i;
	int err = 0;

	(void)state;
	rig_defaults(&rig);
	rig.config.check = MACHINE_CHECK_OFF;
	rig.config.limits.domains = 300;
	rig.config.smmu.vmid16 = false;
	rig.config.smmu.asid16 = false;
	rig_start(&rig);
	for (i = 0; i < 300 && !err; i++)
		err = front_domain_alloc(&rig.host, 0, 2, &d);
	assert_int_equal(err, HYPIOMMU_E_NOSPC);
	assert_int_equal(i, 256);
	assert_int_equal(front_domain_alloc(&rig.host, 0, 1, &d), 0);
	rig_end(&rig);
}

static void test_refused_midway_is_rolled_back(void **state)
{
	for (unsigned int stage = 1; stage <= 2; stage++) {
		struct rig rig;
		struct machine_stats st;
		uint64_t n;
		uint32_t d;

		(void)state;
		rig_make(&rig);
		d = rig_domain(&rig, stage, SID_A);
		/* A page in the way, in the second table. */
		rig_map(&rig, d, 2 * MiB, RAM + 9 * PAGE, PAGE);
		assert_int_equal(front_call(&rig.host, HYPIOMMU_HC_MAP_PAGES, d,
					    2 * MiB - 8 * PAGE, RAM + 20 * PAGE,
					    16 * PAGE, RW),
				 HYPIOMMU_E_EXIST);
		assert_int_equal(rig.host.last.x[1], 0);
		for (uint64_t i = 0; i < 16; i++)
			assert_pins(&rig, RAM + (20 + i) * PAGE, 0);
		assert_aborts(&rig, SID_A, 2 * MiB - 8 * PAGE);
		assert_reaches(&rig, SID_A, 2 * MiB, RAM + 9 * PAGE);
		/* A guest's page at the end: nothing at all is mapped. */
		assert_int_equal(machine_donate(rig.m, HYPIOMMU_HOST,
						HYPIOMMU_GUEST(0),
						RAM + 35 * PAGE, PAGE),
				 0);
		assert_int_equal(front_map(&rig.host, d, 0, RAM + 20 * PAGE,
					   16 * PAGE, RW, &n),
				 HYPIOMMU_E_PERM);
		assert_aborts(&rig, SID_A, 0);
		rig_unmap(&rig, d, 2 * MiB, PAGE);
		machine_get_stats(rig.m, &st);
		/* Only the root is left. */
		assert_int_equal(st.table_pages, 1);
		rig_end(&rig);
	}
}

static void test_unmap_reports_exactly(void **state)
{
	struct rig rig;
	uint64_t n;
	uint32_t d;

	(void)state;
	rig_make(&rig);
	d = rig_domain(&rig, 1, SID_A);
	assert_int_equal(front_unmap(&rig.host, d, 0, PAGE, &n),
			 HYPIOMMU_E_NOENT);
	rig_map(&rig, d, 0, RAM, 4 * PAGE);
	rig_map(&rig, d, 6 * PAGE, RAM + 6 * PAGE, 2 * PAGE);
	/* Up to the hole, then the hole. */
	assert_int_equal(front_unmap(&rig.host, d, 2 * PAGE, 6 * PAGE, &n),
			 HYPIOMMU_E_NOENT);
	assert_int_equal(n, 2 * PAGE);
	assert_reaches(&rig, SID_A, PAGE, RAM + PAGE);
	assert_aborts(&rig, SID_A, 2 * PAGE);
	assert_reaches(&rig, SID_A, 6 * PAGE, RAM + 6 * PAGE);
	/* Inside a block: split, the rest stays. */
	rig_map(&rig, d, 4 * MiB, RAM + 4 * MiB, 2 * MiB);
	rig_unmap(&rig, d, 4 * MiB + 5 * PAGE, PAGE);
	assert_aborts(&rig, SID_A, 4 * MiB + 5 * PAGE);
	assert_reaches(&rig, SID_A, 4 * MiB + 6 * PAGE,
		       RAM + 4 * MiB + 6 * PAGE);
	assert_pins(&rig, RAM + 4 * MiB + 5 * PAGE, 0);
	assert_pins(&rig, RAM + 4 * MiB + 4 * PAGE, 1);
	rig_unmap(&rig, d, 4 * MiB, 5 * PAGE);
	rig_unmap(&rig, d, 4 * MiB + 6 * PAGE, 506 * PAGE);
	rig_end(&rig);
}

/* A block is split without a table page at hand: refused, unchanged. */
static void test_split_needs_memory(void **state)
{
	struct rig rig;
	struct front *f = &rig.host;
	uint32_t d;

	(void)state;
	rig_make(&rig);
	d = rig_domain(&rig, 2, SID_A);
	rig_map(&rig, d, 4 * MiB, RAM + 4 * MiB, 2 * MiB);
	while (!front_call(f, HYPIOMMU_HC_MEM_GIVEBACK, HYPIOMMU_ANY_PAGE, 0, 0,
			   0, 0))
		;
	assert_int_equal(
		front_call(f, HYPIOMMU_HC_UNMAP_PAGES, d, 4 * MiB, PAGE, 0, 0),
		HYPIOMMU_E_NOMEM);
	assert_int_equal(f->last.x[1], 0);
	assert_int_equal(f->last.x[3], 1);
	assert_reaches(&rig, SID_A, 4 * MiB, RAM + 4 * MiB);
	rig_unmap(&rig, d, 4 * MiB, PAGE);
	assert_reaches(&rig, SID_A, 4 * MiB + PAGE, RAM + 4 * MiB + PAGE);
	rig_end(&rig);
}

/* The invalidation of a split fails: the old block is back, all pinned. */
static void test_split_that_fails(void **state)
{
	const struct sim_smmuv3_faults stuck = { .sync_never = true };
	const struct sim_smmuv3_faults none = { 0 };
	struct rig rig;
	uint64_t n;
	uint32_t d;

	(void)state;
	rig_make(&rig);
	d = rig_domain(&rig, 1, SID_A);
	rig_map(&rig, d, 4 * MiB, RAM + 4 * MiB, 2 * MiB);
	sim_smmuv3_set_faults(rig.m->smmu, &stuck);
	assert_int_equal(front_unmap(&rig.host, d, 4 * MiB, PAGE, &n),
			 HYPIOMMU_E_TIMEOUT);
	assert_int_equal(n, 0);
	assert_pins(&rig, RAM + 4 * MiB, 1);
	sim_smmuv3_set_faults(rig.m->smmu, &none);
	assert_int_equal(machine_reset(rig.m, 0), 0);
	assert_reaches(&rig, SID_A, 4 * MiB, RAM + 4 * MiB);
	rig_unmap(&rig, d, 4 * MiB, 2 * MiB);
	rig_end(&rig);
}

static void test_one_page_many_times(void **state)
{
	struct rig rig;
	uint32_t d;

	(void)state;
	rig_make(&rig);
	d = rig_domain(&rig, 1, SID_A);
	for (uint64_t i = 0; i < 20; i++)
		rig_map(&rig, d, i * PAGE, RAM, PAGE);
	assert_pins(&rig, RAM, 20);
	for (uint64_t i = 0; i < 20; i++) {
		assert_int_equal(machine_donate(rig.m, HYPIOMMU_HOST,
						HYPIOMMU_GUEST(0), RAM, PAGE),
				 HYPIOMMU_E_BUSY);
		rig_unmap(&rig, d, i * PAGE, PAGE);
	}
	assert_int_equal(machine_donate(rig.m, HYPIOMMU_HOST, HYPIOMMU_GUEST(0),
					RAM, PAGE),
			 0);
	rig_end(&rig);
}

static void test_mmio_window(void **state)
{
	struct rig rig;
	uint64_t n, pa;
	uint32_t d;

	(void)state;
	rig_make(&rig);
	d = rig_domain(&rig, 1, SID_A);
	assert_int_equal(front_map(&rig.host, d, 0xfe000000, MACHINE_DOORBELL,
				   PAGE, 0x1a, &n),
			 0);
	assert_int_equal(machine_translate(rig.m, SID_A, 0xfe000040, true, &pa),
			 SIM_DMA_OK);
	assert_int_equal(pa, MACHINE_DOORBELL + 0x40);
	/* Its neighbour was never declared. */
	assert_int_equal(front_map(&rig.host, d, 0xff000000,
				   MACHINE_DOORBELL + PAGE, PAGE, 0x1a, &n),
			 HYPIOMMU_E_PERM);
	rig_unmap(&rig, d, 0xfe000000, PAGE);
	rig_end(&rig);
}

/* A guest with a device of its own: its pages, its domain, nobody else's. */
static void test_guest_domain(void **state)
{
	struct rig rig;
	struct front *g = &rig.guest;
	uint64_t n;
	uint32_t d;

	(void)state;
	rig_make(&rig);
	assert_int_equal(machine_assign_stream(rig.m, SID_B, HYPIOMMU_HOST,
					       HYPIOMMU_GUEST(0)),
			 0);
	assert_int_equal(machine_donate(rig.m, HYPIOMMU_HOST, HYPIOMMU_GUEST(0),
					RAM + MiB, MiB),
			 0);
	assert_int_equal(front_domain_alloc(g, 0, 2, &d), 0);
	assert_int_equal(front_attach(g, 0, SID_A, d), HYPIOMMU_E_PERM);
	assert_int_equal(front_attach(&rig.host, 0, SID_B, d), HYPIOMMU_E_PERM);
	assert_int_equal(front_attach(&rig.host, 0, SID_A, d),
			 HYPIOMMU_E_NOENT);
	assert_int_equal(front_attach(g, 0, SID_B, d), 0);
	assert_int_equal(front_map(g, d, 0, RAM + MiB, PAGE, RW, &n), 0);
	assert_int_equal(front_map(g, d, MiB, RAM, PAGE, RW, &n),
			 HYPIOMMU_E_PERM);
	assert_int_equal(front_map(&rig.host, d, MiB, RAM, PAGE, RW, &n),
			 HYPIOMMU_E_NOENT);
	assert_reaches(&rig, SID_B, 0, RAM + MiB);
	/* The guest's pinned page does not go back either. */
	assert_int_equal(machine_donate(rig.m, HYPIOMMU_GUEST(0), HYPIOMMU_HOST,
					RAM + MiB, PAGE),
			 HYPIOMMU_E_BUSY);
	assert_int_equal(machine_assign_stream(rig.m, SID_B, HYPIOMMU_GUEST(0),
					       HYPIOMMU_HOST),
			 HYPIOMMU_E_BUSY);
	assert_int_equal(front_detach(g, 0, SID_B, d), 0);
	assert_int_equal(front_domain_free(g, d), 0);
	assert_int_equal(machine_assign_stream(rig.m, SID_B, HYPIOMMU_GUEST(0),
					       HYPIOMMU_HOST),
			 0);
	rig_end(&rig);
}

static void test_topup_is_asked_for(void **state)
{
	struct rig rig;
	struct front *f = &rig.host;
	struct machine_stats st;
	uint32_t d;

	(void)state;
	rig_defaults(&rig);
	rig.config.table_pages = 24;
	rig_start(&rig);
	while (!front_call(f, HYPIOMMU_HC_MEM_GIVEBACK, HYPIOMMU_ANY_PAGE, 0, 0,
			   0, 0))
		;
	assert_int_equal(front_call(f, HYPIOMMU_HC_DOMAIN_ALLOC, 0, 1, 0, 0, 0),
			 HYPIOMMU_E_NOMEM);
	assert_int_equal(f->last.x[2], 0);
	assert_int_equal(f->last.x[3], 1);
	assert_int_equal(f->last.x[4], 1ull << 44);
	assert_int_equal(front_domain_alloc(f, 0, 1, &d), 0);
	assert_int_equal(front_attach(f, 0, SID_A, d), 0);
	/* Progress, then the request: exactly three tables for the second. */
	assert_int_equal(
		front_call(f, HYPIOMMU_HC_MAP_PAGES, d, 0, RAM, PAGE, RW),
		HYPIOMMU_E_NOMEM);
	assert_int_equal(f->last.x[1], 0);
	assert_int_equal(f->last.x[3], 3);
	rig_map(&rig, d, 0, RAM, PAGE);
	assert_int_equal(front_call(f, HYPIOMMU_HC_MAP_PAGES, d,
				    2 * MiB - 4 * PAGE, RAM + PAGE, 8 * PAGE,
				    RW),
			 HYPIOMMU_E_NOMEM);
	assert_int_equal(f->last.x[1], 4 * PAGE);
	assert_int_equal(f->last.x[3], 1);
	assert_reaches(&rig, SID_A, 2 * MiB - PAGE, RAM + 4 * PAGE);
	assert_aborts(&rig, SID_A, 2 * MiB);
	assert_pins(&rig, RAM + 5 * PAGE, 0);
	rig_unmap(&rig, d, 2 * MiB - 4 * PAGE, 4 * PAGE);
	rig_unmap(&rig, d, 0, PAGE);
	assert_int_equal(front_detach(f, 0, SID_A, d), 0);
	assert_int_equal(front_domain_free(f, d), 0);
	machine_get_stats(rig.m, &st);
	assert_int_equal(st.table_pages, 0);
	/* All of it comes back. */
	assert_int_equal(front_reclaim(f), f->donated);
	rig_end(&rig);
}

/* Nor back: what a guest had queued would run in the host's domain. */
static void back_without_quiesce(struct rig *rig)
{
	rig->m->config.quiesce_refused = false;
	assert_int_equal(machine_assign_stream(rig->m, SID_B, HYPIOMMU_HOST,
					       HYPIOMMU_GUEST(0)),
			 0);
	rig->m->config.quiesce_refused = true;
	assert_int_equal(machine_assign_stream(rig->m, SID_B, HYPIOMMU_GUEST(0),
					       HYPIOMMU_HOST),
			 HYPIOMMU_E_BUSY);
	assert_int_equal(machine_assign_stream(rig->m, SID_B, HYPIOMMU_GUEST(0),
					       HYPIOMMU_GUEST(1)),
			 HYPIOMMU_E_BUSY);
}

static void test_quiesce_is_needed(void **state)
{
	struct rig rig;

	(void)state;
	rig_defaults(&rig);
	rig.config.quiesce_refused = true;
	rig_start(&rig);
	assert_int_equal(machine_assign_stream(rig.m, SID_B, HYPIOMMU_HOST,
					       HYPIOMMU_GUEST(0)),
			 HYPIOMMU_E_BUSY);
	assert_int_equal(machine_assign_stream(rig.m, SID_B, HYPIOMMU_GUEST(0),
					       HYPIOMMU_HOST),
			 HYPIOMMU_E_PERM);
	assert_int_equal(machine_assign_stream(rig.m, 999, 0, 2),
			 HYPIOMMU_E_NOENT);
	assert_int_equal(machine_assign_stream(rig.m, SID_B, 0, 128),
			 HYPIOMMU_E_INVAL);
	back_without_quiesce(&rig);
	/* Nobody is asked about a device behind an SMMU that is off. */
	assert_int_equal(machine_suspend(rig.m, 0), 0);
	assert_int_equal(machine_assign_stream(rig.m, SID_B, HYPIOMMU_GUEST(0),
					       HYPIOMMU_HOST),
			 HYPIOMMU_E_BROKEN);
	assert_int_equal(machine_reset(rig.m, 0), 0);
	rig_end(&rig);
}

/* Another CPU donates whatever it may, at every register access of an unmap:
 * it must not get a page a device still reaches. */
static void steal(struct machine *m, enum machine_step step, void *ctx)
{
	uint64_t *stolen = ctx;

	if (step != MACHINE_STEP_MMIO_READ && step != MACHINE_STEP_MMIO_WRITE)
		return;
	for (uint64_t i = 0; i < 8; i++) {
		if (!machine_donate(m, HYPIOMMU_HOST, HYPIOMMU_GUEST(0),
				    RAM + i * PAGE, PAGE))
			(*stolen)++;
	}
}

static void test_a_thief_gets_nothing_reachable(void **state)
{
	for (unsigned int stage = 1; stage <= 2; stage++) {
		struct rig rig;
		uint64_t stolen = 0;
		uint32_t d;

		(void)state;
		rig_make(&rig);
		d = rig_domain(&rig, stage, SID_A);
		rig_map(&rig, d, 0, RAM, 8 * PAGE);
		machine_on_step(rig.m, steal, &stolen);
		rig_unmap(&rig, d, 0, 8 * PAGE);
		assert_int_equal(stolen, 0);
		/* Now they are unpinned, and the next access lets it. */
		rig_map(&rig, d, MiB, RAM + MiB, PAGE);
		rig_unmap(&rig, d, MiB, PAGE);
		assert_int_equal(stolen, 8);
		machine_on_step(rig.m, NULL, NULL);
		rig_end(&rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dma_moves_data),
		cmocka_unit_test(test_write_only_at_stage_2),
		cmocka_unit_test(test_attach_detach),
		cmocka_unit_test(test_free_drains_in_bounds),
		cmocka_unit_test(test_domain_numbers_run_out),
		cmocka_unit_test(test_vmids_run_out),
		cmocka_unit_test(test_refused_midway_is_rolled_back),
		cmocka_unit_test(test_unmap_reports_exactly),
		cmocka_unit_test(test_split_needs_memory),
		cmocka_unit_test(test_split_that_fails),
		cmocka_unit_test(test_one_page_many_times),
		cmocka_unit_test(test_mmio_window),
		cmocka_unit_test(test_guest_domain),
		cmocka_unit_test(test_topup_is_asked_for),
		cmocka_unit_test(test_quiesce_is_needed),
		cmocka_unit_test(test_a_thief_gets_nothing_reachable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
