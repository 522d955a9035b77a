// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * A buddy allocator over donated pages. Page tags (owner.h) say what a page is:
 *
 *   0		       not the pool's
 *   TAG_FREE | order  head of a free block, its links in its first 16 bytes
 *   TAG_USED | order  head of a block in use
 *   TAG_TAIL	       inside a block whose head says more
 *
 * Tags change under the pool lock, and under the owner's for each of them.
 */
#include "pool.h"
#include "owner.h"

#define POOL_END (~0ull)

struct links {
	uint64_t next, prev;
};

static uint64_t block_size(uint32_t order)
{
	return HYPIOMMU_PAGE_SIZE << order;
}

static struct links *links_of(const struct pool *pool, uint64_t pa)
{
	return (struct links *)(uintptr_t)(pa + pool->phys_to_virt);
}

void pool_init(struct pool *pool, const struct hypiommu_config *config,
	       struct owner *owner)
{
	pool->ops = config->tables;
	pool->ctx = config->tables_ctx;
	pool->owner = owner;
	pool->phys_to_virt = config->phys_to_virt;
	pool->pages = pool->used = pool->used_peak = 0;
	hypiommu_env_lock_init(&pool->lock);
	for (uint32_t order = 0; order <= POOL_MAX_ORDER; order++)
		pool->free[order] = POOL_END;
}

/* --------------------------------------------------------- free lists */

static void list_push(struct pool *pool, uint64_t pa, uint32_t order)
{
	struct links *l = links_of(pool, pa);

	l->next = pool->free[order];
	l->prev = POOL_END;
	if (l->next != POOL_END)
		links_of(pool, l->next)->prev = pa;
	pool->free[order] = pa;
	owner_set_tag(pool->owner, pa, POOL_TAG_FREE | order);
}

/* Off its list, but for its own links. */
static void list_remove(struct pool *pool, uint64_t pa, uint32_t order)
{
	struct links *l = links_of(pool, pa);

	if (l->next != POOL_END)
		links_of(pool, l->next)->prev = l->prev;
	if (l->prev != POOL_END)
		links_of(pool, l->prev)->next = l->next;
	else
		pool->free[order] = l->next;
	owner_set_tag(pool->owner, pa, POOL_TAG_TAIL);
}

static void clear_links(const struct pool *pool, uint64_t pa)
{
	*links_of(pool, pa) = (struct links){ 0, 0 };
}

static void insert(struct pool *pool, uint64_t pa, uint32_t order)
{
	while (order < POOL_MAX_ORDER) {
		uint64_t buddy = pa ^ block_size(order);

		if (owner_tag(pool->owner, buddy) != (POOL_TAG_FREE | order))
			break;
		list_remove(pool, buddy, order);
		clear_links(pool, buddy);
		pa &= ~block_size(order);
		order++;
	}
	list_push(pool, pa, order);
}

/* Cut the block of `from` down to `to`, keeping the half that holds pa; the
 * caller clears the links of what is left. */
static void split(struct pool *pool, uint64_t block, uint32_t from, uint32_t to,
		  uint64_t pa)
{
	list_remove(pool, block, from);
	while (from > to) {
		uint64_t half = block_size(--from);

		if (pa & half) {
			list_push(pool, block, from);
			block += half;
		} else {
			list_push(pool, block + half, from);
		}
	}
}

/* ---------------------------------------------------------- allocation */

/* First block of this order below limit; looks at a bounded number. */
static uint64_t list_below(const struct pool *pool, uint32_t order,
			   uint64_t limit)
{
	uint64_t pa = pool->free[order];

	for (uint32_t i = 0; pa != POOL_END && i < 64; i++) {
		if (pa + block_size(order) - 1 < limit)
			return pa;
		pa = links_of(pool, pa)->next;
	}
	return POOL_END;
}

static int alloc_builtin(struct pool *pool, uint32_t order, uint64_t limit,
			 uint64_t *pa)
{
	for (uint32_t from = order; from <= POOL_MAX_ORDER; from++) {
		uint64_t block = list_below(pool, from, limit);

		if (block == POOL_END)
			continue;
		split(pool, block, from, order, block);
		/* As hardware may see it: it becomes a table. */
		hypiommu_env_store64(&links_of(pool, block)->next, 0);
		hypiommu_env_store64(&links_of(pool, block)->prev, 0);
		owner_set_tag(pool->owner, block, POOL_TAG_USED | order);
		pool->used += 1ull << order;
		if (pool->used > pool->used_peak)
			pool->used_peak = pool->used;
		*pa = block;
		return HYPIOMMU_OK;
	}
	return HYPIOMMU_E_NOMEM;
}

int pool_alloc(struct pool *pool, uint32_t order, uint64_t limit, uint64_t *pa)
{
	int err;

	if (order > POOL_MAX_ORDER)
		return HYPIOMMU_E_NOMEM;
	if (pool->ops)
		return pool->ops->alloc(pool->ctx, order, limit, pa);
	hypiommu_env_lock(&pool->lock);
	err = alloc_builtin(pool, order, limit, pa);
	hypiommu_env_unlock(&pool->lock);
	return err;
}

void pool_free(struct pool *pool, uint64_t pa, uint32_t order)
{
	if (pool->ops) {
		pool->ops->free(pool->ctx, pa, order);
		return;
	}
	hypiommu_env_lock(&pool->lock);
	if (owner_tag(pool->owner, pa) != (POOL_TAG_USED | order)) {
		hypiommu_env_bug("free of a block not in use");
	} else {
		owner_set_tag(pool->owner, pa, POOL_TAG_TAIL);
		pool->used -= 1ull << order;
		insert(pool, pa, order);
	}
	hypiommu_env_unlock(&pool->lock);
}

/* ------------------------------------------------- top-up and give-back */

/* What the host left in the page must not look like descriptors, also to a
 * walker that reads memory behind the caches. */
static void scrub(const struct pool *pool, uint64_t pa)
{
	uint64_t *words = (uint64_t *)links_of(pool, pa);

	for (uint32_t i = 0; i < HYPIOMMU_PAGE_SIZE / 8; i++)
		hypiommu_env_store64(&words[i], 0);
	hypiommu_env_clean(words, HYPIOMMU_PAGE_SIZE);
}

int pool_topup(struct pool *pool, uint64_t pa, uint64_t pages, uint64_t *taken)
{
	int err;

	*taken = 0;
	if (pool->ops)
		return HYPIOMMU_E_UNSUPPORTED;
	if (pages > POOL_TOPUP_PAGES)
		pages = POOL_TOPUP_PAGES;
	/* Refuses overflow, misalignment and zero, and pins nothing shared. */
	err = owner_take(pool->owner, pa, pages << HYPIOMMU_PAGE_SHIFT,
			 POOL_TAG_TAIL);
	if (err)
		return err;
	for (uint64_t i = 0; i < pages; i++)
		scrub(pool, pa + (i << HYPIOMMU_PAGE_SHIFT));
	hypiommu_env_publish();
	hypiommu_env_lock(&pool->lock);
	for (uint64_t i = 0; i < pages; i++)
		insert(pool, pa + (i << HYPIOMMU_PAGE_SHIFT), 0);
	pool->pages += pages;
	hypiommu_env_unlock(&pool->lock);
	*taken = pages;
	return HYPIOMMU_OK;
}

/* The free block that contains pa: its order, or -1. */
static int containing(const struct pool *pool, uint64_t pa, uint64_t *block)
{
	for (uint32_t order = 0; order <= POOL_MAX_ORDER; order++) {
		uint32_t tag;

		*block = pa & ~(block_size(order) - 1);
		tag = owner_tag(pool->owner, *block);
		if (tag & POOL_TAG_FREE && (tag & POOL_TAG_ORDER) >= order)
			return (int)(tag & POOL_TAG_ORDER);
	}
	return -1;
}

/* Why a page is not free: in use (or a tail of a block in use), or no page of
 * the pool at all. */
static int why_not_free(const struct pool *pool, uint64_t pa)
{
	for (uint32_t order = 0; order <= POOL_MAX_ORDER; order++) {
		uint64_t block = pa & ~(block_size(order) - 1);
		uint32_t tag = owner_tag(pool->owner, block);

		if (tag & POOL_TAG_USED && (tag & POOL_TAG_ORDER) >= order)
			return HYPIOMMU_E_BUSY;
	}
	return HYPIOMMU_E_PERM;
}

static int giveback_locked(struct pool *pool, uint64_t *pa)
{
	uint64_t block = POOL_END;
	int order;

	for (uint32_t i = 0; *pa == HYPIOMMU_ANY_PAGE; i++) {
		if (i > POOL_MAX_ORDER)
			return HYPIOMMU_E_NOENT;
		if (pool->free[i] != POOL_END)
			*pa = pool->free[i];
	}
	order = containing(pool, *pa, &block);
	if (order < 0)
		return why_not_free(pool, *pa);
	split(pool, block, (uint32_t)order, 0, *pa);
	clear_links(pool, *pa);
	pool->pages--;
	return HYPIOMMU_OK;
}

int pool_giveback(struct pool *pool, uint64_t *pa)
{
	int err;

	if (pool->ops)
		return HYPIOMMU_E_UNSUPPORTED;
	if (*pa != HYPIOMMU_ANY_PAGE && *pa & (HYPIOMMU_PAGE_SIZE - 1))
		return HYPIOMMU_E_INVAL;
	hypiommu_env_lock(&pool->lock);
	err = giveback_locked(pool, pa);
	hypiommu_env_unlock(&pool->lock);
	if (err)
		return err;
	return owner_give(pool->owner, *pa, HYPIOMMU_PAGE_SIZE, POOL_TAG_TAIL);
}
