// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* What an SMMUv2 is taken for by its ID registers, what domains it may have
 * then, and what its fault registers mean. Registers typed again, IHI 0062. */
#include "tap.h"

#define PAGE	 4096ull
#define SID	 5u
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const uint32_t sids[] = { SID, 9 };

static void defaults(struct rig *rig)
{
	rig_defaults(rig);
	rig->config.kind = MACHINE_SMMUV2;
	rig->config.sids = sids;
	rig->config.sid_count = COUNT(sids);
	rig->config.check = MACHINE_CHECK_CALLS;
	rig->config.smmuv2[0].aa32_short = true;
}

static int alloc(struct rig *rig, uint64_t kind)
{
	return front_call(&rig->host, HYPIOMMU_HC_DOMAIN_ALLOC, 0, kind, 0, 0,
			  0);
}

/* ------------------------------------------------------- kinds of domains */

/* An SMMU may lack a stage; the other one works. */
static void test_one_stage_only(void **state)
{
	(void)state;
	for (unsigned int lacks = 1; lacks <= 2; lacks++) {
		struct rig rig;
		uint32_t d;

		defaults(&rig);
		rig.config.smmuv2[0].stage1 = lacks != 1;
		rig.config.smmuv2[0].stage2 = lacks != 2;
		rig_start(&rig);
		assert_int_equal(alloc(&rig, lacks), HYPIOMMU_E_UNSUPPORTED);
		d = rig_domain(&rig, 3 - lacks, SID);
		rig_map(&rig, d, 0, RAM, PAGE);
		assert_reaches(&rig, SID, 0, RAM);
		assert_int_equal(alloc(&rig, lacks), HYPIOMMU_E_UNSUPPORTED);
		rig_end(&rig);
	}
}

static void test_kinds_a_format_lacks(void **state)
{
	const uint64_t contiguous = HYPIOMMU_CONTIGUOUS;
	const struct {
		enum hypiommu_smmuv2_format format;
		bool tegra;
		uint64_t kind;
	} cases[] = {
		/* Short descriptors are stage 1's, and have no hint. */
		{ HYPIOMMU_SMMUV2_V7S, false, 2 },
		{ HYPIOMMU_SMMUV2_V7S, false, 1 | contiguous },
		{ HYPIOMMU_SMMUV2_V7S, false, 1 | HYPIOMMU_GRANULE(14) },
		{ HYPIOMMU_SMMUV2_LPAE, false, 1 | HYPIOMMU_GRANULE(16) },
		/* Erratum: single pages are all there is. */
		{ HYPIOMMU_SMMUV2_AARCH64, true, 1 | contiguous },
		{ HYPIOMMU_SMMUV2_AARCH64, true, 2 | contiguous },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct rig rig;
		uint32_t d;

		defaults(&rig);
		rig.config.format = cases[i].format;
		rig.config.smmuv2[0].tegra_walk_cache = cases[i].tegra;
		rig_start_low(&rig);
		assert_int_equal(alloc(&rig, cases[i].kind),
				 HYPIOMMU_E_UNSUPPORTED);
		d = rig_domain(&rig, 1, SID);
		rig_map(&rig, d, 0, RAM, PAGE);
		assert_reaches(&rig, SID, 0, RAM);
		rig_end(&rig);
	}
}

/* AArch32 LPAE: 40 bits at most into stage 2, and out of either. */
static void test_lpae_sizes(void **state)
{
	const struct {
		unsigned int ias, oas, in, out;
	} cases[] = {
		{ 32, 32, 32, 32 },
		{ 36, 40, 36, 40 },
		{ 40, 36, 40, 36 },
		{ 44, 48, 40, 40 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct rig rig;
		uint64_t n, in = 1ull << cases[i].in,
			    out = 1ull << cases[i].out;
		uint32_t d;

		defaults(&rig);
		rig.config.format = HYPIOMMU_SMMUV2_LPAE;
		rig.config.smmuv2[0].ias = cases[i].ias;
		rig.config.smmuv2[0].oas = cases[i].oas;
		rig_start_low(&rig);
		d = rig_domain(&rig, 2, SID);
		/* Where its tables may be. */
		assert_int_equal(rig.m->h->domains[d].pt.config.table_limit,
				 out);
		rig_map(&rig, d, in - PAGE, RAM, PAGE);
		assert_reaches(&rig, SID, in - PAGE, RAM);
		assert_int_equal(front_map(&rig.host, d, in, RAM, PAGE, RW, &n),
				 HYPIOMMU_E_RANGE);
		assert_int_equal(front_map(&rig.host, d, 0, out, PAGE, RW, &n),
				 HYPIOMMU_E_RANGE);
		assert_int_equal(
			front_map(&rig.host, d, 0, out - PAGE, PAGE, RW, &n),
			HYPIOMMU_E_PERM);
		rig_end(&rig);
	}
}

/* 48 bits of input: an address is invalidated with all of its bits. */
static void test_last_page(void **state)
{
	const uint64_t last = (1ull << 48) - PAGE;

	(void)state;
	for (unsigned int stage = 1; stage <= 2; stage++) {
		struct rig rig;
		uint32_t d;

		defaults(&rig);
		rig.config.smmuv2[0].ias = rig.config.smmuv2[0].oas = 48;
		rig.config.smmuv2[0].ubs = 48;
		rig_start(&rig);
		d = rig_domain(&rig, stage, SID);
		rig_map(&rig, d, last - PAGE, RAM, 2 * PAGE);
		assert_reaches(&rig, SID, last, RAM + PAGE);
		rig_unmap(&rig, d, last, PAGE);
		assert_aborts(&rig, SID, last);
		assert_reaches(&rig, SID, last - PAGE, RAM);
		rig_end(&rig);
	}
}

/* --------------------------------------------------------- ID registers */

#define sIDR0	  0x20u
#define sIDR1	  0x24u
#define sIDR2	  0x28u
/* Stage 1 and 2, stream matching, 32 entries, 15-bit stream IDs. */
#define IDR0_GOOD (3u << 29 | 1u << 27 | 15u << 9 | 32)
#define NO_LONG	  (1u << 25)
#define NO_SHORT  (1u << 24)
#define NO_STAGE1 (1u << 30)
/* 48 bits everywhere, 4 KiB granule. */
#define IDR2_GOOD 0x1555u

static uint32_t id[3];

static uint64_t identity(uint32_t window, uint32_t offset, unsigned int width,
			 uint64_t value)
{
	(void)width;
	if (window != 16 || offset < sIDR0 || offset > sIDR2)
		return value;
	return id[(offset - sIDR0) / 4];
}

static void test_formats_there_are(void **state)
{
	const struct {
		int format;
		uint32_t idr0, idr2;
		int err;
	} cases[] = {
		{ HYPIOMMU_SMMUV2_AUTO, IDR0_GOOD, IDR2_GOOD, 0 },
		{ HYPIOMMU_SMMUV2_AUTO, IDR0_GOOD, 0x555, 0 },
		{ HYPIOMMU_SMMUV2_AUTO, IDR0_GOOD | NO_LONG, 0x555,
		  HYPIOMMU_E_UNSUPPORTED },
		{ HYPIOMMU_SMMUV2_AARCH64, IDR0_GOOD | NO_LONG, IDR2_GOOD, 0 },
		{ HYPIOMMU_SMMUV2_AARCH64, IDR0_GOOD, 0x555,
		  HYPIOMMU_E_UNSUPPORTED },
		{ HYPIOMMU_SMMUV2_LPAE, IDR0_GOOD | NO_SHORT, IDR2_GOOD, 0 },
		{ HYPIOMMU_SMMUV2_LPAE, IDR0_GOOD | NO_LONG, IDR2_GOOD,
		  HYPIOMMU_E_UNSUPPORTED },
		{ HYPIOMMU_SMMUV2_V7S, IDR0_GOOD, IDR2_GOOD, 0 },
		{ HYPIOMMU_SMMUV2_V7S, IDR0_GOOD | NO_SHORT, IDR2_GOOD,
		  HYPIOMMU_E_UNSUPPORTED },
		{ HYPIOMMU_SMMUV2_V7S, IDR0_GOOD | NO_LONG, IDR2_GOOD,
		  HYPIOMMU_E_UNSUPPORTED },
		{ HYPIOMMU_SMMUV2_V7S, IDR0_GOOD & ~NO_STAGE1, IDR2_GOOD,
		  HYPIOMMU_E_UNSUPPORTED },
		{ HYPIOMMU_SMMUV2_V7S + 1, IDR0_GOOD, IDR2_GOOD,
		  HYPIOMMU_E_INVAL },
		{ -1, IDR0_GOOD, IDR2_GOOD, HYPIOMMU_E_INVAL },
		/* Sizes nobody has defined. */
		{ HYPIOMMU_SMMUV2_AUTO, IDR0_GOOD, 0x1556, HYPIOMMU_E_HW },
		{ HYPIOMMU_SMMUV2_AUTO, IDR0_GOOD, 0x1565, HYPIOMMU_E_HW },
		{ HYPIOMMU_SMMUV2_AUTO, IDR0_GOOD, 0x1655, HYPIOMMU_E_HW },
		{ HYPIOMMU_SMMUV2_AUTO, IDR0_GOOD, 0x1f55, 0 },
		/* Neither stage; either. */
		{ HYPIOMMU_SMMUV2_AUTO, IDR0_GOOD & ~(3u << 29), IDR2_GOOD,
		  HYPIOMMU_E_HW },
		{ HYPIOMMU_SMMUV2_AUTO, IDR0_GOOD & ~(1u << 29), IDR2_GOOD, 0 },
		{ HYPIOMMU_SMMUV2_AUTO, IDR0_GOOD & ~(1u << 30), IDR2_GOOD, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct hypiommu_smmuv2_config config = {
			.frames = 1,
			.window = { 16 },
			.base = { 0x0c000000 },
			.format = (enum hypiommu_smmuv2_format)cases[i].format,
		};
		struct rig rig;
		uint32_t smmu = 77;

		defaults(&rig);
		rig.config.stay_trusted = true;
		rig.config.limits.smmus = 2;
		rig.config.smmuv2[0].nr_smrg = 32;
		rig_start(&rig);
		config.size = sim_smmuv2_frame_size(rig.m->v2[0]);
		id[0] = cases[i].idr0;
		id[1] = (uint32_t)sim_smmuv2_read(rig.m->v2[0], 0, sIDR1, 4);
		id[2] = cases[i].idr2;
		tap_install(rig.m);
		tap.read = identity;
		assert_int_equal(hypiommu_smmuv2_add(rig.m->h, &config, &smmu),
				 cases[i].err);
		assert_int_equal(smmu, cases[i].err ? 77 : 1);
		rig_end(&rig);
	}
}

/* As many banks as the architecture has, and short descriptors where they are
 * asked for: their sizes tell. */
static void test_all_banks_short_descriptors(void **state)
{
	struct rig rig;
	uint32_t d;

	(void)state;
	defaults(&rig);
	rig.config.smmuv2[0].nr_cb = 128;
	rig.config.smmuv2[0].numpagendxb = 7;
	rig.config.format = HYPIOMMU_SMMUV2_V7S;
	rig.config.check = MACHINE_CHECK_CALLS;
	rig_start_low(&rig);
	assert_int_equal(front_domain_alloc(&rig.host, 0, 1, &d), 0);
	assert_int_equal(rig.host.last.x[2], 32);
	assert_int_equal(rig.host.last.x[3], 32);
	assert_int_equal(rig.host.last.x[4],
			 4 * KiB | 64 * KiB | MiB | 16 * MiB);
	rig_end(&rig);
}

/* ACTLR of a context bank, all ones: nothing answers there. */
#define CB_ACTLR 0x4u
static uint64_t no_actlr(uint32_t window, uint32_t offset, unsigned int width,
			 uint64_t value)
{
	(void)width;
	return window == 16 && offset >= 0x10000 && (offset & 0xfff) == CB_ACTLR
		       ? 0xffffffff
		       : value;
}

static void test_mmu500_off_the_bus(void **state)
{
	struct hypiommu_smmuv2_config config = {
		.frames = 1,
		.window = { 16 },
		.base = { 0x0c000000 },
		.mmu500 = true,
	};
	struct rig rig;
	uint32_t smmu = 77;

	(void)state;
	defaults(&rig);
	rig.config.smmuv2[0].mmu500 = true;
	rig.config.stay_trusted = true;
	rig.config.limits.smmus = 2;
	rig_start(&rig);
	config.size = sim_smmuv2_frame_size(rig.m->v2[0]);
	tap_install(rig.m);
	tap.read = no_actlr;
	assert_int_equal(hypiommu_smmuv2_add(rig.m->h, &config, &smmu),
			 HYPIOMMU_E_HW);
	tap.read = NULL;
	assert_int_equal(hypiommu_smmuv2_add(rig.m->h, &config, &smmu), 0);
	rig_end(&rig);
}

/* One SMMU more than there was room for. */
static void test_too_many(void **state)
{
	struct hypiommu_smmuv2_config config = {
		.frames = 1,
		.window = { 16 },
		.base = { 0x0c000000 },
	};
	struct rig rig;
	uint32_t smmu = 77;

	(void)state;
	defaults(&rig);
	rig.config.stay_trusted = true;
	rig_start(&rig);
	config.size = sim_smmuv2_frame_size(rig.m->v2[0]);
	assert_int_equal(hypiommu_smmuv2_add(rig.m->h, &config, &smmu),
			 HYPIOMMU_E_NOSPC);
	assert_int_equal(smmu, 77);
	rig_end(&rig);
}

/* --------------------------------------------------------------- faults */

#define CB_FSR	  0x58u
#define CB_FAR	  0x60u
#define CB_FSYNR0 0x68u
#define FAR	  0x123456789000ull

static uint32_t fsr, fsynr0, fsr_at, cleared;

static uint64_t fault_registers(uint32_t window, uint32_t offset,
				unsigned int width, uint64_t value)
{
	(void)window, (void)width;
	if (offset == fsr_at)
		return fsr;
	if (offset == fsr_at + CB_FAR - CB_FSR)
		return FAR;
	return offset == fsr_at + CB_FSYNR0 - CB_FSR ? fsynr0 : value;
}

static bool fault_cleared(uint32_t window, uint32_t offset, unsigned int width,
			  uint64_t value)
{
	(void)window, (void)width;
	if (offset != fsr_at)
		return false;
	cleared = (uint32_t)value;
	fsr &= ~cleared;
	return true;
}

/* Every reason a context bank can give (16.5.6); the first one counts. */
static void test_reasons(void **state)
{
	const struct {
		uint32_t fsr;
		uint16_t reason;
	} cases[] = {
		{ 1u << 1, HYPIOMMU_FAULT_TRANSLATION },
		{ 1u << 2, HYPIOMMU_FAULT_ACCESS_FLAG },
		{ 1u << 3, HYPIOMMU_FAULT_PERMISSION },
		{ 1u << 4, HYPIOMMU_FAULT_EXTERNAL },
		{ 1u << 5, HYPIOMMU_FAULT_OTHER }, /* TLB match conflict */
		{ 1u << 8, HYPIOMMU_FAULT_OTHER }, /* unsupported upstream */
		{ 1u << 1 | 1u << 3, HYPIOMMU_FAULT_TRANSLATION },
		{ 1u << 2 | 1u << 4, HYPIOMMU_FAULT_ACCESS_FLAG },
	};

	(void)state;
	for (size_t i = 0; i < 4 * COUNT(cases); i++) {
		uint32_t multi = i & 1 ? 1u << 31 : 0;
		bool write = i & 2;
		struct rig rig;
		const uint64_t *x = rig.host.last.x;
		const struct sim_smmuv2_config *c = &rig.config.smmuv2[0];

		defaults(&rig);
		rig.config.no_judge = true;
		rig_start(&rig);
		rig_domain(&rig, 1, SID);
		fsr_at = (2u << c->numpagendxb) *
				 (c->page_64k ? 0x10000u : 0x1000u) +
			 CB_FSR;
		fsr = cases[i / 4].fsr | multi;
		fsynr0 = write ? 1u << 4 : 0;
		tap_install(rig.m);
		tap.read = fault_registers;
		tap.write = fault_cleared;
		assert_int_equal(front_call(&rig.host, HYPIOMMU_HC_FAULT_READ,
					    0, 0, 0, 0, 0),
				 0);
		assert_int_equal(x[1] >> 32 & 0xffff, cases[i / 4].reason);
		assert_int_equal(x[1] >> 48,
				 HYPIOMMU_FAULT_IOVA |
					 (write ? HYPIOMMU_FAULT_WRITE : 0) |
					 (multi ? HYPIOMMU_FAULT_LOST : 0));
		assert_int_equal(x[2], FAR);
		assert_int_equal(x[3], cases[i / 4].fsr | multi);
		/* Taken out of the register, and told once. */
		assert_int_equal(cleared, cases[i / 4].fsr | multi);
		assert_int_equal(front_call(&rig.host, HYPIOMMU_HC_FAULT_READ,
					    0, 0, 0, 0, 0),
				 HYPIOMMU_E_NOENT);
		rig_end(&rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_stage_only),
		cmocka_unit_test(test_kinds_a_format_lacks),
		cmocka_unit_test(test_lpae_sizes),
		cmocka_unit_test(test_last_page),
		cmocka_unit_test(test_formats_there_are),
		cmocka_unit_test(test_all_banks_short_descriptors),
		cmocka_unit_test(test_mmu500_off_the_bus),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
