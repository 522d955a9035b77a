// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* What a compiler may call at any time: all the library needs from outside. */
#include "memory.h"
#include "sysreg.h"

typedef uint64_t __attribute__((may_alias)) word;

void *memset(void *to, int value, size_t n)
{
	uint64_t pattern = 0x0101010101010101 * (unsigned char)value;
	unsigned char *p = to;

	if (!((uintptr_t)p & 7)) {
		for (; n >= 8; n -= 8, p += 8)
			*(word *)(void *)p = pattern;
	}
	while (n--)
		*p++ = (unsigned char)value;
	return to;
}

/* Forwards, so that memmove may use it. */
void *memcpy(void *to, const void *from, size_t n)
{
	const unsigned char *q = from;
	unsigned char *p = to;

	if (!(((uintptr_t)p | (uintptr_t)q) & 7)) {
		for (; n >= 8; n -= 8, p += 8, q += 8)
			*(word *)(void *)p = *(const word *)(const void *)q;
	}
	while (n--)
		*p++ = *q++;
	return to;
}

void *memmove(void *to, const void *from, size_t n)
{
	const unsigned char *q = from;
	unsigned char *p = to;

	if (p <= q)
		return memcpy(to, from, n);
	while (n--)
		p[n] = q[n];
	return to;
}
