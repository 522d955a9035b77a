// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Numbers that take more than eight bits, or sixteen, beside such as have the
 * same lower ones: ASIDs, VMIDs, stream IDs.
 */
#include "rig.h"

#include "core.h"

#define PAGE	 4096ull
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static uint32_t identifier(const struct rig *rig, uint32_t domain)
{
	return rig->m->h->domains[domain].hw_id;
}

/* The first domain, and one 256 identifiers further. */
static uint32_t domains(struct rig *rig, unsigned int stage, uint32_t *other)
{
	uint32_t first;

	assert_int_equal(front_domain_alloc(&rig->host, 0, stage, &first), 0);
	do {
		assert_int_equal(
			front_domain_alloc(&rig->host, 0, stage, other), 0);
	} while (identifier(rig, *other) != identifier(rig, first) + 256);
	return first;
}

/* One page, several, more than commands are worth, the last of a table; each
 * goes from one of them, and stays in the other. */
static void from_one_of_two(struct rig *rig, uint32_t one, uint32_t other)
{
	const uint64_t pages[] = { 1, 3, 40, 20 };
	uint64_t at = 0;

	assert_int_equal(front_attach(&rig->host, 0, SID_A, one), 0);
	assert_int_equal(front_attach(&rig->host, 0, SID_B, other), 0);
	rig_map(rig, one, 0, RAM, 64 * PAGE);
	rig_map(rig, other, 0, RAM + MiB, 64 * PAGE);
	for (size_t i = 0; i < COUNT(pages); at += pages[i++] * PAGE) {
		assert_reaches(rig, SID_A, at, RAM + at);
		assert_reaches(rig, SID_B, at, RAM + MiB + at);
		rig_unmap(rig, one, at, pages[i] * PAGE);
		assert_aborts(rig, SID_A, at);
		assert_reaches(rig, SID_B, at, RAM + MiB + at);
	}
	rig_map(rig, one, 0, RAM, PAGE);
	assert_reaches(rig, SID_A, 0, RAM);
	/* All of it by its number, then of the other. */
	assert_int_equal(front_detach(&rig->host, 0, SID_A, one), 0);
	rig_unmap(rig, one, 0, PAGE);
	assert_reaches(rig, SID_B, 0, RAM + MiB);
	assert_int_equal(front_detach(&rig->host, 0, SID_B, other), 0);
	rig_unmap(rig, other, 0, 64 * PAGE);
	assert_no_violation(rig);
}

static void identifiers(unsigned int stage, bool ranges)
{
	uint32_t first, other;
	struct rig rig;

	rig_defaults(&rig);
	rig.config.check = MACHINE_CHECK_CALLS;
	rig.config.limits.domains = 400;
	rig.config.smmu.range_inval = ranges;
	rig_start(&rig);
	first = domains(&rig, stage, &other);
	from_one_of_two(&rig, first, other);
	from_one_of_two(&rig, other, first);
	rig_end(&rig);
}

static void test_identifiers(void **state)
{
	(void)state;
	for (unsigned int stage = 1; stage <= 2; stage++) {
		identifiers(stage, false);
		identifiers(stage, true);
	}
}

/* 16 bits for one kind do not say that there are 16 for the other. */
static void test_eight_bits_of_one(void **state)
{
	(void)state;
	for (unsigned int narrow = 1; narrow <= 2; narrow++) {
		struct rig rig;
		uint32_t d, n = 0;

		rig_defaults(&rig);
		rig.config.check = MACHINE_CHECK_OFF;
		rig.config.limits.domains = 600;
		rig.config.smmu.asid16 = narrow != 1;
		rig.config.smmu.vmid16 = narrow != 2;
		rig_start(&rig);
		while (!front_domain_alloc(&rig.host, 0, narrow, &d))
			n++;
		assert_int_equal(n, 255);
		for (n = 0; n < 300; n++)
			assert_int_equal(front_domain_alloc(&rig.host, 0,
							    3 - narrow, &d),
					 0);
		rig_end(&rig);
	}
}

/* One stream after the other, behind one domain and then behind another. */
static void test_streams(void **state)
{
	static const uint32_t sids[] = { 0x1234567, 0x34567, 0x4567, 0x67 };
	struct rig rig;
	uint32_t d[2];

	(void)state;
	rig_defaults(&rig);
	rig.config.sids = sids;
	rig.config.sid_count = COUNT(sids);
	rig.config.smmu.sid_bits = 25;
	rig.config.table_pages = 1024;
	rig.config.smmu.two_level = true;
	rig.config.no_judge = true; /* so many entries take it too long */
	rig_start(&rig);
	for (uint64_t i = 0; i < 2; i++) {
		assert_int_equal(front_domain_alloc(&rig.host, 0, 1, &d[i]), 0);
		rig_map(&rig, d[i], 0, RAM + i * PAGE, PAGE);
	}
	for (size_t i = 0; i < 2 * COUNT(sids); i++) {
		const uint32_t sid = sids[i / 2], in = d[i % 2];

		assert_int_equal(front_attach(&rig.host, 0, sid, in), 0);
		for (size_t k = 0; k < COUNT(sids); k++) {
			if (sids[k] == sid)
				assert_reaches(&rig, sid, 0,
					       RAM + i % 2 * PAGE);
			else
				assert_aborts(&rig, sids[k], 0);
		}
		assert_int_equal(front_detach(&rig.host, 0, sid, in), 0);
		assert_aborts(&rig, sid, 0);
	}
	rig_end(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_identifiers),
		cmocka_unit_test(test_eight_bits_of_one),
		cmocka_unit_test(test_streams),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
