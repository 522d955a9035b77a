// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The instance and the machine's description: the trusted phase. */
#include "core.h"

/* -------------------------------------------------------- instance memory */

static bool limits_ok(const struct hypiommu_limits *l)
{
	return l && l->smmus >= 1 && l->smmus <= 64 && l->domains >= 1 &&
	       l->domains <= 65535 && l->streams >= 1 &&
	       l->streams <= 1u << 20 && l->regions >= 1 &&
	       l->regions <= 1024 && l->frames >= 1 && l->frames <= 1024 &&
	       l->clients <= 1u << 14;
}

static uint32_t id_words(const struct hypiommu_limits *l)
{
	/* Domains' own numbers, then ASIDs and VMIDs of each SMMU, from 1. */
	return ids_words(l->domains) + 2 * l->smmus * ids_words(l->domains + 1);
}

/* Take size bytes, 64-byte aligned, at *offset; base may be NULL. */
static void *take(uint8_t *base, size_t *offset, size_t size)
{
	void *p = base ? base + *offset : NULL;

	*offset += (size + 63) & ~(size_t)63;
	return p;
}

/* Lay the instance out in mem, or only count (mem is NULL). */
static size_t lay_out(uint8_t *mem, const struct hypiommu_limits *l,
		      struct hypiommu *into)
{
	struct hypiommu scratch, *h = into ? into : &scratch;
	size_t at = 0;

	take(mem, &at, sizeof(*h));
	h->smmus = take(mem, &at, l->smmus * sizeof(*h->smmus));
	h->domains = take(mem, &at, l->domains * sizeof(*h->domains));
	h->streams = take(mem, &at, l->streams * sizeof(*h->streams));
	h->owner.regions = take(mem, &at, l->regions * sizeof(struct region));
	h->frames = take(mem, &at, l->frames * sizeof(*h->frames));
	h->swgroups.ports =
		take(mem, &at, l->clients * sizeof(*h->swgroups.ports));
	h->id_words = take(mem, &at, id_words(l) * sizeof(uint64_t));
	return at;
}

size_t hypiommu_size(const struct hypiommu_limits *limits)
{
	return limits_ok(limits) ? lay_out(NULL, limits, NULL) : 0;
}

static bool config_ok(const struct hypiommu_config *c)
{
	const struct hypiommu_mmio_ops *m = c->mmio;

	/* The built-in pool takes its pages from the built-in owner. */
	if (c->owner && !c->tables)
		return false;
	return m && m->read32 && m->write32 && m->read64 && m->write64 &&
	       (!c->owner || (c->owner->pin_range && c->owner->unpin_range)) &&
	       (!c->tables || (c->tables->alloc && c->tables->free));
}

int hypiommu_create(void *mem, size_t size,
		    const struct hypiommu_config *config, struct hypiommu **out)
{
	const struct hypiommu_limits *l = config ? &config->limits : NULL;
	struct hypiommu *h = mem;
	size_t need = hypiommu_size(l);

	if (!mem || !out || !need || size < need || (uintptr_t)mem & 63 ||
	    !config_ok(config))
		return HYPIOMMU_E_INVAL;
	for (size_t i = 0; i < need / 8; i++)
		((uint64_t *)mem)[i] = 0;
	lay_out(mem, l, h);
	h->config = *config;
	h->swgroups.max = l->clients;
	h->owner.ops = config->owner;
	h->owner.ctx = config->owner_ctx;
	h->owner.max = l->regions;
	pool_init(&h->pool, config, &h->owner);
	hypiommu_env_lock_init(&h->attach_lock);
	ids_init(&h->domain_ids, h->id_words, l->domains);
	for (uint32_t i = 0; i < l->domains; i++) {
		h->domains[i].index = i;
		hypiommu_env_lock_init(&h->domains[i].lock);
	}
	*out = h;
	return HYPIOMMU_OK;
}

/* ------------------------------------------------------------- memory map */

int range_check(uint64_t base, uint64_t size)
{
	if (!size || (base | size) & (HYPIOMMU_PAGE_SIZE - 1) ||
	    base + size < base)
		return HYPIOMMU_E_INVAL;
	return HYPIOMMU_OK;
}

bool frame_overlaps(const struct hypiommu *h, uint64_t base, uint64_t size)
{
	for (uint32_t i = 0; i < h->frame_count; i++) {
		const struct frame *f = &h->frames[i];

		if (base < f->base + f->size && f->base < base + size)
			return true;
	}
	return false;
}

static int add_region(struct hypiommu *h, uint64_t base, uint64_t size,
		      void *state, bool mmio)
{
	int err = range_check(base, size);

	if (h->finalised)
		return HYPIOMMU_E_PHASE;
	if (err)
		return err;
	if (frame_overlaps(h, base, size))
		return HYPIOMMU_E_EXIST;
	return owner_add_region(&h->owner, base, size, state, mmio);
}

int hypiommu_add_ram(struct hypiommu *h, uint64_t base, uint64_t size,
		     void *state)
{
	return add_region(h, base, size, state, false);
}

int hypiommu_add_mmio(struct hypiommu *h, uint64_t base, uint64_t size,
		      void *state)
{
	return add_region(h, base, size, state, true);
}

int hypiommu_add_frame(struct hypiommu *h, uint64_t base, uint64_t size)
{
	int err = range_check(base, size);

	if (h->finalised)
		return HYPIOMMU_E_PHASE;
	if (err)
		return err;
	if (owner_overlaps(&h->owner, base, size))
		return HYPIOMMU_E_EXIST;
	for (uint32_t i = 0; i < h->frame_count; i++) {
		if (base >= h->frames[i].base &&
		    base + size <= h->frames[i].base + h->frames[i].size)
			return HYPIOMMU_OK;
	}
	if (h->frame_count == h->config.limits.frames)
		return HYPIOMMU_E_NOSPC;
	h->frames[h->frame_count].base = base;
	h->frames[h->frame_count].size = size;
	h->frame_count++;
	return HYPIOMMU_OK;
}

int hypiommu_carve_out(struct hypiommu *h, uint64_t base, uint64_t size)
{
	if (h->finalised)
		return HYPIOMMU_E_PHASE;
	return owner_take(&h->owner, base, size, 0);
}

int hypiommu_add_tables(struct hypiommu *h, uint64_t base, uint64_t size)
{
	uint64_t pages = size >> HYPIOMMU_PAGE_SHIFT;
	int err = range_check(base, size);

	if (h->finalised)
		return HYPIOMMU_E_PHASE;
	while (!err && pages) {
		uint64_t taken;

		err = pool_topup(&h->pool, base, pages, &taken);
		base += taken << HYPIOMMU_PAGE_SHIFT;
		pages -= taken;
	}
	return err;
}

/* -------------------------------------------------------- SMMUs and streams */

int smmu_add(struct hypiommu *h, const struct hypiommu_smmu_ops *ops,
	     uint32_t window, struct hypiommu_smmu **smmu)
{
	struct hypiommu_smmu *s;

	if (h->frozen)
		return HYPIOMMU_E_PHASE;
	if (h->smmu_count == h->config.limits.smmus)
		return HYPIOMMU_E_NOSPC;
	s = &h->smmus[h->smmu_count];
	*s = (struct hypiommu_smmu){ 0 };
	s->h = h;
	s->ops = ops;
	s->index = h->smmu_count;
	s->window = window;
	hypiommu_env_lock_init(&s->lock);
	*smmu = s;
	return HYPIOMMU_OK;
}

/* Identifiers for every domain there may be, as far as the hardware counts. */
void smmu_ids(struct hypiommu_smmu *smmu, uint32_t asid_bits,
	      uint32_t vmid_bits)
{
	const struct hypiommu_limits *l = &smmu->h->config.limits;
	uint32_t count = l->domains + 1, words = ids_words(count);
	uint64_t *at = smmu->h->id_words + ids_words(l->domains) +
		       2 * words * smmu->index;
	uint32_t asids = 1u << asid_bits, vmids = 1u << vmid_bits;

	ids_init(&smmu->asids, at, asids < count ? asids : count);
	ids_init(&smmu->vmids, at + words, vmids < count ? vmids : count);
	/* VMID 0 tags stage-1-only streams (IHI 0070 5.2, S2VMID). */
	ids_take(&smmu->asids, 0);
	ids_take(&smmu->vmids, 0);
}

struct hypiommu_smmu *smmu_get(struct hypiommu *h, uint64_t index)
{
	if (index >= h->smmu_count)
		return NULL;
	return &h->smmus[hypiommu_env_nospec(index, h->smmu_count)];
}

/* First stream not below (smmu, sid). */
static uint32_t stream_lower(const struct hypiommu *h, uint32_t smmu,
			     uint32_t sid)
{
	uint32_t lo = 0, hi = h->stream_count;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		const struct hypiommu_stream *s = &h->streams[mid];

		if (s->smmu < smmu || (s->smmu == smmu && s->sid < sid))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct hypiommu_stream *stream_find(struct hypiommu *h, uint32_t smmu,
				    uint64_t sid)
{
	uint32_t at;

	if (sid > 0xffffffffull)
		return NULL;
	at = stream_lower(h, smmu, (uint32_t)sid);
	if (at == h->stream_count)
		return NULL;
	at = (uint32_t)hypiommu_env_nospec(at, h->stream_count);
	if (h->streams[at].smmu != smmu || h->streams[at].sid != sid)
		return NULL;
	return &h->streams[at];
}

int hypiommu_add_stream(struct hypiommu *h, uint32_t smmu, uint32_t sid,
			uint32_t principal)
{
	struct hypiommu_smmu *s = smmu_get(h, smmu);
	uint32_t at;

	if (h->frozen)
		return HYPIOMMU_E_PHASE;
	if (!s)
		return HYPIOMMU_E_NOENT;
	if (principal >= HYPIOMMU_PRINCIPALS)
		return HYPIOMMU_E_INVAL;
	if ((uint64_t)sid >> s->sid_bits)
		return HYPIOMMU_E_RANGE;
	if (stream_find(h, smmu, sid))
		return HYPIOMMU_E_EXIST;
	if (h->stream_count == h->config.limits.streams)
		return HYPIOMMU_E_NOSPC;
	if (s->ops->add_stream) {
		int err = s->ops->add_stream(s, sid);

		if (err)
			return err;
	}
	at = stream_lower(h, smmu, sid);
	for (uint32_t i = h->stream_count; i > at; i--)
		h->streams[i] = h->streams[i - 1];
	h->streams[at] = (struct hypiommu_stream){
		.sid = sid,
		.domain = HYPIOMMU_NO_DOMAIN,
		.smmu = (uint16_t)smmu,
		.owner = (uint8_t)principal,
	};
	h->stream_count++;
	return HYPIOMMU_OK;
}

/* -------------------------------------------------------------- finalise */

static int smmu_start(struct hypiommu_smmu *smmu)
{
	int err;

	if (smmu->ready)
		return HYPIOMMU_OK;
	/* Takes from the pool, whose lock is not taken under an SMMU's. */
	err = smmu->ops->prepare(smmu);
	if (err)
		return err;
	hypiommu_env_lock(&smmu->lock);
	err = smmu_result(smmu, smmu->ops->reset(smmu));
	if (!err)
		hypiommu_env_store32(&smmu->broken, 0);
	smmu->ready = !err;
	hypiommu_env_unlock(&smmu->lock);
	return err;
}

int hypiommu_finalise(struct hypiommu *h)
{
	int err = HYPIOMMU_OK;

	if (h->finalised)
		return HYPIOMMU_E_PHASE;
	h->frozen = true;
	for (uint32_t i = 0; !err && i < h->smmu_count; i++)
		err = smmu_start(&h->smmus[i]);
	h->finalised = !err;
	return err;
}

/* ------------------------------------------------------------- ownership */

int hypiommu_donate(struct hypiommu *h, uint32_t from, uint32_t to, uint64_t pa,
		    uint64_t size)
{
	return owner_donate(&h->owner, from, to, pa, size);
}

int hypiommu_share(struct hypiommu *h, uint32_t owner, uint32_t with,
		   uint64_t pa, uint64_t size)
{
	return owner_share(&h->owner, owner, with, pa, size);
}

int hypiommu_unshare(struct hypiommu *h, uint32_t owner, uint32_t with,
		     uint64_t pa, uint64_t size)
{
	return owner_unshare(&h->owner, owner, with, pa, size);
}

int hypiommu_lend(struct hypiommu *h, uint32_t owner, uint32_t to, uint64_t pa,
		  uint64_t size)
{
	return owner_lend(&h->owner, owner, to, pa, size);
}

int hypiommu_reclaim(struct hypiommu *h, uint32_t owner, uint32_t borrower,
		     uint64_t pa, uint64_t size)
{
	return owner_reclaim(&h->owner, owner, borrower, pa, size);
}

int hypiommu_page_info(struct hypiommu *h, uint64_t pa,
		       struct hypiommu_page_info *info)
{
	return owner_page_info(&h->owner, pa, info);
}

int hypiommu_pool_info(struct hypiommu *h, struct hypiommu_pool_info *info)
{
	struct pool *pool = &h->pool;

	if (pool->ops)
		return HYPIOMMU_E_UNSUPPORTED;
	hypiommu_env_lock(&pool->lock);
	info->pages = pool->pages;
	info->used = pool->used;
	info->used_peak = pool->used_peak;
	hypiommu_env_unlock(&pool->lock);
	return HYPIOMMU_OK;
}
