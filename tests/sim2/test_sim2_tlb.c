/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* TLB maintenance, syncs, mirrors, and what must not be done to live tables. */
#include "fixture2.h"

/* What TLBIIPAS2 and TLBIVA take for IOVA. */
#define IOVA_PAGE (IOVA >> 12)
#define ASID9	  (9ull << 48)

static void test_stale_until_sync(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_s2(&c);
	struct sim_smmuv2_stats st;

	(void)state;
	map_page(m, PAGE | S2_RW);
	assert_false(reaches(m, 0, PAGE)->cached);
	sim_smmuv2_speculate(m->smmu);
	put(m, L3TAB + 8, 0);
	assert_non_null(reaches(m, 0, PAGE));
	assert_true(reaches(m, 0, PAGE)->cached);
	assert_int_equal(target(m, IOVA, true), PAGE);
	wr64_all(m, CB(BANK, 0x630), IOVA_PAGE);
	assert_non_null(reaches(m, 0, PAGE));
	assert_int_equal(rd(m, 0, CB(BANK, 0x7f4)), 0); /* no sync started */
	assert_non_null(reaches(m, 0, PAGE));
	wr(m, 0, CB(BANK, 0x7f0), 0);
	assert_int_equal(rd(m, 0, CB(BANK, 0x7f4)), 1);
	assert_non_null(reaches(m, 0, PAGE));
	assert_int_equal(target(m, IOVA, true), PAGE);
	assert_int_equal(poll(m, 0, CB(BANK, 0x7f4)), 3);
	assert_null(reaches(m, 0, PAGE));
	assert_int_equal(target(m, IOVA, true), 0);
	sim_smmuv2_stats(m->smmu, 0, &st);
	assert_int_equal(st.tlbi, 1);
	assert_int_equal(st.tlbi_va, 1);
	assert_int_equal(st.syncs, 1);
	assert_quiet(m);
	machine_free(m);
}

/* A sync covers what was issued before it; the bank's only its own. */
static void test_sync_scope(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_s2(&c);

	(void)state;
	map_page(m, PAGE | S2_RW);
	sim_smmuv2_speculate(m->smmu);
	put(m, L3TAB + 8, 0);
	wr(m, 0, CB(BANK, 0x7f0), 0);
	wr64_all(m, CB(BANK, 0x630), IOVA_PAGE); /* after the sync */
	assert_true(poll(m, 0, CB(BANK, 0x7f4)) > 0);
	assert_non_null(reaches(m, 0, PAGE));
	cbsync(m, 0, 4); /* another bank's */
	assert_non_null(reaches(m, 0, PAGE));
	gsync(m, 0); /* includes all banks */
	assert_null(reaches(m, 0, PAGE));

	put(m, L3TAB + 8, PAGE | S2_RW);
	sim_smmuv2_speculate(m->smmu);
	put(m, L3TAB + 8, 0);
	wr(m, 0, 0x64, 7); /* TLBIVMID: global, needs the global sync */
	cbsync(m, 0, BANK);
	assert_non_null(reaches(m, 0, PAGE));
	gsync(m, 0);
	assert_null(reaches(m, 0, PAGE));
	machine_free(m);
}

static void test_refill_after_tlbi_survives(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_s2(&c);

	(void)state;
	map_page(m, PAGE | S2_RW);
	wr64_all(m, CB(BANK, 0x630), IOVA_PAGE);
	sim_smmuv2_speculate(m->smmu); /* before the entry is cleared */
	put(m, L3TAB + 8, 0);
	cbsync(m, 0, BANK);
	assert_non_null(reaches(m, 0, PAGE));
	machine_free(m);
}

static void test_unpublished(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_s2(&c);

	(void)state;
	map_page(m, 0);
	store(m, L3TAB + 8, PAGE | S2_RW);
	assert_non_null(reaches(m, 0, PAGE));
	sim_mem_publish(m->mem);
	store(m, L3TAB + 8, 0); /* may not have arrived */
	assert_non_null(reaches(m, 0, PAGE));
	wr64_all(m, CB(BANK, 0x630), IOVA_PAGE);
	sim_smmuv2_speculate(m->smmu);
	cbsync(m, 0, BANK);
	assert_non_null(reaches(m, 0, PAGE));
	sim_mem_publish(m->mem);
	assert_non_null(reaches(m, 0, PAGE)); /* the refill is cached */
	machine_free(m);
}

/* Does this stage-1 operation, synced, drop a stale entry and its table? */
static void s1_case(uint32_t op, uint64_t arg, uint64_t leaf, bool drops,
		    bool drops_table)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_s1(&c);

	map_page(m, PAGE | leaf);
	assert_non_null(reaches(m, 0, PAGE));
	sim_smmuv2_speculate(m->smmu);
	put(m, L3TAB + 8, 0);
	put(m, L2TAB + 8, 0);
	sim_smmuv2_write(m->smmu, 0, CB(BANK, op),
			 op == 0x610 || op == 0x618 ? 4 : 8, arg);
	cbsync(m, 0, BANK);
	assert_int_equal(reaches(m, 0, PAGE) == NULL, drops);
	/* If the pointer to the L3 table is left, this is reachable. */
	put(m, L3TAB + 8, PAGE2 | leaf);
	assert_int_equal(reaches(m, 0, PAGE2) == NULL, drops_table);
	assert_quiet(m);
	machine_free(m);
}

static void test_s1_operations(void **state)
{
	(void)state;
	s1_case(0x600, IOVA_PAGE | ASID9, S1_RW, true, true);
	s1_case(0x600, IOVA_PAGE | 8ull << 48, S1_RW, false, false);
	s1_case(0x600, (IOVA_PAGE + 1) | ASID9, S1_RW, false, true);
	/* Global entries go by address, whatever the ASID. */
	s1_case(0x600, IOVA_PAGE | 8ull << 48, S1_RWG, true, false);
	s1_case(0x608, IOVA_PAGE, S1_RW, true, true);
	s1_case(0x610, 9, S1_RW, true, true);
	s1_case(0x610, 8, S1_RW, false, false);
	s1_case(0x610, 9, S1_RWG, false, true); /* global ones stay */
	s1_case(0x618, 0, S1_RWG, true, true);
	s1_case(0x620, IOVA_PAGE | ASID9, S1_RW, true, false);
	s1_case(0x628, IOVA_PAGE, S1_RW, true, false);
}

static void test_wrong_stage(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_s2(&c);

	(void)state;
	wr(m, 0, CB(BANK, 0x610), 9);
	assert_reported(m, "not of the bank's stage");
	bank_s1(m);
	m->heard.reports = 0;
	wr64_all(m, CB(BANK, 0x630), IOVA_PAGE);
	assert_reported(m, "not of the bank's stage");
	machine_free(m);
}

static void test_vmid(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_s2(&c);

	(void)state;
	map_page(m, PAGE | S2_RW);
	sim_smmuv2_speculate(m->smmu);
	put(m, L1TAB + 8, 0);
	wr(m, 0, 0x64, 8);
	gsync(m, 0);
	assert_non_null(reaches(m, 0, PAGE));
	wr(m, 0, 0x64, 7);
	gsync(m, 0);
	assert_null(reaches(m, 0, PAGE));
	machine_free(m);
}

static void test_break_before_make(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_s2(&c);

	(void)state;
	map_page(m, PAGE | S2_RW);
	sim_smmuv2_speculate(m->smmu);
	put(m, L3TAB + 8, PAGE | S2_RO); /* permissions only: allowed */
	sim_smmuv2_speculate(m->smmu);
	assert_quiet(m);
	put(m, L3TAB + 8, PAGE2 | S2_RW);
	sim_smmuv2_speculate(m->smmu);
	assert_reported(m, "output address changed");
	put(m, L2TAB + 8, 0);
	put(m, L2TAB + 8, 0x80200000u | 0x7fd); /* block, no TLBI */
	sim_smmuv2_speculate(m->smmu);
	assert_reported(m, "break-before-make violation");
	wr(m, 0, 0x68, 0);
	gsync(m, 0);
	sim_smmuv2_speculate(m->smmu);
	assert_quiet(m);
	machine_free(m);
}

/* Which of the rules, one by one: tables without leaves in them. */
static void test_break_before_make_tables(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_s2(&c);

	(void)state;
	put(m, L1TAB + 8, L2TAB | 3);
	put(m, L2TAB + 8, L3TAB | 3);
	sim_smmuv2_speculate(m->smmu);
	put(m, L2TAB + 8, (L3TAB + 0x1000) | 3);
	sim_smmuv2_speculate(m->smmu);
	assert_reported(m, "table pointer changed");
	machine_free(m);

	m = machine_s2(&c);
	put(m, L1TAB + 8, L2TAB | 3);
	put(m, L2TAB + 8, L3TAB | 3);
	sim_smmuv2_speculate(m->smmu);
	put(m, L2TAB + 8, 0x80200000u | 0x7fd);
	sim_smmuv2_speculate(m->smmu);
	assert_reported(m, "table replaced by block");
	machine_free(m);

	m = machine_s2(&c);
	put(m, L1TAB + 8, L2TAB | 3);
	put(m, L2TAB + 8, 0x80200000u | 0x7fd);
	sim_smmuv2_speculate(m->smmu);
	put(m, L2TAB + 8, L3TAB | 3);
	sim_smmuv2_speculate(m->smmu);
	assert_reported(m, "block replaced by table");
	machine_free(m);

	m = machine_s2(&c);
	map_page(m, (PAGE + 0x1000) | S2_RW);
	sim_smmuv2_speculate(m->smmu);
	for (uint64_t i = 0; i < 16; i++)
		store(m, L3TAB + i * 8,
		      (PAGE + i * 0x1000) | 1ull << 52 | S2_RW);
	sim_mem_publish(m->mem);
	sim_smmuv2_speculate(m->smmu);
	assert_reported(m, "size changed");
	machine_free(m);
}

/* A stale pointer to a table leads on to what is in the table now. */
static void test_walk_cache(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_s2(&c);

	(void)state;
	map_page(m, PAGE | S2_RW);
	sim_smmuv2_speculate(m->smmu);
	put(m, L2TAB + 8, 0);
	wr64_all(m, CB(BANK, 0x638), IOVA_PAGE); /* last level only */
	cbsync(m, 0, BANK);
	put(m, L3TAB + 8, PAGE2 | S2_RW);
	assert_true(reaches(m, 0, PAGE2)->cached);
	assert_int_equal(target(m, IOVA, true), PAGE2);
	assert_quiet(m);
	machine_free(m);
}

static void test_live_bank(void **state)
{
	struct sim_smmuv2_config c = default_config();
	static const uint32_t offsets[] = { 0x10, 0x20, 0x28, 0x30,
					    0x34, 0x38, 0x3c };
	struct machine *m = machine_s1(&c);

	(void)state;
	for (size_t i = 0; i < sizeof(offsets) / sizeof(*offsets); i++) {
		uint32_t off = CB(BANK, offsets[i]), was = rd(m, 0, off);

		wr(m, 0, off, was);
		assert_quiet(m);
		wr(m, 0, off, was ^ 0x100000);
		assert_reported(m, "changed while the bank is live");
		wr(m, 0, off, was);
		m->heard.reports = 0;
	}
	wr(m, 0, 0x10800 + BANK * 4, 0);
	assert_reported(m, "CBA2R3 changed while the bank is live");
	wr(m, 0, 0xc08, 0x20000);
	m->heard.reports = 0;
	bank_s2(m); /* nobody looks */
	assert_quiet(m);
	machine_free(m);
}

/* A lookup that met the mapping before it was taken away walks until a global
 * sync that began later is complete, and fills the TLB behind a TLBI. */
static void test_lookups_under_way(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_s2(&c);

	(void)state;
	map_page(m, PAGE | S2_RW);
	wr(m, 0, 0x70, 0); /* a sync that began before does not count */
	wr(m, 0, 0xc08, 0x20000);
	while (rd(m, 0, 0x74) & 1)
		;
	assert_non_null(reaches(m, 0, PAGE));
	assert_int_equal(target(m, IOVA, true), 0);
	wr(m, 0, 0x64, 7); /* TLBIVMID */
	sim_smmuv2_speculate(m->smmu);
	gsync(m, 0);
	assert_null(reaches(m, 0, PAGE));
	/* Back again: the TLB has it still, of a table that is gone. */
	put(m, L3TAB + 8, 0);
	wr(m, 0, 0xc08, BANK);
	assert_true(reaches(m, 0, PAGE) && reaches(m, 0, PAGE)->cached);
	assert_quiet(m);
	machine_free(m);
}

/* A bank used again: entries under the same tag are somebody else's. */
static void test_bank_reused_without_tlbi(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_s2(&c);

	(void)state;
	map_page(m, PAGE | S2_RW);
	sim_smmuv2_speculate(m->smmu);
	wr(m, 0, 0xc08, 0x20000);
	gsync(m, 0);
	assert_null(reaches(m, 0, PAGE));
	wr64_all(m, CB(BANK, 0x20), 0x80110000u); /* an empty root */
	wr(m, 0, 0xc08, BANK);
	assert_non_null(reaches(m, 0, PAGE));
	assert_int_equal(target(m, IOVA, true), PAGE);
	machine_free(m);
}

static void test_tags_clash(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_s2(&c);

	(void)state;
	wr(m, 0, 0x10800 + 4 * 4, 1);
	wr(m, 0, 0x10000 + 4 * 4, 7); /* VMID 7 is bank 3's */
	wr64_all(m, CB(4, 0x20), 0x80110000u);
	wr(m, 0, CB(4, 0x30), TCR_S2);
	wr(m, 0, CB(4, 0), SCTLR);
	wr(m, 0, 0xc10, 4);
	assert_quiet(m);
	wr(m, 0, 0x810, 0x80000009);
	assert_reported(m, "bank 4 goes live with the VMID and ASID of bank 3");
	machine_free(m);
}

static void count_table(void *ctx, const struct sim2_table *t)
{
	unsigned int *seen = ctx;

	if (t->size == 4096 && t->context == BANK)
		(*seen)++;
}

static void test_freed_table(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_s2(&c);
	unsigned int tables = 0;

	(void)state;
	map_page(m, PAGE | S2_RW);
	sim_smmuv2_for_each_table(m->smmu, count_table, &tables);
	assert_int_equal(tables, 3);
	sim_smmuv2_speculate(m->smmu);
	put(m, L2TAB + 8, 0);
	sim_smmuv2_table_freed(m->smmu, L3TAB, 4096);
	look(m);
	assert_reported(m, "walks a freed table at 0x80102000");
	wr64_all(m, CB(BANK, 0x630), IOVA_PAGE);
	cbsync(m, 0, BANK);
	look(m);
	assert_quiet(m);
	tables = 0;
	sim_smmuv2_for_each_table(m->smmu, count_table, &tables);
	assert_int_equal(tables, 2);
	sim_smmuv2_table_taken(m->smmu, L3TAB, 4096);
	put(m, L2TAB + 8, L3TAB | 3);
	look(m);
	assert_quiet(m);
	machine_free(m);
}

static void test_tegra_walk_cache(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m;

	(void)state;
	c.tegra_walk_cache = true;
	m = machine_s2(&c);
	map_page(m, PAGE | S2_RW);
	sim_smmuv2_speculate(m->smmu);
	put(m, L3TAB + 8, 0);
	put(m, L2TAB + 8, 0);
	wr64_all(m, CB(BANK, 0x630), IOVA_PAGE);
	cbsync(m, 0, BANK);
	assert_null(reaches(m, 0, PAGE)); /* pages do go by address */
	put(m, L3TAB + 8, PAGE2 | S2_RW);
	assert_non_null(reaches(m, 0, PAGE2)); /* the pointer did not */
	wr(m, 0, 0x64, 7);
	gsync(m, 0);
	assert_null(reaches(m, 0, PAGE2));
	machine_free(m);
}

static void test_power_cycle(void **state)
{
	struct sim_smmuv2_config c = default_config();
	struct machine *m = machine_s2(&c);

	(void)state;
	map_page(m, PAGE | S2_RW);
	sim_smmuv2_speculate(m->smmu);
	sim_smmuv2_power_cycle(m->smmu);
	assert_int_equal(rd(m, 0, 0x0), 1);
	assert_non_null(bypasses(m, 0));
	wr(m, 0, 0x0, CR0_ON);
	assert_null(reaches(m, 0, PAGE));
	assert_int_equal(rd(m, 0, CB(BANK, 0)), 0);
	machine_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stale_until_sync),
		cmocka_unit_test(test_sync_scope),
		cmocka_unit_test(test_refill_after_tlbi_survives),
		cmocka_unit_test(test_unpublished),
		cmocka_unit_test(test_s1_operations),
		cmocka_unit_test(test_wrong_stage),
		cmocka_unit_test(test_vmid),
		cmocka_unit_test(test_break_before_make),
		cmocka_unit_test(test_break_before_make_tables),
		cmocka_unit_test(test_walk_cache),
		cmocka_unit_test(test_live_bank),
		cmocka_unit_test(test_lookups_under_way),
		cmocka_unit_test(test_bank_reused_without_tlbi),
		cmocka_unit_test(test_tags_clash),
		cmocka_unit_test(test_freed_table),
		cmocka_unit_test(test_tegra_walk_cache),
		cmocka_unit_test(test_power_cycle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
