/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* What hosted parts need over and over. */
#ifndef UTIL_H
#define UTIL_H

#include <stddef.h>
#include <stdint.h>

/* Memory or the end: a harness holds nothing worth saving. */
void *util_grow(void *p, size_t count, size_t size);

/* A small deterministic generator; state must not be 0. */
uint64_t util_random(uint64_t *state);

#endif /* UTIL_H */
