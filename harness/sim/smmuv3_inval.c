/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Invalidations: noted when their command is consumed, carried out when a later
 * CMD_SYNC is. An entry read from memory after the command was consumed need
 * not go: it was not there to be invalidated.
 */
#include "smmuv3_internal.h"

void inval_queue(struct sim_smmuv3 *smmu, const struct inval *inval)
{
	if (smmu->nr_pending == smmu->cap_pending) {
		smmu->cap_pending = smmu->cap_pending ? smmu->cap_pending * 2
						      : 32;
		smmu->pending = smmu_grow(smmu->pending, smmu->cap_pending,
					  sizeof(*smmu->pending));
	}
	smmu->pending[smmu->nr_pending] = *inval;
	smmu->pending[smmu->nr_pending++].seq = smmu->walker.now++;
}

static bool asid_matches(const struct inval *inv, const struct tlb_entry *e)
{
	if (!inv->by_asid)
		return true;
	/* By address, global entries go too; by ASID alone they stay. */
	if (e->tag.global)
		return inv->by_addr;
	return e->tag.asid == inv->asid;
}

static bool matches(const struct inval *inv, const struct tlb_entry *e,
		    bool table)
{
	if (e->seq > inv->seq || !(inv->worlds & (1u << e->tag.world)))
		return false;
	if (inv->by_vmid && e->tag.vmid != inv->vmid)
		return false;
	if (!asid_matches(inv, e))
		return false;
	if (table && inv->leaf)
		return false;
	/* A range or a hint that is wrong obliges to nothing (4.4.1.1). */
	if (inv->granule && e->granule != inv->granule)
		return false;
	return table || !inv->ttl || e->level == inv->ttl;
}

struct drop {
	const struct inval *inv;
	bool table;
};

static bool drop_one(void *ctx, struct tlb *tlb, uint32_t idx)
{
	const struct drop *d = ctx;

	if (matches(d->inv, &tlb->entries[idx], d->table))
		tlb_remove(tlb, idx);
	return true;
}

static void drop_from(struct tlb *tlb, const struct inval *inv, bool table)
{
	struct drop d = { inv, table };

	if (!inv->by_addr) {
		for (uint32_t i = 1; i < tlb->nr; i++)
			if (tlb->entries[i].used)
				drop_one(&d, tlb, i);
		return;
	}
	for (uint8_t world = TLB_EL1; world <= TLB_S2; world++)
		if (inv->worlds & (1u << world))
			tlb_overlapping(tlb, world, inv->first, inv->last,
					drop_one, &d);
}

void inval_complete(struct sim_smmuv3 *smmu)
{
	for (size_t i = 0; i < smmu->nr_pending; i++) {
		const struct inval *inv = &smmu->pending[i];

		if (inv->config) {
			cfg_invalidate(smmu, inv);
			smmu->cfg_flushed |= inv->resets_all;
		} else {
			drop_from(&smmu->walker.leaves, inv, false);
			drop_from(&smmu->walker.walks, inv, true);
			smmu->tlb_flushed |= inv->resets_all;
		}
	}
	smmu->nr_pending = 0;
}
