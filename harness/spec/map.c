// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* A mapping as a sorted list of extents. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spec_priv.h"

void *spec_grow(void *p, size_t count, size_t size)
{
	p = realloc(p, count * size + 1);
	if (!p) {
		fprintf(stderr, "spec: out of memory\n");
		abort();
	}
	return p;
}

static uint64_t end_of(const struct spec_extent *e)
{
	return e->iova + e->size;
}

/* Index of the first extent that ends after iova. */
static uint32_t first_after(const struct spec_map *m, uint64_t iova)
{
	uint32_t lo = 0, hi = m->count;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (end_of(&m->extents[mid]) <= iova)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

const struct spec_extent *spec_map_at(const struct spec_map *m, uint64_t iova)
{
	uint32_t i = first_after(m, iova);

	return i < m->count && m->extents[i].iova <= iova ? &m->extents[i]
							  : NULL;
}

uint64_t spec_map_bytes(const struct spec_map *m)
{
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < m->count; i++)
		bytes += m->extents[i].size;
	return bytes;
}

uint64_t spec_map_run(const struct spec_map *m, uint64_t iova, uint64_t size)
{
	uint32_t i = first_after(m, iova);
	uint64_t at = iova;

	while (at - iova < size && i < m->count && m->extents[i].iova <= at)
		at = end_of(&m->extents[i++]);
	return at - iova < size ? at - iova : size;
}

uint64_t spec_map_gap(const struct spec_map *m, uint64_t iova, uint64_t size)
{
	uint32_t i = first_after(m, iova);

	if (i == m->count)
		return size;
	if (m->extents[i].iova <= iova)
		return 0;
	return m->extents[i].iova - iova < size ? m->extents[i].iova - iova
						: size;
}

static bool continues(const struct spec_extent *a, const struct spec_extent *b)
{
	return end_of(a) == b->iova && a->pa + a->size == b->pa &&
	       a->prot == b->prot;
}

static void insert(struct spec_map *m, uint32_t at, struct spec_extent e)
{
	if (m->count == m->room) {
		m->room = m->room ? 2 * m->room : 8;
		m->extents = spec_grow(m->extents, m->room, sizeof(e));
	}
	memmove(&m->extents[at + 1], &m->extents[at],
		(m->count - at) * sizeof(e));
	m->extents[at] = e;
	m->count++;
}

static void remove_at(struct spec_map *m, uint32_t at)
{
	m->count--;
	memmove(&m->extents[at], &m->extents[at + 1],
		(m->count - at) * sizeof(m->extents[0]));
}

void spec_map_add(struct spec_map *m, struct spec_extent e)
{
	uint32_t at = first_after(m, e.iova);

	if (at < m->count && continues(&e, &m->extents[at])) {
		e.size += m->extents[at].size;
		remove_at(m, at);
	}
	if (at > 0 && continues(&m->extents[at - 1], &e))
		m->extents[at - 1].size += e.size;
	else
		insert(m, at, e);
}

/* Make iova a boundary between extents. */
static void split(struct spec_map *m, uint64_t iova)
{
	uint32_t i = first_after(m, iova);
	struct spec_extent rest;

	if (i == m->count || m->extents[i].iova >= iova)
		return;
	rest = m->extents[i];
	m->extents[i].size = iova - rest.iova;
	rest.pa += iova - rest.iova;
	rest.size -= iova - rest.iova;
	rest.iova = iova;
	insert(m, i + 1, rest);
}

void spec_map_cut(struct spec_map *m, uint64_t iova, uint64_t size,
		  spec_piece_fn fn, void *ctx)
{
	uint32_t i;

	if (!size)
		return;
	split(m, iova);
	split(m, iova + size);
	i = first_after(m, iova);
	while (i < m->count && m->extents[i].iova - iova < size) {
		struct spec_extent piece = m->extents[i];

		remove_at(m, i);
		fn(ctx, &piece);
	}
}
