// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include "pgtable_bed.h"

#define S1 PGTABLE_LPAE_S1
#define S2 PGTABLE_LPAE_S2

uint64_t bed_clear(struct bed *b, uint64_t iova, uint64_t size,
		   uint32_t max_leaves)
{
	struct pgtable_cleared c;

	assert_int_equal(b->pt.ops->clear(&b->pt, iova, size, max_leaves, &c),
			 0);
	if (c.one_run)
		pgtable_erase(&b->pt, iova, &c);
	else
		b->pt.ops->reap(&b->pt, iova, c.size, bed_reap_fn, b);
	return c.size;
}

/* In AArch32 a fetch takes permission to read: execute-never bits are fewer. */
static void aarch32_golden(const struct shape *shape, uint32_t prot,
			   uint64_t expected)
{
	struct bed *b = bed_start(shape);
	struct vmsa_leaf leaf;
	uint64_t desc;

	b->pt.config.aarch32 = true;
	assert_int_equal(
		b->pt.ops->map(&b->pt, 0, 0x8765432000, 4 * KiB, prot, &b->m),
		0);
	assert_true(bed_walk(b, 0, &leaf, &desc));
	assert_int_equal(desc, expected);
	bed_clear(b, 0, 4 * KiB, 1);
	bed_stop(b);
}

/* Descriptors worked out by hand: DDI 0487 D8.3, DDI 0406C B3.5.1, and what
 * the Tegra manuals say of an MC-SMMU's entries. */
void test_golden(void **state)
{
	static const struct {
		struct shape shape;
		uint32_t prot;
		uint64_t size, pa, desc;
	} golden[] = {
		{ { S1, 12, 39, 40, 0 },
		  0x01,
		  4 * KiB,
		  0x8765432000,
		  0x0000008765432ec3 },
		{ { S1, 12, 39, 40, 0 },
		  0x03,
		  4 * KiB,
		  0x8765432000,
		  0x0000008765432e43 },
		{ { S1, 12, 39, 40, 0 },
		  0x07,
		  4 * KiB,
		  0x8765432000,
		  0x0000008765432f47 },
		{ { S1, 12, 39, 40, 0 },
		  0x1a,
		  4 * KiB,
		  0x8765432000,
		  0x0060008765432e4b },
		{ { S1, 12, 39, 40, 0 },
		  0x27,
		  4 * KiB,
		  0x8765432000,
		  0x0040008765432f07 },
		{ { S1, 12, 39, 40, 0 },
		  0x07,
		  2 * MiB,
		  0x8765400000,
		  0x0000008765400f45 },
		{ { S1, 12, 39, 40, 0 },
		  0x07,
		  GiB,
		  0x8740000000,
		  0x0000008740000f45 },
		{ { S1, 12, 39, 40, 1 },
		  0x07,
		  64 * KiB,
		  0x8765430000,
		  0x0010008765430f47 },
		{ { S1, 12, 39, 40, 1 },
		  0x07,
		  32 * MiB,
		  0x8764000000,
		  0x0010008764000f45 },
		{ { S2, 12, 39, 40, 0 },
		  0x01,
		  4 * KiB,
		  0x8765432000,
		  0x0000008765432657 },
		{ { S2, 12, 39, 40, 0 },
		  0x02,
		  4 * KiB,
		  0x8765432000,
		  0x0040008765432697 },
		{ { S2, 12, 39, 40, 0 },
		  0x07,
		  4 * KiB,
		  0x8765432000,
		  0x00000087654327ff },
		{ { S2, 12, 39, 40, 0 },
		  0x1a,
		  4 * KiB,
		  0x8765432000,
		  0x0040008765432687 },
		{ { S2, 12, 39, 40, 0 },
		  0x07,
		  2 * MiB,
		  0x8765400000,
		  0x00000087654007fd },
		{ { S1, 14, 47, 48, 0 },
		  0x07,
		  16 * KiB,
		  0x876543214000,
		  0x0000876543214f47 },
		{ { S1, 14, 47, 48, 0 },
		  0x07,
		  32 * MiB,
		  0x876542000000,
		  0x0000876542000f45 },
		{ { S1, 14, 47, 48, 1 },
		  0x07,
		  2 * MiB,
		  0x876543200000,
		  0x0010876543200f47 },
		{ { S1, 14, 47, 48, 1 },
		  0x07,
		  GiB,
		  0x876540000000,
		  0x0010876540000f45 },
		/* PA[51:48] in bits [15:12]. */
		{ { S1, 16, 52, 52, 0 },
		  0x07,
		  64 * KiB,
		  0x9876543210000,
		  0x0000876543219f47 },
		{ { S2, 16, 48, 52, 0 },
		  0x03,
		  512 * MiB,
		  0x9876540000000,
		  0x00008765400096d5 },
		{ { S1, 16, 48, 48, 1 },
		  0x07,
		  2 * MiB,
		  0x876543200000,
		  0x0010876543200f47 },
		{ { PGTABLE_V7S, 12, 32, 32, 0 },
		  0x07,
		  4 * KiB,
		  0x87654000,
		  0x87654c7e },
		{ { PGTABLE_V7S, 12, 32, 32, 0 },
		  0x19,
		  4 * KiB,
		  0x87654000,
		  0x87654e37 },
		{ { PGTABLE_V7S, 12, 32, 32, 0 },
		  0x07,
		  64 * KiB,
		  0x87650000,
		  0x87651c3d },
		{ { PGTABLE_V7S, 12, 32, 32, 0 },
		  0x07,
		  MiB,
		  0x87600000,
		  0x87631c0e },
		{ { PGTABLE_V7S, 12, 32, 32, 0 },
		  0x07,
		  16 * MiB,
		  0x87000000,
		  0x87071c0e },
		{ { PGTABLE_TEGRA_MC, 12, 32, 34, 0 },
		  0x03,
		  4 * KiB,
		  0x387654000,
		  0xe0387654 },
		{ { PGTABLE_TEGRA_MC, 12, 32, 34, 0 },
		  0x01,
		  4 * KiB,
		  0x387654000,
		  0xa0387654 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(golden) / sizeof(golden[0]); i++) {
		struct bed *b = bed_start(&golden[i].shape);
		struct vmsa_leaf leaf;
		uint64_t desc;

		assert_int_equal(b->pt.ops->map(&b->pt, 0, golden[i].pa,
						golden[i].size, golden[i].prot,
						&b->m),
				 0);
		assert_true(bed_walk(b, 0, &leaf, &desc));
		assert_int_equal(desc, golden[i].desc);
		assert_int_equal(bed_clear(b, 0, golden[i].size, ~0u),
				 golden[i].size);
		bed_stop(b);
	}
	aarch32_golden(&golden[0].shape, 0x27, 0x0000008765432f07);
	aarch32_golden(&golden[0].shape, 0x1a, 0x0060008765432e4b);
	aarch32_golden(&(struct shape){ S2, 12, 39, 40, 0 }, 0x1a,
		       0x0060008765432687);
}
