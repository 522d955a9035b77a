// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <stdlib.h>
#include <string.h>

#include "front.h"

#define PAGE	  4096ull
#define MAX_TRIES 64

void front_init(struct front *f, struct machine *m, uint32_t caller)
{
	memset(f, 0, sizeof(*f));
	f->m = m;
	f->caller = caller;
	f->donor_next = MACHINE_DONOR_BASE;
}

void front_fini(struct front *f)
{
	free(f->returned);
	f->returned = NULL;
}

int front_call(struct front *f, enum hypiommu_hcall_fn fn, uint64_t a,
	       uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
	f->last = (struct hypiommu_regs){ .x = { fn, a, b, c, d, e } };
	machine_hcall(f->m, f->caller, &f->last);
	return (int)(int64_t)f->last.x[0];
}

/* A naturally aligned block of fresh donor memory; 0 if it is used up. */
static uint64_t donor_block(struct front *f, uint64_t pages)
{
	uint64_t end = MACHINE_DONOR_BASE + MACHINE_DONOR_SIZE -
		       f->m->config.table_pages * PAGE;
	uint64_t size = pages * PAGE;
	uint64_t pa = (f->donor_next + size - 1) & ~(size - 1);

	if (pages == 1 && f->returned_count)
		return f->returned[--f->returned_count];
	if (pa + size > end)
		return 0;
	f->donor_next = pa + size;
	return pa;
}

/* Give what the last hypercall asked for. */
static bool topup(struct front *f)
{
	uint64_t pages = 1ull << f->last.x[2], count = f->last.x[3];

	f->topups++;
	for (uint64_t i = 0; i < count; i++) {
		uint64_t pa = donor_block(f, pages), done = 0;

		while (pa && done < pages) {
			if (front_call(f, HYPIOMMU_HC_MEM_TOPUP,
				       pa + done * PAGE, pages - done, 0, 0, 0))
				return false;
			done += f->last.x[1];
		}
		if (!pa)
			return false;
		f->donated += pages;
	}
	return true;
}

int front_domain_alloc(struct front *f, uint32_t smmu, unsigned int stage,
		       uint32_t *domain)
{
	int err = HYPIOMMU_E_NOMEM;

	for (int i = 0; i < MAX_TRIES && err == HYPIOMMU_E_NOMEM; i++) {
		err = front_call(f, HYPIOMMU_HC_DOMAIN_ALLOC, smmu, stage, 0, 0,
				 0);
		if (!err)
			*domain = (uint32_t)f->last.x[1];
		if (err == HYPIOMMU_E_NOMEM && !topup(f))
			break;
	}
	return err;
}

int front_domain_free(struct front *f, uint32_t domain)
{
	int err;

	do {
		err = front_call(f, HYPIOMMU_HC_DOMAIN_FREE, domain, 0, 0, 0,
				 0);
	} while (err == HYPIOMMU_E_AGAIN);
	return err;
}

int front_attach(struct front *f, uint32_t smmu, uint32_t sid, uint32_t domain)
{
	return front_call(f, HYPIOMMU_HC_ATTACH_DEV, smmu, sid, domain, 0, 0);
}

int front_detach(struct front *f, uint32_t smmu, uint32_t sid, uint32_t domain)
{
	return front_call(f, HYPIOMMU_HC_DETACH_DEV, smmu, sid, domain, 0, 0);
}

int front_map(struct front *f, uint32_t domain, uint64_t iova, uint64_t pa,
	      uint64_t size, uint32_t prot, uint64_t *mapped)
{
	uint64_t done = 0, undone;
	int err = HYPIOMMU_OK, tries = 0;

	do {
		err = front_call(f, HYPIOMMU_HC_MAP_PAGES, domain, iova + done,
				 pa + done, size - done, prot);
		done += f->last.x[1];
		if (err == HYPIOMMU_E_NOMEM && tries++ < MAX_TRIES && topup(f))
			err = HYPIOMMU_OK;
	} while (!err && done < size);
	if (err && done) {
		front_unmap(f, domain, iova, done, &undone);
		done = 0;
	}
	*mapped = done;
	return err;
}

int front_unmap(struct front *f, uint32_t domain, uint64_t iova, uint64_t size,
		uint64_t *unmapped)
{
	int err = HYPIOMMU_OK, tries = 0;

	*unmapped = 0;
	do {
		err = front_call(f, HYPIOMMU_HC_UNMAP_PAGES, domain,
				 iova + *unmapped, size - *unmapped, 0, 0);
		*unmapped += f->last.x[1];
		if (err == HYPIOMMU_E_NOMEM && tries++ < MAX_TRIES && topup(f))
			err = HYPIOMMU_OK;
	} while (!err && *unmapped < size);
	return err;
}

int front_iova_to_phys(struct front *f, uint32_t domain, uint64_t iova,
		       uint64_t *pa)
{
	int err =
		front_call(f, HYPIOMMU_HC_IOVA_TO_PHYS, domain, iova, 0, 0, 0);

	*pa = f->last.x[1];
	return err;
}

uint64_t front_reclaim(struct front *f)
{
	uint64_t count = 0;

	while (!front_call(f, HYPIOMMU_HC_MEM_GIVEBACK, HYPIOMMU_ANY_PAGE, 0, 0,
			   0, 0)) {
		if (f->returned_count == f->returned_max) {
			f->returned_max = f->returned_max * 2 + 64;
			f->returned =
				realloc(f->returned,
					f->returned_max * sizeof(*f->returned));
			if (!f->returned)
				abort();
		}
		f->returned[f->returned_count++] = f->last.x[1];
		count++;
	}
	return count;
}
