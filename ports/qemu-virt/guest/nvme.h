/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* An NVMe disk, one page a command; every address it is given is an IOVA. */
#ifndef NVME_H
#define NVME_H

#include "pci.h"

#define NVME_QUEUE 16u /* commands at once, at most, and one less */

struct nvme_queue {
	uint64_t *sq, *cq; /* a page each */
	uint32_t number, tail, head;
	uint32_t phase;
};

struct nvme {
	struct pci_device pci;
	uint64_t domain;
	uint32_t stride; /* bytes between doorbells */
	struct nvme_queue admin, io;
};

struct nvme_done {
	uint32_t tag;
	uint32_t status; /* 0: success; else status code type << 8 | code */
};

#define NVME_READ  2u
#define NVME_WRITE 1u

/* Find the disk, attach its stream to this domain, map its queues there and
 * start it. */
bool nvme_open(struct nvme *n, uint64_t domain);

/* Read or write page `page` of the disk from or to iova; the caller keeps fewer
 * than NVME_QUEUE - 1 of them under way. */
void nvme_submit(struct nvme *n, uint32_t opcode, uint64_t page, uint64_t iova,
		 uint32_t tag);
/* Is one done? */
bool nvme_poll(struct nvme *n, struct nvme_done *done);

/* Both; the status, or -1 if it never ended. */
int nvme_io(struct nvme *n, uint32_t opcode, uint64_t page, uint64_t iova);

#endif /* NVME_H */
