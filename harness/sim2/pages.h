/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The set of pages that were translation tables and no longer are. */
#ifndef SIM2_PAGES_H
#define SIM2_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim2_pages {
	uint64_t *page; /* sorted page numbers of 4 KiB */
	size_t nr, cap;
};

void sim2_pages_destroy(struct sim2_pages *pages);
void sim2_pages_add(struct sim2_pages *pages, uint64_t pa, uint64_t size);
void sim2_pages_remove(struct sim2_pages *pages, uint64_t pa, uint64_t size);
bool sim2_pages_overlap(const struct sim2_pages *pages, uint64_t pa,
			uint64_t size);

/* realloc() that does not fail. */
void *sim2_grow(void *ptr, size_t nr, size_t size);

#endif /* SIM2_PAGES_H */
