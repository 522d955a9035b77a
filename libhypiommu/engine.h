/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The walk discipline, compiled once for each format. A format file defines,
 * before it includes this:
 *
 *   desc_t		      uint64_t or uint32_t
 *   LAST		      number of the last level
 *   GRANULE		      log2 of the smallest leaf
 *   VALID_BITS		      a descriptor with any of them is valid
 *   COUNTED		      1: a table's entries in use are counted in ignored
 *			      bits of the descriptor that points to it; 0: an
 *			      emptied table is found by looking
 *   level_shift(l)	      log2 of the bytes an entry of level l translates
 *   index_bits(l)	      log2 of the entries of a table of level l
 *   is_table(d, l)	      is d (valid or cleared) a table descriptor
 *   table_address(d)	      physical address it points to
 *   table_desc(pa)	      a valid table descriptor with nothing in use
 *   cleared_desc(d, l)	      invalid, and not zero; keeps what follows
 *   leaf_address(d, l)	      output address of a valid or cleared leaf
 *   leaf_repeat(d, l)	      entries a leaf of this kind takes: 1 or more
 *   leaf_desc(pa, attr, l, repeat)
 *   leaf_attr(d, l)	      attr again, from a valid leaf that can be split
 *   leaf_step(l)	      descriptor of the next entry minus this one's
 *   is_page(d)		      a valid leaf of one entry, d from the last level
 *   page_address(d)	      leaf_address() of such a one
 *   page_desc(pa, like)      the page `like` (leaf_desc() of 0), but at pa
 *   REPEATS_ADDRESS	      1: all entries of a repeated leaf read the same;
 *			      0: each has its own address (contiguous hint)
 *   run_end(pa)	      leaf_step() holds for addresses below this
 *   TABLE_ORDER	      what table_alloc takes from the pool
 *   leaf_level(shift), leaf_kind_repeat(pt, shift)
 *			      where and how often a leaf of 2^shift is entered
 *   in_use(d), used_add(d, n)     if COUNTED: is any entry; n more are
 *   table_alloc(pt, slot, &pa), table_free(pt, slot, pa)
 *   attributes(pt, prot)
 *   ONE_LEAF_SIZE	      defined if there is one: nothing can be split
 *   OPS		      name of the pgtable_ops to define, static if
 *			      ENGINE_STATIC is
 *
 * All arithmetic on geometry folds to constants. Live descriptors are written
 * by single-copy atomic stores only (env.h).
 */

#if LAST < 1
#error "a table of one level has no parent"
#endif

/* Entries met on the way, from the root's to the last. */
struct path {
	desc_t *at[LAST + 1];
	desc_t *entry, *parent; /* the last, and the one above it or NULL */
	unsigned int level;	/* of the last */
};

static inline desc_t load(const desc_t *p)
{
	return sizeof(desc_t) == 8
		       ? (desc_t)hypiommu_env_load64((const uint64_t *)p)
		       : (desc_t)hypiommu_env_load32((const uint32_t *)p);
}

/*
 * The same where many are read in a row. Hardware does not write descriptors
 * (no backend lets it update flags) and other CPUs wait for the lock, so that a
 * plain load does, which the compiler may fold into what uses it.
 */
static inline desc_t peek(const desc_t *p)
{
	return *p;
}

/*
 * A buffer has few pages. No processor can guess how many, but where all loops
 * over them, here and over their page states (owner_pins.h), turn as often, it
 * is surprised once. So they go in pairs, and stop at the last one or two, of
 * which they take the first and the last, be it the same one, without asking.
 */
#define FEW (16ull << GRANULE)

static inline desc_t *last_pair(desc_t *e, const desc_t *end)
{
	return e + ((end - e - 1) & ~1LL);
}

static inline void store_raw(desc_t *p, desc_t d)
{
	if (sizeof(desc_t) == 8)
		hypiommu_env_store64((uint64_t *)p, d);
	else
		hypiommu_env_store32((uint32_t *)p, (uint32_t)d);
}

static inline void clean(const struct pgtable *pt, const desc_t *p,
			 uint64_t count)
{
	if (!pt->config.coherent)
		hypiommu_env_clean(p, count * sizeof(*p));
}

static inline void store(const struct pgtable *pt, desc_t *p, desc_t d)
{
	store_raw(p, d);
	clean(pt, p, 1);
}

static inline uint64_t min64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static inline desc_t *table_of(const struct pgtable *pt, desc_t d)
{
	return (desc_t *)(uintptr_t)(table_address(d) + pt->phys_to_virt);
}

static inline uint64_t index_of(uint64_t iova, unsigned int level)
{
	return iova >> level_shift(level) & ((1ull << index_bits(level)) - 1);
}

static inline uint64_t entries_left(const struct pgtable *pt, uint64_t iova,
				    unsigned int level)
{
	if (level == pt->start_level)
		return (1ull << (pt->config.ias - level_shift(level))) -
		       (iova >> level_shift(level));
	return (1ull << index_bits(level)) - index_of(iova, level);
}

/*
 * Walk to the entry for iova at `level`, or to the first that is no table.
 * Unrolled, so that every shift and mask is a constant.
 */
static inline void walk(const struct pgtable *pt, uint64_t iova,
			unsigned int level, struct path *path)
{
	desc_t *p = (desc_t *)pt->root + (iova >> pt->root_shift);
	desc_t *above = NULL;
	unsigned int l;

#pragma GCC unroll 4
	for (l = 0; l < LAST; l++) {
		desc_t d;

		if (l < pt->start_level)
			continue;
		path->at[l] = p;
		if (l == level)
			break;
		d = load(p);
		if (!is_table(d, l))
			break;
		above = p;
		p = &table_of(pt, d)[index_of(iova, l + 1)];
	}
	path->at[l] = path->entry = p;
	path->parent = above;
	path->level = l;
}

/* ----------------------------------------- where the last access ended */

/*
 * The table one level above the last is remembered with the range it
 * translates, and so are the last-level tables where something was mapped and
 * cleared last: a ring of buffers has its head in one and its tail in another.
 * Neighbours need no walk then, what is not too far away one step. Only valid
 * descriptors are remembered, and all is forgotten before one of them goes.
 */

#define LAST_SPAN (1ull << level_shift(LAST - 1)) /* of a last-level table */

static inline void forget(struct pgtable *pt)
{
	pt->mapped.size = pt->cleared.size = 0;
	pt->above_size = 0;
}

static inline void remember_last(struct pgtable_last *last, uint64_t iova,
				 desc_t *parent, desc_t *table)
{
	last->base = iova & ~(LAST_SPAN - 1);
	last->size = LAST_SPAN;
	last->table = table;
	last->parent = parent;
}

/* The walk for iova ended in a last-level table that is to stay. */
static inline void remember(struct pgtable *pt, struct pgtable_last *last,
			    uint64_t iova, const struct path *path)
{
	uint64_t span = 1ull << (level_shift(LAST - 1) + index_bits(LAST - 1));

	remember_last(last, iova, path->parent,
		      path->entry - index_of(iova, LAST));
	if (pt->start_level == LAST - 1) {
		pt->above = pt->root; /* above_base is always 0 then */
		pt->above_size = 1ull << pt->config.ias;
	} else {
		pt->above = path->parent - index_of(iova, LAST - 1);
		pt->above_base = iova & ~(span - 1);
		pt->above_size = span;
	}
}

/* The entry above the last level for iova, if its table is remembered. */
static inline desc_t *entry_above(const struct pgtable *pt, uint64_t iova)
{
	uint64_t offset = iova - pt->above_base;

	if (offset >= pt->above_size)
		return NULL;
	return (desc_t *)pt->above + (offset >> level_shift(LAST - 1));
}

/*
 * Make the last-level table of iova the remembered one, if that takes one step.
 * True also says that iova lies inside ias.
 */
static inline bool nearby(const struct pgtable *pt, struct pgtable_last *last,
			  uint64_t iova)
{
	desc_t *parent, d;

	if (__builtin_expect(iova - last->base < last->size, 1))
		return true;
	parent = entry_above(pt, iova);
	if (!parent)
		return false;
	d = load(parent);
	if (!(d & VALID_BITS) || !is_table(d, LAST - 1))
		return false;
	remember_last(last, iova, parent, table_of(pt, d));
	return true;
}

static inline desc_t *last_entry(const struct pgtable_last *last, uint64_t iova)
{
	return (desc_t *)last->table + ((iova - last->base) >> GRANULE);
}

/* Does [iova, iova + size), which starts in this table, end there? size is no
 * more than an address may be. */
static inline bool in_last_table(const struct pgtable_last *last, uint64_t iova,
				 uint64_t size)
{
	return iova - last->base + size <= LAST_SPAN;
}

static inline bool granules(uint64_t bits)
{
	return !(bits & ((1ull << GRANULE) - 1));
}

/* What is to be cleared at iova: its entry, level, parent (NULL at the root).
 */
static desc_t *find(struct pgtable *pt, uint64_t iova, unsigned int *level,
		    desc_t **parent)
{
	struct path path;

	if (nearby(pt, &pt->cleared, iova)) {
		*level = LAST;
		*parent = pt->cleared.parent;
		return last_entry(&pt->cleared, iova);
	}
	walk(pt, iova, LAST, &path);
	if (path.level == LAST && load(path.parent) & VALID_BITS)
		remember(pt, &pt->cleared, iova, &path);
	*level = path.level;
	*parent = path.parent;
	return path.entry;
}

/* `count` descriptors, `step` apart. */
static inline void fill_run(desc_t *e, uint64_t count, desc_t d, desc_t step)
{
	for (; count >= 8; count -= 8, e += 8, d += 8 * step) {
#pragma GCC unroll 8
		for (desc_t i = 0; i < 8; i++)
			store_raw(&e[i], d + i * step);
	}
	for (; count; count--, e++, d += step)
		store_raw(e, d);
}

#include "engine_map.h"
#include "engine_clear.h"
#include "engine_split.h"

/* --------------------------------------------------------------- lookup */

/* The address iova translates to by the descriptor a walk for it ends at. */
static inline int translate(desc_t d, unsigned int level, uint64_t iova,
			    uint64_t *pa)
{
	unsigned int repeat = REPEATS_ADDRESS ? leaf_repeat(d, level) : 1;
	uint64_t mask = ((uint64_t)repeat << level_shift(level)) - 1;

	if (!(d & VALID_BITS))
		return HYPIOMMU_E_NOENT;
	*pa = (leaf_address(d, level) & ~mask) | (iova & mask);
	return HYPIOMMU_OK;
}

static __attribute__((noinline)) int lookup_slowly(const struct pgtable *pt,
						   uint64_t iova, uint64_t *pa)
{
	struct path path;

	if (iova >> pt->config.ias)
		return HYPIOMMU_E_NOENT;
	walk(pt, iova, LAST, &path);
	return translate(load(path.entry), path.level, iova, pa);
}

static int engine_lookup(const struct pgtable *pt, uint64_t iova, uint64_t *pa)
{
	const desc_t *above = entry_above(pt, iova);
	desc_t d;

	if (!above)
		return lookup_slowly(pt, iova, pa);
	d = load(above);
	if (!is_table(d, LAST - 1))
		return translate(d, LAST - 1, iova, pa);
	d = load(&table_of(pt, d)[index_of(iova, LAST)]);
	return translate(d, LAST, iova, pa);
}

static int engine_next(const struct pgtable *pt, uint64_t *iova,
		       uint32_t max_steps)
{
	while (max_steps--) {
		struct path path;
		uint64_t span;

		if (*iova >> pt->config.ias)
			return HYPIOMMU_E_NOENT;
		walk(pt, *iova, LAST, &path);
		if (load(path.entry) & VALID_BITS)
			return HYPIOMMU_OK;
		span = 1ull << level_shift(path.level);
		*iova = (*iova & ~(span - 1)) + span;
	}
	return HYPIOMMU_E_AGAIN;
}

#ifndef ENGINE_STATIC
#define ENGINE_STATIC
#endif

ENGINE_STATIC const struct pgtable_ops OPS = {
	.map = engine_map,
	.map_pages = engine_map_pages,
	.clear = engine_clear,
	.reap = engine_reap,
	.erase = engine_erase,
	.split_begin = engine_split_begin,
#ifndef ONE_LEAF_SIZE
	.split_end = engine_split_end,
	.split_abort = engine_split_abort,
#endif
	.lookup = engine_lookup,
	.next = engine_next,
};
