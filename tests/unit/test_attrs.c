// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Who gets to a mapping, for what, and as memory of which type: every prot on
 * every kind of tables that says so. The observer compares what walks find with
 * what was asked for.
 */
#include "rig.h"

#define PAGE	 4096ull
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct kind {
	enum machine_kind machine;
	enum hypiommu_smmuv2_format format;
	unsigned int stage, granule;
	uint64_t flags; /* of DOMAIN_ALLOC */
};

static const struct kind kinds[] = {
	{ MACHINE_SMMUV3, 0, 1, 12, 0 },
	{ MACHINE_SMMUV3, 0, 2, 12, 0 },
	{ MACHINE_SMMUV3, 0, 1, 16, HYPIOMMU_CONTIGUOUS },
	{ MACHINE_SMMUV3, 0, 2, 16, HYPIOMMU_CONTIGUOUS },
	{ MACHINE_SMMUV2, HYPIOMMU_SMMUV2_AARCH64, 1, 12, 0 },
	{ MACHINE_SMMUV2, HYPIOMMU_SMMUV2_AARCH64, 2, 12, 0 },
	{ MACHINE_SMMUV2, HYPIOMMU_SMMUV2_LPAE, 1, 12, 0 },
	{ MACHINE_SMMUV2, HYPIOMMU_SMMUV2_LPAE, 2, 12, 0 },
	{ MACHINE_SMMUV2, HYPIOMMU_SMMUV2_V7S, 1, 12, 0 },
};

static uint32_t start(struct rig *rig, const struct kind *k)
{
	uint32_t d;

	rig_defaults(rig);
	rig->config.kind = k->machine;
	rig->config.format = k->format;
	rig->config.check = MACHINE_CHECK_CALLS;
	rig->config.smmu.gran64k = true;
	rig->config.smmuv2[0].aa32_short = true;
	rig_start_low(rig);
	assert_int_equal(
		front_call(&rig->host, HYPIOMMU_HC_DOMAIN_ALLOC, 0,
			   k->stage | HYPIOMMU_GRANULE(k->granule) | k->flags,
			   0, 0, 0),
		0);
	d = (uint32_t)rig->host.last.x[1];
	assert_int_equal(front_attach(&rig->host, 0, SID_A, d), 0);
	return d;
}

/* A page, and a run of several, some of which go first. */
static void every_prot(struct rig *rig, uint32_t d, uint64_t page)
{
	for (uint32_t prot = 0; prot <= HYPIOMMU_PROT_ALL; prot++) {
		uint64_t n;

		if (!(prot & RW))
			continue;
		assert_int_equal(
			front_map(&rig->host, d, 0, RAM, page, prot, &n), 0);
		assert_int_equal(front_map(&rig->host, d, 32 * page, RAM,
					   32 * page, prot, &n),
				 0);
		assert_int_equal(n, 32 * page);
		rig_unmap(rig, d, 33 * page, page);
		rig_unmap(rig, d, 0, page);
		rig_unmap(rig, d, 32 * page, page);
		rig_unmap(rig, d, 34 * page, 30 * page);
	}
}

/* Beside one that differs in a single bit: what that one means is remembered.
 */
static void one_bit_apart(struct rig *rig, uint32_t d, uint64_t page)
{
	const uint32_t prots[] = { RW, HYPIOMMU_PROT_ALL };

	for (size_t i = 0; i < COUNT(prots); i++) {
		for (uint32_t bit = 1; bit <= HYPIOMMU_PROT_ALL; bit <<= 1) {
			uint64_t n;

			assert_int_equal(front_map(&rig->host, d, 0, RAM, page,
						   prots[i], &n),
					 0);
			assert_int_equal(front_map(&rig->host, d, page, RAM,
						   page, prots[i] ^ bit, &n),
					 0);
			assert_int_equal(front_map(&rig->host, d, 2 * page, RAM,
						   2 * page, prots[i], &n),
					 0);
			rig_unmap(rig, d, 0, page);
			rig_unmap(rig, d, page, page);
			rig_unmap(rig, d, 2 * page, 2 * page);
		}
	}
}

static void every_prot_on_every_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct rig rig;
		uint32_t d = start(&rig, &kinds[i]);

		every_prot(&rig, d, 1ull << kinds[i].granule);
		one_bit_apart(&rig, d, 1ull << kinds[i].granule);
		rig_end(&rig);
	}
}

/* A window is Device, whatever the caller thinks it is. */
static void a_window_is_a_device(void **state)
{
	const uint32_t prots[] = {
		RW,
		RW | HYPIOMMU_PROT_CACHE,
		RW | HYPIOMMU_PROT_MMIO,
		HYPIOMMU_PROT_ALL,
	};

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct rig rig;
		uint32_t d = start(&rig, &kinds[i]);
		uint64_t n;

		for (size_t k = 0; k < COUNT(prots); k++) {
			if (kinds[i].granule > 12)
				continue; /* the window is of one page */
			assert_int_equal(front_map(&rig.host, d, k * PAGE,
						   MACHINE_DOORBELL, PAGE,
						   prots[k], &n),
					 0);
		}
		rig_end(&rig);
	}
}

/* The judgement itself. */
static void what_differs_is_said(void **state)
{
	const struct sim_attrs good = { true, true, true, SIM_MEMORY_CACHED };
	const uint32_t prot = RW | HYPIOMMU_PROT_CACHE;
	struct sim_attrs a = good;

	(void)state;
	assert_null(attrs_differ(true, prot, false, &a));
	assert_non_null(attrs_differ(true, prot, true, &a));
	assert_non_null(attrs_differ(true, RW, false, &a));
	assert_non_null(
		attrs_differ(true, prot | HYPIOMMU_PROT_MMIO, false, &a));
	assert_non_null(
		attrs_differ(true, prot | HYPIOMMU_PROT_PRIV, false, &a));
	assert_null(attrs_differ(false, prot | HYPIOMMU_PROT_PRIV, false, &a));
	assert_non_null(
		attrs_differ(true, prot | HYPIOMMU_PROT_NOEXEC, false, &a));
	assert_non_null(
		attrs_differ(false, prot & ~HYPIOMMU_PROT_READ, false, &a));
	a.unpriv = false;
	assert_non_null(attrs_differ(true, prot, false, &a));
	a = good;
	a.execute = false;
	assert_non_null(attrs_differ(true, prot, false, &a));
	a = (struct sim_attrs){ 0 };
	assert_null(attrs_differ(true, prot, false, &a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_prot_on_every_kind),
		cmocka_unit_test(a_window_is_a_device),
		cmocka_unit_test(what_differs_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
