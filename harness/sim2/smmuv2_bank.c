/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* A context bank's registers (IHI 0062 chapter 16). */
#include "smmuv2_internal.h"

uint32_t v2_cb(const struct v2_inst *in, uint32_t bank, uint32_t offset)
{
	return in->bank[bank].reg[offset / 4];
}

uint64_t v2_cb64(const struct v2_inst *in, uint32_t bank, uint32_t offset)
{
	return v2_cb(in, bank, offset) | (uint64_t)v2_cb(in, bank, offset + 4)
						 << 32;
}

uint32_t v2_bank_read(struct v2_inst *in, uint32_t bank, uint32_t offset)
{
	switch (offset) {
	case CB_TLBSTATUS:
		return v2_sync_status(in, &in->bank[bank].sync, bank,
				      in->faults.sync_never);
	case CB_RESUME:
	case CB_FSRRESTORE:
		v2_report(in, "read of write-only CB%u + %#x", bank, offset);
		return 0;
	default:
		if (offset < 0x80)
			return v2_cb(in, bank, offset);
		v2_report(in, "read of CB%u + %#x", bank, offset);
		return 0;
	}
}

/* Registers that say where and how to walk. */
static bool translation_control(uint32_t offset)
{
	return offset == CB_TCR2 || offset == CB_TTBR0 ||
	       offset == CB_TTBR0 + 4 || offset == CB_TTBR1 ||
	       offset == CB_TTBR1 + 4 || offset == CB_TCR ||
	       offset == CB_CONTEXTIDR || offset == CB_MAIR0 ||
	       offset == CB_MAIR1;
}

static void resume_write(struct v2_inst *in, uint32_t bank, uint32_t value)
{
	if (!(v2_cb(in, bank, CB_FSR) & FSR_SS))
		v2_report(in, "CB%u_RESUME with no stalled transaction", bank);
	/* Retried where translation is off, it goes where it likes. */
	if (!(value & RESUME_TERMINATE) &&
	    !(v2_cb(in, bank, CB_SCTLR) & SCTLR_M))
		v2_report(in, "CB%u_RESUME lets a stalled transaction through",
			  bank);
	in->bank[bank].reg[CB_FSR / 4] &= ~FSR_SS;
}

static void sctlr_write(struct v2_inst *in, uint32_t bank, uint32_t value)
{
	const uint32_t how = SCTLR_TRE | SCTLR_AFE | SCTLR_AFFD;
	uint32_t *reg = &in->bank[bank].reg[CB_SCTLR / 4];

	if (in->bank[bank].live && (value & SCTLR_M) && ((*reg ^ value) & how))
		v2_report(in, "CB%u_SCTLR changed while the bank is live",
			  bank);
	*reg = value;
}

/* MMU-500: RO while ACR.CACHE_LOCK is set (DDI 0517 3.5.1). */
static void actlr_write(struct v2_inst *in, uint32_t bank, uint32_t value)
{
	if (!in->smmu->config.mmu500 ||
	    !(in->gr0[GR0_ACR / 4] & ACR_CACHE_LOCK))
		in->bank[bank].reg[CB_ACTLR / 4] = value;
}

static void plain_write(struct v2_inst *in, uint32_t bank, uint32_t offset,
			uint32_t value)
{
	uint32_t *reg = &in->bank[bank].reg[offset / 4];

	if (offset >= 0x80) {
		v2_report(in, "write to CB%u + %#x", bank, offset);
		return;
	}
	if (in->bank[bank].live && translation_control(offset) && *reg != value)
		v2_report(in,
			  "context bank %u + %#x changed while the bank is "
			  "live",
			  bank, offset);
	*reg = value;
}

static void write32(struct v2_inst *in, uint32_t bank, uint32_t offset,
		    uint32_t value)
{
	uint32_t *fsr = &in->bank[bank].reg[CB_FSR / 4];

	switch (offset) {
	case CB_SCTLR:
		sctlr_write(in, bank, value);
		break;
	case CB_ACTLR:
		actlr_write(in, bank, value);
		break;
	case CB_RESUME:
		resume_write(in, bank, value);
		break;
	case CB_FSR: /* write one to clear; SS goes with RESUME only */
		*fsr &= ~(value & ~FSR_SS);
		break;
	case CB_FSRRESTORE:
		*fsr = value & FSR_FAULT;
		break;
	case CB_TLBSYNC:
		v2_sync_start(in, &in->bank[bank].sync);
		break;
	default:
		plain_write(in, bank, offset, value);
	}
}

void v2_bank_write(struct v2_inst *in, uint32_t bank, uint32_t offset,
		   unsigned int width, uint64_t value)
{
	if (v2_tlbi_bank(in, bank, offset, width, value))
		return;
	write32(in, bank, offset, (uint32_t)value);
	if (width == 8)
		write32(in, bank, offset + 4, (uint32_t)(value >> 32));
}
