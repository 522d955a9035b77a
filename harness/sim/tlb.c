/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tlb.h"

#define INITIAL_HEADS 256u

static void *grow(void *ptr, size_t nr, size_t size)
{
	void *p = reallocarray(ptr, nr, size);

	if (!p) {
		fprintf(stderr, "sim_tlb: out of host memory\n");
		abort();
	}
	return p;
}

void tlb_init(struct tlb *tlb)
{
	memset(tlb, 0, sizeof(*tlb));
	tlb->nr_heads = INITIAL_HEADS;
	tlb->heads = grow(NULL, tlb->nr_heads, sizeof(*tlb->heads));
	tlb_clear(tlb);
}

void tlb_destroy(struct tlb *tlb)
{
	free(tlb->entries);
	free(tlb->heads);
}

void tlb_clear(struct tlb *tlb)
{
	memset(tlb->heads, 0, tlb->nr_heads * sizeof(*tlb->heads));
	memset(tlb->by_shift, 0, sizeof(tlb->by_shift));
	tlb->nr = 1;
	tlb->free = 0;
	tlb->count = 0;
}

static uint64_t shifted(uint64_t ia, unsigned int shift)
{
	return shift >= 64 ? 0 : ia >> shift;
}

/* VMID and ASID are left out: an invalidation may be for all of them. */
static uint32_t bucket(const struct tlb *tlb, uint8_t world, uint64_t page,
		       unsigned int shift)
{
	uint64_t x = page * 67 + shift * 4 + world;

	x *= UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(x >> 32) & (tlb->nr_heads - 1);
}

static uint32_t bucket_of(const struct tlb *tlb, const struct tlb_entry *e)
{
	return bucket(tlb, e->tag.world, shifted(e->ia, e->shift), e->shift);
}

static bool same(const struct tlb_entry *a, const struct tlb_entry *b)
{
	return a->ia == b->ia && a->pa == b->pa && a->shift == b->shift &&
	       a->level == b->level && a->granule == b->granule &&
	       a->perms == b->perms && a->attr == b->attr &&
	       a->contiguous == b->contiguous && a->tag.world == b->tag.world &&
	       a->tag.global == b->tag.global && a->tag.vmid == b->tag.vmid &&
	       a->tag.asid == b->tag.asid;
}

uint32_t tlb_find(const struct tlb *tlb, const struct tlb_entry *e)
{
	uint32_t i = tlb->heads[bucket_of(tlb, e)];

	while (i && !same(&tlb->entries[i], e))
		i = tlb->entries[i].next;
	return i;
}

static void link_entry(struct tlb *tlb, uint32_t idx)
{
	uint32_t *head = &tlb->heads[bucket_of(tlb, &tlb->entries[idx])];

	tlb->entries[idx].next = *head;
	*head = idx;
}

static void rehash(struct tlb *tlb)
{
	tlb->nr_heads *= 2;
	tlb->heads = grow(tlb->heads, tlb->nr_heads, sizeof(*tlb->heads));
	memset(tlb->heads, 0, tlb->nr_heads * sizeof(*tlb->heads));
	for (uint32_t i = 1; i < tlb->nr; i++)
		if (tlb->entries[i].used)
			link_entry(tlb, i);
}

static uint32_t take_slot(struct tlb *tlb)
{
	uint32_t idx = tlb->free;

	if (idx) {
		tlb->free = tlb->entries[idx].next;
		return idx;
	}
	if (tlb->nr >= tlb->cap) {
		tlb->cap = tlb->cap ? tlb->cap * 2 : 64;
		tlb->entries =
			grow(tlb->entries, tlb->cap, sizeof(*tlb->entries));
	}
	return tlb->nr++;
}

uint32_t tlb_insert(struct tlb *tlb, const struct tlb_entry *e)
{
	uint32_t idx = take_slot(tlb);

	tlb->entries[idx] = *e;
	tlb->entries[idx].used = true;
	tlb->entries[idx].order = ++tlb->orders;
	tlb->count++;
	tlb->by_shift[e->shift]++;
	if (tlb->count > tlb->nr_heads)
		rehash(tlb); /* links the new one too */
	else
		link_entry(tlb, idx);
	return idx;
}

void tlb_remove(struct tlb *tlb, uint32_t idx)
{
	struct tlb_entry *e = &tlb->entries[idx];
	uint32_t *link = &tlb->heads[bucket_of(tlb, e)];

	while (*link != idx)
		link = &tlb->entries[*link].next;
	*link = e->next;
	tlb->count--;
	tlb->by_shift[e->shift]--;
	e->used = false;
	e->next = tlb->free;
	tlb->free = idx;
}

static bool probe(struct tlb *tlb, uint8_t world, uint64_t page,
		  unsigned int shift, tlb_fn fn, void *ctx)
{
	uint32_t i = tlb->heads[bucket(tlb, world, page, shift)];

	while (i) {
		const struct tlb_entry *e = &tlb->entries[i];
		uint32_t next = e->next;

		if (e->tag.world == world && e->shift == shift &&
		    shifted(e->ia, shift) == page && !fn(ctx, tlb, i))
			return false;
		i = next;
	}
	return true;
}

static bool scan(struct tlb *tlb, uint8_t world, uint64_t first, uint64_t last,
		 unsigned int shift, tlb_fn fn, void *ctx)
{
	for (uint32_t i = 1; i < tlb->nr; i++) {
		const struct tlb_entry *e = &tlb->entries[i];
		uint64_t page = shifted(e->ia, shift);

		if (!e->used || e->tag.world != world || e->shift != shift)
			continue;
		if (page >= shifted(first, shift) &&
		    page <= shifted(last, shift) && !fn(ctx, tlb, i))
			return false;
	}
	return true;
}

void tlb_overlapping(struct tlb *tlb, uint8_t world, uint64_t first,
		     uint64_t last, tlb_fn fn, void *ctx)
{
	for (unsigned int shift = 0; shift <= 64; shift++) {
		uint64_t a = shifted(first, shift), b = shifted(last, shift);
		bool more = true;

		if (!tlb->by_shift[shift])
			continue;
		if (b - a >= tlb->nr) {
			more = scan(tlb, world, first, last, shift, fn, ctx);
		} else {
			for (uint64_t p = a; more && p <= b; p++)
				more = probe(tlb, world, p, shift, fn, ctx);
		}
		if (!more)
			return;
	}
}

bool tlb_tag_hits(const struct tlb_tag *context, const struct tlb_tag *entry)
{
	if (context->world != entry->world)
		return false;
	if (context->world != TLB_EL2 && context->vmid != entry->vmid)
		return false;
	return context->world == TLB_S2 || entry->global || context->global ||
	       context->asid == entry->asid;
}
