/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What the library asks of its environment at compile time: the few operations
 * too hot for a vtable. HYPIOMMU_ENV_HEADER names the header that defines them,
 * as libfdt does with libfdt_env.h. All are inline functions or macros:
 *
 *   uint64_t hypiommu_env_load64(const uint64_t *p)
 *   uint32_t hypiommu_env_load32(const uint32_t *p)
 *   void hypiommu_env_store64(uint64_t *p, uint64_t v)
 *   void hypiommu_env_store32(uint32_t *p, uint32_t v)
 *	Single-copy atomic accesses to memory that hardware or another CPU may
 *	access at the same time; the compiler may neither split, merge nor drop
 *	them.
 *   void hypiommu_env_publish(void)
 *	Completes all earlier stores and cleans of this CPU before its later
 *	stores (DSB OSH). Neither OSHST nor another CPU's barrier waits for a
 *	clean (DDI 0487 D7.5.9): the library calls it before it lets go of the
 *	lock under which it stored. DMB OSHST will do where all walkers snoop.
 *   void hypiommu_env_before_doorbell(void)
 *	Completes all earlier loads, stores and cleans before the next MMIO
 *	write (DSB OSH).
 *   void hypiommu_env_after_sync(void)
 *	Orders an MMIO or memory read that saw completion before everything
 *	after it, cleans included (DMB OSH).
 *   void hypiommu_env_clean(const void *p, size_t len)
 *	Cleans and invalidates the range to the point of coherency (DC CIVAC),
 *	for devices that do not snoop. Completed by publish / before_doorbell;
 *	a later load of the same line comes after it.
 *   hypiommu_env_lock_t; void hypiommu_env_lock_init(hypiommu_env_lock_t *),
 *   void hypiommu_env_lock(...), void hypiommu_env_unlock(...)
 *	A spin lock that fits in 8 bytes, with acquire and release semantics.
 *   uint64_t hypiommu_env_time_us(void)
 *	A monotonic clock in microseconds; it may stand still, waits are bounded
 *	by a count as well.
 *   void hypiommu_env_relax(void)
 *	A hint inside polling loops.
 *   uint64_t hypiommu_env_nospec(uint64_t index, uint64_t size)
 *	index if index < size, else 0, also under speculation (CSDB).
 *   void hypiommu_env_bug(const char *what)
 *	Never returns. Reached only in states that no input can produce.
 */
#ifndef HYPIOMMU_ENV_H
#define HYPIOMMU_ENV_H

#include "hypiommu/types.h"

#ifndef HYPIOMMU_ENV_HEADER
#error "HYPIOMMU_ENV_HEADER must name the environment's header"
#endif
#include HYPIOMMU_ENV_HEADER

_Static_assert(sizeof(hypiommu_env_lock_t) <= 8, "the lock must fit 8 bytes");

#endif /* HYPIOMMU_ENV_H */
