// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "hardware.h"

struct hardware {
	struct sim_mem *mem;
	struct sim_smmuv3 *smmu;
	pthread_mutex_t lock;
	char objection[200];
};

/* ThreadSanitizer's, where it is there. */
void __tsan_ignore_thread_begin(void) __attribute__((weak));
void __tsan_ignore_thread_end(void) __attribute__((weak));
void AnnotateIgnoreSyncBegin(const char *file, int line) __attribute__((weak));
void AnnotateIgnoreSyncEnd(const char *file, int line) __attribute__((weak));

static void enter(struct hardware *hw)
{
	if (__tsan_ignore_thread_begin) {
		__tsan_ignore_thread_begin();
		AnnotateIgnoreSyncBegin(__FILE__, __LINE__);
	}
	pthread_mutex_lock(&hw->lock);
}

static void leave(struct hardware *hw)
{
	pthread_mutex_unlock(&hw->lock);
	if (__tsan_ignore_thread_begin) {
		AnnotateIgnoreSyncEnd(__FILE__, __LINE__);
		__tsan_ignore_thread_end();
	}
}

/* ------------------------------------------------------------- registers */

static uint64_t read_any(void *ctx, uint32_t offset, unsigned int width)
{
	struct hardware *hw = ctx;
	uint64_t value;

	enter(hw);
	value = sim_smmuv3_read(hw->smmu, offset, width);
	leave(hw);
	return value;
}

static void write_any(void *ctx, uint32_t offset, unsigned int width,
		      uint64_t value)
{
	struct hardware *hw = ctx;

	enter(hw);
	sim_smmuv3_write(hw->smmu, offset, width, value);
	leave(hw);
}

static uint32_t read32(void *ctx, uint32_t window, uint32_t offset)
{
	(void)window;
	return (uint32_t)read_any(ctx, offset, 4);
}

static uint64_t read64(void *ctx, uint32_t window, uint32_t offset)
{
	(void)window;
	return read_any(ctx, offset, 8);
}

static void write32(void *ctx, uint32_t window, uint32_t offset, uint32_t val)
{
	(void)window;
	write_any(ctx, offset, 4, val);
}

static void write64(void *ctx, uint32_t window, uint32_t offset, uint64_t val)
{
	(void)window;
	write_any(ctx, offset, 8, val);
}

const struct hypiommu_mmio_ops hardware_mmio = { read32, write32, read64,
						 write64 };

/* --------------------------------------------------------------- devices */

bool hardware_reaches(struct hardware *hw, uint32_t sid, uint64_t iova,
		      uint64_t *pa)
{
	enum sim_dma_result result;

	enter(hw);
	result = sim_smmuv3_translate(hw->smmu, sid, iova, true, pa);
	leave(hw);
	return result == SIM_DMA_OK;
}

struct search {
	uint64_t page;
	bool found;
};

static void compare(void *ctx, const struct sim_reach *r)
{
	struct search *s = ctx;

	s->found |= r->bypass || s->page - r->pa < r->size;
}

bool hardware_any_reaches(struct hardware *hw, uint64_t page)
{
	struct search s = { page, false };

	enter(hw);
	sim_smmuv3_speculate(hw->smmu);
	sim_smmuv3_for_each_reach(hw->smmu, compare, &s);
	leave(hw);
	return s.found;
}

static void on_report(void *ctx, const char *what)
{
	struct hardware *hw = ctx;

	if (!hw->objection[0])
		snprintf(hw->objection, sizeof(hw->objection), "%s", what);
}

const char *hardware_objects(struct hardware *hw)
{
	return hw->objection[0] ? hw->objection : NULL;
}

/* ------------------------------------------------------------------ life */

uint64_t hardware_phys_to_virt(const struct hardware *hw)
{
	return sim_mem_offset(hw->mem);
}

void hardware_destroy(struct hardware *hw)
{
	if (!hw)
		return;
	if (hw->smmu)
		sim_smmuv3_destroy(hw->smmu);
	if (hw->mem)
		sim_mem_destroy(hw->mem);
	pthread_mutex_destroy(&hw->lock);
	free(hw);
}

struct hardware *hardware_create(void)
{
	const struct sim_smmuv3_config config = {
		.sid_bits = 4,
		.cmdq_log2 = 4,
		.evtq_log2 = 4,
		.oas = 40,
		.stage1 = true,
		.stage2 = true,
		.coherent = true,
		.range_inval = true,
		.asid16 = true,
		.vmid16 = true,
		.enabled_bypass = true,
	};
	struct hardware *hw = calloc(1, sizeof(*hw));

	if (!hw)
		return NULL;
	pthread_mutex_init(&hw->lock, NULL);
	hw->mem = sim_mem_create(RAM_BASE + RAM_SIZE);
	if (!hw->mem || sim_mem_add(hw->mem, RAM_BASE, RAM_SIZE)) {
		hardware_destroy(hw);
		return NULL;
	}
	hw->smmu = sim_smmuv3_create(hw->mem, &config);
	if (!hw->smmu) {
		hardware_destroy(hw);
		return NULL;
	}
	sim_smmuv3_on_report(hw->smmu, on_report, hw);
	return hw;
}
