/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#include "walker.h"

struct vmsa_table walk_root(const struct walk_regime *r)
{
	return r->v7s ? v7s_root(&r->v7) : vmsa_root(&r->v8);
}

uint64_t walk_entries(const struct walk_regime *r, const struct vmsa_table *t)
{
	return r->v7s ? v7s_nr_entries(t) : vmsa_nr_entries(&r->v8, t);
}

unsigned int walk_entry_size(const struct walk_regime *r)
{
	return r->v7s ? 4 : 8;
}

uint64_t walk_table_size(const struct walk_regime *r,
			 const struct vmsa_table *t)
{
	return walk_entries(r, t) * walk_entry_size(r);
}

uint64_t walk_index(const struct walk_regime *r, const struct vmsa_table *t,
		    uint64_t ia)
{
	return r->v7s ? v7s_index(t, ia) : vmsa_index(&r->v8, t, ia);
}

void walk_decode(const struct walk_regime *r, const struct vmsa_table *t,
		 uint64_t index, uint64_t desc, struct vmsa_entry *entry)
{
	if (r->v7s)
		v7s_decode(&r->v7, t, index, (uint32_t)desc, entry);
	else
		vmsa_decode(&r->v8, t, index, desc, entry);
}

int walk_fetch(const struct sim_mem *mem, const struct walk_regime *r,
	       const struct vmsa_table *t, uint64_t index, enum sim_view view,
	       uint64_t *desc)
{
	uint32_t word;

	if (!r->v7s)
		return sim_mem_dev_read64(mem, t->pa + index * 8, view, desc);
	if (sim_mem_dev_read32(mem, t->pa + index * 4, view, &word))
		return -1;
	*desc = word;
	return 0;
}

unsigned int walk_run(const struct walk_regime *r, const struct vmsa_leaf *leaf,
		      uint64_t *members)
{
	unsigned int run = r->v7s ? leaf->shift
				  : vmsa_run_shift(r->v8.granule, leaf->level);

	*members = r->v7s ? 16 : UINT64_C(1) << (run - leaf->shift);
	return leaf->contiguous ? run : 0;
}

uint8_t walk_granule(const struct walk_regime *r)
{
	return r->v7s ? V7S_GRANULE : r->v8.granule;
}
