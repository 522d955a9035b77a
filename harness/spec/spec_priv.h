/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#ifndef SPEC_PRIV_H
#define SPEC_PRIV_H

#include "hypiommu/hypiommu.h"
#include "spec.h"

#define SPEC_PAGE 4096ull

/* map.c. Memory or the end: the harness holds nothing worth saving. */
void *spec_grow(void *p, size_t count, size_t size);
/* How much from iova on, at most size, is mapped, or is not. */
uint64_t spec_map_run(const struct spec_map *m, uint64_t iova, uint64_t size);
uint64_t spec_map_gap(const struct spec_map *m, uint64_t iova, uint64_t size);
void spec_map_add(struct spec_map *m, struct spec_extent e);
/* Take [iova, iova + size) out, telling fn every piece that was in it. */
typedef void (*spec_piece_fn)(void *ctx, const struct spec_extent *piece);
void spec_map_cut(struct spec_map *m, uint64_t iova, uint64_t size,
		  spec_piece_fn fn, void *ctx);

/* pages.c */
void spec_touch(struct spec *s, uint64_t pa, uint64_t size);
/* One pin more or fewer on every page of the range. */
void spec_pin(struct spec *s, uint64_t pa, uint64_t size, int by);
/* How much of the range principal may map: it stops at a page that is not
 * exclusively its own or holds all the pins it can, and *error says which. */
uint64_t spec_pinnable(const struct spec *s, uint32_t principal, uint64_t pa,
		       uint64_t size, int *error);
/* Every page of the range from one state to another, or why not. */
int spec_move(struct spec *s, uint64_t pa, uint64_t size, struct spec_page from,
	      struct spec_page to, bool pins_matter);
struct spec_page spec_owned(uint32_t owner);

/* Say that a was given where b is right; s->why. */
const char *spec_wrong(struct spec *s, const char *call, int given, int right);

#endif /* SPEC_PRIV_H */
