/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* System registers, barriers and registers of devices, for both levels. */
#ifndef SYSREG_H
#define SYSREG_H

#include "hypiommu/types.h"

typedef __UINTPTR_TYPE__ uintptr_t;

#define sysreg_read(name)                                          \
	({                                                         \
		uint64_t value_;                                   \
		__asm__ volatile("mrs %0, " #name : "=r"(value_)); \
		value_;                                            \
	})
#define sysreg_write(name, value)                                       \
	__asm__ volatile("msr " #name ", %x0" ::"rZ"((uint64_t)(value)) \
			 : "memory")

#define isb()	 __asm__ volatile("isb" ::: "memory")
#define dsb(how) __asm__ volatile("dsb " #how ::: "memory")

static inline uint32_t io_read32(uint64_t at)
{
	uint32_t v;

	__asm__ volatile("ldr %w0, [%1]" : "=r"(v) : "r"(at) : "memory");
	return v;
}

static inline void io_write32(uint64_t at, uint32_t v)
{
	__asm__ volatile("str %w0, [%1]" ::"rZ"(v), "r"(at) : "memory");
}

static inline uint64_t io_read64(uint64_t at)
{
	uint64_t v;

	__asm__ volatile("ldr %0, [%1]" : "=r"(v) : "r"(at) : "memory");
	return v;
}

static inline void io_write64(uint64_t at, uint64_t v)
{
	__asm__ volatile("str %x0, [%1]" ::"rZ"(v), "r"(at) : "memory");
}

/* Affinity 0 counts the CPUs of this board. */
static inline unsigned int cpu_id(void)
{
	return (unsigned int)(sysreg_read(mpidr_el1) & 0xff);
}

#endif /* SYSREG_H */
