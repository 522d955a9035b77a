/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Life cycle of the SMMUv2, and which register an offset is. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smmuv2_internal.h"

void v2_report(const struct v2_inst *in, const char *fmt, ...)
{
	const struct sim_smmuv2 *smmu = in->smmu;
	char text[256];
	va_list ap;
	int n;

	if (!smmu->report)
		return;
	n = snprintf(text, sizeof(text), "smmuv2[%u]: ", in->nr);
	va_start(ap, fmt);
	vsnprintf(text + n, sizeof(text) - (size_t)n, fmt, ap);
	va_end(ap);
	smmu->report(smmu->report_ctx, text);
}

static bool config_ok(const struct sim_smmuv2_config *c)
{
	return c->instances >= 1 && c->instances <= SIM_SMMUV2_MAX_INSTANCES &&
	       c->nr_smrg <= 127 + (c->indexing ? 1u : 0u) && c->nr_cb >= 1 &&
	       c->nr_cb <= V2_MAX && c->nr_s2cb <= c->nr_cb &&
	       c->sid_bits >= 1 && c->sid_bits <= 15 && c->numpagendxb <= 7 &&
	       c->nr_cb <= 2u << c->numpagendxb && !(c->nested && !c->stage2);
}

static void walker_report(const void *owner, const char *what)
{
	v2_report(owner, "%s", what);
}

static void check_freed(const void *owner, const struct vmsa_table *table,
			uint64_t size)
{
	const struct v2_inst *in = owner;

	if (in->smmu->on_table)
		in->smmu->on_table(in->smmu->table_ctx, table->pa, size);
	if (sim2_pages_overlap(&in->smmu->freed, table->pa, size))
		v2_report(in, "it walks a freed table at %#llx",
			  (unsigned long long)table->pa);
}

struct sim_smmuv2 *sim_smmuv2_create(struct sim_mem *mem,
				     const struct sim_smmuv2_config *config)
{
	struct sim_smmuv2 *smmu;

	if (!config_ok(config))
		return NULL;
	smmu = calloc(1, sizeof(*smmu));
	if (!smmu)
		return NULL;
	smmu->mem = mem;
	smmu->config = *config;
	if (!smmu->config.interleave_shift)
		smmu->config.interleave_shift = 12;
	v2_id_init(smmu);
	for (unsigned int i = 0; i < config->instances; i++) {
		struct v2_inst *in = &smmu->inst[i];

		in->smmu = smmu;
		in->nr = i;
		in->walker = (struct walker){
			.mem = mem,
			.owner = in,
			.report = walker_report,
			.reads = check_freed,
		};
		walker_init(&in->walker);
		v2_boot(in);
	}
	return smmu;
}

void sim_smmuv2_destroy(struct sim_smmuv2 *smmu)
{
	if (!smmu)
		return;
	for (unsigned int i = 0; i < smmu->config.instances; i++) {
		walker_destroy(&smmu->inst[i].walker);
		free(smmu->inst[i].pending);
		free(smmu->inst[i].late);
		free(smmu->inst[i].overrides);
	}
	sim2_pages_destroy(&smmu->freed);
	free(smmu);
}

void sim_smmuv2_on_report(struct sim_smmuv2 *smmu, sim2_report_fn fn, void *ctx)
{
	smmu->report = fn;
	smmu->report_ctx = ctx;
}

void sim_smmuv2_set_faults(struct sim_smmuv2 *smmu, unsigned int instance,
			   const struct sim_smmuv2_faults *faults)
{
	struct v2_inst *in = &smmu->inst[instance];

	in->faults = *faults;
	in->gsync.stuck = false;
	for (uint32_t i = 0; i < V2_MAX; i++)
		in->bank[i].sync.stuck = false;
}

void sim_smmuv2_get_faults(const struct sim_smmuv2 *smmu, unsigned int instance,
			   struct sim_smmuv2_faults *faults)
{
	*faults = smmu->inst[instance].faults;
}

void sim_smmuv2_on_sync(struct sim_smmuv2 *smmu, sim2_fail_fn fn, void *ctx)
{
	smmu->fail = fn;
	smmu->fail_ctx = ctx;
}

bool sim_smmuv2_faulty(const struct sim_smmuv2 *smmu)
{
	for (unsigned int i = 0; i < smmu->config.instances; i++) {
		const struct v2_inst *in = &smmu->inst[i];

		if (sim2_mmio_faulty(&in->faults.mmio) ||
		    in->faults.gsync_never || in->faults.sync_never ||
		    in->nr_overrides)
			return true;
	}
	return false;
}

void sim_smmuv2_stats(const struct sim_smmuv2 *smmu, unsigned int instance,
		      struct sim_smmuv2_stats *stats)
{
	*stats = smmu->inst[instance].stats;
}

void sim_smmuv2_power_cycle(struct sim_smmuv2 *smmu)
{
	for (unsigned int i = 0; i < smmu->config.instances; i++) {
		struct v2_inst *in = &smmu->inst[i];

		walker_clear(&in->walker);
		in->nr_pending = 0;
		in->nr_late = 0;
		v2_boot(in);
	}
}

void sim_smmuv2_override_reg(struct sim_smmuv2 *smmu, unsigned int instance,
			     uint32_t offset, bool on, uint32_t value)
{
	struct v2_inst *in = &smmu->inst[instance];

	for (size_t i = 0; i < in->nr_overrides; i++) {
		if (in->overrides[i].offset != offset)
			continue;
		in->overrides[i] = in->overrides[--in->nr_overrides];
		break;
	}
	if (!on)
		return;
	in->overrides = sim2_grow(in->overrides, in->nr_overrides + 1,
				  sizeof(*in->overrides));
	in->overrides[in->nr_overrides++] =
		(struct v2_override){ offset, value };
}

void sim_smmuv2_on_table(struct sim_smmuv2 *smmu, sim_table_fn fn, void *ctx)
{
	smmu->on_table = fn;
	smmu->table_ctx = ctx;
}

void sim_smmuv2_table_freed(struct sim_smmuv2 *smmu, uint64_t pa, uint64_t size)
{
	sim2_pages_add(&smmu->freed, pa, size);
}

void sim_smmuv2_table_taken(struct sim_smmuv2 *smmu, uint64_t pa, uint64_t size)
{
	sim2_pages_remove(&smmu->freed, pa, size);
}

/* The frame is 2 * NUMPAGE pages: global space, then context banks (2.2). */
static uint32_t page_size(const struct sim_smmuv2 *smmu)
{
	return smmu->config.page_64k ? 0x10000u : 0x1000u;
}

uint64_t sim_smmuv2_frame_size(const struct sim_smmuv2 *smmu)
{
	return (uint64_t)page_size(smmu) * (4u << smmu->config.numpagendxb);
}

enum space {
	SPACE_NONE,
	SPACE_GR0,
	SPACE_GR1,
	SPACE_CB,
};

struct where {
	enum space space;
	uint32_t bank, offset;
};

static struct where locate(const struct v2_inst *in, uint32_t offset)
{
	uint32_t size = page_size(in->smmu), page = offset / size;
	uint32_t numpage = 2u << in->smmu->config.numpagendxb;
	struct where w = { SPACE_NONE, 0, offset % size };

	if (w.offset >= 0x1000)
		return w;
	if (page == 0)
		w.space = SPACE_GR0;
	else if (page == 1)
		w.space = SPACE_GR1;
	else if (page >= numpage && page - numpage < in->smmu->config.nr_cb)
		w.space = SPACE_CB;
	w.bank = w.space == SPACE_CB ? page - numpage : 0;
	return w;
}

/* Registers of 64 bits; all others take accesses of 32 bits only (2.1). */
static bool is_64bit(const struct where *w)
{
	if (w->space == SPACE_GR0)
		return w->offset == GR0_GFAR;
	if (w->space != SPACE_CB)
		return false;
	return w->offset == CB_TTBR0 || w->offset == CB_TTBR1 ||
	       w->offset == CB_FAR || w->offset == CB_IPAFAR ||
	       (w->offset >= CB_TLBIVA && w->offset <= CB_TLBIIPAS2L &&
		w->offset % 8 == 0);
}

static bool access_ok(const struct v2_inst *in, const struct where *w,
		      uint32_t offset, unsigned int width)
{
	if (offset >= sim_smmuv2_frame_size(in->smmu)) {
		v2_report(in, "access outside the frame at %#x", offset);
		return false;
	}
	if (w->space == SPACE_NONE) {
		v2_report(in, "access to a reserved page at %#x", offset);
		return false;
	}
	if ((width == 4 && offset % 4 == 0) ||
	    (width == 8 && offset % 8 == 0 && is_64bit(w)))
		return true;
	v2_report(in, "access of %u bytes at %#x", width, offset);
	return false;
}

static uint32_t read32(struct v2_inst *in, const struct where *w)
{
	switch (w->space) {
	case SPACE_GR0:
		for (size_t i = 0; i < in->nr_overrides; i++)
			if (in->overrides[i].offset == w->offset)
				return in->overrides[i].value;
		return v2_gr0_read(in, w->offset);
	case SPACE_GR1:
		return v2_gr1_read(in, w->offset);
	case SPACE_CB:
		return v2_bank_read(in, w->bank, w->offset);
	default:
		return 0;
	}
}

uint64_t sim_smmuv2_read(struct sim_smmuv2 *smmu, unsigned int instance,
			 uint32_t offset, unsigned int width)
{
	struct v2_inst *in = &smmu->inst[instance];
	struct where w = locate(in, offset);
	uint64_t value;

	in->stats.mmio_reads++;
	if (in->faults.mmio.dead)
		return width == 8 ? UINT64_MAX : UINT32_MAX;
	if (!access_ok(in, &w, offset, width))
		return 0;
	value = read32(in, &w);
	if (width == 8) {
		w.offset += 4;
		value |= (uint64_t)read32(in, &w) << 32;
	}
	return value;
}

void sim_smmuv2_write(struct sim_smmuv2 *smmu, unsigned int instance,
		      uint32_t offset, unsigned int width, uint64_t value)
{
	struct v2_inst *in = &smmu->inst[instance];
	const struct sim2_mmio_faults *f = &in->faults.mmio;
	struct where w = locate(in, offset);

	in->stats.mmio_writes++;
	if (f->dead || f->ignore_writes ||
	    (f->ignore_one && f->ignore_offset == offset))
		return;
	if (!access_ok(in, &w, offset, width))
		return;
	if (w.space == SPACE_CB) {
		v2_bank_write(in, w.bank, w.offset, width, value);
	} else if (w.space == SPACE_GR1) {
		v2_gr1_write(in, w.offset, (uint32_t)value);
	} else {
		v2_gr0_write(in, w.offset, (uint32_t)value);
		if (width == 8)
			v2_gr0_write(in, w.offset + 4, (uint32_t)(value >> 32));
	}
	v2_update_live(in, true);
}

bool sim_smmuv2_irq_global(const struct sim_smmuv2 *smmu)
{
	for (unsigned int i = 0; i < smmu->config.instances; i++) {
		const uint32_t *gr0 = smmu->inst[i].gr0;

		if (gr0[GR0_GFSR / 4] && (gr0[GR0_CR0 / 4] & CR0_GFIE))
			return true;
	}
	return false;
}

bool sim_smmuv2_irq_context(const struct sim_smmuv2 *smmu, unsigned int bank)
{
	for (unsigned int i = 0; i < smmu->config.instances; i++) {
		const struct v2_inst *in = &smmu->inst[i];

		if ((v2_cb(in, bank, CB_FSR) & FSR_FAULT) &&
		    (v2_cb(in, bank, CB_SCTLR) & SCTLR_CFIE))
			return true;
	}
	return false;
}
