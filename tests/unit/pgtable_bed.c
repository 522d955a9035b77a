// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include "pgtable_bed.h"

/* ----------------------------------------------------- the table memory */

static int arena_alloc(void *ctx, uint32_t order, uint64_t limit, uint64_t *pa)
{
	struct arena *a = ctx;
	uint32_t n = 1u << order;

	if (!a->fail_after)
		return HYPIOMMU_E_NOMEM;
	for (uint32_t i = 0; i + n <= ARENA; i += n) {
		bool used = false;

		for (uint32_t j = 0; j < n; j++)
			used |= a->used[i + j];
		if (used || (i + n) * PAGE > limit)
			continue;
		memset(&a->used[i], true, n);
		a->live += n;
		a->fail_after--;
		*pa = i * PAGE;
		for (uint64_t j = 0; j < n * PAGE; j++)
			assert_int_equal(a->mem[i * PAGE + j], 0);
		return 0;
	}
	return HYPIOMMU_E_NOMEM;
}

static void arena_free(void *ctx, uint64_t pa, uint32_t order)
{
	struct arena *a = ctx;

	for (uint32_t j = 0; j < 1u << order; j++) {
		assert_true(a->used[pa / PAGE + j]);
		a->used[pa / PAGE + j] = false;
	}
	/* Users return blocks zeroed. */
	for (uint64_t j = 0; j < PAGE << order; j++)
		assert_int_equal(a->mem[pa + j], 0);
	a->live -= 1u << order;
}

const struct hypiommu_table_ops bed_table_ops = { arena_alloc, arena_free };

uint64_t bed_sizes(const struct bed *b)
{
	bool cont = b->shape->contiguous;

	if (b->shape->format == PGTABLE_V7S)
		return 4 * KiB | 64 * KiB | MiB | 16 * MiB;
	if (b->shape->format == PGTABLE_TEGRA_MC)
		return 4 * KiB;
	if (b->shape->granule == 14)
		return 16 * KiB | 32 * MiB | (cont ? 2 * MiB | GiB : 0);
	if (b->shape->granule == 16)
		return 64 * KiB | 512 * MiB | (cont ? 2 * MiB : 0);
	return 4 * KiB | 2 * MiB | (cont ? 64 * KiB | 32 * MiB : 0) |
	       (b->pt.start_level > 1 ? 0 : GiB);
}

/* Stage 1 never concatenates; stage 2 does, up to sixteen, to save a level. */
static void check_start(const struct bed *b)
{
	unsigned int g = b->shape->granule, ias = b->shape->ias;
	unsigned int level = b->pt.start_level;

	if (b->shape->format == PGTABLE_LPAE_S1) {
		assert_int_equal(level, vmsa_s1_start(g, ias));
	} else if (b->shape->format == PGTABLE_LPAE_S2) {
		assert_true(ias - vmsa_shift(g, level) <= g - 3 + 4);
		assert_true(level == 2 ||
			    ias - vmsa_shift(g, level + 1) > g - 3 + 4);
	}
}

static struct bed *start(const struct shape *shape, bool coherent)
{
	const struct pgtable_config config = {
		.format = shape->format,
		.granule_shift = shape->granule,
		.ias = shape->ias,
		.oas = shape->oas,
		.coherent = coherent,
		.contiguous = shape->contiguous,
		.table_limit = 1ull << 32,
	};
	struct bed *b = calloc(1, sizeof(*b));

	b->shape = shape;
	b->granule = 1ull << shape->granule;
	b->arena.mem = aligned_alloc(1 << 20, ARENA * PAGE);
	b->arena.before = malloc(ARENA * PAGE);
	memset(b->arena.mem, 0, ARENA * PAGE);
	b->arena.fail_after = ~0u;
	b->pool.ops = &bed_table_ops;
	b->pool.ctx = &b->arena;
	b->pool.phys_to_virt = (uint64_t)(uintptr_t)b->arena.mem;
	assert_int_equal(pgtable_init(&b->pt, &config, &b->pool, &b->want), 0);
	assert_int_equal(b->pt.root_pa & ((PAGE << b->pt.root_order) - 1), 0);
	assert_int_equal(b->pt.leaf_sizes, bed_sizes(b));
	check_start(b);
	return b;
}

struct bed *bed_start(const struct shape *shape)
{
	return start(shape, true);
}

struct bed *bed_start_incoherent(const struct shape *shape)
{
	return start(shape, false);
}

void bed_stop(struct bed *b)
{
	pgtable_fini(&b->pt);
	assert_int_equal(b->arena.live, 0);
	free(b->arena.mem);
	free(b->arena.before);
	free(b);
}

void bed_keep(struct bed *b)
{
	memcpy(b->arena.before, b->arena.mem, ARENA * PAGE);
}

void bed_same(const struct bed *b)
{
	assert_int_equal(memcmp(b->arena.before, b->arena.mem, ARENA * PAGE),
			 0);
}

/* ------------------------------------------------------------ judgements */

static void check_perms(const struct bed *b, const struct vmsa_leaf *leaf,
			uint32_t prot)
{
	bool stage1 = b->shape->format == PGTABLE_LPAE_S1 ||
		      b->shape->format == PGTABLE_V7S;
	bool read = stage1 || prot & HYPIOMMU_PROT_READ;
	bool write = prot & HYPIOMMU_PROT_WRITE;
	bool user = !(stage1 && prot & HYPIOMMU_PROT_PRIV);

	assert_int_equal(!!(leaf->perms & VMSA_UR), read && user);
	assert_int_equal(!!(leaf->perms & VMSA_UW), write && user);
	assert_int_equal(!!(leaf->perms & VMSA_PR), read);
	assert_int_equal(!!(leaf->perms & VMSA_PW), write);
}

void bed_check_page(const struct bed *b, uint32_t page)
{
	uint64_t iova = b->base + page * b->granule, pa, desc;
	struct vmsa_leaf leaf;
	bool mapped = bed_walk(b, iova, &leaf, &desc);

	assert_int_equal(mapped, b->mapped[page]);
	assert_int_equal(b->pt.ops->lookup(&b->pt, iova + 0x123, &pa),
			 mapped ? 0 : HYPIOMMU_E_NOENT);
	if (!mapped)
		return;
	assert_int_equal(pa, b->pa[page] + 0x123);
	assert_int_equal(leaf.pa + (iova - leaf.ia), b->pa[page]);
	assert_int_equal(leaf.shift, b->shift[page]);
	check_perms(b, &leaf, b->prot[page]);
}

void bed_check_all(const struct bed *b)
{
	for (uint32_t page = 0; page < WINDOW; page++)
		bed_check_page(b, page);
}

/* Pages of tables that translate 2^span each, for leaves smaller than that. */
static uint64_t tables_of_span(const struct bed *b, unsigned int span,
			       unsigned int leaf_below, uint64_t pages_each)
{
	uint64_t last = ~0ull, need = 0;

	for (uint32_t i = 0; i < WINDOW; i++) {
		uint64_t at = (b->base + i * b->granule) >> span;

		if (!b->mapped[i] || at == last || b->shift[i] >= leaf_below)
			continue;
		last = at;
		need += pages_each;
	}
	return need;
}

void bed_check_tables(const struct bed *b)
{
	uint64_t need = 1ull << b->pt.root_order;

	if (bed_is_lpae(b)) {
		for (unsigned int l = b->pt.start_level; l < 3; l++) {
			unsigned int span = vmsa_shift(b->shape->granule, l);

			need += tables_of_span(b, span, span,
					       b->granule / PAGE);
		}
	} else if (b->shape->format == PGTABLE_V7S) {
		/* Four second-level tables share a page. */
		need += tables_of_span(b, 22, 20, 1);
	} else {
		need += tables_of_span(b, 22, 22, 1);
	}
	assert_int_equal(b->arena.live, need);
}

/* ----------------------------------------------------- operations, modelled */

/* The leaf the engine must choose here: the largest that fits. */
static uint8_t model_shift(const struct bed *b, uint64_t iova, uint64_t pa,
			   uint64_t left)
{
	for (uint8_t shift = 30; shift > b->shape->granule; shift--) {
		uint64_t leaf = 1ull << shift;

		if (bed_sizes(b) & leaf && !((iova | pa) & (leaf - 1)) &&
		    left >= leaf)
			return shift;
	}
	return b->shape->granule;
}

static void model_map(struct bed *b, uint32_t page, uint64_t pa, uint64_t n,
		      uint32_t prot, uint8_t shift)
{
	for (uint64_t i = 0; i < n; i++) {
		b->mapped[page + i] = true;
		b->pa[page + i] = pa + i * b->granule;
		b->prot[page + i] = prot;
		b->shift[page + i] = shift;
	}
}

/* The largest leaf that fits at this point of a map, if there is room. */
static uint64_t model_leaf(const struct bed *b, uint32_t page, uint64_t pa,
			   uint64_t left, uint8_t *shift)
{
	uint64_t n;

	*shift = model_shift(b, b->base + page * b->granule, pa,
			     left * b->granule);
	n = (1ull << *shift) / b->granule;
	for (uint64_t i = 0; i < n; i++) {
		if (b->mapped[page + i])
			return 0;
	}
	return n;
}

void bed_map(struct bed *b, uint32_t page, uint64_t pa, uint32_t pages,
	     uint32_t prot)
{
	uint64_t done = 0, got;
	uint8_t shift;
	int err;

	if (b->arena.fail_after != ~0u)
		bed_keep(b);
	b->m.size = 1;
	err = b->pt.ops->map(&b->pt, b->base + page * b->granule, pa,
			     pages * b->granule, prot, &b->m);
	got = b->m.size / b->granule;
	if (err == HYPIOMMU_E_NOMEM) {
		assert_int_not_equal(b->arena.fail_after, ~0u);
		assert_true(b->m.want.count > 0);
		assert_int_equal(b->m.want.order, b->shape->granule - 12);
		if (!got)
			bed_same(b);
	}
	while (done < pages) {
		uint64_t n = model_leaf(b, page + (uint32_t)done,
					pa + done * b->granule, pages - done,
					&shift);

		if (!n || (err == HYPIOMMU_E_NOMEM && done == got))
			break;
		model_map(b, page + (uint32_t)done, pa + done * b->granule, n,
			  prot, shift);
		done += n;
	}
	assert_int_equal(got, done);
	if (err != HYPIOMMU_E_NOMEM)
		assert_int_equal(err, done == pages ? 0 : HYPIOMMU_E_EXIST);
}

void bed_reap_fn(void *ctx, uint64_t pa, uint64_t size)
{
	struct bed *b = ctx;

	assert_int_equal((pa | size) & (b->granule - 1), 0);
	for (uint64_t at = 0; at < size; at += b->granule)
		b->reaped_sum += (pa + at) / b->granule;
	b->reaped_pages += size / b->granule;
}

/* log2 of what one entry of such a leaf covers: leaves of several entries may
 * be cached entry by entry. */
static uint8_t entry_shift(const struct bed *b, uint8_t shift)
{
	unsigned int g = b->pt.config.granule_shift, bits = g - 3;

	if (b->pt.config.format == PGTABLE_V7S)
		return shift >= 20 ? 20 : 12;
	return (uint8_t)(g + (shift - g) / bits * bits);
}

/* How many granules a clear of [page, + pages) must do. */
static uint64_t model_clear(const struct bed *b, uint32_t page, uint32_t pages,
			    uint8_t *smallest)
{
	uint64_t done = 0;

	*smallest = 63;
	while (done < pages && b->mapped[page + done]) {
		uint64_t iova = b->base + (page + done) * b->granule;
		uint64_t leaf = 1ull << b->shift[page + done];

		if (iova & (leaf - 1) || leaf > (pages - done) * b->granule)
			break;
		if (entry_shift(b, b->shift[page + done]) < *smallest)
			*smallest = entry_shift(b, b->shift[page + done]);
		done += leaf / b->granule;
	}
	return done;
}

/* Gone for hardware at once; the sum of what has to be given back. */
static uint64_t model_gone(struct bed *b, uint32_t page, uint64_t pages)
{
	uint64_t sum = 0;

	for (uint64_t i = 0; i < pages; i++) {
		sum += b->pa[page + i] / b->granule;
		b->mapped[page + i] = false;
	}
	return sum;
}

void bed_unmap(struct bed *b, uint32_t page, uint32_t pages)
{
	uint64_t iova = b->base + page * b->granule, expect, sum;
	struct pgtable_cleared c;
	uint8_t shift;
	int err;

	expect = model_clear(b, page, pages, &shift);
	err = b->pt.ops->clear(&b->pt, iova, pages * b->granule, ~0u, &c);
	assert_int_equal(c.size, expect * b->granule);
	if (!expect) {
		assert_int_equal(err, b->mapped[page] ? HYPIOMMU_E_UNSUPPORTED
						      : HYPIOMMU_E_NOENT);
		return;
	}
	assert_int_equal(err, 0);
	assert_int_equal(c.shift, shift);
	sum = model_gone(b, page, expect);
	for (uint64_t i = 0; i < expect; i++)
		bed_check_page(b, page + (uint32_t)i);
	b->reaped_pages = b->reaped_sum = 0;
	if (c.one_run) {
		pgtable_erase(&b->pt, iova, &c);
		bed_reap_fn(b, c.pa, c.size);
	} else {
		b->pt.ops->reap(&b->pt, iova, c.size, bed_reap_fn, b);
	}
	assert_int_equal(b->reaped_pages, expect);
	assert_int_equal(b->reaped_sum, sum);
}

/* What a leaf of 2^shift is split into; 0: nothing smaller. */
static uint8_t model_smaller(const struct bed *b, uint8_t shift)
{
	static const uint8_t
		pieces[][3] = {
			/* granule, leaf, pieces */
			{ 12, 30, 21 }, { 12, 25, 21 }, { 12, 21, 12 },
			{ 12, 16, 12 }, { 14, 30, 25 }, { 14, 25, 14 },
			{ 14, 21, 14 }, { 16, 29, 16 }, { 16, 21, 16 },
			{ 12, 24, 20 }, { 12, 20, 12 }, /* short descriptors */
		};

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		if (pieces[i][0] == b->shape->granule && pieces[i][1] == shift)
			return pieces[i][2];
	}
	return 0;
}

void bed_split(struct bed *b, uint32_t page, bool abort)
{
	uint64_t iova = b->base + page * b->granule, first, n;
	uint8_t smaller = b->mapped[page] ? model_smaller(b, b->shift[page])
					  : 0;
	struct pgtable_split s;
	int err;

	bed_keep(b);
	err = b->pt.ops->split_begin(&b->pt, iova, &s, &b->want);
	if (!smaller)
		assert_int_equal(err, HYPIOMMU_E_NOENT);
	if (err == HYPIOMMU_E_NOMEM)
		assert_int_equal(b->want.count, 1);
	if (err) {
		bed_same(b);
		return;
	}
	assert_int_equal(s.size, 1ull << b->shift[page]);
	assert_int_equal(s.iova, iova & ~(s.size - 1));
	first = (s.iova - b->base) / b->granule;
	n = s.size / b->granule;
	/* Only this leaf is gone meanwhile. */
	memset(&b->mapped[first], false, n);
	bed_check_all(b);
	memset(&b->mapped[first], true, n);
	if (abort) {
		b->pt.ops->split_abort(&b->pt, &s);
		bed_same(b);
		return;
	}
	b->pt.ops->split_end(&b->pt, &s);
	memset(&b->shift[first], smaller, n);
	bed_check_all(b);
}
