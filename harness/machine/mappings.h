/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What callers asked for and were told they have: the mappings of every domain
 * and the domain of every stream. Kept from hypercalls and their results alone.
 * While a call runs, what it asks for may be there and what it takes away may
 * still be there.
 */
#ifndef MAPPINGS_H
#define MAPPINGS_H

#include <stdbool.h>

#include "hypiommu/hypiommu.h"
#include "sim2.h"
#include "smmuv3.h"

struct machine;
struct mappings;

/* A hypercall under way. Lives on the stack of its caller; calls may nest and
 * overlap. */
struct mappings_call {
	struct hypiommu_regs in;
	struct mappings_call *next;
	const void *list; /* the same of all parts of one call; or NULL */
};

/* window: the one page of MMIO that can be mapped. */
struct mappings *mappings_create(uint32_t domains, size_t streams,
				 uint64_t window);
void mappings_destroy(struct mappings *mappings);

void mappings_begin(struct machine *m, struct mappings_call *call,
		    const struct hypiommu_regs *in);
/* What one call asks for that is worth several: calls[i].in are filled in. Each
 * ends for itself. */
void mappings_begin_list(struct machine *m, struct mappings_call *calls,
			 unsigned int count);
void mappings_end(struct machine *m, struct mappings_call *call,
		  const struct hypiommu_regs *out);

/* Why nobody asked for this reach of a stream (an index of the machine's), or
 * NULL. */
const char *mappings_deny(struct machine *m, size_t stream,
			  const struct sim_reach *reach);

/* What attributes differ from those of a mapping with this prot, or NULL. */
const char *attrs_differ(bool stage1, uint32_t prot, bool mmio,
			 const struct sim_attrs *attrs);

#endif /* MAPPINGS_H */
