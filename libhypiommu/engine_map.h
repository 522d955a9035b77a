/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* engine.h: mapping. What is mapped stays; a table is linked when complete. */

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
		if (table_alloc(pt, path->at[from], &tables[got]))
			break;
	}
	if (got < need) {
		want->order = TABLE_ORDER;
		want->count = need - got;
		want->limit = pt->config.table_limit;
		while (got--)
			table_free(pt, path->at[from], tables[got]);
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

/* The same descriptor in all entries of each leaf (short descriptors). */
static inline void fill_repeated(desc_t *e, uint64_t leaves,
				 unsigned int repeat, desc_t d, desc_t step)
{
	for (; leaves; leaves--, e += repeat, d += step)
		fill_run(e, repeat, d, 0);
}

/* The same, when the table's parent knows that there is nothing in it. */
static inline uint64_t free_entries(const desc_t *parent, const desc_t *e,
				    uint64_t count)
{
#if COUNTED
	if (parent && !in_use(load(parent)))
		return count;
#else
	(void)parent;
#endif
	return empty_run(e, count);
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
		remember(pt, &pt->mapped, iova, &path);
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
	if (level == LAST && nearby(pt, &pt->mapped, iova)) {
		e = last_entry(&pt->mapped, iova);
		parent = pt->mapped.parent;
	} else {
		int err = reach(pt, iova, level, &e, &parent, want);

		if (err)
			return err;
	}
	asked = min64(asked, entries_left(pt, iova, level) / repeat);
	done = free_entries(parent, e, asked * repeat) / repeat;
	d = leaf_desc(pa, attr, level, repeat);
	if (REPEATS_ADDRESS && repeat > 1)
		fill_repeated(e, done, repeat, d, (desc_t)1 << shift);
	else if (level == LAST)
		fill_run(e, done * repeat, d, leaf_step(LAST));
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
		pt->last_page = leaf_desc(0, pt->last_attr, LAST, 1);
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

/* The pages of [first, end) were mapped up to e. */
static inline int claimed(struct pgtable *pt, const desc_t *first,
			  const desc_t *e, const desc_t *end,
			  struct pgtable_mapped *m)
{
	uint64_t n = (uint64_t)(e - first);

	clean(pt, first, n);
	count_used(pt, pt->mapped.parent, n);
	m->size = n << GRANULE;
	return e == end ? HYPIOMMU_OK : HYPIOMMU_E_EXIST;
}

/* Map them from e on, d the first, as long as entries are empty. */
static __attribute__((noinline)) int claim_many(struct pgtable *pt,
						const desc_t *first, desc_t *e,
						const desc_t *end, desc_t d,
						struct pgtable_mapped *m)
{
	const desc_t step = leaf_step(LAST), *stop = e + ((end - e) & ~3);

	for (; e != stop; e += 4, d += 4 * step) {
		if (peek(&e[0]) | peek(&e[1]) | peek(&e[2]) | peek(&e[3]))
			break;
#pragma GCC unroll 4
		for (desc_t i = 0; i < 4; i++)
			store_raw(&e[i], d + i * step);
	}
	for (; e != end && !peek(e); d += step)
		store_raw(e++, d);
	return claimed(pt, first, e, end, m);
}

/* The same, a buffer's worth in pairs. */
static inline int claim_few(struct pgtable *pt, desc_t *first, desc_t *end,
			    desc_t d, struct pgtable_mapped *m)
{
	const desc_t step = leaf_step(LAST), *stop = last_pair(first, end);
	desc_t *e, *last = end - 1;

	for (e = first; e != stop; e += 2, d += 2 * step) {
		if (peek(&e[0]) | peek(&e[1]))
			return claim_many(pt, first, e, end, d, m);
		store_raw(&e[0], d);
		store_raw(&e[1], d + step);
	}
	if (peek(e) | peek(last))
		return claim_many(pt, first, e, end, d, m);
	store_raw(e, d);
	store_raw(last, d + (desc_t)(last - e) * step);
	return claimed(pt, first, end, end, m);
}

/* Several smallest leaves in the remembered table. */
static __attribute__((noinline)) int map_nearby(struct pgtable *pt,
						uint64_t iova, uint64_t pa,
						uint64_t size, uint32_t prot,
						struct pgtable_mapped *m)
{
	desc_t *first = last_entry(&pt->mapped, iova), *end, d;

	if (!granules(size) || size - 1 >= pt->larger - 1 ||
	    size > pt->pa_end - pa || !in_last_table(&pt->mapped, iova, size) ||
	    (GRANULE == 16 && pa + size > run_end(pa)))
		return map_slowly(pt, iova, pa, size, prot, m);
	end = first + (size >> GRANULE);
	d = page_desc(pa, (desc_t)pt->last_page);
	if (size > FEW)
		return claim_many(pt, first, first, end, d, m);
	return claim_few(pt, first, end, d, m);
}

/*
 * The common case takes no walk: a leaf next to one mapped or unmapped before,
 * with the same permissions. All else, and every refusal, is map_slowly()'s.
 */
static int engine_map(struct pgtable *pt, uint64_t iova, uint64_t pa,
		      uint64_t size, uint32_t prot, struct pgtable_mapped *m)
{
	desc_t *e;

	if (prot != pt->last_prot || !granules(iova | pa) || pa >= pt->pa_end ||
	    !nearby(pt, &pt->mapped, iova))
		return map_slowly(pt, iova, pa, size, prot, m);
	if (size != 1ull << GRANULE)
		return map_nearby(pt, iova, pa, size, prot, m);
	e = last_entry(&pt->mapped, iova);
	if (load(e))
		return map_slowly(pt, iova, pa, size, prot, m);
	store(pt, e, page_desc(pa, (desc_t)pt->last_page));
	count_used(pt, pt->mapped.parent, 1);
	m->size = 1ull << GRANULE;
	return HYPIOMMU_OK;
}

static uint32_t engine_map_pages(struct pgtable *pt, uint64_t iova,
				 uint32_t prot,
				 const struct hypiommu_segment *list,
				 uint32_t count)
{
	desc_t *first, *e;
	uint64_t left;

	if (prot != pt->last_prot || !nearby(pt, &pt->mapped, iova))
		return 0;
	left = (pt->mapped.size - (iova - pt->mapped.base)) >> GRANULE;
	first = last_entry(&pt->mapped, iova);
	for (e = first; count && left; count--, left--, list++) {
		if (list->size != 1ull << GRANULE || load(e))
			break;
		store_raw(e++, page_desc(list->pa, (desc_t)pt->last_page));
	}
	if (e == first)
		return 0;
	clean(pt, first, (uint64_t)(e - first));
	count_used(pt, pt->mapped.parent, (uint64_t)(e - first));
	return (uint32_t)(e - first);
}
