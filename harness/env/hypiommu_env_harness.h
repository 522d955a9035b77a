/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The library's environment in the hosted harness: every store, barrier, lock
 * and clock read is a function of the simulated machine, so that the observer
 * sees each of them (harness/machine/env.c).
 */
#ifndef HYPIOMMU_ENV_HARNESS_H
#define HYPIOMMU_ENV_HARNESS_H

#include "hypiommu/types.h"

typedef __UINTPTR_TYPE__ uintptr_t;

/* Zeroed memory is no lock: on another port it may be a held one. */
enum {
	HARNESS_LOCK_NONE, /* nobody initialised it */
	HARNESS_LOCK_HELD,
	HARNESS_LOCK_FREE,
};

typedef struct {
	uint32_t state;
} hypiommu_env_lock_t;

void harness_store64(uint64_t *p, uint64_t v);
void harness_store32(uint32_t *p, uint32_t v);
void harness_publish(void);
void harness_before_doorbell(void);
void harness_after_sync(void);
void harness_clean(const void *p, size_t len);
void harness_lock(uint32_t *lock, const char *place);
void harness_unlock(uint32_t *lock);
uint64_t harness_time_us(void);
_Noreturn void harness_bug(const char *what);
/* Called first, if set; a test of bug() itself does not return from it. */
extern _Thread_local void (*harness_on_bug)(const char *what);
/* Told of every clean, if set: for tests of one module, without a machine. */
extern _Thread_local void (*harness_on_clean)(const void *p, size_t len);

static inline uint64_t harness_nospec(uint64_t index, uint64_t size)
{
	return index < size ? index : 0;
}

static inline uint64_t hypiommu_env_load64(const uint64_t *p)
{
	return __atomic_load_n(p, __ATOMIC_RELAXED);
}

static inline uint32_t hypiommu_env_load32(const uint32_t *p)
{
	return __atomic_load_n(p, __ATOMIC_RELAXED);
}

#define HARNESS_TEXT_(x) #x
#define HARNESS_TEXT(x)	 HARNESS_TEXT_(x)
#define HARNESS_HERE	 __FILE__ ":" HARNESS_TEXT(__LINE__)

#define hypiommu_env_store64(p, v)	 harness_store64(p, v)
#define hypiommu_env_store32(p, v)	 harness_store32(p, v)
#define hypiommu_env_publish()		 harness_publish()
#define hypiommu_env_before_doorbell()	 harness_before_doorbell()
#define hypiommu_env_after_sync()	 harness_after_sync()
#define hypiommu_env_clean(p, len)	 harness_clean(p, len)
#define hypiommu_env_lock_init(l)	 ((void)((l)->state = HARNESS_LOCK_FREE))
#define hypiommu_env_lock(l)		 harness_lock(&(l)->state, HARNESS_HERE)
#define hypiommu_env_unlock(l)		 harness_unlock(&(l)->state)
#define hypiommu_env_time_us()		 harness_time_us()
#define hypiommu_env_relax()		 ((void)0)
#define hypiommu_env_nospec(index, size) harness_nospec(index, size)
#define hypiommu_env_bug(what)		 harness_bug(what)

#endif /* HYPIOMMU_ENV_HARNESS_H */
