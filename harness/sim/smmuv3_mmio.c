/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The register file (6.3): what may be accessed how and when. */
#include <string.h>

#include "smmuv3_internal.h"

/* What makes a register read-only at times. */
enum guard {
	RO,
	FREE,
	NO_SMMU, /* SMMUEN = 0 */
	NO_CMDQ,
	NO_EVTQ,
	NO_PRIQ,
	NO_GERR_IRQ,
	NO_EVTQ_IRQ,
	NO_PRIQ_IRQ,
	CR1_RULES,
};

struct reg {
	uint32_t offset;
	uint8_t size;
	uint8_t guard;
	uint64_t mask; /* writable bits */
};

#define MSI_ADDR   0x000ffffffffffffcu
#define QUEUE_BITS 0x40ffffffffffffffu

static const struct reg regs[] = {
	{ IDR0, 4, RO, 0 },
	{ IDR1, 4, RO, 0 },
	{ IDR2, 4, RO, 0 },
	{ IDR3, 4, RO, 0 },
	{ IDR4, 4, RO, 0 },
	{ IDR5, 4, RO, 0 },
	{ IIDR, 4, RO, 0 },
	{ AIDR, 4, RO, 0 },
	{ CR0, 4, FREE, 0x5df },
	{ CR0ACK, 4, RO, 0 },
	{ CR1, 4, CR1_RULES, 0xfff },
	{ CR2, 4, NO_SMMU, 0xf },
	{ STATUSR, 4, RO, 0 },
	{ GBPA, 4, FREE, 0x801f3f1f },
	{ AGBPA, 4, FREE, 0xffffffff },
	{ IRQ_CTRL, 4, FREE, 0x7 },
	{ IRQ_CTRLACK, 4, RO, 0 },
	{ GERROR, 4, RO, 0 },
	{ GERRORN, 4, FREE, GERROR_BITS },
	{ GERROR_IRQ_CFG0, 8, NO_GERR_IRQ, MSI_ADDR },
	{ GERROR_IRQ_CFG1, 4, NO_GERR_IRQ, 0xffffffff },
	{ GERROR_IRQ_CFG2, 4, NO_GERR_IRQ, 0x3f },
	{ STRTAB_BASE, 8, NO_SMMU, 0x40ffffffffffffc0 },
	{ STRTAB_BASE_CFG, 4, NO_SMMU, 0x307ff },
	{ CMDQ_BASE, 8, NO_CMDQ, QUEUE_BITS },
	{ CMDQ_PROD, 4, FREE, 0xfffff },
	{ CMDQ_CONS, 4, NO_CMDQ, 0x7f0fffff },
	{ EVENTQ_BASE, 8, NO_EVTQ, QUEUE_BITS },
	{ EVENTQ_IRQ_CFG0, 8, NO_EVTQ_IRQ, MSI_ADDR },
	{ EVENTQ_IRQ_CFG1, 4, NO_EVTQ_IRQ, 0xffffffff },
	{ EVENTQ_IRQ_CFG2, 4, NO_EVTQ_IRQ, 0x3f },
	{ PRIQ_BASE, 8, NO_PRIQ, QUEUE_BITS },
	{ PRIQ_IRQ_CFG0, 8, NO_PRIQ_IRQ, MSI_ADDR },
	{ PRIQ_IRQ_CFG1, 4, NO_PRIQ_IRQ, 0xffffffff },
	{ PRIQ_IRQ_CFG2, 4, NO_PRIQ_IRQ, 0x8000003f },
	{ EVENTQ_PROD, 4, NO_EVTQ, 0x800fffff },
	{ EVENTQ_CONS, 4, FREE, 0x800fffff },
	{ PRIQ_PROD, 4, NO_PRIQ, 0x800fffff },
	{ PRIQ_CONS, 4, FREE, 0x800fffff },
};

static uint32_t *reg_at(struct sim_smmuv3 *smmu, uint32_t offset)
{
	return offset < 0x10000 ? &smmu->reg0[offset / 4]
				: &smmu->reg1[(offset - 0x10000) / 4];
}

uint32_t reg_get(const struct sim_smmuv3 *smmu, uint32_t offset)
{
	return *reg_at((struct sim_smmuv3 *)smmu, offset);
}

uint64_t reg_get64(const struct sim_smmuv3 *smmu, uint32_t offset)
{
	return reg_get(smmu, offset) | (uint64_t)reg_get(smmu, offset + 4)
					       << 32;
}

void reg_set(struct sim_smmuv3 *smmu, uint32_t offset, uint32_t value)
{
	*reg_at(smmu, offset) = value;
}

/* The register an access is to, if it is one the architecture allows. */
static const struct reg *find(const struct sim_smmuv3 *smmu, uint32_t offset,
			      unsigned int width, const char *what)
{
	for (size_t i = 0; i < sizeof(regs) / sizeof(regs[0]); i++) {
		const struct reg *r = &regs[i];

		if (offset < r->offset || offset >= r->offset + r->size)
			continue;
		if (offset % 4 || (width == 8 && offset != r->offset) ||
		    width > r->size || (width != 4 && width != 8))
			break;
		return r;
	}
	smmu_report(smmu, "%s of %u bytes at %#x is not allowed", what, width,
		    offset);
	return NULL;
}

bool cr0_maybe(const struct sim_smmuv3 *smmu, uint64_t bit)
{
	return (reg_get(smmu, CR0) | smmu->cr0ack) & bit;
}

bool gbpa_may_bypass(const struct sim_smmuv3 *smmu)
{
	if (!(reg_get(smmu, GBPA) & GBPA_ABORT))
		return true;
	return smmu->gbpa_delay && !(smmu->gbpa_next & GBPA_ABORT);
}

/* ---- reads ------------------------------------------------------------ */

static void ack_step(struct sim_smmuv3 *smmu)
{
	uint32_t was = smmu->cr0ack;

	if (smmu->faults.cr0_no_ack || !smmu->cr0_delay || --smmu->cr0_delay)
		return;
	smmu->cr0ack = reg_get(smmu, CR0);
	if (smmu->cr0ack & ~was & CR0_SMMUEN)
		stream_scan_table(smmu);
}

static uint32_t gbpa_read(struct sim_smmuv3 *smmu)
{
	uint32_t val;

	if (smmu->gbpa_delay && !--smmu->gbpa_delay) {
		if (smmu->faults.gbpa_no_stick)
			smmu->gbpa_next &= ~(uint32_t)GBPA_ABORT;
		reg_set(smmu, GBPA, smmu->gbpa_next);
	}
	val = reg_get(smmu, GBPA);
	return smmu->gbpa_delay ? val | (uint32_t)GBPA_UPDATE : val;
}

static uint32_t read32(struct sim_smmuv3 *smmu, uint32_t offset)
{
	switch (offset) {
	case CR0ACK:
		ack_step(smmu);
		return smmu->cr0ack;
	case IRQ_CTRLACK:
		if (smmu->irq_delay && !--smmu->irq_delay)
			smmu->irq_ctrlack = reg_get(smmu, IRQ_CTRL);
		return smmu->irq_ctrlack;
	case GBPA:
		return gbpa_read(smmu);
	case CMDQ_CONS:
		cmdq_step(smmu);
		break;
	default:
		break;
	}
	return offset <= AIDR ? smmu->idr[offset / 4] : reg_get(smmu, offset);
}

static uint32_t read_overridden(struct sim_smmuv3 *smmu, uint32_t offset)
{
	uint32_t val = read32(smmu, offset);

	for (size_t i = 0; i < smmu->nr_overrides; i++)
		if (smmu->overrides[i].offset == offset)
			return smmu->overrides[i].value;
	return val;
}

uint64_t sim_smmuv3_read(struct sim_smmuv3 *smmu, uint32_t offset,
			 unsigned int width)
{
	uint64_t val;

	smmu->stats.mmio_reads++;
	if (smmu->faults.dead)
		return width == 8 ? UINT64_MAX : UINT32_MAX;
	if (!find(smmu, offset, width, "read"))
		return 0;
	val = read_overridden(smmu, offset);
	if (width == 8)
		val |= (uint64_t)read_overridden(smmu, offset + 4) << 32;
	return val;
}

/* ---- writes ----------------------------------------------------------- */

/* May the register be written at this moment? */
static bool guard_open(const struct sim_smmuv3 *smmu, const struct reg *r,
		       uint64_t value)
{
	uint32_t irqs = reg_get(smmu, IRQ_CTRL) | smmu->irq_ctrlack;
	uint32_t cr1 = reg_get(smmu, CR1) ^ (uint32_t)value;

	switch ((enum guard)r->guard) {
	case RO:
		return false;
	case FREE:
		return true;
	case NO_SMMU:
		return !cr0_maybe(smmu, CR0_SMMUEN);
	case NO_CMDQ:
		return !cr0_maybe(smmu, CR0_CMDQEN);
	case NO_EVTQ:
		return !cr0_maybe(smmu, CR0_EVENTQEN);
	case NO_PRIQ:
		return !cr0_maybe(smmu, CR0_PRIQEN);
	case NO_GERR_IRQ:
		return !(irqs & IRQ_GERROR);
	case NO_EVTQ_IRQ:
		return !(irqs & IRQ_EVENTQ);
	case NO_PRIQ_IRQ:
		return !(irqs & IRQ_PRIQ);
	case CR1_RULES: /* TABLE_* and QUEUE_*, 6.3.11 */
		if ((cr1 & 0xfc0) && cr0_maybe(smmu, CR0_SMMUEN))
			return false;
		return !(cr1 & 0x03f) ||
		       !cr0_maybe(smmu, CR0_PRIQEN | CR0_EVENTQEN | CR0_CMDQEN);
	}
	return false;
}

static void queue_check(const struct sim_smmuv3 *smmu, const char *name,
			struct queue q)
{
	if (queue_used(&q) > BIT64(q.log2))
		smmu_report(smmu, "%s: indices further apart than its size",
			    name);
}

static void check_enable(const struct sim_smmuv3 *smmu, uint32_t turned_on)
{
	if (turned_on & CR0_CMDQEN)
		queue_check(smmu, "CMDQ", cmdq_get(smmu));
	if (turned_on & CR0_EVENTQEN)
		queue_check(smmu, "EVENTQ", eventq_get(smmu));
	/* Out of reset the caches hold anything (3.11). */
	if ((turned_on & CR0_SMMUEN) &&
	    (!smmu->cfg_flushed || !smmu->tlb_flushed))
		smmu_report(smmu, "SMMUEN set before CFGI_ALL and "
				  "TLBI_NSNH_ALL had completed");
}

static void write_cr0(struct sim_smmuv3 *smmu, uint32_t value)
{
	uint32_t old = reg_get(smmu, CR0);
	uint32_t unacked = old ^ smmu->cr0ack;

	/* A bit must not change again before it was acknowledged (6.3.9); with
	 * hardware that never does, shutting it down is all that is left. */
	if (((value ^ old) & unacked) && !smmu->faults.cr0_no_ack)
		smmu_report(smmu, "CR0 bits %#x changed before CR0ACK",
			    (value ^ old) & unacked);
	check_enable(smmu, value & ~(old | smmu->cr0ack));
	if (value & ~old & CR0_CMDQEN)
		smmu->sync_asked = smmu->sync_stuck = false;
	reg_set(smmu, CR0, value);
	smmu->cr0_delay = ACK_DELAY;
}

static void write_gbpa(struct sim_smmuv3 *smmu, uint32_t value)
{
	if (!(value & GBPA_UPDATE)) {
		smmu_report(smmu, "GBPA written without Update: ignored");
		return;
	}
	if (smmu->gbpa_delay) {
		smmu_report(smmu, "GBPA written while Update is 1");
		return;
	}
	smmu->gbpa_next = value & ~(uint32_t)GBPA_UPDATE;
	smmu->gbpa_delay = ACK_DELAY;
}

static void write_gerrorn(struct sim_smmuv3 *smmu, uint32_t value)
{
	uint32_t active = reg_get(smmu, GERROR) ^ reg_get(smmu, GERRORN);

	if ((value ^ reg_get(smmu, GERRORN)) & ~active)
		smmu_report(smmu, "GERRORN: acknowledged what is not active");
	reg_set(smmu, GERRORN, value);
}

/* Registers whose new content can be wrong by itself. */
static void check_content(const struct sim_smmuv3 *smmu, uint32_t offset)
{
	uint32_t low = reg_get(smmu, offset & ~4u);

	switch (offset) {
	case CMDQ_BASE:
		if ((low & 0x1f) > smmu->config.cmdq_log2)
			smmu_report(smmu, "CMDQ_BASE.LOG2SIZE above IDR1");
		break;
	case EVENTQ_BASE:
		if ((low & 0x1f) > smmu->config.evtq_log2)
			smmu_report(smmu, "EVENTQ_BASE.LOG2SIZE above IDR1");
		break;
	case STRTAB_BASE_CFG:
		if ((low & 0x3f) > smmu->config.sid_bits)
			smmu_report(smmu, "STRTAB LOG2SIZE above IDR1.SIDSIZE");
		break;
	/* While a queue is off its indices are set one after the other. */
	case CMDQ_PROD:
		if (cr0_maybe(smmu, CR0_CMDQEN))
			queue_check(smmu, "CMDQ", cmdq_get(smmu));
		break;
	case EVENTQ_CONS:
		if (cr0_maybe(smmu, CR0_EVENTQEN))
			queue_check(smmu, "EVENTQ", eventq_get(smmu));
		break;
	default:
		break;
	}
}

static void write32(struct sim_smmuv3 *smmu, const struct reg *r,
		    uint32_t offset, uint32_t value)
{
	uint32_t mask = (uint32_t)(r->mask >> (offset - r->offset) * 8);

	if (value & ~mask)
		smmu_report(smmu, "reserved bits %#x written at %#x",
			    value & ~mask, offset);
	value &= mask;
	switch (offset) {
	case CR0:
		write_cr0(smmu, value);
		break;
	case GBPA:
		write_gbpa(smmu, value);
		break;
	case GERRORN:
		write_gerrorn(smmu, value);
		break;
	case IRQ_CTRL:
		smmu->irq_delay = ACK_DELAY;
		reg_set(smmu, offset, value);
		break;
	default:
		reg_set(smmu, offset, value);
		check_content(smmu, offset);
	}
}

void sim_smmuv3_write(struct sim_smmuv3 *smmu, uint32_t offset,
		      unsigned int width, uint64_t value)
{
	const struct reg *r;

	smmu->stats.mmio_writes++;
	if (smmu->faults.dead)
		return;
	r = find(smmu, offset, width, "write");
	if (!r)
		return;
	if (!guard_open(smmu, r, value)) {
		smmu_report(smmu, "write at %#x is forbidden now", offset);
		return;
	}
	write32(smmu, r, offset, (uint32_t)value);
	if (width == 8)
		write32(smmu, r, offset + 4, (uint32_t)(value >> 32));
}
