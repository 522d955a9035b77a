/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The configuration cache (3.21.3): every version of every structure fetched
 * since its last invalidation, invalid ones included, because those too may be
 * cached. A structure is not fetched in one piece, so that two versions which
 * may both be held can be mixed word by word; the check for that is here.
 */
#include <stdlib.h>
#include <string.h>

#include "smmuv3_internal.h"

#define MAX_VERSIONS 256u
#define SIDS_TRACKED BIT64(24)

static uint64_t sid_space(const struct sim_smmuv3 *smmu)
{
	uint64_t n = BIT64(smmu->config.sid_bits);

	return n < SIDS_TRACKED ? n : SIDS_TRACKED;
}

void cfg_init(struct sim_smmuv3 *smmu)
{
	size_t len = (size_t)(sid_space(smmu) / 8 + 1);

	memset(&smmu->cfg, 0, sizeof(smmu->cfg));
	smmu->cfg.sid_known = smmu_grow(NULL, len, 1);
	memset(smmu->cfg.sid_known, 0, len);
}

void cfg_clear(struct sim_smmuv3 *smmu)
{
	for (size_t k = 0; k < 3; k++)
		for (size_t b = 0; b < CFG_BUCKETS; b++)
			while (smmu->cfg.bucket[k][b]) {
				struct cfg_item *it = smmu->cfg.bucket[k][b];

				smmu->cfg.bucket[k][b] = it->next;
				free(it->v);
				free(it);
			}
}

void cfg_destroy(struct sim_smmuv3 *smmu)
{
	cfg_clear(smmu);
	free(smmu->cfg.sids);
	free(smmu->cfg.sid_known);
}

void cfg_candidate(struct sim_smmuv3 *smmu, uint32_t sid)
{
	struct cfg_cache *cfg = &smmu->cfg;

	if (sid >= sid_space(smmu) || (cfg->sid_known[sid / 8] >> sid % 8 & 1))
		return;
	cfg->sid_known[sid / 8] |= (uint8_t)(1u << sid % 8);
	if (cfg->nr_sids == cfg->cap_sids) {
		cfg->cap_sids = cfg->cap_sids ? cfg->cap_sids * 2 : 32;
		cfg->sids =
			smmu_grow(cfg->sids, cfg->cap_sids, sizeof(*cfg->sids));
	}
	cfg->sids[cfg->nr_sids++] = sid;
}

static struct cfg_item **bucket(struct sim_smmuv3 *smmu, enum cfg_kind kind,
				uint32_t id)
{
	return &smmu->cfg.bucket[kind][(id ^ id >> 8) % CFG_BUCKETS];
}

struct cfg_item *cfg_item(struct sim_smmuv3 *smmu, enum cfg_kind kind,
			  uint32_t id, uint32_t sub)
{
	struct cfg_item **head = bucket(smmu, kind, id);
	struct cfg_item *it;

	for (it = *head; it; it = it->next)
		if (it->id == id && it->sub == sub)
			return it;
	it = smmu_grow(NULL, 1, sizeof(*it));
	*it = (struct cfg_item){ .kind = kind, .id = id, .sub = sub };
	it->next = *head;
	*head = it;
	return it;
}

/* ---- mixtures --------------------------------------------------------- */

static bool live(const struct cfg_item *item, const uint64_t w[8])
{
	return item->kind == CFG_STE ? ste_live(w) : cd_live(w);
}

static void used_bits(const struct sim_smmuv3 *smmu,
		      const struct cfg_item *item, const uint64_t w[8],
		      uint64_t used[8])
{
	if (item->kind == CFG_STE)
		ste_used(smmu, w, used);
	else
		cd_used(w, used);
}

/*
 * Two versions the hardware may hold at once. One word that differs is read
 * as one or the other. With two, a third configuration nobody wrote can come
 * of it, unless neither version does anything.
 */
static void check_mixture(const struct sim_smmuv3 *smmu,
			  const struct cfg_item *item, const uint64_t now[8],
			  const uint64_t then[8])
{
	const char *name = item->kind == CFG_STE ? "STE" : "CD";
	uint64_t a[8], b[8];
	unsigned int differ = 0;

	if (!live(item, now) && !live(item, then))
		return;
	used_bits(smmu, item, now, a);
	used_bits(smmu, item, then, b);
	for (unsigned int i = 0; i < STRUCT_WORDS; i++)
		if ((now[i] ^ then[i]) & (a[i] | b[i]))
			differ++;
	if (differ < 2)
		return;
	if (live(item, then))
		smmu_report(smmu,
			    "live %s of stream %#x rewritten without passing "
			    "through %s and invalidation",
			    name, item->id,
			    item->kind == CFG_STE ? "abort" : "V = 0");
	else
		smmu_report(smmu,
			    "%s of stream %#x made valid before its other "
			    "words were invalidated from the configuration "
			    "cache",
			    name, item->id);
}

/* The root of the tables must be aligned to its size (DDI 0487 D8.2). */
static void check_ttb(const struct sim_smmuv3 *smmu,
		      const struct cfg_item *item, const uint64_t w[8])
{
	struct ste ste = { 0 };
	struct xlate x;

	if (item->kind == CFG_STE)
		ste_decode(smmu, w, item->id, &ste);
	x = ste.x;
	if (item->kind == CFG_CD)
		cd_decode(smmu, w, &ste, &x);
	if (x.kind == XLATE_WALK && x.walk.regime.v8.ia_bits &&
	    vmsa_root(&x.walk.regime.v8).pa != x.walk.regime.v8.ttb)
		smmu_report(smmu, "TTB %#llx of stream %#x is not aligned",
			    (unsigned long long)x.walk.regime.v8.ttb, item->id);
}

static void check_version(const struct sim_smmuv3 *smmu,
			  const struct cfg_item *item,
			  const struct cfg_version *v)
{
	if (item->kind == CFG_STE && smmu->config.ats && ste_live(v->w) &&
	    field(v->w[1], 29, 28) != 0)
		smmu_report(smmu, "EATS set for stream %#x", item->id);
	if (item->kind == CFG_CD && cd_live(v->w) && !(v->w[0] & BIT64(30)))
		smmu_report(smmu,
			    "CD.EPD1 is 0 for stream %#x: TTB1 is live, "
			    "and not modelled",
			    item->id);
	check_ttb(smmu, item, v->w);
	for (unsigned int i = 0; i < item->nr; i++)
		if (item->v[i].pa == v->pa && !item->v[i].temp)
			check_mixture(smmu, item, v->w, item->v[i].w);
}

/* ---- fetching --------------------------------------------------------- */

static int read_words(const struct sim_smmuv3 *smmu, uint64_t pa,
		      unsigned int words, enum sim_view view, uint64_t w[8])
{
	for (unsigned int i = 0; i < words; i++)
		if (sim_mem_dev_read64(smmu->mem, pa + 8 * i, view, &w[i]))
			return -1;
	return 0;
}

/* Remember when it was read; from memory itself, it is current as well. */
static void touch(const struct sim_smmuv3 *smmu, struct cfg_version *v,
		  const struct cfg_source *from)
{
	if (from->seq > v->seq && !smmu->walker.peek)
		v->seq = from->seq;
	if (from->current)
		v->seen = smmu->pass;
}

static struct cfg_version *append(struct cfg_item *item)
{
	if (item->nr == item->cap) {
		item->cap = item->cap ? item->cap * 2 : 4;
		item->v = smmu_grow(item->v, item->cap, sizeof(*item->v));
	}
	if (item->nr == MAX_VERSIONS)
		return &item->v[item->nr - 1];
	return &item->v[item->nr++];
}

struct cfg_version *cfg_fetch(struct sim_smmuv3 *smmu, struct cfg_item *item,
			      const struct cfg_source *from, enum sim_view view)
{
	struct cfg_version new = { .pa = from->pa,
				   .seq = from->seq,
				   .temp = smmu->walker.peek };
	unsigned int words = item->kind == CFG_L1STD ? 1 : STRUCT_WORDS;
	struct cfg_version *v;

	if (read_words(smmu, from->pa, words, view, new.w))
		return NULL;
	for (unsigned int i = 0; i < item->nr; i++) {
		v = &item->v[i];
		if (v->pa != new.pa || memcmp(v->w, new.w, sizeof(new.w)))
			continue;
		touch(smmu, v, from);
		return v;
	}
	if (item->kind != CFG_L1STD && !smmu->walker.peek)
		check_version(smmu, item, &new);
	touch(smmu, &new, from);
	v = append(item);
	*v = new;
	return v;
}

/* ---- dropping --------------------------------------------------------- */

/* Drop versions up to seq, or the temporary ones. Order is kept. */
static void drop_versions(struct cfg_item *item, uint64_t seq, bool temp)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < item->nr; i++)
		if (temp ? !item->v[i].temp : item->v[i].seq > seq)
			item->v[kept++] = item->v[i];
	item->nr = kept;
}

static bool id_hit(const struct inval *inv, uint32_t id)
{
	uint64_t mask = ~(BIT64(inv->nr_log2) - 1);

	return inv->all || ((id ^ inv->id) & mask) == 0;
}

/*
 * CDs are cached by themselves, by StreamID and SubstreamID. CFGI_STE and
 * CFGI_STE_RANGE speak of STEs (4.3.1, 4.3.2); for CDs there are CFGI_CD and
 * CFGI_CD_ALL (4.3.3, 4.3.4), and CFGI_ALL takes everything. Hardware that
 * keeps STE and CD as one entry drops more; the worst does not.
 */
static bool item_hit(const struct sim_smmuv3 *smmu, const struct inval *inv,
		     const struct cfg_item *item)
{
	uint64_t cfg = reg_get(smmu, STRTAB_BASE_CFG);
	unsigned int split = (unsigned int)field(cfg, 10, 6);

	if (inv->what == CFG_CD)
		return item->kind == CFG_CD && item->id == inv->id &&
		       (inv->subs || item->sub == inv->sub);
	if (item->kind == CFG_CD)
		return inv->all;
	if (item->kind == CFG_STE)
		return id_hit(inv, item->id);
	if (inv->all)
		return true;
	if (!inv->l1)
		return false;
	return item->id >= inv->id >> split &&
	       item->id <= (inv->id + (BIT64(inv->nr_log2) - 1)) >> split;
}

static void drop_in_bucket(struct sim_smmuv3 *smmu, struct cfg_item *it,
			   const struct inval *inv)
{
	for (; it; it = it->next)
		if (item_hit(smmu, inv, it))
			drop_versions(it, inv->seq, false);
}

void cfg_invalidate(struct sim_smmuv3 *smmu, const struct inval *inv)
{
	bool one = !inv->all && inv->nr_log2 == 0 && !inv->l1;

	for (size_t k = 0; k < 3; k++) {
		if (one) {
			drop_in_bucket(smmu,
				       *bucket(smmu, (enum cfg_kind)k, inv->id),
				       inv);
			continue;
		}
		for (size_t b = 0; b < CFG_BUCKETS; b++)
			drop_in_bucket(smmu, smmu->cfg.bucket[k][b], inv);
	}
}

void cfg_drop_temp(struct sim_smmuv3 *smmu)
{
	for (size_t k = 0; k < 3; k++)
		for (size_t b = 0; b < CFG_BUCKETS; b++)
			for (struct cfg_item *it = smmu->cfg.bucket[k][b]; it;
			     it = it->next)
				drop_versions(it, 0, true);
}
