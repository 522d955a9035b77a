/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* engine.h: a large leaf becomes smaller ones, break before make. */

#ifdef ONE_LEAF_SIZE
/* Every leaf is the smallest already. */
static int engine_split_begin(struct pgtable *pt, uint64_t iova,
			      struct pgtable_split *s,
			      struct pool_request *want)
{
	(void)pt, (void)iova, (void)s, (void)want;
	return HYPIOMMU_E_NOENT;
}
#else
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

		if (table_alloc(pt, e, &pa)) {
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
		uint64_t inner = 1ull << index_bits(s->level + 1);

		zero_run(table, inner);
		clean(pt, table, inner);
		table_free(pt, e, s->table_pa);
	}
	fill_run(e, s->count, old, REPEATS_ADDRESS ? 0 : leaf_step(s->level));
	clean(pt, e, s->count);
	hypiommu_env_publish();
}
#endif
