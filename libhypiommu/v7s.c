// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Short descriptors (DDI 0406 B3.5), TTBCR.N = 0, access flag enabled: a first
 * level of 4096 descriptors of 1 MiB in 16 KiB, second levels of 256 in 1 KiB.
 * Large pages and supersections repeat their descriptor sixteen times.
 *
 * Four second-level tables share a page: those of four neighbours at the first
 * level. A cleared descriptor has type 0b00, which hardware ignores, its
 * address, and what it was in bits [4:2].
 */
#include "pgtable.h"

typedef uint32_t desc_t;

#define OPS		v7s_ops
#define GRANULE		12u
#define LAST		1u
#define VALID_BITS	3u
#define COUNTED		0
#define REPEATS_ADDRESS 1
#define TABLE_ORDER	0u

#define TYPE_TABLE   1u /* first level */
#define TYPE_LARGE   1u /* second level */
#define TYPE_PAGE    2u /* small page; section at the first level */
#define SUPERSECTION (1u << 18)
#define REPEAT	     16u

enum kind {
	SMALL = 1,
	LARGE,
	SECTION,
	SUPER,
	TABLE
};

/* Attributes as a small page has them; sections and large pages move them. */
#define PAGE_XN	     (1u << 0)
#define PAGE_B	     (1u << 2)
#define PAGE_C	     (1u << 3)
#define PAGE_AF	     (1u << 4) /* AP[0] with SCTLR.AFE */
#define PAGE_UNPRIV  (1u << 5) /* AP[1] */
#define PAGE_TEX(n)  ((uint32_t)(n) << 6)
#define PAGE_TEX_ALL PAGE_TEX(7)
#define PAGE_RDONLY  (1u << 9) /* AP[2] */
#define PAGE_S	     (1u << 10)
#define PAGE_NG	     (1u << 11)
#define PAGE_ACCESS  0xff0u /* AF to nG: six bits higher in a section */

static inline unsigned int level_shift(unsigned int level)
{
	return level ? 12 : 20;
}

static inline unsigned int index_bits(unsigned int level)
{
	return level ? 8 : 12;
}

static inline enum kind kind_of(desc_t d, unsigned int level)
{
	if (!(d & VALID_BITS))
		return (enum kind)(d >> 2 & 7);
	if (level)
		return d & TYPE_PAGE ? SMALL : LARGE;
	if ((d & VALID_BITS) == TYPE_TABLE)
		return TABLE;
	return d & SUPERSECTION ? SUPER : SECTION;
}

static inline bool is_table(desc_t d, unsigned int level)
{
	return !level && kind_of(d, level) == TABLE;
}

static inline uint64_t table_address(desc_t d)
{
	return d & ~0x3ffu;
}

static inline desc_t table_desc(uint64_t pa)
{
	return (desc_t)pa | TYPE_TABLE;
}

static inline uint64_t leaf_address(desc_t d, unsigned int level)
{
	static const uint32_t mask[] = { 0,	     0xfffff000, 0xffff0000,
					 0xfff00000, 0xff000000, 0,
					 0,	     0 };

	return d & mask[kind_of(d, level)];
}

static inline desc_t cleared_desc(desc_t d, unsigned int level)
{
	enum kind kind = kind_of(d, level);
	uint32_t kept = kind == TABLE ? d & ~0x3ffu
				      : (uint32_t)leaf_address(d, level);

	return kept | (uint32_t)kind << 2;
}

static inline unsigned int leaf_repeat(desc_t d, unsigned int level)
{
	enum kind kind = kind_of(d, level);

	return kind == LARGE || kind == SUPER ? REPEAT : 1;
}

static inline unsigned int leaf_level(unsigned int shift)
{
	return shift < 20;
}

static inline unsigned int leaf_kind_repeat(const struct pgtable *pt,
					    unsigned int shift)
{
	(void)pt;
	return shift == 16 || shift == 24 ? REPEAT : 1;
}

static inline desc_t leaf_desc(uint64_t pa, uint64_t attr, unsigned int level,
			       unsigned int repeat)
{
	desc_t d = (desc_t)pa | (attr & (PAGE_B | PAGE_C));

	if (!level)
		return d | TYPE_PAGE | (desc_t)(attr & PAGE_ACCESS) << 6 |
		       (attr & PAGE_XN ? 1u << 4 : 0) |
		       (repeat > 1 ? SUPERSECTION : 0);
	d |= (desc_t)(attr & PAGE_ACCESS);
	if (repeat == 1)
		return d | TYPE_PAGE | (desc_t)(attr & PAGE_XN);
	/* A large page has TEX and XN above its short address. */
	d &= ~PAGE_TEX_ALL;
	return d | TYPE_LARGE | (desc_t)(attr & PAGE_TEX_ALL) << 6 |
	       (attr & PAGE_XN ? 1u << 15 : 0);
}

static inline uint64_t leaf_attr(desc_t d, unsigned int level)
{
	uint32_t attr = d & (PAGE_B | PAGE_C);

	if (!level)
		return attr | (d >> 6 & PAGE_ACCESS) |
		       (d & 1u << 4 ? PAGE_XN : 0);
	/* A large page: what is smaller is not split. */
	return attr | (d & PAGE_ACCESS & ~PAGE_TEX_ALL) |
	       (d >> 6 & PAGE_TEX_ALL) | (d & 1u << 15 ? PAGE_XN : 0);
}

static inline bool is_page(desc_t d)
{
	return d & TYPE_PAGE;
}

static inline uint64_t page_address(desc_t d)
{
	return d & 0xfffff000u;
}

static inline desc_t page_desc(uint64_t pa, desc_t like)
{
	return (desc_t)pa | like;
}

static inline desc_t leaf_step(unsigned int level)
{
	return 1u << level_shift(level);
}

static inline uint64_t run_end(uint64_t pa)
{
	(void)pa;
	return 1ull << 32;
}

static uint64_t attributes(const struct pgtable *pt, uint32_t prot)
{
	uint32_t attr = PAGE_NG | PAGE_S | PAGE_AF;

	(void)pt;
	if (!(prot & HYPIOMMU_PROT_PRIV))
		attr |= PAGE_UNPRIV;
	if (!(prot & HYPIOMMU_PROT_WRITE))
		attr |= PAGE_RDONLY;
	if (prot & HYPIOMMU_PROT_NOEXEC)
		attr |= PAGE_XN;
	if (prot & HYPIOMMU_PROT_MMIO)
		return attr | PAGE_B; /* shareable device */
	attr |= PAGE_TEX(1);
	if (prot & HYPIOMMU_PROT_CACHE)
		attr |= PAGE_B | PAGE_C; /* write-back, write-allocate */
	return attr;
}

/* The page whose quarters serve the four neighbours of a first-level slot. */
static uint64_t group_page(const desc_t *slot)
{
	const desc_t *group = (const desc_t *)((uintptr_t)slot & ~15ull);

	for (unsigned int i = 0; i < 4; i++) {
		desc_t d = hypiommu_env_load32(&group[i]);

		if (is_table(d, 0))
			return table_address(d) & ~0xfffull;
	}
	return 0;
}

static int table_alloc(struct pgtable *pt, const desc_t *slot, uint64_t *pa)
{
	uint64_t page = group_page(slot);
	int err = HYPIOMMU_OK;

	if (!page)
		err = pool_alloc(pt->pool, 0, pt->config.table_limit, &page);
	*pa = page | ((uintptr_t)slot >> 2 & 3) << 10;
	return err;
}

/* slot no longer holds the table. */
static void table_free(struct pgtable *pt, const desc_t *slot, uint64_t pa)
{
	if (!group_page(slot))
		pool_free(pt->pool, pa & ~0xfffull, 0);
}

static const struct pgtable_ops v7s_ops;

#define ENGINE_STATIC static
#include "engine.h"

int v7s_init(struct pgtable *pt)
{
	const struct pgtable_config *c = &pt->config;

	if (c->granule_shift != 12 || c->contiguous || c->ias != 32 ||
	    c->oas != 32)
		return HYPIOMMU_E_UNSUPPORTED;
	/* Tables are addressed by 32 bits as well. */
	pt->config.table_limit = min64(pt->config.table_limit, 1ull << 32);
	pt->start_level = 0;
	pt->root_shift = 20;
	pt->root_order = 2;
	pt->leaf_sizes = 1ull << 12 | 1ull << 16 | 1ull << 20 | 1ull << 24;
	pt->run_sizes = 1ull << 16 | 1ull << 24;
	pt->ops = &v7s_ops;
	return HYPIOMMU_OK;
}
