// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * VMSAv8-64 tables with the 4 KiB granule (DDI 0487 D8.3): up to four levels
 * of 512 descriptors, blocks of 1 GiB and 2 MiB.
 *
 * How many entries of a table are in use is kept in bits [11:2] of the
 * descriptor that points to it, which hardware ignores there (D8.3.1), so that
 * an emptied table is found without reading it. A cleared descriptor is the
 * valid one with bit 0 taken away: bit 1 still tells table and page from block.
 */
#include "pgtable.h"

#define GRANULE_SHIFT 12u
#define INDEX_BITS    9u
#define TABLE_ENTRIES (1u << INDEX_BITS)
#define LAST_LEVEL    3u

#define DESC_VALID    (1ull << 0)
#define DESC_TABLE    (1ull << 1) /* above the last level */
#define DESC_PAGE     (1ull << 1) /* at the last level */
#define DESC_USED     (0x3ffull << 2)
#define DESC_USED_ONE (1ull << 2)
#define DESC_ADDR     0x0000fffffffff000ull

/* Lower and upper attributes, D8.3.2. */
#define S1_ATTR_INDEX(n) ((uint64_t)(n) << 2)
#define S1_AP_UNPRIV	 (1ull << 6)
#define S1_AP_RDONLY	 (1ull << 7)
#define S1_NG		 (1ull << 11)
#define S2_MEMATTR(m)	 ((uint64_t)(m) << 2)
#define S2_AP_READ	 (1ull << 6)
#define S2_AP_WRITE	 (1ull << 7)
#define DESC_SH_OUTER	 (2ull << 8)
#define DESC_SH_INNER	 (3ull << 8)
#define DESC_AF		 (1ull << 10)
#define DESC_XN		 (3ull << 53) /* PXN and UXN; XN[1:0] at stage 2 */

/* Stage-2 memory types without FWB, D8.6.5. */
#define S2_MEMATTR_DEVICE_NGNRE 0x1u
#define S2_MEMATTR_NORMAL_NC	0x5u
#define S2_MEMATTR_NORMAL_WB	0xfu

static inline unsigned int level_shift(unsigned int level)
{
	return GRANULE_SHIFT + INDEX_BITS * (LAST_LEVEL - level);
}

static inline bool is_block_level(const struct pgtable *pt, unsigned int level)
{
	return pt->leaf_sizes >> level_shift(level) & 1;
}

static inline uint64_t *table_of(const struct pgtable *pt, uint64_t desc)
{
	return (uint64_t *)(uintptr_t)((desc & DESC_ADDR) + pt->phys_to_virt);
}

static inline unsigned int index_of(uint64_t iova, unsigned int level)
{
	return (unsigned int)(iova >> level_shift(level)) & (TABLE_ENTRIES - 1);
}

/* The root may be several concatenated tables: its index is not masked. */
static inline uint64_t *root_entry(const struct pgtable *pt, uint64_t iova)
{
	return &pt->root[iova >> level_shift(pt->start_level)];
}

static inline bool is_table(uint64_t desc, unsigned int level)
{
	return level < LAST_LEVEL && desc & DESC_TABLE;
}

static inline void store(const struct pgtable *pt, uint64_t *entry,
			 uint64_t desc)
{
	hypiommu_env_store64(entry, desc);
	if (!pt->config.coherent)
		hypiommu_env_clean(entry, sizeof(*entry));
}

/*
 * The entries met on the way to an address: at[level] for every level from the
 * start to where the walk ended.
 */
struct path {
	uint64_t *at[LAST_LEVEL + 1];
	unsigned int level; /* of the last entry */
};

/* Walk to the entry for iova at `level`, or the first that is no table (a
 * cleared table is one: only reap and clear look at those). */
static inline void walk(const struct pgtable *pt, uint64_t iova,
			unsigned int level, struct path *path)
{
	unsigned int l = pt->start_level;

	path->at[l] = root_entry(pt, iova);
	while (l < level) {
		uint64_t desc = hypiommu_env_load64(path->at[l]);

		if (!is_table(desc, l))
			break;
		l++;
		path->at[l] = &table_of(pt, desc)[index_of(iova, l)];
	}
	path->level = l;
}

/* Entries of this level left from iova to the end of its table. */
static inline uint64_t entries_left(const struct pgtable *pt, uint64_t iova,
				    unsigned int level)
{
	if (level == pt->start_level)
		return (1ull << (pt->config.ias - level_shift(level))) -
		       (iova >> level_shift(level));
	return TABLE_ENTRIES - index_of(iova, level);
}

static inline uint64_t min64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* ------------------------------------------------------------------ map */

static uint64_t leaf_attributes(const struct pgtable *pt, uint32_t prot)
{
	uint64_t attr = DESC_AF;

	attr |= prot & HYPIOMMU_PROT_CACHE ? DESC_SH_INNER : DESC_SH_OUTER;
	if (prot & HYPIOMMU_PROT_NOEXEC)
		attr |= DESC_XN;
	if (pt->config.format == PGTABLE_LPAE_S1) {
		attr |= S1_NG;
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
	if (prot & HYPIOMMU_PROT_READ)
		attr |= S2_AP_READ;
	if (prot & HYPIOMMU_PROT_WRITE)
		attr |= S2_AP_WRITE;
	if (prot & HYPIOMMU_PROT_MMIO)
		return attr | S2_MEMATTR(S2_MEMATTR_DEVICE_NGNRE);
	if (prot & HYPIOMMU_PROT_CACHE)
		return attr | S2_MEMATTR(S2_MEMATTR_NORMAL_WB);
	return attr | S2_MEMATTR(S2_MEMATTR_NORMAL_NC);
}

/* The level whose leaves suit iova, pa and what is left. */
static unsigned int leaf_level(const struct pgtable *pt, uint64_t iova,
			       uint64_t pa, uint64_t size)
{
	unsigned int level = pt->start_level;

	for (; level < LAST_LEVEL; level++) {
		uint64_t leaf = 1ull << level_shift(level);

		if (is_block_level(pt, level) && size >= leaf &&
		    !((iova | pa) & (leaf - 1)))
			break;
	}
	return level;
}

static inline void count_used(const struct pgtable *pt, struct path *path,
			      unsigned int level, int64_t change)
{
	uint64_t *parent;

	if (level == pt->start_level)
		return;
	parent = path->at[level - 1];
	store(pt, parent,
	      hypiommu_env_load64(parent) +
		      (uint64_t)change * DESC_USED_ONE);
}

/*
 * Hang a chain of new tables below the empty entry where the walk ended, so
 * that it reaches `level`. The chain is built out of sight and linked by one
 * store; nothing is changed if a table page is missing.
 */
static int extend(struct pgtable *pt, uint64_t iova, unsigned int level,
		  struct path *path, struct pool_request *want)
{
	uint64_t tables[LAST_LEVEL], top = 0;
	unsigned int from = path->level, need = level - from, got;

	for (got = 0; got < need; got++) {
		if (pool_alloc(pt->pool, 0, pt->config.table_limit,
			       &tables[got]))
			break;
	}
	if (got < need) {
		want->order = 0;
		want->count = need - got;
		want->limit = pt->config.table_limit;
		while (got--)
			pool_free(pt->pool, tables[got], 0);
		return HYPIOMMU_E_NOMEM;
	}
	pt->pages += need;
	for (unsigned int i = 0; i < need; i++) {
		unsigned int l = from + 1 + i;
		/* Every new table but the last holds one entry. */
		uint64_t desc = tables[i] | DESC_VALID | DESC_TABLE |
				(i + 1 < need ? DESC_USED_ONE : 0);
		uint64_t *table = table_of(pt, desc);

		if (!pt->config.coherent)
			hypiommu_env_clean(table, HYPIOMMU_PAGE_SIZE);
		if (i == 0)
			top = desc;
		else
			store(pt, path->at[l - 1], desc);
		path->at[l] = &table[index_of(iova, l)];
	}
	/* The chain must be in memory before anything points to it. */
	hypiommu_env_publish();
	store(pt, path->at[from], top);
	count_used(pt, path, from, 1);
	path->level = level;
	return HYPIOMMU_OK;
}

static bool all_empty(const uint64_t *entries, uint64_t count)
{
	uint64_t any = 0;

	for (uint64_t i = 0; i < count; i++)
		any |= hypiommu_env_load64(&entries[i]);
	return !any;
}

/* Fill entries of one table; the longest empty stretch from the start. */
static uint64_t fill(const struct pgtable *pt, uint64_t *entries,
		     uint64_t count, uint64_t desc, uint64_t step)
{
	if (!all_empty(entries, count)) {
		uint64_t n = 0;

		while (n < count && !hypiommu_env_load64(&entries[n]))
			n++;
		count = n;
	}
	for (uint64_t i = 0; i < count; i++, desc += step)
		hypiommu_env_store64(&entries[i], desc);
	if (!pt->config.coherent && count)
		hypiommu_env_clean(entries, count * sizeof(*entries));
	return count;
}

/* Map leaves of one level inside one table; *count of them at most. */
static int map_run(struct pgtable *pt, uint64_t iova, unsigned int level,
		   uint64_t desc, uint64_t *count, struct pool_request *want)
{
	uint64_t asked = *count, done;
	struct path path;
	int err;

	*count = 0;
	walk(pt, iova, level, &path);
	if (path.level < level) {
		if (hypiommu_env_load64(path.at[path.level]))
			return HYPIOMMU_E_EXIST; /* a block */
		err = extend(pt, iova, level, &path, want);
		if (err)
			return err;
	}
	done = fill(pt, path.at[level], asked, desc,
		    1ull << level_shift(level));
	if (done)
		count_used(pt, &path, level, (int64_t)done);
	*count = done;
	return done < asked ? HYPIOMMU_E_EXIST : HYPIOMMU_OK;
}

static int range_fits(uint64_t start, uint64_t size, unsigned int bits)
{
	uint64_t end = start + size - 1;

	if (!size || (start | size) & (HYPIOMMU_PAGE_SIZE - 1))
		return HYPIOMMU_E_INVAL;
	return end < start || end >> bits ? HYPIOMMU_E_RANGE : HYPIOMMU_OK;
}

static int lpae_map(struct pgtable *pt, uint64_t iova, uint64_t pa,
		    uint64_t size, uint32_t prot, uint32_t max_leaves,
		    uint64_t *mapped, struct pool_request *want)
{
	uint64_t attr = leaf_attributes(pt, prot) | DESC_VALID;
	int err = range_fits(iova, size, pt->config.ias);

	*mapped = 0;
	if (!err)
		err = range_fits(pa, size, pt->config.oas);
	while (!err && *mapped < size && max_leaves) {
		uint64_t va = iova + *mapped, out = pa + *mapped;
		uint64_t left = size - *mapped, count;
		unsigned int level = leaf_level(pt, va, out, left);

		count = min64(left >> level_shift(level),
			      entries_left(pt, va, level));
		count = min64(count, max_leaves);
		err = map_run(pt, va, level,
			      out | attr | (level == LAST_LEVEL ? DESC_PAGE : 0),
			      &count, want);
		*mapped += count << level_shift(level);
		max_leaves -= (uint32_t)count;
	}
	return err;
}

/* ---------------------------------------------------------------- clear */

/* After `count` entries below path->at[level - 1] were cleared: clear the
 * tables that emptied, upwards. */
static bool shrink(const struct pgtable *pt, struct path *path,
		   unsigned int level, uint64_t count)
{
	bool tables = false;

	for (; level > pt->start_level; level--, count = 1) {
		uint64_t *parent = path->at[level - 1];
		uint64_t desc = hypiommu_env_load64(parent) -
				count * DESC_USED_ONE;

		if (desc & DESC_USED) {
			store(pt, parent, desc);
			break;
		}
		store(pt, parent, desc & ~DESC_VALID);
		tables = true;
	}
	return tables;
}

/* Clear valid entries from the start; stops at the first that is not. */
static uint64_t clear_run(const struct pgtable *pt, uint64_t *entries,
			  uint64_t count, unsigned int level)
{
	uint64_t i;

	for (i = 0; i < count; i++) {
		uint64_t desc = hypiommu_env_load64(&entries[i]);

		if (!(desc & DESC_VALID) || is_table(desc, level))
			break;
		hypiommu_env_store64(&entries[i], desc & ~DESC_VALID);
	}
	if (!pt->config.coherent && i)
		hypiommu_env_clean(entries, i * sizeof(*entries));
	return i;
}

static int lpae_clear(struct pgtable *pt, uint64_t iova, uint64_t size,
		      uint32_t max_leaves, uint64_t max_bytes,
		      uint64_t *cleared, bool *tables, uint8_t *shift)
{
	int err = range_fits(iova, size, pt->config.ias);

	*cleared = 0;
	*tables = false;
	*shift = 63;
	size = min64(size, max_bytes);
	while (!err && *cleared < size && max_leaves) {
		uint64_t va = iova + *cleared, left = size - *cleared, count;
		unsigned int level_bits;
		struct path path;

		walk(pt, va, LAST_LEVEL, &path);
		level_bits = level_shift(path.level);
		if (!(hypiommu_env_load64(path.at[path.level]) & DESC_VALID)) {
			err = HYPIOMMU_E_NOENT;
			break;
		}
		if (va & ((1ull << level_bits) - 1) || left >> level_bits == 0) {
			err = HYPIOMMU_E_UNSUPPORTED;
			break;
		}
		count = min64(left >> level_bits,
			      entries_left(pt, va, path.level));
		count = clear_run(pt, path.at[path.level],
				  min64(count, max_leaves), path.level);
		*tables |= shrink(pt, &path, path.level, count);
		*shift = (uint8_t)min64(*shift, level_bits);
		*cleared += count << level_bits;
		max_leaves -= (uint32_t)count;
	}
	return *cleared ? HYPIOMMU_OK : err;
}

/* ----------------------------------------------------------------- reap */

struct run {
	uint64_t pa, size;
	pgtable_reap_fn fn;
	void *ctx;
};

static inline void run_flush(struct run *run)
{
	if (run->size)
		run->fn(run->ctx, run->pa, run->size);
	run->size = 0;
}

static inline void run_add(struct run *run, uint64_t pa, uint64_t size)
{
	if (run->size && run->pa + run->size == pa) {
		run->size += size;
		return;
	}
	run_flush(run);
	run->pa = pa;
	run->size = size;
}

/* Empty cleared leaves of one table. */
static void reap_run(struct pgtable *pt, uint64_t *entries, uint64_t count,
		     unsigned int level, struct run *run)
{
	uint64_t leaf = 1ull << level_shift(level);

	for (uint64_t i = 0; i < count; i++) {
		uint64_t desc = hypiommu_env_load64(&entries[i]);

		if (!desc || desc & DESC_VALID || is_table(desc, level))
			continue;
		run_add(run, desc & DESC_ADDR, leaf);
		hypiommu_env_store64(&entries[i], 0);
	}
	if (!pt->config.coherent)
		hypiommu_env_clean(entries, count * sizeof(*entries));
}

/* Free the cleared tables on the path that end at or before `next`. */
static void free_tables(struct pgtable *pt, struct path *path, uint64_t iova,
			uint64_t next, bool last)
{
	for (unsigned int l = path->level; l > pt->start_level; l--) {
		uint64_t *parent = path->at[l - 1];
		uint64_t desc = hypiommu_env_load64(parent);
		uint64_t span = 1ull << level_shift(l - 1);

		if (desc & DESC_VALID ||
		    (!last && (iova & ~(span - 1)) == (next & ~(span - 1))))
			break;
		pool_free(pt->pool, desc & DESC_ADDR, 0);
		pt->pages--;
		store(pt, parent, 0);
	}
}

static void lpae_reap(struct pgtable *pt, uint64_t iova, uint64_t size,
		      pgtable_reap_fn fn, void *ctx)
{
	struct run run = { .fn = fn, .ctx = ctx };
	uint64_t done = 0;

	while (done < size) {
		uint64_t va = iova + done, left = size - done, count;
		unsigned int bits;
		struct path path;

		walk(pt, va, LAST_LEVEL, &path);
		bits = level_shift(path.level);
		count = left >> bits;
		count = min64(count ? count : 1,
			      entries_left(pt, va, path.level));
		reap_run(pt, path.at[path.level], count, path.level, &run);
		done += count << bits;
		free_tables(pt, &path, va, iova + done, done >= size);
	}
	run_flush(&run);
}

/* --------------------------------------------------------------- lookup */

static int lpae_lookup(const struct pgtable *pt, uint64_t iova, uint64_t *pa)
{
	struct path path;
	uint64_t desc, mask;

	if (iova >> pt->config.ias)
		return HYPIOMMU_E_NOENT;
	walk(pt, iova, LAST_LEVEL, &path);
	desc = hypiommu_env_load64(path.at[path.level]);
	if (!(desc & DESC_VALID))
		return HYPIOMMU_E_NOENT;
	mask = (1ull << level_shift(path.level)) - 1;
	*pa = (desc & DESC_ADDR & ~mask) | (iova & mask);
	return HYPIOMMU_OK;
}

static int lpae_next(const struct pgtable *pt, uint64_t *iova,
		     uint32_t max_steps)
{
	while (max_steps--) {
		struct path path;
		uint64_t span;

		if (*iova >> pt->config.ias)
			return HYPIOMMU_E_NOENT;
		walk(pt, *iova, LAST_LEVEL, &path);
		if (hypiommu_env_load64(path.at[path.level]) & DESC_VALID)
			return HYPIOMMU_OK;
		span = 1ull << level_shift(path.level);
		*iova = (*iova & ~(span - 1)) + span;
	}
	return HYPIOMMU_E_AGAIN;
}

/* ------------------------------------------------------------- geometry */

static const struct pgtable_ops lpae_ops = {
	.map = lpae_map,
	.clear = lpae_clear,
	.reap = lpae_reap,
	.lookup = lpae_lookup,
	.next = lpae_next,
};

int lpae_init(struct pgtable *pt)
{
	unsigned int level = 0, ias = pt->config.ias, oas = pt->config.oas;
	unsigned int extra = 0, index_bits;

	if (pt->config.granule_shift != GRANULE_SHIFT || ias < 32 || ias > 48 ||
	    oas < 32 || oas > 48)
		return HYPIOMMU_E_UNSUPPORTED;
	/* Stage 2 may concatenate up to 16 tables at its first level, to
	 * save one (DDI 0487 D8.2.8). */
	if (pt->config.format == PGTABLE_LPAE_S2)
		extra = 4;
	while (ias <= level_shift(level) + extra)
		level++;
	index_bits = ias - level_shift(level);
	pt->start_level = (uint8_t)level;
	pt->root_order =
		(uint8_t)(index_bits > INDEX_BITS ? index_bits - INDEX_BITS : 0);
	pt->leaf_sizes = 1ull << 12 | 1ull << 21;
	if (level <= 1)
		pt->leaf_sizes |= 1ull << 30;
	pt->ops = &lpae_ops;
	return HYPIOMMU_OK;
}
