/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * TLB maintenance (IHI 0062 5.8): a TLBI is noted when it is written, and done
 * when a status register that covers it has been read as idle. An entry read
 * from memory after the TLBI was written need not go.
 */
#include "smmuv2_internal.h"

#define WORLD(w) ((uint8_t)(1u << (w)))

void v2_inval_queue(struct v2_inst *in, const struct v2_inval *inval)
{
	if (in->nr_pending == in->cap_pending) {
		in->cap_pending = in->cap_pending ? in->cap_pending * 2 : 32;
		in->pending = sim2_grow(in->pending, in->cap_pending,
					sizeof(*in->pending));
	}
	in->pending[in->nr_pending] = *inval;
	in->pending[in->nr_pending++].seq = in->walker.now++;
	in->stats.tlbi++;
	in->stats.tlbi_va += inval->by_addr;
}

void v2_tlbi_global(struct v2_inst *in, uint32_t offset, uint32_t value)
{
	struct v2_inval inv = {
		.bank = SIM2_NONE,
		.worlds = WORLD(TLB_EL1) | WORLD(TLB_S2),
	};

	if (offset == GR0_TLBIALLH)
		inv.worlds = WORLD(TLB_EL2);
	if (offset == GR0_TLBIVMID) {
		inv.by_vmid = true;
		inv.vmid = value & 0xff;
		if (in->gr0[GR0_CR0 / 4] & CR0_VMID16EN)
			inv.vmid = (uint16_t)value;
	}
	v2_inval_queue(in, &inv);
}

/* Stage 1 operations, by what they name (16.5). */
static void s1_operation(struct v2_inst *in, uint32_t bank, uint32_t offset,
			 uint64_t value, struct v2_inval *inv)
{
	bool va64 = in->bank[bank].cba2r & CBA2R_VA64;

	inv->worlds = WORLD(v2_world(in, bank));
	inv->by_vmid = inv->worlds != WORLD(TLB_EL2);
	inv->vmid = v2_vmid(in, bank);
	inv->by_asid = offset == CB_TLBIASID || offset == CB_TLBIVA ||
		       offset == CB_TLBIVAL;
	inv->by_addr = offset != CB_TLBIASID && offset != CB_TLBIALL;
	inv->leaf = offset == CB_TLBIVAL || offset == CB_TLBIVAAL;
	if (offset == CB_TLBIASID)
		inv->asid = va64 ? (uint16_t)value : (uint8_t)value;
	else if (va64)
		inv->asid = (uint16_t)(value >> 48);
	else
		inv->asid = (uint8_t)value;
	inv->ia = va64 ? (value & (BIT64(44) - 1)) << 12 : value & 0xfffff000u;
}

static void s2_operation(struct v2_inst *in, uint32_t bank, uint32_t offset,
			 uint64_t value, struct v2_inval *inv)
{
	inv->worlds = WORLD(TLB_S2);
	inv->by_vmid = true;
	inv->vmid = v2_vmid(in, bank);
	inv->by_addr = true;
	inv->leaf = offset == CB_TLBIIPAS2L;
	inv->ia = (value & (BIT64(36) - 1)) << 12;
}

/* Operands of 64 bits: by address in AArch64 banks, and IPAs. */
static bool wide_operand(const struct v2_inst *in, uint32_t bank,
			 uint32_t offset)
{
	if (offset == CB_TLBIIPAS2 || offset == CB_TLBIIPAS2L)
		return true;
	return (in->bank[bank].cba2r & CBA2R_VA64) && offset != CB_TLBIASID &&
	       offset != CB_TLBIALL;
}

bool v2_tlbi_bank(struct v2_inst *in, uint32_t bank, uint32_t offset,
		  unsigned int width, uint64_t value)
{
	bool s2 = v2_cbar_type(in, bank) == CBAR_S2;
	uint32_t op = offset & ~7u;
	struct v2_inval inv = { .bank = bank };

	if (op < CB_TLBIVA || op > CB_TLBIIPAS2L)
		return false;
	if (offset & 4) { /* upper half first, the lower one acts */
		in->bank[bank].tlbi_high = (uint32_t)value;
		return true;
	}
	if (width == 4 && wide_operand(in, bank, op)) {
		value |= (uint64_t)in->bank[bank].tlbi_high << 32;
		in->bank[bank].tlbi_high = 0;
	}
	if (s2 != (op >= CB_TLBIIPAS2)) {
		v2_report(in, "TLBI at CB%u + %#x is not of the bank's stage",
			  bank, op);
		return true;
	}
	if (s2)
		s2_operation(in, bank, op, value, &inv);
	else
		s1_operation(in, bank, op, value, &inv);
	v2_inval_queue(in, &inv);
	return true;
}

struct drop {
	const struct v2_inst *in;
	const struct v2_inval *inv;
	bool table;
};

static bool asid_matches(const struct v2_inval *inv, const struct tlb_entry *e)
{
	if (!inv->by_asid)
		return true;
	/* By address, global entries go too; by ASID alone they stay. */
	if (e->tag.global)
		return inv->by_addr;
	return e->tag.asid == inv->asid;
}

/* Tegra194/234: by address, what the walk cache holds is not found. */
static bool erratum_keeps(const struct drop *d, const struct tlb_entry *e)
{
	if (!d->in->smmu->config.tegra_walk_cache || !d->inv->by_addr)
		return false;
	return d->table || e->level < (e->granule == V7S_GRANULE ? 2 : 3);
}

static bool drop_one(void *ctx, struct tlb *tlb, uint32_t idx)
{
	const struct drop *d = ctx;
	const struct v2_inval *inv = d->inv;
	const struct tlb_entry *e = &tlb->entries[idx];

	if (e->seq > inv->seq || !(inv->worlds & WORLD(e->tag.world)))
		return true;
	if (inv->by_vmid && e->tag.vmid != inv->vmid)
		return true;
	if (!asid_matches(inv, e) || (d->table && inv->leaf) ||
	    erratum_keeps(d, e))
		return true;
	tlb_remove(tlb, idx);
	return true;
}

static void drop_from(struct v2_inst *in, struct tlb *tlb,
		      const struct v2_inval *inv, bool table)
{
	struct drop d = { in, inv, table };

	if (!inv->by_addr) {
		for (uint32_t i = 1; i < tlb->nr; i++)
			if (tlb->entries[i].used)
				drop_one(&d, tlb, i);
		return;
	}
	for (uint8_t world = TLB_EL1; world <= TLB_S2; world++)
		if (inv->worlds & WORLD(world))
			tlb_overlapping(tlb, world, inv->ia, inv->ia + 0xfff,
					drop_one, &d);
}

static void complete(struct v2_inst *in, uint64_t upto, uint32_t bank)
{
	size_t kept = 0;

	for (size_t i = 0; i < in->nr_pending; i++) {
		struct v2_inval *inv = &in->pending[i];

		if (inv->seq >= upto ||
		    (bank != SIM2_NONE && inv->bank != bank)) {
			in->pending[kept++] = *inv;
			continue;
		}
		drop_from(in, &in->walker.leaves, inv, false);
		drop_from(in, &in->walker.walks, inv, true);
	}
	in->nr_pending = kept;
}

void v2_sync_start(struct v2_inst *in, struct v2_sync *sync)
{
	sync->active = true;
	sync->left = V2_ACK_DELAY;
	sync->upto = in->walker.now;
	sync->stuck = in->smmu->fail && in->smmu->fail(in->smmu->fail_ctx);
}

uint32_t v2_sync_status(struct v2_inst *in, struct v2_sync *sync, uint32_t bank,
			bool never)
{
	if (!sync->active)
		return 0;
	if (never || sync->stuck)
		return 1;
	if (sync->left) {
		sync->left--;
		return 1;
	}
	sync->active = false;
	complete(in, sync->upto, bank);
	if (bank == SIM2_NONE) {
		v2_late_done(in, sync->upto);
		in->stats.gsyncs++;
	} else {
		in->stats.syncs++;
	}
	return 0;
}
