// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* An SMMUv3's, IHI 0070 5.1 to 5.4; tables, DDI 0487 D8.3, with the 4 KiB
 * granule. */
#include <string.h>

#include "look.h"
#include "mem.h"
#include "smmuv3_regs.h"

#define LAST_LEVEL 3u

static uint64_t load(struct machine *m, uint64_t pa)
{
	uint64_t v = 0;

	sim_mem_dev_read(m->mem, pa, &v, sizeof(v));
	return v;
}

static unsigned int level_shift(unsigned int level)
{
	return 12 + 9 * (LAST_LEVEL - level);
}

/* Physical address of the stream's STE, or 0. */
static uint64_t find_ste(struct machine *m, uint32_t sid, uint64_t strtab)
{
	uint64_t cfg = sim_smmuv3_read(m->smmu, STRTAB_BASE_CFG, 4);
	unsigned int split = (unsigned int)field(cfg, 10, 6);
	uint64_t l1, span;

	if ((uint64_t)sid >> field(cfg, 5, 0))
		return 0;
	if (field(cfg, 17, 16) == 0)
		return strtab + (uint64_t)sid * STE_SIZE;
	l1 = load(m, strtab + (uint64_t)(sid >> split) * 8);
	span = field(l1, 4, 0);
	sid &= (1u << split) - 1;
	if (!span || sid >> (span - 1))
		return 0;
	return (l1 & bits(51, 6)) + (uint64_t)sid * STE_SIZE;
}

static void stage1(struct machine *m, uint64_t ste0, struct look_stream *look)
{
	uint64_t cd0;

	look->cd = ste0 & bits(51, 6);
	cd0 = load(m, look->cd);
	look->tag = (unsigned int)field(cd0, 63, 48);
	look->table.stage1 = true;
	look->table.ia_bits = 64 - (unsigned int)field(cd0, 5, 0);
	look->table.root = load(m, look->cd + 8) & bits(51, 4);
	while (look->table.ia_bits <= level_shift(look->table.level))
		look->table.level++;
}

static void stage2(struct machine *m, struct look_stream *look)
{
	uint64_t ste2 = load(m, look->ste + 16);

	look->tag = (unsigned int)field(ste2, 15, 0);
	look->table.ia_bits = 64 - (unsigned int)field(ste2, 37, 32);
	look->table.root = load(m, look->ste + 24) & bits(51, 4);
	look->table.level = 2 - (unsigned int)field(ste2, 39, 38);
}

void look_stream(struct machine *m, uint32_t sid, struct look_stream *look)
{
	static const enum look_config configs[8] = {
		[0] = LOOK_ABORT, [1] = LOOK_ABORT,  [2] = LOOK_ABORT,
		[3] = LOOK_ABORT, [4] = LOOK_BYPASS, [5] = LOOK_S1,
		[6] = LOOK_S2,	  [7] = LOOK_NESTED,
	};
	uint64_t ste0;

	memset(look, 0, sizeof(*look));
	look->strtab = sim_smmuv3_read(m->smmu, STRTAB_BASE, 8) & bits(51, 6);
	look->ste = find_ste(m, sid, look->strtab);
	ste0 = look->ste ? load(m, look->ste) : 0;
	if (!(ste0 & 1))
		return;
	look->config = configs[field(ste0, 3, 1)];
	if (look->config == LOOK_S1)
		stage1(m, ste0, look);
	if (look->config == LOOK_S2)
		stage2(m, look);
}

static void describe(const struct look_table *look, uint64_t desc,
		     struct look_entry *e)
{
	bool write = desc & BIT64(7);

	e->size = BIT64(level_shift(e->level));
	e->leaf = e->level == LAST_LEVEL || !(desc & BIT64(1));
	e->pa = desc & bits(47, 12);
	e->read = look->stage1 || desc & BIT64(6);
	e->write = look->stage1 ? !write : write;
}

/* A table to look into: the stack of a walk without recursion. */
struct frame {
	uint64_t table, iova;
	unsigned int level;
	uint64_t index, count;
};

void look_tables(struct machine *m, const struct look_table *look, look_fn fn,
		 void *ctx)
{
	struct frame stack[LAST_LEVEL + 2], *top = stack;

	if (!look->root)
		return;
	*top = (struct frame){
		.table = look->root,
		.level = look->level,
		.count = BIT64(look->ia_bits - level_shift(look->level)),
	};
	while (top >= stack) {
		struct look_entry e = { .table = top->table,
					.level = top->level };
		uint64_t desc;

		if (top->index == top->count) {
			top--;
			continue;
		}
		e.iova = top->iova + (top->index << level_shift(top->level));
		desc = load(m, top->table + 8 * top->index++);
		if (!(desc & 1))
			continue;
		describe(look, desc, &e);
		fn(ctx, &e);
		if (!e.leaf)
			*++top = (struct frame){ e.pa, e.iova, e.level + 1, 0,
						 512 };
	}
}
