/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * VMSAv8-64 and AArch32 LPAE descriptors (DDI 0487 D8.3) for one granule: a
 * file defines GRANULE (12, 14 or 16), OPS, and includes this.
 *
 * How many entries of a table are in use is kept in the descriptor that points
 * to it, in bits hardware ignores there (D8.3.1). A cleared descriptor is the
 * valid one without bit 0: bit 1 still tells table and page from block.
 */
#include "pgtable.h"

typedef uint64_t desc_t;

#define LAST		3u
#define VALID_BITS	DESC_VALID
#define COUNTED		1
#define REPEATS_ADDRESS 0
#define TABLE_ORDER	(GRANULE - 12u)
#define INDEX_BITS	(GRANULE - 3u)

#define DESC_VALID    (1ull << 0)
#define DESC_TABLE    (1ull << 1) /* above the last level */
#define DESC_PAGE     (1ull << 1) /* at the last level */
#define DESC_CONT     (1ull << 52)
#define DESC_SH_OUTER (2ull << 8)
#define DESC_SH_INNER (3ull << 8)
#define DESC_AF	      (1ull << 10)
#define DESC_ADDR_LOW (0x0000ffffffffffffull & ~((1ull << GRANULE) - 1))
#define DESC_ATTRS    (0xfff0000000000000ull | 0xffcull)

/* Lower attributes, D8.3.2. */
#define S1_ATTR_INDEX(n) ((uint64_t)(n) << 2)
#define S1_AP_UNPRIV	 (1ull << 6)
#define S1_AP_RDONLY	 (1ull << 7)
#define S1_NG		 (1ull << 11)
#define XN0		 (1ull << 53) /* PXN at stage 1 */
#define XN1		 (1ull << 54) /* UXN at stage 1; XN in AArch32 */
#define S2_MEMATTR(m)	 ((uint64_t)(m) << 2)
#define S2_AP_READ	 (1ull << 6)
#define S2_AP_WRITE	 (1ull << 7)
/* Stage-2 memory types without FWB, D8.6.5. */
#define S2_DEVICE_NGNRE	 0x1u
#define S2_NORMAL_NC	 0x5u
#define S2_NORMAL_WB	 0xfu

static inline unsigned int level_shift(unsigned int level)
{
	return GRANULE + INDEX_BITS * (LAST - level);
}

static inline unsigned int index_bits(unsigned int level)
{
	(void)level;
	return INDEX_BITS;
}

static inline bool is_table(desc_t d, unsigned int level)
{
	return level < LAST && d & DESC_TABLE;
}

/* With the 64 KiB granule PA[51:48] are in bits [15:12] (D8.3.1). */
static inline uint64_t address(desc_t d)
{
	uint64_t pa = d & DESC_ADDR_LOW;

	return GRANULE == 16 ? pa | (d >> 12 & 15) << 48 : pa;
}

static inline desc_t encode(uint64_t pa)
{
	if (GRANULE == 16)
		return (pa & DESC_ADDR_LOW) | (pa >> 48 & 15) << 12;
	return pa;
}

static inline uint64_t table_address(desc_t d)
{
	return d & DESC_ADDR_LOW; /* tables lie below 2^48 */
}

static inline desc_t table_desc(uint64_t pa)
{
	return pa | DESC_VALID | DESC_TABLE;
}

static inline desc_t cleared_desc(desc_t d, unsigned int level)
{
	(void)level;
	return d - DESC_VALID; /* d is valid */
}

static inline uint64_t leaf_address(desc_t d, unsigned int level)
{
	(void)level;
	return address(d);
}

static inline uint64_t leaf_attr(desc_t d, unsigned int level)
{
	(void)level;
	return d & DESC_ATTRS & ~DESC_CONT;
}

/* log2 of the entries that make a contiguous run (D8.6.1). */
static inline unsigned int cont_bits(unsigned int level)
{
	if (GRANULE == 14)
		return level == LAST ? 7 : 5;
	return GRANULE == 12 ? 4 : 5;
}

static inline unsigned int leaf_repeat(desc_t d, unsigned int level)
{
	return d & DESC_CONT ? 1u << cont_bits(level) : 1;
}

static inline unsigned int leaf_level(unsigned int shift)
{
	return LAST - (shift - GRANULE) / INDEX_BITS;
}

struct pgtable;

static inline unsigned int leaf_kind_repeat(const struct pgtable *pt,
					    unsigned int shift)
{
	(void)pt;
	return 1u << (shift - level_shift(leaf_level(shift)));
}

static inline desc_t leaf_desc(uint64_t pa, uint64_t attr, unsigned int level,
			       unsigned int repeat)
{
	return encode(pa) | attr | DESC_VALID |
	       (level == LAST ? DESC_PAGE : 0) | (repeat > 1 ? DESC_CONT : 0);
}

static inline bool is_page(desc_t d)
{
	return (d & (DESC_CONT | DESC_VALID)) == DESC_VALID;
}

static inline uint64_t page_address(desc_t d)
{
	return address(d);
}

static inline desc_t page_desc(uint64_t pa, desc_t like)
{
	return encode(pa) | like;
}

static inline desc_t leaf_step(unsigned int level)
{
	return 1ull << level_shift(level);
}

static inline uint64_t run_end(uint64_t pa)
{
	return GRANULE == 16 ? (pa | ((1ull << 48) - 1)) + 1 : ~0ull;
}

/*
 * Ignored bits of a table descriptor (D8.3.1): [11:2], enough for the 512
 * entries of a 4 KiB table, and [58:55], where the count of larger ones goes
 * on. What is between [11:2] and the address is RES0, or more of the address.
 */
#define USED_LOW  (0x3ffull << 2)
#define USED_HIGH (15ull << 55)

static inline bool in_use(desc_t d)
{
	return d & (GRANULE == 12 ? USED_LOW : USED_LOW | USED_HIGH);
}

/* n is negative, modulo 2^64, where entries went; so is the carry then. */
static inline desc_t used_add(desc_t d, uint64_t n)
{
	desc_t sum = d + (n << 2);
	uint64_t low;

	if (GRANULE == 12 || __builtin_expect(!((sum ^ d) & ~USED_LOW), 1))
		return sum;
	low = (d & USED_LOW) + (n << 2);
	return (d & ~USED_LOW) + (low & USED_LOW) + (low >> 12 << 55);
}

static int table_alloc(struct pgtable *pt, const desc_t *slot, uint64_t *pa)
{
	(void)slot;
	return pool_alloc(pt->pool, TABLE_ORDER, pt->config.table_limit, pa);
}

static void table_free(struct pgtable *pt, const desc_t *slot, uint64_t pa)
{
	(void)slot;
	pool_free(pt->pool, pa, TABLE_ORDER);
}

static uint64_t attributes_s1(uint32_t prot)
{
	uint64_t attr = S1_NG;

	if (!(prot & HYPIOMMU_PROT_WRITE))
		attr |= S1_AP_RDONLY;
	if (!(prot & HYPIOMMU_PROT_PRIV))
		attr |= S1_AP_UNPRIV;
	if (prot & HYPIOMMU_PROT_MMIO)
		return attr | S1_ATTR_INDEX(PGTABLE_MAIR_DEVICE);
	if (prot & HYPIOMMU_PROT_CACHE)
		return attr | S1_ATTR_INDEX(PGTABLE_MAIR_CACHE);
	return attr | S1_ATTR_INDEX(PGTABLE_MAIR_NC);
}

static uint64_t attributes_s2(uint32_t prot)
{
	uint64_t attr = 0;

	if (prot & HYPIOMMU_PROT_READ)
		attr |= S2_AP_READ;
	if (prot & HYPIOMMU_PROT_WRITE)
		attr |= S2_AP_WRITE;
	if (prot & HYPIOMMU_PROT_MMIO)
		return attr | S2_MEMATTR(S2_DEVICE_NGNRE);
	if (prot & HYPIOMMU_PROT_CACHE)
		return attr | S2_MEMATTR(S2_NORMAL_WB);
	return attr | S2_MEMATTR(S2_NORMAL_NC);
}

/*
 * In AArch64 a fetch takes no permission to read (DDI 0487 D8.4): who may not
 * read must be kept from fetching. At stage 2 that is XN[1] alone: with XN[0]
 * it keeps only the unprivileged from it, where the SMMU has FEAT_XNX.
 */
static uint64_t execute_never(const struct pgtable_config *c, uint32_t prot)
{
	bool never = prot & HYPIOMMU_PROT_NOEXEC;

	if (c->aarch32)
		return never ? XN0 | XN1 : 0;
	if (c->format == PGTABLE_LPAE_S2)
		return never || !(prot & HYPIOMMU_PROT_READ) ? XN1 : 0;
	if (never)
		return XN0 | XN1;
	return prot & HYPIOMMU_PROT_PRIV ? XN1 : 0;
}

static uint64_t attributes(const struct pgtable *pt, uint32_t prot)
{
	uint64_t attr = pt->config.format == PGTABLE_LPAE_S1
				? attributes_s1(prot)
				: attributes_s2(prot);

	attr |= prot & HYPIOMMU_PROT_CACHE ? DESC_SH_INNER : DESC_SH_OUTER;
	return attr | DESC_AF | execute_never(&pt->config, prot);
}

#include "engine.h"
