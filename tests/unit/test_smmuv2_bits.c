// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * What the SMMUv2 backend writes, bit by bit as IHI 0062 numbers them, and in
 * what order where that counts. Nothing here comes from the library's own
 * headers. To the simulated SMMU some of it says nothing (cacheability, hints).
 */
#include "tap.h"

#define PAGE	 4096ull
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define SID	 5u

/* A field of a register: value in bits from `low` on. */
#define AT(low, value) ((uint64_t)(value) << (low))

static const uint32_t sids[] = { SID };

static void start_frames(struct rig *rig, enum hypiommu_smmuv2_format format,
			 bool coherent, unsigned int frames)
{
	struct machine_config *c = &rig->config;

	rig_defaults(rig);
	c->kind = MACHINE_SMMUV2;
	c->format = format;
	c->sids = sids;
	c->sid_count = 1;
	c->smmuv2[0].instances = frames;
	c->smmuv2[0].page_64k = false;
	c->smmuv2[0].coherent = coherent;
	c->smmuv2[0].ias = c->smmuv2[0].oas = 40;
	c->smmuv2[0].ubs = 49;
	c->smmuv2[0].aa32_long = c->smmuv2[0].aa32_short = true;
	if (format == HYPIOMMU_SMMUV2_V7S)
		rig_start_low(rig); /* 32 bits name its tables */
	else
		rig_start(rig);
}

static void start(struct rig *rig, enum hypiommu_smmuv2_format format,
		  bool coherent)
{
	start_frames(rig, format, coherent, 1);
}

static uint64_t reg(struct rig *rig, uint32_t offset, unsigned int width)
{
	return sim_smmuv2_read(rig->m->v2[0], 0, offset, width);
}

/* 9.6.21: fault reports, no stalls, unmatched streams fault, private VMIDs and
 * TLB maintenance, a stream that matches twice faults; CLIENTPD is 0. */
static const uint64_t deny = AT(1, 1) | AT(2, 1) | AT(4, 1) | AT(5, 1) |
			     AT(8, 1) | AT(10, 1) | AT(11, 1) | AT(12, 1) |
			     AT(21, 1);

/* -------------------------------------------------------------- a domain */

/* The bank of a domain, of 4 KiB register pages: 16 are global. */
struct bank {
	uint64_t cbar, cba2r, sctlr, tcr2, ttbr0, tcr, contextidr, mair0, mair1;
};

static void check(struct rig *rig, const struct hypiommu_domain *d,
		  const struct bank *want)
{
	uint32_t at = (16 + d->hw_id) * 0x1000, n = 4 * d->hw_id;

	assert_int_equal(reg(rig, 0x0, 4), deny);
	/* SMR: VALID, no mask, the stream; S2CR: translate, by this bank. */
	assert_int_equal(reg(rig, 0x800, 4), AT(31, 1) | SID);
	assert_int_equal(reg(rig, 0xc00, 4), d->hw_id);
	assert_int_equal(reg(rig, 0x1000 + n, 4), want->cbar);
	assert_int_equal(reg(rig, 0x1800 + n, 4), want->cba2r);
	assert_int_equal(reg(rig, at + 0x00, 4), want->sctlr);
	assert_int_equal(reg(rig, at + 0x10, 4), want->tcr2);
	assert_int_equal(reg(rig, at + 0x20, 8), want->ttbr0);
	assert_int_equal(reg(rig, at + 0x28, 8), 0);
	assert_int_equal(reg(rig, at + 0x30, 4), want->tcr);
	assert_int_equal(reg(rig, at + 0x34, 4), want->contextidr);
	assert_int_equal(reg(rig, at + 0x38, 4), want->mair0);
	assert_int_equal(reg(rig, at + 0x3c, 4), want->mair1);
}

/* 16.5.14: on; faults are reported and interrupt, and let others pass. */
#define SCTLR (AT(0, 1) | AT(5, 1) | AT(6, 1) | AT(8, 1))

/* IRGN0, ORGN0, SH0: write-back, inner; or non-cacheable, outer. */
static uint64_t walk(bool coherent)
{
	return coherent ? AT(8, 1) | AT(10, 1) | AT(12, 3) : AT(12, 2);
}

/* Stage 1 with stage 2 bypass, BPSHCFG: non-shareable, MemAttr: write-back. */
#define CBAR_S1 (AT(16, 1) | AT(8, 3) | AT(12, 15))

/* Number, other than 0, that TLB entries of a bank have: ASID or VMID. */
static uint64_t tag(const struct hypiommu_domain *d)
{
	return d->hw_id + 1;
}

static void stage1(struct rig *rig, bool coherent, bool aarch64)
{
	const struct hypiommu_domain *d =
		&rig->m->h->domains[rig_domain(rig, 1, SID)];
	struct bank want = {
		.cbar = CBAR_S1,
		.cba2r = aarch64,
		/* TRE, AFE */
		.sctlr = SCTLR | AT(1, 1) | AT(2, 1),
		.ttbr0 = d->pt.root_pa | AT(48, tag(d)),
		/* EPD1; T0SZ, or EAE: 32 bits */
		.tcr = walk(coherent) | AT(23, 1) |
		       (aarch64 ? 64 - 48 : AT(31, 1)),
		/* PASize: 40 bits; SEP: as upstream */
		.tcr2 = aarch64 ? 2 | AT(15, 7) : 0,
		/* Normal non-cacheable, write-back, Device-nGnRE. */
		.mair0 = AT(0, 0x44) | AT(8, 0xff) | AT(16, 0x04),
	};

	check(rig, d, &want);
}

static void stage2(struct rig *rig, bool coherent, bool aarch64)
{
	const struct hypiommu_domain *d =
		&rig->m->h->domains[rig_domain(rig, 2, SID)];
	struct bank want = {
		.cbar = tag(d),
		.cba2r = aarch64,
		.sctlr = SCTLR,
		.ttbr0 = d->pt.root_pa,
		/* RES1 or EAE; SL0: levels back from 2; T0SZ */
		.tcr = walk(coherent) | AT(31, 1) |
		       AT(6, 2 - d->pt.start_level),
	};

	/* PASize: 40 bits. AArch32: T0SZ is -8, its sign repeated. */
	want.tcr |= aarch64 ? (64 - 40) | AT(16, 2) : 8 | AT(4, 1);
	check(rig, d, &want);
}

/* DDI 0406 B4.1.127: per index 0 to 7 what memory it is, and if it is normal
 * how it is cached: 0 not, 1 write-back. */
static void stage1_short(struct rig *rig, bool coherent)
{
	const struct hypiommu_domain *d =
		&rig->m->h->domains[rig_domain(rig, 1, SID)];
	struct bank want = {
		.cbar = CBAR_S1,
		.sctlr = SCTLR | AT(1, 1) | AT(2, 1),
		/* S; NOS, RGN and IRGN: write-back */
		.ttbr0 = d->pt.root_pa | AT(1, 1) |
			 (coherent ? AT(3, 1) | AT(5, 1) | AT(6, 1) : 0),
		.tcr = AT(5, 1), /* PD1 */
		.contextidr = tag(d),
		/* 1 is device, 4 and 7 are normal; DS0, DS1, NS1, NOS7 */
		.mair0 = AT(2, 1) | AT(8, 2) | AT(14, 2) | AT(16, 1) |
			 AT(17, 1) | AT(19, 1) | AT(31, 1),
		/* 7, inner and outer */
		.mair1 = AT(14, 1) | AT(30, 1),
	};

	check(rig, d, &want);
}

static void test_banks(void **state)
{
	static const enum hypiommu_smmuv2_format formats[] = {
		HYPIOMMU_SMMUV2_AARCH64,
		HYPIOMMU_SMMUV2_LPAE,
	};

	(void)state;
	for (unsigned int i = 0; i < 8; i++) {
		bool coherent = i & 1, second = i & 2, aarch64 = !(i & 4);
		struct rig rig;

		start(&rig, formats[i >> 2], coherent);
		if (second)
			stage2(&rig, coherent, aarch64);
		else
			stage1(&rig, coherent, aarch64);
		rig_end(&rig);
	}
	for (int coherent = 0; coherent < 2; coherent++) {
		struct rig rig;

		start(&rig, HYPIOMMU_SMMUV2_V7S, coherent);
		stage1_short(&rig, coherent);
		rig_end(&rig);
	}
}

/* --------------------------------------------------------- taking it over */

/* Firmware left it on, and what matches nothing passes: in one frame, or in
 * both. */
#define WINDOW 16u

static struct {
	uint32_t first, value;
	unsigned int writes;
	bool on;
} frame[2];

static bool on_write(uint32_t window, uint32_t offset, unsigned int width,
		     uint64_t value)
{
	(void)width;
	if (!frame[window - WINDOW].writes++) {
		frame[window - WINDOW].first = offset;
		frame[window - WINDOW].value = (uint32_t)value;
	}
	return false;
}

static uint64_t on_read(uint32_t window, uint32_t offset, unsigned int width,
			uint64_t value)
{
	(void)width;
	if (offset || frame[window - WINDOW].writes)
		return value;
	return !frame[window - WINDOW].on;
}

/* On: what matches nothing is to fault before an entry is taken from what does
 * match. Off, as out of reset: not on before the entries are known. */
static void test_first_write(void **state)
{
	(void)state;
	for (unsigned int on = 0; on < 4; on++) {
		struct rig rig;

		start_frames(&rig, HYPIOMMU_SMMUV2_AARCH64, true, 2);
		tap_install(rig.m);
		tap.write = on_write;
		tap.read = on_read;
		for (unsigned int i = 0; i < 2; i++) {
			frame[i].writes = 0;
			frame[i].on = on >> i & 1;
		}
		assert_int_equal(machine_reset(rig.m, 0), 0);
		for (unsigned int i = 0; i < 2; i++) {
			assert_true(frame[i].writes > 1);
			if (frame[i].on) {
				assert_int_equal(frame[i].first, 0x0);
				assert_int_equal(frame[i].value, deny);
			} else {
				assert_int_not_equal(frame[i].first, 0x0);
			}
		}
		rig_end(&rig);
	}
}

/* A transaction firmware left stalled in bank 0 of one frame (FSR.SS) is
 * terminated there (RESUME), and nowhere else. */
static uint32_t stalled;
static unsigned int resumed;

static uint64_t stall_read(uint32_t window, uint32_t offset, unsigned int width,
			   uint64_t value)
{
	(void)width;
	return window == stalled && offset == 16 * 0x1000 + 0x58
		       ? value | AT(30, 1)
		       : value;
}

static bool stall_write(uint32_t window, uint32_t offset, unsigned int width,
			uint64_t value)
{
	(void)width;
	if (offset == 16 * 0x1000 + 0x8) {
		assert_int_equal(window, stalled);
		assert_int_equal(value, 1);
		resumed++;
		return true; /* the simulated one knows of no stall */
	}
	return false;
}

static void test_stalls(void **state)
{
	(void)state;
	for (stalled = WINDOW; stalled < WINDOW + 2; stalled++) {
		struct rig rig;

		start_frames(&rig, HYPIOMMU_SMMUV2_AARCH64, true, 2);
		tap_install(rig.m);
		tap.read = stall_read;
		tap.write = stall_write;
		resumed = 0;
		assert_int_equal(machine_reset(rig.m, 0), 0);
		assert_int_equal(resumed, 1);
		rig_end(&rig);
	}
}

/* A stream that was detached, but for the TLB, has no entry any more: none that
 * there is not is written for it. */
static uint32_t entries;

static bool only_entries_there_are(uint32_t window, uint32_t offset,
				   unsigned int width, uint64_t value)
{
	(void)window, (void)width, (void)value;
	if (offset >= 0x800 && offset < 0x1000)
		assert_true(offset % 0x400 < 4 * entries);
	return false;
}

static void test_reset_after_half_a_detach(void **state)
{
	const struct sim_smmuv2_faults stuck = { .sync_never = true };
	const struct sim_smmuv2_faults none = { 0 };
	struct rig rig;
	uint32_t d;

	(void)state;
	start(&rig, HYPIOMMU_SMMUV2_AARCH64, true);
	d = rig_domain(&rig, 1, SID);
	sim_smmuv2_set_faults(rig.m->v2[0], 0, &stuck);
	assert_int_equal(front_detach(&rig.host, 0, SID, d),
			 HYPIOMMU_E_TIMEOUT);
	sim_smmuv2_set_faults(rig.m->v2[0], 0, &none);
	entries = rig.config.smmuv2[0].nr_smrg;
	tap_install(rig.m);
	tap.write = only_entries_there_are;
	assert_int_equal(machine_reset(rig.m, 0), 0);
	assert_int_equal(front_detach(&rig.host, 0, SID, d), 0);
	rig_end(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_banks),
		cmocka_unit_test(test_first_write),
		cmocka_unit_test(test_stalls),
		cmocka_unit_test(test_reset_after_half_a_detach),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
