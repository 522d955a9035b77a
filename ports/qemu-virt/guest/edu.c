// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include "edu.h"
#include "gic.h"
#include "host.h"

#define EDU_SOURCE	0x80
#define EDU_DESTINATION 0x88
#define EDU_COUNT	0x90
#define EDU_COMMAND	0x98
#define COMMAND_START	1u
#define COMMAND_TO_RAM	2u

#define BUFFER 0x40000ull /* the device's own, as DMA addresses it */

#define PATIENCE_US 10000000 /* it takes 100 ms of the clock, when idle */

bool edu_find(unsigned int nth, struct pci_device *edu)
{
	return pci_find(0x1234, 0x11e8, nth, edu);
}

static bool transfer(const struct pci_device *edu, uint64_t from, uint64_t to,
		     uint64_t n, uint32_t command)
{
	uint64_t start = now_us();

	dsb(sy);
	io_write64(edu->bar0 + EDU_SOURCE, from);
	io_write64(edu->bar0 + EDU_DESTINATION, to);
	io_write64(edu->bar0 + EDU_COUNT, n);
	io_write64(edu->bar0 + EDU_COMMAND, command | COMMAND_START);
	while (io_read64(edu->bar0 + EDU_COMMAND) & COMMAND_START) {
		if (now_us() - start > PATIENCE_US)
			return false;
		nap();
	}
	dsb(sy);
	return true;
}

bool edu_read(const struct pci_device *edu, uint64_t iova, uint64_t n)
{
	return transfer(edu, iova, BUFFER, n, 0);
}

bool edu_write(const struct pci_device *edu, uint64_t iova, uint64_t n)
{
	return transfer(edu, BUFFER, iova, n, COMMAND_TO_RAM);
}
