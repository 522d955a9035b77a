// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* malloc() and its like, while an image is open: the linker's --wrap puts
 * these in the place of the C library's for all that is linked statically. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t size);
void *__real_reallocarray(void *p, size_t count, size_t size);
void *__real_aligned_alloc(size_t align, size_t size);
void __real_free(void *p);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t size);
void *__wrap_reallocarray(void *p, size_t count, size_t size);
void *__wrap_aligned_alloc(size_t align, size_t size);
void __wrap_free(void *p);

void *__wrap_malloc(size_t size)
{
	return image_is_open() ? image_alloc(size, 16) : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	void *p;

	if (!image_is_open())
		return __real_calloc(count, size);
	if (size && count > SIZE_MAX / size)
		return NULL;
	p = image_alloc(count * size, 16);
	if (p)
		memset(p, 0, count * size);
	return p;
}

void *__wrap_realloc(void *p, size_t size)
{
	void *to;

	if (p && !image_owns(p))
		return __real_realloc(p, size);
	if (!p)
		return __wrap_malloc(size);
	if (size <= image_size_of(p))
		return image_resize(p, size);
	to = image_alloc(size, 16);
	if (to) {
		image_copy(to, p);
		image_free(p);
	}
	return to;
}

void *__wrap_reallocarray(void *p, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	return __wrap_realloc(p, count * size);
}

void *__wrap_aligned_alloc(size_t align, size_t size)
{
	return image_is_open() ? image_alloc(size, align)
			       : __real_aligned_alloc(align, size);
}

void __wrap_free(void *p)
{
	if (p && image_owns(p))
		image_free(p);
	else
		__real_free(p);
}
