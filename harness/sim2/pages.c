/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pages.h"

#define PAGE_SHIFT 12

void *sim2_grow(void *ptr, size_t nr, size_t size)
{
	void *p = reallocarray(ptr, nr, size);

	if (!p) {
		fprintf(stderr, "sim2: out of host memory\n");
		abort();
	}
	return p;
}

void sim2_pages_destroy(struct sim2_pages *pages)
{
	free(pages->page);
	memset(pages, 0, sizeof(*pages));
}

/* Index of the first page that is not below this one. */
static size_t lower(const struct sim2_pages *pages, uint64_t page)
{
	size_t lo = 0, hi = pages->nr;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (pages->page[mid] < page)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void add_one(struct sim2_pages *pages, uint64_t page)
{
	size_t at = lower(pages, page);

	if (at < pages->nr && pages->page[at] == page)
		return;
	if (pages->nr == pages->cap) {
		pages->cap = pages->cap ? pages->cap * 2 : 64;
		pages->page = sim2_grow(pages->page, pages->cap,
					sizeof(*pages->page));
	}
	memmove(&pages->page[at + 1], &pages->page[at],
		(pages->nr - at) * sizeof(*pages->page));
	pages->page[at] = page;
	pages->nr++;
}

void sim2_pages_add(struct sim2_pages *pages, uint64_t pa, uint64_t size)
{
	if (!size)
		return;
	for (uint64_t p = pa >> PAGE_SHIFT; p <= (pa + size - 1) >> PAGE_SHIFT;
	     p++)
		add_one(pages, p);
}

void sim2_pages_remove(struct sim2_pages *pages, uint64_t pa, uint64_t size)
{
	size_t first, end;

	if (!size)
		return;
	first = lower(pages, pa >> PAGE_SHIFT);
	end = lower(pages, ((pa + size - 1) >> PAGE_SHIFT) + 1);
	if (end == first)
		return;
	memmove(&pages->page[first], &pages->page[end],
		(pages->nr - end) * sizeof(*pages->page));
	pages->nr -= end - first;
}

bool sim2_pages_overlap(const struct sim2_pages *pages, uint64_t pa,
			uint64_t size)
{
	size_t at;

	if (!size || !pages->nr)
		return false;
	at = lower(pages, pa >> PAGE_SHIFT);
	return at < pages->nr &&
	       pages->page[at] <= (pa + size - 1) >> PAGE_SHIFT;
}
