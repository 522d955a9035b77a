// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The hypercalls, one function each, in the order of hypiommu/hcall.h. Each
 * says which answer is right in the state there is: must() where there is one,
 * and where the machine's resources decide, what the given answer implies.
 */
#include <stdio.h>

#include "spec_priv.h"

#define CALL_BYTES    (1ull << 30) /* one call handles at most */
#define CALL_LEAVES   512u
#define WALK_LEVELS   4u
#define TOPUP_PAGES   64u
#define FAULT_REASONS 6u
#define FAULT_FLAGS   7u

struct turn {
	struct spec *s;
	uint32_t caller;
	const uint64_t *in;  /* x0 to x5 */
	const uint64_t *out; /* x0 to x7 */
	int status;
	const struct spec_seen *seen;
	const char *name;
	bool wrong;
};

/* ------------------------------------------------------------- judgement */

static void wrong(struct turn *t, const char *what)
{
	if (!t->wrong)
		snprintf(t->s->why, sizeof(t->s->why),
			 "spec: %s(%#llx, %#llx, %#llx, %#llx, %#llx) by %u = "
			 "%s, x1 = %#llx: %s",
			 t->name, (unsigned long long)t->in[1],
			 (unsigned long long)t->in[2],
			 (unsigned long long)t->in[3],
			 (unsigned long long)t->in[4],
			 (unsigned long long)t->in[5], t->caller,
			 hypiommu_error_name(t->status),
			 (unsigned long long)t->out[1], what);
	t->wrong = true;
}

static bool require(struct turn *t, bool true_of_it, const char *what)
{
	if (!true_of_it)
		wrong(t, what);
	return true_of_it;
}

/* Result registers from x[first] to x4 say nothing. */
static void nothing_from(struct turn *t, unsigned int first)
{
	for (unsigned int i = first; i < 5; i++)
		require(t, !t->out[i], "a result register is not zero");
}

/* This answer and no other, with nothing to tell. */
static void must(struct turn *t, int status)
{
	char text[40];

	if (t->status != status) {
		snprintf(text, sizeof(text), "it must be %s",
			 hypiommu_error_name(status));
		wrong(t, text);
	}
	nothing_from(t, 1);
}

/* The SMMU did not answer, or nonsense: it is broken from here on. */
static bool hardware_failed(struct turn *t, uint32_t smmu)
{
	if (t->status != HYPIOMMU_E_TIMEOUT && t->status != HYPIOMMU_E_HW)
		return false;
	require(t, t->seen->doubt, "good hardware was called bad");
	t->s->smmus[smmu].broken = true;
	return true;
}

/* Table memory is short: it takes count more blocks of 4 KiB << order, below
 * limit. A walk that has the pages for all its levels is short of none. */
static void memory_missing(struct turn *t)
{
	const struct spec *s = t->s;
	uint64_t order = t->out[2], count = t->out[3], limit = t->out[4];

	require(t, order < 32 && count && limit,
		"it does not say what it wants");
	if (s->own_tables) {
		require(t, t->seen->refused, "no table memory was refused");
		return;
	}
	if (order == 0 && limit >= s->pool_top)
		require(t, s->pool_pages - t->seen->used < WALK_LEVELS,
			"there is enough table memory");
}

/* ----------------------------------------------------------------- objects */

/* The caller's domain, if it answers calls. */
static struct spec_domain *domain_of(struct turn *t, uint64_t id)
{
	struct spec_domain *d;

	if (id >= t->s->domain_count)
		return NULL;
	d = &t->s->domains[id];
	return d->owner == t->caller && d->life == SPEC_LIVE ? d : NULL;
}

static bool attached(const struct spec *s, const struct spec_domain *d)
{
	for (uint32_t i = 0; i < s->stream_count; i++) {
		if (s->streams[i].domain == d - s->domains)
			return true;
	}
	return false;
}

static uint64_t granule(const struct spec_domain *d)
{
	return d->leaf_sizes & -d->leaf_sizes;
}

/* Whole granules inside the address space, or why not. */
static int range(const struct spec_domain *d, uint64_t start, uint64_t size,
		 unsigned int bits)
{
	uint64_t last = start + size - 1;

	if (!size || (start | size) % granule(d) || last < start)
		return HYPIOMMU_E_INVAL;
	return last >> bits ? HYPIOMMU_E_RANGE : HYPIOMMU_OK;
}

/* May this domain's mappings change now? */
static int changeable(const struct spec *s, const struct spec_domain *d)
{
	if (s->smmus[d->smmu].broken)
		return HYPIOMMU_E_BROKEN;
	return d->pending.count ? HYPIOMMU_E_AGAIN : HYPIOMMU_OK;
}

static uint64_t min64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static void unpin_piece(void *ctx, const struct spec_extent *piece)
{
	spec_pin(ctx, piece->pa, piece->size, -1);
}

static void keep_piece(void *ctx, const struct spec_extent *piece)
{
	spec_map_add(ctx, *piece);
}

static void unpin_all(struct spec *s, struct spec_map *m)
{
	spec_map_cut(m, 0, UINT64_MAX, unpin_piece, s);
}

/* -------------------------------------------------------------------- info */

static void info(struct turn *t)
{
	require(t, t->status == HYPIOMMU_OK, "it must be OK");
	require(t, t->out[1] == HYPIOMMU_ABI_VERSION, "x1 is not the version");
	require(t, t->out[2] == CALL_BYTES, "x2 is not what a call handles");
	require(t, t->out[3] == t->s->smmu_count, "x3 is not the SMMUs");
	nothing_from(t, 4);
}

/* ----------------------------------------------------------------- domains */

static uint32_t free_domains(const struct spec *s)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->domain_count; i++)
		n += s->domains[i].life == SPEC_FREE;
	return n;
}

/* What this SMMU offers at this stage is what it always offered. */
static void offered(struct turn *t, struct spec_offer *o, bool supported)
{
	bool ok = t->status == HYPIOMMU_OK;

	if (o->known && supported != o->supported)
		wrong(t, "a stage is supported once and once not");
	else if (o->known && ok)
		require(t,
			t->out[2] == o->ias && t->out[3] == o->oas &&
				t->out[4] == o->leaf_sizes,
			"the geometry is not what it was");
	else if (ok || !supported)
		*o = (struct spec_offer){ true, supported, (uint8_t)t->out[2],
					  (uint8_t)t->out[3], t->out[4] };
}

static void born(struct turn *t, uint32_t smmu, uint32_t stage)
{
	struct spec *s = t->s;
	uint64_t id = t->out[1];
	struct spec_domain *d;

	if (!require(t,
		     id < s->domain_count && s->domains[id].life == SPEC_FREE,
		     "that domain is not free") ||
	    !require(t,
		     t->out[2] && t->out[2] < 64 && t->out[3] &&
			     t->out[3] < 64 && t->out[4] % SPEC_PAGE == 0 &&
			     t->out[4],
		     "that is no geometry"))
		return;
	d = &s->domains[id];
	d->life = SPEC_LIVE;
	d->owner = (uint8_t)t->caller;
	d->smmu = smmu;
	d->stage = (uint8_t)stage;
	d->ias = (uint8_t)t->out[2];
	d->oas = (uint8_t)t->out[3];
	d->leaf_sizes = t->out[4];
	d->root_pages = t->seen->used - s->pool_used;
	require(t, d->root_pages && d->root_pages <= 256,
		"no table memory was taken for its root");
}

/* Bits 15:8 of what is asked: log2 of the granule, 0 is 12; bit 16: the
 * contiguous hint; a number for each way to ask, or -1. */
static int tables_asked(uint64_t asked)
{
	unsigned int granule = asked >> 8 & 0xff, hint = asked >> 16 & 1;

	if (asked >> 17)
		return -1;
	switch (granule) {
	case 0:
		granule = 12;
		break;
	case 12:
	case 14:
	case 16:
		break;
	default:
		return -1;
	}
	return (int)((granule - 12) + hint);
}

static void domain_alloc(struct turn *t)
{
	struct spec *s = t->s;
	uint64_t smmu = t->in[1], stage = t->in[2] & 0xff;
	int asked = tables_asked(t->in[2]);
	struct spec_offer *o;

	if (smmu >= s->smmu_count) {
		must(t, HYPIOMMU_E_NOENT);
		return;
	}
	if ((stage != 1 && stage != 2) || asked < 0) {
		must(t, HYPIOMMU_E_INVAL);
		return;
	}
	if (!free_domains(s)) {
		must(t, HYPIOMMU_E_NOSPC);
		return;
	}
	if (s->smmus[smmu].broken) {
		must(t, HYPIOMMU_E_BROKEN);
		return;
	}
	o = &s->smmus[smmu].offer[stage - 1][asked];
	switch (t->status) {
	case HYPIOMMU_OK:
		offered(t, o, true);
		born(t, (uint32_t)smmu, (uint32_t)stage);
		return;
	case HYPIOMMU_E_UNSUPPORTED:
		offered(t, o, false);
		nothing_from(t, 1);
		return;
	case HYPIOMMU_E_NOMEM:
		require(t, !t->out[1], "a domain that is none");
		memory_missing(t);
		return;
	case HYPIOMMU_E_NOSPC: /* of ASIDs, VMIDs or context banks */
		nothing_from(t, 1);
		return;
	default:
		require(t, hardware_failed(t, (uint32_t)smmu),
			"no answer of DOMAIN_ALLOC");
		nothing_from(t, 1);
	}
}

/*
 * DOMAIN_FREE unmapped a part and does not say how much. It goes by IOVA: page
 * by page as long as the pin is gone.
 */
static void drained(struct turn *t, struct spec_domain *d)
{
	bool mmio;

	while (d->map.count) {
		struct spec_extent e = d->map.extents[0];
		const struct spec_page *p = spec_page(t->s, e.pa, &mmio);

		if (t->seen->pins(t->seen->ctx, e.pa) >= p->pins)
			return;
		spec_map_cut(&d->map, e.iova, SPEC_PAGE, unpin_piece, t->s);
	}
}

static void domain_free(struct turn *t)
{
	struct spec *s = t->s;
	struct spec_domain *d = NULL;

	if (t->in[1] < s->domain_count)
		d = &s->domains[t->in[1]];
	if (!d || d->life == SPEC_FREE || d->owner != t->caller) {
		must(t, HYPIOMMU_E_NOENT);
		return;
	}
	if (attached(s, d)) {
		must(t, HYPIOMMU_E_BUSY);
		return;
	}
	if (s->smmus[d->smmu].broken) {
		must(t, HYPIOMMU_E_BROKEN);
		return;
	}
	nothing_from(t, 1);
	unpin_all(s, &d->pending);
	if (t->status == HYPIOMMU_E_AGAIN) {
		d->life = SPEC_DYING;
		drained(t, d);
		return;
	}
	if (!d->map.count)
		must(t, HYPIOMMU_OK);
	require(t, t->status == HYPIOMMU_OK, "it must be OK or AGAIN");
	unpin_all(s, &d->map);
	d->life = SPEC_FREE;
}

/* ----------------------------------------------------------------- streams */

/* The stream of x1, x2 and the domain of x3, both the caller's; or it must be
 * refused, and NULL. */
static struct spec_stream *stream_and_domain(struct turn *t,
					     struct spec_domain **d)
{
	struct spec_stream *st = NULL;

	if (t->in[1] < t->s->smmu_count)
		st = spec_stream(t->s, (uint32_t)t->in[1], t->in[2]);
	*d = domain_of(t, t->in[3]);
	if (!st)
		must(t, HYPIOMMU_E_NOENT);
	else if (st->owner != t->caller)
		must(t, HYPIOMMU_E_PERM);
	else if (!*d)
		must(t, HYPIOMMU_E_NOENT);
	else
		return st;
	return NULL;
}

static void attach(struct turn *t)
{
	struct spec_domain *d;
	struct spec_stream *st = stream_and_domain(t, &d);

	if (!st)
		return;
	if (d->smmu != st->smmu)
		must(t, HYPIOMMU_E_INVAL);
	else if (st->domain != SPEC_NONE)
		must(t, HYPIOMMU_E_BUSY);
	else if (changeable(t->s, d))
		must(t, changeable(t->s, d));
	else if (hardware_failed(t, d->smmu)) {
		/* Some cache may know the domain: it counts as attached. */
		st->domain = (uint32_t)(d - t->s->domains);
		st->unsure = true;
	} else if (t->status == HYPIOMMU_E_NOSPC) {
		nothing_from(t, 1); /* of stream match registers */
	} else {
		must(t, HYPIOMMU_OK);
		st->domain = (uint32_t)(d - t->s->domains);
	}
}

static void detach(struct turn *t)
{
	struct spec_domain *d;
	struct spec_stream *st = stream_and_domain(t, &d);

	if (!st)
		return;
	if (st->domain != d - t->s->domains)
		must(t, HYPIOMMU_E_NOENT);
	else if (t->s->smmus[st->smmu].broken)
		must(t, HYPIOMMU_E_BROKEN);
	else if (hardware_failed(t, st->smmu)) {
		nothing_from(t, 1);
		st->unsure = true;
	} else {
		must(t, HYPIOMMU_OK);
		st->domain = SPEC_NONE;
		st->unsure = false;
	}
}

/* ---------------------------------------------------------------- mappings */

/* The prot that decides what devices can do: windows are Device memory. */
static uint32_t effective(const struct spec *s, uint64_t pa, uint64_t prot)
{
	bool mmio = false;

	spec_page(s, pa, &mmio);
	if (mmio)
		prot = (prot & ~(uint64_t)HYPIOMMU_PROT_CACHE) |
		       HYPIOMMU_PROT_MMIO;
	return (uint32_t)prot;
}

static void mapped(struct turn *t, struct spec_domain *d, uint64_t size)
{
	const struct spec_extent e = {
		.iova = t->in[2],
		.pa = t->in[3],
		.size = size,
		.prot = effective(t->s, t->in[3], t->in[5]),
	};

	if (!size)
		return;
	spec_map_add(&d->map, e);
	spec_pin(t->s, e.pa, size, 1);
}

/* The roll-back of a map failed: a part, found by its pins, is pending. */
static void stuck(struct turn *t, struct spec_domain *d, uint64_t most)
{
	struct spec_extent e = { t->in[2], t->in[3], 0, 0 };
	bool mmio;

	e.prot = effective(t->s, e.pa, t->in[5]);
	while (e.size < most &&
	       t->seen->pins(t->seen->ctx, e.pa + e.size) >
		       spec_page(t->s, e.pa + e.size, &mmio)->pins)
		e.size += SPEC_PAGE;
	if (!require(t, e.size, "a failure where there was nothing to do"))
		return;
	spec_map_add(&d->pending, e);
	spec_pin(t->s, e.pa, e.size, 1);
}

static int map_arguments(const struct turn *t, const struct spec_domain *d)
{
	uint64_t prot = t->in[5];
	int err;

	if (prot & ~(uint64_t)HYPIOMMU_PROT_ALL ||
	    !(prot & (HYPIOMMU_PROT_READ | HYPIOMMU_PROT_WRITE)))
		return HYPIOMMU_E_INVAL;
	err = range(d, t->in[2], t->in[4], d->ias);
	if (!err)
		err = range(d, t->in[3], t->in[4], d->oas);
	return err ? err : changeable(t->s, d);
}

static void map_pages(struct turn *t)
{
	struct spec_domain *d = domain_of(t, t->in[1]);
	uint64_t done = t->out[1], size, room, ours;
	int refusal = d ? map_arguments(t, d) : HYPIOMMU_E_NOENT;
	bool whole;

	if (refusal) {
		must(t, refusal);
		return;
	}
	size = min64(t->in[4], CALL_BYTES);
	/* So much fits into one call in any case: nothing is left open. */
	whole = size <= CALL_LEAVES * granule(d);
	room = spec_map_gap(&d->map, t->in[2], size);
	ours = spec_pinnable(t->s, d->owner, t->in[3], size, &refusal);
	if (refusal && (whole || t->status == refusal)) {
		must(t, refusal);
		return;
	}
	if (t->status == HYPIOMMU_E_EXIST) {
		require(t, room < size, "nothing is mapped there");
		nothing_from(t, 1);
		return;
	}
	if (!require(t, done <= room && done <= ours && done % granule(d) == 0,
		     "a progress that cannot be"))
		return;
	switch (t->status) {
	case HYPIOMMU_OK:
		require(t, whole ? done == size : done, "too little progress");
		mapped(t, d, done);
		nothing_from(t, 2);
		return;
	case HYPIOMMU_E_NOMEM:
		require(t, done < size, "there is nothing left to want for");
		mapped(t, d, done);
		memory_missing(t);
		return;
	default:
		if (!require(t, hardware_failed(t, d->smmu),
			     "no answer of MAP_PAGES"))
			return;
		if (done)
			mapped(t, d, done);
		else
			stuck(t, d, min64(room, ours));
		nothing_from(t, 2);
	}
}

static void unmap_pages(struct turn *t)
{
	struct spec_domain *d = domain_of(t, t->in[1]);
	uint64_t iova = t->in[2], done = t->out[1], size, there;
	const struct spec_extent *last;
	bool whole;
	int refusal = HYPIOMMU_E_NOENT;

	if (d) {
		refusal = range(d, iova, t->in[3], d->ias);
		if (!refusal)
			refusal = changeable(t->s, d);
	}
	size = min64(t->in[3], CALL_BYTES);
	if (!refusal && !spec_map_run(&d->map, iova, size))
		refusal = HYPIOMMU_E_NOENT;
	if (refusal) {
		must(t, refusal);
		return;
	}
	there = spec_map_run(&d->map, iova, size);
	/* It may stop before a leaf that reaches out of the range. */
	last = spec_map_at(&d->map, iova + there - 1);
	whole = there <= CALL_LEAVES * granule(d) &&
		last->iova + last->size == iova + there;
	if (!require(t, done <= there && done % granule(d) == 0,
		     "a progress that cannot be"))
		return;
	switch (t->status) {
	case HYPIOMMU_OK:
		require(t, whole ? done == there : done, "too little progress");
		spec_map_cut(&d->map, iova, done, unpin_piece, t->s);
		nothing_from(t, 2);
		return;
	case HYPIOMMU_E_NOMEM: /* to split a block */
		require(t, !done && last->size > granule(d),
			"there is nothing to split");
		memory_missing(t);
		return;
	default:
		require(t, hardware_failed(t, d->smmu),
			"no answer of UNMAP_PAGES");
		spec_map_cut(&d->map, iova, done, keep_piece, &d->pending);
		nothing_from(t, 2);
	}
}

static void iova_to_phys(struct turn *t)
{
	const struct spec_domain *d = domain_of(t, t->in[1]);
	const struct spec_extent *e = d ? spec_map_at(&d->map, t->in[2]) : NULL;

	if (!e) {
		must(t, HYPIOMMU_E_NOENT);
		return;
	}
	require(t, t->status == HYPIOMMU_OK, "it must be OK");
	require(t, t->out[1] == e->pa + (t->in[2] - e->iova),
		"it is mapped to another address");
	nothing_from(t, 2);
}

static void iotlb_sync(struct turn *t)
{
	struct spec_domain *d = domain_of(t, t->in[1]);

	if (!d) {
		must(t, HYPIOMMU_E_NOENT);
		return;
	}
	if (t->s->smmus[d->smmu].broken) {
		must(t, HYPIOMMU_E_BROKEN);
		return;
	}
	nothing_from(t, 1);
	if (d->pending.count && hardware_failed(t, d->smmu))
		return;
	must(t, HYPIOMMU_OK);
	unpin_all(t->s, &d->pending);
}

/* ------------------------------------------------------------ table memory */

static struct spec_page pool_page(void)
{
	struct spec_page p = spec_owned(HYPIOMMU_HYP);

	p.pool = true;
	return p;
}

/* Table memory is given and taken by the host, and where there is a pool. */
static bool has_no_pool(struct turn *t)
{
	if (t->caller != HYPIOMMU_HOST)
		must(t, HYPIOMMU_E_PERM);
	else if (t->s->own_tables)
		must(t, HYPIOMMU_E_UNSUPPORTED);
	else
		return false;
	return true;
}

static void mem_topup(struct turn *t)
{
	uint64_t pa = t->in[1], pages = min64(t->in[2], TOPUP_PAGES);
	uint64_t size = pages * SPEC_PAGE;
	bool mmio = false;
	int err;

	if (has_no_pool(t))
		return;
	spec_page(t->s, pa, &mmio);
	if (mmio) {
		must(t, HYPIOMMU_E_PERM);
		return;
	}
	if (!pages || pa % SPEC_PAGE || pa + size < pa) {
		must(t, HYPIOMMU_E_INVAL);
		return;
	}
	err = spec_move(t->s, pa, size, spec_owned(HYPIOMMU_HOST), pool_page(),
			true);
	if (err) {
		must(t, err);
		return;
	}
	require(t, t->status == HYPIOMMU_OK && t->out[1] == pages,
		"it must take the pages");
	nothing_from(t, 2);
	t->s->pool_pages += pages;
	if (pa + size > t->s->pool_top)
		t->s->pool_top = pa + size;
}

static void mem_giveback(struct turn *t)
{
	struct spec *s = t->s;
	uint64_t pa = t->in[1];
	bool any = pa == HYPIOMMU_ANY_PAGE, mmio;
	const struct spec_page *p = any ? NULL : spec_page(s, pa, &mmio);
	uint64_t unused = s->pool_pages - t->seen->used;

	if (has_no_pool(t))
		return;
	if (!any && pa % SPEC_PAGE)
		must(t, HYPIOMMU_E_INVAL);
	else if (!any && (!p || !p->pool))
		must(t, HYPIOMMU_E_PERM);
	else if (t->status != HYPIOMMU_OK) {
		must(t, any ? HYPIOMMU_E_NOENT : HYPIOMMU_E_BUSY);
		if (any)
			require(t, !unused, "there is a free page");
	} else {
		pa = t->out[1];
		p = spec_page(s, pa, &mmio);
		require(t,
			(any || pa == t->in[1]) && p && p->pool &&
				pa % SPEC_PAGE == 0,
			"that page was not to be given");
		nothing_from(t, 2);
		if (!t->wrong)
			spec_move(s, pa, SPEC_PAGE, pool_page(),
				  spec_owned(HYPIOMMU_HOST), true);
		s->pool_pages--;
		require(t, s->pool_pages >= t->seen->used,
			"the page was in use");
	}
}

/* ------------------------------------------------------------------ faults */

static void fault_read(struct turn *t)
{
	uint64_t smmu = t->in[1], x1 = t->out[1];
	const struct spec_stream *st;

	if (smmu >= t->s->smmu_count) {
		must(t, HYPIOMMU_E_NOENT);
		return;
	}
	if (t->s->smmus[smmu].broken) {
		must(t, HYPIOMMU_E_BROKEN);
		return;
	}
	if (t->status == HYPIOMMU_OK) {
		st = spec_stream(t->s, (uint32_t)smmu, x1 & 0xffffffff);
		require(t, t->caller == (st ? st->owner : HYPIOMMU_HOST),
			"a fault of somebody else's stream");
		require(t,
			(x1 >> 32 & 0xffff) <= FAULT_REASONS &&
				x1 >> 48 <= FAULT_FLAGS && t->out[4] <= 1,
			"that is no fault record");
		return;
	}
	nothing_from(t, 1);
	if (t->status != HYPIOMMU_E_NOENT && t->status != HYPIOMMU_E_AGAIN)
		require(t, hardware_failed(t, (uint32_t)smmu),
			"no answer of FAULT_READ");
}

/* ---------------------------------------------------------------- dispatch */

static const struct {
	const char *name;
	void (*judge)(struct turn *t);
} calls[] = {
	[HYPIOMMU_HC_INFO] = { "INFO", info },
	[HYPIOMMU_HC_DOMAIN_ALLOC] = { "DOMAIN_ALLOC", domain_alloc },
	[HYPIOMMU_HC_DOMAIN_FREE] = { "DOMAIN_FREE", domain_free },
	[HYPIOMMU_HC_ATTACH_DEV] = { "ATTACH_DEV", attach },
	[HYPIOMMU_HC_DETACH_DEV] = { "DETACH_DEV", detach },
	[HYPIOMMU_HC_MAP_PAGES] = { "MAP_PAGES", map_pages },
	[HYPIOMMU_HC_UNMAP_PAGES] = { "UNMAP_PAGES", unmap_pages },
	[HYPIOMMU_HC_IOVA_TO_PHYS] = { "IOVA_TO_PHYS", iova_to_phys },
	[HYPIOMMU_HC_IOTLB_SYNC] = { "IOTLB_SYNC", iotlb_sync },
	[HYPIOMMU_HC_MEM_TOPUP] = { "MEM_TOPUP", mem_topup },
	[HYPIOMMU_HC_MEM_GIVEBACK] = { "MEM_GIVEBACK", mem_giveback },
	[HYPIOMMU_HC_FAULT_READ] = { "FAULT_READ", fault_read },
};

const char *spec_hcall(struct spec *s, uint32_t caller, const uint64_t in[6],
		       const uint64_t out[8], const struct spec_seen *seen)
{
	struct turn t = {
		.s = s,
		.caller = caller,
		.in = in,
		.out = out,
		.status = (int)(int64_t)out[0],
		.seen = seen,
		.name = "a hypercall that does not exist",
	};
	bool known = in[0] < sizeof(calls) / sizeof(calls[0]);

	if (known)
		t.name = calls[in[0]].name;
	require(&t, out[0] == (uint64_t)(int64_t)t.status, "x0 is no status");
	require(&t, !(out[5] | out[6] | out[7]), "x5 to x7 are not zero");
	if (!s->finalised)
		must(&t, HYPIOMMU_E_PHASE);
	else if (caller >= HYPIOMMU_PRINCIPALS || caller == HYPIOMMU_HYP)
		must(&t, HYPIOMMU_E_PERM);
	else if (!known)
		must(&t, HYPIOMMU_E_NOSYS);
	else
		calls[in[0]].judge(&t);
	s->pool_used = seen->used;
	return t.wrong ? s->why : NULL;
}
