// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Is what peer.h shows of the engine right? Random maps and unmaps of every
 * format against a flat model: what hardware would read translates to it, no
 * table is left after the last unmap, and what is not supported is refused.
 * With another engine that has peer.h's functions, both do the same: leaf
 * descriptors must be equal bit for bit, and ours may take no more table
 * memory.
 */
#include <dlfcn.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peer.h"

#define OURS	   BENCH_MODULES "/libhypiommu-peer.so"
/* Of RAM there is where our engine checks owners: what it is told to map. */
#define OWNED_BITS 44

#define COUNT(a)  (sizeof(a) / sizeof((a)[0]))
#define K4	  0x1000ull
#define K16	  0x4000ull
#define K64	  0x10000ull
#define M1	  0x100000ull
#define G1	  0x40000000ull
#define K4_SIZES  (K4 | 2 * M1 | G1)
#define K16_SIZES (K16 | 32 * M1)
#define K64_SIZES (K64 | 512 * M1)
#define V7S_SIZES (K4 | K64 | M1 | 16 * M1)

#define S1_64 PEER_ARM_64_LPAE_S1
#define S2_64 PEER_ARM_64_LPAE_S2
#define S1_32 PEER_ARM_32_LPAE_S1
#define S2_32 PEER_ARM_32_LPAE_S2
#define V7S   PEER_ARM_V7S

static const struct peer_cfg good[] = {
	{ S1_64, K4_SIZES, 48, 48, 1, 0 },  { S1_64, K4_SIZES, 39, 40, 1, 0 },
	{ S1_64, K4_SIZES, 32, 36, 0, 0 },  { S1_64, K16_SIZES, 48, 48, 1, 0 },
	{ S1_64, K16_SIZES, 47, 44, 1, 0 }, { S1_64, K16_SIZES, 36, 40, 1, 0 },
	{ S1_64, K64_SIZES, 48, 48, 1, 0 }, { S1_64, K64_SIZES, 42, 48, 1, 0 },
	{ S1_64, K64_SIZES, 52, 52, 1, 0 }, { S2_64, K4_SIZES, 48, 48, 1, 0 },
	{ S2_64, K4_SIZES, 42, 42, 1, 0 },  { S2_64, K4_SIZES, 40, 40, 1, 0 },
	{ S2_64, K4_SIZES, 36, 36, 1, 0 },  { S2_64, K4_SIZES, 32, 32, 1, 0 },
	{ S2_64, K16_SIZES, 48, 48, 1, 0 }, { S2_64, K16_SIZES, 40, 40, 1, 0 },
	{ S2_64, K64_SIZES, 48, 48, 1, 0 }, { S2_64, K64_SIZES, 44, 44, 1, 0 },
	{ S2_64, K64_SIZES, 52, 52, 1, 0 }, { S1_32, K4_SIZES, 32, 40, 1, 0 },
	{ S2_32, K4_SIZES, 40, 40, 1, 0 },  { S2_32, K4_SIZES, 32, 40, 1, 0 },
	{ V7S, V7S_SIZES, 32, 32, 1, 0 },   { V7S, K4 | M1, 32, 32, 0, 0 },
};

/* What the library does not have. */
static const struct peer_cfg bad[] = {
	{ PEER_ARM_MALI_LPAE, K4_SIZES, 48, 40, 1, 0 },
	{ PEER_NUM_FMTS, K4_SIZES, 48, 48, 1, 0 },
	{ S1_64, K4_SIZES, 48, 48, 1, PEER_QUIRK_ARM_NS },
	{ S1_64, K4_SIZES, 48, 48, 1, PEER_QUIRK_TTBR1 },
	{ S1_64, K4_SIZES, 48, 48, 1, PEER_QUIRK_OUTER_WBWA },
	{ S1_64, K4_SIZES, 48, 48, 1, PEER_QUIRK_ARM_HD },
	{ S2_64, K4_SIZES, 40, 40, 1, PEER_QUIRK_ARM_HD },
	{ V7S, V7S_SIZES, 32, 32, 1, PEER_QUIRK_ARM_NS },
	{ V7S, V7S_SIZES, 32, 32, 1, PEER_QUIRK_NO_PERMS },
	{ V7S, V7S_SIZES, 32, 35, 1, PEER_QUIRK_NO_PERMS | PEER_QUIRK_MTK_EXT },
	{ V7S, V7S_SIZES, 32, 35, 1,
	  PEER_QUIRK_NO_PERMS | PEER_QUIRK_MTK_EXT | PEER_QUIRK_MTK_TTBR_EXT },
	{ V7S, V7S_SIZES, 34, 32, 1, 0 },
	{ V7S, V7S_SIZES, 32, 40, 1, 0 },
	{ V7S, K16, 32, 32, 1, 0 },
	{ S1_64, 0, 48, 48, 1, 0 },
	{ S1_64, 2 * K4, 48, 48, 1, 0 },
	{ S1_64, 2 * M1, 48, 48, 1, 0 },
	{ S1_64, K4_SIZES, 49, 48, 1, 0 },
	{ S1_64, K4_SIZES, 48, 52, 1, 0 },
	{ S1_64, K16_SIZES, 52, 48, 1, 0 },
	{ S1_64, K64_SIZES, 53, 52, 1, 0 },
	{ S2_64, K4_SIZES, 52, 48, 1, 0 },
	{ S1_32, K4_SIZES, 33, 40, 1, 0 },
	{ S1_32, K4_SIZES, 32, 41, 1, 0 },
	{ S1_32, K16_SIZES, 32, 40, 1, 0 },
	{ S1_32, K64_SIZES, 32, 40, 1, 0 },
	{ S2_32, K4_SIZES, 41, 40, 1, 0 },
	{ S2_32, K64_SIZES, 40, 40, 1, 0 },
};

struct engine {
	const char *name;
	__typeof__(peer_create) *create;
	__typeof__(peer_destroy) *destroy;
	__typeof__(peer_map_pages) *map;
	__typeof__(peer_unmap_pages) *unmap;
	__typeof__(peer_iova_to_phys) *lookup;
	__typeof__(peer_get_stats) *stats;
	__typeof__(peer_walk) *walk;
	struct peer *p;
	uint64_t before, root; /* table bytes of others; of the root */
};

/* What is mapped: one entry a granule of the window. */
#define WINDOW 16384u
struct page {
	uint64_t pa;
	uint8_t shift; /* of its leaf; 0: nothing */
};

struct check {
	struct engine e[2];
	unsigned int engines;
	const struct peer_cfg *cfg;
	struct page page[WINDOW];
	uint64_t base, granule;
	bool owner;
	unsigned long compared;
};

static struct check check;

static _Noreturn void fail(const char *what, uint64_t iova)
{
	const struct peer_cfg *cfg = check.cfg;

	fprintf(stderr,
		"peer-check: format %d, sizes %#llx, ias %u, oas %u, iova "
		"%#llx: %s\n",
		(int)cfg->fmt, (unsigned long long)cfg->pgsize_bitmap, cfg->ias,
		cfg->oas, (unsigned long long)iova, what);
	exit(1);
}

static uint64_t random64(void)
{
	static uint64_t x = 0x9e3779b97f4a7c15;

	x ^= x << 13;
	x ^= x >> 7;
	return x ^= x << 17;
}

static void open_engine(const char *path)
{
	struct engine *e = &check.e[check.engines++];
	char *full = realpath(path, NULL);
	void *so = dlopen(full ? full : path, RTLD_NOW | RTLD_LOCAL);
	struct {
		const char *name;
		void *at;
	} symbols[] = {
		{ "peer_create", &e->create },
		{ "peer_walk", &e->walk },
		{ "peer_destroy", &e->destroy },
		{ "peer_map_pages", &e->map },
		{ "peer_unmap_pages", &e->unmap },
		{ "peer_get_stats", &e->stats },
		{ "peer_iova_to_phys", &e->lookup },
	};

	free(full);
	for (unsigned int i = 0; so && i < COUNT(symbols); i++) {
		void *found = dlsym(so, symbols[i].name);

		if (!found)
			so = NULL;
		memcpy(symbols[i].at, &found, sizeof(found));
	}
	if (!so) {
		fprintf(stderr, "peer-check: %s: %s\n", path, dlerror());
		exit(2);
	}
	e->name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
}

static uint64_t table_bytes(const struct engine *e)
{
	struct peer_stats stats;

	e->stats(e->p, &stats);
	return stats.table_bytes - e->before;
}

/* ------------------------------------------------------- the same of each */

static void map(uint64_t iova, uint64_t pa, uint64_t size, uint64_t count,
		int prot)
{
	for (unsigned int i = 0; i < check.engines; i++) {
		const struct engine *e = &check.e[i];
		size_t done = 0, want = size * count;

		while (done < want) {
			size_t before = done;

			if (e->map(e->p, iova + done, pa + done, size,
				   (want - done) / size, prot, &done) ||
			    done == before)
				fail("map", iova + done);
		}
	}
	for (uint64_t at = 0; at < size * count; at += check.granule) {
		struct page *page =
			&check.page[(iova + at - check.base) / check.granule];

		page->pa = pa + at;
		page->shift = (uint8_t)__builtin_ctzll(size);
	}
}

static void unmap(uint64_t iova, uint64_t size, uint64_t count)
{
	for (unsigned int i = 0; i < check.engines; i++) {
		const struct engine *e = &check.e[i];
		size_t done = 0, want = size * count;

		while (done < want) {
			size_t got = e->unmap(e->p, iova + done, size,
					      (want - done) / size, i & 1);

			if (!got || got > want - done)
				fail("unmap", iova + done);
			done += got;
		}
	}
	for (uint64_t at = 0; at < size * count; at += check.granule)
		check.page[(iova + at - check.base) / check.granule].shift = 0;
}

/* As hardware reads it, and as the engine says. */
static void look(uint64_t iova)
{
	const struct page *page =
		&check.page[(iova - check.base) / check.granule];
	uint64_t want = page->pa + iova % check.granule, leaf[2] = { 0 };

	for (unsigned int i = 0; i < check.engines; i++) {
		const struct engine *e = &check.e[i];
		uint64_t pte[4], pa;
		int n = e->walk(e->p, iova, pte, &pa);

		if (pa != (page->shift ? want : ~0ull))
			fail(i ? "the other's walk" : "walk", iova);
		if (e->lookup(e->p, iova) != (page->shift ? want : 0))
			fail(i ? "the other's lookup" : "lookup", iova);
		leaf[i] = page->shift ? pte[n - 1] : 0;
	}
	if (check.engines == 2 && leaf[0] != leaf[1]) {
		fprintf(stderr, "peer-check: leaf %#llx, the other's %#llx\n",
			(unsigned long long)leaf[0],
			(unsigned long long)leaf[1]);
		fail("leaf descriptors differ", iova);
	}
	check.compared++;
}

/* -------------------------------------------------------- random operations */

static const int prots[] = {
	PEER_READ,
	PEER_READ | PEER_WRITE,
	PEER_READ | PEER_WRITE | PEER_CACHE,
	PEER_READ | PEER_CACHE | PEER_NOEXEC,
	PEER_READ | PEER_WRITE | PEER_MMIO | PEER_NOEXEC,
	PEER_READ | PEER_WRITE | PEER_PRIV,
	PEER_READ | PEER_CACHE | PEER_PRIV,
	PEER_WRITE | PEER_CACHE, /* stage 2: write-only */
};

/* One of the sizes that are at most `most`. */
static uint64_t pick_size(uint64_t most)
{
	uint64_t sizes = check.cfg->pgsize_bitmap, size;

	do
		size = 1ull << random64() % 64;
	while (!(size & sizes) || size > most);
	return size;
}

static bool is_free(uint64_t first, uint64_t pages)
{
	while (pages--) {
		if (check.page[first++].shift)
			return false;
	}
	return true;
}

static void random_map(void)
{
	uint64_t window = WINDOW * check.granule, pa_bits = check.cfg->oas;
	uint64_t size = pick_size(window / 4), count = 1, at, pa;

	if (random64() % 3)
		count += random64() % (size == check.granule ? 600 : 3);
	at = random64() % window & -size;
	while (at + size * count > window)
		count--;
	if (!count ||
	    !is_free(at / check.granule, size * count / check.granule))
		return;
	if (check.owner && pa_bits > OWNED_BITS)
		pa_bits = OWNED_BITS;
	pa = random64() & ((1ull << pa_bits) - 1) & -size;
	if (pa + size * count > 1ull << pa_bits)
		pa = 0;
	map(check.base + at, pa, size, count, prots[random64() % COUNT(prots)]);
}

/*
 * Some of what is mapped from a random page on: whole leaves of one size. A
 * part of a block only where both engines split it rightly: long descriptors.
 */
static void random_unmap(void)
{
	uint64_t first = random64() % WINDOW, n = 1, size;
	unsigned int shift;

	while (first < WINDOW && !check.page[first].shift)
		first++;
	if (first == WINDOW)
		return;
	shift = check.page[first].shift;
	size = 1ull << shift;
	if (check.cfg->fmt != PEER_ARM_V7S && size > check.granule &&
	    random64() % 4 == 0) {
		unmap(check.base + first * check.granule, check.granule, 1);
		/* All of the block has smaller leaves now. */
		first &= ~(size / check.granule - 1);
		for (uint64_t i = 0; i < size / check.granule; i++) {
			if (check.page[first + i].shift)
				check.page[first + i].shift =
					(uint8_t)__builtin_ctzll(check.granule);
		}
		return;
	}
	first &= ~(size / check.granule - 1);
	while (first + (n + 1) * (size / check.granule) <= WINDOW && n < 600 &&
	       check.page[first + n * (size / check.granule)].shift == shift)
		n++;
	if (random64() % 2)
		n = 1 + random64() % n;
	unmap(check.base + first * check.granule, size, n);
}

static void unmap_all(void)
{
	for (uint64_t i = 0; i < WINDOW; i++) {
		if (check.page[i].shift)
			unmap(check.base + i * check.granule,
			      1ull << check.page[i].shift, 1);
	}
}

/*
 * Below the root, which may be larger where it saves a level. Four tables of
 * short descriptors are a page, of which the other engine counts what it uses.
 */
static void compare_bytes(void)
{
	const struct engine *e = check.e;

	if (check.engines == 2 && check.cfg->fmt != PEER_ARM_V7S &&
	    table_bytes(&e[0]) - e[0].root > table_bytes(&e[1]) - e[1].root)
		fail("more table memory than the other's", 0);
}

static void random_ops(unsigned long ops)
{
	uint64_t window = WINDOW * check.granule;

	for (unsigned long i = 0; i < ops; i++) {
		if (random64() % 2)
			random_map();
		else
			random_unmap();
		for (unsigned int k = 0; k < 32; k++)
			look(check.base + random64() % window);
		compare_bytes();
	}
}

static void one_format(const struct peer_cfg *cfg, unsigned long ops,
		       bool owner)
{
	check.cfg = cfg;
	check.owner = owner;
	setenv("HYPIOMMU_PEER_OWNER", owner ? "1" : "0", 1);
	check.granule = cfg->pgsize_bitmap & -cfg->pgsize_bitmap;
	check.base = ((1ull << cfg->ias) - WINDOW * check.granule) &
		     random64() & -G1;
	memset(check.page, 0, sizeof(check.page));
	for (unsigned int i = 0; i < check.engines; i++) {
		struct engine *e = &check.e[i];

		e->p = NULL;
		e->before = 0;
		e->before = table_bytes(e);
		e->p = e->create(cfg);
		if (!e->p)
			fail(i ? "the other refuses it" : "refused", 0);
		e->root = table_bytes(e);
	}
	random_ops(ops);
	unmap_all();
	for (uint64_t i = 0; i < WINDOW; i++)
		look(check.base + i * check.granule);
	if (table_bytes(&check.e[0]) != check.e[0].root)
		fail("tables kept after the last unmap", 0);
	for (unsigned int i = 0; i < check.engines; i++) {
		struct engine *e = &check.e[i];

		e->destroy(e->p);
		e->p = NULL;
	}
	if (table_bytes(&check.e[0]))
		fail("a root kept after all", 0);
}

static void refusals(void)
{
	for (unsigned int i = 0; i < COUNT(bad); i++) {
		check.cfg = &bad[i];
		if (check.e[0].create(&bad[i]))
			fail("not refused", 0);
	}
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "ops", required_argument, NULL, 'n' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	unsigned long ops = 300;
	int o;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (o == 'n') {
			ops = strtoul(optarg, NULL, 0);
			continue;
		}
		fputs("usage: hypiommu-peer-check [--ops N] [OTHER.so]\n"
		      "Checks the engine through peer.h, N random maps and "
		      "unmaps a format,\nand against another engine, leaf "
		      "descriptor by leaf descriptor.\n",
		      o == 'h' ? stdout : stderr);
		return o == 'h' ? 0 : 2;
	}
	open_engine(OURS);
	if (optind < argc)
		open_engine(argv[optind]);
	refusals();
	for (unsigned int i = 0; i < COUNT(good); i++) {
		one_format(&good[i], ops, true);
		one_format(&good[i], ops, false);
	}
	printf("%zu formats, %lu operations each, %lu pages compared%s%s; "
	       "%zu kinds refused; no table kept after the last unmap\n",
	       COUNT(good), ops, check.compared,
	       check.engines == 2 ? " with " : "",
	       check.engines == 2 ? check.e[1].name : "", COUNT(bad));
	return 0;
}
