/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Who gets through a leaf, for what, as memory of which type (DDI 0487 D8.4,
 * D8.6), descriptors worked out by hand.
 */
#include "fixture.h"

#define XN0	(1ull << 53) /* PXN at stage 1 */
#define XN1	(1ull << 54) /* UXN at stage 1 */
#define PXN_TAB (1ull << 59)
#define UXN_TAB (1ull << 60)

struct expected {
	uint64_t leaf, table;
	bool unpriv, execute;
	enum sim_memory memory;
};

static void check(const struct expected *e, size_t count,
		  void (*attach)(struct machine *m))
{
	for (size_t i = 0; i < count; i++) {
		struct machine *m = machine_up();
		const struct sim_reach *r;

		map_page(m, PAGE | e[i].leaf);
		put(m, L2TAB + 8, L3TAB | 3 | e[i].table);
		attach(m);
		r = reaches(m, PAGE);
		assert_non_null(r);
		assert_true(r->attrs.said);
		assert_int_equal(r->attrs.unpriv, e[i].unpriv);
		assert_int_equal(r->attrs.execute, e[i].execute);
		assert_int_equal(r->attrs.memory, e[i].memory);
		machine_free(m);
	}
}

static void test_stage_1(void **state)
{
	/* MAIR: 0 is write-back, 1 Device-nGnRE, 2 and on Device-nGnRnE. */
	static const struct expected cases[] = {
		{ S1_RW, 0, true, true, SIM_MEMORY_CACHED },
		{ S1_RW | XN0, 0, true, true, SIM_MEMORY_CACHED },
		/* What the unprivileged may write is never fetched otherwise */
		{ S1_RW | XN1, 0, true, false, SIM_MEMORY_CACHED },
		{ S1_RO | XN1, 0, true, true, SIM_MEMORY_CACHED },
		{ S1_RO | XN0 | XN1, 0, true, false, SIM_MEMORY_CACHED },
		/* To be executed takes no permission to read. */
		{ S1_PRIV, 0, true, true, SIM_MEMORY_CACHED },
		{ S1_PRIV | XN1, 0, false, true, SIM_MEMORY_CACHED },
		{ S1_PRIV | XN0 | XN1, 0, false, false, SIM_MEMORY_CACHED },
		{ S1_RO, UXN_TAB, true, true, SIM_MEMORY_CACHED },
		{ S1_RO, UXN_TAB | PXN_TAB, true, false, SIM_MEMORY_CACHED },
		{ S1_RW | 1 << 2, 0, true, true, SIM_MEMORY_DEVICE },
		{ S1_RW | 2 << 2, 0, true, true, SIM_MEMORY_OTHER },
		/* Outer shareable is not what "cached" promises. */
		{ S1_RW & ~0x100ull, 0, true, true, SIM_MEMORY_OTHER },
	};

	(void)state;
	check(cases, sizeof(cases) / sizeof(cases[0]), attach_s1);
}

static void test_stage_2(void **state)
{
	static const struct expected cases[] = {
		{ S2_RW, 0, true, true, SIM_MEMORY_CACHED },
		{ S2_RW | XN0, 0, true, true, SIM_MEMORY_CACHED },
		{ S2_RW | XN1, 0, true, false, SIM_MEMORY_CACHED },
		/* With both, the privileged may (FEAT_XNX). */
		{ S2_RW | XN0 | XN1, 0, true, true, SIM_MEMORY_CACHED },
		{ S2_RW, UXN_TAB | PXN_TAB, true, true, SIM_MEMORY_CACHED },
		{ (S2_RW & ~0x3cull) | 1 << 2, 0, true, true,
		  SIM_MEMORY_DEVICE },
		{ (S2_RW & ~0x3cull) | 5 << 2, 0, true, true,
		  SIM_MEMORY_UNCACHED },
		{ S2_RW & ~0x3cull, 0, true, true, SIM_MEMORY_OTHER },
	};

	(void)state;
	check(cases, sizeof(cases) / sizeof(cases[0]), attach_s2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stage_1),
		cmocka_unit_test(test_stage_2),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
