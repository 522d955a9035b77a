// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * What the SMMUv3 backend writes, bit by bit as IHI 0070 numbers them: the
 * registers of a reset, stream table entries, context descriptors, commands.
 * Nothing here comes from the library's own headers. To the simulated SMMU some
 * of it says nothing (cacheability, hints), or less.
 */
#include <string.h>

#include "tap.h"

#define PAGE	 4096ull
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define SID	 5u
#define REGS	 0x20000u

/* A field of a register or structure: value in bits from `low` on. */
#define AT(low, value) ((uint64_t)(value) << (low))

/* ------------------------------------------------------------- registers */

static uint64_t written[REGS / 4]; /* last, by offset */

static bool record(uint32_t window, uint32_t offset, unsigned int width,
		   uint64_t value)
{
	(void)window, (void)width;
	written[offset / 4] = value;
	return false;
}

static const uint32_t sids[] = { SID };

/* Reset once more, so that its writes are seen. */
static void start(struct rig *rig, bool coherent, bool ranges)
{
	struct machine_config *c = &rig->config;

	rig_defaults(rig);
	c->sids = sids;
	c->sid_count = 1;
	c->smmu.coherent = coherent;
	c->smmu.range_inval = ranges;
	c->smmu.hyp = true;
	c->smmu.oas = 44;
	rig_start(rig);
	tap_install(rig->m);
	tap.write = record;
	memset(written, 0xff, sizeof(written));
	assert_int_equal(machine_reset(rig->m, 0), 0);
}

static uint64_t reg(uint32_t offset)
{
	return written[offset / 4];
}

/* The block of memory a base register names. */
static uint64_t *block(struct rig *rig, uint32_t offset)
{
	return (uint64_t *)sim_mem_ptr(rig->m->mem,
				       reg(offset) & 0x000fffffffffffc0);
}

static void test_registers(void **state)
{
	(void)state;
	for (int coherent = 0; coherent < 2; coherent++) {
		/* 6.3.11: inner shareable, write-back twice; tables, queues. */
		uint64_t attributes = AT(10, 3) | AT(8, 1) | AT(6, 1) |
				      AT(4, 3) | AT(2, 1) | AT(0, 1);
		struct rig rig;

		start(&rig, coherent, false);
		/* 6.3.9: CMDQEN, EVENTQEN, SMMUEN. */
		assert_int_equal(reg(0x20), AT(3, 1) | AT(2, 1) | AT(0, 1));
		assert_int_equal(reg(0x28), coherent ? attributes : 0);
		/* 6.3.12: RECINVSID, PTM. */
		assert_int_equal(reg(0x2c), AT(1, 1) | AT(2, 1));
		/* 6.3.15: UPDATE, ABORT. */
		assert_int_equal(reg(0x44), AT(31, 1) | AT(20, 1));
		/* 6.3.17: GERROR and EVENTQ interrupts. */
		assert_int_equal(reg(0x50), AT(0, 1) | AT(2, 1));
		/* 6.3.24: linear, eight entries hold stream 5. */
		assert_int_equal(reg(0x88), AT(0, 3));
		/* 6.3.25, 6.3.28: RA and WA; 256 commands, 128 events. */
		assert_int_equal(reg(0x80) >> 52, 1 << 10);
		assert_int_equal(reg(0x90) >> 52, 1 << 10);
		assert_int_equal(reg(0xa0) >> 52, 1 << 10);
		assert_int_equal(reg(0x90) & 31, 8);
		assert_int_equal(reg(0xa0) & 31, 7);
		/* 6.3.30, 6.3.31: no event yet. */
		assert_int_equal(reg(0x100a8), 0);
		assert_int_equal(reg(0x100ac), 0);
		assert_int_equal(reg(0x9c), 0);
		rig_end(&rig);
	}
}

/* 6.3.9: translated requests are checked where devices may make them. */
static void test_translated_requests(void **state)
{
	struct rig rig;

	(void)state;
	rig_defaults(&rig);
	rig.config.smmu.ats = true;
	rig_start(&rig);
	tap_install(rig.m);
	tap.write = record;
	assert_int_equal(machine_reset(rig.m, 0), 0);
	assert_int_equal(reg(0x20), AT(4, 1) | AT(3, 1) | AT(2, 1) | AT(0, 1));
	rig_end(&rig);
}

/* 6.3.24: two levels, split at eight bits. */
static void test_two_levels(void **state)
{
	static const uint32_t far[] = { 0x2345 };
	struct rig rig;
	uint64_t l1;

	(void)state;
	rig_defaults(&rig);
	rig.config.sids = far;
	rig.config.sid_count = 1;
	rig.config.smmu.two_level = true;
	rig_start(&rig);
	tap_install(rig.m);
	tap.write = record;
	assert_int_equal(machine_reset(rig.m, 0), 0);
	assert_int_equal(reg(0x88), AT(16, 1) | AT(6, 8) | AT(0, 14));
	/* 5.1: span 9, 256 entries; they abort. */
	l1 = block(&rig, 0x80)[0x23];
	assert_int_equal(l1 & 63, 9);
	for (uint64_t i = 0; i < 256; i++)
		assert_int_equal(*(uint64_t *)sim_mem_ptr(
					 rig.m->mem, (l1 & ~63ull) + i * 64),
				 AT(0, 1));
	rig_end(&rig);
}

/* --------------------------------------------- stream table, descriptors */

static void check_words(const uint64_t *p, const uint64_t *expected,
			unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		assert_int_equal(p[i], expected[i]);
}

/* 5.2, 5.4: stage 1 of 48 bits, 44 bits of output. */
static void test_stage1(void **state)
{
	(void)state;
	for (int coherent = 0; coherent < 2; coherent++) {
		uint64_t words[8] = { 0 };
		struct hypiommu_domain *d;
		const uint64_t *ste, *cd;
		struct rig rig;

		start(&rig, coherent, false);
		d = &rig.m->h->domains[rig_domain(&rig, 1, SID)];
		ste = block(&rig, 0x80) + 8 * SID;
		cd = (const uint64_t *)sim_mem_ptr(rig.m->mem,
						   ste[0] & 0x00ffffffffffffc0);
		/* V, Config: stage 1; the address; no substreams. */
		assert_int_equal(ste[0] & 63, AT(0, 1) | AT(1, 5));
		assert_int_equal(ste[0] >> 56, 0);
		/* SHCFG: as incoming; S1CIR, S1COR, S1CSH. */
		words[1] = AT(44, 1);
		if (coherent)
			words[1] |= AT(2, 1) | AT(4, 1) | AT(6, 3);
		check_words(&ste[1], &words[1], 7);
		/* T0SZ, EPD1, V, IPS, AA64, R, A, ASET, ASID; IR0, OR0, SH0. */
		words[0] = AT(0, 16) | AT(30, 1) | AT(31, 1) | AT(32, 4) |
			   AT(41, 1) | AT(45, 1) | AT(46, 1) | AT(47, 1) |
			   AT(48, d->hw_id);
		words[0] |= coherent ? AT(8, 1) | AT(10, 1) | AT(12, 3)
				     : AT(12, 2);
		words[1] = d->pt.root_pa;
		/* Normal non-cacheable, write-back, Device-nGnRE. */
		words[3] = AT(0, 0x44) | AT(8, 0xff) | AT(16, 0x04);
		check_words(cd, words, 8);
		/* A freed one names no freed tables. */
		memset(words, 0, sizeof(words));
		assert_int_equal(front_detach(&rig.host, 0, SID, d->index), 0);
		assert_int_equal(front_domain_free(&rig.host, d->index), 0);
		check_words(cd, words, 8);
		rig_end(&rig);
	}
}

static void test_stage2(void **state)
{
	(void)state;
	for (int coherent = 0; coherent < 2; coherent++) {
		uint64_t words[8] = { 0 };
		struct hypiommu_domain *d;
		struct rig rig;

		start(&rig, coherent, false);
		d = &rig.m->h->domains[rig_domain(&rig, 2, SID)];
		words[0] = AT(0, 1) | AT(1, 6);
		words[1] = AT(44, 1);
		/* S2VMID, S2T0SZ, S2SL0: level 1... 0 is 2, 1 is 1, 2 is 0;
		 * S2PS, S2AA64, S2R; S2IR0, S2OR0, S2SH0. */
		words[2] = AT(0, d->hw_id) | AT(32, 64 - 44) |
			   AT(38, 2 - d->pt.start_level) | AT(48, 4) |
			   AT(51, 1) | AT(58, 1);
		words[2] |= coherent ? AT(40, 1) | AT(42, 1) | AT(44, 3)
				     : AT(44, 2);
		words[3] = d->pt.root_pa;
		check_words(block(&rig, 0x80) + 8 * SID, words, 8);
		rig_end(&rig);
	}
}

/* -------------------------------------------------------------- commands */

static uint32_t next; /* command not looked at yet; none of them wraps */

static void command(struct rig *rig, uint64_t w0, uint64_t w1)
{
	const uint64_t *slot = block(rig, 0x90) + 2 * (uint64_t)next++;

	assert_int_equal(slot[0], w0);
	assert_int_equal(slot[1], w1);
}

static void no_more(const struct rig *rig)
{
	(void)rig;
	assert_int_equal(reg(0x98), next);
}

/* 4.3: CFGI_STE of a leaf, CFGI_CD_ALL, CMD_SYNC. */
static void configuration(struct rig *rig)
{
	command(rig, 0x03 | AT(32, SID), AT(0, 1));
	command(rig, 0x06 | AT(32, SID), 0);
	command(rig, 0x46, 0);
}

/* 4.4: by address, 4 KiB: NUM + 1 times 2^SCALE pages; none: one page. */
static void range(struct rig *rig, uint64_t by, uint64_t iova, bool leaf,
		  uint64_t num, uint64_t scale)
{
	bool one = num == 0 && scale == 0;

	command(rig, by | AT(12, num) | AT(20, scale),
		iova | AT(0, leaf) | (one ? 0 : AT(10, 1)));
}

/* Unmap so many pages at 8 MiB, beside one that stays. */
static void unmap(struct rig *rig, uint32_t d, uint64_t pages)
{
	rig_map(rig, d, 8 * MiB, RAM + PAGE, pages * PAGE);
	rig_unmap(rig, d, 8 * MiB, pages * PAGE);
}

static void test_commands(void **state)
{
	(void)state;
	for (unsigned int stage = 1; stage <= 2; stage++) {
		struct rig rig;
		uint64_t id, by, all;
		uint32_t d;

		start(&rig, true, true);
		next = 0;
		/* CFGI_ALL, TLBI_NSNH_ALL, TLBI_EL2_ALL. */
		command(&rig, 0x04, 31);
		command(&rig, 0x30, 0);
		command(&rig, 0x20, 0);
		command(&rig, 0x46, 0);
		no_more(&rig);
		d = rig_domain(&rig, stage, SID);
		configuration(&rig);
		configuration(&rig);
		no_more(&rig);
		id = rig.m->h->domains[d].hw_id;
		/* TLBI_NH_VA, TLBI_NH_ASID; TLBI_S2_IPA, TLBI_S12_VMALL. */
		by = stage == 1 ? 0x12 | AT(48, id) : 0x2a | AT(32, id);
		all = stage == 1 ? 0x11 | AT(48, id) : 0x28 | AT(32, id);
		rig_map(&rig, d, 10 * MiB - PAGE, RAM, PAGE);
		unmap(&rig, d, 1);
		range(&rig, by, 8 * MiB, true, 0, 0);
		command(&rig, 0x46, 0);
		unmap(&rig, d, 48);
		range(&rig, by, 8 * MiB, true, 2, 4);
		command(&rig, 0x46, 0);
		unmap(&rig, d, 65);
		range(&rig, by, 8 * MiB, true, 0, 0);
		range(&rig, by, 8 * MiB + PAGE, true, 0, 6);
		command(&rig, 0x46, 0);
		no_more(&rig);
		/* Its table goes too. */
		rig_unmap(&rig, d, 10 * MiB - PAGE, PAGE);
		range(&rig, by, 10 * MiB - PAGE, false, 0, 0);
		command(&rig, 0x46, 0);
		assert_int_equal(front_detach(&rig.host, 0, SID, d), 0);
		configuration(&rig);
		command(&rig, all, 0);
		command(&rig, 0x46, 0);
		no_more(&rig);
		rig_end(&rig);
	}
}

/* A page of a larger leaf goes: first all of that leaf, entry by entry if it
 * has several, and no more than it. */
static void test_splits(void **state)
{
	const uint64_t run = 16 * PAGE;

	(void)state;
	for (int ranges = 0; ranges < 2; ranges++) {
		struct rig rig;
		uint64_t by;
		uint32_t d;

		start(&rig, true, ranges);
		assert_int_equal(front_call(&rig.host, HYPIOMMU_HC_DOMAIN_ALLOC,
					    0, 1 | HYPIOMMU_CONTIGUOUS, 0, 0,
					    0),
				 0);
		d = (uint32_t)rig.host.last.x[1];
		assert_int_equal(front_attach(&rig.host, 0, SID, d), 0);
		by = 0x12 | AT(48, rig.m->h->domains[d].hw_id);
		rig_map(&rig, d, 2 * MiB, RAM + 2 * MiB, 2 * MiB);
		rig_map(&rig, d, 4 * MiB, RAM + 4 * MiB, run);
		next = (uint32_t)reg(0x98);
		rig_unmap(&rig, d, 4 * MiB + PAGE, PAGE);
		if (ranges)
			range(&rig, by, 4 * MiB, true, 0, 4);
		for (uint64_t i = 0; !ranges && i < 16; i++)
			range(&rig, by, 4 * MiB + i * PAGE, true, 0, 0);
		command(&rig, 0x46, 0);
		range(&rig, by, 4 * MiB + PAGE, true, 0, 0);
		command(&rig, 0x46, 0);
		no_more(&rig);
		rig_unmap(&rig, d, 2 * MiB + PAGE, PAGE);
		range(&rig, by, 2 * MiB, true, 0, 0);
		command(&rig, 0x46, 0);
		range(&rig, by, 2 * MiB + PAGE, true, 0, 0);
		command(&rig, 0x46, 0);
		no_more(&rig);
		rig_end(&rig);
	}
}

/* ------------------------------------------------------ edges of hardware */

/* Queues of two entries are enough. */
static void test_smallest_queues(void **state)
{
	struct rig rig;
	uint32_t d;

	(void)state;
	rig_defaults(&rig);
	rig.config.smmu.cmdq_log2 = rig.config.smmu.evtq_log2 = 1;
	rig_start(&rig);
	d = rig_domain(&rig, 1, SID_A);
	rig_map(&rig, d, 0, RAM, 4 * PAGE);
	assert_reaches(&rig, SID_A, PAGE, RAM + PAGE);
	rig_unmap(&rig, d, 0, 4 * PAGE);
	assert_aborts(&rig, SID_A, PAGE);
	rig_end(&rig);
}

/* 6.3.15: ABORT counts when UPDATE has become 0, which it does not here. */
static uint64_t updating(uint32_t window, uint32_t offset, unsigned int width,
			 uint64_t value)
{
	(void)window, (void)width;
	return offset == 0x44 && reg(0x44) ? AT(31, 1) | AT(20, 1) : value;
}

/* 6.3.10: all of CR0 is acknowledged but SMMUEN. */
static uint64_t never_enabled(uint32_t window, uint32_t offset,
			      unsigned int width, uint64_t value)
{
	(void)window, (void)width;
	return offset == 0x24 ? value & ~AT(0, 1) : value;
}

static void test_what_is_not_taken(void **state)
{
	struct rig rig;

	(void)state;
	rig_defaults(&rig);
	rig.config.no_judge = true;
	rig_start(&rig);
	tap_install(rig.m);
	tap.write = record;
	tap.read = updating;
	written[0x44 / 4] = 0;
	assert_int_equal(machine_reset(rig.m, 0), HYPIOMMU_E_TIMEOUT);
	tap.read = never_enabled;
	assert_int_equal(machine_reset(rig.m, 0), HYPIOMMU_E_TIMEOUT);
	assert_int_equal(rig.m->h->smmus[0].broken, -HYPIOMMU_E_BROKEN);
	tap.read = NULL;
	assert_int_equal(machine_reset(rig.m, 0), 0);
	rig_end(&rig);
}

/* What cannot be used is stopped all the same: AArch32 tables only. */
static void test_unsupported(void **state)
{
	const struct hypiommu_smmuv3_config config = { .base = 0x0b000000,
						       .size = REGS };
	struct rig rig;
	uint32_t smmu;

	(void)state;
	rig_defaults(&rig);
	rig.config.stay_trusted = true;
	rig.config.limits.smmus = 2;
	rig.config.check = MACHINE_CHECK_OFF;
	rig_start(&rig);
	sim_smmuv3_power_cycle(rig.m->smmu);
	assert_int_equal(sim_smmuv3_read(rig.m->smmu, 0x44, 4) >> 20 & 1, 0);
	sim_smmuv3_override_reg(rig.m->smmu, 0x0, true,
				AT(21, 2) | AT(2, 1) | AT(0, 3));
	assert_int_equal(hypiommu_smmuv3_add(rig.m->h, &config, &smmu),
			 HYPIOMMU_E_UNSUPPORTED);
	assert_int_equal(sim_smmuv3_read(rig.m->smmu, 0x44, 4) >> 20 & 1, 1);
	rig_end(&rig);
}

/* Who is told that an SMMU is broken finds it stopped. */
static const struct hypiommu_sink_ops *real_sink;
static struct machine *told;
static unsigned int tellings;

static void on_notice(void *ctx, enum hypiommu_notice what, uint32_t smmu,
		      uint64_t value)
{
	if (what == HYPIOMMU_NOTICE_BROKEN) {
		assert_int_equal(sim_smmuv3_read(told->smmu, 0x20, 4), 0);
		tellings++;
	}
	real_sink->notice(ctx, what, smmu, value);
}

static void test_told_when_stopped(void **state)
{
	static const struct hypiommu_sink_ops sink = { .notice = on_notice };
	const struct sim_smmuv3_faults stuck = { .sync_never = true };
	struct rig rig;
	uint32_t d;

	(void)state;
	rig_defaults(&rig);
	rig.config.timeout_us = 40;
	rig.config.check = MACHINE_CHECK_OFF;
	rig_start(&rig);
	d = rig_domain(&rig, 1, SID_A);
	rig_map(&rig, d, 0, RAM, PAGE);
	real_sink = rig.m->h->config.sink;
	rig.m->h->config.sink = &sink;
	told = rig.m;
	tellings = 0;
	sim_smmuv3_set_faults(rig.m->smmu, &stuck);
	assert_int_equal(front_call(&rig.host, HYPIOMMU_HC_UNMAP_PAGES, d, 0,
				    PAGE, 0, 0),
			 HYPIOMMU_E_TIMEOUT);
	assert_int_equal(tellings, 1);
	machine_destroy(rig.m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_registers),
		cmocka_unit_test(test_translated_requests),
		cmocka_unit_test(test_two_levels),
		cmocka_unit_test(test_stage1),
		cmocka_unit_test(test_stage2),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_splits),
		cmocka_unit_test(test_smallest_queues),
		cmocka_unit_test(test_what_is_not_taken),
		cmocka_unit_test(test_unsupported),
		cmocka_unit_test(test_told_when_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
