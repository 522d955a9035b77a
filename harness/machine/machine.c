// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The simulated machine and the port that binds the library to it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "machine.h"
#include "owners.h"

#define PAGE 4096ull

/* ------------------------------------------------------------- the port */

static uint64_t mmio_read(void *ctx, uint32_t window, uint32_t offset,
			  unsigned int width)
{
	struct machine *m = ctx;

	if (m->cpus)
		m->cpus->point(m->cpus, MACHINE_POINT_MMIO_READ, NULL, 0, NULL);
	machine_step(m, MACHINE_STEP_MMIO_READ);
	if (machine_fault_access(m, window))
		return width == 4 ? 0xffffffffull : ~0ull;
	return machine_fault_read(m, width,
				  machine_hw_read(m, window, offset, width));
}

static void mmio_write(void *ctx, uint32_t window, uint32_t offset,
		       unsigned int width, uint64_t val)
{
	struct machine *m = ctx;

	if (m->cpus)
		m->cpus->point(m->cpus, MACHINE_POINT_MMIO_WRITE, NULL, 0,
			       NULL);
	m->last_step =
		(struct incident_step){ "register write", offset, val, val };
	if (!machine_fault_access(m, window))
		machine_hw_write(m, window, offset, width, val);
	machine_step(m, MACHINE_STEP_MMIO_WRITE);
}

static uint32_t read32(void *ctx, uint32_t window, uint32_t offset)
{
	return (uint32_t)mmio_read(ctx, window, offset, 4);
}

static uint64_t read64(void *ctx, uint32_t window, uint32_t offset)
{
	return mmio_read(ctx, window, offset, 8);
}

static void write32(void *ctx, uint32_t window, uint32_t offset, uint32_t val)
{
	mmio_write(ctx, window, offset, 4, val);
}

static void write64(void *ctx, uint32_t window, uint32_t offset, uint64_t val)
{
	mmio_write(ctx, window, offset, 8, val);
}

static const struct hypiommu_mmio_ops mmio_ops = {
	.read32 = read32,
	.write32 = write32,
	.read64 = read64,
	.write64 = write64,
};

static void on_notice(void *ctx, enum hypiommu_notice what, uint32_t smmu,
		      uint64_t value)
{
	struct machine *m = ctx;

	if ((unsigned int)what < 8)
		m->stats.notices[what]++;
	if (what == HYPIOMMU_NOTICE_BROKEN ||
	    (what == HYPIOMMU_NOTICE_RESET && value))
		m->broken |= 1ull << smmu;
	else if (what == HYPIOMMU_NOTICE_RESET)
		m->broken &= ~(1ull << smmu);
}

static bool on_quiesce(void *ctx, uint32_t smmu, uint32_t sid)
{
	struct machine *m = ctx;

	(void)smmu;
	(void)sid;
	return !m->config.quiesce_refused;
}

static const struct hypiommu_sink_ops sink_ops = {
	.notice = on_notice,
	.quiesce = on_quiesce,
};

static const struct hypiommu_table_ops table_ops = {
	.alloc = machine_tables_alloc,
	.free = machine_tables_free,
};

/* ------------------------------------------------------------- creation */

static const struct sim_smmuv2_config good_smmuv2 = {
	.instances = 1,
	.nr_smrg = 16,
	.nr_cb = 8,
	.page_64k = true,
	.numpagendxb = 3,
	.ias = 48,
	.oas = 48,
	.ubs = 48,
	.sid_bits = 15,
	.stage1 = true,
	.stage2 = true,
	.coherent = true,
	.aa64_4k = true,
	.aa32_long = true,
	.boot = SIM_SMMUV2_BOOT_RANDOM,
};

void machine_defaults(struct machine_config *config)
{
	memset(config, 0, sizeof(*config));
	config->doorbell = MACHINE_DOORBELL;
	config->ram_size = 0x80000000ull;
	config->smmu = (struct sim_smmuv3_config){
		.sid_bits = 16,
		.cmdq_log2 = 8,
		.evtq_log2 = 7,
		.oas = 44,
		.stage1 = true,
		.stage2 = true,
		.two_level = true,
		.coherent = true,
		.range_inval = true,
		.asid16 = true,
		.vmid16 = true,
		.enabled_bypass = true,
	};
	for (size_t i = 0; i < MACHINE_V2_MAX; i++)
		config->smmuv2[i] = good_smmuv2;
	config->limits = (struct hypiommu_limits){
		.smmus = 1,
		.domains = 64,
		.streams = 64,
		.regions = 8,
		.frames = 8,
	};
	config->table_pages = 256;
	config->timeout_us = 10000;
	config->check = MACHINE_CHECK_STEPS;
	config->check_every = 1;
}

void machine_tegra234(struct machine_config *config)
{
	static const unsigned int frames[MACHINE_V2_MAX] = { 2, 1, 2 };

	config->kind = MACHINE_TEGRA234;
	config->doorbell = 0x03000000;
	config->limits.smmus = MACHINE_V2_MAX;
	for (size_t i = 0; i < MACHINE_V2_MAX; i++) {
		config->smmuv2[i].instances = frames[i];
		config->smmuv2[i].mmu500 = true;
		config->smmuv2[i].tegra_walk_cache = true;
	}
}

static bool failed(struct machine *m, const char *where, int err)
{
	if (!err)
		return false;
	snprintf(m->error, sizeof(m->error), "%s: %s", where,
		 hypiommu_error_name(err));
	m->h = NULL;
	return true;
}

static void *page_states(struct machine *m, unsigned int i, uint64_t size)
{
	if (!m->owners)
		m->states[i] = malloc(hypiommu_page_state_size(size));
	return m->states[i];
}

static int carve_out(struct machine *m, uint64_t base, uint64_t size)
{
	if (!m->owners)
		return hypiommu_carve_out(m->h, base, size);
	machine_owners_carve(m, base, size);
	return HYPIOMMU_OK;
}

static bool add_memory(struct machine *m)
{
	uint64_t ram = m->config.ram_size;
	uint64_t el2 = MACHINE_EL2_SIZE + MACHINE_DONOR_SIZE;
	uint64_t far = m->config.far_size;

	return failed(m, "RAM",
		      hypiommu_add_ram(m->h, MACHINE_RAM_BASE, ram,
				       page_states(m, 0, ram))) ||
	       failed(m, "EL2's RAM",
		      hypiommu_add_ram(m->h, MACHINE_EL2_BASE, el2,
				       page_states(m, 1, el2))) ||
	       (far && failed(m, "far RAM",
			      hypiommu_add_ram(m->h, m->config.far_base, far,
					       page_states(m, 3, far)))) ||
	       failed(m, "doorbell",
		      hypiommu_add_mmio(m->h, m->config.doorbell, PAGE,
					page_states(m, 2, PAGE))) ||
	       failed(m, "carve-out",
		      carve_out(m, MACHINE_EL2_BASE, MACHINE_EL2_SIZE));
}

/* Table memory the port brings comes from the end of the donor range. */
static bool add_tables(struct machine *m)
{
	uint64_t size = m->config.table_pages * PAGE;
	uint64_t base = MACHINE_DONOR_BASE + MACHINE_DONOR_SIZE - size;

	if (!size)
		return true;
	if (failed(m, "tables", hypiommu_add_tables(m->h, base, size)))
		return false;
	memset(&m->truth[(m->config.ram_size + base - MACHINE_EL2_BASE) / PAGE],
	       HYPIOMMU_HYP, size / PAGE);
	return true;
}

/* Or those of the port's own allocator, EL2's from the start. */
static bool carve_tables(struct machine *m)
{
	uint64_t base = m->config.own_tables_base;
	uint64_t size = m->config.own_tables * PAGE;

	if (!size || base >= MACHINE_EL2_BASE)
		return true;
	memset(&m->truth[(base - MACHINE_RAM_BASE) / PAGE], HYPIOMMU_HYP,
	       size / PAGE);
	return !failed(m, "tables", carve_out(m, base, size));
}

static bool add_smmu(struct machine *m)
{
	const char *where = "SMMU";

	int err = machine_hw_declare(m, &where);

	return !failed(m, where, err);
}

static bool create_library(struct machine *m)
{
	struct hypiommu_config config = {
		.limits = m->config.limits,
		.phys_to_virt = sim_mem_offset(m->mem),
		.mmio = &mmio_ops,
		.sink = &sink_ops,
		.mmio_ctx = m,
		.sink_ctx = m,
		.owner = m->owners ? &machine_owner_ops : NULL,
		.owner_ctx = m,
		.tables = m->config.own_tables ? &table_ops : NULL,
		.tables_ctx = m,
	};
	size_t size = hypiommu_size(&config.limits);

	m->instance = aligned_alloc(64, (size + 63) & ~(size_t)63);
	if (!m->instance)
		return false;
	return !failed(m, "create",
		       hypiommu_create(m->instance, size, &config, &m->h)) &&
	       !add_memory(m) && carve_tables(m) && add_tables(m) &&
	       add_smmu(m);
}

static bool create_hardware(struct machine *m)
{
	uint64_t ram = m->config.ram_size;
	uint64_t el2 = MACHINE_EL2_SIZE + MACHINE_DONOR_SIZE;
	uint64_t far = m->config.far_size;

	m->mem = sim_mem_create(MACHINE_EL2_BASE + el2);
	if (!m->mem || sim_mem_add(m->mem, MACHINE_RAM_BASE, ram) ||
	    sim_mem_add(m->mem, MACHINE_EL2_BASE, el2) ||
	    (far && sim_mem_add_far(m->mem, m->config.far_base, far)))
		return false;
	m->truth = calloc(machine_pages(m), 1); /* HYPIOMMU_HOST */
	m->stream_truth = calloc(m->config.sid_count + 1, sizeof(uint64_t));
	m->mappings = mappings_create(m->config.limits.domains,
				      m->config.sid_count, m->config.doorbell);
	if (!m->truth || !m->stream_truth)
		return false;
	memset(&m->truth[ram / PAGE], HYPIOMMU_HYP, MACHINE_EL2_SIZE / PAGE);
	return machine_hw_create(m);
}

struct machine *machine_create(const struct machine_config *config)
{
	struct machine *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	machine_current = m;
	m->locks = &m->boot_locks;
	m->config = *config;
	m->fault = config->fault;
	if ((config->own_tables && !machine_tables_init(m)) ||
	    (config->own_pages && !machine_owners_init(m))) {
		machine_destroy(m);
		return NULL;
	}
	if (!create_hardware(m)) {
		machine_destroy(m);
		return NULL;
	}
	if (!create_library(m))
		return m;
	if (!config->no_judge)
		m->judge = judge_create(m);
	if (!config->stay_trusted)
		failed(m, "finalise", machine_finalise(m));
	return m;
}

int machine_add_tables(struct machine *m, uint64_t base, uint64_t size)
{
	int err = hypiommu_add_tables(m->h, base, size);

	if (err)
		return err;
	machine_set_truth(m, base, size, HYPIOMMU_HYP);
	judge_add_tables(m->judge, base, size);
	return err;
}

int machine_finalise(struct machine *m)
{
	int err;

	machine_current = m;
	err = hypiommu_finalise(m->h);
	if (err)
		return err;
	m->armed = true;
	machine_light(m);
	m->base_tables = machine_tables_used(m);
	judge_finalised(m->judge);
	return err;
}

void machine_destroy(struct machine *m)
{
	if (!m)
		return;
	judge_destroy(m->judge);
	incident_fini(m);
	machine_hw_destroy(m);
	machine_tables_fini(m);
	if (m->mem)
		sim_mem_destroy(m->mem);
	for (size_t i = 0; i < sizeof(m->states) / sizeof(m->states[0]); i++)
		free(m->states[i]);
	free(m->truth);
	free(m->owners);
	free(m->blocked);
	free(m->stream_truth);
	mappings_destroy(m->mappings);
	machine_light(m);
	free(m->instance);
	if (machine_current == m)
		machine_current = NULL;
	free(m);
}
