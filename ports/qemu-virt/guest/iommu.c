// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include "iommu.h"
#include "host.h"

int iommu_call(struct hypiommu_regs *regs, enum hypiommu_hcall_fn fn)
{
	regs->x[0] = MONITOR_IOMMU + (uint64_t)fn;
	hvc(regs);
	return (int)regs->x[0];
}

int iommu_topup(uint64_t order, uint64_t count)
{
	int err = HYPIOMMU_OK;

	for (uint64_t i = 0; !err && i < count; i++) {
		uint64_t pages = 1ull << order;
		struct hypiommu_regs r = {
			.x = { 0, pa_of(host_alloc(pages << 12)), pages }
		};

		err = iommu_call(&r, HYPIOMMU_HC_MEM_TOPUP);
	}
	return err;
}

/* After E_NOMEM: bring what it asked for. */
static int top_up_as_asked(const struct hypiommu_regs *r)
{
	return iommu_topup(r->x[2], r->x[3]);
}

uint64_t iommu_domain(unsigned int stage)
{
	for (;;) {
		struct hypiommu_regs r = { .x = { 0, 0, stage } };
		int err = iommu_call(&r, HYPIOMMU_HC_DOMAIN_ALLOC);

		if (!err)
			return r.x[1];
		if (err != HYPIOMMU_E_NOMEM || top_up_as_asked(&r))
			return NO_DOMAIN;
	}
}

int iommu_free(uint64_t domain)
{
	int err;

	do {
		struct hypiommu_regs r = { .x = { 0, domain } };

		err = iommu_call(&r, HYPIOMMU_HC_DOMAIN_FREE);
	} while (err == HYPIOMMU_E_AGAIN);
	return err;
}

int iommu_attach(uint32_t sid, uint64_t domain)
{
	struct hypiommu_regs r = { .x = { 0, 0, sid, domain } };

	return iommu_call(&r, HYPIOMMU_HC_ATTACH_DEV);
}

int iommu_detach(uint32_t sid, uint64_t domain)
{
	struct hypiommu_regs r = { .x = { 0, 0, sid, domain } };

	return iommu_call(&r, HYPIOMMU_HC_DETACH_DEV);
}

int iommu_map(uint64_t domain, uint64_t iova, uint64_t pa, uint64_t size,
	      uint64_t prot)
{
	while (size) {
		struct hypiommu_regs r = { .x = { 0, domain, iova, pa, size,
						  prot } };
		int err = iommu_call(&r, HYPIOMMU_HC_MAP_PAGES);

		if (err == HYPIOMMU_E_NOMEM)
			err = top_up_as_asked(&r);
		if (err)
			return err;
		iova += r.x[1];
		pa += r.x[1];
		size -= r.x[1];
	}
	return HYPIOMMU_OK;
}

int iommu_unmap(uint64_t domain, uint64_t iova, uint64_t size)
{
	while (size) {
		struct hypiommu_regs r = { .x = { 0, domain, iova, size } };
		int err = iommu_call(&r, HYPIOMMU_HC_UNMAP_PAGES);

		if (err == HYPIOMMU_E_NOMEM)
			err = top_up_as_asked(&r);
		if (err)
			return err;
		iova += r.x[1];
		size -= r.x[1];
	}
	return HYPIOMMU_OK;
}

static int monitor_call(uint64_t fn, uint64_t pa, uint64_t size, uint32_t guest)
{
	struct hypiommu_regs r = { .x = { fn, pa, size, guest } };

	hvc(&r);
	return (int)r.x[0];
}

int iommu_donate(uint64_t pa, uint64_t size, uint32_t guest)
{
	return monitor_call(MONITOR_DONATE, pa, size, guest);
}

int iommu_return(uint64_t pa, uint64_t size, uint32_t guest)
{
	return monitor_call(MONITOR_RETURN, pa, size, guest);
}

int iommu_guest_load(uint64_t pa, uint32_t guest, uint64_t *value)
{
	struct hypiommu_regs r = { .x = { MONITOR_GUEST_LOAD, pa, 0, guest } };

	hvc(&r);
	*value = r.x[1];
	return (int)r.x[0];
}

int iommu_suspend(void)
{
	return monitor_call(MONITOR_SUSPEND, 0, 0, 0);
}

int iommu_resume(void)
{
	return monitor_call(MONITOR_RESUME, 0, 0, 0);
}

int iommu_fault(struct iommu_fault *fault)
{
	struct hypiommu_regs r = { 0 };
	int err = iommu_call(&r, HYPIOMMU_HC_FAULT_READ);

	fault->sid = (uint32_t)r.x[1];
	fault->reason = (uint32_t)(r.x[1] >> 32) & 0xffff;
	fault->flags = (uint32_t)(r.x[1] >> 48);
	fault->iova = r.x[2];
	fault->code = r.x[3];
	return err;
}

unsigned int iommu_drain_faults(void)
{
	struct iommu_fault fault;
	unsigned int n = 0;

	while (!iommu_fault(&fault))
		n++;
	return n;
}
