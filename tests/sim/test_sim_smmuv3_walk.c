/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Table walks, the TLB, the walk cache, and what they leave reachable. */
#include "fixture.h"

static void s2_walk(void **state)
{
	struct machine *m = machine_up();
	uint64_t val = 0x1122334455667788ull;

	(void)state;
	attach_s2(m);
	map_page(m, PAGE | S2_RW);
	assert_int_equal(dma(m, IOVA + 8, true, &val), SIM_DMA_OK);
	assert_int_equal(get(m, PAGE + 8), val);
	put(m, PAGE + 16, 5);
	assert_int_equal(dma(m, IOVA + 16, false, &val), SIM_DMA_OK);
	assert_int_equal(val, 5);
	assert_quiet(m);
	machine_free(m);
}

/* An access across pages is split; the second page is not mapped. */
static void dma_is_split(void **state)
{
	struct machine *m = machine_up();
	uint64_t buf[4] = { 1, 2, 3, 4 }, done = 99;

	(void)state;
	attach_s2(m);
	map_page(m, PAGE | S2_RW);
	assert_int_equal(
		sim_smmuv3_dma(m->smmu, 3, IOVA + 0xff0, true, buf, 32, &done),
		SIM_DMA_ABORT);
	assert_int_equal(done, 16);
	put(m, L3TAB + 16, 0x10000000 | S2_RW); /* nothing is there */
	assert_int_equal(
		sim_smmuv3_dma(m->smmu, 3, IOVA + 0xff0, true, buf, 32, &done),
		SIM_DMA_BUS);
	machine_free(m);
}

static void event_is(struct machine *m, unsigned int n, uint64_t w0,
		     uint64_t w1, uint64_t w2, uint64_t w3)
{
	uint64_t rec = EVTQ + n * 32;

	assert_int_equal(get(m, rec), w0);
	assert_int_equal(get(m, rec + 8), w1);
	assert_int_equal(get(m, rec + 16), w2);
	assert_int_equal(get(m, rec + 24), w3);
}

/* RnW is bit 35, S2 bit 39, CLASS IN is 2 at 41:40 of the second word. */
static void s2_events(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	attach_s2(m);
	map_page(m, PAGE | S2_RO);
	assert_int_equal(target(m, IOVA + 4, true), 0);
	event_is(m, 0, 0x0000000300000013ull, 0x0000028000000000ull, IOVA + 4,
		 IOVA);
	assert_int_equal(target(m, IOVA + 4, false), PAGE + 4);
	assert_int_equal(target(m, IOVA + 0x1000, false), 0);
	event_is(m, 1, 0x0000000300000010ull, 0x0000028800000000ull,
		 IOVA + 0x1000, IOVA + 0x1000);
	put(m, L3TAB + 24, PAGE | (S2_RW & ~0x400ull)); /* AF 0 */
	assert_int_equal(target(m, IOVA + 0x2000, false), 0);
	event_is(m, 2, 0x0000000300000012ull, 0x0000028800000000ull,
		 IOVA + 0x2000, IOVA + 0x2000);
	put(m, L3TAB + 32, (1ull << 40) | S2_RW); /* beyond OAS */
	assert_int_equal(target(m, IOVA + 0x3000, false), 0);
	event_is(m, 3, 0x0000000300000011ull, 0x0000028800000000ull,
		 IOVA + 0x3000, IOVA + 0x3000);
	wr(m, 0x100ac, 4);
	put(m, L1TAB + 16, 0x10000003); /* a table where nothing is */
	assert_int_equal(target(m, 0x80000000, true), 0);
	event_is(m, 0, 0x000000030000000bull, 0x0000028000000000ull, 0x80000000,
		 0x10000000);
	assert_int_equal(target(m, 1ull << 39, true), 0);
	event_is(m, 1, 0x0000000300000010ull, 0x0000028000000000ull, 1ull << 39,
		 1ull << 39);
	assert_int_equal(target(m, 1ull << 40, true), 0); /* beyond IAS */
	event_is(m, 2, 0x0000000300000011ull, 0x0000020000000000ull, 1ull << 40,
		 0);
	assert_quiet(m);
	machine_free(m);
}

static void s1_permissions(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	attach_s1(m);
	map_page(m, PAGE | S1_RW);
	put(m, L3TAB + 16, PAGE | S1_RO);
	put(m, L3TAB + 24, PAGE2 | S1_PRIV);
	assert_int_equal(target(m, IOVA, true), PAGE);
	assert_int_equal(target(m, IOVA + 0x1000, true), 0);
	event_is(m, 0, 0x0000000300000013ull, 0x0000020000000000ull,
		 IOVA + 0x1000, 0);
	assert_int_equal(target(m, IOVA + 0x1000, false), PAGE);
	assert_int_equal(target(m, IOVA + 0x2000, false), 0);
	/* Privileged accesses are the device's choice: PRIVCFG is 0. */
	assert_non_null(reaches(m, PAGE2));
	assert_int_equal(target(m, 1ull << 39, true), 0);
	assert_int_equal(get(m, EVTQ + 64), 0x0000000300000010ull);
	/* The reference is to stage 1: no IPA is given. */
	assert_int_equal(get(m, EVTQ + 64 + 24), 0);
	assert_quiet(m);
	machine_free(m);
}

/* APTable: 1 takes unprivileged access away, 2 takes write away. */
static void s1_hierarchical(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	attach_s1(m);
	put(m, L1TAB + 8, (2ull << 61) | L2TAB | 3);
	put(m, L2TAB + 8, L3TAB | 3);
	put(m, L3TAB + 8, PAGE | S1_RW);
	put(m, L2TAB + 16, (1ull << 61) | L3TAB | 3);
	assert_int_equal(target(m, IOVA, false), PAGE);
	assert_int_equal(target(m, IOVA, true), 0);
	assert_int_equal(target(m, IOVA + 0x200000, false), 0);
	machine_free(m);
}

static void blocks_where_legal(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	attach_s2(m);
	put(m, L1TAB + 8, 0x80000000 | S2_BLOCK);
	assert_int_equal(target(m, 0x40234567, true), 0x80234567);
	put(m, L1TAB + 16, L2TAB | 3);
	put(m, L2TAB, 0x80200000 | S2_BLOCK);
	assert_int_equal(target(m, 0x80012345, true), 0x80212345);
	put(m, L2TAB + 8, L3TAB | 3);
	put(m, L3TAB, 0x80300000 | S2_BLOCK); /* 0b01 at level 3 */
	assert_int_equal(target(m, 0x80200000, true), 0);
	assert_quiet(m);
	machine_free(m);
}

/* 64K and 16K granules, the latter with a root of concatenated tables. */
static void granules(void **state)
{
	struct machine *m = machine_up();
	uint64_t ste = STRTAB + 3 * 64;

	(void)state;
	put(m, ste + 16, 0x040a755900000007ull); /* TG 1: 64K */
	put(m, ste + 24, 0x80100000);
	cfgi_sync(m, 3);
	put(m, ste, 0xd);
	/* Level 2 index is IOVA[38:29], level 3 IOVA[28:16]. */
	put(m, 0x80100000 + 3 * 8, 0x80120000 | 3);
	put(m, 0x80120000 + 5 * 8, 0x80210000 | S2_RW);
	assert_int_equal(target(m, (3ull << 29) + (5 << 16) + 0x1234, true),
			 0x80211234);
	put(m, ste, 1);
	push(m, 0x0000000700000028ull, 0);
	cfgi_sync(m, 3);
	/* 16K, SL0 1: level 2, 39 bits: 8 concatenated tables of 2048. */
	put(m, ste + 16, 0x040ab55900000007ull);
	cfgi_sync(m, 3);
	put(m, ste, 0xd);
	cfgi_sync(m, 3);
	/* Level 2 index is IOVA[38:25], level 3 IOVA[24:14]. */
	put(m, 0x80100000 + 9000 * 8, 0x80140000 | 3);
	put(m, 0x80140000 + 5 * 8, 0x80204000 | S2_RW);
	assert_int_equal(target(m, (9000ull << 25) + (5 << 14) + 0x1234, true),
			 0x80205234);
	assert_quiet(m);
	machine_free(m);
}

/* 52-bit output: bits 51:48 are in 15:12 of a 64K descriptor. */
static void wide_output(void **state)
{
	struct sim_smmuv3_config c = default_config();
	struct machine *m;

	(void)state;
	c.oas = 52;
	m = machine_new(&c);
	machine_enable(m, STRTAB, 4);
	assert_int_equal(rd(m, 0x14), 0x76);
	put(m, STRTAB + 3 * 64 + 16, 0x040e755900000007ull); /* PS 52, 64K */
	put(m, STRTAB + 3 * 64 + 24, 0x80100000);
	put(m, STRTAB + 3 * 64, 0xd);
	put(m, 0x80100000 + 3 * 8, 0x80120000 | 3);
	put(m, 0x80120000 + 5 * 8, 0x80213000 | S2_RW);
	assert_int_equal(target(m, (3ull << 29) + (5 << 16), true),
			 0x0003000080210000ull);
	put(m, STRTAB + 3 * 64, 1);
	cfgi_sync(m, 3);
	/* 4K, SL0 2 is level 0: with 39 bits it resolves nothing. */
	put(m, STRTAB + 3 * 64 + 16, 0x040e359900000007ull);
	put(m, STRTAB + 3 * 64, 0xd);
	assert_int_equal(target(m, IOVA, true), 0);
	assert_int_equal(get(m, EVTQ), 0x0000000300000004ull);
	/* ...with 48 it is right: index 0, then as ever. */
	put(m, STRTAB + 3 * 64, 1);
	cfgi_sync(m, 3);
	push(m, 0x30, 0);
	put(m, STRTAB + 3 * 64 + 16, 0x040e359000000007ull);
	put(m, STRTAB + 3 * 64 + 24, 0x80180000);
	cfgi_sync(m, 3);
	put(m, STRTAB + 3 * 64, 0xd);
	put(m, 0x80180000, L1TAB | 3);
	put(m, L1TAB + 24, 0);
	map_page(m, PAGE | S2_RW);
	assert_int_equal(target(m, IOVA, true), PAGE);
	assert_quiet(m);
	machine_free(m);
}

/* A stale entry serves until a CMD_SYNC after its TLBI was consumed. */
static void tlb_stale_until_sync(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	attach_s2(m);
	map_page(m, PAGE | S2_RW);
	assert_int_equal(target(m, IOVA, true), PAGE);
	put(m, L3TAB + 8, 0);
	assert_int_equal(target(m, IOVA, true), PAGE);
	assert_true(reaches(m, PAGE)->cached);
	push(m, 0x000000070000002aull, IOVA | 1);
	assert_true(drain(m) > 0);
	assert_int_equal(target(m, IOVA, true), PAGE);
	push(m, 0x46, 0);
	assert_int_equal(target(m, IOVA, true), PAGE);
	assert_true(drain(m) > 0);
	assert_int_equal(target(m, IOVA, true), 0);
	assert_null(reaches(m, PAGE));
	assert_quiet(m);
	machine_free(m);
}

/* Invalidations that are for something else leave the entry alone. */
static void tlbi_must_match(void **state)
{
	static const uint64_t others[][2] = {
		{ 0x000000060000002aull, IOVA | 1 }, /* VMID */
		{ 0x000000070000002aull, (IOVA + 0x1000) | 1 },
		{ 0x0005000700000012ull, IOVA | 1 }, /* stage 1 */
		{ 0x0000000700000010ull, 0 },
		{ 0x0000000600000028ull, 0 },
		{ 0x20, 0 },
		{ 0x000000070000102aull, (IOVA + 0x1000) | 0x401 },
		{ 0x000000070000102aull, 0x40200000 | 0x601 }, /* TTL 2 */
		{ 0x000000070000102aull, 0x40200000 | 0xc01 }, /* TG 64K */
	};
	static const uint64_t mine[][2] = {
		{ 0x000000070000002aull, IOVA | 1 },
		{ 0x000000070000002aull, IOVA },
		{ 0x0000000700000028ull, 0 },
		{ 0x30, 0 },
		{ 0x000000070000102aull, 0x40200000 | 0x401 }, /* 2 pages */
		{ 0x000000070020002aull, 0x40200000 | 0x701 }, /* TTL 3 */
	};
	struct machine *m = machine_up();

	(void)state;
	attach_s2(m);
	for (size_t i = 0; i < sizeof(mine) / sizeof(mine[0]); i++) {
		map_page(m, PAGE | S2_RW);
		assert_int_equal(target(m, IOVA, true), PAGE);
		put(m, L3TAB + 8, 0);
		for (size_t j = 0; j < sizeof(others) / sizeof(others[0]);
		     j++) {
			push(m, others[j][0], others[j][1]);
			sync_all(m);
			if (!target(m, IOVA, true))
				fail_msg("other %zu hit", j);
		}
		push(m, mine[i][0], mine[i][1]);
		sync_all(m);
		if (target(m, IOVA, true))
			fail_msg("mine %zu missed", i);
	}
	assert_quiet(m);
	machine_free(m);
}

static void s1_tlbi(void **state)
{
	static const struct {
		uint64_t w0, w1;
		bool hits, hits_global;
	} cmds[] = {
		{ 0x0004000700000012ull, IOVA | 1, false, true }, /* ASID 4 */
		{ 0x0005000600000012ull, IOVA | 1, false, false },
		{ 0x0005000700000012ull, IOVA | 1, true, true },
		{ 0x0000000700000013ull, IOVA | 1, true, true },
		{ 0x0005000700000011ull, 0, true, false },
		{ 0x0000000700000010ull, 0, true, true },
		{ 0x0000000700000028ull, 0, true, true },
	};
	struct machine *m = machine_up();

	(void)state;
	attach_s1(m);
	for (int global = 0; global < 2; global++)
		for (size_t i = 0; i < sizeof(cmds) / sizeof(cmds[0]); i++) {
			map_page(m,
				 PAGE | (global ? S1_RW & ~0x800ull : S1_RW));
			assert_int_equal(target(m, IOVA, true), PAGE);
			put(m, L3TAB + 8, 0);
			push(m, cmds[i].w0, cmds[i].w1);
			sync_all(m);
			assert_int_equal(target(m, IOVA, true) == 0,
					 global ? cmds[i].hits_global
						: cmds[i].hits);
			push(m, 0x30, 0);
			sync_all(m);
		}
	assert_quiet(m);
	machine_free(m);
}

/*
 * A table freed after invalidating its leaves only: whoever owns the page
 * next decides what the device reaches.
 */
static void walk_cache_outlives_leaf_tlbi(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	attach_s2(m);
	map_page(m, PAGE | S2_RW);
	sim_smmuv3_speculate(m->smmu);
	put(m, L2TAB + 8, 0); /* unlink the level 3 table */
	push(m, 0x000000070000002aull, IOVA | 1);
	sync_all(m);
	assert_non_null(reaches(m, PAGE)); /* its entry is still there */
	put(m, L3TAB + 8, PAGE2 | S2_RW);  /* reused for something else */
	assert_true(reaches(m, PAGE2)->cached);
	assert_int_equal(target(m, IOVA, true), PAGE2);
	push(m, 0x000000070000002aull, IOVA); /* not Leaf */
	sync_all(m);
	assert_null(reaches(m, PAGE2));
	sim_smmuv3_speculate(m->smmu);
	assert_int_equal(target(m, IOVA, true), 0);
	machine_free(m);
}

/* What a stale pointer brings in between TLBI and SYNC goes with it. */
static void stale_fill_goes_with_pointer(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	attach_s2(m);
	map_page(m, PAGE | S2_RW);
	sim_smmuv3_speculate(m->smmu);
	put(m, L2TAB + 8, 0);
	push(m, 0x0000000700000028ull, 0);
	assert_true(drain(m) > 0);
	sim_smmuv3_speculate(m->smmu); /* not complete: may still be used */
	assert_non_null(reaches(m, PAGE));
	put(m, L3TAB + 16, PAGE2 | S2_RW);
	assert_int_equal(target(m, IOVA + 0x1000, true), PAGE2);
	sync_all(m);
	assert_null(reaches(m, PAGE));
	assert_null(reaches(m, PAGE2));
	machine_free(m);
}

/* The TLBI overtook the store: what was read again after it stays. */
static void tlbi_before_publish(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	attach_s2(m);
	map_page(m, PAGE | S2_RW);
	sim_smmuv3_speculate(m->smmu);
	push(m, 0x000000070000002aull, IOVA | 1);
	assert_true(drain(m) > 0);
	store(m, L3TAB + 8, 0);
	sim_smmuv3_speculate(m->smmu);
	sync_all(m);
	sim_mem_publish(m->mem);
	assert_int_equal(target(m, IOVA, true), PAGE);
	machine_free(m);
}

static void both_views_are_reachable(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	attach_s2(m);
	map_page(m, PAGE | S2_RW);
	store(m, L3TAB + 8, 0);
	assert_false(reaches(m, PAGE)->cached);
	sim_mem_publish(m->mem);
	assert_null(reaches(m, PAGE));
	/* A table linked before its content was published: garbage is read. */
	put(m, L3TAB + 0x1000 + 8, PAGE2 | S2_RW);
	store(m, L3TAB + 0x1000 + 8, 0);
	store(m, L2TAB + 16, (L3TAB + 0x1000) | 3);
	assert_non_null(reaches(m, PAGE2));
	sim_mem_publish(m->mem);
	assert_null(reaches(m, PAGE2));
	machine_free(m);
}

static void reach_says_what_is_allowed(void **state)
{
	struct machine *m = machine_up();
	const struct sim_reach *r;

	(void)state;
	attach_s2(m);
	map_page(m, PAGE | S2_RO);
	r = reaches(m, PAGE);
	assert_non_null(r);
	assert_int_equal(r->sid, 3);
	assert_int_equal(r->iova, IOVA);
	assert_int_equal(r->size, 0x1000);
	assert_true(r->read && !r->write && !r->cached && !r->bypass);
	assert_int_equal(m->nr_reach, 1);
	sim_smmuv3_speculate(m->smmu);
	assert_non_null(reaches(m, PAGE));
	assert_int_equal(m->nr_reach, 1); /* told once */
	machine_free(m);
}

static void break_before_make(void **state)
{
	static const uint64_t changes[] = {
		PAGE2 | S2_RW,		    /* output address */
		PAGE | (S2_RW & ~0x3cull),  /* memory type */
		PAGE | (S2_RW & ~0x300ull), /* shareability */
	};
	struct machine *m = machine_up();

	(void)state;
	attach_s2(m);
	map_page(m, PAGE | S2_RW);
	sim_smmuv3_speculate(m->smmu);
	put(m, L3TAB + 8, PAGE | S2_RO); /* permissions may change */
	sim_smmuv3_speculate(m->smmu);
	put(m, L3TAB + 8, PAGE | S2_RW);
	sim_smmuv3_speculate(m->smmu);
	assert_quiet(m);
	assert_true(reaches(m, PAGE)->write);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		put(m, L3TAB + 8, 0);
		sim_smmuv3_speculate(m->smmu);
		assert_quiet(m);
		put(m, L3TAB + 8, changes[i]);
		sim_smmuv3_speculate(m->smmu);
		assert_reported(m, "break-before-make");
		put(m, L3TAB + 8, PAGE | S2_RW);
		push(m, 0x30, 0);
		sync_all(m);
		sim_smmuv3_speculate(m->smmu);
		m->heard.reports = 0;
	}
	/* With an invalidation in between it is as it should be. */
	put(m, L3TAB + 8, 0);
	push(m, 0x000000070000002aull, IOVA | 1);
	sync_all(m);
	put(m, L3TAB + 8, PAGE2 | S2_RW);
	sim_smmuv3_speculate(m->smmu);
	assert_quiet(m);
	put(m, L2TAB + 8, PAGE | S2_BLOCK);
	sim_smmuv3_speculate(m->smmu);
	assert_reported(m, "table replaced by block");
	machine_free(m);
}

static void bbm_block_to_table(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	attach_s2(m);
	put(m, L1TAB + 8, L2TAB | 3);
	put(m, L2TAB + 8, 0x80200000 | S2_BLOCK);
	sim_smmuv3_speculate(m->smmu);
	put(m, L2TAB + 8, L3TAB | 3);
	sim_smmuv3_speculate(m->smmu);
	assert_reported(m, "block replaced by table");
	put(m, L1TAB + 8, (L2TAB + 0x3000) | 3);
	sim_smmuv3_speculate(m->smmu);
	assert_reported(m, "table pointer changed");
	machine_free(m);
}

/* Sixteen entries of one run: any of them may stand for all. */
static void contiguous_run(void **state)
{
	const uint64_t cont = 1ull << 52;
	struct machine *m = machine_up();

	(void)state;
	attach_s2(m);
	map_page(m, 0);
	for (uint64_t i = 0; i < 16; i++)
		put(m, L3TAB + i * 8, (PAGE + i * 4096) | S2_RW | cont);
	assert_int_equal(target(m, 0x40203010, true), PAGE + 0x3010);
	assert_int_equal(reaches(m, PAGE)->size, 0x10000);
	put(m, L3TAB + 5 * 8, 0);
	push(m, 0x30, 0);
	sync_all(m);
	assert_non_null(reaches(m, PAGE + 0x5000));
	assert_int_equal(target(m, 0x40203000, true), PAGE + 0x3000);
	assert_int_equal(target(m, 0x40205000, true), PAGE + 0x5000);
	assert_quiet(m);
	put(m, L3TAB + 5 * 8, PAGE2 | S2_RW);
	push(m, 0x30, 0);
	sync_all(m);
	sim_smmuv3_speculate(m->smmu);
	assert_reported(m, "contiguous run");
	machine_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s2_walk),
		cmocka_unit_test(dma_is_split),
		cmocka_unit_test(s2_events),
		cmocka_unit_test(s1_permissions),
		cmocka_unit_test(s1_hierarchical),
		cmocka_unit_test(blocks_where_legal),
		cmocka_unit_test(granules),
		cmocka_unit_test(wide_output),
		cmocka_unit_test(tlb_stale_until_sync),
		cmocka_unit_test(tlbi_must_match),
		cmocka_unit_test(s1_tlbi),
		cmocka_unit_test(walk_cache_outlives_leaf_tlbi),
		cmocka_unit_test(stale_fill_goes_with_pointer),
		cmocka_unit_test(tlbi_before_publish),
		cmocka_unit_test(both_views_are_reachable),
		cmocka_unit_test(reach_says_what_is_allowed),
		cmocka_unit_test(break_before_make),
		cmocka_unit_test(bbm_block_to_table),
		cmocka_unit_test(contiguous_run),
	};

	return cmocka_run_group_tests_name("sim_walk", tests, NULL, NULL);
}
