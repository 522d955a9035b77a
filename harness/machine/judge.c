// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Calls to the specification, and its state compared with the machine's. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"

#define PAGE 4096ull

/* Pages compared of one range that a call touched: its ends. */
#define TOUCHED_ENDS 32u

/* Mappings of more extents are counted at every SELDOM-th call only. */
#define MANY_EXTENTS 256u
#define SELDOM	     64u

/* What one copy of a stream's tables was seen to map. */
struct tally {
	uint32_t stream, copy;
	uint64_t bytes;
	/* The leaf counted last: one that takes several descriptors (large
	 * pages, contiguous runs) is met at each of them. */
	uint64_t iova, size;
};

struct judge {
	struct machine *m;
	struct spec *spec;
	bool lost;  /* judged wrong: no state to compare with any more */
	bool doubt; /* hardware was told to fail, before or after the call */
	uint64_t refused; /* allocations the port had refused before the call */
	bool doubted;	  /* ... when an SMMU was last stopped */
	struct tally *tallies;
	uint32_t tally_count, tally_room, last;
	uint64_t shape;
	uint32_t skipped; /* calls after which the tables were not counted */
};

const struct spec *judge_state(const struct judge *j)
{
	return j->spec;
}

/* ---------------------------------------------------------------- creation */

struct judge *judge_create(struct machine *m)
{
	const struct machine_config *c = &m->config;
	struct judge *j = calloc(1, sizeof(*j));
	uint64_t tables = c->table_pages * PAGE;

	if (!j)
		return NULL;
	j->m = m;
	j->spec = spec_create(machine_hw_smmus(m), c->limits.domains);
	if (m->tegra)
		j->spec->smmus[0].table_shift = 22;
	spec_add_region(j->spec, MACHINE_RAM_BASE, c->ram_size, false);
	spec_add_region(j->spec, MACHINE_EL2_BASE,
			MACHINE_EL2_SIZE + MACHINE_DONOR_SIZE, false);
	if (c->far_size)
		spec_add_region(j->spec, c->far_base, c->far_size, false);
	spec_add_region(j->spec, c->doorbell, PAGE, true);
	spec_carve_out(j->spec, MACHINE_EL2_BASE, MACHINE_EL2_SIZE);
	j->spec->own_tables = c->own_tables;
	if (c->own_tables && c->own_tables_base < MACHINE_EL2_BASE)
		spec_carve_out(j->spec, c->own_tables_base,
			       c->own_tables * PAGE);
	if (tables)
		spec_add_tables(j->spec,
				MACHINE_DONOR_BASE + MACHINE_DONOR_SIZE -
					tables,
				tables);
	for (size_t i = 0; i < c->sid_count; i++)
		spec_add_stream(j->spec, c->sid_smmus ? c->sid_smmus[i] : 0,
				c->sids[i], HYPIOMMU_HOST);
	return j;
}

void judge_destroy(struct judge *j)
{
	if (!j)
		return;
	spec_destroy(j->spec);
	free(j->tallies);
	free(j);
}

void judge_add_tables(struct judge *j, uint64_t base, uint64_t size)
{
	if (j)
		spec_add_tables(j->spec, base, size);
}

void judge_finalised(struct judge *j)
{
	if (j)
		spec_finalise(j->spec, machine_tables_used(j->m));
}

/* ------------------------------------------------------------------- calls */

static void object(struct judge *j, const char *why)
{
	j->lost = true;
	machine_violation(j->m, why);
}

void judge_begin(struct machine *m)
{
	if (!m->calling++ && m->judge) {
		m->judge->doubt = machine_hw_doubt(m);
		m->judge->refused = m->tables.refused;
		spec_touched_none(m->judge->spec);
	}
}

static uint32_t pins(void *ctx, uint64_t pa)
{
	struct hypiommu_page_info info;
	const struct judge *j = ctx;

	return machine_page_info(j->m, pa, &info) ? 0 : info.pins;
}

static struct spec_seen seen(struct judge *j)
{
	return (struct spec_seen){
		.doubt = j->doubt || machine_hw_doubt(j->m),
		.quiesced = !j->m->config.quiesce_refused,
		.used = machine_tables_used(j->m),
		.refused = j->m->tables.refused != j->refused,
		.pins = pins,
		.ctx = j,
	};
}

static void verdict(struct judge *j, const char *why)
{
	if (why)
		object(j, why);
}

void judge_hcall(struct judge *j, uint32_t caller,
		 const struct hypiommu_regs *in,
		 const struct hypiommu_regs *out)
{
	struct spec_seen s;

	if (!j || j->lost)
		return;
	s = seen(j);
	if (s.doubt)
		j->doubted = true;
	verdict(j, spec_hcall(j->spec, caller, in->x, out->x, &s));
}

void judge_transition(struct judge *j, enum spec_transition how, uint32_t a,
		      uint32_t b, uint64_t pa, uint64_t size, int result)
{
	if (!j || j->lost)
		return;
	/* calling counts the transition itself */
	if (j->m->calling > 1)
		verdict(j, spec_transition_meanwhile(j->spec, how, a, b, pa,
						     size, result));
	else
		verdict(j,
			spec_transition(j->spec, how, a, b, pa, size, result));
}

void judge_assign(struct judge *j, uint32_t smmu, uint32_t sid, uint32_t from,
		  uint32_t to, int result)
{
	struct spec_seen s;

	if (!j || j->lost)
		return;
	s = seen(j);
	verdict(j, spec_assign(j->spec, smmu, sid, from, to, result, &s));
}

void judge_suspend(struct judge *j, uint32_t smmu, int result)
{
	struct spec_seen s;

	if (!j || j->lost)
		return;
	s = seen(j);
	s.reaches = machine_hw_reaches(j->m, smmu);
	j->doubted |= s.doubt;
	verdict(j, spec_suspend(j->spec, smmu, result, &s));
}

void judge_reset(struct judge *j, uint32_t smmu, int result)
{
	struct spec_seen s;

	if (!j || j->lost)
		return;
	s = seen(j);
	j->doubted = s.doubt;
	verdict(j, spec_reset(j->spec, smmu, result, &s));
}

/* -------------------------------------------------------------- comparison */

static void __attribute__((format(printf, 2, 3)))
differs(struct judge *j, const char *format, ...)
{
	char text[200];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	object(j, text);
}

static bool page_agrees(struct judge *j, uint64_t pa)
{
	struct hypiommu_page_info info;
	bool mmio;
	const struct spec_page *p = spec_page(j->spec, pa, &mmio);

	if (machine_page_info(j->m, pa, &info))
		return false;
	return info.owner == p->owner && info.peer == p->peer &&
	       (uint8_t)info.state == p->sharing && info.pins == p->pins &&
	       info.mmio == mmio;
}

static void compare_page(struct judge *j, uint64_t pa)
{
	struct hypiommu_page_info info = { 0 };
	const struct spec_page *p;
	bool mmio;

	if (j->lost || page_agrees(j, pa))
		return;
	p = spec_page(j->spec, pa, &mmio);
	machine_page_info(j->m, pa, &info);
	differs(j,
		"page 0x%" PRIx64 " is %u's, peer %u, state %u, %u pins; "
		"specified: %u's, peer %u, state %u, %u pins",
		pa, info.owner, info.peer, info.state, info.pins, p->owner,
		p->peer, p->sharing, p->pins);
}

static void compare_range(struct judge *j, uint64_t pa, uint64_t size,
			  uint64_t ends)
{
	for (uint64_t at = 0; at < size; at += PAGE) {
		if (at == ends * PAGE && size > 2 * ends * PAGE)
			at = size - ends * PAGE;
		compare_page(j, pa + at);
	}
}

static void compare_touched(struct judge *j)
{
	const struct spec *s = j->spec;
	uint32_t room = sizeof(s->touched) / sizeof(s->touched[0]);

	for (uint32_t i = 0; i < s->touched_count && i < room; i++)
		compare_range(j, s->touched[i].pa, s->touched[i].size,
			      TOUCHED_ENDS);
}

static void compare_pool(struct judge *j)
{
	struct hypiommu_pool_info pool;
	uint64_t least, most, used;

	if (j->lost)
		return;
	if (!machine_pool_info(j->m, &pool) &&
	    pool.pages != j->spec->pool_pages) {
		differs(j,
			"the pool has %" PRIu64 " pages; specified: %" PRIu64,
			pool.pages, j->spec->pool_pages);
		return;
	}
	spec_tables(j->spec, &least, &most);
	used = machine_tables_used(j->m) - j->spec->pool_base;
	if (used < least || used > most)
		differs(j,
			"%" PRIu64 " table pages in use; the mappings take "
			"%" PRIu64 " to %" PRIu64,
			used, least, most);
}

static uint32_t extents(const struct spec *s)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->domain_count; i++)
		n += s->domains[i].map.count;
	return n;
}

bool judge_end(struct machine *m)
{
	struct judge *j = m->judge;

	if (--m->calling)
		return false;
	if (j && !j->lost && j->spec->finalised) {
		compare_touched(j);
		if (extents(j->spec) < MANY_EXTENTS ||
		    ++j->skipped % SELDOM == 0)
			compare_pool(j);
	}
	return true;
}

void judge_range(struct judge *j, uint64_t pa, uint64_t size)
{
	if (j && !j->m->calling)
		compare_range(j, pa, size, size / PAGE);
}

void judge_pages(struct judge *j)
{
	if (!j || j->lost || j->m->calling)
		return;
	if (j->spec->finalised)
		compare_pool(j);
	for (uint32_t i = 0; i < j->spec->region_count; i++) {
		const struct spec_region *r = &j->spec->regions[i];

		for (uint64_t at = 0; at < r->size && !j->lost; at += PAGE)
			compare_page(j, r->base + at);
	}
}

/* --------------------------------------------------- what hardware reaches */

void judge_look_begin(struct judge *j)
{
	j->tally_count = 0;
	j->last = 0;
	j->shape = 0;
}

static struct tally *tally(struct judge *j, uint32_t stream, uint32_t copy)
{
	struct tally *t = j->tally_count ? &j->tallies[j->last] : NULL;

	if (j->last < j->tally_count && t->stream == stream && t->copy == copy)
		return t;
	for (j->last = 0; j->last < j->tally_count; j->last++) {
		t = &j->tallies[j->last];
		if (t->stream == stream && t->copy == copy)
			return t;
	}
	if (j->tally_count == j->tally_room) {
		j->tally_room = j->tally_room ? 2 * j->tally_room : 16;
		j->tallies = realloc(j->tallies, j->tally_room * sizeof(*t));
		if (!j->tallies)
			abort();
	}
	t = &j->tallies[j->tally_count++];
	*t = (struct tally){ .stream = stream, .copy = copy };
	return t;
}

/* Is all of it mapped so, with that access? */
static bool permits(const struct judge *j, const struct spec_map *map,
		    unsigned int stage, const struct sim_reach *r)
{
	const struct spec_extent *e = spec_map_at(map, r->iova);
	bool read, write, mmio;

	if (!e || r->iova + r->size > e->iova + e->size ||
	    r->pa - e->pa != r->iova - e->iova)
		return false;
	read = e->prot & HYPIOMMU_PROT_READ;
	write = e->prot & HYPIOMMU_PROT_WRITE;
	if (!spec_page(j->spec, r->pa, &mmio) ||
	    attrs_differ(stage == 1, e->prot, mmio, &r->attrs))
		return false;
	/* A stage-1 table cannot withhold reads. */
	return r->write == write &&
	       (r->read == read || (stage == 1 && r->read && write));
}

static void count(struct judge *j, uint32_t stream, uint32_t copy,
		  const struct sim_reach *r)
{
	struct tally *t = tally(j, stream, copy);

	if (r->iova == t->iova && r->size == t->size)
		return;
	t->iova = r->iova;
	t->size = r->size;
	t->bytes += r->size;
	/* In whatever order they come. */
	j->shape += spec_mix(spec_mix(stream, r->iova), r->size);
}

uint64_t judge_shape(const struct judge *j)
{
	return j->shape;
}

void judge_reach(struct judge *j, uint32_t smmu, uint32_t copy,
		 const struct sim_reach *r)
{
	const struct spec_stream *st;
	const struct spec_domain *d;
	bool broken;

	if (!j || j->lost || j->m->calling || !j->spec->finalised || r->bypass)
		return;
	st = spec_stream(j->spec, smmu, r->sid);
	broken = smmu < j->spec->smmu_count && j->spec->smmus[smmu].broken;
	d = st && st->domain != SPEC_NONE ? &j->spec->domains[st->domain]
					  : NULL;
	if (!d || (broken && !j->doubted)) {
		differs(j,
			"stream 0x%x reaches 0x%" PRIx64 " at 0x%" PRIx64
			"; specified: it aborts",
			r->sid, r->pa, r->iova);
		return;
	}
	if (permits(j, &d->map, d->stage, r)) {
		if (!r->cached)
			count(j, (uint32_t)(st - j->spec->streams), copy, r);
		return;
	}
	/* What a failed SMMU may still know keeps its pins. */
	if (broken && permits(j, &d->pending, d->stage, r))
		return;
	differs(j,
		"stream 0x%x reaches 0x%" PRIx64 " (0x%" PRIx64
		" bytes, %s%s%s) at 0x%" PRIx64 "; the mappings specified do "
		"not",
		r->sid, r->pa, r->size, r->read ? "r" : "", r->write ? "w" : "",
		r->cached ? ", cached" : "", r->iova);
}

static void compare_tables(struct judge *j, uint32_t stream, uint32_t copy)
{
	const struct spec_stream *st = &j->spec->streams[stream];
	uint64_t want = 0, got = tally(j, stream, copy)->bytes;

	if (st->domain != SPEC_NONE)
		want = spec_map_bytes(&j->spec->domains[st->domain].map);
	if (j->spec->smmus[st->smmu].broken || (st->unsure && !got))
		return;
	if (got != want)
		differs(j,
			"the tables of stream 0x%x (copy %u) map 0x%" PRIx64
			" bytes; specified: 0x%" PRIx64,
			st->sid, copy, got, want);
}

void judge_look_end(struct judge *j)
{
	uint32_t copies[MACHINE_COPIES];

	if (!j || j->m->calling || !j->spec->finalised)
		return;
	for (uint32_t i = 0; i < j->spec->stream_count; i++) {
		const struct spec_stream *st = &j->spec->streams[i];
		uint32_t n = machine_hw_copies(j->m, st->smmu, st->sid, copies);

		for (uint32_t k = 0; k < n && !j->lost; k++)
			compare_tables(j, i, copies[k]);
	}
}
