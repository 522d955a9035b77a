/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Where in the source an address of this program's code is. */
#ifndef PLACE_H
#define PLACE_H

#define PLACE_TEXT 104u

/* "unpin_word (owner.c:112)", by addr2line; without it, the address. */
void place_text(const void *pc, char *text);

#endif /* PLACE_H */
