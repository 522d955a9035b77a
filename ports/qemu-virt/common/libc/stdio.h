/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* As much of a C library as the harness's specification and simulators use. */
#ifndef LIBC_STDIO_H
#define LIBC_STDIO_H

#include <stdarg.h>
#include <stddef.h>

typedef struct libc_file FILE;
#define stderr ((FILE *)0)

__attribute__((format(printf, 2, 3))) int fprintf(FILE *f, const char *format,
						  ...);
__attribute__((format(printf, 3, 4))) int snprintf(char *to, size_t size,
						   const char *format, ...);
int vsnprintf(char *to, size_t size, const char *format, va_list args);

#endif /* LIBC_STDIO_H */
