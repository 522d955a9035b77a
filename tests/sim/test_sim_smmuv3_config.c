/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Stream tables, STEs, CDs and the configuration cache. */
#include "fixture.h"

#define STE3 (STRTAB + 3 * 64)

static void aborts_with(struct machine *m, uint64_t event)
{
	uint32_t at = rd(m, 0x100a8) & 3;

	assert_int_equal(target(m, IOVA, true), 0);
	if (event == 0) {
		assert_int_equal(rd(m, 0x100a8) & 3, at);
		return;
	}
	assert_int_equal(get(m, EVTQ + at * 32), event | 0x300000000ull);
	wr(m, 0x100ac, rd(m, 0x100a8));
}

/* Give stream 3 this STE from scratch: abort first, then word by word. */
static void set_ste(struct machine *m, uint64_t w0, uint64_t w1, uint64_t w2,
		    uint64_t w3)
{
	put(m, STE3, 1);
	cfgi_sync(m, 3);
	put(m, STE3 + 8, w1);
	put(m, STE3 + 16, w2);
	put(m, STE3 + 24, w3);
	cfgi_sync(m, 3);
	put(m, STE3, w0);
	cfgi_sync(m, 3);
}

static void bad_stes(void **state)
{
	static const struct {
		uint64_t w0, w1, w2, w3, event;
	} cases[] = {
		{ 0x0c, 0, STE_S2_2, L1TAB, 0x04 },	   /* V 0 */
		{ 0x01, 0, STE_S2_2, L1TAB, 0 },	   /* abort */
		{ 0x05, 0, STE_S2_2, L1TAB, 0 },	   /* 0b010: abort */
		{ 0x0d, 0, STE_S2_2, L1TAB, 0x10 },	   /* good */
		{ 0x0f, 0, STE_S2_2, L1TAB, 0x04 },	   /* nested */
		{ 0x0d, 0, 0x0402355900000007, L1TAB, 4 }, /* AArch32 */
		{ 0x0d, 0, 0x060a355900000007, L1TAB, 4 }, /* S2S */
		{ 0x0d, 0, 0x050a355900000007, L1TAB, 4 }, /* S2HA */
		{ 0x0d, 0, 0x041a355900000007, L1TAB, 4 }, /* S2ENDI */
		{ 0x0d, 0, 0x040af55900000007, L1TAB, 4 }, /* S2TG 3 */
		{ 0x0d, 0, 0x040a355000000007, L1TAB, 4 }, /* T0SZ 16 > OAS */
		{ 0x0d, 0, 0x040a355700000007, L1TAB, 4 }, /* T0SZ 23 > OAS */
		{ 0x0d, 0, 0x040a35d900000007, L1TAB, 4 }, /* SL0 3 */
		{ 0x0d, 0, 0x040a359900000007, L1TAB, 4 }, /* SL0 2, 39 bits */
		{ 0x0d, 0, 0x040a351900000007, L1TAB, 4 }, /* SL0 0, 39 bits */
		{ 0x0d, 0, STE_S2_2, 1ull << 40, 4 },	   /* S2TTB > PS */
		{ 0x0b | 1ull << 41, 0, 7, 0, 4 },	   /* S1ContextPtr */
		{ 0x0b | 0x10000000, 0, 7, 0, 9 },	   /* F_CD_FETCH */
		{ 0x0b | CDTAB, 0x40000000, 7, 0, 4 },	   /* STRW 1 */
		{ 0x0b | CDTAB | 5ull << 59, 0, 7, 0, 4 }, /* S1CDMax */
		{ 0x1b | CDTAB | 1ull << 59, 0, 7, 0, 4 }, /* S1Fmt 1 */
		{ 0x0b | CDTAB | 1ull << 59, 0, 7, 0, 6 }, /* S1DSS 0 */
		{ 0x0b | CDTAB | 1ull << 59, 3, 7, 0, 4 }, /* S1DSS 3 */
		{ 0x0b | CDTAB, 0, 7, 0, 0x0a },	   /* CD V 0 */
	};
	struct machine *m = machine_up();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set_ste(m, cases[i].w0, cases[i].w1, cases[i].w2, cases[i].w3);
		aborts_with(m, cases[i].event);
		assert_null(reaches(m, PAGE));
	}
	assert_quiet(m);
	machine_free(m);
}

static void bad_cds(void **state)
{
	static const uint64_t bad[] = {
		CD_0 & ~0x80000000ull,	/* V */
		CD_0 & ~(1ull << 41),	/* AA64 */
		CD_0 | 1ull << 42,	/* HD */
		CD_0 | 1ull << 44,	/* S */
		CD_0 | 1ull << 15,	/* ENDI */
		CD_0 | 0xc0,		/* TG0 3 */
		(CD_0 & ~0x3full) | 15, /* T0SZ */
		(CD_0 & ~0x3full) | 40,
	};
	struct machine *m = machine_up();

	(void)state;
	attach_s1(m);
	map_page(m, PAGE | S1_RW);
	assert_int_equal(target(m, IOVA, true), PAGE);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		put(m, CDTAB, bad[i]);
		push(m, 0x0000000300000005ull, 1); /* CFGI_CD */
		sync_all(m);
		aborts_with(m, 0x0a);
	}
	put(m, CDTAB, CD_0);
	push(m, 0x0000000300000005ull, 1);
	sync_all(m);
	assert_int_equal(target(m, IOVA, true), PAGE);
	put(m, CDTAB, CD_0 & ~0x80000000ull);
	cfgi_sync(m, 3); /* CFGI_STE: of the STE only */
	assert_int_equal(target(m, IOVA, true), PAGE);
	push(m, 0x0000000300000006ull, 0); /* CFGI_CD_ALL */
	sync_all(m);
	aborts_with(m, 0x0a);
	put(m, CDTAB, CD_0 | 0x4000); /* EPD0: no walk, a fault */
	push(m, 0x0000000300000006ull, 0);
	push(m, 0x30, 0);
	sync_all(m);
	aborts_with(m, 0x10);
	put(m, CDTAB, CD_0 & ~(1ull << 45)); /* R 0: not recorded */
	put(m, L3TAB + 8, 0);
	push(m, 0x0000000300000006ull, 0);
	sync_all(m);
	aborts_with(m, 0);
	machine_free(m);
}

static void bypass_is_seen(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	assert_false(reaches_all(m));
	set_ste(m, 9, 0, 0, 0);
	assert_true(reaches_all(m));
	assert_int_equal(m->reach[0].sid, 3);
	assert_int_equal(target(m, PAGE, true), PAGE);
	/* No SubstreamID, S1DSS 1: stage 1 is passed by. */
	set_ste(m, 0x0b | CDTAB | 1ull << 59, 1, 7, 0);
	assert_true(reaches_all(m));
	put(m, STE3, 1);
	sim_smmuv3_speculate(m->smmu);
	cfgi_sync(m, 3);
	assert_false(reaches_all(m));
	machine_free(m);
}

static void substreams_are_seen(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	map_page(m, PAGE | S1_RW);
	put(m, CDTAB + 64 + 8, L1TAB);
	put(m, CDTAB + 64 + 24, MAIR);
	put(m, CDTAB + 64, CD_0);
	set_ste(m, 0x0b | CDTAB | 1ull << 59, 0, 7, 0);
	assert_non_null(reaches(m, PAGE)); /* SubstreamID 1 */
	assert_int_equal(target(m, IOVA, true), 0);
	put(m, CDTAB + 64, 0);
	assert_null(reaches(m, PAGE));
	assert_quiet(m);
	machine_free(m);
}

/* The old configuration serves until CFGI and CMD_SYNC. */
static void ste_stale_until_sync(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	attach_s2(m);
	map_page(m, PAGE | S2_RW);
	assert_int_equal(target(m, IOVA, true), PAGE);
	put(m, STE3, 1);
	sim_smmuv3_speculate(m->smmu); /* the oldest is preferred */
	assert_int_equal(target(m, IOVA, true), PAGE);
	assert_true(reaches(m, PAGE)->cached);
	push(m, 0x0000000300000003ull, 1);
	assert_true(drain(m) > 0);
	assert_int_equal(target(m, IOVA, true), PAGE);
	sync_all(m);
	assert_int_equal(target(m, IOVA, true), 0);
	assert_null(reaches(m, PAGE)); /* in the TLB, but no one's VMID */
	set_ste(m, 9, 0, 0, 0);
	assert_null(reaches(m, PAGE));
	/* Its VMID is used again without a TLBI. */
	set_ste(m, STE_S2_0, 0, STE_S2_2, L1TAB + 0x10000);
	assert_true(reaches(m, PAGE)->cached);
	assert_int_equal(target(m, IOVA, true), PAGE);
	assert_quiet(m);
	machine_free(m);
}

/* An invalid STE is cached like any other. */
static void abort_is_cached_too(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	put(m, STE3 + 16, STE_S2_2);
	put(m, STE3 + 24, L1TAB);
	map_page(m, PAGE | S2_RW);
	aborts_with(m, 4);
	put(m, STE3, STE_S2_0);
	aborts_with(m, 4);
	cfgi_sync(m, 3);
	assert_int_equal(target(m, IOVA, true), PAGE);
	assert_quiet(m);
	machine_free(m);
}

static void live_ste_rewritten(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	attach_s2(m);
	sim_smmuv3_speculate(m->smmu);
	put(m, STE3 + 24, L1TAB + 0x10000); /* one word: old or new */
	sim_smmuv3_speculate(m->smmu);
	assert_quiet(m);
	put(m, STE3 + 16, STE_S2_2 + 1); /* two: a mixture */
	sim_smmuv3_speculate(m->smmu);
	assert_reported(m, "live STE");
	machine_free(m);
}

static void ste_scrubbed_too_early(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	attach_s2(m);
	sim_smmuv3_speculate(m->smmu);
	put(m, STE3, 1);
	sim_smmuv3_speculate(m->smmu);
	assert_quiet(m);
	put(m, STE3 + 24, 0); /* before CFGI_STE */
	sim_smmuv3_speculate(m->smmu);
	assert_reported(m, "live STE");
	cfgi_sync(m, 3);
	put(m, STE3 + 16, 0);
	sim_smmuv3_speculate(m->smmu);
	assert_quiet(m);
	machine_free(m);
}

static void ste_valid_too_early(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	sim_smmuv3_speculate(m->smmu); /* caches the invalid STE */
	put(m, STE3 + 16, STE_S2_2);
	put(m, STE3 + 24, L1TAB);
	put(m, STE3, STE_S2_0);
	sim_smmuv3_speculate(m->smmu);
	assert_reported(m, "made valid before");
	machine_free(m);
}

/* Right order, but V = 1 is stored before the rest was published. */
static void ste_words_unpublished(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	store(m, STE3 + 16, STE_S2_2);
	store(m, STE3 + 24, L1TAB);
	store(m, STE3, STE_S2_0);
	sim_smmuv3_speculate(m->smmu);
	assert_reported(m, "made valid before");
	machine_free(m);
}

static void ste_done_right(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	for (uint64_t i = 0; i < 3; i++) {
		store(m, STE3 + 16, STE_S2_2 + i);
		sim_smmuv3_speculate(m->smmu);
		store(m, STE3 + 24, L1TAB + i * 0x10000);
		sim_smmuv3_speculate(m->smmu);
		sim_mem_publish(m->mem);
		sim_smmuv3_speculate(m->smmu);
		cfgi_sync(m, 3);
		sim_smmuv3_speculate(m->smmu);
		put(m, STE3, STE_S2_0);
		sim_smmuv3_speculate(m->smmu);
		cfgi_sync(m, 3);
		sim_smmuv3_speculate(m->smmu);
		store(m, STE3, 1);
		sim_smmuv3_speculate(m->smmu);
		sim_mem_publish(m->mem);
		cfgi_sync(m, 3);
		sim_smmuv3_speculate(m->smmu);
	}
	assert_quiet(m);
	machine_free(m);
}

static void cd_mixtures(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	attach_s1(m);
	sim_smmuv3_speculate(m->smmu);
	put(m, CDTAB, CD_0 + (1ull << 48)); /* ASID 6, then a new table */
	sim_smmuv3_speculate(m->smmu);
	assert_quiet(m);
	put(m, CDTAB + 8, L1TAB + 0x10000);
	sim_smmuv3_speculate(m->smmu);
	assert_reported(m, "live CD");
	push(m, 0x0000000300000005ull, 1);
	sync_all(m);
	put(m, CDTAB, CD_0 & ~0x80000000ull);
	sim_smmuv3_speculate(m->smmu);
	push(m, 0x0000000300000005ull, 1);
	sync_all(m);
	sim_smmuv3_speculate(m->smmu);
	put(m, CDTAB + 8, L1TAB);
	put(m, CDTAB, CD_0);
	sim_smmuv3_speculate(m->smmu);
	assert_reported(m, "CD of stream 0x3 made valid");
	machine_free(m);
}

/* The CD is taken away while the STE that points to it may be cached. */
static void cd_freed_under_stale_ste(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	attach_s1(m);
	map_page(m, PAGE | S1_RW);
	sim_smmuv3_speculate(m->smmu);
	put(m, STE3, 1);
	push(m, 0x0000000300000006ull, 0); /* CDs only */
	sync_all(m);
	assert_true(reaches(m, PAGE)->cached);
	cfgi_sync(m, 3);
	assert_null(reaches(m, PAGE));
	assert_quiet(m);
	machine_free(m);
}

static void ats_and_ttb1(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	set_ste(m, STE_S2_0, 0x10000000, STE_S2_2, L1TAB);
	sim_smmuv3_speculate(m->smmu);
	assert_reported(m, "EATS");
	put(m, CDTAB, CD_0 & ~0x40000000ull);
	set_ste(m, 0x0b | CDTAB, 0, 7, 0);
	sim_smmuv3_speculate(m->smmu);
	assert_reported(m, "TTB1");
	machine_free(m);
}

/* STRTAB_BASE_CFG: FMT 1, SPLIT 8, LOG2SIZE 9: two level 1 descriptors. */
static void two_level_table(void **state)
{
	const uint64_t l2 = 0x80040000;
	struct sim_smmuv3_config c = default_config();
	struct machine *m;
	uint64_t pa = 0;

	(void)state;
	c.sid_bits = 9;
	m = machine_new(&c);
	machine_enable(m, STRTAB, 0x10209);
	map_page(m, PAGE | S2_RW);
	put(m, l2 + 0x10 * 64 + 16, STE_S2_2);
	put(m, l2 + 0x10 * 64 + 24, L1TAB);
	put(m, l2 + 0x10 * 64, STE_S2_0);
	wr(m, 0x100ac, 0);
	assert_int_equal(sim_smmuv3_translate(m->smmu, 0x110, IOVA, true, &pa),
			 SIM_DMA_ABORT);
	assert_int_equal(rd(m, 0x100a8), 0); /* RECINVSID 0: no record */
	assert_null(reaches(m, PAGE));
	put(m, l2 + 0x20 * 64, 9);  /* bypass, but out of the span */
	put(m, STRTAB + 8, l2 | 6); /* span 6: 32 STEs */
	assert_false(reaches_all(m));
	assert_non_null(reaches(m, PAGE));
	/* The descriptor that was not there is cached; Leaf leaves it. */
	push(m, 0x0000011000000003ull, 1);
	sync_all(m);
	assert_int_equal(sim_smmuv3_translate(m->smmu, 0x110, IOVA, true, &pa),
			 SIM_DMA_ABORT);
	push(m, 0x0000011000000003ull, 0);
	sync_all(m);
	assert_int_equal(sim_smmuv3_translate(m->smmu, 0x110, IOVA, true, &pa),
			 SIM_DMA_OK);
	assert_int_equal(pa, PAGE);
	/* Beyond the span, and in the other half. */
	assert_int_equal(sim_smmuv3_translate(m->smmu, 0x120, IOVA, true, &pa),
			 SIM_DMA_ABORT);
	assert_int_equal(sim_smmuv3_translate(m->smmu, 0x10, IOVA, true, &pa),
			 SIM_DMA_ABORT);
	/* The level 2 table is freed: STEs in it stay reachable. */
	sim_smmuv3_speculate(m->smmu);
	put(m, STRTAB + 8, 0);
	push(m, 0x0000011000000003ull, 1);
	sync_all(m);
	assert_true(reaches(m, PAGE)->cached);
	push(m, 0x0000011000000003ull, 0);
	sync_all(m);
	assert_null(reaches(m, PAGE));
	assert_quiet(m);
	machine_free(m);
}

static void stream_out_of_range(void **state)
{
	struct sim_smmuv3_config c = default_config();
	struct machine *m = machine_new(&c);
	uint64_t pa;

	(void)state;
	wr(m, 0x2c, 2); /* CR2.RECINVSID */
	machine_enable(m, STRTAB, 3);
	assert_int_equal(sim_smmuv3_translate(m->smmu, 8, IOVA, true, &pa),
			 SIM_DMA_ABORT);
	assert_int_equal(get(m, EVTQ), 0x0000000800000002ull);
	machine_free(m);
}

static void power_cycle_forgets(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	attach_s2(m);
	map_page(m, PAGE | S2_RW);
	sim_smmuv3_speculate(m->smmu);
	put(m, STE3, 1);
	put(m, L2TAB + 8, 0);
	sim_smmuv3_power_cycle(m->smmu);
	assert_int_equal(rd(m, 0x20), 0);
	m->cmdq_prod = 0;
	machine_enable(m, STRTAB, 4);
	assert_int_equal(target(m, IOVA, true), 0);
	sim_smmuv3_power_cycle(m->smmu);
	m->cmdq_prod = 0;
	sim_smmuv3_write(m->smmu, 0x80, 8, STRTAB);
	wr(m, 0x88, 4);
	put(m, STE3, STE_S2_0);
	set_cr0(m, 0x1);
	assert_reported(m, "SMMUEN set before");
	put(m, L2TAB + 8, L3TAB | 3);
	assert_int_equal(target(m, IOVA, true), PAGE);
	machine_free(m);
}

static void misaligned_root(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	set_ste(m, STE_S2_0, 0, STE_S2_2, L1TAB + 0x800);
	sim_smmuv3_speculate(m->smmu);
	assert_reported(m, "not aligned");
	machine_free(m);
}

/* A table too long to scan: streams named by commands, DMA, or found live. */
static void large_linear_table(void **state)
{
	struct sim_smmuv3_config c = default_config();
	const uint64_t table = 0x80800000, sid = 0x1234;
	struct machine *m;

	(void)state;
	c.sid_bits = 16;
	m = machine_new(&c);
	map_page(m, PAGE | S2_RW);
	put(m, table + 7 * 64, 9); /* bypass, left there before */
	machine_enable(m, table, 16);
	assert_true(reaches_all(m));
	put(m, table + 7 * 64, 1);
	assert_false(reaches_all(m));
	put(m, table + sid * 64 + 16, STE_S2_2);
	put(m, table + sid * 64 + 24, L1TAB);
	put(m, table + sid * 64, STE_S2_0);
	push(m, 3 | sid << 32, 1);
	sync_all(m);
	assert_int_equal(reaches(m, PAGE)->sid, sid);
	assert_quiet(m);
	machine_free(m);
}

/* reach looks, and must not leave anything cached behind. */
static void reach_does_not_cache(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	attach_s2(m);
	map_page(m, PAGE | S2_RW);
	assert_non_null(reaches(m, PAGE));
	put(m, STE3, 1);
	assert_null(reaches(m, PAGE));
	assert_int_equal(target(m, IOVA, true), 0);
	assert_quiet(m);
	machine_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_stes),
		cmocka_unit_test(bad_cds),
		cmocka_unit_test(bypass_is_seen),
		cmocka_unit_test(substreams_are_seen),
		cmocka_unit_test(ste_stale_until_sync),
		cmocka_unit_test(abort_is_cached_too),
		cmocka_unit_test(live_ste_rewritten),
		cmocka_unit_test(ste_scrubbed_too_early),
		cmocka_unit_test(ste_valid_too_early),
		cmocka_unit_test(ste_words_unpublished),
		cmocka_unit_test(ste_done_right),
		cmocka_unit_test(cd_mixtures),
		cmocka_unit_test(cd_freed_under_stale_ste),
		cmocka_unit_test(ats_and_ttb1),
		cmocka_unit_test(two_level_table),
		cmocka_unit_test(stream_out_of_range),
		cmocka_unit_test(power_cycle_forgets),
		cmocka_unit_test(misaligned_root),
		cmocka_unit_test(large_linear_table),
		cmocka_unit_test(reach_does_not_cache),
	};

	return cmocka_run_group_tests_name("sim_config", tests, NULL, NULL);
}
