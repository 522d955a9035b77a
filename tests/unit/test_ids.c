// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include "rig.h"

#include "ids.h"
#include "swgroup.h"

static void test_every_number_once(void **state)
{
	const uint32_t counts[] = { 1, 2, 63, 64, 65, 128, 200 };

	(void)state;
	for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
		uint64_t words[4] = { 0 };
		bool seen[200] = { false };
		struct ids ids;
		uint32_t id;

		ids_init(&ids, words, counts[c]);
		for (uint32_t i = 0; i < counts[c]; i++) {
			assert_int_equal(ids_alloc(&ids, &id), 0);
			assert_true(id < counts[c] && !seen[id]);
			seen[id] = true;
		}
		assert_int_equal(ids_alloc(&ids, &id), HYPIOMMU_E_NOSPC);
		for (uint32_t i = 0; i < counts[c]; i++) {
			uint32_t back = (i * 7 + 3) % counts[c];

			if (!seen[back])
				continue;
			seen[back] = false;
			ids_free(&ids, back);
			assert_int_equal(ids_alloc(&ids, &id), 0);
			assert_int_equal(id, back);
		}
	}
}

static void test_reuse_is_late(void **state)
{
	uint64_t words[1] = { 0 };
	struct ids ids;
	uint32_t id;

	(void)state;
	ids_init(&ids, words, 4);
	for (uint32_t i = 0; i < 8; i++) {
		assert_int_equal(ids_alloc(&ids, &id), 0);
		assert_int_equal(id, i % 4);
		ids_free(&ids, id);
	}
}

static void test_take(void **state)
{
	uint64_t words[2] = { 0 };
	struct ids ids;
	uint32_t id;

	(void)state;
	ids_init(&ids, words, 65);
	assert_int_equal(ids_take(&ids, 0), 0);
	assert_int_equal(ids_take(&ids, 64), 0);
	assert_int_equal(ids_take(&ids, 64), HYPIOMMU_E_BUSY);
	assert_int_equal(ids_take(&ids, 65), HYPIOMMU_E_RANGE);
	for (uint32_t i = 1; i < 64; i++) {
		assert_int_equal(ids_alloc(&ids, &id), 0);
		assert_int_equal(id, i);
	}
	assert_int_equal(ids_alloc(&ids, &id), HYPIOMMU_E_NOSPC);
}

/* Stream IDs are per SMMU: the same number on another is another group. */
static void test_swgroups(void **state)
{
	const uint32_t ports[] = { 7, 3, 9, 1, 5 };
	struct swgroup_port list[5];
	struct swgroups t = { .ports = list, .max = 5 };
	const struct swgroup_port *p;
	uint32_t at = 0, seen = 0;

	(void)state;
	for (uint32_t i = 0; i < 5; i++) {
		assert_null(swgroups_find(&t, ports[i]));
		/* groups 2 and 3 by turns, the last behind another SMMU */
		assert_int_equal(swgroups_add(&t, i == 4, 2 + i % 2, ports[i]),
				 0);
		assert_int_equal(swgroups_add(&t, 1, 2, ports[i]),
				 HYPIOMMU_E_EXIST);
	}
	assert_int_equal(swgroups_add(&t, 0, 2, 2), HYPIOMMU_E_NOSPC);
	assert_null(swgroups_find(&t, 0));
	assert_null(swgroups_find(&t, 10));
	assert_int_equal(swgroups_find(&t, 3)->group, 3);
	while ((p = swgroups_next(&t, 0, 2, &at))) {
		assert_int_equal(p->port, seen++ ? 9 : 7);
		assert_int_equal(p->smmu, 0);
	}
	assert_int_equal(seen, 2);
	at = 0;
	assert_int_equal(swgroups_next(&t, 1, 2, &at)->port, 5);
	assert_null(swgroups_next(&t, 1, 2, &at));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_number_once),
		cmocka_unit_test(test_reuse_is_late),
		cmocka_unit_test(test_take),
		cmocka_unit_test(test_swgroups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
