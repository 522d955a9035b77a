// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Where arrays end: the last element is one, what lies behind it is nobody's.
 */
#include <sys/mman.h>

#include "still.h"

#include "owner_pins.h"

/* ----------------------------------------------------------- page states */

/* The words of the last chunk are all alike, as is what follows them, and end
 * where memory does. */
static void test_page_states(void **state)
{
	const size_t size = hypiommu_page_state_size(2 * MiB), map = 64 << 10;
	struct region region;
	struct owner o = { .regions = &region, .max = 1 };
	struct owner_user user;
	uint8_t *mem;

	(void)state;
	mem = mmap(NULL, map + PAGE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(mem != MAP_FAILED);
	for (size_t i = 0; i < map / 4; i++)
		((uint32_t *)(void *)mem)[i] = word_owned(HYPIOMMU_HOST);
	assert_int_equal(mprotect(mem + map, PAGE, PROT_NONE), 0);
	assert_int_equal(
		owner_add_region(&o, RAM, 2 * MiB, mem + map - size, false), 0);
	owner_user_init(&user, &o, HYPIOMMU_HOST);
	assert_int_equal(owner_pin(&user, RAM, 2 * MiB), 0);
	/* One word counts for all pages of a chunk that are alike. */
	assert_int_not_equal(region.chunks[0].word, BY_PAGE);
	assert_int_not_equal(region.chunks[1].word, BY_PAGE);
	owner_unpin(&user, RAM, 2 * MiB);
	/* Page by page, then whole again. */
	assert_int_equal(owner_pin(&user, RAM + 2 * MiB - PAGE, PAGE), 0);
	owner_unpin(&user, RAM + 2 * MiB - PAGE, PAGE);
	assert_int_equal(owner_pin(&user, RAM + MiB, MiB), 0);
	assert_int_equal(owner_pin(&user, RAM + MiB + PAGE, MiB - PAGE), 0);
	munmap(mem, map + PAGE);
}

/* ----------------------------------------------------------------- frames */

/* As many frames as there may be; behind their array lie the SWGROUPs, whose
 * first two would be a frame at 2^32 of 2^41 bytes. */
static void test_frames(void **state)
{
	static const struct hypiommu_limits limits = {
		.smmus = 1,
		.domains = 4,
		.streams = 2,
		.regions = 4,
		.frames = 4,
		.clients = 2,
	};
	static const struct hypiommu_tegra_swgroup swgroups[] = {
		{ 1, 0x100 },
		{ 2, 0x200 },
	};
	/* The last bit of the last register. */
	static const struct hypiommu_tegra_enable enable = { PAGE - 4, 31 };
	const struct hypiommu_config c = { .limits = limits, .mmio = &mmio };
	const struct hypiommu_tegra_smmu_config smmu = {
		.base = 0x10000,
		.size = PAGE,
		.asids = 4,
		.ptc_line = 32,
		.address_bits = 34,
		.swgroups = swgroups,
		.swgroup_count = COUNT(swgroups),
		.enables = &enable,
		.enable_count = 1,
	};
	void *mem = aligned_alloc(64, hypiommu_size(&limits));
	uint64_t far = 2ull << 32;
	struct hypiommu *h = NULL;
	uint32_t index;

	(void)state;
	assert_int_equal(hypiommu_create(mem, hypiommu_size(&limits), &c, &h),
			 0);
	assert_int_equal(hypiommu_tegra_smmu_add(h, &smmu, &index), 0);
	for (uint64_t i = 1; i < 4; i++)
		assert_int_equal(
			hypiommu_add_frame(h, 0x10000 + i * PAGE, PAGE), 0);
	/* One that is there already, one that is one too many. */
	assert_int_equal(hypiommu_add_frame(h, 0x13000, PAGE), 0);
	assert_int_equal(hypiommu_add_frame(h, far, PAGE), HYPIOMMU_E_NOSPC);
	assert_int_equal(hypiommu_add_ram(h, far, PAGE, words[0]), 0);
	assert_int_equal(hypiommu_add_ram(h, 0x13000, PAGE, words[1]),
			 HYPIOMMU_E_EXIST);
	free(mem);
}

/* ---------------------------------------------------------------- clients */

/* Eight bytes of the aperture each. */
static void test_clients(void **state)
{
	static const uint64_t sizes[] = { 0x10000, 0x20000 };

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		const struct hypiommu_tegra234_mc_config mc = {
			.base = 0x40000,
			.size = sizes[i],
		};
		uint32_t ids = (uint32_t)sizes[i] / 8;
		struct hypiommu *h;
		void *mem;

		h = instance(&mem);
		assert_int_equal(hypiommu_tegra234_mc_add(h, &mc), 0);
		assert_int_equal(hypiommu_tegra234_firmware_client(h, ids - 1),
				 0);
		assert_int_equal(hypiommu_tegra234_firmware_client(h, ids),
				 HYPIOMMU_E_INVAL);
		free(mem);
	}
}

/* ------------------------------------------------------------------ roots */

/* Short descriptors: one block of four pages below 4 GiB. */
static void test_root_that_is_missing(void **state)
{
	struct rig rig;

	(void)state;
	rig_defaults(&rig);
	rig.config.kind = MACHINE_SMMUV2;
	rig.config.format = HYPIOMMU_SMMUV2_V7S;
	rig.config.smmuv2[0].aa32_short = true;
	rig.config.table_pages = 0;
	rig_start(&rig);
	assert_int_equal(
		front_call(&rig.host, HYPIOMMU_HC_DOMAIN_ALLOC, 0, 1, 0, 0, 0),
		HYPIOMMU_E_NOMEM);
	assert_int_equal(rig.host.last.x[2], 2);
	assert_int_equal(rig.host.last.x[3], 1);
	assert_int_equal(rig.host.last.x[4], 1ull << 32);
	rig_end(&rig);
}

/* ------------------------------------------------------------------ lists */

/* A list of nothing has no first element. */
static void test_empty_list(void **state)
{
	struct hypiommu_progress p;
	struct rig rig;
	uint32_t d;

	(void)state;
	rig_make(&rig);
	d = rig_domain(&rig, 1, SID_A);
	p.bytes = 1;
	assert_int_equal(hypiommu_map_list(rig.m->h, HYPIOMMU_HOST, d, 0, RW,
					   NULL, 0, &p),
			 0);
	assert_int_equal(p.bytes, 0);
	assert_aborts(&rig, SID_A, 0);
	rig_end(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_page_states),
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_clients),
		cmocka_unit_test(test_root_that_is_missing),
		cmocka_unit_test(test_empty_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
