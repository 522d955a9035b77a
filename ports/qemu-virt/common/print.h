/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Text on the PL011, which QEMU needs no set-up for. */
#ifndef PRINT_H
#define PRINT_H

#include <stdarg.h>

/* printf's %s %d %u %x, with #, l and ll; nothing else. */
__attribute__((format(printf, 1, 2))) void print(const char *format, ...);

/* The same into put(ctx, character). */
void print_to(void (*put)(void *ctx, char c), void *ctx, const char *format,
	      va_list args);

#endif /* PRINT_H */
