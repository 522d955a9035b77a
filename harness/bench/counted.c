// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The module whose library counts barriers and locks. */
#include "hypiommu_env_counting.h"
#include "ops.h"

struct env_counts env_counts;

static double average(uint64_t after, uint64_t before, unsigned int calls)
{
	return (double)(after - before) / calls;
}

void ops_count(bool range_invalidation, struct op_counts *counts)
{
	static struct rig *rigs[2];
	struct rig *r = rigs[range_invalidation];

	if (!r)
		rigs[range_invalidation] = r =
			ops_rig(range_invalidation, true);

	for (unsigned int i = 0; i < op_count; i++) {
		struct null_smmu_counts m = r->smmus[0].counts, n;
		struct env_counts e = env_counts, f;
		unsigned int calls = ops[i].calls;

		ops[i].fn(r);
		n = r->smmus[0].counts;
		f = env_counts;
		counts[i] = (struct op_counts){
			.reads = average(n.reads, m.reads, calls),
			.writes = average(n.writes, m.writes, calls),
			.tlbi = average(n.tlbi, m.tlbi, calls),
			.cfgi = average(n.cfgi, m.cfgi, calls),
			.sync = average(n.sync, m.sync, calls),
			.publish = average(f.publish, e.publish, calls),
			.before_doorbell = average(f.before_doorbell,
						   e.before_doorbell, calls),
			.after_sync =
				average(f.after_sync, e.after_sync, calls),
			.locks = average(f.locks, e.locks, calls),
		};
	}
}
