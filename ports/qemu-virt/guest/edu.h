/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* QEMU's edu device: a DMA engine between a buffer of 4 KiB and memory. */
#ifndef EDU_H
#define EDU_H

#include "pci.h"

bool edu_find(unsigned int nth, struct pci_device *edu);

/* Copy n bytes between the start of its buffer and iova, and wait for the end.
 * It does not say whether memory answered: look. False: it never ended. */
bool edu_read(const struct pci_device *edu, uint64_t iova, uint64_t n);
bool edu_write(const struct pci_device *edu, uint64_t iova, uint64_t n);

#endif /* EDU_H */
