// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The machine before the hypercalls, what the port does to it, and questions
 * about all of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spec_priv.h"

const char *spec_wrong(struct spec *s, const char *call, int given, int right)
{
	snprintf(s->why, sizeof(s->why), "spec: %s = %s: it must be %s", call,
		 hypiommu_error_name(given), hypiommu_error_name(right));
	return s->why;
}

/* ---------------------------------------------------------- trusted phase */

struct spec *spec_create(uint32_t smmus, uint32_t domains)
{
	struct spec *s = spec_grow(NULL, 1, sizeof(*s));

	memset(s, 0, sizeof(*s));
	s->smmu_count = smmus;
	s->domain_count = domains;
	s->smmus = spec_grow(NULL, smmus, sizeof(*s->smmus));
	memset(s->smmus, 0, smmus * sizeof(*s->smmus));
	s->domains = spec_grow(NULL, domains, sizeof(*s->domains));
	memset(s->domains, 0, domains * sizeof(*s->domains));
	return s;
}

void spec_destroy(struct spec *s)
{
	if (!s)
		return;
	for (uint32_t i = 0; i < s->region_count; i++)
		free(s->regions[i].pages);
	for (uint32_t i = 0; i < s->domain_count; i++) {
		free(s->domains[i].map.extents);
		free(s->domains[i].pending.extents);
	}
	free(s->regions);
	free(s->smmus);
	free(s->domains);
	free(s->streams);
	free(s);
}

static void *copy(const void *of, size_t size)
{
	void *to = spec_grow(NULL, 1, size);

	if (size)
		memcpy(to, of, size);
	return to;
}

static void clone_map(struct spec_map *m)
{
	m->extents = copy(m->extents, m->count * sizeof(*m->extents));
	m->room = m->count;
}

struct spec *spec_clone(const struct spec *s)
{
	struct spec *c = copy(s, sizeof(*s));

	c->regions = copy(s->regions, s->region_count * sizeof(*s->regions));
	for (uint32_t i = 0; i < c->region_count; i++)
		c->regions[i].pages = copy(s->regions[i].pages,
					   s->regions[i].size / SPEC_PAGE *
						   sizeof(struct spec_page));
	c->smmus = copy(s->smmus, s->smmu_count * sizeof(*s->smmus));
	c->domains = copy(s->domains, s->domain_count * sizeof(*s->domains));
	for (uint32_t i = 0; i < c->domain_count; i++) {
		clone_map(&c->domains[i].map);
		clone_map(&c->domains[i].pending);
	}
	c->streams = copy(s->streams, s->stream_count * sizeof(*s->streams));
	return c;
}

void spec_add_region(struct spec *s, uint64_t base, uint64_t size, bool mmio)
{
	struct spec_region *r;

	s->regions = spec_grow(s->regions, s->region_count + 1, sizeof(*r));
	r = &s->regions[s->region_count++];
	*r = (struct spec_region){ .base = base, .size = size, .mmio = mmio };
	/* All of it the host's, which is principal 0, unpinned. */
	r->pages = calloc(size / SPEC_PAGE, sizeof(*r->pages));
	if (!r->pages)
		abort();
}

static void el2_takes(struct spec *s, uint64_t base, uint64_t size, bool pool)
{
	bool mmio;

	for (uint64_t at = 0; at < size; at += SPEC_PAGE) {
		struct spec_page *p = spec_page(s, base + at, &mmio);

		*p = spec_owned(HYPIOMMU_HYP);
		p->pool = pool;
	}
}

void spec_carve_out(struct spec *s, uint64_t base, uint64_t size)
{
	el2_takes(s, base, size, false);
}

void spec_add_tables(struct spec *s, uint64_t base, uint64_t size)
{
	el2_takes(s, base, size, true);
	s->pool_pages += size / SPEC_PAGE;
	if (base + size > s->pool_top)
		s->pool_top = base + size;
}

void spec_add_stream(struct spec *s, uint32_t smmu, uint32_t sid,
		     uint32_t owner)
{
	s->streams =
		spec_grow(s->streams, s->stream_count + 1, sizeof(*s->streams));
	s->streams[s->stream_count++] =
		(struct spec_stream){ smmu, sid, owner, SPEC_NONE, false };
}

void spec_finalise(struct spec *s, uint64_t pool_used)
{
	s->finalised = true;
	s->pool_base = s->pool_used = pool_used;
	for (uint32_t i = 0; i < s->smmu_count; i++)
		s->smmus[i].ready = true;
}

/* -------------------------------------------------------- the port's calls */

struct spec_stream *spec_stream(const struct spec *s, uint32_t smmu,
				uint64_t sid)
{
	for (uint32_t i = 0; i < s->stream_count; i++) {
		if (s->streams[i].smmu == smmu && s->streams[i].sid == sid)
			return &s->streams[i];
	}
	return NULL;
}

const char *spec_assign(struct spec *s, uint32_t smmu, uint32_t sid,
			uint32_t from, uint32_t to, int result,
			const struct spec_seen *seen)
{
	struct spec_stream *st = spec_stream(s, smmu, sid);
	int right = HYPIOMMU_OK;

	if (to >= HYPIOMMU_PRINCIPALS)
		right = HYPIOMMU_E_INVAL;
	else if (!st)
		right = HYPIOMMU_E_NOENT;
	else if (st->owner != from)
		right = HYPIOMMU_E_PERM;
	else if (st->domain != SPEC_NONE)
		right = HYPIOMMU_E_BUSY;
	else if (s->smmus[smmu].broken)
		right = HYPIOMMU_E_BROKEN;
	else if (!seen->quiesced)
		right = HYPIOMMU_E_BUSY;
	if (result != right)
		return spec_wrong(s, "assign_stream", result, right);
	if (!right)
		st->owner = to;
	return NULL;
}

/* Hardware was told something: it did it, or failed to. */
static int power_right(const struct spec *s, uint32_t smmu, int result,
		       const struct spec_seen *seen)
{
	if (smmu >= s->smmu_count || !s->smmus[smmu].ready)
		return HYPIOMMU_E_NOENT;
	if (seen->doubt &&
	    (result == HYPIOMMU_E_TIMEOUT || result == HYPIOMMU_E_HW))
		return result;
	return HYPIOMMU_OK;
}

const char *spec_suspend(struct spec *s, uint32_t smmu, int result,
			 const struct spec_seen *seen)
{
	int right = power_right(s, smmu, result, seen);

	/* To be told that DMA has stopped is all that a suspend is for. */
	if (!right && seen->reaches)
		right = HYPIOMMU_E_HW;
	if (result != right)
		return spec_wrong(s, "smmu_suspend", result, right);
	if (right != HYPIOMMU_E_NOENT)
		s->smmus[smmu].broken = true;
	return NULL;
}

const char *spec_reset(struct spec *s, uint32_t smmu, int result,
		       const struct spec_seen *seen)
{
	int right = power_right(s, smmu, result, seen);

	if (result != right)
		return spec_wrong(s, "smmu_reset", result, right);
	if (right != HYPIOMMU_E_NOENT)
		s->smmus[smmu].broken = result;
	return NULL;
}

/* ------------------------------------------------------------ table memory */

/* Distinct naturally aligned blocks of 2^shift bytes that hold part of m; if
 * leaf is not 0, without those that leaves of 2^leaf bytes may fill. */
static uint64_t blocks(const struct spec_map *m, unsigned int shift,
		       unsigned int leaf)
{
	uint64_t count = 0, next = 0; /* first block not counted yet */
	uint64_t mask = (1ull << leaf) - 1;

	for (uint32_t i = 0; i < m->count; i++) {
		const struct spec_extent *e = &m->extents[i];
		uint64_t first = e->iova >> shift;
		uint64_t last = (e->iova + e->size - 1) >> shift;

		if (leaf && !((e->iova ^ e->pa) & mask)) {
			/* Only the ends can need a table. */
			bool head = e->iova & mask;
			bool tail = (e->iova + e->size) & mask;

			if (head && first >= next) {
				count++;
				next = first + 1;
			}
			if (tail && last >= next) {
				count++;
				next = last + 1;
			}
			continue;
		}
		if (first < next)
			first = next;
		if (last >= first) {
			count += last - first + 1;
			next = last + 1;
		}
	}
	return count;
}

/* What one page of tables translates at a level below the root, and the leaf
 * that may stand in its place; log2, 0: none. */
struct level {
	unsigned int shift, leaf;
};

static unsigned int levels(const struct spec *s, const struct spec_domain *d,
			   unsigned int granule, struct level level[4])
{
	unsigned int n = 0, step = granule - 3, root_entries = 0;

	/* Short descriptors: tables of 1 MiB, four neighbours in a page. */
	if (d->leaf_sizes >> 20 & 1) {
		level[0] = (struct level){ 22, 20 };
		return 1;
	}
	level[0] = (struct level){ s->smmus[d->smmu].table_shift, 0 };
	if (level[0].shift)
		return 1;
	for (uint64_t e = d->root_pages * 512; e > 1; e >>= 1)
		root_entries++;
	/* Up to what an entry of the root translates. */
	while (n < 4) {
		unsigned int shift = granule + (n + 1) * step;

		level[n++] = (struct level){ shift, d->leaf_sizes >> shift & 1
							    ? shift
							    : 0 };
		if (d->ias <= shift + root_entries)
			break;
	}
	return n;
}

static void tables_of(const struct spec *s, const struct spec_domain *d,
		      const struct spec_map *m, uint64_t *least, uint64_t *most)
{
	unsigned int granule = (unsigned int)__builtin_ctzll(d->leaf_sizes);
	uint64_t pages = 1ull << (granule - 12);
	struct level level[4];
	unsigned int n = levels(s, d, granule, level);

	for (unsigned int i = 0; i < n; i++) {
		*least += pages * blocks(m, level[i].shift, level[i].leaf);
		*most += pages * blocks(m, level[i].shift, 0);
	}
}

void spec_tables(const struct spec *s, uint64_t *least, uint64_t *most)
{
	*least = *most = 0;
	for (uint32_t i = 0; i < s->domain_count; i++) {
		const struct spec_domain *d = &s->domains[i];

		if (d->life == SPEC_FREE)
			continue;
		*least += d->root_pages;
		*most += d->root_pages;
		tables_of(s, d, &d->map, least, most);
		/* What is pending may still hold its tables. */
		if (d->pending.count)
			tables_of(s, d, &d->pending, &(uint64_t){ 0 }, most);
	}
}

/* -------------------------------------------------------------------- hash */

uint64_t spec_mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 29;
}

static void mix(uint64_t *h, uint64_t v)
{
	*h = spec_mix(*h, v);
}

static void mix_map(uint64_t *h, const struct spec_map *m)
{
	mix(h, m->count);
	for (uint32_t i = 0; i < m->count; i++) {
		mix(h, m->extents[i].iova);
		mix(h, m->extents[i].pa);
		mix(h, m->extents[i].size | (uint64_t)m->extents[i].prot << 56);
	}
}

static void mix_domain(uint64_t *h, const struct spec_domain *d)
{
	mix(h, d->life);
	if (d->life == SPEC_FREE)
		return;
	mix(h, d->owner | d->smmu << 8 | (uint64_t)d->stage << 40);
	mix_map(h, &d->map);
	mix_map(h, &d->pending);
}

static void mix_pages(uint64_t *h, const struct spec *s,
		      const struct spec_range *range)
{
	bool mmio;

	for (uint64_t at = 0; at < range->size; at += SPEC_PAGE) {
		const struct spec_page *p = spec_page(s, range->pa + at, &mmio);

		mix(h, (uint64_t)p->owner | (uint64_t)p->peer << 8 |
			       (uint64_t)p->sharing << 16 |
			       (uint64_t)p->pool << 24 |
			       (uint64_t)p->pins << 32);
	}
}

uint64_t spec_hash(const struct spec *s, const struct spec_range *ranges,
		   uint32_t count)
{
	uint64_t h = s->finalised;

	mix(&h, s->pool_pages);
	for (uint32_t i = 0; i < count; i++)
		mix_pages(&h, s, &ranges[i]);
	for (uint32_t i = 0; i < s->smmu_count; i++)
		mix(&h, s->smmus[i].broken);
	for (uint32_t i = 0; i < s->domain_count; i++)
		mix_domain(&h, &s->domains[i]);
	for (uint32_t i = 0; i < s->stream_count; i++)
		mix(&h, s->streams[i].owner |
				(uint64_t)s->streams[i].unsure << 16 |
				(uint64_t)s->streams[i].domain << 32);
	return h;
}
