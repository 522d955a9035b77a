/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Bits of a valid descriptor that are RES0 (DDI 0487 D8.3.1) are reported: all
 * of them, and no others, of tables, blocks and pages of each granule.
 */
#include "fixture.h"

#define TAB	 0x80120000u
#define S2_TABLE 0xf800000000000000ull /* attributes at stage 1 */
#define PAGE_64K 0x80210000u
#define WIDE	 0x040e755900000007ull /* PS 52, 64K */

struct step {
	uint64_t at, desc, res0;
};

/* Descriptors on the way to iova, written one after the other: a block, then
 * the table that takes its place, down to the page. */
struct shape {
	uint64_t ste; /* its third word; 0: stage 1, 4K */
	uint64_t iova;
	struct step steps[5];
};

static const struct shape shapes[] = {
	{ STE_S2_2,
	  IOVA,
	  { { L1TAB + 8, 0x80000000 | S2_BLOCK, 0x000300003ffff800 },
	    { L1TAB + 8, L2TAB | 3, S2_TABLE | 0x0007000000000000 },
	    { L2TAB + 8, PAGE | S2_BLOCK, 0x00030000001ff800 },
	    { L2TAB + 8, L3TAB | 3, S2_TABLE | 0x0007000000000000 },
	    { L3TAB + 8, PAGE | S2_RW, 0x0003000000000800 } } },
	{ 0,
	  IOVA,
	  { { L1TAB + 8, 0x80000000 | (S1_RW & ~2ull), 0x000300003ffff000 },
	    { L1TAB + 8, L2TAB | 3, 0x0007000000000000 },
	    { L2TAB + 8, PAGE | (S1_RW & ~2ull), 0x00030000001ff000 },
	    { L2TAB + 8, L3TAB | 3, 0x0007000000000000 },
	    { L3TAB + 8, PAGE | S1_RW, 0x0003000000000000 } } },
	/* 16K, level 2 index is IOVA[38:25], level 3 IOVA[24:14]. */
	{ 0x040ab55900000007,
	  (9000ull << 25) + (5 << 14),
	  { { L1TAB + 9000 * 8, 0x82000000 | S2_BLOCK, 0x0003000001fff800 },
	    { L1TAB + 9000 * 8, TAB | 3, S2_TABLE | 0x0007000000003000 },
	    { TAB + 5 * 8, PAGE | S2_RW, 0x0003000000003800 } } },
	/* 64K, level 2 index is IOVA[38:29], level 3 IOVA[28:16]. */
	{ 0x040a755900000007,
	  (3ull << 29) + (5 << 16),
	  { { L1TAB + 3 * 8, 0x80000000 | S2_BLOCK, 0x000300001ffff800 },
	    { L1TAB + 3 * 8, TAB | 3, S2_TABLE | 0x000700000000f000 },
	    { TAB + 5 * 8, PAGE_64K | S2_RW, 0x000300000000f800 } } },
	/* ...and bits 15:12 are bits 51:48 of an address of 52. */
	{ WIDE,
	  (3ull << 29) + (5 << 16),
	  { { L1TAB + 3 * 8, 0x80000000 | S2_BLOCK, 0x000300001fff0800 },
	    { L1TAB + 3 * 8, TAB | 3, S2_TABLE | 0x0007000000000000 },
	    { TAB + 5 * 8, PAGE_64K | S2_RW, 0x0003000000000800 } } },
};

static struct machine *up(const struct shape *s)
{
	struct sim_smmuv3_config c = default_config();
	struct machine *m;

	if (s->ste == WIDE)
		c.oas = 52;
	m = machine_new(&c);
	machine_enable(m, STRTAB, 4);
	if (!s->ste) {
		attach_s1(m);
		return m;
	}
	put(m, STRTAB + 3 * 64 + 16, s->ste);
	put(m, STRTAB + 3 * 64 + 24, L1TAB);
	cfgi_sync(m, 3);
	put(m, STRTAB + 3 * 64, STE_S2_0);
	cfgi_sync(m, 3);
	return m;
}

/* Did the walker object to the bits since it was asked last? Nothing is cached
 * any more: a changed output address is none. */
static bool objected(struct machine *m, uint64_t bits)
{
	bool said = m->heard.reports && strstr(m->heard.last, "RES0");
	char text[32];

	if (said) {
		snprintf(text, sizeof(text), "bits %#llx,",
			 (unsigned long long)bits);
		assert_reported(m, text);
	}
	m->heard.reports = 0;
	push(m, 0x30, 0);
	sync_all(m);
	m->heard.reports = 0;
	return said;
}

static void one_step(struct machine *m, const struct shape *s,
		     const struct step *step)
{
	put(m, step->at, step->desc);
	for (unsigned int i = 2; i < 64; i++) {
		const uint64_t bit = 1ull << i;

		put(m, step->at, step->desc | bit);
		objected(m, 0);
		target(m, s->iova, false);
		assert_int_equal(objected(m, bit), !!(step->res0 & bit));
		sim_smmuv3_speculate(m->smmu);
		assert_int_equal(objected(m, bit), !!(step->res0 & bit));
	}
	/* What is not valid may hold anything. */
	put(m, step->at, (step->desc | step->res0) & ~1ull);
	objected(m, 0);
	sim_smmuv3_speculate(m->smmu);
	assert_false(objected(m, 0));
	put(m, step->at, step->desc);
	objected(m, 0);
}

static void every_bit(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		const struct step *step = shapes[i].steps;
		struct machine *m = up(&shapes[i]);

		while (step < shapes[i].steps + 5 && step->at)
			one_step(m, &shapes[i], step++);
		assert_int_not_equal(target(m, shapes[i].iova, false), 0);
		machine_free(m);
	}
}

/* An enumeration leaves no trace: it reports nothing either. */
static void looked_at_only(void **state)
{
	struct machine *m = machine_up();

	(void)state;
	attach_s2(m);
	map_page(m, PAGE | S2_RW | 1ull << 48);
	assert_non_null(reaches(m, PAGE));
	assert_quiet(m);
	sim_smmuv3_speculate(m->smmu);
	assert_reported(m, "RES0");
	machine_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_bit),
		cmocka_unit_test(looked_at_only),
	};

	return cmocka_run_group_tests_name("sim_res0", tests, NULL, NULL);
}
