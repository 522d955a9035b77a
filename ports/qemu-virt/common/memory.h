/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#ifndef MEMORY_H
#define MEMORY_H

#include "hypiommu/types.h"

void *memset(void *to, int value, size_t n);
void *memcpy(void *restrict to, const void *restrict from, size_t n);

#endif /* MEMORY_H */
