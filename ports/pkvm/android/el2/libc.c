// SPDX-License-Identifier: GPL-2.0-only
/* What compilers call by themselves. A module is linked with nothing of the
 * kernel: both are the core's, through its table. */
#include "module.h"

#undef memcpy /* a kernel's string.h may make macros of them */
#undef memset
void *memcpy(void *to, const void *from, size_t count);
void *memset(void *dst, int c, size_t count);

void *memcpy(void *to, const void *from, size_t count)
{
	return hypiommu_pkvm->memcpy(to, from, count);
}

void *memset(void *dst, int c, size_t count)
{
	return hypiommu_pkvm->memset(dst, c, count);
}
