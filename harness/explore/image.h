/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * A running machine as memory that can be put back: everything it consists of
 * (the library's instance, simulated hardware, simulated memory, the
 * specification's state) is allocated between image_open() and image_seal().
 * From then on the pages it writes are found out, once each, by the fault their
 * first write takes; putting the machine back copies those.
 *
 * wrap.c makes malloc() and its like allocate here; the program is linked with
 * --wrap for them. AddressSanitizer is told what of it nobody may touch. One
 * image a process.
 */
#ifndef IMAGE_H
#define IMAGE_H

#include <stdbool.h>
#include <stddef.h>

/* From here on allocations are the image's. False: no memory. */
bool image_open(void);
/* Memory of the machine that was not allocated by malloc(). */
bool image_add(void *start, size_t size);
/* What is there now is the base. */
bool image_seal(void);

void image_to_base(void);
/* Keep what is there now, until the next time; and put it back. */
void image_keep(void);
void image_to_kept(void);

/* Pages that were ever written. */
size_t image_pages(void);

/* wrap.c's side: NULL and false if it is not open, or not the image's. */
void *image_alloc(size_t size, size_t align);
bool image_owns(const void *p);
void image_free(void *p);
/* Of the block, of which what was asked for is the beginning. */
size_t image_size_of(const void *p);
void *image_resize(void *p, size_t size);
/* All of a block into one that is no smaller. */
void image_copy(void *to, const void *from);
bool image_is_open(void);

#endif /* IMAGE_H */
