// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "image.h"
#include "poison.h"

#define PAGE	   4096u
#define ARENA_SIZE (256ull << 20)
#define MAX_PAGES  4096u
#define RANGES	   8u
#define CLASSES	   64u /* sizes of freed blocks, as multiples of 32 */
#define UNIT	   32u

struct block {
	size_t size;
	struct block *next; /* on a free list */
};

/* At the start of the arena, so that it is part of the image itself. */
struct arena {
	char *next;
	struct block *freed[CLASSES];
};

struct range {
	char *start;
	size_t size;
};

static struct {
	struct arena *arena;
	bool open, sealed;
	struct range ranges[RANGES];
	size_t range_count, page_count;
	char **pages; /* written, in the order they were */
	char (*base)[PAGE];
	char (*kept)[PAGE];
	struct sigaction before;
} image;

/* ------------------------------------------------------------------- arena */

static void *reserve(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* The shadow of the arena is put back with it, by pages of its own. */
static bool open_arena(void)
{
	const size_t align = (size_t)PAGE * POISON_SCALE;
	char *start = reserve(ARENA_SIZE + align);
	void *shadow;

	if (!start)
		return false;
	start += -(uintptr_t)start & (align - 1);
	image.arena = (struct arena *)start;
	image.arena->next = (char *)(image.arena + 1);
	poison(image.arena + 1, ARENA_SIZE - sizeof(*image.arena));
	shadow = poison_shadow(start);
	return image_add(start, ARENA_SIZE) &&
	       (!shadow || image_add(shadow, ARENA_SIZE / POISON_SCALE));
}

bool image_open(void)
{
	image.pages = reserve(MAX_PAGES * sizeof(*image.pages));
	image.base = reserve((size_t)MAX_PAGES * PAGE);
	image.kept = reserve((size_t)MAX_PAGES * PAGE);
	if (!image.pages || !image.base || !image.kept || !open_arena())
		return false;
	image.open = true;
	return true;
}

bool image_is_open(void)
{
	return image.open;
}

bool image_owns(const void *p)
{
	return image.open && (const char *)p >= (const char *)image.arena &&
	       (const char *)p < (const char *)image.arena + ARENA_SIZE;
}

static struct block *block_of(const void *p)
{
	return (struct block *)((uintptr_t)p - sizeof(struct block));
}

POISON_UNCHECKED size_t image_size_of(const void *p)
{
	return block_of(p)->size;
}

/* What was not asked for stays out of bounds, and so does every header. */
void *image_resize(void *p, size_t size)
{
	poison(p, image_size_of(p));
	unpoison(p, size);
	return p;
}

void image_copy(void *to, const void *from)
{
	poison_copy(to, from, image_size_of(from));
}

/* Every block begins at its header plus 16, aligned to 16 or more. */
POISON_UNCHECKED void *image_alloc(size_t asked, size_t align)
{
	struct arena *a = image.arena;
	size_t class = (asked + !asked + UNIT - 1) / UNIT, size = class * UNIT;
	struct block *b;
	uintptr_t at;

	if (class < CLASSES && align <= 16 && a->freed[class]) {
		b = a->freed[class];
		a->freed[class] = b->next;
		return image_resize(b + 1, asked);
	}
	at = (uintptr_t)a->next + sizeof(*b);
	at = (at + align - 1) & ~(uintptr_t)(align - 1);
	if (at + size > (uintptr_t)a + ARENA_SIZE)
		return NULL;
	a->next = (char *)at + size;
	b = block_of((void *)at);
	b->size = size;
	return image_resize(b + 1, asked);
}

POISON_UNCHECKED void image_free(void *p)
{
	struct block *b = block_of(p);
	size_t class = b->size / UNIT;

	poison(p, b->size);
	if (class >= CLASSES)
		return; /* large ones are few: not used again */
	b->next = image.arena->freed[class];
	image.arena->freed[class] = b;
}

/* ------------------------------------------------------------------- pages */

bool image_add(void *start, size_t size)
{
	if (image.range_count == RANGES)
		return false;
	image.ranges[image.range_count++] = (struct range){ start, size };
	return true;
}

static bool covers(const char *p)
{
	for (size_t i = 0; i < image.range_count; i++) {
		const struct range *r = &image.ranges[i];

		if (p >= r->start && p < r->start + r->size)
			return true;
	}
	return false;
}

/* The first write to a page: what it held is the base, and was kept too. */
static void on_fault(int sig, siginfo_t *info, void *context)
{
	char *page =
		(char *)((uintptr_t)info->si_addr & ~(uintptr_t)(PAGE - 1));
	size_t n = image.page_count;

	(void)context;
	if (!image.sealed || !covers(page) || n == MAX_PAGES ||
	    mprotect(page, PAGE, PROT_READ | PROT_WRITE)) {
		sigaction(sig, &image.before, NULL);
		return; /* and again, fatally */
	}
	poison_copy(image.base[n], page, PAGE);
	poison_copy(image.kept[n], page, PAGE);
	image.pages[n] = page;
	image.page_count++;
}

bool image_seal(void)
{
	struct sigaction action = { .sa_sigaction = on_fault,
				    .sa_flags = SA_SIGINFO };

	sigemptyset(&action.sa_mask);
	image.sealed = true;
	if (sigaction(SIGSEGV, &action, &image.before))
		return false;
	for (size_t i = 0; i < image.range_count; i++) {
		if (mprotect(image.ranges[i].start, image.ranges[i].size,
			     PROT_READ))
			return false;
	}
	return true;
}

void image_to_base(void)
{
	for (size_t i = 0; i < image.page_count; i++)
		poison_copy(image.pages[i], image.base[i], PAGE);
}

void image_keep(void)
{
	for (size_t i = 0; i < image.page_count; i++)
		poison_copy(image.kept[i], image.pages[i], PAGE);
}

void image_to_kept(void)
{
	for (size_t i = 0; i < image.page_count; i++)
		poison_copy(image.pages[i], image.kept[i], PAGE);
}

size_t image_pages(void)
{
	return image.page_count;
}
