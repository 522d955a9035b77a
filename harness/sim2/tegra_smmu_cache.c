/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Contents of the PTC and the TLB. The PTC is kept by word, each with every
 * value it was seen with, and filled and flushed by line. A TLB entry is as
 * old as the oldest word it was made of, so that a TLB flush in the queue
 * still finds it.
 */
#include "tegra_smmu_internal.h"

static void ptc_fill(struct sim_tegra_smmu *smmu, uint64_t pa, uint32_t val)
{
	struct tlb_entry e = { .ia = pa, .pa = val, .shift = 2 };
	uint32_t idx = tlb_find(&smmu->ptc, &e);

	e.seq = smmu->now;
	if (idx)
		smmu->ptc.entries[idx].seq = smmu->now;
	else
		tlb_insert(&smmu->ptc, &e);
}

/* Each word as it is and as it was before an unpublished store. */
void ts_ptc_fill_line(struct sim_tegra_smmu *smmu, uint64_t pa)
{
	uint64_t line = smmu->config.ptc_line, first = pa & ~(line - 1);
	uint32_t val, old;

	for (uint64_t w = first; w < first + line; w += 4) {
		if (sim_mem_dev_read32(smmu->config.mem, w, SIM_VIEW_NEW, &val))
			return;
		ptc_fill(smmu, w, val);
		if (!sim_mem_dev_read32(smmu->config.mem, w, SIM_VIEW_OLD,
					&old) &&
		    old != val)
			ptc_fill(smmu, w, old);
	}
}

static bool oldest(void *ctx, struct tlb *tlb, uint32_t idx)
{
	uint32_t *best = ctx;

	if (!*best || tlb->entries[idx].order < tlb->entries[*best].order)
		*best = idx;
	return true;
}

bool ts_ptc_lookup(struct sim_tegra_smmu *smmu, uint64_t pa, uint32_t *val,
		   uint64_t *seq)
{
	uint32_t idx = 0;

	tlb_overlapping(&smmu->ptc, TLB_EL1, pa, pa, oldest, &idx);
	if (!idx)
		return false;
	*val = (uint32_t)smmu->ptc.entries[idx].pa;
	*seq = smmu->ptc.entries[idx].seq;
	return true;
}

struct tlb_entry ts_entry(uint16_t asid, uint64_t ia, uint64_t pa,
			  unsigned int shift, uint32_t attr)
{
	return (struct tlb_entry){
		.tag = { .world = TLB_EL1, .asid = asid },
		.ia = ia,
		.pa = pa & ~((UINT64_C(1) << shift) - 1),
		.shift = (uint8_t)shift,
		.perms = (uint8_t)((attr & TS_READABLE ? VMSA_UR : 0) |
				   (attr & TS_WRITABLE ? VMSA_UW : 0)),
	};
}

void ts_tlb_fill(struct sim_tegra_smmu *smmu, struct tlb_entry e, uint64_t seq)
{
	uint32_t idx = tlb_find(&smmu->tlb, &e);

	e.seq = seq;
	if (!idx)
		tlb_insert(&smmu->tlb, &e);
	else if (smmu->tlb.entries[idx].seq < seq)
		smmu->tlb.entries[idx].seq = seq;
}

uint64_t ts_frame(const struct sim_tegra_smmu *smmu, uint32_t desc)
{
	uint32_t bits = smmu->config.address_bits - TS_PAGE_SHIFT;

	return (uint64_t)(desc & ((1u << bits) - 1)) << TS_PAGE_SHIFT;
}

void ts_check_freed(const struct sim_tegra_smmu *smmu, uint64_t table)
{
	if (smmu->on_table)
		smmu->on_table(smmu->table_ctx, table, 4096);
	if (sim2_pages_overlap(&smmu->freed, table, 4096))
		ts_report(smmu, "the SMMU walks a freed table at %#llx",
			  (unsigned long long)table);
}
