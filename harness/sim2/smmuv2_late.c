/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Lookups under way. A transaction that met a stream mapping before it was
 * taken away may walk with it, and fill the TLB, until a global sync that was
 * started afterwards is complete.
 */
#include "smmuv2_internal.h"

struct v2_late {
	struct v2_xlate x;
	uint64_t seq;
};

void v2_late_add(struct v2_inst *in, uint32_t group)
{
	struct v2_late late = { .seq = in->walker.now };

	if (!v2_group_walks(in, group, &late.x))
		return;
	in->walker.now++;
	in->late = sim2_grow(in->late, in->nr_late + 1, sizeof(*in->late));
	in->late[in->nr_late++] = late;
}

void v2_late_done(struct v2_inst *in, uint64_t upto)
{
	size_t kept = 0;

	for (size_t i = 0; i < in->nr_late; i++) {
		if (in->late[i].seq >= upto)
			in->late[kept++] = in->late[i];
	}
	in->nr_late = kept;
}

void v2_late_for_each(struct v2_inst *in, uint32_t sid, uint32_t dont_care,
		      v2_xlate_fn fn, void *ctx)
{
	const struct v2_group set = { true, sid, dont_care };

	for (size_t i = 0; i < in->nr_late; i++) {
		const struct v2_xlate *x = &in->late[i].x;
		const struct v2_group g = { true, x->sid, x->sid_mask };

		if (v2_groups_meet(&g, &set))
			fn(in, x, ctx);
	}
}
