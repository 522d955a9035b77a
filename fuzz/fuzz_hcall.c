// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * A hostile host and a hostile guest, devices doing DMA, ownership moving and
 * hardware failing, from a stream of bytes. After every hypercall the observer
 * looks; at the end everything must come free again. seeds.sh writes some.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"

#define PAGE	4096ull
#define MiB	(1ull << 20)
#define RAM	MACHINE_RAM_BASE
#define RAM_SZ	(8 * MiB)
#define GUEST	HYPIOMMU_GUEST(0)
#define DOMAINS 4u
#define MAX_OPS 96

static const uint32_t sids[] = { 1, 2, 9 };
#define SIDS (sizeof(sids) / sizeof(sids[0]))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fuzz {
	struct machine *m;
	const uint8_t *at, *end;
	/* Another CPU: at every rival_every-th step, a transition or a DMA. */
	uint64_t rival_pa, rival_iova;
	unsigned int rival_every, rival_steps;
	bool failing; /* the hardware is told to fail */
};

static bool verbose(void)
{
	static int on = -1;

	if (on < 0)
		on = getenv("FUZZ_VERBOSE") != NULL;
	return on;
}

/* ---------------------------------------------------------------- values */

static uint8_t u8(struct fuzz *f)
{
	return f->at < f->end ? *f->at++ : 0;
}

static uint64_t u64(struct fuzz *f)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v |= (uint64_t)u8(f) << 8 * i;
	return v;
}

/* Mostly small; 0xf0 and above: eight raw bytes follow. */
static uint64_t small(struct fuzz *f, unsigned int below)
{
	uint8_t b = u8(f);

	return b >= 0xf0 ? u64(f) : b % below;
}

static uint64_t stream_id(struct fuzz *f)
{
	uint64_t n = small(f, 8);

	return n < SIDS ? sids[n] : n;
}

static uint64_t iova(struct fuzz *f)
{
	static const uint64_t windows[] = {
		0,
		4 * PAGE,
		2 * MiB - 2 * PAGE,
		2 * MiB,
		(1ull << 30) - 4 * PAGE,
		1ull << 39,
		(1ull << 40) - 4 * PAGE,
		(1ull << 48) - 4 * PAGE,
	};
	uint8_t b = u8(f);

	if (b >= 0xf0)
		return u64(f);
	return windows[b & 7] + (b >> 3) * PAGE;
}

/* Pages of every kind of owner. */
static uint64_t pa(struct fuzz *f)
{
	uint8_t b = u8(f);
	uint64_t page = (b >> 3) * PAGE;

	if (b >= 0xf0)
		return u64(f);
	switch (b & 7) {
	case 0:
		return RAM + page; /* the first MiB: some a guest's */
	case 1:
		return RAM + 2 * MiB + page;
	case 2:
		return RAM + 2 * MiB * (b >> 3 & 3);
	case 3:
		return MACHINE_DONOR_BASE + page;
	case 4:
		return RAM + RAM_SZ - 4 * PAGE + page;
	case 5:
		return MACHINE_EL2_BASE + page;
	case 6: /* what is in the pool from the start, from its end */
		return MACHINE_DONOR_BASE + MACHINE_DONOR_SIZE - PAGE - page;
	default:
		return b & 8 ? MACHINE_SMMU_BASE + (page & 0x1f000)
			     : MACHINE_DOORBELL;
	}
}

static uint64_t bytes(struct fuzz *f)
{
	uint8_t b = u8(f);

	if (b >= 0xf0)
		return u64(f);
	if (b >= 0xe0)
		return (b & 7) * 2 * MiB + (b & 8 ? PAGE : 0);
	if (b >= 0xc0)
		return 64ull * (b & 31) * PAGE;
	return (b & 63) * PAGE;
}

static uint64_t any(struct fuzz *f)
{
	switch (u8(f) & 7) {
	case 0:
		return iova(f);
	case 1:
		return pa(f);
	case 2:
		return bytes(f);
	case 3:
		return u64(f);
	case 4:
		return stream_id(f);
	case 5:
		return 0 - (uint64_t)u8(f);
	case 6:
		return 1ull << (u8(f) & 63);
	default:
		return small(f, DOMAINS);
	}
}

/* ------------------------------------------------------------------ oracle */

static _Noreturn void wrong(const struct fuzz *f, const char *what)
{
	fprintf(stderr, "fuzz_hcall: %s\n", what);
	if (f->m->stats.violations)
		fprintf(stderr, "fuzz_hcall: first violation: %s\n",
			f->m->violation);
	abort();
}

static void check(const struct fuzz *f)
{
	if (f->m->stats.violations)
		wrong(f, "the promise is broken");
	if (f->m->locks->count)
		wrong(f, "a lock is held");
}

static const char *flaw(const struct fuzz *f, const struct hypiommu_regs *r)
{
	int64_t status = (int64_t)r->x[0];

	if (status > 0 || status < HYPIOMMU_E_NOSYS)
		return "a status that does not exist";
	if (status == HYPIOMMU_E_PHASE)
		return "PHASE after finalise";
	if (r->x[5] | r->x[6] | r->x[7])
		return "x5 to x7 are not zero";
	if ((status == HYPIOMMU_E_TIMEOUT || status == HYPIOMMU_E_HW) &&
	    !f->failing)
		return "good hardware was called bad";
	return NULL;
}

static int64_t call(struct fuzz *f, uint32_t caller, const uint64_t x[6],
		    uint64_t *result)
{
	struct hypiommu_regs regs;
	int64_t status;

	memset(&regs, 0xa5, sizeof(regs));
	memcpy(regs.x, x, 6 * sizeof(*x));
	machine_hcall(f->m, caller, &regs);
	status = (int64_t)regs.x[0];
	if (verbose())
		fprintf(stderr,
			"%s %" PRIu64 "(%#" PRIx64 ", %#" PRIx64 ", %#" PRIx64
			", %#" PRIx64 ", %#" PRIx64 ") = %" PRId64 " (%#" PRIx64
			")\n",
			caller ? "guest" : "host", x[0], x[1], x[2], x[3], x[4],
			x[5], status, regs.x[1]);
	check(f);
	if (flaw(f, &regs))
		wrong(f, flaw(f, &regs));
	*result = regs.x[1];
	return status;
}

/* What iova translates to as the library says; ~0 for nothing. */
static uint64_t lookup(struct fuzz *f, uint32_t caller, uint64_t domain,
		       uint64_t at)
{
	struct hypiommu_regs regs = {
		.x = { HYPIOMMU_HC_IOVA_TO_PHYS, domain, at },
	};

	hypiommu_hcall(f->m->h, caller, &regs);
	return regs.x[0] ? ~0ull : regs.x[1];
}

/* Either what was asked for, as far as it says, or nothing at all. */
static void map_or_unmap(struct fuzz *f, uint32_t caller, const uint64_t x[6])
{
	bool map = x[0] == HYPIOMMU_HC_MAP_PAGES;
	uint64_t size = map ? x[4] : x[3], last = x[2] + size - 1, done;
	uint64_t first_was = lookup(f, caller, x[1], x[2]);
	uint64_t last_was = lookup(f, caller, x[1], last);
	int64_t err = call(f, caller, x, &done);
	bool failed;

	if (done > size || done % PAGE)
		wrong(f, "a progress that cannot be");
	if (!err && !done)
		wrong(f, "nothing was done, and that was called a success");
	failed = err == HYPIOMMU_E_TIMEOUT || err == HYPIOMMU_E_HW;
	if (err && done && err != HYPIOMMU_E_NOMEM && !failed)
		wrong(f, "a refusal after progress");
	if (done) {
		uint64_t want = map ? x[3] + done - 1 : ~0ull;

		if (lookup(f, caller, x[1], x[2] + done - 1) != want)
			wrong(f, "the last byte done is not as asked for");
		if (lookup(f, caller, x[1], x[2]) != (map ? x[3] : ~0ull))
			wrong(f, "the first byte is not as asked for");
		return;
	}
	if (failed)
		return; /* its roll-back did not complete */
	if (lookup(f, caller, x[1], x[2]) != first_was ||
	    lookup(f, caller, x[1], last) != last_was)
		wrong(f, "refused, and yet something changed");
}

/* --------------------------------------------------------------- the rival */

static void transition(struct fuzz *f, uint8_t how, uint64_t at, uint64_t size)
{
	struct machine *m = f->m;
	uint32_t a = how & 8 ? GUEST : HYPIOMMU_HOST;
	uint32_t b = how & 8 ? HYPIOMMU_HOST : GUEST;

	switch (how & 7) {
	case 0:
	case 1:
		machine_donate(m, a, b, at, size);
		break;
	case 2:
		machine_share(m, a, b, at, size);
		break;
	case 3:
		machine_unshare(m, a, b, at, size);
		break;
	case 4:
		machine_lend(m, a, b, at, size);
		break;
	case 5:
		machine_reclaim(m, a, b, at, size);
		break;
	case 6: /* principals that are not the caller's to be */
		machine_donate(m, HYPIOMMU_HYP, b, at, size);
		break;
	default:
		machine_donate(m, a, a, at, size);
	}
}

static void on_step(struct machine *m, enum machine_step step, void *ctx)
{
	struct fuzz *f = ctx;
	uint64_t out;

	(void)step;
	if (!f->rival_every || ++f->rival_steps % f->rival_every)
		return;
	for (size_t i = 0; i < SIDS; i++)
		machine_translate(m, sids[i], f->rival_iova, true, &out);
	if (!machine_donate(m, HYPIOMMU_HOST, GUEST, f->rival_pa, PAGE))
		machine_donate(m, GUEST, HYPIOMMU_HOST, f->rival_pa, PAGE);
}

/* -------------------------------------------------------------- operations */

static void dma(struct fuzz *f)
{
	uint8_t what = u8(f);
	uint64_t at = iova(f), value = 0x1122334455667788ull;

	machine_dma(f->m, sids[what % SIDS], at, what & 0x80, &value,
		    sizeof(value));
	check(f);
}

/* The host or the guest writes its own memory: descriptors, if it likes. */
static void poke(struct fuzz *f)
{
	uint64_t at = pa(f) & ~(PAGE - 1), out = pa(f);
	uint64_t value = out | (uint64_t)u8(f) << 4 | 3;
	uint8_t truth = machine_truth(f->m, at);
	uint64_t *p;

	if (at == MACHINE_DOORBELL ||
	    (truth != HYPIOMMU_HOST && truth != GUEST))
		return;
	p = sim_mem_ptr(f->m->mem, at);
	for (uint64_t i = 0; i < 512; i++)
		p[i] = value;
}

static void power(struct fuzz *f)
{
	static const unsigned int errors[] = { 1, 2, 0, 1 };
	uint8_t how = u8(f);
	struct sim_smmuv3_faults faults = { 0 };

	/* Rarely: what fails hides what comes after. */
	if ((how & 0x60) != 0x60 && (how & 7) != 7)
		how = 6;
	switch (how & 7) {
	case 0:
		faults.cmdq_stalled = true;
		break;
	case 1:
		faults.sync_never = true;
		break;
	case 2:
		faults.dead = true;
		break;
	case 3:
	case 4:
	case 5:
		faults.cmd_error_at = 1 + (how >> 7) + (how & 7) % 3;
		faults.cmd_error_code = errors[how >> 3 & 3];
		break;
	case 6:
		machine_suspend(f->m, 0);
		break;
	default:
		if (machine_reset(f->m, 0) && !f->failing)
			wrong(f, "good hardware was not reset");
		check(f);
		return;
	}
	if (verbose())
		fprintf(stderr, "power %u\n", how & 7);
	if ((how & 7) != 6) {
		f->failing = true;
		sim_smmuv3_set_faults(f->m->smmu, &faults);
	}
	check(f);
}

/* A stage, and now and then a granule and the contiguous hint. */
static uint64_t tables(struct fuzz *f)
{
	static const uint8_t granules[] = { 0, 0, 0, 0, 12, 14, 16, 13 };
	uint8_t how = u8(f);

	if (how >= 0xf0)
		return u64(f);
	return (1 + how % 2) | HYPIOMMU_GRANULE(granules[how >> 1 & 7]) |
	       (how >> 4 & 1 ? HYPIOMMU_CONTIGUOUS : 0);
}

static void operation(struct fuzz *f)
{
	uint8_t op = u8(f);
	uint32_t caller = op & 0x10 ? GUEST : HYPIOMMU_HOST;
	uint64_t x[6] = { 0 }, ignored;

	switch (op & 15) {
	case 0:
		x[0] = HYPIOMMU_HC_MAP_PAGES;
		x[1] = small(f, DOMAINS);
		x[2] = iova(f);
		x[3] = pa(f);
		x[4] = bytes(f);
		x[5] = small(f, 64);
		break;
	case 1:
		x[0] = HYPIOMMU_HC_UNMAP_PAGES;
		x[1] = small(f, DOMAINS);
		x[2] = iova(f);
		x[3] = bytes(f);
		break;
	case 2:
	case 3:
		x[0] = op & 1 ? HYPIOMMU_HC_DETACH_DEV : HYPIOMMU_HC_ATTACH_DEV;
		x[2] = stream_id(f);
		x[3] = small(f, DOMAINS);
		break;
	case 4:
		x[0] = HYPIOMMU_HC_DOMAIN_ALLOC;
		x[2] = tables(f);
		break;
	case 5:
		x[0] = op & 0x20 ? HYPIOMMU_HC_IOTLB_SYNC
				 : HYPIOMMU_HC_DOMAIN_FREE;
		x[1] = small(f, DOMAINS);
		break;
	case 6:
		x[0] = small(f, HYPIOMMU_HC_COUNT + 1);
		for (int i = 1; i < 6; i++)
			x[i] = any(f);
		break;
	case 7:
		for (int i = 0; i < 6; i++)
			x[i] = u64(f);
		break;
	case 8:
		dma(f);
		return;
	case 9: {
		uint8_t how = u8(f);
		uint64_t at = pa(f);

		transition(f, how, at, bytes(f));
		check(f);
		return;
	}
	case 10:
		x[0] = op & 0x20 ? HYPIOMMU_HC_MEM_GIVEBACK
				 : HYPIOMMU_HC_MEM_TOPUP;
		x[1] = op & 0x40 ? HYPIOMMU_ANY_PAGE : pa(f);
		x[2] = op & 0x20 ? 0 : small(f, 80);
		break;
	case 11:
		x[0] = op & 0x20 ? HYPIOMMU_HC_FAULT_READ
				 : HYPIOMMU_HC_IOVA_TO_PHYS;
		x[1] = op & 0x20 ? 0 : small(f, DOMAINS);
		x[2] = op & 0x20 ? 0 : iova(f);
		break;
	case 12:
		poke(f);
		return;
	case 13:
		f->rival_every = u8(f) & 31;
		f->rival_pa = pa(f) & ~(PAGE - 1);
		f->rival_iova = iova(f);
		return;
	case 14:
		power(f);
		return;
	default:
		machine_assign_stream(f->m, sids[u8(f) % SIDS],
				      op & 0x10 ? GUEST : HYPIOMMU_HOST,
				      op & 0x10 ? HYPIOMMU_HOST : GUEST);
		check(f);
		return;
	}
	if (x[0] == HYPIOMMU_HC_MAP_PAGES || x[0] == HYPIOMMU_HC_UNMAP_PAGES)
		map_or_unmap(f, caller, x);
	else
		call(f, caller, x, &ignored);
}

/* ------------------------------------------------------------ begin and end */

/* The hardware is good again: everything must come free. */
static void take_down(struct fuzz *f, uint32_t caller)
{
	for (uint64_t d = 0; d < DOMAINS; d++) {
		uint64_t x[6] = { HYPIOMMU_HC_DOMAIN_FREE, d };
		int64_t err = HYPIOMMU_E_AGAIN;
		uint64_t ignored;

		for (size_t i = 0; i < SIDS; i++) {
			const uint64_t detach[6] = { HYPIOMMU_HC_DETACH_DEV, 0,
						     sids[i], d };

			call(f, caller, detach, &ignored);
		}
		for (int i = 0; i < 100000 && err == HYPIOMMU_E_AGAIN; i++)
			err = call(f, caller, x, &ignored);
		if (err && err != HYPIOMMU_E_NOENT)
			wrong(f, "a domain could not be freed");
	}
}

static void everything_is_free(const struct fuzz *f)
{
	struct hypiommu_page_info info;

	for (uint64_t at = RAM; at < RAM + RAM_SZ; at += PAGE) {
		if (machine_page_info(f->m, at, &info))
			wrong(f, "a page of RAM is unknown");
		if (info.pins)
			wrong(f, "a pin is left");
	}
	if (machine_tables_used(f->m) != f->m->base_tables)
		wrong(f, "table pages are lost");
}

/* The first byte chooses the kind of hardware. */
static struct machine *start(uint8_t kind)
{
	struct machine_config config;
	struct machine *m;

	machine_defaults(&config);
	config.ram_size = RAM_SZ;
	config.sids = sids;
	config.sid_count = SIDS;
	config.limits = (struct hypiommu_limits){
		.smmus = 1,
		.domains = DOMAINS,
		.streams = 4,
		.regions = 4,
		.frames = 2,
	};
	config.smmu.sid_bits = 4;
	config.smmu.cmdq_log2 = 3;
	config.smmu.evtq_log2 = 2;
	config.smmu.oas = 40;
	config.smmu.gran16k = true;
	config.smmu.gran64k = !(kind & 1);
	config.smmu.coherent = !(kind & 1);
	config.smmu.range_inval = !(kind & 2);
	config.quiesce_refused = kind & 4;
	if (kind & 8)
		config.smmu.cmdq_log2 = 1;
	config.table_pages = 6;
	if (kind & 16) {
		config.own_pages = true;
		config.own_tables = 24;
		config.own_tables_base = MACHINE_EL2_BASE;
		config.table_pages = 0;
	}
	config.timeout_us = 100;
	config.check = MACHINE_CHECK_CALLS;
	m = machine_create(&config);
	if (!m || !m->h) {
		fprintf(stderr, "fuzz_hcall: %s\n", m ? m->error : "memory");
		abort();
	}
	machine_donate(m, HYPIOMMU_HOST, GUEST, RAM + 8 * PAGE, 8 * PAGE);
	return m;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct sim_smmuv3_faults none = { 0 };
	struct fuzz f = { .at = data, .end = data + size };

	f.m = start(u8(&f));
	machine_on_step(f.m, on_step, &f);
	for (int i = 0; i < MAX_OPS && f.at < f.end; i++)
		operation(&f);
	f.rival_every = 0;
	sim_smmuv3_set_faults(f.m->smmu, &none);
	f.failing = false;
	if (machine_reset(f.m, 0))
		wrong(&f, "good hardware was not reset");
	check(&f);
	f.m->config.check = MACHINE_CHECK_OFF;
	take_down(&f, HYPIOMMU_HOST);
	take_down(&f, GUEST);
	machine_check_now(f.m);
	check(&f);
	everything_is_free(&f);
	machine_destroy(f.m);
	return 0;
}
