/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* One face for long and short descriptors. */
#include "smmuv2_internal.h"

struct vmsa_table v2_root(const struct v2_regime *r)
{
	return r->v7s ? v7s_root(&r->v7) : vmsa_root(&r->v8);
}

uint64_t v2_nr_entries(const struct v2_regime *r, const struct vmsa_table *t)
{
	return r->v7s ? v7s_nr_entries(t) : vmsa_nr_entries(&r->v8, t);
}

unsigned int v2_entry_size(const struct v2_regime *r)
{
	return r->v7s ? 4 : 8;
}

uint64_t v2_index(const struct v2_regime *r, const struct vmsa_table *t,
		  uint64_t ia)
{
	return r->v7s ? v7s_index(t, ia) : vmsa_index(&r->v8, t, ia);
}

void v2_decode(const struct v2_regime *r, const struct vmsa_table *t,
	       uint64_t index, uint64_t desc, struct vmsa_entry *entry)
{
	if (r->v7s)
		v7s_decode(&r->v7, t, index, (uint32_t)desc, entry);
	else
		vmsa_decode(&r->v8, t, index, desc, entry);
}

int v2_fetch(const struct v2_inst *in, const struct v2_regime *r,
	     const struct vmsa_table *t, uint64_t index, enum sim_view view,
	     uint64_t *desc)
{
	const struct sim_mem *mem = in->smmu->mem;
	uint32_t word;

	if (!r->v7s)
		return sim_mem_dev_read64(mem, t->pa + index * 8, view, desc);
	if (sim_mem_dev_read32(mem, t->pa + index * 4, view, &word))
		return -1;
	*desc = word;
	return 0;
}

unsigned int v2_run_shift(const struct v2_regime *r,
			  const struct vmsa_leaf *leaf)
{
	if (!leaf->contiguous)
		return 0;
	return r->v7s ? leaf->shift
		      : vmsa_run_shift(r->v8.granule, leaf->level);
}

uint8_t v2_granule(const struct v2_regime *r)
{
	return r->v7s ? V7S_GRANULE : r->v8.granule;
}
