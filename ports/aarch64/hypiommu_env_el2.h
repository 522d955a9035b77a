/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The library's environment at AArch64 EL2 (contract: libhypiommu/env.h).
 * Barriers act on the outer shareable domain, where SMMUs sit (DDI 0487 B2.3).
 */
#ifndef HYPIOMMU_ENV_EL2_H
#define HYPIOMMU_ENV_EL2_H

#include "hypiommu/types.h"

typedef __UINTPTR_TYPE__ uintptr_t;

/* A ticket lock: next in the upper half, owner in the lower. */
typedef struct {
	uint32_t ticket;
} hypiommu_env_lock_t;

/* asm volatile: neither split, merged nor dropped, whatever the compiler. */
static inline uint64_t hypiommu_env_load64(const uint64_t *p)
{
	uint64_t v;

	__asm__ volatile("ldr %0, %1" : "=r"(v) : "Q"(*p));
	return v;
}

static inline uint32_t hypiommu_env_load32(const uint32_t *p)
{
	uint32_t v;

	__asm__ volatile("ldr %w0, %1" : "=r"(v) : "Q"(*p));
	return v;
}

static inline void hypiommu_env_store64(uint64_t *p, uint64_t v)
{
	__asm__ volatile("str %x1, %0" : "=Q"(*p) : "rZ"(v));
}

static inline void hypiommu_env_store32(uint32_t *p, uint32_t v)
{
	__asm__ volatile("str %w1, %0" : "=Q"(*p) : "rZ"(v));
}

/* Of loads as well as stores: only that waits for a DC (D7.5.9). */
static inline void hypiommu_env_publish(void)
{
	__asm__ volatile("dsb osh" ::: "memory");
}

static inline void hypiommu_env_before_doorbell(void)
{
	__asm__ volatile("dsb osh" ::: "memory");
}

static inline void hypiommu_env_after_sync(void)
{
	__asm__ volatile("dmb osh" ::: "memory");
}

static inline void hypiommu_env_clean(const void *p, size_t len)
{
	uint64_t ctr, line, at = (uint64_t)(uintptr_t)p, end = at + len;

	/* CTR_EL0.DminLine: log2 of the words in the smallest line. */
	__asm__ volatile("mrs %0, ctr_el0" : "=r"(ctr));
	line = 4ull << (ctr >> 16 & 15);
	for (at &= ~(line - 1); at < end; at += line)
		__asm__ volatile("dc civac, %0" ::"r"(at) : "memory");
}

static inline void hypiommu_env_lock_init(hypiommu_env_lock_t *lock)
{
	lock->ticket = 0;
}

static inline void hypiommu_env_lock(hypiommu_env_lock_t *lock)
{
	uint32_t mine =
		__atomic_fetch_add(&lock->ticket, 1u << 16, __ATOMIC_ACQUIRE) >>
		16;

	while ((__atomic_load_n(&lock->ticket, __ATOMIC_ACQUIRE) & 0xffff) !=
	       mine)
		__asm__ volatile("yield");
}

static inline void hypiommu_env_unlock(hypiommu_env_lock_t *lock)
{
	/* The owner half is the holder's alone, but shares its word. */
	uint16_t *owner = (uint16_t *)(void *)&lock->ticket;

	__atomic_store_n(owner, (uint16_t)(*owner + 1), __ATOMIC_RELEASE);
}

static inline uint64_t hypiommu_env_time_us(void)
{
	uint64_t count, hz;

	__asm__ volatile("isb; mrs %0, cntpct_el0" : "=r"(count));
	__asm__ volatile("mrs %0, cntfrq_el0" : "=r"(hz));
	hz /= 1000000;
	return hz ? count / hz : 0;
}

static inline void hypiommu_env_relax(void)
{
	__asm__ volatile("yield");
}

static inline uint64_t hypiommu_env_nospec(uint64_t index, uint64_t size)
{
	uint64_t mask;

	/* All ones if index < size, also when a branch was mispredicted. */
	__asm__ volatile("cmp %1, %2\n\tsbc %0, xzr, xzr\n\tcsdb"
			 : "=r"(mask)
			 : "r"(index), "r"(size)
			 : "cc");
	return index & mask;
}

static inline _Noreturn void hypiommu_env_bug(const char *what)
{
	(void)what;
	__asm__ volatile("brk #0x4855"); /* "HU" */
	__builtin_unreachable();
}

#endif /* HYPIOMMU_ENV_EL2_H */
