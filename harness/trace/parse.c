/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#include "parse.h"

#include <string.h>

static bool is_dma(struct span name, const char *verb)
{
	/* dma_map_sg_err and the like: nothing was mapped. */
	return span_begins(name, verb) && !span_ends(name, "_err");
}

enum event_kind parse_kind(const struct event *event)
{
	static const struct {
		const char *name;
		enum event_kind kind;
	} exact[] = {
		{ "smmu_map", EVENT_SMMU_MAP },
		{ "smmu_unmap", EVENT_SMMU_UNMAP },
		{ "smmu_attach", EVENT_SMMU_ATTACH },
		{ "map", EVENT_MAP },
		{ "unmap", EVENT_UNMAP },
	};

	for (size_t i = 0; i < sizeof(exact) / sizeof(exact[0]); i++)
		if (span_is(event->name, exact[i].name))
			return exact[i].kind;
	if (is_dma(event->name, "dma_map_") || is_dma(event->name, "dma_alloc"))
		return EVENT_DMA_MAP;
	if (is_dma(event->name, "dma_unmap_") ||
	    is_dma(event->name, "dma_free"))
		return EVENT_DMA_UNMAP;
	return EVENT_OTHER;
}

static int number_failed(enum number status, const char *what,
			 const struct where *where)
{
	if (status == NUMBER_OVERFLOW)
		return where_fail(where, "%s is more than 64 bits", what);
	return where_fail(where, "%s is not a number", what);
}

/* The one field of that name: 0, or -1 if there is none or another. */
static int one_field(struct span args, const char *key, struct span *value,
		     const struct where *where)
{
	size_t found = span_field(args, key, value);

	if (!found)
		return where_fail(where, "%s= is missing", key);
	if (found > 1)
		return where_fail(where, "%s= is given twice", key);
	return 0;
}

static int number_field(struct span args, const char *key, uint64_t *value,
			const struct where *where)
{
	struct span text;

	if (one_field(args, key, &text, where))
		return -1;

	enum number status = span_number(text, value);

	return status ? number_failed(status, key, where) : 0;
}

static int check_range(const char *what, uint64_t base, uint64_t size,
		       const struct where *where)
{
	if (base > UINT64_MAX - size)
		return where_fail(where, "%s + size overflows", what);
	return 0;
}

static int size_field(struct span args, struct trace_op *op,
		      const struct where *where)
{
	if (number_field(args, "size", &op->size, where))
		return -1;
	if (!op->size)
		return where_fail(where, "size is zero");
	return 0;
}

static int domain_field(struct span args, struct trace_op *op,
			const struct where *where)
{
	op->has_domain = true;
	return number_field(args, "dom", &op->domain, where);
}

static int prot_field(struct span args, struct trace_op *op,
		      const struct where *where)
{
	uint64_t prot;

	if (number_field(args, "prot", &prot, where))
		return -1;
	if (prot > UINT32_MAX)
		return where_fail(where, "prot is more than 32 bits");
	op->prot = (uint32_t)prot;
	return 0;
}

static bool set_dev(struct trace_op *op, struct span name)
{
	if (!name.len || name.len >= sizeof(op->dev))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (name.at[i] <= ' ' || name.at[i] > '~' || name.at[i] == '"')
			return false;
	memcpy(op->dev, name.at, name.len);
	op->dev[name.len] = '\0';
	return true;
}

/* (__iommu_attach_device+0x0/0xac) dom=0xffff000007d8b840 dev="0000:00:05.0" */
static int parse_smmu_attach(struct span args, struct trace_op *op,
			     const struct where *where)
{
	struct span dev;

	op->kind = TRACE_ATTACH;
	if (domain_field(args, op, where) ||
	    one_field(args, "dev", &dev, where))
		return -1;
	if (dev.len < 2 || !span_begins(dev, "\"") || !span_ends(dev, "\"") ||
	    !set_dev(op, (struct span){ dev.at + 1, dev.len - 2 }))
		return where_fail(where, "dev is not a quoted device name");
	return 0;
}

/* (__iommu_unmap+0x0/0x168) dom=0xffff000004283040 iova=0xffffc000 size=0x1000
 */
static int parse_smmu_unmap(struct span args, struct trace_op *op,
			    const struct where *where)
{
	op->kind = TRACE_UNMAP;
	if (domain_field(args, op, where) ||
	    number_field(args, "iova", &op->iova, where) ||
	    size_field(args, op, where))
		return -1;
	return check_range("iova", op->iova, op->size, where);
}

/* As above, and pa=0x4788a000 prot=0x7 */
static int parse_smmu_map(struct span args, struct trace_op *op,
			  const struct where *where)
{
	if (parse_smmu_unmap(args, op, where) ||
	    number_field(args, "pa", &op->pa, where) ||
	    prot_field(args, op, where))
		return -1;
	op->kind = TRACE_MAP;
	return check_range("pa", op->pa, op->size, where);
}

/* iova=0x00000000ffffe000 - 0x00000000fffff000 */
static int iova_range(struct span args, uint64_t *iova, uint64_t *end,
		      const struct where *where)
{
	struct span text;

	if (number_field(args, "iova", iova, where) ||
	    one_field(args, "iova", &text, where))
		return -1;

	size_t behind = (size_t)(text.at + text.len - args.at);
	struct span rest = span_skip(args, behind);

	if (!span_is(span_word(&rest), "-"))
		return where_fail(where, "the end of the iova range is "
					 "missing");

	enum number status = span_number(span_word(&rest), end);

	if (status)
		return number_failed(status, "the end of the iova range",
				     where);
	return 0;
}

/* IOMMU: iova=BEGIN - END size=4096 */
static int kernel_range(struct span args, struct trace_op *op,
			const struct where *where)
{
	uint64_t end = 0;
	struct span rest = args;

	if (!span_is(span_word(&rest), "IOMMU:"))
		return where_fail(where, "IOMMU: is missing");
	if (iova_range(args, &op->iova, &end, where) ||
	    size_field(args, op, where) ||
	    check_range("iova", op->iova, op->size, where))
		return -1;
	if (end != op->iova + op->size)
		return where_fail(where, "the iova range is not of that size");
	return 0;
}

static int parse_map(struct span args, struct trace_op *op,
		     const struct where *where)
{
	op->kind = TRACE_MAP;
	op->prot = TRACE_PROT_READ | TRACE_PROT_WRITE | TRACE_PROT_CACHE;
	if (kernel_range(args, op, where) ||
	    number_field(args, "paddr", &op->pa, where))
		return -1;
	return check_range("paddr", op->pa, op->size, where);
}

/* The kernel's unmapped_size may be less or more: what it asked for counts. */
static int parse_unmap(struct span args, struct trace_op *op,
		       const struct where *where)
{
	uint64_t unmapped;

	op->kind = TRACE_UNMAP;
	if (kernel_range(args, op, where))
		return -1;
	return number_field(args, "unmapped_size", &unmapped, where);
}

/* What is between the brace and the first comma of "{0xfffb8000,0xfffba000}" */
static struct span first_of_list(struct span list)
{
	struct span first = span_skip(list, 1);
	size_t n = 0;

	while (n < first.len && first.at[n] != ',' && first.at[n] != '}')
		n++;
	first.len = n;
	return first;
}

/* Leaves iova and size zero where the event does not give both. */
static void dma_range(struct span args, struct trace_op *op)
{
	struct span iova, size;
	uint64_t at, len;

	if (span_field(args, "dma_addr", &iova) != 1 ||
	    span_field(args, "size", &size) != 1) {
		if (span_field(args, "dma_addrs", &iova) != 1 ||
		    span_field(args, "sizes", &size) != 1)
			return;
		iova = first_of_list(iova);
		size = first_of_list(size);
	}
	if (span_hex(iova, &at) || span_number(size, &len) ||
	    at > UINT64_MAX - len)
		return;
	op->iova = at;
	op->size = len;
}

/* 0000:00:01.0 dir=FROM_DEVICE dma_addr=ffffc000 size=4096 ... */
static int parse_dma(struct span args, struct trace_op *op)
{
	op->kind = TRACE_DMA;
	if (!set_dev(op, span_word(&args)))
		return 0;
	dma_range(args, op);
	return 1;
}

int parse_op(const struct event *event, enum event_kind kind,
	     struct trace_op *op, const struct where *where)
{
	struct span args = event->args;

	memset(op, 0, sizeof(*op));
	op->line = where->line;
	op->dma_unmap = kind == EVENT_DMA_UNMAP;
	switch (kind) {
	case EVENT_SMMU_ATTACH:
		return parse_smmu_attach(args, op, where) ? -1 : 1;
	case EVENT_SMMU_MAP:
		return parse_smmu_map(args, op, where) ? -1 : 1;
	case EVENT_SMMU_UNMAP:
		return parse_smmu_unmap(args, op, where) ? -1 : 1;
	case EVENT_MAP:
		return parse_map(args, op, where) ? -1 : 1;
	case EVENT_UNMAP:
		return parse_unmap(args, op, where) ? -1 : 1;
	case EVENT_DMA_MAP:
	case EVENT_DMA_UNMAP:
		return parse_dma(args, op);
	case EVENT_OTHER:
		break;
	}
	return 0;
}
