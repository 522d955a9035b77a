/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * An SMMUv3 that several threads talk to. It has a lock of its own, which
 * ThreadSanitizer does not get to see: what the library does between two
 * accesses to registers must be in order by the library's locks alone.
 */
#ifndef HARDWARE_H
#define HARDWARE_H

#include "hypiommu/hypiommu.h"
#include "smmuv3.h"

#define RAM_BASE  0x40000000ull
#define RAM_SIZE  0x800000ull
#define SMMU_BASE 0x09050000ull
#define SMMU_SIZE 0x20000ull

struct hardware;

/* NULL: out of memory. */
struct hardware *hardware_create(void);
void hardware_destroy(struct hardware *hw);
uint64_t hardware_phys_to_virt(const struct hardware *hw);
extern const struct hypiommu_mmio_ops hardware_mmio; /* ctx: the hardware */

/* Where a write of the stream lands; false: it aborts. */
bool hardware_reaches(struct hardware *hw, uint32_t sid, uint64_t iova,
		      uint64_t *pa);
/* Can any device reach the page, however? */
bool hardware_any_reaches(struct hardware *hw, uint64_t page);
/* What the architecture forbids and was done; NULL: nothing. */
const char *hardware_objects(struct hardware *hw);

#endif /* HARDWARE_H */
