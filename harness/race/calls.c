// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "calls.h"

#define RW   (HYPIOMMU_PROT_READ | HYPIOMMU_PROT_WRITE)
#define HOST HYPIOMMU_HOST

/* Filled in when the call is made: they depend on the machine. */
#define NAMED	  0xfeed000000000000ull
#define SMMU	  (NAMED + SCENE_STREAMS)
#define STREAM(i) (NAMED + (i))

#define HCALL(fn, ...)                        \
	OP_HCALL, HOST,                       \
	{                                     \
		HYPIOMMU_HC_##fn, __VA_ARGS__ \
	}
#define GUEST_HCALL(fn, ...)                  \
	OP_HCALL, GUEST,                      \
	{                                     \
		HYPIOMMU_HC_##fn, __VA_ARGS__ \
	}

const struct race_call race_calls[] = {
	{ "info", HCALL(INFO, 0) },
	{ "alloc", HCALL(DOMAIN_ALLOC, SMMU, 1) },
	{ "alloc-guest", GUEST_HCALL(DOMAIN_ALLOC, SMMU, 2) },
	{ "free-attached", HCALL(DOMAIN_FREE, 0) },
	{ "free-mapped", HCALL(DOMAIN_FREE, 1) },
	{ "free-empty", HCALL(DOMAIN_FREE, 2) },
	{ "attach", HCALL(ATTACH_DEV, SMMU, STREAM(STREAM_FREE), 0) },
	{ "attach-other", HCALL(ATTACH_DEV, SMMU, STREAM(STREAM_FREE), 1) },
	{ "attach-empty", HCALL(ATTACH_DEV, SMMU, STREAM(STREAM_FREE), 2) },
	{ "attach-guest",
	  GUEST_HCALL(ATTACH_DEV, SMMU, STREAM(STREAM_FREE), 3) },
	{ "detach", HCALL(DETACH_DEV, SMMU, STREAM(STREAM_HOST), 0) },
	{ "detach-guest",
	  GUEST_HCALL(DETACH_DEV, SMMU, STREAM(STREAM_GUEST), 3) },
	{ "map", HCALL(MAP_PAGES, 0, IOVA(3), HOST_PAGE(3), SCENE_PAGE, RW) },
	{ "map-elsewhere",
	  HCALL(MAP_PAGES, 2, IOVA(3), HOST_PAGE(3), SCENE_PAGE, RW) },
	/* The second page is mapped already: what the first took is undone. */
	{ "map-refused",
	  HCALL(MAP_PAGES, 0, IOVA(0), HOST_PAGE(3), 2 * SCENE_PAGE, RW) },
	{ "map-again",
	  HCALL(MAP_PAGES, 1, IOVA(2), HOST_PAGE(0), SCENE_PAGE, RW) },
	{ "map-donated",
	  HCALL(MAP_PAGES, 2, IOVA(4), GUEST_PAGE(1), SCENE_PAGE, RW) },
	{ "map-guest",
	  GUEST_HCALL(MAP_PAGES, 3, IOVA(2), GUEST_PAGE(1), SCENE_PAGE, RW) },
	{ "map-guest-host's",
	  GUEST_HCALL(MAP_PAGES, 3, IOVA(3), HOST_PAGE(3), SCENE_PAGE, RW) },
	/* Not the guest's, whatever becomes of "donate-refused". */
	{ "map-guest-border",
	  GUEST_HCALL(MAP_PAGES, 3, IOVA(3), GUEST_PAGE(0) - SCENE_PAGE,
		      SCENE_PAGE, RW) },
	{ "map-fresh",
	  HCALL(MAP_PAGES, 2, IOVA(3), FRESH_PAGE(0), SCENE_PAGE, RW) },
	/* The end of one MiB and the start of the next, each with its lock. */
	{ "map-across",
	  HCALL(MAP_PAGES, 0, IOVA(3), FAR_PA + BLOCK_SIZE / 2 - SCENE_PAGE,
		2 * SCENE_PAGE, RW) },
	/* Pages of the pool: refused, and left alone while at it. */
	{ "map-pool", HCALL(MAP_PAGES, 2, IOVA(3), SPARE_PAGE - SCENE_PAGE,
			    3 * SCENE_PAGE, RW) },
	/* Two segments; two of which the second is a guest's. */
	{ "map-list",
	  OP_MAP_LIST,
	  HOST,
	  { 0, IOVA(3), HOST_PAGE(3), SCENE_PAGE, HOST_PAGE(5), SCENE_PAGE } },
	{ "map-list-refused",
	  OP_MAP_LIST,
	  HOST,
	  { 0, IOVA(3), HOST_PAGE(3), SCENE_PAGE, GUEST_PAGE(1), SCENE_PAGE } },
	{ "unmap", HCALL(UNMAP_PAGES, 0, IOVA(1), SCENE_PAGE) },
	{ "unmap-two", HCALL(UNMAP_PAGES, 0, IOVA(1), 2 * SCENE_PAGE) },
	{ "unmap-split", HCALL(UNMAP_PAGES, 0, BLOCK_IOVA, SCENE_PAGE) },
	{ "unmap-block", HCALL(UNMAP_PAGES, 0, BLOCK_IOVA, BLOCK_SIZE) },
	{ "unmap-unattached", HCALL(UNMAP_PAGES, 1, IOVA(1), SCENE_PAGE) },
	{ "unmap-guest", GUEST_HCALL(UNMAP_PAGES, 3, IOVA(1), SCENE_PAGE) },
	{ "lookup", HCALL(IOVA_TO_PHYS, 0, IOVA(1)) },
	{ "sync", HCALL(IOTLB_SYNC, 0) },
	{ "topup", HCALL(MEM_TOPUP, FRESH_PAGE(0), 2) },
	{ "topup-page", HCALL(MEM_TOPUP, HOST_PAGE(3), 1) },
	{ "giveback-any", HCALL(MEM_GIVEBACK, HYPIOMMU_ANY_PAGE) },
	{ "giveback-page", HCALL(MEM_GIVEBACK, SPARE_PAGE) },
	{ "fault", HCALL(FAULT_READ, SMMU) },
	{ "fault-guest", GUEST_HCALL(FAULT_READ, SMMU) },
	/* A range of two chunks, and pages in it. */
	{ "donate-far", OP_DONATE, HOST, { GUEST, FAR_PA, BLOCK_SIZE } },
	{ "donate-across",
	  OP_DONATE,
	  HOST,
	  { GUEST, FAR_PA + BLOCK_SIZE / 2, SCENE_PAGE } },
	/* The second one, in the next MiB, is a guest's already. */
	{ "donate-refused",
	  OP_DONATE,
	  HOST,
	  { GUEST, GUEST_PAGE(0) - SCENE_PAGE, 2 * SCENE_PAGE } },
	{ "share-far",
	  OP_SHARE,
	  HOST,
	  { GUEST, FAR_PA + SCENE_PAGE, BLOCK_SIZE - SCENE_PAGE } },
	{ "map-far",
	  HCALL(MAP_PAGES, 2, IOVA(3), FAR_PA + SCENE_PAGE, SCENE_PAGE, RW) },
	{ "giveback-far", HCALL(MEM_GIVEBACK, FAR_PA) },
	{ "topup-far",
	  HCALL(MEM_TOPUP, FAR_PA + BLOCK_SIZE / 2 - SCENE_PAGE, 2) },
	{ "donate", OP_DONATE, HOST, { GUEST, HOST_PAGE(3), SCENE_PAGE } },
	{ "donate-pinned",
	  OP_DONATE,
	  HOST,
	  { GUEST, HOST_PAGE(0), SCENE_PAGE } },
	{ "donate-block", OP_DONATE, HOST, { GUEST, BLOCK_PA, SCENE_PAGE } },
	{ "donate-back",
	  OP_DONATE,
	  GUEST,
	  { HOST, GUEST_PAGE(1), SCENE_PAGE } },
	{ "donate-fresh",
	  OP_DONATE,
	  HOST,
	  { GUEST, FRESH_PAGE(1), SCENE_PAGE } },
	{ "donate-spare", OP_DONATE, HOST, { GUEST, SPARE_PAGE, SCENE_PAGE } },
	{ "share", OP_SHARE, HOST, { GUEST, HOST_PAGE(3), 2 * SCENE_PAGE } },
	{ "unshare", OP_UNSHARE, HOST, { GUEST, SHARED_PAGE, SCENE_PAGE } },
	{ "lend", OP_LEND, HOST, { GUEST, HOST_PAGE(2), 2 * SCENE_PAGE } },
	{ "reclaim", OP_RECLAIM, HOST, { GUEST, LENT_PAGE, SCENE_PAGE } },
	{ "assign", OP_ASSIGN, HOST, { GUEST, STREAM(STREAM_FREE) } },
	{ "assign-attached", OP_ASSIGN, HOST, { GUEST, STREAM(STREAM_HOST) } },
	{ "suspend", OP_SUSPEND, HOST, { 0 } },
	{ "reset", OP_RESET, HOST, { 0 } },
};
const size_t race_call_count = sizeof(race_calls) / sizeof(race_calls[0]);

const struct race_call *race_call_find(const char *name, size_t length)
{
	for (size_t i = 0; i < race_call_count; i++) {
		if (strlen(race_calls[i].name) == length &&
		    !strncmp(race_calls[i].name, name, length))
			return &race_calls[i];
	}
	return NULL;
}

bool race_call_of_block(const struct race_call *c)
{
	for (unsigned int i = 0; i < 6; i++) {
		if (c->x[i] == BLOCK_IOVA || c->x[i] == BLOCK_PA)
			return true;
	}
	return false;
}

static uint64_t resolve(const struct scene *s, uint64_t x)
{
	if (x == SMMU)
		return s->kind->smmu;
	if (x >= STREAM(0) && x < STREAM(SCENE_STREAMS))
		return s->kind->sids[x - STREAM(0)];
	return x;
}

static void make_hcall(struct scene *s, const struct race_call *c,
		       struct race_result *result)
{
	struct hypiommu_regs regs = { { 0 } };

	for (unsigned int i = 0; i < 6; i++)
		regs.x[i] = resolve(s, c->x[i]);
	machine_hcall(s->m, c->caller, &regs);
	for (unsigned int i = 0; i < 5; i++)
		result->x[i] = regs.x[i];
	/* Which page comes back is the pool's choice. */
	if (c->x[0] == HYPIOMMU_HC_MEM_GIVEBACK &&
	    c->x[1] == HYPIOMMU_ANY_PAGE && !regs.x[0])
		result->x[1] = 1;
}

static void make_list(struct scene *s, const struct race_call *c,
		      struct race_result *result)
{
	const struct hypiommu_segment list[] = {
		{ c->x[2], c->x[3] },
		{ c->x[4], c->x[5] },
	};
	struct hypiommu_progress p;
	int err = machine_map_list(s->m, c->caller, c->x[0], c->x[1], RW, list,
				   2, &p);

	*result = (struct race_result){ { (uint64_t)(int64_t)err, p.bytes,
					  p.order, p.count, p.limit } };
}

static int make_transition(struct scene *s, const struct race_call *c)
{
	uint32_t to = (uint32_t)c->x[0];

	switch (c->op) {
	case OP_DONATE:
		return machine_donate(s->m, c->caller, to, c->x[1], c->x[2]);
	case OP_SHARE:
		return machine_share(s->m, c->caller, to, c->x[1], c->x[2]);
	case OP_UNSHARE:
		return machine_unshare(s->m, c->caller, to, c->x[1], c->x[2]);
	case OP_LEND:
		return machine_lend(s->m, c->caller, to, c->x[1], c->x[2]);
	case OP_RECLAIM:
		return machine_reclaim(s->m, c->caller, to, c->x[1], c->x[2]);
	case OP_ASSIGN:
		return machine_assign_stream_behind(
			s->m, s->kind->smmu, (uint32_t)resolve(s, c->x[1]),
			c->caller, to);
	case OP_SUSPEND:
		return machine_suspend(s->m, s->kind->smmu);
	default:
		return machine_reset(s->m, s->kind->smmu);
	}
}

void race_call_make(struct scene *s, const struct race_call *c,
		    struct race_result *result)
{
	memset(result, 0, sizeof(*result));
	if (c->op == OP_HCALL)
		make_hcall(s, c, result);
	else if (c->op == OP_MAP_LIST)
		make_list(s, c, result);
	else
		result->x[0] = (uint64_t)(int64_t)make_transition(s, c);
	if (s->m->locks->count)
		machine_violation(s->m, "a call returned with a lock held");
}

void race_result_text(const struct race_call *c, const struct race_result *r,
		      char *text)
{
	int n = snprintf(text, RESULT_TEXT, "%s: %s", c->name,
			 hypiommu_error_name((int)(int64_t)r->x[0]));

	for (unsigned int i = 1; i < 5; i++) {
		if (r->x[i])
			n += snprintf(text + n, RESULT_TEXT - (size_t)n,
				      ", x%u = %#" PRIx64, i, r->x[i]);
	}
}
