// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Real threads, the library's own locks: each makes every hypercall there is,
 * on things of its own and on things all share, while devices use what is
 * mapped. Under ThreadSanitizer two accesses that no lock orders are reported;
 * without it, what does not come out right.
 *
 *	threads [ROUNDS]
 */
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hardware.h"
#include "hypiommu/smmuv3.h"

#define PAGE	4096ull
#define RW	(HYPIOMMU_PROT_READ | HYPIOMMU_PROT_WRITE)
#define GUEST	HYPIOMMU_GUEST(0)
#define WORKERS 4u
#define SHARED	WORKERS /* stream, and domain, of all */
#define TABLES	(RAM_BASE + RAM_SIZE / 2)

/* Pages of a worker's own, one all map, and some for the pool. */
#define OWN(i, k) (RAM_BASE + ((i)*16ull + (k)) * PAGE)
#define COMMON	  (RAM_BASE + 0x200000)
#define SPARE(i)  (RAM_BASE + 0x300000 + (i)*PAGE)

struct world {
	struct hardware *hw;
	struct hypiommu *h;
	uint32_t shared; /* domain */
	unsigned int rounds;
	atomic_bool over;
	atomic_uint failures, given;
};

struct worker {
	struct world *w;
	unsigned int me;
	uint32_t domain;
	uint64_t random;
};

static __attribute__((format(printf, 2, 3))) void fail(struct world *w,
						       const char *fmt, ...)
{
	va_list args;

	if (atomic_fetch_add(&w->failures, 1))
		return;
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
}

static struct hypiommu_regs call(struct world *w, enum hypiommu_hcall_fn fn,
				 uint64_t a, uint64_t b, uint64_t c, uint64_t d,
				 uint64_t e)
{
	struct hypiommu_regs regs = { .x = { fn, a, b, c, d, e } };

	hypiommu_hcall(w->h, HYPIOMMU_HOST, &regs);
	return regs;
}

static int status(struct hypiommu_regs regs)
{
	return (int)(int64_t)regs.x[0];
}

static void expect(struct world *w, const char *what, int got, int want)
{
	if (got != want)
		fail(w, "%s: %s instead of %s", what, hypiommu_error_name(got),
		     hypiommu_error_name(want));
}

/* In as many calls as it takes. */
static void free_domain(struct world *w, uint64_t domain)
{
	int err;

	do {
		err = status(
			call(w, HYPIOMMU_HC_DOMAIN_FREE, domain, 0, 0, 0, 0));
	} while (err == HYPIOMMU_E_AGAIN);
	expect(w, "domain_free", err, 0);
}

static void map(struct world *w, uint32_t domain, uint64_t iova, uint64_t pa,
		uint64_t size)
{
	expect(w, "map",
	       status(call(w, HYPIOMMU_HC_MAP_PAGES, domain, iova, pa, size,
			   RW)),
	       0);
}

static void unmap(struct world *w, uint32_t domain, uint64_t iova,
		  uint64_t size)
{
	expect(w, "unmap",
	       status(call(w, HYPIOMMU_HC_UNMAP_PAGES, domain, iova, size, 0,
			   0)),
	       0);
}

/* ------------------------------------------------------- what they all do */

/* Pages nobody else touches: everything must come out exactly. */
static void use_own(struct worker *t)
{
	struct world *w = t->w;
	uint64_t iova = (t->random & 0xff) << 12, pa = 0;

	map(w, t->domain, iova, OWN(t->me, 0), 3 * PAGE);
	if (!hardware_reaches(w->hw, t->me, iova + PAGE, &pa) ||
	    pa != OWN(t->me, 1))
		fail(w, "stream %u does not reach what is mapped", t->me);
	expect(w, "donate a page in use",
	       hypiommu_donate(w->h, HYPIOMMU_HOST, GUEST, OWN(t->me, 2), PAGE),
	       HYPIOMMU_E_BUSY);
	unmap(w, t->domain, iova, 3 * PAGE);
	if (hardware_reaches(w->hw, t->me, iova + PAGE, &pa))
		fail(w, "stream %u reaches what is unmapped", t->me);
	expect(w, "donate",
	       hypiommu_donate(w->h, HYPIOMMU_HOST, GUEST, OWN(t->me, 1), PAGE),
	       0);
	expect(w, "donate back",
	       hypiommu_donate(w->h, GUEST, HYPIOMMU_HOST, OWN(t->me, 1), PAGE),
	       0);
}

/* One domain and one page of all, each at an address of its own. */
static void use_shared(struct worker *t)
{
	struct world *w = t->w;
	uint64_t iova = (1 + t->me) * PAGE, pa;
	int err = status(call(w, HYPIOMMU_HC_MAP_PAGES, w->shared, iova, COMMON,
			      PAGE, RW));

	if (err == HYPIOMMU_E_PERM) /* it is the guest's for a moment */
		return;
	expect(w, "map the common page", err, 0);
	if (!hardware_reaches(w->hw, SHARED, iova, &pa) || pa != COMMON)
		fail(w, "the shared stream does not reach the common page");
	unmap(w, w->shared, iova, PAGE);
}

static void use_stream(struct worker *t)
{
	struct world *w = t->w;
	uint64_t pa;

	map(w, t->domain, 0, OWN(t->me, 3), PAGE);
	expect(w, "detach",
	       status(call(w, HYPIOMMU_HC_DETACH_DEV, 0, t->me, t->domain, 0,
			   0)),
	       0);
	if (hardware_reaches(w->hw, t->me, 0, &pa))
		fail(w, "stream %u reaches something detached", t->me);
	expect(w, "attach",
	       status(call(w, HYPIOMMU_HC_ATTACH_DEV, 0, t->me, t->domain, 0,
			   0)),
	       0);
	unmap(w, t->domain, 0, PAGE);
}

static void use_domain(struct worker *t)
{
	struct world *w = t->w;
	struct hypiommu_regs r =
		call(w, HYPIOMMU_HC_DOMAIN_ALLOC, 0, 1 + t->me % 2, 0, 0, 0);

	expect(w, "domain_alloc", status(r), 0);
	if (status(r))
		return;
	map(w, (uint32_t)r.x[1], 0, OWN(t->me, 4), PAGE);
	unmap(w, (uint32_t)r.x[1], 0, PAGE);
	free_domain(w, r.x[1]);
}

static void use_pool(struct worker *t)
{
	struct world *w = t->w;
	struct hypiommu_regs r =
		call(w, HYPIOMMU_HC_MEM_TOPUP, SPARE(t->me), 1, 0, 0, 0);

	/* Whoever gives back may get another's page: it stays away then. */
	if (status(r) != HYPIOMMU_E_PERM && status(r) != HYPIOMMU_E_BUSY)
		expect(w, "topup", status(r), 0);
	r = call(w, HYPIOMMU_HC_MEM_GIVEBACK, SPARE(t->me), 0, 0, 0, 0);
	if (status(r) != HYPIOMMU_E_BUSY)
		expect(w, "giveback", status(r), 0);
}

static void ask(struct worker *t)
{
	struct world *w = t->w;

	call(w, HYPIOMMU_HC_IOVA_TO_PHYS, w->shared, PAGE, 0, 0, 0);
	call(w, HYPIOMMU_HC_FAULT_READ, 0, 0, 0, 0, 0);
	expect(w, "sync",
	       status(call(w, HYPIOMMU_HC_IOTLB_SYNC, w->shared, 0, 0, 0, 0)),
	       0);
}

static void *work(void *ctx)
{
	static void (*const what[])(struct worker * t) = {
		use_own,    use_shared, use_shared, use_stream,
		use_domain, use_pool,	ask,
	};
	struct worker *t = ctx;

	for (unsigned int i = 0; i < t->w->rounds; i++) {
		t->random ^= t->random << 13;
		t->random ^= t->random >> 7;
		t->random ^= t->random << 17;
		what[(t->random >> 20) % (sizeof(what) / sizeof(what[0]))](t);
	}
	return NULL;
}

/* Takes the common page whenever it is let, and then nothing may reach it. */
static void *rival(void *ctx)
{
	struct world *w = ctx;

	while (!atomic_load(&w->over)) {
		if (hypiommu_donate(w->h, HYPIOMMU_HOST, GUEST, COMMON, PAGE))
			continue;
		atomic_fetch_add(&w->given, 1);
		if (hardware_any_reaches(w->hw, COMMON))
			fail(w, "a device reaches the guest's page");
		expect(w, "donate the common page back",
		       hypiommu_donate(w->h, GUEST, HYPIOMMU_HOST, COMMON,
				       PAGE),
		       0);
	}
	return NULL;
}

/* ----------------------------------------------------------- the machine */

static bool set_up(struct world *w)
{
	struct hypiommu_config config = {
		.limits = { .smmus = 1,
			    .domains = 16,
			    .streams = 16,
			    .regions = 2,
			    .frames = 2 },
		.mmio = &hardware_mmio,
	};
	const struct hypiommu_smmuv3_config smmuv3 = {
		.base = SMMU_BASE,
		.size = SMMU_SIZE,
	};
	size_t need = (hypiommu_size(&config.limits) + 63) & ~(size_t)63;
	void *mem = aligned_alloc(64, need);
	void *states = malloc(hypiommu_page_state_size(RAM_SIZE));
	uint32_t smmu;

	w->hw = hardware_create();
	if (!w->hw || !mem || !states)
		return false;
	config.mmio_ctx = w->hw;
	config.phys_to_virt = hardware_phys_to_virt(w->hw);
	if (hypiommu_create(mem, need, &config, &w->h) ||
	    hypiommu_add_ram(w->h, RAM_BASE, RAM_SIZE, states) ||
	    hypiommu_add_tables(w->h, TABLES, RAM_SIZE / 4) ||
	    hypiommu_smmuv3_add(w->h, &smmuv3, &smmu))
		return false;
	for (uint32_t sid = 0; sid <= SHARED; sid++) {
		if (hypiommu_add_stream(w->h, 0, sid, HYPIOMMU_HOST))
			return false;
	}
	return !hypiommu_finalise(w->h);
}

static uint32_t domain_of(struct world *w, uint32_t sid)
{
	struct hypiommu_regs r =
		call(w, HYPIOMMU_HC_DOMAIN_ALLOC, 0, 1 + sid % 2, 0, 0, 0);

	expect(w, "domain_alloc", status(r), 0);
	expect(w, "attach",
	       status(call(w, HYPIOMMU_HC_ATTACH_DEV, 0, sid, r.x[1], 0, 0)),
	       0);
	return (uint32_t)r.x[1];
}

static void end_domain(struct world *w, uint32_t sid, uint32_t domain)
{
	expect(w, "detach",
	       status(call(w, HYPIOMMU_HC_DETACH_DEV, 0, sid, domain, 0, 0)),
	       0);
	free_domain(w, domain);
}

/* Nothing is pinned, and every table page came back. */
static void nothing_is_left(struct world *w, uint64_t tables)
{
	struct hypiommu_pool_info pool;
	struct hypiommu_page_info page;

	for (uint64_t pa = RAM_BASE; pa < RAM_BASE + RAM_SIZE; pa += PAGE) {
		if (hypiommu_page_info(w->h, pa, &page) || page.pins)
			fail(w, "page %#llx is still pinned",
			     (unsigned long long)pa);
	}
	if (hypiommu_pool_info(w->h, &pool) || pool.used != tables)
		fail(w, "%llu table pages are in use, not %llu",
		     (unsigned long long)pool.used, (unsigned long long)tables);
	if (hardware_objects(w->hw))
		fail(w, "%s", hardware_objects(w->hw));
}

static void run(struct world *w)
{
	struct worker workers[WORKERS];
	pthread_t threads[WORKERS + 1];

	pthread_create(&threads[WORKERS], NULL, rival, w);
	for (unsigned int i = 0; i < WORKERS; i++) {
		workers[i] = (struct worker){
			.w = w,
			.me = i,
			.domain = domain_of(w, i),
			.random = 0x9e3779b97f4a7c15ull * (i + 1),
		};
		pthread_create(&threads[i], NULL, work, &workers[i]);
	}
	for (unsigned int i = 0; i < WORKERS; i++)
		pthread_join(threads[i], NULL);
	atomic_store(&w->over, true);
	pthread_join(threads[WORKERS], NULL);
	for (unsigned int i = 0; i < WORKERS; i++)
		end_domain(w, i, workers[i].domain);
}

int main(int argc, char **argv)
{
	static struct world w;
	struct hypiommu_pool_info pool = { 0 };

	w.rounds = argc > 1 ? (unsigned int)strtoul(argv[1], NULL, 10) : 2000;
	if (!set_up(&w) || hypiommu_pool_info(w.h, &pool)) {
		printf("the machine cannot be set up\n");
		return 2;
	}
	w.shared = domain_of(&w, SHARED);
	run(&w);
	end_domain(&w, SHARED, w.shared);
	nothing_is_left(&w, pool.used);
	printf("%u threads, %u rounds each, the common page given away %u "
	       "times: %u failures\n",
	       WORKERS + 1, w.rounds, atomic_load(&w.given),
	       atomic_load(&w.failures));
	hardware_destroy(w.hw);
	return atomic_load(&w.failures) ? 1 : 0;
}
