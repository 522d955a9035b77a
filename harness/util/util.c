// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>

#include "util.h"

void *util_grow(void *p, size_t count, size_t size)
{
	void *new = reallocarray(p, count ? count : 1, size);

	if (!new) {
		fputs("hypiommu: out of memory\n", stderr);
		exit(2);
	}
	return new;
}

uint64_t util_random(uint64_t *state)
{
	uint64_t x = *state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	*state = x;
	return x * 0x2545f4914f6cdd1dull;
}
