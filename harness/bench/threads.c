// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Two threads, each with a domain of its own, against one. Wall time from the
 * moment both run to the moment the later one is done.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "bench.h"
#include "env.h"
#include "rig.h"

#define IOVA  (4ull << 30)
#define TABLE (2ull << 20) /* what one last-level table maps */
#define RUNS  64u
#define ROUND 4096u

struct setup {
	const char *name;
	struct rig_config config;
	struct rig *rig;
};

/* The least two CPUs share that hand over commands in turn. */
#define QUEUE_WORDS 512u
struct queue {
	_Alignas(64) hypiommu_env_lock_t lock;
	_Alignas(64) uint64_t words[QUEUE_WORDS];
	_Alignas(64) uint32_t prod;
	_Alignas(64) uint32_t doorbell; /* what a device would see */
};

struct worker;
typedef void (*operation_fn)(const struct worker *w, unsigned int i);

struct worker {
	operation_fn operation;
	struct rig *rig; /* or NULL: what two CPUs share is below */
	struct queue *queue;
	uint32_t *turn;
	uint64_t domain, ram, pages;
	unsigned int workers;
	atomic_uint *ready;
	double begin, end;
};

/* On processors of their own, as long as there are some. */
static void stay(unsigned int processor)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(processor, &set);
	(void)sched_setaffinity(0, sizeof(set), &set); /* this thread */
}

/* An invalidation and a CMD_SYNC, two words each, and the doorbell. */
static void hand_over(const struct worker *w, unsigned int n)
{
	struct queue *q = w->queue;

	(void)n;
	hypiommu_env_lock(&q->lock);
	for (unsigned int i = 0; i < 4; i++)
		hypiommu_env_store64(&q->words[q->prod++ % QUEUE_WORDS], i);
	hypiommu_env_before_doorbell();
	hypiommu_env_store32(&q->doorbell, q->prod);
	hypiommu_env_unlock(&q->lock);
}

/* A word both write, each when the other has: what it takes that a line goes
 * from one CPU to the other. */
static void take_turn(const struct worker *w, unsigned int n)
{
	uint32_t mine = n * w->workers + (uint32_t)w->domain;
	unsigned int spins = 0;

	while (__atomic_load_n(w->turn, __ATOMIC_ACQUIRE) != mine) {
		if (!(++spins % 4096)) /* are there processors for both? */
			sched_yield();
	}
	__atomic_store_n(w->turn, mine + 1, __ATOMIC_RELEASE);
}

static void map_and_unmap(const struct worker *w, unsigned int i)
{
	uint64_t size = w->pages * RIG_PAGE;
	uint64_t step = w->pages > 1 ? TABLE : RIG_PAGE, at = i % RUNS * step;

	rig_map(w->rig, w->domain, IOVA + at, w->ram + at, size);
	rig_unmap(w->rig, w->domain, IOVA + at, size);
}

static void *work(void *ctx)
{
	struct worker *w = ctx;

	stay((unsigned int)w->domain);

	atomic_fetch_add(w->ready, 1);
	while (atomic_load(w->ready) < w->workers)
		sched_yield();
	w->begin = bench_now_ns();
	for (unsigned int i = 0; i < ROUND; i++)
		w->operation(w, i);
	w->end = bench_now_ns();
	return NULL;
}

/* Wall time of `workers` threads, in ns an operation of one of them. */
static double together(struct rig *rig, operation_fn operation,
		       unsigned int workers, uint64_t pages)
{
	static struct queue queue;
	static _Alignas(64) uint32_t turn;
	struct worker w[2];
	pthread_t thread;
	atomic_uint ready = 0;
	double begin, end;
	cpu_set_t before;

	turn = 0;
	sched_getaffinity(0, sizeof(before), &before);
	for (unsigned int i = 0; i < workers; i++) {
		w[i] = (struct worker){
			.operation = operation,
			.rig = rig,
			.queue = &queue,
			.turn = &turn,
			.domain = i,
			.ram = RIG_RAM + RIG_PAGE +
			       (rig ? i * rig->config.ram / 2 : 0),
			.pages = pages,
			.workers = workers,
			.ready = &ready,
		};
	}
	if (workers == 2 && pthread_create(&thread, NULL, work, &w[1]))
		bench_die("no second thread", 0);
	work(&w[0]);
	begin = w[0].begin;
	end = w[0].end;
	if (workers == 2) {
		pthread_join(thread, NULL);
		begin = w[1].begin < begin ? w[1].begin : begin;
		end = w[1].end > end ? w[1].end : end;
	}
	sched_setaffinity(0, sizeof(before), &before);
	return (end - begin) / ROUND;
}

static void add(struct bench *b, const struct bench_id *id, double ns)
{
	struct bench_row *row = bench_row(b, id);

	row->units = ROUND;
	if (row->samples < BENCH_SAMPLES)
		row->ns[row->samples++] = ns;
}

static void compare(struct bench *b, struct setup *s, const char *name,
		    operation_fn operation, uint64_t pages)
{
	struct bench_id id = { "threads", s->name, name, "", "", 0 };

	if (!bench_wants(b, &id))
		return;
	if (!s->rig && s->config.smmus) {
		s->rig = rig_new(&s->config);
		/* A page of each table stays, so that the tables do. Those of
		 * a domain follow each other in memory: a processor fetches
		 * ahead into the next page. */
		for (uint64_t i = 0; i < 2 * RUNS; i++)
			rig_map(s->rig, i / RUNS,
				IOVA + i % RUNS * TABLE + TABLE - RIG_PAGE,
				RIG_RAM, RIG_PAGE);
	}
	for (unsigned int n = 1; n <= 2; n++) {
		id.x = n;
		id.phase = n == 1 ? "one thread" : "two threads";
		add(b, &id, together(s->rig, operation, n, pages));
	}
}

#define SETUP(smmu_count, region_count)                                \
	{                                                              \
		.smmus = smmu_count, .domains = 2, .spare_domains = 1, \
		.spare_streams = 1, .regions = region_count,           \
		.ram = 1ull << 30, .tables = 16ull << 20,              \
		.range_invalidation = true                             \
	}

void threads_run(struct bench *b)
{
	static struct setup setups[] = {
		{ "one SMMU, one RAM region", SETUP(1, 1), NULL },
		{ "one SMMU, two RAM regions", SETUP(1, 2), NULL },
		{ "two SMMUs, one RAM region", SETUP(2, 1), NULL },
		{ "two SMMUs, two RAM regions", SETUP(2, 2), NULL },
	};

	static struct setup floor = { .name = THREADS_FLOOR };

	compare(b, &floor, "one word, written in turn", take_turn, 0);
	compare(b, &floor, "lock, 2 commands, doorbell", hand_over, 0);
	for (unsigned int i = 0; i < sizeof(setups) / sizeof(setups[0]); i++) {
		compare(b, &setups[i], "map + unmap 4K", map_and_unmap, 1);
		compare(b, &setups[i], "map + unmap 256 x 4K", map_and_unmap,
			256);
	}
}
