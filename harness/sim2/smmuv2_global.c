/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Global register spaces 0 and 1 (IHI 0062 chapters 9 and 10). */
#include "smmuv2_internal.h"

static bool identification(uint32_t offset)
{
	return offset >= 0xfd0; /* PIDRn, CIDRn: read as zero here */
}

uint32_t v2_gr0_read(struct v2_inst *in, uint32_t offset)
{
	if (offset >= GR0_ID0 && offset <= GR0_ID7)
		return in->smmu->id[(offset - GR0_ID0) / 4];
	if (offset >= GR0_SMR && offset < GR0_SMR + V2_MAX * 4)
		return in->smr[(offset - GR0_SMR) / 4];
	if (offset >= GR0_S2CR && offset < GR0_S2CR + V2_MAX * 4)
		return in->s2cr[(offset - GR0_S2CR) / 4];
	switch (offset) {
	case GR0_CR0:
	case GR0_CR2:
	case GR0_ACR:
	case GR0_GFAR:
	case GR0_GFAR + 4:
	case GR0_GFSR:
	case GR0_GFSYNR0:
	case GR0_GFSYNR1:
	case GR0_GFSYNR2:
		return in->gr0[offset / 4];
	case GR0_TLBGSTATUS:
		return v2_sync_status(in, &in->gsync, SIM2_NONE,
				      in->faults.gsync_never);
	default:
		if (!identification(offset))
			v2_report(in, "read of GR0 + %#x", offset);
		return 0;
	}
}

static void cr0_write(struct v2_inst *in, uint32_t value)
{
	value &= CR0_WRITABLE | CR0_VMID16EN;
	if (!in->smmu->config.exids)
		value &= ~CR0_EXIDENABLE;
	if (!in->smmu->config.vmid16)
		value &= ~CR0_VMID16EN;
	in->gr0[GR0_CR0 / 4] = value;
	if (value & CR0_CLIENTPD)
		return;
	for (uint32_t i = 0; i < v2_nr_groups(in); i++)
		v2_check_conflict(in, i);
}

/* With SMRs: ID and MASK are as wide as a stream ID (9.6.43). */
static void smr_write(struct v2_inst *in, uint32_t n, uint32_t value)
{
	const struct sim_smmuv2_config *c = &in->smmu->config;
	uint32_t id = BIT(c->sid_bits) - 1;

	if (c->indexing || n >= c->nr_smrg)
		return;
	if (!(in->gr0[GR0_CR0 / 4] & CR0_EXIDENABLE))
		value &= SMR_VALID | id << 16 | id;
	v2_late_add(in, n);
	in->smr[n] = value;
	v2_check_conflict(in, n);
}

static void s2cr_write(struct v2_inst *in, uint32_t n, uint32_t value)
{
	bool was = v2_group(in, n).valid;

	if (n >= v2_nr_groups(in))
		return;
	if (value >> S2CR_TYPE_SHIFT == 3)
		v2_report(in, "S2CR%u: reserved type", n);
	v2_late_add(in, n);
	in->s2cr[n] = value;
	if (!was)
		v2_check_conflict(in, n);
}

static void gr0_plain_write(struct v2_inst *in, uint32_t offset, uint32_t value)
{
	switch (offset) {
	case GR0_CR0:
		cr0_write(in, value);
		break;
	case GR0_GFSR: /* write one to clear */
		in->gr0[GR0_GFSR / 4] &= ~value;
		break;
	case GR0_GFSRRESTORE:
		in->gr0[GR0_GFSR / 4] = value & GFSR_ALL;
		break;
	case GR0_CR2:
	case GR0_ACR:
	case GR0_GFAR:
	case GR0_GFAR + 4:
	case GR0_GFSYNR0:
	case GR0_GFSYNR1:
	case GR0_GFSYNR2:
		in->gr0[offset / 4] = value;
		break;
	case GR0_TLBIVMID:
	case GR0_TLBIALLNSNH:
	case GR0_TLBIALLH:
		v2_tlbi_global(in, offset, value);
		break;
	case GR0_TLBGSYNC:
		v2_sync_start(in, &in->gsync);
		break;
	default:
		v2_report(in, "write to GR0 + %#x", offset);
	}
}

void v2_gr0_write(struct v2_inst *in, uint32_t offset, uint32_t value)
{
	if (offset >= GR0_SMR && offset < GR0_SMR + V2_MAX * 4)
		smr_write(in, (offset - GR0_SMR) / 4, value);
	else if (offset >= GR0_S2CR && offset < GR0_S2CR + V2_MAX * 4)
		s2cr_write(in, (offset - GR0_S2CR) / 4, value);
	else
		gr0_plain_write(in, offset, value);
}

uint32_t v2_gr1_read(struct v2_inst *in, uint32_t offset)
{
	uint32_t n = (offset & 0x3ff) / 4;

	if (n >= in->smmu->config.nr_cb)
		return 0;
	switch (offset & ~0x3ffu) {
	case GR1_CBAR:
		return in->bank[n].cbar;
	case GR1_CBFRSYNRA:
		return in->bank[n].frsynra;
	case GR1_CBA2R:
		return in->bank[n].cba2r;
	default:
		v2_report(in, "read of GR1 + %#x", offset);
		return 0;
	}
}

static void attribute_write(const struct v2_inst *in, uint32_t n,
			    const char *name, uint32_t *reg, uint32_t value)
{
	if (in->bank[n].live && *reg != value)
		v2_report(in, "%s%u changed while the bank is live", name, n);
	*reg = value;
}

void v2_gr1_write(struct v2_inst *in, uint32_t offset, uint32_t value)
{
	uint32_t n = (offset & 0x3ff) / 4;
	struct v2_bank *b = &in->bank[n];

	if (n >= in->smmu->config.nr_cb)
		return;
	switch (offset & ~0x3ffu) {
	case GR1_CBAR: /* banks for stage 2 only have no other type */
		if (n < in->smmu->config.nr_s2cb)
			value &= ~(3u << CBAR_TYPE_SHIFT);
		attribute_write(in, n, "CBAR", &b->cbar, value);
		break;
	case GR1_CBFRSYNRA:
		b->frsynra = value;
		break;
	case GR1_CBA2R:
		value &= in->smmu->config.vmid16 ? 0xffff0007u : 0x7u;
		attribute_write(in, n, "CBA2R", &b->cba2r, value);
		break;
	default:
		v2_report(in, "write to GR1 + %#x", offset);
	}
}
