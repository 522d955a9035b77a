/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* From a memory client's transaction to memory, and what all can reach. */
#include <stdlib.h>
#include <string.h>

#include "tegra_smmu_internal.h"

#define ERR_TYPE_SMMU_PAGE (6u << 28)
#define ERR_WRITE	   (1u << 16)

static int by_id(const void *key, const void *member)
{
	const uint32_t *id = key;
	const struct sim_tegra_smmu_client *c = member;

	return *id < c->id ? -1 : *id > c->id;
}

const struct sim_tegra_smmu_client *ts_client(const struct sim_tegra_smmu *smmu,
					      uint32_t id)
{
	return bsearch(&id, smmu->clients, smmu->config.nr_clients,
		       sizeof(*smmu->clients), by_id);
}

enum ts_kind ts_route(const struct sim_tegra_smmu *smmu,
		      const struct sim_tegra_smmu_client *client,
		      uint16_t *asid)
{
	uint32_t swgroup = smmu->reg[client->swgroup_reg / 4];

	if (!(smmu->reg[TS_CONFIG / 4] & TS_CONFIG_ENABLE) ||
	    !(swgroup & TS_SWGROUP_ENABLE))
		return TS_BYPASS;
	if (client->enable_reg &&
	    !(smmu->reg[client->enable_reg / 4] & 1u << client->enable_bit))
		return TS_BYPASS;
	*asid = swgroup & TS_ASID_MASK;
	return *asid < smmu->config.nr_asids ? TS_WALK : TS_ABORT;
}

void ts_for_each_asid(struct sim_tegra_smmu *smmu,
		      void (*fn)(struct sim_tegra_smmu *smmu, uint16_t asid,
				 void *ctx),
		      void *ctx)
{
	bool seen[TS_MAX_ASIDS] = { false };

	for (size_t i = 0; i < smmu->config.nr_clients; i++) {
		uint16_t asid;

		if (ts_route(smmu, &smmu->clients[i], &asid) != TS_WALK ||
		    seen[asid])
			continue;
		seen[asid] = true;
		fn(smmu, asid, ctx);
	}
}

static void speculate(struct sim_tegra_smmu *smmu, uint16_t asid, void *ctx)
{
	(void)ctx;
	ts_tree(smmu, asid, TS_FILL, NULL);
}

void sim_tegra_smmu_speculate(struct sim_tegra_smmu *smmu)
{
	ts_for_each_asid(smmu, speculate, NULL);
}

/* ---- one transaction -------------------------------------------------- */

/* A word through the PTC, whose line it fills if it has to. */
static bool fetch(struct sim_tegra_smmu *smmu, uint64_t table, uint32_t index,
		  uint32_t *desc, uint64_t *seq)
{
	uint64_t pa = table + index * 4, age;

	ts_check_freed(smmu, table);
	if (!ts_ptc_lookup(smmu, pa, desc, &age)) {
		ts_ptc_fill_line(smmu, pa);
		if (sim_mem_dev_read32(smmu->config.mem, pa, SIM_VIEW_NEW,
				       desc))
			return false;
		age = smmu->now;
	}
	if (age < *seq)
		*seq = age;
	return true;
}

static bool walk(struct sim_tegra_smmu *smmu, uint16_t asid, uint64_t iova,
		 struct tlb_entry *e)
{
	uint32_t attr = smmu->ptb[asid], desc;
	uint64_t table = ts_frame(smmu, attr), seq = UINT64_MAX;
	unsigned int shift = TS_SECTION_SHIFT;

	if (!fetch(smmu, table, (uint32_t)(iova >> 22), &desc, &seq))
		return false;
	attr &= desc;
	if (desc & TS_PDE_NEXT) {
		shift = TS_PAGE_SHIFT;
		table = ts_frame(smmu, desc);
		if (!(attr & (TS_READABLE | TS_WRITABLE)) ||
		    !fetch(smmu, table, iova >> 12 & 0x3ff, &desc, &seq))
			return false;
		attr &= desc;
	}
	*e = ts_entry(asid, iova & ~((UINT64_C(1) << shift) - 1),
		      ts_frame(smmu, desc), shift, attr);
	if (!e->perms)
		return false;
	ts_tlb_fill(smmu, *e, seq);
	return true;
}

struct lookup {
	uint16_t asid;
	uint32_t idx;
};

static bool pick(void *ctx, struct tlb *tlb, uint32_t idx)
{
	struct lookup *l = ctx;
	const struct tlb_entry *e = &tlb->entries[idx];

	if (e->tag.asid == l->asid &&
	    (!l->idx || e->order < tlb->entries[l->idx].order))
		l->idx = idx;
	return true;
}

static void record(struct sim_tegra_smmu *smmu, const struct sim2_access *a)
{
	smmu->stats.faults++;
	if (smmu->reg[TS_INTSTATUS / 4] & TS_INT_SMMU_PAGE)
		return;
	smmu->reg[TS_INTSTATUS / 4] |= TS_INT_SMMU_PAGE;
	smmu->reg[TS_ERR_STATUS / 4] = ERR_TYPE_SMMU_PAGE | (a->id & 0xff) |
				       (a->write ? ERR_WRITE : 0);
	smmu->reg[TS_ERR_ADR / 4] = (uint32_t)a->iova;
}

static enum sim2_dma_result translated(struct sim_tegra_smmu *smmu,
				       uint16_t asid,
				       const struct sim2_access *a,
				       uint64_t *pa)
{
	struct lookup l = { asid, 0 };
	struct tlb_entry e;

	if (a->iova >> 32)
		return SIM2_DMA_ABORT;
	tlb_overlapping(&smmu->tlb, TLB_EL1, a->iova, a->iova, pick, &l);
	if (l.idx)
		e = smmu->tlb.entries[l.idx];
	else if (!walk(smmu, asid, a->iova, &e))
		e.perms = 0;
	if (!(e.perms & (a->write ? VMSA_UW : VMSA_UR))) {
		record(smmu, a);
		return SIM2_DMA_ABORT;
	}
	*pa = e.pa | (a->iova & ((UINT64_C(1) << e.shift) - 1));
	return SIM2_DMA_OK;
}

enum sim2_dma_result sim_tegra_smmu_translate(struct sim_tegra_smmu *smmu,
					      const struct sim2_access *a,
					      uint64_t *pa)
{
	const struct sim_tegra_smmu_client *c = ts_client(smmu, a->id);
	uint16_t asid;

	if (!c)
		return SIM2_DMA_ABORT;
	switch (ts_route(smmu, c, &asid)) {
	case TS_BYPASS:
		*pa = a->iova;
		return SIM2_DMA_OK;
	case TS_WALK:
		return translated(smmu, asid, a, pa);
	default:
		return SIM2_DMA_ABORT;
	}
}

enum sim2_dma_result sim_tegra_smmu_dma(struct sim_tegra_smmu *smmu,
					const struct sim2_access *a,
					uint64_t *done)
{
	enum sim2_dma_result r = SIM2_DMA_OK;
	uint64_t moved = 0;

	while (moved < a->len) {
		struct sim2_access part = *a;
		char *buf = (char *)a->buf + moved;
		uint64_t pa, n;
		int bad;

		part.iova += moved;
		r = sim_tegra_smmu_translate(smmu, &part, &pa);
		if (r != SIM2_DMA_OK)
			break;
		n = 4096 - part.iova % 4096;
		if (n > a->len - moved)
			n = a->len - moved;
		bad = a->write ? sim_mem_dev_write(smmu->config.mem, pa, buf, n)
			       : sim_mem_dev_read(smmu->config.mem, pa, buf, n);
		if (bad) {
			r = SIM2_DMA_BUS;
			break;
		}
		moved += n;
	}
	if (done)
		*done = moved;
	return r;
}
