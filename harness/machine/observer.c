// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The observer: whatever any device can reach now, by walk or by cache, must
 * be a page whose owner permits it, must be pinned, and must have been asked
 * for: there, for that domain, with that access.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "judge.h"
#include "machine.h"
#include "owners.h"

#define PAGE 4096ull

void machine_violation(struct machine *m, const char *what)
{
	char text[INCIDENT_TEXT];

	if (m->stats.violations++)
		return;
	incident_circumstances(m, text);
	snprintf(m->violation, sizeof(m->violation),
		 "%s%s (hypercall %" PRIu64 ", step %" PRIu64 ")", what, text,
		 m->stats.hypercalls, m->stats.steps);
}

int machine_page_info(struct machine *m, uint64_t pa,
		      struct hypiommu_page_info *info)
{
	bool checking = m->checking;
	int err;

	m->checking = true;
	err = m->owners ? machine_owners_info(m, pa, info)
			: hypiommu_page_info(m->h, pa, info);
	m->checking = checking;
	return err;
}

int machine_pool_info(struct machine *m, struct hypiommu_pool_info *info)
{
	bool checking = m->checking;
	int err;

	m->checking = true;
	err = hypiommu_pool_info(m->h, info);
	m->checking = checking;
	return err;
}

uint32_t machine_next_owner(const struct machine *m, uint32_t smmu,
			    uint32_t sid, uint32_t owner)
{
	for (const struct machine_move *o = m->moves; o; o = o->next) {
		if (o->stream && o->smmu == smmu && o->sid == sid)
			return o->to;
	}
	return owner;
}

static void blame(struct machine *m, uint32_t smmu, const struct sim_reach *r,
		  uint64_t pa, const char *why)
{
	char text[200 + INCIDENT_TEXT], before[INCIDENT_TEXT];

	incident_before(m, smmu, r, before);
	snprintf(text, sizeof(text),
		 "stream 0x%x reaches 0x%" PRIx64 " at iova 0x%" PRIx64
		 "%s: %s%s",
		 r->sid, pa, r->iova, r->cached ? " (cached)" : "", why,
		 before);
	machine_violation(m, text);
}

static void check_page(struct machine *m, uint32_t smmu,
		       const struct sim_reach *r, uint64_t pa, uint32_t owner)
{
	struct hypiommu_page_info info;

	if (owner == TRUTH_NOBODY || !machine_permits(m, pa, owner))
		blame(m, smmu, r, pa, "not its owner's page");
	else if (machine_page_info(m, pa, &info) || !info.pins)
		blame(m, smmu, r, pa, "the page is not pinned");
}

void machine_reach(struct machine *m, uint32_t smmu, const struct sim_reach *r)
{
	size_t stream = machine_stream(m, smmu, r->sid);
	bool declared = stream < m->config.sid_count;
	const char *why;
	uint32_t owner = TRUTH_NOBODY, next;

	incident_reached(m, smmu, r);
	if (r->bypass) {
		blame(m, smmu, r, 0, "bypass");
		return;
	}
	if (declared)
		owner = (uint32_t)m->stream_truth[stream];
	next = machine_next_owner(m, smmu, r->sid, owner);
	if (next != owner && machine_permits(m, r->pa, next))
		owner = next;
	for (uint64_t at = 0; at < r->size; at += PAGE)
		check_page(m, smmu, r, r->pa + at, owner);
	why = declared ? mappings_deny(m, stream, r) : NULL;
	if (why)
		blame(m, smmu, r, r->pa, why);
}

/* A table is EL2's, and not free, for as long as hardware may read it. */
void machine_table(void *ctx, uint64_t pa, uint64_t size)
{
	struct machine *m = ctx;
	uint64_t at = pa & ~(PAGE - 1);
	const char *why = NULL;
	char text[100];

	if (!m->h || !m->armed || m->dark || m->stats.violations)
		return;
	for (; at < pa + size && !why; at += PAGE) {
		if (!machine_permits(m, at, HYPIOMMU_HYP))
			why = "which is not EL2's";
		else if (!machine_table_in_use(m, at))
			why = "which is freed";
	}
	if (!why)
		return;
	snprintf(text, sizeof(text),
		 "hardware reads a table at 0x%" PRIx64 ", %s", pa, why);
	machine_violation(m, text);
}

void machine_look(struct machine *m)
{
	struct judge *judge = m->judge;

	if (!m->h || m->checking || !m->armed)
		return;
	m->checking = true;
	m->stats.checks++;
	incident_look_begin(m);
	if (m->dark) /* the specification knows nothing of bypass */
		m->judge = NULL;
	if (m->judge)
		judge_look_begin(m->judge);
	machine_hw_check(m);
	if (m->judge)
		judge_look_end(m->judge);
	if (m->dark)
		dark_look_end(m);
	m->judge = judge;
	m->checking = false;
}

void machine_check_now(struct machine *m)
{
	if (!m->checking)
		judge_pages(m->judge);
	machine_look(m);
}

void machine_step(struct machine *m, enum machine_step step)
{
	struct machine_move *call;

	if (m->checking)
		return;
	m->stats.steps++;
	call = machine_call_now(m);
	if (call && step != MACHINE_STEP_MMIO_READ)
		call->steps++;
	if (m->config.check == MACHINE_CHECK_STEPS && m->armed &&
	    step != MACHINE_STEP_MMIO_READ)
		machine_look(m);
	if (m->step_fn) {
		machine_step_fn fn = m->step_fn;
		struct lock_stack rival = { 0 }, *locks = m->locks;

		m->step_fn = NULL; /* what it does are no steps of its own */
		m->locks = &rival; /* and on another CPU */
		fn(m, step, m->step_ctx);
		m->locks = locks;
		m->step_fn = m->step_fn ? m->step_fn : fn;
	}
}

void machine_on_step(struct machine *m, machine_step_fn fn, void *ctx)
{
	m->step_fn = fn;
	m->step_ctx = ctx;
}

void machine_get_stats(struct machine *m, struct machine_stats *stats)
{
	struct hypiommu_pool_info pool;

	*stats = m->stats;
	machine_hw_stats(m, stats);
	stats->table_pages = machine_tables_used(m) - m->base_tables;
	if (m->h && !machine_pool_info(m, &pool)) {
		stats->table_pages_peak = pool.used_peak - m->base_tables;
	}
}
