/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The EL1 front-end as a driver would write it: each function issues the
 * hypercalls it takes, continues after partial progress, tops up table memory
 * and retries. It sees registers only, nothing of the library.
 */
#ifndef FRONT_H
#define FRONT_H

#include "machine.h"

struct front {
	struct machine *m;
	uint32_t caller;
	uint64_t donor_next; /* next page of donor memory never donated yet */
	uint64_t donated;    /* pages */
	uint64_t *returned;  /* pages given back, to donate again */
	size_t returned_count, returned_max;
	uint64_t topups;
	struct hypiommu_regs last; /* results of the last hypercall */
};

void front_init(struct front *f, struct machine *m, uint32_t caller);
void front_fini(struct front *f);

/* x0 = fn, x1.. = a..e; returns the status; f->last has the results. */
int front_call(struct front *f, enum hypiommu_hcall_fn fn, uint64_t a,
	       uint64_t b, uint64_t c, uint64_t d, uint64_t e);

int front_domain_alloc(struct front *f, uint32_t smmu, unsigned int stage,
		       uint32_t *domain);
/* Calls again while E_AGAIN. */
int front_domain_free(struct front *f, uint32_t domain);
int front_attach(struct front *f, uint32_t smmu, uint32_t sid, uint32_t domain);
int front_detach(struct front *f, uint32_t smmu, uint32_t sid, uint32_t domain);

/*
 * All or nothing for the caller: on an error what had been mapped by earlier
 * hypercalls of the same request is unmapped again, *mapped is 0.
 */
int front_map(struct front *f, uint32_t domain, uint64_t iova, uint64_t pa,
	      uint64_t size, uint32_t prot, uint64_t *mapped);

/* *unmapped bytes are unmapped; stops at a hole with E_NOENT (also after
 * progress), OK only if all of it was mapped. */
int front_unmap(struct front *f, uint32_t domain, uint64_t iova, uint64_t size,
		uint64_t *unmapped);

int front_iova_to_phys(struct front *f, uint32_t domain, uint64_t iova,
		       uint64_t *pa);

/* Take back every free table page; how many. */
uint64_t front_reclaim(struct front *f);

#endif /* FRONT_H */
