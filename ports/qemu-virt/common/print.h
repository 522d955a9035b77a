/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Text on the PL011, which QEMU needs no set-up for. */
#ifndef PRINT_H
#define PRINT_H

/* %s: string, %u: uint64_t in decimal, %x: uint64_t in hexadecimal with 0x,
 * %d: int64_t. Nothing else; every number is passed as 64 bits. */
void print(const char *format, ...);

#endif /* PRINT_H */
