/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Integer types as Linux defines them on a 64-bit machine: uint64_t is unsigned
 * long long, bool a typedef, true and false an enum. */
#ifndef KERNEL_TYPES_H
#define KERNEL_TYPES_H

typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;
typedef int int32_t;
typedef signed long long int64_t;
typedef __SIZE_TYPE__ size_t;

#ifndef __cplusplus
typedef _Bool bool;
enum {
	false = 0,
	true = 1
};
#endif

#undef NULL
#define NULL ((void *)0)

#endif /* KERNEL_TYPES_H */
