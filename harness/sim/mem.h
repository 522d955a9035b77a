/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Simulated physical memory, as a CPU writes it and as a device sees it.
 *
 * Memory is one sparse host mapping, so that a physical address and the
 * pointer to it differ by a constant. What the CPU under test stores through
 * sim_mem_store*() is *unpublished* until a publishing barrier (and, where the
 * device does not snoop, a cache clean before it): until then a device may see
 * the old value or the new one, whichever hurts more. A barrier is one CPU's:
 * it completes what that CPU stored or cleaned, and no other's.
 */
#ifndef SIM_MEM_H
#define SIM_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim_mem;

/* What a device read returns for a location whose last store is unpublished. */
enum sim_view {
	SIM_VIEW_NEW, /* the store has reached memory */
	SIM_VIEW_OLD, /* it has not */
};

/* Reserve physical addresses [0, limit); nothing is memory yet. */
struct sim_mem *sim_mem_create(uint64_t limit);
void sim_mem_destroy(struct sim_mem *mem);

/* Make [base, base + size) memory, zeroed. 0, or -1 if outside the limit. */
int sim_mem_add(struct sim_mem *mem, uint64_t base, uint64_t size);

/*
 * The same for memory at any address that only devices access, once; it has no
 * constant offset and no CPU pointer.
 */
int sim_mem_add_far(struct sim_mem *mem, uint64_t base, uint64_t size);

/* Does [pa, pa + len) lie wholly in memory? */
bool sim_mem_has(const struct sim_mem *mem, uint64_t pa, uint64_t len);

/* CPU pointer for pa: pa + sim_mem_offset(mem) is the same number. */
void *sim_mem_ptr(const struct sim_mem *mem, uint64_t pa);
uint64_t sim_mem_offset(const struct sim_mem *mem);

/* A device that does not snoop sees a store only after clean *and* barrier. */
void sim_mem_set_coherent(struct sim_mem *mem, bool coherent);

/* CPU stores to structures hardware reads; va points into the memory. */
void sim_mem_store64(struct sim_mem *mem, void *va, uint64_t val);
void sim_mem_store32(struct sim_mem *mem, void *va, uint32_t val);
void sim_mem_clean(struct sim_mem *mem, const void *va, size_t len);
void sim_mem_publish(struct sim_mem *mem); /* the barrier (DSB) */
size_t sim_mem_unpublished(const struct sim_mem *mem);
/* Who stores, cleans and publishes from here on; anything that tells CPUs
 * apart. */
void sim_mem_set_cpu(struct sim_mem *mem, const void *cpu);

/* Device side. 0, or -1 where there is no memory (an external abort). */
int sim_mem_dev_read64(const struct sim_mem *mem, uint64_t pa,
		       enum sim_view view, uint64_t *val);
int sim_mem_dev_read32(const struct sim_mem *mem, uint64_t pa,
		       enum sim_view view, uint32_t *val);
int sim_mem_dev_read(const struct sim_mem *mem, uint64_t pa, void *buf,
		     size_t len);
int sim_mem_dev_write(struct sim_mem *mem, uint64_t pa, const void *buf,
		      size_t len);

/* An SMMU is about to read a table of translations. */
typedef void (*sim_table_fn)(void *ctx, uint64_t pa, uint64_t size);

#endif /* SIM_MEM_H */
