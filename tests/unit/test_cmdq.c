// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The command queue of an SMMUv3 when more than one thing goes wrong: whatever
 * it is, the unmap says so, its pages stay pinned, nothing is reached any more,
 * and a reset makes the machine whole.
 */
#include "tap.h"

#define PAGE	     4096ull
#define COUNT(a)     (sizeof(a) / sizeof((a)[0]))
#define CERROR_ILL   1u
#define CMDQ_PROD    0x98u
#define CMDQ_CONS    0x9cu
#define GERROR	     0x60u
#define GERROR_SFM   (1u << 8)
#define CONS_ILLEGAL (CERROR_ILL << 24)

/* ---------------------------------------------------------- the scenario */

struct queue_rig {
	struct rig rig;
	uint32_t domain;
};

static void start(struct queue_rig *q, bool ranges)
{
	struct machine_config *c = &q->rig.config;

	rig_defaults(&q->rig);
	c->smmu.range_inval = ranges;
	c->smmu.hyp = true;
	c->smmu.cmdq_log2 = 3; /* eight commands */
	c->timeout_us = 40;
	c->no_judge = true; /* to it this hardware is good */
	rig_start(&q->rig);
	tap_install(q->rig.m);
	q->domain = rig_domain(&q->rig, 1, SID_A);
	rig_map(&q->rig, q->domain, 0, RAM, 64 * PAGE);
	assert_reaches(&q->rig, SID_A, 0, RAM);
}

static int unmap(struct queue_rig *q, uint64_t pages)
{
	return front_call(&q->rig.host, HYPIOMMU_HC_UNMAP_PAGES, q->domain, 0,
			  pages * PAGE, 0, 0);
}

/* The unmap of so many pages failed. Now all is good. */
static void fails_and_recovers(struct queue_rig *q, uint64_t pages)
{
	struct front *f = &q->rig.host;

	assert_int_equal(f->last.x[1], pages * PAGE);
	assert_aborts(&q->rig, SID_A, 0);
	assert_aborts(&q->rig, SID_A, 63 * PAGE);
	assert_pins(&q->rig, RAM, 1);
	assert_pins(&q->rig, RAM + (pages - 1) * PAGE, 1);
	assert_int_equal(unmap(q, 1), HYPIOMMU_E_BROKEN);
	assert_int_equal(f->last.x[1], 0);
	tap.read = NULL;
	sim_smmuv3_on_fail(q->rig.m->smmu, NULL, NULL);
	assert_int_equal(machine_reset(q->rig.m, 0), 0);
	assert_pins(&q->rig, RAM, 1);
	assert_int_equal(
		front_call(f, HYPIOMMU_HC_IOTLB_SYNC, q->domain, 0, 0, 0, 0),
		0);
	assert_pins(&q->rig, RAM, 0);
	assert_pins(&q->rig, RAM + (pages - 1) * PAGE, 0);
	assert_pins(&q->rig, RAM + pages * PAGE, 1);
	assert_aborts(&q->rig, SID_A, 0);
	assert_reaches(&q->rig, SID_A, pages * PAGE, RAM + pages * PAGE);
	rig_unmap(&q->rig, q->domain, pages * PAGE, PAGE);
	rig_end(&q->rig);
}

/* ------------------------------------------------------------- commands */

/* Which of the commands are called illegal, and which CMD_SYNC never ends; the
 * first is number 1. */
struct script {
	unsigned int illegal[6], sync, commands, syncs;
};

static unsigned int play(void *ctx, enum sim_may_fail what)
{
	struct script *s = ctx;

	if (what == SIM_FAIL_SYNC)
		return ++s->syncs == s->sync;
	s->commands++;
	for (size_t i = 0; i < COUNT(s->illegal); i++) {
		if (s->illegal[i] == s->commands)
			return CERROR_ILL;
	}
	return 0;
}

/* One refusal is made good by invalidating everything; if that is refused as
 * well, or does not end, there is nothing left to try. */
static void test_the_second_attempt_fails_too(void **state)
{
	static const struct {
		struct script script;
		int err;
	} cases[] = {
		/* TLBI, CMD_SYNC; then CFGI_ALL, NSNH, EL2, CMD_SYNC. */
		{ { .illegal = { 1, 4 } }, HYPIOMMU_E_HW },
		{ { .illegal = { 1, 5 } }, HYPIOMMU_E_HW },
		{ { .illegal = { 1, 6 } }, HYPIOMMU_E_HW },
		{ { .illegal = { 1, 4, 5 } }, HYPIOMMU_E_HW },
		{ { .illegal = { 1 }, .sync = 3 }, HYPIOMMU_E_TIMEOUT },
		{ { .illegal = { 1, 2, 3, 4, 5 } }, HYPIOMMU_E_HW },
		{ { .sync = 1 }, HYPIOMMU_E_TIMEOUT },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct script s = cases[i].script;
		struct queue_rig q;

		start(&q, true);
		sim_smmuv3_on_fail(q.rig.m->smmu, play, &s);
		assert_int_equal(unmap(&q, 4), cases[i].err);
		fails_and_recovers(&q, 4);
	}
}

static void test_one_refusal_is_made_good(void **state)
{
	(void)state;
	for (unsigned int k = 1; k <= 3; k++) {
		struct script s = { .illegal = { k } };
		struct queue_rig q;
		struct sim_smmuv3_stats before, after;

		start(&q, true);
		sim_smmuv3_stats(q.rig.m->smmu, &before);
		sim_smmuv3_on_fail(q.rig.m->smmu, play, &s);
		assert_int_equal(unmap(&q, 4), 0);
		sim_smmuv3_on_fail(q.rig.m->smmu, NULL, NULL);
		sim_smmuv3_stats(q.rig.m->smmu, &after);
		/* Configurations are forgotten only where all is. */
		assert_int_equal(after.cfgi - before.cfgi, k <= 2);
		assert_pins(&q.rig, RAM, 0);
		assert_aborts(&q.rig, SID_A, 0);
		assert_reaches(&q.rig, SID_A, 4 * PAGE, RAM + 4 * PAGE);
		rig_end(&q.rig);
	}
}

/* Four refusals at once are made good like one; more are no accident. */
static void test_some_refusals_are_too_many(void **state)
{
	(void)state;
	for (unsigned int n = 4; n <= 5; n++) {
		struct script s = { .illegal = { 1, 2, 3, 4 } };
		struct queue_rig q;

		start(&q, false);
		if (n == 5)
			s.illegal[4] = 5;
		sim_smmuv3_on_fail(q.rig.m->smmu, play, &s);
		assert_int_equal(unmap(&q, 5), n == 4 ? 0 : HYPIOMMU_E_HW);
		if (n == 5) {
			fails_and_recovers(&q, 5);
			continue;
		}
		sim_smmuv3_on_fail(q.rig.m->smmu, NULL, NULL);
		assert_pins(&q.rig, RAM, 0);
		assert_aborts(&q.rig, SID_A, 0);
		rig_end(&q.rig);
	}
}

/* A queue that is full and does not move: no command is put over another. */
static uint32_t last_prod;

static bool watch_prod(uint32_t window, uint32_t offset, unsigned int width,
		       uint64_t value)
{
	(void)window, (void)width;
	if (offset == CMDQ_PROD)
		last_prod = (uint32_t)value;
	return false;
}

static uint32_t cons_at;

static uint64_t stuck_cons(uint32_t window, uint32_t offset, unsigned int width,
			   uint64_t value)
{
	(void)window, (void)width;
	return offset == CMDQ_CONS ? cons_at : value;
}

static void test_full_and_stuck(void **state)
{
	const uint64_t pages[] = { 7, 8, 9, 20, 32 };

	(void)state;
	for (size_t i = 0; i < COUNT(pages); i++) {
		struct queue_rig q;
		struct hypiommu_regs *x = &q.rig.host.last;

		start(&q, false);
		tap.write = watch_prod;
		assert_int_equal(unmap(&q, 1), 0);
		/* From here on nothing is consumed. */
		cons_at = last_prod;
		tap.read = stuck_cons;
		assert_int_equal(front_call(&q.rig.host,
					    HYPIOMMU_HC_UNMAP_PAGES, q.domain,
					    PAGE, pages[i] * PAGE, 0, 0),
				 HYPIOMMU_E_TIMEOUT);
		assert_int_equal(x->x[1], pages[i] * PAGE);
		assert_int_equal((last_prod - cons_at) & 15, 8);
		assert_aborts(&q.rig, SID_A, PAGE);
		assert_pins(&q.rig, RAM + PAGE, 1);
		assert_pins(&q.rig, RAM + pages[i] * PAGE, 1);
		tap.read = NULL;
		assert_int_equal(machine_reset(q.rig.m, 0), 0);
		assert_int_equal(front_call(&q.rig.host, HYPIOMMU_HC_IOTLB_SYNC,
					    q.domain, 0, 0, 0, 0),
				 0);
		assert_pins(&q.rig, RAM + PAGE, 0);
		assert_pins(&q.rig, RAM + pages[i] * PAGE, 0);
		rig_unmap(&q.rig, q.domain, 40 * PAGE, 24 * PAGE);
		assert_reaches(&q.rig, SID_A, 39 * PAGE, RAM + 39 * PAGE);
		rig_end(&q.rig);
	}
}

/* ------------------------------------------------------------ registers */

static uint32_t error_bits;

/* It stopped at a command, and GERROR says that and more. */
static uint64_t stopped(uint32_t window, uint32_t offset, unsigned int width,
			uint64_t value)
{
	(void)window, (void)width;
	if (offset == CMDQ_CONS)
		return value | CONS_ILLEGAL;
	return offset == GERROR ? value ^ error_bits : value;
}

static uint64_t off_the_bus(uint32_t window, uint32_t offset,
			    unsigned int width, uint64_t value)
{
	(void)window, (void)width;
	if (offset == CMDQ_CONS)
		return value | CONS_ILLEGAL;
	return offset == GERROR ? 0xffffffff : value;
}

static void test_worse_than_an_error(void **state)
{
	struct queue_rig q;

	(void)state;
	start(&q, true);
	error_bits = GERROR_SFM | 1;
	tap.read = stopped;
	assert_int_equal(unmap(&q, 2), HYPIOMMU_E_HW);
	fails_and_recovers(&q, 2);
	start(&q, true);
	error_bits = GERROR_SFM;
	tap.read = stopped;
	assert_int_equal(unmap(&q, 2), HYPIOMMU_E_HW);
	fails_and_recovers(&q, 2);
	start(&q, true);
	tap.read = off_the_bus;
	assert_int_equal(unmap(&q, 2), HYPIOMMU_E_HW);
	fails_and_recovers(&q, 2);
}

/* A reset whose last wait fails has switched the SMMU on: off it goes again. */
#define IRQ_CTRL    0x50u
#define IRQ_CTRLACK 0x54u
static bool interrupts_on;

static bool interrupts(uint32_t window, uint32_t offset, unsigned int width,
		       uint64_t value)
{
	(void)window, (void)width;
	if (offset == IRQ_CTRL)
		interrupts_on = value;
	return false;
}

static uint64_t no_interrupts(uint32_t window, uint32_t offset,
			      unsigned int width, uint64_t value)
{
	(void)window, (void)width;
	return offset == IRQ_CTRLACK && interrupts_on ? 0 : value;
}

static void test_a_reset_that_fails_late(void **state)
{
	struct queue_rig q;

	(void)state;
	start(&q, false);
	tap.write = interrupts;
	tap.read = no_interrupts;
	assert_int_equal(machine_reset(q.rig.m, 0), HYPIOMMU_E_TIMEOUT);
	assert_aborts(&q.rig, SID_A, 0);
	tap.read = NULL;
	assert_int_equal(machine_reset(q.rig.m, 0), 0);
	assert_reaches(&q.rig, SID_A, 0, RAM);
	assert_int_equal(unmap(&q, 64), 0);
	rig_end(&q.rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_second_attempt_fails_too),
		cmocka_unit_test(test_one_refusal_is_made_good),
		cmocka_unit_test(test_some_refusals_are_too_many),
		cmocka_unit_test(test_full_and_stuck),
		cmocka_unit_test(test_worse_than_an_error),
		cmocka_unit_test(test_a_reset_that_fails_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
