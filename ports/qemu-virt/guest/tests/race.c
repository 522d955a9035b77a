// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Two CPUs map and unmap pages of one domain, and give them away, while a disk
 * writes to all of them without pause; domains and table pages come and go.
 * What is promised: a mapped page stays the host's, and once unmap has returned
 * it does not change any more.
 *
 * The disk has no medium but answers at once with zeroes: QEMU would let a
 * transfer that waits for a file go on after the invalidation, which hardware
 * may not (IHI 0070 3.21.1).
 */
#include "gic.h"
#include "host.h"
#include "iommu.h"
#include "nvme.h"

#define WINDOW_IOVA(cpu) (0x40000000ull + (uint64_t)(cpu)*0x10000000)
#define PAGES		 4u
#define ROUNDS		 800u
#define PATTERN		 0xa5a5000000000000ull
#define GUEST		 1
#define IN_FLIGHT	 8u
#define SHARED_IOVA	 0x7000000ull
#define SPARE_SID	 0xf0u /* two slots nothing sits in */

struct player {
	uint64_t *pages, *spare;
	uint64_t random;
	/* Read by the other CPU. */
	uint32_t rounds, hits, late, refused;
};

static struct nvme disk;
static struct player players[CPUS];
static uint64_t *shared; /* a page both CPUs map */

static uint32_t draw(struct player *p, uint32_t below)
{
	p->random ^= p->random << 13;
	p->random ^= p->random >> 7;
	p->random ^= p->random << 17;
	return (uint32_t)(p->random >> 20) % below;
}

static void count(uint32_t *n)
{
	__atomic_fetch_add(n, 1, __ATOMIC_RELAXED);
}

static uint32_t read_count(const uint32_t *n)
{
	return __atomic_load_n(n, __ATOMIC_ACQUIRE);
}

/* Keep the disk busy with pages of both windows; it may not reach some. */
static void feed(struct player *p)
{
	static uint32_t under_way;
	struct nvme_done done;

	while (nvme_poll(&disk, &done))
		under_way--;
	while (under_way < IN_FLIGHT) {
		uint64_t iova =
			WINDOW_IOVA(draw(p, CPUS)) + draw(p, PAGES) * 4096ull;

		nvme_submit(&disk, NVME_READ, 0, iova, 0);
		under_way++;
	}
}

static void linger(unsigned int cpu, struct player *p)
{
	for (uint32_t n = draw(p, 4); n; n--) {
		if (cpu)
			for (volatile int i = 0; i < 2000; i++)
				;
		else
			feed(p);
	}
}

/* Unmapped, and the host's own: what is written there now stays. */
static void must_stay(unsigned int cpu, struct player *p, uint64_t *page,
		      uint32_t n)
{
	uint64_t mark = PATTERN | p->rounds;

	for (uint32_t i = 0; i < n; i++)
		((volatile uint64_t *)page)[i * 512] = mark;
	linger(cpu, p);
	for (uint32_t i = 0; i < n; i++) {
		if (((volatile uint64_t *)page)[i * 512] != mark)
			count(&p->late);
	}
}

/* The same for a page that a guest has. */
static void must_stay_in_guest(unsigned int cpu, struct player *p,
			       uint64_t *page)
{
	uint64_t seen = 0;

	*page = PATTERN;
	if (iommu_donate(pa_of(page), 4096, GUEST)) {
		count(&p->refused);
		return;
	}
	linger(cpu, p);
	if (iommu_guest_load(pa_of(page), GUEST, &seen) || seen != PATTERN)
		count(&p->late);
	if (iommu_return(pa_of(page), 4096, GUEST))
		count(&p->refused);
}

/* Both CPUs map the same page at the same address: one of them is first. */
static void share(struct player *p)
{
	int err = iommu_map(disk.domain, SHARED_IOVA, pa_of(shared), 4096, RW);

	if (err && err != HYPIOMMU_E_EXIST)
		count(&p->refused);
	err = iommu_unmap(disk.domain, SHARED_IOVA, 4096);
	if (err && err != HYPIOMMU_E_NOENT)
		count(&p->refused);
}

/* A domain's whole life, with a stream of this CPU's. */
static void live(unsigned int cpu, struct player *p)
{
	uint32_t sid = SPARE_SID + (cpu << 3);
	uint64_t domain = iommu_domain(1 + draw(p, 2));

	if (domain == NO_DOMAIN || iommu_attach(sid, domain) ||
	    iommu_map(domain, 0, pa_of(shared), 4096, RO) ||
	    iommu_detach(sid, domain) || iommu_free(domain))
		count(&p->refused);
}

/* A page becomes table memory; some page comes back, and is empty. */
static void feed_pool(struct player *p)
{
	struct hypiommu_regs give = { .x = { 0, pa_of(p->spare), 1 } };
	struct hypiommu_regs take = { .x = { 0, HYPIOMMU_ANY_PAGE } };
	uint64_t *page;

	*p->spare = PATTERN;
	if (iommu_call(&give, HYPIOMMU_HC_MEM_TOPUP) ||
	    iommu_call(&take, HYPIOMMU_HC_MEM_GIVEBACK)) {
		count(&p->refused);
		return;
	}
	page = (uint64_t *)(uintptr_t)take.x[1];
	if (*(volatile uint64_t *)page)
		count(&p->late);
	p->spare = page;
}

static void round(unsigned int cpu, struct player *p)
{
	uint32_t first = draw(p, PAGES), n = 1 + draw(p, PAGES - first);
	uint64_t *page = p->pages + first * 512ull;
	uint64_t iova = WINDOW_IOVA(cpu) + first * 4096ull;

	for (uint32_t i = 0; i < n; i++)
		page[i * 512] = PATTERN;
	if (iommu_map(disk.domain, iova, pa_of(page), n * 4096ull, RW))
		count(&p->refused);
	linger(cpu, p);
	if (!iommu_donate(pa_of(page), 4096, GUEST)) { /* pinned: never */
		count(&p->late);
		iommu_return(pa_of(page), 4096, GUEST);
	}
	if (iommu_unmap(disk.domain, iova, n * 4096ull))
		count(&p->refused);
	for (uint32_t i = 0; i < n; i++) {
		if (((volatile uint64_t *)page)[i * 512] != PATTERN)
			count(&p->hits);
	}
	must_stay(cpu, p, page, n);
	if (!draw(p, 4))
		must_stay_in_guest(cpu, p, page);
	share(p);
	if (!draw(p, 4))
		live(cpu, p);
	if (!draw(p, 4))
		feed_pool(p);
	__atomic_store_n(&p->rounds, p->rounds + 1, __ATOMIC_RELEASE);
}

static void second(void)
{
	while (players[1].rounds < ROUNDS)
		round(1, &players[1]);
}

static bool both(void)
{
	uint64_t start = now_us();

	while (players[0].rounds < ROUNDS)
		round(0, &players[0]);
	while (read_count(&players[1].rounds) < ROUNDS) {
		feed(&players[0]);
		if (now_us() - start > 40000000)
			return false;
	}
	return true;
}

void test_main(void)
{
	gic_init();
	shared = host_alloc(4096);
	for (unsigned int i = 0; i < CPUS; i++) {
		players[i].pages = host_alloc(PAGES * 4096);
		players[i].spare = host_alloc(4096);
		players[i].random = 0x2545f4914f6cdd1d * (i + 1);
	}
	if (!ok(nvme_open(&disk, iommu_domain(2)), "the disk starts"))
		return;
	is(psci(PSCI_CPU_ON, CPUS, HOST_ENTRY, 0), PSCI_INVALID,
	   "no third CPU");
	ok(second_cpu(second), "a second CPU starts");
	is(psci(PSCI_CPU_ON, 1, HOST_ENTRY, 0), PSCI_ALREADY_ON,
	   "and not twice");
	ok(both(), "both CPUs come to an end");
	for (unsigned int i = 0; i < CPUS; i++) {
		print("# CPU %lu: %lu rounds, %lu pages hit by DMA\n",
		      (uint64_t)i, (uint64_t)players[i].rounds,
		      (uint64_t)players[i].hits);
		ok(players[i].hits > 0, "the disk reached pages while mapped");
		is(players[i].refused, 0, "no call of this CPU was refused");
		is(players[i].late, 0,
		   "no page changed after its unmap, or went before it");
		is(iommu_donate(pa_of(players[i].pages), PAGES * 4096, GUEST),
		   0, "no pin is left on its pages");
	}
	iommu_unmap(disk.domain, SHARED_IOVA, 4096);
	is(iommu_donate(pa_of(shared), 4096, GUEST), 0,
	   "nor on the one they shared");
}
