// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Geometries the formats of one geometry do not have, and where their tables
 * may lie. */
#include "pgtable_bed.h"

/* What the two formats of one geometry are not. */
static void test_one_geometry(void **state)
{
	const struct pgtable_config bad[] = {
		{ PGTABLE_V7S, 14, 32, 32, true, false, ~0ull, false },
		{ PGTABLE_V7S, 12, 31, 32, true, false, ~0ull, false },
		{ PGTABLE_V7S, 12, 40, 32, true, false, ~0ull, false },
		{ PGTABLE_V7S, 12, 32, 31, true, false, ~0ull, false },
		{ PGTABLE_V7S, 12, 32, 40, true, false, ~0ull, false },
		{ PGTABLE_V7S, 12, 32, 32, true, true, ~0ull, false },
		{ PGTABLE_TEGRA_MC, 16, 32, 34, true, false, ~0ull, false },
		{ PGTABLE_TEGRA_MC, 12, 31, 34, true, false, ~0ull, false },
		{ PGTABLE_TEGRA_MC, 12, 34, 34, true, false, ~0ull, false },
		{ PGTABLE_TEGRA_MC, 12, 32, 31, true, false, ~0ull, false },
		{ PGTABLE_TEGRA_MC, 12, 32, 35, true, false, ~0ull, false },
		{ PGTABLE_TEGRA_MC, 12, 32, 34, true, true, ~0ull, false },
		{ PGTABLE_TEGRA_MC + 1, 12, 32, 34, true, false, ~0ull, false },
		{ (enum pgtable_format) - 1, 12, 32, 34, true, false, ~0ull,
		  false },
	};
	struct bed b = { .pool.ops = &bed_table_ops, .pool.ctx = &b.arena };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(pgtable_init(&b.pt, &bad[i], &b.pool, &b.want),
				 HYPIOMMU_E_UNSUPPORTED);
}

/* Tables lie where a descriptor can name them, whatever the caller allows. */
static void test_limits_of_tables(void **state)
{
	const struct {
		enum pgtable_format format;
		uint8_t oas;
		uint64_t asked, limit;
	} cases[] = {
		{ PGTABLE_V7S, 32, ~0ull, 1ull << 32 },
		{ PGTABLE_V7S, 32, 1ull << 32, 1ull << 32 },
		{ PGTABLE_V7S, 32, 1ull << 31, 1ull << 31 },
		{ PGTABLE_TEGRA_MC, 34, ~0ull, 1ull << 34 },
		{ PGTABLE_TEGRA_MC, 32, 1ull << 34, 1ull << 32 },
		{ PGTABLE_TEGRA_MC, 34, 1ull << 34, 1ull << 34 },
		{ PGTABLE_TEGRA_MC, 34, 1ull << 30, 1ull << 30 },
		{ PGTABLE_LPAE_S1, 40, ~0ull, 1ull << 48 },
		{ PGTABLE_LPAE_S1, 40, 1ull << 40, 1ull << 40 },
	};
	/* No page is to be had: it says which it would take. */
	struct bed b = { .pool.ops = &bed_table_ops, .pool.ctx = &b.arena };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct pgtable_config c = {
			cases[i].format, 12,	32, cases[i].oas, true, false,
			cases[i].asked,	 false,
		};

		assert_int_equal(pgtable_init(&b.pt, &c, &b.pool, &b.want),
				 HYPIOMMU_E_NOMEM);
		assert_int_equal(b.want.limit, cases[i].limit);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_geometry),
		cmocka_unit_test(test_limits_of_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
