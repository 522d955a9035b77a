// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <stdlib.h>

#include "live.h"
#include "machine.h"
#include "mappings.h"
#include "util.h"

#define NOWHERE UINT32_MAX

struct domain {
	struct live live;
	bool stage1;
	/* Calls for it met, or hardware failed under one: what is there cannot
	 * be told any more, but by the owners of pages. */
	bool unsure;
};

struct mappings {
	uint64_t window;	/* the page that is no memory but MMIO */
	struct domain *domains; /* by number */
	uint32_t domain_count;
	uint32_t *attached; /* domain of a stream; NOWHERE */
	struct mappings_call *calls;
};

struct mappings *mappings_create(uint32_t domains, size_t streams,
				 uint64_t window)
{
	struct mappings *p = util_grow(NULL, 1, sizeof(*p));

	*p = (struct mappings){ .domain_count = domains, .window = window };
	p->domains = util_grow(NULL, domains, sizeof(*p->domains));
	p->attached = util_grow(NULL, streams, sizeof(*p->attached));
	for (uint32_t i = 0; i < domains; i++) {
		p->domains[i] = (struct domain){ .stage1 = true };
		live_init(&p->domains[i].live);
	}
	for (size_t i = 0; i < streams; i++)
		p->attached[i] = NOWHERE;
	return p;
}

void mappings_destroy(struct mappings *p)
{
	if (!p)
		return;
	for (uint32_t i = 0; i < p->domain_count; i++)
		live_fini(&p->domains[i].live);
	free(p->domains);
	free(p->attached);
	free(p);
}

/* The domain a call names, or NULL. */
static struct domain *named(struct mappings *p, const struct hypiommu_regs *in)
{
	uint64_t number = in->x[1];

	switch (in->x[0]) {
	case HYPIOMMU_HC_ATTACH_DEV:
	case HYPIOMMU_HC_DETACH_DEV:
		number = in->x[3];
		break;
	case HYPIOMMU_HC_MAP_PAGES:
	case HYPIOMMU_HC_UNMAP_PAGES:
	case HYPIOMMU_HC_DOMAIN_FREE:
	case HYPIOMMU_HC_IOTLB_SYNC:
		break;
	default:
		return NULL;
	}
	return number < p->domain_count ? &p->domains[number] : NULL;
}

static void enter(struct mappings *p, struct mappings_call *call,
		  const void *list)
{
	struct domain *d = named(p, &call->in);

	for (const struct mappings_call *c = p->calls; d && c; c = c->next) {
		if (named(p, &c->in) == d && (!list || c->list != list))
			d->unsure = true;
	}
	call->list = list;
	call->next = p->calls;
	p->calls = call;
}

void mappings_begin(struct machine *m, struct mappings_call *call,
		    const struct hypiommu_regs *in)
{
	call->in = *in;
	enter(m->mappings, call, NULL);
}

void mappings_begin_list(struct machine *m, struct mappings_call *calls,
			 unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		enter(m->mappings, &calls[i], calls);
}

static void leave(struct mappings *p, const struct mappings_call *call)
{
	struct mappings_call **at = &p->calls;

	while (*at != call)
		at = &(*at)->next;
	*at = call->next;
}

/*
 * Also under another call, while this one was half way: an unmap says how far
 * it got; a map that is refused midway says 0, for it was taking back what it
 * had mapped, which only another CPU can disturb.
 */
static bool hardware_failed(const struct machine *m,
			    const struct hypiommu_regs *in,
			    const struct hypiommu_regs *out)
{
	int64_t status = (int64_t)out->x[0];
	bool unmap = in->x[0] == HYPIOMMU_HC_UNMAP_PAGES && out->x[1];
	bool map = in->x[0] == HYPIOMMU_HC_MAP_PAGES && m->cpus;

	return status == HYPIOMMU_E_TIMEOUT || status == HYPIOMMU_E_HW ||
	       (status == HYPIOMMU_E_BROKEN && (unmap || map) &&
		machine_hw_doubt(m));
}

static void mapped(struct domain *d, const struct hypiommu_regs *in,
		   uint64_t size)
{
	const struct live_map map = {
		.iova = in->x[2],
		.pa = in->x[3],
		.size = size,
		.prot = (uint32_t)in->x[5],
	};

	if (!size)
		return;
	/* What an unmap that failed left, and a later call finished. */
	live_cut(&d->live, map.iova, size);
	live_add(&d->live, &map);
}

static void freed(struct domain *d)
{
	live_fini(&d->live);
	live_init(&d->live);
	d->unsure = false;
}

static void allocated(struct mappings *p, const struct hypiommu_regs *in,
		      const struct hypiommu_regs *out)
{
	if (out->x[1] < p->domain_count)
		p->domains[out->x[1]].stage1 =
			(in->x[2] & HYPIOMMU_STAGE_MASK) == 1;
}

static void moved(struct machine *m, const struct hypiommu_regs *in,
		  uint32_t to)
{
	size_t stream = machine_stream(m, in->x[1], in->x[2]);

	if (stream < m->config.sid_count)
		m->mappings->attached[stream] = to;
}

void mappings_end(struct machine *m, struct mappings_call *call,
		  const struct hypiommu_regs *out)
{
	struct mappings *p = m->mappings;
	const struct hypiommu_regs *in = &call->in;
	struct domain *d = named(p, in);
	int64_t status = (int64_t)out->x[0];
	bool failed = hardware_failed(m, in, out);

	leave(p, call);
	if (in->x[0] == HYPIOMMU_HC_DOMAIN_ALLOC && !status)
		allocated(p, in, out);
	if (!d)
		return;
	if (failed)
		d->unsure = true;
	switch (in->x[0]) {
	case HYPIOMMU_HC_MAP_PAGES:
		mapped(d, in, out->x[1]);
		break;
	case HYPIOMMU_HC_UNMAP_PAGES:
		if (!failed)
			live_cut(&d->live, in->x[2], out->x[1]);
		break;
	case HYPIOMMU_HC_DOMAIN_FREE:
		if (!status)
			freed(d);
		break;
	case HYPIOMMU_HC_ATTACH_DEV:
		/* Failing hardware may have let it through. */
		if (!status || failed)
			moved(m, in, (uint32_t)in->x[3]);
		break;
	case HYPIOMMU_HC_DETACH_DEV:
		if (!status)
			moved(m, in, NOWHERE);
		break;
	default:
		break;
	}
}

/* ----------------------------------------------------------- permission */

static bool holds_window(const struct mappings *p, const struct sim_reach *r)
{
	return p->window >= r->pa && p->window - r->pa < r->size;
}

/* Does a mapping let a reach have what it has at `at`, and up to where? A
 * stage-1 table cannot withhold reads. */
static const char *judge(const struct mappings *p, uint32_t number,
			 const struct live_map *map, const struct sim_reach *r,
			 uint64_t at)
{
	const struct domain *d = &p->domains[number];
	bool read = map->prot & HYPIOMMU_PROT_READ ||
		    (d->stage1 && map->prot & HYPIOMMU_PROT_WRITE);

	if (map->pa + (at - map->iova) != r->pa + (at - r->iova))
		return "another page was mapped there";
	if (r->write && !(map->prot & HYPIOMMU_PROT_WRITE))
		return "it was mapped without write";
	if (r->read && !read)
		return "it was mapped without read";
	return attrs_differ(d->stage1, map->prot, holds_window(p, r),
			    &r->attrs);
}

static bool holds(const struct live_map *map, uint64_t at)
{
	return at - map->iova < map->size && at >= map->iova;
}

/* A map under way that covers it, and what it says; NULL if it permits. */
static const char *asked(const struct mappings *p, uint32_t number,
			 const struct sim_reach *r, uint64_t at,
			 const char *why, uint64_t *last)
{
	for (const struct mappings_call *c = p->calls; why && c; c = c->next) {
		const struct live_map map = {
			.iova = c->in.x[2],
			.pa = c->in.x[3],
			.size = c->in.x[4],
			.prot = (uint32_t)c->in.x[5],
		};

		if (c->in.x[0] != HYPIOMMU_HC_MAP_PAGES ||
		    c->in.x[1] != number || !holds(&map, at))
			continue;
		why = judge(p, number, &map, r, at);
		*last = map.iova + (map.size - 1);
	}
	return why;
}

static const char *deny_in(const struct mappings *p, uint32_t number,
			   const struct sim_reach *r)
{
	const struct domain *d = &p->domains[number];
	uint64_t at = r->iova, end = r->iova + (r->size - 1);
	uint64_t last = end;

	if (d->unsure)
		return NULL;
	for (;; at = last + 1) {
		const struct live_map *map = live_from(&d->live, at);
		const char *why = "nobody mapped it";

		if (map && holds(map, at)) {
			last = map->iova + (map->size - 1);
			why = judge(p, number, map, r, at);
		}
		why = asked(p, number, r, at, why, &last);
		if (why)
			return why;
		if (last >= end)
			return NULL;
	}
}

const char *mappings_deny(struct machine *m, size_t stream,
			  const struct sim_reach *r)
{
	const struct mappings *p = m->mappings;
	const char *why = "the stream is attached to nothing";

	if (p->attached[stream] != NOWHERE)
		why = deny_in(p, p->attached[stream], r);
	/* Or else to what it is being attached to. */
	for (const struct mappings_call *c = p->calls; why && c; c = c->next) {
		if (c->in.x[0] == HYPIOMMU_HC_ATTACH_DEV &&
		    c->in.x[3] < p->domain_count &&
		    machine_stream(m, c->in.x[1], c->in.x[2]) == stream)
			why = deny_in(p, (uint32_t)c->in.x[3], r);
	}
	return why;
}
