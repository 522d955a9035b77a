// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The classic Tegra MC-SMMU, write by write: what each call programs and what
 * it flushes, no line and no group too many or too few, on each SoC. Registers
 * and fields as the technical reference manuals number them; nothing here comes
 * from the library's own definitions.
 */
#include "kinds.h"
#include "tap.h"

#include "hypiommu_env_harness.h"

#define PAGE	 4096ull
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Tegra30, 114, 124, 210. */
static const struct soc {
	unsigned int asids, line, bits;
} socs[] = { { 4, 16, 32 }, { 4, 32, 32 }, { 128, 32, 34 }, { 128, 64, 34 } };

/* --------------------------------------------------------------- the log */

static struct {
	uint32_t offset, value;
} writes[512];
static unsigned int written, looked_at;

static bool record(uint32_t window, uint32_t offset, unsigned int width,
		   uint64_t value)
{
	(void)window;
	assert_int_equal(width, 4);
	assert_true(written < COUNT(writes));
	writes[written].offset = offset;
	writes[written++].value = (uint32_t)value;
	return false;
}

static void next(uint32_t offset, uint64_t value)
{
	assert_true(looked_at < written);
	assert_int_equal(writes[looked_at].offset, offset);
	assert_int_equal(writes[looked_at++].value, value);
}

static void no_more(void)
{
	assert_int_equal(looked_at, written);
	looked_at = written = 0;
}

/* ------------------------------------------------------------- expected */

struct scene {
	struct rig rig;
	struct soc soc;
	struct hypiommu_domain *d;
};

static uint32_t asid(const struct scene *s)
{
	return 1u << 31 | s->d->hw_id << (s->soc.asids == 4 ? 29 : 24);
}

/* PTC_FLUSH: a line by its address, the upper part of it first. */
static void line(const struct scene *s, uint64_t pa)
{
	pa -= pa % s->soc.line;
	if (s->soc.bits > 32)
		next(0x9b8, pa >> 32);
	next(0x034, (uint32_t)pa | 1);
}

/* The directory entries of a range, each its line. */
static void directory(const struct scene *s, uint64_t iova, uint64_t size)
{
	for (uint64_t i = iova >> 22; i <= (iova + size - 1) >> 22; i++)
		line(s, s->d->pt.root_pa + 4 * i);
}

static uint64_t entry(const struct scene *s, uint64_t iova)
{
	const uint32_t *root =
		(const uint32_t *)sim_mem_ptr(s->rig.m->mem, s->d->pt.root_pa);

	return ((uint64_t)(root[iova >> 22] & 0x3fffff) << 12) +
	       4 * (iova >> 12 & 1023);
}

/* Lines of entries, then groups of four pages; more than sixteen: all. */
static void entries(const struct scene *s, uint64_t iova, uint64_t size)
{
	uint64_t pages = s->soc.line / 4, last = (iova + size - 1) / PAGE;
	uint64_t first = iova / PAGE;

	if (last / pages - first / pages >= 16)
		next(0x034, 0);
	else
		for (uint64_t i = first / pages; i <= last / pages; i++)
			line(s, entry(s, i * pages * PAGE));
	if (last / 4 - first / 4 >= 16)
		next(0x030, asid(s));
	else
		for (uint64_t i = first / 4; i <= last / 4; i++)
			next(0x030, asid(s) | (uint32_t)i << 2 | 3);
}

static void everything_of(const struct scene *s)
{
	next(0x034, 0);
	next(0x030, asid(s));
}

/* ------------------------------------------------------------------ tests */

static void start(struct scene *s, struct soc soc)
{
	s->soc = soc;
	kinds_defaults(&s->rig, MACHINE_TEGRA_SMMU);
	s->rig.config.check = MACHINE_CHECK_CALLS;
	s->rig.config.tegra.nr_asids = soc.asids;
	s->rig.config.tegra.ptc_line = soc.line;
	s->rig.config.tegra.address_bits = soc.bits;
	kinds_start(&s->rig);
	tap_install(s->rig.m);
	tap.write = record;
	looked_at = written = 0;
}

static void attach(struct scene *s)
{
	s->d = &s->rig.m->h->domains[rig_domain(&s->rig, 1, KINDS_SID)];
	/* PTB_ASID, PTB_DATA: readable, writable, non-secure. */
	next(0x01c, s->d->hw_id);
	next(0x020, 7u << 29 | (uint32_t)(s->d->pt.root_pa >> 12));
	next(0x034, 0);
	next(0x030, 0);
	next(KINDS_GROUP, 1u << 31 | s->d->hw_id);
	no_more();
}

/* A range beside pages that stay: a table goes with none of it. */
static void comes_and_goes(struct scene *s, uint64_t iova, uint64_t pages)
{
	rig_map(&s->rig, s->d->index, iova, RAM + PAGE, pages * PAGE);
	directory(s, iova, pages * PAGE);
	entries(s, iova, pages * PAGE);
	no_more();
	rig_unmap(&s->rig, s->d->index, iova, pages * PAGE);
	entries(s, iova, pages * PAGE);
	no_more();
}

static void test_ranges(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(socs); i++) {
		const uint64_t most = 16 * socs[i].line / 4;
		struct scene s;

		start(&s, socs[i]);
		attach(&s);
		/* The first and the last of two tables that are neighbours. */
		rig_map(&s.rig, s.d->index, 8 * MiB, RAM, PAGE);
		rig_map(&s.rig, s.d->index, 16 * MiB - PAGE, RAM, PAGE);
		looked_at = written;
		no_more();
		for (uint64_t n = 1; n <= 5; n++) {
			for (uint64_t at = 1; at <= 4; at++)
				comes_and_goes(&s, 9 * MiB + at * PAGE, n);
		}
		comes_and_goes(&s, 9 * MiB, 64);
		comes_and_goes(&s, 9 * MiB, 65);
		comes_and_goes(&s, 9 * MiB + 3 * PAGE, 61);
		comes_and_goes(&s, 9 * MiB + 3 * PAGE, 62);
		comes_and_goes(&s, 9 * MiB, most);
		comes_and_goes(&s, 9 * MiB, most + 1);
		comes_and_goes(&s, 9 * MiB + PAGE, most - 1);
		comes_and_goes(&s, 9 * MiB + PAGE, most);
		comes_and_goes(&s, 12 * MiB - 2 * PAGE, 2);
		comes_and_goes(&s, 12 * MiB, 2);
		comes_and_goes(&s, 12 * MiB - 2 * PAGE, 4);
		tap.write = NULL;
		rig_end(&s.rig);
	}
}

/* The last page of a table takes the table with it. */
static void test_tables(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(socs); i++) {
		struct scene s;
		uint64_t none;

		start(&s, socs[i]);
		attach(&s);
		rig_map(&s.rig, s.d->index, 8 * MiB, RAM, PAGE);
		directory(&s, 8 * MiB, PAGE);
		entries(&s, 8 * MiB, PAGE);
		no_more();
		rig_unmap(&s.rig, s.d->index, 8 * MiB, PAGE);
		everything_of(&s);
		no_more();
		/* The last detach; then nothing is under way, or cached. */
		assert_int_equal(front_detach(&s.rig.host, 0, 7, s.d->index),
				 0);
		next(KINDS_GROUP, 1u << 31);
		everything_of(&s);
		no_more();
		rig_map(&s.rig, s.d->index, 8 * MiB, RAM, PAGE);
		rig_unmap(&s.rig, s.d->index, 8 * MiB, PAGE);
		no_more();
		assert_int_equal(front_domain_free(&s.rig.host, s.d->index), 0);
		none = writes[1].value & 0x3fffff; /* the empty directory */
		next(0x01c, s.d->hw_id);
		next(0x020, 7u << 29 | none);
		no_more();
		assert_int_not_equal(none, 0);
		tap.write = NULL;
		rig_end(&s.rig);
	}
}

/* Every ASID to the empty directory, the SWGROUP to the first of them; the
 * caches as they are to be; on; the client; the domain; the SWGROUP. */
static void test_reset(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(socs); i++) {
		struct scene s;
		uint32_t none;

		start(&s, socs[i]);
		attach(&s);
		tap.write = NULL;
		assert_int_equal(machine_suspend(s.rig.m, 0), 0);
		machine_power_lost(s.rig.m);
		tap.write = record;
		assert_int_equal(machine_reset(s.rig.m, 0), 0);
		tap.write = NULL;
		none = writes[1].value;
		assert_int_equal(none >> 29, 7);
		for (uint32_t n = 0; n < socs[i].asids; n++) {
			next(0x01c, n);
			next(0x020, none);
		}
		next(0x01c, 0);
		next(0x020, none);
		next(KINDS_GROUP, 1u << 31);
		next(0x034, 0);
		next(0x030, 0);
		/* TLB: hit under miss, round robin, 16 lines. PTC: on, 8
		 * requests, the index map. */
		next(0x014, 1u << 29 | 1u << 30 | 0x10);
		next(0x018, 1u << 29 | 8u << 24 | 0x3f);
		next(0x034, 0);
		next(0x030, 0);
		next(0x010, 1);
		next(0x228, 1u << 1);
		next(0x01c, s.d->hw_id);
		next(0x020, 7u << 29 | (uint32_t)(s.d->pt.root_pa >> 12));
		next(0x034, 0);
		next(0x030, 0);
		next(KINDS_GROUP, 1u << 31 | s.d->hw_id);
		no_more();
		machine_light(s.rig.m);
		rig_end(&s.rig);
	}
}

/* A client whose own switch does not hold is not translated, and not blocked
 * either: no suspend says that it is. */
static uint64_t client_off(uint32_t window, uint32_t offset, unsigned int width,
			   uint64_t value)
{
	(void)window, (void)width;
	return offset == 0x228 ? value & ~2ull : value;
}

static void test_suspend_with_a_client_off(void **state)
{
	struct rig rig;

	(void)state;
	kinds_defaults(&rig, MACHINE_TEGRA_SMMU);
	rig.config.no_judge = true;
	kinds_start(&rig);
	tap_install(rig.m);
	tap.read = client_off;
	assert_int_equal(machine_suspend(rig.m, 0), HYPIOMMU_E_HW);
	tap.read = NULL;
	assert_int_equal(machine_suspend(rig.m, 0), 0);
	assert_int_equal(machine_reset(rig.m, 0), 0);
	rig_end(&rig);
}

/* -------------------------------------------------- the empty directory */

static uint64_t cleaned; /* the last whole page */

static void on_clean(const void *p, size_t len)
{
	if (len == PAGE)
		cleaned = (uint64_t)(uintptr_t)p;
}

/* It is in memory when the first ASID gets it, where the pool's links were. */
static void test_empty_directory(void **state)
{
	struct scene s;

	(void)state;
	kinds_defaults(&s.rig, MACHINE_TEGRA_SMMU);
	s.rig.config.table_pages = 0;
	s.rig.config.stay_trusted = true;
	rig_start(&s.rig);
	assert_int_equal(machine_add_tables(s.rig.m, RAM + 24 * MiB, MiB), 0);
	tap_install(s.rig.m);
	tap.write = record;
	looked_at = written = 0;
	harness_on_clean = on_clean;
	assert_int_equal(machine_finalise(s.rig.m), 0);
	harness_on_clean = NULL;
	assert_int_equal(writes[1].offset, 0x020);
	assert_ptr_equal(
		(void *)(uintptr_t)cleaned,
		sim_mem_ptr(s.rig.m->mem, (uint64_t)(writes[1].value & 0x3fffff)
						  << 12));
	tap.write = NULL;
	rig_end(&s.rig);
}

/* Tables lie where the address bits there are reach: not above. */
static void test_tables_too_high(void **state)
{
	struct machine *m;
	struct scene s;

	(void)state;
	kinds_defaults(&s.rig, MACHINE_TEGRA_SMMU);
	s.rig.config.tegra.address_bits = 32;
	m = machine_create(&s.rig.config);
	assert_non_null(m);
	assert_string_equal(m->error, "finalise: NOMEM");
	machine_destroy(m);
	s.rig.config.tegra.address_bits = 34;
	m = machine_create(&s.rig.config);
	assert_string_equal(m->error, "");
	machine_destroy(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_reset),
		cmocka_unit_test(test_suspend_with_a_client_off),
		cmocka_unit_test(test_empty_directory),
		cmocka_unit_test(test_tables_too_high),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
