/* SPDX-License-Identifier: GPL-2.0-only */
/* Must match include/linux/types.h, android16-6.12: what the module uses. */
#ifndef HYPIOMMU_ANDROID_TYPES_H
#define HYPIOMMU_ANDROID_TYPES_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed long long s64;
typedef u8 uint8_t;
typedef u16 uint16_t;
typedef u32 uint32_t;
typedef u64 uint64_t;
typedef int int32_t;
typedef s64 int64_t;
typedef __SIZE_TYPE__ size_t;
typedef u64 phys_addr_t;
typedef struct {
	int counter;
} atomic_t;
typedef _Bool bool;
enum {
	false = 0,
	true = 1
};

#undef NULL
#define NULL ((void *)0)

#endif /* HYPIOMMU_ANDROID_TYPES_H */
