// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <stdlib.h>
#include <string.h>

#include "machine.h"

#define PAGE 4096ull
#define TAIL 0xffu

bool machine_tables_init(struct machine *m)
{
	struct machine_tables *t = &m->tables;

	t->base = m->config.own_tables_base;
	t->pages = m->config.own_tables;
	t->state = calloc(t->pages, 1);
	return t->state;
}

void machine_tables_fini(struct machine *m)
{
	free(m->tables.state);
}

uint64_t machine_tables_used(struct machine *m)
{
	struct hypiommu_pool_info pool;

	if (m->config.own_tables)
		return m->tables.used;
	return m->h && !machine_pool_info(m, &pool) ? pool.used : 0;
}

bool machine_table_in_use(struct machine *m, uint64_t pa)
{
	const struct machine_tables *t = &m->tables;

	if (!m->config.own_tables)
		return pool_page_in_use(m, pa);
	return pa >= t->base && (pa - t->base) / PAGE < t->pages &&
	       t->state[(pa - t->base) / PAGE];
}

static bool is_free(const struct machine_tables *t, uint64_t at, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		if (t->state[at + i])
			return false;
	}
	return true;
}

/* A walker that still goes through a freed table finds a way to EL2. */
static void poison(struct machine *m, uint64_t pa, uint64_t count)
{
	uint64_t *words = sim_mem_ptr(m->mem, pa);

	for (uint64_t i = 0; i < count * PAGE / 8; i++)
		words[i] = (MACHINE_EL2_BASE + i % 512 * PAGE) | 0x7ff;
}

int machine_tables_alloc(void *ctx, uint32_t order, uint64_t limit,
			 uint64_t *pa)
{
	struct machine *m = ctx;
	struct machine_tables *t = &m->tables;
	uint64_t count = 1ull << order;

	t->refused++;
	if (machine_fault_event(m, MACHINE_FAULT_ALLOC))
		return HYPIOMMU_E_NOMEM;
	for (uint64_t at = 0; at + count <= t->pages; at += count) {
		*pa = t->base + at * PAGE;
		if (*pa + count * PAGE > limit || !is_free(t, at, count))
			continue;
		memset(&t->state[at], TAIL, count);
		t->state[at] = (uint8_t)(1 + order);
		t->used += count;
		t->refused--;
		memset(sim_mem_ptr(m->mem, *pa), 0, count * PAGE);
		return HYPIOMMU_OK;
	}
	return HYPIOMMU_E_NOMEM;
}

void machine_tables_free(void *ctx, uint64_t pa, uint32_t order)
{
	struct machine *m = ctx;
	struct machine_tables *t = &m->tables;
	uint64_t at = (pa - t->base) / PAGE, count = 1ull << order;
	const uint64_t *words;

	if (pa < t->base || at >= t->pages || t->state[at] != 1 + order) {
		machine_violation(m, "a table is freed that was not given");
		return;
	}
	words = sim_mem_ptr(m->mem, pa);
	for (uint64_t i = 0; i < count * PAGE / 8; i++) {
		if (words[i]) {
			machine_violation(m, "a table comes back not zeroed");
			break;
		}
	}
	memset(&t->state[at], 0, count);
	t->used -= count;
	poison(m, pa, count);
}
