/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Integer types for the public headers, without any standard header.
 *
 * A caller whose own headers already define uint32_t and friends differently
 * (a kernel) names that header in HYPIOMMU_TYPES_HEADER instead; it must supply
 * uint8_t, uint16_t, uint32_t, uint64_t, int32_t, int64_t, size_t and bool.
 */
#ifndef HYPIOMMU_TYPES_H
#define HYPIOMMU_TYPES_H

#ifdef HYPIOMMU_TYPES_HEADER
#include HYPIOMMU_TYPES_HEADER
#else
/* C11 6.7p3 lets a typedef be repeated, so a hosted <stdint.h> may follow. */
typedef __UINT8_TYPE__ uint8_t;
typedef __UINT16_TYPE__ uint16_t;
typedef __UINT32_TYPE__ uint32_t;
typedef __UINT64_TYPE__ uint64_t;
typedef __INT32_TYPE__ int32_t;
typedef __INT64_TYPE__ int64_t;
typedef __SIZE_TYPE__ size_t;
#ifndef __cplusplus
#ifndef bool
#define bool _Bool
#endif
#ifndef true
#define true 1
#define false 0
#endif
#ifndef NULL
#define NULL ((void *)0)
#endif
#endif
#endif

#endif /* HYPIOMMU_TYPES_H */
