// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "plan.h"
#include "util.h"

/* How many dma:* lines after an operation may be its own. */
#define WINDOW 64u

static int too_many(const char *path, uint64_t line, const char *what,
		    struct trace_error *err)
{
	snprintf(err->text, sizeof(err->text),
		 "%s:%" PRIu64 ": more than %u %s", path, line, PLAN_MAX, what);
	return -1;
}

/* ------------------------------------------------------------ collection */

/* Where value is or belongs in a sorted array. */
static size_t position(const uint64_t *set, size_t count, uint64_t value)
{
	size_t low = 0;

	while (low < count) {
		size_t mid = low + (count - low) / 2;

		if (set[mid] < value)
			low = mid + 1;
		else
			count = mid;
	}
	return low;
}

static bool contains(const uint64_t *set, size_t count, uint64_t value)
{
	size_t at = position(set, count, value);

	return at < count && set[at] == value;
}

static void insert(uint64_t **set, size_t *count, uint64_t value)
{
	size_t at = position(*set, *count, value);

	if (at < *count && (*set)[at] == value)
		return;
	*set = util_grow(*set, *count + 1, sizeof(**set));
	memmove(*set + at + 1, *set + at, (*count - at) * sizeof(**set));
	(*set)[at] = value;
	++*count;
}

size_t plan_find_device(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->device_count; i++) {
		if (!strcmp(plan->devices[i].name, name))
			return i;
	}
	return PLAN_NONE;
}

static size_t device(struct plan *plan, const char *name)
{
	size_t i = plan_find_device(plan, name);

	if (i != PLAN_NONE)
		return i;
	i = plan->device_count++;
	plan->devices = util_grow(plan->devices, plan->device_count,
				  sizeof(*plan->devices));
	memset(&plan->devices[i], 0, sizeof(plan->devices[i]));
	snprintf(plan->devices[i].name, TRACE_DEV_MAX, "%s", name);
	return i;
}

/* An SMMU allocates its queues with dma:* lines, and nothing translates them */
static bool is_smmu(const char *name)
{
	return strstr(name, ".smmu") || strstr(name, ".iommu");
}

static void collect_dma(struct plan *plan, const struct trace_op *op)
{
	uint64_t offset = op->iova & (CLI_PAGE - 1);

	if (is_smmu(op->dev))
		return;
	if (plan->dma_count == plan->dma_room) {
		plan->dma_room = plan->dma_room * 2 + 256;
		plan->dma = util_grow(plan->dma, plan->dma_room,
				      sizeof(*plan->dma));
	}
	plan->dma[plan->dma_count++] = (struct plan_dma){
		.line = op->line,
		.iova = op->iova,
		.size = op->size,
		.left = op->size ? (offset + op->size + CLI_PAGE - 1) &
					   ~(CLI_PAGE - 1)
				 : 0,
		.device = device(plan, op->dev),
		.unmap = op->dma_unmap,
	};
}

static void collect_attach(struct plan *plan, const struct trace_op *op)
{
	const struct plan_attach attach = {
		.domain = op->domain,
		.device = device(plan, op->dev),
	};

	insert(&plan->attached, &plan->attached_count, op->domain);
	for (size_t i = 0; i < plan->attach_count; i++) {
		if (plan->attaches[i].domain == attach.domain &&
		    plan->attaches[i].device == attach.device)
			return;
	}
	plan->attaches = util_grow(plan->attaches, plan->attach_count + 1,
				   sizeof(*plan->attaches));
	plan->attaches[plan->attach_count++] = attach;
}

static int collect(struct plan *plan, const char *path,
		   const struct trace_op *op, struct trace_error *err)
{
	if (op->kind == TRACE_DMA)
		collect_dma(plan, op);
	if (op->kind == TRACE_ATTACH)
		collect_attach(plan, op);
	if (op->has_domain)
		insert(&plan->domains, &plan->domain_count, op->domain);
	if (plan->device_count > PLAN_MAX)
		return too_many(path, op->line, "devices", err);
	if (plan->domain_count > PLAN_MAX)
		return too_many(path, op->line, "domains", err);
	return 0;
}

/* --------------------------------------------------------------- streams */

bool plan_bdf(const char *name, unsigned int *segment, uint32_t *rid)
{
	unsigned int bus, dev, fn;
	int end = 0;

	if (sscanf(name, "%4x:%2x:%2x.%1x%n", segment, &bus, &dev, &fn, &end) !=
		    4 ||
	    name[end] || dev > 31 || fn > 7)
		return false;
	*rid = bus << 8 | dev << 3 | fn;
	return true;
}

/* The requester ID is the stream ID, as a PCI host bridge passes it. */
static void give_sids(struct plan *plan)
{
	static const uint32_t first_spare = 0x100;
	size_t spares = plan->domain_count + PLAN_IMPLICIT;
	uint8_t taken[0x10000] = { 0 };
	uint32_t next = first_spare, sid;
	unsigned int segment;

	plan->sid_count = plan->device_count + spares;
	plan->spare = plan->device_count;
	plan->sids = util_grow(NULL, plan->sid_count, sizeof(*plan->sids));
	for (size_t i = 0; i < plan->sid_count; i++)
		plan->sids[i] = UINT32_MAX;
	for (size_t i = 0; i < plan->device_count; i++) {
		plan->devices[i].stream = i;
		if (!plan_bdf(plan->devices[i].name, &segment, &sid) ||
		    taken[sid])
			continue;
		taken[sid] = 1;
		plan->sids[i] = sid;
	}
	/* At most 3 * PLAN_MAX of 64 Ki are ever wanted. */
	for (size_t i = 0; i < plan->sid_count; i++) {
		while (taken[next])
			next++;
		if (plan->sids[i] == UINT32_MAX)
			plan->sids[i] = next++;
	}
}

int plan_read(struct plan *plan, const char *path, struct trace_error *err)
{
	struct trace *trace = trace_open(path, err);
	struct trace_op op;
	int more;

	memset(plan, 0, sizeof(*plan));
	if (!trace)
		return -1;
	while ((more = trace_next(trace, &op, err)) > 0) {
		if (collect(plan, path, &op, err)) {
			more = -1;
			break;
		}
	}
	plan->info = *trace_get_info(trace);
	trace_close(trace);
	if (!more)
		give_sids(plan);
	return more;
}

void plan_free(struct plan *plan)
{
	free(plan->devices);
	free(plan->dma);
	free(plan->domains);
	free(plan->attached);
	free(plan->attaches);
	free(plan->sids);
}

/* --------------------------------------------------------------- answers */

bool plan_attaches(const struct plan *plan, uint64_t domain)
{
	return contains(plan->attached, plan->attached_count, domain);
}

size_t plan_attached(const struct plan *plan, uint64_t domain)
{
	for (size_t i = 0; i < plan->attach_count; i++) {
		if (plan->attaches[i].domain == domain)
			return plan->attaches[i].device;
	}
	return PLAN_NONE;
}

/* The first dma:* line after `line`, an index. */
static size_t dma_after(const struct plan *plan, uint64_t line)
{
	size_t low = 0, high = plan->dma_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (plan->dma[mid].line <= line)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool fits(const struct plan_dma *dma, const struct trace_op *op)
{
	return dma->unmap == (op->kind == TRACE_UNMAP) && dma->left &&
	       dma->iova <= op->iova + (op->size - 1) &&
	       op->iova <= dma->iova + (dma->size - 1);
}

size_t plan_device_of(struct plan *plan, const struct trace_op *op)
{
	size_t first = dma_after(plan, op->line);

	for (size_t i = first; i < plan->dma_count && i < first + WINDOW; i++) {
		struct plan_dma *dma = &plan->dma[i];

		if (!fits(dma, op))
			continue;
		dma->left -= dma->left < op->size ? dma->left : op->size;
		return dma->device;
	}
	return PLAN_NONE;
}

size_t plan_nearest(const struct plan *plan, uint64_t line)
{
	size_t after = dma_after(plan, line);

	if (!plan->dma_count)
		return PLAN_NONE;
	if (after == plan->dma_count)
		return plan->dma[after - 1].device;
	if (after &&
	    line - plan->dma[after - 1].line < plan->dma[after].line - line)
		after--;
	return plan->dma[after].device;
}

size_t plan_spare(struct plan *plan)
{
	return plan->spare < plan->sid_count ? plan->spare++ : PLAN_NONE;
}
