// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * malloc for what was written for a hosted machine: blocks of a power of two
 * from one array, freed ones in a list a size. For one CPU at a time.
 */
#include <stdint.h>
#include <stdlib.h>

#include "memory.h"

#define HEAP_SIZE 0xc00000u
#define SMALLEST  5u /* log2: a block holds its header and 16 bytes */
#define LARGEST	  24u

struct block {
	uint64_t order;
	struct block *next; /* while free */
};

#define HEADER 16u

static uint8_t heap[HEAP_SIZE] __attribute__((aligned(16)));
static size_t used;
static struct block *unused[LARGEST + 1];

static struct block *of(void *p)
{
	return (struct block *)(void *)((uint8_t *)p - HEADER);
}

static void *take(size_t size)
{
	unsigned int order = SMALLEST;
	struct block *b;

	while (order <= LARGEST && (1ull << order) - HEADER < size)
		order++;
	if (order > LARGEST)
		return NULL;
	b = unused[order];
	if (b) {
		unused[order] = b->next;
	} else if (HEAP_SIZE - used >= 1ull << order) {
		b = (struct block *)(void *)&heap[used];
		used += 1ull << order;
	} else {
		return NULL;
	}
	b->order = order;
	return (uint8_t *)b + HEADER;
}

void free(void *p)
{
	struct block *b;

	if (!p)
		return;
	b = of(p);
	b->next = unused[b->order];
	unused[b->order] = b;
}

void *realloc(void *p, size_t size)
{
	size_t had = p ? (1ull << of(p)->order) - HEADER : 0;
	void *bigger;

	if (p && size <= had)
		return p;
	bigger = take(size);
	if (p && bigger) {
		memcpy(bigger, p, had);
		free(p);
	}
	return bigger;
}

void *reallocarray(void *p, size_t count, size_t size)
{
	return size && count > SIZE_MAX / size ? NULL
					       : realloc(p, count * size);
}

void *calloc(size_t count, size_t size)
{
	void *p = reallocarray(NULL, count, size);

	return p ? memset(p, 0, count * size) : NULL;
}
