/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The executable specification (harness/spec) beside the library, on both sides
 * of the hypercall: at EL2 between the monitor and the library, at EL1 between
 * the host's code and its HVC, put there by the linker (--wrap). Neither is
 * changed for it. The judged monitor answers two calls more.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include "spec.h"

/* x1 = address -> x1 = table pages in use, x2 = DMA pins of the page: what the
 * specification must be told (struct spec_seen). */
#define JUDGE_SEEN 0xc6001f00u
/* -> x1 = calls judged at EL2, x2 = hash of the state there. */
#define JUDGE_HASH 0xc6001f01u

/* This board as monitor/iommu.c describes it, ready for hypercalls. */
struct spec *judge_machine(uint64_t pool_used);
/* Of its whole state, all of RAM included. */
uint64_t judge_hash(const struct spec *s);

/* --------------------------------------------------- at EL1: host_judge.c */

/* From now on every HVC is judged; the state, for questions. */
const struct spec *judge_begin(void);
/* Calls judged; what the specification objected to first, or NULL. */
uint64_t judge_calls(void);
const char *judge_objection(void);

#endif /* JUDGE_H */
