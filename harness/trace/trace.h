/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * A streaming reader of Linux ftrace text: the IOMMU operations a real kernel
 * performed, one at a time. The text may be plain or xz; memory use does not
 * depend on its length.
 *
 * Opening reads the whole trace once: a missing, empty, truncated or corrupt
 * file, or one that holds no IOMMU event, is refused there. A malformed event
 * line is refused by trace_next() when its turn comes.
 */
#ifndef TRACE_H
#define TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Linux's mapping permissions, as in include/linux/iommu.h. */
#define TRACE_PROT_READ	  1u
#define TRACE_PROT_WRITE  2u
#define TRACE_PROT_CACHE  4u
#define TRACE_PROT_NOEXEC 8u
#define TRACE_PROT_MMIO	  16u

/* The longest line accepted, and the room for a device's name and a NUL. */
#define TRACE_LINE_MAX 65536u
#define TRACE_DEV_MAX  64u

enum trace_kind {
	TRACE_ATTACH, /* domain, dev */
	TRACE_MAP,    /* iova, pa, size, prot, and domain where there is one */
	TRACE_UNMAP,  /* iova, size, and domain where there is one */
	TRACE_DMA,    /* dev; iova and size unless size is 0 */
};

/*
 * One operation. What its kind does not use is zero. size is in bytes and never
 * zero for a map or an unmap; iova + size and pa + size do not overflow.
 * Alignment is as recorded: whether it is acceptable is not decided here.
 */
struct trace_op {
	enum trace_kind kind;
	uint64_t line; /* counted from 1 */
	bool has_domain;
	uint64_t domain; /* opaque: equal values are the same domain */
	uint64_t iova;	 /* for TRACE_DMA the first address */
	uint64_t pa;
	uint64_t size;
	uint32_t prot;	/* TRACE_PROT_*; all of the first three if unknown */
	bool dma_unmap; /* TRACE_DMA: the buffer is given back */
	char dev[TRACE_DEV_MAX];
};

/* "file:line: what is wrong", or "file: what is wrong". */
struct trace_error {
	char text[256];
};

/*
 * detailed: the trace has smmu_map, smmu_unmap or smmu_attach lines. Those are
 * then the operations, and map: and unmap: lines, which repeat them without
 * domain and permission, are only checked. Otherwise map: and unmap: lines are
 * the operations.
 */
struct trace_info {
	bool detailed;
	uint64_t lines;
	uint64_t lost; /* events the kernel says it could not record */
};

struct trace;

/*
 * Both return NULL and fill err on failure. The bytes given to trace_open_mem()
 * must stay until trace_close(); name is what errors call them.
 */
struct trace *trace_open(const char *path, struct trace_error *err);
struct trace *trace_open_mem(const void *bytes, size_t len, const char *name,
			     struct trace_error *err);
void trace_close(struct trace *trace);

/* 1 and an operation, 0 at the end, -1 and an error; then it stays so. */
int trace_next(struct trace *trace, struct trace_op *op,
	       struct trace_error *err);

const struct trace_info *trace_get_info(const struct trace *trace);

/* How much has been consumed, 0 to 1, by bytes as stored (compressed). */
double trace_progress(const struct trace *trace);

#endif /* TRACE_H */
