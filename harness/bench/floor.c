// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * What to compare with: the least any engine has to do for a page, and the
 * owner checks by themselves.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "pins.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define PAGES	 65536u
#define PAGE	 4096ull
#define IOVA	 (4ull << 30)
#define PA	 (2ull << 30)
#define ATTR	 0x70000000000f43ull
#define BARRIER	 __asm__ volatile("" ::: "memory") /* nothing vectorised */

static uint64_t leaves[PAGES] __attribute__((aligned(4096)));
static uint64_t level0[512], level1[512], level2[512];
static uint32_t owners[PAGES];

static void store(void *ctx)
{
	(void)ctx;
	for (uint64_t i = 0; i < PAGES; i++) {
		leaves[i] = ATTR | (PA + i * PAGE);
		BARRIER;
	}
}

static void check_store(void *ctx)
{
	(void)ctx;
	for (uint64_t i = 0; i < PAGES; i++) {
		if (owners[i] >> 16)
			bench_die("owner", (long long)i);
		leaves[i] = ATTR | (PA + i * PAGE);
		BARRIER;
	}
}

static void pin_store(void *ctx)
{
	(void)ctx;
	for (uint64_t i = 0; i < PAGES; i++) {
		if ((owners[i] + 1) >> 16)
			bench_die("owner", (long long)i);
		owners[i]++;
		leaves[i] = ATTR | (PA + i * PAGE);
		BARRIER;
	}
}

/* One page a call, with a walk from the root. */
__attribute__((noinline)) static int walk1(uint64_t *root, uint64_t iova,
					   uint64_t pa)
{
	uint64_t *table = root;

	for (int shift = 39; shift > 12; shift -= 9) {
		uint64_t d = table[iova >> shift & 511];

		if ((d & 3) != 3)
			return -1;
		table = (uint64_t *)(uintptr_t)(d & 0xfffffffffff8ull);
	}
	table += iova >> 12 & 511;
	if (*table & 1)
		return -1;
	*table = pa | ATTR;
	return 0;
}

static void call_walk_store(void *ctx)
{
	int (*volatile opaque)(uint64_t *, uint64_t, uint64_t) = walk1;

	(void)ctx;
	for (uint64_t i = 0; i < PAGES; i++) {
		if (opaque(level0, IOVA + i * PAGE, PA + i * PAGE))
			bench_die("walk", (long long)i);
	}
}

static const struct {
	const char *name;
	void (*fn)(void *);
} floors[] = {
	{ "store", store },
	{ "owner check, store", check_store },
	{ "owner check, pin, store", pin_store },
	{ "call, 4-level walk, store", call_walk_store },
};

void floor_run(struct bench *b)
{
	level0[0] = (uintptr_t)level1 | 3;
	level1[4] = (uintptr_t)level2 | 3;
	for (unsigned int i = 0; i < PAGES / 512; i++)
		level2[i] = (uintptr_t)&leaves[512 * i] | 3;
	for (unsigned int i = 0; i < COUNT(floors); i++) {
		struct bench_id id = { "floor", floors[i].name, "", "", "", 0 };

		if (!bench_wants(b, &id))
			continue;
		memset(leaves, 0, sizeof(leaves));
		memset(owners, 0, sizeof(owners));
		bench_measure(b, &id, PAGES, floors[i].fn, NULL);
	}
}

/* ---------------------------------------------------------------- pins */

static void pins_of(struct bench *b, const char *subject,
		    const struct pin_ops *ops, void **kept)
{
	struct bench_id one = {
		"pin", subject, "one page a call", "pin", "", 0
	};
	struct bench_id run = {
		"pin", subject, "512 pages a call", "pin", "", 0
	};
	void *pins = *kept;

	if (!bench_wants(b, &one))
		return;
	if (!pins)
		*kept = pins = ops->start();
	ops->pin(pins);
	ops->unpin(pins);
	bench_measure(b, &one, PIN_PAGES, ops->pin, pins);
	one.phase = "unpin";
	bench_measure(b, &one, PIN_PAGES, ops->unpin, pins);
	bench_measure(b, &run, PIN_PAGES, ops->pin_runs, pins);
	run.phase = "unpin";
	bench_measure(b, &run, PIN_PAGES, ops->unpin_runs, pins);
}

void pins_run(struct bench *b, const char *module)
{
	void *so = dlopen(module, RTLD_NOW | RTLD_LOCAL);
	static void *kept[2];
	const struct pin_ops *without = so ? dlsym(so, "pin_ops") : NULL;

	if (!without)
		bench_die("no pins in the module of parts", 0);
	pins_of(b, "no lock", without, &kept[0]);
	pins_of(b, "chunk lock", &pin_ops, &kept[1]);
}
