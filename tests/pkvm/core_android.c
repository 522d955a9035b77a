// SPDX-License-Identifier: GPL-2.0-only
/* The calls a kernel of Android offers its modules' EL1 halves, over the model
 * of its core. */
#include <errno.h>

#include "mock.h"

#include "calls_android.h"
#include "core_android.h"

struct smccc_regs {
	unsigned long a0, a1, a2, a3, a4, a5;
};
void arm_smccc_1_2_hvc(const struct smccc_regs *args,
		       struct smccc_regs *results);

void core_boot(void)
{
	mock_boot();
}

int core_take_over(void)
{
	return mock_take_over();
}

void core_watch(bool on)
{
	mock_watch = on;
}

void core_cpu_entry(void)
{
	mock_psci(PKVM_PSCI_CPU_ENTRY);
}

int core_power(unsigned int smmu, bool on)
{
	return mock_power(smmu, on);
}

int core_give(uint64_t pa)
{
	return mock_give(pa, MOCK_GUEST);
}

int core_return(uint64_t pa)
{
	return mock_return(pa);
}

unsigned int core_count(uint64_t pa)
{
	return mock_count(pa);
}

bool core_taken(uint64_t pa)
{
	return mock_is_taken(pa);
}

unsigned int core_smmus(void)
{
	return hypiommu_machine.smmu_count;
}

uint64_t core_smmu_base(unsigned int smmu)
{
	return hypiommu_machine.smmu[smmu].frame[0].base;
}

void arm_smccc_1_2_hvc(const struct smccc_regs *args,
		       struct smccc_regs *results)
{
	struct user_pt_regs r = { .regs = { args->a0, args->a1, args->a2,
					    args->a3, args->a4, args->a5 } };

	check(args->a0 == 0x77); /* the number it was given */
	hypiommu_module_call(&r);
	*results = (struct smccc_regs){ 0,	   r.regs[1], r.regs[2],
					r.regs[3], r.regs[4], r.regs[5] };
}

int kvm_iommu_alloc_domain(pkvm_handle_t domain, int type)
{
	return mock_alloc_domain(domain, type);
}

int kvm_iommu_free_domain(pkvm_handle_t domain)
{
	return mock_free_domain(domain);
}

/* A stream of the bed's, by its device. */
static int device_of(pkvm_handle_t iommu, unsigned int endpoint)
{
	for (unsigned int i = 0; i < bed_devices; i++) {
		uint32_t smmu, sid;

		bed_stream(i, &smmu, &sid);
		if (smmu == iommu && sid == endpoint)
			return (int)i;
	}
	return -ENOENT;
}

int kvm_iommu_attach_dev(pkvm_handle_t iommu, pkvm_handle_t domain,
			 unsigned int endpoint, unsigned int pasid,
			 unsigned int ssid_bits, unsigned long flags)
{
	int device = device_of(iommu, endpoint);

	check(!pasid && !ssid_bits && !flags);
	return device < 0 ? device : mock_attach((unsigned int)device, domain);
}

int kvm_iommu_detach_dev(pkvm_handle_t iommu, pkvm_handle_t domain,
			 unsigned int endpoint, unsigned int pasid)
{
	int device = device_of(iommu, endpoint);

	check(!pasid);
	return device < 0 ? device : mock_detach((unsigned int)device, domain);
}

/* Until all is mapped, or nothing more is. */
int kvm_iommu_map_pages(pkvm_handle_t domain, unsigned long iova,
			phys_addr_t paddr, size_t pgsize, size_t pgcount,
			int prot, unsigned int gfp, size_t *total_mapped)
{
	size_t size = pgsize * pgcount;
	uint64_t one;

	(void)gfp;
	*total_mapped = 0;
	do {
		one = mock_map_pages(domain, iova + *total_mapped,
				     paddr + *total_mapped, pgsize,
				     (size - *total_mapped) / pgsize, prot);
		*total_mapped += one;
	} while (*total_mapped < size && (mock_top_up() || one));
	return *total_mapped < size ? -EPERM : 0;
}

size_t kvm_iommu_unmap_pages(pkvm_handle_t domain, unsigned long iova,
			     size_t pgsize, size_t pgcount)
{
	return mock_unmap(domain, iova, pgsize * pgcount);
}

phys_addr_t kvm_iommu_iova_to_phys(pkvm_handle_t domain, unsigned long iova)
{
	return mock_iova_to_phys(domain, iova);
}
