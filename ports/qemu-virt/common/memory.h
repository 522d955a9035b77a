/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#ifndef MEMORY_H
#define MEMORY_H

#include "hypiommu/types.h"

void *memset(void *to, int value, size_t n);
void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);

#endif /* MEMORY_H */
