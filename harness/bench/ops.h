/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Hypercalls to measure; each op undoes what the one before it did. */
#ifndef BENCH_OPS_H
#define BENCH_OPS_H

#include "rig.h"

struct op {
	const char *name;
	void (*fn)(void *rig);
	unsigned int calls; /* hypercalls of one fn */
};

extern const struct op ops[];
extern const unsigned int op_count;

struct rig *ops_rig(bool range_invalidation, bool look);

/* What one hypercall of an op takes, on average. */
struct op_counts {
	double reads, writes, tlbi, cfgi, sync;
	double publish, before_doorbell, after_sync, locks;
};

/* counted.c, in a module of its own: ops[i] with or without range commands. */
__attribute__((visibility("default"))) void ops_count(bool range_invalidation,
						      struct op_counts *counts);

#endif /* BENCH_OPS_H */
