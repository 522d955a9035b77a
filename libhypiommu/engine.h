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
 *   leaf_attr(d, l)	      attr again, from a valid leaf
 *   leaf_step(l)	      descriptor of the next entry minus this one's
 *   REPEATS_ADDRESS	      1: all entries of a repeated leaf read the same;
 *			      0: each has its own address (contiguous hint)
 *   run_end(pa)	      leaf_step() holds for addresses below this
 *   TABLE_ORDER	      what table_alloc takes from the pool
 *   leaf_level(shift), leaf_kind_repeat(pt, shift)
 *			      where and how often a leaf of 2^shift is entered
 *   used_get(d), used_add(d, n)   if COUNTED
 *   table_alloc(pt, slot, level, &pa), table_free(pt, slot, level, pa)
 *   attributes(pt, prot)
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

/* -------------------------------------------- the last table, remembered */

static inline uint64_t cache_tag(uint64_t iova)
{
	return iova >> level_shift(LAST - 1);
}

static inline void cache_set(struct pgtable *pt, uint64_t iova,
			     const struct path *path)
{
	pt->cached_tag = cache_tag(iova);
	pt->cached_table = path->entry - index_of(iova, LAST);
	pt->cached_parent = path->parent;
}

static inline void cache_drop(struct pgtable *pt)
{
	pt->cached_tag = ~0ull;
}

/* The entry for iova at the last level and its parent, if remembered. */
static inline desc_t *remembered(const struct pgtable *pt, uint64_t iova,
				 desc_t **parent)
{
	if (pt->cached_tag != cache_tag(iova))
		return NULL;
	*parent = pt->cached_parent;
	return (desc_t *)pt->cached_table + index_of(iova, LAST);
}

/* Walk to the last level and remember its table; false if there is none. */
static __attribute__((noinline)) bool remember(struct pgtable *pt,
					       uint64_t iova)
{
	desc_t *p = (desc_t *)pt->root + (iova >> pt->root_shift);
	desc_t *above = NULL;

	if (iova >> pt->config.ias)
		return false;
#pragma GCC unroll 4
	for (unsigned int l = 0; l < LAST; l++) {
		desc_t d;

		if (l < pt->start_level)
			continue;
		d = load(p);
		if (!(d & VALID_BITS) || !is_table(d, l))
			return false; /* a cleared table is about to go */
		above = p;
		p = &table_of(pt, d)[index_of(iova, l + 1)];
	}
	pt->cached_tag = cache_tag(iova);
	pt->cached_table = p - index_of(iova, LAST);
	pt->cached_parent = above;
	return true;
}

/* What is at iova: its entry, level, parent (NULL at the root). */
static desc_t *find_slowly(struct pgtable *pt, uint64_t iova,
			   unsigned int *level, desc_t **parent)
{
	struct path path;

	walk(pt, iova, LAST, &path);
	if (path.level == LAST && load(path.parent) & VALID_BITS)
		cache_set(pt, iova, &path);
	*level = path.level;
	*parent = path.parent;
	return path.entry;
}

static inline desc_t *find(struct pgtable *pt, uint64_t iova,
			   unsigned int *level, desc_t **parent)
{
	desc_t *e = remembered(pt, iova, parent);

	*level = LAST;
	return e ? e : find_slowly(pt, iova, level, parent);
}

/* ------------------------------------------------------------------ map */

static inline void count_used(const struct pgtable *pt, desc_t *parent,
			      uint64_t n)
{
#if COUNTED
	store(pt, parent, used_add(load(parent), n));
#else
	(void)pt, (void)parent, (void)n;
#endif
}

/*
 * Hang a chain of new tables below the empty entry where the walk ended, so
 * that it reaches `level`. The chain is built out of sight and linked by one
 * store; nothing is changed if a table page is missing.
 */
static int extend(struct pgtable *pt, uint64_t iova, unsigned int level,
		  struct path *path, struct pool_request *want)
{
	unsigned int from = path->level, need = level - from, got;
	uint64_t tables[LAST];
	desc_t top = 0;

	for (got = 0; got < need; got++) {
		if (table_alloc(pt, path->at[from], from + 1 + got,
				&tables[got]))
			break;
	}
	if (got < need) {
		want->order = TABLE_ORDER;
		want->count = need - got;
		want->limit = pt->config.table_limit;
		while (got--)
			table_free(pt, path->at[from], from + 1 + got,
				   tables[got]);
		return HYPIOMMU_E_NOMEM;
	}
	for (unsigned int i = 0; i < need; i++) {
		unsigned int l = from + 1 + i;
		desc_t d = table_desc(tables[i]), *table = table_of(pt, d);

#if COUNTED
		if (i + 1 < need) /* every new table but the last holds one */
			d = used_add(d, 1);
#endif
		clean(pt, table, 1ull << index_bits(l));
		if (i == 0)
			top = d;
		else
			store(pt, path->at[l - 1], d);
		path->at[l] = &table[index_of(iova, l)];
	}
	/* The chain must be in memory before anything points to it. */
	hypiommu_env_publish();
	store(pt, path->at[from], top);
	if (from > pt->start_level)
		count_used(pt, path->at[from - 1], 1);
	path->entry = path->at[level];
	path->parent = path->at[level - 1];
	path->level = level;
	return HYPIOMMU_OK;
}

/* How many of the entries are empty, from the first on. */
static inline uint64_t empty_run(const desc_t *e, uint64_t count)
{
	uint64_t i = 0;

	for (; i + 4 <= count; i += 4) {
		if (load(&e[i]) | load(&e[i + 1]) | load(&e[i + 2]) |
		    load(&e[i + 3]))
			break;
	}
	while (i < count && !load(&e[i]))
		i++;
	return i;
}

static inline void fill_run(desc_t *e, uint64_t count, desc_t d, desc_t step)
{
	for (; count >= 4; count -= 4, e += 4) {
		store_raw(&e[0], d);
		store_raw(&e[1], d + step);
		store_raw(&e[2], d + 2 * step);
		store_raw(&e[3], d + 3 * step);
		d += 4 * step;
	}
	for (; count; count--, e++, d += step)
		store_raw(e, d);
}

/* The same descriptor in all entries of each leaf (short descriptors). */
static inline void fill_repeated(desc_t *e, uint64_t leaves,
				 unsigned int repeat, desc_t d, desc_t step)
{
	for (; leaves; leaves--, e += repeat, d += step)
		fill_run(e, repeat, d, 0);
}

/* log2 of the largest leaf allowed that fits. */
static inline unsigned int pick_shift(uint64_t iova, uint64_t pa, uint64_t left,
				      uint64_t sizes)
{
	uint64_t align = (iova | pa) & -(iova | pa);
	uint64_t fits = sizes & (((align - 1) | align));

	/* What is larger than `left` does not fit either. */
	fits &= (2ull << (63 - __builtin_clzll(left))) - 1;
	return 63u - (unsigned int)__builtin_clzll(fits);
}

/* Leaves of 2^shift from iova until one of the next larger size would fit. */
static inline uint64_t until_larger(uint64_t iova, uint64_t pa,
				    unsigned int shift, uint64_t sizes)
{
	uint64_t larger = sizes & ~((2ull << shift) - 1), size;

	size = larger & -larger;
	if (!size || (iova ^ pa) & (size - 1))
		return ~0ull;
	return (size - (iova & (size - 1))) >> shift;
}

/* The entry for iova at `level`, with the tables it takes. */
static int reach(struct pgtable *pt, uint64_t iova, unsigned int level,
		 desc_t **e, desc_t **parent, struct pool_request *want)
{
	struct path path;

	walk(pt, iova, level, &path);
	if (path.level < level) {
		int err;

		if (load(path.entry))
			return HYPIOMMU_E_EXIST; /* a block */
		err = extend(pt, iova, level, &path, want);
		if (err)
			return err;
	}
	*e = path.entry;
	*parent = path.parent;
	if (level == LAST)
		cache_set(pt, iova, &path);
	return HYPIOMMU_OK;
}

static int map_run(struct pgtable *pt, uint64_t iova, uint64_t pa,
		   unsigned int shift, uint64_t attr, uint64_t *leaves,
		   struct pool_request *want)
{
	unsigned int level = leaf_level(shift);
	unsigned int repeat = leaf_kind_repeat(pt, shift);
	desc_t *e = NULL, *parent = NULL, d;
	uint64_t asked = *leaves, done;

	*leaves = 0;
	if (level == LAST)
		e = remembered(pt, iova, &parent);
	if (!e) {
		int err = reach(pt, iova, level, &e, &parent, want);

		if (err)
			return err;
	}
	asked = min64(asked, entries_left(pt, iova, level) / repeat);
	done = empty_run(e, asked * repeat) / repeat;
	d = leaf_desc(pa, attr, level, repeat);
	if (REPEATS_ADDRESS && repeat > 1)
		fill_repeated(e, done, repeat, d, (desc_t)1 << shift);
	else
		fill_run(e, done * repeat, d, leaf_step(level));
	clean(pt, e, done * repeat);
	if (parent && done)
		count_used(pt, parent, done * repeat);
	*leaves = done;
	return done < asked ? HYPIOMMU_E_EXIST : HYPIOMMU_OK;
}

static __attribute__((noinline)) int map_slowly(struct pgtable *pt,
						uint64_t iova, uint64_t pa,
						uint64_t size, uint32_t prot,
						struct pgtable_mapped *m)
{
	uint64_t done = 0;
	int err = pgtable_range(iova, size, GRANULE, pt->config.ias);

	m->size = 0;
	if (!err)
		err = pgtable_range(pa, size, GRANULE, pt->config.oas);
	if (err)
		return err;
	if (prot != pt->last_prot) {
		pt->last_attr = attributes(pt, prot);
		pt->last_prot = prot;
	}
	do {
		unsigned int shift = pick_shift(iova + done, pa + done,
						size - done, pt->map_sizes);
		uint64_t leaves = (size - done) >> shift;

		if (leaves > 1) {
			leaves = min64(leaves,
				       until_larger(iova + done, pa + done,
						    shift, pt->map_sizes));
			leaves = min64(leaves,
				       (run_end(pa + done) - (pa + done)) >>
					       shift);
		}
		err = map_run(pt, iova + done, pa + done, shift, pt->last_attr,
			      &leaves, &m->want);
		done += leaves << shift;
	} while (!err && done < size);
	m->size = done;
	return err;
}

/*
 * Is [iova, iova + size) whole granules of the remembered table, mapped with
 * the permissions last used? Its tag is that of addresses inside ias, so this
 * also is the range check.
 */
static inline bool in_remembered(const struct pgtable *pt, uint64_t iova,
				 uint64_t size)
{
	return cache_tag(iova) == pt->cached_tag &&
	       size - 1 < 1ull << level_shift(LAST - 1) &&
	       cache_tag(iova + size - 1) == pt->cached_tag;
}

static inline bool granules(uint64_t bits)
{
	return !(bits & ((1ull << GRANULE) - 1));
}

static inline desc_t *remembered_entry(const struct pgtable *pt, uint64_t iova)
{
	return (desc_t *)pt->cached_table + index_of(iova, LAST);
}

/* Several smallest leaves in the remembered table. */
static __attribute__((noinline)) int map_nearby(struct pgtable *pt,
						uint64_t iova, uint64_t pa,
						uint64_t size, uint32_t prot,
						struct pgtable_mapped *m)
{
	uint64_t larger = pt->map_sizes & -(2ull << GRANULE);
	uint64_t n = size >> GRANULE;
	desc_t *e = remembered_entry(pt, iova);

	if (!in_remembered(pt, iova, size) || size > (larger & -larger) - 1 ||
	    (pa + size - 1) >> pt->config.oas ||
	    pa + size - 1 > run_end(pa) - 1 || empty_run(e, n) != n)
		return map_slowly(pt, iova, pa, size, prot, m);
	fill_run(e, n, leaf_desc(pa, pt->last_attr, LAST, 1), leaf_step(LAST));
	clean(pt, e, n);
	count_used(pt, pt->cached_parent, n);
	m->size = size;
	return HYPIOMMU_OK;
}

/*
 * The common case takes no walk: a leaf next to one mapped or unmapped before,
 * with the same permissions. All else, and every refusal, is map_slowly()'s.
 */
static int engine_map(struct pgtable *pt, uint64_t iova, uint64_t pa,
		      uint64_t size, uint32_t prot, struct pgtable_mapped *m)
{
	desc_t *e;

	if (prot != pt->last_prot || !granules(iova | pa | size) ||
	    (cache_tag(iova) != pt->cached_tag && !remember(pt, iova)))
		return map_slowly(pt, iova, pa, size, prot, m);
	if (size != 1ull << GRANULE)
		return map_nearby(pt, iova, pa, size, prot, m);
	e = remembered_entry(pt, iova);
	if (load(e) || pa >> pt->config.oas)
		return map_slowly(pt, iova, pa, size, prot, m);
	store(pt, e, leaf_desc(pa, pt->last_attr, LAST, 1));
	count_used(pt, pt->cached_parent, 1);
	m->size = 1ull << GRANULE;
	return HYPIOMMU_OK;
}

/* ---------------------------------------------------------------- clear */

#if !COUNTED
/* Nothing valid in the table? Looks at the neighbours of `near` first. */
static bool table_is_empty(const desc_t *table, uint64_t near,
			   unsigned int level)
{
	uint64_t entries = 1ull << index_bits(level);

	for (uint64_t i = near; i < entries; i++) {
		if (load(&table[i]) & VALID_BITS)
			return false;
	}
	for (uint64_t i = near; i-- > 0;) {
		if (load(&table[i]) & VALID_BITS)
			return false;
	}
	return true;
}
#endif

/* `count` entries up to `end` (exclusive) of a table of this level went: is
 * nothing left in it? Updates what its parent says. */
static inline bool emptied(const struct pgtable *pt, desc_t *parent,
			   desc_t *table, uint64_t end, unsigned int level,
			   uint64_t count)
{
#if COUNTED
	desc_t d = used_add(load(parent), -count);

	(void)table, (void)end, (void)level;
	if (used_get(d)) {
		store(pt, parent, d);
		return false;
	}
	store(pt, parent, cleared_desc(d, level - 1));
#else
	(void)count;
	if (!table_is_empty(table, end, level))
		return false;
	store(pt, parent, cleared_desc(load(parent), level - 1));
#endif
	return true;
}

/* Clear the tables above that emptied, now that the one at `level` has. */
static __attribute__((noinline)) void shrink(struct pgtable *pt, uint64_t iova,
					     unsigned int level)
{
	struct path path;

	cache_drop(pt);
	walk(pt, iova, level - 1, &path);
	for (level--; level > pt->start_level; level--) {
		uint64_t index = index_of(iova, level);

		if (!emptied(pt, path.at[level - 1], path.at[level] - index,
			     index + 1, level, 1))
			break;
	}
}

/*
 * Clear valid leaves of one entry each, as many as follow each other in memory
 * with the same attributes, at most `count`. The first is known to be one;
 * equality covers the rest.
 */
static inline uint64_t clear_run(desc_t *e, uint64_t count, unsigned int level,
				 desc_t d)
{
	desc_t step = leaf_step(level), gone = cleared_desc(d, level), *p = e;
	const desc_t *end = e + count;

	/* A cleared descriptor differs by as much as the valid one. */
	do {
		store_raw(p++, gone);
		gone += step;
		d += step;
	} while (p < end && load(p) == d);
	return (uint64_t)(p - e);
}

/* The same, run after run, up to what is no such leaf; how many runs. */
static inline uint64_t clear_runs(desc_t *e, uint64_t count, unsigned int level,
				  unsigned int *runs)
{
	uint64_t n = 0;

	for (*runs = 0; n < count; ++*runs) {
		desc_t d = load(&e[n]);

		if (!(d & VALID_BITS) || is_table(d, level) ||
		    leaf_repeat(d, level) > 1)
			break;
		n += clear_run(&e[n], count - n, level, d);
	}
	return n;
}

/* A leaf of several entries, all of them. */
static uint64_t clear_repeated(desc_t *e, unsigned int repeat,
			       unsigned int level)
{
	for (unsigned int i = 0; i < repeat; i++)
		store_raw(&e[i], cleared_desc(load(&e[i]), level));
	return repeat;
}

/* `n` entries of the table at e went: what that means for the tables above. */
static inline void cleared_entries(struct pgtable *pt, uint64_t iova, desc_t *e,
				   desc_t *parent, unsigned int level,
				   uint64_t n, struct pgtable_cleared *c)
{
	uint64_t index = index_of(iova, level);

	clean(pt, e, n);
	if (!parent || !emptied(pt, parent, e - index, index + n, level, n))
		return;
	c->tables = true;
	shrink(pt, iova, level);
}

static __attribute__((noinline)) int clear_slowly(struct pgtable *pt,
						  uint64_t iova, uint64_t size,
						  uint32_t max_leaves,
						  struct pgtable_cleared *c)
{
	int err = pgtable_range(iova, size, GRANULE, pt->config.ias);
	uint64_t done = 0;

	c->size = 0;
	c->one_run = c->tables = false;
	c->shift = 63;
	if (err)
		return err;
	do {
		unsigned int level, shift, repeat;
		uint64_t va = iova + done, left = size - done, n;
		desc_t *parent, *e = find(pt, va, &level, &parent), d = load(e);
		unsigned int runs = 0;

		if (!(d & VALID_BITS)) {
			err = HYPIOMMU_E_NOENT;
			break;
		}
		repeat = leaf_repeat(d, level);
		shift = level_shift(level) +
			(unsigned int)__builtin_ctz(repeat);
		if (va & ((1ull << shift) - 1) || left >> shift == 0) {
			err = HYPIOMMU_E_UNSUPPORTED;
			break;
		}
		n = min64(min64(left >> shift, max_leaves),
			  entries_left(pt, va, level));
		c->pa = leaf_address(d, level);
		n = repeat > 1 ? clear_repeated(e, repeat, level)
			       : clear_runs(e, n, level, &runs);
		cleared_entries(pt, va, e, parent, level, n, c);
		c->shift = shift < c->shift ? (uint8_t)shift : c->shift;
		c->one_run = !done && runs == 1;
		done += n << level_shift(level);
		max_leaves -= (uint32_t)(n / repeat);
	} while (done < size && max_leaves);
	c->size = done;
	return done ? HYPIOMMU_OK : err;
}

/* Smallest leaves of the remembered table, the first of them `d` at `e`. */
static __attribute__((noinline)) int clear_nearby(struct pgtable *pt,
						  uint64_t iova, uint64_t size,
						  uint32_t max_leaves,
						  struct pgtable_cleared *c)
{
	desc_t *e = remembered_entry(pt, iova), d = load(e);
	uint64_t n = size >> GRANULE, cleared;

	if (!in_remembered(pt, iova, size) || n > max_leaves)
		return clear_slowly(pt, iova, size, max_leaves, c);
	cleared = clear_run(e, n, LAST, d);
	if (cleared < n) {
		unsigned int runs;

		cleared += clear_runs(e + cleared, n - cleared, LAST, &runs);
		c->one_run = !runs;
	}
	c->size = cleared << GRANULE;
	cleared_entries(pt, iova, e, pt->cached_parent, LAST, cleared, c);
	return HYPIOMMU_OK;
}

/* As engine_map(): what lies in the remembered table takes no walk. */
static int engine_clear(struct pgtable *pt, uint64_t iova, uint64_t size,
			uint32_t max_leaves, struct pgtable_cleared *c)
{
	desc_t *e, d;

	if (!granules(iova | size) || !size ||
	    (cache_tag(iova) != pt->cached_tag && !remember(pt, iova)))
		return clear_slowly(pt, iova, size, max_leaves, c);
	e = remembered_entry(pt, iova);
	d = load(e);
	if (!(d & VALID_BITS) || leaf_repeat(d, LAST) > 1)
		return clear_slowly(pt, iova, size, max_leaves, c);
	c->pa = leaf_address(d, LAST);
	c->tables = false;
	c->one_run = true;
	c->shift = GRANULE;
	if (size != 1ull << GRANULE)
		return clear_nearby(pt, iova, size, max_leaves, c);
	store_raw(e, cleared_desc(d, LAST));
	c->size = 1ull << GRANULE;
	cleared_entries(pt, iova, e, pt->cached_parent, LAST, 1, c);
	return HYPIOMMU_OK;
}

/* ----------------------------------------------------------------- reap */

struct run {
	uint64_t pa, size;
	pgtable_reap_fn fn;
	void *ctx;
};

static inline void run_add(struct run *run, uint64_t pa, uint64_t size)
{
	if (run->size && run->pa + run->size == pa) {
		run->size += size;
		return;
	}
	if (run->size)
		run->fn(run->ctx, run->pa, run->size);
	run->pa = pa;
	run->size = size;
}

static inline void zero_run(desc_t *e, uint64_t count)
{
	fill_run(e, count, 0, 0);
}

/* Empty the cleared leaves of one table, the leaf at e[0] first. */
static void reap_run(struct pgtable *pt, desc_t *e, uint64_t count,
		     unsigned int level, struct run *run)
{
	uint64_t i = 0;

	while (i < count) {
		desc_t d = load(&e[i]);
		unsigned int n = 1;

		if (d && !(d & VALID_BITS) && !is_table(d, level)) {
			if (REPEATS_ADDRESS)
				n = leaf_repeat(d, level);
			run_add(run, leaf_address(d, level),
				(uint64_t)n << level_shift(level));
			zero_run(&e[i], n);
		}
		i += n;
	}
	clean(pt, e, count);
}

/* Free the cleared tables on the path that end at or before `next`. */
static void free_tables(struct pgtable *pt, struct path *path, uint64_t iova,
			uint64_t next, bool last)
{
	for (unsigned int l = path->level; l > pt->start_level; l--) {
		desc_t *parent = path->at[l - 1], d = load(parent);
		uint64_t span = 1ull << level_shift(l - 1);

		if (d & VALID_BITS ||
		    (!last && (iova & ~(span - 1)) == (next & ~(span - 1))))
			break;
		store(pt, parent, 0);
		table_free(pt, parent, l, table_address(d));
		cache_drop(pt);
	}
}

static void engine_reap(struct pgtable *pt, uint64_t iova, uint64_t size,
			pgtable_reap_fn fn, void *ctx)
{
	struct run run = { .fn = fn, .ctx = ctx };
	uint64_t done = 0;

	while (done < size) {
		uint64_t va = iova + done, left = size - done, count;
		unsigned int bits;
		struct path path;

		walk(pt, va, LAST, &path);
		bits = level_shift(path.level);
		count = left >> bits;
		count = min64(count ? count : 1,
			      entries_left(pt, va, path.level));
		reap_run(pt, path.entry, count, path.level, &run);
		done += count << bits;
		free_tables(pt, &path, va, iova + done, done >= size);
	}
	if (run.size)
		fn(ctx, run.pa, run.size);
}

/* One run in one table, which may have gone as well. */
static __attribute__((noinline)) void erase_slowly(struct pgtable *pt,
						   uint64_t iova, uint64_t size)
{
	struct path path;
	uint64_t n;

	walk(pt, iova, LAST, &path);
	n = size >> level_shift(path.level);
	zero_run(path.entry, n);
	clean(pt, path.entry, n);
	free_tables(pt, &path, iova, iova + size, true);
}

static void engine_erase(struct pgtable *pt, uint64_t iova, uint64_t size)
{
	if (cache_tag(iova) != pt->cached_tag)
		erase_slowly(pt, iova, size);
	else if (size == 1ull << GRANULE)
		store(pt, remembered_entry(pt, iova), 0);
	else {
		desc_t *e = remembered_entry(pt, iova);

		zero_run(e, size >> GRANULE);
		clean(pt, e, size >> GRANULE);
	}
}

/* ---------------------------------------------------------------- split */

static int engine_split_begin(struct pgtable *pt, uint64_t iova,
			      struct pgtable_split *s,
			      struct pool_request *want)
{
	unsigned int level, repeat, shift;
	desc_t *parent, *e, d;

	if (iova >> pt->config.ias)
		return HYPIOMMU_E_NOENT;
	e = find(pt, iova, &level, &parent);
	d = load(e);
	if (!(d & VALID_BITS))
		return HYPIOMMU_E_NOENT;
	repeat = leaf_repeat(d, level);
	if (level == LAST && repeat == 1)
		return HYPIOMMU_E_NOENT;
	e -= index_of(iova, level) & (repeat - 1);
	shift = level_shift(level) + (unsigned int)__builtin_ctz(repeat);
	s->entry = e;
	s->old = load(e);
	s->level = level;
	s->count = repeat;
	s->size = 1ull << shift;
	s->iova = iova & ~(s->size - 1);
	s->table_pa = 0;
	if (repeat == 1) {
		uint64_t inner = 1ull << index_bits(level + 1), pa = 0;
		desc_t *table;

		if (table_alloc(pt, e, level + 1, &pa)) {
			want->order = TABLE_ORDER;
			want->count = 1;
			want->limit = pt->config.table_limit;
			return HYPIOMMU_E_NOMEM;
		}
		table = table_of(pt, table_desc(pa));
		s->table_pa = pa;
		fill_run(table, inner,
			 leaf_desc(leaf_address(d, level), leaf_attr(d, level),
				   level + 1, 1),
			 leaf_step(level + 1));
		clean(pt, table, inner);
		hypiommu_env_publish();
	}
	cache_drop(pt);
	for (uint32_t i = 0; i < repeat; i++)
		store_raw(&e[i], cleared_desc(load(&e[i]), level));
	clean(pt, e, repeat);
	return HYPIOMMU_OK;
}

static void engine_split_end(struct pgtable *pt, const struct pgtable_split *s)
{
	desc_t old = (desc_t)s->old, *e = s->entry;

	if (s->table_pa) {
		desc_t d = table_desc(s->table_pa);

#if COUNTED
		d = used_add(d, 1ull << index_bits(s->level + 1));
#endif
		store(pt, e, d);
	} else {
		fill_run(e, s->count,
			 leaf_desc(leaf_address(old, s->level),
				   leaf_attr(old, s->level), s->level, 1),
			 leaf_step(s->level));
		clean(pt, e, s->count);
	}
	hypiommu_env_publish();
}

static void engine_split_abort(struct pgtable *pt,
			       const struct pgtable_split *s)
{
	desc_t old = (desc_t)s->old, *e = s->entry;

	if (s->table_pa) {
		desc_t *table = table_of(pt, table_desc(s->table_pa));

		zero_run(table, 1ull << index_bits(s->level + 1));
		table_free(pt, e, s->level + 1, s->table_pa);
	}
	fill_run(e, s->count, old, REPEATS_ADDRESS ? 0 : leaf_step(s->level));
	clean(pt, e, s->count);
	hypiommu_env_publish();
}

/* --------------------------------------------------------------- lookup */

/* The descriptor a walk for iova ends at, and its level. */
static inline desc_t final_desc(const struct pgtable *pt, uint64_t iova,
				unsigned int *level)
{
	const desc_t *p = (desc_t *)pt->root + (iova >> pt->root_shift);
	desc_t d;

#pragma GCC unroll 4
	for (unsigned int l = 0; l < LAST; l++) {
		if (l < pt->start_level)
			continue;
		d = load(p);
		*level = l;
		if (!is_table(d, l))
			return d;
		p = &table_of(pt, d)[index_of(iova, l + 1)];
	}
	*level = LAST;
	return load(p);
}

static int engine_lookup(const struct pgtable *pt, uint64_t iova, uint64_t *pa)
{
	unsigned int level, repeat;
	uint64_t mask;
	desc_t d;

	if (iova >> pt->config.ias)
		return HYPIOMMU_E_NOENT;
	d = final_desc(pt, iova, &level);
	if (!(d & VALID_BITS))
		return HYPIOMMU_E_NOENT;
	repeat = REPEATS_ADDRESS ? leaf_repeat(d, level) : 1;
	mask = ((uint64_t)repeat << level_shift(level)) - 1;
	*pa = (leaf_address(d, level) & ~mask) | (iova & mask);
	return HYPIOMMU_OK;
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
	.clear = engine_clear,
	.reap = engine_reap,
	.erase = engine_erase,
	.split_begin = engine_split_begin,
	.split_end = engine_split_end,
	.split_abort = engine_split_abort,
	.lookup = engine_lookup,
	.next = engine_next,
};
