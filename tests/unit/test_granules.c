// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Tables of every granule, with and without the contiguous hint, as a front-end
 * asks for them: both SMMUs, both stages, every step observed. */
#include "rig.h"

#define PAGE 4096ull
#define AT   (1ull << 31)

struct shape {
	enum machine_kind kind;
	unsigned int granule, stage, oas;
	bool contiguous;
};

static void start(struct rig *rig, const struct shape *s, unsigned int salt)
{
	rig_defaults(rig);
	rig->config.kind = s->kind;
	rig->config.smmu.gran16k = rig->config.smmu.gran64k = true;
	rig->config.smmu.oas = s->oas;
	rig->config.smmu.vax = s->oas == 52;
	rig->config.smmu.coherent = salt & 1;
	rig->config.smmuv2[0].coherent = salt & 1;
	rig->config.smmu.range_inval = salt & 2;
	if (salt % 9) /* every step is looked at in some */
		rig->config.check = MACHINE_CHECK_CALLS;
	rig->config.smmuv2[0].aa64_16k = rig->config.smmuv2[0].aa64_64k = true;
	rig->config.smmuv2[0].oas = rig->config.smmuv2[0].ias =
		s->oas > 48 ? 48 : s->oas;
	rig_start(rig);
}

static unsigned int kind_of(const struct shape *s)
{
	return (unsigned int)(s->stage | HYPIOMMU_GRANULE(s->granule) |
			      (s->contiguous ? HYPIOMMU_CONTIGUOUS : 0));
}

/* What a run of leaves with the hint spans: DDI 0487 D8.7.1. */
static uint64_t run_of(const struct shape *s)
{
	return s->granule == 12 ? 64 * KiB : 2 * MiB;
}

/* Off the block of 2 MiB that the 4 KiB granule has. */
static uint64_t aside(const struct shape *s)
{
	return s->granule == 12 ? 128 * KiB : 0;
}

/* The widest input a table of this granule may be asked for. */
static unsigned int input_bits(const struct shape *s)
{
	bool wide = s->kind == MACHINE_SMMUV3 && s->granule == 16;

	if (s->stage == 1)
		return wide && s->oas == 52 ? 52 : 48;
	return s->oas > 48 && !wide ? 48 : s->oas;
}

/* Two MiB at iova; one granule goes, comes back, and then all goes. */
static void life_of(struct rig *rig, const struct shape *s, uint32_t d,
		    uint64_t iova)
{
	const uint64_t pa = RAM + 4 * MiB + aside(s), g = 1ull << s->granule;
	const uint64_t gone = MiB + 4 * g;

	rig_map(rig, d, iova, pa, 2 * MiB);
	assert_reaches(rig, SID_A, iova, pa);
	assert_reaches(rig, SID_A, iova + gone, pa + gone);
	assert_reaches(rig, SID_A, iova + 2 * MiB - PAGE, pa + 2 * MiB - PAGE);
	rig_unmap(rig, d, iova + gone, g);
	assert_aborts(rig, SID_A, iova + gone);
	assert_aborts(rig, SID_A, iova + gone + g - PAGE);
	assert_reaches(rig, SID_A, iova + gone - PAGE, pa + gone - PAGE);
	assert_reaches(rig, SID_A, iova + gone + g, pa + gone + g);
	/* In another cache line of the same run. */
	assert_reaches(rig, SID_A, iova + gone + 8 * g, pa + gone + 8 * g);
	assert_pins(rig, pa + gone, 0);
	assert_pins(rig, pa + gone + g, 1);
	rig_map(rig, d, iova + gone, pa + MiB, g);
	assert_reaches(rig, SID_A, iova + gone, pa + MiB);
	rig_unmap(rig, d, iova, 2 * MiB);
	assert_aborts(rig, SID_A, iova);
	assert_pins(rig, pa, 0);
	assert_pins(rig, pa + MiB, 0);
}

static void one(const struct shape *s, unsigned int salt)
{
	uint64_t leaves, mapped;
	struct rig rig;
	uint32_t d;

	start(&rig, s, salt);
	assert_int_equal(front_domain_alloc(&rig.host, 0, kind_of(s), &d), 0);
	assert_int_equal(rig.host.last.x[2], input_bits(s));
	leaves = rig.host.last.x[4];
	assert_int_equal(leaves & -leaves, 1ull << s->granule);
	assert_int_equal(!(leaves & run_of(s)), !s->contiguous);
	assert_int_equal(front_attach(&rig.host, 0, SID_A, d), 0);
	if (s->granule != 12)
		assert_int_equal(front_map(&rig.host, d, AT, RAM + PAGE, PAGE,
					   RW, &mapped),
				 HYPIOMMU_E_INVAL);
	life_of(&rig, s, d, AT + aside(s));
	life_of(&rig, s, d, (1ull << input_bits(s)) - 4 * MiB + aside(s));
	assert_int_equal(front_detach(&rig.host, 0, SID_A, d), 0);
	assert_int_equal(front_domain_free(&rig.host, d), 0);
	rig_end(&rig);
}

static void every_shape(enum machine_kind kind, const unsigned int *oas,
			unsigned int n)
{
	unsigned int salt = 0;

	for (unsigned int granule = 12; granule <= 16; granule += 2) {
		for (unsigned int i = 0; i < 4 * n; i++) {
			const struct shape s = { kind, granule, 1 + i % 2,
						 oas[i / 4], i / 2 % 2 };

			one(&s, salt++ + i / 4);
		}
	}
}

static void test_smmuv3(void **state)
{
	static const unsigned int oas[] = { 40, 44, 48, 52 };

	(void)state;
	every_shape(MACHINE_SMMUV3, oas, 4);
}

static void test_smmuv2(void **state)
{
	static const unsigned int oas[] = { 40, 48 };

	(void)state;
	every_shape(MACHINE_SMMUV2, oas, 2);
}

/* Every entry of a last-level table, all of them pages: how many there are is
 * nothing to what hardware must not find set in a descriptor. */
static void test_full_tables(void **state)
{
	(void)state;
	for (unsigned int granule = 12; granule <= 16; granule += 2) {
		const struct shape s = { MACHINE_SMMUV3, granule, 2, 44,
					 false };
		const uint64_t span = 1ull << (2 * granule - 3);
		struct rig rig;
		uint32_t d;

		start(&rig, &s, 1);
		assert_int_equal(
			front_domain_alloc(&rig.host, 0, kind_of(&s), &d), 0);
		assert_int_equal(front_attach(&rig.host, 0, SID_A, d), 0);
		for (uint64_t at = 0; at < span; at += MiB)
			rig_map(&rig, d, at, RAM + 5 * MiB, MiB);
		assert_pins(&rig, RAM + 5 * MiB, (uint32_t)(span / MiB));
		for (uint64_t at = 0; at < span; at += MiB)
			rig_unmap(&rig, d, at, MiB);
		assert_pins(&rig, RAM + 5 * MiB, 0);
		assert_int_equal(front_detach(&rig.host, 0, SID_A, d), 0);
		assert_int_equal(front_domain_free(&rig.host, d), 0);
		rig_end(&rig);
	}
}

/* Bits that say nothing, granules there are not, hardware without them. */
static void test_refusals(void **state)
{
	static const uint64_t senseless[] = {
		0,
		3,
		HYPIOMMU_GRANULE(12),
		1 | HYPIOMMU_GRANULE(13),
		1 | HYPIOMMU_GRANULE(18),
		1 | HYPIOMMU_GRANULE(255),
		1 | HYPIOMMU_CONTIGUOUS << 1,
		2 | 1ull << 63,
	};
	struct shape s = { MACHINE_SMMUV3, 16, 1, 44, true };
	struct rig rig;
	uint32_t d;

	(void)state;
	for (unsigned int v2 = 0; v2 < 2; v2++) {
		rig_defaults(&rig);
		rig.config.kind = v2 ? MACHINE_SMMUV2 : MACHINE_SMMUV3;
		rig_start(&rig);
		for (size_t i = 0; i < sizeof(senseless) / 8; i++)
			assert_int_equal(front_call(&rig.host,
						    HYPIOMMU_HC_DOMAIN_ALLOC, 0,
						    senseless[i], 0, 0, 0),
					 HYPIOMMU_E_INVAL);
		assert_int_equal(
			front_domain_alloc(&rig.host, 0, kind_of(&s), &d),
			HYPIOMMU_E_UNSUPPORTED);
		rig_end(&rig);
	}
	/* Short descriptors have neither. */
	rig_defaults(&rig);
	rig.config.kind = MACHINE_SMMUV2;
	rig.config.smmuv2[0].aa32_short = true;
	rig.config.format = HYPIOMMU_SMMUV2_V7S;
	rig_start_low(&rig);
	assert_int_equal(front_domain_alloc(&rig.host, 0, kind_of(&s), &d),
			 HYPIOMMU_E_UNSUPPORTED);
	s.granule = 12;
	assert_int_equal(front_domain_alloc(&rig.host, 0, kind_of(&s), &d),
			 HYPIOMMU_E_UNSUPPORTED);
	rig_end(&rig);
}

/* 1 GiB is split into 2 MiB, for more there is no page: what the first split
 * made is there for devices when the call returns. */
static void test_split_halfway(void **state)
{
	struct rig rig;
	struct front *f = &rig.host;
	uint32_t d;

	(void)state;
	rig_defaults(&rig);
	rig.config.ram_size = 2 * GiB;
	rig.config.check = MACHINE_CHECK_CALLS;
	rig_start(&rig);
	d = rig_domain(&rig, 1, SID_A);
	rig_map(&rig, d, GiB, RAM, GiB);
	while (!front_call(f, HYPIOMMU_HC_MEM_GIVEBACK, HYPIOMMU_ANY_PAGE, 0, 0,
			   0, 0))
		;
	assert_int_equal(front_call(f, HYPIOMMU_HC_MEM_TOPUP,
				    MACHINE_DONOR_BASE + 64 * MiB, 1, 0, 0, 0),
			 0);
	assert_int_equal(
		front_call(f, HYPIOMMU_HC_UNMAP_PAGES, d, GiB, 4 * KiB, 0, 0),
		HYPIOMMU_E_NOMEM);
	assert_int_equal(sim_mem_unpublished(rig.m->mem), 0);
	assert_reaches(&rig, SID_A, GiB, RAM);
	assert_reaches(&rig, SID_A, 2 * GiB - 4 * KiB, RAM + GiB - 4 * KiB);
	rig_unmap(&rig, d, GiB, 4 * KiB);
	rig_end(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_smmuv3),
		cmocka_unit_test(test_smmuv2),
		cmocka_unit_test(test_full_tables),
		cmocka_unit_test(test_split_halfway),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
