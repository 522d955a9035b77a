// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Tables of the classic Tegra MC-SMMU: 1024 directory entries of 4 MiB, each a
 * table of 1024 pages. An entry is bits 31 readable, 30 writable, 29
 * non-secure, a directory entry 28 "points to a table", and an address >> 12.
 * Without 31 and 30 nothing is reachable; a cleared entry has bit 27 instead,
 * which lies above every address.
 */
#include "pgtable.h"

typedef uint32_t desc_t;

#define OPS		tegra_mc_ops
#define GRANULE		12u
#define LAST		1u
#define VALID_BITS	(READABLE | WRITABLE)
#define COUNTED		0
#define REPEATS_ADDRESS 0
#define TABLE_ORDER	0u
#define ONE_LEAF_SIZE

#define READABLE   (1u << 31)
#define WRITABLE   (1u << 30)
#define NON_SECURE (1u << 29)
#define NEXT	   (1u << 28)
#define CLEARED	   (1u << 27)
#define PFN	   0x3fffffu /* 34-bit addresses */

static inline unsigned int level_shift(unsigned int level)
{
	return level ? 12 : 22;
}

static inline unsigned int index_bits(unsigned int level)
{
	(void)level;
	return 10;
}

static inline bool is_table(desc_t d, unsigned int level)
{
	return !level && d & NEXT;
}

static inline uint64_t table_address(desc_t d)
{
	return (uint64_t)(d & PFN) << 12;
}

static inline desc_t table_desc(uint64_t pa)
{
	return (desc_t)(pa >> 12) | READABLE | WRITABLE | NON_SECURE | NEXT;
}

static inline desc_t cleared_desc(desc_t d, unsigned int level)
{
	(void)level;
	return (d & (PFN | NEXT)) | CLEARED;
}

static inline uint64_t leaf_address(desc_t d, unsigned int level)
{
	(void)level;
	return (uint64_t)(d & PFN) << 12;
}

static inline unsigned int leaf_repeat(desc_t d, unsigned int level)
{
	(void)d, (void)level;
	return 1;
}

static inline unsigned int leaf_level(unsigned int shift)
{
	(void)shift;
	return LAST;
}

static inline unsigned int leaf_kind_repeat(const struct pgtable *pt,
					    unsigned int shift)
{
	(void)pt, (void)shift;
	return 1;
}

static inline desc_t leaf_desc(uint64_t pa, uint64_t attr, unsigned int level,
			       unsigned int repeat)
{
	(void)level, (void)repeat;
	return (desc_t)(pa >> 12) | (desc_t)attr;
}

static inline bool is_page(desc_t d)
{
	return d & VALID_BITS;
}

static inline uint64_t page_address(desc_t d)
{
	return (uint64_t)(d & PFN) << 12;
}

static inline desc_t page_desc(uint64_t pa, desc_t like)
{
	return (desc_t)(pa >> 12) | like;
}

static inline desc_t leaf_step(unsigned int level)
{
	(void)level;
	return 1;
}

static inline uint64_t run_end(uint64_t pa)
{
	(void)pa;
	return 1ull << 34;
}

static uint64_t attributes(const struct pgtable *pt, uint32_t prot)
{
	(void)pt;
	return NON_SECURE | (prot & HYPIOMMU_PROT_READ ? READABLE : 0) |
	       (prot & HYPIOMMU_PROT_WRITE ? WRITABLE : 0);
}

static int table_alloc(struct pgtable *pt, const desc_t *slot, uint64_t *pa)
{
	(void)slot;
	return pool_alloc(pt->pool, 0, pt->config.table_limit, pa);
}

static void table_free(struct pgtable *pt, const desc_t *slot, uint64_t pa)
{
	(void)slot;
	pool_free(pt->pool, pa, 0);
}

static const struct pgtable_ops tegra_mc_ops;

#define ENGINE_STATIC static
#include "engine.h"

int tegra_mc_init(struct pgtable *pt)
{
	const struct pgtable_config *c = &pt->config;

	if (c->granule_shift != 12 || c->contiguous || c->ias != 32 ||
	    c->oas < 32 || c->oas > 34)
		return HYPIOMMU_E_UNSUPPORTED;
	if (pt->config.table_limit > 1ull << c->oas)
		pt->config.table_limit = 1ull << c->oas;
	pt->start_level = 0;
	pt->root_shift = 22;
	pt->root_order = 0;
	pt->leaf_sizes = 1ull << 12;
	pt->run_sizes = 0;
	pt->ops = &tegra_mc_ops;
	return HYPIOMMU_OK;
}
