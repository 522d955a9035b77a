/* SPDX-License-Identifier: GPL-2.0-only */
/* The module's integer types, hosted: in place of the interface header of that
 * name, whose types clash with <stdint.h>. */
#ifndef HOSTED_LINUX_TYPES_H
#define HOSTED_LINUX_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;
typedef u64 phys_addr_t;
typedef struct {
	int counter;
} atomic_t;

#endif /* HOSTED_LINUX_TYPES_H */
