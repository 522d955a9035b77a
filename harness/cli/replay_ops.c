// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Maps and unmaps: issue them, and judge what the library answered. */
#include <inttypes.h>

#include "cli.h"
#include "replay.h"

#define RAM_END(r) (MACHINE_RAM_BASE + (r)->m->config.ram_size)

static bool touches_guest(const struct replay *r, uint64_t pa, uint64_t size)
{
	const struct replay_options *o = r->options;

	for (size_t i = 0; i < o->guest_count; i++) {
		if (pa < o->guests[i].end && o->guests[i].start < pa + size)
			return true;
	}
	return false;
}

/* Are these all pages of the host, or its doorbell? */
static bool is_hosts(const struct replay *r, uint64_t pa, uint64_t size)
{
	uint64_t bell = r->board.doorbell;

	if (pa >= bell && pa < bell + CLI_PAGE && size <= bell + CLI_PAGE - pa)
		return true;
	return pa >= MACHINE_RAM_BASE && pa < RAM_END(r) &&
	       size <= RAM_END(r) - pa && !touches_guest(r, pa, size);
}

static bool is_well_formed(const struct trace_op *op)
{
	return !((op->iova | op->pa | op->size) & (CLI_PAGE - 1)) &&
	       !(op->prot & ~HYPIOMMU_PROT_ALL) &&
	       op->prot & (HYPIOMMU_PROT_READ | HYPIOMMU_PROT_WRITE);
}

static bool beyond(uint64_t start, uint64_t size, unsigned int bits)
{
	return bits < 64 && (start + (size - 1)) >> bits;
}

/* Is there a reason for this answer, and was none overlooked? NULL if so. */
static const char *judge_map(const struct replay *r,
			     const struct replay_domain *d,
			     const struct trace_op *op, int err)
{
	bool formed = is_well_formed(op);
	bool hosts = is_hosts(r, op->pa, op->size);
	bool live = live_overlap(&d->live, op->iova, op->size);
	bool range = beyond(op->iova, op->size, d->iova_bits) ||
		     beyond(op->pa, op->size, d->pa_bits);

	switch (err) {
	case HYPIOMMU_OK:
		return !hosts	? "a map of what is not the host's was accepted"
		       : live	? "a map over a live IOVA was accepted"
		       : range	? "a map out of range was accepted"
		       : formed ? NULL
				: "a malformed map was accepted";
	case HYPIOMMU_E_INVAL:
		return formed ? "a map was refused for nothing: INVAL" : NULL;
	case HYPIOMMU_E_PERM:
		return hosts ? "a map was refused for nothing: PERM" : NULL;
	case HYPIOMMU_E_EXIST:
		return live ? NULL : "a map was refused for nothing: EXIST";
	case HYPIOMMU_E_RANGE:
		return range ? NULL : "a map was refused for nothing: RANGE";
	case HYPIOMMU_E_OVERFLOW: /* 65,535 mappings of one page */
		return NULL;
	case HYPIOMMU_E_NOMEM:
		return "no table memory is left in this machine";
	default:
		return "a map was refused for no reason a map may have";
	}
}

static void count_refusal(struct replay *r, int err)
{
	r->counts.refused_maps++;
	if (err < 0 && err > -REPLAY_ERRORS)
		r->counts.refused[-err]++;
}

static void mapped(struct replay *r, struct replay_domain *d,
		   const struct trace_op *op, uint64_t size)
{
	const struct live_map map = {
		.iova = op->iova,
		.pa = op->pa,
		.size = size,
		.prot = op->prot,
	};

	r->counts.bytes_mapped += size;
	if (live_overlap(&d->live, op->iova, size))
		return; /* a violation already */
	live_add(&d->live, &map);
	replay_probe_mapped(r, d, &map);
}

/* The doorbell of the trace's machine is this one's. */
static uint64_t move_doorbell(const struct replay *r, uint64_t pa)
{
	if (pa - MACHINE_DOORBELL < CLI_PAGE)
		return pa - MACHINE_DOORBELL + r->board.doorbell;
	return pa;
}

static void map_in(struct replay *r, struct replay_domain *d,
		   const struct trace_op *op)
{
	const char *wrong;
	uint64_t size = 0;
	int err = d->error;

	r->counts.maps++;
	if (err) {
		count_refusal(r, err);
		return;
	}
	err = front_map(&r->front, d->id, op->iova, op->pa, op->size, op->prot,
			&size);
	wrong = judge_map(r, d, op, err);
	if (!wrong && !err && size != op->size)
		wrong = "a map did less than it says";
	if (wrong)
		replay_violation(r, "%s: iova 0x%" PRIx64 " pa 0x%" PRIx64,
				 wrong, op->iova, op->pa);
	if (!err) {
		mapped(r, d, op, size);
		return;
	}
	count_refusal(r, err);
	replay_probe_unmapped(r, d, op->iova, op->size);
}

void replay_map(struct replay *r, const struct trace_op *op)
{
	struct replay_domain *d = replay_domain_for_map(r, op);
	struct trace_op moved = *op;

	moved.pa = move_doorbell(r, op->pa);
	map_in(r, d, &moved);
}

/*
 * As the kernel unmaps: all of the range, whatever maps made it. Where one was
 * refused there is a hole; go on behind it.
 */
static int unmap_pieces(struct replay *r, struct replay_domain *d,
			const struct trace_op *op, uint64_t *total)
{
	uint64_t at = op->iova, last = op->iova + (op->size - 1), done;
	const struct live_map *next;
	int err;

	*total = 0;
	for (;;) {
		err = front_unmap(&r->front, d->id, at, last - at + 1, &done);
		*total += done;
		live_cut(&d->live, at, done);
		if (err != HYPIOMMU_E_NOENT)
			return err;
		at += done;
		next = live_from(&d->live, at);
		if (!next || next->iova > last)
			return HYPIOMMU_OK;
		if (next->iova <= at) {
			replay_violation(r,
					 "what is mapped at 0x%" PRIx64
					 " cannot be unmapped",
					 at);
			return HYPIOMMU_OK;
		}
		at = next->iova;
	}
}

/* May an unmap be refused like this? */
static bool refusable(const struct replay_domain *d, const struct trace_op *op,
		      int err)
{
	if (err == HYPIOMMU_E_INVAL)
		return (op->iova | op->size) & (CLI_PAGE - 1);
	if (err == HYPIOMMU_E_RANGE)
		return beyond(op->iova, op->size, d->iova_bits);
	return err == HYPIOMMU_E_UNSUPPORTED; /* part of a block */
}

void replay_unmap(struct replay *r, const struct trace_op *op)
{
	struct replay_domain *d = replay_domain_for_unmap(r, op);
	uint64_t expected, total;
	int err;

	r->counts.unmaps++;
	if (!d || d->error) {
		r->counts.unmap_misses++;
		return;
	}
	expected = live_bytes(&d->live, op->iova, op->size);
	err = unmap_pieces(r, d, op, &total);
	if (err) {
		r->counts.refused_unmaps++;
		if (!refusable(d, op, err))
			replay_violation(r, "an unmap was refused: %s",
					 hypiommu_error_name(err));
	} else if (total != expected) {
		replay_violation(r,
				 "an unmap of 0x%" PRIx64 " did 0x%" PRIx64
				 " bytes, and 0x%" PRIx64 " were mapped",
				 op->iova, total, expected);
	}
	if (!total && !err)
		r->counts.unmap_misses++;
	replay_probe_unmapped(r, d, op->iova, op->size);
}
