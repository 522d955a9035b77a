// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include "null_smmu.h"

/* Arm IHI 0070 6.3, under names of this file's own. */
enum {
	REG_IDR0 = 0x00,
	REG_IDR1 = 0x04,
	REG_IDR3 = 0x0c,
	REG_IDR5 = 0x14,
	REG_CR0 = 0x20,
	REG_CR0ACK = 0x24,
	REG_GBPA = 0x44,
	REG_IRQ_CTRL = 0x50,
	REG_IRQ_CTRLACK = 0x54,
	REG_CMDQ_BASE = 0x90,
	REG_CMDQ_PROD = 0x98,
	REG_CMDQ_CONS = 0x9c,
};

/* S1P, S2P, AArch64 tables, COHACC, ASID16, VMID16, little-endian, no stalls,
 * two-level stream table. */
#define IDR0                                                           \
	(1u << 0 | 1u << 1 | 2u << 2 | 1u << 4 | 1u << 12 | 1u << 18 | \
	 2u << 21 | 1u << 24 | 1u << 27)
/* Queues of 256 entries. */
#define IDR1	    (NULL_SMMU_SID_BITS | 8u << 16 | 8u << 21)
#define IDR3_RIL    (1u << 10)
#define IDR5	    (5u | 1u << 4) /* 48 bits, 4 KiB granule */
#define GBPA_UPDATE (1u << 31)

static uint32_t read32(void *ctx, uint32_t window, uint32_t offset)
{
	struct null_smmu *s = &((struct null_smmu *)ctx)[window];

	s->counts.reads++;
	switch (offset) {
	case REG_CMDQ_CONS:
	case REG_CMDQ_PROD:
		return s->cmdq_prod;
	case REG_IDR0:
		return IDR0;
	case REG_IDR1:
		return IDR1;
	case REG_IDR3:
		return s->range_invalidation ? IDR3_RIL : 0;
	case REG_IDR5:
		return IDR5;
	case REG_CR0:
	case REG_CR0ACK:
		return s->cr0;
	case REG_GBPA:
		return s->gbpa;
	case REG_IRQ_CTRL:
	case REG_IRQ_CTRLACK:
		return s->irq_ctrl;
	default: /* no error, no event */
		return 0;
	}
}

/* Opcodes of IHI 0070 4: CFGI are 0x03 to 0x06, SYNC 0x46, TLBI between. */
static void look_at(struct null_smmu *s, uint32_t prod)
{
	uint32_t log2 = s->cmdq_base & 31;
	const uint64_t *queue =
		(const uint64_t *)(uintptr_t)(s->cmdq_base &
					      0xfffffffffffe0ull);

	for (uint32_t at = s->cmdq_prod; at != prod;
	     at = (at + 1) & ((2u << log2) - 1)) {
		uint32_t op = queue[2 * (at & ((1u << log2) - 1))] & 0xff;

		if (op == 0x46)
			s->counts.sync++;
		else if (op >= 0x10)
			s->counts.tlbi++;
		else
			s->counts.cfgi++;
	}
}

static void write32(void *ctx, uint32_t window, uint32_t offset, uint32_t val)
{
	struct null_smmu *s = &((struct null_smmu *)ctx)[window];

	s->counts.writes++;
	switch (offset) {
	case REG_CMDQ_PROD:
		if (s->look)
			look_at(s, val);
		s->cmdq_prod = val;
		break;
	case REG_CR0:
		s->cr0 = val;
		break;
	case REG_GBPA:
		s->gbpa = val & ~GBPA_UPDATE;
		break;
	case REG_IRQ_CTRL:
		s->irq_ctrl = val;
		break;
	default:
		break;
	}
}

static uint64_t read64(void *ctx, uint32_t window, uint32_t offset)
{
	return read32(ctx, window, offset);
}

static void write64(void *ctx, uint32_t window, uint32_t offset, uint64_t val)
{
	struct null_smmu *s = &((struct null_smmu *)ctx)[window];

	s->counts.writes++;
	if (offset == REG_CMDQ_BASE)
		s->cmdq_base = val;
}

const struct hypiommu_mmio_ops null_smmu_ops = { read32, write32, read64,
						 write64 };
