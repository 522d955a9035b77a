// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* What a compiler may call at any time: all the library needs from outside. */
#include "memory.h"

void *memset(void *to, int value, size_t n)
{
	unsigned char *p = to;

	while (n--)
		*p++ = (unsigned char)value;
	return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	const unsigned char *q = from;
	unsigned char *p = to;

	while (n--)
		*p++ = *q++;
	return to;
}
