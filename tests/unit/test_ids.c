// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include "rig.h"

#include "ids.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_number_once),
		cmocka_unit_test(test_reuse_is_late),
		cmocka_unit_test(test_take),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
