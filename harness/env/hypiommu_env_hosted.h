/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The library's environment in an ordinary process, with nothing observed and
 * everything inline: for examples and measurements. Any architecture gcc or
 * clang knows, no library behind it.
 */
#ifndef HYPIOMMU_ENV_HOSTED_H
#define HYPIOMMU_ENV_HOSTED_H

#include "hypiommu/types.h"

typedef __UINTPTR_TYPE__ uintptr_t;

typedef struct {
	uint32_t held;
} hypiommu_env_lock_t;

static inline uint64_t hypiommu_env_load64(const uint64_t *p)
{
	return __atomic_load_n(p, __ATOMIC_RELAXED);
}

static inline uint32_t hypiommu_env_load32(const uint32_t *p)
{
	return __atomic_load_n(p, __ATOMIC_RELAXED);
}

static inline void hypiommu_env_store64(uint64_t *p, uint64_t v)
{
	__atomic_store_n(p, v, __ATOMIC_RELAXED);
}

static inline void hypiommu_env_store32(uint32_t *p, uint32_t v)
{
	__atomic_store_n(p, v, __ATOMIC_RELAXED);
}

static inline void hypiommu_env_publish(void)
{
	__atomic_thread_fence(__ATOMIC_RELEASE);
}

static inline void hypiommu_env_before_doorbell(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static inline void hypiommu_env_after_sync(void)
{
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
}

/* The only device there is snoops: it is this process. */
static inline void hypiommu_env_clean(const void *p, size_t len)
{
	(void)p;
	(void)len;
}

static inline void hypiommu_env_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

static inline void hypiommu_env_lock_init(hypiommu_env_lock_t *lock)
{
	lock->held = 0;
}

#ifdef HYPIOMMU_HOSTED_NO_LOCKS
/* For measuring one thread against an engine that takes none. */
static inline void hypiommu_env_lock(hypiommu_env_lock_t *lock)
{
	(void)lock;
}

static inline void hypiommu_env_unlock(hypiommu_env_lock_t *lock)
{
	(void)lock;
}
#else
static inline void hypiommu_env_lock(hypiommu_env_lock_t *lock)
{
	while (__atomic_exchange_n(&lock->held, 1, __ATOMIC_ACQUIRE)) {
		while (__atomic_load_n(&lock->held, __ATOMIC_RELAXED))
			hypiommu_env_relax();
	}
}

static inline void hypiommu_env_unlock(hypiommu_env_lock_t *lock)
{
	__atomic_store_n(&lock->held, 0, __ATOMIC_RELEASE);
}
#endif

/* It may stand still: waits are bounded by a count as well. */
static inline uint64_t hypiommu_env_time_us(void)
{
	return 0;
}

static inline uint64_t hypiommu_env_nospec(uint64_t index, uint64_t size)
{
	uint64_t mask = 0 - (uint64_t)(index < size);

	/* Opaque, so that the compiler makes no branch of it again. */
	__asm__("" : "+r"(mask));
	return index & mask;
}

static inline _Noreturn void hypiommu_env_bug(const char *what)
{
	(void)what;
	__builtin_trap();
}

#endif /* HYPIOMMU_ENV_HOSTED_H */
