// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Hostile hardware: registers hold whatever the input says, on machines of
 * every kind. Whatever they hold, the library accesses
 * registers inside the declared frames only, memory that is its own only, ends
 * every call after bounded work, with a status there is and no lock held.
 *
 * Input: the machine, then calls; between them what the next register is that
 * does not answer as good hardware does (the n-th read, or a register by its
 * offset, once or from then on), and what it says.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hypiommu/hypiommu.h"
#include "hypiommu/smmuv2.h"
#include "hypiommu/smmuv3.h"
#include "hypiommu/tegra_smmu.h"

#include "hypiommu_env_harness.h"

#define PAGE	     4096ull
#define KiB	     1024ull
#define RAM	     0x40000000ull
#define TABLES	     (RAM + 256 * KiB)
#define SIZE	     (768 * KiB) /* the host's, then tables */
#define PATTERN	     0xa5
#define WINDOWS	     4u
#define FRAME	     0x20000u
#define MAX_ACCESSES 200000u /* of one call; a take-over writes 16384 pairs */
#define MAX_CALLS    64
#define TIMEOUT_US   20u
#define NOWHERE	     (~0u)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Alignas(1 << 20) uint8_t memory[SIZE];
static uint32_t registers[WINDOWS][FRAME / 4];

static struct {
	const uint8_t *at, *end;
	uint32_t good; /* reads that are answered well, before an odd one */
	uint32_t aim;  /* or: the register that is not; NOWHERE */
	bool stuck;    /* it never is again; its answer then: */
	uint64_t stuck_at;
	uint32_t kind;
	uint64_t accesses, now_us;
	uint64_t frame_size[WINDOWS]; /* 0: none */
	int locks;
} f;

static _Noreturn __attribute__((format(printf, 1, 2))) void
fail(const char *fmt, ...)
{
	va_list ap;

	printf("fuzz_regs: ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
	abort();
}

static uint8_t u8(void)
{
	return f.at < f.end ? *f.at++ : 0;
}

static uint64_t u64(void)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v |= (uint64_t)u8() << 8 * i;
	return v;
}

/* ------------------------------------------------- the library's environment
 */

_Thread_local void (*harness_on_bug)(const char *what);

void harness_bug(const char *what)
{
	fail("bug: %s", what);
}

static void check_memory(const void *p, size_t size)
{
	const uint8_t *b = p;

	if (b >= memory && b < memory + (TABLES - RAM) && size)
		fail("a store to the host's memory");
}

void harness_store64(uint64_t *p, uint64_t v)
{
	check_memory(p, sizeof(*p));
	__atomic_store_n(p, v, __ATOMIC_RELAXED);
}

void harness_store32(uint32_t *p, uint32_t v)
{
	check_memory(p, sizeof(*p));
	__atomic_store_n(p, v, __ATOMIC_RELAXED);
}

void harness_publish(void)
{
}

void harness_before_doorbell(void)
{
}

void harness_after_sync(void)
{
}

void harness_clean(const void *p, size_t len)
{
	(void)p, (void)len;
}

void harness_lock(uint32_t *lock, const char *place)
{
	if (*lock != HARNESS_LOCK_FREE)
		fail("%s: a lock is taken twice, or nobody initialised it",
		     place);
	*lock = HARNESS_LOCK_HELD;
	f.locks++;
}

void harness_unlock(uint32_t *lock)
{
	if (*lock != HARNESS_LOCK_HELD)
		fail("a lock is released that is not held");
	*lock = HARNESS_LOCK_FREE;
	f.locks--;
}

uint64_t harness_time_us(void)
{
	return f.now_us++;
}

/* -------------------------------------------------------------- registers */

static uint32_t *reg(uint32_t window, uint32_t offset, unsigned int width)
{
	if (++f.accesses > MAX_ACCESSES)
		fail("a call does not end");
	if (window >= WINDOWS || offset % width ||
	    (uint64_t)offset + width > f.frame_size[window])
		fail("an access of %u bytes outside of frame %u: 0x%x", width,
		     window, offset);
	return &registers[window][offset / 4];
}

/* What is odd next, while there is input. */
static void plan(void)
{
	f.good = f.at < f.end ? u8() : UINT32_MAX;
	f.aim = NOWHERE;
	if (f.good == 255) {
		f.good = u8();
		f.good = f.good << 8 | u8();
	} else if (f.good == 254) {
		f.aim = u8();
		f.aim |= (uint32_t)u8() << 8;
		f.aim |= (uint32_t)u8() << 16;
	}
}

static uint64_t odd(uint64_t good)
{
	uint8_t how = u8();

	switch (how & 7) {
	case 0:
		return ~0ull;
	case 1:
		return 0;
	case 2:
		return ~good;
	case 3:
	case 4:
		return good ^ 1ull << (how >> 3);
	case 5:
		return good + (how >> 3);
	default:
		return u64();
	}
}

static bool is_odd(uint32_t offset)
{
	if (f.aim != NOWHERE)
		return offset == (f.aim & 0x7fffff);
	if (f.good == UINT32_MAX || !f.good)
		return !f.good;
	f.good--;
	return false;
}

static uint64_t answer(uint32_t offset, uint64_t good)
{
	if (!is_odd(offset))
		return good;
	if (f.stuck)
		return f.stuck_at;
	good = odd(good);
	if (f.aim != NOWHERE && f.aim >> 23) {
		f.stuck = true;
		f.stuck_at = good;
	} else {
		plan();
	}
	return good;
}

/* An SMMUv3 writes records to where EVENTQ_BASE says, whatever it likes. */
static void write_events(void)
{
	uint64_t base = registers[0][0xa0 / 4] & 0xffffffe0;

	if (base < TABLES || base + 128 > RAM + SIZE)
		return;
	for (int i = 0; i < 16; i += 4) {
		uint64_t *event = (uint64_t *)(memory + (base - RAM)) + i;

		event[0] = u8() | (uint64_t)u8() << 32;
		event[1] = event[2] = u8();
	}
}

static uint32_t read32(void *ctx, uint32_t window, uint32_t offset)
{
	(void)ctx;
	if (f.kind == 0 && offset == 0x100a8 && f.good != UINT32_MAX)
		write_events();
	return (uint32_t)answer(offset, *reg(window, offset, 4));
}

static uint64_t read64(void *ctx, uint32_t window, uint32_t offset)
{
	const uint32_t *r = reg(window, offset, 8);

	(void)ctx;
	return answer(offset, r[0] | (uint64_t)r[1] << 32);
}

/* The SMMUv3's answers: acknowledgements, an empty command queue. */
static void acknowledge(uint32_t *r, uint32_t offset, uint32_t val)
{
	switch (offset) {
	case 0x20: /* CR0, IRQ_CTRL: the register behind acknowledges */
	case 0x50:
		r[1] = val;
		break;
	case 0x44: /* GBPA.UPDATE */
		r[0] = val & 0x7fffffff;
		break;
	case 0x98: /* CMDQ_PROD, CMDQ_CONS */
		r[1] = val;
		break;
	default:
		break;
	}
}

static void write32(void *ctx, uint32_t window, uint32_t offset, uint32_t val)
{
	uint32_t *r = reg(window, offset, 4);

	(void)ctx;
	*r = val;
	if (f.kind == 0)
		acknowledge(r, offset, val);
	else if (window < 2 && (offset == 0x48 || (offset & 0xfff) == 0x58))
		*r = 0; /* sGFSR, FSR: write one to clear */
}

static void write64(void *ctx, uint32_t window, uint32_t offset, uint64_t val)
{
	uint32_t *r = reg(window, offset, 8);

	(void)ctx;
	r[0] = (uint32_t)val;
	r[1] = (uint32_t)(val >> 32);
}

static const struct hypiommu_mmio_ops mmio = { read32, write32, read64,
					       write64 };

/* --------------------------------------------------------------- machines */

/* IHI 0070 6.3: both stages, AArch64, 16-bit tags, two-level tables. */
static int add_smmuv3(struct hypiommu *h)
{
	const struct hypiommu_smmuv3_config config = {
		.base = 0x09050000,
		.size = FRAME,
		.cmdq_log2 = 3,
		.evtq_log2 = 2,
		.timeout_us = TIMEOUT_US,
	};
	uint32_t smmu;

	f.frame_size[0] = config.size;
	registers[0][0x00 / 4] = 0x0945101b;
	registers[0][0x04 / 4] = 8 << 21 | 7 << 16 | 8;
	registers[0][0x14 / 4] = 0x14;
	return hypiommu_smmuv3_add(h, &config, &smmu);
}

/* IHI 0062 9.6: 16 match entries, 8 banks, 4 KiB pages, AArch64. */
static int add_smmuv2(struct hypiommu *h, bool tegra)
{
	const struct hypiommu_smmuv2_config config = {
		.frames = tegra ? 2 : 1,
		.window = { 0, 1 },
		.base = { 0x08000000, 0x07000000 },
		.size = 0x10000,
		.stream_mask = tegra ? 0x7f80 : 0,
		.mmu500 = tegra,
		.tegra234 = tegra,
		.timeout_us = TIMEOUT_US,
	};
	uint32_t smmu;

	for (uint32_t i = 0; i < config.frames; i++) {
		f.frame_size[i] = config.size;
		registers[i][0x20 / 4] = 0x68005e10;
		registers[i][0x24 / 4] = 2u << 28 | 8;
		registers[i][0x28 / 4] = 0x1555;
	}
	return hypiommu_smmuv2_add(h, &config, &smmu);
}

static int add_mc(struct hypiommu *h)
{
	const struct hypiommu_tegra234_mc_config config = {
		.window = 2,
		.base = 0x02c00000,
		.size = 0x10000,
	};

	f.frame_size[2] = config.size;
	return hypiommu_tegra234_mc_add(h, &config);
}

static int add_classic(struct hypiommu *h)
{
	static const struct hypiommu_tegra_swgroup swgroups[] = {
		{ 5, 0x240 }, { 9, 0x244 }
	};
	static const struct hypiommu_tegra_enable enables[] = { { 0x228, 1 } };
	const struct hypiommu_tegra_smmu_config config = {
		.window = 3,
		.base = 0x70019000,
		.size = 0x1000,
		.asids = 4,
		.ptc_line = 32,
		.address_bits = 34,
		.swgroups = swgroups,
		.swgroup_count = 2,
		.enables = enables,
		.enable_count = 1,
	};
	uint32_t smmu;

	f.frame_size[3] = config.size;
	return hypiommu_tegra_smmu_add(h, &config, &smmu);
}

/* 0: SMMUv3, 1: SMMUv2, 2: Tegra234's, mirrored, 3: classic MC-SMMU. */
static int add_hardware(struct hypiommu *h)
{
	int err;

	if (f.kind == 0)
		err = add_smmuv3(h);
	else if (f.kind == 3)
		err = add_classic(h);
	else
		err = add_smmuv2(h, f.kind == 2);
	if (!err)
		err = hypiommu_add_stream(h, 0, 5, HYPIOMMU_HOST);
	if (!err)
		err = hypiommu_add_stream(h, 0, 9, HYPIOMMU_HOST);
	if (err || f.kind != 2)
		return err;
	err = add_mc(h);
	return err ? err : hypiommu_tegra234_add_client(h, 0x15, 0, 5);
}

/* ------------------------------------------------------------------ calls */

/* The end of any call: it has an answer, and is over. */
static int done(int err)
{
	if (err > 0 || !strcmp(hypiommu_error_name(err), "?"))
		fail("status %d", err);
	if (f.locks)
		fail("%d locks held after a call", f.locks);
	f.accesses = 0;
	return err;
}

static void hcall(struct hypiommu *h, uint32_t caller, struct hypiommu_regs *r)
{
	bool fault = r->x[0] == HYPIOMMU_HC_FAULT_READ;

	hypiommu_hcall(h, caller, r);
	if (done((int)(int64_t)r->x[0]) || !fault)
		return;
	if (caller != HYPIOMMU_HOST)
		fail("a guest without a device reads a fault");
	if ((r->x[1] >> 32 & 0xffff) > HYPIOMMU_FAULT_EXTERNAL)
		fail("a fault for no reason there is: 0x%" PRIx64, r->x[1]);
}

static void call(struct hypiommu *h)
{
	static const uint64_t sids[] = { 5, 9, 5, 77 };
	uint8_t op = u8();
	uint64_t d = op >> 4 & 3, page = u8() % 32;
	struct hypiommu_regs r = { .x = { 0, d } };
	uint32_t caller = HYPIOMMU_HOST;

	switch (op & 15) {
	case 0:
		r.x[0] = HYPIOMMU_HC_DOMAIN_ALLOC;
		r.x[1] = 0;
		r.x[2] = 1 + (d & 1);
		break;
	case 1:
		r = (struct hypiommu_regs){ .x = { HYPIOMMU_HC_ATTACH_DEV, 0,
						   sids[page & 3], d } };
		break;
	case 2:
		r = (struct hypiommu_regs){ .x = { HYPIOMMU_HC_DETACH_DEV, 0,
						   sids[page & 3], d } };
		break;
	case 3:
		r.x[0] = HYPIOMMU_HC_DOMAIN_FREE;
		break;
	case 4:
		r.x[0] = HYPIOMMU_HC_IOTLB_SYNC;
		break;
	case 5:
	case 6:
		r.x[0] = HYPIOMMU_HC_FAULT_READ;
		r.x[1] = 0;
		caller = d & 1 ? HYPIOMMU_GUEST(0) : HYPIOMMU_HOST;
		break;
	case 7:
		done(hypiommu_smmu_suspend(h, 0));
		return;
	case 8:
	case 9:
		done(hypiommu_smmu_reset(h, 0));
		return;
	case 10:
		done(hypiommu_tegra234_mc_resume(h));
		return;
	case 11:
	case 12:
		r.x[0] = HYPIOMMU_HC_UNMAP_PAGES;
		r.x[2] = page * PAGE;
		r.x[3] = (1 + d * 8) * PAGE;
		break;
	default:
		r.x[0] = HYPIOMMU_HC_MAP_PAGES;
		r.x[2] = page * PAGE;
		r.x[3] = RAM + page * PAGE;
		r.x[4] = (1 + d * 8) * PAGE;
		r.x[5] = HYPIOMMU_PROT_READ | HYPIOMMU_PROT_WRITE;
		break;
	}
	hcall(h, caller, &r);
}

static bool set_up(struct hypiommu *h)
{
	static uint32_t states[SIZE / PAGE + 1024];

	if (hypiommu_page_state_size(SIZE) > sizeof(states))
		fail("more state for a page than there was");
	return !done(hypiommu_add_ram(h, RAM, SIZE, states)) &&
	       !done(hypiommu_add_tables(h, TABLES, RAM + SIZE - TABLES)) &&
	       !done(add_hardware(h)) && !done(hypiommu_finalise(h));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static _Alignas(64) uint8_t instance[64 << 10];
	const struct hypiommu_config config = {
		.limits = { .smmus = 1,
			    .domains = 4,
			    .streams = 4,
			    .regions = 2,
			    .frames = 4,
			    .clients = 4 },
		.phys_to_virt = (uint64_t)(uintptr_t)memory - RAM,
		.mmio = &mmio,
	};
	struct hypiommu *h;

	memset(&f, 0, sizeof(f));
	memset(registers, 0, sizeof(registers));
	memset(memory, PATTERN, TABLES - RAM);
	f.at = data;
	f.end = data + size;
	f.kind = u8() % 4;
	plan();
	if (hypiommu_create(instance, sizeof(instance), &config, &h))
		fail("no instance");
	(void)set_up(h); /* what was refused must be safe to use, too */
	for (int i = 0; i < MAX_CALLS && f.at < f.end; i++)
		call(h);
	/* All of it is like its first byte. */
	if (memory[0] != PATTERN ||
	    memcmp(memory, memory + 1, TABLES - RAM - 1) != 0)
		fail("the host's memory changed");
	return 0;
}
