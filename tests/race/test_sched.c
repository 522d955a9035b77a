// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The scheduler of harness/race on jobs of its own: it finds what there is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "access.h"
#include "sched.h"

#include "hypiommu_env_harness.h"

/* What the compiler makes of an access. */
void __tsan_read8(const void *p);
void __tsan_write8(const void *p);

struct bed {
	struct machine *m;
	struct sched *s;
	uint32_t lock[2];
	uint64_t word, other;
};

static int set_up(void **state)
{
	static struct bed bed;
	struct machine_config config;
	static const uint32_t sids[] = { 1 };

	machine_defaults(&config);
	config.ram_size = 2 << 20;
	config.sids = sids;
	config.sid_count = 1;
	bed = (struct bed){ .m = machine_create(&config), .s = sched_create() };
	*state = &bed;
	return bed.m && bed.m->h && bed.s ? 0 : -1;
}

static int tear_down(void **state)
{
	struct bed *bed = *state;

	sched_destroy(bed->s);
	machine_destroy(bed->m);
	return 0;
}

static enum sched_end run(struct bed *bed, sched_job job, const char *schedule)
{
	struct schedule s;
	const struct sched_run how = {
		.m = bed->m,
		.job = job,
		.ctx = bed,
		.schedule = &s,
		.watch = &access_watch,
	};

	assert_true(schedule_parse(schedule, &s));
	bed->word = bed->other = 0;
	bed->lock[0] = bed->lock[1] = HARNESS_LOCK_FREE;
	return sched_run(bed->s, &how);
}

/* Each adds one, and reads before it writes. */
static void add_one(void *ctx, unsigned int cpu)
{
	struct bed *bed = ctx;
	uint64_t value = bed->word;

	(void)cpu;
	harness_store64(&bed->other, cpu + 1);
	harness_store64(&bed->word, value + 1);
}

static void schedules_decide(void **state)
{
	struct bed *bed = *state;
	const struct sched_point *points;

	assert_int_equal(run(bed, add_one, "A:"), SCHED_DONE);
	assert_int_equal(bed->word, 2);
	assert_int_equal(bed->other, 2);
	assert_int_equal(sched_points(bed->s, &points), 4);
	assert_int_equal(points[0].cpu, 0);
	assert_int_equal(points[3].cpu, 1);
	assert_int_equal(run(bed, add_one, "B:"), SCHED_DONE);
	assert_int_equal(bed->other, 1);
	/* Both have read before either writes: an addition is lost. */
	assert_int_equal(run(bed, add_one, "A:2"), SCHED_DONE);
	assert_int_equal(bed->word, 1);
}

static void random_ones_are_replays(void **state)
{
	struct bed *bed = *state;
	uint64_t random = 4711, lost = 0;

	for (unsigned int i = 0; i < 40; i++) {
		struct schedule s = { .first = i % 2 };
		char text[SCHED_TEXT];
		const struct sched_run how = {
			.m = bed->m,
			.job = add_one,
			.ctx = bed,
			.schedule = &s,
			.random = &random,
			.one_in = 2,
		};
		uint64_t word;

		bed->word = bed->other = 0;
		assert_int_equal(sched_run(bed->s, &how), SCHED_DONE);
		word = bed->word;
		lost += word == 1;
		schedule_text(&s, text);
		assert_int_equal(run(bed, add_one, text), SCHED_DONE);
		assert_int_equal(bed->word, word);
	}
	assert_in_range(lost, 1, 39);
}

static void cross_locks(void *ctx, unsigned int cpu)
{
	struct bed *bed = ctx;

	harness_lock(&bed->lock[cpu], "first");
	harness_lock(&bed->lock[1 - cpu], "second");
	harness_unlock(&bed->lock[1 - cpu]);
	harness_unlock(&bed->lock[cpu]);
}

static void deadlocks_are_found(void **state)
{
	struct bed *bed = *state;

	assert_int_equal(run(bed, cross_locks, "A:"), SCHED_DONE);
	assert_int_equal(run(bed, cross_locks, "A:2"), SCHED_DEADLOCK);
	assert_non_null(strstr(sched_said(bed->s), "deadlock"));
	/* The order is wrong in every schedule, also in those that end. */
	assert_non_null(strstr(bed->m->violation, "lock order: owner lock "
						  "taken at second"));
}

static void keep_lock(void *ctx, unsigned int cpu)
{
	struct bed *bed = ctx;

	(void)cpu;
	harness_lock(&bed->lock[0], "here");
}

static void a_lock_never_let_go_is_a_deadlock(void **state)
{
	assert_int_equal(run(*state, keep_lock, "A:"), SCHED_DEADLOCK);
	assert_non_null(strstr(sched_said(((struct bed *)*state)->s),
			       "CPU A is done holding the owner lock of here"));
}

static void locked(void *ctx, unsigned int cpu)
{
	struct bed *bed = ctx;

	(void)cpu;
	harness_lock(&bed->lock[0], "here");
	bed->word++;
	harness_publish();
	harness_unlock(&bed->lock[0]);
}

static void waiting_is_no_choice(void **state)
{
	struct bed *bed = *state;

	assert_int_equal(run(bed, locked, "A:2"), SCHED_REDUNDANT);
	assert_int_equal(run(bed, locked, "A:"), SCHED_DONE);
	assert_int_equal(bed->word, 2);
	assert_int_equal(run(bed, locked, "A:4,5"), SCHED_MISFIT);
}

static void endless(void *ctx, unsigned int cpu)
{
	(void)ctx;
	(void)cpu;
	for (;;)
		harness_publish();
}

static void buggy(void *ctx, unsigned int cpu)
{
	(void)ctx;
	(void)cpu;
	harness_bug("as asked");
}

static void ends_of_all_kinds(void **state)
{
	struct bed *bed = *state;

	assert_int_equal(run(bed, endless, "A:"), SCHED_ENDLESS);
	assert_int_equal(run(bed, buggy, "B:"), SCHED_BUG);
	assert_string_equal(sched_said(bed->s), "hypiommu_env_bug: as asked");
}

static void write_unlocked(void *ctx, unsigned int cpu)
{
	struct bed *bed = ctx;

	if (cpu)
		harness_lock(&bed->lock[0], "here");
	__tsan_write8(&bed->word);
	if (cpu)
		harness_unlock(&bed->lock[0]);
}

static void write_locked(void *ctx, unsigned int cpu)
{
	struct bed *bed = ctx;

	harness_lock(&bed->lock[0], "here");
	__tsan_write8(&bed->word);
	if (cpu)
		__tsan_read8(&bed->other);
	harness_unlock(&bed->lock[0]);
	if (!cpu)
		__tsan_read8(&bed->other); /* two reads are no race */
}

static void races_are_found(void **state)
{
	struct bed *bed = *state;

	assert_int_equal(run(bed, write_unlocked, "A:"), SCHED_DONE);
	assert_non_null(access_race());
	assert_int_equal(run(bed, write_unlocked, "B:"), SCHED_DONE);
	assert_non_null(access_race());
	assert_int_equal(run(bed, write_locked, "A:"), SCHED_DONE);
	assert_null(access_race());
	assert_int_equal(run(bed, write_locked, "B:"), SCHED_DONE);
	assert_null(access_race());
}

static void schedules_are_parsed(void **state)
{
	static const char *const bad[] = { "",	    "A",     "C:",   "A:0",
					   "A:2,1", "A:1,1", "A:1;", "A:,1",
					   "A:-1",  "A:1,",  "A:x" };
	struct schedule s;
	char text[SCHED_TEXT];

	(void)state;
	for (size_t i = 0; i + 2 < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(schedule_parse(bad[i], &s));
	assert_true(schedule_parse("B:3,70,65536", &s));
	schedule_text(&s, text);
	assert_string_equal(text, "B:3,70,65536");
	assert_true(schedule_parse("A:", &s));
	assert_int_equal(s.count, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(schedules_decide),
		TEST(random_ones_are_replays),
		TEST(deadlocks_are_found),
		TEST(a_lock_never_let_go_is_a_deadlock),
		TEST(waiting_is_no_choice),
		TEST(ends_of_all_kinds),
		TEST(races_are_found),
		TEST(schedules_are_parsed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
