// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * What drivers that do this job got wrong, one test a lesson. The list itself,
 * with what is a port's or another backend's business, is docs/pitfalls.md.
 */
#include <stdlib.h>
#include <string.h>

#include "rig.h"

#include "core.h"

#define PAGE 4096ull

/* Until the hardware says it is done, every page of an unmap stays pinned. */
static void still_pinned(struct machine *m, enum machine_step step, void *ctx)
{
	struct hypiommu_page_info info;
	uint64_t *looks = ctx;

	if (step != MACHINE_STEP_MMIO_READ && step != MACHINE_STEP_MMIO_WRITE)
		return;
	for (uint64_t i = 0; i < 4; i++) {
		assert_int_equal(
			hypiommu_page_info(m->h, RAM + i * PAGE, &info), 0);
		assert_int_equal(info.pins, 1);
	}
	++*looks;
}

static void pitfall_1_unpin_before_completion(void **state)
{
	struct rig rig;
	uint64_t looks = 0;
	uint32_t d;

	(void)state;
	rig_make(&rig);
	d = rig_domain(&rig, 1, SID_A);
	rig_map(&rig, d, 0, RAM, 4 * PAGE);
	machine_on_step(rig.m, still_pinned, &looks);
	rig_unmap(&rig, d, 0, 4 * PAGE);
	machine_on_step(rig.m, NULL, NULL);
	assert_true(looks >= 2);
	assert_pins(&rig, RAM, 0);
	rig_end(&rig);
}

/* From clearing to unpinning the domain is locked. */
static void domain_is_locked(struct machine *m, enum machine_step step,
			     void *ctx)
{
	uint64_t *looks = ctx;

	(void)step;
	assert_true(lock_taken(&m->h->domains[0].lock.state));
	++*looks;
}

static void pitfall_2_one_lock_over_unmap_and_unpin(void **state)
{
	struct rig rig;
	uint64_t looks = 0;
	uint32_t d;

	(void)state;
	rig_make(&rig);
	d = rig_domain(&rig, 1, SID_A);
	assert_int_equal(d, 0);
	machine_on_step(rig.m, domain_is_locked, &looks);
	rig_map(&rig, d, 0, RAM, 4 * PAGE);
	rig_unmap(&rig, d, 0, 4 * PAGE);
	machine_on_step(rig.m, NULL, NULL);
	assert_true(looks > 10);
	rig_end(&rig);
}

/* Every page a domain's life used, filled by the host with descriptors to
 * everything afterwards: no device may follow them. */
static void pitfall_3_freed_structures_are_unreachable(void **state)
{
	for (unsigned int stage = 1; stage <= 2; stage++) {
		struct rig rig;
		struct front *f = &rig.host;
		uint32_t d;

		(void)state;
		rig_make(&rig);
		d = rig_domain(&rig, stage, SID_A);
		rig_map(&rig, d, 0, RAM, PAGE);
		rig_map(&rig, d, 1ull << 35, RAM, PAGE);
		assert_int_equal(front_domain_free(f, d), HYPIOMMU_E_BUSY);
		assert_reaches(&rig, SID_A, 0, RAM);
		assert_int_equal(front_detach(f, 0, SID_A, d), 0);
		assert_int_equal(front_domain_free(f, d), 0);
		front_reclaim(f);
		for (size_t i = 0; i < f->returned_count; i++) {
			uint64_t *p = sim_mem_ptr(rig.m->mem, f->returned[i]);

			for (uint64_t j = 0; j < 512; j++)
				p[j] = (MACHINE_EL2_BASE + j * PAGE) | 0x7ff;
		}
		assert_aborts(&rig, SID_A, 0);
		assert_aborts(&rig, SID_A, 1ull << 35);
		rig_end(&rig);
	}
}

/* The only ASID, used again: the second user sees nothing of the first. */
static void pitfall_4_identifiers_are_clean(void **state)
{
	for (unsigned int stage = 1; stage <= 2; stage++) {
		struct rig rig;
		struct front *f = &rig.host;

		(void)state;
		rig_defaults(&rig);
		rig.config.limits.domains = 1;
		rig_start(&rig);
		for (uint64_t i = 0; i < 4; i++) {
			uint32_t d = rig_domain(&rig, stage, SID_A);

			assert_aborts(&rig, SID_A, 0);
			rig_map(&rig, d, 0, RAM + i * PAGE, PAGE);
			assert_reaches(&rig, SID_A, 0, RAM + i * PAGE);
			assert_int_equal(front_detach(f, 0, SID_A, d), 0);
			assert_int_equal(front_domain_free(f, d), 0);
		}
		rig_end(&rig);
	}
}

static void pitfall_6_nothing_changes_before_the_owner_check(void **state)
{
	struct rig rig;
	struct front *f = &rig.host;
	uint64_t n, pa;
	uint32_t d;

	(void)state;
	rig_make(&rig);
	assert_int_equal(machine_assign_stream(rig.m, SID_B, HYPIOMMU_HOST,
					       HYPIOMMU_GUEST(0)),
			 0);
	assert_int_equal(machine_donate(rig.m, HYPIOMMU_HOST, HYPIOMMU_GUEST(0),
					RAM, PAGE),
			 0);
	assert_int_equal(front_domain_alloc(&rig.guest, 0, 1, &d), 0);
	assert_int_equal(front_attach(&rig.guest, 0, SID_B, d), 0);
	assert_int_equal(front_map(&rig.guest, d, 0, RAM, PAGE, RW, &n), 0);
	assert_int_equal(front_domain_free(f, d), HYPIOMMU_E_NOENT);
	assert_int_equal(front_detach(f, 0, SID_B, d), HYPIOMMU_E_PERM);
	assert_int_equal(front_unmap(f, d, 0, PAGE, &n), HYPIOMMU_E_NOENT);
	assert_int_equal(front_iova_to_phys(f, d, 0, &pa), HYPIOMMU_E_NOENT);
	assert_int_equal(pa, 0);
	assert_int_equal(front_call(f, HYPIOMMU_HC_IOTLB_SYNC, d, 0, 0, 0, 0),
			 HYPIOMMU_E_NOENT);
	assert_reaches(&rig, SID_B, 0, RAM);
	assert_pins(&rig, RAM, 1);
	rig_end(&rig);
}

static void pitfall_7_blocks_are_not_walked_as_tables(void **state)
{
	struct rig rig;
	uint64_t n, pa;
	uint32_t d;

	(void)state;
	rig_make(&rig);
	d = rig_domain(&rig, 2, SID_A);
	/* A block whose contents look like a table of descriptors. */
	for (uint64_t i = 0; i < 512; i++)
		((uint64_t *)sim_mem_ptr(rig.m->mem, RAM + 2 * MiB))[i] =
			(MACHINE_EL2_BASE + i * PAGE) | 0x7ff;
	rig_map(&rig, d, 2 * MiB, RAM + 2 * MiB, 2 * MiB);
	assert_int_equal(front_map(&rig.host, d, 3 * MiB, RAM, PAGE, RW, &n),
			 HYPIOMMU_E_EXIST);
	assert_int_equal(front_iova_to_phys(&rig.host, d, 3 * MiB, &pa), 0);
	assert_int_equal(pa, RAM + 3 * MiB);
	/* Split, break before make: the observer saw every step. */
	rig_unmap(&rig, d, 2 * MiB + PAGE, PAGE);
	rig_unmap(&rig, d, 3 * MiB, MiB);
	assert_aborts(&rig, SID_A, 3 * MiB);
	assert_reaches(&rig, SID_A, 2 * MiB, RAM + 2 * MiB);
	assert_reaches(&rig, SID_A, 3 * MiB - 1, RAM + 3 * MiB - 1);
	rig_end(&rig);
}

static void pitfall_8_and_17_pins_saturate_to_an_error(void **state)
{
	struct rig rig;
	uint64_t n, iova = 0;
	uint32_t d;
	int err = 0;

	(void)state;
	rig_defaults(&rig);
	rig.config.check = MACHINE_CHECK_OFF;
	rig_start(&rig);
	d = rig_domain(&rig, 1, SID_A);
	while (iova < 70000 * PAGE && !err) {
		err = front_map(&rig.host, d, iova, RAM, PAGE, RW, &n);
		iova += n;
	}
	assert_int_equal(err, HYPIOMMU_E_OVERFLOW);
	assert_int_equal(iova, 65535 * PAGE);
	assert_pins(&rig, RAM, 65535);
	rig_unmap(&rig, d, 0, PAGE);
	assert_int_equal(machine_donate(rig.m, HYPIOMMU_HOST, HYPIOMMU_GUEST(0),
					RAM, PAGE),
			 HYPIOMMU_E_BUSY);
	rig_unmap(&rig, d, PAGE, 65534 * PAGE);
	assert_int_equal(machine_donate(rig.m, HYPIOMMU_HOST, HYPIOMMU_GUEST(0),
					RAM, PAGE),
			 0);
	rig_end(&rig);
}

/* Batches longer than the queue, across its end, every command well-formed:
 * the simulator refuses stray bits. */
static void pitfall_9_batches_wrap(void **state)
{
	for (unsigned int log2 = 1; log2 <= 5; log2++) {
		struct rig rig;
		uint32_t d;

		(void)state;
		rig_defaults(&rig);
		rig.config.check = MACHINE_CHECK_CALLS;
		rig.config.smmu.cmdq_log2 = log2;
		rig.config.smmu.range_inval = false;
		rig_start(&rig);
		d = rig_domain(&rig, 1, SID_A);
		for (uint64_t n = 1; n < 32; n += 3) {
			rig_map(&rig, d, 0, RAM, n * PAGE);
			rig_unmap(&rig, d, 0, n * PAGE);
			assert_aborts(&rig, SID_A, (n - 1) * PAGE);
		}
		assert_int_equal(
			rig.m->stats.notices[HYPIOMMU_NOTICE_COMMAND_ERROR], 0);
		rig_end(&rig);
	}
}

/* A failed call is told by the first result register, sizes are zero. */
static void pitfall_9_and_10_errors_are_not_sizes(void **state)
{
	struct rig rig;
	struct front *f = &rig.host;
	uint32_t d;

	(void)state;
	rig_make(&rig);
	d = rig_domain(&rig, 1, SID_A);
	assert_true(front_call(f, HYPIOMMU_HC_MAP_PAGES, d, 1, RAM, PAGE, RW));
	assert_int_equal(f->last.x[1], 0);
	assert_true(front_call(f, HYPIOMMU_HC_UNMAP_PAGES, d, 0, PAGE, 0, 0));
	assert_int_equal(f->last.x[1], 0);
	assert_true(front_call(f, HYPIOMMU_HC_IOVA_TO_PHYS, d, 0, 0, 0, 0));
	assert_int_equal(f->last.x[1], 0);
	assert_true(front_call(f, HYPIOMMU_HC_DOMAIN_ALLOC, 0, 9, 0, 0, 0));
	assert_int_equal(f->last.x[1], 0);
	assert_true(front_call(f, HYPIOMMU_HC_MEM_TOPUP, 1, 1, 0, 0, 0));
	assert_int_equal(f->last.x[1], 0);
	rig_end(&rig);
}

/* However the hardware misbehaves, a call ends, and within its bound. */
static void pitfall_12_waits_are_bounded(void **state)
{
	const struct sim_smmuv3_faults faults[] = {
		{ .cmdq_stalled = true },
		{ .sync_never = true },
		{ .dead = true },
	};

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct machine_stats before, after;
		struct rig rig;
		uint32_t d;
		int err;

		rig_defaults(&rig);
		rig.config.timeout_us = 500;
		rig.config.check = MACHINE_CHECK_CALLS;
		rig_start(&rig);
		d = rig_domain(&rig, 1, SID_A);
		rig_map(&rig, d, 0, RAM, PAGE);
		machine_get_stats(rig.m, &before);
		sim_smmuv3_set_faults(rig.m->smmu, &faults[i]);
		err = front_call(&rig.host, HYPIOMMU_HC_UNMAP_PAGES, d, 0, PAGE,
				 0, 0);
		machine_get_stats(rig.m, &after);
		assert_true(err == HYPIOMMU_E_TIMEOUT || err == HYPIOMMU_E_HW);
		assert_pins(&rig, RAM, 1);
		/* A wait for the sync (three reads a poll when CONS claims an
		 * error), two for GBPA and one for CR0 on the way
		 * down. */
		assert_true(after.smmu.mmio_reads - before.smmu.mmio_reads <
			    4200);
		rig.m->config.check = MACHINE_CHECK_OFF;
		front_fini(&rig.host);
		machine_destroy(rig.m);
	}
}

static void pitfall_13_no_way_out_is_bypass(void **state)
{
	const struct sim_smmuv3_faults stuck = { .cmdq_stalled = true };
	struct rig rig;
	uint64_t pa;
	uint32_t d;

	(void)state;
	rig_make(&rig);
	d = rig_domain(&rig, 1, SID_A);
	assert_int_equal(machine_suspend(rig.m, 0), 0);
	assert_no_violation(&rig);
	assert_int_equal(machine_reset(rig.m, 0), 0);
	assert_int_equal(front_detach(&rig.host, 0, SID_A, d), 0);
	sim_smmuv3_set_faults(rig.m->smmu, &stuck);
	assert_int_equal(front_attach(&rig.host, 0, SID_A, d),
			 HYPIOMMU_E_TIMEOUT);
	for (uint32_t sid = 0; sid < 0x400; sid++)
		assert_int_equal(machine_translate(rig.m, sid, RAM, true, &pa),
				 SIM_DMA_ABORT);
	rig_end(&rig);
}

/* One store, one word: between two observed steps no structure the hardware
 * reads changes in more than one place (free pages hold links in front). */
struct words {
	uint64_t *before, base, size;
	uint64_t steps;
};

static void one_word_a_step(struct machine *m, enum machine_step step,
			    void *ctx)
{
	struct words *w = ctx;
	const uint64_t *now = sim_mem_ptr(m->mem, w->base);
	uint32_t changed = 0;

	(void)step;
	for (uint64_t i = 0; i < w->size / 8; i++) {
		if (w->before[i] == now[i])
			continue;
		w->before[i] = now[i];
		changed += i % 512 >= 2;
	}
	assert_true(changed <= 1);
	w->steps++;
}

static void pitfall_15_live_words_are_stored_singly(void **state)
{
	for (unsigned int stage = 1; stage <= 2; stage++) {
		struct rig rig;
		struct words w;
		uint32_t d;

		(void)state;
		rig_defaults(&rig);
		rig.config.check = MACHINE_CHECK_CALLS;
		rig.config.table_pages = 48;
		rig.config.limits.domains = 4;
		rig_start(&rig);
		w.size = 48 * PAGE;
		w.base = MACHINE_DONOR_BASE + MACHINE_DONOR_SIZE - w.size;
		w.before = malloc(w.size);
		w.steps = 0;
		memcpy(w.before, sim_mem_ptr(rig.m->mem, w.base), w.size);
		machine_on_step(rig.m, one_word_a_step, &w);
		d = rig_domain(&rig, stage, SID_A);
		rig_map(&rig, d, MiB, RAM + MiB, 20 * PAGE);
		rig_map(&rig, d, 4 * MiB, RAM + 4 * MiB, 2 * MiB);
		rig_unmap(&rig, d, MiB, 20 * PAGE);
		rig_unmap(&rig, d, 4 * MiB, 2 * MiB);
		assert_int_equal(front_detach(&rig.host, 0, SID_A, d), 0);
		machine_on_step(rig.m, NULL, NULL);
		assert_true(w.steps > 50);
		free(w.before);
		rig_end(&rig);
	}
}

static void pitfall_16_register_pages_are_never_mapped(void **state)
{
	struct rig rig;
	uint64_t n, page_state;
	uint32_t d;

	(void)state;
	rig_defaults(&rig);
	rig.config.stay_trusted = true;
	rig_start(&rig);
	/* Nor declared mappable, whole or in part. */
	assert_int_equal(hypiommu_add_mmio(rig.m->h,
					   MACHINE_SMMU_BASE + 0x10000, PAGE,
					   &page_state),
			 HYPIOMMU_E_EXIST);
	assert_int_equal(hypiommu_add_frame(rig.m->h, MACHINE_DOORBELL, PAGE),
			 HYPIOMMU_E_EXIST);
	assert_int_equal(machine_finalise(rig.m), 0);
	d = rig_domain(&rig, 1, SID_A);
	for (uint64_t at = 0; at < MACHINE_SMMU_SIZE; at += PAGE)
		assert_int_equal(front_map(&rig.host, d, at,
					   MACHINE_SMMU_BASE + at, PAGE,
					   RW | HYPIOMMU_PROT_MMIO, &n),
				 HYPIOMMU_E_PERM);
	rig_end(&rig);
}

/* The device is asked to be quiet while its stream aborts, not after. */
static bool quiesced_while_blocked;

static bool on_quiesce(void *ctx, uint32_t smmu, uint32_t sid)
{
	struct machine *m = ctx;
	uint64_t pa;

	(void)smmu;
	quiesced_while_blocked = machine_translate(m, sid, 0, true, &pa) ==
				 SIM_DMA_ABORT;
	return true;
}

static void pitfall_18_handover_quiesces(void **state)
{
	struct hypiommu_sink_ops sink = { .quiesce = on_quiesce };
	struct rig rig;
	uint32_t d;

	(void)state;
	rig_make(&rig);
	rig.m->h->config.sink = &sink;
	d = rig_domain(&rig, 1, SID_A);
	rig_map(&rig, d, 0, RAM, PAGE);
	assert_int_equal(machine_assign_stream(rig.m, SID_A, HYPIOMMU_HOST,
					       HYPIOMMU_GUEST(0)),
			 HYPIOMMU_E_BUSY);
	assert_int_equal(front_detach(&rig.host, 0, SID_A, d), 0);
	assert_int_equal(machine_assign_stream(rig.m, SID_A, HYPIOMMU_HOST,
					       HYPIOMMU_GUEST(0)),
			 0);
	assert_true(quiesced_while_blocked);
	assert_int_equal(front_attach(&rig.host, 0, SID_A, d), HYPIOMMU_E_PERM);
	/* Without a hook nobody can vouch for the device. */
	sink.quiesce = NULL;
	assert_int_equal(hypiommu_assign_stream(rig.m->h, 0, SID_B, 0, 2),
			 HYPIOMMU_E_UNSUPPORTED);
	rig_end(&rig);
}

static void pitfall_19_calls_before_take_over_fail(void **state)
{
	struct hypiommu_regs r = { .x = { HYPIOMMU_HC_DOMAIN_ALLOC, 0, 1 } };
	struct rig rig;

	(void)state;
	rig_defaults(&rig);
	rig.config.stay_trusted = true;
	rig_start(&rig);
	machine_hcall(rig.m, HYPIOMMU_HOST, &r);
	assert_int_equal((int64_t)r.x[0], HYPIOMMU_E_PHASE);
	assert_int_equal(r.x[1], 0);
	rig_end(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pitfall_1_unpin_before_completion),
		cmocka_unit_test(pitfall_2_one_lock_over_unmap_and_unpin),
		cmocka_unit_test(pitfall_3_freed_structures_are_unreachable),
		cmocka_unit_test(pitfall_4_identifiers_are_clean),
		cmocka_unit_test(
			pitfall_6_nothing_changes_before_the_owner_check),
		cmocka_unit_test(pitfall_7_blocks_are_not_walked_as_tables),
		cmocka_unit_test(pitfall_8_and_17_pins_saturate_to_an_error),
		cmocka_unit_test(pitfall_9_batches_wrap),
		cmocka_unit_test(pitfall_9_and_10_errors_are_not_sizes),
		cmocka_unit_test(pitfall_12_waits_are_bounded),
		cmocka_unit_test(pitfall_13_no_way_out_is_bypass),
		cmocka_unit_test(pitfall_15_live_words_are_stored_singly),
		cmocka_unit_test(pitfall_16_register_pages_are_never_mapped),
		cmocka_unit_test(pitfall_18_handover_quiesces),
		cmocka_unit_test(pitfall_19_calls_before_take_over_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
