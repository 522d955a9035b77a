// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* How much one call writes: 512 descriptors, be they leaves of their own or
 * entries of larger ones. */
#include "rig.h"

#define PAGE	4096ull
#define AT	(1ull << 30)
#define ENTRIES 512ull
#define SIZE	(64 * MiB)

/* Stores of a call: beside its descriptors those for tables, their counts, and
 * commands. What goes is made invalid, and emptied when nothing caches it any
 * more; some of it is emptied in vain before that. */
#define MAPPED	 (ENTRIES + 64)
#define UNMAPPED (3 * ENTRIES + 64)

/* Leaves of several entries: a run of the contiguous hint (DDI 0487 D8.7.1), a
 * large page or a supersection (DDI 0406C B3.5.1). */
struct kind {
	unsigned int granule, stage, entries;
	bool v7s;
};

static const struct kind kinds[] = {
	{ 12, 1, 16, false }, { 12, 2, 16, false }, { 14, 1, 128, false },
	{ 16, 2, 32, false }, { 12, 1, 16, true },
};

struct bounds {
	struct rig rig;
	const struct kind *kind;
	uint64_t granule, stores;
	uint32_t domain;
};

static void count(struct machine *m, enum machine_step step, void *ctx)
{
	struct bounds *b = ctx;

	(void)m;
	b->stores += step == MACHINE_STEP_STORE;
}

static void start(struct bounds *b, const struct kind *kind, bool judged)
{
	struct machine_config *c = &b->rig.config;
	uint64_t asked = kind->stage;

	b->kind = kind;
	b->granule = 1ull << kind->granule;
	rig_defaults(&b->rig);
	c->check = judged ? MACHINE_CHECK_CALLS : MACHINE_CHECK_OFF;
	c->check_every = 16;
	c->no_judge = !judged;
	c->ram_size = 2 * SIZE;
	c->table_pages = 256;
	if (kind->v7s) {
		c->kind = MACHINE_SMMUV2;
		c->format = HYPIOMMU_SMMUV2_V7S;
		c->smmuv2[0].aa32_short = true;
		rig_start_low(&b->rig);
	} else {
		asked |= HYPIOMMU_GRANULE(kind->granule) | HYPIOMMU_CONTIGUOUS;
		c->smmu.gran16k = c->smmu.gran64k = true;
		rig_start(&b->rig);
	}
	assert_int_equal(front_domain_alloc(&b->rig.host, 0,
					    (unsigned int)asked, &b->domain),
			 0);
	assert_int_equal(front_attach(&b->rig.host, 0, SID_A, b->domain), 0);
	machine_on_step(b->rig.m, count, b);
}

static void each(void (*test)(struct bounds *b), bool judged)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct bounds b;

		start(&b, &kinds[i], judged);
		test(&b);
		machine_on_step(b.rig.m, NULL, NULL);
		rig_end(&b.rig);
	}
}

/* One call, bounded; how many bytes it did. */
static uint64_t map_some(struct bounds *b, uint64_t iova, uint64_t pa,
			 uint64_t size)
{
	b->stores = 0;
	assert_int_equal(front_call(&b->rig.host, HYPIOMMU_HC_MAP_PAGES,
				    b->domain, iova, pa, size, RW),
			 0);
	assert_in_range(b->stores, 1, MAPPED);
	return b->rig.host.last.x[1];
}

static uint64_t unmap_some(struct bounds *b, uint64_t iova, uint64_t size)
{
	b->stores = 0;
	assert_int_equal(front_call(&b->rig.host, HYPIOMMU_HC_UNMAP_PAGES,
				    b->domain, iova, size, 0, 0),
			 0);
	assert_in_range(b->stores, 1, UNMAPPED);
	return b->rig.host.last.x[1];
}

static uint64_t run_size(const struct bounds *b)
{
	return b->granule * b->kind->entries;
}

/* Memory for iova of which runs can be made, but no blocks. */
static uint64_t memory(const struct bounds *b, uint64_t iova)
{
	return RAM + 32 * MiB + run_size(b) + (iova - AT);
}

/* How much of `left` bytes 512 entries are, if runs begin after `lead`
 * granules: those that fit whole. */
static uint64_t share(const struct bounds *b, uint64_t left, uint64_t lead)
{
	const uint64_t n = b->kind->entries;
	uint64_t most = (lead + (ENTRIES - lead) / n * n) * b->granule;

	return left < most ? left : most;
}

static void map_all(struct bounds *b, uint64_t iova, uint64_t lead)
{
	for (uint64_t done = 0, n; done < SIZE; done += n, lead = 0) {
		n = map_some(b, iova + done, memory(b, iova + done),
			     SIZE - done);
		assert_int_equal(n, share(b, SIZE - done, lead));
	}
}

static void unmap_all(struct bounds *b, uint64_t iova, uint64_t lead)
{
	for (uint64_t done = 0, n; done < SIZE; done += n, lead = 0) {
		n = unmap_some(b, iova + done, SIZE - done);
		assert_int_equal(n, share(b, SIZE - done, lead));
	}
}

/* The first run begins after so many granules. */
static void there_and_back(struct bounds *b, uint64_t lead)
{
	const uint64_t iova = AT + run_size(b) - lead * b->granule;
	const uint64_t last = iova + SIZE - PAGE;

	map_all(b, iova, lead);
	assert_reaches(&b->rig, SID_A, iova, memory(b, iova));
	assert_reaches(&b->rig, SID_A, last, memory(b, last));
	unmap_all(b, iova, lead);
	assert_aborts(&b->rig, SID_A, iova);
	assert_aborts(&b->rig, SID_A, last);
	assert_pins(&b->rig, memory(b, iova), 0);
}

static void whole_runs(struct bounds *b)
{
	there_and_back(b, 0);
}

/* The last run of a call does not fit into what is left of it. */
static void runs_and_pages(struct bounds *b)
{
	there_and_back(b, 1);
	there_and_back(b, b->kind->entries - 1);
}

/* Supersections and runs of blocks are few entries, as are blocks. */
static void larger(struct bounds *b)
{
	static const uint64_t from[] = { 32 * MiB, 34 * MiB };

	if (b->kind->granule != 12)
		return; /* SIZE holds few of the others */
	for (size_t i = 0; i < sizeof(from) / sizeof(from[0]); i++) {
		assert_int_equal(map_some(b, AT, RAM + from[i], SIZE), SIZE);
		assert_int_equal(unmap_some(b, AT, SIZE), SIZE);
	}
}

/* A segment of a list of more than a call handles. */
static void listed(struct bounds *b)
{
	const struct hypiommu_segment list[] = {
		{ memory(b, AT), SIZE },
		{ RAM + 2 * MiB, b->granule },
	};
	struct hypiommu_progress p;

	b->stores = 0;
	assert_int_equal(hypiommu_map_list(b->rig.m->h, HYPIOMMU_HOST,
					   b->domain, AT, RW, list, 2, &p),
			 0);
	assert_int_equal(p.bytes, share(b, SIZE, 0));
	assert_in_range(b->stores, 1, MAPPED);
	assert_int_equal(unmap_some(b, AT, p.bytes), p.bytes);
}

/* What is mapped in a domain when it is freed. */
static void freed(struct bounds *b)
{
	uint64_t calls = 0;
	int err;

	map_all(b, AT, 0);
	assert_int_equal(front_detach(&b->rig.host, 0, SID_A, b->domain), 0);
	do {
		b->stores = 0;
		err = front_call(&b->rig.host, HYPIOMMU_HC_DOMAIN_FREE,
				 b->domain, 0, 0, 0, 0);
		assert_in_range(b->stores, 0, UNMAPPED);
		calls++;
	} while (err == HYPIOMMU_E_AGAIN);
	assert_int_equal(err, 0);
	assert_true(calls > SIZE / b->granule / ENTRIES);
	assert_pins(&b->rig, memory(b, AT), 0);
}

static void test_whole_runs(void **state)
{
	(void)state;
	each(whole_runs, true);
}

static void test_runs_and_pages(void **state)
{
	(void)state;
	each(runs_and_pages, true);
}

static void test_larger(void **state)
{
	(void)state;
	each(larger, true);
}

static void test_listed(void **state)
{
	(void)state;
	each(listed, false); /* the judge knows hypercalls only */
}

static void test_freed(void **state)
{
	(void)state;
	each(freed, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_runs),
		cmocka_unit_test(test_runs_and_pages),
		cmocka_unit_test(test_larger),
		cmocka_unit_test(test_listed),
		cmocka_unit_test(test_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
