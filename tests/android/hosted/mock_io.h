/* SPDX-License-Identifier: GPL-2.0-only */
/* The module's register accesses, hosted: to the simulated machine. */
#ifndef HOSTED_IO_H
#define HOSTED_IO_H

#include <stdint.h>

uint64_t mock_io_read(unsigned long va, unsigned int width);
void mock_io_write(unsigned long va, unsigned int width, uint64_t val);

#define io_read32(va)	    ((uint32_t)mock_io_read(va, 4))
#define io_read64(va)	    mock_io_read(va, 8)
#define io_write32(va, val) mock_io_write(va, 4, val)
#define io_write64(va, val) mock_io_write(va, 8, val)

#endif /* HOSTED_IO_H */
