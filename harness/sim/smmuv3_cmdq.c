/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The Command queue: consumption, errors, and the commands that are short. */
#include "smmuv3_internal.h"

struct queue cmdq_get(const struct sim_smmuv3 *smmu)
{
	return queue_get(smmu, CMDQ_BASE, CMDQ_PROD, CMDQ_CONS,
			 smmu->config.cmdq_log2, 4);
}

static unsigned int only(const uint64_t cmd[2], uint64_t mask0, uint64_t mask1)
{
	return (cmd[0] & ~(mask0 | 0xff)) || (cmd[1] & ~mask1) ? CERROR_ILL
							       : CERROR_NONE;
}

/* 4.7.3: all before it has completed; now, and not earlier. */
static unsigned int cmd_sync(struct sim_smmuv3 *smmu, const uint64_t cmd[2])
{
	unsigned int cs = (unsigned int)field(cmd[0], 13, 12);
	uint64_t msi = cmd[1] & bits(51, 2);
	uint32_t data = (uint32_t)(cmd[0] >> 32);

	if (cs == 3)
		return CERROR_ILL;
	if (only(cmd, bits(13, 12) | bits(27, 22) | bits(63, 32), bits(51, 2)))
		return CERROR_ILL;
	inval_complete(smmu);
	smmu->stats.syncs++;
	if (cs == 1 && msi &&
	    sim_mem_dev_write(smmu->mem, msi, &data, sizeof(data)))
		gerror_raise(smmu, GERROR_MSI_CMDQ);
	return CERROR_NONE;
}

static unsigned int execute(struct sim_smmuv3 *smmu, const uint64_t cmd[2])
{
	const uint64_t ids = bits(63, 32) | bits(31, 11);

	switch (cmd[0] & 0xff) {
	case CMD_PREFETCH_CONFIG:
		return only(cmd, ids, 0);
	case CMD_PREFETCH_ADDR:
		return only(cmd, ids, bits(63, 12) | bits(9, 0));
	case CMD_CFGI_STE:
	case CMD_CFGI_STE_RANGE:
	case CMD_CFGI_CD:
	case CMD_CFGI_CD_ALL:
		return cmd_cfgi(smmu, cmd);
	case CMD_ATC_INV:
		if (!smmu->config.ats)
			return CERROR_ILL;
		return only(cmd, ids | BIT64(9), bits(63, 12) | bits(5, 0));
	case CMD_PRI_RESP:
		if (!smmu->config.pri)
			return CERROR_ILL;
		return only(cmd, ids, bits(13, 12) | bits(8, 0));
	case CMD_SYNC:
		return cmd_sync(smmu, cmd);
	default:
		/* CMD_RESUME and CMD_STALL_TERM: nothing ever stalls here. */
		return cmd_tlbi(smmu, cmd);
	}
}

static void fail(struct sim_smmuv3 *smmu, unsigned int code)
{
	uint32_t cons = reg_get(smmu, CMDQ_CONS) & 0xfffff;

	reg_set(smmu, CMDQ_CONS, cons | code << 24);
	gerror_raise(smmu, GERROR_CMDQ);
}

static bool blocked(const struct sim_smmuv3 *smmu)
{
	uint32_t errors = reg_get(smmu, GERROR) ^ reg_get(smmu, GERRORN);

	return !(smmu->cr0ack & CR0_CMDQEN) || smmu->faults.cmdq_stalled ||
	       smmu->faults.sfm || (errors & GERROR_CMDQ);
}

static unsigned int injected(struct sim_smmuv3 *smmu)
{
	unsigned int error =
		smmu->fail ? smmu->fail(smmu->fail_ctx, SIM_FAIL_COMMAND)
			   : CERROR_NONE;

	smmu->attempted++;
	if (error != CERROR_NONE)
		return error;
	if (smmu->faults.cmd_error_at != smmu->attempted)
		return CERROR_NONE;
	return smmu->faults.cmd_error_code;
}

/* Is this CMD_SYNC never to complete? Asked once of each. */
static bool stuck(struct sim_smmuv3 *smmu)
{
	if (!smmu->sync_asked) {
		smmu->sync_asked = true;
		smmu->sync_stuck = smmu->fail &&
				   smmu->fail(smmu->fail_ctx, SIM_FAIL_SYNC);
	}
	return smmu->sync_stuck || smmu->faults.sync_never;
}

/*
 * Consume one command. What is read is the older of what the location may
 * hold: a doorbell that overtakes the command executes what was there before.
 */
void cmdq_step(struct sim_smmuv3 *smmu)
{
	struct queue q = cmdq_get(smmu);
	uint64_t pa = queue_slot(&q, q.cons, CMD_SIZE);
	unsigned int error;
	uint64_t cmd[2];

	if (blocked(smmu) || !queue_used(&q))
		return;
	if (sim_mem_dev_read64(smmu->mem, pa, SIM_VIEW_OLD, &cmd[0]) ||
	    sim_mem_dev_read64(smmu->mem, pa + 8, SIM_VIEW_OLD, &cmd[1])) {
		fail(smmu, CERROR_ABT);
		return;
	}
	if ((cmd[0] & 0xff) == CMD_SYNC && stuck(smmu))
		return;
	error = injected(smmu);
	if (error == CERROR_NONE)
		error = execute(smmu, cmd);
	if (error != CERROR_NONE) {
		fail(smmu, error);
		return;
	}
	smmu->sync_asked = false;
	smmu->stats.commands++;
	reg_set(smmu, CMDQ_CONS,
		(reg_get(smmu, CMDQ_CONS) & 0x7f000000) |
			queue_next(&q, q.cons));
}
