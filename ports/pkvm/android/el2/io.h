/* SPDX-License-Identifier: GPL-2.0-only */
/* One access to a device register, as it is written: neither split nor merged,
 * in program order by the memory type (Device-nGnRE). */
#ifndef HYPIOMMU_MODULE_IO_H
#define HYPIOMMU_MODULE_IO_H

static inline u32 io_read32(unsigned long va)
{
	u32 val;

	__asm__ volatile("ldr %w0, [%1]" : "=r"(val) : "r"(va) : "memory");
	return val;
}

static inline u64 io_read64(unsigned long va)
{
	u64 val;

	__asm__ volatile("ldr %x0, [%1]" : "=r"(val) : "r"(va) : "memory");
	return val;
}

static inline void io_write32(unsigned long va, u32 val)
{
	__asm__ volatile("str %w0, [%1]" ::"rZ"(val), "r"(va) : "memory");
}

static inline void io_write64(unsigned long va, u64 val)
{
	__asm__ volatile("str %x0, [%1]" ::"rZ"(val), "r"(va) : "memory");
}

#endif /* HYPIOMMU_MODULE_IO_H */
