/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * PTC_FLUSH and TLB_FLUSH: noted when written, done in order when a register
 * is read. What was read from memory after the write need not go. Right after
 * a TLB flush the TLB takes from the PTC whatever is still there: if the PTC
 * is flushed second, the stale translation is back.
 */
#include "tegra_smmu_internal.h"

#define PTC_BY_ADDRESS (1u << 0)
#define TLB_BY_ASID    (1u << 31)
#define MATCH_ALL      0u
#define MATCH_SECTION  2u
#define MATCH_GROUP    3u
#define GROUP_SHIFT    14u

static void queue(struct sim_tegra_smmu *smmu, struct ts_flush *f)
{
	if (smmu->nr_pending == smmu->cap_pending) {
		smmu->cap_pending = smmu->cap_pending ? smmu->cap_pending * 2
						      : 32;
		smmu->pending = sim2_grow(smmu->pending, smmu->cap_pending,
					  sizeof(*smmu->pending));
	}
	f->seq = smmu->now++;
	smmu->pending[smmu->nr_pending++] = *f;
}

void ts_ptc_flush(struct sim_tegra_smmu *smmu, uint32_t value)
{
	struct ts_flush f = { .all = !(value & PTC_BY_ADDRESS) };
	uint32_t line = smmu->config.ptc_line;

	smmu->stats.ptc_flushes++;
	smmu->stats.ptc_flushes_all += f.all;
	if (!f.all) {
		f.first = value & ~PTC_BY_ADDRESS;
		if (f.first & (line - 1)) {
			ts_report(smmu,
				  "PTC flush of %#x is not aligned to a line "
				  "of %u",
				  value, line);
			return; /* undefined: it flushes something else */
		}
		if (smmu->config.address_bits > 32)
			f.first |=
				(uint64_t)(smmu->reg[TS_PTC_FLUSH_HI / 4] & 3)
				<< 32;
		f.last = f.first + line - 1;
	}
	queue(smmu, &f);
}

void ts_tlb_flush(struct sim_tegra_smmu *smmu, uint32_t value)
{
	struct ts_flush f = { .tlb = true, .by_asid = value & TLB_BY_ASID };
	uint32_t page = value & 0xfffffu;

	f.asid = smmu->config.nr_asids == 4 ? value >> 29 & 3
					    : value >> 24 & TS_ASID_MASK;
	smmu->stats.tlb_flushes++;
	switch (value & 3) {
	case MATCH_ALL:
		f.all = true;
		smmu->stats.tlb_flushes_all += !f.by_asid;
		break;
	case MATCH_SECTION:
		f.first = (uint64_t)(page >> 10) << TS_SECTION_SHIFT;
		f.last = f.first + (1u << TS_SECTION_SHIFT) - 1;
		break;
	case MATCH_GROUP:
		f.first = (uint64_t)(page >> 2) << GROUP_SHIFT;
		f.last = f.first + (1u << GROUP_SHIFT) - 1;
		break;
	default:
		ts_report(smmu, "TLB flush %#x: reserved match", value);
		return;
	}
	queue(smmu, &f);
}

static bool drop_one(void *ctx, struct tlb *tlb, uint32_t idx)
{
	const struct ts_flush *f = ctx;
	const struct tlb_entry *e = &tlb->entries[idx];

	if (e->seq > f->seq || (f->by_asid && e->tag.asid != f->asid))
		return true;
	tlb_remove(tlb, idx);
	return true;
}

static void drop(struct tlb *tlb, struct ts_flush *f)
{
	if (!f->all) {
		tlb_overlapping(tlb, TLB_EL1, f->first, f->last, drop_one, f);
		return;
	}
	for (uint32_t i = 1; i < tlb->nr; i++)
		if (tlb->entries[i].used)
			drop_one(f, tlb, i);
}

static void refill(struct sim_tegra_smmu *smmu, uint16_t asid, void *ctx)
{
	(void)ctx;
	ts_tree(smmu, asid, TS_REFILL, NULL);
}

void ts_complete(struct sim_tegra_smmu *smmu)
{
	for (size_t i = 0; i < smmu->nr_pending; i++) {
		struct ts_flush *f = &smmu->pending[i];

		drop(f->tlb ? &smmu->tlb : &smmu->ptc, f);
		if (f->tlb)
			ts_for_each_asid(smmu, refill, NULL);
	}
	smmu->nr_pending = 0;
}
