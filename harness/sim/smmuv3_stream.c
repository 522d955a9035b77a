/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* From StreamID to translation: stream table, STE, CD table, CD (3.3). */
#include <string.h>

#include "smmuv3_internal.h"

#define MAX_SSIDS 64u /* CDs looked at per stream */

struct strtab {
	uint64_t base;
	unsigned int log2, split;
	bool two_level;
};

static struct strtab strtab_get(const struct sim_smmuv3 *smmu)
{
	uint64_t cfg = reg_get(smmu, STRTAB_BASE_CFG);
	struct strtab t = { .log2 = (unsigned int)field(cfg, 5, 0) };
	unsigned int align;

	if (t.log2 > smmu->config.sid_bits)
		t.log2 = smmu->config.sid_bits;
	t.split = (unsigned int)field(cfg, 10, 6);
	if (t.split != 8 && t.split != 10)
		t.split = 6; /* other values are reserved and mean this */
	t.two_level = smmu->config.two_level && field(cfg, 17, 16) == 1;
	align = t.log2 + 6;
	if (t.two_level)
		align = t.log2 > t.split + 3 ? t.log2 - t.split + 3 : 6;
	t.base = reg_get64(smmu, STRTAB_BASE) & bits(51, 6) &
		 ~(BIT64(align) - 1);
	return t;
}

static bool l1_covers(const struct strtab *t, uint64_t l1std, uint32_t sid)
{
	unsigned int span = (unsigned int)field(l1std, 4, 0);

	return span != 0 && span <= t->split + 1 &&
	       (sid & (BIT64(t->split) - 1)) < BIT64(span - 1);
}

static uint64_t l1_ste(const struct strtab *t, uint64_t l1std, uint32_t sid)
{
	unsigned int span = (unsigned int)field(l1std, 4, 0);
	uint64_t l2 = l1std & bits(51, 6) & ~(BIT64(span + 5) - 1);

	return l2 + (sid & (BIT64(t->split) - 1)) * STE_SIZE;
}

/* Fetch in both views: the one memory has, and the one it had. */
static void fetch_both(struct sim_smmuv3 *smmu, struct cfg_item *item,
		       const struct cfg_source *from)
{
	if (sim_mem_frame_unpublished(smmu->mem, from->pa))
		cfg_fetch(smmu, item, from, SIM_VIEW_OLD);
	cfg_fetch(smmu, item, from, SIM_VIEW_NEW);
}

static struct cfg_source from_memory(const struct sim_smmuv3 *smmu, uint64_t pa)
{
	return (struct cfg_source){ pa, smmu->walker.now, true };
}

/* What is found through v is as new, and as current, as v is. */
static struct cfg_source from_version(const struct sim_smmuv3 *smmu,
				      const struct cfg_version *v, uint64_t pa)
{
	bool current = v->seen == smmu->pass;

	return (struct cfg_source){ pa, current ? smmu->walker.now : v->seq,
				    current };
}

/* ---- all that a stream may be configured as --------------------------- */

static void fetch_stes(struct sim_smmuv3 *smmu, uint32_t sid)
{
	struct strtab t = strtab_get(smmu);
	struct cfg_item *ste = cfg_item(smmu, CFG_STE, sid, 0);
	struct cfg_source from;
	struct cfg_item *l1;

	if (sid >= BIT64(t.log2))
		return;
	if (!t.two_level) {
		from = from_memory(smmu, t.base + (uint64_t)sid * STE_SIZE);
		fetch_both(smmu, ste, &from);
		return;
	}
	l1 = cfg_item(smmu, CFG_L1STD, sid >> t.split, 0);
	from = from_memory(smmu, t.base + (uint64_t)(sid >> t.split) * 8);
	fetch_both(smmu, l1, &from);
	for (unsigned int i = 0; i < l1->nr; i++) {
		const struct cfg_version *v = &l1->v[i];

		if (!l1_covers(&t, v->w[0], sid))
			continue;
		from = from_version(smmu, v, l1_ste(&t, v->w[0], sid));
		fetch_both(smmu, ste, &from);
	}
}

static void emit(struct sim_smmuv3 *smmu, struct xlate *x, bool current,
		 xlate_fn fn, void *ctx)
{
	if (x->kind == XLATE_ABORT)
		return;
	x->walk.cached = !current;
	fn(smmu, x, ctx);
}

static void each_cd(struct sim_smmuv3 *smmu, const struct ste *ste,
		    uint32_t ssid, const struct cfg_version *v, xlate_fn fn,
		    void *ctx)
{
	uint64_t pa = ste->cd_table + (uint64_t)ssid * CD_SIZE;
	struct cfg_item *item = cfg_item(smmu, CFG_CD, ste->x.sid, ssid);
	struct cfg_source from = from_version(smmu, v, pa);

	fetch_both(smmu, item, &from);
	for (unsigned int i = 0; i < item->nr; i++) {
		struct xlate x = ste->x;

		x.ssid = ssid;
		cd_decode(smmu, item->v[i].w, ste, &x);
		emit(smmu, &x, from.current && item->v[i].seen == smmu->pass,
		     fn, ctx);
	}
}

static void each_ste(struct sim_smmuv3 *smmu, const struct ste *ste,
		     const struct cfg_version *v, xlate_fn fn, void *ctx)
{
	bool current = v->seen == smmu->pass;
	struct xlate x = ste->x;
	uint32_t nr;

	if (!ste->s1) {
		emit(smmu, &x, current, fn, ctx);
		return;
	}
	nr = ste->cd_max < 6 ? 1u << ste->cd_max : MAX_SSIDS;
	/* S1DSS 0b01: without a SubstreamID stage 1 is bypassed (5.2). */
	if (ste->cd_max && ste->s1dss == 1) {
		x.kind = XLATE_BYPASS;
		emit(smmu, &x, current, fn, ctx);
	}
	for (uint32_t ssid = 0; ssid < nr; ssid++)
		each_cd(smmu, ste, ssid, v, fn, ctx);
}

void stream_for_each(struct sim_smmuv3 *smmu, uint32_t sid, xlate_fn fn,
		     void *ctx)
{
	struct cfg_item *item = cfg_item(smmu, CFG_STE, sid, 0);
	struct ste ste;

	smmu->pass++;
	fetch_stes(smmu, sid);
	for (unsigned int i = 0; i < item->nr; i++) {
		ste_decode(smmu, item->v[i].w, sid, &ste);
		each_ste(smmu, &ste, &item->v[i], fn, ctx);
	}
}

/* ---- what one transaction uses ---------------------------------------- */

static void fails(struct xlate *x, uint8_t event, uint64_t addr)
{
	x->kind = XLATE_ABORT;
	x->event = event;
	x->fetch = addr;
}

/* The oldest version held, else fetch it. */
static struct cfg_version *oldest(struct sim_smmuv3 *smmu,
				  struct cfg_item *item, uint64_t pa)
{
	struct cfg_source from = from_memory(smmu, pa);

	if (item->nr)
		return &item->v[0];
	return cfg_fetch(smmu, item, &from, SIM_VIEW_NEW);
}

/* Address of the STE, or false and x says why not. */
static bool find_ste(struct sim_smmuv3 *smmu, uint32_t sid, struct xlate *x,
		     uint64_t *pa)
{
	struct strtab t = strtab_get(smmu);
	struct cfg_version *v;
	uint64_t l1;

	if (sid >= BIT64(t.log2)) {
		fails(x, C_BAD_STREAMID, 0);
		return false;
	}
	if (!t.two_level) {
		*pa = t.base + (uint64_t)sid * STE_SIZE;
		return true;
	}
	l1 = t.base + (uint64_t)(sid >> t.split) * 8;
	v = oldest(smmu, cfg_item(smmu, CFG_L1STD, sid >> t.split, 0), l1);
	if (!v) {
		fails(x, F_STE_FETCH, l1);
		return false;
	}
	if (!l1_covers(&t, v->w[0], sid)) {
		fails(x, C_BAD_STREAMID, 0);
		return false;
	}
	*pa = l1_ste(&t, v->w[0], sid);
	return true;
}

static void lookup_cd(struct sim_smmuv3 *smmu, const struct ste *ste,
		      struct xlate *x)
{
	struct cfg_item *item = cfg_item(smmu, CFG_CD, ste->x.sid, 0);
	struct cfg_version *v;

	if (ste->cd_max && ste->s1dss == 0) {
		fails(x, F_STREAM_DISABLED, 0);
		return;
	}
	if (ste->cd_max && ste->s1dss == 1) {
		x->kind = XLATE_BYPASS;
		return;
	}
	v = oldest(smmu, item, ste->cd_table);
	if (!v) {
		fails(x, F_CD_FETCH, ste->cd_table);
		return;
	}
	cd_decode(smmu, v->w, ste, x);
}

void stream_lookup(struct sim_smmuv3 *smmu, uint32_t sid, struct xlate *x)
{
	struct cfg_item *item = cfg_item(smmu, CFG_STE, sid, 0);
	struct cfg_version *v;
	struct ste ste;
	uint64_t pa = 0;

	memset(x, 0, sizeof(*x));
	x->sid = sid;
	if (!item->nr && !find_ste(smmu, sid, x, &pa))
		return;
	v = oldest(smmu, item, pa);
	if (!v) {
		fails(x, F_STE_FETCH, pa);
		return;
	}
	ste_decode(smmu, v->w, sid, &ste);
	*x = ste.x;
	if (ste.s1)
		lookup_cd(smmu, &ste, x);
}

/* ---- which streams there are ------------------------------------------ */

/* Is there, or may there be cached, a level 2 table for this L1 entry? */
static bool l1_present(struct sim_smmuv3 *smmu, const struct strtab *t,
		       uint32_t idx)
{
	struct cfg_item *item = cfg_item(smmu, CFG_L1STD, idx, 0);
	uint64_t pa = t->base + (uint64_t)idx * 8, old = 0, new = 0;

	for (unsigned int i = 0; i < item->nr; i++)
		if (field(item->v[i].w[0], 4, 0))
			return true;
	sim_mem_dev_read64(smmu->mem, pa, SIM_VIEW_OLD, &old);
	sim_mem_dev_read64(smmu->mem, pa, SIM_VIEW_NEW, &new);
	return field(old, 4, 0) || field(new, 4, 0);
}

static void each_in_l2(struct sim_smmuv3 *smmu, const struct strtab *t,
		       sid_fn fn, void *ctx)
{
	uint32_t nr = t->log2 > t->split ? 1u << (t->log2 - t->split) : 1;

	for (uint32_t l1 = 0; l1 < nr; l1++) {
		uint64_t first = (uint64_t)l1 << t->split;

		if (!l1_present(smmu, t, l1))
			continue;
		for (uint64_t s = first;
		     s < first + BIT64(t->split) && s < BIT64(t->log2); s++)
			fn(smmu, (uint32_t)s, ctx);
	}
}

void stream_for_each_sid(struct sim_smmuv3 *smmu, sid_fn fn, void *ctx)
{
	struct strtab t = strtab_get(smmu);
	bool l1_small = t.log2 <= t.split + 10;

	if (t.two_level && l1_small) {
		each_in_l2(smmu, &t, fn, ctx);
		return;
	}
	if (!t.two_level && BIT64(t.log2) <= FULL_SCAN_MAX) {
		for (uint32_t sid = 0; sid < BIT64(t.log2); sid++)
			fn(smmu, sid, ctx);
		return;
	}
	for (size_t i = 0; i < smmu->cfg.nr_sids; i++)
		fn(smmu, smmu->cfg.sids[i], ctx);
}

/* Which STEs are there in a table too large to look at each time? */
void stream_scan_table(struct sim_smmuv3 *smmu)
{
	struct strtab t = strtab_get(smmu);
	uint64_t w[8] = { 0 };

	if (t.two_level || BIT64(t.log2) <= FULL_SCAN_MAX)
		return;
	for (uint64_t sid = 0; sid < BIT64(t.log2); sid++) {
		if (sim_mem_dev_read64(smmu->mem, t.base + sid * STE_SIZE,
				       SIM_VIEW_NEW, &w[0]))
			return;
		if (ste_live(w))
			cfg_candidate(smmu, (uint32_t)sid);
	}
}
