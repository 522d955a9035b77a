/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Life cycle and registers of the classic Tegra SMMU. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tegra_smmu_internal.h"

void ts_report(const struct sim_tegra_smmu *smmu, const char *fmt, ...)
{
	char text[160];
	va_list ap;

	if (!smmu->report)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	smmu->report(smmu->report_ctx, text);
}

static int by_id(const void *a, const void *b)
{
	const struct sim_tegra_smmu_client *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

static bool offset_ok(uint32_t offset)
{
	return offset % 4 == 0 && offset < SIM_TEGRA_SMMU_SIZE;
}

static bool clients_ok(const struct sim_tegra_smmu *smmu)
{
	for (size_t i = 0; i < smmu->config.nr_clients; i++) {
		const struct sim_tegra_smmu_client *c = &smmu->clients[i];

		if ((i && c[-1].id == c->id) || !offset_ok(c->swgroup_reg) ||
		    !c->swgroup_reg || !offset_ok(c->enable_reg) ||
		    c->enable_bit > 31)
			return false;
	}
	return true;
}

static bool config_ok(const struct sim_tegra_smmu_config *c)
{
	return c->nr_clients && (c->nr_asids == 4 || c->nr_asids == 128) &&
	       (c->ptc_line == 16 || c->ptc_line == 32 || c->ptc_line == 64) &&
	       (c->address_bits == 32 || c->address_bits == 34);
}

struct sim_tegra_smmu *
sim_tegra_smmu_create(const struct sim_tegra_smmu_config *config)
{
	struct sim_tegra_smmu *smmu;
	size_t bytes = config->nr_clients * sizeof(*smmu->clients);

	if (!config_ok(config))
		return NULL;
	smmu = calloc(1, sizeof(*smmu));
	if (!smmu)
		return NULL;
	smmu->config = *config;
	smmu->clients =
		sim2_grow(NULL, config->nr_clients, sizeof(*smmu->clients));
	memcpy(smmu->clients, config->clients, bytes);
	smmu->config.clients = NULL;
	qsort(smmu->clients, config->nr_clients, sizeof(*smmu->clients), by_id);
	tlb_init(&smmu->ptc);
	tlb_init(&smmu->tlb);
	if (!clients_ok(smmu)) {
		sim_tegra_smmu_destroy(smmu);
		return NULL;
	}
	sim_tegra_smmu_power_cycle(smmu);
	return smmu;
}

void sim_tegra_smmu_destroy(struct sim_tegra_smmu *smmu)
{
	if (!smmu)
		return;
	tlb_destroy(&smmu->ptc);
	tlb_destroy(&smmu->tlb);
	sim2_pages_destroy(&smmu->freed);
	free(smmu->clients);
	free(smmu->pending);
	free(smmu);
}

void sim_tegra_smmu_on_report(struct sim_tegra_smmu *smmu, sim2_report_fn fn,
			      void *ctx)
{
	smmu->report = fn;
	smmu->report_ctx = ctx;
}

void sim_tegra_smmu_set_faults(struct sim_tegra_smmu *smmu,
			       const struct sim2_mmio_faults *faults)
{
	smmu->faults = *faults;
}

bool sim_tegra_smmu_faulty(const struct sim_tegra_smmu *smmu)
{
	return sim2_mmio_faulty(&smmu->faults);
}

void sim_tegra_smmu_stats(const struct sim_tegra_smmu *smmu,
			  struct sim_tegra_smmu_stats *stats)
{
	*stats = smmu->stats;
}

void sim_tegra_smmu_power_cycle(struct sim_tegra_smmu *smmu)
{
	memset(smmu->reg, 0, sizeof(smmu->reg));
	memset(smmu->ptb, 0, sizeof(smmu->ptb));
	tlb_clear(&smmu->ptc);
	tlb_clear(&smmu->tlb);
	smmu->nr_pending = 0;
	if (!smmu->config.clients_enabled)
		return;
	for (size_t i = 0; i < smmu->config.nr_clients; i++) {
		const struct sim_tegra_smmu_client *c = &smmu->clients[i];

		if (c->enable_reg)
			smmu->reg[c->enable_reg / 4] |= 1u << c->enable_bit;
	}
}

void sim_tegra_smmu_on_table(struct sim_tegra_smmu *smmu, sim_table_fn fn,
			     void *ctx)
{
	smmu->on_table = fn;
	smmu->table_ctx = ctx;
}

void sim_tegra_smmu_table_freed(struct sim_tegra_smmu *smmu, uint64_t pa,
				uint64_t size)
{
	sim2_pages_add(&smmu->freed, pa, size);
}

void sim_tegra_smmu_table_taken(struct sim_tegra_smmu *smmu, uint64_t pa,
				uint64_t size)
{
	sim2_pages_remove(&smmu->freed, pa, size);
}

bool sim_tegra_smmu_irq(const struct sim_tegra_smmu *smmu)
{
	return smmu->reg[TS_INTSTATUS / 4] & smmu->reg[TS_INTMASK / 4];
}

/* ---- registers -------------------------------------------------------- */

/* A register of a client: bits that exist in it, 0: no such register. */
static uint32_t client_register(const struct sim_tegra_smmu *smmu,
				uint32_t offset)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < smmu->config.nr_clients; i++) {
		const struct sim_tegra_smmu_client *c = &smmu->clients[i];

		if (c->swgroup_reg == offset)
			return TS_SWGROUP_ENABLE | TS_ASID_MASK;
		if (c->enable_reg == offset)
			bits |= 1u << c->enable_bit;
	}
	return bits;
}

static bool access_ok(const struct sim_tegra_smmu *smmu, uint32_t offset,
		      unsigned int width)
{
	if (width == 4 && offset_ok(offset))
		return true;
	ts_report(smmu, "MC access of %u bytes at %#x", width, offset);
	return false;
}

static uint32_t read_register(const struct sim_tegra_smmu *smmu,
			      uint32_t offset)
{
	switch (offset) {
	case TS_PTB_DATA:
		return smmu->ptb[smmu->reg[TS_PTB_ASID / 4]];
	case TS_TLB_FLUSH:
	case TS_PTC_FLUSH:
		return 0;
	default:
		return smmu->reg[offset / 4];
	}
}

uint32_t sim_tegra_smmu_read(struct sim_tegra_smmu *smmu, uint32_t offset,
			     unsigned int width)
{
	smmu->stats.mmio_reads++;
	if (smmu->faults.dead)
		return UINT32_MAX;
	if (!access_ok(smmu, offset, width))
		return 0;
	ts_complete(smmu);
	return read_register(smmu, offset);
}

static void ptb_asid_write(struct sim_tegra_smmu *smmu, uint32_t value)
{
	if (value >= smmu->config.nr_asids) {
		ts_report(smmu, "PTB_ASID %u does not exist", value);
		value &= smmu->config.nr_asids - 1;
	}
	smmu->reg[TS_PTB_ASID / 4] = value;
}

static void client_write(struct sim_tegra_smmu *smmu, uint32_t offset,
			 uint32_t value)
{
	uint32_t bits = client_register(smmu, offset);

	if (!bits)
		ts_report(smmu, "write to MC + %#x", offset);
	smmu->reg[offset / 4] = value & bits;
}

static void write_register(struct sim_tegra_smmu *smmu, uint32_t offset,
			   uint32_t value)
{
	switch (offset) {
	case TS_INTSTATUS: /* write one to clear */
		smmu->reg[offset / 4] &= ~value;
		break;
	case TS_ERR_STATUS:
	case TS_ERR_ADR:
		break; /* read-only */
	case TS_CONFIG:
	case TS_INTMASK:
	case TS_TLB_CONFIG:
	case TS_PTC_CONFIG:
	case TS_PTC_FLUSH_HI:
		smmu->reg[offset / 4] = value;
		break;
	case TS_PTB_ASID:
		ptb_asid_write(smmu, value);
		break;
	case TS_PTB_DATA:
		smmu->ptb[smmu->reg[TS_PTB_ASID / 4]] = value;
		break;
	case TS_TLB_FLUSH:
		ts_tlb_flush(smmu, value);
		break;
	case TS_PTC_FLUSH:
		ts_ptc_flush(smmu, value);
		break;
	default:
		client_write(smmu, offset, value);
	}
}

void sim_tegra_smmu_write(struct sim_tegra_smmu *smmu, uint32_t offset,
			  unsigned int width, uint32_t value)
{
	const struct sim2_mmio_faults *f = &smmu->faults;

	smmu->stats.mmio_writes++;
	if (f->dead || f->ignore_writes ||
	    (f->ignore_one && f->ignore_offset == offset))
		return;
	if (access_ok(smmu, offset, width))
		write_register(smmu, offset, value);
}
