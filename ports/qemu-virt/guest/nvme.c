// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* NVM Express 1.4: one admin queue, one queue for data, polled. */
#include "nvme.h"
#include "host.h"
#include "iommu.h"

#define NVME_CAP       0x00
#define NVME_CC	       0x14
#define NVME_CSTS      0x1c
#define NVME_AQA       0x24
#define NVME_ASQ       0x28
#define NVME_ACQ       0x30
#define NVME_DOORBELLS 0x1000

#define CC_ENABLE 1u
#define CC_SIZES  (6u << 16 | 4u << 20) /* entries of 64 and 16 bytes */
#define CSTS_RDY  1u

#define ADMIN_CREATE_SQ 0x01u
#define ADMIN_CREATE_CQ 0x05u
#define CONTIGUOUS	1u

#define SECTORS 8u /* of 512 bytes in a page */

#define PATIENCE_US 5000000

/* Where the queues are for the disk: nothing else of a domain is below. */
#define QUEUES_IOVA 0x20000ull

static uint64_t doorbell(const struct nvme *n, uint32_t queue, uint32_t is_cq)
{
	return n->pci.bar0 + NVME_DOORBELLS +
	       (uint64_t)(2 * queue + is_cq) * n->stride;
}

static uint64_t sq_iova(uint32_t queue)
{
	return QUEUES_IOVA + queue * 0x2000ull;
}

static uint64_t cq_iova(uint32_t queue)
{
	return sq_iova(queue) + 0x1000;
}

static bool queue_init(struct nvme *n, struct nvme_queue *q, uint32_t number)
{
	uint64_t *pages = host_alloc(0x2000);

	*q = (struct nvme_queue){
		.sq = pages, .cq = pages + 512, .number = number, .phase = 1
	};
	return !iommu_map(n->domain, sq_iova(number), pa_of(pages), 0x2000, RW);
}

struct command {
	uint64_t opcode, prp1;
	uint32_t nsid, cdw10, cdw11, cdw12;
	uint32_t tag;
};

static void post(struct nvme *n, struct nvme_queue *q, const struct command *c)
{
	uint64_t *entry = &q->sq[q->tail * 8];

	entry[0] = c->opcode | (uint64_t)c->tag << 16 | (uint64_t)c->nsid << 32;
	entry[1] = entry[2] = entry[4] = 0;
	entry[3] = c->prp1;
	entry[5] = c->cdw10 | (uint64_t)c->cdw11 << 32;
	entry[6] = c->cdw12;
	entry[7] = 0;
	q->tail = (q->tail + 1) % NVME_QUEUE;
	dsb(sy);
	io_write32(doorbell(n, q->number, 0), q->tail);
}

static bool reap(struct nvme *n, struct nvme_queue *q, struct nvme_done *done)
{
	uint64_t last = ((volatile uint64_t *)q->cq)[q->head * 2 + 1];

	if ((last >> 48 & 1) != q->phase)
		return false;
	dsb(sy);
	done->tag = (uint32_t)(last >> 32) & 0xffff;
	done->status = (uint32_t)(last >> 49) & 0x7ff;
	q->head = (q->head + 1) % NVME_QUEUE;
	if (!q->head)
		q->phase ^= 1;
	io_write32(doorbell(n, q->number, 1), q->head);
	return true;
}

static int wait_for_one(struct nvme *n, struct nvme_queue *q)
{
	uint64_t start = now_us();
	struct nvme_done done;

	while (!reap(n, q, &done)) {
		if (now_us() - start > PATIENCE_US)
			return -1;
		__asm__ volatile("yield");
	}
	return (int)done.status;
}

static bool create_queue(struct nvme *n, uint32_t opcode, uint64_t iova,
			 uint32_t cdw11)
{
	const struct command create = {
		.opcode = opcode,
		.prp1 = iova,
		.cdw10 = n->io.number | (NVME_QUEUE - 1) << 16,
		.cdw11 = cdw11 | CONTIGUOUS,
	};

	post(n, &n->admin, &create);
	return !wait_for_one(n, &n->admin);
}

static bool wait_ready(struct nvme *n, uint32_t want)
{
	uint64_t start = now_us();

	while ((io_read32(n->pci.bar0 + NVME_CSTS) & CSTS_RDY) != want) {
		if (now_us() - start > PATIENCE_US)
			return false;
	}
	return true;
}

static bool start(struct nvme *n)
{
	uint64_t regs = n->pci.bar0;

	n->stride = 4u << (io_read64(regs + NVME_CAP) >> 32 & 15);
	io_write32(regs + NVME_CC, 0);
	if (!wait_ready(n, 0))
		return false;
	io_write32(regs + NVME_AQA, (NVME_QUEUE - 1) << 16 | (NVME_QUEUE - 1));
	io_write64(regs + NVME_ASQ, sq_iova(0));
	io_write64(regs + NVME_ACQ, cq_iova(0));
	io_write32(regs + NVME_CC, CC_SIZES | CC_ENABLE);
	return wait_ready(n, CSTS_RDY) &&
	       create_queue(n, ADMIN_CREATE_CQ, cq_iova(1), 0) &&
	       create_queue(n, ADMIN_CREATE_SQ, sq_iova(1), 1u << 16);
}

bool nvme_open(struct nvme *n, uint64_t domain)
{
	n->domain = domain;
	return pci_find(0x1b36, 0x0010, 0, &n->pci) &&
	       queue_init(n, &n->admin, 0) && queue_init(n, &n->io, 1) &&
	       !iommu_attach(n->pci.sid, domain) && start(n);
}

void nvme_submit(struct nvme *n, uint32_t opcode, uint64_t page, uint64_t iova,
		 uint32_t tag)
{
	const struct command rw = {
		.opcode = opcode,
		.prp1 = iova,
		.nsid = 1,
		.cdw10 = (uint32_t)page * SECTORS,
		.cdw12 = SECTORS - 1,
		.tag = tag,
	};

	post(n, &n->io, &rw);
}

bool nvme_poll(struct nvme *n, struct nvme_done *done)
{
	return reap(n, &n->io, done);
}

int nvme_io(struct nvme *n, uint32_t opcode, uint64_t page, uint64_t iova)
{
	nvme_submit(n, opcode, page, iova, 0);
	return wait_for_one(n, &n->io);
}
