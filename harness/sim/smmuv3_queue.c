/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Circular queues with wrap bits (3.5.1). */
#include "smmuv3_internal.h"

struct queue queue_get(const struct sim_smmuv3 *smmu, uint32_t base,
		       uint32_t prod, uint32_t cons, unsigned int max_log2,
		       unsigned int entry_log2)
{
	uint64_t reg = reg_get64(smmu, base);
	struct queue q = { .log2 = (uint32_t)field(reg, 4, 0) };
	uint32_t mask;

	if (q.log2 > max_log2)
		q.log2 = max_log2;
	mask = (uint32_t)BIT64(q.log2 + 1) - 1;
	q.prod = reg_get(smmu, prod) & mask;
	q.cons = reg_get(smmu, cons) & mask;
	/* A queue is aligned to its size: lower bits are taken as 0 (6.3). */
	q.base = reg & bits(51, 5) & ~(BIT64(q.log2 + entry_log2) - 1);
	return q;
}

uint32_t queue_used(const struct queue *q)
{
	return (q->prod - q->cons) & ((uint32_t)BIT64(q->log2 + 1) - 1);
}

uint64_t queue_slot(const struct queue *q, uint32_t index, uint32_t size)
{
	return q->base + (index & (BIT64(q->log2) - 1)) * size;
}

uint32_t queue_next(const struct queue *q, uint32_t index)
{
	return (index + 1) & ((uint32_t)BIT64(q->log2 + 1) - 1);
}
