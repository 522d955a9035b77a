// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* DMA by the devices of the trace: what works must, and nothing else may. */
#include <inttypes.h>
#include <string.h>

#include "cli.h"
#include "mem.h"
#include "replay.h"
#include "util.h"

#define FAULTS_MAX 32u /* records the event queue may hold meanwhile */
#define WORD	   8u

/* Stage 1 cannot withhold reads; devices are not privileged. */
static bool may(const struct replay *r, uint32_t prot, bool write)
{
	bool stage1 = r->options->stage == 1;

	if (stage1 && prot & HYPIOMMU_PROT_PRIV)
		return false;
	if (write)
		return prot & HYPIOMMU_PROT_WRITE;
	return stage1 || prot & HYPIOMMU_PROT_READ;
}

/* The client of a device that makes an access: each has its turn. */
static uint32_t client_at(const struct replay *r, size_t stream, uint64_t iova)
{
	const struct replay_stream *s = &r->board.streams[stream];

	return r->board.clients[s->first + (iova >> 12) % s->client_count].id;
}

static enum sim_dma_result dma(struct replay *r, size_t stream, uint64_t iova,
			       bool write, uint64_t *word)
{
	if (r->board.tegra)
		return machine_client_dma(r->m, client_at(r, stream, iova),
					  iova, write, word, WORD);
	return machine_dma(r->m, r->plan.sids[stream], iova, write, word, WORD);
}

static enum sim_dma_result translate(struct replay *r, size_t stream,
				     uint64_t iova, bool write, uint64_t *pa)
{
	if (r->board.tegra)
		return machine_client_translate(
			r->m, client_at(r, stream, iova), iova, write, pa);
	return machine_translate(r->m, r->plan.sids[stream], iova, write, pa);
}

static void aborted(struct replay *r)
{
	if (++r->faults_waiting >= FAULTS_MAX)
		replay_drain_faults(r);
}

static void drain_smmu(struct replay *r, uint32_t smmu)
{
	int err;

	do {
		err = front_call(&r->front, HYPIOMMU_HC_FAULT_READ, smmu, 0, 0,
				 0, 0);
		r->counts.faults_read += !err;
	} while (!err || err == HYPIOMMU_E_AGAIN);
	if (err != HYPIOMMU_E_NOENT)
		replay_violation(r, "reading faults failed: %s",
				 hypiommu_error_name(err));
}

void replay_drain_faults(struct replay *r)
{
	for (uint32_t i = 0; i < r->m->config.limits.smmus; i++)
		drain_smmu(r, i);
	r->faults_waiting = 0;
}

/* ------------------------------------------------------ what must not be */

static void expect_abort(struct replay *r, size_t stream, uint64_t iova,
			 bool write)
{
	uint64_t word = 0x6261642061646421ull;
	enum sim_dma_result res = dma(r, stream, iova, write, &word);

	r->counts.dma_probes++;
	if (res == SIM_DMA_ABORT)
		aborted(r);
	else
		replay_violation(
			r, "stream 0x%x can %s iova 0x%" PRIx64 " and must not",
			r->plan.sids[stream], write ? "write" : "read", iova);
}

void replay_probe_aborts(struct replay *r, size_t stream, uint64_t iova)
{
	expect_abort(r, stream, iova & ~(CLI_PAGE - 1), false);
	expect_abort(r, stream, iova & ~(CLI_PAGE - 1), true);
}

/* A memory client that no master owns reaches nothing. */
static void probe_stray(struct replay *r)
{
	const struct replay_board *b = &r->board;
	size_t strays = b->hw_count - b->client_count;
	uint64_t pa;
	uint32_t id;

	if (!b->tegra || !strays)
		return;
	id = b->hw[b->client_count + r->counts.dma_probes % strays].id;
	r->counts.dma_probes++;
	if (machine_client_translate(r->m, id, MACHINE_RAM_BASE, true, &pa) ==
	    SIM_DMA_ABORT)
		aborted(r);
	else
		replay_violation(r, "client 0x%x, nobody's, reaches memory",
				 id);
}

/* One of the attached streams; d has at least one. */
static size_t pick_stream(struct replay *r, const struct replay_domain *d)
{
	size_t i = (size_t)(util_random(&r->random) % d->stream_count);

	return d->streams[i];
}

static uint64_t pick_offset(struct replay *r, uint64_t size)
{
	return util_random(&r->random) % size & ~(uint64_t)(WORD - 1);
}

void replay_probe_unmapped(struct replay *r, struct replay_domain *d,
			   uint64_t iova, uint64_t size)
{
	uint64_t at = iova + pick_offset(r, size);
	size_t stream;

	at &= ~(uint64_t)(WORD - 1);
	if (!d->stream_count || live_overlap(&d->live, at, WORD))
		return;
	stream = pick_stream(r, d);
	expect_abort(r, stream, at, false);
	expect_abort(r, stream, at, true);
}

/* ---------------------------------------------------------- what must be */

static void went_wrong(struct replay *r, size_t stream, uint64_t iova,
		       bool write, const char *how)
{
	replay_violation(r, "stream 0x%x %s iova 0x%" PRIx64 ": %s",
			 r->plan.sids[stream], write ? "writes" : "reads", iova,
			 how);
}

/* No memory behind it: only where the access would go. */
static void probe_mmio(struct replay *r, size_t stream, uint64_t iova,
		       uint64_t pa, bool write)
{
	uint64_t got = 0;

	r->counts.dma_probes++;
	if (translate(r, stream, iova, write, &got) != SIM_DMA_OK)
		went_wrong(r, stream, iova, write, "aborts and must not");
	else if (got != pa)
		went_wrong(r, stream, iova, write, "goes elsewhere");
}

static void probe_write(struct replay *r, size_t stream, uint64_t iova,
			uint64_t pa)
{
	uint64_t word = util_random(&r->random);

	r->counts.dma_probes++;
	if (dma(r, stream, iova, true, &word) != SIM_DMA_OK)
		went_wrong(r, stream, iova, true, "aborts and must not");
	else if (memcmp(sim_mem_ptr(r->m->mem, pa), &word, WORD) != 0)
		went_wrong(r, stream, iova, true, "does not reach its page");
}

static void probe_read(struct replay *r, size_t stream, uint64_t iova,
		       uint64_t pa)
{
	uint64_t word = util_random(&r->random), got = 0;

	memcpy(sim_mem_ptr(r->m->mem, pa), &word, WORD);
	r->counts.dma_probes++;
	if (dma(r, stream, iova, false, &got) != SIM_DMA_OK)
		went_wrong(r, stream, iova, false, "aborts and must not");
	else if (got != word)
		went_wrong(r, stream, iova, false, "does not read its page");
}

static void probe_access(struct replay *r, size_t stream,
			 const struct live_map *map, uint64_t offset,
			 bool write)
{
	uint64_t iova = map->iova + offset, pa = map->pa + offset;

	if (!may(r, map->prot, write))
		expect_abort(r, stream, iova, write);
	else if (!sim_mem_has(r->m->mem, pa, WORD))
		probe_mmio(r, stream, iova, pa, write);
	else if (write)
		probe_write(r, stream, iova, pa);
	else
		probe_read(r, stream, iova, pa);
}

void replay_probe_mapped(struct replay *r, struct replay_domain *d,
			 const struct live_map *map)
{
	const struct live_map copy = *map;
	uint64_t offset = pick_offset(r, copy.size);
	size_t stream;

	if (!d->stream_count)
		return;
	stream = pick_stream(r, d);
	probe_access(r, stream, &copy, offset, true);
	probe_access(r, stream, &copy, offset, false);
}

/* An old mapping of any domain is as it was, and the library says the same. */
void replay_probe_any(struct replay *r)
{
	uint64_t random = util_random(&r->random), pa = 0, offset;
	const struct live_map *map;
	struct replay_domain *d;
	int err;

	probe_stray(r);
	if (!r->domain_count)
		return;
	d = r->domains[random % r->domain_count];
	map = live_pick(&d->live, random >> 20);
	if (!map)
		return;
	replay_probe_mapped(r, d, map);
	offset = pick_offset(r, map->size);
	err = front_iova_to_phys(&r->front, d->id, map->iova + offset, &pa);
	r->counts.lookups++;
	if (err || pa != map->pa + offset)
		replay_violation(
			r,
			"iova_to_phys of 0x%" PRIx64 " answers %s, 0x%" PRIx64,
			map->iova + offset, hypiommu_error_name(err), pa);
}
