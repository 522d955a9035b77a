// SPDX-License-Identifier: GPL-2.0-only
/* The start: what the core lacks, what fails, what the host says wrongly. */
#include "test.h"

/* What the core does not offer is noticed when the module is loaded. */
void test_core_without(void)
{
	void **member = (void **)(void *)&mock_ops;

	for (size_t i = 0; i < sizeof(mock_ops) / sizeof(*member); i++) {
		void *kept = member[i];

		member[i] = NULL;
		check(hypiommu_module_init(&mock_ops) == -EOPNOTSUPP);
		member[i] = kept;
	}
	check(hypiommu_module_init(NULL) == -EOPNOTSUPP);
	check(mock_take_over() == -EBUSY);
}

/* Whom firmware blocks does not pass for a moment: the observer looks from the
 * first write on, at every step that stops an SMMU. */
void test_firmware_blocks(void)
{
	mock_boot();
	check(reaches(0, BUF));
	bed_firmware_blocks();
	assert_all_blocked();
	mock_closely = 300;
	check(mock_take_over() == 0);
	assert_all_blocked();
}

static void after_failure(void)
{
	struct kvm_hyp_iommu_domain domain = { .domain_id = 1 };
	struct kvm_hyp_iommu *iommu = hypiommu_ops.get_iommu_by_id(0);
	struct user_pt_regs regs = { 0 };
	uint32_t smmu, sid;
	size_t mapped = 1;

	bed_stream(0, &smmu, &sid);
	check(hypiommu_ops.attach_dev(iommu, &domain, sid, 0, 0, 0) != 0);
	check(hypiommu_ops.detach_dev(iommu, &domain, sid, 0) != 0);
	hypiommu_ops.map_pages(&domain, IOVA, BUF, PAGE, 1, 3, &mapped);
	check(mapped == 0);
	check(hypiommu_ops.unmap_pages(&domain, IOVA, PAGE, 1, NULL) == 0);
	check(hypiommu_ops.iova_to_phys(&domain, IOVA) == 0);
	hypiommu_ops.iotlb_sync(&domain, NULL);
	hypiommu_ops.free_domain(&domain);
	check(hypiommu_ops.suspend(iommu) != 0);
	check(hypiommu_ops.resume(iommu) != 0);
	check(!hypiommu_ops.dabt_handler(&regs, 0, 0x1000));
	assert_all_blocked();
}

/* A hook fails: the take-over does, and no device gets through. Before the
 * registers are mapped, it is the host that stops them. */
void failing_hook(unsigned int k)
{
	mock_fail_hook = k;
	mock_boot();
	check(mock_take_over() != 0);
	if (!mock_stopped_at)
		bed_host_stops();
	assert_all_blocked();
	/* The core has the module's table by now, and goes on calling it. */
	check(mock_alloc_domain(DOMAIN, TYPE) != 0);
	after_failure();
}

/* The description is the host's: nonsense ends the take-over. */
void bad_machine(unsigned int k)
{
	struct hypiommu_machine *m = &hypiommu_machine;

	mock_boot();
	switch (k) {
	case 0:
		m->version++;
		break;
	case 1:
		m->smmu_count = HYPIOMMU_MACHINE_SMMUS + 1;
		break;
	case 2:
		m->smmu[0].frames = 3;
		break;
	case 3:
		m->cpus = HYPIOMMU_MACHINE_CPUS + 1;
		break;
	case 4:
		m->smmu[0].frame[0].size += 1;
		break;
	case 5:
		m->instance.size -= PAGE;
		break;
	case 6:
		m->tables.size = PAGE;
		break;
	case 7:
		m->stream_count = 1u << 20;
		break;
	case 8:
		m->domains = 0;
		break;
	case 9:
		m->domains = HYPIOMMU_MACHINE_DOMAINS + 1;
		m->instance.size = 4 * MiB; /* room there is */
		break;
	case 10:
		m->ram_count = HYPIOMMU_MACHINE_RAM + 1;
		break;
	default:
		m->mc_count = HYPIOMMU_MACHINE_MC + 1;
		break;
	}
	check(mock_take_over() != 0);
	if (!mock_stopped_at)
		bed_host_stops();
	assert_all_blocked();
}
