/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What AddressSanitizer is told of memory that it does not hand out itself:
 * which bytes nobody may touch. Its notes on memory, the shadow, are memory
 * too. Without the sanitizer all of this is nothing.
 */
#ifndef POISON_H
#define POISON_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POISON_ENABLED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define POISON_ENABLED 1
#endif

/* One byte of shadow for as many; what is aligned to this times a page has
 * pages of shadow to itself. */
#define POISON_SCALE 8u

#ifdef POISON_ENABLED

#include <sanitizer/asan_interface.h>

/* A function that may touch what is poisoned. */
#define POISON_UNCHECKED __attribute__((no_sanitize_address))

static inline void poison(void *p, size_t size)
{
	__asan_poison_memory_region(p, size);
}

/* The first size bytes of a place aligned to POISON_SCALE. */
static inline void unpoison(void *p, size_t size)
{
	__asan_unpoison_memory_region(p, size);
}

static inline void *poison_shadow(const void *p)
{
	size_t scale, offset;

	__asan_get_shadow_mapping(&scale, &offset);
	return (void *)(((uintptr_t)p >> scale) + offset);
}

/* memcpy() itself is checked. */
POISON_UNCHECKED static inline void poison_copy(void *to, const void *from,
						size_t size)
{
	volatile uint64_t *t = to;
	const volatile uint64_t *f = from;

	for (size_t i = 0; i < size / sizeof(*t); i++)
		t[i] = f[i];
}

#else

#define POISON_UNCHECKED

static inline void poison(void *p, size_t size)
{
	(void)p, (void)size;
}

static inline void unpoison(void *p, size_t size)
{
	(void)p, (void)size;
}

static inline void *poison_shadow(const void *p)
{
	(void)p;
	return NULL;
}

/* size: of whole words */
static inline void poison_copy(void *to, const void *from, size_t size)
{
	memcpy(to, from, size);
}

#endif

#endif /* POISON_H */
