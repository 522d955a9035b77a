/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * A small SMMUv2 for the simulator's own tests: 64 KiB pages, context bank n
 * at (128 + n) << 16, as on Tegra234. Values are worked out by hand from IHI
 * 0062 and DDI 0487/0406 and written as literals on purpose: the tests share
 * no register header with what they test.
 */
#ifndef TEST_SIM2_FIXTURE_H
#define TEST_SIM2_FIXTURE_H

#include "heard.h"
#include "mem.h"
#include "smmuv2.h"

#define RAM   0x80000000u
#define L1TAB 0x80100000u
#define L2TAB 0x80101000u
#define L3TAB 0x80102000u
#define ROOT7 0x80104000u /* 16 KiB, short descriptors */
#define TAB7  0x80108400u /* 1 KiB */
#define PAGE  0x80200000u
#define PAGE2 0x80300000u
#define IOVA  0x40201000u /* index 1 at each LPAE level */
#define SID   5u
#define BANK  3u
#define GROUP 2u

/* GFRE GFIE GCFGFRE GCFGFIE USFCFG SMCFCFG, CLIENTPD = 0. */
#define CR0_ON 0x00200436u
/* T0SZ 25, SL0 1, walks inner-shareable write-back, 4K, PASize 40. */
#define TCR_S2 0x80023559u
/* T0SZ 25, EPD1, 4K. */
#define TCR_S1 0x00803519u
#define SCTLR  0x00000061u /* M CFRE CFIE */
#define S2_RW  0x7ffull
#define S2_RO  0x77full
#define S1_RW  0xf43ull /* nG */
#define S1_RWG 0x743ull /* global */

#define CB(n, off) (((128u + (n)) << 16) + (off))

struct machine {
	struct sim_mem *mem;
	struct sim_smmuv2 *smmu;
	unsigned int instances;
	struct heard heard;
	struct sim2_reach reach[64];
	unsigned int nr_reach;
};

static inline struct sim_smmuv2_config default_config(void)
{
	return (struct sim_smmuv2_config){
		.instances = 1,
		.nr_smrg = 32,
		.nr_cb = 16,
		.page_64k = true,
		.numpagendxb = 6,
		.ias = 48,
		.oas = 48,
		.ubs = 49,
		.sid_bits = 15,
		.stage1 = true,
		.stage2 = true,
		.coherent = true,
		.aa64_4k = true,
		.aa64_16k = true,
		.aa64_64k = true,
		.aa32_long = true,
		.aa32_short = true,
	};
}

static inline uint32_t rd(struct machine *m, unsigned int i, uint32_t off)
{
	return (uint32_t)sim_smmuv2_read(m->smmu, i, off, 4);
}

static inline void wr(struct machine *m, unsigned int i, uint32_t off,
		      uint32_t val)
{
	sim_smmuv2_write(m->smmu, i, off, 4, val);
}

/* To all instances, as a mirrored set asks for. */
static inline void wr_all(struct machine *m, uint32_t off, uint32_t val)
{
	for (unsigned int i = 0; i < m->instances; i++)
		wr(m, i, off, val);
}

static inline void wr64_all(struct machine *m, uint32_t off, uint64_t val)
{
	for (unsigned int i = 0; i < m->instances; i++)
		sim_smmuv2_write(m->smmu, i, off, 8, val);
}

static inline void store(struct machine *m, uint64_t pa, uint64_t val)
{
	sim_mem_store64(m->mem, sim_mem_ptr(m->mem, pa), val);
}

static inline void put(struct machine *m, uint64_t pa, uint64_t val)
{
	store(m, pa, val);
	sim_mem_publish(m->mem);
}

static inline void put32(struct machine *m, uint64_t pa, uint32_t val)
{
	sim_mem_store32(m->mem, sim_mem_ptr(m->mem, pa), val);
	sim_mem_publish(m->mem);
}

/* Poll a status register; how many reads it took, -1: it never ended. */
static inline int poll(struct machine *m, unsigned int i, uint32_t off)
{
	for (int n = 1; n <= 32; n++)
		if (!(rd(m, i, off) & 1))
			return n;
	return -1;
}

static inline void gsync(struct machine *m, unsigned int i)
{
	wr(m, i, 0x70, 0);
	assert_true(poll(m, i, 0x74) > 1);
}

static inline void cbsync(struct machine *m, unsigned int i, uint32_t bank)
{
	wr(m, i, CB(bank, 0x7f0), 0);
	assert_true(poll(m, i, CB(bank, 0x7f4)) > 1);
}

static inline struct machine *machine_new(const struct sim_smmuv2_config *c)
{
	struct machine *m = test_calloc(1, sizeof(*m));

	m->instances = c->instances;
	m->mem = sim_mem_create(0x100000000ull);
	assert_non_null(m->mem);
	assert_int_equal(sim_mem_add(m->mem, RAM, 0x4000000), 0);
	m->smmu = sim_smmuv2_create(m->mem, c);
	assert_non_null(m->smmu);
	sim_smmuv2_on_report(m->smmu, on_report, &m->heard);
	return m;
}

static inline struct machine *machine_up(const struct sim_smmuv2_config *c)
{
	struct machine *m = machine_new(c);

	wr_all(m, 0x0, CR0_ON);
	return m;
}

static inline void machine_free(struct machine *m)
{
	sim_smmuv2_destroy(m->smmu);
	sim_mem_destroy(m->mem);
	test_free(m);
}

static inline void map_page(struct machine *m, uint64_t leaf)
{
	put(m, L1TAB + 8, L2TAB | 3);
	put(m, L2TAB + 8, L3TAB | 3);
	put(m, L3TAB + 8, leaf);
}

/* Everything but SCTLR.M. */
static inline void bank_s2(struct machine *m)
{
	wr_all(m, 0x10800 + BANK * 4, 1);
	wr_all(m, 0x10000 + BANK * 4, 7);
	wr64_all(m, CB(BANK, 0x20), L1TAB);
	wr_all(m, CB(BANK, 0x30), TCR_S2);
}

/* VMID 7, ASID 9. */
static inline void bank_s1(struct machine *m)
{
	wr_all(m, 0x10800 + BANK * 4, 1);
	wr_all(m, 0x10000 + BANK * 4, 0x10007);
	wr64_all(m, CB(BANK, 0x20), L1TAB | 9ull << 48);
	wr_all(m, CB(BANK, 0x30), TCR_S1);
	wr_all(m, CB(BANK, 0x10), 2);
	wr_all(m, CB(BANK, 0x38), 0xff);
}

/* Short descriptors: CBA2R 0, TCR 0, CONTEXTIDR 9. */
static inline void bank_v7s(struct machine *m)
{
	wr_all(m, 0x10800 + BANK * 4, 0);
	wr_all(m, 0x10000 + BANK * 4, 0x10007);
	wr64_all(m, CB(BANK, 0x20), ROOT7);
	wr_all(m, CB(BANK, 0x30), 0);
	wr_all(m, CB(BANK, 0x34), 9);
}

static inline void bank_on(struct machine *m)
{
	wr_all(m, CB(BANK, 0), SCTLR);
}

static inline void stream_on(struct machine *m)
{
	wr_all(m, 0xc00 + GROUP * 4, BANK);
	wr_all(m, 0x800 + GROUP * 4, 0x80000000u | SID);
}

static inline struct machine *machine_s2(const struct sim_smmuv2_config *c)
{
	struct machine *m = machine_up(c);

	bank_s2(m);
	bank_on(m);
	stream_on(m);
	return m;
}

static inline struct machine *machine_s1(const struct sim_smmuv2_config *c)
{
	struct machine *m = machine_up(c);

	bank_s1(m);
	bank_on(m);
	stream_on(m);
	return m;
}

static inline enum sim2_dma_result dma(struct machine *m, uint64_t iova,
				       bool write, uint64_t *val)
{
	struct sim2_access a = { SID, iova, write, val, 8 };
	uint64_t done;

	return sim_smmuv2_dma(m->smmu, &a, &done);
}

/* Where a stream's IOVA leads; 0: nowhere. */
static inline uint64_t target_of(struct machine *m, uint32_t sid, uint64_t iova,
				 bool write)
{
	struct sim2_access a = { sid, iova, write, NULL, 0 };
	uint64_t pa = 0;

	if (sim_smmuv2_translate(m->smmu, &a, &pa) != SIM2_DMA_OK)
		return 0;
	return pa;
}

static inline uint64_t target(struct machine *m, uint64_t iova, bool write)
{
	return target_of(m, SID, iova, write);
}

static inline void add_reach(void *ctx, const struct sim2_reach *r)
{
	struct machine *m = ctx;

	if (m->nr_reach < 64)
		m->reach[m->nr_reach] = *r;
	m->nr_reach++;
}

static inline void look(struct machine *m)
{
	m->nr_reach = 0;
	sim_smmuv2_for_each_reach(m->smmu, add_reach, m);
}

/* The reach of pa on an instance, NULL if there is none. */
static inline const struct sim2_reach *reaches(struct machine *m,
					       unsigned int i, uint64_t pa)
{
	look(m);
	for (unsigned int n = 0; n < m->nr_reach && n < 64; n++) {
		const struct sim2_reach *r = &m->reach[n];

		if (!r->bypass && r->instance == i && pa >= r->pa &&
		    pa - r->pa < r->size)
			return r;
	}
	return NULL;
}

static inline const struct sim2_reach *bypasses(struct machine *m,
						unsigned int i)
{
	look(m);
	for (unsigned int n = 0; n < m->nr_reach && n < 64; n++)
		if (m->reach[n].bypass && m->reach[n].instance == i)
			return &m->reach[n];
	return NULL;
}

static inline void done(struct machine *m)
{
	assert_quiet(m);
	machine_free(m);
}

static inline void clear_fault(struct machine *m)
{
	wr(m, 0, CB(BANK, 0x58), 0xffffffff);
}

static inline void check_size(struct machine *m, uint64_t pa, uint64_t iova,
			      uint64_t size)
{
	const struct sim2_reach *r = reaches(m, 0, pa);

	assert_non_null(r);
	assert_int_equal(r->iova, iova);
	assert_int_equal(r->pa, pa);
	assert_int_equal(r->size, size);
}

#endif /* TEST_SIM2_FIXTURE_H */
