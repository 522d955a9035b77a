/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * A tegra210 with four memory clients; register values are worked out by hand
 * from public register facts and written as literals.
 */
#ifndef TEST_TEGRA_SMMU_FIXTURE_H
#define TEST_TEGRA_SMMU_FIXTURE_H

#include "heard.h"
#include "tegra_smmu.h"

#define RAM   0x80000000u
#define PD    0x80100000u
#define PT    0x80101000u
#define EMPTY 0x80110000u
#define PAGE  0x80200000u
#define PAGE2 0x80300000u
#define IOVA  0x40001000u /* PDE 0x100, PTE 1 */
#define PDE   (PD + 0x100 * 4)
#define PTE   (PT + 1 * 4)
#define RW    0xe0000000u
#define NEXT  0x10000000u
#define ON    0x80000000u

/* tegra210: DC is SWGROUP register 0x240, HDA 0x254. */
#define DC_REG	0x240u
#define HDA_REG 0x254u
#define DC0A	1u
#define DC0B	3u
#define HDAR	21u
#define ASID	3u

#define TLB_FLUSH   0x30u
#define PTC_FLUSH   0x34u
/* Match ASID 3 and the group of IOVA: page 0x40001, group bits and 3. */
#define FLUSH_GROUP (ON | ASID << 24 | 0x40000u | 3u)
#define FLUSH_SECT  (ON | ASID << 24 | 0x40000u | 2u)

struct board {
	struct sim_mem *mem;
	struct sim_tegra_smmu *smmu;
	struct heard heard;
};

static const struct sim_tegra_smmu_client clients[] = {
	{ HDAR, HDA_REG, 0x228, 21 },
	{ DC0A, DC_REG, 0x228, 1 },
	{ DC0B, DC_REG, 0x228, 3 },
	{ 0x88, 0xaac, 0, 0 },
};

static inline struct sim_tegra_smmu_config tegra210(void)
{
	return (struct sim_tegra_smmu_config){
		.nr_asids = 128,
		.ptc_line = 64,
		.address_bits = 34,
		.clients = clients,
		.nr_clients = sizeof(clients) / sizeof(*clients),
	};
}

static inline void wr(struct board *b, uint32_t off, uint32_t val)
{
	sim_tegra_smmu_write(b->smmu, off, 4, val);
}

static inline uint32_t rd(struct board *b, uint32_t off)
{
	return sim_tegra_smmu_read(b->smmu, off, 4);
}

static inline void store(struct board *b, uint64_t pa, uint32_t val)
{
	sim_mem_store32(b->mem, sim_mem_ptr(b->mem, pa), val);
}

static inline void put(struct board *b, uint64_t pa, uint32_t val)
{
	store(b, pa, val);
	sim_mem_publish(b->mem);
}

static inline struct board *board_new(struct sim_tegra_smmu_config c)
{
	struct board *b = test_calloc(1, sizeof(*b));

	b->mem = sim_mem_create(0x100000000ull);
	assert_int_equal(sim_mem_add(b->mem, RAM, 0x1000000), 0);
	c.mem = b->mem;
	b->smmu = sim_tegra_smmu_create(&c);
	assert_non_null(b->smmu);
	sim_tegra_smmu_on_report(b->smmu, on_report, &b->heard);
	return b;
}

static inline void map(struct board *b, uint32_t pte)
{
	put(b, PDE, PT >> 12 | RW | NEXT);
	put(b, PTE, pte);
}

/* DC translates under ASID 3; the others stay as they were. */
static inline struct board *board_up(struct sim_tegra_smmu_config c)
{
	struct board *b = board_new(c);

	wr(b, 0x1c, ASID);
	wr(b, 0x20, PD >> 12 | RW);
	wr(b, DC_REG, ON | ASID);
	wr(b, 0x228, 1u << 1 | 1u << 3);
	wr(b, 0x10, 1);
	rd(b, 0x10);
	return b;
}

static inline void board_free(struct board *b)
{
	sim_tegra_smmu_destroy(b->smmu);
	sim_mem_destroy(b->mem);
	test_free(b);
}

static inline uint64_t target(struct board *b, uint32_t client, uint64_t iova,
			      bool write)
{
	struct sim2_access a = { client, iova, write, NULL, 0 };
	uint64_t pa = 0;

	if (sim_tegra_smmu_translate(b->smmu, &a, &pa) != SIM2_DMA_OK)
		return 0;
	return pa;
}

struct find {
	uint32_t client;
	uint64_t pa;
	unsigned int hits, bypasses, cached;
	uint64_t size;
	bool write;
};

static inline void find_reach(void *ctx, const struct sim2_reach *r)
{
	struct find *f = ctx;

	if (r->client != f->client)
		return;
	if (r->bypass) {
		f->bypasses++;
	} else if (f->pa >= r->pa && f->pa - r->pa < r->size) {
		f->hits++;
		f->cached += r->cached;
		f->size = r->size;
		f->write = r->write;
	}
}

static inline struct find find(struct board *b, uint32_t client, uint64_t pa)
{
	struct find f = { .client = client, .pa = pa };

	sim_tegra_smmu_for_each_reach(b->smmu, find_reach, &f);
	return f;
}

#endif /* TEST_TEGRA_SMMU_FIXTURE_H */
