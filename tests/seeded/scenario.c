// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * A short life in which every step is observed while a rival CPU tries to take
 * the pages away and devices keep using them. With the library as it is this
 * exits 0; with one thing broken in it, 1 and a line that says what was seen
 * (seeded.sh breaks it).
 *
 *	scenario [SCENE]
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "front.h"

#define PAGE  4096ull
#define MiB   (1ull << 20)
#define RAM   MACHINE_RAM_BASE
#define RW    (HYPIOMMU_PROT_READ | HYPIOMMU_PROT_WRITE)
#define GUEST HYPIOMMU_GUEST(0)
#define SID_A (l->sids[0])
#define SID_B (l->sids[1])

struct hardware {
	const char *name;
	bool coherent, range_inval;
	unsigned int cmdq_log2;
	unsigned int sid_bits; /* above 8: two levels */
};

static const struct hardware hardware[] = {
	{ "coherent, range invalidation", true, true, 8, 4 },
	{ "non-coherent, page invalidation, short queue, two levels", false,
	  false, 3, 9 },
};

struct life {
	struct machine_config config;
	struct machine *m;
	struct front f;
	const struct hardware *hw;
	unsigned int stage;
	const char *scene;
	uint32_t sids[2];
	/* What the rival wants, and the IOVAs devices use meanwhile. */
	uint64_t pa, iova, pages;
	bool rival_now;
};

static _Noreturn __attribute__((format(printf, 2, 3))) void
fail(const struct life *l, const char *fmt, ...)
{
	va_list args;

	printf("%s, stage %u, %s: ", l->scene, l->stage, l->hw->name);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
	_exit(1);
}

static void look(const struct life *l)
{
	if (l->m->stats.violations)
		fail(l, "%s", l->m->violation);
}

static void expect(const struct life *l, const char *what, int err, int want)
{
	look(l);
	if (err != want)
		fail(l, "%s: %s instead of %s", what, hypiommu_error_name(err),
		     hypiommu_error_name(want));
}

/* ------------------------------------------------- devices and the rival */

static void reaches(const struct life *l, uint32_t sid, uint64_t iova,
		    uint64_t pa)
{
	uint64_t out = 0, value = iova ^ pa ^ 0x5ca1ab1e, *at;

	if (machine_translate(l->m, sid, iova, false, &out) != SIM_DMA_OK ||
	    out != pa ||
	    machine_dma(l->m, sid, iova, true, &value, 8) != SIM_DMA_OK)
		fail(l, "stream %u does not reach what is mapped at %#llx", sid,
		     (unsigned long long)iova);
	at = sim_mem_ptr(l->m->mem, pa);
	if (*at != value)
		fail(l, "what stream %u wrote is not there", sid);
}

static void aborts(const struct life *l, uint32_t sid, uint64_t iova)
{
	uint64_t pa;

	if (machine_translate(l->m, sid, iova, false, &pa) != SIM_DMA_ABORT)
		fail(l, "stream %u still reaches %#llx at %#llx", sid,
		     (unsigned long long)pa, (unsigned long long)iova);
}

/* At every step: another CPU would like the pages, and devices use them. */
static void rival(struct machine *m, enum machine_step step, void *ctx)
{
	struct life *l = ctx;
	uint64_t pa;

	(void)step;
	if (!l->rival_now)
		return;
	for (uint64_t i = 0; i < l->pages; i++) {
		machine_translate(m, SID_A, l->iova + i * PAGE, false, &pa);
		pa = l->pa + i * PAGE;
		if (!machine_donate(m, HYPIOMMU_HOST, GUEST, pa, PAGE) &&
		    machine_donate(m, GUEST, HYPIOMMU_HOST, pa, PAGE))
			machine_violation(m, "a page did not come back");
	}
}

static void against_rival(struct life *l, uint64_t iova, uint64_t pa,
			  uint64_t pages)
{
	l->iova = iova;
	l->pa = pa;
	l->pages = pages;
	l->rival_now = true;
}

/* Nobody holds the pages: each can change hands. */
static void is_free(struct life *l, uint64_t pa, uint64_t pages)
{
	expect(l, "donating pages no device can reach",
	       machine_donate(l->m, HYPIOMMU_HOST, GUEST, pa, pages * PAGE), 0);
	expect(l, "donating them back",
	       machine_donate(l->m, GUEST, HYPIOMMU_HOST, pa, pages * PAGE), 0);
}

static void is_held(struct life *l, uint64_t pa)
{
	expect(l, "donating a page a device can reach",
	       machine_donate(l->m, HYPIOMMU_HOST, GUEST, pa, PAGE),
	       HYPIOMMU_E_BUSY);
}

/* ---------------------------------------------------------------- calls */

static uint32_t domain(struct life *l, unsigned int stage)
{
	uint32_t d = 0;

	expect(l, "domain_alloc", front_domain_alloc(&l->f, 0, stage, &d), 0);
	return d;
}

static void attach(struct life *l, uint32_t sid, uint32_t d)
{
	expect(l, "attach", front_attach(&l->f, 0, sid, d), 0);
}

static void detach(struct life *l, uint32_t sid, uint32_t d)
{
	expect(l, "detach", front_detach(&l->f, 0, sid, d), 0);
}

static void map(struct life *l, uint32_t d, uint64_t iova, uint64_t pa,
		uint64_t size)
{
	uint64_t n;

	expect(l, "map", front_map(&l->f, d, iova, pa, size, RW, &n), 0);
	if (sim_mem_unpublished(l->m->mem))
		fail(l, "map returned with descriptors not yet published");
}

static void unmap(struct life *l, uint32_t d, uint64_t iova, uint64_t pa,
		  uint64_t size)
{
	uint64_t n;

	against_rival(l, iova, pa, size > 4 * PAGE ? 4 : size / PAGE);
	expect(l, "unmap", front_unmap(&l->f, d, iova, size, &n), 0);
	l->rival_now = false;
	is_free(l, pa, size / PAGE);
}

/* Every free table page goes back to the host, which fills it with descriptors
 * of EL2's memory: what still walks there is caught, and so are those left in
 * the pages when they become tables again. */
static void poison_tables(struct life *l)
{
	front_reclaim(&l->f);
	for (size_t i = 0; i < l->f.returned_count; i++) {
		uint64_t *p = sim_mem_ptr(l->m->mem, l->f.returned[i]);

		for (uint64_t j = 0; j < 512; j++)
			p[j] = (MACHINE_EL2_BASE + j * PAGE) | 0x7ff;
	}
	machine_check_now(l->m);
	look(l);
}

/* --------------------------------------------------------------- scenes */

static void scene_pages(struct life *l)
{
	uint32_t d = domain(l, l->stage);
	uint64_t n;

	attach(l, SID_A, d);
	attach(l, SID_B, d);
	expect(l, "map to read",
	       front_map(&l->f, d, 0x30000, RAM + PAGE, PAGE,
			 HYPIOMMU_PROT_READ, &n),
	       0);
	expect(l, "map to write",
	       front_map(&l->f, d, 0x31000, RAM + PAGE, PAGE,
			 HYPIOMMU_PROT_WRITE, &n),
	       0);
	map(l, d, 0x10000, RAM, PAGE);
	for (uint64_t i = 1; i < 8; i++)
		map(l, d, 0x10000 + i * PAGE, RAM + 2 * i * PAGE, PAGE);
	reaches(l, SID_A, 0x10000, RAM);
	is_held(l, RAM);
	reaches(l, SID_B, 0x13000, RAM + 6 * PAGE);
	unmap(l, d, 0x10000, RAM, PAGE);
	aborts(l, SID_A, 0x10000);
	map(l, d, 0x10000, RAM + PAGE, PAGE);
	reaches(l, SID_A, 0x10000, RAM + PAGE);
	/* Two mappings of one page: it is held until both are gone. */
	map(l, d, 0x20000, RAM + 2 * PAGE, PAGE);
	expect(l, "unmap one of two",
	       front_call(&l->f, HYPIOMMU_HC_UNMAP_PAGES, d, 0x20000, PAGE, 0,
			  0),
	       0);
	is_held(l, RAM + 2 * PAGE);
	unmap(l, d, 0x11000, RAM + 2 * PAGE, PAGE);
	detach(l, SID_A, d);
	aborts(l, SID_A, 0x13000);
	reaches(l, SID_B, 0x13000, RAM + 6 * PAGE);
}

/* As many as need several range commands, or all of the ASID. */
static void scene_many(struct life *l)
{
	uint32_t d = domain(l, l->stage);

	attach(l, SID_A, d);
	map(l, d, 5 * PAGE, RAM, 37 * PAGE);
	reaches(l, SID_A, 41 * PAGE, RAM + 36 * PAGE);
	unmap(l, d, 5 * PAGE, RAM, 37 * PAGE);
	aborts(l, SID_A, 41 * PAGE);
	map(l, d, 5 * PAGE, RAM + MiB, 25 * PAGE);
	unmap(l, d, 5 * PAGE, RAM + MiB, 23 * PAGE);
	reaches(l, SID_A, 28 * PAGE, RAM + MiB + 23 * PAGE);
}

/* A block, then pages where it was, then a block again. */
static void scene_blocks(struct life *l)
{
	const uint64_t far = 0x140000000;
	uint64_t iova = 0x80000000;
	uint32_t d = domain(l, l->stage);

	attach(l, SID_A, d);
	map(l, d, iova, RAM + 2 * MiB, 2 * MiB);
	reaches(l, SID_A, iova + 5 * PAGE, RAM + 2 * MiB + 5 * PAGE);
	unmap(l, d, iova, RAM + 2 * MiB, 2 * MiB);
	map(l, d, iova, RAM, 2 * PAGE);
	map(l, d, far, RAM + 8 * PAGE, 2 * PAGE);
	reaches(l, SID_A, far, RAM + 8 * PAGE);
	unmap(l, d, iova, RAM, 2 * PAGE);
	poison_tables(l);
	map(l, d, iova, RAM + 4 * MiB, 2 * MiB);
	reaches(l, SID_A, iova, RAM + 4 * MiB);
	unmap(l, d, far, RAM + 8 * PAGE, 2 * PAGE);
	poison_tables(l);
	/* Part of a block: what is left of it stays. */
	unmap(l, d, iova, RAM + 4 * MiB, 4 * PAGE);
	aborts(l, SID_A, iova);
	iova += 4 * PAGE;
	reaches(l, SID_A, iova, RAM + 4 * MiB + 4 * PAGE);
	unmap(l, d, iova, RAM + 4 * MiB + 4 * PAGE, 508 * PAGE);
	poison_tables(l);
	aborts(l, SID_A, iova);
}

/* A map refused midway leaves nothing; others' pages are refused. */
static void scene_refused(struct life *l)
{
	uint32_t d = domain(l, l->stage);
	uint64_t n;

	attach(l, SID_A, d);
	map(l, d, 4 * PAGE, RAM + MiB, PAGE);
	against_rival(l, 0, RAM, 4);
	expect(l, "map over a mapping",
	       front_map(&l->f, d, 0, RAM, 8 * PAGE, RW, &n), HYPIOMMU_E_EXIST);
	l->rival_now = false;
	aborts(l, SID_A, 0);
	is_free(l, RAM, 8);
	reaches(l, SID_A, 4 * PAGE, RAM + MiB);
	expect(l, "donate", machine_donate(l->m, 0, GUEST, RAM, PAGE), 0);
	expect(l, "map a guest's page",
	       front_map(&l->f, d, 0x40000, RAM, PAGE, RW, &n),
	       HYPIOMMU_E_PERM);
	expect(l, "map an EL2 page",
	       front_map(&l->f, d, 0x40000, MACHINE_EL2_BASE, PAGE, RW, &n),
	       HYPIOMMU_E_PERM);
	expect(l, "share", machine_share(l->m, 0, GUEST, RAM + 5 * PAGE, PAGE),
	       0);
	expect(l, "map a shared page",
	       front_map(&l->f, d, 0x40000, RAM + 5 * PAGE, PAGE, RW, &n),
	       HYPIOMMU_E_PERM);
	expect(l, "map a range with a shared page",
	       front_map(&l->f, d, 0x40000, RAM + PAGE, 8 * PAGE, RW, &n),
	       HYPIOMMU_E_PERM);
	is_free(l, RAM + PAGE, 4);
	expect(l, "map the SMMU's registers",
	       front_map(&l->f, d, 0x40000, MACHINE_SMMU_BASE, PAGE, RW, &n),
	       HYPIOMMU_E_PERM);
}

/* Streams move between domains of either stage; identifiers come round. */
static void scene_streams(struct life *l)
{
	for (uint64_t i = 0; i < 3; i++) {
		uint32_t a = domain(l, l->stage), b = domain(l, 3 - l->stage);
		uint64_t pa = RAM + 4 * i * PAGE;

		map(l, a, 0, pa, PAGE);
		map(l, a, PAGE, pa + 2 * PAGE, PAGE);
		map(l, b, 0, pa + PAGE, PAGE);
		attach(l, SID_A, a);
		attach(l, SID_B, b);
		reaches(l, SID_A, 0, pa);
		reaches(l, SID_B, 0, pa + PAGE);
		aborts(l, SID_B, PAGE);
		detach(l, SID_A, a);
		aborts(l, SID_A, 0);
		unmap(l, a, 0, pa, PAGE);
		attach(l, SID_A, a);
		aborts(l, SID_A, 0);
		reaches(l, SID_A, PAGE, pa + 2 * PAGE);
		detach(l, SID_A, a);
		attach(l, SID_A, b);
		reaches(l, SID_A, 0, pa + PAGE);
		detach(l, SID_A, b);
		detach(l, SID_B, b);
		expect(l, "free", front_domain_free(&l->f, a), 0);
		expect(l, "free", front_domain_free(&l->f, b), 0);
		is_free(l, pa, 4);
	}
}

/* The k-th command of an unmap is called illegal, or cannot be fetched. */
static void scene_command_errors(struct life *l)
{
	uint32_t d = domain(l, l->stage);

	attach(l, SID_A, d);
	for (unsigned int i = 0; i < 6; i++) {
		const struct sim_smmuv3_faults bad = {
			.cmd_error_at = 1 + i % 3,
			.cmd_error_code = 1 + i / 3,
		};
		const struct sim_smmuv3_faults none = { 0 };

		map(l, d, 0x3000, RAM, 5 * PAGE);
		reaches(l, SID_A, 0x3000, RAM);
		sim_smmuv3_set_faults(l->m->smmu, &bad);
		unmap(l, d, 0x3000, RAM, 5 * PAGE);
		aborts(l, SID_A, 0x3000);
		sim_smmuv3_set_faults(l->m->smmu, &none);
	}
}

/* The queue stands still: nothing is let go until the SMMU is reset. */
static void scene_timeout(struct life *l)
{
	const struct sim_smmuv3_faults bad = { .cmdq_stalled = true };
	const struct sim_smmuv3_faults none = { 0 };
	uint32_t d = domain(l, l->stage);
	uint64_t n;

	attach(l, SID_A, d);
	map(l, d, 0, RAM, 4 * PAGE);
	sim_smmuv3_set_faults(l->m->smmu, &bad);
	against_rival(l, 0, RAM, 2);
	expect(l, "unmap without an answer",
	       front_unmap(&l->f, d, 0, 2 * PAGE, &n), HYPIOMMU_E_TIMEOUT);
	l->rival_now = false;
	is_held(l, RAM);
	aborts(l, SID_A, 3 * PAGE);
	expect(l, "unmap of a broken SMMU",
	       front_unmap(&l->f, d, 2 * PAGE, PAGE, &n), HYPIOMMU_E_BROKEN);
	sim_smmuv3_set_faults(l->m->smmu, &none);
	expect(l, "reset", machine_reset(l->m, 0), 0);
	reaches(l, SID_A, 3 * PAGE, RAM + 3 * PAGE);
	is_held(l, RAM);
	expect(l, "sync",
	       front_call(&l->f, HYPIOMMU_HC_IOTLB_SYNC, d, 0, 0, 0, 0), 0);
	is_free(l, RAM, 2);
	expect(l, "suspend", machine_suspend(l->m, 0), 0);
	aborts(l, SID_A, 3 * PAGE);
	expect(l, "resume", machine_reset(l->m, 0), 0);
	reaches(l, SID_A, 3 * PAGE, RAM + 3 * PAGE);
}

static uint64_t read_fault(struct life *l)
{
	int err = front_call(&l->f, HYPIOMMU_HC_FAULT_READ, 0, 0, 0, 0, 0);

	expect(l, "fault_read", err, 0);
	return l->f.last.x[1] >> 48;
}

static bool drain_faults(struct life *l)
{
	bool lost = false;

	do {
		lost |= read_fault(l) & HYPIOMMU_FAULT_LOST;
	} while (l->f.last.x[4]);
	return lost;
}

/* More faults than the queue holds: said once, and then no more. */
static void scene_faults(struct life *l)
{
	uint32_t d = domain(l, l->stage);
	uint64_t pa;

	attach(l, SID_A, d);
	for (unsigned int i = 0; i < 40; i++)
		machine_translate(l->m, SID_A, i * PAGE, i % 3, &pa);
	if (!drain_faults(l))
		fail(l, "lost fault records were not reported");
	machine_translate(l->m, SID_A, 0, false, &pa);
	if (drain_faults(l))
		fail(l, "a loss of fault records was reported twice");
	expect(l, "fault_read of an empty queue",
	       front_call(&l->f, HYPIOMMU_HC_FAULT_READ, 0, 0, 0, 0, 0),
	       HYPIOMMU_E_NOENT);
}

static void guest_fault(struct life *l, int want)
{
	struct hypiommu_regs r = { .x = { HYPIOMMU_HC_FAULT_READ } };

	machine_hcall(l->m, GUEST, &r);
	expect(l, "a guest's fault_read", (int)(int64_t)r.x[0], want);
}

/* A stream changes hands and leaves its records behind. */
static void scene_handed_over(struct life *l)
{
	uint32_t d = domain(l, l->stage);
	uint64_t pa;

	attach(l, SID_A, d);
	aborts(l, SID_A, RAM);
	detach(l, SID_A, d);
	expect(l, "assign",
	       machine_assign_stream(l->m, SID_A, HYPIOMMU_HOST, GUEST), 0);
	guest_fault(l, HYPIOMMU_E_NOENT);
	expect(l, "assign",
	       machine_assign_stream(l->m, SID_A, GUEST, HYPIOMMU_HOST), 0);
	attach(l, SID_A, d);
	machine_translate(l->m, SID_A, PAGE, false, &pa);
	drain_faults(l);
}

static const struct {
	const char *name;
	void (*run)(struct life *l);
} scenes[] = {
	{ "pages", scene_pages },
	{ "many", scene_many },
	{ "blocks", scene_blocks },
	{ "refused", scene_refused },
	{ "streams", scene_streams },
	{ "command_errors", scene_command_errors },
	{ "timeout", scene_timeout },
	{ "faults", scene_faults },
	{ "handed_over", scene_handed_over },
};

static void live(struct life *l, void (*run)(struct life *l))
{
	machine_defaults(&l->config);
	l->config.ram_size = 8 * MiB;
	SID_A = 8;
	SID_B = (1u << l->hw->sid_bits) - 1;
	l->config.sids = l->sids;
	l->config.sid_count = 2;
	l->config.limits.domains = 3;
	l->config.table_pages = 24;
	l->config.timeout_us = 100;
	l->config.smmu.sid_bits = l->hw->sid_bits;
	l->config.smmu.oas = 40;
	l->config.smmu.evtq_log2 = 3;
	l->config.smmu.coherent = l->hw->coherent;
	l->config.smmu.range_inval = l->hw->range_inval;
	l->config.smmu.cmdq_log2 = l->hw->cmdq_log2;
	l->m = machine_create(&l->config);
	if (!l->m)
		fail(l, "out of memory");
	look(l);
	if (!l->m->h)
		fail(l, "%s", l->m->error);
	front_init(&l->f, l->m, HYPIOMMU_HOST);
	machine_on_step(l->m, rival, l);
	poison_tables(l);
	run(l);
	machine_check_now(l->m);
	look(l);
	front_fini(&l->f);
	machine_destroy(l->m);
}

int main(int argc, char **argv)
{
	unsigned int lives = 0;

	for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
		if (argc > 1 && strcmp(argv[1], scenes[i].name))
			continue;
		for (unsigned int j = 0; j < 4; j++, lives++) {
			struct life l = {
				.hw = &hardware[j / 2],
				.stage = 1 + j % 2,
				.scene = scenes[i].name,
			};

			live(&l, scenes[i].run);
		}
	}
	printf("%u lives, nothing to object\n", lives);
	return lives ? 0 : 2;
}
