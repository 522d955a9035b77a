/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What a violation is told with: the call under way, which step of it was the
 * last and what it did, and what was reached before and after it.
 */
#ifndef INCIDENT_H
#define INCIDENT_H

#include <stddef.h>
#include <stdint.h>

#include "hypiommu/hypiommu.h"
#include "smmuv3.h"

struct machine;
struct machine_move;

/* The step that was taken last. */
struct incident_step {
	const char *what; /* "store"; NULL: none yet */
	uint64_t where, before, after;
};

/* All ways to memory of one look of the observer. */
struct incident_look {
	struct incident_reach {
		uint32_t smmu;
		struct sim_reach reach;
	} * reaches;
	size_t count, room;
};

/* Name the call on its own record. */
void incident_name_hcall(struct machine_move *call, uint32_t caller,
			 const struct hypiommu_regs *in);
void incident_name(struct machine_move *call, const char *name, uint64_t a,
		   uint64_t b, uint64_t c, uint64_t d);

/* Around a look, and for each way to memory it finds. */
void incident_look_begin(struct machine *m);
void incident_reached(struct machine *m, uint32_t smmu,
		      const struct sim_reach *reach);
void incident_fini(struct machine *m);

/* ", in unmap_pages(...), at its step 7: a store at ..." */
#define INCIDENT_TEXT 400u
void incident_circumstances(const struct machine *m, char *text);
/* "; at the look before it reached ..." */
void incident_before(const struct machine *m, uint32_t smmu,
		     const struct sim_reach *now, char *text);

#endif /* INCIDENT_H */
