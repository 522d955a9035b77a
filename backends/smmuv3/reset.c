// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Registers: from whatever firmware left to "every stream as the stream table
 * says", with transactions aborting on the way (IHI 0070 6.3.9, 6.3.15).
 */
#include "smmuv3.h"
#include "wait.h"

/* Wait until (reg & mask) == value. E_TIMEOUT. */
int smmuv3_wait(struct hypiommu_smmu *smmu, uint32_t reg, uint32_t mask,
		uint32_t value)
{
	struct wait w = wait_begin(smmuv3_of(smmu)->timeout_us);

	do {
		if ((smmu_read32(smmu, reg) & mask) == value)
			return HYPIOMMU_OK;
	} while (wait_goes_on(&w));
	return HYPIOMMU_E_TIMEOUT;
}

static int set_cr0(struct hypiommu_smmu *smmu, uint32_t value)
{
	smmu_write32(smmu, SMMU_CR0, value);
	return smmuv3_wait(smmu, SMMU_CR0ACK, ~0u, value);
}

/* GBPA.ABORT: what happens to traffic while SMMUEN is 0. */
static int set_gbpa_abort(struct hypiommu_smmu *smmu)
{
	int err = smmuv3_wait(smmu, SMMU_GBPA, GBPA_UPDATE, 0);

	if (err)
		return err;
	/* With ABORT the other fields say nothing (6.3.15): none is kept. */
	smmu_write32(smmu, SMMU_GBPA, (uint32_t)(GBPA_ABORT | GBPA_UPDATE));
	err = smmuv3_wait(smmu, SMMU_GBPA, GBPA_UPDATE, 0);
	if (err)
		return err;
	/* Some implementations have no GBPA: default-deny cannot be had. */
	return smmu_read32(smmu, SMMU_GBPA) & GBPA_ABORT ? HYPIOMMU_OK
							 : HYPIOMMU_E_HW;
}

/* A bit of CR0 may not change before it was acknowledged (6.3.9), and an
 * earlier failure may have left one in flight. Off it goes in any case. */
static void settle_cr0(struct hypiommu_smmu *smmu)
{
	(void)smmuv3_wait(smmu, SMMU_CR0ACK, ~0u, smmu_read32(smmu, SMMU_CR0));
}

/* Stop all DMA, whatever was programmed; abort comes before disabling, so that
 * there is no moment of bypass. */
int smmuv3_block(struct hypiommu_smmu *smmu)
{
	int err = set_gbpa_abort(smmu);

	if (err)
		return err;
	settle_cr0(smmu);
	return set_cr0(smmu, 0);
}

void smmuv3_abort_all(struct hypiommu_smmu *smmu)
{
	/* Best effort: whether it is acknowledged changes nothing we do. The
	 * update of GBPA comes before SMMUEN goes, so that abort is in force
	 * when it counts. */
	/* An SMMU that does not take it goes on translating, to pinned pages:
	 * off, it would be bypass. */
	if (set_gbpa_abort(smmu))
		return;
	settle_cr0(smmu);
	smmu_write32(smmu, SMMU_CR0, 0);
	smmu_write32(smmu, SMMU_IRQ_CTRL, 0);
	(void)smmuv3_wait(smmu, SMMU_CR0ACK, ~0u, 0);
}

/* Transactions abort by GBPA once SMMUEN is known to be off (6.3.9.6, 6.3.15);
 * one bit without the other is bypass, or the stream table. */
int smmuv3_quiet(struct hypiommu_smmu *smmu)
{
	uint32_t gbpa = smmu_read32(smmu, SMMU_GBPA);

	if (!(gbpa & GBPA_ABORT) || gbpa & GBPA_UPDATE)
		return HYPIOMMU_E_HW;
	return smmuv3_wait(smmu, SMMU_CR0ACK, ~0u, 0);
}

/* Wired interrupts only: an MSI address left behind would let the SMMU itself
 * write memory. */
static int reset_interrupts(struct hypiommu_smmu *smmu)
{
	uint32_t idr0 = smmu_read32(smmu, SMMU_IDR0), gerror;
	int err;

	smmu_write32(smmu, SMMU_IRQ_CTRL, 0);
	err = smmuv3_wait(smmu, SMMU_IRQ_CTRLACK, ~0u, 0);
	if (err)
		return err;
	/* The configuration registers exist only with MSI (6.3.21). */
	if (idr0 & IDR0_MSI) {
		smmu_write64(smmu, SMMU_GERROR_IRQ_CFG0, 0);
		smmu_write64(smmu, SMMU_EVENTQ_IRQ_CFG0, 0);
		if (idr0 & IDR0_PRI)
			smmu_write64(smmu, SMMU_PRIQ_IRQ_CFG0, 0);
	}
	gerror = smmu_read32(smmu, SMMU_GERROR);
	if (gerror == ~0u)
		return HYPIOMMU_E_HW; /* off the bus */
	smmu_write32(smmu, SMMU_GERRORN, gerror);
	return HYPIOMMU_OK;
}

static void set_tables(struct hypiommu_smmu *smmu)
{
	const struct smmuv3 *s = smmuv3_of(smmu);
	uint32_t cfg = s->strtab.log2;

	if (s->strtab.two_level)
		cfg |= (uint32_t)STRTAB_CFG_2LVL | 8u << STRTAB_CFG_SPLIT;
	smmu_write32(smmu, SMMU_CR1, smmu->coherent ? CR1_CACHED_INNER_SH : 0);
	smmu_write32(smmu, SMMU_CR2, (uint32_t)(CR2_RECINVSID | CR2_PTM));
	smmu_write64(smmu, SMMU_STRTAB_BASE, s->strtab.pa | STRTAB_BASE_RA);
	smmu_write32(smmu, SMMU_STRTAB_BASE_CFG, cfg);
	smmu_write64(smmu, SMMU_CMDQ_BASE,
		     s->cmdq.pa | s->cmdq.log2 | QUEUE_BASE_ALLOC);
	smmu_write32(smmu, SMMU_CMDQ_PROD, 0);
	smmu_write32(smmu, SMMU_CMDQ_CONS, 0);
	smmu_write64(smmu, SMMU_EVENTQ_BASE,
		     s->evtq.pa | s->evtq.log2 | QUEUE_BASE_ALLOC);
	smmu_write32(smmu, SMMU_EVENTQ_PROD, 0);
	smmu_write32(smmu, SMMU_EVENTQ_CONS, 0);
}

int smmuv3_reset(struct hypiommu_smmu *smmu)
{
	struct smmuv3 *s = smmuv3_of(smmu);
	uint32_t cr0 = CR0_CMDQEN;
	int err = smmuv3_block(smmu);

	if (!err)
		err = reset_interrupts(smmu);
	if (err)
		return err;
	s->cmdq.prod = s->cmdq.batch = s->cmdq.errors = 0;
	s->evtq.cons = 0;
	s->evtq.taken += 1u << s->evtq.log2;
	smmuv3_strtab_restore(smmu);
	set_tables(smmu);
	err = set_cr0(smmu, cr0);
	if (!err)
		err = smmuv3_invalidate_everything(smmu);
	if (err)
		return err;
	cr0 |= CR0_EVENTQEN | (s->ats ? CR0_ATSCHK : 0);
	err = set_cr0(smmu, cr0);
	if (!err)
		err = set_cr0(smmu, cr0 | CR0_SMMUEN);
	if (err)
		return err;
	smmu_write32(smmu, SMMU_IRQ_CTRL, IRQ_CTRL_GERROR | IRQ_CTRL_EVENTQ);
	return smmuv3_wait(smmu, SMMU_IRQ_CTRLACK, ~0u,
			   IRQ_CTRL_GERROR | IRQ_CTRL_EVENTQ);
}
