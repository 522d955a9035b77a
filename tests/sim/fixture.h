/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * A small machine for the simulator's own tests. Values are worked out by hand
 * from IHI 0070 and DDI 0487 and written as literals on purpose: the tests
 * share no header with what they test.
 */
#ifndef TEST_SIM_FIXTURE_H
#define TEST_SIM_FIXTURE_H

#include "heard.h"
#include "mem.h"
#include "smmuv3.h"

#define RAM    0x80000000u
#define STRTAB 0x80000000u /* linear, 16 entries */
#define CMDQ   0x80010000u /* 8 commands */
#define EVTQ   0x80020000u /* 4 records */
#define CDTAB  0x80030000u
#define L1TAB  0x80100000u
#define L2TAB  0x80101000u
#define L3TAB  0x80102000u
#define PAGE   0x80200000u
#define PAGE2  0x80300000u
#define IOVA   0x40201000u /* index 1 at each level */

/* STE: V, Config = stage 2; VMID 7, T0SZ 25, SL0 1, 4K, PS 40, AA64, R. */
#define STE_S2_0 0x0000000dull
#define STE_S2_2 0x040a355900000007ull
/* CD: T0SZ 25, 4K, EPD1, V, IPS 40, AA64, R, A, ASID 5. */
#define CD_0	 0x00056202c0003519ull
#define MAIR	 0x00000000000004ffull

#define S2_RW	 0x7ffull /* page, AF, SH, S2AP rw, normal memory */
#define S2_RO	 0x77full
#define S2_BLOCK 0x7fdull
#define S1_RW	 0xf43ull /* page, AF, SH, nG, AP any rw */
#define S1_RO	 0xfc3ull
#define S1_PRIV	 0xf03ull

struct machine {
	struct sim_mem *mem;
	struct sim_smmuv3 *smmu;
	uint32_t cmdq_prod;
	struct heard heard;
	struct sim_reach reach[64];
	unsigned int nr_reach;
};

static inline struct sim_smmuv3_config default_config(void)
{
	return (struct sim_smmuv3_config){
		.sid_bits = 4,
		.ssid_bits = 4,
		.cmdq_log2 = 5,
		.evtq_log2 = 4,
		.oas = 40,
		.stage1 = true,
		.stage2 = true,
		.two_level = true,
		.coherent = true,
		.range_inval = true,
		.asid16 = true,
		.vmid16 = true,
		.hyp = true,
		.ats = true,
		.gran16k = true,
		.gran64k = true,
	};
}

static inline uint32_t rd(struct machine *m, uint32_t off)
{
	return (uint32_t)sim_smmuv3_read(m->smmu, off, 4);
}

static inline void wr(struct machine *m, uint32_t off, uint32_t val)
{
	sim_smmuv3_write(m->smmu, off, 4, val);
}

static inline void store(struct machine *m, uint64_t pa, uint64_t val)
{
	sim_mem_store64(m->mem, sim_mem_ptr(m->mem, pa), val);
}

/* Store and publish. */
static inline void put(struct machine *m, uint64_t pa, uint64_t val)
{
	store(m, pa, val);
	sim_mem_publish(m->mem);
}

static inline uint64_t get(struct machine *m, uint64_t pa)
{
	uint64_t val = 0;

	assert_int_equal(sim_mem_dev_read64(m->mem, pa, SIM_VIEW_NEW, &val), 0);
	return val;
}

/* Queue of 8: indices have four bits. */
static inline void push(struct machine *m, uint64_t w0, uint64_t w1)
{
	uint64_t slot = CMDQ + (m->cmdq_prod & 7) * 16;

	put(m, slot, w0);
	put(m, slot + 8, w1);
	m->cmdq_prod = (m->cmdq_prod + 1) & 15;
	wr(m, 0x98, m->cmdq_prod);
}

/* Read CMDQ_CONS until it caught up; how many reads that took. */
static inline int drain(struct machine *m)
{
	for (int i = 1; i <= 32; i++)
		if (rd(m, 0x9c) == m->cmdq_prod)
			return i;
	return -1;
}

static inline void sync_all(struct machine *m)
{
	push(m, 0x46, 0);
	assert_true(drain(m) > 0);
}

static inline void set_cr0(struct machine *m, uint32_t val)
{
	wr(m, 0x20, val);
	for (int i = 0; i < 8; i++)
		if (rd(m, 0x24) == val)
			return;
	fail_msg("CR0ACK did not follow CR0");
}

static inline struct machine *machine_new(const struct sim_smmuv3_config *c)
{
	struct machine *m = test_calloc(1, sizeof(*m));

	m->mem = sim_mem_create(0x100000000ull);
	assert_non_null(m->mem);
	assert_int_equal(sim_mem_add(m->mem, RAM, 0x1000000), 0);
	m->smmu = sim_smmuv3_create(m->mem, c);
	assert_non_null(m->smmu);
	sim_smmuv3_on_report(m->smmu, on_report, &m->heard);
	return m;
}

/* Queues on, everything invalidated, translation on: no stream set up. */
static inline void machine_enable(struct machine *m, uint64_t strtab,
				  uint32_t strtab_cfg)
{
	sim_smmuv3_write(m->smmu, 0x80, 8, strtab);
	wr(m, 0x88, strtab_cfg);
	sim_smmuv3_write(m->smmu, 0x90, 8, CMDQ | 3);
	sim_smmuv3_write(m->smmu, 0xa0, 8, EVTQ | 2);
	set_cr0(m, 0x8);
	push(m, 0x04, 31);
	push(m, 0x30, 0);
	push(m, 0x20, 0);
	sync_all(m);
	set_cr0(m, 0xd);
	assert_int_equal(m->heard.reports, 0);
}

static inline struct machine *machine_up(void)
{
	struct sim_smmuv3_config c = default_config();
	struct machine *m = machine_new(&c);

	machine_enable(m, STRTAB, 4);
	return m;
}

static inline void machine_free(struct machine *m)
{
	sim_smmuv3_destroy(m->smmu);
	sim_mem_destroy(m->mem);
	test_free(m);
}

/* IOVA -> leaf through three levels. */
static inline void map_page(struct machine *m, uint64_t leaf)
{
	put(m, L1TAB + 8, L2TAB | 3);
	put(m, L2TAB + 8, L3TAB | 3);
	put(m, L3TAB + 8, leaf);
}

static inline void cfgi_sync(struct machine *m, uint32_t sid)
{
	push(m, 0x03 | (uint64_t)sid << 32, 1);
	sync_all(m);
}

/* Stream 3 to stage 2, the way 3.21.3 asks for. */
static inline void attach_s2(struct machine *m)
{
	uint64_t ste = STRTAB + 3 * 64;

	put(m, ste + 16, STE_S2_2);
	put(m, ste + 24, L1TAB);
	cfgi_sync(m, 3);
	put(m, ste, STE_S2_0);
	cfgi_sync(m, 3);
}

/* Stream 3 to stage 1, VMID 7, ASID 5. */
static inline void attach_s1(struct machine *m)
{
	uint64_t ste = STRTAB + 3 * 64;

	put(m, CDTAB + 8, L1TAB);
	put(m, CDTAB + 24, MAIR);
	put(m, CDTAB, CD_0);
	put(m, ste + 16, 7);
	cfgi_sync(m, 3);
	put(m, ste, 0xb | CDTAB);
	cfgi_sync(m, 3);
}

static inline enum sim_dma_result dma(struct machine *m, uint64_t iova,
				      bool write, uint64_t *val)
{
	uint64_t done;

	return sim_smmuv3_dma(m->smmu, 3, iova, write, val, 8, &done);
}

/* Where stream 3's IOVA leads; 0: nowhere. */
static inline uint64_t target(struct machine *m, uint64_t iova, bool write)
{
	uint64_t pa = 0;

	if (sim_smmuv3_translate(m->smmu, 3, iova, write, &pa) != SIM_DMA_OK)
		return 0;
	return pa;
}

static inline void add_reach(void *ctx, const struct sim_reach *r)
{
	struct machine *m = ctx;

	if (m->nr_reach < 64)
		m->reach[m->nr_reach] = *r;
	m->nr_reach++;
}

/* The reach of pa, NULL if there is none. */
static inline const struct sim_reach *reaches(struct machine *m, uint64_t pa)
{
	m->nr_reach = 0;
	sim_smmuv3_for_each_reach(m->smmu, add_reach, m);
	for (unsigned int i = 0; i < m->nr_reach && i < 64; i++)
		if (!m->reach[i].bypass && pa >= m->reach[i].pa &&
		    pa - m->reach[i].pa < m->reach[i].size)
			return &m->reach[i];
	return NULL;
}

static inline bool reaches_all(struct machine *m)
{
	m->nr_reach = 0;
	sim_smmuv3_for_each_reach(m->smmu, add_reach, m);
	for (unsigned int i = 0; i < m->nr_reach && i < 64; i++)
		if (m->reach[i].bypass)
			return true;
	return false;
}

#endif /* TEST_SIM_FIXTURE_H */
