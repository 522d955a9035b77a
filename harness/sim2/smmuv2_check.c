/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* What is asked of a configuration the moment streams can use it. */
#include <string.h>

#include "smmuv2_internal.h"

/* The banks that streams lead to, whether they translate or not. */
void v2_leads(const struct v2_inst *in, bool lead[V2_MAX])
{
	memset(lead, 0, V2_MAX * sizeof(*lead));
	if (in->gr0[GR0_CR0 / 4] & CR0_CLIENTPD)
		return;
	for (uint32_t i = 0; i < v2_nr_groups(in); i++) {
		uint32_t s2cr = in->s2cr[i], bank = s2cr & S2CR_CBNDX;

		if ((s2cr >> S2CR_TYPE_SHIFT & 3) == S2CR_TRANSLATE &&
		    bank < V2_MAX && v2_group(in, i).valid)
			lead[bank] = true;
	}
}

void v2_check_conflict(const struct v2_inst *in, uint32_t group)
{
	struct v2_group a = v2_group(in, group);

	for (uint32_t i = 0; a.valid && i < v2_nr_groups(in); i++) {
		struct v2_group b = v2_group(in, i);

		if (i != group && v2_groups_meet(&a, &b)) {
			v2_report(in, "SMR%u conflicts with SMR%u", group, i);
			return;
		}
	}
}

/* The upper half of the address space is not simulated: it must be off. */
static bool ttbr1_on(const struct v2_inst *in, uint32_t bank)
{
	uint32_t tcr = v2_cb(in, bank, CB_TCR);

	if (v2_cbar_type(in, bank) == CBAR_S2 || (tcr & TCR_EPD1))
		return false;
	if (in->bank[bank].cba2r & CBA2R_VA64)
		return true;
	return (tcr & TCR_EAE) && (tcr & (7u | 7u << 16));
}

/* Entries of the two would be taken for one another. */
static bool tags_clash(const struct v2_inst *in, uint32_t a, uint32_t b)
{
	struct v2_xlate x = { 0 }, y = { 0 };

	v2_bank_decode(in, a, &x);
	v2_bank_decode(in, b, &y);
	return x.kind == V2_WALK && y.kind == V2_WALK &&
	       tlb_tag_hits(&x.walk.tag, &y.walk.tag) &&
	       (walk_root(&x.walk.regime).pa != walk_root(&y.walk.regime).pa ||
		walk_granule(&x.walk.regime) != walk_granule(&y.walk.regime));
}

static void check_bank(const struct v2_inst *in, uint32_t bank)
{
	unsigned int type = v2_cbar_type(in, bank);
	struct walk_regime r;
	const char *why = v2_regime_decode(in, bank, &r);

	if (why)
		v2_report(in, "bank %u goes live: %s", bank, why);
	if (type == CBAR_NESTED)
		v2_report(in, "bank %u goes live: nested is not simulated",
			  bank);
	if (!in->smmu->config.stage2 && type == CBAR_S2)
		v2_report(in, "bank %u goes live: no stage 2", bank);
	if (!in->smmu->config.stage1 && type == CBAR_S1_BYPASS)
		v2_report(in, "bank %u goes live: no stage 1", bank);
	if (ttbr1_on(in, bank))
		v2_report(in, "bank %u goes live: TTBR1 walks are on", bank);
	if (in->smmu->config.mmu500 && (v2_cb(in, bank, CB_ACTLR) & ACTLR_CPRE))
		v2_report(in,
			  "bank %u goes live: ACTLR.CPRE is set "
			  "(MMU-500 errata 841119, 826419)",
			  bank);
	for (uint32_t i = 0; i < in->smmu->config.nr_cb; i++)
		if (i != bank && in->bank[i].live && tags_clash(in, bank, i))
			v2_report(in,
				  "bank %u goes live with the VMID and "
				  "ASID of bank %u, not its tables",
				  bank, i);
}

void v2_update_live(struct v2_inst *in, bool check)
{
	bool lead[V2_MAX];

	v2_leads(in, lead);
	for (uint32_t i = 0; i < in->smmu->config.nr_cb; i++) {
		bool was = in->bank[i].live;

		in->bank[i].live = lead[i] &&
				   (v2_cb(in, i, CB_SCTLR) & SCTLR_M);
		if (check && in->bank[i].live && !was)
			check_bank(in, i);
	}
}

/* ---- mirrors ---------------------------------------------------------- */

struct mirror {
	const struct v2_inst *a, *b;
	unsigned int differences;
};

static void compare(struct mirror *m, const char *name, uint32_t index,
		    uint32_t a, uint32_t b)
{
	if (a == b)
		return;
	m->differences++;
	v2_report(m->b, "mirror out of step: %s %#x is %#x, on instance 0 %#x",
		  name, index, b, a);
}

static void compare_groups(struct mirror *m)
{
	for (uint32_t i = 0; i < v2_nr_groups(m->a); i++) {
		struct v2_group a = v2_group(m->a, i), b = v2_group(m->b, i);

		if (!a.valid && !b.valid)
			continue;
		compare(m, "SMR", i, m->a->smr[i], m->b->smr[i]);
		compare(m, "S2CR", i, m->a->s2cr[i], m->b->s2cr[i]);
	}
}

static void compare_bank(struct mirror *m, uint32_t bank)
{
	static const uint32_t offsets[] = { CB_SCTLR, CB_ACTLR,	    CB_TCR2,
					    CB_TTBR0, CB_TTBR0 + 4, CB_TTBR1,
					    CB_TCR,   CB_TTBR1 + 4, CB_MAIR0,
					    CB_MAIR1, CB_CONTEXTIDR };
	const struct v2_bank *a = &m->a->bank[bank], *b = &m->b->bank[bank];

	compare(m, "CBAR", bank, a->cbar, b->cbar);
	compare(m, "CBA2R", bank, a->cba2r, b->cba2r);
	for (size_t i = 0; i < sizeof(offsets) / sizeof(*offsets); i++)
		compare(m, "context bank register", bank << 12 | offsets[i],
			a->reg[offsets[i] / 4], b->reg[offsets[i] / 4]);
}

unsigned int sim_smmuv2_check_mirrors(struct sim_smmuv2 *smmu)
{
	struct mirror m = { &smmu->inst[0], &smmu->inst[1], 0 };
	bool lead_a[V2_MAX], lead_b[V2_MAX];

	if (smmu->config.instances < 2)
		return 0;
	compare(&m, "sCR0", 0, m.a->gr0[GR0_CR0 / 4], m.b->gr0[GR0_CR0 / 4]);
	compare(&m, "sCR2", 0, m.a->gr0[GR0_CR2 / 4], m.b->gr0[GR0_CR2 / 4]);
	compare(&m, "sACR", 0, m.a->gr0[GR0_ACR / 4], m.b->gr0[GR0_ACR / 4]);
	compare_groups(&m);
	v2_leads(m.a, lead_a);
	v2_leads(m.b, lead_b);
	for (uint32_t i = 0; i < smmu->config.nr_cb; i++)
		if (lead_a[i] || lead_b[i])
			compare_bank(&m, i);
	return m.differences;
}
