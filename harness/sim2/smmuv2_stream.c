/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* From stream ID to S2CR to translation (IHI 0062 2.3 and 2.4). */
#include "smmuv2_internal.h"

#define ANY_SID UINT32_MAX

static bool extended(const struct v2_inst *in)
{
	return in->gr0[GR0_CR0 / 4] & CR0_EXIDENABLE;
}

uint32_t v2_nr_groups(const struct v2_inst *in)
{
	const struct sim_smmuv2_config *c = &in->smmu->config;

	if (!c->indexing)
		return c->nr_smrg;
	return c->sid_bits < 7 ? BIT(c->sid_bits) : V2_MAX;
}

struct v2_group v2_group(const struct v2_inst *in, uint32_t group)
{
	uint32_t smr = in->smr[group % V2_MAX];

	if (group >= v2_nr_groups(in))
		return (struct v2_group){ false, 0, 0 };
	if (in->smmu->config.indexing)
		return (struct v2_group){ true, group, 0 };
	if (extended(in))
		return (struct v2_group){ in->s2cr[group] & S2CR_EXIDVALID,
					  smr & 0xffff, smr >> 16 };
	return (struct v2_group){ smr & SMR_VALID, smr & 0x7fff,
				  smr >> 16 & 0x7fff };
}

bool v2_groups_meet(const struct v2_group *a, const struct v2_group *b)
{
	return a->valid && b->valid &&
	       !((a->id ^ b->id) & ~(a->mask | b->mask));
}

/* Is everything a matches matched by another entry too? */
static bool always_conflicts(const struct v2_inst *in, uint32_t group)
{
	struct v2_group a = v2_group(in, group);

	for (uint32_t i = 0; a.valid && i < v2_nr_groups(in); i++) {
		struct v2_group b = v2_group(in, i);

		if (i != group && v2_groups_meet(&a, &b) && !(a.mask & ~b.mask))
			return true;
	}
	return false;
}

static bool has_conflict(const struct v2_inst *in, uint32_t group)
{
	struct v2_group a = v2_group(in, group);

	for (uint32_t i = 0; a.valid && i < v2_nr_groups(in); i++) {
		struct v2_group b = v2_group(in, i);

		if (i != group && v2_groups_meet(&a, &b))
			return true;
	}
	return false;
}

/* S2CR.PRIVCFG: what the device may claim to be (9.6.39). */
static void privilege(uint32_t s2cr, struct v2_xlate *x)
{
	uint32_t cfg = s2cr >> 24 & 3;

	x->priv = cfg != 2;
	x->unpriv = cfg != 3;
}

static void s2cr_decode(const struct v2_inst *in, uint32_t s2cr,
			struct v2_xlate *x)
{
	switch (s2cr >> S2CR_TYPE_SHIFT & 3) {
	case S2CR_TRANSLATE:
		privilege(s2cr, x);
		v2_bank_decode(in, s2cr & S2CR_CBNDX, x);
		break;
	case S2CR_BYPASS:
		x->kind = V2_BYPASS;
		break;
	default:
		x->kind = V2_ABORT;
		x->fault = GFSR_ICF;
	}
}

static struct v2_xlate blank(uint32_t sid, uint32_t mask)
{
	return (struct v2_xlate){
		.sid = sid,
		.sid_mask = mask,
		.bank = SIM2_NONE,
	};
}

bool v2_group_walks(const struct v2_inst *in, uint32_t group,
		    struct v2_xlate *x)
{
	struct v2_group g = v2_group(in, group);

	if (!g.valid || in->gr0[GR0_CR0 / 4] & CR0_CLIENTPD)
		return false;
	*x = blank(g.id, g.mask);
	s2cr_decode(in, in->s2cr[group], x);
	return x->kind == V2_WALK;
}

/* Number of entries that match one stream ID; the last of them. */
static unsigned int match(const struct v2_inst *in, uint32_t sid,
			  uint32_t *group)
{
	struct v2_group one = { true, sid, 0 };
	unsigned int nr = 0;

	for (uint32_t i = 0; i < v2_nr_groups(in); i++) {
		struct v2_group g = v2_group(in, i);

		if (v2_groups_meet(&g, &one)) {
			*group = i;
			nr++;
		}
	}
	return nr;
}

void v2_stream_lookup(struct v2_inst *in, uint32_t sid, struct v2_xlate *x)
{
	uint32_t cr0 = in->gr0[GR0_CR0 / 4], group = 0;
	unsigned int nr = match(in, sid, &group);

	*x = blank(sid, 0);
	x->kind = V2_BYPASS;
	if (cr0 & CR0_CLIENTPD)
		return;
	if (nr == 1) {
		s2cr_decode(in, in->s2cr[group], x);
		return;
	}
	if (nr > 1)
		v2_report(in, "stream %#x matches %u entries", sid, nr);
	if (cr0 & (nr ? CR0_SMCFCFG : CR0_USFCFG)) {
		x->kind = V2_ABORT;
		x->fault = nr ? GFSR_SMCF : GFSR_USF;
	}
}

/* Is there a stream in (sid, dont_care) that no entry matches? */
static bool some_unmatched(const struct v2_inst *in, uint32_t sid,
			   uint32_t dont_care)
{
	uint32_t all = extended(in) ? 0xffff
				    : BIT(in->smmu->config.sid_bits) - 1;
	uint32_t bits = dont_care & all, sub = 0, group;

	do { /* every subset of the bits */
		if (!match(in, (sid & all & ~bits) | sub, &group))
			return true;
		sub = (sub - bits) & bits;
	} while (sub);
	return false;
}

static void visit_group(struct v2_inst *in, uint32_t group, v2_xlate_fn fn,
			void *ctx)
{
	bool conflict_aborts = in->gr0[GR0_CR0 / 4] & CR0_SMCFCFG;
	struct v2_group g = v2_group(in, group);
	struct v2_xlate x = blank(g.id, g.mask);

	/* Without SMCFCFG a transaction that matches two entries passes. */
	if (!conflict_aborts && has_conflict(in, group)) {
		x.kind = V2_BYPASS;
		fn(in, &x, ctx);
	}
	if (always_conflicts(in, group))
		return;
	x = blank(g.id, g.mask);
	s2cr_decode(in, in->s2cr[group], &x);
	fn(in, &x, ctx);
}

void v2_for_each_xlate(struct v2_inst *in, uint32_t sid, uint32_t dont_care,
		       v2_xlate_fn fn, void *ctx)
{
	uint32_t cr0 = in->gr0[GR0_CR0 / 4];
	struct v2_group set = { true, sid, dont_care };
	struct v2_xlate x = blank(sid, dont_care);

	x.kind = V2_BYPASS;
	if (cr0 & CR0_CLIENTPD) {
		fn(in, &x, ctx);
		return;
	}
	if (!(cr0 & CR0_USFCFG) && some_unmatched(in, sid, dont_care)) {
		x.sid_mask = ANY_SID;
		fn(in, &x, ctx);
	}
	for (uint32_t i = 0; i < v2_nr_groups(in); i++) {
		struct v2_group g = v2_group(in, i);

		if (v2_groups_meet(&g, &set))
			visit_group(in, i, fn, ctx);
	}
}
