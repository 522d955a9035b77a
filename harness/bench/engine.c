// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The page-table engine with its owner checks, through peer.h: workloads a to
 * g on every format. Several libraries are measured in turn within every run,
 * so that noise meets all of them alike.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "peer.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define INLINE	 static inline __attribute__((always_inline))
#define NOINLINE __attribute__((noinline))
#define K4	 0x1000ull
#define K16	 0x4000ull
#define K64	 0x10000ull
#define M1	 0x100000ull
#define G1	 0x40000000ull
#define PROT	 (PEER_READ | PEER_WRITE | PEER_CACHE | PEER_NOEXEC)

/* ------------------------------------------------------------ libraries */

struct api {
	char *name;
	__typeof__(peer_create) *create;
	__typeof__(peer_destroy) *destroy;
	__typeof__(peer_map_pages) *map;
	__typeof__(peer_unmap_pages) *unmap;
	__typeof__(peer_iova_to_phys) *lookup;
	__typeof__(peer_get_stats) *stats; /* or NULL */
};

static struct api libs[BENCH_LIBS];
static unsigned int lib_count;

/* "libhypiommu-peer.so" is "hypiommu-peer". */
static char *short_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *name = strdup(slash ? slash + 1 : path);
	char *dot = strstr(name, ".so");

	if (dot)
		*dot = '\0';
	return strncmp(name, "lib", 3) ? name : name + 3;
}

void engine_open(const char *path)
{
	char *full = realpath(path, NULL); /* a bare name is a file here */
	void *so = dlopen(full ? full : path, RTLD_NOW | RTLD_LOCAL);
	struct api *a = &libs[lib_count];

	free(full);
	if (!so || lib_count == BENCH_LIBS) {
		fprintf(stderr, "hypiommu-bench: %s\n",
			so ? "too many libraries" : dlerror());
		exit(2);
	}
	a->name = short_name(path);
	/* POSIX's way to turn an object pointer into a function's. */
	*(void **)&a->create = dlsym(so, "peer_create");
	*(void **)&a->destroy = dlsym(so, "peer_destroy");
	*(void **)&a->map = dlsym(so, "peer_map_pages");
	*(void **)&a->unmap = dlsym(so, "peer_unmap_pages");
	*(void **)&a->lookup = dlsym(so, "peer_iova_to_phys");
	*(void **)&a->stats = dlsym(so, "peer_get_stats");
	if (!a->create || !a->destroy || !a->map || !a->unmap || !a->lookup) {
		fprintf(stderr, "hypiommu-bench: %s lacks peer.h's functions\n",
			path);
		exit(2);
	}
	lib_count++;
}

unsigned int engine_libs(const char *names[BENCH_LIBS])
{
	for (unsigned int i = 0; i < lib_count; i++)
		names[i] = libs[i].name;
	return lib_count;
}

/* ------------------------------------------------- formats and workloads */

struct format {
	const char *name;
	struct peer_cfg cfg;
	uint64_t iova, pa, granule;
};

/* PEER_NUM_FMTS is what parts.c takes for the classic Tegra MC-SMMU. */
static const struct format formats[] = {
	{ "s1-4k",
	  { PEER_ARM_64_LPAE_S1, K4 | 2 * M1 | G1, 48, 48, 1, 0 },
	  4 * G1,
	  2 * G1,
	  K4 },
	{ "s2-4k",
	  { PEER_ARM_64_LPAE_S2, K4 | 2 * M1 | G1, 40, 48, 1, 0 },
	  4 * G1,
	  2 * G1,
	  K4 },
	{ "s1-16k",
	  { PEER_ARM_64_LPAE_S1, K16 | 32 * M1, 48, 48, 1, 0 },
	  4 * G1,
	  2 * G1,
	  K16 },
	{ "s1-64k",
	  { PEER_ARM_64_LPAE_S1, K64 | 512 * M1, 48, 48, 1, 0 },
	  4 * G1,
	  2 * G1,
	  K64 },
	{ "v7s",
	  { PEER_ARM_V7S, K4 | K64 | M1 | 16 * M1, 32, 32, 1, 0 },
	  G1,
	  2 * G1,
	  K4 },
	{ "tegra", { PEER_NUM_FMTS, K4, 32, 34, 1, 0 }, G1, 2 * G1, K4 },
};

enum kind {
	SEQUENTIAL,
	RANDOM,
	LOOKUP,
	RING
};

struct workload {
	const char *name, *formats;
	enum kind kind;
	uint64_t pgsize; /* 0: the granule */
	unsigned int pages, per_call;
};

#define GRANULES "s1-4k s2-4k s1-16k v7s tegra"
#define ALL	 GRANULES " s1-64k"
static const struct workload workloads[] = {
	{ "a:seq-1", GRANULES, SEQUENTIAL, 0, 65536, 1 },
	{ "b:seq-512", GRANULES, SEQUENTIAL, 0, 65536, 512 },
	{ "c:2m-1", "s1-4k s2-4k", SEQUENTIAL, 2 * M1, 4096, 1 },
	{ "c:2m-512", "s1-4k s2-4k", SEQUENTIAL, 2 * M1, 4096, 512 },
	{ "c:32m-1", "s1-16k", SEQUENTIAL, 32 * M1, 256, 1 },
	{ "c:1m-1", "v7s", SEQUENTIAL, M1, 2048, 1 },
	{ "c:1m-512", "v7s", SEQUENTIAL, M1, 2048, 512 },
	{ "d:64k-1", "s1-64k v7s", SEQUENTIAL, K64, 16384, 1 },
	{ "d:64k-512", "s1-64k v7s", SEQUENTIAL, K64, 16384, 512 },
	{ "e:random", ALL, RANDOM, 0, 65536, 1 },
	{ "f:lookup", ALL, LOOKUP, 0, 262144, 512 },
	{ "g:ring", ALL, RING, 0, 65536, 1 },
};

#define WINDOW_PAGES 262144u
#define LOOKUPS	     (1u << 18)
#define RING_LIVE    256u
#define RING_SLOTS   1024u /* of 16 pages */
#define RING_PATTERN 4096u

static uint32_t map_order[WINDOW_PAGES], unmap_order[WINDOW_PAGES];
static uint32_t look[LOOKUPS], ring_at[RING_PATTERN];
static uint8_t ring_pages[RING_PATTERN];
static double ring_total;

static void shuffle(uint32_t *v, uint32_t n)
{
	for (uint32_t i = n - 1; i; i--) {
		uint32_t j = (uint32_t)(bench_random() % (i + 1)), t = v[i];

		v[i] = v[j];
		v[j] = t;
	}
}

static void make_inputs(void)
{
	if (ring_total > 0)
		return;
	for (uint32_t i = 0; i < WINDOW_PAGES; i++)
		map_order[i] = i;
	shuffle(map_order, WINDOW_PAGES);
	memcpy(unmap_order, map_order, sizeof(map_order));
	shuffle(unmap_order, 65536); /* the same pages, otherwise ordered */
	for (uint32_t i = 0; i < LOOKUPS; i++)
		look[i] = (uint32_t)(bench_random() % WINDOW_PAGES);
	for (uint32_t i = 0; i < RING_PATTERN; i++) {
		ring_pages[i] = (uint8_t)(1 + bench_random() % 16);
		ring_at[i] = (uint32_t)(bench_random() % WINDOW_PAGES);
		ring_total += 65536.0 / RING_PATTERN * ring_pages[i];
	}
}

/* ---------------------------------------------------- the measured code */

struct job {
	struct api a;
	const struct format *f;
	const struct workload *w;
	struct peer *p;
	uint64_t pgsize, sink;
	double root; /* table bytes when nothing is mapped */
};

/* As an IOMMU core does: call again for what one call left over. */
NOINLINE static void map_rest(struct job *j, uint64_t iova, uint64_t pa,
			      size_t want, size_t done)
{
	while (done < want) {
		size_t before = done;

		if (j->a.map(j->p, iova + done, pa + done, j->pgsize,
			     (want - done) / j->pgsize, PROT, &done) ||
		    done == before)
			bench_die("map fails at", (long long)iova);
	}
}

INLINE void map_all(struct job *j, uint64_t iova, uint64_t pa, size_t n)
{
	size_t want = n * j->pgsize, done = 0;

	if (j->a.map(j->p, iova, pa, j->pgsize, n, PROT, &done))
		bench_die("map fails at", (long long)iova);
	if (done != want)
		map_rest(j, iova, pa, want, done);
}

NOINLINE static void unmap_rest(struct job *j, uint64_t iova, size_t want,
				size_t done)
{
	while (done < want) {
		size_t got = j->a.unmap(j->p, iova + done, j->pgsize,
					(want - done) / j->pgsize, 0);

		if (!got)
			bench_die("unmap fails at", (long long)iova);
		done += got;
	}
}

INLINE void unmap_all(struct job *j, uint64_t iova, size_t n)
{
	size_t want = n * j->pgsize;
	size_t done = j->a.unmap(j->p, iova, j->pgsize, n, 0);

	if (done != want)
		unmap_rest(j, iova, want, done);
}

static void do_map(void *ctx)
{
	struct job *j = ctx;
	uint64_t iova = j->f->iova, pa = j->f->pa, size = j->pgsize;

	if (j->w->kind == RANDOM) {
		for (unsigned int i = 0; i < j->w->pages; i++)
			map_all(j, iova + map_order[i] * size,
				pa + map_order[i] * size, 1);
		return;
	}
	for (unsigned int i = 0; i < j->w->pages; i += j->w->per_call)
		map_all(j, iova + i * size, pa + i * size, j->w->per_call);
}

static void do_unmap(void *ctx)
{
	struct job *j = ctx;
	uint64_t iova = j->f->iova, size = j->pgsize;

	if (j->w->kind == RANDOM) {
		for (unsigned int i = 0; i < j->w->pages; i++)
			unmap_all(j, iova + unmap_order[i] * size, 1);
		return;
	}
	for (unsigned int i = 0; i < j->w->pages; i += j->w->per_call)
		unmap_all(j, iova + i * size, j->w->per_call);
}

INLINE void ring_map(struct job *j, unsigned int i)
{
	unsigned int in = i % RING_PATTERN;

	map_all(j, j->f->iova + i % RING_SLOTS * 16 * j->pgsize,
		j->f->pa + ring_at[in] * j->pgsize, ring_pages[in]);
}

INLINE void ring_unmap(struct job *j, unsigned int i)
{
	unmap_all(j, j->f->iova + i % RING_SLOTS * 16 * j->pgsize,
		  ring_pages[i % RING_PATTERN]);
}

/* Map 1 to 16 pages a time, unmap what was mapped 256 maps ago. */
static void do_ring(void *ctx)
{
	struct job *j = ctx;

	for (unsigned int i = 0; i < j->w->pages + RING_LIVE; i++) {
		if (i < j->w->pages)
			ring_map(j, i);
		if (i >= RING_LIVE)
			ring_unmap(j, i - RING_LIVE);
	}
}

static void do_lookup(void *ctx)
{
	struct job *j = ctx;
	uint64_t sum = 0;

	for (unsigned int i = 0; i < LOOKUPS; i++)
		sum += j->a.lookup(j->p, j->f->iova + look[i] * j->pgsize + 8);
	j->sink += sum;
}

static double table_bytes(const struct job *j)
{
	struct peer_stats stats = { 0 };

	if (!j->a.stats)
		return -1;
	j->a.stats(j->p, &stats);
	return (double)stats.table_bytes - j->root;
}

static void set_bytes(struct bench_row *row, const double bytes[2])
{
	row->bytes = bytes[0];
	row->bytes_kept = bytes[1];
}

static void run_ring(struct bench *b, struct job *j, struct bench_id id)
{
	double bytes[2];

	for (unsigned int i = 0; i < RING_LIVE; i++)
		ring_map(j, i);
	bytes[0] = table_bytes(j);
	for (unsigned int i = 0; i < RING_LIVE; i++)
		ring_unmap(j, i);
	do_ring(j);
	bytes[1] = table_bytes(j);
	set_bytes(bench_measure(b, &id, ring_total, do_ring, j), bytes);
}

static void run_job(struct bench *b, struct job *j, struct bench_id id)
{
	double bytes[2];

	switch (j->w->kind) {
	case RING:
		run_ring(b, j, id);
		break;
	case LOOKUP:
		do_map(j);
		bench_measure(b, &id, LOOKUPS, do_lookup, j);
		break;
	default:
		do_map(j);
		bytes[0] = table_bytes(j);
		do_unmap(j);
		bytes[1] = table_bytes(j);
		id.phase = "map";
		set_bytes(bench_measure(b, &id, j->w->pages, do_map, j), bytes);
		id.phase = "unmap";
		bench_measure(b, &id, j->w->pages, do_unmap, j);
	}
}

static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *s = list; (s = strstr(s, word)); s += n) {
		if ((s == list || s[-1] == ' ') && (!s[n] || s[n] == ' '))
			return true;
	}
	return false;
}

static void run_one(struct bench *b, const struct format *f,
		    const struct workload *w)
{
	struct bench_id id = { "engine", f->name, w->name, "", "", 0 };

	if (!has_word(w->formats, f->name) || !bench_wants(b, &id))
		return;
	for (unsigned int i = 0; i < lib_count; i++) {
		struct job j = { .a = libs[i], .f = f, .w = w };

		j.pgsize = w->pgsize ? w->pgsize : f->granule;
		j.p = j.a.create(&f->cfg);
		if (!j.p) /* a format it does not have */
			continue;
		id.lib = j.a.name;
		j.root = table_bytes(&j);
		run_job(b, &j, id);
		j.a.destroy(j.p);
	}
}

void engine_run(struct bench *b)
{
	make_inputs();
	for (unsigned int f = 0; f < COUNT(formats); f++) {
		for (unsigned int w = 0; w < COUNT(workloads); w++)
			run_one(b, &formats[f], &workloads[w]);
	}
}
