/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* What an event says, as an operation. */
#ifndef TRACE_PARSE_H
#define TRACE_PARSE_H

#include "event.h"
#include "trace.h"
#include "where.h"

enum event_kind {
	EVENT_OTHER,
	EVENT_SMMU_ATTACH, /* from probes on the IOMMU core: with domain */
	EVENT_SMMU_MAP,
	EVENT_SMMU_UNMAP,
	EVENT_MAP, /* the kernel's own iommu:map, iommu:unmap: without */
	EVENT_UNMAP,
	EVENT_DMA_MAP, /* the kernel's dma:*: a driver's buffer */
	EVENT_DMA_UNMAP,
};

enum event_kind parse_kind(const struct event *event);

/*
 * 1 and the operation; 0 if the event is EVENT_OTHER or a dma:* that names no
 * device; -1 if it is malformed, where->err then says how.
 */
int parse_op(const struct event *event, enum event_kind kind,
	     struct trace_op *op, const struct where *where);

#endif /* TRACE_PARSE_H */
