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

/* A segment larger than the pages of a call, blocks, is pinned as well. */
static void test_blocks_in_a_list(void **state)
{
	const struct hypiommu_segment list[] = { { RAM + 4 * MiB, 4 * MiB } };
	struct bench b;

	(void)state;
	start(&b, 256);
	assert_int_equal(map_list(&b, 0, list, 1), 0);
	assert_int_equal(b.p.bytes, 4 * MiB);
	assert_reaches(&b.rig, SID_A, 0, RAM + 4 * MiB);
	assert_pins(&b.rig, RAM + 4 * MiB, 1);
	assert_pins(&b.rig, RAM + 8 * MiB - PAGE, 1);
	assert_int_equal(machine_donate(b.rig.m, HYPIOMMU_HOST,
					HYPIOMMU_GUEST(0), RAM + 4 * MiB, PAGE),
			 HYPIOMMU_E_BUSY);
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

/* More than a call handles: of one segment, of two, of very many. */
static void test_more_than_a_call(void **state)
{
	const struct hypiommu_segment large[] = { { RAM + PAGE, 600 * PAGE },
						  { RAM + 4 * MiB, PAGE } };
	const struct hypiommu_segment two[] = { { RAM + PAGE, 500 * PAGE },
						{ RAM + 4 * MiB, 20 * PAGE } };
	struct hypiommu_segment many[600];
	struct bench b;

	(void)state;
	start(&b, 256);
	assert_int_equal(map_list(&b, 0, large, 2), 0);
	assert_int_equal(b.p.bytes, 512 * PAGE);
	assert_reaches(&b.rig, SID_A, 511 * PAGE, RAM + 512 * PAGE);
	assert_aborts(&b.rig, SID_A, 512 * PAGE);
	assert_pins(&b.rig, RAM + 513 * PAGE, 0);
	assert_pins(&b.rig, RAM + 4 * MiB, 0);
	assert_int_equal(map_list(&b, 4 * MiB, two, 2), 0);
	assert_int_equal(b.p.bytes, 500 * PAGE);
	assert_pins(&b.rig, RAM + 4 * MiB, 0);
	for (uint64_t i = 0; i < COUNT(many); i++)
		many[i] =
			(struct hypiommu_segment){ RAM + 8 * MiB + 2 * i * PAGE,
						   PAGE };
	assert_int_equal(map_list(&b, 8 * MiB, many, COUNT(many)), 0);
	assert_int_equal(b.p.bytes, 512 * PAGE);
	assert_reaches(&b.rig, SID_A, 8 * MiB + 511 * PAGE, many[511].pa);
	assert_pins(&b.rig, many[511].pa, 1);
	assert_pins(&b.rig, many[512].pa, 0);
	machine_destroy(b.rig.m);
}

/* Good segments, that do not fit behind the domain's last address; and what
 * nobody may do with them. */
static void test_refused_as_a_whole(void **state)
{
	const struct hypiommu_segment list[] = { { RAM, PAGE },
						 { RAM + MiB, 2 * PAGE } };
	const uint64_t prots[] = { 0, HYPIOMMU_PROT_NOEXEC, RW | 1ull << 40,
				   RW | 1u << 31 };
	const uint64_t top = 1ull << 48;
	struct bench b;

	(void)state;
	start(&b, 256);
	assert_int_equal(map_list(&b, top, list, 2), HYPIOMMU_E_RANGE);
	assert_int_equal(b.p.bytes, 0);
	assert_int_equal(map_list(&b, top - PAGE, list, 2), HYPIOMMU_E_RANGE);
	assert_int_equal(b.p.bytes, PAGE);
	assert_reaches(&b.rig, SID_A, top - PAGE, RAM);
	assert_pins(&b.rig, RAM + MiB, 0);
	for (size_t i = 0; i < COUNT(prots); i++) {
		assert_int_equal(hypiommu_map_list(b.rig.m->h, HYPIOMMU_HOST,
						   b.domain, 0, prots[i], list,
						   2, &b.p),
				 HYPIOMMU_E_INVAL);
		assert_int_equal(b.p.bytes, 0);
	}
	assert_pins(&b.rig, RAM, 1);
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
	/* A single page of the other one. */
	rig_map(&rig, d, 8 * MiB, RAM + 3 * MiB + PAGE, PAGE);
	assert_pins(&rig, RAM + 3 * MiB, 1);
	assert_pins(&rig, RAM + 3 * MiB + PAGE, 2);
	rig_unmap(&rig, d, 8 * MiB, PAGE);
	assert_pins(&rig, RAM + 3 * MiB + PAGE, 1);
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
		cmocka_unit_test(test_blocks_in_a_list),
		cmocka_unit_test(test_memory_ends),
		cmocka_unit_test(test_in_the_way),
		cmocka_unit_test(test_map_in_the_way),
		cmocka_unit_test(test_a_full_call),
		cmocka_unit_test(test_more_than_a_call),
		cmocka_unit_test(test_refused_as_a_whole),
		cmocka_unit_test(test_pages_of_a_pinned_block),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
