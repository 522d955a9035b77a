// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The walkers of the simulated hardware over the tables of a bed. */
#include "pgtable_bed.h"

#include "v7s.h"

bool bed_is_lpae(const struct bed *b)
{
	return b->shape->format == PGTABLE_LPAE_S1 ||
	       b->shape->format == PGTABLE_LPAE_S2;
}

static uint64_t read_desc(const struct bed *b, uint64_t pa, size_t width)
{
	uint64_t d = 0;

	assert_true(pa < ARENA * PAGE && b->arena.used[pa / PAGE]);
	memcpy(&d, b->arena.mem + pa, width);
	return d;
}

static bool walk_vmsa(const struct bed *b, uint64_t iova,
		      struct vmsa_leaf *leaf, uint64_t *desc)
{
	const struct vmsa_regime regime = {
		.stage2 = b->shape->format == PGTABLE_LPAE_S2,
		.granule = b->shape->granule,
		.ia_bits = b->shape->ias,
		.oa_bits = b->shape->oas,
		.start_level = b->pt.start_level,
		.ttb = b->pt.root_pa,
		.mair = PGTABLE_MAIR,
	};
	struct vmsa_table table = vmsa_root(&regime);
	struct vmsa_entry entry;

	do {
		uint64_t index = vmsa_index(&regime, &table, iova);

		*desc = read_desc(b, table.pa + index * 8, 8);
		vmsa_decode(&regime, &table, index, *desc, &entry);
		assert_int_equal(entry.res0, 0);
		table = entry.table;
	} while (entry.kind == VMSA_IS_TABLE);
	*leaf = entry.leaf;
	if (entry.kind == VMSA_IS_LEAF && leaf->contiguous) {
		/* One TLB entry may stand for the whole run. */
		uint64_t offset = leaf->ia;

		leaf->shift =
			(uint8_t)vmsa_run_shift(regime.granule, leaf->level);
		offset &= (1ull << leaf->shift) - 1;
		leaf->ia -= offset;
		leaf->pa -= offset;
		assert_int_equal(leaf->pa & ((1ull << leaf->shift) - 1), 0);
	}
	return entry.kind == VMSA_IS_LEAF;
}

static bool walk_v7s(const struct bed *b, uint64_t iova, struct vmsa_leaf *leaf,
		     uint64_t *desc)
{
	const struct v7s_regime regime = { .ttb = b->pt.root_pa, .afe = true };
	struct vmsa_table table = v7s_root(&regime);
	struct vmsa_entry entry;

	do {
		uint64_t index = v7s_index(&table, iova);

		*desc = read_desc(b, table.pa + index * 4, 4);
		v7s_decode(&regime, &table, index, (uint32_t)*desc, &entry);
		table = entry.table;
	} while (entry.kind == VMSA_IS_TABLE);
	*leaf = entry.leaf;
	return entry.kind == VMSA_IS_LEAF;
}

/* 1024 entries of 4 MiB, 1024 of 4 KiB: 31 read, 30 write, 28 table. */
static bool walk_tegra(const struct bed *b, uint64_t iova,
		       struct vmsa_leaf *leaf, uint64_t *desc)
{
	uint64_t d = read_desc(b, b->pt.root_pa + (iova >> 22) * 4, 4);
	unsigned int perms = 0;

	*desc = d;
	if (!(d >> 30))
		return false;
	assert_true(d >> 28 & 1);
	*desc = d =
		read_desc(b, (d & 0x3fffff) << 12 | (iova >> 10 & 0xffc), 4);
	perms |= d >> 31 ? VMSA_UR | VMSA_PR : 0;
	perms |= d >> 30 & 1 ? VMSA_UW | VMSA_PW : 0;
	*leaf = (struct vmsa_leaf){ .ia = iova & ~0xfffull,
				    .pa = (d & 0x3fffff) << 12,
				    .shift = 12,
				    .perms = (uint8_t)perms };
	return perms;
}

bool bed_walk(const struct bed *b, uint64_t iova, struct vmsa_leaf *leaf,
	      uint64_t *desc)
{
	if (bed_is_lpae(b))
		return walk_vmsa(b, iova, leaf, desc);
	if (b->shape->format == PGTABLE_V7S)
		return walk_v7s(b, iova, leaf, desc);
	return walk_tegra(b, iova, leaf, desc);
}
