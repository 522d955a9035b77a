/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* engine.h: clear, then reap or erase; tables go as they empty. */

#if !COUNTED
typedef uint64_t __attribute__((may_alias)) desc_pair;

/* Anything valid among eight neighbours? They are read two at a time. */
static inline bool any_valid(const desc_t *eight)
{
	const uint64_t *p = (const uint64_t *)(const desc_pair *)eight;
	uint64_t any = hypiommu_env_load64(&p[0]) | hypiommu_env_load64(&p[1]) |
		       hypiommu_env_load64(&p[2]) | hypiommu_env_load64(&p[3]);

	return any & ((uint64_t)VALID_BITS << 32 | VALID_BITS);
}

/* Nothing valid in the table? Neighbours of entry `near` are asked last: who
 * calls has looked at some. */
static bool table_is_empty(const desc_t *table, uint64_t near,
			   unsigned int level)
{
	uint64_t mask = (1ull << index_bits(level)) - 8;

	for (uint64_t n = 8; n <= mask + 8; n += 8) {
		if (any_valid(&table[(near + n) & mask]))
			return false;
	}
	return true;
}
#endif

/* `count` entries up to `end` (exclusive) of a table of this level went: is
 * nothing left in it? Updates what its parent says. */
static inline bool emptied(const struct pgtable *pt, desc_t *parent,
			   const desc_t *table, uint64_t end,
			   unsigned int level, uint64_t count)
{
#if COUNTED
	desc_t d = used_add(load(parent), -count);

	(void)table, (void)end, (void)level;
	if (in_use(d)) {
		store(pt, parent, d);
		return false;
	}
	store(pt, parent, cleared_desc(d, level - 1));
#else
	(void)count;
	if (!table_is_empty(table, end - 1, level))
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

	forget(pt);
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
 * equality covers the rest. A cleared descriptor steps as the valid one does.
 */
static inline uint64_t clear_run(desc_t *e, uint64_t count, desc_t step,
				 desc_t d, desc_t gone)
{
	const desc_t *end = e + count;
	desc_t *p = e;

	for (; p < end && load(p) == d; d += step, gone += step)
		store_raw(p++, gone);
	return (uint64_t)(p - e);
}

/*
 * Empty such leaves up to the first that is none, or `end`. Nothing is left of
 * them but the address of the first, which the caller knows.
 */
static desc_t *empty_many(desc_t *e, const desc_t *end, desc_t d, desc_t step)
{
	const desc_t *stop = e + ((end - e) & ~3);

	for (; e != stop; e += 4, d += 4 * step) {
		if ((peek(&e[0]) ^ d) | (peek(&e[1]) ^ (d + step)) |
		    (peek(&e[2]) ^ (d + 2 * step)) |
		    (peek(&e[3]) ^ (d + 3 * step)))
			break;
#pragma GCC unroll 4
		for (unsigned int i = 0; i < 4; i++)
			store_raw(&e[i], 0);
	}
	for (; e != end && peek(e) == d; d += step)
		store_raw(e++, 0);
	return e;
}

/* The same, a buffer's worth in pairs. */
static inline desc_t *empty_few(desc_t *e, desc_t *end, desc_t d, desc_t step)
{
	const desc_t *stop = last_pair(e, end);
	desc_t *last = end - 1;

	for (; e != stop; e += 2, d += 2 * step) {
		if (peek(&e[0]) != d)
			return e;
		store_raw(&e[0], 0);
		if (peek(&e[1]) != d + step)
			return e + 1;
		store_raw(&e[1], 0);
	}
	if (peek(e) != d)
		return e;
	if (peek(last) != d + (desc_t)(last - e) * step)
		return e + 1; /* clear_rest() empties it, as all before it */
	store_raw(e, 0);
	store_raw(last, 0);
	return end;
}

static inline void zero_run(desc_t *e, uint64_t count)
{
	fill_run(e, count, 0, 0);
}

/* Leaves from pa on until descriptors no longer step with addresses: a 32-bit
 * one would go on at address 0. */
static inline uint64_t in_step(uint64_t pa, uint64_t count, unsigned int level)
{
	if (run_end(pa) == ~0ull)
		return count;
	return min64(count, (run_end(pa) - pa) >> level_shift(level));
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
		n += clear_run(
			&e[n],
			in_step(leaf_address(d, level), count - n, level),
			leaf_step(level), d, cleared_desc(d, level));
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

static inline void tables_cleared(struct pgtable *pt, uint64_t iova,
				  unsigned int level, struct pgtable_cleared *c)
{
	c->tables = c->left = true;
	shrink(pt, iova, level);
}

/* `n` entries of the table at e went, and are cleaned: what that means for the
 * tables above. */
static __attribute__((noinline)) int
cleared_entries(struct pgtable *pt, uint64_t iova, const desc_t *e,
		desc_t *parent, unsigned int level, uint64_t n,
		struct pgtable_cleared *c)
{
	uint64_t index = index_of(iova, level);

	if (parent && emptied(pt, parent, e - index, index + n, level, n))
		tables_cleared(pt, iova, level, c);
	return HYPIOMMU_OK;
}

/*
 * Empty the first of `count` leaves that are one run; how many. If that is not
 * all they are cleared instead: the address of each is needed then.
 */
static inline uint64_t empty_or_clear(desc_t *e, uint64_t count, desc_t d,
				      unsigned int level)
{
	uint64_t most = in_step(leaf_address(d, level), count, level);
	desc_t step = leaf_step(level);
	uint64_t n = (uint64_t)(empty_many(e, e + most, d, step) - e);

	if (n < count)
		fill_run(e, n, cleared_desc(d, level), step);
	return n;
}

/* From iova + done on; what was cleared before that is in c. */
static __attribute__((noinline)) int
clear_from(struct pgtable *pt, uint64_t iova, uint64_t size,
	   uint32_t max_entries, struct pgtable_cleared *c, uint64_t done)
{
	int err = HYPIOMMU_OK;

	while (done < size && max_entries) {
		unsigned int level, shift, repeat;
		uint64_t va = iova + done, left = size - done, n, pa;
		desc_t *parent, *e = find(pt, va, &level, &parent), d = load(e);
		unsigned int runs = 1;

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
		if (done && repeat > max_entries)
			break;
		n = min64(min64(left >> shift, max_entries),
			  entries_left(pt, va, level));
		pa = leaf_address(d, level);
		if (!done) {
			c->pa = pa;
			c->shift = (uint8_t)shift;
		}
		if (repeat > 1) {
			n = clear_repeated(e, repeat, level);
			c->left = true;
		} else if (!done && (n << shift == size || n == max_entries)) {
			uint64_t asked = n;

			n = empty_or_clear(e, n, d, level);
			c->left = n < asked;
		} else {
			n = clear_runs(e, n, level, &runs);
			c->left = true;
		}
		clean(pt, e, n);
		cleared_entries(pt, va, e, parent, level, n, c);
		c->one_run = (!done || c->one_run) && runs == 1 &&
			     shift == c->shift && pa == c->pa + done;
		/* A leaf of several entries may be cached entry by entry. */
		c->shift = (uint8_t)min64(c->shift, level_shift(level));
		done += n << level_shift(level);
		max_entries -= (uint32_t)min64(n, max_entries);
	}
	c->size = done;
	return done ? HYPIOMMU_OK : err;
}

static __attribute__((noinline)) int clear_slowly(struct pgtable *pt,
						  uint64_t iova, uint64_t size,
						  uint32_t max_entries,
						  struct pgtable_cleared *c)
{
	int err = pgtable_range(iova, size, GRANULE, pt->config.ias);

	*c = (struct pgtable_cleared){ .shift = 63 };
	return err ? err : clear_from(pt, iova, size, max_entries, c, 0);
}

/*
 * After n entries from e on of the remembered table went: is the table in use,
 * at first sight? Then there is nothing more to do.
 */
static inline bool others_left(const struct pgtable *pt, uint64_t iova,
			       const desc_t *e, uint64_t n)
{
#if COUNTED
	desc_t d = used_add(load(pt->cleared.parent), -n);

	(void)iova, (void)e;
	if (!in_use(d))
		return false;
	store(pt, pt->cleared.parent, d);
	return true;
#else
	if (iova - pt->cleared.base < LAST_SPAN - (n << GRANULE) &&
	    load(e + n) & VALID_BITS)
		return true;
	return any_valid(e - (index_of(iova, LAST) & 7));
#endif
}

/* Only the first n of the leaves were one run, and are emptied: as in
 * empty_or_clear(), and on from there. */
static __attribute__((noinline)) int
clear_rest(struct pgtable *pt, uint64_t iova, uint64_t size,
	   uint32_t max_entries, struct pgtable_cleared *c, uint64_t n)
{
	desc_t *e = last_entry(&pt->cleared, iova);

	c->left = true;
	fill_run(e, n, cleared_desc(leaf_desc(c->pa, 0, LAST, 1), LAST),
		 leaf_step(LAST));
	clean(pt, e, n);
	cleared_entries(pt, iova, e, pt->cleared.parent, LAST, n, c);
	return clear_from(pt, iova, size, max_entries - (uint32_t)n, c,
			  n << GRANULE);
}

/* The n leaves of the remembered table from e on, as many as are one run in
 * [e, end). */
static inline __attribute__((always_inline)) int
emptied_nearby(struct pgtable *pt, uint64_t iova, uint32_t max_entries,
	       struct pgtable_cleared *c, desc_t *e, const desc_t *end)
{
	uint64_t n = c->size >> GRANULE;

	if (end != e + n)
		return clear_rest(pt, iova, c->size, max_entries, c,
				  (uint64_t)(end - e));
	clean(pt, e, n);
	if (others_left(pt, iova, e, n))
		return HYPIOMMU_OK;
	return cleared_entries(pt, iova, e, pt->cleared.parent, LAST, n, c);
}

static __attribute__((noinline)) int
clear_many(struct pgtable *pt, uint64_t iova, uint32_t max_entries,
	   struct pgtable_cleared *c, desc_t *e)
{
	uint64_t n = c->size >> GRANULE;
	const desc_t *end = empty_many(e, e + in_step(c->pa, n, LAST), load(e),
				       leaf_step(LAST));

	return emptied_nearby(pt, iova, max_entries, c, e, end);
}

/* Smallest leaves of the remembered table, the first of them at `e`. */
static __attribute__((noinline)) int
clear_nearby(struct pgtable *pt, uint64_t iova, uint64_t size,
	     uint32_t max_entries, struct pgtable_cleared *c, desc_t *e)
{
	uint64_t n = size >> GRANULE;
	const desc_t *end;

	if (!granules(size) || n - 1 >= max_entries ||
	    !in_last_table(&pt->cleared, iova, size))
		return clear_slowly(pt, iova, size, max_entries, c);
	c->size = size;
	if (size > FEW)
		return clear_many(pt, iova, max_entries, c, e);
	end = empty_few(e, e + in_step(c->pa, n, LAST), load(e),
			leaf_step(LAST));
	return emptied_nearby(pt, iova, max_entries, c, e, end);
}

/* As engine_map(): what lies in the remembered table takes no walk. */
static int engine_clear(struct pgtable *pt, uint64_t iova, uint64_t size,
			uint32_t max_entries, struct pgtable_cleared *c)
{
	desc_t *e, d;

	if (!granules(iova) || !nearby(pt, &pt->cleared, iova))
		return clear_slowly(pt, iova, size, max_entries, c);
	e = last_entry(&pt->cleared, iova);
	d = load(e);
	if (!is_page(d))
		return clear_slowly(pt, iova, size, max_entries, c);
	c->pa = page_address(d);
	c->shift = GRANULE;
	c->one_run = true;
	c->left = c->tables = false;
	if (size != 1ull << GRANULE)
		return clear_nearby(pt, iova, size, max_entries, c, e);
	store(pt, e, 0);
	c->size = 1ull << GRANULE;
	if (others_left(pt, iova, e, 1))
		return HYPIOMMU_OK;
	return cleared_entries(pt, iova, e, pt->cleared.parent, LAST, 1, c);
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

/* Empty the cleared leaves of one table, the leaf at e[0] first, up to one that
 * is a table itself; how many entries that were. */
static uint64_t reap_run(struct pgtable *pt, desc_t *e, uint64_t count,
			 unsigned int level, struct run *run)
{
	uint64_t i = 0;

	while (i < count) {
		desc_t d = load(&e[i]);
		unsigned int n = 1;

		if (is_table(d, level))
			break;
		if (d && !(d & VALID_BITS)) {
			if (REPEATS_ADDRESS)
				n = leaf_repeat(d, level);
			run_add(run, leaf_address(d, level),
				(uint64_t)n << level_shift(level));
			zero_run(&e[i], n);
		}
		i += n;
	}
	clean(pt, e, i);
	return i;
}

/* Entries of one table that `left` bytes from va on take; one at least, so that
 * whoever goes over them gets on. */
static inline uint64_t entries_of(const struct pgtable *pt, uint64_t va,
				  uint64_t left, unsigned int level)
{
	uint64_t whole = left >> level_shift(level);

	return min64(whole + !whole, entries_left(pt, va, level));
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
		table_free(pt, parent, table_address(d));
		forget(pt);
	}
}

static void engine_reap(struct pgtable *pt, uint64_t iova, uint64_t size,
			pgtable_reap_fn fn, void *ctx)
{
	struct run run = { .fn = fn, .ctx = ctx };
	uint64_t done = 0;

	while (done < size) {
		uint64_t va = iova + done, n;
		struct path path;

		walk(pt, va, LAST, &path);
		n = reap_run(pt, path.entry,
			     entries_of(pt, va, size - done, path.level),
			     path.level, &run);
		done += n << level_shift(path.level);
		free_tables(pt, &path, va, iova + done, done >= size);
	}
	if (run.size)
		fn(ctx, run.pa, run.size);
}

static void engine_erase(struct pgtable *pt, uint64_t iova,
			 const struct pgtable_cleared *c)
{
	uint64_t done = 0;

	while (done < c->size) {
		uint64_t va = iova + done, n;
		struct path path;

		walk(pt, va, LAST, &path);
		n = entries_of(pt, va, c->size - done, path.level);
		if (load(path.entry)) { /* not emptied at once */
			zero_run(path.entry, n);
			clean(pt, path.entry, n);
		}
		done += n << level_shift(path.level);
		free_tables(pt, &path, va, iova + done, done >= c->size);
	}
}
