/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#ifndef PCI_H
#define PCI_H

#include "hypiommu/types.h"

struct pci_device {
	uint64_t config; /* its ECAM page */
	uint64_t bar0;	 /* where its registers now are */
	uint32_t sid;	 /* stream ID: the requester ID */
};

/* The nth device with this vendor and device ID on bus 0, given addresses and
 * made bus master. False: there is none. */
bool pci_find(uint16_t vendor, uint16_t device, unsigned int nth,
	      struct pci_device *found);

#endif /* PCI_H */
