// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tables.h"
#include "hypiommu/smmuv3.h"
#include "rig.h"

#define FRAMES	   0x10000000ull
#define FRAME_SIZE 0x20000ull

static _Noreturn void die(const char *what, long long detail)
{
	fprintf(stderr, "hypiommu-bench: %s: %lld\n", what, detail);
	exit(1);
}

static void check(const char *what, int err)
{
	if (err)
		die(what, err);
}

static void *memory(uint64_t size)
{
	/* 2 MiB aligned, so that every table block fits the pool. */
	uint8_t *p = mmap(NULL, size + (2u << 20), PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		die("no memory", (long long)size);
	return p + (-(uintptr_t)p & ((2u << 20) - 1));
}

static void add_memory(struct rig *r)
{
	uint64_t tables = (uintptr_t)memory(r->config.tables);
	uint64_t size = r->config.ram / r->config.regions;

	check("add_ram", hypiommu_add_ram(r->h, tables, r->config.tables,
					  memory(hypiommu_page_state_size(
						  r->config.tables))));
	check("add_tables",
	      hypiommu_add_tables(r->h, tables, r->config.tables));
	for (uint32_t i = 0; i < r->config.regions; i++) {
		void *states = memory(hypiommu_page_state_size(size));

		check("add_ram",
		      hypiommu_add_ram(r->h, RIG_RAM + i * size, size, states));
	}
}

static void add_smmus(struct rig *r)
{
	uint32_t number;

	for (uint32_t i = 0; i < r->config.smmus; i++) {
		struct hypiommu_smmuv3_config c = {
			.window = i,
			.base = FRAMES + i * FRAME_SIZE,
			.size = FRAME_SIZE,
		};

		r->smmus[i].range_invalidation = r->config.range_invalidation;
		r->smmus[i].look = r->config.look;
		check("smmuv3_add", hypiommu_smmuv3_add(r->h, &c, &number));
	}
	for (uint32_t smmu = 0; smmu < r->config.smmus; smmu++) {
		uint32_t n = r->config.domains + r->config.spare_streams;

		for (uint32_t sid = smmu; sid < n; sid += r->config.smmus)
			check("add_stream", hypiommu_add_stream(r->h, smmu, sid,
								HYPIOMMU_HOST));
	}
}

static void add_domains(struct rig *r)
{
	struct hypiommu_regs regs;

	for (uint32_t i = 0; i < r->config.domains; i++) {
		uint32_t smmu = i % r->config.smmus;

		check("domain_alloc",
		      rig_call(r, &regs, HYPIOMMU_HC_DOMAIN_ALLOC, smmu, 1, 0,
			       0, 0));
		if (regs.x[1] != i)
			die("domains are not numbered in order", i);
		check("attach_dev", rig_call(r, &regs, HYPIOMMU_HC_ATTACH_DEV,
					     smmu, i, i, 0, 0));
	}
}

struct rig *rig_new(const struct rig_config *config)
{
	struct rig *r = tables_object(sizeof(*r));
	struct hypiommu_config c = { .mmio = &null_smmu_ops };
	size_t size;

	if (!r)
		die("no memory", 0);
	r->config = *config;
	r->smmus = memory(config->smmus * sizeof(*r->smmus));
	c.mmio_ctx = r->smmus;
	c.limits = (struct hypiommu_limits){
		.smmus = config->smmus,
		.domains = config->domains + config->spare_domains,
		.streams = config->domains + config->spare_streams,
		.regions = 1 + config->regions,
		.frames = config->smmus,
	};
	size = hypiommu_size(&c.limits);
	check("create", hypiommu_create(memory(size), size, &c, &r->h));
	add_memory(r);
	add_smmus(r);
	check("finalise", hypiommu_finalise(r->h));
	add_domains(r);
	return r;
}

int rig_call(struct rig *r, struct hypiommu_regs *regs, uint64_t fn, uint64_t a,
	     uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
	*regs = (struct hypiommu_regs){ .x = { fn, a, b, c, d, e } };
	hypiommu_hcall(r->h, HYPIOMMU_HOST, regs);
	return (int)(int64_t)regs->x[0];
}

void rig_map(struct rig *r, uint64_t domain, uint64_t iova, uint64_t pa,
	     uint64_t size)
{
	struct hypiommu_regs regs;
	int err = rig_call(r, &regs, HYPIOMMU_HC_MAP_PAGES, domain, iova, pa,
			   size, RIG_PROT);

	if (err || regs.x[1] != size)
		die("map_pages", err);
}

void rig_unmap(struct rig *r, uint64_t domain, uint64_t iova, uint64_t size)
{
	struct hypiommu_regs regs;
	int err = rig_call(r, &regs, HYPIOMMU_HC_UNMAP_PAGES, domain, iova,
			   size, 0, 0);

	if (err || regs.x[1] != size)
		die("unmap_pages", err);
}
