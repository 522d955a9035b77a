// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The command queue (IHI 0070 3.5, 4, 7.1). One producer at a time (the SMMU
 * lock); commands are handed over in batches, at the latest with CMD_SYNC.
 */
#include "smmuv3.h"
#include "wait.h"

#define MAX_ERRORS 4u

static const struct smmuv3_cmd cmd_sync = { { CMD_SYNC, 0 } };

static void write_slot(struct hypiommu_smmu *smmu, uint32_t index,
		       struct smmuv3_cmd cmd)
{
	struct smmuv3_cmdq *q = &smmuv3_of(smmu)->cmdq;
	uint64_t *slot = &q->entries[2 * (index & ((1u << q->log2) - 1))];

	smmuv3_store(smmu, &slot[0], cmd.w[0]);
	smmuv3_store(smmu, &slot[1], cmd.w[1]);
}

/*
 * CMDQ_CONS.ERR: the SMMU stopped at a command (7.1). One it calls illegal is
 * replaced by a CMD_SYNC and counted: its work is not done, which
 * smmuv3_cmdq_sync() makes good. A failed fetch is tried again.
 */
static int recover(struct hypiommu_smmu *smmu, uint32_t cons)
{
	struct smmuv3_cmdq *q = &smmuv3_of(smmu)->cmdq;
	uint32_t gerror = smmu_read32(smmu, SMMU_GERROR);
	uint32_t active = gerror ^ smmu_read32(smmu, SMMU_GERRORN);

	if (gerror == ~0u || active & GERROR_SFM_ERR)
		return HYPIOMMU_E_HW;
	if (!(active & GERROR_CMDQ_ERR))
		return HYPIOMMU_OK; /* ERR is stale: no error is active */
	if (++q->errors > MAX_ERRORS)
		return HYPIOMMU_E_HW;
	if (CMDQ_CONS_ERR(cons) != CERROR_ABT)
		write_slot(smmu, cons, cmd_sync);
	hypiommu_env_before_doorbell();
	smmu_write32(smmu, SMMU_GERRORN, gerror);
	smmu_notice(smmu, HYPIOMMU_NOTICE_COMMAND_ERROR, CMDQ_CONS_ERR(cons));
	return HYPIOMMU_OK;
}

/* Wait until all commands are consumed. */
static int wait_consumed(struct hypiommu_smmu *smmu)
{
	struct smmuv3 *s = smmuv3_of(smmu);
	uint32_t wrap_mask = (2u << s->cmdq.log2) - 1;
	struct wait w = wait_begin(s->timeout_us);

	do {
		uint32_t cons = smmu_read32(smmu, SMMU_CMDQ_CONS);
		uint32_t queued = (s->cmdq.prod - cons) & wrap_mask;

		/* It consumed too much; or it is off the bus, and its index
		 * would be right once in every round of the queue. */
		if (queued > 1u << s->cmdq.log2 || cons == ~0u)
			return HYPIOMMU_E_HW;
		if (CMDQ_CONS_ERR(cons)) {
			int err = recover(smmu, cons);

			if (err)
				return err;
		}
		if (!queued) {
			hypiommu_env_after_sync();
			return HYPIOMMU_OK;
		}
	} while (wait_goes_on(&w));
	return HYPIOMMU_E_TIMEOUT;
}

/* Hand over everything queued. */
static void ring(struct hypiommu_smmu *smmu)
{
	/* Commands, and the descriptor stores they are about, come first. */
	hypiommu_env_before_doorbell();
	smmu_write32(smmu, SMMU_CMDQ_PROD, smmuv3_of(smmu)->cmdq.prod);
}

/* All there is in the queue, which is empty then. */
static void consume(struct hypiommu_smmu *smmu)
{
	struct smmuv3_cmdq *q = &smmuv3_of(smmu)->cmdq;

	ring(smmu);
	q->failed = wait_consumed(smmu);
	q->batch = 0;
}

void smmuv3_cmdq_add(struct hypiommu_smmu *smmu, struct smmuv3_cmd cmd)
{
	struct smmuv3_cmdq *q = &smmuv3_of(smmu)->cmdq;
	uint32_t capacity = 1u << q->log2;

	/* Every completed sync empties the queue: `batch` counts from there. */
	if (q->batch == capacity)
		consume(smmu);
	if (q->failed)
		return;
	write_slot(smmu, q->prod, cmd);
	q->prod = (q->prod + 1) & (2 * capacity - 1);
	q->batch++;
}

static int complete(struct hypiommu_smmu *smmu)
{
	struct smmuv3_cmdq *q = &smmuv3_of(smmu)->cmdq;
	int err;

	smmuv3_cmdq_add(smmu, cmd_sync);
	/* CMD_SYNC is consumed only when all before it has completed (4.7). */
	if (!q->failed)
		consume(smmu);
	err = q->failed;
	q->failed = HYPIOMMU_OK;
	return err;
}

/* Inline: it is on the deepest chain of calls there is (./run size). */
static inline void add_everything(struct hypiommu_smmu *smmu)
{
	const struct smmuv3_cmd cfgi = { { CMD_CFGI_ALL,
					   CMD1_CFGI_RANGE_ALL } };
	const struct smmuv3_cmd nsnh = { { CMD_TLBI_NSNH_ALL, 0 } };
	const struct smmuv3_cmd el2 = { { CMD_TLBI_EL2_ALL, 0 } };

	smmuv3_cmdq_add(smmu, cfgi);
	smmuv3_cmdq_add(smmu, nsnh);
	if (smmuv3_of(smmu)->hyp)
		smmuv3_cmdq_add(smmu, el2);
}

int smmuv3_cmdq_sync(struct hypiommu_smmu *smmu)
{
	struct smmuv3_cmdq *q = &smmuv3_of(smmu)->cmdq;
	int err = complete(smmu);

	if (err || !q->errors)
		return err;
	/* Some command was not carried out: carry out all there are. */
	q->errors = 0;
	add_everything(smmu);
	err = complete(smmu);
	return err || !q->errors ? err : HYPIOMMU_E_HW;
}

int smmuv3_invalidate_everything(struct hypiommu_smmu *smmu)
{
	add_everything(smmu);
	return smmuv3_cmdq_sync(smmu);
}
