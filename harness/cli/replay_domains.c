// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Which domain an operation is for, and which streams are attached to it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "replay.h"
#include "util.h"

static const char *device_name(const struct replay *r, size_t stream)
{
	return stream < r->plan.device_count ? r->plan.devices[stream].name
					     : "a stream of nobody";
}

/* ------------------------------------------------------------ allocation */

static struct replay_domain *new_domain(struct replay *r)
{
	struct replay_domain *d = util_grow(NULL, 1, sizeof(*d));

	memset(d, 0, sizeof(*d));
	d->device = PLAN_NONE;
	live_init(&d->live);
	r->domains = util_grow(r->domains, r->domain_count + 1,
			       sizeof(struct replay_domain *));
	r->domains[r->domain_count++] = d;
	return d;
}

/* A domain is one SMMU's, that of the stream it is for. */
static void allocate(struct replay *r, struct replay_domain *d, size_t stream)
{
	uint32_t smmu = stream == PLAN_NONE ? 0 : replay_smmu(r, stream);

	if (d->allocated)
		return;
	d->allocated = true;
	d->error =
		front_domain_alloc(&r->front, smmu, r->options->stage, &d->id);
	if (d->error) {
		replay_violation(r, "a domain was refused: %s",
				 hypiommu_error_name(d->error));
	} else {
		d->iova_bits = (unsigned int)r->front.last.x[2];
		d->pa_bits = (unsigned int)r->front.last.x[3];
	}
}

static struct replay_domain *find_domain(struct replay *r, uint64_t key)
{
	for (size_t i = 0; i < r->domain_count; i++) {
		size_t at = (r->last_domain + i) % r->domain_count;

		if (!r->domains[at]->implicit && r->domains[at]->key == key) {
			r->last_domain = at;
			return r->domains[at];
		}
	}
	return NULL;
}

static struct replay_domain *named_domain(struct replay *r, uint64_t key)
{
	struct replay_domain *d = find_domain(r, key);

	if (!d) {
		d = new_domain(r);
		d->key = key;
	}
	return d;
}

/* ------------------------------------------------------------ attachment */

static void forget_stream(struct replay_domain *d, size_t stream)
{
	for (size_t i = 0; i < d->stream_count; i++) {
		if (d->streams[i] == stream)
			d->streams[i] = d->streams[--d->stream_count];
	}
}

static void detach(struct replay *r, size_t stream)
{
	struct replay_domain *d = r->holder[stream];
	uint32_t sid = r->plan.sids[stream];
	int err = front_detach(&r->front, replay_smmu(r, stream), sid, d->id);
	const struct live_map *map = live_pick(&d->live, 0);

	if (err) {
		replay_violation(r, "detach of %s was refused: %s",
				 device_name(r, stream),
				 hypiommu_error_name(err));
		return;
	}
	r->holder[stream] = NULL;
	forget_stream(d, stream);
	replay_probe_aborts(r, stream, map ? map->iova : 0);
}

static void attach(struct replay *r, struct replay_domain *d, size_t stream)
{
	int err;

	if (d->error || r->holder[stream] == d)
		return;
	if (r->holder[stream])
		detach(r, stream);
	err = front_attach(&r->front, replay_smmu(r, stream),
			   r->plan.sids[stream], d->id);
	if (err) {
		replay_violation(r, "attach of %s was refused: %s",
				 device_name(r, stream),
				 hypiommu_error_name(err));
		return;
	}
	r->holder[stream] = d;
	d->streams =
		util_grow(d->streams, d->stream_count + 1, sizeof(*d->streams));
	d->streams[d->stream_count++] = stream;
}

/* No line says which device: this one, unless it is another's already. */
static void attach_guess(struct replay *r, struct replay_domain *d,
			 size_t device)
{
	size_t stream = PLAN_NONE;

	d->attach_tried = true;
	if (device != PLAN_NONE)
		stream = r->plan.devices[device].stream;
	if (stream == PLAN_NONE || r->holder[stream])
		stream = plan_spare(&r->plan);
	allocate(r, d, stream);
	if (stream != PLAN_NONE)
		attach(r, d, stream);
	else if (r->board.tegra) /* streams are as few as the SoC has */
		r->counts.unattached_domains++;
	else
		replay_violation(r, "no stream is left for a domain");
}

void replay_attach(struct replay *r, const struct trace_op *op)
{
	struct replay_domain *d = named_domain(r, op->domain);
	size_t device = plan_find_device(&r->plan, op->dev);
	const struct live_map *map;

	allocate(r, d, r->plan.devices[device].stream);
	attach(r, d, r->plan.devices[device].stream);
	map = live_pick(&d->live, util_random(&r->random));
	if (map)
		replay_probe_mapped(r, d, map);
}

/* ------------------------------------------------------ implicit domains */

static struct replay_domain *open_implicit(struct replay *r, size_t device)
{
	struct replay_domain *d = new_domain(r);

	d->implicit = true;
	d->device = device;
	r->counts.implicit_domains++;
	return d;
}

static bool is_free(const struct replay_domain *d, const struct trace_op *op)
{
	return !live_overlap(&d->live, op->iova, op->size);
}

/* The first domain for this device in which the IOVAs are free. */
static struct replay_domain *implicit_for(struct replay *r, size_t device,
					  const struct trace_op *op)
{
	for (size_t i = 0; i < r->domain_count; i++) {
		struct replay_domain *d = r->domains[i];

		if (d->implicit && d->device == device && is_free(d, op))
			return d;
	}
	return open_implicit(r, device);
}

static struct replay_domain *unnamed_for_map(struct replay *r,
					     const struct trace_op *op)
{
	size_t device = plan_device_of(&r->plan, op);
	struct replay_domain *d;

	/* A scatter list is mapped piece by piece and named once. */
	if (device == PLAN_NONE && r->last_map && r->last_map_end == op->iova &&
	    is_free(r->last_map, op))
		d = r->last_map;
	else
		d = implicit_for(r, device, op);
	r->last_map = d;
	r->last_map_end = op->iova + op->size;
	return d;
}

struct replay_domain *replay_domain_for_map(struct replay *r,
					    const struct trace_op *op)
{
	struct replay_domain *d;
	size_t device;

	d = op->has_domain ? named_domain(r, op->domain)
			   : unnamed_for_map(r, op);
	if (d->stream_count || d->attach_tried || d->error)
		return d;
	if (!d->implicit && plan_attaches(&r->plan, d->key)) {
		device = plan_attached(&r->plan, d->key);
		allocate(r, d, r->plan.devices[device].stream);
		return d;
	}
	device = d->implicit ? d->device : plan_device_of(&r->plan, op);
	if (device == PLAN_NONE)
		device = plan_nearest(&r->plan, op->line);
	attach_guess(r, d, device);
	return d;
}

/* Of all implicit domains the one with most of it mapped, in doubt the
 * device's own. */
struct replay_domain *replay_domain_for_unmap(struct replay *r,
					      const struct trace_op *op)
{
	struct replay_domain *best = NULL;
	uint64_t most = 0;
	size_t device;

	if (op->has_domain)
		return find_domain(r, op->domain);
	device = plan_device_of(&r->plan, op);
	for (size_t i = 0; i < r->domain_count; i++) {
		struct replay_domain *d = r->domains[i];
		uint64_t n;

		if (!d->implicit)
			continue;
		n = live_bytes(&d->live, op->iova, op->size);
		if (n > most || (n && n == most && d->device == device &&
				 best->device != device)) {
			most = n;
			best = d;
		}
	}
	return best;
}

/* --------------------------------------------------------------- the end */

/* One unmap for everything up to the next hole. */
static void unmap_run(struct replay *r, struct replay_domain *d,
		      const struct live_map *first)
{
	uint64_t iova = first->iova, size = first->size, done;
	const struct live_map *next;
	int err;

	while (iova + size && (next = live_from(&d->live, iova + size)) &&
	       next->iova == iova + size)
		size += next->size;
	err = front_unmap(&r->front, d->id, iova, size, &done);
	if (err || done != size)
		replay_violation(r,
				 "the last unmap of 0x%" PRIx64
				 " did 0x%" PRIx64 " of 0x%" PRIx64 ": %s",
				 iova, done, size, hypiommu_error_name(err));
	live_cut(&d->live, iova, size);
}

static void end_domain(struct replay *r, struct replay_domain *d)
{
	const struct live_map *map;
	int err;

	if (d->error)
		return;
	while ((map = live_from(&d->live, 0)))
		unmap_run(r, d, map);
	while (d->stream_count) {
		size_t before = d->stream_count;

		detach(r, d->streams[0]);
		if (d->stream_count == before)
			return;
	}
	err = front_domain_free(&r->front, d->id);
	if (err)
		replay_violation(r, "a domain was not freed: %s",
				 hypiommu_error_name(err));
}

static void check_pins(struct replay *r)
{
	uint64_t end = MACHINE_RAM_BASE + r->m->config.ram_size;
	struct hypiommu_page_info info;

	for (uint64_t pa = MACHINE_RAM_BASE; pa < end; pa += CLI_PAGE) {
		if (hypiommu_page_info(r->m->h, pa, &info) || !info.pins)
			continue;
		replay_violation(r, "0x%" PRIx64 " is pinned for ever", pa);
		return;
	}
}

void replay_teardown(struct replay *r)
{
	struct machine_stats stats;

	for (size_t i = 0; i < r->domain_count; i++)
		end_domain(r, r->domains[i]);
	front_reclaim(&r->front);
	machine_check_now(r->m);
	machine_get_stats(r->m, &stats);
	if (stats.table_pages)
		replay_violation(r, "%" PRIu64 " table pages are lost",
				 stats.table_pages);
	check_pins(r);
}
