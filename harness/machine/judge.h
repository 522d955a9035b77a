/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The specification (harness/spec) beside a machine: every call of the library
 * is judged by it when it returns, and what simulated hardware can reach, page
 * states and table memory are compared with its state. What differs is a
 * violation of the machine.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include "machine.h"
#include "spec.h"

/* In the trusted phase, when the library knows the machine. */
struct judge *judge_create(struct machine *m);
void judge_destroy(struct judge *j);
void judge_add_tables(struct judge *j, uint64_t base, uint64_t size);
void judge_finalised(struct judge *j);

/* Around every call of the library; the second returns whether it was the
 * outermost: only then the state can be compared. */
void judge_begin(struct machine *m);
bool judge_end(struct machine *m);

void judge_hcall(struct judge *j, uint32_t caller,
		 const struct hypiommu_regs *in,
		 const struct hypiommu_regs *out);
void judge_transition(struct judge *j, enum spec_transition how, uint32_t a,
		      uint32_t b, uint64_t pa, uint64_t size, int result);
void judge_assign(struct judge *j, uint32_t smmu, uint32_t sid, uint32_t from,
		  uint32_t to, int result);
void judge_suspend(struct judge *j, uint32_t smmu, int result);
void judge_reset(struct judge *j, uint32_t smmu, int result);

/*
 * A look at all that hardware reaches: between begin and end every way to
 * memory is told. copy: which of the mirrored instances, or which of the
 * clients that share a stream.
 */
void judge_look_begin(struct judge *j);
void judge_reach(struct judge *j, uint32_t smmu, uint32_t copy,
		 const struct sim_reach *reach);
void judge_look_end(struct judge *j);

/* Every page's owner and pins; of a range of pages. */
void judge_pages(struct judge *j);
void judge_range(struct judge *j, uint64_t pa, uint64_t size);

/* A hash of the leaves that the last look found tables to be made of: the same
 * mapping can be made of pages or of blocks. */
uint64_t judge_shape(const struct judge *j);

const struct spec *judge_state(const struct judge *j);

#endif /* JUDGE_H */
