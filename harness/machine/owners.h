/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Page states a port keeps itself (config.own_pages): of every page what
 * hypiommu_page_info() would tell, and what the library asks for.
 */
#ifndef OWNERS_H
#define OWNERS_H

#include "machine.h"
#include "spec.h"

extern const struct hypiommu_owner_ops machine_owner_ops;

/* All of it the host's. False: no memory. */
bool machine_owners_init(struct machine *m);
void machine_owners_carve(struct machine *m, uint64_t pa, uint64_t size);
int machine_owners_info(const struct machine *m, uint64_t pa,
			struct hypiommu_page_info *info);
/* The port's ownership call: 0, E_INVAL, E_PERM, E_BUSY. */
int machine_owners_move(struct machine *m, enum spec_transition how, uint32_t a,
			uint32_t b, uint64_t pa, uint64_t size);

#endif /* OWNERS_H */
