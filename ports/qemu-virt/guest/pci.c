// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* PCI Express configuration: enough to find a device and set BAR 0. */
#include "pci.h"
#include "host.h"

#define CFG_ID	    0x00
#define CFG_COMMAND 0x04
#define CFG_BAR0    0x10

#define COMMAND_MEMORY (1u << 1)
#define COMMAND_MASTER (1u << 2)

#define BAR_TYPE_64 (2u << 1)

/* A place of its own for each slot, larger than any BAR of ours. */
#define PLACE(slot) (PCI_BASE + (uint64_t)(slot)*0x200000)

static void set_up(struct pci_device *d, unsigned int slot)
{
	uint32_t bar = io_read32(d->config + CFG_BAR0);

	d->bar0 = PLACE(slot);
	d->sid = slot << 3;
	io_write32(d->config + CFG_BAR0, (uint32_t)d->bar0);
	if (bar & BAR_TYPE_64)
		io_write32(d->config + CFG_BAR0 + 4, 0);
	io_write32(d->config + CFG_COMMAND, COMMAND_MEMORY | COMMAND_MASTER);
}

bool pci_find(uint16_t vendor, uint16_t device, unsigned int nth,
	      struct pci_device *found)
{
	for (unsigned int slot = 1; slot < 32; slot++) {
		found->config = ECAM_BASE + ((uint64_t)slot << 15);
		if (io_read32(found->config + CFG_ID) !=
		    (vendor | (uint32_t)device << 16))
			continue;
		if (nth--)
			continue;
		set_up(found, slot);
		return true;
	}
	return false;
}
