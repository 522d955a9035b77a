// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * A register write may set hardware going: what was stored before it must be in
 * memory by then. So on every kind of machine, whatever is called with a stream
 * attached, a barrier stands between the last store and the next register
 * write.
 */
#include "kinds.h"

#define PAGE 4096ull

static void start(struct rig *rig, enum machine_kind kind)
{
	kinds_defaults(rig, kind);
	rig->config.check = MACHINE_CHECK_CALLS;
	rig->config.smmu.range_inval = false;
	kinds_start(rig);
}

/* ------------------------------------------------------------ every call */

struct order {
	bool stored; /* and no barrier since */
	unsigned int stores, writes;
};

static void in_order(struct machine *m, enum machine_step step, void *ctx)
{
	struct order *o = ctx;

	(void)m;
	switch (step) {
	case MACHINE_STEP_STORE:
		o->stored = true;
		o->stores++;
		break;
	case MACHINE_STEP_BARRIER:
		o->stored = false;
		break;
	case MACHINE_STEP_MMIO_WRITE:
		assert_false(o->stored);
		o->writes++;
		break;
	default:
		break;
	}
}

static void live(struct rig *rig)
{
	uint32_t d = rig_domain(rig, 1, 7);

	rig_map(rig, d, 0, RAM, 40 * PAGE);
	rig_unmap(rig, d, 0, PAGE);
	rig_unmap(rig, d, 2 * PAGE, 38 * PAGE);
	rig_map(rig, d, 4 * MiB, RAM + 4 * MiB, 2 * MiB);
	rig_unmap(rig, d, 4 * MiB, PAGE);
	front_call(&rig->host, HYPIOMMU_HC_FAULT_READ, 0, 0, 0, 0, 0);
	assert_int_equal(machine_suspend(rig->m, 0), 0);
	assert_int_equal(machine_reset(rig->m, 0), 0);
	assert_int_equal(front_detach(&rig->host, 0, 7, d), 0);
	/* What goes when it is freed nothing reads any more. */
}

static void test_every_call(void **state)
{
	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		struct order o = { 0 };
		struct rig rig;

		start(&rig, kinds[i]);
		machine_on_step(rig.m, in_order, &o);
		live(&rig);
		machine_on_step(rig.m, NULL, NULL);
		assert_true(o.stores > 80 && o.writes > 20);
		rig_end(&rig);
	}
}

/* ------------------------------------------------------------ completion */

struct seen {
	bool unordered; /* a register was read, and no barrier since */
	unsigned int reads;
};

static void in_sequence(struct machine *m, enum machine_step step, void *ctx)
{
	struct seen *s = ctx;

	(void)m;
	if (step == MACHINE_STEP_MMIO_READ) {
		s->unordered = true;
		s->reads++;
	}
	if (step == MACHINE_STEP_BARRIER)
		s->unordered = false;
}

/* What follows the read that saw an invalidation complete comes after it. */
static void test_completion(void **state)
{
	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		struct seen s = { 0 };
		struct rig rig;
		uint32_t d;

		start(&rig, kinds[i]);
		d = rig_domain(&rig, 1, 7);
		rig_map(&rig, d, 0, RAM, 4 * PAGE);
		machine_on_step(rig.m, in_sequence, &s);
		rig_unmap(&rig, d, 0, 4 * PAGE);
		machine_on_step(rig.m, NULL, NULL);
		assert_true(s.reads > 0);
		assert_false(s.unordered);
		rig_end(&rig);
	}
}

/* ----------------------------------------------------- a command refused */

/* The k-th command is illegal (IHI 0070 7.1). */
static unsigned int play(void *ctx, enum sim_may_fail what)
{
	unsigned int *k = ctx;

	return what != SIM_FAIL_SYNC && !--*k;
}

/* What takes its place is in memory before the SMMU is told to go on. */
static void test_refused_commands(void **state)
{
	(void)state;
	for (unsigned int k = 1; k <= 4; k++) {
		struct order o = { 0 };
		unsigned int left = k;
		struct rig rig;
		uint32_t d;

		start(&rig, MACHINE_SMMUV3);
		d = rig_domain(&rig, 1, 7);
		rig_map(&rig, d, 0, RAM, 4 * PAGE);
		sim_smmuv3_on_fail(rig.m->smmu, play, &left);
		machine_on_step(rig.m, in_order, &o);
		rig_unmap(&rig, d, 0, 4 * PAGE);
		machine_on_step(rig.m, NULL, NULL);
		sim_smmuv3_on_fail(rig.m->smmu, NULL, NULL);
		assert_true(o.writes > 2);
		rig_end(&rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_call),
		cmocka_unit_test(test_completion),
		cmocka_unit_test(test_refused_commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
