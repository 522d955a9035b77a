// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The whole path of a hypercall, and how it grows with what is live. */
#include <stdlib.h>

#include "bench.h"
#include "ops.h"

#define IOVA  (4ull << 30)
#define PAIRS 2048u
#define NEAR  64u

void hcalls_run(struct bench *b)
{
	static struct rig *rigs[2];
	static const char *const names[2] = { "SMMUv3.2", "SMMUv3.1" };

	for (unsigned int s = 0; s < 2; s++) {
		struct bench_id id = { "hcall", names[s], "", "", "", 0 };

		/* All of them or none: they depend on each other. */
		if (!bench_wants(b, &id))
			continue;
		if (!rigs[s]) {
			rigs[s] = ops_rig(s == 0, false);
			for (unsigned int i = 0; i < op_count; i++)
				ops[i].fn(rigs[s]);
		}
		for (unsigned int i = 0; i < op_count; i++) {
			id.name = ops[i].name;
			bench_measure(b, &id, ops[i].calls, ops[i].fn, rigs[s]);
		}
	}
}

/* ------------------------------------------------------------- scaling */

/*
 * Map one page and unmap it again, elsewhere each time. "near": at 64 places
 * spread over all there is, so that the caches hold them; "far": anywhere.
 */
struct scale {
	struct rig *rig;
	uint64_t live;
	bool domains; /* live domains, or mappings of one */
	uint32_t at[PAIRS];
};

static void pairs(void *ctx)
{
	struct scale *s = ctx;

	for (unsigned int i = 0; i < PAIRS; i++) {
		uint64_t domain = s->domains ? s->at[i] : 0;
		/* Every even page is mapped, the odd ones are played with. */
		uint64_t page = s->domains ? 1 : 2ull * s->at[i] + 1;
		uint64_t ram = s->domains ? 2ull * s->at[i] + 1 : page;

		rig_map(s->rig, domain, IOVA + page * RIG_PAGE,
			RIG_RAM + ram * RIG_PAGE, RIG_PAGE);
		rig_unmap(s->rig, domain, IOVA + page * RIG_PAGE, RIG_PAGE);
	}
}

static struct rig *populate(const struct scale *s)
{
	uint64_t domains = s->domains ? s->live : 1;
	const struct rig_config c = {
		.smmus = 1,
		.domains = (uint32_t)domains,
		.spare_domains = 1,
		.spare_streams = 1,
		.regions = 1,
		/* Whole MiB, as RAM comes. */
		.ram = ((2 * s->live + 2) * RIG_PAGE + (1u << 20)) >> 20 << 20,
		/* Four levels a domain, then a leaf table for 256 pages. */
		.tables = (8ull << 20) + (domains * 4 + s->live / 200) * 4096,
		.range_invalidation = true,
	};
	struct rig *r = rig_new(&c);

	for (uint64_t i = 0; i < s->live; i++)
		rig_map(r, s->domains ? i : 0,
			IOVA + (s->domains ? 0 : 2 * i * RIG_PAGE),
			RIG_RAM + 2 * i * RIG_PAGE, RIG_PAGE);
	return r;
}

static void scale_one(struct bench *b, struct scale *s)
{
	struct bench_id id = { .section = "scale",
			       .subject = s->domains ? "domains" : "mappings",
			       .phase = "",
			       .lib = "",
			       .x = (double)s->live };
	uint64_t step = s->live > NEAR ? s->live / NEAR : 1;

	id.name = "near";
	if (!bench_wants(b, &id))
		return;
	if (!s->rig)
		s->rig = populate(s);
	for (unsigned int i = 0; i < PAIRS; i++)
		s->at[i] = (uint32_t)(i % NEAR * step % s->live);
	pairs(s);
	bench_measure(b, &id, PAIRS, pairs, s);
	for (unsigned int i = 0; i < PAIRS; i++)
		s->at[i] = (uint32_t)(bench_random() % s->live);
	id.name = "far";
	bench_measure(b, &id, PAIRS, pairs, s);
}

void scale_run(struct bench *b)
{
	static struct scale mappings[7], domains[5];
	uint64_t live = 1;

	for (unsigned int i = 0; i < (b->quick ? 6 : 7); i++, live *= 10) {
		mappings[i].live = live;
		scale_one(b, &mappings[i]);
	}
	live = 1;
	for (unsigned int i = 0; i < (b->quick ? 4 : 5); i++, live *= 10) {
		domains[i].live = live;
		domains[i].domains = true;
		scale_one(b, &domains[i]);
	}
}
