// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* hypiommu_map_list() on a machine: what is mapped before a segment that fails
 * stays, what a failed segment began is taken back. The observer, which knows
 * hypercalls only, is off; devices say what they reach. */
#include "rig.h"

#define PAGE	 4096ull
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct bench {
	struct rig rig;
	uint32_t domain;
	struct hypiommu_progress p;
};

static void start(struct bench *b, uint64_t table_pages)
{
	struct machine_config *c = &b->rig.config;

	rig_defaults(&b->rig);
	c->check = MACHINE_CHECK_OFF;
	c->no_judge = true;
	c->timeout_us = 40;
	c->table_pages = table_pages;
	rig_start(&b->rig);
	b->domain = rig_domain(&b->rig, 1, SID_A);
}

static int map_list(struct bench *b, uint64_t iova,
		    const struct hypiommu_segment *list, uint32_t count)
{
	return hypiommu_map_list(b->rig.m->h, HYPIOMMU_HOST, b->domain, iova,
				 RW | HYPIOMMU_PROT_CACHE, list, count, &b->p);
}

static void nothing_wanted(const struct bench *b)
{
	assert_int_equal(b->p.order, 0);
	assert_int_equal(b->p.count, 0);
	assert_int_equal(b->p.limit, 0);
}

/* A device's registers are mapped as a device's, whatever was asked for. */
static void test_registers_in_a_list(void **state)
{
	const struct hypiommu_segment list[] = { { RAM, PAGE },
						 { MACHINE_DOORBELL, PAGE },
						 { RAM + PAGE, PAGE } };
	struct bench b;

	(void)state;
	start(&b, 256);
	assert_int_equal(map_list(&b, 0, list, 3), 0);
	assert_int_equal(b.p.bytes, 3 * PAGE);
	nothing_wanted(&b);
	assert_reaches(&b.rig, SID_A, PAGE, MACHINE_DOORBELL);
	assert_reaches(&b.rig, SID_A, 2 * PAGE, RAM + PAGE);
	assert_pins(&b.rig, MACHINE_DOORBELL, 1);
	machine_destroy(b.rig.m);
}

/* Table memory ends between two segments, and within one. */
static void test_memory_ends(void **state)
{
	const struct hypiommu_segment list[] = {
		{ RAM, PAGE },
		{ RAM + MiB, 4 * PAGE },
		{ RAM + PAGE, PAGE },
	};

	(void)state;
	for (uint64_t before = 1; before <= 3; before++) {
		struct front *f;
		struct bench b;
		uint64_t end = 2 * MiB, at = end - before * PAGE;

		start(&b, 64);
		f = &b.rig.host;
		rig_map(&b.rig, b.domain, 0, RAM + 2 * MiB, PAGE);
		while (!front_call(f, HYPIOMMU_HC_MEM_GIVEBACK,
				   HYPIOMMU_ANY_PAGE, 0, 0, 0, 0))
			;
		assert_int_equal(map_list(&b, at, list, 3), HYPIOMMU_E_NOMEM);
		assert_int_equal(b.p.bytes, before * PAGE);
		assert_int_equal(b.p.order, 0);
		assert_int_equal(b.p.count, 1);
		assert_int_equal(b.p.limit, 1ull << 44);
		assert_reaches(&b.rig, SID_A, at, RAM);
		assert_aborts(&b.rig, SID_A, end);
		assert_pins(&b.rig, RAM, 1);
		assert_pins(&b.rig, RAM + MiB, before > 1);
		assert_pins(&b.rig, RAM + MiB + 3 * PAGE, 0);
		assert_pins(&b.rig, RAM + PAGE, 0);
		/* With more of it the rest goes. */
		assert_int_equal(front_call(f, HYPIOMMU_HC_MEM_TOPUP,
					    RAM + 8 * MiB, 1, 0, 0, 0),
				 0);
		rig_map(&b.rig, b.domain, end, RAM + 4 * MiB, PAGE);
		assert_reaches(&b.rig, SID_A, end, RAM + 4 * MiB);
		machine_destroy(b.rig.m);
	}
}

static const struct sim_smmuv3_faults stuck = { .sync_never = true };
static const struct sim_smmuv3_faults good;

/* Something is in the way, two pages into the second segment. */
static void test_in_the_way(void **state)
{
	const struct hypiommu_segment list[] = { { RAM, PAGE },
						 { RAM + MiB, 4 * PAGE } };
	struct bench b;
	struct front *f = &b.rig.host;

	(void)state;
	start(&b, 256);
	rig_map(&b.rig, b.domain, 3 * PAGE, RAM + 2 * MiB, PAGE);
	assert_int_equal(map_list(&b, 0, list, 2), HYPIOMMU_E_EXIST);
	assert_int_equal(b.p.bytes, PAGE);
	nothing_wanted(&b);
	assert_reaches(&b.rig, SID_A, 0, RAM);
	assert_aborts(&b.rig, SID_A, PAGE);
	assert_pins(&b.rig, RAM + MiB, 0);
	assert_pins(&b.rig, RAM + MiB + 3 * PAGE, 0);
	/* What was begun cannot be taken back: it stays pinned. */
	sim_smmuv3_set_faults(b.rig.m->smmu, &stuck);
	assert_int_equal(map_list(&b, 2 * PAGE, &list[1], 1),
			 HYPIOMMU_E_TIMEOUT);
	assert_int_equal(b.p.bytes, 0);
	assert_pins(&b.rig, RAM + MiB, 1);
	assert_pins(&b.rig, RAM + MiB + PAGE, 0);
	assert_aborts(&b.rig, SID_A, 0);
	assert_int_equal(map_list(&b, MiB, list, 2), HYPIOMMU_E_BROKEN);
	sim_smmuv3_set_faults(b.rig.m->smmu, &good);
	assert_int_equal(machine_reset(b.rig.m, 0), 0);
	assert_int_equal(map_list(&b, MiB, list, 2), HYPIOMMU_E_AGAIN);
	assert_int_equal(
		front_call(f, HYPIOMMU_HC_IOTLB_SYNC, b.domain, 0, 0, 0, 0), 0);
	assert_pins(&b.rig, RAM + MiB, 0);
	assert_aborts(&b.rig, SID_A, 2 * PAGE);
	assert_reaches(&b.rig, SID_A, 3 * PAGE, RAM + 2 * MiB);
	machine_destroy(b.rig.m);
}

/* The same of the hypercall. */
static void test_map_in_the_way(void **state)
{
	struct bench b;
	struct front *f = &b.rig.host;

	(void)state;
	start(&b, 256);
	rig_map(&b.rig, b.domain, 2 * PAGE, RAM + 2 * MiB, PAGE);
	sim_smmuv3_set_faults(b.rig.m->smmu, &stuck);
	assert_int_equal(front_call(f, HYPIOMMU_HC_MAP_PAGES, b.domain, 0, RAM,
				    4 * PAGE, RW),
			 HYPIOMMU_E_TIMEOUT);
	assert_int_equal(f->last.x[1], 0);
	assert_pins(&b.rig, RAM, 1);
	assert_pins(&b.rig, RAM + PAGE, 1);
	assert_pins(&b.rig, RAM + 2 * PAGE, 0);
	sim_smmuv3_set_faults(b.rig.m->smmu, &good);
	assert_int_equal(machine_reset(b.rig.m, 0), 0);
	assert_aborts(&b.rig, SID_A, 0);
	assert_int_equal(
		front_call(f, HYPIOMMU_HC_IOTLB_SYNC, b.domain, 0, 0, 0, 0), 0);
	assert_pins(&b.rig, RAM, 0);
	assert_reaches(&b.rig, SID_A, 2 * PAGE, RAM + 2 * MiB);
	machine_destroy(b.rig.m);
}

/* As many descriptors as one call handles, and not one more. */
static void test_a_full_call(void **state)
{
	const struct hypiommu_segment list[] = { { RAM, 512 * PAGE },
						 { RAM + 4 * MiB, PAGE } };
	const struct hypiommu_segment more[] = { { RAM, 511 * PAGE },
						 { RAM + 4 * MiB, PAGE },
						 { RAM + 5 * MiB, PAGE } };
	struct bench b;

	(void)state;
	start(&b, 256);
	assert_int_equal(map_list(&b, PAGE, list, 2), 0);
	assert_int_equal(b.p.bytes, 512 * PAGE);
	assert_aborts(&b.rig, SID_A, 513 * PAGE);
	assert_pins(&b.rig, RAM + 4 * MiB, 0);
	assert_int_equal(map_list(&b, 4 * MiB + PAGE, more, 3), 0);
	assert_int_equal(b.p.bytes, 512 * PAGE);
	assert_pins(&b.rig, RAM + 4 * MiB, 1);
	assert_pins(&b.rig, RAM + 5 * MiB, 0);
	machine_destroy(b.rig.m);
}

/* A MiB that counts its pins for all its pages, and some of them once more. */
static void test_pages_of_a_pinned_block(void **state)
{
	struct rig rig;
	uint32_t d;

	(void)state;
	rig_make(&rig);
	d = rig_domain(&rig, 1, SID_A);
	rig_map(&rig, d, 0, RAM + 2 * MiB, 2 * MiB);
	rig_map(&rig, d, 4 * MiB, RAM + 2 * MiB + 5 * PAGE, 3 * PAGE);
	for (uint64_t page = 0; page < 10; page++)
		assert_pins(&rig, RAM + 2 * MiB + page * PAGE,
			    page >= 5 && page < 8 ? 2 : 1);
	assert_reaches(&rig, SID_A, 4 * MiB, RAM + 2 * MiB + 5 * PAGE);
	rig_unmap(&rig, d, 0, 2 * MiB);
	for (uint64_t page = 0; page < 10; page++)
		assert_pins(&rig, RAM + 2 * MiB + page * PAGE,
			    page >= 5 && page < 8);
	rig_unmap(&rig, d, 4 * MiB, 3 * PAGE);
	assert_pins(&rig, RAM + 2 * MiB + 5 * PAGE, 0);
	rig_end(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_registers_in_a_list),
		cmocka_unit_test(test_memory_ends),
		cmocka_unit_test(test_in_the_way),
		cmocka_unit_test(test_map_in_the_way),
		cmocka_unit_test(test_a_full_call),
		cmocka_unit_test(test_pages_of_a_pinned_block),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
