/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Life and reset of a simulated SMMUv3, and what it says of itself. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smmuv3_internal.h"

/* Where firmware left message-signalled interrupts going: a GIC ITS. */
#define FIRMWARE_MSI 0x08090040u

void *smmu_grow(void *ptr, size_t nr, size_t size)
{
	void *p = reallocarray(ptr, nr, size);

	if (!p) {
		fprintf(stderr, "sim_smmuv3: out of host memory\n");
		abort();
	}
	return p;
}

void smmu_report(const struct sim_smmuv3 *smmu, const char *fmt, ...)
{
	char what[256];
	va_list args;

	if (!smmu->report)
		return;
	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	smmu->report(smmu->report_ctx, what);
}

static uint32_t flag(bool set, unsigned int bit)
{
	return set ? 1u << bit : 0;
}

/* 6.3.1: AArch64 tables, little-endian, faults terminate, no HTTU, no BTM. */
static uint32_t idr0(const struct sim_smmuv3_config *c)
{
	return flag(c->stage2, 0) | flag(c->stage1, 1) | 2u << 2 |
	       flag(c->coherent, 4) | flag(c->hyp, 9) | flag(c->ats, 10) |
	       flag(c->asid16, 12) | 1u << 13 /* MSI */ | 1u << 14 /* SEV */ |
	       flag(c->pri, 16) | flag(c->vmid16, 18) | 2u << 21 | 1u << 24 |
	       flag(c->two_level, 27);
}

static uint32_t idr1(const struct sim_smmuv3_config *c)
{
	return c->sid_bits | c->ssid_bits << 6 |
	       (c->pri ? c->evtq_log2 : 0) << 11 | c->evtq_log2 << 16 |
	       c->cmdq_log2 << 21;
}

static uint32_t idr5(const struct sim_smmuv3_config *c)
{
	static const unsigned int sizes[] = { 32, 36, 40, 42, 44, 48, 52 };
	uint32_t oas = 0;

	while (oas < 6 && sizes[oas] < c->oas)
		oas++;
	return oas | 1u << 4 | flag(c->gran16k, 5) | flag(c->gran64k, 6) |
	       flag(c->vax, 10);
}

static void set_idr(struct sim_smmuv3 *smmu)
{
	const struct sim_smmuv3_config *c = &smmu->config;

	smmu->idr[IDR0 / 4] = idr0(c);
	smmu->idr[IDR1 / 4] = idr1(c);
	/* HAD; RIL. */
	smmu->idr[IDR3 / 4] = 1u << 2 | flag(c->range_inval, 10);
	smmu->idr[IDR5 / 4] = idr5(c);
	smmu->idr[IIDR / 4] = 0x5a500001u; /* nobody's: no errata apply */
	smmu->idr[AIDR / 4] = 0x02;	   /* SMMUv3.2 */
}

static void reset(struct sim_smmuv3 *smmu)
{
	memset(smmu->reg0, 0, sizeof(smmu->reg0));
	memset(smmu->reg1, 0, sizeof(smmu->reg1));
	smmu->cr0ack = smmu->irq_ctrlack = 0;
	smmu->cr0_delay = smmu->irq_delay = smmu->gbpa_delay = 0;
	smmu->nr_pending = 0;
	smmu->cfg_flushed = smmu->tlb_flushed = false;
	if (smmu->config.enabled_bypass) {
		reg_set(smmu, GERROR_IRQ_CFG0, FIRMWARE_MSI);
		reg_set(smmu, EVENTQ_IRQ_CFG0, FIRMWARE_MSI);
		if (smmu->config.pri)
			reg_set(smmu, PRIQ_IRQ_CFG0, FIRMWARE_MSI);
	} else {
		reg_set(smmu, GBPA, (uint32_t)GBPA_ABORT);
	}
}

static void walker_report(const void *owner, const char *what)
{
	smmu_report(owner, "%s", what);
}

static void walker_reads(const void *owner, const struct vmsa_table *table,
			 uint64_t size)
{
	const struct sim_smmuv3 *smmu = owner;

	if (smmu->on_table)
		smmu->on_table(smmu->table_ctx, table->pa, size);
}

void sim_smmuv3_on_table(struct sim_smmuv3 *smmu, sim_table_fn fn, void *ctx)
{
	smmu->on_table = fn;
	smmu->table_ctx = ctx;
}

struct sim_smmuv3 *sim_smmuv3_create(struct sim_mem *mem,
				     const struct sim_smmuv3_config *config)
{
	struct sim_smmuv3 *smmu = calloc(1, sizeof(*smmu));

	if (!smmu)
		return NULL;
	smmu->mem = mem;
	smmu->config = *config;
	set_idr(smmu);
	cfg_init(smmu);
	smmu->walker = (struct walker){
		.mem = mem,
		.owner = smmu,
		.report = walker_report,
		.reads = walker_reads,
	};
	walker_init(&smmu->walker);
	reset(smmu);
	return smmu;
}

void sim_smmuv3_destroy(struct sim_smmuv3 *smmu)
{
	if (!smmu)
		return;
	cfg_destroy(smmu);
	walker_destroy(&smmu->walker);
	free(smmu->pending);
	free(smmu->overrides);
	free(smmu);
}

void sim_smmuv3_power_cycle(struct sim_smmuv3 *smmu)
{
	cfg_clear(smmu);
	walker_clear(&smmu->walker);
	reset(smmu);
}

void sim_smmuv3_on_report(struct sim_smmuv3 *smmu, sim_report_fn fn, void *ctx)
{
	smmu->report = fn;
	smmu->report_ctx = ctx;
}

void sim_smmuv3_set_faults(struct sim_smmuv3 *smmu,
			   const struct sim_smmuv3_faults *faults)
{
	smmu->faults = *faults;
	smmu->attempted = 0;
	smmu->sync_asked = smmu->sync_stuck = false;
	if (faults->sfm)
		gerror_raise(smmu, GERROR_SFM);
}

void sim_smmuv3_get_faults(const struct sim_smmuv3 *smmu,
			   struct sim_smmuv3_faults *faults)
{
	*faults = smmu->faults;
}

void sim_smmuv3_on_fail(struct sim_smmuv3 *smmu, sim_fail_fn fn, void *ctx)
{
	smmu->fail = fn;
	smmu->fail_ctx = ctx;
}

bool sim_smmuv3_faulty(const struct sim_smmuv3 *smmu)
{
	const struct sim_smmuv3_faults *f = &smmu->faults;

	return f->dead || f->gbpa_no_stick || f->cr0_no_ack ||
	       f->cmdq_stalled || f->sync_never || f->cmd_error_at ||
	       smmu->nr_overrides;
}

void sim_smmuv3_stats(const struct sim_smmuv3 *smmu,
		      struct sim_smmuv3_stats *stats)
{
	*stats = smmu->stats;
}

void sim_smmuv3_override_reg(struct sim_smmuv3 *smmu, uint32_t offset, bool on,
			     uint32_t value)
{
	for (size_t i = 0; i < smmu->nr_overrides; i++)
		if (smmu->overrides[i].offset == offset) {
			smmu->overrides[i] =
				smmu->overrides[--smmu->nr_overrides];
			break;
		}
	if (!on)
		return;
	smmu->overrides = smmu_grow(smmu->overrides, smmu->nr_overrides + 1,
				    sizeof(*smmu->overrides));
	smmu->overrides[smmu->nr_overrides].offset = offset;
	smmu->overrides[smmu->nr_overrides++].value = value;
}
